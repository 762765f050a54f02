#include "flow/import.h"

#include "base/text.h"
#include "flow/import_run.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PROGRESS_ROWS = 512 };
static const double progress_seconds = 0.1;

static double seconds_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- The file ---------------------------------------------------------------------------- */

static void tell(struct import_run *run, double start, double *last, bool done)
{
    struct import_progress p = { .rows = run->report->rows, .done = done };

    if (run->request->progress == NULL)
        return;
    p.seconds = seconds_now() - start;
    if (!done && p.seconds - *last < progress_seconds)
        return;
    *last = p.seconds;
    csv_place(run->csv, &p.bytes, &p.bytes_all);
    run->request->progress(run->request->self, &p);
}

static void count_left_out(struct import_report *r, const struct map_filter *filter)
{
    const char *column = filter->column.columns[0];
    size_t i = 0;

    r->left_out++;
    while (i < r->left_out_count && strcmp(r->left_out_by[i].column, column) != 0)
        i++;
    if (i == IMPORT_FILTERS)
        return;
    if (i == r->left_out_count)
        r->left_out_by[r->left_out_count++].column = arena_copy(&r->arena, column);
    r->left_out_by[i].count++;
}

static bool one_row(struct import_run *run, const struct csv_row *row, struct fault *why)
{
    struct import_report *r = run->report;

    r->rows++;
    if (row->blank) {
        r->blank++;
        return true;
    }
    const struct map_filter *filter = map_left_out(run->map, row);
    if (filter != NULL) {
        count_left_out(r, filter);
        return true;
    }
    return take_row(run, row, why);
}

bool import_is_past(int64_t rejected, int64_t rows, int64_t percent)
{
    return rejected * 100 > percent * rows;
}

static bool too_many_rejects(const struct import_run *run)
{
    const struct import_request *q = run->request;
    const struct import_report *r = run->report;

    if (q->max_rejects < 0)
        return false;
    return q->max_is_percent ? import_is_past(r->rejected, r->rows, q->max_rejects)
                             : r->rejected > q->max_rejects;
}

static bool rejects_finish(struct import_run *run, struct fault *why)
{
    if (!rejects_keep(&run->rejects, why))
        return false;
    run->report->rejects = arena_copy(&run->report->arena, run->rejects.path);
    return true;
}

/* The whole file was read, so that all of its bad rows are written down. */
static bool check_rejects(struct import_run *run, struct fault *why)
{
    const struct import_request *q = run->request;
    struct import_report *r = run->report;
    const char *written = "";

    if (!too_many_rejects(run))
        return true;
    r->refused = true;
    if (!q->check) {
        if (!rejects_finish(run, why))
            return false;
        written = arena_print(&run->keep, "; they are written to \"%s\", each with its reason",
                              r->rejects);
    }
    fail(why, TOO_MANY_REJECTS,
         "%lld of %lld rows of \"%s\" cannot be taken, more than %lld%s: nothing was loaded%s.",
         (long long)r->rejected, (long long)r->rows, q->path, (long long)q->max_rejects,
         q->max_is_percent ? "%" : "", written);
    return fault_hint(why, "mend the file, or load the other rows with --max-rejects 100%%");
}

static bool all_rows(struct import_run *run, struct fault *why)
{
    const struct csv_row *row;
    double start = seconds_now(), last = 0;

    for (;;) {
        if (!csv_next(run->csv, &row, why))
            return false;
        if (row == NULL)
            break;
        if (!one_row(run, row, why))
            return false;
        if (run->report->rows % PROGRESS_ROWS == 0)
            tell(run, start, &last, false);
        if (run->request->stop != NULL && *run->request->stop)
            return fail(why, INTERRUPTED, "The import of \"%s\" was stopped; nothing was kept.",
                        run->request->path);
    }
    if (!item_finish(run, why) || !batch_write(run, why))
        return false;
    tell(run, start, &last, true);
    return check_rejects(run, why) && missing_settle(run, why);
}

static bool finish(struct import_run *run, struct fault *why)
{
    if (run->request->check) {
        book_undo(run->book);
        return true;
    }
    if (!rejects_finish(run, why) ||
        (run->map->kind == MAP_PAYMENTS && !book_feed_read(run->book, why)))
        return book_undo(run->book);
    return book_commit(run->book, why);
}

/* ---- Beginning --------------------------------------------------------------------------- */

/* The columns that the fields from `first` to `last` read, in ascending order. */
static int *columns_of(struct import_run *run, enum map_name first, enum map_name last)
{
    const struct map *m = run->map;
    int *columns = arena_array(&run->keep, int, m->header_count + 1);
    size_t n = 0;

    for (int index = 0; index < (int)m->header_count; index++) {
        bool read = false;
        for (int name = (int)first; name <= (int)last; name++) {
            for (size_t i = 0; i < m->fields[name].part_count; i++)
                read = read || m->fields[name].parts[i].index == index;
        }
        if (read)
            columns[n++] = index;
    }
    columns[n] = -1;
    return columns;
}

static bool check_kind(const struct import_run *run, struct fault *why)
{
    const char *kind = run->request->kind;
    enum map_kind asked;

    if (kind == NULL)
        return true;
    if (!map_kind_parse(kind, &asked))
        return fail(why, BAD_USAGE,
                    "\"%s\" cannot be imported; there are invoices, payments, "
                    "accounts and contacts.",
                    kind);
    if (asked == run->map->kind)
        return true;
    fail(why, BAD_USAGE, "The map \"%s\" is for %s, not for %s.", run->request->map,
         map_kind_name(run->map->kind), kind);
    return fault_hint(why, "recoup import %s %s --map %s", map_kind_name(run->map->kind),
                      run->request->path, run->request->map);
}

static bool prepare(struct import_run *run, struct fault *why)
{
    struct import_report *r = run->report;

    if (!map_load(&run->keep, run->request->map, &run->map, why) || !check_kind(run, why))
        return false;
    r->kind = run->map->kind;
    r->map = arena_copy(&r->arena, run->request->map);
    run->csv = csv_open(run->request->path, &run->map->dialect, why);
    if (run->csv == NULL || !map_bind(run->map, csv_header(run->csv), why))
        return false;
    run->batch = malloc(BATCH_ITEMS * sizeof *run->batch);
    must(run->batch != NULL);
    run->debtor_columns = columns_of(run, MAP_REFERENCE, MAP_COUNTRY);
    run->all_columns = columns_of(run, MAP_REFERENCE, MAP_PENDING);
    return true;
}

static int by_line(const void *a, const void *b)
{
    const struct import_problem *x = a, *y = b;

    return (x->line > y->line) - (x->line < y->line);
}

static bool run_file(struct import_run *run, struct fault *why)
{
    if (!prepare(run, why) || !book_begin(run->book, why))
        return false;
    if (all_rows(run, why))
        return finish(run, why);
    return book_undo(run->book);
}

static void clean_up(struct import_run *run)
{
    rejects_drop(&run->rejects);
    csv_close(run->csv);
    free(run->batch);
    seen_free(&run->debtors);
    seen_free(&run->debts);
    arena_free(&run->rows[0]);
    arena_free(&run->rows[1]);
    arena_free(&run->keep);
}

bool import_file(const struct import_request *request, struct import_report *report,
                 struct fault *why)
{
    struct import_run run = { .request = request, .report = report, .book = request->book };
    double start = seconds_now();

    memset(report, 0, sizeof *report);
    report->path = arena_copy(&report->arena, request->path);
    report->checked = request->check;
    bool done = run_file(&run, why);
    report->seconds = seconds_now() - start;
    qsort(report->problems, report->problem_count, sizeof *report->problems, by_line);
    qsort(report->notes, report->note_count, sizeof *report->notes, by_line);
    clean_up(&run);
    return done;
}

void import_report_free(struct import_report *report)
{
    arena_free(&report->arena);
}

int import_exit_code(const struct import_report *report)
{
    if (report->rejected == 0)
        return 0;
    return report->checked ? 8 : 9;
}

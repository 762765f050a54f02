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

/* ---- Counting ---------------------------------------------------------------------------- */

static void problem_keep(struct import_report *r, struct import_problem *kept, size_t *count,
                         int64_t line, const struct problem *p)
{
    if (*count == IMPORT_PROBLEMS_KEPT)
        return;
    kept[(*count)++] = (struct import_problem){
        line, p->kind, arena_copy(&r->arena, p->column), arena_copy(&r->arena, p->value),
        arena_copy(&r->arena, p->text), arena_copy(&r->arena, p->mend)
    };
}

void report_note(struct import_run *run, int64_t line, const struct problem *problem)
{
    struct import_report *r = run->report;

    r->noted_by[problem->kind]++;
    problem_keep(r, r->notes, &r->note_count, line, problem);
}

void report_total(struct import_report *r, enum currency currency, int64_t minor)
{
    size_t i = 0;

    while (i < r->total_count && r->totals[i].currency != currency)
        i++;
    if (i == IMPORT_CURRENCIES)
        return;
    if (i == r->total_count)
        r->totals[r->total_count++] = (struct import_total){ .currency = currency };
    r->totals[i].count++;
    if (__builtin_add_overflow(r->totals[i].minor, minor, &r->totals[i].minor))
        r->totals[i].minor = INT64_MAX;
}

bool row_reject(struct import_run *run, const struct raw_row *row, const struct problem *problem,
                struct fault *why)
{
    struct import_report *r = run->report;

    r->rejected++;
    r->rejected_by[problem->kind]++;
    problem_keep(r, r->problems, &r->problem_count, row->line, problem);
    return run->request->check || rejects_row(run, row, problem, why);
}

static void count_taken(struct import_run *run, const struct item *item, enum change change)
{
    struct import_report *r = run->report;

    r->merged += (int64_t)item->row_count - 1;
    switch (change) {
    case CHANGE_NONE:
        r->unchanged++;
        return;
    case CHANGE_ADDED:
        r->added++;
        break;
    case CHANGE_UPDATED:
        r->updated++;
        break;
    }
    if (run->map->kind == MAP_PAYMENTS)
        report_total(r, item->currency, item->payment.minor);
    else if (run->map->kind != MAP_CONTACTS)
        report_total(r, item->currency, item->instalment.minor);
}

/* ---- Items ------------------------------------------------------------------------------- */

static bool reject_item(struct import_run *run, const struct item *item,
                        const struct problem *problem, struct fault *why)
{
    struct arena *a = &run->rows[run->turn];
    struct problem shared;

    problem_set(&shared, a, PROBLEM_GROUP, map_column(run->map, MAP_DEBT), item->reference,
                "mend the other line", "belongs to %s, which is rejected: %s", item->reference,
                problem->text);
    for (size_t i = 0; i < item->row_count; i++) {
        if (!row_reject(run, &item->rows[i], i == 0 ? problem : &shared, why))
            return false;
    }
    if (item->hash != 0 && seen_find(&run->debts, item->hash) == NULL)
        seen_put(&run->debts, item->hash, 0, item->rows[0].line);
    return true;
}

static int by_casefile(const void *a, const void *b)
{
    const struct item *x = *(const struct item *const *)a, *y = *(const struct item *const *)b;

    if (x->key.id != y->key.id)
        return x->key.id < y->key.id ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

static bool batch_write(struct import_run *run, struct fault *why)
{
    struct arena *a = &run->rows[run->turn];
    struct problem problem;
    enum change change;

    if (run->batch_count > 0)
        qsort(run->batch, run->batch_count, sizeof *run->batch, by_casefile);
    for (size_t i = 0; i < run->batch_count; i++) {
        struct item *item = run->batch[i];
        book_step(run->book);
        switch (item_put(run, item, a, &change, &problem, why)) {
        case PUT_FAILED:
            return false;
        case PUT_REJECTED:
            if (!reject_item(run, item, &problem, why))
                return false;
            break;
        case PUT_DONE:
            count_taken(run, item, change);
            break;
        }
    }
    run->batch_count = 0;
    return true;
}

/* Writes the batch when it is full, and finds room for the next one. */
static bool batch_turn(struct import_run *run, struct fault *why)
{
    if (run->batch_count < BATCH_ITEMS && run->rows[run->turn].used < BATCH_BYTES)
        return true;
    if (!batch_write(run, why))
        return false;
    if (run->pending != NULL && run->pending_turn != run->turn)
        return true; /* it reaches over both arenas: wait for its end */
    if (run->pending == NULL)
        arena_reset(&run->rows[run->turn]);
    run->turn = !run->turn;
    arena_reset(&run->rows[run->turn]);
    return true;
}

/* A second row of the same key: the same once more, or a contradiction. */
static bool is_repeated(struct import_run *run, const struct item *item, bool *same,
                        struct problem *problem)
{
    const struct seen_entry *seen = seen_find(&run->debts, item->hash);
    static const enum map_name names[] = { MAP_DEBT, MAP_PAYMENT, MAP_DEBT, MAP_REFERENCE };

    if (seen == NULL || seen->content == 0)
        return false;
    *same = seen->content == item->content;
    if (!*same)
        problem_set(problem, &run->rows[run->turn], PROBLEM_DUPLICATE,
                    map_column(run->map, names[run->map->kind]), item->reference,
                    "keep one of the two", "lines %lld and %lld have this key and differ",
                    (long long)seen->line, (long long)item->rows[0].line);
    return true;
}

/* The first row that names a debtor describes it; other spellings further down are noted. */
static void meet_debtor(struct import_run *run, struct item *item)
{
    const struct seen_entry *seen;
    struct problem note;

    if (run->map->kind == MAP_PAYMENTS || run->map->kind == MAP_CONTACTS)
        return;
    seen = seen_find(&run->debtors, item->debtor_hash);
    item->debtor_known = seen != NULL;
    if (seen == NULL) {
        seen_put(&run->debtors, item->debtor_hash, item->debtor_content, item->rows[0].line);
        return;
    }
    if (seen->content == item->debtor_content)
        return;
    problem_set(&note, &run->rows[run->turn], PROBLEM_SPELLING,
                map_column(run->map, MAP_REFERENCE), item->debtor.reference,
                "nothing, unless the first one is wrong",
                "described otherwise than in line %lld, which stays", (long long)seen->line);
    report_note(run, item->rows[0].line, &note);
}

/* Nothing more belongs to the pending item: it is taken into the batch, or rejected. */
static bool item_finish(struct import_run *run, struct fault *why)
{
    struct problem problem = { 0 };
    struct item *item = run->pending;
    bool same;

    if (item == NULL)
        return true;
    run->pending = NULL;
    if (is_repeated(run, item, &same, &problem)) {
        if (!same)
            return reject_item(run, item, &problem, why);
        count_taken(run, item, CHANGE_NONE);
        return true;
    }
    book_step(run->book);
    switch (item_check(run, item, &run->rows[run->turn], &problem, why)) {
    case PUT_FAILED:
        return false;
    case PUT_REJECTED:
        return reject_item(run, item, &problem, why);
    case PUT_DONE:
        break;
    }
    meet_debtor(run, item);
    seen_put(&run->debts, item->hash, item->content, item->rows[0].line);
    item->place = run->report->rows;
    run->batch[run->batch_count++] = item;
    return true;
}

/* ---- Rows -------------------------------------------------------------------------------- */

static void item_add_row(struct import_run *run, struct item *item, const struct csv_row *row)
{
    struct arena *a = &run->rows[run->turn];

    *arena_push(a, item->rows, item->row_count, item->row_room) =
        (struct raw_row){ row->line, row->count, row->fields };
}

static bool reject_row(struct import_run *run, const struct csv_row *row, const struct item *item,
                       const struct problem *problem, struct fault *why)
{
    struct raw_row raw = { row->line, row->count, row->fields };

    if (item->hash == 0)
        run->unread_debt = true;
    else if (seen_find(&run->debts, item->hash) == NULL)
        seen_put(&run->debts, item->hash, 0, row->line);
    return row_reject(run, &raw, problem, why);
}

static void belongs_to_rejected(struct import_run *run, const struct item *item, int64_t line,
                                struct problem *problem)
{
    problem_set(problem, &run->rows[run->turn], PROBLEM_GROUP, map_column(run->map, MAP_DEBT),
                item->reference, "mend the other line", "belongs to %s, whose line %lld is "
                "rejected", item->reference, (long long)line);
}

/* A bad line takes the whole invoice with it: half an invoice is a wrong one. */
static bool reject_line(struct import_run *run, const struct csv_row *row, const struct item *item,
                        const struct problem *problem, struct fault *why)
{
    struct item *pending = run->pending;
    struct problem shared;

    if (!reject_row(run, row, item, problem, why))
        return false;
    if (pending == NULL || run->map->lines != LINES_ADD || item->hash == 0 ||
        item->hash != pending->hash)
        return true;
    run->pending = NULL;
    belongs_to_rejected(run, item, row->line, &shared);
    return reject_item(run, pending, &shared, why);
}

/* A line of an invoice that an earlier line has spoilt. */
static bool is_spoilt(struct import_run *run, const struct item *item, struct problem *problem)
{
    const struct seen_entry *seen =
        run->map->lines == LINES_ADD ? seen_find(&run->debts, item->hash) : NULL;

    if (seen == NULL || seen->content != 0)
        return false;
    belongs_to_rejected(run, item, seen->line, problem);
    return true;
}

static bool join_row(struct import_run *run, const struct csv_row *row, const struct item *item,
                     struct fault *why)
{
    struct problem problem;

    if (!item_join(run, run->pending, item, &run->rows[run->turn], &problem))
        return reject_row(run, row, item, &problem, why);
    item_add_row(run, run->pending, row);
    return true;
}

static bool take_row(struct import_run *run, const struct csv_row *read, struct fault *why)
{
    struct problem problem;

    if (!batch_turn(run, why))
        return false;
    struct arena *a = &run->rows[run->turn];
    struct item *item = arena_make(a, struct item);
    const struct csv_row copy = csv_row_copy(a, read), *row = &copy;
    if (!item_read(run, row, a, item, &problem))
        return reject_line(run, row, item, &problem, why);
    if (run->pending != NULL && item->hash == run->pending->hash)
        return join_row(run, row, item, why);
    if (!item_finish(run, why))
        return false;
    if (is_spoilt(run, item, &problem))
        return reject_row(run, row, item, &problem, why);
    item_add_row(run, item, row);
    run->pending = item;
    run->pending_turn = run->turn;
    return run->map->lines != LINES_REFUSE || item_finish(run, why);
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

static bool too_many_rejects(const struct import_run *run, bool at_end)
{
    const struct import_request *q = run->request;
    const struct import_report *r = run->report;

    if (q->max_rejects < 0 || (q->max_is_percent && !at_end))
        return false;
    return q->max_is_percent ? r->rejected * 100 > q->max_rejects * r->rows
                             : r->rejected > q->max_rejects;
}

static bool check_rejects(const struct import_run *run, bool at_end, struct fault *why)
{
    if (!too_many_rejects(run, at_end))
        return true;
    fail(why, BAD_FILE, "%lld of %lld rows of \"%s\" were rejected, more than --max-rejects "
         "allows; nothing was kept.", (long long)run->report->rejected,
         (long long)run->report->rows, run->request->path);
    return fault_hint(why, "mend the file, or allow more with --max-rejects");
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
        if (!one_row(run, row, why) || !check_rejects(run, false, why))
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
    return check_rejects(run, true, why) && missing_settle(run, why);
}

static bool finish(struct import_run *run, struct fault *why)
{
    if (run->request->check) {
        book_undo(run->book);
        return true;
    }
    if (!rejects_keep(&run->rejects, why) ||
        (run->map->kind == MAP_PAYMENTS && !book_feed_read(run->book, why)))
        return book_undo(run->book);
    if (!book_commit(run->book, why))
        return false;
    run->report->rejects = arena_copy(&run->report->arena, run->rejects.path);
    return true;
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
        return fail(why, BAD_USAGE, "\"%s\" cannot be imported; there are invoices, payments, "
                    "accounts and contacts.", kind);
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
    run->debtor_columns = columns_of(run, MAP_REFERENCE, MAP_ADDRESS);
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

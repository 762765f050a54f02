/* Items are counted, checked and written, a batch at a time. */
#include "base/text.h"
#include "flow/import_run.h"

#include <stdlib.h>
#include <string.h>

/* ---- Counting ---------------------------------------------------------------------------- */

static void problem_keep(struct import_report *r, struct import_problem *kept, size_t *count,
                         int64_t line, const struct problem *p)
{
    if (*count == IMPORT_PROBLEMS_KEPT)
        return;
    kept[(*count)++] = (struct import_problem){ line,
                                                p->kind,
                                                arena_copy(&r->arena, p->column),
                                                arena_copy(&r->arena, p->value),
                                                arena_copy(&r->arena, p->text),
                                                arena_copy(&r->arena, p->mend) };
}

void report_note(struct import_run *run, int64_t line, const struct problem *problem)
{
    struct import_report *r = run->report;

    r->noted_by[problem->kind]++;
    problem_keep(r, r->notes, &r->note_count, line, problem);
}

static void report_total(struct import_report *r, enum currency currency, int64_t minor)
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

bool row_reject(struct import_run *run, const struct raw_row *row,
                const struct problem *problem, struct fault *why)
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

bool reject_item(struct import_run *run, const struct item *item, const struct problem *problem,
                 struct fault *why)
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

bool batch_write(struct import_run *run, struct fault *why)
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

bool batch_turn(struct import_run *run, struct fault *why)
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

bool item_finish(struct import_run *run, struct fault *why)
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

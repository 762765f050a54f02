/* One row of the file: a new item, a further line of the pending one, or a reject. */
#include "base/text.h"
#include "flow/import_run.h"

static void item_add_row(struct import_run *run, struct item *item, const struct csv_row *row)
{
    struct arena *a = &run->rows[run->turn];

    *arena_push(a, item->rows, item->row_count, item->row_room) =
        (struct raw_row){ row->line, row->count, row->fields };
}

static bool reject_row(struct import_run *run, const struct csv_row *row,
                       const struct item *item, const struct problem *problem,
                       struct fault *why)
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
                item->reference, "mend the other line",
                "belongs to %s, whose line %lld is "
                "rejected",
                item->reference, (long long)line);
}

/* A bad line takes the whole invoice with it: half an invoice is a wrong one. */
static bool reject_line(struct import_run *run, const struct csv_row *row,
                        const struct item *item, const struct problem *problem,
                        struct fault *why)
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

bool take_row(struct import_run *run, const struct csv_row *read, struct fault *why)
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

#include "flow/task_list.h"

#include "flow/owed.h"
#include "flow/task_parts.h"
#include "flow/user.h"
#include "store/casefiles.h"

enum { PLACES_AT_ONCE = 400 };

static const char *const orders[] = { "best", "oldest", "amount", "closing" };

const char *task_order_name(enum task_order order)
{
    return orders[order];
}

bool task_order_parse(const char *name, enum task_order *out)
{
    for (size_t i = 0; i < COUNT(orders); i++) {
        if (text_equal(orders[i], name)) {
            *out = (enum task_order)i;
            return true;
        }
    }
    return false;
}

/* ---- Ranks ------------------------------------------------------------------------------ */

static bool has_kind(const struct task_filter *f, enum task_kind kind)
{
    return f->kinds == 0 || (f->kinds & TASK_KIND_BIT(kind)) != 0;
}

/* The next rank from `from` on that has a kind of the filter; -1: none. */
static int next_rank(const struct task_filter *f, int from)
{
    int next = -1;

    for (int k = 0; k < TASK_KIND_COUNT; k++) {
        int rank = task_rank((enum task_kind)k);
        if (has_kind(f, (enum task_kind)k) && rank >= from && (next < 0 || rank < next))
            next = rank;
    }
    return next;
}

/* The one kind of this rank that is wanted; "" when that are several. */
static const char *only_kind(const struct task_filter *f, int rank)
{
    const char *only = NULL;

    for (int k = 0; k < TASK_KIND_COUNT; k++) {
        if (task_rank((enum task_kind)k) != rank || !has_kind(f, (enum task_kind)k))
            continue;
        if (only != NULL)
            return "";
        only = task_name((enum task_kind)k);
    }
    return only;
}

/*
 * Callbacks, promises and reviews are kept long before they are shown; what is due after this is
 * none that is. Replies are due within a working day, over a long weekend too.
 */
static struct instant horizon(const struct task_filter *f, int rank)
{
    int days = rank == task_rank(TASK_CALLBACK)                                      ? 7
               : rank == task_rank(TASK_PROMISE) || rank == task_rank(TASK_REVIEW) ? 2
                                                                                     : 0;

    return days == 0 ? INSTANT_NEVER
                     : day_begins(day_plus(wall_at(f->now, f->zone).day, days), f->zone);
}

/* ---- Places ----------------------------------------------------------------------------- */

struct walk {
    struct store *s;
    struct arena *a;
    const struct task_filter *f;
    struct task_mark *places;
    size_t count, room, most;
    struct fault *why;
};

static void bind_place(struct query *q, const struct task_mark *after)
{
    bind_int(q, after->value);
    bind_key(q, after->key);
    bind_int(q, after->number);
}

static void bind_where(struct query *q, const struct task_filter *f)
{
    bind_text(q, f->client != NULL ? f->client : "");
    bind_text(q, f->desk != NULL ? f->desk : "");
}

static struct query by_rank(const struct walk *w, const struct task_mark *after)
{
    const struct task_filter *f = w->f;
    const char *kind = only_kind(f, (int)after->rank);
    bool had = f->assigned != 0, one = !had && kind != NULL && kind[0] != '\0';
    struct query q = query_begin(w->s, had   ? Q_TASK_PLACES_HAD
                                       : one ? Q_TASK_PLACES_KIND
                                             : Q_TASK_PLACES);

    if (had)
        bind_int(&q, f->assigned);
    if (one)
        bind_text(&q, kind);
    else
        bind_int(&q, after->rank);
    bind_int(&q, horizon(f, (int)after->rank).us);
    bind_place(&q, after);
    bind_int(&q, f->now.us);
    if (had)
        bind_text(&q, kind);
    else
        bind_int(&q, f->unassigned);
    bind_where(&q, f);
    bind_int(&q, PLACES_AT_ONCE);
    return q;
}

static struct query by_value(const struct walk *w, const struct task_mark *after)
{
    const struct task_filter *f = w->f;
    bool since = f->order == TASK_OLDEST;
    struct query q = query_begin(w->s, since ? Q_TASK_PLACES_SINCE : Q_TASK_PLACES_AMOUNT);

    if (since)
        bind_int(&q, f->now.us);
    bind_place(&q, after);
    if (!since)
        bind_int(&q, f->now.us);
    bind_int(&q, f->unassigned);
    bind_int(&q, f->assigned);
    bind_where(&q, f);
    bind_int(&q, PLACES_AT_ONCE);
    return q;
}

/* Takes rows until there are enough; *after moves on; *read: how many rows there were. */
static bool places_take(struct walk *w, struct query *q, struct task_mark *after, size_t *read)
{
    const struct task_filter *f = w->f;

    *read = 0;
    while (w->count < w->most && query_next(q)) {
        enum task_kind kind;
        (*read)++;
        after->value = row_int(q, 3);
        after->key = (struct casefile_key){ row_int(q, 0), row_int(q, 1) };
        after->number = (int32_t)row_int(q, 2);
        if (!task_parse(row_text(q, 4), &kind) || !has_kind(f, kind) ||
            !user_sees(f->clients, f->desks, row_text(q, 5), row_text(q, 6)))
            continue;
        *arena_push(w->a, w->places, w->count, w->room) = *after;
    }
    return query_end(q, w->why);
}

static bool walk_rank(struct walk *w, struct task_mark *after)
{
    size_t read;

    do {
        struct query q = by_rank(w, after);
        if (!places_take(w, &q, after, &read))
            return false;
    } while (read == PLACES_AT_ONCE && w->count < w->most);
    return true;
}

static bool walk_best(struct walk *w)
{
    struct task_mark after = w->f->after;
    int rank = next_rank(w->f, (int)after.rank);

    if (after.rank != 0 && rank != after.rank)
        after = (struct task_mark){ 0 };
    for (; rank >= 0 && w->count < w->most; rank = next_rank(w->f, rank + 1)) {
        if (after.rank != rank)
            after = (struct task_mark){ .rank = rank, .value = INT64_MIN };
        if (!walk_rank(w, &after))
            return false;
    }
    return true;
}

static bool walk_value(struct walk *w)
{
    struct task_mark after = w->f->after;
    size_t read;

    if (after.number == 0)
        after = w->f->order == TASK_OLDEST
                    ? (struct task_mark){ .value = INT64_MIN }
                    : (struct task_mark){ .value = INT64_MAX,
                                          .key = { BUCKETS, INT64_MAX },
                                          .number = INT32_MAX };
    do {
        struct query q = by_value(w, &after);
        if (!places_take(w, &q, &after, &read))
            return false;
    } while (read == PLACES_AT_ONCE && w->count < w->most);
    return true;
}

/* ---- What is shown ---------------------------------------------------------------------- */

static bool item_read(struct store *s, struct arena *a, struct casefile_key key,
                      int32_t number, struct task_item *out, bool *found, struct fault *why)
{
    struct query q = query_begin(s, Q_TASK_SHOWN);
    bool known = true;

    bind_key(&q, key);
    bind_int(&q, number);
    *found = query_next(&q);
    if (*found) {
        *out = (struct task_item){ .key = key,
                                   .reference = row_copy(&q, 16, a),
                                   .name = row_copy(&q, 17, a),
                                   .zones = row_copy(&q, 18, a),
                                   .business = row_int(&q, 19) != 0 };
        known = task_read(&q, a, &out->is);
    }
    if (!query_end(&q, why))
        return false;
    return known || fail(why, DB_ROW, "The book holds a task of an unknown kind or state.");
}

/* The row itself has the last word on who may see it. */
static bool may_see(const struct task_filter *f, const struct task_item *i)
{
    return user_sees(f->clients, f->desks, i->is.creditor, i->is.desk);
}

static bool items_read(struct walk *w, struct task_item **out, size_t *count)
{
    *count = 0;
    *out = arena_array(w->a, struct task_item, w->count + 1);
    for (size_t i = 0; i < w->count; i++) {
        const struct task_mark *mark = &w->places[i];
        struct task_item *item = &(*out)[*count];
        bool found;
        if (!item_read(w->s, w->a, mark->key, mark->number, item, &found, w->why))
            return false;
        item->mark = *mark;
        *count += found && may_see(w->f, item);
    }
    return true;
}

bool task_list(struct store *s, struct arena *a, const struct task_filter *filter,
               struct task_item **out, size_t *count, bool *more, struct fault *why)
{
    struct walk w = { .s = s, .a = a, .f = filter, .most = filter->most + 1, .why = why };
    bool by_value_alone = filter->order == TASK_OLDEST || filter->order == TASK_AMOUNT;

    if (!(by_value_alone ? walk_value(&w) : walk_best(&w)))
        return false;
    *more = w.count > filter->most;
    w.count -= *more;
    return items_read(&w, out, count);
}

bool task_of_casefile(struct store *s, struct arena *a, const struct task_filter *filter,
                      struct casefile_key key, struct task_item **out, size_t *count,
                      struct fault *why)
{
    struct walk w = { .s = s, .a = a, .f = filter, .why = why };
    struct query q = query_begin(s, Q_TASK_NUMBERS);

    bind_key(&q, key);
    while (query_next(&q)) {
        struct task_mark *mark = arena_push(a, w.places, w.count, w.room);
        *mark = (struct task_mark){ .key = key, .number = (int32_t)row_int(&q, 0) };
    }
    return query_end(&q, why) && items_read(&w, out, count);
}

/* In the currency that was read; another only when nothing is known in that one. */
static void owed_take(struct task_item *item, const struct owed_sums *owed)
{
    for (size_t i = 0; i < owed->count; i++) {
        if (owed->sums[i].currency == item->is.open.currency) {
            item->is.open.minor = owed->sums[i].total;
            return;
        }
    }
    if (owed->count > 0)
        item->is.open = money_of(owed->sums[0].total, owed->sums[0].currency);
}

bool task_owed(struct store *s, const struct task_filter *filter, struct task_item *items,
               size_t count, struct fault *why)
{
    struct day today = wall_at(filter->now, filter->zone).day;
    struct arena work = { 0 };
    bool read = true;

    for (size_t i = 0; read && i < count; i++) {
        struct owed_sums owed;
        arena_reset(&work);
        read = owed_read(s, &work, items[i].key, today, &owed, why);
        if (read)
            owed_take(&items[i], &owed);
    }
    arena_free(&work);
    return read;
}

task_kinds task_kinds_of(enum task_group group)
{
    task_kinds kinds = 0;

    for (int k = 0; k < TASK_KIND_COUNT; k++) {
        if (task_group_of((enum task_kind)k) == group)
            kinds |= TASK_KIND_BIT(k);
    }
    return kinds;
}

/* ---- Counts ----------------------------------------------------------------------------- */

/* Of those who see everything, the database counts. */
static bool count_all(struct walk *w, enum task_kind kind, int64_t *count)
{
    struct query q = query_begin(w->s, Q_TASK_COUNT_KIND);

    bind_text(&q, task_name(kind));
    bind_int(&q, horizon(w->f, task_rank(kind)).us);
    bind_int(&q, w->f->now.us);
    bind_int(&q, w->f->unassigned);
    bind_where(&q, w->f);
    bind_int(&q, (int64_t)w->most);
    *count = query_next(&q) ? row_int(&q, 0) : 0;
    return query_end(&q, w->why);
}

static bool count_kind(struct walk *w, enum task_kind kind, int64_t *count)
{
    struct task_filter f = *w->f;

    if (f.clients == NULL && f.desks == NULL && f.assigned == 0)
        return count_all(w, kind, count);
    struct task_mark after = { .rank = task_rank(kind), .value = INT64_MIN };
    struct walk one = *w;

    f.kinds = TASK_KIND_BIT(kind);
    one.f = &f;
    one.places = NULL;
    one.count = one.room = 0;
    if (!walk_rank(&one, &after))
        return false;
    *count = (int64_t)one.count;
    return true;
}

bool task_count(struct store *s, struct arena *a, const struct task_filter *filter,
                int64_t most, struct task_counts *out, struct fault *why)
{
    struct walk w = { .s = s, .a = a, .f = filter, .most = (size_t)most, .why = why };

    *out = (struct task_counts){ 0 };
    for (int k = 0; k < TASK_KIND_COUNT; k++) {
        enum task_kind kind = (enum task_kind)k;
        if (!has_kind(filter, kind))
            continue;
        if (!count_kind(&w, kind, &out->kinds[k]))
            return false;
        out->many = out->many || out->kinds[k] >= most;
        *(task_group_of(kind) == TASK_PLANNED ? &out->planned : &out->waiting) +=
            out->kinds[k];
    }
    return true;
}

/* ---- Where there is work, what comes next, what was done -------------------------------- */

static void name_add(struct arena *a, const char ***list, size_t *count, size_t *room,
                     const char *name)
{
    if (name[0] == '\0')
        return;
    for (size_t i = 0; i < *count; i++) {
        if (text_equal((*list)[i], name))
            return;
    }
    *arena_push(a, *list, *count, *room) = arena_copy(a, name);
}

bool task_places(struct store *s, struct arena *a, const struct task_filter *filter,
                 struct task_places *out, struct fault *why)
{
    const char *client = "", *desk = "";
    size_t clients = 0, desks = 0;
    bool any = true;

    *out = (struct task_places){ 0 };
    for (size_t i = 0; any && i < TASK_PLACES_MOST; i++) {
        struct query q = query_begin(s, Q_TASK_NEXT_PLACE);
        bind_text(&q, client);
        bind_text(&q, desk);
        any = query_next(&q);
        if (any) {
            client = row_copy(&q, 0, a);
            desk = row_copy(&q, 1, a);
        }
        if (!query_end(&q, why))
            return false;
        if (!any || !user_sees(filter->clients, filter->desks, client, desk))
            continue;
        name_add(a, &out->clients, &out->client_count, &clients, client);
        name_add(a, &out->desks, &out->desk_count, &desks, desk);
    }
    return true;
}

bool task_next(struct store *s, struct arena *a, const struct task_filter *filter,
               struct task_item *out, bool *found, struct fault *why)
{
    struct query q = query_begin(s, Q_TASK_NEXT_SINCE);
    struct casefile_key key = { 0 };
    int32_t number = 0;

    bind_int(&q, filter->now.us);
    *found = query_next(&q);
    if (*found) {
        key = (struct casefile_key){ row_int(&q, 0), row_int(&q, 1) };
        number = (int32_t)row_int(&q, 2);
    }
    if (!query_end(&q, why) || !*found)
        return why->code == FAULT_NONE;
    if (!item_read(s, a, key, number, out, found, why))
        return false;
    *found = *found && may_see(filter, out);
    return true;
}

bool task_closed(struct store *s, int64_t user, struct instant from, struct instant to,
                 struct task_closed *out, struct fault *why)
{
    struct query q = query_begin(s, Q_TASK_CLOSED_COUNT);

    *out = (struct task_closed){ 0 };
    bind_int(&q, user);
    bind_int(&q, from.us);
    bind_int(&q, to.us);
    while (query_next(&q)) {
        enum task_kind kind;
        out->closed += row_int(&q, 2);
        if (!task_parse(row_text(&q, 0), &kind) || kind != TASK_REPLY)
            continue;
        out->replies += row_int(&q, 2);
        out->replies_in_time += row_int(&q, 3);
    }
    return query_end(&q, why);
}

#include "flow/account_pick.h"

#include "base/text.h"
#include "flow/user.h"
#include "flow/view.h"

#include <string.h>

static const char *or_all(const char *text)
{
    return text == NULL ? "" : text;
}

/* ---- A page ----------------------------------------------------------------------------- */

static struct list_mark start_of(const struct account_ask *ask)
{
    if (ask->goes_on)
        return ask->after;
    switch (ask->order) {
    case PICK_AMOUNT:
        return (struct list_mark){ ask->under, INT64_MAX, 0 };
    case PICK_SINCE:
        return (struct list_mark){ ask->since_from, INT64_MIN, 0 };
    case PICK_CLEAR:
        break;
    }
    return (struct list_mark){ -1, 0, 0 };
}

/* A number serves calls and texts, and is on file as that of texts. */
static const char *way_of(const struct account_ask *ask)
{
    return text_equal(ask->way, "call") ? "sms" : or_all(ask->way);
}

/* What every statement here asks beside its order. */
static void filters_bind(struct query *q, struct arena *a, const struct account_ask *ask,
                         const char *standing)
{
    bind_text(q, or_all(standing));
    bind_text(q, or_all(ask->client));
    bind_text(q, or_all(ask->desk));
    bind_text(q, or_all(ask->segment));
    bind_text(q, or_all(ask->place));
    bind_int(q, ask->business);
    bind_text(q, or_all(ask->language));
    bind_text(q, arena_print(a, "%s-", or_all(ask->language)));
    bind_text(q, way_of(ask));
    bind_int(q, ask->not_reached ? 0 : 1);
    bind_text(q, ask->clients == NULL ? "" : arena_print(a, "\n%s\n", ask->clients));
    bind_text(q, "\n");
    bind_text(q, ask->desks == NULL ? "" : arena_print(a, "\n%s\n", ask->desks));
}

static struct query stretch_begin(struct store *s, struct arena *a,
                                  const struct account_ask *ask, struct list_mark from,
                                  int64_t window)
{
    static const enum query_name names[] = { [PICK_SINCE] = Q_LIST_ACCOUNTS_SINCE,
                                             [PICK_AMOUNT] = Q_LIST_ACCOUNTS_OPEN,
                                             [PICK_CLEAR] = Q_LIST_ACCOUNTS_CLEAR };
    struct query q = query_begin(s, names[ask->order]);

    bind_int(&q, from.key);
    bind_int(&q, from.casefile);
    if (ask->order == PICK_AMOUNT) {
        bind_int(&q, ask->over);
        bind_int(&q, (int64_t)ask->currency);
        bind_int(&q, window);
        bind_int(&q, ask->under);
        bind_int(&q, ask->since_from);
        bind_int(&q, ask->since_to);
    } else if (ask->order == PICK_SINCE) {
        bind_int(&q, ask->since_to);
        bind_int(&q, window);
        bind_int(&q, ask->over);
        bind_int(&q, ask->under);
        bind_int(&q, (int64_t)ask->currency);
    } else {
        bind_int(&q, window);
    }
    filters_bind(&q, a, ask, ask->standing);
    return q;
}

/* Where the stretch ended, when there was as much of it as was asked for. */
static bool edge_find(struct store *s, const struct account_ask *ask, struct list_mark from,
                      int64_t window, struct list_mark *edge, bool *is, struct fault *why)
{
    static const enum query_name names[] = { [PICK_SINCE] = Q_LIST_ACCOUNTS_SINCE_EDGE,
                                             [PICK_AMOUNT] = Q_LIST_ACCOUNTS_OPEN_EDGE,
                                             [PICK_CLEAR] = Q_LIST_ACCOUNTS_CLEAR_EDGE };
    struct query q = query_begin(s, names[ask->order]);

    bind_int(&q, from.key);
    bind_int(&q, from.casefile);
    if (ask->order == PICK_AMOUNT) {
        bind_int(&q, ask->over);
        bind_int(&q, (int64_t)ask->currency);
    } else if (ask->order == PICK_SINCE) {
        bind_int(&q, ask->since_to);
    }
    bind_int(&q, window - 1);
    *is = query_next(&q);
    if (*is)
        *edge = (struct list_mark){ row_int(&q, 2), row_int(&q, 1), 0 };
    return query_end(&q, why);
}

struct picking {
    struct store *s;
    struct arena *a;
    const struct account_ask *ask;
    struct picked *out;
    size_t room;
    struct list_mark from,
        last; /* last: of the rows that are kept, the one that ends the page */
};

static bool stretch_take(struct picking *p, int64_t window, struct fault *why)
{
    struct query q = stretch_begin(p->s, p->a, p->ask, p->from, window);

    bind_int(&q, (int64_t)(p->ask->most + 1 - p->out->count));
    while (query_next(&q)) {
        if (p->out->count < p->ask->most)
            p->last = (struct list_mark){ row_int(&q, 2), row_int(&q, 1), 0 };
        *arena_push(p->a, p->out->keys, p->out->count, p->room) =
            (struct casefile_key){ row_int(&q, 0), row_int(&q, 1) };
    }
    return query_end(&q, why);
}

bool account_pick(struct store *s, struct arena *a, const struct account_ask *ask,
                  struct picked *out, struct fault *why)
{
    int64_t looked = 0, most = ask->order == PICK_CLEAR ? PICK_LOOK_CLEAR : PICK_LOOK,
            window = (int64_t)ask->most + 1;
    struct picking p = { .s = s, .a = a, .ask = ask, .out = out, .from = start_of(ask) };
    bool goes_on = true;

    *out = (struct picked){ 0 };
    while (goes_on && out->count <= ask->most && looked < most) {
        if (!stretch_take(&p, window, why) ||
            !edge_find(s, ask, p.from, window, &p.from, &goes_on, why))
            return false;
        looked += window;
        window = window * 8 < most - looked ? window * 8 : most - looked;
        window = window < 1 ? 1 : window;
    }
    out->short_of = goes_on && out->count <= ask->most;
    out->more = out->short_of || out->count > ask->most;
    out->after = out->short_of ? p.from : p.last;
    out->count = out->count > ask->most ? ask->most : out->count;
    return true;
}

/* ---- How many --------------------------------------------------------------------------- */

static bool counts_known(struct store *s, bool *known, struct fault *why)
{
    struct query q = query_begin(s, Q_COUNT_ACCOUNTS_EDGE);

    bind_int(&q, PICK_COUNTED);
    *known = !query_next(&q);
    return query_end(&q, why);
}

bool account_counts(struct store *s, struct arena *a, const struct account_ask *ask,
                    struct standing_count **out, size_t *count, bool *known, struct fault *why)
{
    size_t room = 0;

    *out = NULL;
    *count = 0;
    if (!counts_known(s, known, why))
        return false;
    if (!*known)
        return true;
    struct query q = query_begin(s, Q_COUNT_ACCOUNTS);
    bind_int(&q, PICK_COUNTED);
    bind_int(&q, ask->since_from);
    bind_int(&q, ask->since_to);
    bind_int(&q, ask->over);
    bind_int(&q, ask->under);
    bind_int(&q, (int64_t)ask->currency);
    filters_bind(&q, a, ask, NULL);
    while (query_next(&q))
        *arena_push(a, *out, *count, room) =
            (struct standing_count){ row_copy(&q, 0, a), row_int(&q, 1) };
    return query_end(&q, why);
}

bool account_currencies(struct store *s, struct arena *a, enum currency **out, size_t *count,
                        struct fault *why)
{
    enum { OPEN_CURRENCIES_MOST = 30 };
    int64_t last = 0;
    size_t room = 0;

    *out = NULL;
    *count = 0;
    do {
        struct query q = query_begin(s, Q_LIST_CURRENCY_AFTER);
        bind_int(&q, last);
        last = query_next(&q) ? row_int(&q, 0) : 0;
        if (!query_end(&q, why))
            return false;
        if (last != 0)
            *arena_push(a, *out, *count, room) = (enum currency)last;
    } while (last != 0 && *count < OPEN_CURRENCIES_MOST);
    return true;
}

bool account_segments(struct store *s, struct arena *a, const char ***out, size_t *count,
                      struct fault *why)
{
    struct query q = query_begin(s, Q_LIST_SEGMENTS);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    while (query_next(&q))
        *arena_push(a, *out, *count, room) = row_copy(&q, 0, a);
    return query_end(&q, why);
}

static bool reads(const char *theirs, const char *language)
{
    size_t length = strlen(language);

    return text_starts(theirs, language) && (theirs[length] == '\0' || theirs[length] == '-');
}

bool account_reached(struct store *s, struct arena *a, const struct account_ask *ask,
                     struct casefile_key key, bool *fits, struct fault *why)
{
    *fits = ask->language == NULL && ask->way == NULL;
    if (*fits)
        return true;
    struct query q = query_begin(s, Q_ACCOUNT_REACHED);
    bind_text(&q, way_of(ask));
    bind_int(&q, key.bucket);
    bind_int(&q, key.id);
    if (query_next(&q))
        *fits = (ask->language == NULL || reads(row_copy(&q, 0, a), ask->language)) &&
                (ask->way == NULL || (row_int(&q, 1) != 0) == !ask->not_reached);
    return query_end(&q, why);
}

bool account_fits(const struct account_ask *ask, const struct account_row *row)
{
    return (ask->standing == NULL || text_equal(ask->standing, row->standing)) &&
           (ask->client == NULL || text_equal(ask->client, row->creditor)) &&
           (ask->desk == NULL || text_equal(ask->desk, row->desk)) &&
           (ask->segment == NULL || text_equal(ask->segment, row->segment)) &&
           (ask->place == NULL || strstr(row->place, ask->place) != NULL) &&
           (ask->business < 0 || ask->business == row->business);
}

#include "flow/book_list.h"

#include "base/sort.h"
#include "base/text.h"
#include "flow/task_list.h"
#include "flow/user.h"
#include "store/store.h"

#include <string.h>

static const char *const states[LIST_COUNT][LIST_STATES] = {
    [LIST_PROMISES] = { "open", "kept", "partly_kept", "broken", "withdrawn" },
    [LIST_DISPUTES] = { "open", "upheld", "partly_upheld", "not_upheld", "withdrawn" },
    [LIST_HARDSHIP] = { "open", "decided", "ended" },
    [LIST_PLANS] = { "active", "paused", "completed", "defaulted", "cancelled", "replaced" },
    [LIST_OFFERS] = { "waiting_approval", "open", "countered", "accepted", "declined",
                      "expired", "withdrawn", "fulfilled", "void" },
    [LIST_PAYMENTS] = { "pending", "settled", "failed", "returned", "charged_back", "moved",
                        "duplicate" },
    [LIST_MESSAGES] = { "ready", "sending", "sent", "delivered", "bounced", "failed", "unsure",
                        "refused", "expired" },
};

static const struct {
    enum query_name rows, count;
    bool latest_first;
} lists[LIST_COUNT] = {
    [LIST_PROMISES] = { Q_LIST_PROMISES, Q_COUNT_PROMISES, false },
    [LIST_DISPUTES] = { Q_LIST_DISPUTES, Q_COUNT_DISPUTES, false },
    [LIST_HARDSHIP] = { Q_LIST_HARDSHIP, Q_COUNT_HARDSHIP, false },
    [LIST_PLANS] = { Q_LIST_PLANS, Q_COUNT_PLANS, true },
    [LIST_OFFERS] = { Q_LIST_OFFERS, Q_COUNT_OFFERS, false },
    [LIST_PAYMENTS] = { Q_LIST_PAYMENTS, Q_COUNT_PAYMENTS, true },
    [LIST_MESSAGES] = { Q_LIST_MESSAGES, Q_COUNT_MESSAGES, true },
};

const char *const *list_states(enum list_of list)
{
    return states[list];
}

static bool has_state(const struct list_ask *ask, int state)
{
    return states[ask->list][state] != NULL &&
           (ask->states == 0 || (ask->states & ((uint32_t)1 << state)) != 0);
}

bool list_is_whole(const struct list_ask *ask)
{
    return ask->client == NULL && ask->desk == NULL && ask->what == NULL && ask->text == NULL &&
           ask->author == NULL && ask->clients == NULL && ask->desks == NULL;
}

static size_t state_count(const struct list_ask *ask)
{
    size_t count = 0;

    for (int state = 0; state < LIST_STATES; state++)
        count += has_state(ask, state);
    return count == 0 ? 1 : count;
}

/* ---- What fits -------------------------------------------------------------------------- */

enum column {
    KEY_BUCKET,
    KEY_CASEFILE,
    ROW_NUMBER,
    ROW_SORTED,
    ROW_STATE,
    ROW_CURRENCY,
    ROW_MINOR,
    ROW_OTHER_MINOR,
    ROW_FIRST_DAY,
    ROW_SECOND_DAY,
    ROW_FIRST_NUMBER,
    ROW_SECOND_NUMBER,
    ROW_TEXTS,
    ROW_AUTHOR = ROW_TEXTS + 6,
    ROW_DECISION,
    ROW_REFERENCE,
    ROW_CLIENT,
    ROW_DESK,
    ROW_NAME
};

/* What `what` is compared with. */
static const char *what_of(const struct list_ask *ask, struct query *q)
{
    if (ask->list == LIST_PROMISES)
        return row_int(q, ROW_FIRST_NUMBER) != 0 ? "plan" : "single";
    return row_text(q, ROW_TEXTS);
}

static bool has_text(struct arena *a, const char *text, const char *folded)
{
    return text != NULL && strstr(text_fold(a, text), folded) != NULL;
}

/* `folded`: what is looked for, or NULL. */
static bool row_fits(struct query *q, struct arena *a, const struct list_ask *ask,
                     const char *folded)
{
    return user_sees(ask->clients, ask->desks, row_text(q, ROW_CLIENT),
                     row_text(q, ROW_DESK)) &&
           (ask->client == NULL || text_equal(ask->client, row_text(q, ROW_CLIENT))) &&
           (ask->desk == NULL || text_equal(ask->desk, row_text(q, ROW_DESK))) &&
           (ask->what == NULL || text_equal(ask->what, what_of(ask, q))) &&
           (ask->author == NULL || text_equal(ask->author, row_text(q, ROW_AUTHOR)) ||
            text_equal(ask->author_name, row_text(q, ROW_AUTHOR))) &&
           (folded == NULL || has_text(a, row_text(q, ROW_NAME), folded) ||
            has_text(a, row_text(q, ROW_REFERENCE), folded) ||
            (ask->list == LIST_PAYMENTS && has_text(a, row_text(q, ROW_TEXTS + 2), folded)));
}

static struct list_mark mark_at(struct query *q)
{
    return (struct list_mark){ row_int(q, ROW_SORTED), row_int(q, KEY_CASEFILE),
                               row_int(q, ROW_NUMBER) };
}

static void row_read(struct query *q, struct arena *a, struct list_row *row)
{
    *row = (struct list_row){ .key = { row_int(q, KEY_BUCKET), row_int(q, KEY_CASEFILE) },
                              .number = (int32_t)row_int(q, ROW_NUMBER),
                              .sorted = row_int(q, ROW_SORTED),
                              .state = row_copy(q, ROW_STATE, a),
                              .currency = (enum currency)row_int(q, ROW_CURRENCY),
                              .minor = row_int(q, ROW_MINOR),
                              .other_minor = row_int(q, ROW_OTHER_MINOR),
                              .first_day = row_int(q, ROW_FIRST_DAY),
                              .second_day = row_int(q, ROW_SECOND_DAY),
                              .first_number = row_int(q, ROW_FIRST_NUMBER),
                              .second_number = row_int(q, ROW_SECOND_NUMBER),
                              .author = row_copy(q, ROW_AUTHOR, a),
                              .decision = row_int(q, ROW_DECISION),
                              .reference = row_copy(q, ROW_REFERENCE, a),
                              .client = row_copy(q, ROW_CLIENT, a),
                              .desk = row_copy(q, ROW_DESK, a),
                              .name = row_copy(q, ROW_NAME, a) };
    for (int i = 0; i < 6; i++)
        row->texts[i] = row_copy(q, ROW_TEXTS + i, a);
}

/* ---- A page ----------------------------------------------------------------------------- */

enum { LIST_WINDOW = 1000 };

/* One stretch of the list: of each state as many as the window is wide. */
struct stretch {
    struct store *s;
    struct arena *a;
    const struct list_ask *ask;
    const char *folded;
    struct list_mark from, edge; /* up to the edge everything was looked at */
    bool has_edge;               /* beyond it there may be more */
    size_t window, looked, count, room;
    struct list_row *rows;
};

static int compare_marks(const struct list_mark *a, const struct list_mark *b)
{
    int by_key = (a->key > b->key) - (a->key < b->key);
    int by_file = (a->casefile > b->casefile) - (a->casefile < b->casefile);

    return by_key != 0    ? by_key
           : by_file != 0 ? by_file
                          : (a->number > b->number) - (a->number < b->number);
}

static struct list_mark mark_of(const struct list_row *row)
{
    return (struct list_mark){ row->sorted, row->key.id, row->number };
}

static int compare_rows(const void *left, const void *right)
{
    struct list_mark a = mark_of(left), b = mark_of(right);

    return compare_marks(&a, &b);
}

static int compare_latest(const void *left, const void *right)
{
    return compare_rows(right, left);
}

/* a comes before b in this list. */
static bool is_before(enum list_of list, const struct list_mark *a, const struct list_mark *b)
{
    return lists[list].latest_first ? compare_marks(a, b) > 0 : compare_marks(a, b) < 0;
}

static bool state_look(struct stretch *t, int state, struct fault *why)
{
    struct query q = query_begin(t->s, lists[t->ask->list].rows);
    bool down = lists[t->ask->list].latest_first;
    struct list_mark last = t->from;
    size_t looked = 0;

    bind_text(&q, states[t->ask->list][state]);
    if (t->ask->list == LIST_HARDSHIP)
        bind_int(&q, t->ask->now.us);
    bind_int(&q, t->from.key);
    bind_int(&q, t->from.casefile);
    bind_int(&q, t->from.number);
    bind_int(&q, down ? t->ask->from : t->ask->to);
    bind_int(&q, (int64_t)t->window);
    for (; query_next(&q); looked++) {
        last = mark_at(&q);
        if (row_fits(&q, t->a, t->ask, t->folded))
            row_read(&q, t->a, arena_push(t->a, t->rows, t->count, t->room));
    }
    t->looked += looked;
    if (looked == t->window && (!t->has_edge || is_before(t->ask->list, &last, &t->edge))) {
        t->has_edge = true;
        t->edge = last;
    }
    return query_end(&q, why);
}

/* What is beyond the edge waits for the next stretch: rows of another state may lie between. */
static void stretch_cut(struct stretch *t)
{
    size_t kept = 0;

    for (size_t i = 0; i < t->count; i++) {
        struct list_mark mark = mark_of(&t->rows[i]);
        if (!t->has_edge || !is_before(t->ask->list, &t->edge, &mark))
            t->rows[kept++] = t->rows[i];
    }
    t->count = kept;
    sort_array(t->rows, t->count, sizeof *t->rows,
               lists[t->ask->list].latest_first ? compare_latest : compare_rows);
}

static bool stretch_look(struct stretch *t, struct fault *why)
{
    t->count = 0;
    t->has_edge = false;
    for (int state = 0; state < LIST_STATES; state++) {
        if (has_state(t->ask, state) && !state_look(t, state, why))
            return false;
    }
    stretch_cut(t);
    return true;
}

static struct list_mark start_of(const struct list_ask *ask)
{
    if (ask->goes_on)
        return ask->after;
    return lists[ask->list].latest_first
               ? (struct list_mark){ ask->to, INT64_MAX, INT64_MAX }
               : (struct list_mark){ ask->from, INT64_MIN, INT64_MIN };
}

bool book_list(struct store *s, struct arena *a, const struct list_ask *ask,
               struct list_page *out, struct fault *why)
{
    size_t room = 0,
           window = list_is_whole(ask) ? ask->most + 1 : LIST_WINDOW / state_count(ask);
    struct stretch t = { .s = s,
                         .a = a,
                         .ask = ask,
                         .folded = ask->text == NULL ? NULL : text_fold(a, ask->text),
                         .from = start_of(ask),
                         .window = window > ask->most ? window : ask->most + 1 };

    *out = (struct list_page){ 0 };
    do {
        if (!stretch_look(&t, why))
            return false;
        for (size_t i = 0; i < t.count && out->count <= ask->most; i++)
            *arena_push(a, out->rows, out->count, room) = t.rows[i];
        t.from = t.edge;
    } while (out->count <= ask->most && t.has_edge && t.looked < LIST_LOOK);
    out->more = out->count > ask->most || t.has_edge;
    out->short_of = out->count <= ask->most && t.has_edge;
    out->count = out->count > ask->most ? ask->most : out->count;
    if (out->more)
        out->after = out->short_of ? t.edge : mark_of(&out->rows[out->count - 1]);
    return true;
}

/* ---- By whom they are narrowed -------------------------------------------------------------
 */

static void place_take(struct arena *a, const char ***all, size_t *count, size_t *room,
                       const char *name)
{
    size_t at = 0;

    if (text_is_empty(name))
        return;
    while (at < *count && strcmp((*all)[at], name) < 0)
        at++;
    if (at < *count && strcmp((*all)[at], name) == 0)
        return;
    (void)arena_push(a, *all, *count, *room);
    memmove(&(*all)[at + 1], &(*all)[at], (*count - 1 - at) * sizeof **all);
    (*all)[at] = arena_copy(a, name);
}

bool list_places(struct store *s, struct arena *a, const struct list_ask *ask,
                 struct list_places *out, struct fault *why)
{
    const struct task_filter work = { .clients = ask->clients, .desks = ask->desks };
    struct query q = query_begin(s, Q_LIST_PLACES);
    struct task_places busy;
    size_t client_room = 0, desk_room = 0;

    *out = (struct list_places){ 0 };
    while (query_next(&q)) {
        const char *client = row_text(&q, 0), *desk = row_text(&q, 1);
        if (!user_sees(ask->clients, ask->desks, client, desk))
            continue;
        place_take(a, &out->clients, &out->client_count, &client_room, client);
        place_take(a, &out->desks, &out->desk_count, &desk_room, desk);
    }
    if (!query_end(&q, why) || !task_places(s, a, &work, &busy, why))
        return false;
    for (size_t i = 0; i < busy.client_count; i++)
        place_take(a, &out->clients, &out->client_count, &client_room, busy.clients[i]);
    for (size_t i = 0; i < busy.desk_count; i++)
        place_take(a, &out->desks, &out->desk_count, &desk_room, busy.desks[i]);
    return true;
}

/* ---- How many --------------------------------------------------------------------------- */

static bool count_state(struct store *s, const struct list_ask *ask, int state, int64_t *out,
                        struct fault *why)
{
    struct query q = query_begin(s, lists[ask->list].count);

    bind_text(&q, states[ask->list][state]);
    if (ask->list == LIST_HARDSHIP)
        bind_int(&q, ask->now.us);
    bind_int(&q, ask->from);
    bind_int(&q, ask->to);
    bind_int(&q, LIST_MANY);
    if (query_next(&q))
        *out = row_int(&q, 0);
    return query_end(&q, why);
}

bool list_count(struct store *s, const struct list_ask *ask, int64_t counts[LIST_STATES],
                struct fault *why)
{
    for (int state = 0; state < LIST_STATES; state++) {
        counts[state] = 0;
        if (states[ask->list][state] != NULL &&
            !count_state(s, ask, state, &counts[state], why))
            return false;
    }
    return true;
}

/* ---- What is promised for a day ---------------------------------------------------------- */

enum { PROMISED_LOOK = 5000 };

struct promised {
    struct arena *a;
    struct promised_day *all;
    size_t count, room;
};

static void promised_add(struct promised *p, int64_t day, int64_t currency, int64_t count,
                         int64_t minor)
{
    for (size_t i = p->count; i > 0 && p->all[i - 1].day.number == day; i--) {
        if (p->all[i - 1].currency == (enum currency)currency) {
            p->all[i - 1].count += count;
            p->all[i - 1].minor += minor;
            return;
        }
    }
    *arena_push(p->a, p->all, p->count, p->room) =
        (struct promised_day){ { (int32_t)day }, (enum currency)currency, count, minor };
}

static bool promised_seen(struct store *s, const struct list_ask *ask, struct promised *p,
                          bool *known, struct fault *why)
{
    struct query q = query_begin(s, Q_PROMISE_DAYS_SEEN);
    int64_t looked = 0;

    bind_int(&q, ask->from);
    bind_int(&q, ask->to);
    bind_int(&q, PROMISED_LOOK);
    for (; query_next(&q); looked++) {
        const char *client = row_text(&q, 3), *desk = row_text(&q, 4);
        if (user_sees(ask->clients, ask->desks, client, desk) &&
            (ask->client == NULL || text_equal(ask->client, client)) &&
            (ask->desk == NULL || text_equal(ask->desk, desk)))
            promised_add(p, row_int(&q, 0), row_int(&q, 1), 1, row_int(&q, 2));
    }
    *known = looked < PROMISED_LOOK;
    return query_end(&q, why);
}

bool list_promised(struct store *s, struct arena *a, const struct list_ask *ask,
                   struct promised_day **out, size_t *count, bool *known, struct fault *why)
{
    struct promised p = { .a = a };
    bool done = true;

    *known = true;
    if (ask->clients != NULL || ask->desks != NULL || ask->client != NULL ||
        ask->desk != NULL) {
        done = promised_seen(s, ask, &p, known, why);
    } else {
        struct query q = query_begin(s, Q_PROMISE_DAYS);
        bind_int(&q, ask->from);
        bind_int(&q, ask->to);
        while (query_next(&q))
            promised_add(&p, row_int(&q, 0), row_int(&q, 1), row_int(&q, 2), row_int(&q, 3));
        done = query_end(&q, why);
    }
    *out = p.all;
    *count = p.count;
    return done;
}

static const char *or_empty(const char *text)
{
    return text == NULL ? "" : text;
}

struct message_row list_message(const struct list_row *r)
{
    return (struct message_row){ .bucket = r->key.bucket,
                                 .casefile_id = r->key.id,
                                 .outbox = r->number,
                                 .decision = r->decision,
                                 .channel = or_empty(r->texts[0]),
                                 .template = or_empty(r->texts[1]),
                                 .state_reason = or_empty(r->texts[2]),
                                 .subject = or_empty(r->texts[3]),
                                 .address = or_empty(r->texts[4]),
                                 .step = or_empty(r->texts[5]),
                                 .state = r->state,
                                 .currency = r->currency,
                                 .open_minor = r->minor,
                                 .decided_at = { r->first_day },
                                 .not_before = { r->second_day },
                                 .state_at = { r->sorted },
                                 .reference = r->reference,
                                 .name = r->name };
}

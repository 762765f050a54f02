#include "store/tracks.h"

#include "base/sort.h"
#include "store/casefiles.h"

#include <string.h>

struct loading {
    struct store *s;
    struct arena *a;
    int64_t bucket, casefile_id; /* casefile_id 0: all */
    const struct zone *house;
    size_t count, room;
    struct tracked *all;
    const struct zone **zones; /* of each, where they are; NULL: not known */
    bool *ours;                /* the debts are our own */
    struct fault *why;
};

#define QUERY(l, name) ((l)->casefile_id == 0 ? Q_TRACK_##name##_ALL : Q_TRACK_##name##_ONE)

static struct query begin(const struct loading *l, enum query_name name)
{
    struct query q = query_begin(l->s, name);

    bind_int(&q, l->bucket);
    if (l->casefile_id != 0)
        bind_int(&q, l->casefile_id);
    return q;
}

/* The next row of a case file that is there; *at moves on with it. NULL at the end. */
static struct track *next_of(const struct loading *l, struct query *q, size_t *at)
{
    while (query_next(q)) {
        int64_t id = row_int(q, 0);
        while (*at < l->count && l->all[*at].casefile_id < id)
            (*at)++;
        if (*at < l->count && l->all[*at].casefile_id == id)
            return &l->all[*at].is;
    }
    return NULL;
}

/* Elements of one case file come together: only the last one's array grows. */
#define GATHER(l, owner, array, count, room)                                                   \
    (((owner)->count == 0 ? (room) = 0 : 0),                                                   \
     arena_push((l)->a, (owner)->array, (owner)->count, room))

static bool bad_row(struct loading *l, struct query *q, const char *what, const char *word)
{
    fail(l->why, DB_ROW, "A row of the book holds the unknown %s \"%s\".", what,
         word == NULL ? "" : word);
    query_end(q, NULL);
    return false;
}

static struct day row_day(struct query *q, int column)
{
    return (struct day){ (int32_t)row_int(q, column) };
}

static struct day house_day(const struct loading *l, int64_t us)
{
    return us == INSTANT_NEVER.us ? DAY_NEVER : wall_at((struct instant){ us }, l->house).day;
}

/* Files say who told them, too: only who may sign in is somebody here. */
static const char *author_copy(const struct loading *l, struct query *q, int column)
{
    const char *author = row_text(q, column);

    return author != NULL && strchr(author, '@') != NULL ? row_copy(q, column, l->a) : NULL;
}

/* ---- Heads ------------------------------------------------------------------------------- */

static const char *standing_text(struct loading *l, struct query *q)
{
    const char *rule = row_text(q, 6);

    if (rule == NULL)
        return row_copy(q, 5, l->a);
    return arena_print(l->a, "%s %s", row_text(q, 5), rule);
}

/* Several zones that might be theirs: an hour would say nothing. */
static const struct zone *only_zone(const char *zones)
{
    if (zones == NULL || zones[0] == '\0' || strchr(zones, ',') != NULL)
        return NULL;
    return zone_find(zones);
}

/* "US-NY" of "US-NY-NYC"; 0: a country alone says no state. */
static size_t state_length(const char *place)
{
    size_t country = strcspn(place, "-,");

    return place[country] == '-' ? country + 1 + strcspn(place + country + 1, "-,") : 0;
}

/* The state, land or province, if all places are in one. */
static const char *only_state(struct arena *a, const char *places)
{
    const char *first = places == NULL ? "" : places;
    size_t length = state_length(first);

    for (const char *at = first; *at != '\0'; at += *at == ',') {
        if (state_length(at) != length || strncmp(at, first, length) != 0)
            return "";
        at += strcspn(at, ",");
    }
    return arena_copy_n(a, first, length);
}

static bool load_heads(struct loading *l)
{
    struct query q = begin(l, QUERY(l, HEADS));
    size_t zone_count = 0, zone_room = 0, ours_count = 0, ours_room = 0;
    enum actor_role role;

    while (query_next(&q)) {
        struct tracked *t = arena_push(l->a, l->all, l->count, l->room);
        t->casefile_id = row_int(&q, 0);
        t->is.client = row_copy(&q, 1, l->a);
        t->is.desk = row_copy(&q, 2, l->a);
        if (!actor_role_parse(row_text(&q, 3), &role))
            return bad_row(l, &q, "role", row_text(&q, 3));
        t->is.segment = row_text(&q, 4) != NULL ? row_copy(&q, 4, l->a) : "";
        t->is.strategy = row_text(&q, 8) != NULL ? row_copy(&q, 8, l->a) : "";
        t->is.standing = standing_text(l, &q);
        t->is.language = row_text(&q, 9) != NULL ? row_copy(&q, 9, l->a) : "";
        t->is.place = only_state(l->a, row_text(&q, 10));
        *arena_push(l->a, l->zones, zone_count, zone_room) = only_zone(row_text(&q, 7));
        *arena_push(l->a, l->ours, ours_count, ours_room) = role == ACTOR_FIRST_PARTY_CREDITOR;
    }
    return query_end(&q, l->why);
}

/* ---- Debts and money --------------------------------------------------------------------- */

static bool load_items(struct loading *l)
{
    struct query q = begin(l, QUERY(l, ITEMS));
    size_t at = 0, debt_room = 0, item_room = 0;
    struct track *t;

    while ((t = next_of(l, &q, &at)) != NULL) {
        int32_t number = (int32_t)row_int(&q, 1);
        if (t->debt_count == 0 || t->debts[t->debt_count - 1].number != number) {
            if (!currency_is_known(row_int(&q, 5)))
                return bad_row(l, &q, "currency", row_text(&q, 5));
            struct track_debt *d = GATHER(l, t, debts, debt_count, debt_room);
            *d = (struct track_debt){ .number = number,
                                      .currency = (enum currency)row_int(&q, 5),
                                      .invoice_day = row_day(&q, 6) };
            d->placed_day = d->invoice_day;
        }
        struct track_debt *debt = &t->debts[t->debt_count - 1];
        struct track_item *i = GATHER(l, debt, items, item_count, item_room);
        *i = (struct track_item){ .number = (int32_t)row_int(&q, 2),
                                  .due_day = row_day(&q, 3),
                                  .owed_minor = row_int(&q, 4) };
    }
    return query_end(&q, l->why);
}

/* One line of the books, with what its entry says of it. */
struct line {
    int64_t entry;
    struct day day;
    int64_t posted_at;
    const char *account;
    int32_t debt, item;
    enum currency currency;
    int64_t minor;
    bool by_money;
};

/* The lines of one case file. */
struct lines {
    size_t count, room;
    struct line *all;
};

/* Accounts are few words: comparing is cheaper than copying. */
static const char *account_word(const char *text)
{
    static const char *const words[] = { "principal", "interest", "fees",    "costs",
                                         "cash",      "placed",   "charged", "unapplied" };

    for (size_t i = 0; text != NULL && i < COUNT(words); i++) {
        if (strcmp(words[i], text) == 0)
            return words[i];
    }
    return "";
}

static bool is_account(const struct line *line, const char *account)
{
    return strcmp(line->account, account) == 0;
}

/* An entry moved money when one of its lines is money, here or waiting. */
static void mark_money(struct lines *lines)
{
    for (size_t i = 0; i < lines->count;) {
        size_t first = i;
        bool money = false;
        for (; i < lines->count && lines->all[i].entry == lines->all[first].entry; i++)
            money = money || is_account(&lines->all[i], "cash") ||
                    is_account(&lines->all[i], "unapplied");
        for (size_t k = first; k < i; k++)
            lines->all[k].by_money = money;
    }
}

static struct track_debt *debt_of(const struct track *t, int32_t number)
{
    size_t low = 0, high = t->debt_count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (t->debts[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low < t->debt_count && t->debts[low].number == number ? &t->debts[low] : NULL;
}

/* Lines of principal of one instalment together, by day, what is not money first. */
static int compare_principal(const void *left, const void *right)
{
    const struct line *a = left, *b = right;
    bool in_a = is_account(a, "principal"), in_b = is_account(b, "principal");

    if (in_a != in_b)
        return in_a ? -1 : 1;
    if (a->debt != b->debt)
        return a->debt < b->debt ? -1 : 1;
    if (a->item != b->item)
        return a->item < b->item ? -1 : 1;
    if (a->day.number != b->day.number)
        return a->day.number < b->day.number ? -1 : 1;
    return a->by_money - b->by_money;
}

static bool same_change(const struct line *a, const struct line *b)
{
    return a->debt == b->debt && a->item == b->item && a->day.number == b->day.number &&
           a->by_money == b->by_money;
}

static struct track_item *item_of(const struct track *t, const struct line *line)
{
    struct track_debt *d = debt_of(t, line->debt);

    for (size_t i = 0; d != NULL && i < d->item_count; i++) {
        if (d->items[i].number == line->item)
            return &d->items[i];
    }
    return NULL;
}

/* All of a day and kind are one change; what was taken back on its own day is none. */
static void gather_changes(struct loading *l, struct track *t, struct lines *lines)
{
    struct track_item *item = NULL;
    const struct line *first = NULL;
    size_t room = 0;

    sort_array(lines->all, lines->count, sizeof *lines->all, compare_principal);
    for (size_t i = 0; i < lines->count && is_account(&lines->all[i], "principal");) {
        first = &lines->all[i];
        int64_t minor = 0;
        for (; i < lines->count && is_account(&lines->all[i], "principal") &&
               same_change(first, &lines->all[i]);
             i++)
            minor += lines->all[i].minor;
        item = item_of(t, first);
        if (item == NULL || minor == 0)
            continue;
        *GATHER(l, item, changes, change_count, room) =
            (struct track_change){ first->day, minor, first->by_money };
    }
}

static int compare_money(const void *left, const void *right)
{
    const struct track_money *a = left, *b = right;

    if (a->currency != b->currency)
        return a->currency < b->currency ? -1 : 1;
    if (a->component != b->component)
        return a->component < b->component ? -1 : 1;
    return (a->day.number > b->day.number) - (a->day.number < b->day.number);
}

static size_t add_up(struct track_money *all, size_t count)
{
    size_t kept = 0;

    sort_array(all, count, sizeof *all, compare_money);
    for (size_t i = 0; i < count;) {
        struct track_money sum = all[i++];
        while (i < count && compare_money(&sum, &all[i]) == 0)
            sum.minor += all[i++].minor;
        if (sum.minor != 0)
            all[kept++] = sum;
    }
    return kept;
}

static bool component_of(const struct line *line, enum component *out)
{
    for (int i = 0; i < COMPONENT_COUNT; i++) {
        *out = (enum component)i;
        if (i != COMPONENT_PRINCIPAL && is_account(line, component_name(*out)))
            return true;
    }
    return false;
}

/* Money in and out; and what was charged: interest, fees and costs that no money moved. */
static void gather_money(struct loading *l, struct track *t, const struct lines *lines)
{
    size_t cash_room = 0, charge_room = 0;
    enum component component;

    for (size_t i = 0; i < lines->count; i++) {
        const struct line *line = &lines->all[i];
        struct track_money m = { .day = line->day,
                                 .currency = line->currency,
                                 .minor = line->minor };
        if (is_account(line, "cash"))
            *GATHER(l, t, cash, cash_count, cash_room) = m;
        if (line->by_money || !component_of(line, &component))
            continue;
        m.component = (int32_t)component;
        *GATHER(l, t, charges, charge_count, charge_room) = m;
    }
    t->cash_count = add_up(t->cash, t->cash_count);
    t->charge_count = add_up(t->charges, t->charge_count);
}

/* Debts of others came to us when they were put on file. */
static void date_placing(const struct loading *l, struct track *t, const struct lines *lines)
{
    int64_t *first = arena_array(l->a, int64_t, t->debt_count + 1);

    for (size_t i = 0; i < lines->count; i++) {
        const struct line *line = &lines->all[i];
        struct track_debt *d = debt_of(t, line->debt);
        if (d == NULL || line->by_money || !is_account(line, "principal"))
            continue;
        int64_t *at = &first[d - t->debts];
        if (*at == 0 || line->posted_at < *at)
            *at = line->posted_at;
    }
    for (size_t i = 0; i < t->debt_count; i++) {
        struct track_debt *d = &t->debts[i];
        struct day day = first[i] == 0 ? d->invoice_day : house_day(l, first[i]);
        if (day.number > d->invoice_day.number)
            d->placed_day = day;
    }
}

static void lines_take(struct loading *l, size_t at, struct lines *lines)
{
    struct track *t = &l->all[at].is;

    mark_money(lines);
    if (!l->ours[at])
        date_placing(l, t, lines);
    gather_money(l, t, lines);
    gather_changes(l, t, lines);
    lines->count = 0;
}

static bool load_postings(struct loading *l)
{
    struct query q = begin(l, QUERY(l, POSTINGS));
    struct lines lines = { 0 };
    size_t at = 0, last = 0;

    while (next_of(l, &q, &at) != NULL) {
        if (at != last)
            lines_take(l, last, &lines);
        last = at;
        if (!currency_is_known(row_int(&q, 7)))
            return bad_row(l, &q, "currency", row_text(&q, 7));
        *arena_push(l->a, lines.all, lines.count, lines.room) =
            (struct line){ .entry = row_int(&q, 1),
                           .day = row_day(&q, 2),
                           .posted_at = row_int(&q, 3),
                           .account = account_word(row_text(&q, 4)),
                           .debt = (int32_t)row_int(&q, 5),
                           .item = (int32_t)row_int(&q, 6),
                           .currency = (enum currency)row_int(&q, 7),
                           .minor = row_int(&q, 8) };
    }
    if (l->count > 0)
        lines_take(l, last, &lines);
    return query_end(&q, l->why);
}

/* ---- Promises ---------------------------------------------------------------------------- */

static bool state_of_promise(const char *name, enum promise_state *out)
{
    for (int i = 0; i < PROMISE_STATES; i++) {
        *out = (enum promise_state)i;
        if (text_equal(promise_state_name(*out), name))
            return true;
    }
    return false;
}

static bool load_promises(struct loading *l)
{
    struct query q = begin(l, QUERY(l, PROMISES));
    size_t at = 0, room = 0;
    struct track *t;

    while ((t = next_of(l, &q, &at)) != NULL) {
        struct track_promise *p = GATHER(l, t, promises, promise_count, room);
        *p = (struct track_promise){ .currency = (enum currency)row_int(&q, 1),
                                     .minor = row_int(&q, 2),
                                     .made_day = row_day(&q, 3),
                                     .due_day = row_day(&q, 4),
                                     .state_day = row_day(&q, 6),
                                     .of_plan = row_int(&q, 7) != 0,
                                     .author = author_copy(l, &q, 8) };
        if (!state_of_promise(row_text(&q, 5), &p->state))
            return bad_row(l, &q, "state of a promise", row_text(&q, 5));
        if (!currency_is_known(p->currency))
            return bad_row(l, &q, "currency", row_text(&q, 1));
    }
    return query_end(&q, l->why);
}

/* ---- Contacts ---------------------------------------------------------------------------- */

static int32_t week_hour_of(const struct zone *zone, struct instant at)
{
    if (zone == NULL)
        return -1;
    struct wall wall = wall_at(at, zone);
    return weekday_of(wall.day) * 24 + wall.second / 3600;
}

static struct track_contact contact_at(const struct loading *l, size_t at, int64_t us)
{
    struct instant when = { us };
    int64_t minute = us / 60000000;

    return (struct track_contact){ .day = wall_at(when, l->house).day,
                                   .minute = us % 60000000 < 0 ? minute - 1 : minute,
                                   .week_hour = week_hour_of(l->zones[at], when) };
}

static bool load_contacts(struct loading *l)
{
    struct query q = begin(l, QUERY(l, CONTACTS));
    size_t at = 0, room = 0;
    struct track *t;

    while ((t = next_of(l, &q, &at)) != NULL) {
        struct track_contact *k = GATHER(l, t, contacts, contact_count, room);
        *k = contact_at(l, at, row_int(&q, 1));
        k->direction = row_int(&q, 3) != 0 ? DIRECTION_IN : DIRECTION_OUT;
        k->author = author_copy(l, &q, 5);
        if (!channel_parse(row_text(&q, 2), &k->channel) ||
            !outcome_parse(row_text(&q, 4), &k->outcome))
            return bad_row(l, &q, "channel or outcome", row_text(&q, 2));
    }
    return query_end(&q, l->why);
}

static int compare_contacts(const void *left, const void *right)
{
    const struct track_contact *a = left, *b = right;

    if (a->minute != b->minute)
        return a->minute < b->minute ? -1 : 1;
    if (a->direction != b->direction)
        return a->direction == DIRECTION_IN ? -1 : 1;
    if (a->channel != b->channel)
        return a->channel < b->channel ? -1 : 1;
    if (a->outcome != b->outcome)
        return a->outcome < b->outcome ? -1 : 1;
    int order = strcmp(a->step != NULL ? a->step : "", b->step != NULL ? b->step : "");
    if (order == 0)
        order = a->asks_for_money - b->asks_for_money;
    return order != 0
               ? order
               : strcmp(a->author != NULL ? a->author : "", b->author != NULL ? b->author : "");
}

/* Messages join the contacts, whose arrays are copied once to make room. */
static bool load_messages(struct loading *l)
{
    struct query q = begin(l, QUERY(l, MESSAGES));
    size_t at = 0, last = SIZE_MAX, room = 0;
    struct track *t;

    while ((t = next_of(l, &q, &at)) != NULL) {
        if (at != last)
            room = t->contact_count;
        last = at;
        struct track_contact *k = arena_push(l->a, t->contacts, t->contact_count, room);
        *k = contact_at(l, at, row_int(&q, 1));
        if (!channel_parse(row_text(&q, 2), &k->channel) ||
            !outcome_parse(row_text(&q, 3), &k->outcome))
            return bad_row(l, &q, "channel or state", row_text(&q, 2));
        k->step = row_copy(&q, 4, l->a);
        k->asks_for_money =
            row_text(&q, 5) == NULL || text_equal(row_text(&q, 5), "collection");
        k->author = author_copy(l, &q, 6);
    }
    for (size_t i = 0; i < l->count; i++)
        sort_array(l->all[i].is.contacts, l->all[i].is.contact_count,
                   sizeof(struct track_contact), compare_contacts);
    return query_end(&q, l->why);
}

/* ---- Disputes, hardship, stops ----------------------------------------------------------- */

static bool load_disputes(struct loading *l)
{
    struct query q = begin(l, QUERY(l, DISPUTES));
    size_t at = 0, room = 0;
    struct track *t;

    while ((t = next_of(l, &q, &at)) != NULL) {
        struct track_dispute *d = GATHER(l, t, disputes, dispute_count, room);
        *d = (struct track_dispute){ .received_day = row_day(&q, 1),
                                     .state_day = row_day(&q, 2),
                                     .open = text_equal(row_text(&q, 3), "open"),
                                     .withdrawn = text_equal(row_text(&q, 3), "withdrawn"),
                                     .reason = row_copy(&q, 4, l->a),
                                     .author = author_copy(l, &q, 5) };
        if (d->open)
            d->state_day = d->received_day; /* it says no more */
    }
    return query_end(&q, l->why);
}

/* Rooms of the arrays of the case file at hand. */
struct fact_rooms {
    size_t spans, stops, hardships;
    size_t debt_count, debt_room;
    int32_t *debts; /* of each hardship, about which it is */
};

/* A hold with a result is what was decided of the one asked for before it. */
static void take_hardship(struct loading *l, struct track *t, struct query *q, struct day day,
                          struct fact_rooms *r)
{
    int32_t debt = (int32_t)row_int(q, 2);
    struct day ended = house_day(l, row_int(q, 4));
    bool decided = gate_field_find(gate_fields_parse(l->a, row_text(q, 6)), "result") != NULL;

    if (t->hardship_count == 0)
        r->debt_count = 0;
    for (size_t i = t->hardship_count; decided && i-- > 0;) {
        if (r->debts[i] != debt)
            continue;
        if (t->hardships[i].decided_day.number == DAY_NEVER.number) {
            t->hardships[i].decided_day = day;
            t->hardships[i].author = author_copy(l, q, 7);
        }
        return;
    }
    *GATHER(l, t, hardships, hardship_count, r->hardships) =
        (struct track_hardship){ day, decided ? day : DAY_NEVER, ended,
                                 decided ? author_copy(l, q, 7) : NULL };
    *arena_push(l->a, r->debts, r->debt_count, r->debt_room) = debt;
}

static void take_fact(struct loading *l, struct track *t, struct query *q, struct fact_rooms *r)
{
    const char *type = row_text(q, 1), *scope = row_text(q, 5);
    struct day day = house_day(l, row_int(q, 3));

    if (text_equal(type, "dispute"))
        *GATHER(l, t, disputed, disputed_count, r->spans) =
            (struct track_span){ day, house_day(l, row_int(q, 4)) };
    else if (text_equal(type, "opt_out") || text_equal(type, "cease"))
        *GATHER(l, t, stops, stop_count, r->stops) =
            (struct track_stop){ day, text_equal(type, "cease") };
    else if (text_equal(scope, "hardship"))
        take_hardship(l, t, q, day, r);
}

static bool load_facts(struct loading *l)
{
    struct query q = begin(l, QUERY(l, FACTS));
    struct fact_rooms rooms = { 0 };
    size_t at = 0;
    struct track *t;

    while ((t = next_of(l, &q, &at)) != NULL)
        take_fact(l, t, &q, &rooms);
    return query_end(&q, l->why);
}

static bool load_complaints(struct loading *l)
{
    struct query q = begin(l, QUERY(l, COMPLAINTS));
    size_t at = 0, room = 0;
    struct track *t;

    while ((t = next_of(l, &q, &at)) != NULL)
        *GATHER(l, t, complaints, complaint_count, room) = row_day(&q, 1);
    return query_end(&q, l->why);
}

/* ---- Plans ------------------------------------------------------------------------------- */

static bool load_plans(struct loading *l)
{
    struct query q = begin(l, QUERY(l, PLANS));
    size_t at = 0, room = 0;
    struct track *t;

    while ((t = next_of(l, &q, &at)) != NULL)
        *GATHER(l, t, plans, plan_count, room) = (struct track_plan){ row_day(&q, 1), false };
    return query_end(&q, l->why);
}

/* They come after those that stand, whose arrays are copied once to make room. */
static bool load_declined(struct loading *l)
{
    struct query q = begin(l, QUERY(l, DECLINED));
    size_t at = 0, last = SIZE_MAX, room = 0;
    struct track *t;

    while ((t = next_of(l, &q, &at)) != NULL) {
        if (at != last)
            room = t->plan_count;
        last = at;
        *arena_push(l->a, t->plans, t->plan_count, room) =
            (struct track_plan){ house_day(l, row_int(&q, 1)), true };
    }
    return query_end(&q, l->why);
}

/* ---- All of it --------------------------------------------------------------------------- */

bool tracks_load(struct store *s, struct arena *a, int64_t bucket, int64_t casefile_id,
                 const struct zone *house, struct tracks *out, struct fault *why)
{
    struct loading l = {
        .s = s, .a = a, .bucket = bucket, .casefile_id = casefile_id, .house = house, .why = why
    };

    *why = (struct fault){ 0 };
    if (!load_heads(&l) || !load_items(&l) || !load_postings(&l) || !load_promises(&l) ||
        !load_contacts(&l) || !load_messages(&l) || !load_disputes(&l) || !load_facts(&l) ||
        !load_complaints(&l) || !load_plans(&l) || !load_declined(&l))
        return false;
    *out = (struct tracks){ l.count, l.all };
    return true;
}

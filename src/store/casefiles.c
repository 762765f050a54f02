#include "store/casefiles.h"

#include "base/text.h"
#include "store/face.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Which rows a statement reads: of the whole bucket, of those to be woken, of one. */
enum reach { REACH_ALL, REACH_DUE, REACH_ONE };

/* What is being loaded: statements of three kinds, bound alike. */
struct loading {
    struct store *s;
    struct arena *a;
    int64_t bucket, key; /* key: wake moment or case file; not for REACH_ALL */
    enum reach reach;
    bool faces; /* take them where they serve */
    struct day today;
    struct casefile *all;
    size_t count;
    struct fault *why;
};

#define QUERY(l, name)                                                                         \
    ((l)->reach == REACH_ALL   ? Q_LOAD_##name##_ALL                                           \
     : (l)->reach == REACH_DUE ? Q_LOAD_##name##_DUE                                           \
                               : Q_LOAD_##name##_ONE)

static struct query begin(const struct loading *l, enum query_name name)
{
    struct query q = query_begin(l->s, name);

    bind_int(&q, l->bucket);
    if (l->reach != REACH_ALL)
        bind_int(&q, l->key);
    return q;
}

/*
 * The next row of a case file that is wanted, and that case file: rows of every table come in
 * the order of the case files, and *at moves on with them. NULL when there are no more rows.
 */
static struct casefile *next_of(const struct loading *l, struct query *q, size_t *at)
{
    while (query_next(q)) {
        int64_t id = row_int(q, 0);
        while (*at < l->count && l->all[*at].key.id < id)
            (*at)++;
        if (*at < l->count && l->all[*at].key.id == id)
            return &l->all[*at];
    }
    return NULL;
}

/* ---- Small words in columns ----------------------------------------------------------- */

static const char *const *split(struct arena *a, const char *text, size_t *count)
{
    const char **parts = NULL;
    size_t room = 0;

    *count = 0;
    while (text != NULL && *text != '\0') {
        size_t length = strcspn(text, ",");
        *arena_push(a, parts, *count, room) = arena_copy_n(a, text, length);
        text += length + (text[length] == ',');
    }
    return parts;
}

struct debt_set debt_set_parse(struct arena *a, const char *text)
{
    size_t count;
    const char *const *parts = split(a, text, &count);
    int32_t *numbers = arena_array(a, int32_t, count + 1);

    for (size_t i = 0; i < count; i++)
        numbers[i] = (int32_t)strtol(parts[i], NULL, 10);
    return (struct debt_set){ count, numbers };
}

const char *debt_set_print(struct arena *a, struct debt_set set)
{
    char *text = arena_alloc(a, set.count * 12 + 1), *at = text;

    for (size_t i = 0; i < set.count; i++)
        at += sprintf(at, "%s%d", i > 0 ? "," : "", set.numbers[i]);
    return text;
}

struct gate_fields gate_fields_parse(struct arena *a, const char *text)
{
    struct gate_field *fields = NULL;
    size_t count = 0, room = 0;

    while (text != NULL && *text != '\0') {
        size_t length = strcspn(text, "\n"), name = strcspn(text, "=");
        if (name < length) {
            struct gate_field *f = arena_push(a, fields, count, room);
            f->name = arena_copy_n(a, text, name);
            f->value = arena_copy_n(a, text + name + 1, length - name - 1);
        }
        text += length + (text[length] == '\n');
    }
    return (struct gate_fields){ count, fields };
}

const char *gate_fields_print(struct arena *a, struct gate_fields fields)
{
    const char *text = NULL;

    for (size_t i = 0; i < fields.count; i++) {
        const struct gate_field *f = &fields.fields[i];
        if (strpbrk(f->name, "=\n") != NULL || strchr(f->value, '\n') != NULL)
            continue;
        text = arena_print(a, "%s%s%s=%s", text == NULL ? "" : text, text == NULL ? "" : "\n",
                           f->name, f->value);
    }
    return text;
}

static bool bad_row(struct loading *l, struct query *q, const char *what, const char *word)
{
    fail(l->why, DB_ROW, "A row of the book holds the unknown %s \"%s\".", what,
         word == NULL ? "" : word);
    query_end(q, NULL);
    return false;
}

/* ---- One table after the other -------------------------------------------------------- */

static bool load_heads(struct loading *l)
{
    struct query q = begin(l, QUERY(l, CASEFILE));
    size_t room = 0;

    while (query_next(&q)) {
        struct casefile *c = arena_push(l->a, l->all, l->count, room);
        c->key = (struct casefile_key){ l->bucket, row_int(&q, 0) };
        c->reference = row_copy(&q, 1, l->a);
        c->creditor = row_copy(&q, 2, l->a);
        if (!actor_role_parse(row_text(&q, 3), &c->role))
            return bad_row(l, &q, "role", row_text(&q, 3));
        c->business = row_int(&q, 4) != 0;
        c->wake_at.us = row_int(&q, 5);
        c->books_day = (struct day){ (int32_t)row_int(&q, 14) };
        c->last_no = (int32_t)row_int(&q, 6);
        c->standing = row_copy(&q, 7, l->a);
        c->standing_reason = row_copy(&q, 8, l->a);
        c->standing_rule = row_copy(&q, 9, l->a);
        c->standing_until.us = row_int(&q, 10);
        c->segment = row_copy(&q, 11, l->a);
        c->standing_step = row_copy(&q, 12, l->a);
        c->strategy = row_copy(&q, 15, l->a);
        size_t length;
        const void *face = l->faces ? row_blob(&q, 13, &length) : NULL;
        c->face_serves = face != NULL && face_unpack(face, length, l->today, l->a, c);
    }
    return query_end(&q, l->why);
}

/*
 * Elements of one case file are gathered in a growing array; since they come together, only
 * the last case file's array ever grows.
 */
#define GATHER(l, owner, array, count, room)                                                   \
    (((owner)->count == 0 ? (room) = 0 : 0),                                                   \
     arena_push((l)->a, (owner)->array, (owner)->count, room))

static bool load_parties(struct loading *l)
{
    struct query q = begin(l, QUERY(l, PARTIES));
    size_t at = 0, room = 0;
    struct casefile *c;

    while ((c = next_of(l, &q, &at)) != NULL) {
        struct party *p = GATHER(l, c, parties, party_count, room);
        p->number = (int32_t)row_int(&q, 1);
        p->role = row_copy(&q, 2, l->a);
        p->name = row_copy(&q, 3, l->a);
        p->language = row_copy(&q, 4, l->a);
        party_place(p, whereabouts_of(row_text(&q, 5), row_text(&q, 6)));
        p->clues_text = row_copy(&q, 7, l->a);
    }
    return query_end(&q, l->why);
}

static bool load_points(struct loading *l)
{
    struct query q = begin(l, QUERY(l, POINTS));
    size_t at = 0, room = 0;
    struct casefile *c;

    while ((c = next_of(l, &q, &at)) != NULL) {
        struct contact_point *p = GATHER(l, c, points, point_count, room);
        p->number = (int32_t)row_int(&q, 1);
        p->party = (int32_t)row_int(&q, 2);
        if (!channel_parse(row_text(&q, 3), &p->channel))
            return bad_row(l, &q, "channel", row_text(&q, 3));
        p->address = row_copy(&q, 4, l->a);
        p->good = text_equal(row_text(&q, 5), "good");
    }
    return query_end(&q, l->why);
}

/* Between the first and the last of several payments only the postings know. */
static bool ask_postings(struct loading *l, const struct casefile *c, struct instalment *i,
                         const struct debt *d)
{
    struct query q = query_begin(l->s, Q_INSTALMENT_OPEN_ON);

    bind_int(&q, l->today.number);
    bind_int(&q, c->key.bucket);
    bind_int(&q, c->key.id);
    bind_int(&q, i->debt);
    bind_int(&q, i->number);
    if (query_next(&q)) {
        if (l->today.number >= d->invoice_day.number)
            instalment_open(i, row_int(&q, 0));
        i->next_change_day = (struct day){ (int32_t)row_int(&q, 1) };
    }
    return query_end(&q, l->why);
}

/* Brings the instalments to today and drops those that are settled for good. */
static bool items_as_of(struct loading *l, struct casefile *c)
{
    size_t kept = 0, d = 0, debts_kept = 0;

    for (size_t k = 0; k < c->instalment_count; k++) {
        struct instalment *i = &c->instalments[k];
        if (i->paid_minor >= i->amount_minor && i->charges_minor <= 0 &&
            i->last_change_day.number <= l->today.number)
            continue;
        while (d < c->debt_count && c->debts[d].number != i->debt)
            d++;
        must(d < c->debt_count);
        if (!instalment_as_of(i, &c->debts[d], l->today) &&
            !ask_postings(l, c, i, &c->debts[d]))
            return false;
        if (debts_kept == 0 || c->debts[debts_kept - 1].number != i->debt)
            c->debts[debts_kept++] = c->debts[d];
        c->instalments[kept++] = *i;
    }
    c->instalment_count = kept;
    c->debt_count = debts_kept;
    return true;
}

static bool load_items(struct loading *l)
{
    struct query q = begin(l, QUERY(l, ITEMS));
    size_t at = 0, item_room = 0, debt_room = 0;
    struct casefile *c;

    bind_int(&q, l->today.number);
    while ((c = next_of(l, &q, &at)) != NULL) {
        int32_t number = (int32_t)row_int(&q, 1);
        if (c->debt_count == 0 || c->debts[c->debt_count - 1].number != number) {
            struct debt *d = GATHER(l, c, debts, debt_count, debt_room);
            d->number = number;
            d->reference = row_copy(&q, 8, l->a);
            d->kind = row_copy(&q, 9, l->a);
            d->currency = (enum currency)row_int(&q, 10);
            d->invoice_day = (struct day){ (int32_t)row_int(&q, 11) };
            if (!currency_is_known(row_int(&q, 10)))
                return bad_row(l, &q, "currency", row_text(&q, 10));
        }
        struct instalment *i = GATHER(l, c, instalments, instalment_count, item_room);
        *i = (struct instalment){ .debt = number,
                                  .number = (int32_t)row_int(&q, 2),
                                  .due_day = { (int32_t)row_int(&q, 3) },
                                  .amount_minor = row_int(&q, 4),
                                  .paid_minor = row_int(&q, 5),
                                  .first_change_day = { (int32_t)row_int(&q, 6) },
                                  .last_change_day = { (int32_t)row_int(&q, 7) },
                                  .charges_minor = row_int(&q, 12),
                                  .disputed_minor = row_int(&q, 13),
                                  .last_paid_day = { (int32_t)row_int(&q, 14) },
                                  .grace_days = (int32_t)row_int(&q, 15),
                                  .step_day = DAY_NONE };
    }
    if (!query_end(&q, l->why))
        return false;
    for (size_t k = 0; k < l->count; k++) {
        if (!items_as_of(l, &l->all[k]))
            return false;
    }
    return true;
}

/* The last step of each instalment: by its day, and by the order of decisions within a day. */
static bool load_steps(struct loading *l)
{
    struct query q = begin(l, QUERY(l, STEPS));
    size_t at = 0, last = SIZE_MAX, item = 0;
    struct casefile *c;
    int64_t seq = 0;

    while ((c = next_of(l, &q, &at)) != NULL) {
        int32_t debt = (int32_t)row_int(&q, 1), number = (int32_t)row_int(&q, 2);
        if (at != last)
            item = 0;
        last = at;
        while (item < c->instalment_count &&
               (c->instalments[item].debt < debt ||
                (c->instalments[item].debt == debt && c->instalments[item].number < number)))
            item++;
        if (item == c->instalment_count || c->instalments[item].debt != debt ||
            c->instalments[item].number != number)
            continue; /* settled since */
        struct instalment *i = &c->instalments[item];
        int32_t day = (int32_t)row_int(&q, 4);
        if (i->last_step != NULL && (day < i->step_day.number ||
                                     (day == i->step_day.number && row_int(&q, 5) < seq)))
            continue;
        seq = row_int(&q, 5);
        i->last_step = row_copy(&q, 3, l->a);
        i->step_day = (struct day){ day };
    }
    return query_end(&q, l->why);
}

static int facts_by_time(const void *a, const void *b)
{
    const struct gate_fact *x = a, *y = b;

    return (x->at.us > y->at.us) - (x->at.us < y->at.us);
}

static int contacts_by_time(const void *a, const void *b)
{
    const struct contact *x = a, *y = b;

    return (x->at.us > y->at.us) - (x->at.us < y->at.us);
}

void contacts_sort(struct casefile *c)
{
    if (c->contact_count > 1)
        qsort(c->contacts, c->contact_count, sizeof *c->contacts, contacts_by_time);
}

void bind_key(struct query *q, struct casefile_key key)
{
    bind_int(q, key.bucket);
    bind_int(q, key.id);
}

static bool load_facts(struct loading *l)
{
    struct query q = begin(l, QUERY(l, FACTS));
    size_t at = 0, room = 0;
    struct casefile *c;

    while ((c = next_of(l, &q, &at)) != NULL) {
        struct gate_fact *f = GATHER(l, c, facts, fact_count, room);
        if (!fact_type_parse(row_text(&q, 1), &f->type))
            return bad_row(l, &q, "fact", row_text(&q, 1));
        f->party = (int32_t)row_int(&q, 2);
        f->debt = (int32_t)row_int(&q, 3);
        f->at.us = row_int(&q, 4);
        f->until.us = row_int(&q, 5);
        f->scope = row_copy(&q, 6, l->a);
        f->value = row_copy(&q, 7, l->a);
        f->channel_known = row_text(&q, 8) != NULL;
        if (f->channel_known && !channel_parse(row_text(&q, 8), &f->channel))
            return bad_row(l, &q, "channel", row_text(&q, 8));
        f->hours = (struct bad_hours){ (uint8_t)row_int(&q, 9), (int32_t)row_int(&q, 10),
                                       (int32_t)row_int(&q, 11) };
        f->detail = gate_fields_parse(l->a, row_text(&q, 13));
        f->other = (int32_t)row_int(&q, 14);
    }
    return query_end(&q, l->why);
}

static bool load_contacts(struct loading *l)
{
    struct query q = begin(l, QUERY(l, CONTACTS));
    size_t at = 0, room = 0;
    struct casefile *c;

    while ((c = next_of(l, &q, &at)) != NULL) {
        struct contact *k = GATHER(l, c, contacts, contact_count, room);
        k->at.us = row_int(&q, 1);
        if (!channel_parse(row_text(&q, 2), &k->channel) ||
            !outcome_parse(row_text(&q, 4), &k->outcome))
            return bad_row(l, &q, "channel or outcome", row_text(&q, 2));
        k->direction = row_int(&q, 3) != 0 ? DIRECTION_IN : DIRECTION_OUT;
        k->party = (int32_t)row_int(&q, 5);
        k->debts = debt_set_parse(l->a, row_text(&q, 6));
        k->address = row_copy(&q, 7, l->a);
        k->purpose = row_copy(&q, 8, l->a);
    }
    return query_end(&q, l->why);
}

static enum outcome outcome_of_state(const char *state)
{
    if (text_equal(state, "sent") || text_equal(state, "unsure"))
        return OUTCOME_SENT;
    if (text_equal(state, "delivered"))
        return OUTCOME_DELIVERED;
    return text_equal(state, "bounced") ? OUTCOME_BOUNCED : OUTCOME_PLANNED;
}

/* Messages join the contacts; the arrays of `contact` are copied once to make room. */
static bool load_messages(struct loading *l)
{
    struct query q = begin(l, QUERY(l, MESSAGES));
    size_t at = 0, room = 0, last = SIZE_MAX;
    struct casefile *c;

    while ((c = next_of(l, &q, &at)) != NULL) {
        if (at != last)
            room = c->contact_count; /* full: the first push copies */
        last = at;
        struct contact *k = arena_push(l->a, c->contacts, c->contact_count, room);
        *k = (struct contact){ .at = { row_int(&q, 1) }, .direction = DIRECTION_OUT };
        if (!channel_parse(row_text(&q, 2), &k->channel))
            return bad_row(l, &q, "channel", row_text(&q, 2));
        k->outcome = outcome_of_state(row_text(&q, 3));
        k->party = (int32_t)row_int(&q, 4);
        k->debts = debt_set_parse(l->a, row_text(&q, 5));
        k->address = row_copy(&q, 6, l->a);
        k->outbox = (int32_t)row_int(&q, 7);
        k->purpose = row_copy(&q, 8, l->a);
    }
    return query_end(&q, l->why);
}

static bool promise_state_read(const char *name, enum promise_state *out)
{
    for (int i = 0; i < PROMISE_STATES; i++) {
        *out = (enum promise_state)i;
        if (text_equal(name, promise_state_name(*out)))
            return true;
    }
    return false;
}

static bool load_promises(struct loading *l)
{
    struct query q = begin(l, QUERY(l, PROMISES));
    size_t at = 0, room = 0;
    struct casefile *c;

    while ((c = next_of(l, &q, &at)) != NULL) {
        struct promise *p = GATHER(l, c, promises, promise_count, room);
        *p = (struct promise){ .number = (int32_t)row_int(&q, 1),
                               .currency = (enum currency)row_int(&q, 2),
                               .minor = row_int(&q, 3),
                               .made_day = { (int32_t)row_int(&q, 4) },
                               .due_day = { (int32_t)row_int(&q, 5) },
                               .plan = (int32_t)row_int(&q, 6),
                               .item = (int32_t)row_int(&q, 7),
                               .state_day = { (int32_t)row_int(&q, 9) },
                               .notice = (int32_t)row_int(&q, 10),
                               .debit = (int32_t)row_int(&q, 11) };
        if (!promise_state_read(row_text(&q, 8), &p->state))
            return bad_row(l, &q, "state of a promise", row_text(&q, 8));
    }
    return query_end(&q, l->why);
}

static bool load_plans(struct loading *l)
{
    struct query q = begin(l, QUERY(l, PLANS));
    size_t at = 0, room = 0;
    struct casefile *c;

    while ((c = next_of(l, &q, &at)) != NULL) {
        struct payment_plan *p = GATHER(l, c, plans, plan_count, room);
        *p = (struct payment_plan){ .number = (int32_t)row_int(&q, 1),
                                    .offer = (int32_t)row_int(&q, 2),
                                    .state_day = { (int32_t)row_int(&q, 4) },
                                    .currency = (enum currency)row_int(&q, 5),
                                    .total_minor = row_int(&q, 6),
                                    .debts = debt_set_parse(l->a, row_text(&q, 7)),
                                    .made_day = { (int32_t)row_int(&q, 8) },
                                    .interest_frozen = row_int(&q, 9) != 0,
                                    .cure_days = (int)row_int(&q, 10),
                                    .resumes_day = { (int32_t)row_int(&q, 11) },
                                    .notice_days = (int)row_int(&q, 12),
                                    .autopay = row_copy(&q, 13, l->a) };
        if (!plan_state_parse(row_text(&q, 3), &p->state))
            return bad_row(l, &q, "state of a plan", row_text(&q, 3));
    }
    return query_end(&q, l->why);
}

static bool load_offers(struct loading *l)
{
    struct query q = begin(l, QUERY(l, OFFERS));
    size_t at = 0, room = 0;
    struct casefile *c;

    while ((c = next_of(l, &q, &at)) != NULL) {
        struct pending_offer *o = GATHER(l, c, offers, offer_count, room);
        *o = (struct pending_offer){ .number = (int32_t)row_int(&q, 1),
                                     .plan = (int32_t)row_int(&q, 2),
                                     .expires_day = { (int32_t)row_int(&q, 4) },
                                     .void_on_default = row_int(&q, 5) != 0 };
        if (!offer_state_parse(row_text(&q, 3), &o->state))
            return bad_row(l, &q, "state of an offer", row_text(&q, 3));
    }
    return query_end(&q, l->why);
}

static bool load_pending(struct loading *l)
{
    struct query q = begin(l, QUERY(l, PENDING));
    size_t at = 0, room = 0;
    struct casefile *c;

    while ((c = next_of(l, &q, &at)) != NULL) {
        struct payment *p = GATHER(l, c, payments, payment_count, room);
        *p = (struct payment){ .number = (int32_t)row_int(&q, 1),
                               .pending = true,
                               .received_day = { (int32_t)row_int(&q, 2) },
                               .currency = (enum currency)row_int(&q, 3),
                               .minor = row_int(&q, 4) };
    }
    return query_end(&q, l->why);
}

static bool load_pauses(struct loading *l)
{
    struct query q = begin(l, QUERY(l, PAUSES));
    size_t at = 0, room = 0;
    struct casefile *c;

    while ((c = next_of(l, &q, &at)) != NULL) {
        struct pause *p = GATHER(l, c, pauses, pause_count, room);
        *p = (struct pause){ (int32_t)row_int(&q, 1),
                             { (int32_t)row_int(&q, 2) },
                             { (int32_t)row_int(&q, 3) } };
    }
    return query_end(&q, l->why);
}

static void sort_by_time(struct loading *l)
{
    for (size_t i = 0; i < l->count; i++) {
        struct casefile *c = &l->all[i];
        if (c->fact_count > 1)
            qsort(c->facts, c->fact_count, sizeof *c->facts, facts_by_time);
        contacts_sort(c);
    }
}

static bool load_tables(struct loading *l)
{
    if (!load_parties(l) || !load_points(l) || !load_items(l) || !load_steps(l) ||
        !load_facts(l) || !load_contacts(l) || !load_messages(l) || !load_promises(l) ||
        !load_pending(l) || !load_plans(l) || !load_offers(l) || !load_pauses(l))
        return false;
    sort_by_time(l);
    return true;
}

/* Lists read from tables take the place of what a broken or missing face left. */
static void clear_lists(struct casefile *c)
{
    c->party_count = c->point_count = c->debt_count = c->instalment_count = c->fact_count =
        c->contact_count = c->promise_count = c->payment_count = c->plan_count =
            c->offer_count = c->pause_count = 0;
}

static bool load_one_by_one(struct loading *l)
{
    for (size_t i = 0; i < l->count; i++) {
        struct casefile *c = &l->all[i];
        struct loading alone = *l;
        if (c->face_serves) {
            if (!items_as_of(l, c))
                return false;
            continue;
        }
        clear_lists(c);
        alone.reach = REACH_ONE;
        alone.key = c->key.id;
        alone.all = c;
        alone.count = 1;
        if (!load_tables(&alone))
            return false;
    }
    return true;
}

/* Reading a whole bucket in its order pays when a third of it is wanted: nothing is sorted. */
static bool choose_reach(struct loading *l)
{
    int64_t there = 0;

    if (l->reach != REACH_DUE)
        return true;
    struct query q = query_begin(l->s, Q_CASEFILE_COUNT_IN);
    bind_int(&q, l->bucket);
    if (query_next(&q))
        there = row_int(&q, 0);
    if ((int64_t)l->count * 3 >= there)
        l->reach = REACH_ALL;
    return query_end(&q, l->why);
}

/*
 * Faces where they serve; the tables for the rest: each alone when they are few, all together
 * when they are many.
 */
static bool load_all(struct loading *l)
{
    size_t without = 0;

    if (!load_heads(l))
        return false;
    for (size_t i = 0; i < l->count; i++)
        without += !l->all[i].face_serves;
    if (without * 4 <= l->count)
        return load_one_by_one(l);
    for (size_t i = 0; i < l->count; i++)
        clear_lists(&l->all[i]);
    return choose_reach(l) && load_tables(l);
}

bool casefiles_load_due(struct store *s, struct arena *a, int64_t bucket, struct instant wake,
                        struct day today, struct casefiles *out, struct fault *why)
{
    enum reach reach = wake.us == INSTANT_NEVER.us ? REACH_ALL : REACH_DUE;
    struct loading l = { s, a, bucket, wake.us, reach, true, today, NULL, 0, why };

    *why = (struct fault){ 0 };
    if (!load_all(&l))
        return false;
    *out = (struct casefiles){ l.count, l.all };
    return true;
}

bool casefile_load(struct store *s, struct arena *a, struct casefile_key key, struct day today,
                   struct casefile **out, struct fault *why)
{
    struct loading l = { s, a, key.bucket, key.id, REACH_ONE, false, today, NULL, 0, why };

    *why = (struct fault){ 0 };
    if (!load_all(&l))
        return false;
    if (l.count == 0)
        return fail(why, NOT_FOUND, "There is no such case file.");
    *out = l.all;
    return true;
}

static bool reference_find(struct store *s, const char *kind, const char *reference,
                           struct casefile_key *out, bool *found, struct fault *why)
{
    struct query q = query_begin(s, Q_REFERENCE_FIND);

    bind_int(&q, bucket_of_reference(kind, reference));
    bind_text(&q, kind);
    bind_text(&q, reference);
    *found = query_next(&q);
    if (*found) {
        out->id = row_int(&q, 0);
        out->bucket = out->id >> 53;
    }
    return query_end(&q, why);
}

bool casefile_find(struct store *s, const char *reference, struct casefile_key *out,
                   struct fault *why)
{
    bool found = false;

    *out = casefile_key_of(reference);
    struct query q = query_begin(s, Q_CASEFILE_FIND);
    bind_int(&q, out->bucket);
    bind_int(&q, out->id);
    found = query_next(&q) && text_equal(row_text(&q, 0), reference);
    if (!query_end(&q, why))
        return false;
    if (!found && !reference_find(s, "debt", reference, out, &found, why))
        return false;
    if (found)
        return true;
    fail(why, NOT_FOUND, "There is no account \"%s\".", reference);
    return fault_hint(why, "recoup account list");
}

bool buckets_due(struct store *s, struct instant now, bool due[BUCKETS], struct fault *why)
{
    struct query q = query_begin(s, Q_DUE_BUCKETS);

    memset(due, 0, BUCKETS * sizeof *due);
    bind_int(&q, now.us);
    while (query_next(&q)) {
        int64_t bucket = row_int(&q, 0);
        if (bucket >= 0 && bucket < BUCKETS)
            due[bucket] = true;
    }
    return query_end(&q, why);
}

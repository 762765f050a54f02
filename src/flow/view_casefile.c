/* Everything of one case file, and what may be done about it now. */
#include "base/text.h"
#include "domain/gate_cure.h"
#include "flow/view_parts.h"
#include "store/casefiles.h"

#include <stdlib.h>
#include <string.h>

enum { LOOK_AHEAD_DAYS = 45, HAPPENINGS_SHOWN = 250 };

static struct query begin(struct view *v, enum query_name name, struct casefile_key key)
{
    struct query q = query_begin(v->store, name);

    bind_int(&q, key.bucket);
    bind_int(&q, key.id);
    return q;
}

/* ---- Money ------------------------------------------------------------------------------ */

static bool debts_read(struct view *v, struct casefile_key key, struct casefile_view *out,
                       struct fault *why)
{
    struct query q = begin(v, Q_WEB_DEBTS, key);
    size_t room = 0;

    while (query_next(&q)) {
        struct debt_row *d = arena_push(&v->arena, out->debts, out->debt_count, room);
        *d = (struct debt_row){ .debt = (int32_t)row_int(&q, 0),
                                .reference = view_text(v, &q, 1),
                                .kind = view_text(v, &q, 2),
                                .description = view_text(v, &q, 3),
                                .currency = (enum currency)row_int(&q, 4),
                                .invoice_day = view_day(&q, 5),
                                .terms = view_text(v, &q, 6),
                                .instalment = (int32_t)row_int(&q, 7),
                                .due_day = view_day(&q, 8),
                                .amount_minor = row_int(&q, 9),
                                .open_minor = row_int(&q, 9) - row_int(&q, 10),
                                .paid_day = view_day(&q, 11),
                                .last_step = view_text(v, &q, 12) };
    }
    return query_end(&q, why);
}

static void component_add(struct components *c, const char *account, int64_t minor)
{
    static const struct {
        const char *name;
        size_t place;
    } places[] = {
        { "interest", offsetof(struct components, posted_interest) },
        { "fees", offsetof(struct components, posted_fees) },
        { "principal", offsetof(struct components, posted_rest) },
        { "costs", offsetof(struct components, posted_rest) },
        { "unapplied", offsetof(struct components, posted_rest) },
        { "placed", offsetof(struct components, placed) },
        { "charged_off", offsetof(struct components, placed) },
        { "adjustment", offsetof(struct components, adjusted) },
        { "charged", offsetof(struct components, charged) },
        { "discount", offsetof(struct components, forgone) },
        { "waived", offsetof(struct components, forgone) },
        { "forgiven", offsetof(struct components, forgone) },
        { "written_off", offsetof(struct components, forgone) },
        { "cash", offsetof(struct components, paid) },
    };

    for (size_t i = 0; i < COUNT(places); i++) {
        if (text_equal(places[i].name, account))
            *(int64_t *)((char *)c + places[i].place) += minor;
    }
}

static struct components *component_of(struct view *v, struct casefile_view *out, size_t *room,
                                       enum currency currency)
{
    for (size_t i = 0; i < out->component_count; i++) {
        if (out->components[i].currency == currency)
            return &out->components[i];
    }
    struct components *c = arena_push(&v->arena, out->components, out->component_count, *room);
    *c = (struct components){ .currency = currency };
    return c;
}

/* What is owed comes from the books as of today, where it comes from is what is posted. */
static bool components_read(struct view *v, struct casefile_key key, struct casefile_view *out,
                            struct fault *why)
{
    struct balance_request request = { .key = key, .since = DAY_NONE, .day = v->today,
                                       .known = INSTANT_NEVER };
    struct balance *b = &out->balance;
    size_t room = 0;

    if (!balance_read(v->store, &v->arena, &request, b, why))
        return false;
    struct query q = begin(v, Q_WEB_COMPONENTS, key);
    bind_int(&q, v->today.number);
    while (query_next(&q))
        component_add(component_of(v, out, &room, (enum currency)row_int(&q, 0)),
                      row_text(&q, 1), row_int(&q, 2));
    for (size_t i = 0; i < b->currency_count; i++) {
        const struct balance_sum *sum = &b->currencies[i].closing;
        struct components *c = component_of(v, out, &room, b->currencies[i].currency);
        c->principal = sum->open[COMPONENT_PRINCIPAL];
        c->interest = sum->open[COMPONENT_INTEREST];
        c->fees = sum->open[COMPONENT_FEES];
        c->costs = sum->open[COMPONENT_COSTS];
        c->unapplied = sum->waiting;
    }
    return query_end(&q, why);
}

static bool promises_read(struct view *v, struct casefile_key key, struct casefile_view *out,
                          struct fault *why)
{
    struct query q = begin(v, Q_WEB_PROMISES, key);
    size_t room = 0;

    while (query_next(&q)) {
        struct promise_row *p = arena_push(&v->arena, out->promises, out->promise_count, room);
        *p = (struct promise_row){ (int32_t)row_int(&q, 0), (enum currency)row_int(&q, 1),
                                   row_int(&q, 2),          view_day(&q, 3),
                                   view_day(&q, 4),         view_text(v, &q, 5) };
    }
    return query_end(&q, why);
}

/* The numbers that the query gives. */
static bool numbers_read(struct view *v, enum query_name name, struct casefile_key key,
                         int32_t **out, size_t *count, struct fault *why)
{
    struct query q = begin(v, name, key);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    while (query_next(&q))
        *arena_push(&v->arena, *out, *count, room) = (int32_t)row_int(&q, 0);
    return query_end(&q, why);
}

static bool agreements_read(struct view *v, struct casefile_key key, struct casefile_view *out,
                            struct fault *why)
{
    int32_t *plans, *offers;

    if (!numbers_read(v, Q_WEB_PLANS, key, &plans, &out->plan_count, why) ||
        !numbers_read(v, Q_WEB_OFFERS, key, &offers, &out->offer_count, why))
        return false;
    out->plans = arena_array(&v->arena, struct held_plan, out->plan_count + 1);
    out->offers = arena_array(&v->arena, struct held_offer, out->offer_count + 1);
    for (size_t i = 0; i < out->plan_count; i++) {
        if (!plan_get(v->store, &v->arena, key, plans[i], &out->plans[i], why))
            return false;
    }
    for (size_t i = 0; i < out->offer_count; i++) {
        if (!offer_get(v->store, &v->arena, key, offers[i], v->zone, &out->offers[i], why))
            return false;
    }
    return disputes_of(v->store, &v->arena, key, &out->disputes, &out->dispute_count, why);
}

static bool facts_read(struct view *v, struct casefile_key key, struct casefile_view *out,
                       struct fault *why)
{
    struct query q = begin(v, Q_WEB_FACTS, key);
    size_t room = 0;

    while (query_next(&q)) {
        struct fact_row *f = arena_push(&v->arena, out->facts, out->fact_count, room);
        *f = (struct fact_row){ .type = view_text(v, &q, 1),
                                .debt = (int32_t)row_int(&q, 2),
                                .at = view_instant(&q, 3),
                                .until = view_instant(&q, 4),
                                .scope = view_text(v, &q, 5),
                                .value = view_text(v, &q, 6),
                                .channel = view_text(v, &q, 7),
                                .from = (int32_t)row_int(&q, 8),
                                .to = (int32_t)row_int(&q, 9),
                                .source = view_text(v, &q, 10) };
    }
    return query_end(&q, why);
}

/* ---- What happened ---------------------------------------------------------------------- */

struct story_so_far {
    struct view *v;
    struct casefile_view *out;
    size_t room;
};

static struct happening *happen(struct story_so_far *s, enum happening_kind kind,
                                struct instant at)
{
    struct casefile_view *out = s->out;
    struct happening *h =
        arena_push(&s->v->arena, out->happenings, out->happening_count, s->room);

    *h = (struct happening){ .kind = kind, .at = at };
    return h;
}

static bool contacts_read(struct story_so_far *s, struct casefile_key key, struct fault *why)
{
    struct query q = begin(s->v, Q_WEB_CONTACTS, key);

    while (query_next(&q)) {
        struct happening *h = happen(s, HAPPENED_CONTACT, view_instant(&q, 0));
        h->channel = view_text(s->v, &q, 1);
        h->incoming = row_int(&q, 2) != 0;
        h->outcome = view_text(s->v, &q, 3);
        h->address = view_text(s->v, &q, 4);
        h->note = view_text(s->v, &q, 5);
    }
    return query_end(&q, why);
}

static bool messages_read(struct story_so_far *s, struct casefile_key key, struct fault *why)
{
    struct query q = begin(s->v, Q_WEB_CASE_MESSAGES, key);

    while (query_next(&q)) {
        const char *state = view_text(s->v, &q, 2);
        bool waits = text_equal(state, "ready") || text_equal(state, "sending");
        struct happening *h = happen(s, HAPPENED_MESSAGE, view_instant(&q, waits ? 4 : 3));
        h->seq = row_int(&q, 0);
        h->channel = view_text(s->v, &q, 1);
        h->state = state;
        h->template = view_text(s->v, &q, 5);
        h->subject = view_text(s->v, &q, 6);
    }
    return query_end(&q, why);
}

static bool records_read(struct story_so_far *s, struct casefile_key key, struct fault *why)
{
    struct query q = begin(s->v, Q_WEB_JOURNAL, key);

    while (query_next(&q)) {
        struct happening *h = happen(s, HAPPENED_RECORD, view_instant(&q, 1));
        h->seq = row_int(&q, 0);
        h->what = view_text(s->v, &q, 2);
        h->record = view_text(s->v, &q, 3);
    }
    return query_end(&q, why);
}

static int newest_first(const void *a, const void *b)
{
    const struct happening *x = a, *y = b;

    if (x->at.us != y->at.us)
        return x->at.us > y->at.us ? -1 : 1;
    return (y->seq > x->seq) - (y->seq < x->seq);
}

static bool happenings_read(struct view *v, struct casefile_key key, struct casefile_view *out,
                            struct fault *why)
{
    struct story_so_far s = { v, out, 0 };

    if (!contacts_read(&s, key, why) || !messages_read(&s, key, why) ||
        !records_read(&s, key, why))
        return false;
    if (out->happening_count > 1)
        qsort(out->happenings, out->happening_count, sizeof *out->happenings, newest_first);
    if (out->happening_count > HAPPENINGS_SHOWN)
        out->happening_count = HAPPENINGS_SHOWN;
    return true;
}

/* ---- May we? ---------------------------------------------------------------------------- */

static void channel_judge(struct view *v, struct casefile_view *out, struct channel_view *ch)
{
    struct gate_packs packs =
        v->policy->packs_for(v->policy, &v->arena, out->casefile, out->party);
    struct verdict *verdict = arena_make(&v->arena, struct verdict);
    struct gate_question question;
    struct cures cures;

    decision_ask(v->policy, out->casefile, out->decision, ch->channel, ch->address, v->now,
                 &v->arena, &question);
    gate_judge(packs, &question, verdict);
    ch->ruling = verdict->ruling;
    ch->until = INSTANT_NEVER;
    if (verdict->ruling == RULING_ALLOW)
        return;
    if (verdict->decisive != NULL) {
        ch->reason = verdict->decisive->reason;
        ch->rule = rule_id(verdict->decisive->rule);
        ch->cite = rule_cite_first(verdict->decisive->rule);
        ch->unknown = verdict->decisive->unknown;
    }
    ch->until = gate_first_allowed(packs, &question, LOOK_AHEAD_DAYS);
    gate_cure(packs, &question, verdict, LOOK_AHEAD_DAYS, &v->arena, &cures);
    ch->would_allow = cures_words(&v->arena, &cures);
}

static void channels_judge(struct view *v, struct casefile_view *out)
{
    static const enum channel shown[CHANNELS_SHOWN] = { CHANNEL_EMAIL, CHANNEL_LETTER,
                                                        CHANNEL_CALL, CHANNEL_SMS };

    for (size_t i = 0; i < CHANNELS_SHOWN; i++) {
        struct channel_view *ch = &out->channels[i];
        const struct contact_point *point =
            casefile_point(out->casefile, PARTY_DEBTOR, shown[i], true);
        *ch = (struct channel_view){ .channel = shown[i], .until = INSTANT_NEVER };
        if (point == NULL) {
            ch->address_is_bad =
                casefile_point(out->casefile, PARTY_DEBTOR, shown[i], false) != NULL;
            continue;
        }
        ch->address = point->address;
        channel_judge(v, out, ch);
    }
}

static void contacts_count(struct view *v, struct casefile_view *out)
{
    const struct casefile *c = out->casefile;
    int64_t since = day_begins(day_plus(v->today, -6), v->zone).us;

    for (size_t i = 0; i < c->contact_count; i++) {
        const struct contact *k = &c->contacts[i];
        if (k->direction != DIRECTION_OUT || k->at.us < since || k->at.us > v->now.us)
            continue;
        out->contacts_in_7_days++;
        out->calls_in_7_days += k->channel == CHANNEL_CALL || k->channel == CHANNEL_VOICEMAIL;
    }
}

bool view_casefile(struct view *v, const char *reference, struct casefile_view *out,
                   struct fault *why)
{
    struct casefile_key key;
    struct casefile *c;

    *out = (struct casefile_view){ 0 };
    if (!view_find(v, reference, &key, why) ||
        !casefile_load(v->store, &v->arena, key, v->today, &c, why))
        return false;
    out->casefile = c;
    out->party = casefile_party(c, PARTY_DEBTOR);
    if (out->party == NULL)
        return fail(why, DB_ROW, "Case file \"%s\" has no debtor.", reference);
    out->decision = arena_make(&v->arena, struct decision);
    casefile_decide(v->policy, c, v->now, &v->arena, out->decision);
    channels_judge(v, out);
    contacts_count(v, out);
    return debts_read(v, key, out, why) && components_read(v, key, out, why) &&
           promises_read(v, key, out, why) && agreements_read(v, key, out, why) &&
           facts_read(v, key, out, why) && happenings_read(v, key, out, why);
}

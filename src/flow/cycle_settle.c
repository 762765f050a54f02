/*
 * Cycle, settle: what became of promises, plans and offers by now, before anything is decided.
 *
 * What became of them is computed from all the money there is (domain/agreement.h); rows that
 * say otherwise are brought up to date, each change journalled. So a run that comes late, or
 * comes twice, leaves the same states as one that comes every day, and money that is known late
 * or goes back changes what followed from it: the freeze of interest, what a settlement forgave.
 */
#include "flow/cycle_parts.h"

#include "base/json.h"
#include "domain/agreement.h"
#include "flow/offer.h"
#include "store/casefiles.h"

#include <string.h>

struct settling {
    struct run *r;
    struct casefile *c;
    struct day ended;
    struct promise *promises; /* as they were */
    struct payment_plan *plans;
    struct plan_money *paid;
    bool failed;
};

/* ---- What is known ---- */

static struct day cleared_day(const struct settling *s, enum currency currency, int32_t debt)
{
    struct query q = query_begin(s->r->book.store, Q_DEBT_CLEARED);
    int64_t day = 0;

    bind_key(&q, s->c->key);
    bind_int(&q, currency);
    bind_int(&q, debt);
    if (query_next(&q))
        day = row_int(&q, 0);
    if (!query_end(&q, s->r->why))
        ((struct settling *)s)->failed = true;
    return day == 0 ? DAY_NEVER : (struct day){ (int32_t)day };
}

static bool is_owed(const struct instalment *i)
{
    return i->open_minor > 0 || i->disputed_minor > 0 || i->charges_minor > 0 ||
           i->amount_minor > i->paid_minor;
}

/* Since when nothing is open of these debts. */
static struct day cleared(const void *context, enum currency currency, struct debt_set debts)
{
    const struct settling *s = context;
    struct day latest = DAY_NONE;

    for (size_t i = 0; i < s->c->instalment_count; i++) {
        const struct instalment *item = &s->c->instalments[i];
        if (casefile_debt(s->c, item->debt)->currency == currency &&
            debts_cover(debts, item->debt) && is_owed(item))
            return DAY_NEVER;
    }
    if (debts.count == 0)
        return cleared_day(s, currency, 0);
    for (size_t i = 0; i < debts.count; i++) {
        struct day day = cleared_day(s, currency, debts.numbers[i]);
        latest = day.number > latest.number ? day : latest;
    }
    return latest;
}

static bool load_money(struct settling *s, struct agreement *a)
{
    struct query q = query_begin(s->r->book.store, Q_MONEY_SINCE);
    struct day first = DAY_NEVER;
    size_t room = 0;

    for (size_t i = 0; i < s->c->promise_count; i++) {
        if (s->c->promises[i].made_day.number < first.number)
            first = s->c->promises[i].made_day;
    }
    bind_key(&q, s->c->key);
    bind_int(&q, first.number);
    while (query_next(&q)) {
        struct agreed_money *m = arena_push(s->r->arena, a->money, a->money_count, room);
        *m = (struct agreed_money){ .day = { (int32_t)row_int(&q, 1) },
                                    .number = (int32_t)row_int(&q, 0),
                                    .debt = (int32_t)row_int(&q, 4),
                                    .currency = (enum currency)row_int(&q, 2),
                                    .minor = row_int(&q, 3) };
    }
    return query_end(&q, s->r->why);
}

static bool compute(struct settling *s)
{
    struct casefile *c = s->c;
    const struct strategy *strategy = strategy_for_casefile(s->r->policy, c, s->r->today);
    struct agreement a = { .promise_count = c->promise_count,
                           .plan_count = c->plan_count,
                           .promises = c->promises,
                           .plans = c->plans,
                           .ended = s->ended,
                           .grace_days = strategy != NULL ? strategy->promise_grace_days : 0,
                           .tolerance_bp = strategy != NULL ? strategy->promise_tolerance_bp : 0,
                           .cleared = cleared,
                           .context = s };

    s->promises = arena_array(s->r->arena, struct promise, c->promise_count + 1);
    s->plans = arena_array(s->r->arena, struct payment_plan, c->plan_count + 1);
    a.paid = s->paid = arena_array(s->r->arena, struct plan_money, c->plan_count + 1);
    if (c->promise_count > 0)
        memcpy(s->promises, c->promises, c->promise_count * sizeof *c->promises);
    if (c->plan_count > 0)
        memcpy(s->plans, c->plans, c->plan_count * sizeof *c->plans);
    if (!load_money(s, &a))
        return false;
    agreement_settle(&a, s->r->arena);
    s->r->paid_count = c->plan_count;
    s->r->paid = arena_array(s->r->arena, struct plan_paid, c->plan_count + 1);
    for (size_t i = 0; i < c->plan_count; i++)
        s->r->paid[i] = (struct plan_paid){ c->plans[i].number, s->paid[i].minor };
    return !s->failed;
}

/* ---- Rows ---- */

static bool record(struct settling *s, const char *kind, const char *what, int32_t number,
                   int32_t plan, const char *state, struct day day)
{
    struct json_writer w = { &s->r->book.record, false };
    char text[DAY_TEXT];

    text_clear(&s->r->book.record);
    json_open(&w, '{');
    json_int_at(&w, what, number);
    if (plan != 0)
        json_int_at(&w, "plan", plan);
    json_text_at(&w, "state", state);
    json_text_at(&w, "since", day_print(day, text));
    json_close(&w, '}');
    return journal_add(s->r->book.heads, s->c->key, s->r->request->now, kind,
                       text_of(&s->r->book.record), NULL, s->r->why);
}

static bool write_promises(struct settling *s)
{
    for (size_t i = 0; i < s->c->promise_count; i++) {
        const struct promise *p = &s->c->promises[i], *was = &s->promises[i];
        if (p->state == was->state && p->state_day.number == was->state_day.number)
            continue;
        s->c->face_serves = false;
        s->r->work_begins = s->r->work_begins || p->state == PROMISE_BROKEN;
        s->r->work_ends = true;
        s->r->result->promises_settled += p->state != was->state;
        if (s->r->request->dry_run)
            continue;
        struct query q = query_begin(s->r->book.store, Q_PROMISE_SETTLE);
        bind_text(&q, promise_state_name(p->state));
        bind_int(&q, p->state_day.number);
        bind_key(&q, s->c->key);
        bind_int(&q, p->number);
        if (!query_run(&q, s->r->why) ||
            !record(s, "promise_settled", "promise", p->number, p->plan,
                    promise_state_name(p->state), p->state_day))
            return false;
    }
    return true;
}

static bool write_plan(struct settling *s, const struct payment_plan *p)
{
    struct query q = query_begin(s->r->book.store, Q_PLAN_SETTLE);

    bind_text(&q, plan_state_name(p->state));
    bind_int(&q, p->state_day.number);
    bind_key(&q, s->c->key);
    bind_int(&q, p->number);
    return query_run(&q, s->r->why) &&
           record(s, "plan", "plan", p->number, 0, plan_state_name(p->state), p->state_day);
}

/* *money: something follows for the books. */
static bool write_plans(struct settling *s, bool *money)
{
    for (size_t i = 0; i < s->c->plan_count; i++) {
        const struct payment_plan *p = &s->c->plans[i], *was = &s->plans[i];
        if (p->state == was->state && p->state_day.number == was->state_day.number)
            continue;
        s->c->face_serves = false;
        s->r->work_begins = true;
        if (s->r->request->dry_run)
            continue;
        if (!write_plan(s, p))
            return false;
        if (!p->interest_frozen)
            continue;
        *money = true;
        if (!book_plan_freeze(&s->r->book, s->c->key, p,
                              plan_stands(p) ? DAY_NEVER : p->state_day, s->r->why))
            return false;
    }
    return true;
}

/* ---- Offers ---- */

static void expire(const struct settling *s, struct pending_offer *o, struct day *day)
{
    if (o->expires_day.number > s->ended.number)
        return;
    o->state = OFFER_EXPIRED;
    *day = day_plus(o->expires_day, 1);
}

/* What an offer that was accepted is now, going by its plan. */
static void follow_plan(struct settling *s, struct pending_offer *o, struct day *day)
{
    o->state = OFFER_VOID; /* its plan was cancelled, or replaced */
    *day = s->r->today;
    for (size_t i = 0; i < s->c->plan_count; i++) {
        const struct payment_plan *p = &s->c->plans[i];
        if (p->number != o->plan)
            continue;
        bool late = p->state == PLAN_DEFAULTED && !o->void_on_default;
        *day = p->state_day;
        if (p->state == PLAN_COMPLETED)
            o->state = OFFER_FULFILLED;
        else if (late && s->paid[i].full_day.number < DAY_NEVER.number) {
            o->state = OFFER_FULFILLED;
            *day = s->paid[i].full_day;
        } else if (p->state != PLAN_DEFAULTED || late)
            o->state = OFFER_ACCEPTED;
    }
}

static bool write_offer(struct settling *s, const struct pending_offer *o, enum offer_state was,
                        struct day day, bool *money)
{
    struct query q = query_begin(s->r->book.store, Q_OFFER_SETTLE);

    bind_text(&q, offer_state_name(o->state));
    bind_int(&q, day.number);
    bind_key(&q, s->c->key);
    bind_int(&q, o->number);
    if (!query_run(&q, s->r->why) ||
        !record(s, "offer", "offer", o->number, 0, offer_state_name(o->state), day))
        return false;
    if (o->state == OFFER_FULFILLED) {
        *money = true;
        return book_offer_forgive(&s->r->book, s->c->key, o->number, day, s->r->why);
    }
    if (was != OFFER_FULFILLED)
        return true;
    *money = true;
    return book_offer_unforgive(&s->r->book, s->c->key, o->number, s->r->why);
}

static bool settle_offers(struct settling *s, bool *money)
{
    for (size_t i = 0; i < s->c->offer_count; i++) {
        struct pending_offer *o = &s->c->offers[i];
        enum offer_state was = o->state;
        struct day day = DAY_NONE;
        if (was == OFFER_OPEN || was == OFFER_WAITING_APPROVAL)
            expire(s, o, &day);
        else
            follow_plan(s, o, &day);
        if (o->state == was)
            continue;
        s->c->face_serves = false;
        s->r->work_begins = true;
        if (!s->r->request->dry_run && !write_offer(s, o, was, day, money))
            return false;
    }
    return true;
}

/* ---- All of it ---- */

/* What is over for good is not part of the case file any more (store/casefiles.h). */
static void forget(struct casefile *c)
{
    size_t promises = 0, offers = 0;

    for (size_t i = 0; i < c->promise_count; i++) {
        if (c->promises[i].state != PROMISE_WITHDRAWN || c->promises[i].item > 0)
            c->promises[promises++] = c->promises[i];
    }
    c->promise_count = promises;
    for (size_t i = 0; i < c->offer_count; i++) {
        if (c->offers[i].state != OFFER_EXPIRED)
            c->offers[offers++] = c->offers[i];
    }
    c->offer_count = offers;
}

bool settle_agreements(struct run *r, struct casefile **c)
{
    struct settling s = { .r = r, .c = *c };
    bool money = false;

    if ((*c)->promise_count + (*c)->plan_count + (*c)->offer_count == 0)
        return true;
    s.ended = party_day_ended(casefile_party(*c, PARTY_DEBTOR), r->request->now, r->today);
    if (!compute(&s) || !write_promises(&s) || !write_plans(&s, &money) ||
        !settle_offers(&s, &money))
        return false;
    forget(s.c);
    if (!money)
        return true;
    return book_release(&r->book, r->why) &&
           casefile_load(r->book.store, r->arena, s.c->key, r->today, c, r->why);
}

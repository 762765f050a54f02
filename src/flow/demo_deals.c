/* What was agreed about the money of an invented debtor: terms, plans, offers, and what went back. */
#include "flow/demo_telling.h"

#include <string.h>

/* ---- Terms ------------------------------------------------------------------------------ */

/* What may be agreed, or is the law, where they are: none where a debt is somebody else's. */
static const char *terms_of(const struct story *s)
{
    static const struct {
        enum trade trade;
        const char *country, *terms;
    } all[] = {
        { TRADE_BUSINESS, "US", "net-30-us" },
        { TRADE_BUSINESS, "DE", "trade-de" },
        { TRADE_BUSINESS, "GB", "trade-uk" },
        { TRADE_CONSUMER, "DE", "consumer-de" },
    };

    for (size_t i = 0; i < COUNT(all); i++) {
        if (all[i].trade == s->who.trade && strcmp(all[i].country, s->who.country) == 0)
            return all[i].terms;
    }
    return NULL;
}

/* What is open, and the newest: interest runs where somebody is late, and not where it is long
 * since over. */
static void terms_tell(struct story *s, const struct owing owing[])
{
    const char *terms = terms_of(s);

    if (terms == NULL || !dice_chance(s->dice, 420))
        return;
    for (int i = 0; i < s->event_count; i++) {
        struct event *e = &s->events[i];
        if (e->kind == EVENT_DEBT && (owing[e->debt].open > 0 || e->debt + 1 == s->debt_count))
            e->bound = terms;
    }
}

/* ---- Whom one can agree with ------------------------------------------------------------ */

struct deals {
    int64_t open;
    int late; /* days that the oldest is past due */
    struct day last_paid, last_debt;
    bool calm; /* nothing is disputed, held, promised or on its way */
};

static struct deals deals_of(const struct story *s, const struct owing owing[])
{
    struct deals d = { .calm = s->promise_count == 0 };

    for (int i = 0; i < s->debt_count; i++) {
        int days = s->today.number - owing[i].due.number;
        d.open += owing[i].open > 0 ? owing[i].open : 0;
        d.late = owing[i].open > 0 && days > d.late ? days : d.late;
    }
    for (int i = 0; i < s->event_count; i++) {
        const struct event *e = &s->events[i];
        if (e->kind == EVENT_PAYMENT) {
            d.calm = d.calm && !e->payment.pending;
            if (e->payment.day.number > d.last_paid.number)
                d.last_paid = e->payment.day;
        }
        if (e->kind == EVENT_DEBT && e->input.invoice_day.number > d.last_debt.number)
            d.last_debt = e->input.invoice_day;
        if (e->kind == EVENT_FACT)
            d.calm = d.calm && e->fact.type != FACT_DISPUTE && e->fact.type != FACT_HOLD &&
                     e->fact.type != FACT_BANKRUPTCY && e->fact.type != FACT_DECEASED &&
                     e->fact.type != FACT_ATTORNEY && e->fact.type != FACT_CEASE;
    }
    return d;
}

/* They were late then, and nothing came in or was billed since. */
static bool stands_since(const struct story *s, const struct deals *d, int days)
{
    int then = s->today.number - days;

    return d->late > days + 15 && d->last_paid.number < then && d->last_debt.number < then;
}

/* ---- Plans ------------------------------------------------------------------------------ */

/* Made so many days ago, the first part a week later, the others a month apart each. */
static const struct {
    int made, parts, paid;
} plans[] = {
    { 44, 4, 2 }, /* active, and kept so far: paid 37 and 7 days ago */
    { 42, 3, 1 }, /* the second was due five days ago: there is time left to catch up */
    { 62, 4, 1 }, /* the second was due 25 days ago: defaulted */
    { 80, 3, 3 }, /* completed */
    { 4, 4, 0 },  /* about to begin */
};

static void plan_tell(struct story *s, const struct deals *d)
{
    size_t which = (size_t)dice_below(s->dice, COUNT(plans));
    struct event *e;

    if (!stands_since(s, d, plans[which].made) || d->open < 30000)
        return;
    struct day made = day_plus(s->today, -plans[which].made);
    e = story_event(s, EVENT_PLAN, made);
    e->parts = plans[which].parts;
    for (int i = 0; i < plans[which].paid; i++) {
        e = story_event(s, EVENT_PLAN_PAID, day_plus(made, 7 + 30 * i));
        e->part = i;
        e->reference = arena_print(s->arena, "P-%s-%d", s->who.debtor.reference + 2, e->order);
    }
}

/* ---- Offers ----------------------------------------------------------------------------- */

static void offer_tell(struct story *s, const struct deals *d)
{
    static const int made[] = { [DEMO_OFFER_OPEN] = 3,
                                [DEMO_OFFER_WAITS] = 1,
                                [DEMO_OFFER_ACCEPTED] = 6,
                                [DEMO_OFFER_EXPIRED] = 40 };
    enum demo_offer offer = (enum demo_offer)dice_below(s->dice, COUNT(made));

    if (!stands_since(s, d, made[offer]) || d->open < 20000)
        return;
    struct event *e = story_event(s, EVENT_OFFER, day_plus(s->today, -made[offer]));
    e->offer = offer;
}

/* ---- Money that went back, and small change --------------------------------------------- */

/* A payment that was not on its way: the last one of them; NULL when there is none. */
static struct event *last_payment(struct story *s)
{
    struct event *last = NULL;

    for (int i = 0; i < s->event_count; i++) {
        struct event *e = &s->events[i];
        if (e->kind == EVENT_PAYMENT && !e->payment.pending && e->debt >= 0 &&
            (last == NULL || e->at.us > last->at.us))
            last = e;
    }
    return last;
}

/* What they paid came back from the bank four days later. */
static void return_tell(struct story *s)
{
    const struct event *paid = last_payment(s);

    if (paid == NULL || paid->payment.day.number + 4 > s->today.number ||
        s->today.number - paid->payment.day.number > 90)
        return;
    const char *reference = paid->payment.reference;
    int debt = paid->debt;
    struct event *e = story_event(s, EVENT_RETURN, day_plus(paid->payment.day, 4));
    e->debt = debt;
    e->reference = reference;
}

/* They paid the same twice: it waits, and of some of them it was sent back. */
static void twice_tell(struct story *s, const struct deals *d)
{
    const struct event *paid = last_payment(s);

    if (paid == NULL || d->open > 0 || paid->payment.day.number + 9 > s->today.number)
        return;
    struct payment_input again = paid->payment;
    int debt = paid->debt;
    struct event *e = story_event(s, EVENT_PAYMENT, day_plus(again.day, 6));
    e->debt = debt;
    again.day = day_plus(again.day, 6);
    again.reference = arena_print(s->arena, "P-%s-%d", s->who.debtor.reference + 2, e->order);
    e->payment = again;
    if (!dice_chance(s->dice, 400))
        return;
    e = story_event(s, EVENT_REFUND, day_plus(again.day, 3));
    e->debt = debt;
    e->reference = again.reference;
    e->sum = again.minor;
}

/* The bank took its fee on the way; nobody asks for so little. */
static void short_tell(struct story *s, const struct deals *d)
{
    struct event *paid = last_payment(s);
    int64_t fee = 50 + dice_below(s->dice, 350);

    if (paid == NULL || d->open > 0 || paid->payment.minor < 10000 ||
        paid->payment.day.number + 20 > s->today.number)
        return;
    paid->payment.minor -= fee;
    int debt = paid->debt;
    struct event *e = story_event(s, EVENT_WRITE_OFF, day_plus(paid->payment.day, 20));
    e->debt = debt;
    e->sum = fee;
}

void story_deals(struct story *s, const struct owing owing[STORY_DEBTS])
{
    struct deals d = deals_of(s, owing);

    terms_tell(s, owing);
    if (!d.calm || story_is_full(s, 8))
        return;
    int roll = dice_below(s->dice, 1000);
    if (d.open > 0 && roll < 200)
        plan_tell(s, &d);
    else if (d.open > 0 && roll < 400)
        offer_tell(s, &d);
    else if (roll >= 400 && roll < 430)
        return_tell(s);
    else if (roll >= 430 && roll < 450)
        twice_tell(s, &d);
    else if (roll >= 450 && roll < 480)
        short_tell(s, &d);
}

/* What was agreed, and what went back, on its way into the book. */
#include "flow/charge.h"
#include "flow/demo_telling.h"
#include "flow/offer.h"

#include <string.h>

enum { LEAST_MINOR = 20000, CURE_DAYS = 10, OFFER_LASTS = 12 };

bool tell_terms(struct telling *t, const struct event *e, struct fault *why)
{
    const struct terms_file *terms = terms_find(t->terms, e->bound);
    const struct bind_input in = { .debt = t->debts[e->debt],
                                   .currency = e->input.currency,
                                   .from = DAY_NONE,
                                   .author = "accounting" };
    enum change change;

    must(terms != NULL);
    return book_terms_bind(t->book, t->key, terms, &in, &change, why);
}

static struct day today_of(const struct telling *t)
{
    return wall_at(t->book->now, t->book->zone).day;
}

static struct account account_of(const struct telling *t)
{
    return (struct account){ t->key, t->story->who.debtor.reference, t->story->who.debtor.name };
}

/* What is open of all debts at the moment of the event. */
static bool open_now(struct telling *t, int64_t *minor, struct fault *why)
{
    const struct account account = account_of(t);

    return book_settle(t->book, why) &&
           account_open(t->book, &account, t->story->who.currency, minor, why);
}

/* ---- Plans ------------------------------------------------------------------------------ */

static bool tell_plan(struct telling *t, const struct event *e, struct fault *why)
{
    struct plan_item items[STORY_PARTS];
    struct plan_input in = { .currency = t->story->who.currency,
                             .item_count = (size_t)e->parts,
                             .items = items,
                             .schedule = "month",
                             .interest_frozen = true,
                             .cure_days = CURE_DAYS,
                             .agreed_by = "phone",
                             .author = "case notes" };
    enum change change;
    int64_t open;
    int32_t number;

    must(e->parts <= STORY_PARTS);
    if (!open_now(t, &open, why) || open < LEAST_MINOR)
        return why->code == FAULT_NONE;
    for (int i = 0; i < e->parts; i++) {
        t->parts[i] = open / e->parts + (i + 1 == e->parts ? open % e->parts : 0);
        items[i] = (struct plan_item){ day_plus(today_of(t), 7 + 30 * i), t->parts[i] };
    }
    return book_plan_add(t->book, t->key, NULL, &in, &number, &change, why);
}

static bool tell_plan_paid(struct telling *t, const struct event *e, struct fault *why)
{
    const struct payment_input in = { .reference = e->reference,
                                      .day = today_of(t),
                                      .currency = t->story->who.currency,
                                      .minor = t->parts[e->part],
                                      .method = "direct_debit" };
    enum change change;

    return in.minor == 0 || book_payment_put(t->book, t->key, &in, &change, why);
}

/* ---- Offers ----------------------------------------------------------------------------- */

/* A tenth less is for a collector to grant; of a third less somebody above has to approve. */
static struct offer_input offer_of(const struct telling *t, enum demo_offer offer, int64_t open)
{
    struct day today = today_of(t);
    int share = offer == DEMO_OFFER_WAITS ? 66 : 92;

    return (struct offer_input){ .currency = t->story->who.currency,
                                 .minor = open * share / 100,
                                 .instalments = 1,
                                 .first_day = day_plus(today, OFFER_LASTS),
                                 .expires_day = day_plus(today, OFFER_LASTS),
                                 .residual = RESIDUAL_FORGIVEN,
                                 .void_on_default = true,
                                 .author = "Ada Brook",
                                 .role = "collector" };
}

static bool is_granted(enum currency currency) /* authority/house.yaml knows these */
{
    return currency == CURRENCY_USD || currency == CURRENCY_EUR || currency == CURRENCY_GBP;
}

static bool tell_offer(struct telling *t, const struct event *e, struct fault *why)
{
    const struct offer_act act = { .author = "Ada Brook", .role = "collector", .channel = "phone" };
    struct offer_ruling ruling;
    enum change change;
    int64_t open;
    int32_t number;

    if (!is_granted(t->story->who.currency) || !open_now(t, &open, why) || open < LEAST_MINOR)
        return why->code == FAULT_NONE;
    struct offer_input in = offer_of(t, e->offer, open);
    if (!book_release(t->book, why) ||
        !book_offer_add(t->book, t->key, NULL, &in, &number, &change, &ruling, why))
        return false;
    if (e->offer != DEMO_OFFER_ACCEPTED || ruling.state != OFFER_OPEN)
        return true;
    t->book->now.us += 3 * 3600 * 1000000LL;
    return book_offer_accept(t->book, t->key, number, &act, &ruling, why);
}

/* ---- Money that went back, and small change --------------------------------------------- */

static bool tell_refund(struct telling *t, const struct event *e, struct fault *why)
{
    struct refund_input in = { .reference = e->reference,
                               .day = today_of(t),
                               .minor = e->sum,
                               .reason = "paid twice",
                               .author = "accounting" };
    int64_t waiting;
    int32_t number;

    if (!book_settle(t->book, why) ||
        !book_waiting(t->book, t->key, t->story->who.currency, in.day, &waiting, why))
        return false;
    in.minor = waiting < in.minor ? waiting : in.minor;
    return in.minor <= 0 || book_payment_refund(t->book, t->key, &in, &number, why);
}

static bool tell_write_off(struct telling *t, const struct event *e, struct fault *why)
{
    const struct account account = account_of(t);
    struct charge_input in = { .kind = MOVEMENT_WRITE_OFF,
                               .debt = t->debts[e->debt],
                               .component = COMPONENT_COUNT,
                               .currency = t->story->who.currency,
                               .day = today_of(t),
                               .minor = e->sum,
                               .whole = true, /* other currencies have no limit of their own */
                               .reason = "small balance",
                               .author = "accounting" };
    enum change change;
    int64_t open;
    int32_t number;

    if (!open_now(t, &open, why) || open < e->sum)
        return why->code == FAULT_NONE;
    return charge_put(t->book, &account, &in, &number, &change, why);
}

bool tell_deal(struct telling *t, const struct event *e, struct fault *why)
{
    enum change change;

    switch (e->kind) {
    case EVENT_PLAN:
        return tell_plan(t, e, why);
    case EVENT_PLAN_PAID:
        return tell_plan_paid(t, e, why);
    case EVENT_OFFER:
        return tell_offer(t, e, why);
    case EVENT_RETURN:
        return book_payment_back(t->book, t->key, e->reference, PAYMENT_RETURNED,
                                 "insufficient funds", &change, why);
    case EVENT_REFUND:
        return tell_refund(t, e, why);
    case EVENT_WRITE_OFF:
        return tell_write_off(t, e, why);
    case EVENT_DEBT:
    case EVENT_PAYMENT:
    case EVENT_CONTACT:
    case EVENT_FACT:
    case EVENT_PROMISE:
    case EVENT_PROMISE_END:
        break;
    }
    bug("an event of a story is told elsewhere", HERE);
}

/* What was agreed: the terms of a plan, and of the settlement that it pays. */
#include "flow/compose_parts.h"
#include "flow/offer.h"

static void put_payment(struct composing *c, json_t *list, enum currency currency,
                        struct day day, int64_t minor, int64_t *sum)
{
    json_t *row = json_object();

    *sum += minor;
    json_object_set_new(row, "number", json_integer((json_int_t)json_array_size(list) + 1));
    context_put(row, "date", compose_day(c, day));
    context_put(row, "amount", compose_money(c, money_of(minor, currency)));
    json_array_append_new(list, row);
    context_put(c->context, "last_payment", compose_day(c, day));
}

static void put_truth(json_t *object, const char *key, bool is)
{
    json_object_set_new(object, key, json_boolean(is));
}

/* Of an offer that is not accepted yet: how it would be paid. */
static bool offered(struct composing *c, const struct held_offer *o, json_t *list, int64_t *sum)
{
    struct plan_item *items;
    size_t count;

    if (!offer_items(o, c->a, &items, &count, c->why))
        return false;
    for (size_t i = 0; i < count; i++)
        put_payment(c, list, o->currency, items[i].day, items[i].minor, sum);
    return true;
}

static bool planned(struct composing *c, const struct held_plan *p, json_t *list, int64_t *sum)
{
    for (size_t i = 0; i < p->item_count; i++)
        put_payment(c, list, p->is.currency, p->items[i].due_day, p->items[i].minor, sum);
    return *sum == p->is.total_minor ||
           fail(c->why, BAD_VALUE, "The payments of plan %d do not add up to its total.",
                (int)p->is.number);
}

static void put_offer(struct composing *c, json_t *a, const struct held_offer *o)
{
    put_truth(a, "forgives", offer_forgiven(o) > 0);
    put_truth(a, "waives_fees", o->residual == RESIDUAL_FEES_WAIVED);
    put_truth(a, "still_owed", o->residual == RESIDUAL_STILL_OWED);
    put_truth(a, "void_on_default", o->void_on_default);
    put_truth(a, "tax", offer_is_taxed(o));
    put_truth(a, "waits", o->state == OFFER_OPEN || o->state == OFFER_WAITING_APPROVAL);
    context_put(a, "balance", compose_money(c, money_of(o->balance_minor, o->currency)));
    context_put(a, "forgiven", compose_money(c, money_of(offer_forgiven(o), o->currency)));
    context_put(a, "expires", compose_day(c, o->expires_day));
}

bool compose_agreement(struct composing *c)
{
    struct held_offer offer = { 0 };
    struct held_plan plan = { 0 };
    const struct zone *zone = zone_find("UTC");
    int64_t sum = 0;

    if (c->r->plan == 0 && c->r->offer == 0)
        return true;
    json_t *a = json_object(), *list = json_array();
    json_object_set_new(c->context, "agreement", a);
    json_object_set_new(a, "payments", list);
    int32_t number = c->r->offer;
    if (c->r->plan != 0 &&
        !plan_get(c->store, c->a, c->r->casefile->key, c->r->plan, &plan, c->why))
        return false;
    if (number == 0)
        number = plan.is.offer;
    if (number != 0 &&
        !offer_get(c->store, c->a, c->r->casefile->key, number, zone, &offer, c->why))
        return false;
    bool is_plan = c->r->plan != 0;
    if (is_plan ? !planned(c, &plan, list, &sum) : !offered(c, &offer, list, &sum))
        return false;
    enum currency currency = is_plan ? plan.is.currency : offer.currency;
    context_put(a, "total", compose_money(c, money_of(sum, currency)));
    put_truth(a, "settles", number != 0);
    put_truth(a, "interest_frozen", is_plan ? plan.is.interest_frozen : number != 0);
    if (is_plan && plan.is.cure_days > 0)
        json_object_set_new(a, "cure_days", json_integer(plan.is.cure_days));
    if (number != 0)
        put_offer(c, a, &offer);
    return true;
}

void compose_debit(struct composing *c)
{
    const struct compose_debit *debit = c->r->debit;

    if (debit == NULL)
        return;
    json_t *object = json_object();
    json_object_set_new(c->context, "debit", object);
    context_put(object, "amount",
                compose_money(c, money_of(debit->minor, debit->plan->currency)));
    context_put(object, "date", compose_day(c, debit->day));
    context_put(object, "account", debit->plan->autopay);
}

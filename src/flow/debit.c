#include "flow/debit.h"

#include "base/text.h"

static const char notice[] = "debit-notice";

const char *debit_template(const struct casefile *c)
{
    return c->role == ACTOR_FIRST_PARTY_CREDITOR ? notice : "debit-notice-third-party";
}

bool debit_is_notice(const char *template)
{
    return template != NULL && text_starts(template, notice);
}

const char *debit_told(struct arena *a, const struct promise *item)
{
    char day[DAY_TEXT];

    return arena_print(a, "plan %d item %d on %s", (int)item->plan, (int)item->item,
                       day_print(item->due_day, day));
}

const struct payment_plan *debit_plan(const struct casefile *c, const struct promise *item)
{
    for (size_t i = 0; i < c->plan_count; i++) {
        if (c->plans[i].number == item->plan)
            return &c->plans[i];
    }
    return NULL;
}

bool debit_is_planned(const struct casefile *c, const struct promise *item)
{
    const struct payment_plan *plan = item->item > 0 ? debit_plan(c, item) : NULL;

    return plan != NULL && plan->autopay != NULL && plan->state == PLAN_ACTIVE &&
           item->debit == 0 && item->state != PROMISE_KEPT && item->state != PROMISE_WITHDRAWN;
}

struct day debit_day(const struct payment_plan *plan, const struct promise *item,
                     struct day given)
{
    struct day earliest = day_plus(given, plan->notice_days);

    return earliest.number > item->due_day.number ? earliest : item->due_day;
}

const struct promise *debit_announced(const struct casefile *c, struct arena *a, int32_t outbox,
                                      const char *told)
{
    for (size_t i = 0; i < c->promise_count; i++) {
        const struct promise *item = &c->promises[i];
        if (item->notice == outbox && debit_is_planned(c, item) &&
            text_equal(debit_told(a, item), told))
            return item;
    }
    return NULL;
}

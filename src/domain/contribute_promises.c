/* Promises, by themselves and of plans: how they were kept, and what is still to come. */
#include "domain/contribute_parts.h"

static bool is_judged(const struct track_promise *p)
{
    return p->state == PROMISE_KEPT || p->state == PROMISE_PARTLY_KEPT ||
           p->state == PROMISE_BROKEN;
}

static void put_judged(const struct contribute_work *w, const struct track_promise *p)
{
    int32_t days = p->state_day.number - p->due_day.number;
    int32_t key = promise_key(p->state, p->of_plan);

    contribute_put(w, (struct contribution){ .figure = FIGURE_PROMISE,
                                             .period = p->due_day.number,
                                             .currency = p->currency,
                                             .first = key,
                                             .second = days,
                                             .counted = 1,
                                             .minor = p->minor });
    contribute_put(w, (struct contribution){ .figure = FIGURE_AGENT_PROMISE,
                                             .period = p->due_day.number,
                                             .currency = p->currency,
                                             .word = contribute_who(p->author),
                                             .second = agent_key(days, key),
                                             .counted = 1,
                                             .minor = p->minor });
}

static void put_taken(const struct contribute_work *w, const struct track_promise *p)
{
    contribute_put(w, (struct contribution){ .figure = FIGURE_AGENT_TAKEN,
                                             .period = p->made_day.number,
                                             .currency = p->currency,
                                             .word = contribute_who(p->author),
                                             .second = p->of_plan,
                                             .counted = 1,
                                             .minor = p->minor });
}

static void put_running(const struct contribute_work *w, const struct track_promise *p)
{
    struct day end = p->state == PROMISE_OPEN ? DAY_NEVER : p->state_day;

    contribute_span(w,
                    (struct contribution){ .figure = FIGURE_DUE,
                                           .currency = p->currency,
                                           .first = monday_of(p->due_day).number,
                                           .second = p->of_plan,
                                           .counted = 1,
                                           .minor = p->minor },
                    (struct track_span){ p->made_day, end });
}

void contribute_promises(struct contribute_work *w)
{
    const struct track *t = w->c->track;

    for (size_t i = 0; i < t->promise_count; i++) {
        if (is_judged(&t->promises[i]))
            put_judged(w, &t->promises[i]);
        put_running(w, &t->promises[i]);
        put_taken(w, &t->promises[i]);
    }
}

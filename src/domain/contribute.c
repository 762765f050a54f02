#include "domain/contribute_parts.h"

bool contribute_wants(const struct contribute_work *w, uint32_t figures)
{
    return (w->c->wanted & figures) != 0;
}

void contribute_put(const struct contribute_work *w, struct contribution c)
{
    if ((c.counted != 0 || c.minor != 0) && contribute_wants(w, FIGURE_BIT(c.figure)))
        w->c->take(w->c->into, &c);
}

void contribute_span(const struct contribute_work *w, struct contribution c,
                     struct track_span span)
{
    if (span.until.number <= span.from.number)
        return;
    c.period = span.from.number;
    contribute_put(w, c);
    if (span.until.number >= DAY_NEVER.number)
        return;
    c.period = span.until.number;
    c.counted = -c.counted;
    c.minor = -c.minor;
    contribute_put(w, c);
}

void spans_add(struct arena *a, struct spans *s, struct track_span span)
{
    struct track_span *last = s->count > 0 ? &s->all[s->count - 1] : NULL;

    if (span.until.number <= span.from.number)
        return;
    if (last == NULL || last->until.number < span.from.number)
        *arena_push(a, s->all, s->count, s->room) = span;
    else if (last->until.number < span.until.number)
        last->until = span.until;
}

struct spans spans_both(struct arena *a, const struct spans *x, const struct spans *y)
{
    struct spans both = { 0 };

    for (size_t i = 0, k = 0; i < x->count && k < y->count;) {
        struct track_span p = x->all[i], q = y->all[k];
        struct track_span span = { p.from.number > q.from.number ? p.from : q.from,
                                   p.until.number < q.until.number ? p.until : q.until };
        if (span.from.number < span.until.number)
            *arena_push(a, both.all, both.count, both.room) = span;
        if (p.until.number < q.until.number)
            i++;
        else
            k++;
    }
    return both;
}

static void contribute_money(const struct contribute_work *w)
{
    const struct track *t = w->c->track;

    for (size_t i = 0; i < t->cash_count; i++)
        contribute_put(w, (struct contribution){ .figure = FIGURE_CASH,
                                                 .period = t->cash[i].day.number,
                                                 .currency = t->cash[i].currency,
                                                 .minor = t->cash[i].minor });
    for (size_t i = 0; i < t->charge_count; i++)
        contribute_put(w, (struct contribution){ .figure = FIGURE_CHARGED,
                                                 .period = t->charges[i].day.number,
                                                 .currency = t->charges[i].currency,
                                                 .first = t->charges[i].component,
                                                 .minor = t->charges[i].minor });
}

void contribute(const struct contributing *c)
{
    const uint32_t of_debts = FIGURE_BIT(FIGURE_OPEN) | FIGURE_BIT(FIGURE_LATE) |
                              FIGURE_BIT(FIGURE_BILLED) | FIGURE_BIT(FIGURE_PLACED) |
                              FIGURE_BIT(FIGURE_RECOVERED) | FIGURE_BIT(FIGURE_UNPAID) |
                              FIGURE_BIT(FIGURE_ROLL) | FIGURE_BIT(FIGURE_SETTLED) |
                              FIGURE_BIT(FIGURE_FILES) | FIGURE_BIT(FIGURE_FUNNEL);
    struct contribute_work w = { .c = c };

    w.lives = arena_array(c->arena, struct debt_life, c->track->debt_count + 1);
    if (contribute_wants(&w, of_debts))
        contribute_debts(&w);
    contribute_money(&w);
    contribute_files(&w);
    contribute_contacts(&w);
    contribute_promises(&w);
    if (c->track->standing != NULL)
        contribute_put(&w, (struct contribution){ .figure = FIGURE_STANDING,
                                                  .word = c->track->standing,
                                                  .counted = 1 });
}

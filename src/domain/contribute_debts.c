/* Debts: what is open of each, how late it is, and how that changes day by day, month by month.
 */
#include "domain/contribute_parts.h"

#include "base/sort.h"

#include <string.h>

enum { NO_RANGE = -1 };

/* On this day an instalment changes by so much, or comes into this range of age. */
struct debt_step {
    int32_t day, item;
    int32_t range;
    bool by_money;
    int64_t minor;
};

struct item_state {
    int64_t minor, late_day;
    int32_t range;
};

/* What figures were told last of the debt. */
struct told {
    int64_t minor[AGE_RANGES], late;
    bool in_range[AGE_RANGES], open, past;
};

/* Where it stood at the end of a month, and where the balance of the month before went. */
struct month_state {
    int64_t minor;
    int32_t range;
    bool open;
};
struct month_move {
    int32_t from, to;
    int64_t kept, paid, gone; /* gone: credited, forgiven, written off */
    bool moved, goes_on;      /* there was something; something of it is still open */
};

struct sweep {
    struct contribute_work *w;
    const struct track_debt *debt;
    struct debt_life *life;
    struct item_state *items;
    int64_t minor[AGE_RANGES], late;
    int32_t count[AGE_RANGES]; /* of open items */
    struct told told;
    bool was_settled, money_today;
    int64_t money_of_month; /* that was paid in it */
    int32_t month, placed_month;
    struct month_state last;
    struct month_move move;
    int64_t unpaid_minor;
    bool unpaid_open;
};

/* ---- Steps ------------------------------------------------------------------------------- */

struct steps {
    size_t count, room;
    struct debt_step *all;
};

static int compare_steps(const void *left, const void *right)
{
    const struct debt_step *a = left, *b = right;

    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    if (a->item != b->item)
        return a->item < b->item ? -1 : 1;
    return (a->range > b->range) - (a->range < b->range);
}

/* Nothing of a debt is open before its invoice day: what was paid until then counts on it. */
static void steps_of_item(struct arena *a, const struct track_debt *d, int32_t place,
                          struct steps *s)
{
    const struct track_item *item = &d->items[place];
    int32_t first = d->invoice_day.number;

    for (size_t i = 0; i < item->change_count; i++) {
        int32_t day = item->changes[i].day.number;
        *arena_push(a, s->all, s->count, s->room) =
            (struct debt_step){ day > first ? day : first, place, NO_RANGE,
                                item->changes[i].by_money, item->changes[i].minor };
    }
    for (int32_t range = 1; range < AGE_RANGES; range++) {
        int32_t day = item->due_day.number + age_ranges[range].from;
        if (day > first)
            *arena_push(a, s->all, s->count, s->room) =
                (struct debt_step){ day, place, range, false, 0 };
    }
}

/* ---- Balances ---------------------------------------------------------------------------- */

static int64_t open_of(const struct item_state *item)
{
    return item->minor > 0 ? item->minor : 0;
}

static void weigh(struct sweep *s, const struct item_state *item, int sign)
{
    int64_t open = open_of(item) * sign;

    if (open == 0)
        return;
    s->minor[item->range] += open;
    s->count[item->range] += sign;
    if (item->range > 0)
        s->late += open * item->late_day;
}

static void step_take(struct sweep *s, const struct debt_step *step)
{
    struct item_state *item = &s->items[step->item];

    weigh(s, item, -1);
    if (step->range == NO_RANGE)
        item->minor += step->minor;
    else
        item->range = step->range;
    weigh(s, item, 1);
    if (!step->by_money)
        return;
    s->money_today = true;
    s->money_of_month -= step->minor;
}

static bool any_open(const struct sweep *s, int32_t from_range)
{
    for (int32_t range = from_range; range < AGE_RANGES; range++) {
        if (s->count[range] > 0)
            return true;
    }
    return false;
}

/* ---- Days -------------------------------------------------------------------------------- */

static void put_open(const struct sweep *s, int32_t day, int32_t first, int counted,
                     int64_t minor)
{
    contribute_put(s->w, (struct contribution){ .figure = FIGURE_OPEN,
                                                .period = day,
                                                .currency = s->debt->currency,
                                                .first = first,
                                                .counted = counted,
                                                .minor = minor });
}

static void put_settled(const struct sweep *s, int32_t day, int counted)
{
    contribute_put(s->w, (struct contribution){ .figure = FIGURE_SETTLED,
                                                .period = day,
                                                .currency = s->debt->currency,
                                                .first = !s->life->by_money,
                                                .counted = counted });
}

/* Nothing is open any more, until something comes back. */
static void settled_turns(struct sweep *s, int32_t day, bool open)
{
    if (open == s->told.open)
        return;
    if (open && s->was_settled)
        put_settled(s, day, -1);
    if (!open) {
        s->life->by_money = s->money_today;
        put_settled(s, day, 1);
        s->was_settled = true;
    }
    s->life->settled = open ? DAY_NEVER : (struct day){ day };
}

static void day_tell(struct sweep *s, int32_t day)
{
    bool open = any_open(s, 0), past = any_open(s, 1);
    struct told *told = &s->told;

    for (int32_t range = 0; range < AGE_RANGES; range++) {
        bool in = s->count[range] > 0;
        put_open(s, day, range, in - told->in_range[range],
                 s->minor[range] - told->minor[range]);
        told->minor[range] = s->minor[range];
        told->in_range[range] = in;
    }
    put_open(s, day, ALL_DEBTS, open - told->open, 0);
    put_open(s, day, LATE_DEBTS, past - told->past, 0);
    contribute_put(s->w, (struct contribution){ .figure = FIGURE_LATE,
                                                .period = day,
                                                .currency = s->debt->currency,
                                                .minor = s->late - told->late });
    if (open != told->open || past != told->past)
        *arena_push(s->w->c->arena, s->w->turns, s->w->turn_count, s->w->turn_room) =
            (struct debt_turn){ { day }, open - told->open, past - told->past };
    settled_turns(s, day, open);
    told->late = s->late;
    told->open = open;
    told->past = past;
    s->money_today = false;
}

/* ---- Months ------------------------------------------------------------------------------ */

/* A debt is as old as the oldest of its instalments that is open. */
static struct month_state month_state_of(const struct sweep *s)
{
    struct month_state now = { 0 };

    for (int32_t range = 0; range < AGE_RANGES; range++) {
        now.minor += s->minor[range];
        if (s->count[range] > 0) {
            now.range = range;
            now.open = true;
        }
    }
    return now;
}

static void put_move(const struct sweep *s, int32_t month, const struct month_move *m, int sign)
{
    struct contribution c = {
        .figure = FIGURE_ROLL, .period = month, .currency = s->debt->currency, .first = m->from
    };

    if (!m->moved)
        return;
    c.second = m->to;
    c.counted = m->goes_on ? sign : 0;
    c.minor = m->kept * sign;
    contribute_put(s->w, c);
    c.second = ROLL_PAID;
    c.counted = m->paid > 0 && !m->goes_on ? sign : 0;
    c.minor = m->paid * sign;
    contribute_put(s->w, c);
    c.second = ROLL_GONE;
    c.counted = m->paid == 0 && !m->goes_on ? sign : 0;
    c.minor = m->gone * sign;
    contribute_put(s->w, c);
}

static struct month_move move_of(const struct month_state *was, const struct month_state *is,
                                 int64_t money)
{
    struct month_move m = { .from = was->range, .to = is->range };

    if (!was->open)
        return (struct month_move){ 0 };
    m.moved = true;
    m.kept = is->minor < was->minor ? is->minor : was->minor;
    m.gone = was->minor - m.kept;
    m.paid = money < 0 ? 0 : money < m.gone ? money : m.gone;
    m.gone -= m.paid;
    m.goes_on = is->open;
    return m;
}

static bool same_move(const struct month_move *a, const struct month_move *b)
{
    return a->from == b->from && a->to == b->to && a->kept == b->kept && a->paid == b->paid &&
           a->gone == b->gone && a->moved == b->moved && a->goes_on == b->goes_on;
}

static void put_unpaid(struct sweep *s, const struct month_state *now)
{
    contribute_put(s->w, (struct contribution){ .figure = FIGURE_UNPAID,
                                                .period = s->month,
                                                .currency = s->debt->currency,
                                                .first = s->placed_month,
                                                .counted = now->open - s->unpaid_open,
                                                .minor = now->minor - s->unpaid_minor });
    s->unpaid_minor = now->minor;
    s->unpaid_open = now->open;
}

/* False when this month is as the one before, and so will all be until something happens. */
static bool month_end(struct sweep *s)
{
    struct month_state now = month_state_of(s);
    struct month_move move = move_of(&s->last, &now, s->money_of_month);
    bool changed = !same_move(&move, &s->move);

    if (s->month >= s->placed_month)
        put_unpaid(s, &now);
    if (changed) {
        put_move(s, s->month, &s->move, -1);
        put_move(s, s->month, &move, 1);
    }
    changed = changed || now.minor != s->last.minor || now.range != s->last.range;
    s->move = move;
    s->last = now;
    s->money_of_month = 0;
    s->month++;
    return changed || s->month <= s->placed_month;
}

static void months_until(struct sweep *s, int32_t month)
{
    while (s->month < month) {
        if (!month_end(s))
            s->month = month;
    }
}

static void months_finish(struct sweep *s)
{
    while (month_end(s)) {
    }
}

/* ---- One debt ---------------------------------------------------------------------------- */

static void sweep_steps(struct sweep *s, struct steps *steps)
{
    sort_array(steps->all, steps->count, sizeof *steps->all, compare_steps);
    for (size_t i = 0; i < steps->count;) {
        int32_t day = steps->all[i].day;
        months_until(s, month_of_day((struct day){ day }));
        for (; i < steps->count && steps->all[i].day == day; i++)
            step_take(s, &steps->all[i]);
        day_tell(s, day);
    }
    months_finish(s);
}

static void put_billed(const struct contribute_work *w, const struct track_debt *d)
{
    struct contribution c = { .figure = FIGURE_BILLED,
                              .period = d->invoice_day.number,
                              .currency = d->currency,
                              .counted = 1 };

    for (size_t i = 0; i < d->item_count; i++)
        c.minor += d->items[i].owed_minor;
    contribute_put(w, c);
}

/* What was open when it came, and what came of it in money, month by month. */
static void put_placed(const struct contribute_work *w, const struct track_debt *d)
{
    struct contribution placed = { .figure = FIGURE_PLACED,
                                   .period = d->placed_day.number,
                                   .currency = d->currency,
                                   .counted = 1 };
    int32_t month = month_of_day(d->placed_day);

    for (size_t i = 0; i < d->item_count; i++) {
        const struct track_item *item = &d->items[i];
        for (size_t k = 0; k < item->change_count; k++) {
            const struct track_change *change = &item->changes[k];
            int32_t late = change->day.number - d->placed_day.number;
            if (late < 0 || (late == 0 && !change->by_money))
                placed.minor += change->minor;
            else if (change->by_money)
                contribute_put(w, (struct contribution){ .figure = FIGURE_RECOVERED,
                                                         .period = month_of_day(change->day),
                                                         .currency = d->currency,
                                                         .first = month,
                                                         .minor = -change->minor });
        }
    }
    contribute_put(w, placed);
}

static void contribute_debt(struct contribute_work *w, const struct track_debt *d,
                            struct debt_life *life)
{
    struct arena *a = w->c->arena;
    struct sweep s = { .w = w,
                       .debt = d,
                       .life = life,
                       .items = arena_array(a, struct item_state, d->item_count + 1),
                       .month = month_of_day(d->invoice_day),
                       .placed_month = month_of_day(d->placed_day) };
    struct steps steps = { 0 };

    *life = (struct debt_life){ .placed = d->placed_day, .settled = DAY_NONE };
    for (size_t i = 0; i < d->item_count; i++) {
        const struct track_item *item = &d->items[i];
        s.items[i].late_day = late_day(item->due_day);
        s.items[i].range = (int32_t)age_range_of(days_past_due(item->due_day, d->invoice_day));
        steps_of_item(a, d, (int32_t)i, &steps);
    }
    sweep_steps(&s, &steps);
    put_billed(w, d);
    put_placed(w, d);
}

void contribute_debts(struct contribute_work *w)
{
    const struct track *t = w->c->track;

    for (size_t i = 0; i < t->debt_count; i++)
        contribute_debt(w, &t->debts[i], &w->lives[i]);
}

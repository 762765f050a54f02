/* Case files, not debts: which are open, late, contacted, in dispute. */
#include "domain/contribute_parts.h"

#include "base/sort.h"

static int compare_turns(const void *left, const void *right)
{
    const struct debt_turn *a = left, *b = right;

    return (a->day.number > b->day.number) - (a->day.number < b->day.number);
}

/* What held since `from`, as long as there is one that holds. */
static void count_on(struct arena *a, struct spans *s, int32_t *count, int32_t change,
                     struct day day, struct day *from)
{
    bool held = *count > 0;

    *count += change;
    if (!held && *count > 0)
        *from = day;
    else if (held && *count == 0)
        spans_add(a, s, (struct track_span){ *from, day });
}

/* A case file is open, or late, while one of its debts is. */
static void spans_of_turns(struct contribute_work *w)
{
    struct arena *a = w->c->arena;
    struct day open_from = DAY_NONE, late_from = DAY_NONE;
    int32_t open = 0, late = 0;

    sort_array(w->turns, w->turn_count, sizeof *w->turns, compare_turns);
    for (size_t i = 0; i < w->turn_count;) {
        struct day day = w->turns[i].day;
        int32_t more_open = 0, more_late = 0;
        for (; i < w->turn_count && w->turns[i].day.number == day.number; i++) {
            more_open += w->turns[i].open;
            more_late += w->turns[i].late;
        }
        count_on(a, &w->open, &open, more_open, day, &open_from);
        count_on(a, &w->late, &late, more_late, day, &late_from);
    }
    count_on(a, &w->open, &open, -open, DAY_NEVER, &open_from);
    count_on(a, &w->late, &late, -late, DAY_NEVER, &late_from);
}

static void put_spans(const struct contribute_work *w, const struct spans *s, int32_t state)
{
    for (size_t i = 0; i < s->count; i++)
        contribute_span(
            w, (struct contribution){ .figure = FIGURE_FILES, .first = state, .counted = 1 },
            s->all[i]);
}

static int compare_spans(const void *left, const void *right)
{
    const struct track_span *a = left, *b = right;

    return (a->from.number > b->from.number) - (a->from.number < b->from.number);
}

static struct spans disputed_spans(const struct contribute_work *w)
{
    const struct track *t = w->c->track;
    struct track_span *all = arena_array(w->c->arena, struct track_span, t->disputed_count + 1);
    struct spans s = { 0 };

    for (size_t i = 0; i < t->disputed_count; i++)
        all[i] = t->disputed[i];
    sort_array(all, t->disputed_count, sizeof *all, compare_spans);
    for (size_t i = 0; i < t->disputed_count; i++)
        spans_add(w->c->arena, &s, all[i]);
    return s;
}

/* The days on which one of these lies in the window that ends then. */
static struct spans window_spans(struct arena *a, size_t count, const struct day days[],
                                 int window)
{
    struct spans s = { 0 };

    for (size_t i = 0; i < count; i++)
        spans_add(a, &s, (struct track_span){ days[i], day_plus(days[i], window) });
    return s;
}

/* They heard from us, or we from them. */
static bool reaches(const struct track_contact *k)
{
    return k->direction == DIRECTION_IN || k->outcome == OUTCOME_SENT ||
           k->outcome == OUTCOME_DELIVERED || k->outcome == OUTCOME_VOICEMAIL ||
           k->outcome == OUTCOME_LIMITED_CONTENT || k->outcome == OUTCOME_CONVERSATION;
}

static void put_reached(const struct contribute_work *w)
{
    const struct track *t = w->c->track;
    struct arena *a = w->c->arena;
    struct day *days = arena_array(a, struct day, t->contact_count + 1);
    size_t count = 0;

    for (size_t i = 0; i < t->contact_count; i++) {
        if (reaches(&t->contacts[i]))
            days[count++] = t->contacts[i].day;
    }
    for (int i = 0; i < WINDOWS; i++) {
        struct spans reached = window_spans(a, count, days, window_days[i]);
        struct spans worked = spans_both(a, &reached, &w->late);
        put_spans(w, &reached, FILE_REACHED + i);
        put_spans(w, &worked, FILE_WORKED + i);
    }
}

static int compare_days(const void *left, const void *right)
{
    const struct day *a = left, *b = right;

    return (a->number > b->number) - (a->number < b->number);
}

static void put_objected(const struct contribute_work *w)
{
    const struct track *t = w->c->track;
    struct arena *a = w->c->arena;
    struct day *days = arena_array(a, struct day, t->dispute_count + 1);

    for (size_t i = 0; i < t->dispute_count; i++)
        days[i] = t->disputes[i].received_day;
    sort_array(days, t->dispute_count, sizeof *days, compare_days);
    for (int i = 0; i < WINDOWS; i++) {
        struct spans objected = window_spans(a, t->dispute_count, days, window_days[i]);
        put_spans(w, &objected, FILE_OBJECTED + i);
    }
}

/* ---- From placed to paid ----------------------------------------------------------------- */

/* The first days on which something happened while a debt was with us and open. */
struct firsts {
    struct day contacted, person, agreed, kept;
};

static void earlier(struct day *first, struct day day)
{
    if (day.number < first->number)
        *first = day;
}

static bool during(const struct debt_life *life, struct day day)
{
    return day.number >= life->placed.number && day.number <= life->settled.number;
}

static struct firsts firsts_of(const struct track *t, const struct debt_life *life)
{
    struct firsts f = { DAY_NEVER, DAY_NEVER, DAY_NEVER, DAY_NEVER };

    for (size_t i = 0; i < t->contact_count; i++) {
        const struct track_contact *k = &t->contacts[i];
        if (!during(life, k->day) || !reaches(k))
            continue;
        earlier(&f.contacted, k->day);
        if (k->direction == DIRECTION_IN || k->outcome == OUTCOME_CONVERSATION)
            earlier(&f.person, k->day);
    }
    for (size_t i = 0; i < t->promise_count; i++) {
        const struct track_promise *p = &t->promises[i];
        if (!during(life, p->made_day))
            continue;
        earlier(&f.agreed, p->made_day);
        if (p->state == PROMISE_KEPT && during(life, p->state_day))
            earlier(&f.kept, p->state_day);
    }
    return f;
}

static void put_funnel(const struct contribute_work *w, const struct debt_life *life,
                       enum funnel_step step, struct day day)
{
    if (day.number >= DAY_NEVER.number)
        return;
    contribute_put(w, (struct contribution){ .figure = FIGURE_FUNNEL,
                                             .period = day.number,
                                             .first = month_of_day(life->placed),
                                             .second = step,
                                             .counted = 1 });
}

/* Who agreed was spoken with, in whatever way; who was spoken with was contacted. */
static void put_funnels(const struct contribute_work *w)
{
    const struct track *t = w->c->track;

    for (size_t i = 0; i < t->debt_count; i++) {
        const struct debt_life *life = &w->lives[i];
        if (life->settled.number <= life->placed.number)
            continue;
        struct firsts f = firsts_of(t, life);
        earlier(&f.person, f.agreed);
        earlier(&f.contacted, f.person);
        put_funnel(w, life, FUNNEL_PLACED, life->placed);
        put_funnel(w, life, FUNNEL_CONTACTED, f.contacted);
        put_funnel(w, life, FUNNEL_PERSON, f.person);
        put_funnel(w, life, FUNNEL_AGREED, f.agreed);
        put_funnel(w, life, FUNNEL_KEPT, f.kept);
        if (life->by_money)
            put_funnel(w, life,
                       f.agreed.number < DAY_NEVER.number ? FUNNEL_PAID : FUNNEL_PAID_OTHERWISE,
                       life->settled);
    }
}

/* ---- All of it --------------------------------------------------------------------------- */

void contribute_files(struct contribute_work *w)
{
    if (contribute_wants(w, FIGURE_BIT(FIGURE_FUNNEL)))
        put_funnels(w);
    if (!contribute_wants(w, FIGURE_BIT(FIGURE_FILES)))
        return;
    spans_of_turns(w);
    struct spans disputed = disputed_spans(w);
    disputed = spans_both(w->c->arena, &disputed, &w->open);
    put_spans(w, &w->open, FILE_OPEN);
    put_spans(w, &w->late, FILE_LATE);
    put_spans(w, &disputed, FILE_DISPUTED);
    put_reached(w);
    put_objected(w);
}

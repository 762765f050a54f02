/* From rows of kept figures to tallies. */
#include "flow/insight_parts.h"

#include <stdlib.h>

/* ---- Rows, read once ------------------------------------------------------------------------ */

enum { READ_SLOTS = 4096 };

struct read_stretch {
    struct read_stretch *next;
    enum figure figure;
    enum figure_grain grain;
    int32_t group, from, to;
    size_t count, room;
    struct figure_sum *rows;
};

struct read_rows {
    struct arena arena;
    struct read_stretch *slots[READ_SLOTS];
};

struct read_rows *read_rows_begin(void)
{
    struct read_rows *rows = calloc(1, sizeof *rows);

    must(rows != NULL);
    return rows;
}

void read_rows_free(struct read_rows *rows)
{
    arena_free(&rows->arena);
    free(rows);
}

struct keeping {
    struct arena *arena;
    struct read_stretch *stretch;
};

static void keep_row(void *self, const struct figure_sum *row)
{
    struct keeping *k = self;

    *arena_push(k->arena, k->stretch->rows, k->stretch->count, k->stretch->room) = *row;
}

static bool stretch_rows(const struct insight_frame *f, const struct read_stretch *wanted,
                         take_sum *take, void *into, struct fault *why)
{
    if (f->read == NULL)
        return figure_rows(f->store, wanted->figure, wanted->grain, wanted->group, wanted->from,
                           wanted->to, take, into, why);
    unsigned place = (unsigned)wanted->group * 31 + (unsigned)wanted->figure * 7 +
                     (unsigned)wanted->grain + (unsigned)wanted->from * 3 +
                     (unsigned)wanted->to * 5;
    struct read_stretch **slot = &f->read->slots[place % READ_SLOTS], *s = *slot;

    while (s != NULL && (s->group != wanted->group || s->figure != wanted->figure ||
                         s->grain != wanted->grain || s->from != wanted->from ||
                         s->to != wanted->to))
        s = s->next;
    if (s == NULL) {
        s = arena_make(&f->read->arena, struct read_stretch);
        *s = *wanted;
        struct keeping k = { &f->read->arena, s };
        if (!figure_rows(f->store, s->figure, s->grain, s->group, s->from, s->to, keep_row, &k,
                         why))
            return false;
        s->next = *slot;
        *slot = s;
    }
    for (size_t i = 0; i < s->count; i++)
        take(into, &s->rows[i]);
    return true;
}

bool insight_each_day(const struct insight_frame *f, const struct figure_set *set,
                      enum figure figure, struct day from, struct day to, take_sum *take,
                      void *into, struct fault *why)
{
    for (size_t i = 0; i < set->count; i++) {
        const struct read_stretch wanted = { .figure = figure,
                                             .grain = GRAIN_DAY,
                                             .group = set->groups[i],
                                             .from = from.number,
                                             .to = to.number };
        if (!stretch_rows(f, &wanted, take, into, why))
            return false;
    }
    return true;
}

bool insight_each_month(const struct insight_frame *f, const struct figure_set *set,
                        enum figure figure, int32_t from, int32_t to, take_sum *take,
                        void *into, struct fault *why)
{
    for (size_t i = 0; i < set->count; i++) {
        const struct read_stretch wanted = { .figure = figure,
                                             .grain = GRAIN_MONTH,
                                             .group = set->groups[i],
                                             .from = from,
                                             .to = to };
        if (!stretch_rows(f, &wanted, take, into, why))
            return false;
    }
    return true;
}

int32_t insight_whole_month(struct day day)
{
    return month_of_day(day_plus(day, 1)) - 1;
}

int32_t insight_last_month(const struct insight_frame *f)
{
    return insight_whole_month(f->to);
}

bool insight_between(const struct insight_frame *f, const struct figure_set *set,
                     enum figure figure, struct day from, struct day to, take_sum *take,
                     void *into, struct fault *why)
{
    bool ever = from.number == DAY_NONE.number;
    int32_t first = ever ? INT32_MIN : month_of_day(day_plus(from, -1)) + 1; /* whole months */
    int32_t last = insight_whole_month(to);

    if (first > last)
        return insight_each_day(f, set, figure, from, to, take, into, why);
    return (ever || insight_each_day(f, set, figure, from, day_plus(month_first(first), -1),
                                     take, into, why)) &&
           insight_each_month(f, set, figure, first, last, take, into, why) &&
           insight_each_day(f, set, figure, month_first(last + 1), to, take, into, why);
}

/* ---- What each figure adds to a tally ---------------------------------------------------- */

void insight_add(struct adding *adding, int64_t *sum, int64_t more)
{
    adding->too_large = __builtin_add_overflow(*sum, more, sum) || adding->too_large;
}

bool insight_added(const struct adding *adding, struct fault *why)
{
    if (!adding->too_large)
        return true;
    fail(why, DB_ROW, "A kept figure is damaged: its rows come to more than can be counted.");
    return fault_hint(why, "recoup prove --measures");
}

struct filling {
    const struct insight_frame *f;
    struct tally *t;
    struct arena *arena;
    struct adding adding;
};

static void add(void *into, int64_t *sum, int64_t more)
{
    insight_add(&((struct filling *)into)->adding, sum, more);
}

static void take_open(void *into, const struct figure_sum *row)
{
    struct tally *t = ((struct filling *)into)->t;
    int32_t range = row->key.first;

    if (range == ALL_DEBTS)
        add(into, &t->open_debts, row->counted);
    if (range == LATE_DEBTS)
        add(into, &t->late_debts, row->counted);
    if (range < 0 || range >= AGE_RANGES)
        return;
    add(into, &t->range_debts[range], row->counted);
    add(into, &t->range_minor[range], row->minor);
    add(into, &t->open_minor, row->minor);
    if (range > 0)
        add(into, &t->late_minor, row->minor);
}

static void take_late(void *into, const struct figure_sum *row)
{
    ((struct filling *)into)->t->late_moment += row->minor;
}

static void take_files(void *into, const struct figure_sum *row)
{
    struct tally *t = ((struct filling *)into)->t;

    if (row->key.first >= 0 && row->key.first < FILE_STATES)
        add(into, &t->files[row->key.first], row->counted);
}

static void take_billed_ever(void *into, const struct figure_sum *row)
{
    struct tally *t = ((struct filling *)into)->t;
    int32_t month = row->key.grain == GRAIN_MONTH
                        ? row->key.period
                        : month_of_day((struct day){ row->key.period });
    int32_t back = month_of_day(t->to) - month;

    add(into, &t->billed_ever_minor, row->minor);
    add(into, &t->billed_ever_debts, row->counted);
    add(into, &t->billed_minor[back < BILLING_MONTHS ? back : BILLING_MONTHS - 1], row->minor);
}

static void take_cash_ever(void *into, const struct figure_sum *row)
{
    add(into, &((struct filling *)into)->t->cash_ever_minor, row->minor);
}

static void take_cash(void *into, const struct figure_sum *row)
{
    add(into, &((struct filling *)into)->t->cash_minor, row->minor);
}

static void take_charged(void *into, const struct figure_sum *row)
{
    struct tally *t = ((struct filling *)into)->t;

    if (row->key.first >= 0 && row->key.first < COMPONENT_KINDS)
        add(into, &t->charged_minor[row->key.first], row->minor);
}

static void take_placed(void *into, const struct figure_sum *row)
{
    add(into, &((struct filling *)into)->t->placed_minor, row->minor);
    add(into, &((struct filling *)into)->t->placed_debts, row->counted);
}

static void take_settled(void *into, const struct figure_sum *row)
{
    struct tally *t = ((struct filling *)into)->t;

    add(into, row->key.first == 0 ? &t->paid_debts : &t->closed_debts, row->counted);
}

/* Promises that were judged only later count as not judged. */
static void take_promise(void *into, const struct figure_sum *row)
{
    struct tally *t = ((struct filling *)into)->t;

    if (row->key.first < 0 || row->key.first >= PROMISE_KINDS ||
        row->key.period + row->key.second > t->to.number)
        return;
    add(into, &t->promises[row->key.first].things, row->counted);
    add(into, &t->promises[row->key.first].minor, row->minor);
}

static void take_contact(void *into, const struct figure_sum *row)
{
    struct tally *t = ((struct filling *)into)->t;
    int32_t channel = row->key.first, how = row->key.second;

    if (channel < 0 || channel >= CHANNEL_KINDS)
        return;
    if (how >= CONTACT_IN) {
        add(into, &t->incoming[channel], row->counted);
        return;
    }
    add(into, &t->tried[channel], row->counted);
    if (how == contact_key(false, OUTCOME_CONVERSATION))
        add(into, &t->reached[channel], row->counted);
}

static void take_hour(void *into, const struct figure_sum *row)
{
    struct tally *t = ((struct filling *)into)->t;
    int32_t hour =
        row->key.first >= 0 && row->key.first < HOURS_OF_WEEK ? row->key.first : HOURS_OF_WEEK;

    add(into, row->key.second == 0 ? &t->hour_tried[hour] : &t->hour_reached[hour], row->counted);
}

static void take_week(void *into, const struct figure_sum *row)
{
    struct tally *t = ((struct filling *)into)->t;

    if (row->key.first >= 0 && row->key.first <= WEEK_MOST)
        add(into, &t->week_people[row->key.first], row->counted);
}

static void take_stop(void *into, const struct figure_sum *row)
{
    add(into, &((struct filling *)into)->t->stops[row->key.first != 0], row->counted);
}

static void take_complaint(void *into, const struct figure_sum *row)
{
    add(into, &((struct filling *)into)->t->complaints, row->counted);
}

static void take_hardship(void *into, const struct figure_sum *row)
{
    struct filling *f = into;

    if (row->key.first == FIGURE_ASKED)
        add(into, &f->t->hardship_asked, row->counted);
    else if (row->key.first >= 0)
        histogram_add(f->arena, &f->t->hardship_days, row->key.first, row->counted);
}

static void take_hardship_waiting(void *into, const struct figure_sum *row)
{
    if (row->key.first == FIGURE_WAITING)
        add(into, &((struct filling *)into)->t->hardship_waiting, row->counted);
}

static void take_answer(void *into, const struct figure_sum *row)
{
    struct filling *f = into;

    histogram_add(f->arena, &f->t->answer_tenths, row->key.second, row->counted);
}

static struct tally_dispute *dispute_of(struct filling *f, int32_t reason)
{
    struct tally *t = f->t;

    for (size_t i = 0; i < t->dispute_count; i++) {
        if (t->disputes[i].reason == reason)
            return &t->disputes[i];
    }
    struct tally_dispute *d =
        arena_push(f->arena, t->disputes, t->dispute_count, t->dispute_room);
    *d = (struct tally_dispute){ .reason = reason };
    return d;
}

static void take_dispute(void *into, const struct figure_sum *row)
{
    struct filling *f = into;
    struct tally_dispute *d = dispute_of(f, row->key.first);

    if (row->key.second == FIGURE_ASKED)
        add(into, &d->opened, row->counted);
    else if (row->key.second == FIGURE_ENDED)
        add(into, &d->ended, row->counted);
    else {
        add(into, &d->answered, row->counted);
        histogram_add(f->arena, &d->days, row->key.second, row->counted);
    }
}

static struct tally_plans *plans_of(struct filling *f, int32_t word, enum plan_group by)
{
    struct tally *t = f->t;

    for (size_t i = 0; i < t->plan_count; i++) {
        if (t->plans[i].word == word && t->plans[i].by == by)
            return &t->plans[i];
    }
    struct tally_plans *p = arena_push(f->arena, t->plans, t->plan_count, t->plan_room);
    *p = (struct tally_plans){
        .word = word, .by = by, .unknown = insight_word(f->f, word)[0] == '\0'
    };
    return p;
}

static void take_plan(void *into, const struct figure_sum *row)
{
    bool declined = row->key.second % 2 != 0;
    struct tally_plans *p =
        plans_of(into, row->key.first, (enum plan_group)(row->key.second / 2));

    add(into, &p->asked, row->counted);
    add(into, &p->granted, declined ? 0 : row->counted);
}

static void take_taken(void *into, const struct figure_sum *row)
{
    add(into, &((struct filling *)into)->t->taken_minor[row->key.second != 0], row->minor);
}

static void take_roll(void *into, const struct figure_sum *row)
{
    struct tally *t = ((struct filling *)into)->t;
    int32_t from = row->key.first, to = row->key.second;

    if (from < 0 || from >= AGE_RANGES || to < 0 || to > ROLL_GONE)
        return;
    add(into, &t->roll_minor[from][to], row->minor);
    add(into, &t->roll_debts[from][to], row->counted);
}

/* How each figure comes into a tally: what stands and what ever was from the beginning on, what
 * flows from the first day of the period on. */
static const struct {
    enum figure figure;
    bool people, ever;
    take_sum *take;
} parts[] = {
    { FIGURE_OPEN, false, true, take_open },
    { FIGURE_LATE, false, true, take_late },
    { FIGURE_BILLED, false, true, take_billed_ever },
    { FIGURE_CASH, false, true, take_cash_ever },
    { FIGURE_CASH, false, false, take_cash },
    { FIGURE_CHARGED, false, false, take_charged },
    { FIGURE_PLACED, false, false, take_placed },
    { FIGURE_SETTLED, false, false, take_settled },
    { FIGURE_FILES, true, true, take_files },
    { FIGURE_CONTACT, true, false, take_contact },
    { FIGURE_HOUR, true, false, take_hour },
    { FIGURE_WEEK, true, false, take_week },
    { FIGURE_STOP, true, false, take_stop },
    { FIGURE_COMPLAINT, true, false, take_complaint },
    { FIGURE_HARDSHIP, true, false, take_hardship },
    { FIGURE_HARDSHIP, true, true, take_hardship_waiting },
    { FIGURE_ANSWER, true, false, take_answer },
    { FIGURE_DISPUTE, true, false, take_dispute },
    { FIGURE_PLAN, true, false, take_plan },
    { FIGURE_AGENT_TAKEN, false, false, take_taken },
};

/* Promises need each day: months do not say when they were judged. */
static bool more_figures(const struct insight_frame *f, const struct insight_part *part,
                         uint32_t figures, struct filling *filling, struct fault *why)
{
    int32_t month = filling->t->roll_month;

    if ((figures & FIGURE_BIT(FIGURE_PROMISE)) != 0 &&
        !insight_each_day(f, &part->money, FIGURE_PROMISE, part->from, part->to, take_promise,
                          filling, why))
        return false;
    return (figures & FIGURE_BIT(FIGURE_ROLL)) == 0 ||
           insight_each_month(f, &part->money, FIGURE_ROLL, INT32_MIN, month, take_roll,
                              filling, why);
}

static int window_of(struct day from, struct day to)
{
    for (int i = 0; i < WINDOWS; i++) {
        if (to.number - from.number + 1 == window_days[i])
            return i;
    }
    return -1;
}

bool insight_tally(const struct insight_frame *f, const struct insight_part *part,
                   uint32_t figures, struct tally *out, struct fault *why)
{
    struct filling filling = { .f = f, .t = out, .arena = f->arena };

    *out = (struct tally){ .from = part->from,
                           .to = part->to,
                           .window = window_of(part->from, part->to),
                           .roll_month = insight_whole_month(part->to) };
    for (size_t i = 0; i < COUNT(parts); i++) {
        const struct figure_set *set = parts[i].people ? &part->people : &part->money;
        if ((figures & FIGURE_BIT(parts[i].figure)) != 0 &&
            !insight_between(f, set, parts[i].figure, parts[i].ever ? DAY_NONE : part->from,
                             part->to, parts[i].take, &filling, why))
            return false;
    }
    return more_figures(f, part, figures, &filling, why) &&
           insight_added(&filling.adding, why);
}

uint32_t insight_figures(enum insight insight)
{
    switch (insight) {
    case INSIGHT_COLLECTED:
        return FIGURE_BIT(FIGURE_CASH);
    case INSIGHT_RECOVERY:
        return FIGURE_BIT(FIGURE_CASH) | FIGURE_BIT(FIGURE_BILLED);
    case INSIGHT_DSO:
        return FIGURE_BIT(FIGURE_OPEN) | FIGURE_BIT(FIGURE_BILLED);
    case INSIGHT_PROMISES:
        return FIGURE_BIT(FIGURE_PROMISE);
    case INSIGHT_PROMISES_TAKEN:
        return FIGURE_BIT(FIGURE_AGENT_TAKEN);
    case INSIGHT_RIGHT_PERSON:
        return FIGURE_BIT(FIGURE_CONTACT);
    case INSIGHT_CONTACT_HOURS:
        return FIGURE_BIT(FIGURE_CONTACT) | FIGURE_BIT(FIGURE_HOUR);
    case INSIGHT_DISPUTE_RATE:
    case INSIGHT_CONTACT_RATE:
        return FIGURE_BIT(FIGURE_FILES);
    case INSIGHT_AGEING:
        return FIGURE_BIT(FIGURE_OPEN) | FIGURE_BIT(FIGURE_LATE);
    case INSIGHT_ROLL_RATES:
    case INSIGHT_CURE_RATE:
        return FIGURE_BIT(FIGURE_ROLL);
    case INSIGHT_DISPUTES:
    case INSIGHT_DISPUTES_ANSWERED:
        return FIGURE_BIT(FIGURE_DISPUTE);
    case INSIGHT_APPROVAL_GAP:
        return FIGURE_BIT(FIGURE_PLAN);
    case INSIGHT_TIME_TO_ANSWER:
        return FIGURE_BIT(FIGURE_ANSWER);
    case INSIGHT_COMPLAINTS:
        return FIGURE_BIT(FIGURE_COMPLAINT) | FIGURE_BIT(FIGURE_CONTACT);
    case INSIGHT_OPT_OUTS:
        return FIGURE_BIT(FIGURE_STOP) | FIGURE_BIT(FIGURE_CONTACT);
    case INSIGHT_CONTACTS_PER_RESOLVED:
        return FIGURE_BIT(FIGURE_CONTACT) | FIGURE_BIT(FIGURE_SETTLED);
    case INSIGHT_HARDSHIP:
        return FIGURE_BIT(FIGURE_HARDSHIP);
    case INSIGHT_CONTACTS_PER_WEEK:
        return FIGURE_BIT(FIGURE_WEEK);
    case INSIGHT_LIQUIDATION:
    case INSIGHT_FUNNEL:
    case INSIGHT_VINTAGES:
    case INSIGHT_CASH_FORECAST:
    case INSIGHT_STEPS:
    case INSIGHT_STOPPED:
    case INSIGHT_COUNT:
        return 0;
    }
    bug("an insight is missing above", HERE);
}

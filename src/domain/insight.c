#include "domain/insight.h"

#include "domain/casefile.h"

#include <string.h>

_Static_assert((int)CHANNEL_COUNT <= (int)CHANNEL_KINDS, "every channel has its place");
_Static_assert(PROMISE_STATES * 2 == PROMISE_KINDS, "every state has its places");

static const char *const names[] = {
#define X(code, name) name,
    INSIGHTS(X)
#undef X
};

const char *insight_name(enum insight insight)
{
    must((size_t)insight < COUNT(names));
    return names[insight];
}

bool insight_parse(const char *name, enum insight *out)
{
    for (size_t i = 0; name != NULL && i < COUNT(names); i++) {
        *out = (enum insight)i;
        if (strcmp(names[i], name) == 0)
            return true;
    }
    return false;
}

/* ---- Values ------------------------------------------------------------------------------ */

static int scale_of(enum measure_unit unit)
{
    switch (unit) {
    case UNIT_PERCENT:
    case UNIT_POINTS:
        return 100;
    case UNIT_PER_10000:
        return 10000;
    case UNIT_NONE:
    case UNIT_MONEY:
    case UNIT_DAYS:
    case UNIT_HOURS:
    case UNIT_TIMES:
    case UNIT_COUNT:
        return 1;
    }
    bug("a unit is missing above", HERE);
}

int64_t measured_tenths(const struct measured *m)
{
    if (m->unit == UNIT_MONEY || m->unit == UNIT_COUNT)
        return (int64_t)m->numerator;
    return m->known ? rounded_ratio(m->numerator * scale_of(m->unit) * 10, m->denominator) : 0;
}

bool measured_is_thin(const struct measured *m)
{
    return (m->unit == UNIT_PERCENT || m->unit == UNIT_PER_10000) && m->out_of < TOO_FEW;
}

static struct measured amount(enum measure_unit unit, int64_t value)
{
    return (struct measured){ unit, true, value, 0, 0 };
}

static struct measured ratio(enum measure_unit unit, measure_sum numerator,
                             measure_sum denominator, int64_t out_of)
{
    return (struct measured){ unit, denominator != 0, numerator, denominator, out_of };
}

/* ---- Histograms ---------------------------------------------------------------------------
 */

void histogram_add(struct arena *a, struct histogram *h, int64_t value, int64_t things)
{
    size_t at = h->count;

    h->things += things;
    while (at > 0 && h->bars[at - 1].value >= value) {
        if (h->bars[at - 1].value == value) {
            h->bars[at - 1].things += things;
            return;
        }
        at--;
    }
    (void)arena_push(a, h->bars, h->count, h->room);
    memmove(&h->bars[at + 1], &h->bars[at], (h->count - 1 - at) * sizeof *h->bars);
    h->bars[at] = (struct histogram_bar){ value, things };
}

bool histogram_percentile(const struct histogram *h, int percent, int64_t *value)
{
    int64_t seen = 0;

    for (size_t i = 0; i < h->count && h->things > 0; i++) {
        seen += h->bars[i].things;
        if (seen * 100 >= h->things * percent) {
            *value = h->bars[i].value;
            return true;
        }
    }
    return false;
}

int64_t histogram_up_to(const struct histogram *h, int64_t value)
{
    int64_t things = 0;

    for (size_t i = 0; i < h->count && h->bars[i].value <= value; i++)
        things += h->bars[i].things;
    return things;
}

/* `parts` of the value make one of the unit. */
static struct measured median(enum measure_unit unit, const struct histogram *h, int parts)
{
    int64_t value = 0;
    bool known = histogram_percentile(h, 50, &value);

    return (struct measured){ unit, known, value, parts, h->things };
}

/* ---- Figures of a tally -------------------------------------------------------------------
 */

static struct measured days_of_sales(const struct tally *t, int64_t open_minor)
{
    struct countback c = countback_of(open_minor, t->billed_minor, t->to);

    return (struct measured){ UNIT_DAYS, c.known, c.tenths_of_days, 10, t->open_debts };
}

struct measured tally_best_dso(const struct tally *t)
{
    return days_of_sales(t, t->open_minor - t->late_minor);
}

/* Days past due of each late unit of money: today, less the day it was due. */
struct measured tally_delinquent(const struct tally *t)
{
    measure_sum days = (measure_sum)t->late_minor * late_day(t->to) - t->late_moment;

    return ratio(UNIT_DAYS, days, t->late_minor, t->late_debts);
}

struct measured tally_promises(const struct tally *t, int state, bool by_number)
{
    int64_t part = 0, all = 0, things = 0;

    for (int s = PROMISE_KEPT; s <= PROMISE_BROKEN; s++) {
        for (int of_plan = 0; of_plan < 2; of_plan++) {
            int key = promise_key(s, of_plan);
            int64_t value = by_number ? t->promises[key].things : t->promises[key].minor;
            things += t->promises[key].things;
            all += value;
            part += s == state ? value : 0;
        }
    }
    return ratio(UNIT_PERCENT, part, all, things);
}

int64_t tally_contacts(const struct tally *t)
{
    int64_t tried = 0;

    for (size_t i = 0; i < COUNT(t->tried); i++)
        tried += t->tried[i];
    return tried;
}

static struct measured of_window(const struct tally *t, enum file_state part,
                                 enum file_state whole, bool whole_has_windows)
{
    if (t->window < 0)
        return (struct measured){ .unit = UNIT_PERCENT };
    int64_t all = t->files[whole + (whole_has_windows ? t->window : 0)];
    return ratio(UNIT_PERCENT, t->files[part + t->window], all, all);
}

/* Of what was open a month before: that which is later now; of what was late: that which is not
 * late any more, or paid. */
static struct measured of_rolls(const struct tally *t, bool cures)
{
    int64_t part = 0, all = 0, debts = 0;

    for (int from = cures; from < AGE_RANGES; from++) {
        for (int to = 0; to < AGE_RANGES + 2; to++) {
            bool cured = to == 0 || to == ROLL_PAID;
            bool worse = to > from && to < AGE_RANGES;
            all += t->roll_minor[from][to];
            debts += t->roll_debts[from][to];
            part += (cures ? cured : worse) ? t->roll_minor[from][to] : 0;
        }
    }
    return ratio(UNIT_PERCENT, part, all, debts);
}

static struct measured disputes_opened(const struct tally *t)
{
    int64_t opened = 0;

    for (size_t i = 0; i < t->dispute_count; i++)
        opened += t->disputes[i].opened;
    return amount(UNIT_COUNT, opened);
}

/* People to whom more was said in a week than the house calls enough, of all weeks of people.
 */
static struct measured too_often(const struct tally *t)
{
    int64_t all = 0, often = 0;

    for (int attempts = 0; attempts <= WEEK_MOST; attempts++) {
        all += t->week_people[attempts];
        often += attempts > CONTACTS_A_WEEK ? t->week_people[attempts] : 0;
    }
    return ratio(UNIT_PERCENT, often, all, all);
}

static struct measured disputes_answered(const struct tally *t)
{
    int64_t answered = 0;

    for (size_t i = 0; i < t->dispute_count; i++)
        answered += t->disputes[i].answered;
    return amount(UNIT_COUNT, answered);
}

/* ---- Plans asked for ----------------------------------------------------------------------
 */

struct measured tally_plans_granted(const struct tally_plans *p)
{
    return ratio(UNIT_PERCENT, p->granted, p->asked, p->asked);
}

static bool is_group(const struct tally_plans *p, enum plan_group by)
{
    return p->by == by && !p->unknown && p->asked >= TOO_FEW;
}

static bool grants_more(const struct tally_plans *p, const struct tally_plans *other)
{
    return (measure_sum)p->granted * other->asked > (measure_sum)other->granted * p->asked;
}

/* Between the groups of one kind of which most and least was granted; false: there are not two.
 */
static bool gap_of(const struct tally *t, enum plan_group by, struct measured *out)
{
    const struct tally_plans *most = NULL, *least = NULL;
    int groups = 0;

    for (size_t i = 0; i < t->plan_count; i++) {
        const struct tally_plans *p = &t->plans[i];
        if (!is_group(p, by))
            continue;
        groups++;
        most = most == NULL || grants_more(p, most) ? p : most;
        least = least == NULL || grants_more(least, p) ? p : least;
    }
    if (groups < 2)
        return false;
    *out = ratio(UNIT_POINTS,
                 (measure_sum)most->granted * least->asked -
                     (measure_sum)least->granted * most->asked,
                 (measure_sum)most->asked * least->asked, most->asked + least->asked);
    return true;
}

/* The larger one of languages and states. With too few, how many were asked for is all there is
 * to say. */
static struct measured approval_gap(const struct tally *t)
{
    struct measured gap = { .unit = UNIT_POINTS }, other;

    for (size_t i = 0; i < t->plan_count; i++)
        gap.out_of += t->plans[i].by == PLAN_BY_LANGUAGE ? t->plans[i].asked : 0;
    for (int by = 0; by < PLAN_GROUPS; by++) {
        if (gap_of(t, (enum plan_group)by, &other) &&
            (!gap.known ||
             other.numerator * gap.denominator > gap.numerator * other.denominator))
            gap = other;
    }
    return gap;
}

struct measured insight_measure(const struct tally *t, enum insight insight)
{
    int64_t contacts = tally_contacts(t);

    switch (insight) {
    case INSIGHT_COLLECTED:
        return amount(UNIT_MONEY, t->cash_minor);
    case INSIGHT_RECOVERY:
        return ratio(UNIT_PERCENT, t->cash_ever_minor, t->billed_ever_minor,
                     t->billed_ever_debts);
    case INSIGHT_DSO:
        return days_of_sales(t, t->open_minor);
    case INSIGHT_PROMISES:
        return tally_promises(t, PROMISE_KEPT, false);
    case INSIGHT_PROMISES_TAKEN:
        return amount(UNIT_MONEY, t->taken_minor[false] + t->taken_minor[true]);
    case INSIGHT_RIGHT_PERSON:
    case INSIGHT_CONTACT_HOURS:
        return ratio(UNIT_PERCENT, t->reached[CHANNEL_CALL], t->tried[CHANNEL_CALL],
                     t->tried[CHANNEL_CALL]);
    case INSIGHT_DISPUTE_RATE:
        return of_window(t, FILE_OBJECTED, FILE_REACHED, true);
    case INSIGHT_AGEING:
        return ratio(UNIT_PERCENT, t->late_minor, t->open_minor, t->open_debts);
    case INSIGHT_ROLL_RATES:
        return of_rolls(t, false);
    case INSIGHT_CURE_RATE:
        return of_rolls(t, true);
    case INSIGHT_CONTACT_RATE:
        return of_window(t, FILE_WORKED, FILE_LATE, false);
    case INSIGHT_DISPUTES:
        return disputes_opened(t);
    case INSIGHT_DISPUTES_ANSWERED:
        return disputes_answered(t);
    case INSIGHT_APPROVAL_GAP:
        return approval_gap(t);
    case INSIGHT_TIME_TO_ANSWER:
        return median(UNIT_HOURS, &t->answer_tenths, 10);
    case INSIGHT_COMPLAINTS:
        return ratio(UNIT_PER_10000, t->complaints, contacts, contacts);
    case INSIGHT_OPT_OUTS:
        return ratio(UNIT_PER_10000, t->stops[0] + t->stops[1], contacts, contacts);
    case INSIGHT_CONTACTS_PER_RESOLVED:
        return ratio(UNIT_TIMES, contacts, t->paid_debts, t->paid_debts);
    case INSIGHT_HARDSHIP:
        return median(UNIT_DAYS, &t->hardship_days, 1);
    case INSIGHT_CONTACTS_PER_WEEK:
        return too_often(t);
    case INSIGHT_LIQUIDATION:
    case INSIGHT_FUNNEL:
    case INSIGHT_VINTAGES:
    case INSIGHT_CASH_FORECAST:
    case INSIGHT_STEPS:
    case INSIGHT_STOPPED:
    case INSIGHT_COUNT:
        return (struct measured){ .unit = UNIT_NONE };
    }
    bug("an insight is missing above", HERE);
}

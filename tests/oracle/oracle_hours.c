/* Hours: when the clock on the person's wall lets us in. */
#include "reading.h"

#include "base/fault.h"

#include <stdlib.h>

enum { EIGHT = 8 * 3600, NINE_PM = 21 * 3600, A_DAY_SECONDS = 86400, HORIZON_DAYS = 60 };

/* Hours that wrap past midnight belong to no weekday in this world. */
static bool within(struct bad_hours hours, int64_t day, int64_t second)
{
    if (hours.weekdays != 0 && (hours.weekdays & 1u << weekday_from_day(day)) == 0)
        return false;
    if (hours.from == 0 && hours.to == 0)
        return true;
    if (hours.from <= hours.to)
        return second >= hours.from && second < hours.to;
    return second >= hours.from || second < hours.to;
}

static bool called_bad(const struct asked *q, const struct clock *clock, int64_t at)
{
    for (size_t i = 0; i < q->person->fact_count; i++) {
        const struct known *fact = &q->person->facts[i];
        if (fact->type == FACT_INCONVENIENT_TIME && holds(q, fact, at) && of_person(q, fact) &&
            of_some_debt(q, fact) &&
            within(fact->hours, clock_day(clock, at), clock_second(clock, at)))
            return true;
    }
    return false;
}

/* 12 CFR 1006.6(b)(4): consent counts when it was won in a talk at a good hour. */
static bool won_at_good_hour(const struct asked *q, const struct known *consent)
{
    for (size_t z = 0; z < q->person->zone_count; z++) {
        int64_t second = clock_second(q->person->clocks[z], consent->at);
        if (second < EIGHT || second >= NINE_PM)
            return false;
    }
    return true;
}

/* The consent names this hour; `good` is whether it counts. */
static bool names_hour(const struct asked *q, const struct known *fact,
                       const struct clock *clock, int64_t at, bool *good)
{
    if (fact->type != FACT_CONSENT || !holds(q, fact, at) || !of_person(q, fact) ||
        !is_for_hours(fact) ||
        (fact->channel_known && medium_of(fact->channel) != medium_of(q->channel)) ||
        !within(fact->hours, clock_day(clock, at), clock_second(clock, at)))
        return false;
    if (fact->debt != 0 && q->debts != 1u << (fact->debt - 1))
        return false;
    *good = is_direct(q, fact) && won_at_good_hour(q, fact);
    return true;
}

static bool agreed_hour(const struct asked *q, const struct clock *clock, int64_t at)
{
    for (size_t i = 0; i < q->person->fact_count; i++) {
        bool good;
        if (names_hour(q, &q->person->facts[i], clock, at, &good) && good)
            return true;
    }
    return false;
}

static bool is_open(const struct hours *hours, const struct clock *clock, int64_t at)
{
    int64_t day = clock_day(clock, at), second = clock_second(clock, at);

    if (hours->closed != NULL && hours->closed(day))
        return false;
    for (size_t i = 0; i < 3; i++) {
        const struct opening *o = &hours->openings[i];
        if ((o->weekdays & 1u << weekday_from_day(day)) != 0 && second >= o->open &&
            second < o->close)
            return true;
    }
    return false;
}

static bool good_everywhere(const struct asked *q, const struct hours *hours, int64_t at)
{
    for (size_t z = 0; z < q->person->zone_count; z++) {
        const struct clock *clock = q->person->clocks[z];
        if (hours->stated && called_bad(q, clock, at))
            return false;
        if (!is_open(hours, clock, at) && !(hours->consented && agreed_hour(q, clock, at)))
            return false;
    }
    return true;
}

struct moments {
    size_t count;
    int64_t at[2000];
};

static void moment_add(struct moments *m, int64_t at)
{
    must(m->count < sizeof m->at / sizeof m->at[0]);
    m->at[m->count++] = at;
}

/* Everything that could open on this date: doors, and the edges of what the person said. */
static void moments_of_day(const struct asked *q, const struct hours *hours,
                           const struct clock *clock, int64_t day, struct moments *m)
{
    int64_t found[3];

    for (size_t i = 0; i < 3; i++) {
        size_t n = clock_moments(clock, day, hours->openings[i].open, found);
        for (size_t k = 0; k < n; k++)
            moment_add(m, found[k]);
    }
    moment_add(m, clock_day_begins(clock, day));
    for (size_t i = 0; i < q->person->fact_count; i++) {
        const struct known *fact = &q->person->facts[i];
        if ((fact->type != FACT_CONSENT && fact->type != FACT_INCONVENIENT_TIME) ||
            !stands(fact->learned, fact->gone, q->step))
            continue;
        const int32_t edges[] = { fact->hours.from, fact->hours.to };
        for (size_t e = 0; e < 2; e++) {
            size_t n = clock_moments(clock, day, edges[e], found);
            for (size_t k = 0; k < n; k++)
                moment_add(m, found[k]);
        }
    }
    for (size_t i = 1; i < clock->count; i++) {
        if (clock_day(clock, clock->turns[i].starts * 1000000) == day)
            moment_add(m, clock->turns[i].starts * 1000000);
    }
}

static int by_time(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* The ends of facts are moments of their own. */
static int64_t first_good(const struct asked *q, const struct hours *hours)
{
    static struct moments m;

    for (int n = -1; n < HORIZON_DAYS; n += 3) {
        m.count = 0;
        for (size_t z = 0; z < q->person->zone_count; z++) {
            int64_t today = clock_day(q->person->clocks[z], q->at);
            for (int k = 0; k < 5; k++)
                moments_of_day(q, hours, q->person->clocks[z], today + n + k, &m);
        }
        for (size_t i = 0; i < q->person->fact_count; i++) {
            if (q->person->facts[i].until != NEVER)
                moment_add(&m, q->person->facts[i].until);
        }
        qsort(m.at, m.count, sizeof m.at[0], by_time);
        int64_t last = q->at + (int64_t)(n + 3) * A_DAY_SECONDS * 1000000;
        for (size_t i = 0; i < m.count && m.at[i] <= last; i++) {
            if (m.at[i] > q->at && good_everywhere(q, hours, m.at[i]))
                return m.at[i];
        }
    }
    return NEVER;
}

struct opinion hours_opinion(const struct asked *q, const struct hours *hours)
{
    if ((hours->channels & ON(q->channel)) == 0 || good_everywhere(q, hours, q->at))
        return (struct opinion){ .ruling = RULING_ALLOW };
    int64_t until = first_good(q, hours);
    if (until == NEVER)
        return (struct opinion){ .ruling = RULING_DENY };
    return (struct opinion){ .ruling = RULING_DEFER, .until = until };
}

/* Speaks only of an hour outside 8 to 21 that some consent names. */
bool consented_hours_opinion(const struct asked *q, struct opinion *out)
{
    static const struct hours usual = { .openings = { { 0x7f, EIGHT, NINE_PM } } };
    bool spoken = false, all_good = true;

    for (size_t z = 0; z < q->person->zone_count; z++) {
        const struct clock *clock = q->person->clocks[z];
        if (is_open(&usual, clock, q->at))
            continue;
        for (size_t i = 0; i < q->person->fact_count; i++) {
            bool good;
            if (names_hour(q, &q->person->facts[i], clock, q->at, &good))
                spoken = true;
        }
        all_good = all_good && agreed_hour(q, clock, q->at);
    }
    *out = (struct opinion){ .ruling = all_good ? RULING_ALLOW : RULING_DENY };
    return spoken;
}

/* Hours: when the clock on the person's wall lets us in. */
#include "reading.h"

#include "base/fault.h"

#include <stdlib.h>

enum { EIGHT = 8 * 3600, NINE_PM = 21 * 3600, A_DAY_SECONDS = 86400, HORIZON_DAYS = 200 };

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

/* 12 CFR 1006.6(b)(4): consent counts when it was won in a talk that was itself at an hour
 * which this law allows, wherever they may have been. A fact that names only a day is recorded
 * at its midnight; then nobody knows the hour, and the talk is taken for a lawful one. */
static bool won_lawfully(const struct asked *q, const struct hours *hours,
                         const struct known *consent)
{
    if (clock_second(q->person->clocks[0], consent->at) == 0)
        return true;
    for (size_t z = 0; z < q->person->zone_count; z++) {
        if (!is_open(hours, q->person->clocks[z], consent->at))
            return false;
    }
    return true;
}

/* Some consent names this hour or appoints this moment; lawfully or not. */
static bool names_hour(const struct asked *q, const struct known *fact,
                       const struct clock *clock, int64_t at)
{
    return fact->type == FACT_CONSENT && holds(q, fact, at) && of_person(q, fact) &&
           of_some_debt(q, fact) &&
           (!fact->channel_known || medium_of(fact->channel) == medium_of(q->channel)) &&
           (is_for_hours(fact)
                ? within(fact->hours, clock_day(clock, at), clock_second(clock, at))
                : is_appointed(fact, at));
}

/* When the person last agreed to this hour, to whoever asks and for every debt asked for;
 * INT64_MIN when they never did. */
static int64_t agreed_since(const struct asked *q, const struct hours *hours,
                            const struct clock *clock, int64_t at)
{
    int64_t since = INT64_MIN;

    for (size_t i = 0; i < q->person->fact_count; i++) {
        const struct known *fact = &q->person->facts[i];
        if (names_hour(q, fact, clock, at) && is_direct(q, fact) &&
            (fact->debt == 0 || q->debts == 1u << (fact->debt - 1)) &&
            won_lawfully(q, hours, fact) && fact->at > since)
            since = fact->at;
    }
    return since;
}

/* What they called bad after they had agreed is bad: the later word is what we know. */
static bool called_bad(const struct asked *q, const struct clock *clock, int64_t at,
                       int64_t agreed)
{
    for (size_t i = 0; i < q->person->fact_count; i++) {
        const struct known *fact = &q->person->facts[i];
        if (fact->type == FACT_INCONVENIENT_TIME && holds(q, fact, at) && of_person(q, fact) &&
            of_some_debt(q, fact) && fact->at >= agreed &&
            within(fact->hours, clock_day(clock, at), clock_second(clock, at)))
            return true;
    }
    return false;
}

static bool good_everywhere(const struct asked *q, const struct hours *hours, int64_t at)
{
    for (size_t z = 0; z < q->person->zone_count; z++) {
        const struct clock *clock = q->person->clocks[z];
        int64_t agreed = hours->consented ? agreed_since(q, hours, clock, at) : INT64_MIN;
        if (hours->stated && called_bad(q, clock, at, agreed))
            return false;
        if (agreed == INT64_MIN && !is_open(hours, clock, at))
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

/* The first good moment after `from`; facts end, and appointments begin, at any moment. */
static int64_t first_good(const struct asked *q, const struct hours *hours, int64_t from)
{
    static struct moments m;

    for (int n = -1; n <= HORIZON_DAYS; n += 3) {
        m.count = 0;
        for (size_t z = 0; z < q->person->zone_count; z++) {
            int64_t today = clock_day(q->person->clocks[z], from);
            for (int k = 0; k < 5; k++)
                moments_of_day(q, hours, q->person->clocks[z], today + n + k, &m);
        }
        for (size_t i = 0; i < q->person->fact_count; i++) {
            const struct known *fact = &q->person->facts[i];
            if (fact->until != NEVER)
                moment_add(&m, fact->until);
            if (fact->call_back != 0)
                moment_add(&m, fact->call_back - INT64_C(1800) * 1000000);
        }
        qsort(m.at, m.count, sizeof m.at[0], by_time);
        int64_t last = from + (int64_t)(n + 3) * A_DAY_SECONDS * 1000000;
        for (size_t i = 0; i < m.count && m.at[i] <= last; i++) {
            if (m.at[i] > from + (int64_t)HORIZON_DAYS * A_DAY_SECONDS * 1000000)
                return NEVER; /* half a year holds both turns of the clocks */
            if (m.at[i] > from && good_everywhere(q, hours, m.at[i]))
                return m.at[i];
        }
    }
    return NEVER;
}

/* Comment 6(b)(1)-2: who speaks to us at a bad hour may be answered once, at that time and by
 * the medium they used. The next morning is another time. */
static bool answers_at_that_time(const struct asked *q, const struct hours *hours)
{
    const struct entry *said = waiting(q, medium_of(q->channel), INT64_MIN, NULL);

    return hours->replies && same(q->purpose, "reply") && said != NULL &&
           !good_everywhere(q, hours, said->at) && first_good(q, hours, said->at) > q->at;
}

struct opinion hours_opinion(const struct asked *q, const struct hours *hours)
{
    if ((hours->channels & ON(q->channel)) == 0 || good_everywhere(q, hours, q->at) ||
        answers_at_that_time(q, hours))
        return (struct opinion){ .ruling = RULING_ALLOW };
    int64_t until = first_good(q, hours, q->at);
    if (until == NEVER)
        return (struct opinion){ .ruling = RULING_DENY };
    return (struct opinion){ .ruling = RULING_DEFER, .until = until };
}

/* Speaks only of an hour outside 8 to 21 that some consent names. */
bool consented_hours_opinion(const struct asked *q, struct opinion *out)
{
    static const struct hours usual = { .openings = { { 0x7f, EIGHT, NINE_PM } } };
    bool named = false, all_good = true;

    for (size_t z = 0; z < q->person->zone_count; z++) {
        const struct clock *clock = q->person->clocks[z];
        if (is_open(&usual, clock, q->at))
            continue;
        for (size_t i = 0; i < q->person->fact_count; i++)
            named = named || names_hour(q, &q->person->facts[i], clock, q->at);
        all_good = all_good && agreed_since(q, &usual, clock, q->at) != INT64_MIN;
    }
    *out = (struct opinion){ .ruling = all_good ? RULING_ALLOW : RULING_DENY };
    return named;
}

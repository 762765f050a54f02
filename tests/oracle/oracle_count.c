/* Counts: how many contacts there were already, day by day on the person's wall. */
#include "reading.h"

#include <stdlib.h>

static bool purpose_is_free(const struct cap *cap, const char *purpose)
{
    for (size_t i = 0; cap->purposes[i] != NULL; i++) {
        if (same(cap->purposes[i], purpose))
            return true;
    }
    return false;
}

static bool kind_fits(enum kinds kinds, const char *kind)
{
    switch (kinds) {
    case ANY_NUMBER:
        return true;
    case WORK: /* a number of unknown kind may be anything */
        return kind == NULL || same(kind, "work_landline");
    case NOT_WORK:
        return kind == NULL || !same(kind, "work_landline");
    case SURELY_WORK:
        return same(kind, "work_landline");
    case CELL:
        return kind == NULL || same(kind, "cell");
    }
    return true;
}

static bool is_unit(enum unit unit, enum outcome outcome)
{
    static const unsigned nobody = OF(OUTCOME_NO_ANSWER) | OF(OUTCOME_BUSY) |
                                   OF(OUTCOME_NOT_IN_SERVICE) | OF(OUTCOME_WRONG_NUMBER) |
                                   OF(OUTCOME_BOUNCED);

    switch (unit) {
    case ATTEMPTS:
        return true;
    case CONTACTS:
        return (nobody & OF(outcome)) == 0;
    case CONVERSATIONS:
        return outcome == OUTCOME_CONVERSATION;
    }
    return true;
}

static int64_t talk_from(const struct asked *q, int64_t from)
{
    int64_t first = NEVER;

    for (size_t i = 0; i < q->person->entry_count; i++) {
        const struct entry *e = &q->person->entries[i];
        if (stands(e->learned, e->gone, q->step) && (PHONE & ON(e->channel)) != 0 &&
            e->outcome == OUTCOME_CONVERSATION && e->party == q->party && e->at >= from &&
            e->at < first)
            first = e->at;
    }
    return first;
}

/* "After initial spoken contact": the first talk, or what is recorded as it. A fact at the
 * midnight of a day tells the day alone; then it is the first talk that this day saw. */
static int64_t first_talk(const struct asked *q)
{
    int64_t first = talk_from(q, INT64_MIN), told = NEVER;

    for (size_t i = 0; i < q->person->fact_count; i++) {
        const struct known *fact = &q->person->facts[i];
        if (fact->type == FACT_FIRST_SPOKEN_CONTACT && of_person(q, fact) &&
            stands(fact->learned, fact->gone, q->step) && fact->at < told)
            told = fact->at;
    }
    if (told >= first)
        return first;
    bool day_alone = clock_second(q->person->clocks[0], told) == 0;
    return day_alone && first < told + INT64_C(86400) * 1000000 ? first : told;
}

static bool counts(const struct asked *q, const struct cap *cap, enum unit unit, unsigned per,
                   int debt, const struct entry *e)
{
    const struct person *p = q->person;
    bool creditor = false;

    if (!stands(e->learned, e->gone, q->step) || e->direction != DIRECTION_OUT ||
        (cap->channels & ON(e->channel)) == 0 || (cap->left_out & OF(e->outcome)) != 0 ||
        !is_unit(unit, e->outcome) || purpose_is_free(cap, e->purpose) ||
        !kind_fits(cap->kinds, e->number_kind))
        return false;
    for (size_t i = 0; i < p->debt_count; i++)
        creditor = creditor || ((e->debts & 1u << i) != 0 &&
                                same(p->debts[i].creditor, p->debts[debt].creditor));
    if (((per & A_PERSON) != 0 && e->party != q->party) ||
        ((per & A_DEBT) != 0 && !about(q, e, debt, cap->loans_are_one)) ||
        ((per & A_CREDITOR) != 0 && !creditor) ||
        ((per & A_NUMBER) != 0 && e->address != NULL && q->address != NULL &&
         !same_address(e->address, q->address))) /* a number nobody wrote down may be this */
        return false;
    if (cap->consent && consented_call(q, debt, e->at))
        return false;
    return !cap->from_first_talk || e->at > first_talk(q);
}

static bool debt_is_full(const struct asked *q, const struct cap *cap, int debt, int64_t at)
{
    for (size_t n = 0; n < 2 && cap->limits[n].most > 0; n++) {
        for (size_t z = 0; z < q->person->zone_count; z++) {
            const struct clock *clock = q->person->clocks[z];
            int64_t today = clock_day(clock, at);
            int found = 0;
            for (size_t i = 0; i < q->person->entry_count; i++) {
                const struct entry *e = &q->person->entries[i];
                int64_t day = clock_day(clock, e->at);
                if (day <= today && day > today - cap->limits[n].days &&
                    counts(q, cap, cap->limits[n].unit, cap->limits[n].per, debt, e))
                    found++;
            }
            if (found >= cap->limits[n].most)
                return true;
        }
    }
    return false;
}

static bool is_full(const struct asked *q, const struct cap *cap, int64_t at)
{
    for (size_t i = 0; i < q->person->debt_count; i++) {
        if ((q->debts & 1u << i) != 0 && !(cap->consent && consented_call(q, (int)i, q->at)) &&
            debt_is_full(q, cap, (int)i, at))
            return true;
    }
    return false;
}

static int by_time(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* A count only falls at somebody's midnight: tries all of them. */
static int64_t first_free(const struct asked *q, const struct cap *cap)
{
    int64_t midnights[ZONES_MOST * 40];
    size_t count = 0;

    for (size_t z = 0; z < q->person->zone_count; z++) {
        const struct clock *clock = q->person->clocks[z];
        for (int day = 1; day < 34; day++)
            midnights[count++] = clock_day_begins(clock, clock_day(clock, q->at) + day);
    }
    qsort(midnights, count, sizeof midnights[0], by_time);
    for (size_t i = 0; i < count; i++) {
        if (!is_full(q, cap, midnights[i]))
            return midnights[i];
    }
    return NEVER;
}

struct opinion cap_opinion(const struct asked *q, const struct cap *cap)
{
    if ((cap->channels & ON(q->channel)) == 0 || !kind_fits(cap->kinds, q->number_kind) ||
        purpose_is_free(cap, q->purpose) || !is_full(q, cap, q->at))
        return (struct opinion){ .ruling = RULING_ALLOW };
    return (struct opinion){ .ruling = RULING_DEFER, .until = first_free(q, cap) };
}

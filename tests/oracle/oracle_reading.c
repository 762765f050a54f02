#include "reading.h"

#include <string.h>
#include <strings.h>

bool same(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

bool same_address(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcasecmp(a, b) == 0;
}

bool is_attorney(const struct asked *q)
{
    return same(q->relation, "consumer_attorney");
}

unsigned medium_of(enum channel channel)
{
    return (PHONE & ON(channel)) != 0 ? PHONE : ON(channel);
}

bool holds(const struct asked *q, const struct known *fact, int64_t at)
{
    return stands(fact->learned, fact->gone, q->step) && fact->at <= at && at < fact->until;
}

bool of_person(const struct asked *q, const struct known *fact)
{
    return fact->party == 0 || fact->party == q->party;
}

bool of_some_debt(const struct asked *q, const struct known *fact)
{
    return fact->debt == 0 || (q->debts & 1u << (fact->debt - 1)) != 0;
}

const struct known *fact_now(const struct asked *q, enum fact_type type)
{
    for (size_t i = 0; i < q->person->fact_count; i++) {
        const struct known *fact = &q->person->facts[i];
        if (fact->type == type && holds(q, fact, q->at) && of_person(q, fact) &&
            of_some_debt(q, fact))
            return fact;
    }
    return NULL;
}

bool one_debt(const struct person *p, int a, int b)
{
    const struct owed *x = &p->debts[a], *y = &p->debts[b];

    return a == b ||
           (same(x->kind, "student_loan") && same(y->kind, "student_loan") &&
            x->servicer_account != NULL && same(x->servicer_account, y->servicer_account));
}

bool about(const struct asked *q, const struct entry *entry, int debt, bool loans_are_one)
{
    for (size_t i = 0; i < q->person->debt_count; i++) {
        if ((entry->debts & 1u << i) != 0 &&
            ((int)i == debt || (loans_are_one && one_debt(q->person, (int)i, debt))))
            return true;
    }
    return false;
}

/* The newest contact with them is theirs, and was no talk: a talk is answered as it goes. */
const struct entry *waiting(const struct asked *q, unsigned channels, int64_t since,
                            const char *address)
{
    const struct entry *newest = NULL;

    for (size_t i = 0; i < q->person->entry_count; i++) {
        const struct entry *e = &q->person->entries[i];
        bool theirs = e->direction == DIRECTION_IN && e->outcome != OUTCOME_CONVERSATION;
        if (!stands(e->learned, e->gone, q->step) || e->party != q->party || e->at > q->at ||
            (channels & ON(e->channel)) == 0 ||
            (theirs && address != NULL && e->address != NULL &&
             !same_address(address, e->address)))
            continue;
        if (newest == NULL || e->at > newest->at || (e->at == newest->at && !theirs))
            newest = e;
    }
    bool waits = newest != NULL && newest->at >= since && newest->direction == DIRECTION_IN &&
                 newest->outcome != OUTCOME_CONVERSATION;
    return waits ? newest : NULL;
}

int64_t begun_everywhere(const struct asked *q, int64_t at, int days)
{
    int64_t last = INT64_MIN;

    for (size_t z = 0; z < q->person->zone_count; z++) {
        const struct clock *clock = q->person->clocks[z];
        int64_t begins = clock_day_begins(clock, clock_day(clock, at) + days);
        last = begins > last ? begins : last;
    }
    return last;
}

bool is_direct(const struct asked *q, const struct known *consent)
{
    bool creditor = q->person->role == ACTOR_FIRST_PARTY_CREDITOR;

    return same(consent->given_to, creditor ? "creditor" : "collector");
}

/* The shipped policy takes half an hour early or late for the agreed moment. */
bool is_appointed(const struct known *consent, int64_t at)
{
    int64_t half_an_hour_us = INT64_C(1800) * 1000000;

    return consent->call_back != 0 && at >= consent->call_back - half_an_hour_us &&
           at <= consent->call_back + half_an_hour_us;
}

bool is_for_hours(const struct known *consent)
{
    return consent->hours.from != consent->hours.to;
}

/* "When the person has a telephone conversation about the debt", consent is used up. */
static bool talked_between(const struct asked *q, int debt, int64_t after, int64_t before)
{
    for (size_t i = 0; i < q->person->entry_count; i++) {
        const struct entry *e = &q->person->entries[i];
        if (stands(e->learned, e->gone, q->step) && (PHONE & ON(e->channel)) != 0 &&
            e->outcome == OUTCOME_CONVERSATION && e->party == q->party &&
            about(q, e, debt, true) && e->at > after && e->at < before)
            return true;
    }
    return false;
}

bool consented_call(const struct asked *q, int debt, int64_t at)
{
    for (size_t i = 0; i < q->person->fact_count; i++) {
        const struct known *fact = &q->person->facts[i];
        if (fact->type != FACT_CONSENT || !holds(q, fact, at) || !of_person(q, fact) ||
            (fact->debt != 0 && !one_debt(q->person, fact->debt - 1, debt)) ||
            !is_direct(q, fact) || is_for_hours(fact) ||
            (fact->channel_known && (PHONE & ON(fact->channel)) == 0))
            continue;
        if (fact->call_back != 0 && !is_appointed(fact, at))
            continue;
        bool fresh = true; /* the day of the consent is day 1 of 7, on every wall */
        for (size_t z = 0; z < q->person->zone_count; z++) {
            const struct clock *clock = q->person->clocks[z];
            fresh = fresh && clock_day(clock, at) - clock_day(clock, fact->at) < 7;
        }
        if (fresh && !talked_between(q, debt, fact->at, at))
            return true;
    }
    return false;
}

/* What people told us: not this way, not me but my attorney, not at all; and waiting times. */
#include "people.h"

static const struct opinion allowed = { .ruling = RULING_ALLOW };
static const struct opinion denied = { .ruling = RULING_DENY };

/* 12 CFR 1006.14(h): the medium, or one address of it. */
static bool closes(const struct asked *q, const struct known *fact)
{
    return fact->type == FACT_OPT_OUT && holds(q, fact, q->at) && of_person(q, fact) &&
           medium_of(fact->channel) == medium_of(q->channel) &&
           (same(fact->scope, "medium") || q->address == NULL ||
            same_address(fact->value, q->address));
}

/* One confirmation of an electronic request may go; a second may not. */
static bool confirmed(const struct asked *q, const struct known *fact)
{
    for (size_t i = 0; i < q->person->entry_count; i++) {
        const struct entry *e = &q->person->entries[i];
        if (stands(e->learned, e->gone, q->step) && e->direction == DIRECTION_OUT &&
            e->party == q->party && medium_of(e->channel) == medium_of(q->channel) &&
            same(e->purpose, "opt_out_confirmation") && e->at >= fact->at && e->at <= q->at &&
            (same(fact->scope, "medium") || e->address == NULL ||
             same_address(e->address, fact->value)))
            return true;
    }
    return false;
}

struct opinion opt_out_opinion(const struct asked *q)
{
    struct opinion worst = allowed;

    for (size_t i = 0; i < q->person->fact_count; i++) {
        const struct known *fact = &q->person->facts[i];
        if (!closes(q, fact))
            continue;
        if (same(q->purpose, "opt_out_confirmation") && q->only_confirms_opt_out &&
            !confirmed(q, fact))
            continue;
        if (same(q->purpose, "reply") &&
            waiting(q, medium_of(q->channel), fact->at,
                    same(fact->scope, "address") ? fact->value : NULL) != NULL)
            continue;
        if (same(fact->scope, "medium") || q->address != NULL)
            return denied;
        worst = (struct opinion){ .ruling = RULING_DENY, .unknown = "address" };
    }
    return worst;
}

/* "A communication from the debt collector": it told them something. Ringing in vain does not,
 * nor does a limited-content message (1006.2(b), (d)), nor what came back or is still to go. */
static bool communicated(const struct entry *e)
{
    unsigned told = (PHONE & ON(e->channel)) != 0
                        ? OF(OUTCOME_VOICEMAIL)
                        : OF(OUTCOME_NONE) | OF(OUTCOME_SENT) | OF(OUTCOME_DELIVERED);

    return e->direction == DIRECTION_OUT && (told & OF(e->outcome)) != 0;
}

/* 1006.6(b)(2)(i): since we know of them we wrote, thirty days went by, and nothing came. */
static bool is_silent(const struct asked *q, const struct known *attorney)
{
    const struct person *p = q->person;

    for (size_t i = 0; i < p->entry_count; i++) {
        const struct entry *e = &p->entries[i];
        if (!stands(e->learned, e->gone, q->step) || e->party != attorney->other ||
            e->at < attorney->at || !communicated(e))
            continue;
        bool old = true, answered = false;
        for (size_t z = 0; z < p->zone_count; z++)
            old = old && clock_day(p->clocks[z], q->at) - clock_day(p->clocks[z], e->at) >= 30;
        for (size_t k = 0; k < p->entry_count; k++) {
            const struct entry *back = &p->entries[k];
            answered =
                answered ||
                (stands(back->learned, back->gone, q->step) && back->party == attorney->other &&
                 back->at >= e->at && back->at <= q->at &&
                 (back->direction == DIRECTION_IN || back->outcome == OUTCOME_CONVERSATION));
        }
        if (old && !answered)
            return true;
    }
    return false;
}

/* They agreed, for this person and about this debt. */
static bool agreed(const struct asked *q, const struct known *attorney)
{
    for (size_t i = 0; i < q->person->fact_count; i++) {
        const struct known *fact = &q->person->facts[i];
        if (fact->type == FACT_ATTORNEY_CONSENT && holds(q, fact, q->at) &&
            of_person(q, fact) && fact->other == attorney->other &&
            (fact->debt == 0 || fact->debt == attorney->debt ||
             q->debts == 1u << (fact->debt - 1)))
            return true;
    }
    return false;
}

struct opinion attorney_opinion(const struct asked *q)
{
    for (size_t i = 0; i < q->person->fact_count; i++) {
        const struct known *fact = &q->person->facts[i];
        if (fact->type == FACT_ATTORNEY && holds(q, fact, q->at) && of_person(q, fact) &&
            of_some_debt(q, fact) && !agreed(q, fact) && !is_silent(q, fact))
            return denied;
    }
    return allowed;
}

/* 1006.6(c): in writing; a word said aloud is none. */
struct opinion cease_opinion(const struct asked *q)
{
    for (size_t i = 0; i < q->person->fact_count; i++) {
        const struct known *fact = &q->person->facts[i];
        if ((fact->type == FACT_CEASE || fact->type == FACT_REFUSAL_TO_PAY) &&
            holds(q, fact, q->at) && of_person(q, fact) && of_some_debt(q, fact) &&
            !same(fact->form, "oral"))
            return denied;
    }
    return allowed;
}

/* A mobile number reveals no place; a line of unknown kind may stand anywhere. */
struct opinion place_opinion(const struct asked *q, enum fact_type type)
{
    struct opinion worst = allowed;

    if ((PHONE & ON(q->channel)) == 0)
        return allowed;
    for (size_t i = 0; i < q->person->fact_count; i++) {
        const struct known *fact = &q->person->facts[i];
        if (fact->type != type || !holds(q, fact, q->at) || !of_person(q, fact))
            continue;
        bool work = type == FACT_EMPLOYER_PROHIBITS || same(fact->place, "work");
        if (q->number_kind == NULL && worst.ruling == RULING_ALLOW)
            worst = (struct opinion){ .ruling = RULING_DENY, .unknown = "number_kind" };
        if (same(q->number_kind, work ? "work_landline" : "home_landline"))
            worst = denied;
    }
    return worst;
}

struct opinion hold_opinion(const struct asked *q, const char *kind, const char *other,
                            bool everybody)
{
    for (size_t i = 0; i < q->person->fact_count; i++) {
        const struct known *fact = &q->person->facts[i];
        if (fact->type == FACT_HOLD && holds(q, fact, q->at) &&
            (everybody || of_person(q, fact)) && of_some_debt(q, fact) &&
            (kind == NULL || same(fact->scope, kind) || same(fact->scope, other)))
            return denied;
    }
    return allowed;
}

/* 1006.6(d)(5): they texted from it, or agreed to it, or it was checked, within sixty days. */
struct opinion sms_opinion(const struct asked *q)
{
    bool basis = false;
    const struct person *p = q->person;
    int64_t today = INT64_MIN;

    if (q->address == NULL)
        return (struct opinion){ .ruling = RULING_DENY, .unknown = "address" };
    for (size_t z = 0; z < p->zone_count; z++) {
        int64_t day = clock_day(p->clocks[z], q->at);
        today = day > today ? day : today;
    }

    for (size_t i = 0; i < p->fact_count; i++) {
        const struct known *fact = &p->facts[i];
        if (fact->type != FACT_SMS_BASIS || !holds(q, fact, q->at) || !of_person(q, fact) ||
            !same_address(fact->value, q->address))
            continue;
        basis = true;
        bool fresh = true;
        for (size_t z = 0; z < p->zone_count; z++) {
            int64_t last = clock_day(p->clocks[z], fact->at);
            if (fact->checked_day > last && fact->checked_day <= today)
                last = fact->checked_day;
            for (size_t k = 0; k < p->entry_count; k++) {
                const struct entry *e = &p->entries[k];
                if (stands(e->learned, e->gone, q->step) && e->direction == DIRECTION_IN &&
                    e->channel == CHANNEL_SMS && e->party == q->party && e->at <= q->at &&
                    same_address(e->address, q->address) &&
                    clock_day(p->clocks[z], e->at) > last)
                    last = clock_day(p->clocks[z], e->at);
            }
            fresh = fresh && clock_day(p->clocks[z], q->at) - last <= 60;
        }
        if (fresh)
            return allowed;
    }
    return basis ? denied : (struct opinion){ .ruling = RULING_DENY, .unknown = "sms_basis" };
}

/* 1006.14(b)(2)(i)(B): the day of the talk is day 1, and seven days are shut. */
struct opinion talk_opinion(const struct asked *q)
{
    int64_t until = INT64_MIN;

    for (size_t d = 0; d < q->person->debt_count; d++) {
        if ((q->debts & 1u << d) == 0 || consented_call(q, (int)d, q->at))
            continue;
        for (size_t i = 0; i < q->person->entry_count; i++) {
            const struct entry *e = &q->person->entries[i];
            if (!stands(e->learned, e->gone, q->step) || (PHONE & ON(e->channel)) == 0 ||
                e->outcome != OUTCOME_CONVERSATION || e->party != q->party ||
                !about(q, e, (int)d, true))
                continue;
            int64_t free = begun_everywhere(q, e->at, 7);
            until = free > until ? free : until;
        }
    }
    if (until <= q->at)
        return allowed;
    return (struct opinion){ .ruling = RULING_DEFER, .until = until };
}

/* Ontario: every debt has had its notice, the last one six whole days ago. */
struct opinion notice_opinion(const struct asked *q)
{
    int64_t until = INT64_MIN;

    for (size_t d = 0; d < q->person->debt_count; d++) {
        int64_t last = INT64_MIN;
        if ((q->debts & 1u << d) == 0)
            continue;
        for (size_t i = 0; i < q->person->fact_count; i++) {
            const struct known *fact = &q->person->facts[i];
            if (fact->type == FACT_CA_ON_WRITTEN_NOTICE && holds(q, fact, q->at) &&
                of_person(q, fact) && (fact->debt == 0 || fact->debt == (int32_t)d + 1) &&
                fact->at > last)
                last = fact->at;
        }
        if (last == INT64_MIN)
            return denied;
        int64_t free = begun_everywhere(q, last, 7);
        until = free > until ? free : until;
    }
    if (until <= q->at)
        return allowed;
    return (struct opinion){ .ruling = RULING_DEFER, .until = until };
}

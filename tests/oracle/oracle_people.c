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

/* ---- the validation period, bankruptcy, recorded voices ---- */

/* 5 USC 6103(a) on its dates, and the Friday or Monday on which an office keeps it. */
static bool is_federal_day_off(int64_t day)
{
    static const int dates[][3] = {
        { 2026, 1, 1 },   { 2026, 1, 19 },  { 2026, 2, 16 }, { 2026, 5, 25 },  { 2026, 6, 19 },
        { 2026, 7, 3 },   { 2026, 7, 4 },   { 2026, 9, 7 },  { 2026, 10, 12 }, { 2026, 11, 11 },
        { 2026, 11, 26 }, { 2026, 12, 25 }, { 2027, 1, 1 },  { 2027, 1, 18 },  { 2027, 2, 15 },
        { 2027, 5, 31 },  { 2027, 6, 18 },  { 2027, 6, 19 },
    };

    if (weekday_from_day(day) > 4)
        return true;
    for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++) {
        if (day == day_from_date(dates[i][0], dates[i][1], dates[i][2]))
            return true;
    }
    return false;
}

static int64_t working_days_later(int64_t day, int days)
{
    while (days > 0) {
        day++;
        days -= !is_federal_day_off(day);
    }
    return day;
}

/* The date that the first (last) of the walls shows. */
static int64_t date_on_walls(const struct asked *q, int64_t at, bool last)
{
    int64_t date = last ? INT64_MIN : INT64_MAX;

    for (size_t z = 0; z < q->person->zone_count; z++) {
        int64_t day = clock_day(q->person->clocks[z], at);
        if (last ? day > date : day < date)
            date = day;
    }
    return date;
}

/* 1006.34(b)(5): thirty days after the fifth working day; a later day that is printed governs.
 * Who has had no notice yet is in time. The last notice counts. */
static bool is_in_time(const struct asked *q, const struct known *dispute)
{
    const struct known *notice = NULL;

    for (size_t i = 0; i < q->person->fact_count; i++) {
        const struct known *fact = &q->person->facts[i];
        if (fact->type == FACT_VALIDATION && holds(q, fact, q->at) && of_person(q, fact) &&
            (fact->debt == 0 || dispute->debt == 0 || fact->debt == dispute->debt) &&
            (notice == NULL || fact->at > notice->at))
            notice = fact;
    }
    if (notice == NULL)
        return true;
    int64_t end = working_days_later(notice->provided_day, 5) + 30;
    end = notice->printed_day > end ? notice->printed_day : end;
    return date_on_walls(q, dispute->at, false) <= end;
}

/* 1006.38(c), (d)(2): collection of the debt stops, whoever of the debtors disputes it. */
struct opinion dispute_opinion(const struct asked *q, enum fact_type type)
{
    int64_t today = date_on_walls(q, q->at, false);

    for (size_t i = 0; i < q->person->fact_count; i++) {
        const struct known *fact = &q->person->facts[i];
        bool answered = fact->answered_day != 0 && fact->answered_day <= today;
        if (fact->type == type && holds(q, fact, q->at) && of_some_debt(q, fact) &&
            !same(fact->form, "oral") && is_in_time(q, fact) && !answered)
            return denied;
    }
    return allowed;
}

/* 11 USC 362(a)(6) for the bankrupt; 1301, in chapters 12 and 13 alone, for the co-debtor. */
struct opinion stay_opinion(const struct asked *q, bool of_co_debtor)
{
    int64_t today = date_on_walls(q, q->at, false);

    for (size_t i = 0; i < q->person->fact_count; i++) {
        const struct known *fact = &q->person->facts[i];
        bool over = fact->dismissed_day != 0 && fact->dismissed_day <= today;
        bool shields = of_co_debtor ? fact->other != q->party && (same(fact->chapter, "12") ||
                                                                  same(fact->chapter, "13"))
                                    : fact->other == q->party;
        if (fact->type == FACT_BANKRUPTCY && holds(q, fact, q->at) && shields && !over)
            return denied;
    }
    return allowed;
}

/* 47 CFR 64.1200(a)(10): honoured within ten business days, unless they agreed again. */
struct opinion revocation_opinion(const struct asked *q, bool any_debt)
{
    for (size_t i = 0; i < q->person->fact_count; i++) {
        const struct known *fact = &q->person->facts[i];
        bool again = false;
        if (fact->type != FACT_TCPA_REVOCATION || !holds(q, fact, q->at) ||
            !of_person(q, fact) || (!any_debt && !of_some_debt(q, fact)))
            continue;
        for (size_t k = 0; k < q->person->fact_count; k++) {
            const struct known *given = &q->person->facts[k];
            again = again ||
                    (given->type == FACT_TCPA_CONSENT && holds(q, given, q->at) &&
                     of_person(q, given) && of_some_debt(q, given) && given->at > fact->at);
        }
        int64_t last = working_days_later(date_on_walls(q, fact->at, false), 10);
        if (!again && date_on_walls(q, q->at, true) > last)
            return denied;
    }
    return allowed;
}

/* Shapes that count days and contacts: cap, wait. */
#include "domain/question.h"

#include "base/text.h"

#include <string.h>

static const uint32_t NO_CONTACT_MADE =
    1u << OUTCOME_NO_ANSWER | 1u << OUTCOME_BUSY | 1u << OUTCOME_NOT_IN_SERVICE |
    1u << OUTCOME_WRONG_NUMBER | 1u << OUTCOME_BOUNCED | 1u << OUTCOME_VOICEMAIL_BY_CONSUMER;

/* An outcome that nobody recorded may have been a contact: it counts. */
static bool outcome_counts(enum counting unit, enum outcome outcome)
{
    switch (unit) {
    case COUNT_ATTEMPTS:
        return true;
    case COUNT_CONTACTS:
        return (NO_CONTACT_MADE >> outcome & 1u) == 0;
    case COUNT_CONVERSATIONS:
        return outcome == OUTCOME_CONVERSATION;
    }
    return true;
}

static bool number_matches(enum numbers numbers, const char *kind)
{
    bool work = kind != NULL && text_starts(kind, "work");

    switch (numbers) {
    case NUMBERS_ANY:
    case NUMBERS_COUNT:
        return true;
    case NUMBERS_WORK:
        return kind == NULL || work;
    case NUMBERS_NOT_WORK:
        return !work;
    case NUMBERS_KNOWN_WORK:
        return work;
    case NUMBERS_CELL:
        return kind == NULL || strcmp(kind, "cell") == 0;
    }
    return true;
}

static bool limit_sees(const struct rule *rule, const struct cap_limit *limit,
                       const struct gate_question *q, const struct gate_debt *debt,
                       const struct contact *c)
{
    const struct cap_rule *cap = &rule->cap;

    if (c->direction != DIRECTION_OUT || (rule->channels >> c->channel & 1u) == 0 ||
        (cap->outcomes_left_out >> c->outcome & 1u) != 0 ||
        !outcome_counts(limit->unit, c->outcome))
        return false;
    if (((limit->per & PER_PERSON) != 0 && c->party != q->party) ||
        ((limit->per & PER_NUMBER) != 0 && c->address != NULL && q->address != NULL &&
         strcmp(c->address, q->address) != 0))
        return false;
    if (debt != NULL && (limit->per & PER_DEBT) != 0 &&
        !contact_concerns(c, q, debt, cap->alike))
        return false;
    if (debt != NULL && (limit->per & PER_CREDITOR) != 0 &&
        !contact_concerns_creditor(c, q, debt))
        return false;
    if (c->purpose != NULL && names_have(cap->purposes_left_out, c->purpose))
        return false;
    return number_matches(cap->numbers, c->number_kind) &&
           !consent_covers_contact(&cap->consent, q, debt, cap->alike, c->at);
}

/* A fact of which nobody wrote down the hour is at the midnight of the first zone. */
static bool names_only_day(const struct gate_question *q, struct instant at)
{
    return q->zone_count == 0 ? at.us % (SECONDS_A_DAY * INT64_C(1000000)) == 0
                              : wall_at(at, q->zones[0]).second == 0;
}

/* When the person was first spoken with: from then on an Ontario count runs, for instance.
 * A fact that names only the day stands for the first talk on that day. */
static struct instant first_conversation(const struct gate_question *q)
{
    const int64_t day_us = (int64_t)SECONDS_A_DAY * 1000000;
    struct instant first = INSTANT_NEVER;

    for (size_t i = 0; i < q->fact_count; i++) {
        if (q->facts[i].type == FACT_FIRST_SPOKEN_CONTACT && fact_concerns(&q->facts[i], q) &&
            q->facts[i].at.us < first.us)
            first = q->facts[i].at;
    }
    for (size_t i = 0; i < q->history_count; i++) {
        const struct contact *c = &q->history[i];
        if (c->outcome != OUTCOME_CONVERSATION || c->party != q->party)
            continue;
        if (c->at.us < first.us ||
            (c->at.us < first.us + day_us && names_only_day(q, first)))
            return c->at;
        break;
    }
    return first;
}

/* Contacts that fill the limit, no more than `enough` of them; *last is the earliest of those. */
static uint32_t limit_used(const struct rule *rule, const struct cap_limit *limit,
                           const struct gate_question *q, const struct gate_debt *debt,
                           struct instant counted_after, uint32_t enough,
                           const struct contact **last)
{
    struct instant since =
        limit->days == 0 ? (struct instant){ INT64_MIN } : days_began(q, limit->days);
    int64_t ends = q->at.us + (int64_t)SECONDS_A_DAY * 1000000; /* planned for later today */
    uint32_t count = 0;

    *last = NULL;
    for (size_t i = q->history_count; i-- > 0 && count < enough;) {
        const struct contact *c = &q->history[i];
        if (c->at.us < since.us || c->at.us <= counted_after.us)
            break;
        if (c->at.us >= ends || !limit_sees(rule, limit, q, debt, c))
            continue;
        *last = c;
        count++;
    }
    return count;
}

/* True when no more contact fits; then *frees is when the one that fills the limit leaves it,
 * INSTANT_NEVER when it never does. */
static bool limit_is_full(const struct rule *rule, const struct cap_limit *limit,
                          const struct gate_question *q, const struct gate_debt *debt,
                          struct instant counted_after, struct instant *frees)
{
    const struct contact *last;

    *frees = INSTANT_NEVER;
    if (limit->most == 0)
        return true;
    if (limit_used(rule, limit, q, debt, counted_after, limit->most, &last) < limit->most)
        return false;
    if (limit->days != 0)
        *frees = day_later_everywhere(q, last->at, limit->days);
    return true;
}

static struct answer limit_judge(const struct rule *rule, const struct cap_limit *limit,
                                 const struct gate_question *q, struct instant counted_after)
{
    bool by_debt = (limit->per & (PER_DEBT | PER_CREDITOR)) != 0 && q->debt_count > 0;
    size_t rounds = by_debt ? q->debt_count : 1;
    struct answer worst = answer_allow();
    struct instant frees;

    for (size_t i = 0; i < rounds; i++) {
        const struct gate_debt *debt = by_debt ? &q->debts[i] : NULL;
        if (!consent_covers_contact(&rule->cap.consent, q, debt, rule->cap.alike, q->at) &&
            limit_is_full(rule, limit, q, debt, counted_after, &frees) &&
            (worst.ruling == RULING_ALLOW || frees.us > worst.until.us))
            worst = answer_defer(frees);
        if (worst.ruling == RULING_DENY)
            return worst;
    }
    return worst;
}

struct answer judge_cap(const struct rule *rule, struct judging *j)
{
    const struct gate_question *q = j->question;
    const struct cap_rule *cap = &rule->cap;
    struct answer worst = answer_allow();
    struct instant counted_after = { INT64_MIN };

    if (!number_matches(cap->numbers, q->number_kind) ||
        names_have(cap->purposes_left_out, question_purpose(q)))
        return worst;
    if (!q->history_known)
        return answer_unknown("history");
    if (question_answers(rule, q))
        return worst;
    if (cap->after_first_conversation)
        counted_after = first_conversation(q);
    for (size_t i = 0; i < cap->limit_count; i++) {
        struct answer answer = limit_judge(rule, &cap->limits[i], q, counted_after);
        if (answer.ruling > worst.ruling ||
            (answer.ruling == worst.ruling && answer.until.us > worst.until.us))
            worst = answer;
    }
    return worst;
}

/* Of several debts, the one of which most is used. */
static uint32_t limit_uses(const struct rule *rule, const struct cap_limit *limit,
                           const struct gate_question *q)
{
    bool by_debt = (limit->per & (PER_DEBT | PER_CREDITOR)) != 0 && q->debt_count > 0;
    struct instant after = { INT64_MIN };
    const struct contact *last;
    uint32_t most = 0;

    if (rule->cap.after_first_conversation)
        after = first_conversation(q);
    for (size_t i = 0; i < (by_debt ? q->debt_count : 1); i++) {
        uint32_t used = limit_used(rule, limit, q, by_debt ? &q->debts[i] : NULL, after,
                                   UINT32_MAX, &last);
        most = used > most ? used : most;
    }
    return most;
}

size_t gate_uses(const struct gate_question *q, const struct verdict *verdict,
                 struct gate_use out[USES_MOST])
{
    size_t count = 0;

    for (size_t i = 0; i < verdict->finding_count; i++) {
        const struct rule *rule = verdict->findings[i].rule;
        if (rule->shape != SHAPE_CAP || (rule->channels >> q->channel & 1u) == 0 ||
            !q->history_known)
            continue;
        for (size_t k = 0; k < rule->cap.limit_count && count < USES_MOST; k++) {
            const struct cap_limit *limit = &rule->cap.limits[k];
            out[count++] =
                (struct gate_use){ rule, limit->days, limit_uses(rule, limit, q), limit->most };
        }
    }
    return count;
}

static bool wait_sees(const struct wait_rule *wait, const struct gate_question *q,
                      const struct gate_debt *debt, const struct contact *c)
{
    if (c->at.us > q->at.us || ((wait->per & PER_PERSON) != 0 && c->party != q->party))
        return false;
    if (wait->after == AFTER_CONVERSATION) {
        if (c->outcome != OUTCOME_CONVERSATION || (1u << c->channel & TELEPHONE) == 0)
            return false;
    } else if (wait->after == AFTER_PURPOSE &&
               (c->direction != DIRECTION_OUT || !text_equal(c->purpose, wait->purpose))) {
        return false;
    }
    return debt == NULL || contact_concerns(c, q, debt, wait->alike);
}

/* The newest event to wait after; false when there is none. */
static bool wait_begins(const struct wait_rule *wait, const struct gate_question *q,
                        const struct gate_debt *debt, struct instant *out)
{
    size_t count = wait->after == AFTER_FACT ? q->fact_count : q->history_count;

    for (size_t i = count; i-- > 0;) {
        if (wait->after != AFTER_FACT) {
            *out = q->history[i].at;
            if (wait_sees(wait, q, debt, &q->history[i]))
                return true;
            continue;
        }
        *out = q->facts[i].at;
        if (q->facts[i].type == wait->fact && fact_is_in_force(&q->facts[i], q->at) &&
            fact_concerns(&q->facts[i], q) &&
            (debt == NULL || q->facts[i].debt == 0 || q->facts[i].debt == debt->number))
            return true;
    }
    return false;
}

static struct answer debt_wait(const struct wait_rule *wait, const struct gate_question *q,
                               const struct gate_debt *debt)
{
    struct instant begins;

    if (!wait_begins(wait, q, debt, &begins))
        return wait->required ? answer_deny() : answer_allow();
    struct instant over = day_later_everywhere(q, begins, wait->days);
    if (q->at.us >= over.us ||
        consent_covers_contact(&wait->consent, q, debt, wait->alike, q->at))
        return answer_allow();
    return answer_defer(over);
}

/* By debt: each of them has waited for its own event, and the last one decides. */
struct answer judge_wait(const struct rule *rule, struct judging *j)
{
    const struct gate_question *q = j->question;
    const struct wait_rule *wait = &rule->wait;
    bool by_debt = (wait->per & PER_DEBT) != 0 && q->debt_count > 0;
    struct answer worst = answer_allow();

    if (wait->after != AFTER_FACT && !q->history_known)
        return answer_unknown("history");
    for (size_t i = 0; i < (by_debt ? q->debt_count : 1); i++) {
        struct answer answer = debt_wait(wait, q, by_debt ? &q->debts[i] : NULL);
        if (answer.ruling > worst.ruling ||
            (answer.ruling == worst.ruling && answer.until.us > worst.until.us))
            worst = answer;
    }
    return worst.ruling == RULING_DEFER && question_answers(rule, q) ? answer_allow() : worst;
}

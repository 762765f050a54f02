/* Shapes about what must come first, or follow: notice, contact_first, lead_time. */
#include "domain/question.h"

#include "base/text.h"

#include <string.h>

static bool notice_was_given(const struct notice_rule *law, const struct gate_question *q)
{
    for (size_t i = 0; i < q->fact_count; i++) {
        const struct gate_fact *fact = &q->facts[i];
        if (fact->type == law->fact && fact_is_in_force(fact, q->at) && fact_concerns(fact, q))
            return true;
    }
    return false;
}

/* A limited-content message, or a call that nobody took, begins nothing. */
struct answer judge_notice(const struct rule *rule, struct judging *j)
{
    const struct notice_rule *law = &rule->notice;
    const struct gate_question *q = j->question;

    if (strcmp(question_purpose(q), law->notice) == 0 || question_carries_validation(q) ||
        notice_was_given(law, q))
        return answer_allow();
    if (!q->history_known)
        return answer_unknown("history");
    const struct contact *initial = question_communicated(q, true);
    if (initial == NULL && strcmp(question_purpose(q), "initial") != 0)
        return answer_allow();
    struct day began = question_days(q, initial == NULL ? q->at : initial->at).first;
    struct day due = day_plus(began, law->days);
    bool kept = duty_add(j, (struct duty){ rule, law->notice, NULL, due });
    return kept && j->last_day.number <= due.number ? answer_allow() : answer_deny();
}

/* Talked with the person, or wrote to them, about the debt; not asked where they live. */
static bool reaches(const struct contact *c, const struct gate_question *q,
                    const struct gate_debt *debt)
{
    return c->at.us <= q->at.us && !text_equal(c->purpose, "location") &&
           contact_concerns(c, q, debt, (struct alike){ 0 });
}

static struct answer debt_was_told(const struct rule *rule, const struct gate_question *q,
                                   const struct gate_debt *debt)
{
    struct instant soonest = INSTANT_NEVER;

    for (size_t i = 0; i < q->history_count; i++) {
        const struct contact *c = &q->history[i];
        if (!reaches(c, q, debt))
            continue;
        if (c->outcome == OUTCOME_CONVERSATION)
            return answer_allow();
        bool written = c->direction == DIRECTION_OUT && (1u << c->channel & TELEPHONE) == 0 &&
                       c->channel < CHANNEL_CREDIT_REPORT &&
                       (c->outcome == OUTCOME_SENT || c->outcome == OUTCOME_DELIVERED);
        struct instant over = day_later_everywhere(q, c->at, rule->contact_first_days);
        if (written && over.us < soonest.us)
            soonest = over;
    }
    if (soonest.us <= q->at.us)
        return answer_allow();
    return answer_defer(soonest); /* nothing sent: no moment cures it */
}

struct answer judge_contact_first(const struct rule *rule, struct judging *j)
{
    const struct gate_question *q = j->question;
    struct answer worst = answer_allow();

    if (!q->history_known)
        return answer_unknown("history");
    for (size_t i = 0; i < q->debt_count; i++) {
        struct answer answer = debt_was_told(rule, q, &q->debts[i]);
        if (answer.ruling > worst.ruling ||
            (answer.ruling == worst.ruling && answer.until.us > worst.until.us))
            worst = answer;
    }
    return worst;
}

struct answer judge_lead_time(const struct rule *rule, struct judging *j)
{
    const struct lead_time_rule *law = &rule->lead_time;
    struct day told;

    if (!field_day(j->question->content, law->field, &told))
        return answer_unknown(law->field);
    return day_plus(told, law->days).number <= j->first_day.number ? answer_allow()
                                                                   : answer_deny();
}

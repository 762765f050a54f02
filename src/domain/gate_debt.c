/* Shapes about the debt: limitation, dispute, bankruptcy, rate_cap, fixed_sum. */
#include "domain/limitation.h"
#include "domain/question.h"

#include "base/text.h"

#include <string.h>

/* ---- limitation ---- */

/* Suing, saying so, and where the debt itself is gone also asking for it. */
static bool is_barred_act(const struct limitation_rule *law, const struct gate_question *q)
{
    if (strcmp(question_purpose(q), "proof_of_claim") == 0) /* in somebody's bankruptcy */
        return false;
    if (q->channel == CHANNEL_COURT_FILING || field_holds(q->content, "threatens_suit"))
        return true;
    return law->demands && question_requests_payment(q);
}

static bool was_contacted(const struct limitation_rule *law, const struct gate_debt *debt)
{
    return law->unless_contacted &&
           text_equal(gate_field_find(debt->detail, "contacted_in_period"), "true");
}

struct answer judge_limitation(const struct rule *rule, struct judging *j)
{
    const struct limitation_rule *law = &rule->limitation;
    const struct gate_question *q = j->question;
    struct answer worst = answer_allow();

    if (!is_barred_act(law, q))
        return worst;
    for (size_t i = 0; i < q->debt_count; i++) {
        const struct gate_debt *debt = &q->debts[i];
        if (!limitation_governs(law, debt))
            continue;
        enum limitation stands = limitation_of(law, debt, j->last_day);
        if (stands == LIMITATION_OVER && !was_contacted(law, debt))
            return answer_deny();
        if (law->unknown_passes)
            continue;
        if (stands == LIMITATION_NO_DUE_DAY)
            worst = answer_unknown(law->runs_from);
        else if (stands == LIMITATION_NO_CONTRACT)
            worst = answer_unknown("contract");
    }
    return worst;
}

/* ---- dispute ---- */

static bool answered_by(const struct dispute_rule *law, const struct gate_fact *fact,
                        struct day today)
{
    struct day day;

    for (size_t i = 0; i < law->answered_by.count; i++) {
        if (field_day(fact->detail, law->answered_by.names[i], &day) &&
            day.number <= today.number)
            return true;
    }
    return false;
}

/* The same again, with nothing new: a notice that says so, with reasons, is answer enough. */
static bool is_answered_repeat(const struct gate_fact *fact, struct day today)
{
    struct day told;

    return text_equal(gate_field_find(fact->detail, "same_as_prior"), "true") &&
           !text_equal(gate_field_find(fact->detail, "new_information"), "true") &&
           field_day(fact->detail, "duplicative_notice_sent", &told) &&
           told.number <= today.number;
}

/* While no notice was given, no period has ended. */
static bool came_in_time(const struct gate_question *q, const struct gate_fact *fact)
{
    const struct gate_fact *notice = question_validation(q, fact->debt);

    return notice == NULL ||
           question_days(q, fact->at).first.number <= validation_last_day(q, notice).number;
}

struct answer judge_dispute(const struct rule *rule, struct judging *j)
{
    const struct dispute_rule *law = &rule->dispute;
    const struct gate_question *q = j->question;

    for (size_t i = 0; i < q->fact_count; i++) {
        const struct gate_fact *fact = &q->facts[i];
        struct gate_fact of_anybody = *fact; /* it is the debt that is not collected */
        of_anybody.party = 0;
        if (fact->type != law->fact || !fact_is_in_force(fact, q->at) ||
            !fact_concerns(&of_anybody, q) || (law->written && !fact_is_written(fact)) ||
            (!law->any_time && !came_in_time(q, fact)))
            continue;
        if (!answered_by(law, fact, j->first_day) && !is_answered_repeat(fact, j->first_day) &&
            !question_leaves_out(q, fact) && !question_answers_plainly(rule, q))
            return answer_deny();
    }
    return answer_allow();
}

/* ---- bankruptcy ---- */

/* How the case stands today: a status is good from its day on. */
static const char *status_of(const struct gate_fact *fact, struct day today)
{
    const char *status = gate_field_find(fact->detail, "status");
    struct day since;

    if (status == NULL ||
        (field_day(fact->detail, "status_at", &since) && since.number > today.number))
        return "open";
    return status;
}

static bool has_ended(const char *status)
{
    static const char *const ends[] = { "closed", "dismissed", "discharged", "withdrawn" };

    for (size_t i = 0; i < COUNT(ends); i++) {
        if (strcmp(status, ends[i]) == 0)
            return true;
    }
    return false;
}

/* A debt made after the filing is no part of the case. */
static bool is_older_than(const struct gate_debt *debt, const struct gate_question *q,
                          const struct gate_fact *fact)
{
    struct day incurred;

    return !field_day(debt->detail, "incurred", &incurred) ||
           incurred.number <= question_days(q, fact->at).last.number;
}

/* "D1,D2" names the debt by its id. */
static bool list_names(const char *list, const char *id)
{
    size_t length = id == NULL ? 0 : strlen(id);

    for (const char *at = list; length > 0 && (at = strstr(at, id)) != NULL; at += length) {
        if ((at == list || at[-1] == ',') && (at[length] == '\0' || at[length] == ','))
            return true;
    }
    return false;
}

/* Nobody wrote down which debts were discharged: then all of the case were. */
static bool is_part_of(const struct bankruptcy_rule *law, const struct gate_debt *debt,
                       const struct gate_question *q, const struct gate_fact *fact)
{
    const char *discharged = gate_field_find(fact->detail, "debts_discharged");

    if (!is_older_than(debt, q, fact) || (fact->debt != 0 && fact->debt != debt->number))
        return false;
    return law->protects != PROTECTS_DISCHARGED || discharged == NULL ||
           list_names(discharged, gate_field_find(debt->detail, "id"));
}

static bool covers_any_debt(const struct bankruptcy_rule *law, const struct gate_question *q,
                            const struct gate_fact *fact)
{
    for (size_t i = 0; i < q->debt_count; i++) {
        if (is_part_of(law, &q->debts[i], q, fact))
            return true;
    }
    return q->debt_count == 0;
}

static bool chapter_is_named(const struct bankruptcy_rule *law, const struct gate_fact *fact,
                             bool *known)
{
    int64_t chapter;

    *known = law->chapter_count == 0 || field_hundredths(fact->detail, "chapter", &chapter);
    for (size_t i = 0; *known && i < law->chapter_count; i++) {
        if (chapter == law->chapters[i] * INT64_C(100))
            return true;
    }
    return law->chapter_count == 0;
}

/* The court let this creditor go on. */
static bool stay_is_lifted(const struct gate_fact *fact, struct day today)
{
    struct day lifted;

    return field_day(fact->detail, "stay_lifted", &lifted) && lifted.number <= today.number;
}

static bool protects_addressee(const struct bankruptcy_rule *law, const struct gate_question *q,
                               const struct gate_fact *fact)
{
    int32_t bankrupt = fact->other != 0 ? fact->other : fact->party;

    return (bankrupt == 0 || bankrupt == q->party) != (law->protects == PROTECTS_CO_DEBTOR);
}

struct answer judge_bankruptcy(const struct rule *rule, struct judging *j)
{
    const struct bankruptcy_rule *law = &rule->bankruptcy;
    const struct gate_question *q = j->question;
    struct answer worst = answer_allow();
    bool known;

    for (size_t i = 0; i < q->fact_count; i++) {
        const struct gate_fact *fact = &q->facts[i];
        if (fact->type != FACT_BANKRUPTCY || !fact_is_in_force(fact, q->at) ||
            !protects_addressee(law, q, fact) || !covers_any_debt(law, q, fact))
            continue;
        const char *status = status_of(fact, j->first_day);
        bool holds = law->protects == PROTECTS_DISCHARGED
                         ? strcmp(status, "discharged") == 0
                         : !has_ended(status) && !stay_is_lifted(fact, j->first_day);
        if (!holds || question_answers_plainly(rule, q))
            continue;
        if (chapter_is_named(law, fact, &known))
            return answer_deny();
        if (!known)
            worst = answer_unknown("bankruptcy.chapter");
    }
    return worst;
}

/* ---- rate_cap ---- */

/* Interest that is claimed for days of service, or for days that nobody named. */
static bool is_for_service(const struct gate_question *q, const struct gate_fact *fact)
{
    struct day from, to, began = question_days(q, fact->at).first;
    bool open = fact->until.us == INSTANT_NEVER.us;

    if (field_day(q->content, "interest_to", &to) && to.number < began.number)
        return false;
    return open || !field_day(q->content, "interest_from", &from) ||
           from.number <= question_days(q, fact->until).last.number;
}

struct answer judge_rate_cap(const struct rule *rule, struct judging *j)
{
    const struct gate_question *q = j->question;
    int64_t rate;
    struct day orders, incurred;

    if (!field_hundredths(q->content, "interest_rate_pct", &rate) ||
        rate <= rule->rate_cap_hundredths)
        return answer_allow();
    for (size_t i = 0; i < q->fact_count; i++) {
        const struct gate_fact *fact = &q->facts[i];
        if (fact->type != FACT_MILITARY || fact->at.us > q->at.us || !fact_concerns(fact, q) ||
            !field_day(fact->detail, "orders_received", &orders) ||
            orders.number > j->last_day.number || !is_for_service(q, fact))
            continue;
        for (size_t k = 0; k < q->debt_count; k++) {
            if (!field_day(q->debts[k].detail, "incurred", &incurred))
                return answer_unknown("incurred");
            if (incurred.number < question_days(q, fact->at).first.number)
                return answer_deny();
        }
    }
    return answer_allow();
}

/* ---- fixed_sum ---- */

struct answer judge_fixed_sum(const struct rule *rule, struct judging *j)
{
    const struct fixed_sum_rule *law = &rule->fixed_sum;
    const struct gate_question *q = j->question;
    int64_t claimed, amount, most = 0;

    if (!field_holds(q->content, law->field))
        return answer_allow();
    if (!field_hundredths(q->content, law->field, &claimed))
        return answer_unknown(law->field);
    for (size_t i = 0; i < q->debt_count; i++) {
        bool known = law->tier_count == 1;
        for (size_t k = 0; k < law->by.count && !known; k++)
            known = field_hundredths(q->debts[i].detail, law->by.names[k], &amount);
        if (!known)
            return answer_unknown(law->by.names[0]);
        size_t tier = 0;
        while (tier + 1 < law->tier_count && amount >= law->tiers[tier].below)
            tier++;
        most += law->tiers[tier].sum;
    }
    return claimed <= most ? answer_allow() : answer_deny();
}

/* Shapes about what the person, their attorney or the law has said about being contacted:
 * opt_out, cease, attorney, place, hold, consent. */
#include "domain/question.h"

#include "base/text.h"
#include "domain/validation.h"

#include <string.h>
#include <strings.h>

static const int64_t HOUR_US = INT64_C(3600000000);

static const uint32_t ELECTRONIC =
    1u << CHANNEL_SMS | 1u << CHANNEL_EMAIL | 1u << CHANNEL_PORTAL | 1u << CHANNEL_SOCIAL;

/* One without a channel closes them all. */
uint32_t opt_out_closes(const struct gate_fact *fact)
{
    if (text_equal(fact->scope, "electronic") || text_equal(fact->scope, "all_electronic"))
        return ELECTRONIC;
    return fact->channel_known ? channel_medium(fact->channel) : UINT32_MAX;
}

/* By the medium that was closed; of an address, by that one, as far as anybody wrote it down. */
static bool is_closed_way(const struct contact *c, const struct gate_question *q,
                          const struct gate_fact *fact)
{
    bool other = text_equal(fact->scope, "address") && fact->value != NULL &&
                 c->address != NULL && strcasecmp(fact->value, c->address) != 0;

    return c->party == q->party && !other &&
           (channel_medium(q->channel) >> c->channel & 1u) != 0;
}

/* Confirms the opt-out: once, and says nothing else. */
static bool confirms_opt_out(const struct rule *rule, const struct gate_question *q,
                             const struct gate_fact *fact)
{
    const char *only = gate_field_find(q->content, "only_confirms_opt_out");

    if (!names_have(rule->permits, question_purpose(q)) ||
        !text_equal(only, "true"))
        return false;
    for (size_t i = q->history_count; i-- > 0 && q->history[i].at.us >= fact->at.us;) {
        const struct contact *c = &q->history[i];
        if (c->direction == DIRECTION_OUT && is_closed_way(c, q, fact) && c->purpose != NULL &&
            names_have(rule->permits, c->purpose))
            return false;
    }
    return q->history_known;
}

/* One answer by a medium that the person used again after closing it. */
static bool answers_by_same_medium(const struct rule *rule, const struct gate_question *q,
                                   const struct gate_fact *fact)
{
    if (!names_have(rule->replies, question_purpose(q)) || !q->history_known)
        return false;
    for (size_t i = q->history_count; i-- > 0 && q->history[i].at.us >= fact->at.us;) {
        const struct contact *c = &q->history[i];
        if (c->party != q->party || c->at.us > q->at.us ||
            (channel_medium(q->channel) >> c->channel & 1u) == 0)
            continue;
        if (c->direction == DIRECTION_OUT || c->outcome == OUTCOME_CONVERSATION)
            return false;
        if (is_closed_way(c, q, fact))
            return true;
    }
    return false;
}

struct answer judge_opt_out(const struct rule *rule, struct judging *j)
{
    const struct gate_question *q = j->question;
    struct answer worst = answer_allow();

    for (size_t i = 0; i < q->fact_count; i++) {
        const struct gate_fact *fact = &q->facts[i];
        if (fact->type != FACT_OPT_OUT || !fact_is_in_force(fact, q->at) ||
            !fact_concerns(fact, q) || (opt_out_closes(fact) >> q->channel & 1u) == 0)
            continue;
        bool one_address = text_equal(fact->scope, "address") && fact->value != NULL;
        if (one_address && q->address != NULL && strcasecmp(fact->value, q->address) != 0)
            continue;
        if (confirms_opt_out(rule, q, fact) || answers_by_same_medium(rule, q, fact))
            continue;
        if (!one_address || q->address != NULL)
            return answer_deny();
        worst = answer_unknown("address");
    }
    return worst;
}

struct answer judge_cease(const struct rule *rule, struct judging *j)
{
    const struct gate_question *q = j->question;

    for (size_t i = 0; i < q->fact_count; i++) {
        const struct gate_fact *fact = &q->facts[i];
        bool asked = fact->type == FACT_CEASE || fact->type == FACT_REFUSAL_TO_PAY;
        if (asked && fact_is_in_force(fact, q->at) && fact_concerns(fact, q) &&
            fact_is_written(fact))
            return question_answers_plainly(rule, q) ? answer_allow() : answer_deny();
    }
    return answer_allow();
}

static bool attorney_agreed(const struct gate_question *q, const struct gate_fact *attorney)
{
    for (size_t i = 0; i < q->fact_count; i++) {
        const struct gate_fact *fact = &q->facts[i];
        if (fact->type == FACT_ATTORNEY_CONSENT && fact_is_in_force(fact, q->at) &&
            (fact->party == 0 || fact->party == q->party) &&
            (fact->other == 0 || fact->other == attorney->other) &&
            (fact->debt == 0 || fact->debt == attorney->debt ||
             (q->debt_count == 1 && q->debts[0].number == fact->debt)))
            return true;
    }
    return false;
}

/* When the attorney last said a word to us. */
static struct instant attorney_heard(const struct gate_question *q, int32_t attorney)
{
    for (size_t i = q->history_count; i-- > 0;) {
        const struct contact *c = &q->history[i];
        if (c->party == attorney && c->at.us <= q->at.us &&
            (c->direction == DIRECTION_IN || c->outcome == OUTCOME_CONVERSATION))
            return c->at;
    }
    return (struct instant){ INT64_MIN };
}

/* Since we know of them they were told something long ago and have not said a word to it.
 * Ringing in vain tells nothing, nor does what is still to go. */
static bool attorney_is_silent(const struct gate_question *q, const struct gate_fact *attorney,
                               int32_t days)
{
    if (attorney->other == 0 || !q->history_known || days <= 0)
        return false;
    struct instant heard = attorney_heard(q, attorney->other);
    for (size_t i = 0; i < q->history_count; i++) {
        const struct contact *c = &q->history[i];
        if (c->party == attorney->other && c->at.us >= attorney->at.us &&
            c->at.us > heard.us && contact_communicates(c) && c->outcome != OUTCOME_PLANNED &&
            q->at.us >= day_later_everywhere(q, c->at, days).us)
            return true;
    }
    return false;
}

struct answer judge_attorney(const struct rule *rule, struct judging *j)
{
    const struct attorney_rule *law = &rule->attorney;
    const struct gate_question *q = j->question;

    for (size_t i = 0; i < q->fact_count; i++) {
        const struct gate_fact *fact = &q->facts[i];
        if (fact->type != FACT_ATTORNEY || !fact_is_in_force(fact, q->at) ||
            !fact_concerns(fact, q) || (fact->other != 0 && fact->other == q->party))
            continue;
        if (text_equal(gate_field_find(fact->detail, "contact_known"), "false"))
            continue; /* neither known nor easily found: there is nobody to write to */
        if ((law->written && !fact_is_written(fact)) ||
            q->at.us < fact->at.us + law->grace_hours * HOUR_US)
            continue;
        if (!attorney_agreed(q, fact) && !attorney_is_silent(q, fact, law->silent_days) &&
            !question_answers(rule, q))
            return answer_deny();
    }
    return answer_allow();
}

/* The place that a number reaches; a mobile reaches none in particular. NULL: not known. */
static const char *place_of_number(const struct gate_question *q)
{
    if (q->number_kind == NULL)
        return NULL;
    if (text_starts(q->number_kind, "work"))
        return "work";
    return text_starts(q->number_kind, "home") ? "home" : "";
}

static bool agreed_to_place(const struct gate_question *q, const char *place,
                            const struct gate_fact *barred)
{
    for (size_t i = 0; i < q->fact_count; i++) {
        const struct gate_fact *fact = &q->facts[i];
        if (fact->type == FACT_CONSENT && consent_is_direct(fact, q, q->at) &&
            fact->at.us >= barred->at.us &&
            text_equal(gate_field_find(fact->detail, "place"), place))
            return true;
    }
    return false;
}

struct answer judge_place(const struct rule *rule, struct judging *j)
{
    const struct gate_question *q = j->question;
    const char *here = place_of_number(q);

    for (size_t i = 0; i < q->fact_count; i++) {
        const struct gate_fact *fact = &q->facts[i];
        if (fact->type != rule->place.fact || !fact_is_in_force(fact, q->at) ||
            !fact_concerns(fact, q))
            continue;
        const char *place = gate_field_find(fact->detail, "place");
        if (place == NULL)
            place = "work";
        bool named = fact->value != NULL && text_equal(fact->value, q->address);
        if (here == NULL && !named)
            return answer_unknown("number_kind");
        if ((named || strcmp(place, here) == 0) && !agreed_to_place(q, place, fact))
            return answer_deny();
    }
    return answer_allow();
}

struct answer judge_hold(const struct rule *rule, struct judging *j)
{
    const struct gate_question *q = j->question;

    for (size_t i = 0; i < q->fact_count; i++) {
        const struct gate_fact *fact = &q->facts[i];
        bool holds =
            fact->type == FACT_HOLD || (rule->hold.disputes && fact->type == FACT_DISPUTE);
        struct gate_fact of_anybody = *fact;
        if (rule->hold.joint)
            of_anybody.party = 0;
        if (!holds || !fact_is_in_force(fact, q->at) || !fact_concerns_debts(&of_anybody, q))
            continue;
        if (fact->type == FACT_DISPUTE && question_leaves_out(q, fact))
            continue;
        bool named = fact->type == FACT_DISPUTE || rule->hold.kinds.count == 0 ||
                     (fact->scope != NULL && names_have(rule->hold.kinds, fact->scope));
        if (named && !question_answers_plainly(rule, q))
            return answer_deny();
    }
    return answer_allow();
}

/* They wrote to us from this address, on this channel, not long ago. */
static bool used_lately(const struct gate_question *q, int32_t days)
{
    struct instant since = days_began(q, days);

    for (size_t i = q->history_count; days > 0 && i-- > 0;) {
        const struct contact *c = &q->history[i];
        if (c->at.us < since.us)
            return false;
        if (c->direction == DIRECTION_IN && c->party == q->party && c->channel == q->channel &&
            c->at.us <= q->at.us &&
            (c->address == NULL || q->address == NULL ||
             strcasecmp(c->address, q->address) == 0))
            return true;
    }
    return false;
}

static bool consent_serves(const struct consent_shape *law, const struct gate_fact *fact,
                           const struct gate_question *q)
{
    bool names = fact->channel_known || gate_field_find(fact->detail, "channels") != NULL;
    const char *given = gate_field_find(fact->detail, "given");

    if (fact->type != law->fact || text_equal(given, "false") ||
        (law->written && !fact_is_written(fact)))
        return false;
    if (law->fact != FACT_CONSENT) /* given to whoever had the number first */
        return fact_is_in_force(fact, q->at) && fact_concerns(fact, q);
    return names && consent_is_direct(fact, q, q->at);
}

/* Consent must name this channel: a general one does not open a channel that needs its own. */
struct answer judge_consent(const struct rule *rule, struct judging *j)
{
    const struct gate_question *q = j->question;

    for (size_t i = 0; i < q->fact_count; i++) {
        if (consent_serves(&rule->consent, &q->facts[i], q))
            return answer_allow();
    }
    return used_lately(q, rule->consent.recent_use_days) || question_answers(rule, q)
               ? answer_allow()
               : answer_deny();
}

static struct day business_days_later(struct day day, int32_t days)
{
    while (days > 0) {
        day = day_plus(day, 1);
        days -= !federal_day_is_off(day);
    }
    return day;
}

/* Whoever agreed again afterwards has not taken it back. */
static bool given_since(const struct gate_question *q, enum fact_type type, struct instant at)
{
    for (size_t i = q->fact_count; i-- > 0 && q->facts[i].at.us > at.us;) {
        if (q->facts[i].type == type && fact_is_in_force(&q->facts[i], q->at) &&
            fact_concerns(&q->facts[i], q))
            return true;
    }
    return false;
}

struct answer judge_revocation(const struct rule *rule, struct judging *j)
{
    const struct revocation_rule *law = &rule->revocation;
    const struct gate_question *q = j->question;

    for (size_t i = 0; i < q->fact_count; i++) {
        const struct gate_fact *fact = &q->facts[i];
        struct gate_fact any = *fact;
        if (law->any_debt)
            any.debt = 0;
        if (fact->type != law->fact || !fact_is_in_force(fact, q->at) ||
            !fact_concerns(&any, q) || given_since(q, law->of, fact->at))
            continue;
        struct day honoured =
            business_days_later(question_days(q, fact->at).first, law->honour_days);
        if (j->last_day.number > honoured.number)
            return answer_deny();
    }
    return answer_allow();
}

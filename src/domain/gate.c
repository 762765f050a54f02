#include "domain/rule.h"

#include "base/text.h"
#include "domain/limitation.h"
#include "domain/question.h"

#include <string.h>

static bool name_find(const char *const names[], int count, const char *name, int *out)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(names[i], name) == 0) {
            *out = i;
            return true;
        }
    }
    return false;
}

const char *ruling_name(enum ruling ruling)
{
    static const char *const names[] = { "allow", "defer", "deny" };

    return names[ruling];
}

static const char *const role_names[] = { "first_party_creditor", "third_party_collector",
                                          "debt_buyer" };

const char *actor_role_name(enum actor_role role)
{
    return role_names[role];
}

bool actor_role_parse(const char *name, enum actor_role *out)
{
    int place;

    if (!name_find(role_names, COUNT(role_names), name, &place))
        return false;
    *out = (enum actor_role)place;
    return true;
}

#define X(code, name) name,
static const char *const fact_type_names[] = { FACT_TYPES(X) };
static const char *const strength_names[] = { STRENGTHS(X) };
static const char *const confidence_names[] = { CONFIDENCES(X) };
#undef X
#define X(code, name, judge) name,
static const char *const shape_names[] = { SHAPES(X) };
#undef X

const char *fact_type_name(enum fact_type type)
{
    return fact_type_names[type];
}

bool fact_type_parse(const char *name, enum fact_type *out)
{
    int place;

    if (!name_find(fact_type_names, FACT_TYPE_COUNT, name, &place))
        return false;
    *out = (enum fact_type)place;
    return true;
}

const char *shape_name(enum shape shape)
{
    return shape_names[shape];
}

bool shape_parse(const char *name, enum shape *out)
{
    int place;

    if (!name_find(shape_names, SHAPE_COUNT, name, &place))
        return false;
    *out = (enum shape)place;
    return true;
}

bool strength_parse(const char *name, enum strength *out)
{
    int place;

    if (!name_find(strength_names, STRENGTH_COUNT, name, &place))
        return false;
    *out = (enum strength)place;
    return true;
}

bool confidence_parse(const char *name, enum confidence *out)
{
    int place;

    if (!name_find(confidence_names, CONFIDENCE_COUNT, name, &place))
        return false;
    *out = (enum confidence)place;
    return true;
}

const char *rule_id(const struct rule *rule)
{
    return rule->id;
}

const char *rule_cite(const struct rule *rule)
{
    return rule->cite;
}

const char *rule_cite_first(const struct rule *rule)
{
    return rule->cite_first;
}

const char *rule_strength(const struct rule *rule)
{
    return strength_names[rule->strength];
}

const char *rule_shape(const struct rule *rule)
{
    return shape_name(rule->shape);
}

const char *rule_title(const struct rule *rule)
{
    return rule->title;
}

const char *rule_confidence(const struct rule *rule)
{
    return confidence_names[rule->confidence];
}

bool rule_is_about_words(const struct rule *rule)
{
    return rule->shape == SHAPE_CONTENT || rule->shape == SHAPE_VALIDATION_END;
}

const char *rule_debtor_reason(const struct rule *rule)
{
    return rule->debtor_reason;
}

const char *gate_field_find(struct gate_fields fields, const char *name)
{
    for (size_t i = 0; i < fields.count; i++) {
        if (strcmp(fields.fields[i].name, name) == 0)
            return fields.fields[i].value;
    }
    return NULL;
}

bool fact_is_of_part(const struct gate_fact *fact)
{
    return fact->type == FACT_DISPUTE && gate_field_find(fact->detail, "portion") != NULL;
}

/* One truth per fact type; the names are those of FACT_TYPES with "has_" before them. */
#define X(code, name, type, meaning) { name, type, meaning, false },
#define Y(code, name)                { "has_" name, VALUE_BOOL, "such a fact is in force", false },
static const struct fact_name question_facts[] = { QUESTION_FACTS(X) FACT_TYPES(Y) };
#undef X
#undef Y

struct fact_table gate_fact_table(void)
{
    return (struct fact_table){ COUNT(question_facts), question_facts };
}

static struct value value_text(const char *text)
{
    return (struct value){ .known = text != NULL, .text = text };
}

bool question_is_of_business(const struct gate_question *q)
{
    for (size_t i = 0; i < q->debt_count; i++) {
        if (!q->debts[i].business)
            return false;
    }
    return q->debt_count > 0 || q->business;
}

/* True when it is so of one of the debts, false when it is not so of any, else unknown. */
static struct value value_of_debts(const struct gate_question *q, const char *field)
{
    struct value all = { .known = q->debt_count > 0, .truth = false };

    for (size_t i = 0; i < q->debt_count; i++) {
        const char *text = gate_field_find(q->debts[i].detail, field);
        if (text_equal(text, "true"))
            return (struct value){ .known = true, .truth = true };
        all.known = all.known && text != NULL;
    }
    return all;
}

/* The words of a person settle it; else the periods of limitation of the chosen packs do. */
static struct value value_of_limitation(const struct judging *j)
{
    struct value all = value_of_debts(j->question, "sol_expired");

    if (all.known)
        return all;
    all.known = j->question->debt_count > 0;
    for (size_t i = 0; i < j->question->debt_count; i++) {
        struct value one = limitation_has_expired(j, &j->question->debts[i]);
        if (one.known && one.truth)
            return one;
        all.known = all.known && one.known;
    }
    return all;
}

static bool period_runs(const struct judging *j)
{
    const struct gate_question *q = j->question;

    for (size_t i = 0; i < (q->debt_count == 0 ? 1 : q->debt_count); i++) {
        const struct gate_fact *notice =
            question_validation(q, q->debt_count == 0 ? 0 : q->debts[i].number);
        if (notice != NULL && !validation_is_over(q, notice, j->first_day))
            return true;
    }
    return false;
}

static bool writes_first(const struct gate_question *q)
{
    const struct contact *first = question_communicated(q, true);

    if (first == NULL || first->outcome != OUTCOME_CONVERSATION)
        return false;
    for (size_t i = 0; i < q->history_count; i++) {
        const struct contact *c = &q->history[i];
        if (c->at.us > first->at.us && c->at.us <= q->at.us && c->party == q->party &&
            c->direction == DIRECTION_OUT && (1u << c->channel & TELEPHONE) == 0 &&
            c->outcome != OUTCOME_BOUNCED)
            return false;
    }
    return true;
}

static struct value value_bool(bool truth)
{
    return (struct value){ .known = true, .truth = truth };
}

static struct value value_of_field(struct gate_fields fields, const char *name)
{
    struct value value = value_bool(field_holds(fields, name));

    value.known = gate_field_find(fields, name) != NULL;
    return value;
}

/* What takes a walk over the history, the facts or the packs: only when nothing else decides. */
static void values_fill_all(struct judging *j)
{
    const struct gate_question *q = j->question;
    struct value barred = value_of_limitation(j);

    j->values_filled = VALUES_ALL;
    j->values[Q_SOL_EXPIRED] = barred;
    j->values[Q_TIME_BARRED] = value_bool(barred.known && barred.truth);
    j->values[Q_FIRST_COMMUNICATION] = value_bool(question_communicated(q, false) == NULL);
    j->values[Q_FIRST_WRITING] = value_bool(writes_first(q));
    j->values[Q_VALIDATION_PERIOD] = value_bool(period_runs(j));
}

static void values_fill(struct judging *j)
{
    static const enum question_fact dear[] = { Q_SOL_EXPIRED, Q_TIME_BARRED,
                                               Q_FIRST_COMMUNICATION, Q_FIRST_WRITING,
                                               Q_VALIDATION_PERIOD };
    const struct gate_question *q = j->question;

    if (j->values_filled != VALUES_NONE)
        return;
    j->values_filled = VALUES_CHEAP;
    for (size_t i = 0; i < COUNT(dear); i++)
        j->values[dear[i]].known = false;
    j->values[Q_CHANNEL] = value_text(channel_name(q->channel));
    j->values[Q_RELATION] = value_text(q->relation);
    j->values[Q_PURPOSE] = value_text(question_purpose(q));
    j->values[Q_ROLE] = value_text(actor_role_name(q->role));
    j->values[Q_NUMBER_KIND] = value_text(q->number_kind);
    j->values[Q_VISIBILITY] = value_text(gate_field_find(q->extra, "visibility"));
    j->values[Q_VOICE] = value_text(gate_field_find(q->extra, "voice"));
    j->values[Q_DEBT_KIND] = value_text(q->debt_count > 0 ? q->debts[0].kind : NULL);
    j->values[Q_BUSINESS] = value_bool(question_is_of_business(q));
    j->values[Q_CFPB_PRODUCT] = value_of_debts(q, "cfpb_product");
    j->values[Q_MESSAGE_TYPE] = value_text(gate_field_find(q->content, "message_type"));
    j->values[Q_THREATENS_SUIT] = value_bool(field_holds(q->content, "threatens_suit"));
    j->values[Q_REQUESTS_PAYMENT] = value_bool(question_requests_payment(q));
    j->values[Q_CARRIES_VALIDATION] = value_bool(question_carries_validation(q));
    j->values[Q_AMOUNT_VARIES] = value_of_field(q->content, "amount_varies");
    j->values[Q_RANGE_ELECTED] = value_of_field(q->content, "range_elected");
    j->values[Q_DEBT_STATUS] =
        value_text(q->debt_count > 0 ? gate_field_find(q->debts[0].detail, "status") : NULL);
    for (int type = 0; type < FACT_TYPE_COUNT; type++)
        j->values[QUESTION_FACT_COUNT + type] = value_bool(j->facts_in_force >> type & 1u);
}

static struct answer answer_of_truth(struct judging *j, const struct condition *condition,
                                     enum truth passes)
{
    values_fill(j);
    enum truth truth = condition_test(condition, j->values);
    if (truth == TRUTH_UNKNOWN && j->values_filled == VALUES_CHEAP) {
        values_fill_all(j);
        truth = condition_test(condition, j->values);
    }
    if (truth == TRUTH_UNKNOWN) {
        const char *fact = condition_unknown(condition, j->values);
        return answer_unknown(fact == NULL ? "condition" : fact);
    }
    return truth == passes ? answer_allow() : answer_deny();
}

struct answer judge_never(const struct rule *rule, struct judging *j)
{
    return answer_of_truth(j, rule->never, TRUTH_FALSE);
}

struct answer judge_note(const struct rule *rule, struct judging *j)
{
    (void)rule;
    (void)j;
    return answer_allow();
}

/* A creditor under a name that is not its own looks like a third party, and counts as one. */
static unsigned bits_of_actor(const struct gate_question *q)
{
    const char *used = gate_field_find(q->extra, "actor.name_used");
    const char *own = gate_field_find(q->extra, "actor.own_name");
    unsigned bits = 1u << q->role;

    if (q->role == ACTOR_FIRST_PARTY_CREDITOR && used != NULL && own != NULL &&
        strcmp(used, own) != 0)
        bits |= BINDS_PSEUDONYM;
    return bits;
}

static bool debts_are_bound(enum debts_bound bound, bool business)
{
    return bound == DEBTS_ANY || (bound == DEBTS_BUSINESS) == business;
}

/* In force on any of the dates that may be today where the person is. */
static bool rule_is_in_force(const struct rule *rule, const struct judging *j)
{
    return rule->from.number <= j->last_day.number && j->first_day.number <= rule->to.number;
}

static bool rule_speaks_of(const struct rule *rule, const struct judging *j)
{
    return rule->relations.count == 0 ||
           (names_may_have(&rule->relations, j->relation_mark) &&
            names_have(rule->relations, j->question->relation));
}

/* Purposes that the law lets through; a notice that asks for money is not such a notice. */
static bool purpose_is_permitted(const struct rule *rule, const struct judging *j)
{
    const struct gate_question *q = j->question;

    return names_may_have(&rule->permits, j->purpose_mark) &&
           names_have(rule->permits, question_purpose(q)) &&
           !text_equal(gate_field_find(q->content, "requests_payment"), "true");
}

static bool passes_at_once(const struct rule *rule, const struct judging *j)
{
    if ((rule->channels & 1u << j->question->channel) == 0)
        return true;
    if (names_may_have(&rule->relations_exempt, j->relation_mark) &&
        names_have(rule->relations_exempt, j->question->relation))
        return true;
    return rule->shape != SHAPE_OPT_OUT && purpose_is_permitted(rule, j);
}

/* Which of two findings explains the verdict better. */
static bool weighs_more(const struct finding *a, const struct finding *b)
{
    if (a->ruling != b->ruling)
        return a->ruling > b->ruling;
    if (a->ruling == RULING_DEFER)
        return a->until.us > b->until.us;
    if ((a->unknown == NULL) != (b->unknown == NULL))
        return a->unknown == NULL;
    return a->ruling == RULING_DENY && a->rule->strength < b->rule->strength;
}

/* With no room left the last finding that passed gives way: no breach is ever dropped. */
static void finding_add(struct verdict *verdict, struct finding finding)
{
    if (finding.ruling > verdict->ruling)
        verdict->ruling = finding.ruling;
    if (finding.ruling == RULING_DEFER && finding.until.us > verdict->until.us)
        verdict->until = finding.until;
    if (verdict->finding_count < FINDINGS_MOST) {
        verdict->findings[verdict->finding_count++] = finding;
        return;
    }
    for (size_t i = FINDINGS_MOST; finding.ruling != RULING_ALLOW && i-- > 0;) {
        if (verdict->findings[i].ruling == RULING_ALLOW) {
            verdict->findings[i] = finding;
            return;
        }
    }
}

/* When it is first `day` in some place where the person may be, and when in the last. With no
 * zone known, in the first and in the last place on Earth, by whole days. */
static struct instant day_comes(struct day day, const struct gate_question *q, bool everywhere)
{
    struct instant first = INSTANT_NEVER;

    if (q->zone_count == 0)
        return (struct instant){ (day.number + (everywhere ? 1 : -1)) * INT64_C(86400000000) };
    if (everywhere)
        return day_reached_everywhere(day, q->zone_count, q->zones);
    for (size_t i = 0; i < q->zone_count; i++) {
        struct instant begins = day_begins(day, q->zones[i]);
        if (begins.us < first.us)
            first = begins;
    }
    return first;
}

static void judging_begin(struct judging *j, struct gate_packs packs,
                          const struct gate_question *q, struct verdict *verdict)
{
    struct days days = question_days(q, q->at);

    j->packs = packs;
    j->question = q;
    j->relation_mark = q->relation == NULL ? 0 : name_mark(q->relation);
    j->purpose_mark = name_mark(question_purpose(q));
    j->verdict = verdict;
    j->values_filled = VALUES_NONE;
    j->facts_in_force = 0;
    j->first_day = days.first;
    j->last_day = days.last;
    for (size_t i = 0; i < q->fact_count; i++) {
        const struct gate_fact *fact = &q->facts[i];
        if (fact_is_in_force(fact, q->at) && fact_concerns(fact, q) &&
            !text_equal(gate_field_find(fact->detail, "given"), "false"))
            j->facts_in_force |= 1u << fact->type;
    }
}

/* The first moment before `until` from which the rule does not apply, facts having begun or
 * ended; `until` when it applies all the while. */
static struct instant applies_until(const struct rule *rule, const struct judging *j,
                                    struct instant until)
{
    struct gate_question later = *j->question;
    struct judging then;

    for (;;) {
        later.at = question_fact_turn(&later);
        if (later.at.us >= until.us)
            return until;
        judging_begin(&then, j->packs, &later, NULL);
        struct answer applies = answer_of_truth(&then, rule->applies, TRUTH_TRUE);
        if (applies.ruling == RULING_DENY && applies.unknown == NULL)
            return later.at;
    }
}

/* A rule cannot block beyond its own end, nor when it does not apply any more. */
static struct instant no_later_than_rule(struct instant until, const struct rule *rule,
                                         const struct judging *j)
{
    if (rule->to.number < DAY_NEVER.number) {
        struct instant end = day_comes(day_plus(rule->to, 1), j->question, true);
        until = end.us < until.us ? end : until;
    }
    return rule->applies == NULL ? until : applies_until(rule, j, until);
}

bool duty_add(struct judging *j, struct duty duty)
{
    struct verdict *v = j->verdict;

    if (v->duty_count == DUTIES_MOST)
        return false;
    v->duties[v->duty_count++] = duty;
    return true;
}

static void rule_ask(const struct rule *rule, struct judging *j)
{
#define X(code, name, judge) judge,
    static struct answer (*const judges[])(const struct rule *,
                                           struct judging *) = { SHAPES(X) };
#undef X
    bool passes = passes_at_once(rule, j);
    struct answer answer = answer_allow();

    if (rule->applies != NULL) {
        if ((rule->channels & 1u << j->question->channel) == 0)
            return; /* it could only pass: not worth finding out whether it applies */
        answer = answer_of_truth(j, rule->applies, TRUTH_TRUE);
        if (answer.ruling == RULING_DENY && answer.unknown == NULL)
            return; /* it does not apply: nothing to say */
    }
    if (passes) /* whether it applies or not */
        answer = answer_allow();
    else if (answer.ruling == RULING_ALLOW)
        answer = judges[rule->shape](rule, j);
    if (answer.silent)
        return;
    if (answer.ruling == RULING_DEFER)
        answer.until = no_later_than_rule(answer.until, rule, j);
    finding_add(j->verdict, (struct finding){ answer.ruling, rule, answer.until, rule->reason,
                                              answer.unknown });
}

static void pack_ask(const struct rule_pack *pack, unsigned actor, bool business,
                     struct judging *j)
{
    if (pack->purposes.count > 0 && !names_have(pack->purposes, question_purpose(j->question)))
        return;
    for (size_t i = 0; i < pack->rule_count; i++) {
        const struct rule *rule = &pack->rules[i];
        if ((rule->binds & actor) != 0 && debts_are_bound(rule->debts, business) &&
            rule_is_in_force(rule, j) && rule_speaks_of(rule, j))
            rule_ask(rule, j);
    }
}

void gate_judge(struct gate_packs packs, const struct gate_question *question,
                struct verdict *verdict)
{
    struct judging j;
    unsigned actor = bits_of_actor(question);
    bool business = question_is_of_business(question);

    judging_begin(&j, packs, question, verdict);
    verdict->ruling = RULING_ALLOW;
    verdict->until = (struct instant){ 0 };
    verdict->decisive = NULL;
    verdict->finding_count = 0;
    verdict->duty_count = 0;
    for (size_t i = 0; i < packs.count; i++)
        pack_ask(packs.packs[i], actor, business, &j);
    if (verdict->finding_count > 0)
        verdict->decisive = &verdict->findings[0];
    for (size_t i = 1; verdict->ruling != RULING_ALLOW && i < verdict->finding_count; i++) {
        const struct finding *finding = &verdict->findings[i];
        if (weighs_more(finding, verdict->decisive))
            verdict->decisive = finding;
    }
}

/* Shapes about the message and where it goes: address, content. */
#include "domain/question.h"

#include "base/text.h"
#include "domain/validation.h"

#include <string.h>
#include <strings.h>

static bool is_true(struct gate_fields fields, const char *name)
{
    return text_equal(gate_field_find(fields, name), "true");
}

/* The fact tells how we came to this address. A number that a fact does not name is taken for
 * the one it means only when the contact names none either. */
static bool tells_of_address(const struct gate_fact *fact, const struct gate_question *q,
                             enum fact_type type)
{
    return fact->type == type && fact_is_in_force(fact, q->at) &&
           (fact->party == 0 || fact->party == q->party) && fact->value != NULL &&
           q->address != NULL && strcasecmp(fact->value, q->address) == 0;
}

/* The last that we heard of it. */
static const struct gate_fact *basis_find(const struct gate_question *q, enum fact_type type)
{
    for (size_t i = q->fact_count; i-- > 0;) {
        if (tells_of_address(&q->facts[i], q, type))
            return &q->facts[i];
    }
    return NULL;
}

/* They used the address with us, or agreed to it with us, or with the collector before us. */
static bool basis_is_their_own(const char *basis)
{
    static const char *const own[] = { "consumer_used_address", "consumer_texted",
                                       "direct_consent", "prior_collector" };

    for (size_t i = 0; i < COUNT(own); i++) {
        if (text_equal(basis, own[i]))
            return true;
    }
    return false;
}

/* The creditor's notice procedure: told which address, time to object, and it has run out. */
static struct answer notice_judge(const struct address_rule *rule, const struct gate_fact *fact,
                                  const struct judging *j)
{
    struct day sent, deadline;

    if (!field_day(fact->detail, "notice_sent", &sent))
        return answer_unknown("email_basis.notice_sent");
    if (!field_day(fact->detail, "opt_out_deadline", &deadline))
        return answer_unknown("email_basis.opt_out_deadline");
    if (deadline.number < sent.number + rule->notice_days ||
        j->first_day.number <= deadline.number)
        return answer_deny();
    if (!is_true(fact->detail, "creditor_used_address") ||
        !is_true(fact->detail, "public_domain"))
        return answer_deny();
    return answer_allow();
}

/* Used, agreed or checked within so many days; a later text from the number renews it. */
static bool basis_is_fresh(const struct gate_question *q, const struct gate_fact *fact,
                           int32_t days, struct day today)
{
    struct day checked;
    struct instant newest = fact->at;

    for (size_t i = 0; i < q->history_count; i++) {
        const struct contact *c = &q->history[i];
        if (c->direction == DIRECTION_IN && c->channel == q->channel && c->party == q->party &&
            text_equal(c->address, fact->value) && c->at.us <= q->at.us && c->at.us > newest.us)
            newest = c->at;
    }
    if (field_day(fact->detail, "db_check", &checked) && checked.number <= today.number &&
        today.number - checked.number <= days)
        return true;
    return q->at.us < day_later_somewhere(q, newest, days + 1).us;
}

static struct answer basis_judge(const struct address_rule *rule, const struct gate_fact *fact,
                                 const struct judging *j)
{
    const char *basis = gate_field_find(fact->detail, "basis");

    if (rule->fresh_days > 0 &&
        !basis_is_fresh(j->question, fact, rule->fresh_days, j->last_day))
        return answer_deny();
    if (basis_is_their_own(basis))
        return answer_allow();
    if (rule->notice_days > 0 && text_equal(basis, "creditor_notice"))
        return notice_judge(rule, fact, j);
    return answer_deny();
}

/* Any of the ways in which we came to the address will do. */
struct answer judge_address(const struct rule *rule, struct judging *j)
{
    const struct gate_question *q = j->question;
    enum fact_type type = rule->address.fact;

    if (rule->address.employer_only) {
        const struct gate_fact *fact = basis_find(q, type);
        bool employer = fact != NULL && (is_true(fact->detail, "employer_provided_known") ||
                                         is_true(fact->detail, "employer_provided"));
        const char *own = employer ? gate_field_find(fact->detail, "basis") : NULL;
        return employer && !basis_is_their_own(own) ? answer_deny() : answer_allow();
    }
    struct answer answer =
        answer_unknown(q->address == NULL ? "address" : fact_type_name(type));
    for (size_t i = 0; i < q->fact_count && answer.ruling != RULING_ALLOW; i++) {
        if (tells_of_address(&q->facts[i], q, type))
            answer = basis_judge(&rule->address, &q->facts[i], j);
    }
    return answer;
}

/* Every other name is the field, the one after it is what belongs to it. */
static const char *paired(struct names pairs, const char *field)
{
    for (size_t i = 0; i + 1 < pairs.count; i += 2) {
        if (strcmp(pairs.names[i], field) == 0)
            return pairs.names[i + 1];
    }
    return NULL;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

/* As a word by itself, in any case: "debt" is not in "indebted". */
static bool has_word(const char *text, const char *word)
{
    size_t length = strlen(word);

    for (const char *at = text; *at != '\0'; at++) {
        if ((at == text || !is_letter(at[-1])) && strncasecmp(at, word, length) == 0 &&
            !is_letter(at[length]))
            return true;
    }
    return false;
}

/* One of the fields that stand with it holds something. */
static bool is_excused(struct names pairs, const char *field, struct gate_fields content)
{
    for (size_t i = 0; i + 1 < pairs.count; i += 2) {
        if (strcmp(pairs.names[i], field) == 0 && field_holds(content, pairs.names[i + 1]))
            return true;
    }
    return false;
}

/* A field that nobody set is not a threat: what a message must not do, it says that it does. */
static bool holds_forbidden(const struct content_rule *rule, struct gate_fields content)
{
    for (size_t i = 0; i < rule->forbid.count; i++) {
        if (field_holds(content, rule->forbid.names[i]))
            return true;
    }
    for (size_t i = 0; i + 1 < rule->forbid_unless.count; i += 2) {
        const char *field = rule->forbid_unless.names[i];
        if (field_holds(content, field) && !is_excused(rule->forbid_unless, field, content))
            return true;
    }
    for (size_t i = 0; i + 1 < rule->forbid_words.count; i += 2) {
        const char *text = gate_field_find(content, rule->forbid_words.names[i]);
        if (text != NULL && has_word(text, rule->forbid_words.names[i + 1]))
            return true;
    }
    return false;
}

static bool holds_any(struct names fields, struct gate_fields content)
{
    for (size_t i = 0; i < fields.count; i++) {
        if (field_holds(content, fields.names[i]))
            return true;
    }
    return false;
}

/* Who composes the message can still put the wording in; who has written it cannot. */
static bool wording_follows(const struct rule *rule, struct judging *j, const char *field)
{
    const char *text = paired(rule->content.wording, field);

    return text != NULL && j->question->composes &&
           duty_add(j, (struct duty){ rule, field, text, DAY_NONE });
}

struct answer judge_content(const struct rule *rule, struct judging *j)
{
    struct gate_fields content = j->question->content;

    if (content.count > 0 && holds_forbidden(&rule->content, content))
        return answer_deny();
    if (rule->content.require_any.count > 0 && !holds_any(rule->content.require_any, content))
        return gate_field_find(content, rule->content.require_any.names[0]) == NULL
                   ? answer_unknown(rule->content.require_any.names[0])
                   : answer_deny();
    for (size_t i = 0; i < rule->content.require.count; i++) {
        const char *name = rule->content.require.names[i];
        if (field_holds(content, name) || wording_follows(rule, j, name))
            continue;
        return gate_field_find(content, name) == NULL ? answer_unknown(name) : answer_deny();
    }
    return answer_allow();
}

/* The end that is printed may be later than the lawful one, not earlier. */
struct answer judge_validation_end(const struct rule *rule, struct judging *j)
{
    struct day printed;

    if (!field_day(j->question->content, rule->validation_end, &printed))
        return answer_unknown(rule->validation_end);
    return printed.number >= validation_end(j->last_day).number ? answer_allow()
                                                                : answer_deny();
}

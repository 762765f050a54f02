/* Shapes about the message and where it goes: address, content. */
#include "domain/question.h"

#include "base/text.h"

#include <string.h>
#include <strings.h>

static bool is_true(struct gate_fields fields, const char *name)
{
    return text_equal(gate_field_find(fields, name), "true");
}

/* The fact that tells how we came to this address. A number that a fact does not name is
 * taken for the one it means only when the contact names none either. */
static const struct gate_fact *basis_find(const struct gate_question *q, enum fact_type type)
{
    const struct gate_fact *found = NULL;

    for (size_t i = 0; i < q->fact_count; i++) {
        const struct gate_fact *fact = &q->facts[i];
        if (fact->type != type || fact->at.us > q->at.us || q->at.us >= fact->until.us ||
            (fact->party != 0 && fact->party != q->party))
            continue;
        if (fact->value != NULL && q->address != NULL &&
            strcasecmp(fact->value, q->address) == 0)
            found = fact;
    }
    return found;
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

static bool field_day(struct gate_fields fields, const char *name, struct day *out)
{
    char text[DAY_TEXT];
    const char *value = gate_field_find(fields, name);

    if (value == NULL || strlen(value) < 10)
        return false;
    memcpy(text, value, 10); /* the date of a date, or of a moment */
    text[10] = '\0';
    return day_parse(text, out);
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
    return q->at.us < day_later_everywhere(q, newest, days + 1).us;
}

struct answer judge_address(const struct rule *rule, struct judging *j)
{
    const struct gate_question *q = j->question;
    const struct gate_fact *fact = basis_find(q, rule->address.fact);

    if (rule->address.employer_only) {
        bool employer = fact != NULL && (is_true(fact->detail, "employer_provided_known") ||
                                         is_true(fact->detail, "employer_provided"));
        const char *own = employer ? gate_field_find(fact->detail, "basis") : NULL;
        return employer && !basis_is_their_own(own) ? answer_deny() : answer_allow();
    }
    if (fact == NULL)
        return answer_unknown(q->address == NULL ? "address"
                                                 : fact_type_name(rule->address.fact));
    const char *basis = gate_field_find(fact->detail, "basis");
    if (rule->address.fresh_days > 0 &&
        !basis_is_fresh(q, fact, rule->address.fresh_days, j->last_day))
        return answer_deny();
    if (basis_is_their_own(basis))
        return answer_allow();
    if (rule->address.notice_days > 0 && text_equal(basis, "creditor_notice"))
        return notice_judge(&rule->address, fact, j);
    return answer_deny();
}

/* A field that nobody set is not a threat: what a message must not do, it says that it does. */
static bool holds_forbidden(const struct content_rule *rule, struct gate_fields content)
{
    for (size_t i = 0; i < rule->forbid.count; i++) {
        if (is_true(content, rule->forbid.names[i]))
            return true;
    }
    for (size_t i = 0; i < rule->forbid_filled.count; i++) {
        const char *value = gate_field_find(content, rule->forbid_filled.names[i]);
        if (value != NULL && value[0] != '\0')
            return true;
    }
    for (size_t i = 0; i + 1 < rule->forbid_unless.count; i += 2) {
        if (is_true(content, rule->forbid_unless.names[i]) &&
            !is_true(content, rule->forbid_unless.names[i + 1]))
            return true;
    }
    return false;
}

struct answer judge_content(const struct rule *rule, struct judging *j)
{
    struct gate_fields content = j->question->content;

    if (holds_forbidden(&rule->content, content))
        return answer_deny();
    for (size_t i = 0; i < rule->content.require.count; i++) {
        const char *name = rule->content.require.names[i];
        const char *value = gate_field_find(content, name);
        if (value == NULL)
            return answer_unknown(name);
        if (value[0] == '\0' || strcmp(value, "false") == 0)
            return answer_deny();
    }
    return answer_allow();
}

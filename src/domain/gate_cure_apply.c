/* A change of facts, made true of a copy of a question. */
#include "domain/gate_cure_parts.h"

#include "base/text.h"
#include "domain/validation.h"

#include <string.h>
#include <strings.h>

/* An address that nobody spoke of yet. */
static const char *const ANOTHER = "another";

/* ---- facts and fields ------------------------------------------------------------------- */

static const char *who_asks(const struct gate_question *q)
{
    return q->role == ACTOR_FIRST_PARTY_CREDITOR ? "creditor" : "collector";
}

/* Keeps the order by moment; behind those of the same moment. */
static void fact_put(struct arena *a, struct gate_question *q, struct gate_fact fact)
{
    struct gate_fact *facts = arena_array(a, struct gate_fact, q->fact_count + 1);
    size_t place = q->fact_count;

    while (place > 0 && q->facts[place - 1].at.us > fact.at.us)
        place--;
    for (size_t i = 0; i <= q->fact_count; i++)
        facts[i] = i == place ? fact : q->facts[i < place ? i : i - 1];
    q->facts = facts;
    q->fact_count++;
}

static void contact_put(struct arena *a, struct gate_question *q, struct contact contact)
{
    struct contact *history = arena_array(a, struct contact, q->history_count + 1);
    size_t place = q->history_count;

    while (place > 0 && q->history[place - 1].at.us > contact.at.us)
        place--;
    for (size_t i = 0; i <= q->history_count; i++)
        history[i] = i == place ? contact : q->history[i < place ? i : i - 1];
    q->history = history;
    q->history_count++;
}

static struct gate_fields fields_with(struct arena *a, struct gate_fields fields,
                                      const char *name, const char *value)
{
    struct gate_field *all = arena_array(a, struct gate_field, fields.count + 1);
    size_t count = 0;

    for (size_t i = 0; i < fields.count; i++) {
        if (strcmp(fields.fields[i].name, name) != 0)
            all[count++] = fields.fields[i];
    }
    all[count++] = (struct gate_field){ name, value };
    return (struct gate_fields){ count, all };
}

static struct gate_fact fact_new(struct arena *a, const struct gate_question *q,
                                 enum fact_type type, const char *field, const char *value)
{
    struct gate_fact fact = { .type = type,
                              .party = q->party,
                              .at = q->at,
                              .until = INSTANT_NEVER,
                              .value = q->address };

    if (field != NULL)
        fact.detail = fields_with(a, fact.detail, field, value);
    return fact;
}

typedef bool fact_test(const struct cure *cure, const struct gate_fact *fact,
                       const struct gate_question *q);

/* Ends every fact in force that passes the test. */
static void facts_end(const struct cure *cure, struct arena *a, struct gate_question *q,
                      fact_test *test)
{
    struct gate_fact *facts = arena_array(a, struct gate_fact, q->fact_count + 1);

    for (size_t i = 0; i < q->fact_count; i++) {
        facts[i] = q->facts[i];
        if (fact_is_in_force(&facts[i], q->at) && test(cure, &facts[i], q))
            facts[i].until = q->at;
    }
    q->facts = facts;
}

/* ---- what the person says --------------------------------------------------------------- */

static bool closes_this_way(const struct cure *cure, const struct gate_fact *fact,
                            const struct gate_question *q)
{
    (void)cure;
    bool elsewhere = text_equal(fact->scope, "address") && fact->value != NULL &&
                     q->address != NULL && strcasecmp(fact->value, q->address) != 0;

    return fact->type == FACT_OPT_OUT && (opt_out_closes(fact) >> q->channel & 1u) != 0 &&
           !elsewhere;
}

static enum fact_type basis_of(enum channel channel)
{
    return channel == CHANNEL_EMAIL ? FACT_EMAIL_BASIS : FACT_SMS_BASIS;
}

static bool has_basis(enum channel channel)
{
    return channel == CHANNEL_EMAIL || channel == CHANNEL_SMS;
}

static void consent_put(struct arena *a, struct gate_question *q, const char *field,
                        const char *value)
{
    struct gate_fact fact = fact_new(a, q, FACT_CONSENT, "given_to", who_asks(q));

    fact.channel_known = true;
    fact.channel = q->channel;
    if (field != NULL)
        fact.detail = fields_with(a, fact.detail, field, value);
    fact_put(a, q, fact);
}

/* As the command `contact consent` notes it: one word opens the way and is its basis. */
static void agree(const struct cure *cure, struct arena *a, struct gate_question *q)
{
    facts_end(cure, a, q, closes_this_way);
    consent_put(a, q, cure->value == NULL ? NULL : "form", cure->value);
    if (cure->value != NULL)
        fact_put(a, q, fact_new(a, q, FACT_TCPA_CONSENT, "form", cure->value));
    if (has_basis(q->channel))
        fact_put(a, q, fact_new(a, q, basis_of(q->channel), "basis", "direct_consent"));
}

static void use_address(struct arena *a, struct gate_question *q)
{
    const char *used = q->channel == CHANNEL_SMS ? "consumer_texted" : "consumer_used_address";

    fact_put(a, q, fact_new(a, q, basis_of(q->channel), "basis", used));
}

/* Sets a field of every fact of the type that is in force. */
static void facts_say(struct arena *a, struct gate_question *q, enum fact_type type,
                      const char *name, const char *value)
{
    struct gate_fact *facts = arena_array(a, struct gate_fact, q->fact_count + 1);

    for (size_t i = 0; i < q->fact_count; i++) {
        facts[i] = q->facts[i];
        if (facts[i].type == type && fact_is_in_force(&facts[i], q->at))
            facts[i].detail = fields_with(a, facts[i].detail, name, value);
    }
    q->facts = facts;
}

/* The first of the dates that it may be where the person is. */
static const char *today_of(struct arena *a, const struct gate_question *q)
{
    return day_print(question_days(q, q->at).first, arena_alloc(a, DAY_TEXT));
}

/* Hours that are bad only now are lifted; the same words may bar other hours, too. */
static bool calls_now_bad(const struct cure *cure, const struct gate_fact *fact,
                          const struct gate_question *q)
{
    (void)cure;
    if (fact->type != FACT_INCONVENIENT_TIME || !fact_concerns(fact, q))
        return false;
    for (size_t i = 0; i < q->zone_count; i++) {
        if (hours_hold(fact->hours, wall_at(q->at, q->zones[i])))
            return true;
    }
    return false;
}

/* Agreed in a talk at an hour that is good for talking: the last one before. */
static void agree_to_hour(const struct rule *rule, struct arena *a, struct gate_question *q)
{
    struct gate_fact fact = fact_new(a, q, FACT_CONSENT, "given_to", who_asks(q));
    char *moment = arena_alloc(a, INSTANT_TEXT);

    instant_print(q->at, moment);
    fact.at = hours_last_open(&rule->hours, q->zones[0], q->at);
    fact.channel_known = true;
    fact.channel = q->channel;
    fact.detail = fields_with(a, fact.detail, "call_back", moment);
    fact_put(a, q, fact);
}

static bool asks_us_to_stop(const struct cure *cure, const struct gate_fact *fact,
                            const struct gate_question *q)
{
    (void)cure;
    return (fact->type == FACT_CEASE || fact->type == FACT_REFUSAL_TO_PAY) &&
           fact_concerns(fact, q);
}

/* They say something, and what goes out is an answer to it. */
static void they_ask(const struct rule *rule, struct arena *a, struct gate_question *q)
{
    struct contact said = { .at = q->at,
                            .channel = q->channel,
                            .direction = DIRECTION_IN,
                            .outcome = OUTCOME_MESSAGE,
                            .party = q->party,
                            .address = q->address };

    contact_put(a, q, said);
    q->purpose = rule->replies.names[0];
    q->content = fields_with(a, q->content, "requests_payment", "false");
}

/* ---- what others do --------------------------------------------------------------------- */

static void attorneys_written(struct arena *a, struct gate_question *q)
{
    struct gate_question before = *q;

    for (size_t i = 0; i < before.fact_count; i++) {
        const struct gate_fact *fact = &before.facts[i];
        if (fact->type == FACT_ATTORNEY && fact_is_in_force(fact, q->at) && fact->other != 0)
            contact_put(a, q,
                        (struct contact){ .at = q->at,
                                          .channel = CHANNEL_LETTER,
                                          .outcome = OUTCOME_SENT,
                                          .party = fact->other });
    }
}

static bool holds_debt(const struct cure *cure, const struct gate_fact *fact,
                       const struct gate_question *q)
{
    return fact->type == FACT_HOLD && text_equal(fact->scope, cure->what) &&
           fact_concerns_debts(fact, q);
}

static bool disputes_debt(const struct cure *cure, const struct gate_fact *fact,
                          const struct gate_question *q)
{
    (void)cure;
    return fact->type == FACT_DISPUTE && fact_concerns_debts(fact, q);
}

/* ---- the message, and what is known ----------------------------------------------------- */

static void message_says(struct arena *a, struct gate_question *q, const char *name,
                         const char *value)
{
    q->content = fields_with(a, q->content, name, value);
}

static void content_filled(const struct content_rule *rule, struct arena *a,
                           struct gate_question *q)
{
    bool any = rule->require_any.count == 0;

    for (size_t i = 0; i < rule->require.count; i++) {
        if (!field_holds(q->content, rule->require.names[i]))
            message_says(a, q, rule->require.names[i], "true");
    }
    for (size_t i = 0; i < rule->require_any.count; i++)
        any = any || field_holds(q->content, rule->require_any.names[i]);
    if (!any)
        message_says(a, q, rule->require_any.names[0], "true");
}

/* The end of a period must be printed as a day that is late enough. */
static void message_filled(const struct cure *cure, struct arena *a, struct gate_question *q)
{
    char *day = arena_alloc(a, DAY_TEXT);

    if (cure->rule->shape == SHAPE_CONTENT)
        content_filled(&cure->rule->content, a, q);
    else if (cure->rule->shape == SHAPE_VALIDATION_END)
        message_says(a, q, cure->what,
                     day_print(validation_end(question_days(q, q->at).last), day));
    else
        message_says(a, q, cure->what, "true");
}

static void message_emptied(const struct cure *cure, struct arena *a, struct gate_question *q)
{
    const struct content_rule *rule = &cure->rule->content;

    if (cure->rule->shape != SHAPE_CONTENT) {
        message_says(a, q, cure->what, "false");
        return;
    }
    for (size_t i = 0; i < rule->forbid.count; i++)
        message_says(a, q, rule->forbid.names[i], "");
    for (size_t i = 0; i + 1 < rule->forbid_unless.count; i += 2)
        message_says(a, q, rule->forbid_unless.names[i], "");
    for (size_t i = 0; i + 1 < rule->forbid_words.count; i += 2)
        message_says(a, q, rule->forbid_words.names[i], "");
}

static void send_first(const struct cure *cure, struct arena *a, struct gate_question *q)
{
    if (cure->rule->shape == SHAPE_LEAD_TIME)
        message_says(a, q, cure->what, today_of(a, q));
    else if (cure->rule->shape == SHAPE_NOTICE)
        fact_put(a, q, fact_new(a, q, cure->rule->notice.fact, "provided", today_of(a, q)));
    bool plain = cure->rule->shape == SHAPE_CONTACT_FIRST || cure->rule->shape == SHAPE_NEVER;
    contact_put(a, q,
                (struct contact){ .at = q->at,
                                  .channel = CHANNEL_LETTER,
                                  .outcome = OUTCOME_SENT,
                                  .party = q->party,
                                  .purpose = plain ? NULL : cure->what });
}

/* What is known of a debt is left as it is. */
static void debts_said(struct arena *a, struct gate_question *q, const char *name,
                       const char *value)
{
    struct gate_debt *debts = arena_array(a, struct gate_debt, q->debt_count + 1);

    for (size_t i = 0; i < q->debt_count; i++) {
        debts[i] = q->debts[i];
        if (strcmp(name, "debt_kind") == 0)
            debts[i].kind = debts[i].kind == NULL ? value : debts[i].kind;
        else if (gate_field_find(debts[i].detail, name) == NULL)
            debts[i].detail = fields_with(a, debts[i].detail, name, value);
    }
    q->debts = debts;
}

/* Where a fact that conditions name is written down: the message, or the way it goes. */
static bool is_of_message(const char *name)
{
    return strcmp(name, "amount_varies") == 0 || strcmp(name, "range_elected") == 0 ||
           strcmp(name, "message_type") == 0;
}

static bool is_of_way(const char *name)
{
    return strcmp(name, "visibility") == 0 || strcmp(name, "voice") == 0;
}

static void learn(const struct cure *cure, struct arena *a, struct gate_question *q)
{
    const struct zone **zones;

    if (strcmp(cure->what, "zones") == 0) {
        zones = arena_array(a, const struct zone *, 1);
        zones[0] = zone_find(cure->value);
        q->zones = zones;
        q->zone_count = 1;
    } else if (strcmp(cure->what, "history") == 0) {
        q->history_known = true;
    } else if (strcmp(cure->what, "address") == 0) {
        q->address = ANOTHER;
    } else if (strcmp(cure->what, "number_kind") == 0) {
        q->number_kind = cure->value;
    } else if (strcmp(cure->what, "relation") == 0) {
        q->relation = cure->value;
    } else if (strcmp(cure->what, "bankruptcy.chapter") == 0) {
        facts_say(a, q, FACT_BANKRUPTCY, "chapter", cure->value);
    } else if (cure->value == NULL) {
        debts_said(a, q, cure->what, today_of(a, q));
    } else if (is_of_way(cure->what)) {
        q->extra = fields_with(a, q->extra, cure->what, cure->value);
    } else if (is_of_message(cure->what)) {
        message_says(a, q, cure->what, cure->value);
    } else if (strcmp(cure->what, "debt_status") == 0) {
        debts_said(a, q, "status", cure->value);
    } else {
        debts_said(a, q, cure->what, cure->value);
    }
}

void cure_apply(const struct cure *cure, struct arena *a, struct gate_question *q)
{
    switch (cure->kind) {
    case CURE_REOPENED:
    case CURE_AGREED:
        agree(cure, a, q);
        return;
    case CURE_ADDRESS_USED:
        use_address(a, q);
        return;
    case CURE_NUMBER_CHECKED:
        facts_say(a, q, basis_of(q->channel), "db_check", today_of(a, q));
        return;
    case CURE_MORE_CONTACT:
        consent_put(a, q, NULL, NULL);
        return;
    case CURE_HOUR_AGREED:
        agree_to_hour(cure->rule, a, q);
        return;
    case CURE_HOUR_FINE:
        facts_end(cure, a, q, calls_now_bad);
        return;
    case CURE_PLACE_AGREED:
        consent_put(a, q, "place", cure->what);
        return;
    case CURE_OTHER_NUMBER:
        q->address = ANOTHER;
        q->number_kind = "cell";
        return;
    case CURE_WITHDRAWN:
        facts_end(cure, a, q, asks_us_to_stop);
        return;
    case CURE_ATTORNEY_AGREED:
        fact_put(a, q, fact_new(a, q, FACT_ATTORNEY_CONSENT, NULL, NULL));
        return;
    case CURE_ATTORNEY_SILENT:
        attorneys_written(a, q);
        return;
    case CURE_HOLD_ENDED:
        facts_end(cure, a, q, holds_debt);
        return;
    case CURE_DISPUTE_SETTLED:
        facts_end(cure, a, q, disputes_debt);
        return;
    case CURE_DISPUTE_ANSWERED:
        facts_say(a, q, cure->rule->dispute.fact, cure->what, today_of(a, q));
        return;
    case CURE_COURT:
        facts_say(a, q, FACT_BANKRUPTCY, "stay_lifted", today_of(a, q));
        return;
    case CURE_SENT_FIRST:
        send_first(cure, a, q);
        return;
    case CURE_HAPPENED_FIRST:
        fact_put(a, q, fact_new(a, q, cure->rule->wait.fact, NULL, NULL));
        return;
    case CURE_MESSAGE_HOLDS:
        message_filled(cure, a, q);
        return;
    case CURE_MESSAGE_WITHOUT:
        message_emptied(cure, a, q);
        return;
    case CURE_CLAIMS_LESS:
        message_says(a, q, cure->what, "0");
        return;
    case CURE_SENT_PRIVATELY:
        q->extra = fields_with(a, q->extra, "visibility", "private");
        return;
    case CURE_ELECTRONIC_AGREED:
        fact_put(a, q, fact_new(a, q, FACT_ESIGN_CONSENT, NULL, NULL));
        return;
    case CURE_LIVE_VOICE:
        q->extra = fields_with(a, q->extra, "voice", "live");
        return;
    case CURE_KNOWN:
        learn(cure, a, q);
        return;
    case CURE_THEY_ASK:
        they_ask(cure->rule, a, q);
        return;
    case CURE_KIND_COUNT:
        break;
    }
    bug("a kind of cure is missing above", HERE);
}

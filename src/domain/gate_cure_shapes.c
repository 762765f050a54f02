/* What may lift a finding, shape by shape, and its words. */
#include "domain/gate_cure_parts.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

#define X(code, name) name,
static const char *const kind_names[] = { CURE_KINDS(X) };
#undef X

const char *cure_kind_name(enum cure_kind kind)
{
    return kind_names[kind];
}

/* ---- words ------------------------------------------------------------------------------ */

/* By what, to where: as it stands after "agree to". */
static const char *way_words(enum channel channel)
{
    switch (channel) {
    case CHANNEL_CALL:
        return "calls to this number";
    case CHANNEL_VOICEMAIL:
        return "voicemail at this number";
    case CHANNEL_SMS:
        return "texts to this number";
    case CHANNEL_EMAIL:
        return "email to this address";
    case CHANNEL_LETTER:
        return "letters to this address";
    case CHANNEL_PORTAL:
        return "messages in the portal";
    case CHANNEL_POSTCARD:
        return "postcards";
    case CHANNEL_SOCIAL:
        return "messages to this account";
    case CHANNEL_CREDIT_REPORT:
        return "reports to credit bureaus";
    case CHANNEL_COURT_FILING:
        return "a court filing";
    case CHANNEL_PAYMENT_DEBIT:
        return "debits from this account";
    case CHANNEL_COUNT:
        break;
    }
    bug("a channel is missing above", HERE);
}

/* What a fact to get to know is called among people. */
static const char *known_words(const char *name, const char *spaced)
{
    static const char *const words[][2] = {
        { "zones", "where they are, and so what time it is there" },
        { "history", "which contacts were made before" },
        { "address", "to which number or address it would go" },
        { "number_kind", "what kind of number it is: mobile, at home or at work" },
        { "relation", "who the person is in this matter" },
        { "visibility", "who else could see it" },
        { "voice", "whether a person speaks, or a recording" },
        { "sol_expired", "whether the time for a lawsuit has run out" },
        { "cfpb_product", "whether the debt is a consumer financial product" },
        { "due", "when the debt fell due" },
        { "incurred", "when the debt was made" },
        { "debt_kind", "what kind of debt it is" },
        { "debt_status", "how the debt stands: open, paid or settled" },
        { "amount_varies", "whether the amount of the debits varies" },
        { "range_elected", "whether they want notice only outside a range" },
        { "contract", "what kind of contract the debt rests on" },
        { "bankruptcy.chapter", "under which chapter the bankruptcy runs" },
    };

    for (size_t i = 0; i < COUNT(words); i++) {
        if (strcmp(words[i][0], name) == 0)
            return words[i][1];
    }
    return spaced;
}

/* One word for each kind; %s is what it speaks of, %d the days to wait. */
static void print_words(const struct cure *cure, const char *what, char out[CURE_TEXT])
{
    const char *way = way_words(cure->channel);
    char after[40] = "";
    size_t room = CURE_TEXT;

    if (cure->days > 0)
        snprintf(after, sizeof after, ", and %d days pass", (int)cure->days);

    switch (cure->kind) {
    case CURE_REOPENED:
        snprintf(out, room, "They open %s again, of their own accord; nobody asks them to.",
                 way);
        return;
    case CURE_AGREED:
        snprintf(out, room, "They agree, directly with us%s, to %s.",
                 cure->value == NULL ? "" : " and in writing", way);
        return;
    case CURE_ADDRESS_USED:
        snprintf(out, room, "They write to us from this %s themselves.",
                 cure->channel == CHANNEL_SMS ? "number" : "address");
        return;
    case CURE_NUMBER_CHECKED:
        snprintf(out, room, "We check the number against the database of reassigned numbers.");
        return;
    case CURE_MORE_CONTACT:
        snprintf(out, room, "They tell us, directly, that they want %s before then.", way);
        return;
    case CURE_HOUR_AGREED:
        snprintf(out, room, "They agree, directly with us, to %s at this hour.", way);
        return;
    case CURE_HOUR_FINE:
        snprintf(out, room, "They tell us that this hour suits them after all.");
        return;
    case CURE_PLACE_AGREED:
        snprintf(out, room, "They agree, directly with us, to be reached here: %s.", what);
        return;
    case CURE_OTHER_NUMBER:
        snprintf(out, room, "They give us a mobile number: it reaches them, not the place.");
        return;
    case CURE_WITHDRAWN:
        snprintf(out, room,
                 "They take back in writing, of their own accord, what they asked "
                 "us: to stop.");
        return;
    case CURE_ATTORNEY_AGREED:
        snprintf(out, room, "Their attorney agrees that we contact the person directly.");
        return;
    case CURE_ATTORNEY_SILENT:
        snprintf(out, room, "We write to their attorney, and %d days pass without an answer.",
                 (int)cure->days);
        return;
    case CURE_HOLD_ENDED:
        snprintf(out, room, "What the hold waits for is settled, and it ends (%s).", what);
        return;
    case CURE_DISPUTE_SETTLED:
        snprintf(out, room, "We answer the dispute, and it is settled.");
        return;
    case CURE_DISPUTE_ANSWERED:
        snprintf(out, room, "We answer in writing what they dispute or ask (%s).", what);
        return;
    case CURE_COURT:
        snprintf(out, room,
                 "Nothing that we can do: only the court can end the case, or let us "
                 "go on.");
        return;
    case CURE_SENT_FIRST:
        snprintf(out, room, "We send this first%s: %s.", after, what);
        return;
    case CURE_HAPPENED_FIRST:
        snprintf(out, room, "This comes first%s: %s.", after, what);
        return;
    case CURE_MESSAGE_HOLDS:
        snprintf(out, room, "The message carries this: %s.", what);
        return;
    case CURE_MESSAGE_WITHOUT:
        snprintf(out, room, "The message leaves this out: %s.", what);
        return;
    case CURE_CLAIMS_LESS:
        snprintf(out, room, "The message claims no more than may be claimed: %s.", what);
        return;
    case CURE_SENT_PRIVATELY:
        snprintf(out, room, "It goes where only they can see it.");
        return;
    case CURE_ELECTRONIC_AGREED:
        snprintf(out, room, "They agree to get such notices electronically.");
        return;
    case CURE_LIVE_VOICE:
        snprintf(out, room, "A person speaks, not a recorded or made-up voice.");
        return;
    case CURE_KNOWN:
        snprintf(out, room, "We learn %s; then it depends on the answer.",
                 known_words(cure->what, what));
        return;
    case CURE_THEY_ASK:
        snprintf(out, room,
                 "They write or call first: then one answer may go to them, and it "
                 "does not ask for money.");
        return;
    case CURE_KIND_COUNT:
        break;
    }
    bug("a kind of cure is missing above", HERE);
}

char *cure_print(const struct cure *cure, char out[CURE_TEXT])
{
    char what[CURE_TEXT / 2];

    snprintf(what, sizeof what, "%s", cure->what == NULL ? "" : cure->what);
    for (char *at = what; *at != '\0'; at++)
        *at = *at == '_' || *at == '.' ? ' ' : *at;
    print_words(cure, what, out);
    return out;
}

const char *cure_way_words(struct arena *a, const struct cure_way *way)
{
    const char *words = "";
    char text[CURE_TEXT];

    for (size_t i = 0; i < way->count; i++)
        words = arena_print(a, "%s%s%s", words, i > 0 ? " And: " : "",
                            cure_print(way->changes[i], text));
    return words;
}

const char *cures_words(struct arena *a, const struct cures *cures)
{
    switch (cures->outcome) {
    case CURES_NOT_NEEDED:
        return NULL;
    case CURES_FOUND:
        return cure_way_words(a, &cures->ways[0]);
    case CURES_WAIT:
        return "Only waiting.";
    case CURES_NONE:
        return arena_print(a, "Nothing that we can do: %s.", rule_title(cures->barred_by));
    case CURES_TOO_MANY:
        return "More than three things stand in the way.";
    }
    bug("an outcome is missing above", HERE);
}

/* ---- candidates ------------------------------------------------------------------------- */

static struct cure *add(struct candidates *c, enum cure_kind kind, const struct rule *rule,
                        const char *what)
{
    for (size_t i = 0; i < c->count; i++) {
        struct cure *have = &c->all[i];
        bool by_rule = kind == CURE_MESSAGE_HOLDS || kind == CURE_MESSAGE_WITHOUT ||
                       kind == CURE_THEY_ASK || kind == CURE_HOUR_AGREED;
        bool one_word = kind == CURE_AGREED && have->kind == CURE_REOPENED;
        if (one_word || (have->kind == kind && text_equal(have->what, what) &&
                         (!by_rule || have->rule == rule)))
            return have;
    }
    if (c->count == CANDIDATES_MOST)
        return NULL;
    struct cure *cure = &c->all[c->count++];
    *cure = (struct cure){ kind, rule, what, NULL, c->question->channel, 0 };
    return cure;
}

static void add_wait(struct candidates *c, enum cure_kind kind, const struct rule *rule,
                     const char *what, int32_t days)
{
    struct cure *cure = add(c, kind, rule, what);

    if (cure != NULL && days > cure->days)
        cure->days = days;
}

/* What may turn out of a fact that nobody knows; the first answer that works is reported. NULL
 * is the day of the question. */
static const char *const answers[][2] = {
    { "zones", "UTC" },
    { "history", "known" },
    { "address", "known" },
    { "number_kind", "cell" },
    { "number_kind", "home_landline" },
    { "number_kind", "work_landline" },
    { "relation", "consumer" },
    { "visibility", "private" },
    { "voice", "live" },
    { "sol_expired", "false" },
    { "cfpb_product", "false" },
    { "cfpb_product", "true" },
    { "contract", "written" },
    { "contract", "oral" },
    { "contract", "note" },
    { "contract", "open" },
    { "contract", "consumer_credit" },
    { "bankruptcy.chapter", "7" },
    { "bankruptcy.chapter", "13" },
    { "amount", "1000000" },
    { "debt_kind", "invoice" },
    { "debt_status", "open" },
    { "amount_varies", "false" },
    { "range_elected", "true" },
    { "message_type", "other" },
    { "due", NULL },
    { "incurred", NULL },
};

static bool is_asked(const struct candidates *c, const char *name, const char *value)
{
    for (size_t i = 0; i < c->count; i++) {
        if (c->all[i].kind == CURE_KNOWN && strcmp(c->all[i].what, name) == 0 &&
            text_equal(c->all[i].value, value))
            return true;
    }
    return false;
}

static void add_unknown(struct candidates *c, const struct rule *rule, const char *name)
{
    for (size_t i = 0; i < COUNT(answers) && c->count < CANDIDATES_MOST; i++) {
        if (strcmp(answers[i][0], name) == 0 && !is_asked(c, name, answers[i][1]))
            c->all[c->count++] =
                (struct cure){ CURE_KNOWN, rule, name, answers[i][1], c->question->channel, 0 };
    }
}

/* Agreement that must be in writing is asked for in writing, whatever else it answers. */
static void add_agreement(struct candidates *c, enum cure_kind kind, const struct rule *rule,
                          bool written)
{
    struct cure *cure = add(c, kind, rule, NULL);

    if (cure != NULL && written)
        cure->value = "written";
}

static void add_holds(struct candidates *c, const struct rule *rule)
{
    const struct gate_question *q = c->question;

    for (size_t i = 0; i < q->fact_count; i++) {
        const struct gate_fact *fact = &q->facts[i];
        if (!fact_is_in_force(fact, q->at))
            continue;
        if (fact->type == FACT_HOLD)
            add(c, CURE_HOLD_ENDED, rule, fact->scope);
        if (fact->type != FACT_DISPUTE || !rule->hold.disputes)
            continue;
        add(c, CURE_DISPUTE_SETTLED, rule, NULL);
        if (fact_is_of_part(fact))
            add(c, CURE_MESSAGE_HOLDS, rule, "excludes_disputed_portion");
    }
}

static void add_places(struct candidates *c, const struct rule *rule)
{
    const struct gate_question *q = c->question;

    for (size_t i = 0; i < q->fact_count; i++) {
        const struct gate_fact *fact = &q->facts[i];
        if (fact->type != rule->place.fact || !fact_is_in_force(fact, q->at))
            continue;
        const char *place = gate_field_find(fact->detail, "place");
        add(c, CURE_PLACE_AGREED, rule, place == NULL ? "work" : place);
    }
    add(c, CURE_OTHER_NUMBER, rule, NULL);
}

static void add_address(struct candidates *c, const struct rule *rule)
{
    if (c->question->address == NULL)
        add_unknown(c, rule, "address");
    add(c, CURE_AGREED, rule, NULL);
    add(c, CURE_ADDRESS_USED, rule, NULL);
    if (rule->address.fresh_days > 0)
        add(c, CURE_NUMBER_CHECKED, rule, NULL);
}

static void add_hours(struct candidates *c, const struct rule *rule)
{
    if (c->question->zone_count == 0)
        return;
    if (rule->hours.consented || rule->shape == SHAPE_CONSENTED_HOURS)
        add(c, CURE_HOUR_AGREED, rule, NULL);
    if (rule->hours.stated)
        add(c, CURE_HOUR_FINE, rule, NULL);
}

static void add_wait_rule(struct candidates *c, const struct rule *rule)
{
    const struct wait_rule *wait = &rule->wait;

    if (wait->consent.days > 0)
        add(c, CURE_MORE_CONTACT, rule, NULL);
    if (wait->required && wait->after == AFTER_PURPOSE)
        add_wait(c, CURE_SENT_FIRST, rule, wait->purpose, wait->days);
    if (wait->required && wait->after == AFTER_FACT)
        add_wait(c, CURE_HAPPENED_FIRST, rule, fact_type_name(wait->fact), wait->days);
}

/* The fields that a message lacks, or holds and must not, in one list of words. */
static const char *fields_joined(struct candidates *c, struct names names, size_t step,
                                 bool held)
{
    const char *joined = "";

    for (size_t i = 0; i < names.count; i += step) {
        bool again = i >= step && strcmp(names.names[i], names.names[i - step]) == 0;
        if (!again && field_holds(c->question->content, names.names[i]) == held)
            joined = arena_print(c->a, "%s%s%s", joined, joined[0] == '\0' ? "" : ", ",
                                 names.names[i]);
    }
    return joined;
}

static void add_content(struct candidates *c, const struct rule *rule)
{
    const struct content_rule *content = &rule->content;
    const char *lacks = fields_joined(c, content->require, 1, false);
    const char *holds[] = { fields_joined(c, content->forbid, 1, true),
                            fields_joined(c, content->forbid_unless, 2, true),
                            fields_joined(c, content->forbid_words, 2, true) };

    if (lacks[0] == '\0' && content->require_any.count > 0)
        lacks = content->require_any.names[0];
    if (lacks[0] != '\0')
        add(c, CURE_MESSAGE_HOLDS, rule, lacks);
    for (size_t i = 0; i < COUNT(holds); i++) {
        if (holds[i][0] != '\0') {
            add(c, CURE_MESSAGE_WITHOUT, rule, holds[i]);
            return;
        }
    }
}

/* The way of sending that a condition speaks of. */
static void add_way_of_sending(struct candidates *c, const struct rule *rule,
                               const struct condition *condition)
{
    if (condition_reads(condition, Q_VISIBILITY))
        add(c, CURE_SENT_PRIVATELY, rule, NULL);
    if (condition_reads(condition, Q_VOICE))
        add(c, CURE_LIVE_VOICE, rule, NULL);
}

/* Of a flat ban only the way can be changed, and what comes before; not what it is for. */
static void add_never(struct candidates *c, const struct rule *rule)
{
    add_way_of_sending(c, rule, rule->never);
    if (condition_reads(rule->never, Q_NUMBER_KIND))
        add(c, CURE_OTHER_NUMBER, rule, NULL);
    if (condition_reads(rule->never, Q_THREATENS_SUIT))
        add(c, CURE_MESSAGE_WITHOUT, rule, "threatens_suit");
    if (condition_reads(rule->never, Q_FIRST_COMMUNICATION))
        add(c, CURE_SENT_FIRST, rule, "a letter about the debt");
    if (condition_reads(rule->never, (size_t)QUESTION_FACT_COUNT + FACT_ESIGN_CONSENT))
        add(c, CURE_ELECTRONIC_AGREED, rule, NULL);
}

static void add_attorney(struct candidates *c, const struct rule *rule)
{
    add(c, CURE_ATTORNEY_AGREED, rule, NULL);
    if (rule->attorney.silent_days > 0)
        add_wait(c, CURE_ATTORNEY_SILENT, rule, NULL, rule->attorney.silent_days);
}

static void add_dispute(struct candidates *c, const struct rule *rule)
{
    const struct dispute_rule *law = &rule->dispute;
    const struct gate_question *q = c->question;

    if (law->answered_by.count > 0)
        add(c, CURE_DISPUTE_ANSWERED, rule, law->answered_by.names[0]);
    if (law->fact == FACT_DISPUTE)
        add(c, CURE_DISPUTE_SETTLED, rule, NULL);
    for (size_t i = 0; i < q->fact_count; i++) {
        if (q->facts[i].type == law->fact &&
            fact_is_of_part(&q->facts[i]))
            add(c, CURE_MESSAGE_HOLDS, rule, "excludes_disputed_portion");
    }
}

static void add_of_shape(struct candidates *c, const struct rule *rule)
{
    switch (rule->shape) {
    case SHAPE_HOURS:
    case SHAPE_CONSENTED_HOURS:
        add_hours(c, rule);
        return;
    case SHAPE_CAP:
        if (rule->cap.consent.days > 0)
            add(c, CURE_MORE_CONTACT, rule, NULL);
        return;
    case SHAPE_WAIT:
        add_wait_rule(c, rule);
        return;
    case SHAPE_OPT_OUT:
        add(c, CURE_REOPENED, rule, NULL);
        return;
    case SHAPE_CEASE:
        add(c, CURE_WITHDRAWN, rule, NULL);
        return;
    case SHAPE_ATTORNEY:
        add_attorney(c, rule);
        return;
    case SHAPE_PLACE:
        add_places(c, rule);
        return;
    case SHAPE_HOLD:
        add_holds(c, rule);
        return;
    case SHAPE_CONSENT:
        add_agreement(c, CURE_AGREED, rule,
                      rule->consent.written || rule->consent.fact == FACT_TCPA_CONSENT);
        return;
    case SHAPE_REVOCATION:
        add_agreement(c, CURE_REOPENED, rule, true);
        return;
    case SHAPE_LIMITATION: /* a threat can be left out; time cannot be turned back */
        if (field_holds(c->question->content, "threatens_suit"))
            add(c, CURE_MESSAGE_WITHOUT, rule, "threatens_suit");
        return;
    case SHAPE_DISPUTE:
        add_dispute(c, rule);
        return;
    case SHAPE_NOTICE:
        add(c, CURE_SENT_FIRST, rule, rule->notice.notice);
        return;
    case SHAPE_VALIDATION_END:
        add(c, CURE_MESSAGE_HOLDS, rule, rule->validation_end);
        return;
    case SHAPE_CONTACT_FIRST:
        add_wait(c, CURE_SENT_FIRST, rule, "a letter about the debt", rule->contact_first_days);
        return;
    case SHAPE_LEAD_TIME:
        add_wait(c, CURE_SENT_FIRST, rule, rule->lead_time.field, rule->lead_time.days);
        return;
    case SHAPE_BANKRUPTCY:
        if (rule->bankruptcy.protects != PROTECTS_DISCHARGED)
            add(c, CURE_COURT, rule, NULL);
        return;
    case SHAPE_RATE_CAP:
        add(c, CURE_CLAIMS_LESS, rule, "interest_rate_pct");
        return;
    case SHAPE_FIXED_SUM:
        add(c, CURE_CLAIMS_LESS, rule, rule->fixed_sum.field);
        return;
    case SHAPE_ADDRESS:
        add_address(c, rule);
        return;
    case SHAPE_CONTENT:
        add_content(c, rule);
        return;
    case SHAPE_NEVER:
        add_never(c, rule);
        return;
    case SHAPE_NOTE:
    case SHAPE_COUNT:
        return;
    }
}

/* People write, ring and text; no court and no bureau answers them. */
static bool is_a_conversation(enum channel channel)
{
    static const uint32_t ways =
        1u << CHANNEL_CALL | 1u << CHANNEL_VOICEMAIL | 1u << CHANNEL_SMS | 1u << CHANNEL_EMAIL |
        1u << CHANNEL_LETTER | 1u << CHANNEL_PORTAL | 1u << CHANNEL_SOCIAL;

    return (ways >> channel & 1u) != 0;
}

void candidates_of_finding(struct candidates *c, const struct finding *finding)
{
    const struct rule *rule = finding->rule;

    if (finding->unknown != NULL)
        add_unknown(c, rule, finding->unknown);
    add_of_shape(c, rule);
    if (rule->applies != NULL)
        add_way_of_sending(c, rule, rule->applies);
    if (rule->replies.count > 0 && is_a_conversation(c->question->channel))
        add(c, CURE_THEY_ASK, rule, NULL);
}

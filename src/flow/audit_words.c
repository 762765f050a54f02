#include "flow/audit_words.h"

#include "base/text.h"
#include "flow/audit_log.h"

#include <ctype.h>
#include <jansson.h>
#include <string.h>

struct telling {
    struct view *v;
    struct arena *a;
    const char *kind;
    json_t *record;
};

static const char *said(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text != NULL ? text : "";
}

static const char *of(const struct telling *t, const char *key)
{
    return said(t->record, key);
}

const char *log_plain(struct arena *a, const char *name)
{
    char *text = arena_copy(a, name);

    for (char *at = text; *at != '\0'; at++)
        *at = *at == '_' || *at == '-' ? ' ' : *at;
    text[0] = (char)toupper((unsigned char)text[0]);
    return text;
}

static const char *small(struct arena *a, const char *name)
{
    char *text = arena_copy(a, log_plain(a, name));

    text[0] = (char)tolower((unsigned char)text[0]);
    return text;
}

static const char *channel_title(struct arena *a, const char *channel)
{
    return strcmp(channel, "sms") == 0 ? "Text" : log_plain(a, channel);
}

static const char *amount_of(const struct telling *t)
{
    enum currency currency = currency_parse(of(t, "currency"));
    char text[MONEY_TEXT];
    struct money money;
    struct fault why;

    if (currency == CURRENCY_NONE ||
        !money_parse(of(t, "amount"), '.', '\0', currency, &money, &why))
        return of(t, "amount");
    return arena_copy(t->a, money_show(money, text));
}

/* ---- What was wanted --------------------------------------------------------------------- */

static const char *last_channel(const struct telling *t)
{
    const json_t *tried = json_object_get(t->record, "tried");
    const char *channel = of(t, "channel");

    return channel[0] != '\0' ? channel
                              : said(json_array_get(tried, json_array_size(tried) - 1), "channel");
}

static const char *want_message(struct telling *t)
{
    const char *template = of(t, "template"), *channel = channel_title(t->a, last_channel(t));

    if (strcmp(of(t, "template"), "call-script") == 0)
        return arena_print(t->a, "%s, %s", channel, small(t->a, of(t, "step")));
    return template[0] != '\0' ? arena_print(t->a, "%s, %s", channel, small(t->a, template))
                               : channel;
}

static const char *want_sending(struct telling *t)
{
    static const struct {
        const char *state, *words;
    } states[] = {
        { "sending", "on its way" },   { "sent", "sent" },        { "delivered", "delivered" },
        { "bounced", "came back" },    { "failed", "not sent" },  { "unsure", "may have gone" },
        { "refused", "send it now" },  { "ready", "send it now" }, { "expired", "send it now" },
    };
    const char *channel = channel_title(t->a, of(t, "channel"));

    if (channel[0] == '\0')
        channel = "Message";
    for (size_t i = 0; i < COUNT(states); i++) {
        if (strcmp(states[i].state, of(t, "state")) == 0)
            return arena_print(t->a, "%s, %s", channel, states[i].words);
    }
    return channel;
}

static const char *want_contact(struct telling *t)
{
    bool in = strcmp(of(t, "direction"), "in") == 0;

    return arena_print(t->a, "%s %s: %s", channel_title(t->a, of(t, "channel")),
                       in ? "came in" : "made", small(t->a, of(t, "outcome")));
}

static const char *want_change(struct telling *t, const char *noun)
{
    const char *change = of(t, "change"), *state = of(t, "state");

    return arena_print(t->a, "%s %s", noun,
                       change[0] != '\0'  ? small(t->a, change)
                       : state[0] != '\0' ? small(t->a, state)
                                          : "changed");
}

static const char *want_money(struct telling *t, const char *noun)
{
    return arena_print(t->a, "%s of %s", noun, amount_of(t));
}

static const char *want_user(struct telling *t)
{
    return arena_print(t->a, "User %s: %s", of(t, "email"), small(t->a, of(t, "change")));
}

static const char *want_about(struct telling *t)
{
    static const struct {
        const char *kind, *noun;
        bool money;
    } nouns[] = {
        { "debt", "Debt", false },
        { "debtor", "Account", false },
        { "payment", "Payment", true },
        { "promise", "Promise", true },
        { "promise_settled", "Promise", false },
        { "plan", "Plan", false },
        { "offer", "Offer", true },
        { "dispute", "Dispute", false },
        { "evidence", "Paper put on file", false },
        { "statement", "Statement", false },
        { "debit_requested", "Debit", true },
        { "debit_refused", "Debit", true },
        { "approval", "Approval", false },
        { "complaint", "Complaint", false },
        { "sample", "Sample", false },
        { "review", "Review", false },
    };

    for (size_t i = 0; i < COUNT(nouns); i++) {
        if (strcmp(nouns[i].kind, t->kind) == 0)
            return nouns[i].money ? want_money(t, nouns[i].noun)
                                  : want_change(t, nouns[i].noun);
    }
    return log_plain(t->a, t->kind);
}

static const char *wanted_of(struct telling *t)
{
    if (strcmp(t->kind, "decision") == 0 || strcmp(t->kind, "refusal") == 0)
        return want_message(t);
    if (strcmp(t->kind, "message") == 0)
        return want_sending(t);
    if (strcmp(t->kind, "contact") == 0)
        return want_contact(t);
    if (strcmp(t->kind, "user") == 0)
        return want_user(t);
    if (strcmp(t->kind, "fact") == 0)
        return arena_print(t->a, "Noted: %s", small(t->a, of(t, "type")));
    if (strcmp(t->kind, "movement") == 0)
        return of(t, "amount")[0] != '\0' && strcmp(of(t, "amount"), "0.00") != 0
                   ? arena_print(t->a, "%s, %s", log_plain(t->a, of(t, "movement")),
                                 amount_of(t))
                   : want_change(t, log_plain(t->a, of(t, "movement")));
    if (strcmp(t->kind, "ladder_end") == 0)
        return arena_print(t->a, "End of the ladder: %s", small(t->a, of(t, "then")));
    return want_about(t);
}

/* ---- Because ----------------------------------------------------------------------------- */

static const char *because_of(struct telling *t, const char *outcome, const char *rule,
                              const struct log_words *words)
{
    const struct rule *known = text_is_empty(rule) ? NULL : view_rule(t->v, rule);
    const char *reason = of(t, "reason"), *standing = of(t, "standing");

    if (known != NULL)
        return rule_title(known);
    if (!text_is_empty(rule))
        return rule;
    if (strcmp(standing, "unreachable") == 0)
        return "No good address is known";
    if (strcmp(outcome, "allowed") == 0)
        return arena_print(t->a, "All %lld checks passed", (long long)words->checks);
    if (strcmp(outcome, "moved") == 0)
        return "Allowed at a later hour";
    if (strcmp(outcome, "held") == 0)
        return "Beyond what they may agree to alone";
    return reason[0] != '\0' ? log_plain(t->a, reason) : "";
}

static struct instant until_of(struct telling *t, const char *outcome)
{
    const json_t *verdict = json_object_get(t->record, "verdict");
    const char *text = of(t, "send_at");
    struct instant at;

    if (strcmp(outcome, "moved") != 0)
        return INSTANT_NEVER;
    if (text[0] == '\0')
        text = said(verdict, "until");
    return instant_parse(text, &at) ? at : INSTANT_NEVER;
}

static const char *asked_of(struct telling *t)
{
    static const char *const cycle[] = { "decision",        "refusal",       "ladder_end",
                                         "debit_requested", "debit_refused", "promise_settled" };
    const char *who = of(t, "by");

    if (who[0] == '\0')
        who = of(t, "author");
    if (who[0] != '\0')
        return arena_copy(t->a, who);
    for (size_t i = 0; i < COUNT(cycle); i++) {
        if (strcmp(cycle[i], t->kind) == 0)
            return "Daily run";
    }
    return strcmp(t->kind, "message") == 0 ? "Sending" : "A file or command";
}

void log_words_of(struct view *v, const char *kind, const char *outcome, const char *rule,
                  const char *record, struct log_words *out)
{
    struct telling t = { v, &v->arena, kind, json_loads(record, 0, NULL) };
    const json_t *verdict = json_object_get(t.record, "verdict");

    *out = (struct log_words){ .rule = rule };
    out->checks = (int64_t)json_array_size(json_object_get(verdict, "findings"));
    out->wanted = arena_copy(t.a, wanted_of(&t));
    out->because = arena_copy(t.a, because_of(&t, outcome, rule, out));
    out->asked_by = asked_of(&t);
    out->until = until_of(&t, outcome);
    json_decref(t.record);
}

const char *log_outcome_title(const struct view *v, const char *outcome, const char *rule)
{
    if (strcmp(outcome, "blocked") == 0)
        return log_rule_holds(v, rule) ? "Held" : "Blocked";
    return strcmp(outcome, "allowed") == 0 ? "Allowed"
           : strcmp(outcome, "moved") == 0 ? "Moved"
           : strcmp(outcome, "held") == 0  ? "Held"
                                           : "";
}

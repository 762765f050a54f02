/* contact: what was said on the telephone, and what people wish. */
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/writing.h"
#include "flow/contact_log.h"

/* ---- contact log ------------------------------------------------------------------------ */

enum {
    LOG_CHANNEL,
    LOG_OUTCOME,
    LOG_AT,
    LOG_INBOUND,
    LOG_ADDRESS,
    LOG_PURPOSE,
    LOG_NOTE,
    LOG_CALLBACK
};

static const struct option log_options[] = {
    [LOG_CHANNEL] = { OPTION_CHANNEL, "channel", "NAME", "call, voicemail, email, sms, letter",
                      "What happened", true, 0, NULL },
    [LOG_OUTCOME] = { OPTION_TEXT, "outcome", "NAME",
                      "conversation, no-answer, voicemail, wrong-number, busy, message, …",
                      NULL, true, 0, NULL },
    [LOG_AT] = { OPTION_INSTANT, "at", "TIME", "when (now)", NULL, false, 0, NULL },
    [LOG_INBOUND] = { OPTION_FLAG, "inbound", NULL, "they reached us", NULL, false, 0, NULL },
    [LOG_ADDRESS] = { OPTION_TEXT, "address", "TEXT", "the number or mailbox", NULL, false, 0,
                      NULL },
    [LOG_PURPOSE] = { OPTION_TEXT, "purpose", "NAME",
                      "reply, location, requested, … (the first talk of a collector: initial)",
                      NULL, false, 0, NULL },
    [LOG_NOTE] = { OPTION_TEXT, "note", "TEXT", "what was said", NULL, false, 0, NULL },
    [LOG_CALLBACK] = { OPTION_INSTANT, "callback", "TIME", "when they want us to call", NULL,
                       false, 0, NULL },
    { .kind = OPTION_END },
};

static bool outcome_typed(struct arena *a, const char *typed, enum outcome *out,
                          struct fault *why)
{
    const char *names[OUTCOME_COUNT], *near;
    char *name = arena_copy(a, typed);

    if (contact_outcome_typed(typed, out))
        return true;
    for (char *at = name; *at != '\0'; at++)
        *at = *at == '-' ? '_' : *at;
    for (int i = 0; i < OUTCOME_COUNT; i++)
        names[i] = outcome_name((enum outcome)i);
    near = nearest_name(name, COUNT(names), names);
    fail(why, BAD_USAGE, "There is no outcome \"%s\".", typed);
    if (near != NULL)
        return fault_hint(why, "Did you mean:  --outcome %s", near);
    return fault_hint(why, "conversation, no-answer, voicemail, wrong-number, busy or message");
}

static void print_log(struct writing *w, const struct logged_contact *contact, int32_t number,
                      enum change change)
{
    char at[INSTANT_TEXT];
    struct receipt r;

    receipt_begin(&r, w->call, "contact log");
    receipt_account(&r, w);
    if (change == CHANGE_NONE)
        receipt_already(&r, w, arena_print(w->call->arena, "contact %d", (int)number));
    else
        receipt_line(&r, "%s %s %s %s (%s): %s, %s.", writing_verb(w, "Logged a", "Would log a"),
                 channel_name(contact->channel),
                 contact->direction == DIRECTION_IN ? "from" : "to", w->account.reference,
                 w->account.name, outcome_name(contact->outcome),
                 show_instant(w->call->arena, contact->at, w->book.zone));
    receipt_field(&r, "channel", channel_name(contact->channel));
    receipt_field(&r, "direction", contact->direction == DIRECTION_IN ? "in" : "out");
    receipt_field(&r, "outcome", outcome_name(contact->outcome));
    receipt_field(&r, "at", instant_print(contact->at, at));
    if (contact->callback_at.us != 0) {
        receipt_line(&r, "They want to be called on %s.",
                     show_instant(w->call->arena, contact->callback_at, w->book.zone));
        receipt_field(&r, "callback_at", instant_print(contact->callback_at, at));
    }
    receipt_end(&r);
}

static bool log_contact(struct writing *w, struct fault *why)
{
    const struct call *call = w->call;
    struct logged_contact contact = {
        .channel = call->given[LOG_CHANNEL].channel,
        .direction = call->given[LOG_INBOUND].is ? DIRECTION_IN : DIRECTION_OUT,
        .address = call_text(call, LOG_ADDRESS),
        .purpose = call_text(call, LOG_PURPOSE),
        .note = call_text(call, LOG_NOTE),
    };
    enum change change;
    int32_t number;

    if (!writing_key(w, &contact.once, why) ||
        !outcome_typed(call->arena, call_text(call, LOG_OUTCOME), &contact.outcome, why) ||
        !call_instant(call, LOG_AT, w->book.now, &contact.at, why))
        return false;
    if (contact.at.us > w->book.now.us)
        return fail(why, BAD_USAGE, "--at lies in the future.");
    if (!call_instant(call, LOG_CALLBACK, contact.callback_at, &contact.callback_at, why))
        return false;
    if (contact.callback_at.us != 0 && contact.callback_at.us <= contact.at.us)
        return fail(why, BAD_USAGE, "--callback lies before the contact.");
    if (!contact_log(&w->book, &w->account, &contact, &number, &change, why))
        return false;
    print_log(w, &contact, number, change);
    return true;
}

static bool run_contact_log(struct call *call, struct fault *why)
{
    struct writing w;

    return writing_begin(&w, call, why) && writing_end(&w, log_contact(&w, why), why);
}

const struct command command_contact_log = {
    .name = "contact log",
    .section = "Acting on accounts",
    .summary = "Log a contact that did not go through the outbox: a call, a message that came.",
    .examples = { "recoup contact log FH-20418 --channel call --outcome conversation --note "
                  "\"pays "
                  "Friday\"",
                  "recoup contact log FH-20418 --channel email --outcome message --inbound" },
    .target = "ACCOUNT",
    .targets_least = 1,
    .targets_most = 1,
    .options = log_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "It counts: weekly limits and waits after a conversation see it.",
    .run = run_contact_log,
};

/* ---- Wishes ----------------------------------------------------------------------------- */

/* What was done with it, or that it was known. */
static void print_wish(struct writing *w, enum fact_type type, const struct contact_wish *wish,
                       const char *done, const char *words, enum change change)
{
    struct receipt r;

    receipt_begin(&r, w->call, done);
    receipt_account(&r, w);
    if (change == CHANGE_NONE)
        receipt_already(&r, w, words);
    else
        receipt_line(&r, "%s for %s (%s): %s.", writing_verb(w, "Noted", "Would note"),
                     w->account.reference, w->account.name, words);
    receipt_field(&r, "fact", fact_type_name(type));
    receipt_field(&r, "channel", wish->channel_known ? channel_name(wish->channel) : NULL);
    receipt_field(&r, "address", wish->address);
    receipt_end(&r);
}

enum { WISH_CHANNEL, WISH_ADDRESS };

static struct contact_wish wish_typed(const struct call *call)
{
    return (struct contact_wish){ .channel = call->given[WISH_CHANNEL].channel,
                                  .channel_known = call->given[WISH_CHANNEL].is,
                                  .address = call_text(call, WISH_ADDRESS),
                                  .source = "command line" };
}

static const struct option opt_out_options[] = {
    [WISH_CHANNEL] = { OPTION_CHANNEL, "channel", "NAME", "only this channel (every channel)",
                       "What they closed", false, 0, NULL },
    [WISH_ADDRESS] = { OPTION_TEXT, "address", "TEXT", "only this number or mailbox", NULL,
                       false, 0, NULL },
    { .kind = OPTION_END },
};

static bool note_opt_out(struct writing *w, struct fault *why)
{
    const struct contact_wish wish = wish_typed(w->call);
    const char *words =
        arena_print(w->call->arena, "no more by %s%s%s",
                    wish.channel_known ? channel_name(wish.channel) : "any channel",
                    wish.address == NULL ? "" : " at ", wish.address == NULL ? "" : wish.address);
    enum change change;
    int32_t fact;

    if (!contact_opt_out(&w->book, &w->account, &wish, &fact, &change, why))
        return false;
    print_wish(w, FACT_OPT_OUT, &wish, "contact opt-out", words, change);
    return true;
}

static bool run_opt_out(struct call *call, struct fault *why)
{
    struct writing w;

    return writing_begin(&w, call, why) && writing_end(&w, note_opt_out(&w, why), why);
}

const struct command command_contact_opt_out = {
    .name = "contact opt-out",
    .section = "Acting on accounts",
    .summary = "Note that somebody does not want to be reached this way.",
    .examples = { "recoup contact opt-out FH-20418 --channel sms",
                  "recoup contact opt-out FH-20418 --channel email --address "
                  "maya@example.org" },
    .target = "ACCOUNT",
    .targets_least = 1,
    .targets_most = 1,
    .options = opt_out_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "Only they can take it back: recoup contact consent.",
    .run = run_opt_out,
};

/* ---- Consent ---------------------------------------------------------------------------- */

static const struct option consent_options[] = {
    [WISH_CHANNEL] = { OPTION_CHANNEL, "channel", "NAME", "the channel they agreed to",
                       "What they agreed to", true, 0, NULL },
    [WISH_ADDRESS] = { OPTION_TEXT, "address", "TEXT", "only this number or mailbox", NULL,
                       false, 0, NULL },
    { .kind = OPTION_END },
};

static bool note_consent(struct writing *w, struct fault *why)
{
    const struct contact_wish wish = wish_typed(w->call);
    const char *words =
        arena_print(w->call->arena, "agreed to %s%s%s", channel_name(wish.channel),
                    wish.address == NULL ? "" : " at ", wish.address == NULL ? "" : wish.address);
    enum change change;
    int32_t fact;

    if (!contact_consent(&w->book, &w->account, &wish, &fact, &change, why))
        return false;
    print_wish(w, FACT_CONSENT, &wish, "contact consent", words, change);
    return true;
}

static bool run_consent(struct call *call, struct fault *why)
{
    struct writing w;

    return writing_begin(&w, call, why) && writing_end(&w, note_consent(&w, why), why);
}

const struct command command_contact_consent = {
    .name = "contact consent",
    .section = "Acting on accounts",
    .summary = "Note that somebody agreed to be reached this way.",
    .examples = { "recoup contact consent FH-20418 --channel sms --address +16085550132",
                  "recoup contact consent FH-20418 --channel email" },
    .target = "ACCOUNT",
    .targets_least = 1,
    .targets_most = 1,
    .options = consent_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "It ends an opt-out of the same channel. Undo: recoup contact opt-out",
    .run = run_consent,
};

/* ---- Preference ------------------------------------------------------------------------- */

static const struct option prefer_options[] = {
    [WISH_CHANNEL] = { OPTION_CHANNEL, "channel", "NAME", "the channel they like best",
                       "What they wish", true, 0, NULL },
    { .kind = OPTION_END },
};

static bool note_preference(struct writing *w, struct fault *why)
{
    const struct contact_wish wish = { .channel = w->call->given[WISH_CHANNEL].channel,
                                       .channel_known = true,
                                       .source = "command line" };
    enum change change;
    int32_t fact;

    if (!contact_prefer(&w->book, &w->account, &wish, &fact, &change, why))
        return false;
    print_wish(w, FACT_PREFERENCE, &wish, "contact prefer",
               arena_print(w->call->arena, "likes %s best", channel_name(wish.channel)), change);
    return true;
}

static bool run_prefer(struct call *call, struct fault *why)
{
    struct writing w;

    return writing_begin(&w, call, why) && writing_end(&w, note_preference(&w, why), why);
}

const struct command command_contact_prefer = {
    .name = "contact prefer",
    .section = "Acting on accounts",
    .summary = "Note which channel somebody likes best.",
    .examples = { "recoup contact prefer FH-20418 --channel email",
                  "recoup contact prefer FH-20418 --channel letter --json" },
    .target = "ACCOUNT",
    .targets_least = 1,
    .targets_most = 1,
    .options = prefer_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "A wish, no rule: it comes first where the strategy leaves a choice.",
    .run = run_prefer,
};

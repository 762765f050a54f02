/* What programs may write: the same flows as the commands and the forms. */
#include "web/api.h"

#include "base/text.h"
#include "flow/contact_log.h"
#include "flow/dispute.h"
#include "flow/hold.h"
#include "flow/note.h"
#include "web/page.h"

#define MONEY_FIELDS                                                                           \
    { "amount", API_AMOUNT, API_MUST, "an amount such as \"185.00\"", NULL },                  \
    {                                                                                          \
        "currency", API_CODE, API_MAY,                                                         \
            "a code such as \"USD\"; without: the one of the account", NULL                    \
    }

/* ---- Shapes
 * ---------------------------------------------------------------------------------- */

static const struct api_field payment_body[] = {
    { "payment", API_TEXT, API_MUST, "the reference of the payment, unique in the account",
      NULL },
    MONEY_FIELDS,
    { "received", API_DAY, API_MAY, "value day (today)", NULL },
    { "debt", API_TEXT, API_MAY, "for this debt; without: the oldest due first", NULL },
    { "method", API_TEXT, API_MAY, "transfer, card, … (transfer)", NULL },
    { "pending", API_BOOL, API_MAY, "true: on its way", NULL },
    API_END,
};
static const struct api_field payment_reply[] = {
    { "account", API_TEXT, API_MUST, "its reference", NULL },
    { "change", API_TEXT, API_MUST, "added, updated, or none: it was so already", NULL },
    { "payment", API_TEXT, API_MUST, "its reference", NULL },
    API_END,
};
static const struct api_field promise_body[] = {
    MONEY_FIELDS,
    { "due", API_DAY, API_MUST, "a day such as \"2026-12-04\"", NULL },
    { "channel", API_TEXT, API_MAY, "by which it was made", NULL },
    { "note", API_TEXT, API_MAY, "what else was said", NULL },
    API_END,
};
static const struct api_field contact_body[] = {
    { "channel", API_TEXT, API_MUST, "call, email, sms, letter, …", NULL },
    { "outcome", API_TEXT, API_MUST, "conversation, no_answer, voicemail, wrong_number, …",
      NULL },
    { "incoming", API_BOOL, API_MAY, "true: they came to us", NULL },
    { "at", API_MOMENT, API_MAY, "when (now)", NULL },
    { "address", API_TEXT, API_MAY, "mailbox or number", NULL },
    { "note", API_TEXT, API_MAY, "what was said", NULL },
    { "with", API_TEXT, API_MAY, "of a call: person, somebody_else, nobody, voicemail", NULL },
    { "identity", API_TEXT, API_MAY, "what it was confirmed by: birth_date, postcode, …", NULL },
    { "said", API_TEXT, API_MAY, "what the law wants said and was: mini_miranda, …", NULL },
    { "callback_at", API_MOMENT, API_MAY, "they want to be rung back then", NULL },
    API_END,
};
static const struct api_field hold_body[] = {
    { "kind", API_TEXT, API_MUST, "hardship, breathing_space, legal, …", NULL },
    { "reason", API_TEXT, API_MAY, "why", NULL },
    { "debt", API_TEXT, API_MAY, "only this debt", NULL },
    { "last", API_DAY, API_MAY, "its last day; without: until it is lifted", NULL },
    API_END,
};
static const struct api_field dispute_body[] = {
    { "reason", API_TEXT, API_MUST, "not_mine, amount, paid, service, …", NULL },
    { "debt", API_TEXT, API_MAY, "only this debt", NULL },
    { "amount", API_AMOUNT, API_MAY, "only so much of the debt", NULL },
    { "currency", API_CODE, API_MAY, "of the amount", NULL },
    { "received", API_DAY, API_MAY, "when it came (today)", NULL },
    { "channel", API_TEXT, API_MAY, "by which it came", NULL },
    { "note", API_TEXT, API_MAY, "what they say", NULL },
    API_END,
};
static const struct api_field note_body[] = {
    { "text", API_TEXT, API_MUST, "what is to be known", NULL },
    API_END,
};
static const struct api_field opt_out_body[] = {
    { "channel", API_TEXT, API_MAY, "email, sms, call, letter; without: every one", NULL },
    { "address", API_TEXT, API_MAY, "only this mailbox or number", NULL },
    API_END,
};

/* ---- Calls
 * ----------------------------------------------------------------------------------- */

static bool post_payment(struct api *call, struct fault *why)
{
    struct payment_input in = { .reference = api_text(call, "payment"),
                                .method = api_text(call, "method"),
                                .pending =
                                    json_is_true(json_object_get(call->body, "pending")) };
    struct money money;
    enum change change;

    if (in.method == NULL)
        in.method = "transfer";
    if (in.reference == NULL)
        return fail(why, BAD_VALUE, "The field \"payment\" is empty.");
    if (!account_debt(call->book, &call->account, api_text(call, "debt"), &in.debt, why) ||
        !api_money(call, &money, why) ||
        !api_day(call, "received", call->view->today, &in.day, why))
        return false;
    if (in.day.number > call->view->today.number)
        return fail(why, BAD_VALUE,
                    "The field \"received\" lies ahead; send \"pending\": true for "
                    "money on its way.");
    in.currency = money.currency;
    in.minor = money.minor;
    if (!book_payment_put(call->book, call->account.key, &in, &change, why))
        return false;
    json_t *out = json_object();
    put(out, "account", call->account.reference);
    put(out, "change",
        change == CHANGE_NONE ? "none" : change == CHANGE_ADDED ? "added" : "updated");
    put(out, "payment", in.reference);
    api_give(call, change == CHANGE_NONE ? 200 : 201, out);
    return true;
}

static bool post_promise(struct api *call, struct fault *why)
{
    struct promise_input in = { .channel = api_text(call, "channel"),
                                .note = api_text(call, "note") };
    struct money money;
    enum change change;
    int32_t number;

    if (!api_money(call, &money, why) || !api_day(call, "due", DAY_NONE, &in.due, why))
        return false;
    if (in.due.number < call->view->today.number)
        return fail(why, BAD_VALUE, "The field \"due\" is past already.");
    in.minor = money.minor;
    in.currency = money.currency;
    if (!book_promise_once(call->book, call->account.key, NULL, &in, &number, &change, why))
        return false;
    api_give_made(call, change, number);
    return true;
}

static bool post_contact(struct api *call, struct fault *why)
{
    bool incoming = json_is_true(json_object_get(call->body, "incoming"));
    struct logged_contact in = { .direction = incoming ? DIRECTION_IN : DIRECTION_OUT,
                                 .at = call->view->now,
                                 .address = api_text(call, "address"),
                                 .note = api_text(call, "note") };
    const char *channel = api_text(call, "channel"), *at = api_text(call, "at");
    const char *outcome = api_text(call, "outcome");
    const struct talk talk = { .with = api_text(call, "with"),
                               .identity = api_text(call, "identity"),
                               .said = api_text(call, "said") };
    int32_t number, fact;
    enum change change, wished;

    if (channel == NULL || !channel_parse(channel, &in.channel))
        return fail(why, BAD_VALUE, "There is no channel \"%s\".",
                    channel == NULL ? "" : channel);
    in.talk = talk.with != NULL ? &talk : NULL;
    if (!api_at(call, "callback_at", &in.callback_at, why) ||
        (in.callback_at.us != 0 &&
         !contact_call_back(call->book, &call->account, in.callback_at, "API", &fact, &wished,
                            why)))
        return false;
    if (outcome == NULL || !contact_outcome_typed(outcome, &in.outcome))
        return fail(why, BAD_VALUE, "There is no outcome \"%s\".",
                    outcome == NULL ? "" : outcome);
    if (at != NULL && !instant_parse(at, &in.at))
        return fail(why, BAD_VALUE, "The field \"at\" has to be a moment with its offset.");
    if (!contact_log(call->book, &call->account, &in, &number, &change, why))
        return false;
    api_give_made(call, change, number);
    return true;
}

static bool post_hold(struct api *call, struct fault *why)
{
    struct hold in = { .reason = api_text(call, "reason"),
                       .author = call->user.name,
                       .first = DAY_NONE,
                       .review = DAY_NONE };
    const char *kind = api_text(call, "kind");
    int32_t number;
    enum change change;

    in.kind = kind == NULL ? NULL : hold_kind(call->arena, kind);
    if (in.kind == NULL) {
        fail(why, BAD_VALUE, "There is no kind of hold \"%s\".", kind == NULL ? "" : kind);
        return fault_hint(why, "%s", hold_kinds_text);
    }
    if (!account_debt(call->book, &call->account, api_text(call, "debt"), &in.debt, why) ||
        !api_day(call, "last", DAY_NEVER, &in.last, why) ||
        !hold_place(call->book, call->account.key, &in, &number, &change, why))
        return false;
    api_give_made(call, change, number);
    return true;
}

static bool post_dispute(struct api *call, struct fault *why)
{
    struct dispute in = { .component = COMPONENT_COUNT,
                          .reason = api_text(call, "reason"),
                          .channel = api_text(call, "channel"),
                          .note = api_text(call, "note"),
                          .answer_by = DAY_NONE,
                          .author = call->user.name };
    struct money money;
    int32_t number;
    enum change change;

    if (!account_debt(call->book, &call->account, api_text(call, "debt"), &in.debt, why) ||
        !api_day(call, "received", call->view->today, &in.received, why) ||
        !account_currency(call->book, &call->account, in.debt, &in.currency, why))
        return false;
    if (api_text(call, "amount") != NULL) {
        if (!api_money(call, &money, why))
            return false;
        in.minor = money.minor;
        in.currency = money.currency;
    }
    if (!dispute_open(call->book, call->account.key, &in, NULL, &number, &change, why))
        return false;
    api_give_made(call, change, number);
    return true;
}

static bool post_note(struct api *call, struct fault *why)
{
    const struct note_input in = { .text = api_text(call, "text"), .author = call->user.name };
    int32_t number;
    enum change change;

    if (!book_note_add(call->book, call->account.key, &in, &number, &change, why))
        return false;
    api_give_made(call, change, number);
    return true;
}

static bool post_opt_out(struct api *call, struct fault *why)
{
    const char *channel = api_text(call, "channel");
    struct contact_wish wish = { .channel_known = channel != NULL,
                                 .address = api_text(call, "address"),
                                 .source = "API" };
    int32_t number;
    enum change change;

    if (channel != NULL && !channel_parse(channel, &wish.channel))
        return fail(why, BAD_VALUE, "There is no channel \"%s\".", channel);
    if (!contact_opt_out(call->book, &call->account, &wish, &number, &change, why))
        return false;
    api_give_made(call, change, number);
    return true;
}

const struct route routes_api_writes[] = {
    API_TAKES(OF_ACCOUNT "/payments", MAY_PAY, "addPayment",
              "Records money that came in; the books follow", payment_body, payment_reply,
              post_payment, "account"),
    API_TAKES(OF_ACCOUNT "/promises", MAY_AGREE, "addPromise",
              "Notes what they said they would pay", promise_body, api_made_reply, post_promise,
              "account"),
    API_TAKES(OF_ACCOUNT "/contacts", MAY_WORK, "logContact",
              "Logs a contact that was had; it counts for limits and waits", contact_body,
              api_made_reply, post_contact, "account"),
    API_TAKES(OF_ACCOUNT "/holds", MAY_HOLD, "placeHold",
              "Places a hold, or gives it a new last day", hold_body, api_made_reply, post_hold,
              "account"),
    API_TAKES(OF_ACCOUNT "/disputes", MAY_DISPUTE, "openDispute", "Takes down a dispute",
              dispute_body, api_made_reply, post_dispute, "account"),
    API_TAKES(OF_ACCOUNT "/notes", MAY_WORK, "addNote", "Takes a note", note_body,
              api_made_reply, post_note, "account"),
    API_TAKES(OF_ACCOUNT "/opt-outs", MAY_WORK, "optOut",
              "They do not want to be reached this way; only they take it back", opt_out_body,
              api_made_reply, post_opt_out, "account"),
    { 0 },
};

/* API: what is said to people and by them: the end of a call, an answer in one's own words. */
#include "web/api.h"

#include "base/text.h"
#include "flow/call_end.h"
#include "flow/outbox.h"
#include "flow/outbox_again.h"
#include "flow/speak.h"
#include "web/page.h"

#include <string.h>

enum { PAUSE_DAYS = 30 };

/* ---- Shapes --------------------------------------------------------------------------------
 */

static const struct api_field end_promise[] = {
    { "amount", API_AMOUNT, API_MUST, "what they will pay", NULL },
    { "currency", API_CODE, API_MAY, "without: the one of the account", NULL },
    { "due", API_DAY, API_MUST, "by when", NULL },
    API_END,
};
static const struct api_field end_dispute[] = {
    { "reason", API_TEXT, API_MUST, "not-mine, amount, paid, service, …", NULL },
    { "debt", API_TEXT, API_MAY, "only this debt", NULL },
    { "note", API_TEXT, API_MAY, "what they say", NULL },
    API_END,
};
static const struct api_field end_hardship[] = {
    { "reason", API_TEXT, API_MUST, "why they cannot pay now", NULL },
    { "last", API_DAY, API_MAY, "the last day of the pause (30 days on)", NULL },
    API_END,
};
static const struct api_field end_body[] = {
    { "with", API_TEXT, API_MUST, "person, somebody_else, nobody, voicemail", NULL },
    { "incoming", API_BOOL, API_MAY, "true: they rang us", NULL },
    { "outcome", API_TEXT, API_MAY,
      "of nobody: no_answer, busy, not_in_service; of voicemail: limited_content_voicemail, "
      "voicemail, no_answer",
      NULL },
    { "address", API_INT, API_MAY, "the number that was rung, as listAddresses counts", NULL },
    { "identity", API_TEXT, API_MAY, "what it was confirmed by: birth_date, postcode, …",
      NULL },
    { "said", API_TEXT, API_MAY, "what the law wants said and was: mini_miranda, …", NULL },
    { "script", API_TEXT, API_MAY, "which one was followed", NULL },
    { "note", API_TEXT, API_MAY, "what else was said", NULL },
    { "wrong_number", API_BOOL, API_MAY, "true: the number does not lead to them", NULL },
    { "stop", API_BOOL, API_MAY, "true: they want no more calls", NULL },
    { "callback_at", API_MOMENT, API_MAY, "they want to be rung back then", NULL },
    { "promise", API_OBJECT, API_MAY, "what they will pay", end_promise },
    { "dispute", API_OBJECT, API_MAY, "what they say is wrong", end_dispute },
    { "hardship", API_OBJECT, API_MAY, "they cannot pay now", end_hardship },
    API_END,
};
static const struct api_field end_reply[] = {
    { "account", API_TEXT, API_MUST, "whose", NULL },
    { "contact", API_INT, API_MUST, "its number in the account", NULL },
    { "promise", API_INT, API_OR_NULL, "that was noted", NULL },
    { "dispute", API_INT, API_OR_NULL, "that was taken down", NULL },
    { "hold", API_INT, API_OR_NULL, "of the hardship", NULL },
    { "stop", API_INT, API_OR_NULL, "fact: no more calls; null: none, or it was so already",
      NULL },
    { "marked_bad", API_BOOL, API_MUST, "the number is not rung any more", NULL },
    API_END,
};
static const struct api_field words_body[] = {
    { "channel", API_TEXT, API_MUST, "email or letter", NULL },
    { "subject", API_TEXT, API_MAY, "of an email of the creditor itself", NULL },
    { "words", API_TEXT, API_MAY, "what is said", NULL },
    { "text", API_TEXT, API_MAY, "in their place: a text of the ladder that they are on",
      NULL },
    API_END,
};
static const struct api_field words_reply[] = {
    { "account", API_TEXT, API_MUST, "to whom", NULL },
    { "message", API_INT, API_MUST, "its number in the account, for stopMessage", NULL },
    { "at", API_MOMENT, API_MUST, "it leaves then at the earliest", NULL },
    { "decision", API_TEXT, API_MUST, "of the gate", NULL },
    API_END,
};
static const struct api_field again_reply[] = {
    { "message", API_TEXT, API_MUST, "the new one: bucket.record", NULL },
    { "at", API_MOMENT, API_MUST, "it leaves then at the earliest", NULL },
    API_END,
};
static const struct api_field settle_body[] = {
    { "sent", API_BOOL, API_MUST, "true: it went out; false: it is to be sent again", NULL },
    API_END,
};
static const struct api_field settle_reply[] = {
    { "message", API_TEXT, API_MUST, "bucket.record", NULL },
    { "state", API_TEXT, API_MUST, "of it now", NULL },
    API_END,
};

/* ---- The end of a call ---------------------------------------------------------------------
 */

static const char *part_text(const json_t *part, const char *name)
{
    const char *text = json_string_value(json_object_get(part, name));

    return text_is_empty(text) ? NULL : text;
}

/* What it counts as follows from who it was, where nothing is left open. */
static bool outcome_read(const struct api *call, struct call_end *in, struct fault *why)
{
    static const struct {
        const char *with, *outcomes[3];
    } open[] = { { "nobody", { "no_answer", "busy", "not_in_service" } },
                 { "voicemail", { "limited_content_voicemail", "voicemail", "no_answer" } } };
    const char *typed = api_text(call, "outcome");

    in->outcome = text_equal(in->talk.with, "person") ? OUTCOME_CONVERSATION
                  : in->wrong                         ? OUTCOME_WRONG_NUMBER
                                                      : OUTCOME_OTHER;
    for (size_t i = 0; i < COUNT(open); i++) {
        if (!text_equal(open[i].with, in->talk.with))
            continue;
        for (size_t k = 0; k < COUNT(open[i].outcomes); k++) {
            if (typed == NULL || text_equal(open[i].outcomes[k], typed))
                return outcome_parse(open[i].outcomes[k], &in->outcome);
        }
        return fail(why, BAD_VALUE, "No call ends as \"%.40s\" with %s.", typed, in->talk.with);
    }
    if (typed != NULL)
        return fail(why, BAD_VALUE, "The field \"outcome\" is of nobody and voicemail only.");
    return text_equal(in->talk.with, "person") || text_equal(in->talk.with, "somebody_else") ||
           fail(why, BAD_VALUE, "\"with\" is person, somebody_else, nobody or voicemail.");
}

static bool address_read(struct api *call, struct call_end *in, struct fault *why)
{
    int64_t number = api_int(call, "address", 0);
    struct casefile_view f;

    if (number == 0)
        return true;
    if (!view_casefile(call->view, call->holes[0], &f, why))
        return false;
    for (size_t i = 0; i < f.casefile->point_count; i++) {
        const struct contact_point *p = &f.casefile->points[i];
        if (p->number == number && p->party == PARTY_DEBTOR)
            in->address = p->address;
    }
    return in->address != NULL ||
           fail(why, BAD_VALUE, "They have no address of the number %lld.", (long long)number);
}

static bool day_of(const json_t *part, const char *name, struct day *out, struct fault *why)
{
    const char *text = part_text(part, name);

    return text == NULL || day_parse(text, out) ||
           fail(why, BAD_VALUE, "The field \"%s\" has to be a day such as 2026-11-20.", name);
}

static bool promise_read(struct api *call, const json_t *part, struct call_end *in,
                         struct fault *why)
{
    struct promise_input *p = &in->promise;
    const char *code = part_text(part, "currency"), *amount = part_text(part, "amount");
    struct money money;
    int64_t open;

    in->promises = part != NULL;
    if (part == NULL)
        return true;
    *p = (struct promise_input){ .channel = "phone", .note = in->note, .due = DAY_NONE };
    if (code == NULL && !account_currency(call->book, &call->account, 0, &p->currency, why))
        return false;
    if (code != NULL)
        p->currency = currency_parse(code);
    if (p->currency == CURRENCY_NONE)
        return fail(why, BAD_VALUE, "The field \"currency\" has to be a code such as USD.");
    if (amount == NULL || !money_parse(amount, '.', '\0', p->currency, &money, why) ||
        money.minor <= 0)
        return fail(why, BAD_VALUE,
                    "The field \"amount\" has to be an amount such as \"185.00\".");
    if (!day_of(part, "due", &p->due, why) ||
        !account_open(call->book, &call->account, p->currency, &open, why))
        return false;
    p->minor = money.minor;
    if (p->due.number < call->view->today.number)
        return fail(why, BAD_VALUE, "The field \"due\" is past already.");
    return p->minor <= open || fail(why, BAD_VALUE, "They owe less than they would promise.");
}

static bool dispute_read(struct api *call, const json_t *part, struct call_end *in,
                         struct fault *why)
{
    in->disputes = part != NULL;
    in->dispute = (struct dispute){ .channel = "phone",
                                    .reason = part_text(part, "reason"),
                                    .note = part_text(part, "note"),
                                    .component = COMPONENT_COUNT,
                                    .received = call->view->today,
                                    .answer_by = DAY_NONE,
                                    .author = call->user.name };
    return part == NULL || account_debt(call->book, &call->account, part_text(part, "debt"),
                                        &in->dispute.debt, why);
}

static bool hardship_read(struct api *call, const json_t *part, struct call_end *in,
                          struct fault *why)
{
    in->struggles = part != NULL;
    in->hardship = (struct hold){ .kind = "hardship",
                                  .reason = part_text(part, "reason"),
                                  .author = call->user.name,
                                  .first = DAY_NONE,
                                  .last = day_plus(call->view->today, PAUSE_DAYS),
                                  .review = DAY_NONE };
    if (part == NULL)
        return true;
    if (in->hardship.reason == NULL)
        return fail(why, BAD_VALUE, "The field \"reason\" of \"hardship\" is empty.");
    return day_of(part, "last", &in->hardship.last, why) &&
           (in->hardship.last.number >= call->view->today.number ||
            fail(why, BAD_VALUE, "The field \"last\" is past already."));
}

static bool end_read(struct api *call, struct call_end *in, struct fault *why)
{
    *in = (struct call_end){ .talk = { .with = api_text(call, "with"),
                                       .identity = api_line(call, "identity"),
                                       .said = api_line(call, "said"),
                                       .script = api_line(call, "script") },
                             .note = api_text(call, "note"),
                             .incoming = api_flag(call, "incoming"),
                             .wrong = api_flag(call, "wrong_number"),
                             .stop = api_flag(call, "stop"),
                             .source = "API" };
    if (!api_at(call, "callback_at", &in->call_at, why))
        return false;
    in->calls_back = in->call_at.us != 0;
    return outcome_read(call, in, why) && address_read(call, in, why) &&
           promise_read(call, json_object_get(call->body, "promise"), in, why) &&
           dispute_read(call, json_object_get(call->body, "dispute"), in, why) &&
           hardship_read(call, json_object_get(call->body, "hardship"), in, why);
}

static bool end_fits(const struct api *call, const struct call_end *in, struct fault *why)
{
    static const char *const clashes[] = {
        [CALL_STOP_AND_CALLBACK] = "\"stop\" and \"callback_at\" cannot both hold.",
        [CALL_UNREACHED] = "Nobody was reached, and something that they said is noted.",
        [CALL_OTHER_SPOKE] =
            "It was somebody else, and something is noted that only the person, "
            "or who may speak for them, can say.",
        [CALL_WRONG_PERSON] = "A wrong number does not lead to the person.",
    };
    const struct {
        bool wanted;
        enum permission permission;
    } needs[] = { { in->promises, MAY_AGREE },
                  { in->disputes, MAY_DISPUTE },
                  { in->struggles, MAY_HOLD } };
    enum call_clash clash = call_clash(in);

    if (clash != CALL_FITS)
        return fail(why, BAD_VALUE, "%s", clashes[clash]);
    if (call_agreed_anything(in) && in->talk.identity == NULL)
        return fail(why, BAD_VALUE,
                    "Something was agreed: \"identity\" says how it was confirmed "
                    "that it was them.");
    for (size_t i = 0; i < COUNT(needs); i++) {
        if (needs[i].wanted && !(call->can & PERMISSION_BIT(needs[i].permission)))
            return fail(why, NOT_ALLOWED, "This token may not %s.",
                        permission_words(needs[i].permission));
    }
    return true;
}

static bool post_end(struct api *call, struct fault *why)
{
    struct call_ended made;
    struct call_end in;

    if (!end_read(call, &in, why) || !end_fits(call, &in, why) ||
        !call_end(call->book, &call->account, &in, &made, why))
        return false;
    json_t *out = json_object();
    put(out, "account", call->account.reference);
    put_int(out, "contact", made.contact);
    api_put_number(out, "promise", made.promise);
    api_put_number(out, "dispute", made.dispute);
    api_put_number(out, "hold", made.hold);
    api_put_number(out, "stop", made.stop);
    put_true(out, "marked_bad", made.marked_bad);
    api_give(call, 201, out);
    return true;
}

/* ---- In one's own words, or by a ready text -------------------------------------------------
 */

static bool speech_read(struct api *call, const struct casefile_view *f, struct speech *out,
                        struct fault *why)
{
    const char *text = api_line(call, "text"), *words = api_text(call, "words");
    const struct segment *segment = f->decision->segment;
    enum channel channel;

    if (!api_channel(call, "channel", &channel, why))
        return false;
    if (text == NULL) {
        *out = speech_reply(f->casefile->role, f->party->language, channel,
                            api_line(call, "subject"), words);
        return speech_reply_check(out, why);
    }
    *out = speech_text(channel, text);
    return speech_text_check(out, segment == NULL ? NULL : segment->ladder, why) &&
           (text_is_empty(words) || fail(why, BAD_VALUE, "Send either words or a text."));
}

static bool held_back(struct api *call, struct casefile_key key, const struct spoken *spoken,
                      struct fault *why)
{
    if (spoken->decision == 0)
        return fail(why, NOT_ALLOWED, "There is no good address on file.");
    return api_blocked(call, key.bucket, spoken->decision, spoken->stands.reason, why);
}

static bool post_words(struct api *call, struct fault *why)
{
    struct casefile_view f;
    struct spoken spoken;
    struct speech speech;

    if (!view_casefile(call->view, call->holes[0], &f, why) ||
        !speech_read(call, &f, &speech, why) ||
        !speak(call->book, call->view->policy, call->account.key, &speech, &spoken, why))
        return false;
    if (spoken.number == 0)
        return held_back(call, call->account.key, &spoken, why);
    json_t *out = json_object();
    put(out, "account", call->account.reference);
    put_int(out, "message", spoken.number);
    api_put_moment(call, out, "at", spoken.at);
    put(out, "decision", api_record(call, call->account.key.bucket, spoken.decision));
    api_give(call, 201, out);
    return true;
}

/* ---- Again ---- */

static bool post_again(struct api *call, struct fault *why)
{
    struct message_view m;
    struct spoken spoken;

    if (!api_message(call, &m, why))
        return false;
    const struct casefile_key key = { m.row.bucket, m.row.casefile_id };
    if (!outbox_again(call->book, call->view->policy, key, (int32_t)m.row.outbox, &spoken, why))
        return false;
    if (spoken.number == 0)
        return held_back(call, key, &spoken, why);
    json_t *out = json_object();
    put(out, "message", api_record(call, key.bucket, spoken.decision));
    api_put_moment(call, out, "at", spoken.at);
    api_give(call, 201, out);
    return true;
}

/* ---- What may have gone out ----------------------------------------------------------------
 */

static bool post_settle(struct api *call, struct fault *why)
{
    bool sent = api_flag(call, "sent");
    struct message_view m;

    if (!api_message(call, &m, why) ||
        !outbox_settle_in(call->book,
                          arena_print(call->arena, "%lld.%lld.%lld", (long long)m.row.bucket,
                                      (long long)m.row.casefile_id, (long long)m.row.outbox),
                          sent, why))
        return false;
    json_t *out = json_object();
    put(out, "message", call->holes[0]);
    put(out, "state", sent ? "sent" : "ready");
    api_give(call, 201, out);
    return true;
}

const struct route routes_api_talk[] = {
    API_TAKES(OF_ACCOUNT "/calls/end", MAY_WORK, "endCall",
              "A call is over: the contact, and all that was said in it, in one", end_body,
              end_reply, post_end, "account"),
    API_TAKES(OF_ACCOUNT "/messages", MAY_WORK, "writeMessage",
              "An answer in one's own words, or a ready text; blocked: 422 with the decision",
              words_body, words_reply, post_words, "account"),
    API_TAKES(
        "/api/v1/messages/{}/again", MAY_WORK, "sendMessageAgain",
        "What did not arrive goes once more, if the gate still allows it; blocked: 422 with "
        "the decision",
        NULL, again_reply, post_again, "message"),
    API_TAKES("/api/v1/messages/{}/settle", MAY_SETTLE, "settleMessage",
              "Nobody knew whether it went out: now somebody does", settle_body, settle_reply,
              post_settle, "message"),
    { 0 },
};

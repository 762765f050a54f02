#include "flow/call_end.h"

#include "base/text.h"
#include "flow/reach.h"

static bool is_person(const struct call_end *in)
{
    return text_equal(in->talk.with, "person");
}

bool call_agreed_anything(const struct call_end *in)
{
    return in->promises || in->disputes || in->struggles || in->wished;
}

enum call_clash call_clash(const struct call_end *in)
{
    bool unreached =
        text_equal(in->talk.with, "nobody") || text_equal(in->talk.with, "voicemail");

    if (in->stop && in->calls_back)
        return CALL_STOP_AND_CALLBACK;
    if (unreached && (call_agreed_anything(in) || in->calls_back || in->stop))
        return CALL_UNREACHED;
    if (!is_person(in) && !unreached && call_agreed_anything(in))
        return CALL_OTHER_SPOKE;
    return in->wrong && is_person(in) ? CALL_WRONG_PERSON : CALL_FITS;
}

static const char *key_of(struct book *b, const struct call_end *in, const char *what)
{
    return in->once == NULL ? NULL : arena_print(&b->arena, "%s-%s", in->once, what);
}

static bool contact_do(struct book *b, const struct account *account,
                       const struct call_end *in, struct call_ended *out, struct fault *why)
{
    bool left_message =
        text_equal(in->talk.with, "voicemail") && in->outcome != OUTCOME_NO_ANSWER;
    const struct logged_contact contact = {
        .channel = left_message ? CHANNEL_VOICEMAIL : CHANNEL_CALL,
        .direction = in->incoming ? DIRECTION_IN : DIRECTION_OUT,
        .outcome = in->outcome,
        .at = b->now,
        .address = in->address,
        .note = in->note,
        .talk = &in->talk,
        .callback_at = in->calls_back ? in->call_at : (struct instant){ 0 },
        .once = in->once,
    };
    enum change change;
    int32_t fact;

    return contact_log(b, account, &contact, &out->contact, &change, why) &&
           (!in->calls_back ||
            contact_call_back(b, account, in->call_at, in->source, &fact, &change, why));
}

static bool agreed_do(struct book *b, const struct account *account, const struct call_end *in,
                      struct call_ended *out, struct fault *why)
{
    struct dispute dispute = in->dispute;
    enum change change;

    if (in->promises && !book_promise_once(b, account->key, key_of(b, in, "p"), &in->promise,
                                           &out->promise, &change, why))
        return false;
    if (in->disputes &&
        (!account_currency(b, account, dispute.debt, &dispute.currency, why) ||
         !dispute_open(b, account->key, &dispute, key_of(b, in, "d"), &out->dispute, &change,
                       why)))
        return false;
    return !in->struggles || hold_place_once(b, account->key, key_of(b, in, "h"), &in->hardship,
                                             &out->hold, &change, why);
}

static bool wishes_do(struct book *b, const struct account *account, const struct call_end *in,
                      struct call_ended *out, struct fault *why)
{
    const struct contact_wish stop = { .channel = CHANNEL_CALL,
                                       .channel_known = true,
                                       .source = in->source };
    enum change change = CHANGE_NONE;

    if (in->stop && !contact_opt_out(b, account, &stop, &out->stop, &change, why))
        return false;
    out->stop = change == CHANGE_NONE ? 0 : out->stop;
    if ((!in->wrong && in->outcome != OUTCOME_NOT_IN_SERVICE) || in->address == NULL)
        return true;
    out->marked_bad = true;
    return reach_mark(b, account->key, CHANNEL_CALL, in->address, false,
                      in->wrong ? "wrong number" : "not in service", &change, why);
}

bool call_end(struct book *b, const struct account *account, const struct call_end *in,
              struct call_ended *out, struct fault *why)
{
    *out = (struct call_ended){ 0 };
    return contact_do(b, account, in, out, why) && agreed_do(b, account, in, out, why) &&
           wishes_do(b, account, in, out, why);
}

/* API: disputes, hardship and holds of one account. */
#include "web/api.h"

#include "base/digest.h"
#include "base/text.h"
#include "flow/book_dispute.h"
#include "flow/hold.h"
#include "web/page.h"

enum { PAUSE_DAYS = 30, PAPER_MOST = 10 * 1024 * 1024 };

/* ---- Shapes -------------------------------------------------------------------------------- */

#define DISPUTE_FIELDS                                                                         \
    { "dispute", API_INT, API_MUST, "its number in the account", NULL },                       \
    { "state", API_TEXT, API_MUST, "open, upheld, partly_upheld, not_upheld, withdrawn", NULL }, \
    { "reason", API_TEXT, API_MUST, "not-mine, amount, paid, …", NULL },                       \
    { "note", API_TEXT, API_OR_NULL, "what they say", NULL },                                  \
    { "channel", API_TEXT, API_OR_NULL, "by which it came", NULL },                            \
    { "received", API_DAY, API_MUST, "when", NULL },                                           \
    { "answer_by", API_DAY, API_OR_NULL, "until when it is to be answered", NULL },            \
    { "currency", API_CODE, API_OR_NULL, "of the amounts", NULL },                             \
    { "amount", API_AMOUNT, API_OR_NULL, "so much of it; null: all", NULL },                   \
    { "corrected", API_AMOUNT, API_OR_NULL, "what was taken off", NULL },                      \
    {                                                                                          \
        "answer", API_TEXT, API_OR_NULL, "what they were told", NULL                           \
    }
static const struct api_field dispute_rows[] = { DISPUTE_FIELDS, API_END };
static const struct api_field disputes_reply[] = {
    { "disputes", API_ROWS, API_MUST, "the first first", dispute_rows },
    API_END,
};
static const struct api_field answer_body[] = {
    { "result", API_TEXT, API_MUST, "upheld, partly_upheld, not_upheld", NULL },
    { "text", API_TEXT, API_MUST, "what they are told: an answer has its reasons", NULL },
    { "amount", API_AMOUNT, API_MAY, "what is taken off", NULL },
    { "on", API_DAY, API_MAY, "the day for which it counts (today)", NULL },
    { "proof", API_DAY, API_MAY, "when the proof was sent", NULL },
    API_END,
};
static const struct api_field answer_reply[] = {
    { "account", API_TEXT, API_MUST, "its reference", NULL },
    { "change", API_TEXT, API_MUST, "updated, or none: it was so already", NULL },
    { "number", API_INT, API_MUST, "of the dispute", NULL },
    { "corrected", API_AMOUNT, API_OR_NULL, "what was taken off", NULL },
    API_END,
};
static const struct api_field paper_body[] = {
    { "name", API_TEXT, API_MUST, "of the file", NULL },
    { "content", API_TEXT, API_MUST, "its bytes, base64", NULL },
    API_END,
};
static const struct api_field paper_reply[] = {
    { "account", API_TEXT, API_MUST, "its reference", NULL },
    { "change", API_TEXT, API_MUST, "added, or none: it was kept already", NULL },
    { "digest", API_TEXT, API_MUST, "BLAKE2b-256 of its bytes", NULL },
    API_END,
};
static const struct api_field hardship_body[] = {
    { "reason", API_TEXT, API_MUST, "in a few words, why they cannot pay now", NULL },
    { "last", API_DAY, API_MAY, "the last day of the pause (in 30 days)", NULL },
    { "review", API_DAY, API_MAY, "when somebody looks at it again", NULL },
    API_END,
};
static const struct api_field decide_body[] = {
    { "result", API_TEXT, API_MUST, "pause, reduce, close, decline", NULL },
    { "last", API_DAY, API_MAY, "the last day, of pause and reduce", NULL },
    { "review", API_DAY, API_MAY, "when somebody looks at it again", NULL },
    { "note", API_TEXT, API_MAY, "what was decided", NULL },
    API_END,
};
static const struct api_field hold_rows[] = {
    { "hold", API_INT, API_MUST, "its number in the account", NULL },
    { "kind", API_TEXT, API_MUST, "hardship, breathing_space, legal, …", NULL },
    { "reason", API_TEXT, API_OR_NULL, "why", NULL },
    { "author", API_TEXT, API_OR_NULL, "who placed it", NULL },
    { "since", API_MOMENT, API_MUST, "from then on", NULL },
    { "until", API_MOMENT, API_OR_NULL, "up to then; null: until it is lifted", NULL },
    { "result", API_TEXT, API_OR_NULL, "of a hardship: what was decided", NULL },
    API_END,
};
static const struct api_field holds_reply[] = {
    { "holds", API_ROWS, API_MUST, "that stand now", hold_rows },
    API_END,
};

/* ---- Reading ------------------------------------------------------------------------------- */

static void dispute_put(json_t *row, const struct dispute *d)
{
    put_int(row, "dispute", d->number);
    put(row, "state", dispute_state_name(d->state));
    put(row, "reason", d->reason);
    api_put_or_null(row, "note", d->note);
    api_put_or_null(row, "channel", d->channel);
    api_put_day(row, "received", d->received);
    api_put_day(row, "answer_by", d->answer_by);
    api_put_currency(row, "currency", d->currency);
    api_put_amount(row, "amount", d->minor, d->minor == 0 ? CURRENCY_NONE : d->currency);
    api_put_amount(row, "corrected", d->corrected,
                   d->corrected == 0 ? CURRENCY_NONE : d->currency);
    api_put_or_null(row, "answer", d->answer);
}

static bool get_disputes(struct api *call, struct fault *why)
{
    struct casefile_key key;
    struct dispute *all;
    size_t count;

    if (!api_key(call, &key, why) ||
        !disputes_of(call->view->store, call->arena, key, &all, &count, why))
        return false;
    json_t *out = json_object(), *rows = put_list(out, "disputes");
    for (size_t i = 0; i < count; i++)
        dispute_put(list_add(rows), &all[i]);
    api_give(call, 200, out);
    return true;
}

static bool get_dispute(struct api *call, struct fault *why)
{
    struct casefile_key key;
    struct dispute d;
    int32_t number;

    if (!api_key(call, &key, why) || !api_number(call, 1, &number, why) ||
        !dispute_load(call->view->store, call->arena, key, number, &d, why))
        return false;
    json_t *out = json_object();
    dispute_put(out, &d);
    api_give(call, 200, out);
    return true;
}

static void holds_put(struct api *call, json_t *rows, const struct standing_hold *all,
                      size_t count)
{
    for (size_t i = 0; i < count; i++) {
        json_t *row = list_add(rows);
        put_int(row, "hold", all[i].number);
        put(row, "kind", all[i].is.kind);
        api_put_or_null(row, "reason", all[i].is.reason);
        api_put_or_null(row, "author", all[i].is.author);
        api_put_moment(call, row, "since", all[i].at);
        api_put_moment(call, row, "until", all[i].until);
        api_put_or_null(row, "result", all[i].is.result);
    }
}

static bool get_holds(struct api *call, struct fault *why)
{
    struct casefile_key key;
    struct standing_hold *all;
    struct book b;
    size_t count;

    if (!api_key(call, &key, why))
        return false;
    book_reading(&b, call->view->store, call->view->zone, call->view->now);
    bool fine = holds_of(&b, key, call->view->now, &all, &count, why);
    if (fine) {
        json_t *out = json_object();
        holds_put(call, put_list(out, "holds"), all, count);
        api_give(call, 200, out);
    }
    book_reading_done(&b);
    return fine;
}

/* ---- Disputes ------------------------------------------------------------------------------ */

static bool result_read(const char *text, enum dispute_state *out, struct fault *why)
{
    static const enum dispute_state all[] = { DISPUTE_UPHELD, DISPUTE_PARTLY_UPHELD,
                                              DISPUTE_NOT_UPHELD };

    for (size_t i = 0; i < COUNT(all); i++) {
        *out = all[i];
        if (text_equal(dispute_state_name(all[i]), text))
            return true;
    }
    return fail(why, BAD_VALUE,
                "The field \"result\" has to be upheld, partly_upheld or not_upheld.");
}

static bool answer_read(struct api *call, const struct dispute *d, struct dispute_answer *out,
                        struct fault *why)
{
    *out = (struct dispute_answer){ .text = api_text(call, "text"), .author = call->user.name };
    if (!result_read(api_text(call, "result"), &out->result, why) ||
        !api_amount(call, "amount", d->currency, &out->minor, why) ||
        !api_day(call, "on", DAY_NONE, &out->day, why) ||
        !api_day(call, "proof", DAY_NONE, &out->proof, why))
        return false;
    if (out->text == NULL)
        return fail(why, BAD_VALUE, "The field \"text\" is empty: an answer has its reasons.");
    if (out->result == DISPUTE_PARTLY_UPHELD && out->minor == 0)
        return fail(why, BAD_VALUE, "The field \"amount\" is missing: what is taken off.");
    return d->minor == 0 || out->minor <= d->minor ||
           fail(why, BAD_VALUE, "The field \"amount\" is more than they dispute.");
}

static bool post_answer(struct api *call, struct fault *why)
{
    struct dispute_answer answer;
    struct dispute d;
    enum change change;
    int64_t corrected;
    int32_t number;

    if (!api_number(call, 1, &number, why) ||
        !dispute_load(call->book->store, &call->book->arena, call->account.key, number, &d,
                      why) ||
        !answer_read(call, &d, &answer, why) ||
        (answer.result != DISPUTE_UPHELD &&
         !dispute_may_end(call->book, call->account.key, number, answer.proof, why)) ||
        !dispute_close(call->book, call->account.key, number, &answer, &corrected, &change, why))
        return false;
    json_t *out = json_object();
    put(out, "account", call->account.reference);
    put(out, "change", change == CHANGE_NONE ? "none" : "updated");
    put_int(out, "number", number);
    api_put_amount(out, "corrected", corrected, corrected == 0 ? CURRENCY_NONE : d.currency);
    api_give(call, change == CHANGE_NONE ? 200 : 201, out);
    return true;
}

static bool post_withdraw(struct api *call, struct fault *why)
{
    const struct dispute_answer answer = { .result = DISPUTE_WITHDRAWN,
                                           .day = DAY_NONE,
                                           .proof = DAY_NONE,
                                           .text = api_text(call, "reason"),
                                           .author = call->user.name };
    enum change change;
    int64_t corrected;
    int32_t number;

    if (!api_number(call, 1, &number, why) ||
        !dispute_close(call->book, call->account.key, number, &answer, &corrected, &change, why))
        return false;
    api_give_made(call, change, number);
    return true;
}

static bool post_reopen(struct api *call, struct fault *why)
{
    enum change change;
    int32_t number;

    if (!api_number(call, 1, &number, why) ||
        !dispute_reopen(call->book, call->account.key, number, call->user.name, &change, why))
        return false;
    api_give_made(call, change, number);
    return true;
}

static bool post_paper(struct api *call, struct fault *why)
{
    const void *bytes;
    const char *digest;
    enum change change;
    size_t length;
    int32_t number;

    if (!api_number(call, 1, &number, why) || !api_bytes(call, "content", &bytes, &length, why) ||
        !dispute_evidence(call->book, call->account.key, number, api_text(call, "name"), bytes,
                          length, call->user.name, &digest, &change, why))
        return false;
    json_t *out = json_object();
    put(out, "account", call->account.reference);
    put(out, "change", change == CHANGE_NONE ? "none" : "added");
    put(out, "digest", digest);
    api_give(call, change == CHANGE_NONE ? 200 : 201, out);
    return true;
}

/* ---- Hardship and holds -------------------------------------------------------------------- */

static bool post_hardship_paper(struct api *call, struct fault *why)
{
    const char *name = api_line(call, "name"), *digest;
    const void *bytes;
    char hex[DIGEST_HEX];
    size_t length;
    int32_t number;

    if (!api_number(call, 1, &number, why) || !api_bytes(call, "content", &bytes, &length, why))
        return false;
    if (name == NULL || length > PAPER_MOST)
        return fail(why, BAD_VALUE, "A paper has a name, and at most 10 MB.");
    digest = digest_print(digest_of(bytes, length), hex);
    if (!book_evidence_add(call->book, call->account.key,
                           arena_print(call->arena, "hardship %d", (int)number), name, digest,
                           bytes, length, call->user.name, why))
        return false;
    json_t *out = json_object();
    put(out, "account", call->account.reference);
    put(out, "change", "added");
    put(out, "digest", digest);
    api_give(call, 201, out);
    return true;
}

static bool post_hardship(struct api *call, struct fault *why)
{
    struct hold in = { .kind = "hardship",
                       .reason = api_text(call, "reason"),
                       .author = call->user.name,
                       .first = DAY_NONE };
    enum change change;
    int32_t number;

    if (in.reason == NULL)
        return fail(why, BAD_VALUE, "The field \"reason\" is empty.");
    if (!api_day(call, "last", day_plus(call->view->today, PAUSE_DAYS), &in.last, why) ||
        !api_day(call, "review", DAY_NONE, &in.review, why))
        return false;
    if (in.last.number < call->view->today.number)
        return fail(why, BAD_VALUE, "The field \"last\" is past already.");
    if (!hold_place(call->book, call->account.key, &in, &number, &change, why))
        return false;
    api_give_made(call, change, number);
    return true;
}

static bool post_decide(struct api *call, struct fault *why)
{
    struct hardship_decision in = { .result = api_text(call, "result"),
                                    .note = api_text(call, "note"),
                                    .author = call->user.name };
    static const char *const results[] = { "pause", "reduce", "close", "decline" };
    enum change change;
    int32_t number, now;
    size_t known = 0;

    while (known < COUNT(results) && !text_equal(results[known], in.result))
        known++;
    if (known == COUNT(results))
        return fail(why, BAD_VALUE,
                    "The field \"result\" has to be pause, reduce, close or decline.");
    if (!api_number(call, 1, &number, why) || !api_day(call, "last", DAY_NONE, &in.last, why) ||
        !api_day(call, "review", DAY_NONE, &in.review, why) ||
        !hardship_decide(call->book, call->account.key, number, &in, &now, &change, why))
        return false;
    api_give_made(call, change, now != 0 ? now : number);
    return true;
}

static bool post_lift(struct api *call, struct fault *why)
{
    struct standing_hold *all;
    int32_t number;
    size_t count;

    if (!api_number(call, 1, &number, why) ||
        !holds_of(call->book, call->account.key, call->book->now, &all, &count, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (all[i].number != number)
            continue;
        if (!hold_end(call->book, call->account.key, &all[i], why) ||
            !hold_lifted(call->book, call->account.key, &all[i], api_text(call, "reason"),
                         call->user.name, why))
            return false;
        api_give_made(call, CHANGE_UPDATED, number);
        return true;
    }
    return fail(why, NOT_FOUND, "No hold %d stands.", (int)number);
}

static const struct api_field dispute_reply[] = { DISPUTE_FIELDS, API_END };

#define OF_DISPUTE OF_ACCOUNT "/disputes/{}"

const struct route routes_api_dispute[] = {
    API_GIVES(OF_ACCOUNT "/disputes", MAY_SEE, "listDisputesOfAccount", "Its disputes", NULL,
              disputes_reply, get_disputes, "account"),
    API_GIVES(OF_DISPUTE, MAY_SEE, "getDispute", "One dispute", NULL, dispute_reply, get_dispute,
              "account", "dispute"),
    API_TAKES(OF_DISPUTE "/answer", MAY_ANSWER, "answerDispute",
              "It is decided; a law that still stops collection is 422", answer_body,
              answer_reply, post_answer, "account", "dispute"),
    API_TAKES(OF_DISPUTE "/withdraw", MAY_DISPUTE, "withdrawDispute", "They take it back",
              api_reason, api_made_reply, post_withdraw, "account", "dispute"),
    API_TAKES(OF_DISPUTE "/reopen", MAY_ANSWER, "reopenDispute",
              "As if it had never been answered", api_nothing, api_made_reply, post_reopen,
              "account", "dispute"),
    API_TAKES_FILE(OF_DISPUTE "/papers", MAY_DISPUTE, "addDisputePaper", "A paper, byte for byte",
              paper_body, paper_reply, post_paper, "account", "dispute"),
    API_TAKES(OF_ACCOUNT "/hardship", MAY_HOLD, "openHardship", "They cannot pay now: a pause",
              hardship_body, api_made_reply, post_hardship, "account"),
    API_TAKES(OF_ACCOUNT "/hardship/{}/decide", MAY_ANSWER, "decideHardship",
              "What becomes of it", decide_body, api_made_reply, post_decide, "account", "hold"),
    API_TAKES_FILE(OF_ACCOUNT "/hardship/{}/papers", MAY_HOLD, "addHardshipPaper",
                   "A paper, byte for byte", paper_body, paper_reply, post_hardship_paper,
                   "account", "hold"),
    API_GIVES(OF_ACCOUNT "/holds", MAY_SEE, "listHoldsOfAccount", "Holds that stand", NULL,
              holds_reply, get_holds, "account"),
    API_TAKES(OF_ACCOUNT "/holds/{}/lift", MAY_HOLD, "liftHold", "It ends now", api_reason,
              api_made_reply, post_lift, "account", "hold"),
    { 0 },
};

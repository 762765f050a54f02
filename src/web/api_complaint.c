/* API: complaints. */
#include "web/api.h"

#include "base/text.h"
#include "flow/complaint.h"
#include "web/page.h"

/* ---- Shapes -------------------------------------------------------------------------------- */

#define COMPLAINT_FIELDS                                                                       \
    { "complaint", API_INT, API_MUST, "its number in the account", NULL },                     \
    { "state", API_TEXT, API_MUST, "open, answered, closed", NULL },                           \
    { "since", API_DAY, API_MUST, "in this state", NULL },                                     \
    { "received", API_DAY, API_MUST, "when it reached us", NULL },                             \
    { "acknowledge_by", API_DAY, API_MUST, "by when they are told that we have it", NULL },    \
    { "acknowledged", API_DAY, API_OR_NULL, "when they were; null: not yet", NULL },           \
    { "answer_by", API_DAY, API_MUST, "by when it is answered", NULL },                        \
    { "channel", API_TEXT, API_OR_NULL, "by which it came", NULL },                            \
    { "words", API_TEXT, API_MUST, "theirs", NULL },                                           \
    { "hold", API_INT, API_OR_NULL, "that stands because of it", NULL },                       \
    { "result", API_TEXT, API_OR_NULL, "upheld, partly_upheld, not_upheld", NULL },            \
    { "answer", API_TEXT, API_OR_NULL, "what they were told", NULL },                          \
    { "cause", API_TEXT, API_OR_NULL, "why it came to that", NULL },                           \
    { "changed", API_TEXT, API_OR_NULL, "what is done differently", NULL },                    \
    {                                                                                          \
        "author", API_TEXT, API_OR_NULL, "who took it down", NULL                              \
    }
static const struct api_field own_rows[] = { COMPLAINT_FIELDS, API_END };
static const struct api_field own_reply[] = {
    { "complaints", API_ROWS, API_MUST, "of the account", own_rows },
    API_END,
};
static const struct api_field all_rows[] = {
    { "account", API_TEXT, API_MUST, "whose", NULL },
    { "name", API_TEXT, API_MUST, "of the person or firm", NULL },
    { "creditor", API_TEXT, API_MUST, "whose debts these are", NULL },
    COMPLAINT_FIELDS,
    API_END,
};
static const struct api_field all_reply[] = {
    { "complaints", API_ROWS, API_MUST, "the first to be answered first", all_rows },
    API_NEXT,
    API_END,
};
static const struct api_field all_query[] = {
    { "state", API_TEXT, API_MAY, "open (without), answered, closed", NULL },
    API_AFTER,
    API_LIMIT,
    API_END,
};
static const struct api_field open_body[] = {
    { "words", API_TEXT, API_MUST, "theirs", NULL },
    { "channel", API_TEXT, API_MAY, "phone, letter, email, portal, regulator", NULL },
    { "received", API_DAY, API_MAY, "when it reached us (today)", NULL },
    { "hold", API_BOOL, API_MAY, "true: nothing asks for money meanwhile", NULL },
    API_END,
};
#define LEARNED_FIELDS                                                                         \
    { "cause", API_TEXT, API_MAY, "why it came to that", NULL },                               \
    {                                                                                          \
        "changed", API_TEXT, API_MAY, "what is done differently", NULL                         \
    }
static const struct api_field answer_body[] = {
    { "result", API_TEXT, API_MUST, "upheld, partly_upheld, not_upheld", NULL },
    { "text", API_TEXT, API_MUST, "what they are told", NULL },
    LEARNED_FIELDS,
    API_END,
};
static const struct api_field note_body[] = { LEARNED_FIELDS, API_END };

/* ---- Reading ------------------------------------------------------------------------------- */

static void complaint_put(json_t *row, const struct complaint *c)
{
    put_int(row, "complaint", c->number);
    put(row, "state", complaint_state_name(c->state));
    api_put_day(row, "since", c->state_day);
    api_put_day(row, "received", c->received);
    api_put_day(row, "acknowledge_by", c->acknowledge_by);
    api_put_day(row, "acknowledged", c->acknowledged);
    api_put_day(row, "answer_by", c->answer_by);
    api_put_or_null(row, "channel", c->channel);
    put(row, "words", c->words);
    api_put_number(row, "hold", c->hold);
    api_put_or_null(row, "result", c->result);
    api_put_or_null(row, "answer", c->answer);
    api_put_or_null(row, "cause", c->cause);
    api_put_or_null(row, "changed", c->changed);
    api_put_or_null(row, "author", c->author);
}

static bool get_all(struct api *call, struct fault *why)
{
    const char *typed = api_query(call, "state");
    enum complaint_state state = COMPLAINT_OPEN;
    struct complaint_place last;
    struct complaint_row *rows;
    int64_t limit, place[] = { 0, 0, 0 };
    size_t count;
    bool more;

    if (typed != NULL && !complaint_state_parse(typed, &state))
        return fail(why, BAD_VALUE, "No complaint is ever %.40s.", typed);
    if (!api_limit(call, &limit, why) || !api_after_place(call, 3, place, why) ||
        !complaint_rows(call->view->store, call->arena, call->view->clients, call->view->desks,
                        state, (struct complaint_place){ place[0], place[1], place[2] },
                        (size_t)limit, &rows, &count, &last, &more, why))
        return false;
    json_t *out = json_object(), *list = put_list(out, "complaints");
    for (size_t i = 0; i < count; i++) {
        json_t *row = list_add(list);
        put(row, "account", rows[i].reference);
        put(row, "name", rows[i].name);
        put(row, "creditor", rows[i].creditor);
        complaint_put(row, &rows[i].is);
    }
    const int64_t ended[] = { last.day, last.casefile, last.number };
    api_put_next_place(call, out, more, 3, ended);
    api_give(call, 200, out);
    return true;
}

static bool get_own(struct api *call, struct fault *why)
{
    struct casefile_key key;
    struct complaint *all;
    size_t count;

    if (!api_key(call, &key, why) ||
        !complaints_of(call->view->store, call->arena, key, &all, &count, why))
        return false;
    json_t *out = json_object(), *list = put_list(out, "complaints");
    for (size_t i = 0; i < count; i++)
        complaint_put(list_add(list), &all[i]);
    api_give(call, 200, out);
    return true;
}

/* ---- Writing ------------------------------------------------------------------------------- */

static bool post_open(struct api *call, struct fault *why)
{
    struct complaint_input in = { .words = api_text(call, "words"),
                                  .channel = api_text(call, "channel"),
                                  .author = call->user.name,
                                  .hold = api_flag(call, "hold") };
    enum change change;
    int32_t number;

    if (in.channel != NULL && !complaint_way_known(in.channel))
        return fail(why, BAD_VALUE, "A complaint does not come by \"%.40s\".", in.channel);
    if (in.hold && !(call->can & PERMISSION_BIT(MAY_HOLD)))
        return fail(why, NOT_ALLOWED, "This token places no holds: leave \"hold\" out.");
    if (!api_day(call, "received", call->view->today, &in.received, why) ||
        !complaint_open(call->book, call->account.key, &in, &number, &change, why))
        return false;
    api_give_made(call, change, number);
    return true;
}

static struct complaint_answer answer_read(const struct api *call)
{
    return (struct complaint_answer){ .result = api_text(call, "result"),
                                      .text = api_text(call, "text"),
                                      .cause = api_text(call, "cause"),
                                      .changed = api_text(call, "changed"),
                                      .author = call->user.name };
}

typedef bool complaint_say(struct book *b, struct casefile_key key, int32_t number,
                           const struct complaint_answer *answer, enum change *change,
                           struct fault *why);
typedef bool complaint_turn(struct book *b, struct casefile_key key, int32_t number,
                            const char *author, enum change *change, struct fault *why);

static bool say(struct api *call, complaint_say *act, struct fault *why)
{
    const struct complaint_answer said = answer_read(call);
    enum change change;
    int32_t number;

    if (!api_number(call, 1, &number, why) ||
        !act(call->book, call->account.key, number, &said, &change, why))
        return false;
    api_give_made(call, change, number);
    return true;
}

static bool turn(struct api *call, complaint_turn *act, struct fault *why)
{
    enum change change;
    int32_t number;

    if (!api_number(call, 1, &number, why) ||
        !act(call->book, call->account.key, number, call->user.name, &change, why))
        return false;
    api_give_made(call, change, number);
    return true;
}

static bool post_answer(struct api *call, struct fault *why)
{
    return say(call, complaint_answer, why);
}

static bool post_note(struct api *call, struct fault *why)
{
    return say(call, complaint_note, why);
}

static bool post_acknowledge(struct api *call, struct fault *why)
{
    return turn(call, complaint_acknowledge, why);
}

static bool post_close(struct api *call, struct fault *why)
{
    struct complaint c;
    int32_t number;

    if (!api_number(call, 1, &number, why) ||
        !complaint_load(call->book->store, &call->book->arena, call->account.key, number, &c,
                        why))
        return false;
    return complaint_may_close(&c, call->can, call->user.name, why) &&
           turn(call, complaint_close, why);
}

static bool post_reopen(struct api *call, struct fault *why)
{
    return turn(call, complaint_reopen, why);
}

#define OF_COMPLAINT OF_ACCOUNT "/complaints/{}"

const struct route routes_api_complaint[] = {
    API_GIVES("/api/v1/complaints", MAY_SEE, "listComplaints", "Complaints over all accounts",
              all_query, all_reply, get_all, NULL),
    API_GIVES(OF_ACCOUNT "/complaints", MAY_SEE, "listComplaintsOfAccount", "Its complaints",
              NULL, own_reply, get_own, "account"),
    API_TAKES(OF_ACCOUNT "/complaints", MAY_SEE, "openComplaint",
              "Somebody says that we did wrong", open_body, api_made_reply, post_open,
              "account"),
    API_TAKES(OF_COMPLAINT "/acknowledge", MAY_ANSWER, "acknowledgeComplaint",
              "They know that we have it", api_nothing, api_made_reply, post_acknowledge,
              "account", "complaint"),
    API_TAKES(OF_COMPLAINT "/answer", MAY_ANSWER, "answerComplaint", "What they are told",
              answer_body, api_made_reply, post_answer, "account", "complaint"),
    API_TAKES(OF_COMPLAINT "/note", MAY_ANSWER, "noteComplaint", "What was learned from it",
              note_body, api_made_reply, post_note, "account", "complaint"),
    API_TAKES(OF_COMPLAINT "/close", MAY_SEE, "closeComplaint",
              "Taken back, or taken down by mistake", api_nothing, api_made_reply, post_close,
              "account", "complaint"),
    API_TAKES(OF_COMPLAINT "/reopen", MAY_ANSWER, "reopenComplaint",
              "Open again; its days count from the first", api_nothing, api_made_reply,
              post_reopen, "account", "complaint"),
    { 0 },
};

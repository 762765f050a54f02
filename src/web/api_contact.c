/* API: whether and how somebody may be reached, calls, and what they wish. */
#include "web/api.h"

#include "base/text.h"
#include "flow/calling.h"
#include "flow/contact_log.h"
#include "flow/explain.h"
#include "flow/point.h"
#include "web/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Shapes -------------------------------------------------------------------------------- */

static const struct api_field contact_rows[] = {
    { "at", API_MOMENT, API_MUST, "when", NULL },
    { "channel", API_TEXT, API_MUST, "call, email, sms, letter, …", NULL },
    { "direction", API_TEXT, API_MUST, "in or out", NULL },
    { "outcome", API_TEXT, API_MUST, "conversation, no_answer, sent, …", NULL },
    { "purpose", API_TEXT, API_OR_NULL, "what for; null: collection", NULL },
    { "callback_at", API_MOMENT, API_OR_NULL, "they want to be rung back then", NULL },
    API_END,
};
static const struct api_field contacts_reply[] = {
    { "contacts", API_ROWS, API_MUST, "the latest first", contact_rows },
    API_NEXT,
    API_END,
};
static const struct api_field point_rows[] = {
    { "number", API_INT, API_MUST, "its number in the account", NULL },
    { "channel", API_TEXT, API_MUST, "email, call, sms, letter", NULL },
    { "good", API_BOOL, API_MUST, "it leads to them", NULL },
    { "hint", API_TEXT, API_MUST, "a part of it; the whole by openAddress", NULL },
    API_END,
};
static const struct api_field points_reply[] = {
    { "addresses", API_ROWS, API_MUST, "by number", point_rows },
    API_END,
};
static const struct api_field opened_reply[] = {
    { "account", API_TEXT, API_MUST, "whose", NULL },
    { "number", API_INT, API_MUST, "of the address", NULL },
    { "channel", API_TEXT, API_MUST, "by which it serves", NULL },
    { "address", API_TEXT, API_MUST, "the whole of it", NULL },
    API_END,
};
static const struct api_field explain_query[] = {
    { "channel", API_TEXT, API_MAY, "only this channel", NULL },
    API_END,
};
static const struct api_field explain_reply[] = {
    { "explanation", API_ANY, API_MUST, "as recoup explain --json says it", NULL },
    API_END,
};
static const struct api_field call_reply[] = {
    { "account", API_TEXT, API_MUST, "whom", NULL },
    { "call", API_INT, API_MUST, "its number; logContact ends it, dropCall takes it back", NULL },
    { "address", API_TEXT, API_MUST, "the number to ring", NULL },
    { "decision", API_TEXT, API_MUST, "of the gate", NULL },
    API_END,
};
static const struct api_field wish_body[] = {
    { "channel", API_TEXT, API_MUST, "email, sms, call, letter", NULL },
    { "address", API_TEXT, API_MAY, "only this mailbox or number", NULL },
    API_END,
};
static const struct api_field callback_body[] = {
    { "at", API_MOMENT, API_MUST, "when they want to be called", NULL },
    API_END,
};

/* ---- Reading ------------------------------------------------------------------------------- */

/* Places in the list of all contacts, which only grows at its end. */
static bool contacts_part(struct api *call, size_t count, size_t *end, int64_t *limit,
                          struct fault *why)
{
    const char *after = api_query(call, "after");
    int64_t place = (int64_t)count;

    if (after != NULL && (!text_to_int(after, &place) || place < 0))
        return fail(why, BAD_VALUE, "after is no place in this list.");
    *end = place < (int64_t)count ? (size_t)place : count;
    return api_limit(call, limit, why);
}

static bool get_contacts(struct api *call, struct fault *why)
{
    struct casefile_view f;
    int64_t limit;
    size_t end = 0;

    if (!view_casefile(call->view, call->holes[0], &f, why) ||
        !contacts_part(call, f.casefile->contact_count, &end, &limit, why))
        return false;
    json_t *out = json_object(), *rows = put_list(out, "contacts");
    size_t first = end > (size_t)limit ? end - (size_t)limit : 0;
    for (size_t i = end; i-- > first;) {
        const struct contact *c = &f.casefile->contacts[i];
        json_t *row = list_add(rows);
        api_put_moment(call, row, "at", c->at);
        put(row, "channel", channel_name(c->channel));
        put(row, "direction", c->direction == DIRECTION_IN ? "in" : "out");
        put(row, "outcome", outcome_name(c->outcome));
        api_put_or_null(row, "purpose", c->purpose);
        api_put_moment(call, row, "callback_at", c->callback_at);
    }
    api_put_or_null(out, "next",
                    first > 0 ? arena_print(call->arena, "%zu", first) : NULL);
    api_give(call, 200, out);
    return true;
}

static const char *hint_of(const struct api *call, const struct contact_point *p)
{
    size_t length = strlen(p->address);
    const char *at = strchr(p->address, '@');

    if (p->channel == CHANNEL_LETTER)
        return "a postal address";
    if (at != NULL)
        return arena_print(call->arena, "%c…%s", p->address[0], at);
    return arena_print(call->arena, "…%s", length > 4 ? p->address + length - 4 : "");
}

static bool get_points(struct api *call, struct fault *why)
{
    struct casefile_view f;

    if (!view_casefile(call->view, call->holes[0], &f, why))
        return false;
    json_t *out = json_object(), *rows = put_list(out, "addresses");
    for (size_t i = 0; i < f.casefile->point_count; i++) {
        const struct contact_point *p = &f.casefile->points[i];
        json_t *row = list_add(rows);
        put_int(row, "number", p->number);
        put(row, "channel", channel_name(p->channel));
        put_true(row, "good", p->good);
        put(row, "hint", hint_of(call, p));
    }
    api_give(call, 200, out);
    return true;
}

static bool explained(struct api *call, char **text, size_t *length, struct fault *why)
{
    struct explain_request r = { .url = call->site->book,
                                 .target = call->holes[0],
                                 .now = call->view->now,
                                 .at = call->view->now,
                                 .json = true };
    const char *channel = api_query(call, "channel");
    bool allowed;

    r.channel_known = channel != NULL;
    if (channel != NULL && !channel_parse(channel, &r.channel))
        return fail(why, BAD_VALUE, "There is no channel \"%.60s\".", channel);
    FILE *out = open_memstream(text, length);
    must(out != NULL);
    bool fine = explain_print(&r, out, &allowed, why);
    fclose(out);
    return fine;
}

static bool get_explanation(struct api *call, struct fault *why)
{
    struct casefile_key key;
    char *text = NULL;
    size_t length = 0;

    bool fine = api_key(call, &key, why) && explained(call, &text, &length, why) &&
                api_give_text(call, "explanation", text, length, why);
    free(text);
    return fine;
}

/* ---- Calls --------------------------------------------------------------------------------- */

/* The gate is asked with the number at hand; what it says stands in the journal, yes or no. */
static bool post_call(struct api *call, struct fault *why)
{
    struct spoken spoken;

    if (!calling_begin(call->book, call->view->policy, &call->account, &spoken, why))
        return false;
    if (spoken.number == 0 && spoken.decision == 0)
        return fail(why, NOT_ALLOWED, "There is no good number on file.");
    if (spoken.number == 0)
        return api_blocked(call, call->account.key.bucket, spoken.decision, spoken.stands.reason,
                           why);
    json_t *out = json_object();
    put(out, "account", call->account.reference);
    put_int(out, "call", spoken.number);
    put(out, "address", spoken.stands.address);
    put(out, "decision", api_record(call, call->account.key.bucket, spoken.decision));
    api_give(call, 201, out);
    return true;
}

static bool post_drop(struct api *call, struct fault *why)
{
    int32_t number;

    if (!api_number(call, 1, &number, why) ||
        !calling_drop(call->book, &call->account, number, why))
        return false;
    api_give_made(call, CHANGE_UPDATED, number);
    return true;
}

/* ---- Wishes -------------------------------------------------------------------------------- */

typedef bool wish_take(struct book *b, const struct account *account,
                       const struct contact_wish *wish, int32_t *fact, enum change *change,
                       struct fault *why);

static bool wish(struct api *call, wish_take *take, struct fault *why)
{
    struct contact_wish in = { .channel_known = true,
                               .address = api_text(call, "address"),
                               .source = "API" };
    enum change change;
    int32_t number;

    if (!api_channel(call, "channel", &in.channel, why) ||
        !take(call->book, &call->account, &in, &number, &change, why))
        return false;
    api_give_made(call, change, number);
    return true;
}

static bool post_consent(struct api *call, struct fault *why)
{
    return wish(call, contact_consent, why);
}

static bool post_preference(struct api *call, struct fault *why)
{
    return wish(call, contact_prefer, why);
}

static bool post_callback(struct api *call, struct fault *why)
{
    struct instant at;
    enum change change;
    int32_t number;

    if (!api_at(call, "at", &at, why) ||
        !contact_call_back(call->book, &call->account, at, "API", &number, &change, why))
        return false;
    api_give_made(call, change, number);
    return true;
}

static bool post_open(struct api *call, struct fault *why)
{
    struct casefile_view f;
    int32_t number;

    if (!api_number(call, 1, &number, why) ||
        !point_opened(call->book, call->account.key, number, why) ||
        !view_casefile(call->view, call->holes[0], &f, why))
        return false;
    for (size_t i = 0; i < f.casefile->point_count; i++) {
        const struct contact_point *p = &f.casefile->points[i];
        if (p->number != number)
            continue;
        json_t *out = json_object();
        put(out, "account", call->account.reference);
        put_int(out, "number", number);
        put(out, "channel", channel_name(p->channel));
        put(out, "address", p->address);
        api_give(call, 201, out);
        return true;
    }
    return fail(why, NOT_FOUND, "There is no address %d.", (int)number);
}

const struct route routes_api_contact[] = {
    API_GIVES(OF_ACCOUNT "/contacts", MAY_SEE, "listContacts", "Contacts that were had, or planned",
              api_page_query, contacts_reply, get_contacts, "account"),
    API_GIVES(OF_ACCOUNT "/addresses", MAY_SEE, "listAddresses", "Ways to reach them, in part",
              NULL, points_reply, get_points, "account"),
    API_TAKES(OF_ACCOUNT "/addresses/{}/open", MAY_SEE, "openAddress",
              "The whole of an address; that it was opened is journalled", api_nothing,
              opened_reply, post_open, "account", "address"),
    API_GIVES(OF_ACCOUNT "/explanation", MAY_SEE, "explainAccount",
              "What would happen next and why, and what would change the answer", explain_query,
              explain_reply, get_explanation, "account"),
    API_TAKES(OF_ACCOUNT "/calls", MAY_WORK, "beginCall",
              "Asks the gate and gives the number; blocked: 422 with the decision", api_nothing,
              call_reply, post_call, "account"),
    API_TAKES(OF_ACCOUNT "/calls/{}/drop", MAY_WORK, "dropCall", "It was not made after all",
              api_nothing, api_made_reply, post_drop, "account", "call"),
    API_TAKES(OF_ACCOUNT "/consents", MAY_WORK, "addConsent",
              "They agreed to be reached this way", wish_body, api_made_reply, post_consent,
              "account"),
    API_TAKES(OF_ACCOUNT "/preferences", MAY_WORK, "addPreference",
              "They like this channel best", wish_body, api_made_reply, post_preference, "account"),
    API_TAKES(OF_ACCOUNT "/callbacks", MAY_WORK, "addCallback", "They asked to be rung back",
              callback_body, api_made_reply, post_callback, "account"),
    { 0 },
};

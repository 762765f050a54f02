/* API: programs elsewhere that are told what happens. */
#include "web/api.h"

#include "base/text.h"
#include "flow/webhook_send.h"
#include "web/page.h"

enum { DELIVERIES_SHOWN = 200 };

/* ---- Shapes -------------------------------------------------------------------------------- */

static const struct api_field webhook_rows[] = {
    { "webhook", API_INT, API_MUST, "its number", NULL },
    { "url", API_TEXT, API_MUST, "who is told", NULL },
    { "events", API_TEXT, API_MUST, "kinds of records; *: all of accounts", NULL },
    { "records", API_BOOL, API_MUST, "the whole record is sent", NULL },
    { "state", API_TEXT, API_MUST, "active, failing, off", NULL },
    { "fault", API_TEXT, API_OR_NULL, "why it is failing", NULL },
    { "since", API_MOMENT, API_MUST, "in this state", NULL },
    API_END,
};
static const struct api_field webhooks_reply[] = {
    { "webhooks", API_ROWS, API_MUST, "by number", webhook_rows },
    API_END,
};
static const struct api_field webhook_body[] = {
    { "url", API_TEXT, API_MUST, "who is told: https, and public", NULL },
    { "events", API_TEXT, API_MAY, "kinds of records, with blanks or commas (*)", NULL },
    { "records", API_BOOL, API_MAY, "true: the whole record is sent", NULL },
    API_END,
};
static const struct api_field made_reply[] = {
    { "webhook", API_INT, API_MUST, "its number", NULL },
    { "secret", API_TEXT, API_OR_NULL,
      "by which it knows us; null when this was asked before: it is given once", NULL },
    API_END,
};
static const struct api_field done_reply[] = {
    { "webhook", API_INT, API_MUST, "its number", NULL },
    { "state", API_TEXT, API_MUST, "active, off, removed", NULL },
    API_END,
};
static const struct api_field test_reply[] = {
    { "webhook", API_INT, API_MUST, "its number", NULL },
    { "taken", API_BOOL, API_MUST, "it answered 200 to 299 in time", NULL },
    { "status", API_INT, API_OR_NULL, "of its answer; null: there was none", NULL },
    { "took_ms", API_INT, API_MUST, "so many milliseconds", NULL },
    { "why", API_TEXT, API_OR_NULL, "it was not taken", NULL },
    API_END,
};
static const struct api_field delivery_rows[] = {
    { "delivery", API_TEXT, API_MUST, "for replayDelivery", NULL },
    { "webhook", API_INT, API_MUST, "whose", NULL },
    { "event", API_TEXT, API_MUST, "its id, as webhook-id has it", NULL },
    { "kind", API_TEXT, API_MUST, "of the record", NULL },
    { "record", API_TEXT, API_MUST, "for getDecision", NULL },
    { "state", API_TEXT, API_MUST, "waiting, sent, held, given_up", NULL },
    { "tries", API_INT, API_MUST, "so far", NULL },
    { "tried_at", API_MOMENT, API_OR_NULL, "last", NULL },
    { "next_at", API_MOMENT, API_OR_NULL, "the next try", NULL },
    { "status", API_INT, API_OR_NULL, "of the last answer", NULL },
    { "took_ms", API_INT, API_MUST, "the last try", NULL },
    { "answer", API_TEXT, API_OR_NULL, "why it was not taken", NULL },
    API_END,
};
static const struct api_field deliveries_reply[] = {
    { "deliveries", API_ROWS, API_MUST, "the latest first, at most 200", delivery_rows },
    API_END,
};
static const struct api_field replay_reply[] = {
    { "delivery", API_TEXT, API_MUST, "which", NULL },
    API_END,
};

/* ---- Reading ------------------------------------------------------------------------------- */

static bool get_webhooks(struct api *call, struct fault *why)
{
    struct webhook *all;
    size_t count;

    if (!webhook_list(call->view->store, call->arena, &all, &count, why))
        return false;
    json_t *out = json_object(), *rows = put_list(out, "webhooks");
    for (size_t i = 0; i < count; i++) {
        json_t *row = list_add(rows);
        put_int(row, "webhook", all[i].number);
        put(row, "url", all[i].url);
        put(row, "events", all[i].events);
        put_true(row, "records", all[i].records);
        put(row, "state", all[i].state);
        api_put_or_null(row, "fault", all[i].fault);
        api_put_moment(call, row, "since", all[i].state_at);
    }
    api_give(call, 200, out);
    return true;
}

static void delivery_put(const struct api *call, json_t *row, const struct webhook_delivery *d)
{
    bool waits = text_equal(d->state, "waiting");

    put(row, "delivery", d->id);
    put_int(row, "webhook", d->webhook);
    put(row, "event", d->event);
    put(row, "kind", d->kind);
    put(row, "record", api_record(call, d->bucket, d->seq));
    put(row, "state", d->state);
    put_int(row, "tries", d->attempt);
    api_put_moment(call, row, "tried_at", d->tried_at);
    api_put_moment(call, row, "next_at", waits ? d->next_at : (struct instant){ 0 });
    api_put_number(row, "status", d->status);
    put_int(row, "took_ms", d->took_ms);
    api_put_or_null(row, "answer", d->answer);
}

static bool get_deliveries(struct api *call, struct fault *why)
{
    struct webhook_delivery *all;
    size_t count;

    if (!webhook_deliveries(call->view->store, call->arena, DELIVERIES_SHOWN, &all, &count,
                            why))
        return false;
    json_t *out = json_object(), *rows = put_list(out, "deliveries");
    for (size_t i = 0; i < count; i++)
        delivery_put(call, list_add(rows), &all[i]);
    api_give(call, 200, out);
    return true;
}

/* ---- Writing ------------------------------------------------------------------------------- */

static bool post_webhook(struct api *call, struct fault *why)
{
    const char *events = api_line(call, "events");
    const struct webhook_input in = { .url = api_line(call, "url"),
                                      .events = events != NULL ? events : "*",
                                      .records = api_flag(call, "records"),
                                      .staff = call->user.number };
    char secret[WEBHOOK_SECRET_TEXT];
    int64_t number;

    if (in.url == NULL)
        return fail(why, BAD_VALUE, "The field \"url\" is empty.");
    if (!webhook_add(call->book, &in, &number, secret, why))
        return false;
    json_t *out = json_object();
    put_int(out, "webhook", number);
    api_give_secret(call, out, "secret", secret);
    return true;
}

static bool done(struct api *call, int64_t number, const char *state)
{
    json_t *out = json_object();

    put_int(out, "webhook", number);
    put(out, "state", state);
    api_give(call, 201, out);
    return true;
}

static bool turn(struct api *call, bool on, struct fault *why)
{
    int32_t number;

    return api_number(call, 0, &number, why) && webhook_switch(call->book, number, on, why) &&
           done(call, number, on ? "active" : "off");
}

static bool post_on(struct api *call, struct fault *why)
{
    return turn(call, true, why);
}

static bool post_off(struct api *call, struct fault *why)
{
    return turn(call, false, why);
}

static bool post_end(struct api *call, struct fault *why)
{
    int32_t number;

    return api_number(call, 0, &number, why) && webhook_drop(call->book, number, why) &&
           done(call, number, "removed");
}

/* Nothing of the book is in it, and nothing is kept of it. */
static bool ask_test(struct api *call, struct fault *why)
{
    struct webhook_ping ping = { .now = call->view->now,
                                 .ca_file = call->site->settings->webhook_ca_file.value };
    struct webhook_trial made;
    int32_t number;

    if (!api_number(call, 0, &number, why))
        return false;
    ping.number = number;
    if (!webhook_try(call->view->store, call->arena, &ping, &made, why))
        return false;
    json_t *out = json_object();
    put_int(out, "webhook", number);
    put_true(out, "taken", made.taken);
    api_put_number(out, "status", made.status);
    put_int(out, "took_ms", made.took_ms);
    api_put_or_null(out, "why", made.why);
    api_give(call, 200, out);
    return true;
}

static bool post_replay(struct api *call, struct fault *why)
{
    if (!webhook_replay(call->book, call->holes[0], why))
        return false;
    json_t *out = json_object();
    put(out, "delivery", call->holes[0]);
    api_give(call, 201, out);
    return true;
}

#define OF_WEBHOOK "/api/v1/webhooks/{}"

const struct route routes_api_hook[] = {
    API_GIVES("/api/v1/webhooks", MAY_ADMIN, "listWebhooks", "Who is told what happens", NULL,
              webhooks_reply, get_webhooks, NULL),
    API_TAKES("/api/v1/webhooks", MAY_ADMIN, "addWebhook",
              "Somebody is told from now on; the secret is given once", webhook_body, made_reply,
              post_webhook, NULL),
    API_TAKES(OF_WEBHOOK "/on", MAY_ADMIN, "switchWebhookOn", "What waited follows", api_nothing,
              done_reply, post_on, "webhook"),
    API_TAKES(OF_WEBHOOK "/off", MAY_ADMIN, "switchWebhookOff", "It is told nothing", api_nothing,
              done_reply, post_off, "webhook"),
    API_TAKES(OF_WEBHOOK "/end", MAY_ADMIN, "endWebhook", "It is gone", api_nothing, done_reply,
              post_end, "webhook"),
    API_ASKS(OF_WEBHOOK "/test", MAY_ADMIN, "testWebhook",
             "Sends it a message of the type ping, signed, and says what came back", api_nothing,
             test_reply, ask_test, "webhook"),
    API_GIVES("/api/v1/webhook-deliveries", MAY_ADMIN, "listDeliveries", "What was last sent",
              NULL, deliveries_reply, get_deliveries, NULL),
    API_TAKES("/api/v1/webhook-deliveries/{}/replay", MAY_ADMIN, "replayDelivery",
              "It is sent again, with the same id", api_nothing, replay_reply, post_replay,
              "delivery"),
    { 0 },
};

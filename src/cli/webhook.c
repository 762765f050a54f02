/* webhook: programs elsewhere that are told what happened. */
#include "base/text.h"
#include "cli/commands.h"
#include "cli/people.h"
#include "flow/webhook_send.h"

#define WEBHOOK_SECTION "People and access"

enum { DELIVERIES_SHOWN = 50 };

static const struct option by_options[] = {
    { OPTION_TEXT, "by", "EMAIL", "who does it", "Who does it", false, 0, NULL },
    { .kind = OPTION_END },
};

/* ---- add ----------------------------------------------------------------------------------- */

enum { ADD_EVENTS, ADD_RECORDS, ADD_BY };

static const struct option add_options[] = {
    [ADD_EVENTS] = { OPTION_TEXT, "events", "NAMES",
                     "kinds of records, with commas between, or * for all of accounts (*)",
                     "What is told", false, 0, NULL },
    [ADD_RECORDS] = { OPTION_FLAG, "records", NULL,
                      "send the whole record, with what is personal in it", NULL, false, 0, NULL },
    [ADD_BY] = { OPTION_TEXT, "by", "EMAIL", "who does it", "Who does it", false, 0, NULL },
    { .kind = OPTION_END },
};

static bool add(struct people *w, struct fault *why)
{
    struct call *call = w->call;
    struct webhook_input in = { .url = call->targets[0],
                                .events = call->given[ADD_EVENTS].is ? call_text(call, ADD_EVENTS)
                                                                     : "*",
                                .records = call->given[ADD_RECORDS].is,
                                .staff = w->by.number };
    char secret[WEBHOOK_SECRET_TEXT];
    struct receipt r;
    int64_t number;

    if (!webhook_add(&w->book, &in, &number, secret, why))
        return false;
    receipt_begin(&r, call, "webhook add");
    receipt_line(&r, "%s webhook %lld: %s is told of %s.", people_verb(w, "Added", "Would add"),
                 (long long)number, in.url, text_equal(in.events, "*") ? "all of accounts"
                                                                       : in.events);
    receipt_count(&r, "webhook", number);
    receipt_field(&r, "url", in.url);
    receipt_field(&r, "events", in.events);
    people_hand_over(w, &r, "secret", "The secret, shown only now",
                     arena_copy(call->arena, secret));
    receipt_undo(&r, arena_print(call->arena, "recoup webhook remove %lld", (long long)number));
    receipt_end(&r);
    return true;
}

static bool run_webhook_add(struct call *call, struct fault *why)
{
    struct people w;

    return people_begin(&w, call, call_text(call, ADD_BY), why) &&
           people_end(&w, add(&w, why), why);
}

const struct command command_webhook_add = {
    .name = "webhook add",
    .section = WEBHOOK_SECTION,
    .summary = "Tell a program elsewhere what happens; its secret is shown once.",
    .examples = { "recoup webhook add https://books.example/recoup --events payment,dispute",
                  "recoup webhook add https://crm.example/hook -o secret.txt" },
    .target = "URL",
    .targets_least = 1,
    .targets_most = 1,
    .options = add_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "Only https, and only to public addresses, unless the setting webhook_private is yes.\n"
             "recoup serve sends by itself; docs/api.md says what is sent and how it is signed.",
    .run = run_webhook_add,
};

/* ---- list ---------------------------------------------------------------------------------- */

static const char *moment(struct call *call, struct instant at, const struct zone *zone)
{
    char text[INSTANT_TEXT];

    if (at.us == 0)
        return NULL;
    return call->format == FORMAT_PEOPLE ? show_instant(call->arena, at, zone)
                                         : arena_copy(call->arena, instant_print(at, text));
}

static void webhooks_show(struct call *call, struct sheet *sheet, const struct zone *zone,
                          const struct webhook *all, size_t count)
{
    static const struct table_column columns[] = {
        { "webhook", "No.", CELL_COUNT },     { "url", "Address", CELL_TEXT },
        { "events", "Events", CELL_TEXT },    { "state", "State", CELL_TEXT },
        { "since", "Since", CELL_TEXT },      { "fault", "Why", CELL_TEXT },
    };
    struct table *t = sheet_table(sheet, "webhooks", "None yet:  recoup webhook add",
                                  COUNT(columns), columns);

    for (size_t i = 0; i < count; i++) {
        table_count(t, all[i].number);
        table_text(t, all[i].url);
        table_text(t, all[i].events);
        table_text(t, all[i].state);
        table_text(t, moment(call, all[i].state_at, zone));
        table_text(t, all[i].fault);
    }
}

static void deliveries_show(struct call *call, struct sheet *sheet, const struct zone *zone,
                            const struct webhook_delivery *all, size_t count)
{
    static const struct table_column columns[] = {
        { "delivery", "Delivery", CELL_TEXT }, { "event", "Event", CELL_TEXT },
        { "kind", "Kind", CELL_TEXT },         { "state", "State", CELL_TEXT },
        { "attempts", "Tries", CELL_COUNT },   { "status", "Answer", CELL_COUNT },
        { "took_ms", "ms", CELL_COUNT },       { "next_at", "Next", CELL_TEXT },
        { "answer", "Why", CELL_TEXT },
    };
    struct table *t = sheet_table(sheet, "deliveries", "Nothing was sent yet.", COUNT(columns),
                                  columns);

    for (size_t i = 0; i < count; i++) {
        const struct webhook_delivery *d = &all[i];
        table_text(t, d->id);
        table_text(t, d->event);
        table_text(t, d->kind);
        table_text(t, d->state);
        table_count(t, d->attempt);
        table_count(t, d->status);
        table_count(t, d->took_ms);
        table_text(t, text_equal(d->state, "waiting") ? moment(call, d->next_at, zone) : NULL);
        table_text(t, d->answer);
    }
}

static bool run_webhook_list(struct call *call, struct fault *why)
{
    struct sheet sheet = { .heading = "Webhooks, and what was last sent" };
    struct store *s = store_open(call->settings.db.value, STORE_READ, why);
    struct webhook_delivery *deliveries;
    const struct zone *zone;
    struct webhook *webhooks;
    size_t count, sent;
    bool done = s != NULL && call_zone(call, &zone, why) &&
                webhook_list(s, call->arena, &webhooks, &count, why) &&
                webhook_deliveries(s, call->arena, DELIVERIES_SHOWN, &deliveries, &sent, why);

    store_close(s);
    if (done) {
        webhooks_show(call, &sheet, zone, webhooks, count);
        deliveries_show(call, &sheet, zone, deliveries, sent);
        call_print_sheet(call, &sheet);
    }
    sheet_free(&sheet);
    return done;
}

const struct command command_webhook_list = {
    .name = "webhook list",
    .section = WEBHOOK_SECTION,
    .summary = "List who is told what happens, and the last 50 deliveries.",
    .examples = { "recoup webhook list", "recoup webhook list --json" },
    .traits = ANSWERS_JSON | ANSWERS_ROWS | IS_DEFAULT,
    .run = run_webhook_list,
};

/* ---- remove, on, off, replay --------------------------------------------------------------- */

static bool number_of(struct call *call, int64_t *number, struct fault *why)
{
    return text_to_int(call->targets[0], number) ||
           fail(why, BAD_USAGE, "A webhook is named by its number (recoup webhook list).");
}

static void tell(struct people *w, const char *name, const char *words, const char *subject)
{
    struct receipt r;

    receipt_begin(&r, w->call, name);
    receipt_line(&r, "%s %s.", words, subject);
    receipt_field(&r, "subject", subject);
    receipt_end(&r);
}

static bool remove_one(struct people *w, struct fault *why)
{
    int64_t number;

    if (!number_of(w->call, &number, why) || !webhook_drop(&w->book, number, why))
        return false;
    tell(w, "webhook remove", people_verb(w, "Removed webhook", "Would remove webhook"),
         w->call->targets[0]);
    return true;
}

static bool run_webhook_remove(struct call *call, struct fault *why)
{
    struct people w;

    return people_begin(&w, call, call_text(call, 0), why) &&
           people_end(&w, remove_one(&w, why), why);
}

static bool turn(struct people *w, bool on, struct fault *why)
{
    int64_t number;

    if (!number_of(w->call, &number, why) || !webhook_switch(&w->book, number, on, why))
        return false;
    tell(w, on ? "webhook on" : "webhook off",
         on ? people_verb(w, "Switched on webhook", "Would switch on webhook")
            : people_verb(w, "Switched off webhook", "Would switch off webhook"),
         w->call->targets[0]);
    return true;
}

static bool run_webhook_on(struct call *call, struct fault *why)
{
    struct people w;

    return people_begin(&w, call, call_text(call, 0), why) &&
           people_end(&w, turn(&w, true, why), why);
}

static bool run_webhook_off(struct call *call, struct fault *why)
{
    struct people w;

    return people_begin(&w, call, call_text(call, 0), why) &&
           people_end(&w, turn(&w, false, why), why);
}

static bool replay(struct people *w, struct fault *why)
{
    if (!webhook_replay(&w->book, w->call->targets[0], why))
        return false;
    tell(w, "webhook replay", people_verb(w, "To be sent again:", "Would send again:"),
         w->call->targets[0]);
    return true;
}

static bool run_webhook_replay(struct call *call, struct fault *why)
{
    struct people w;

    return people_begin(&w, call, call_text(call, 0), why) &&
           people_end(&w, replay(&w, why), why);
}

const struct command command_webhook_remove = {
    .name = "webhook remove",
    .section = WEBHOOK_SECTION,
    .summary = "Tell it nothing more, and forget what was on its way.",
    .examples = { "recoup webhook remove 2",
                  "recoup webhook remove 2 --by ada@fairhaven.example" },
    .target = "NUMBER",
    .targets_least = 1,
    .targets_most = 1,
    .options = by_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .run = run_webhook_remove,
};

const struct command command_webhook_on = {
    .name = "webhook on",
    .section = WEBHOOK_SECTION,
    .summary = "Send again to one that was off or failing; what waited follows.",
    .examples = { "recoup webhook on 2", "recoup webhook on 2 --by ada@fairhaven.example" },
    .target = "NUMBER",
    .targets_least = 1,
    .targets_most = 1,
    .options = by_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .run = run_webhook_on,
};

const struct command command_webhook_off = {
    .name = "webhook off",
    .section = WEBHOOK_SECTION,
    .summary = "Send nothing for now; what happens meanwhile is told later.",
    .examples = { "recoup webhook off 2", "recoup webhook off 2 --by ada@fairhaven.example" },
    .target = "NUMBER",
    .targets_least = 1,
    .targets_most = 1,
    .options = by_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .run = run_webhook_off,
};

const struct command command_webhook_replay = {
    .name = "webhook replay",
    .section = WEBHOOK_SECTION,
    .summary = "Send one delivery once more, with the same id.",
    .examples = { "recoup webhook replay 12.1.345",
                  "recoup webhook replay 12.1.345 --by ada@fairhaven.example" },
    .target = "DELIVERY",
    .targets_least = 1,
    .targets_most = 1,
    .options = by_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .run = run_webhook_replay,
};

/* ---- send ---------------------------------------------------------------------------------- */

static bool send_all(struct call *call, struct webhook_sender *sender, struct webhook_round *sum,
                     struct fault *why)
{
    struct webhook_round one = { .more = true };
    struct instant now;

    while (one.more) {
        if (!call_now(call, &now, why) || !webhook_sender_round(sender, now, &one, why))
            return false;
        sum->drawn += one.drawn;
        sum->sent += one.sent;
        sum->refused += one.refused;
        sum->given_up += one.given_up;
    }
    return true;
}

static bool run_webhook_send(struct call *call, struct fault *why)
{
    struct webhook_round sum = { 0 };
    struct webhook_sender *sender = webhook_sender_open(
        call->settings.db.value, call->settings.webhook_ca_file.value, NULL, why);
    bool done = sender != NULL && send_all(call, sender, &sum, why);
    struct receipt r;

    webhook_sender_close(sender);
    if (!done)
        return false;
    receipt_begin(&r, call, "webhook send");
    receipt_line(&r, "%lld new, %lld taken, %lld not taken: they are tried again.",
                 (long long)sum.drawn, (long long)sum.sent, (long long)sum.refused);
    if (sum.given_up > 0)
        receipt_line(&r, "Given up after the last attempt: recoup webhook list");
    receipt_count(&r, "new", sum.drawn);
    receipt_count(&r, "sent", sum.sent);
    receipt_count(&r, "refused", sum.refused);
    receipt_count(&r, "given_up", sum.given_up);
    receipt_end(&r);
    return true;
}

const struct command command_webhook_send = {
    .name = "webhook send",
    .section = WEBHOOK_SECTION,
    .summary = "Send what is due, once; recoup serve does it by itself.",
    .examples = { "recoup webhook send", "recoup webhook send --json" },
    .traits = ANSWERS_JSON,
    .run = run_webhook_send,
};

/* outbox: what was decided to be said, and what a person must settle. */
#include "flow/outbox.h"

#include "base/text.h"
#include "cli/commands.h"
#include "cli/receipt.h"

enum { LIST_STATE, LIST_CHANNEL };

static const struct option list_options[] = {
    [LIST_STATE] = { OPTION_TEXT, "state", "NAME",
                     "ready, sending, sent, delivered, bounced, refused, expired, failed, "
                     "unsure",
                     "Which messages", false, 0, NULL },
    [LIST_CHANNEL] = { OPTION_CHANNEL, "channel", "NAME", "only this channel", NULL, false, 0,
                       NULL },
    { .kind = OPTION_END },
};

static bool run_outbox_list(struct call *call, struct fault *why)
{
    const struct given *channel = &call->given[LIST_CHANNEL];
    struct outbox_request request = { .url = call->settings.db.value,
                                      .state = call_text(call, LIST_STATE),
                                      .channel =
                                          channel->is ? channel_name(channel->channel) : NULL,
                                      .limit = call->limit,
                                      .format = call->format,
                                      .terminal = call->colour };
    struct rows rows;
    bool done = outbox_print(&request, rows_begin(call, &rows), why);

    rows_end(call, &rows);
    return done;
}

const struct command command_outbox_list = {
    .name = "outbox list",
    .section = "Looking",
    .summary = "List messages: to whom, why, and whether they went out.",
    .examples = { "recoup outbox list --state ready",
                  "recoup outbox list --channel email --json" },
    .options = list_options,
    .traits = ANSWERS_JSON | ANSWERS_ROWS | IS_DEFAULT,
    .run = run_outbox_list,
};

enum { SETTLE_SENT, SETTLE_RESEND };

static const struct option settle_options[] = {
    [SETTLE_SENT] = { OPTION_FLAG, "sent", NULL,
                      "it went out: it is in the log of the provider", "What is known of it",
                      false, 0, NULL },
    [SETTLE_RESEND] = { OPTION_FLAG, "resend", NULL, "it did not: send it again", NULL, false,
                        0, NULL },
    { .kind = OPTION_END },
};

static bool run_outbox_settle(struct call *call, struct fault *why)
{
    bool sent = call->given[SETTLE_SENT].is;
    struct instant now;
    struct receipt r;

    if (sent == call->given[SETTLE_RESEND].is) {
        fail(why, BAD_USAGE, "Either --sent or --resend is needed.");
        return fault_hint(why, "recoup outbox settle %s --sent", call->targets[0]);
    }
    if (!call_now(call, &now, why) ||
        !outbox_settle(call->settings.db.value, now, call->targets[0], sent, why))
        return false;
    receipt_begin(&r, call, "outbox settle");
    receipt_line(&r, "Message %s is %s.", call->targets[0],
                 sent ? "settled as sent" : "ready again; the next worker sends it");
    receipt_field(&r, "message", call->targets[0]);
    receipt_field(&r, "state", sent ? "sent" : "ready");
    receipt_end(&r);
    return true;
}

const struct command command_outbox_settle = {
    .name = "outbox settle",
    .section = "Acting on accounts",
    .summary = "Say whether a message went out of which nobody knows it.",
    .examples = { "recoup outbox settle 17.42.3 --sent",
                  "recoup outbox settle 17.42.3 --resend" },
    .target = "MESSAGE",
    .targets_least = 1,
    .targets_most = 1,
    .options = settle_options,
    .traits = ANSWERS_JSON | ACTS,
    .notes =
        "A message sent twice is worse than one that waits: look at the provider's log first.",
    .run = run_outbox_settle,
};

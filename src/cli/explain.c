/* explain: what would happen next, and why. */
#include "flow/explain.h"

#include "cli/call.h"
#include "cli/commands.h"

enum { EXPLAIN_CHANNEL, EXPLAIN_AT, EXPLAIN_CHECK };

static const struct option explain_options[] = {
    [EXPLAIN_CHANNEL] = { OPTION_CHANNEL, "channel", "NAME",
                          "ask about this channel (the one that comes next)", "What is asked",
                          false, 0, NULL },
    [EXPLAIN_AT] = { OPTION_INSTANT, "at", "TIME",
                     "the moment of the contact, by what is known now (now)", NULL, false, 0,
                     NULL },
    [EXPLAIN_CHECK] = { OPTION_FLAG, "check", NULL, "exit code 6 when the answer is no", NULL,
                        false, 0, NULL },
    { .kind = OPTION_END },
};

static bool run_explain(struct call *call, struct fault *why)
{
    struct explain_request request = {
        .url = call->settings.db.value,
        .target = call->targets[0],
        .channel_known = call->given[EXPLAIN_CHANNEL].is,
        .channel = call->given[EXPLAIN_CHANNEL].channel,
        .json = call->format == FORMAT_JSON,
        .colour = call->colour,
    };
    bool allowed = false;

    if (!call_now(call, &request.now, why) ||
        !call_instant(call, EXPLAIN_AT, request.now, &request.at, why) ||
        !explain_print(&request, call->out, &allowed, why))
        return false;
    if (call->given[EXPLAIN_CHECK].is && !allowed)
        call->exit = EXIT_RULE_BLOCKED;
    return true;
}

const struct command command_explain = {
    .name = "explain",
    .section = "Looking",
    .summary = "Say what comes next for an account, what stops it, and what would allow it.",
    .examples = { "recoup explain FH-20418 --channel sms --at 2026-11-21T20:00:00-06:00",
                  "recoup explain FH-20418 --now 2026-11-20T08:00:00-06:00 --check" },
    .target = "TARGET",
    .targets_least = 1,
    .targets_most = 1,
    .options = explain_options,
    .traits = ANSWERS_JSON,
    .notes =
        "TARGET is an account, one of its debts, or a decision such as D-17.42. Reads only.",
    .run = run_explain,
};

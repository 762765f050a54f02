/* explain: what would happen next, and why. */
#include "flow/explain.h"

#include "base/text.h"
#include "cli/call.h"
#include "cli/commands.h"
#include "flow/balance_show.h"

enum { EXPLAIN_CHANNEL, EXPLAIN_ACTION, EXPLAIN_AT, EXPLAIN_KNOWN, EXPLAIN_CHECK };

static const struct option explain_options[] = {
    [EXPLAIN_CHANNEL] = { OPTION_CHANNEL, "channel", "NAME",
                          "ask about this channel (the one that comes next)", "What is asked",
                          false, 0, NULL },
    [EXPLAIN_ACTION] = { OPTION_TEXT, "action", "NAME",
                         "balance: what is owed, and every line that led there", NULL, false, 0,
                         NULL },
    [EXPLAIN_AT] = { OPTION_INSTANT, "at", "TIME",
                     "the moment of the contact, by what is known now; of a balance the day "
                     "(now)",
                     NULL, false, 0, NULL },
    [EXPLAIN_KNOWN] = { OPTION_INSTANT, "known", "TIME",
                        "a balance as it was known at this moment (now)", NULL, false, 0,
                        NULL },
    [EXPLAIN_CHECK] = { OPTION_FLAG, "check", NULL, "exit code 6 when the answer is no", NULL,
                        false, 0, NULL },
    { .kind = OPTION_END },
};

static bool explain_balance(struct call *call, struct fault *why)
{
    struct balance_show_request request = { .reference = call->targets[0], .since = DAY_NONE };
    struct sheet sheet = { 0 };
    struct instant now, at;
    const struct zone *zone;

    if (!text_equal(call_text(call, EXPLAIN_ACTION), "balance"))
        return fail(why, BAD_USAGE, "--action takes balance, and \"%s\" is none.",
                    call_text(call, EXPLAIN_ACTION));
    if (!call_now(call, &now, why) || !call_zone(call, &zone, why) ||
        !call_instant(call, EXPLAIN_AT, now, &at, why) ||
        !call_instant(call, EXPLAIN_KNOWN, INSTANT_NEVER, &request.known, why))
        return false;
    request.day = wall_at(at, zone).day;
    struct store *s = store_open(call->settings.db.value, STORE_READ, why);
    if (s == NULL)
        return false;
    bool done = balance_show(s, &request, &sheet, why);
    store_close(s);
    if (done)
        call_print_sheet(call, &sheet);
    sheet_free(&sheet);
    return done;
}

static bool run_explain(struct call *call, struct fault *why)
{
    if (call->given[EXPLAIN_ACTION].is)
        return explain_balance(call, why);
    if (call->format == FORMAT_CSV) {
        fail(why, BAD_USAGE, "Only a balance is explained in rows.");
        return fault_hint(why, "add --action balance, or leave --csv out");
    }
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
    .traits = ANSWERS_JSON | ANSWERS_ROWS,
    .notes =
        "TARGET is an account, one of its debts, or a decision such as D-17.42. Reads only.\n"
        "A balance: recoup explain FH-20418 --action balance --at 2026-10-31",
    .run = run_explain,
};

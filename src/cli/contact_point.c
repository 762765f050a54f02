/* contact point: an address more, and one that does not lead to them any more. */
#include "base/text.h"
#include "cli/commands.h"
#include "cli/writing.h"
#include "flow/point.h"

enum { POINT_CHANNEL, POINT_ADDRESS, POINT_BAD, POINT_REASON, POINT_SINCE };

static const struct option point_options[] = {
    [POINT_CHANNEL] = { OPTION_CHANNEL, "channel", "NAME", "email, sms or call, letter",
                        "Which address", true, 0, NULL },
    [POINT_ADDRESS] = { OPTION_TEXT, "address", "TEXT", "the mailbox, the number or the lines",
                        NULL, true, 0, NULL },
    [POINT_BAD] = { OPTION_FLAG, "bad", NULL, "it does not lead to them any more (it does)",
                    "What is known of it", false, 0, NULL },
    [POINT_REASON] = { OPTION_TEXT, "reason", "TEXT", "why, in a few words", NULL, false, 0,
                       NULL },
    [POINT_SINCE] = { OPTION_INSTANT, "since", "TIME", "when that was seen (now)", NULL, false, 0,
                      NULL },
    { .kind = OPTION_END },
};

static bool mark(struct writing *w, int32_t number, enum change *change, struct fault *why)
{
    const struct call *call = w->call;
    struct point_mark in = { .number = number,
                             .good = !call->given[POINT_BAD].is,
                             .reason = call_text(call, POINT_REASON) };

    return call_instant(call, POINT_SINCE, in.since, &in.since, why) &&
           point_mark(&w->book, w->account.key, &in, change, why);
}

static bool note_point(struct writing *w, struct fault *why)
{
    const struct call *call = w->call;
    enum channel channel = call->given[POINT_CHANNEL].channel;
    bool bad = call->given[POINT_BAD].is;
    enum change change = CHANGE_NONE;
    const char *address;
    struct receipt r;
    int32_t number;

    if (!point_typed(&w->book, w->account.key, channel, call_text(call, POINT_ADDRESS), &address,
                     why) ||
        !point_find(&w->book, w->account.key, channel, address, &number, why))
        return false;
    if (number == 0 && bad)
        return fail(why, NOT_FOUND, "%s has no such address on file.", w->account.reference);
    if (number == 0 ? !point_add(&w->book, w->account.key, channel, address, "command line",
                                 &number, &change, why)
                    : !mark(w, number, &change, why))
        return false;
    receipt_begin(&r, w->call, "contact point");
    receipt_account(&r, w);
    if (change == CHANGE_NONE)
        receipt_already(&r, w, bad ? "marked bad" : "on file");
    else
        receipt_line(&r, "%s for %s (%s): %s %s.", writing_verb(w, "Noted", "Would note"),
                     w->account.reference, w->account.name, channel_name(channel),
                     bad                       ? "does not lead to them any more"
                     : change == CHANGE_ADDED ? "has one more address"
                                               : "leads to them again");
    receipt_count(&r, "point", number);
    receipt_field(&r, "channel", channel_name(channel));
    receipt_field(&r, "state", bad ? "bad" : "good");
    receipt_end(&r);
    return true;
}

static bool run_point(struct call *call, struct fault *why)
{
    struct writing w;

    return writing_begin(&w, call, why) && writing_end(&w, note_point(&w, why), why);
}

const struct command command_contact_point = {
    .name = "contact point",
    .section = "Acting on accounts",
    .summary = "Note an address, or that one does not lead to them any more.",
    .examples = { "recoup contact point FH-20418 --channel email --address maya@example.org",
                  "recoup contact point FH-20418 --channel sms --address +16085550132 --bad "
                  "--reason \"another person answers\"" },
    .target = "ACCOUNT",
    .targets_least = 1,
    .targets_most = 1,
    .options = point_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "A bad address stays on file, and nothing is sent there. Undo: the same without "
             "--bad.",
    .run = run_point,
};

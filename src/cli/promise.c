/* promise: money that was promised. */
#include "base/text.h"
#include "cli/commands.h"
#include "cli/writing.h"

enum { PROMISE_AMOUNT, PROMISE_BY, PROMISE_VIA, PROMISE_NOTE };

static const struct option promise_options[] = {
    [PROMISE_AMOUNT] = { OPTION_MONEY, "amount", "MONEY", "how much", "What they said", true, 0,
                         NULL },
    [PROMISE_BY] = { OPTION_DAY, "by", "DAY", "the day it is promised for", NULL, true, 0,
                     NULL },
    [PROMISE_VIA] = { OPTION_TEXT, "via", "CHANNEL", "phone, email, portal, text, …", NULL, false,
                      0, NULL },
    [PROMISE_NOTE] = { OPTION_TEXT, "note", "TEXT", "what else they said", NULL, false, 0, NULL },
    { .kind = OPTION_END },
};

static void print_promise(struct writing *w, struct money money, struct day due,
                          int32_t number, enum change change)
{
    struct arena *a = w->call->arena;
    const char *what =
        arena_print(a, "promise of %s by %s", show_money(a, money), show_day(a, due));
    struct receipt r;

    receipt_begin(&r, w->call, "promise");
    receipt_account(&r, w);
    if (change == CHANGE_NONE)
        receipt_already(&r, w, what);
    else
        receipt_line(&r, "%s: %s by %s, from %s (%s). Reminders wait for it.",
                     writing_verb(w, "Promise noted", "Would note a promise"),
                     show_money(a, money), show_day(a, due), w->account.reference,
                     w->account.name);
    receipt_money(&r, "amount", money);
    receipt_day(&r, "by", due);
    receipt_count(&r, "promise", number);
    if (change != CHANGE_NONE)
        receipt_undo(&r, arena_print(a, "recoup promise cancel %s --promise %d", w->account.reference,
                                     (int)number));
    receipt_end(&r);
}

/* With --key the same promise twice is one. */
static bool put_promise(struct writing *w, struct money money, struct day due,
                        int32_t *number, enum change *change, struct fault *why)
{
    const struct given *key = &w->call->global[GLOBAL_KEY];
    const struct promise_input in = { .minor = money.minor,
                                      .currency = money.currency,
                                      .due = due,
                                      .channel = call_text(w->call, PROMISE_VIA),
                                      .note = call_text(w->call, PROMISE_NOTE) };

    if (key->is && text_is_empty(key->text))
        return fail(why, BAD_USAGE, "--key cannot be empty.");
    return book_promise_once(&w->book, w->account.key, key->is ? key->text : NULL, &in, number,
                             change, why);
}

static bool note_promise(struct writing *w, struct fault *why)
{
    enum currency usual;
    enum change change;
    struct money money;
    struct day due;
    int32_t number;

    if (!account_currency(&w->book, &w->account, 0, &usual, why) ||
        !call_money(w->call, PROMISE_AMOUNT, usual, &money, why) ||
        !call_day(w->call, PROMISE_BY, w->today, &due, why) ||
        !put_promise(w, money, due, &number, &change, why))
        return false;
    /* Asked last: one that was noted in time may be said again after its day. */
    if (change == CHANGE_ADDED && due.number < w->today.number)
        return fail(why, BAD_USAGE, "--by %s is past already.", show_day(w->call->arena, due));
    print_promise(w, money, due, number, change);
    return true;
}

static bool run_promise(struct call *call, struct fault *why)
{
    struct writing w;

    return writing_begin(&w, call, why) && writing_end(&w, note_promise(&w, why), why);
}

const struct command command_promise = {
    .name = "promise",
    .section = "Acting on accounts",
    .summary = "Note what somebody said they would pay, and by when.",
    .examples = { "recoup promise FH-20611 --amount 80 --by fri",
                  "recoup promise FH-20611 --amount \"USD 80.00\" --by 2026-11-20 --json" },
    .target = "ACCOUNT",
    .targets_least = 1,
    .targets_most = 1,
    .options = promise_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "The daily cycle settles it as kept, partly kept or broken.\n"
             "Safe to say again with the same --key. What was promised: recoup promise list",
    .run = run_promise,
};

/* ---- promise cancel -------------------------------------------------------------------------- */

enum { CANCEL_PROMISE, CANCEL_REASON };

static const struct option cancel_options[] = {
    [CANCEL_PROMISE] = { OPTION_INT, "promise", "N", "its number (promise list --json)",
                         "Which promise", true, 0, NULL },
    [CANCEL_REASON] = { OPTION_TEXT, "reason", "TEXT", "why, in a few words", NULL, false, 0,
                        NULL },
    { .kind = OPTION_END },
};

static bool cancel_promise(struct writing *w, struct fault *why)
{
    int32_t number = (int32_t)call_int(w->call, CANCEL_PROMISE, 0);
    enum change change;
    struct receipt r;

    if (!book_promise_end(&w->book, w->account.key, number, PROMISE_WITHDRAWN,
                          call_text(w->call, CANCEL_REASON), &change, why))
        return false;
    receipt_begin(&r, w->call, "promise cancel");
    receipt_account(&r, w);
    receipt_count(&r, "promise", number);
    receipt_field(&r, "cancelled", change == CHANGE_NONE ? "no" : "yes");
    if (change == CHANGE_NONE)
        receipt_line(&r, "Nothing to do: no promise %d of %s is open.", (int)number,
                     w->account.reference);
    else
        receipt_line(&r, "%s promise %d of %s (%s). The next cycle looks at it again.",
                     writing_verb(w, "Withdrew", "Would withdraw"), (int)number,
                     w->account.reference, w->account.name);
    receipt_end(&r);
    return true;
}

static bool run_promise_cancel(struct call *call, struct fault *why)
{
    struct writing w;

    return writing_begin(&w, call, why) && writing_end(&w, cancel_promise(&w, why), why);
}

const struct command command_promise_cancel = {
    .name = "promise cancel",
    .section = "Acting on accounts",
    .summary = "Withdraw a promise that is not waited for any more.",
    .examples = { "recoup promise cancel FH-20611 --promise 12 --reason \"said in error\"",
                  "recoup promise cancel FH-20611 --promise 12 --json" },
    .target = "ACCOUNT",
    .targets_least = 1,
    .targets_most = 1,
    .options = cancel_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "Payments of a plan: recoup plan skip, move or cancel. Undo: recoup promise",
    .run = run_promise_cancel,
};

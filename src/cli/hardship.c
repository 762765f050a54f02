/* hardship: who cannot pay for now, what was decided, and when to look again. */
#include "flow/hold.h"

#include "base/text.h"
#include "cli/commands.h"
#include "cli/listing.h"
#include "cli/writing.h"

#include <stdio.h>

/* ---- open ------------------------------------------------------------------------------- */

enum {
    OPEN_REASON,
    OPEN_SITUATION,
    OPEN_SPARE,
    OPEN_NEEDS,
    OPEN_DEBT,
    OPEN_UNTIL,
    OPEN_REVIEW,
    OPEN_FREEZE,
    OPEN_BY
};

static const struct option open_options[] = {
    [OPEN_REASON] = { OPTION_TEXT, "reason", "TEXT", "lost work, illness, …", "What happened",
                      true, 0, NULL },
    [OPEN_SITUATION] = { OPTION_TEXT, "situation", "NAME", "lost-work, illness, bereavement, …",
                         NULL, false, 0, NULL },
    [OPEN_SPARE] = { OPTION_TEXT, "spare", "TEXT", "what they can spare, such as \"USD 60 a month\"",
                     NULL, false, 0, NULL },
    [OPEN_NEEDS] = { OPTION_TEXT, "needs", "TEXT", "what helps them, such as \"large print\"", NULL,
                     false, 0, NULL },
    [OPEN_DEBT] = { OPTION_TEXT, "debt", "REF", "this debt alone (all debts)", NULL, false, 0,
                    NULL },
    [OPEN_UNTIL] = { OPTION_DAY, "until", "DAY", "the last day of the pause", "How long", true,
                     0, NULL },
    [OPEN_REVIEW] = { OPTION_DAY, "review", "DAY", "when to look at it again (the last day)",
                      NULL, false, 0, NULL },
    [OPEN_FREEZE] = { OPTION_FLAG, "freeze-interest", NULL, "no interest and fees meanwhile",
                      NULL, false, 0, NULL },
    [OPEN_BY] = { OPTION_TEXT, "by", "NAME", "who takes it down", NULL, false, 0, NULL },
    { .kind = OPTION_END },
};

static bool open_hardship(struct writing *w, struct fault *why)
{
    const struct call *call = w->call;
    struct hold hold = { .kind = "hardship",
                         .reason = call_text(call, OPEN_REASON),
                         .author = call_text(call, OPEN_BY),
                         .spare = call_text(call, OPEN_SPARE),
                         .needs = call_text(call, OPEN_NEEDS),
                         .freeze = call->given[OPEN_FREEZE].is,
                         .first = DAY_NONE };
    enum change change;
    struct receipt r;
    const char *once;
    int32_t number;

    if (!hardship_situation(call->arena, call_text(call, OPEN_SITUATION), &hold.situation, why) ||
        !writing_key(w, &once, why) ||
        !account_debt(&w->book, &w->account, call_text(call, OPEN_DEBT), &hold.debt, why) ||
        !call_day(call, OPEN_UNTIL, DAY_NEVER, &hold.last, why) ||
        !call_day(call, OPEN_REVIEW, DAY_NONE, &hold.review, why) ||
        !hold_place_once(&w->book, w->account.key, once, &hold, &number, &change, why))
        return false;
    receipt_begin(&r, w->call, "hardship open");
    receipt_account(&r, w);
    if (change == CHANGE_NONE)
        receipt_already(&r, w, arena_print(call->arena, "hardship %d", (int)number));
    else
        receipt_line(&r,
                     "%s %s %s (%s), hardship %d: %s. Nothing asks for money until %s is over.",
                     sign_of(call, SIGN_HELD), writing_verb(w, "Held:", "Would hold:"),
                     w->account.reference, w->account.name, (int)number, hold.reason,
                     show_day(call->arena, hold.last));
    receipt_count(&r, "hardship", number);
    receipt_day(&r, "last_day", hold.last);
    receipt_next(&r,
                 arena_print(call->arena,
                             "recoup hardship decide %s %d --result pause|reduce|close|decline",
                             w->account.reference, (int)number));
    receipt_undo(&r, arena_print(call->arena, "recoup hold lift %s --kind hardship",
                                 w->account.reference));
    receipt_end(&r);
    return true;
}

static bool run_open(struct call *call, struct fault *why)
{
    struct writing w;

    return writing_begin(&w, call, why) && writing_end(&w, open_hardship(&w, why), why);
}

const struct command command_hardship_open = {
    .name = "hardship open",
    .section = "Acting on accounts",
    .summary = "Note that somebody cannot pay for now; nothing asks for money meanwhile.",
    .examples = { "recoup hardship open FH-20418 --reason \"lost work\" --until +60d",
                  "recoup hardship open FH-20418 --reason illness --until +90d --review +30d "
                  "--freeze-interest" },
    .target = "ACCOUNT",
    .targets_least = 1,
    .targets_most = 1,
    .options = open_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "Undo: recoup hold lift --kind hardship. Safe to say again.",
    .run = run_open,
};

/* ---- decide ----------------------------------------------------------------------------- */

enum { DECIDE_RESULT, DECIDE_UNTIL, DECIDE_REVIEW, DECIDE_NOTE, DECIDE_BY };

static const struct option decide_options[] = {
    [DECIDE_RESULT] = { OPTION_TEXT, "result", "NAME", "pause, reduce, close or decline",
                        "What was decided", true, 0, NULL },
    [DECIDE_UNTIL] = { OPTION_DAY, "until", "DAY",
                       "of pause and reduce: the last day (as before)", NULL, false, 0, NULL },
    [DECIDE_REVIEW] = { OPTION_DAY, "review", "DAY", "when to look at it again (the last day)",
                        NULL, false, 0, NULL },
    [DECIDE_NOTE] = { OPTION_TEXT, "note", "TEXT", "why, and what was agreed", NULL, false, 0,
                      NULL },
    [DECIDE_BY] = { OPTION_TEXT, "by", "NAME", "who decided", NULL, false, 0, NULL },
    { .kind = OPTION_END },
};

static bool decision_typed(struct writing *w, struct hardship_decision *d, int32_t *number,
                           struct fault *why)
{
    static const char *const results[] = { "pause", "reduce", "close", "decline" };
    const struct call *call = w->call;
    const char *result = call_text(call, DECIDE_RESULT);
    int typed, end = 0;

    *d = (struct hardship_decision){ .note = call_text(call, DECIDE_NOTE),
                                     .author = call_text(call, DECIDE_BY) };
    if (sscanf(call->targets[1], "%9d%n", &typed, &end) != 1 || call->targets[1][end] != '\0')
        return fail(why, BAD_USAGE, "\"%s\" is no number; recoup hardship list shows them.",
                    call->targets[1]);
    *number = typed;
    for (size_t i = 0; i < COUNT(results); i++) {
        if (text_equal(results[i], result))
            d->result = results[i];
    }
    if (d->result == NULL)
        return fail(why, BAD_USAGE, "--result is pause, reduce, close or decline, not \"%s\".",
                    result);
    return call_day(call, DECIDE_UNTIL, DAY_NONE, &d->last, why) &&
           call_day(call, DECIDE_REVIEW, DAY_NONE, &d->review, why);
}

static bool decide_hardship(struct writing *w, struct fault *why)
{
    struct hardship_decision decision;
    enum change change = CHANGE_NONE;
    int32_t number = 0, now = 0;
    const char *once;
    struct receipt r;

    if (!decision_typed(w, &decision, &number, why) || !writing_key(w, &once, why) ||
        !book_key_find(&w->book, w->account.key, once, &now, why))
        return false;
    if (now == 0 &&
        (!hardship_decide(&w->book, w->account.key, number, &decision, &now, &change, why) ||
         !book_key_put(&w->book, w->account.key, once, now, why)))
        return false;
    receipt_begin(&r, w->call, "hardship decide");
    receipt_account(&r, w);
    if (change == CHANGE_NONE)
        receipt_already(&r, w, arena_print(w->call->arena, "hardship %d", (int)number));
    else
        receipt_line(&r, "%s %s for %s (%s).", writing_verb(w, "Decided:", "Would decide:"),
                     decision.result, w->account.reference, w->account.name);
    receipt_count(&r, "hardship", now);
    receipt_field(&r, "result", decision.result);
    receipt_next(&r,
                 text_equal(decision.result, "pause") || text_equal(decision.result, "reduce")
                     ? "recoup hardship list --due"
                     : "recoup run");
    receipt_end(&r);
    return true;
}

static bool run_decide(struct call *call, struct fault *why)
{
    struct writing w;

    return writing_begin(&w, call, why) && writing_end(&w, decide_hardship(&w, why), why);
}

const struct command command_hardship_decide = {
    .name = "hardship decide",
    .section = "Acting on accounts",
    .summary = "Decide a hardship, or review it: go on, ask for less, or end it.",
    .examples = { "recoup hardship decide FH-20418 12 --result pause --until +60d --review "
                  "+30d",
                  "recoup hardship decide FH-20418 12 --result close --note \"works again\"" },
    .target = "ACCOUNT NUMBER",
    .targets_least = 2,
    .targets_most = 2,
    .options = decide_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes =
        "While it is paused or reduced nothing asks for money; what was agreed to be paid\n"
        "is a promise or a plan. The arrangement has a new number after each decision.",
    .run = run_decide,
};

/* ---- list ------------------------------------------------------------------------------- */

enum { LIST_DUE };

static const struct option list_options[] = {
    [LIST_DUE] = { OPTION_FLAG, "due", NULL, "only those to be looked at by today",
                   "Which arrangements", false, 0, NULL },
    { .kind = OPTION_END },
};

static bool arrangements_rows(struct store *s, const void *filter, struct sheet *out, bool *more,
                      struct fault *why)
{
    return hardship_list(s, filter, out, more, why);
}

static bool run_list(struct call *call, struct fault *why)
{
    struct hardship_filter filter = { .due = DAY_NEVER, .limit = call->limit };
    struct day today;

    if (!call_now(call, &filter.now, why) || !call_zone(call, &filter.zone, why) ||
        !call_today(call, &today, why))
        return false;
    if (call->given[LIST_DUE].is)
        filter.due = today;
    return listing_print(call, "arrangements", arrangements_rows, &filter, why);
}

const struct command command_hardship_list = {
    .name = "hardship list",
    .section = "Acting on accounts",
    .summary = "List hardship arrangements: who, why, until when, and when to look again.",
    .examples = { "recoup hardship list --due", "recoup hardship list --json" },
    .options = list_options,
    .traits = ANSWERS_JSON | ANSWERS_ROWS | IS_DEFAULT,
    .notes = "\"recoup hardship\" alone is the same.",
    .run = run_list,
};

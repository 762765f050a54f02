/* hold and hardship: what keeps a debt from being chased, and until when. */
#include "flow/hold.h"

#include "base/text.h"
#include "cli/commands.h"
#include "cli/holding.h"
#include "cli/writing.h"

#include <stdio.h>

bool hold_kind_typed(struct arena *a, const char *typed, const char **kind, struct fault *why)
{
    *kind = hold_kind(a, typed);
    if (*kind != NULL)
        return true;
    fail(why, BAD_USAGE, "There is no hold of kind \"%s\".", typed);
    if (text_equal(typed, "dispute"))
        return fault_hint(why, "recoup dispute open");
    return fault_hint(why, "%s", hold_kinds_text);
}

/* "FH-1, debt INV-7 (Maya Thompson), hardship: lost work" */
static const char *what_is_held(struct writing *w, const struct hold *hold,
                                const char *debt_reference)
{
    struct arena *a = w->call->arena;
    const char *whole = w->account.reference;

    if (debt_reference != NULL)
        whole = arena_print(a, "%s, debt %s", whole, debt_reference);
    whole = arena_print(a, "%s (%s), %s", whole, w->account.name, hold->kind);
    return hold->reason == NULL ? whole : arena_print(a, "%s: %s", whole, hold->reason);
}

static const char *end_of(struct writing *w, struct day last)
{
    if (last.number >= DAY_NEVER.number)
        return "it is lifted";
    return arena_print(w->call->arena, "%s is over", show_day(w->call->arena, last));
}

/* What stands now, whatever was typed. */
static bool load_hold(struct writing *w, int32_t number, struct day first,
                      struct standing_hold *out, struct fault *why)
{
    struct standing_hold *all;
    struct instant at = w->book.now;
    size_t count;

    if (first.number > w->today.number)
        at = day_begins(first, w->book.zone);
    if (!holds_of(&w->book, w->account.key, at, &all, &count, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (all[i].number == number)
            *out = all[i];
    }
    return true;
}

/* ---- place ------------------------------------------------------------------------------ */

enum {
    PLACE_KIND,
    PLACE_DEBT,
    PLACE_CHAPTER,
    PLACE_REASON,
    PLACE_BY,
    PLACE_FROM,
    PLACE_UNTIL,
    PLACE_FREEZE
};

static const struct option place_options[] = {
    [PLACE_KIND] = { OPTION_TEXT, "kind", "NAME",
                     "hardship, bankruptcy, deceased, breathing-space, review, …",
                     "What is held", true, 0, NULL },
    [PLACE_DEBT] = { OPTION_TEXT, "debt", "REF", "this debt alone (all debts)", NULL, false, 0,
                     NULL },
    [PLACE_CHAPTER] = { OPTION_TEXT, "chapter", "NO", "of a bankruptcy: 7, 11, 12 or 13", NULL,
                        false, 0, NULL },
    [PLACE_REASON] = { OPTION_TEXT, "reason", "TEXT", "why, in a few words", "Why and how long",
                       false, 0, NULL },
    [PLACE_BY] = { OPTION_TEXT, "by", "NAME", "who places it", NULL, false, 0, NULL },
    [PLACE_FROM] = { OPTION_DAY, "from", "DAY", "the first day (now)", NULL, false, 0, NULL },
    [PLACE_UNTIL] = { OPTION_DAY, "until", "DAY", "the last day (until it is lifted)", NULL,
                      false, 0, NULL },
    [PLACE_FREEZE] = { OPTION_FLAG, "freeze-interest", NULL,
                       "no interest and fees meanwhile; breathing space has that by law", NULL,
                       false, 0, NULL },
    { .kind = OPTION_END },
};

static bool hold_typed(struct writing *w, struct hold *hold, struct fault *why)
{
    const struct call *call = w->call;

    *hold = (struct hold){ .reason = call_text(call, PLACE_REASON),
                           .author = call_text(call, PLACE_BY),
                           .chapter = call_text(call, PLACE_CHAPTER),
                           .freeze = call->given[PLACE_FREEZE].is,
                           .review = DAY_NONE };
    if (!hold_kind_typed(call->arena, call_text(call, PLACE_KIND), &hold->kind, why) ||
        !account_debt(&w->book, &w->account, call_text(call, PLACE_DEBT), &hold->debt, why) ||
        !call_day(call, PLACE_FROM, DAY_NONE, &hold->first, why) ||
        !call_day(call, PLACE_UNTIL, DAY_NEVER, &hold->last, why))
        return false;
    if (hold->last.number < w->today.number)
        return fail(why, BAD_USAGE, "--until %s is past already.",
                    show_day(call->arena, hold->last));
    return true;
}

static void print_place(struct writing *w, const struct standing_hold *hold,
                        const char *debt_reference, enum change change)
{
    struct arena *a = w->call->arena;
    const struct hold *is = &hold->is;
    struct receipt r;

    receipt_begin(&r, w->call, "hold place");
    receipt_account(&r, w);
    if (change == CHANGE_NONE)
        receipt_already(&r, w, arena_print(a, "%s hold", is->kind));
    else
        receipt_line(&r, "%s %s %s. Nothing asks for money until %s.",
                     sign_of(w->call, SIGN_HELD), writing_verb(w, "Held:", "Would hold:"),
                     what_is_held(w, is, debt_reference), end_of(w, is->last));
    if (change != CHANGE_NONE && is->freeze)
        receipt_line(&r, "  No interest and no fees meanwhile.");
    if (hold->with != 0)
        receipt_line(&r, "  With it the rules know of the %s: fact %d.",
                     text_equal(is->kind, "deceased") ? "death" : "bankruptcy",
                     (int)hold->with);
    receipt_count(&r, "hold", hold->number);
    receipt_field(&r, "kind", is->kind);
    receipt_field(&r, "reason", is->reason);
    receipt_day(&r, "last_day", is->last);
    receipt_undo(
        &r, arena_print(a, "recoup hold lift %s --kind %s", w->account.reference, is->kind));
    receipt_end(&r);
}

static bool place_hold(struct writing *w, struct fault *why)
{
    struct standing_hold now = { 0 };
    enum change change;
    struct hold hold;
    int32_t number;
    const char *once;

    if (!hold_typed(w, &hold, why) || !writing_key(w, &once, why) ||
        !hold_place_once(&w->book, w->account.key, once, &hold, &number, &change, why) ||
        !load_hold(w, number, hold.first, &now, why))
        return false;
    print_place(w, &now, call_text(w->call, PLACE_DEBT), change);
    return true;
}

static bool run_place(struct call *call, struct fault *why)
{
    struct writing w;

    return writing_begin(&w, call, why) && writing_end(&w, place_hold(&w, why), why);
}

const struct command command_hold_place = {
    .name = "hold place",
    .section = "Acting on accounts",
    .summary = "Pause everything that asks for money.",
    .examples = { "recoup hold place FH-20418 --kind hardship --until +30d --reason \"lost "
                  "work\"",
                  "recoup hold place FH-20418 --kind breathing-space --from tomorrow" },
    .target = "ACCOUNT",
    .targets_least = 1,
    .targets_most = 1,
    .options = place_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes =
        "Undo: recoup hold lift. Kinds: hardship, complaint, bankruptcy, deceased, review,\n"
        "breathing-space, identity-theft, litigation, manual. Of bankruptcy and death the\n"
        "rules are told, too. Breathing space lasts 60 days unless --until says otherwise.",
    .run = run_place,
};

/* ---- lift ------------------------------------------------------------------------------- */

enum { LIFT_KIND, LIFT_DEBT, LIFT_REASON, LIFT_BY };

static const struct option lift_options[] = {
    [LIFT_KIND] = { OPTION_TEXT, "kind", "NAME", "only holds of this kind", "Which holds",
                    false, 0, NULL },
    [LIFT_DEBT] = { OPTION_TEXT, "debt", "REF", "only holds on this debt", NULL, false, 0,
                    NULL },
    [LIFT_REASON] = { OPTION_TEXT, "reason", "TEXT", "why, in a few words", "Why", false, 0,
                      NULL },
    [LIFT_BY] = { OPTION_TEXT, "by", "NAME", "who lifts it", NULL, false, 0, NULL },
    { .kind = OPTION_END },
};

static void print_lift(struct writing *w, int64_t ended)
{
    struct receipt r;

    receipt_begin(&r, w->call, "hold lift");
    receipt_account(&r, w);
    if (ended == 0)
        receipt_line(&r, "Nothing to do: no such hold of %s is open.", w->account.reference);
    else
        receipt_line(&r, "%s %s of %s (%s). The next cycle looks at it again.",
                     writing_verb(w, "Ended", "Would end"),
                     show_many(w->call->arena, ended, "hold", "holds"), w->account.reference,
                     w->account.name);
    receipt_count(&r, "ended", ended);
    receipt_end(&r);
}

static bool lift_holds(struct writing *w, struct fault *why)
{
    const struct call *call = w->call;
    const char *typed = call_text(call, LIFT_KIND), *kind = NULL, *once;
    struct standing_hold *all;
    int64_t ended = 0;
    int32_t debt, before, last = 0;
    size_t count;

    if ((typed != NULL && !hold_kind_typed(call->arena, typed, &kind, why)) ||
        !account_debt(&w->book, &w->account, call_text(call, LIFT_DEBT), &debt, why) ||
        !writing_key(w, &once, why) ||
        !book_key_find(&w->book, w->account.key, once, &before, why) ||
        !holds_of(&w->book, w->account.key, w->book.now, &all, &count, why))
        return false;
    for (size_t i = 0; i < count && before == 0; i++) {
        if ((debt != 0 && all[i].debt != debt) ||
            (kind != NULL && !text_equal(all[i].is.kind, kind)))
            continue;
        if (!hold_end(&w->book, w->account.key, &all[i], why) ||
            !hold_lifted(&w->book, w->account.key, &all[i], call_text(call, LIFT_REASON),
                         call_text(call, LIFT_BY), why))
            return false;
        last = all[i].number;
        ended++;
    }
    if (last != 0 && !book_key_put(&w->book, w->account.key, once, last, why))
        return false;
    print_lift(w, ended);
    return true;
}

static bool run_lift(struct call *call, struct fault *why)
{
    struct writing w;

    return writing_begin(&w, call, why) && writing_end(&w, lift_holds(&w, why), why);
}

const struct command command_hold_lift = {
    .name = "hold lift",
    .section = "Acting on accounts",
    .summary = "End a pause.",
    .examples = { "recoup hold lift FH-20418 --kind hardship --reason \"works again\"",
                  "recoup hold lift FH-20418" },
    .target = "ACCOUNT",
    .targets_least = 1,
    .targets_most = 1,
    .options = lift_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "Undo: recoup hold place",
    .run = run_lift,
};

/* account note: what somebody wants known about an account, and taking it back. */
#include "flow/note.h"

#include "base/text.h"
#include "cli/commands.h"
#include "cli/writing.h"

enum { NOTE_AUTHOR, NOTE_WITHDRAW };

static const struct option note_options[] = {
    [NOTE_AUTHOR] = { OPTION_TEXT, "author", "NAME", "who writes it down", "The note", false, 0,
                      NULL },
    [NOTE_WITHDRAW] = { OPTION_INT, "withdraw", "NO", "take this note back instead", NULL,
                        false, 0, NULL },
    { .kind = OPTION_END },
};

static void print_note(struct writing *w, int32_t number, enum change change)
{
    struct receipt r;

    receipt_begin(&r, w->call, "account note");
    receipt_account(&r, w);
    receipt_count(&r, "note", number);
    if (change == CHANGE_NONE)
        receipt_already(&r, w, "The note is there already");
    else
        receipt_line(&r, "✓ %s for %s, note %d", writing_verb(w, "Noted", "Would note"),
                     w->account.reference, (int)number);
    if (change != CHANGE_NONE)
        receipt_undo(&r, arena_print(w->call->arena, "recoup account note %s --withdraw %d",
                                     w->account.reference, (int)number));
    receipt_end(&r);
}

static bool take(struct writing *w, struct fault *why)
{
    struct note_input in = { .text = w->call->target_count > 1 ? w->call->targets[1] : NULL,
                             .author = call_text(w->call, NOTE_AUTHOR) };
    enum change change;
    int32_t number;

    if (in.text == NULL) {
        fail(why, BAD_USAGE, "The note itself is missing.");
        return fault_hint(why, "recoup account note %s \"Prefers mornings.\"",
                          w->account.reference);
    }
    if (!writing_key(w, &in.once, why) ||
        !book_note_add(&w->book, w->account.key, &in, &number, &change, why))
        return false;
    print_note(w, number, change);
    return true;
}

static bool withdraw(struct writing *w, struct fault *why)
{
    int32_t number = (int32_t)w->call->given[NOTE_WITHDRAW].number;
    enum change change;
    struct receipt r;

    if (!book_note_withdraw(&w->book, w->account.key, number, &change, why))
        return false;
    receipt_begin(&r, w->call, "account note");
    receipt_account(&r, w);
    receipt_count(&r, "withdrawn", number);
    if (change == CHANGE_NONE)
        receipt_already(&r, w, "It was taken back before");
    else
        receipt_line(&r, "✓ %s note %d of %s", writing_verb(w, "Took back", "Would take back"),
                     (int)number, w->account.reference);
    receipt_end(&r);
    return true;
}

static bool run_account_note(struct call *call, struct fault *why)
{
    struct writing w;

    if (!writing_begin(&w, call, why))
        return false;
    return writing_end(&w, call->given[NOTE_WITHDRAW].is ? withdraw(&w, why) : take(&w, why),
                       why);
}

const struct command command_account_note = {
    .name = "account note",
    .section = "Acting on accounts",
    .summary = "Take a note about an account, or take one back.",
    .examples = { "recoup account note FH-20418 \"Prefers mornings, works nights.\"",
                  "recoup account note FH-20418 --withdraw 31" },
    .target = "ACCOUNT [TEXT]",
    .targets_least = 1,
    .targets_most = 2,
    .options = note_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes =
        "Write it as if the person will read it, because they may. A note that is taken back "
        "stays in the history.",
    .run = run_account_note,
};

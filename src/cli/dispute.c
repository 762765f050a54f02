/* dispute: what a debtor contests, what was handed in about it, and the answer. */
#include "flow/dispute.h"

#include "base/text.h"
#include "cli/commands.h"
#include "cli/writing.h"

#include <stdio.h>
#include <string.h>

enum { PAPER_MOST = 25 * 1024 * 1024 };

/* "A-2, debt INV-2 (Ken Wolf)" */
static const char *whose(struct writing *w, int32_t debt, const char **reference,
                         struct fault *why)
{
    struct arena *a = w->call->arena;

    *reference = NULL;
    if (debt != 0 && !account_debt_reference(&w->book, &w->account, debt, reference, why))
        return NULL;
    return *reference == NULL ? arena_print(a, "%s (%s)", w->account.reference, w->account.name)
                              : arena_print(a, "%s, debt %s (%s)", w->account.reference,
                                            *reference, w->account.name);
}

/* "12" after the account; without it, the one that is open. */
static bool number_typed(struct writing *w, int32_t *number, struct fault *why)
{
    struct dispute *all;
    size_t count, open = 0;
    int typed, end = 0;

    if (w->call->target_count > 1) {
        const char *text = w->call->targets[1];
        if (sscanf(text, "%9d%n", &typed, &end) != 1 || text[end] != '\0' || typed < 1)
            return fail(why, BAD_USAGE,
                        "\"%s\" is no number of a dispute; recoup dispute list shows them.",
                        text);
        *number = typed;
        return true;
    }
    if (!disputes_of(w->book.store, w->call->arena, w->account.key, &all, &count, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (all[i].state == DISPUTE_OPEN) {
            *number = all[i].number;
            open++;
        }
    }
    if (open == 1)
        return true;
    fail(why, BAD_USAGE,
         open == 0 ? "%s has no open dispute."
                   : "%s has several open disputes: say which by its number.",
         w->account.reference);
    return fault_hint(why, "recoup dispute list --all");
}

static void receipt_dispute(struct receipt *r, struct writing *w, const struct dispute *d)
{
    receipt_account(r, w);
    receipt_count(r, "dispute", d->number);
    receipt_field(r, "state", dispute_state_name(d->state));
}

/* ---- open ------------------------------------------------------------------------------- */

enum {
    OPEN_DEBT,
    OPEN_INSTALMENT,
    OPEN_COMPONENT,
    OPEN_LINE,
    OPEN_AMOUNT,
    OPEN_REASON,
    OPEN_NOTE,
    OPEN_VIA,
    OPEN_RECEIVED,
    OPEN_ANSWER_BY,
    OPEN_BY
};

static const struct option open_options[] = {
    [OPEN_DEBT] = { OPTION_TEXT, "debt", "REF", "this debt alone (all debts)",
                    "What is disputed", false, 0, NULL },
    [OPEN_INSTALMENT] = { OPTION_INT, "instalment", "NO", "this instalment of it alone", NULL,
                          false, 0, NULL },
    [OPEN_COMPONENT] = { OPTION_TEXT, "component", "NAME",
                         "this part alone: principal, interest, fees or costs", NULL, false, 0,
                         NULL },
    [OPEN_LINE] = { OPTION_TEXT, "line", "TEXT", "this line of the invoice, with its --amount",
                    NULL, false, 0, NULL },
    [OPEN_AMOUNT] = { OPTION_MONEY, "amount", "MONEY", "so much of it (all of it)", NULL, false,
                      0, NULL },
    [OPEN_REASON] = { OPTION_TEXT, "reason", "TEXT",
                      "not-mine, amount, paid, service, identity-theft, other, or their words",
                      "What they say", true, 0, NULL },
    [OPEN_NOTE] = { OPTION_TEXT, "note", "TEXT", "their words, beside the reason", NULL, false,
                    0, NULL },
    [OPEN_VIA] = { OPTION_TEXT, "via", "NAME", "letter, email, portal, phone, …", NULL, false,
                   0, NULL },
    [OPEN_RECEIVED] = { OPTION_DAY, "received", "DAY", "when it reached us (today)", NULL,
                        false, 0, NULL },
    [OPEN_ANSWER_BY] = { OPTION_DAY, "answer-by", "DAY",
                         "when it is to be answered (setting dispute_answer_days)",
                         "What we do", false, 0, NULL },
    [OPEN_BY] = { OPTION_TEXT, "by", "NAME", "who takes it down", NULL, false, 0, NULL },
    { .kind = OPTION_END },
};

static bool part_typed(struct writing *w, struct dispute *d, struct fault *why)
{
    const struct call *call = w->call;
    const char *component = call_text(call, OPEN_COMPONENT);
    struct money money;

    d->component = COMPONENT_COUNT;
    if (component != NULL && !component_parse(component, &d->component)) {
        fail(why, BAD_USAGE, "A debt has no part \"%s\".", component);
        return fault_hint(why, "principal, interest, fees or costs");
    }
    d->instalment = (int32_t)call_int(call, OPEN_INSTALMENT, 0);
    d->line = call_text(call, OPEN_LINE);
    if (!account_debt(&w->book, &w->account, call_text(call, OPEN_DEBT), &d->debt, why) ||
        !account_currency(&w->book, &w->account, d->debt, &d->currency, why))
        return false;
    if (!call->given[OPEN_AMOUNT].is)
        return true;
    if (!call_money(call, OPEN_AMOUNT, d->currency, &money, why))
        return false;
    if (d->debt != 0 && money.currency != d->currency)
        return fail(why, BAD_USAGE, "The debt is in %s.", currency_code(d->currency));
    d->currency = money.currency;
    d->minor = money.minor;
    return true;
}

static bool dispute_typed(struct writing *w, struct dispute *d, struct fault *why)
{
    const struct call *call = w->call;

    *d = (struct dispute){ .channel = call_text(call, OPEN_VIA),
                           .note = call_text(call, OPEN_NOTE),
                           .author = call_text(call, OPEN_BY) };
    d->reason = dispute_reason(call_text(call, OPEN_REASON), &d->note);
    return part_typed(w, d, why) &&
           call_day(call, OPEN_RECEIVED, w->today, &d->received, why) &&
           call_day(call, OPEN_ANSWER_BY, DAY_NONE, &d->answer_by, why);
}

static bool print_open(struct writing *w, int32_t number, enum change change, struct fault *why)
{
    struct arena *a = w->call->arena;
    struct dispute d;
    const char *debt, *part;
    struct receipt r;

    if (!dispute_load(w->book.store, a, w->account.key, number, &d, why))
        return false;
    const char *whole = whose(w, d.debt, &debt, why);
    if (whole == NULL)
        return false;
    part = dispute_words(a, &d);
    receipt_begin(&r, w->call, "dispute open");
    receipt_dispute(&r, w, &d);
    if (change == CHANGE_NONE)
        receipt_already(&r, w, arena_print(a, "dispute %d", (int)number));
    else if (dispute_is_part(&d))
        receipt_line(
            &r, "%s %s %s of %s, disputed: %s. The rest goes on, and every message says so.",
            sign_of(w->call, SIGN_HELD), writing_verb(w, "Held:", "Would hold:"), part, whole,
            d.note != NULL ? d.note : d.reason);
    else
        receipt_line(&r, "%s %s %s, disputed: %s. Nothing asks for money until it is answered.",
                     sign_of(w->call, SIGN_HELD), writing_verb(w, "Held:", "Would hold:"),
                     whole, d.note != NULL ? d.note : d.reason);
    if (change != CHANGE_NONE)
        receipt_line(&r, "  Dispute %d, to be answered by %s.", (int)number,
                     show_day(a, d.answer_by));
    receipt_field(&r, "debt", debt);
    receipt_field(&r, "part", part);
    receipt_field(&r, "reason", d.reason);
    receipt_day(&r, "received", d.received);
    receipt_day(&r, "answer_by", d.answer_by);
    receipt_undo(
        &r, arena_print(a, "recoup dispute close %s %d", w->account.reference, (int)number));
    receipt_end(&r);
    return true;
}

static bool open_typed(struct writing *w, struct fault *why)
{
    const struct given *key = &w->call->global[GLOBAL_KEY];
    enum change change = CHANGE_NONE;
    struct dispute d;
    int32_t number;

    return dispute_typed(w, &d, why) &&
           dispute_open(&w->book, w->account.key, &d, key->is ? key->text : NULL, &number,
                        &change, why) &&
           print_open(w, number, change, why);
}

static bool run_open(struct call *call, struct fault *why)
{
    struct writing w;

    return writing_begin(&w, call, why) && writing_end(&w, open_typed(&w, why), why);
}

const struct command command_dispute_open = {
    .name = "dispute open",
    .section = "Acting on accounts",
    .summary = "Note that a debt, or a part of it, is disputed; that much is not asked for.",
    .examples = { "recoup dispute open FH-19903 --reason paid --via letter",
                  "recoup dispute open FH-19903 --debt INV-7 --line \"2 panes\" --amount 30 "
                  "--reason \"came broken\"" },
    .target = "ACCOUNT",
    .targets_least = 1,
    .targets_most = 1,
    .options = open_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "Undo: recoup dispute close. Safe to say again.\n"
             "A part is left out of every message, and the rest goes on. Money that comes\n"
             "meanwhile pays what is not disputed first.",
    .run = run_open,
};

/* ---- evidence --------------------------------------------------------------------------- */

enum { EVIDENCE_BY };

static const struct option evidence_options[] = {
    [EVIDENCE_BY] = { OPTION_TEXT, "by", "NAME", "who took it in", "Who", false, 0, NULL },
    { .kind = OPTION_END },
};

static bool keep_paper(struct writing *w, int32_t number, const char *path, int64_t *kept,
                       struct fault *why)
{
    const char *name = strrchr(path, '/'), *digest;
    enum change change;
    size_t length;
    char *bytes;

    if (!text_read_file(path, PAPER_MOST, w->call->arena, &bytes, &length, why) ||
        !dispute_evidence(&w->book, w->account.key, number, name == NULL ? path : name + 1,
                          bytes, length, call_text(w->call, EVIDENCE_BY), &digest, &change,
                          why))
        return false;
    *kept += change != CHANGE_NONE;
    return true;
}

static bool keep_papers(struct writing *w, struct fault *why)
{
    struct receipt r;
    int32_t number;
    int64_t kept = 0;

    if (!number_typed(w, &number, why))
        return false;
    for (size_t i = 2; i < w->call->target_count; i++) {
        if (!keep_paper(w, number, w->call->targets[i], &kept, why))
            return false;
    }
    receipt_begin(&r, w->call, "dispute evidence");
    receipt_account(&r, w);
    receipt_count(&r, "dispute", number);
    receipt_line(&r, "%s %s for dispute %d of %s, with the digest of each.",
                 writing_verb(w, "Kept", "Would keep"),
                 show_many(w->call->arena, kept, "new paper", "new papers"), (int)number,
                 w->account.reference);
    receipt_count(&r, "kept", kept);
    receipt_next(&r, arena_print(w->call->arena, "recoup dispute show %s %d",
                                 w->account.reference, (int)number));
    receipt_end(&r);
    return true;
}

static bool run_evidence(struct call *call, struct fault *why)
{
    struct writing w;

    return writing_begin(&w, call, why) && writing_end(&w, keep_papers(&w, why), why);
}

const struct command command_dispute_evidence = {
    .name = "dispute evidence",
    .section = "Acting on accounts",
    .summary = "Keep papers that were handed in about a dispute, byte for byte.",
    .examples = { "recoup dispute evidence FH-19903 12 letter.pdf receipt.jpg",
                  "recoup dispute evidence FH-19903 12 letter.pdf --by \"Ann Bell\"" },
    .target = "ACCOUNT NUMBER FILE…",
    .targets_least = 3,
    .targets_most = 20,
    .options = evidence_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "The same file again is kept once.",
    .run = run_evidence,
};

/* ---- answer, close, reopen -------------------------------------------------------------- */

enum { ANSWER_RESULT, ANSWER_AMOUNT, ANSWER_ON, ANSWER_PROOF, ANSWER_TEXT, ANSWER_BY };

static const struct option answer_options[] = {
    [ANSWER_RESULT] = { OPTION_TEXT, "result", "NAME", "upheld, partly or not-upheld",
                        "What was decided", true, 0, NULL },
    [ANSWER_AMOUNT] = { OPTION_MONEY, "amount", "MONEY",
                        "what is taken off (what is disputed); partly needs it", NULL, false, 0,
                        NULL },
    [ANSWER_ON] = { OPTION_DAY, "on", "DAY", "the day from which the correction counts (today)",
                    NULL, false, 0, NULL },
    [ANSWER_PROOF] = { OPTION_DAY, "proof-sent", "DAY",
                       "when verification or a copy of the judgment was sent", "What is said",
                       false, 0, NULL },
    [ANSWER_TEXT] = { OPTION_TEXT, "answer", "TEXT", "what they are told", NULL, false, 0,
                      NULL },
    [ANSWER_BY] = { OPTION_TEXT, "by", "NAME", "who decided", NULL, false, 0, NULL },
    { .kind = OPTION_END },
};

static bool result_typed(const char *typed, enum dispute_state *out, struct fault *why)
{
    static const struct {
        const char *name;
        enum dispute_state state;
    } names[] = { { "upheld", DISPUTE_UPHELD },
                  { "partly", DISPUTE_PARTLY_UPHELD },
                  { "partly-upheld", DISPUTE_PARTLY_UPHELD },
                  { "not-upheld", DISPUTE_NOT_UPHELD },
                  { "withdrawn", DISPUTE_WITHDRAWN } };

    for (size_t i = 0; i < COUNT(names); i++) {
        if (text_equal(typed, names[i].name)) {
            *out = names[i].state;
            return true;
        }
    }
    fail(why, BAD_USAGE, "A dispute cannot end as \"%s\".", typed);
    return fault_hint(why, "upheld, partly, not-upheld or withdrawn");
}

static bool answer_typed(struct writing *w, const struct dispute *d,
                         struct dispute_answer *answer, struct fault *why)
{
    const struct call *call = w->call;
    struct money money = { 0 };

    *answer = (struct dispute_answer){ .text = call_text(call, ANSWER_TEXT),
                                       .author = call_text(call, ANSWER_BY) };
    if (!result_typed(call_text(call, ANSWER_RESULT), &answer->result, why) ||
        !call_day(call, ANSWER_ON, DAY_NONE, &answer->day, why) ||
        !call_day(call, ANSWER_PROOF, DAY_NONE, &answer->proof, why) ||
        (call->given[ANSWER_AMOUNT].is &&
         !call_money(call, ANSWER_AMOUNT, d->currency, &money, why)))
        return false;
    if (money.minor != 0 && money.currency != d->currency)
        return fail(why, BAD_USAGE, "The disputed debt is in %s.", currency_code(d->currency));
    answer->minor = money.minor;
    return true;
}

static void print_answer(struct writing *w, const struct dispute *d,
                         const struct dispute_answer *answer, int64_t corrected,
                         enum change change, int64_t open)
{
    struct arena *a = w->call->arena;
    struct dispute now = *d;
    struct receipt r;

    now.state = answer->result;
    receipt_begin(&r, w->call, "dispute answer");
    receipt_dispute(&r, w, &now);
    if (change == CHANGE_NONE)
        receipt_already(&r, w, arena_print(a, "dispute %d", (int)d->number));
    else
        receipt_line(&r, "%s dispute %d of %s (%s): %s. The next cycle looks at it again.",
                     writing_verb(w, "Answered", "Would answer"), (int)d->number,
                     w->account.reference, w->account.name, call_text(w->call, ANSWER_RESULT));
    if (change != CHANGE_NONE && corrected != 0)
        receipt_line(&r, "  Taken off  %s; open now  %s",
                     show_money(a, money_of(corrected, d->currency)),
                     show_money(a, money_of(open, d->currency)));
    receipt_money(&r, "corrected", money_of(corrected, d->currency));
    receipt_money(&r, "open", money_of(open, d->currency));
    receipt_undo(&r, arena_print(a, "recoup dispute reopen %s %d", w->account.reference,
                                 (int)d->number));
    receipt_end(&r);
}

/* The law is asked where collection would go on. */
static bool may_end(struct writing *w, int32_t number, const struct dispute_answer *answer,
                    struct fault *why)
{
    if (answer->result != DISPUTE_NOT_UPHELD && answer->result != DISPUTE_PARTLY_UPHELD)
        return true;
    return dispute_may_end(&w->book, w->account.key, number, answer->proof, why);
}

static bool answer_dispute(struct writing *w, struct fault *why)
{
    struct dispute_answer answer;
    enum change change;
    struct dispute d;
    int64_t corrected, open;
    int32_t number;

    if (!number_typed(w, &number, why) ||
        !dispute_load(w->book.store, w->call->arena, w->account.key, number, &d, why) ||
        !answer_typed(w, &d, &answer, why) || !may_end(w, number, &answer, why) ||
        !dispute_close(&w->book, w->account.key, number, &answer, &corrected, &change, why) ||
        !account_open(&w->book, &w->account, d.currency, &open, why))
        return false;
    print_answer(w, &d, &answer, corrected, change, open);
    return true;
}

static bool run_answer(struct call *call, struct fault *why)
{
    struct writing w;

    return writing_begin(&w, call, why) && writing_end(&w, answer_dispute(&w, why), why);
}

const struct command command_dispute_answer = {
    .name = "dispute answer",
    .section = "Acting on accounts",
    .summary = "Decide a dispute; what is upheld posts its correction.",
    .examples = { "recoup dispute answer FH-19903 12 --result upheld --by \"Ann Bell\"",
                  "recoup dispute answer FH-19903 --result partly --amount 20 --on "
                  "2026-11-01" },
    .target = "ACCOUNT [NUMBER]",
    .targets_least = 1,
    .targets_most = 2,
    .options = answer_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes =
        "Undo: recoup dispute reopen. Without a number: the one that is open.\n"
        "What was paid too much pays what else is open; the rest waits, to be given back.\n"
        "What is not upheld ends only when the law allows it: --proof-sent.",
    .run = run_answer,
};

enum { CLOSE_DEBT, CLOSE_BY };

static const struct option close_options[] = {
    [CLOSE_DEBT] = { OPTION_TEXT, "debt", "REF", "only disputes of this debt", "Which disputes",
                     false, 0, NULL },
    [CLOSE_BY] = { OPTION_TEXT, "by", "NAME", "who closes it", "Who", false, 0, NULL },
    { .kind = OPTION_END },
};

static bool close_one(struct writing *w, int32_t number, int64_t *ended, struct fault *why)
{
    const struct dispute_answer answer = { .result = DISPUTE_WITHDRAWN,
                                           .day = DAY_NONE,
                                           .proof = DAY_NONE,
                                           .author = call_text(w->call, CLOSE_BY) };
    enum change change;
    int64_t corrected;

    if (!dispute_close(&w->book, w->account.key, number, &answer, &corrected, &change, why))
        return false;
    *ended += change != CHANGE_NONE;
    return true;
}

static bool close_all(struct writing *w, int64_t *ended, struct fault *why)
{
    struct dispute *all;
    int32_t debt;
    size_t count;

    if (!account_debt(&w->book, &w->account, call_text(w->call, CLOSE_DEBT), &debt, why) ||
        !disputes_of(w->book.store, w->call->arena, w->account.key, &all, &count, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (all[i].state == DISPUTE_OPEN && (debt == 0 || all[i].debt == debt) &&
            !close_one(w, all[i].number, ended, why))
            return false;
    }
    return true;
}

static bool close_disputes(struct writing *w, struct fault *why)
{
    struct arena *a = w->call->arena;
    int64_t ended = 0;
    struct receipt r;
    int32_t number;

    if (w->call->target_count > 1) {
        if (!number_typed(w, &number, why) || !close_one(w, number, &ended, why))
            return false;
    } else if (!close_all(w, &ended, why)) {
        return false;
    }
    receipt_begin(&r, w->call, "dispute close");
    receipt_account(&r, w);
    if (ended == 0)
        receipt_line(&r, "Nothing to do: no such dispute of %s is open.", w->account.reference);
    else
        receipt_line(&r, "%s %s of %s (%s). The next cycle looks at it again.",
                     writing_verb(w, "Ended", "Would end"),
                     show_many(a, ended, "dispute", "disputes"), w->account.reference,
                     w->account.name);
    receipt_count(&r, "ended", ended);
    receipt_end(&r);
    return true;
}

static bool run_close(struct call *call, struct fault *why)
{
    struct writing w;

    return writing_begin(&w, call, why) && writing_end(&w, close_disputes(&w, why), why);
}

const struct command command_dispute_close = {
    .name = "dispute close",
    .section = "Acting on accounts",
    .summary = "Note that disputes were withdrawn, or taken down by mistake.",
    .examples = { "recoup dispute close FH-19903 12",
                  "recoup dispute close FH-19903 --debt INV-7" },
    .target = "ACCOUNT [NUMBER]",
    .targets_least = 1,
    .targets_most = 2,
    .options = close_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "Undo: recoup dispute reopen. One that was decided: recoup dispute answer.",
    .run = run_close,
};

enum { REOPEN_BY };

static const struct option reopen_options[] = {
    [REOPEN_BY] = { OPTION_TEXT, "by", "NAME", "who opens it again", "Who", false, 0, NULL },
    { .kind = OPTION_END },
};

static bool reopen_one(struct writing *w, struct fault *why)
{
    struct arena *a = w->call->arena;
    struct dispute d;
    enum change change;
    struct receipt r;
    int32_t number;

    if (!number_typed(w, &number, why) ||
        !dispute_reopen(&w->book, w->account.key, number, call_text(w->call, REOPEN_BY),
                        &change, why) ||
        !dispute_load(w->book.store, a, w->account.key, number, &d, why))
        return false;
    receipt_begin(&r, w->call, "dispute reopen");
    receipt_dispute(&r, w, &d);
    if (change == CHANGE_NONE)
        receipt_already(&r, w, arena_print(a, "dispute %d is open", (int)number));
    else
        receipt_line(&r, "%s dispute %d of %s (%s). What it had corrected is taken back.",
                     writing_verb(w, "Opened again:", "Would open again:"), (int)number,
                     w->account.reference, w->account.name);
    receipt_undo(&r, arena_print(a, "recoup dispute answer %s %d --result …",
                                 w->account.reference, (int)number));
    receipt_end(&r);
    return true;
}

static bool run_reopen(struct call *call, struct fault *why)
{
    struct writing w;

    return writing_begin(&w, call, why) && writing_end(&w, reopen_one(&w, why), why);
}

const struct command command_dispute_reopen = {
    .name = "dispute reopen",
    .section = "Acting on accounts",
    .summary = "Take the answer to a dispute back, with what it corrected.",
    .examples = { "recoup dispute reopen FH-19903 12",
                  "recoup dispute reopen FH-19903 12 --by \"Ann Bell\"" },
    .target = "ACCOUNT NUMBER",
    .targets_least = 2,
    .targets_most = 2,
    .options = reopen_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .run = run_reopen,
};

/* ---- show ------------------------------------------------------------------------------- */

static const struct option no_options[] = { { .kind = OPTION_END } };

static bool run_show(struct call *call, struct fault *why)
{
    const struct zone *zone;
    struct sheet sheet = { 0 };
    int number, end = 0;

    if (sscanf(call->targets[1], "%9d%n", &number, &end) != 1 || call->targets[1][end] != '\0')
        return fail(why, BAD_USAGE, "\"%s\" is no number of a dispute.", call->targets[1]);
    struct store *s = store_open(call->settings.db.value, STORE_READ, why);
    bool done = s != NULL && call_zone(call, &zone, why) &&
                dispute_show(s, call->targets[0], number, zone, &sheet, why);
    store_close(s);
    if (done)
        call_print_sheet(call, &sheet);
    sheet_free(&sheet);
    return done;
}

const struct command command_dispute_show = {
    .name = "dispute show",
    .section = "Acting on accounts",
    .summary = "One dispute: what is contested, papers, answer, and what it did to the books.",
    .examples = { "recoup dispute show FH-19903 12", "recoup dispute show FH-19903 12 --json" },
    .target = "ACCOUNT NUMBER",
    .targets_least = 2,
    .targets_most = 2,
    .options = no_options,
    .traits = ANSWERS_JSON | ANSWERS_ROWS,
    .run = run_show,
};

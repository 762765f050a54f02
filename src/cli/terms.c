/* terms: what was agreed, listed, explained, checked, and bound to debts. */
#include "cli/commands.h"
#include "cli/writing.h"
#include "flow/terms_bind.h"
#include "flow/terms_page.h"

static bool print_sheet(struct call *call, struct sheet *sheet, bool done)
{
    if (done)
        call_print_sheet(call, sheet);
    sheet_free(sheet);
    return done;
}

static bool run_terms_list(struct call *call, struct fault *why)
{
    struct sheet sheet = { 0 };

    return print_sheet(call, &sheet, terms_sheet_list(&sheet, why));
}

const struct command command_terms_list = {
    .name = "terms list",
    .section = "Strategy and rules",
    .summary = "List the terms that debts can be bound to.",
    .examples = { "recoup terms list", "recoup terms list --files our-files --json" },
    .traits = ANSWERS_JSON | ANSWERS_ROWS | IS_DEFAULT,
    .run = run_terms_list,
};

static bool run_terms_show(struct call *call, struct fault *why)
{
    struct sheet sheet = { 0 };
    struct day today;

    return print_sheet(call, &sheet,
                       call_today(call, &today, why) &&
                           terms_sheet_show(call->targets[0], today, &sheet, why));
}

const struct command command_terms_show = {
    .name = "terms show",
    .section = "Strategy and rules",
    .summary = "Say in plain words what terms mean, with the rate of today and every ground.",
    .examples = { "recoup terms show trade-de", "recoup terms show trade-uk --now 2027-02-01" },
    .target = "NAME",
    .targets_least = 1,
    .targets_most = 1,
    .traits = ANSWERS_JSON | ANSWERS_ROWS,
    .run = run_terms_show,
};

static bool run_terms_check(struct call *call, struct fault *why)
{
    struct sheet sheet = { 0 };
    struct day today;

    return print_sheet(call, &sheet,
                       call_today(call, &today, why) &&
                           terms_sheet_check(call->targets[0], today, &sheet, why));
}

const struct command command_terms_check = {
    .name = "terms check",
    .section = "Strategy and rules",
    .summary = "Read a terms file, and say what it means or what is wrong with it.",
    .examples = { "recoup terms check our-files/terms/shop-eu.yaml",
                  "recoup terms check shop-eu.yaml --json" },
    .target = "FILE",
    .targets_least = 1,
    .targets_most = 1,
    .traits = ANSWERS_JSON | ANSWERS_ROWS,
    .notes = "How terms are written: docs/terms.md",
    .run = run_terms_check,
};

/* ---- bind ------------------------------------------------------------------------------- */

enum { BIND_DEBT, BIND_TERMS, BIND_FROM, BIND_REASON, BIND_BY };

static const struct option bind_options[] = {
    [BIND_DEBT] = { OPTION_TEXT, "debt", "REF", "this debt", "What is bound", true, 0, NULL },
    [BIND_TERMS] = { OPTION_TEXT, "terms", "NAME", "to these: recoup terms list", NULL, true, 0,
                     NULL },
    [BIND_FROM] = { OPTION_DAY, "from", "DAY", "they hold from this day on (that of the invoice)",
                    NULL, false, 0, NULL },
    [BIND_REASON] = { OPTION_TEXT, "reason", "TEXT", "why, in a few words", "Why", false, 0,
                      NULL },
    [BIND_BY] = { OPTION_TEXT, "by", "NAME", "who does this", NULL, false, 0, NULL },
    { .kind = OPTION_END },
};

static bool find_terms(struct writing *w, const struct terms_file **out, struct fault *why)
{
    const char *name = call_text(w->call, BIND_TERMS);
    struct terms_files files;

    if (!terms_files_all(w->call->arena, &files, why))
        return false;
    *out = terms_find(&files, name);
    return *out != NULL || terms_unknown(&files, name, why);
}

static void print_bind(struct writing *w, const struct terms_file *terms, enum change change,
                       struct money before, struct money after)
{
    struct arena *a = w->call->arena;
    const char *what = arena_print(a, "%s under the terms %s (%s)",
                                   call_text(w->call, BIND_DEBT), terms->terms->name,
                                   terms->terms->title);
    char hex[DIGEST_HEX];
    struct receipt r;

    receipt_begin(&r, w->call, "terms bind");
    receipt_account(&r, w);
    if (change == CHANGE_NONE) {
        receipt_already(&r, w, what);
    } else {
        receipt_line(&r, "%s %s, for %s (%s).", writing_verb(w, "Bound", "Would bind"), what,
                     w->account.reference, w->account.name);
        receipt_line(&r, "  Open  %s -> %s", show_money(a, before), show_money(a, after));
    }
    receipt_field(&r, "debt", call_text(w->call, BIND_DEBT));
    receipt_field(&r, "terms", terms->terms->name);
    receipt_field(&r, "digest", digest_print(terms->digest, hex));
    receipt_money(&r, "open", after);
    receipt_end(&r);
}

static bool bind_terms(struct writing *w, struct fault *why)
{
    struct bind_input in = { .from = DAY_NONE,
                             .reason = call_text(w->call, BIND_REASON),
                             .author = call_text(w->call, BIND_BY) };
    const struct terms_file *terms = NULL;
    int64_t before, after;
    enum change change;

    if (!account_debt(&w->book, &w->account, call_text(w->call, BIND_DEBT), &in.debt, why) ||
        !account_currency(&w->book, &w->account, in.debt, &in.currency, why) ||
        !call_day(w->call, BIND_FROM, DAY_NONE, &in.from, why) || !find_terms(w, &terms, why) ||
        !account_open(&w->book, &w->account, in.currency, &before, why) ||
        !book_terms_bind(&w->book, w->account.key, terms, &in, &change, why) ||
        !account_open(&w->book, &w->account, in.currency, &after, why))
        return false;
    print_bind(w, terms, change, money_of(before, in.currency), money_of(after, in.currency));
    return true;
}

static bool run_terms_bind(struct call *call, struct fault *why)
{
    struct writing w;

    return writing_begin(&w, call, why) && writing_end(&w, bind_terms(&w, why), why);
}

const struct command command_terms_bind = {
    .name = "terms bind",
    .section = "Acting on accounts",
    .summary = "Bind a debt to terms: interest, late fees, and what a payment pays first.",
    .examples = { "recoup terms bind FH-20418 --debt INV-1 --terms trade-de",
                  "recoup terms bind FH-20418 --debt INV-1 --terms net-30-plain --from 2026-12-01 "
                  "--reason settlement" },
    .target = "ACCOUNT",
    .targets_least = 1,
    .targets_most = 1,
    .options = bind_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "The debt keeps the text as it is now, whatever becomes of the file. What a file\n"
             "of invoices says of terms is bound by the import: docs/maps.md. The due days of\n"
             "instalments stay as they are.",
    .run = run_terms_bind,
};

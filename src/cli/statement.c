/* statement: what an account came to, and receipts, as they are given out. */
#include "flow/statement.h"

#include "base/text.h"
#include "cli/commands.h"
#include "cli/period.h"
#include "cli/writing.h"

/* ---- How it is printed ------------------------------------------------------------------ */

enum page_form { FORM_TABLE, FORM_CSV, FORM_PDF };

static bool form_of(struct call *call, size_t place, enum page_form *out, struct fault *why)
{
    const char *text = call_text(call, place);

    *out = text_equal(text, "pdf") ? FORM_PDF : text_equal(text, "csv") ? FORM_CSV : FORM_TABLE;
    if (text != NULL && *out == FORM_TABLE && !text_equal(text, "table"))
        return fail(why, BAD_USAGE, "--format takes pdf, csv or table, and \"%s\" is none.",
                    text);
    if (*out == FORM_CSV)
        call->format = FORMAT_CSV;
    if (*out == FORM_TABLE && text != NULL)
        call->format = FORMAT_PEOPLE;
    if (*out == FORM_PDF && call->terminal) {
        fail(why, BAD_USAGE, "A page is nothing for a terminal.");
        return fault_hint(why, "add -o FILE");
    }
    return true;
}

static bool print_pdf(struct call *call, const struct statement *made, struct fault *why)
{
    unsigned char *bytes;
    size_t length, pages;

    if (!statement_pdf(call->arena, made, &bytes, &length, &pages, why))
        return false;
    fwrite(bytes, 1, length, call->out);
    return true;
}

static bool print_made(struct call *call, enum page_form form, const struct statement *made,
                       struct fault *why)
{
    struct sheet sheet = { 0 };
    bool done;

    if (form == FORM_PDF)
        return print_pdf(call, made, why);
    if (made->number != 0)
        sheet_field(&sheet, made->kind, arena_print(call->arena, "%d", (int)made->number));
    if (made->replaces != 0)
        sheet_field(&sheet, "replaces", arena_print(call->arena, "%d", (int)made->replaces));
    if (made->replaced != 0)
        sheet_field(&sheet, "superseded_by", arena_print(call->arena, "%d", (int)made->replaced));
    done = statement_sheet(made, &sheet, why);
    if (done)
        call_print_sheet(call, &sheet);
    sheet_free(&sheet);
    return done;
}

static void tell(struct call *call, const struct statement *made, enum change change)
{
    if (call->global[GLOBAL_DRY_RUN].is)
        call_tell(call, "Nothing was kept.\n");
    else if (change == CHANGE_NONE)
        call_tell(call, "The same as %s %d: nothing new was kept.\n", made->kind,
                  (int)made->number);
    else if (made->replaces != 0)
        call_tell(call, "Kept as %s %d, replaces %d.\n", made->kind, (int)made->number,
                  (int)made->replaces);
    else
        call_tell(call, "Kept as %s %d.\n", made->kind, (int)made->number);
}

/* ---- Making ----------------------------------------------------------------------------- */

static bool make(struct writing *w, struct statement_request *request, enum page_form form,
                 struct fault *why)
{
    const struct given *key = &w->call->global[GLOBAL_KEY];
    struct statement made;
    enum change change;

    request->reference = w->call->targets[0];
    request->now = w->book.now;
    request->zone = w->book.zone;
    if (!statement_make(&w->book, request, key->is ? key->text : NULL, &made, &change, why))
        return false;
    bool done = print_made(w->call, form, &made, why);
    if (done)
        tell(w->call, &made, change);
    statement_done(&made);
    return done;
}

enum { MAKE_PERIOD, MAKE_SINCE, MAKE_UNTIL, MAKE_FORMAT };

static const struct option make_options[] = {
    [MAKE_PERIOD] = { OPTION_TEXT, "period", "SPAN",
                      "2026-10, 2026-01..2026-06 or 30d (all until today)", "Which days", false,
                      0, NULL },
    [MAKE_SINCE] = { OPTION_DAY, "since", "DAY", "first day", NULL, false, 0, NULL },
    [MAKE_UNTIL] = { OPTION_DAY, "until", "DAY", "last day (today)", NULL, false, 0, NULL },
    [MAKE_FORMAT] = { OPTION_TEXT, "format", "NAME", "pdf, csv or table", "As what", false, 0,
                      NULL },
    { .kind = OPTION_END },
};

static bool take_period(struct writing *w, struct statement_request *request, struct fault *why)
{
    const struct call *call = w->call;
    const char *text = call_text(call, MAKE_PERIOD);

    request->from = DAY_NONE;
    request->to = w->today;
    if (text != NULL &&
        !period_typed(call->arena, text, w->today, &request->from, &request->to)) {
        fail(why, BAD_USAGE, "--period takes a span of days, and \"%s\" is none.", text);
        return fault_hint(why, "2026-10, 2026-01..2026-06, 30d");
    }
    return call_day(call, MAKE_SINCE, request->from, &request->from, why) &&
           call_day(call, MAKE_UNTIL, request->to, &request->to, why);
}

static bool run_statement(struct call *call, struct fault *why)
{
    struct statement_request request = { 0 };
    enum page_form form;
    struct writing w;

    if (!form_of(call, MAKE_FORMAT, &form, why) || !writing_begin(&w, call, why))
        return false;
    return writing_end(&w, take_period(&w, &request, why) && make(&w, &request, form, why), why);
}

const struct command command_statement = {
    .name = "statement",
    .section = "Looking",
    .summary = "Make a statement: opening balance, each line with its reason, closing balance.",
    .examples = { "recoup statement FH-20418 --period 2026-10 --format pdf -o october.pdf",
                  "recoup statement INV-1001 --since 2026-01-01" },
    .target = "ACCOUNT",
    .targets_least = 1,
    .targets_most = 1,
    .options = make_options,
    .traits = ANSWERS_JSON | ANSWERS_ROWS | ACTS | DRY_RUNS,
    .notes = "It is kept; the same content again is the same statement. With --dry-run it is\n"
             "only shown. A line stands on the day for which it counts.",
    .run = run_statement,
};

enum { RECEIPT_PAYMENT, RECEIPT_FORMAT };

static const struct option receipt_options[] = {
    [RECEIPT_PAYMENT] = { OPTION_TEXT, "payment", "REF", "of which payment", "For what", true, 0,
                          NULL },
    [RECEIPT_FORMAT] = { OPTION_TEXT, "format", "NAME", "pdf, csv or table", "As what", false, 0,
                         NULL },
    { .kind = OPTION_END },
};

static bool run_receipt(struct call *call, struct fault *why)
{
    struct statement_request request = { .payment = call_text(call, RECEIPT_PAYMENT) };
    enum page_form form;
    struct writing w;

    if (!form_of(call, RECEIPT_FORMAT, &form, why) || !writing_begin(&w, call, why))
        return false;
    return writing_end(&w, make(&w, &request, form, why), why);
}

const struct command command_statement_receipt = {
    .name = "statement receipt",
    .section = "Looking",
    .summary = "Make the receipt of a payment: what it paid, and the balance after it.",
    .examples = { "recoup statement receipt FH-20418 --payment 1042 --format pdf -o 1042.pdf",
                  "recoup statement receipt FH-20418 --payment 1042" },
    .target = "ACCOUNT",
    .targets_least = 1,
    .targets_most = 1,
    .options = receipt_options,
    .traits = ANSWERS_JSON | ANSWERS_ROWS | ACTS | DRY_RUNS,
    .notes = "When the payment goes back, its receipt is not true any more: make it again.",
    .run = run_receipt,
};

/* ---- Looking ---------------------------------------------------------------------------- */

enum { SHOW_NUMBER, SHOW_FORMAT };

static const struct option show_options[] = {
    [SHOW_NUMBER] = { OPTION_INT, "number", "N", "which one: recoup statement list", "Which one",
                      true, 0, NULL },
    [SHOW_FORMAT] = { OPTION_TEXT, "format", "NAME", "pdf, csv or table", "As what", false, 0,
                      NULL },
    { .kind = OPTION_END },
};

static bool run_show(struct call *call, struct fault *why)
{
    struct statement found;
    enum page_form form;

    if (!form_of(call, SHOW_FORMAT, &form, why))
        return false;
    struct store *s = store_open(call->settings.db.value, STORE_READ, why);
    if (s == NULL)
        return false;
    bool done = statement_load(s, call->arena, call->targets[0],
                               (int32_t)call_int(call, SHOW_NUMBER, 0), &found, why);
    store_close(s);
    if (!done)
        return false;
    done = print_made(call, form, &found, why);
    statement_done(&found);
    return done;
}

const struct command command_statement_show = {
    .name = "statement show",
    .section = "Looking",
    .summary = "Show a statement or receipt as it was given out.",
    .examples = { "recoup statement show FH-20418 --number 12",
                  "recoup statement show FH-20418 --number 12 --format pdf -o 12.pdf" },
    .target = "ACCOUNT",
    .targets_least = 1,
    .targets_most = 1,
    .options = show_options,
    .traits = ANSWERS_JSON | ANSWERS_ROWS,
    .run = run_show,
};

static bool run_list(struct call *call, struct fault *why)
{
    struct sheet sheet = { 0 };
    const struct zone *zone;
    struct instant now;

    if (!call_now(call, &now, why) || !call_zone(call, &zone, why))
        return false;
    struct store *s = store_open(call->settings.db.value, STORE_READ, why);
    if (s == NULL)
        return false;
    bool done = statement_list(s, call->targets[0], now, zone, &sheet, why);
    store_close(s);
    if (done)
        call_print_sheet(call, &sheet);
    sheet_free(&sheet);
    return done;
}

const struct command command_statement_list = {
    .name = "statement list",
    .section = "Looking",
    .summary = "List the statements and receipts that were given out, and which still hold.",
    .examples = { "recoup statement list FH-20418", "recoup statement list FH-20418 --json" },
    .target = "ACCOUNT",
    .targets_least = 1,
    .targets_most = 1,
    .traits = ANSWERS_JSON | ANSWERS_ROWS,
    .run = run_list,
};

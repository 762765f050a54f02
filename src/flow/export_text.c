/*
 * Export to plain-text accounting, for Ledger (3.3) and hledger (1.25).
 *
 * Both read what stands here alike: dates with dashes, tags one to a line, amounts before their
 * currency. Currencies without decimals have no format, since no spelling of one suits both.
 */
#include "flow/export_parts.h"

#include <string.h>

static bool stands_as_it_is(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("-_./+", c) != NULL);
}

/* Can be read back to the byte, so different texts stay different. "" becomes "%", which
 * nothing else does. */
static void safe_print(const char *text, FILE *out)
{
    bool after_sign = false; /* a blank may follow only what is none */

    if (*text == '\0')
        fputc('%', out);
    for (; *text != '\0'; text++) {
        bool blank = *text == ' ' && after_sign && text[1] != '\0';
        if (blank || stands_as_it_is(*text))
            fputc(*text, out);
        else
            fprintf(out, "%%%02X", (unsigned)(unsigned char)*text);
        after_sign = !blank;
    }
}

static void account_print(const struct export_account *account, const struct export_entry *e,
                          FILE *out)
{
    fputs(account->path, out);
    if (!account->of_debtor)
        return;
    fputc(':', out);
    safe_print(e->casefile, out);
}

static void tag_print(const char *indent, const char *tag, const char *value, FILE *out)
{
    fprintf(out, "%s; %s: ", indent, tag);
    safe_print(value, out);
    fputc('\n', out);
}

void export_text_begin(struct export_writer *w)
{
    static const char *const tags[] = { "casefile",   "entry", "posted",
                                        "takes_back", "debt",  "instalment" };

    fputs("; What is owed is a debit. %XX stands for a byte that could be misread here.\n\n",
          w->out);
    for (size_t i = 0; i < COUNT(tags); i++)
        fprintf(w->out, "tag %s\n", tags[i]);
}

/* ---- Declarations, each before its first use ----------------------------------------------
 */

static void currency_declare(struct export_writer *w, enum currency currency)
{
    char text[MONEY_TEXT];
    int64_t one = 1000;

    if (w->currencies[currency])
        return;
    w->currencies[currency] = true;
    fprintf(w->out, "\ncommodity %s\n", currency_code(currency));
    for (int i = 0; i < currency_exponent(currency); i++)
        one *= 10;
    if (currency_exponent(currency) > 0)
        fprintf(w->out, "    format %s %s\n", money_print(money_of(one, currency), text),
                currency_code(currency));
}

static void accounts_declare(struct export_writer *w, const struct export_entry *e)
{
    bool same = w->bucket == e->bucket && w->casefile_id == e->casefile_id;

    for (size_t i = 0; !same && i < export_account_count; i++)
        w->declared[i] = w->declared[i] && !export_accounts[i].of_debtor;
    for (size_t i = 0; i < e->line_count; i++) {
        const struct export_account *account = e->lines[i].account;
        if (w->declared[account - export_accounts])
            continue;
        w->declared[account - export_accounts] = true;
        fputs("\naccount ", w->out);
        account_print(account, e, w->out);
    }
    fputc('\n', w->out);
}

/* ---- Transactions -------------------------------------------------------------------------
 */

static void line_print(const struct export_entry *e, const struct export_line *line, FILE *out)
{
    char text[MONEY_TEXT];

    fputs("    ", out);
    account_print(line->account, e, out);
    fprintf(out, "  %s %s\n", money_print(money_of(line->minor, e->currency), text),
            currency_code(e->currency));
    if (line->debt != NULL)
        tag_print("        ", "debt", line->debt, out);
    if (line->debt != NULL && line->instalment != 0)
        fprintf(out, "        ; instalment: %lld\n", (long long)line->instalment);
}

void export_text_entry(struct export_writer *w, const struct export_entry *e)
{
    char day[DAY_TEXT], at[INSTANT_TEXT];

    currency_declare(w, e->currency);
    accounts_declare(w, e);
    fprintf(w->out, "\n%s ", day_print(e->day, day));
    safe_print(e->cause, w->out);
    fputc('\n', w->out);
    tag_print("    ", "casefile", e->casefile, w->out);
    tag_print("    ", "entry", e->name, w->out);
    fprintf(w->out, "    ; posted: %s\n", instant_print(e->posted_at, at));
    if (e->takes_back != NULL)
        tag_print("    ", "takes_back", e->takes_back, w->out);
    for (size_t i = 0; i < e->line_count; i++)
        line_print(e, &e->lines[i], w->out);
}

/* Export to a general ledger, as CSV. */
#include "flow/export_parts.h"

#include <string.h>

enum { COLUMNS = 14 };

/* RFC 4180: what could be read otherwise stands in quotes; quotes inside are doubled. */
static void field_print(const char *text, FILE *out)
{
    size_t length = strlen(text);
    bool padded = length > 0 &&
                  (strchr(" \t", text[0]) != NULL || strchr(" \t", text[length - 1]) != NULL);

    if (!padded && strpbrk(text, ",\"\r\n") == NULL) {
        fputs(text, out);
        return;
    }
    fputc('"', out);
    for (; *text != '\0'; text++)
        fputs((char[]){ *text, *text == '"' ? '"' : '\0', '\0' }, out);
    fputc('"', out);
}

static void row_print(const char *const fields[COLUMNS], FILE *out)
{
    for (size_t i = 0; i < COLUMNS; i++) {
        if (i > 0)
            fputc(',', out);
        if (fields[i] != NULL)
            field_print(fields[i], out);
    }
    fputs("\r\n", out);
}

void export_gl_begin(struct export_writer *w)
{
    static const char *const columns[COLUMNS] = {
        "date",     "entry",    "line", "account_code", "account", "debit",      "credit",
        "currency", "casefile", "debt", "instalment",   "cause",   "takes_back", "posted_at",
    };

    row_print(columns, w->out);
}

static void line_print(const struct export_writer *w, const struct export_entry *e,
                       const struct export_line *line)
{
    char day[DAY_TEXT], at[INSTANT_TEXT], number[24], instalment[24], text[MONEY_TEXT];
    const char *amount = money_print(money_of(line->minor, e->currency), text);

    snprintf(number, sizeof number, "%lld", (long long)line->number);
    snprintf(instalment, sizeof instalment, "%lld", (long long)line->instalment);
    row_print(
        (const char *const[COLUMNS]){
            day_print(e->day, day),
            e->name,
            number,
            line->account->code,
            line->account->path,
            line->minor < 0 ? NULL : amount,
            line->minor < 0 ? amount + 1 : NULL, /* without its minus */
            currency_code(e->currency),
            e->casefile,
            line->debt,
            line->instalment == 0 ? NULL : instalment,
            e->cause,
            e->takes_back,
            instant_print(e->posted_at, at),
        },
        w->out);
}

void export_gl_entry(struct export_writer *w, const struct export_entry *e)
{
    for (size_t i = 0; i < e->line_count; i++)
        line_print(w, e, &e->lines[i]);
}

#include "cli/receipt.h"

#include <stdarg.h>

static bool for_programs(const struct receipt *r)
{
    return r->call->format == FORMAT_JSON;
}

void receipt_begin(struct receipt *r, struct call *call, const char *done)
{
    *r = (struct receipt){ .call = call, .writer = { &r->json, false } };
    json_open(&r->writer, '{');
    json_text_at(&r->writer, "done", done);
}

void receipt_line(struct receipt *r, const char *format, ...)
{
    va_list args;

    if (for_programs(r) || r->call->quiet)
        return;
    va_start(args, format);
    vfprintf(r->call->out, format, args);
    va_end(args);
    fputc('\n', r->call->out);
}

void receipt_field(struct receipt *r, const char *key, const char *value)
{
    json_text_at(&r->writer, key, value);
}

void receipt_count(struct receipt *r, const char *key, int64_t value)
{
    json_int_at(&r->writer, key, value);
}

void receipt_money(struct receipt *r, const char *key, struct money money)
{
    char text[MONEY_TEXT];

    json_key(&r->writer, key);
    json_open(&r->writer, '{');
    json_text_at(&r->writer, "amount", money_print(money, text));
    json_text_at(&r->writer, "currency", currency_code(money.currency));
    json_int_at(&r->writer, "minor", money.minor);
    json_close(&r->writer, '}');
}

void receipt_day(struct receipt *r, const char *key, struct day day)
{
    char text[DAY_TEXT];

    receipt_field(r, key, day.number == DAY_NEVER.number ? NULL : day_print(day, text));
}

void receipt_next(struct receipt *r, const char *command)
{
    receipt_line(r, "Next:  %s", command);
    receipt_field(r, "next", command);
}

void receipt_undo(struct receipt *r, const char *command)
{
    receipt_line(r, "Undo:  %s", command);
    receipt_field(r, "undo", command);
}

void receipt_end(struct receipt *r)
{
    json_close(&r->writer, '}');
    if (for_programs(r))
        fprintf(r->call->out, "%s\n", text_of(&r->json));
    text_free(&r->json);
}

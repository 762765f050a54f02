/* Statement: the part for programs. */
#include "flow/statement_parts.h"

#include "base/text.h"

void json_put_money(json_t *object, const char *key, int64_t minor, enum currency currency)
{
    char text[MONEY_TEXT];

    context_put(object, key, money_print(money_of(minor, currency), text));
}

static void put_day(json_t *object, const char *key, struct day day)
{
    char text[DAY_TEXT];

    if (day.number != DAY_NONE.number)
        context_put(object, key, day_print(day, text));
}

static json_t *list_in(json_t *object, const char *key)
{
    json_t *list = json_array();

    json_object_set_new(object, key, list);
    return list;
}

static json_t *row_in(json_t *list, enum currency currency)
{
    json_t *row = json_object();

    json_array_append_new(list, row);
    context_put(row, "currency", currency_code(currency));
    return row;
}

static void put_sum(json_t *row, const struct balance_sum *sum, enum currency currency)
{
    for (int i = 0; i < COMPONENT_COUNT; i++)
        json_put_money(row, component_name((enum component)i), sum->open[i], currency);
    json_put_money(row, "waiting", sum->waiting, currency);
}

static void put_debt(const struct drawing *d, json_t *row, int32_t debt)
{
    const struct balance_debt *found = balance_debt_of(&d->balance, debt);

    if (found != NULL)
        context_put(row, "debt", found->reference);
}

/* ---- A statement ------------------------------------------------------------------------ */

static void put_line(const struct drawing *d, json_t *row, const struct balance_line *l,
                     enum currency currency)
{
    put_day(row, "day", l->day);
    context_put(row, "kind", line_name(l->kind));
    put_debt(d, row, l->debt);
    if (l->instalment != 0)
        json_object_set_new(row, "part", json_integer(l->instalment));
    json_put_money(row, "amount", balance_sum_total(&l->change), currency);
    put_sum(row, &l->change, currency);
    json_put_money(row, "balance", l->after, currency);
    context_put(row, "component", l->component);
    context_put(row, "reference", l->reference);
    context_put(row, "method", l->method);
    context_put(row, "reason", l->reason);
    context_put(row, "clause", l->clause);
    context_put(row, "law", l->law);
    put_day(row, "from", l->from);
    put_day(row, "due", l->due);
    put_day(row, "back_day", l->back_day);
    context_put(row, "back_state", l->back_state);
    if (l->rate_ppm != 0 || l->last_ppm != 0) {
        json_object_set_new(row, "rate_ppm", json_integer(l->rate_ppm));
        json_object_set_new(row, "last_rate_ppm", json_integer(l->last_ppm));
    }
}

static void put_end(json_t *lines, const char *kind, struct day day,
                    const struct balance_sum *sum, enum currency currency)
{
    json_t *row = row_in(lines, currency);

    put_day(row, "day", day);
    context_put(row, "kind", kind);
    put_sum(row, sum, currency);
    json_put_money(row, "balance", balance_sum_total(sum), currency);
}

static void put_currency(const struct drawing *d, json_t *core, const struct balance_currency *c)
{
    json_t *lines = json_object_get(core, "lines");
    json_t *sum = row_in(json_object_get(core, "balances"), c->currency);

    json_put_money(sum, "opening", balance_sum_total(&c->opening), c->currency);
    json_put_money(sum, "closing", balance_sum_total(&c->closing), c->currency);
    put_sum(sum, &c->closing, c->currency);
    put_end(lines, "opening", day_plus(d->out->from, -1), &c->opening, c->currency);
    for (size_t i = 0; i < c->line_count; i++)
        put_line(d, row_in(lines, c->currency), &c->lines[i], c->currency);
    put_end(lines, "closing", d->out->to, &c->closing, c->currency);
}

static void put_debts(const struct drawing *d, json_t *core)
{
    json_t *list = list_in(core, "debts");

    for (size_t i = 0; i < d->balance.debt_count; i++) {
        const struct balance_debt *debt = &d->balance.debts[i];
        if (!debt->shown)
            continue;
        json_t *row = row_in(list, debt->currency);
        context_put(row, "debt", debt->reference);
        json_put_money(row, "opening", balance_sum_total(&debt->opening), debt->currency);
        json_put_money(row, "closing", balance_sum_total(&debt->closing), debt->currency);
        put_sum(row, &debt->closing, debt->currency);
    }
}

json_t *statement_core(struct drawing *d)
{
    json_t *core = json_object();

    context_put(core, "kind", "statement");
    context_put(core, "account", d->out->account);
    put_debt(d, core, d->out->object);
    put_day(core, "from", d->out->from);
    put_day(core, "to", d->out->to);
    list_in(core, "balances");
    put_debts(d, core);
    list_in(core, "lines");
    for (size_t i = 0; i < d->balance.currency_count; i++)
        put_currency(d, core, &d->balance.currencies[i]);
    return core;
}

/* ---- A receipt -------------------------------------------------------------------------- */

static bool stays(const struct payment_row *p)
{
    return text_equal(p->state, "settled");
}

bool line_of_receipt(const struct drawing *d, const struct balance_line *line)
{
    return stays(&d->payment) && line->kind == LINE_PAYMENT &&
           line->payment == d->payment.number;
}

static void put_payment(const struct drawing *d, json_t *core)
{
    const struct payment_row *p = &d->payment;

    context_put(core, "payment", p->reference);
    put_day(core, "day", p->day);
    context_put(core, "currency", currency_code(p->currency));
    json_put_money(core, "amount", p->minor, p->currency);
    context_put(core, "method", p->method);
    context_put(core, "state", p->state);
    if (stays(p))
        return;
    put_day(core, "state_day", p->state_day);
    context_put(core, "reason", p->reason);
}

json_t *receipt_core(struct drawing *d)
{
    json_t *core = json_object(), *lines;

    context_put(core, "kind", "receipt");
    context_put(core, "account", d->out->account);
    put_payment(d, core);
    lines = list_in(core, "lines");
    for (size_t i = 0; i < d->balance.currency_count; i++) {
        const struct balance_currency *c = &d->balance.currencies[i];
        if (c->currency != d->payment.currency)
            continue;
        json_put_money(core, "balance", balance_sum_total(&c->closing), c->currency);
        for (size_t k = 0; k < c->line_count; k++) {
            const struct balance_line *l = &c->lines[k];
            if (!line_of_receipt(d, l))
                continue;
            json_t *row = row_in(lines, c->currency);
            put_debt(d, row, l->debt);
            json_put_money(row, "amount", -balance_sum_total(&l->change), c->currency);
            put_sum(row, &l->change, c->currency);
        }
    }
    return core;
}

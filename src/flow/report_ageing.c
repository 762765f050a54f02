#include "flow/report_parts.h"

#include <limits.h>

static void take(void *into, const struct dated_item *item)
{
    receivables_add(into, item);
}

static const struct table_column total_columns[] = {
    { "currency", "CURRENCY", CELL_TEXT },
    { "open", "OPEN", CELL_MONEY },
    { "past_due", "PAST DUE", CELL_MONEY },
    { "invoices", "INVOICES", CELL_COUNT },
};

static const struct table_column range_columns[] = {
    { "currency", "CURRENCY", CELL_TEXT },
    { NULL, "DAYS PAST DUE", CELL_TEXT },
    { "bucket", NULL, CELL_TEXT },
    { "from", NULL, CELL_COUNT },
    { "to", NULL, CELL_COUNT },
    { "open", "OPEN", CELL_MONEY },
    { "invoices", "INVOICES", CELL_COUNT },
};

static void total_add(struct table *t, const struct ageing *a)
{
    table_text(t, currency_code(a->currency));
    table_money(t, money_of(a->open_minor, a->currency));
    table_money(t, money_of(a->past_due_minor, a->currency));
    table_count(t, a->open_debts);
}

static void bound_add(struct table *t, int bound)
{
    if (bound == INT_MIN || bound == INT_MAX)
        table_none(t);
    else
        table_count(t, bound);
}

static void range_add(struct table *t, const struct ageing *a, size_t range)
{
    table_text(t, currency_code(a->currency));
    table_text(t, age_ranges[range].title);
    table_text(t, age_ranges[range].name);
    bound_add(t, age_ranges[range].from);
    bound_add(t, age_ranges[range].to);
    table_money(t, money_of(a->range_minor[range], a->currency));
    table_count(t, a->range_debts[range]);
}

static void sheet_fill(const struct receivables *r, struct sheet *sheet)
{
    static const char nothing[] = "Nothing was invoiced by that day.";
    char day[DAY_TEXT];

    day_print(r->today, day);
    sheet->heading = arena_print(&sheet->arena, "Open on %s", day);
    sheet_field(sheet, "as_of", day);
    struct table *t =
        sheet_table(sheet, "totals", nothing, COUNT(total_columns), total_columns);
    for (size_t i = 0; i < r->count; i++)
        total_add(t, &r->by_currency[i]);
    t = sheet_table(sheet, "buckets", nothing, COUNT(range_columns), range_columns);
    for (size_t i = 0; i < r->count; i++) {
        for (size_t range = 0; range < AGE_RANGES; range++)
            range_add(t, &r->by_currency[i], range);
    }
}

bool ageing_fill(struct store *s, const struct report_frame *f, struct sheet *sheet,
                 struct fault *why)
{
    struct receivables *r = arena_make(&sheet->arena, struct receivables);

    r->today = f->period.today;
    for (int64_t bucket = 0; bucket < BUCKETS; bucket++) {
        if (f->buckets.used[bucket] && !figures_items(s, bucket, r->today, take, r, why))
            return false;
    }
    sheet_fill(r, sheet);
    return true;
}

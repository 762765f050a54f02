#include "flow/report_parts.h"

enum { MONTHS_USUAL = 12, MONTHS_MOST = 120, MONTHS_OF_SALES = 3 };

static const struct table_column columns[] = {
    { "month", "MONTH", CELL_TEXT },
    { "as_of", NULL, CELL_TEXT },
    { "currency", "CURRENCY", CELL_TEXT },
    { "open", "OPEN", CELL_MONEY },
    { "past_due", "PAST DUE", CELL_MONEY },
    { "invoiced", "INVOICED", CELL_MONEY },
    { "invoiced_3_months", "IN 3 MONTHS", CELL_MONEY },
    { "days_3_months", NULL, CELL_COUNT },
    { "dso", "DSO", CELL_DECIMAL },
    { "best_possible_dso", "BEST POSSIBLE", CELL_DECIMAL },
    { "dso_3_months", "OVER 3 MONTHS", CELL_DECIMAL },
};

/* The first day of the month that lies `months` after that of `day`. */
static struct day month_of(struct day day, int months)
{
    struct date date = date_of_day(day);
    int number = date.year * 12 + date.month - 1 + months;

    return day_of_date((struct date){ number / 12, number % 12 + 1, 1 });
}

static void counted_back_add(struct table *t, const struct ageing *a, int64_t minor,
                             struct day day)
{
    struct countback c = countback_of(minor, a->billed_minor, day);
    char text[RATIO_TEXT];

    table_text(t, ratio_print(c.tenths_of_days, c.known ? 10 : 0, 1, text));
}

static void row_add(struct table *t, const struct ageing *a, struct day day)
{
    int days = day.number - month_of(day, 1 - MONTHS_OF_SALES).number + 1;
    char text[DAY_TEXT], ratio[RATIO_TEXT];
    int64_t sales = 0;

    for (int i = 0; i < MONTHS_OF_SALES; i++) {
        bool fits = !__builtin_add_overflow(sales, a->billed_minor[i], &sales);
        must(fits);
    }
    day_print(day, text);
    table_text(t, arena_copy_n(t->arena, text, sizeof "2026-11" - 1));
    table_text(t, text);
    table_text(t, currency_code(a->currency));
    table_money(t, money_of(a->open_minor, a->currency));
    table_money(t, money_of(a->past_due_minor, a->currency));
    table_money(t, money_of(a->billed_minor[0], a->currency));
    table_money(t, money_of(sales, a->currency));
    table_count(t, days);
    counted_back_add(t, a, a->open_minor, day);
    counted_back_add(t, a, a->open_minor - a->past_due_minor, day);
    table_text(t, ratio_print(a->open_minor, sales, days, ratio));
}

static void take(void *into, const struct dated_item *item)
{
    receivables_add(into, item);
}

static bool month_fill(struct store *s, const struct report_frame *f, struct receivables *r,
                       struct table *t, struct fault *why)
{
    for (int64_t bucket = 0; bucket < BUCKETS; bucket++) {
        if (f->buckets.used[bucket] && !figures_items(s, bucket, r->today, take, r, why))
            return false;
    }
    for (size_t i = 0; i < r->count; i++)
        row_add(t, &r->by_currency[i], r->today);
    return true;
}

/* Whole months, but for the last one when the period ends inside it. */
static bool period_of_months(const struct report_frame *f, struct figures_period *p,
                             struct fault *why)
{
    *p = f->period;
    p->from = f->period_given ? month_of(p->from, 0) : month_of(p->to, 1 - MONTHS_USUAL);
    if (month_of(p->from, MONTHS_MOST).number > p->to.number)
        return true;
    return fail(why, BAD_VALUE, "The report dso takes at most %d months.", MONTHS_MOST);
}

/* The book is read once for each month: a figure of a month is what a report of that day says.
 */
bool dso_fill(struct store *s, const struct report_frame *f, struct sheet *sheet,
              struct fault *why)
{
    struct receivables *r = arena_make(&sheet->arena, struct receivables);
    struct figures_period p;
    char from[DAY_TEXT], to[DAY_TEXT];

    if (!period_of_months(f, &p, why))
        return false;
    sheet->heading = arena_print(&sheet->arena, "Days sales outstanding from %s to %s",
                                 day_print(p.from, from), day_print(p.to, to));
    period_fields(sheet, &p);
    struct table *t =
        sheet_table(sheet, "months", "Nothing was invoiced by then.", COUNT(columns), columns);
    for (struct day first = p.from; first.number <= p.to.number; first = month_of(first, 1)) {
        struct day last = day_plus(month_of(first, 1), -1);
        *r = (struct receivables){ .today = last.number < p.to.number ? last : p.to };
        if (!month_fill(s, f, r, t, why))
            return false;
    }
    return true;
}

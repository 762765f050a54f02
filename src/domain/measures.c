#include "domain/measures.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

const struct age_range age_ranges[AGE_RANGES] = {
    { "not_due", "Not due", INT_MIN, 0 }, { "1-30", "1 to 30", 1, 30 },
    { "31-60", "31 to 60", 31, 60 },      { "61-90", "61 to 90", 61, 90 },
    { "91-120", "91 to 120", 91, 120 },   { "over_120", "Over 120", 121, INT_MAX },
};

static const struct {
    const char *name, *title;
} measures[] = {
#define X(code, name, title) { name, title },
    MEASURES(X)
#undef X
};

const char *measure_name(enum measure measure)
{
    must((size_t)measure < COUNT(measures));
    return measures[measure].name;
}

const char *measure_title(enum measure measure)
{
    must((size_t)measure < COUNT(measures));
    return measures[measure].title;
}

int days_past_due(struct day due_day, struct day today)
{
    int64_t days = (int64_t)today.number - due_day.number;

    return days <= 0 ? 0 : days > INT_MAX ? INT_MAX : (int)days;
}

size_t age_range_of(int days)
{
    size_t range = 0;

    while (days > age_ranges[range].to)
        range++;
    return range;
}

/* A book whose total leaves 64 bits is beyond every currency: wrong figures would be worse. */
static void add(int64_t *sum, int64_t more)
{
    bool fits = !__builtin_add_overflow(*sum, more, sum);

    must(fits);
}

struct ageing *ageing_of(struct receivables *r, enum currency currency)
{
    size_t at = 0;
    int order = 1;

    while (at < r->count && order > 0) {
        order = strcmp(currency_code(currency), currency_code(r->by_currency[at].currency));
        at += order > 0;
    }
    if (order == 0)
        return &r->by_currency[at];
    must(r->count < CURRENCIES_MOST);
    memmove(&r->by_currency[at + 1], &r->by_currency[at],
            (r->count - at) * sizeof r->by_currency[0]);
    r->by_currency[at] = (struct ageing){ .currency = currency };
    r->count++;
    return &r->by_currency[at];
}

static int month_number(struct day day)
{
    struct date date = date_of_day(day);

    return date.year * 12 + date.month - 1;
}

static void add_billed(struct ageing *a, const struct dated_item *item, struct day today)
{
    int back = month_number(today) - month_number(item->invoice_day);

    must(back >= 0);
    add(&a->charged_minor, item->amount_minor);
    add(&a->billed_minor[back < BILLING_MONTHS ? back : BILLING_MONTHS - 1],
        item->amount_minor);
}

static bool same_debt(const struct dated_item *a, const struct dated_item *b)
{
    return a->bucket == b->bucket && a->casefile_id == b->casefile_id && a->debt == b->debt;
}

/* A debt counts once, however many of its instalments are open; once in each range as well. */
static void count_debt(struct receivables *r, struct ageing *a, size_t range)
{
    unsigned bit = 1u << range;

    if (!r->debt_is_open)
        a->open_debts++;
    if ((r->ranges_counted & bit) == 0)
        a->range_debts[range]++;
    r->debt_is_open = true;
    r->ranges_counted |= bit;
}

void receivables_add(struct receivables *r, const struct dated_item *item)
{
    struct ageing *a = ageing_of(r, item->currency);

    if (!same_debt(item, &r->last)) {
        r->debt_is_open = false;
        r->ranges_counted = 0;
    }
    r->last = *item;
    add_billed(a, item, r->today);
    if (item->open_minor <= 0)
        return;

    int days = days_past_due(item->due_day, r->today);
    size_t range = age_range_of(days);
    add(&a->open_minor, item->open_minor);
    add(&a->range_minor[range], item->open_minor);
    if (days > 0)
        add(&a->past_due_minor, item->open_minor);
    a->past_due_days += (measure_sum)item->open_minor * days;
    count_debt(r, a, range);
}

/* Days of the month that lies `back` months before today's; of today's those it has had. */
static int days_of_month(struct day today, int back)
{
    int month = month_number(today) - back;
    struct date first = { month / 12, month % 12 + 1, 1 };
    struct date next = { (month + 1) / 12, (month + 1) % 12 + 1, 1 };

    if (back == 0)
        return date_of_day(today).day;
    return day_of_date(next).number - day_of_date(first).number;
}

int64_t rounded_ratio(measure_sum numerator, measure_sum denominator)
{
    bool negative = (numerator < 0) != (denominator < 0);
    measure_sum n = numerator < 0 ? -numerator : numerator;
    measure_sum d = denominator < 0 ? -denominator : denominator;
    measure_sum whole = (2 * n + d) / (2 * d);

    must(whole <= INT64_MAX);
    return (int64_t)(negative ? -whole : whole);
}

struct countback countback_of(int64_t open_minor, const int64_t billed_minor[BILLING_MONTHS],
                              struct day today)
{
    struct countback c = { 0 };
    int64_t left = open_minor;
    int oldest = BILLING_MONTHS - 1;

    while (oldest >= 0 && billed_minor[oldest] <= 0)
        oldest--;
    for (int back = 0; back <= oldest; back++) {
        int64_t billed = billed_minor[back], days = left > 0 ? days_of_month(today, back) : 0;
        if (billed > 0) {
            c.known = true;
            add(&c.billed_minor, billed);
        }
        if (billed > 0 && left <= billed) {
            c.tenths_of_days += rounded_ratio((measure_sum)days * 10 * left, billed);
            break;
        }
        c.tenths_of_days += days * 10;
        left -= billed > 0 ? billed : 0;
    }
    return c;
}

char *ratio_print(measure_sum numerator, measure_sum denominator, int scale,
                  char out[RATIO_TEXT])
{
    if (denominator == 0)
        return NULL;
    int64_t tenths = rounded_ratio(numerator * scale * 10, denominator);
    int64_t size = tenths < 0 ? -tenths : tenths;
    snprintf(out, RATIO_TEXT, "%s%lld.%lld", tenths < 0 ? "-" : "", (long long)(size / 10),
             (long long)(size % 10));
    return out;
}

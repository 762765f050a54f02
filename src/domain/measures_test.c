#include "domain/measures.h"

#include "base/text.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct day day_at(const char *text)
{
    struct day day;

    assert_true(day_parse(text, &day));
    return day;
}

/* Every number of days falls into exactly one range, and the ranges leave no gap. */
static void ranges_meet(void **state)
{
    (void)state;
    for (size_t range = 1; range < AGE_RANGES; range++)
        assert_int_equal(age_ranges[range].from, age_ranges[range - 1].to + 1);
    for (int days = -400; days <= 400; days++) {
        size_t range = age_range_of(days);
        assert_true(age_ranges[range].from <= days && days <= age_ranges[range].to);
    }
    assert_int_equal(age_range_of(INT_MAX), AGE_RANGES - 1);
}

static void due_day_is_not_late(void **state)
{
    struct day due = day_at("2012-03-01");

    (void)state;
    assert_int_equal(days_past_due(due, day_at("2012-02-01")), 0);
    assert_int_equal(days_past_due(due, due), 0);
    assert_int_equal(days_past_due(due, day_at("2012-03-02")), 1);
    assert_int_equal(days_past_due((struct day){ -2000000000 }, (struct day){ 2000000000 }),
                     INT_MAX);
}

static void ratios_round_halves_away(void **state)
{
    static const struct {
        int64_t numerator, denominator;
        int scale;
        const char *expected;
    } cases[] = {
        { 1, 2, 100, "50.0" },
        { 1, 3, 100, "33.3" },
        { 2, 3, 100, "66.7" },
        { 1, 2000, 100, "0.1" },
        { 1, 2001, 100, "0.0" },
        { -1, 2000, 100, "-0.1" },
        { 0, 5, 100, "0.0" },
        { 3, 2, 100, "150.0" },
        { 1, -4, 1, "-0.3" },
        { 5, 0, 100, NULL },
        { INT64_MAX, INT64_MAX, 100, "100.0" },
    };
    char text[RATIO_TEXT];

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *found =
            ratio_print(cases[i].numerator, cases[i].denominator, cases[i].scale, text);
        if (cases[i].expected == NULL)
            assert_null(found);
        else
            assert_string_equal(found, cases[i].expected);
    }
}

static void months_are_counted_back(void **state)
{
    static const struct {
        int64_t open, billed[4];
        const char *today;
        int64_t tenths, of;
        bool known;
    } cases[] = {
        /* this month alone: a half of its ten days */
        { 50, { 100 }, "2012-03-10", 50, 100, true },
        /* all of March so far, and half of February 2012, which had 29 days */
        { 150, { 100, 100 }, "2012-03-10", 100 + 145, 200, true },
        { 150, { 100, 100 }, "2013-03-10", 100 + 140, 200, true },
        /* exactly a month is a whole month, and no more */
        { 100, { 100, 100 }, "2012-03-10", 100, 100, true },
        /* an empty month counts with its days */
        { 150, { 100, 0, 100 }, "2012-03-10", 100 + 290 + 155, 200, true },
        /* nothing is open: 0 out of the newest month */
        { 0, { 0, 100 }, "2012-03-10", 0, 100, true },
        { 0, { 0 }, "2012-03-10", 0, 0, false },
        { 7, { 0 }, "2012-03-10", 0, 0, false },
        /* over the turn of the year: December has 31 days */
        { 300, { 100, 200 }, "2012-01-31", 310 + 310, 300, true },
        /* a third of a day rounds to tenths */
        { 1, { 3 }, "2012-03-01", 3, 3, true },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t billed[BILLING_MONTHS] = { 0 };
        memcpy(billed, cases[i].billed, sizeof cases[i].billed);
        struct countback c = countback_of(cases[i].open, billed, day_at(cases[i].today));
        assert_int_equal(c.known, cases[i].known);
        assert_int_equal(c.tenths_of_days, cases[i].tenths);
        assert_int_equal(c.billed_minor, cases[i].of);
    }
}

static struct dated_item item_of(int64_t casefile, int32_t debt, int32_t number,
                                 enum currency currency, const char *due, int64_t open)
{
    return (struct dated_item){ .bucket = 1,
                                .casefile_id = casefile,
                                .debt = debt,
                                .number = number,
                                .currency = currency,
                                .invoice_day = day_at("2012-01-15"),
                                .due_day = day_at(due),
                                .amount_minor = 1000,
                                .open_minor = open };
}

/* Two instalments in one range are one invoice of it; in two ranges, one of each. */
static void debts_count_once(void **state)
{
    struct receivables *r = calloc(1, sizeof *r);
    const struct dated_item items[] = {
        item_of(7, 1, 1, CURRENCY_USD, "2012-03-01", 100),
        item_of(7, 1, 2, CURRENCY_USD, "2012-03-05", 200),
        item_of(7, 1, 3, CURRENCY_USD, "2012-06-05", 300),
        item_of(7, 2, 1, CURRENCY_EUR, "2012-03-10", 50),
        item_of(7, 3, 1, CURRENCY_USD, "2012-03-01", 0),
        item_of(8, 3, 1, CURRENCY_USD, "2012-03-09", 1),
    };

    (void)state;
    r->today = day_at("2012-03-10");
    for (size_t i = 0; i < COUNT(items); i++)
        receivables_add(r, &items[i]);
    assert_int_equal(r->count, 2);
    assert_int_equal(r->by_currency[0].currency, CURRENCY_EUR);
    assert_int_equal(r->by_currency[0].past_due_minor, 0);
    const struct ageing *usd = &r->by_currency[1];
    assert_int_equal(usd->open_minor, 601);
    assert_int_equal(usd->past_due_minor, 301);
    assert_int_equal(usd->open_debts, 2);
    assert_int_equal(usd->range_debts[0], 1);
    assert_int_equal(usd->range_debts[1], 2);
    assert_int_equal(usd->range_minor[1], 301);
    assert_true(usd->past_due_days == 100 * 9 + 200 * 5 + 1 * 1);
    assert_int_equal(usd->charged_minor, 5000);
    assert_int_equal(usd->billed_minor[2], 5000);
    free(r);
}

/* The names in headings of the page, in its order, are those of the program. */
static void page_names_every_measure(void **state)
{
    struct arena a = { 0 };
    struct fault why = { 0 };
    char *page, heading[64];
    size_t length, count = 0;

    (void)state;
    assert_true(text_read_file("docs/measures.md", 1 << 20, &a, &page, &length, &why));
    for (const char *at = page; (at = strstr(at, "\n### `")) != NULL; at += 6) {
        bool known = false;
        for (int m = 0; m < MEASURE_COUNT; m++) {
            size_t size = strlen(measure_name((enum measure)m));
            known = known || (strncmp(at + 6, measure_name((enum measure)m), size) == 0 &&
                              at[6 + size] == '`');
        }
        assert_true(known);
        count++;
    }
    assert_int_equal(count, MEASURE_COUNT);
    for (int m = 0; m < MEASURE_COUNT; m++) {
        snprintf(heading, sizeof heading, "\n### `%s`\n", measure_name((enum measure)m));
        assert_non_null(strstr(page, heading));
    }
    for (size_t range = 0; range < AGE_RANGES; range++) {
        snprintf(heading, sizeof heading, "\n| `%s` | ", age_ranges[range].name);
        assert_non_null(strstr(page, heading));
    }
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges_meet),
        cmocka_unit_test(due_day_is_not_late),
        cmocka_unit_test(ratios_round_halves_away),
        cmocka_unit_test(months_are_counted_back),
        cmocka_unit_test(debts_count_once),
        cmocka_unit_test(page_names_every_measure),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

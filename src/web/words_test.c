/* How pages say amounts, days and places. */
#include "web/words.h"

#include "web/chart.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void test_amounts(void **state)
{
    static const struct {
        int64_t minor;
        enum currency currency;
        const char *shown, *brief;
    } rows[] = {
        { 0, CURRENCY_USD, "$0.00", "$0" },
        { 123456, CURRENCY_USD, "$1,234.56", "$1,234.56" },
        { -4634, CURRENCY_USD, "−$46.34", "−$46.34" },
        { 999999, CURRENCY_USD, "$9,999.99", "$9,999.99" },
        { 1000000, CURRENCY_USD, "$10,000.00", "$10k" },
        { 7812345, CURRENCY_EUR, "€78,123.45", "€78.1k" },
        { 99999999, CURRENCY_USD, "$999,999.99", "$999k" },
        { 142000000, CURRENCY_USD, "$1,420,000.00", "$1.42m" },
        { 2683912345, CURRENCY_GBP, "£26,839,123.45", "£26.8m" },
        { 1420000, CURRENCY_JPY, "¥1,420,000", "¥1.42m" },
    };
    struct arena a = { 0 };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_string_equal(words_money(&a, rows[i].minor, rows[i].currency), rows[i].shown);
        assert_string_equal(words_money_short(&a, rows[i].minor, rows[i].currency),
                            rows[i].brief);
    }
    assert_string_equal(words_count(&a, 1234567), "1,234,567");
    assert_string_equal(words_count(&a, -999), "-999");
    assert_string_equal(words_percent(&a, 1, 3), "33.3");
    assert_string_equal(words_percent(&a, 2, 3), "66.7");
    assert_null(words_percent(&a, 1, 0));
    arena_free(&a);
}

static void test_days(void **state)
{
    struct arena a = { 0 };
    struct day today = day_of_date((struct date){ 2026, 11, 20 });
    struct instant at;

    (void)state;
    assert_string_equal(words_day_near(&a, today, today), "Today");
    assert_string_equal(words_day_near(&a, day_plus(today, 1), today), "Tomorrow");
    assert_string_equal(words_day_near(&a, day_plus(today, 3), today), "Mon, Nov 23");
    assert_string_equal(words_day_near(&a, day_plus(today, -400), today), "Thu, Oct 16, 2025");
    assert_true(instant_parse("2026-11-20T00:05:00Z", &at));
    assert_string_equal(words_clock(&a, at, zone_find("UTC")), "12:05 am");
    assert_true(instant_parse("2026-11-20T12:30:00Z", &at));
    assert_string_equal(words_moment(&a, at, zone_find("UTC"), today), "Today, 12:30 pm");
    assert_true(instant_parse("2026-11-21T00:00:00Z", &at));
    assert_string_equal(words_moment(&a, at, zone_find("UTC"), today), "Tomorrow");
    arena_free(&a);
}

static void test_places(void **state)
{
    struct arena a = { 0 };

    (void)state;
    assert_string_equal(words_place(&a, "US-WI"), "Wisconsin, US");
    assert_string_equal(words_place(&a, "US-WI,CA-ON"), "Wisconsin, US or Ontario, CA");
    assert_string_equal(words_place(&a, "US-NY-NYC,US-NY"), "New York City, US");
    assert_string_equal(words_place(&a, "FR-75"), "FR-75");
    assert_string_equal(words_place(&a, ""), "Place not known");
    arena_free(&a);
}

static void test_steps_of_a_scale(void **state)
{
    (void)state;
    assert_int_equal(chart_step(1, 4), 1);
    assert_int_equal(chart_step(7, 4), 2);
    assert_int_equal(chart_step(100, 4), 50);
    assert_int_equal(chart_step(141, 4), 50);
    assert_int_equal(chart_step(1410000, 4), 500000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_amounts),
        cmocka_unit_test(test_days),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_steps_of_a_scale),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

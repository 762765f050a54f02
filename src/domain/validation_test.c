#include "domain/validation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static struct day day_of(const char *text)
{
    struct day day = DAY_NONE;

    assert_true(day_parse(text, &day));
    return day;
}

static void the_holidays_of_a_year(void **state)
{
    static const char *const legal[] = {
        "2026-01-01", "2026-01-19", "2026-02-16", "2026-05-25", "2026-06-19", "2026-07-04",
        "2026-09-07", "2026-10-12", "2026-11-11", "2026-11-26", "2026-12-25",
    };
    size_t found = 0;

    (void)state;
    for (struct day day = day_of("2026-01-01"); day.number <= day_of("2026-12-31").number;
         day = day_plus(day, 1))
        found += federal_holiday_is(day);
    assert_int_equal(found, COUNT(legal));
    for (size_t i = 0; i < COUNT(legal); i++)
        assert_true(federal_holiday_is(day_of(legal[i])));
    assert_false(federal_holiday_is(day_of("2020-06-19")));
    assert_true(federal_holiday_is(day_of("2021-06-19")));
    assert_false(federal_holiday_is(day_of("1985-01-21")));
    assert_true(federal_holiday_is(day_of("1986-01-20")));
}

static void days_off(void **state)
{
    static const char *const off[] = {
        "2026-07-03", /* Friday: the 4th is a Saturday                  */
        "2026-07-04", "2026-07-05",
        "2027-07-05", /* Monday: the 4th was a Sunday                   */
        "2021-12-31", /* Friday: New Year's Day 2022 is a Saturday      */
        "2023-01-02", /* Monday: New Year's Day 2023 was a Sunday       */
        "2026-06-19",
    };
    static const char *const on[] = { "2026-07-02", "2026-07-06", "2027-07-06", "2026-12-31",
                                      "2026-06-18", "2026-06-22", "2025-07-03" };

    (void)state;
    for (size_t i = 0; i < COUNT(off); i++)
        assert_true(federal_day_is_off(day_of(off[i])));
    for (size_t i = 0; i < COUNT(on); i++)
        assert_false(federal_day_is_off(day_of(on[i])));
}

/* Counted by hand on a calendar. */
static void when_the_period_ends(void **state)
{
    static const struct {
        const char *sent, *received, *end;
    } cases[] = {
        { "2026-03-02", "2026-03-09", "2026-04-08" }, /* Monday, one weekend between     */
        { "2026-06-08", "2026-06-15", "2026-07-15" },
        { "2026-06-15", "2026-06-23", "2026-07-23" }, /* Juneteenth is not counted       */
        { "2026-06-29", "2026-07-07", "2026-08-06" }, /* nor the Friday before 4 July    */
        { "2026-07-02", "2026-07-10", "2026-08-09" },
        { "2026-07-03", "2026-07-10", "2026-08-09" },
        { "2026-07-04", "2026-07-10", "2026-08-09" }, /* sent on a day off               */
        { "2026-12-23", "2026-12-31", "2027-01-30" }, /* Christmas                       */
        { "2026-12-28", "2027-01-05", "2027-02-04" }, /* New Year's Day                  */
        { "2026-12-30", "2027-01-07", "2027-02-06" },
        { "2026-11-20", "2026-11-30", "2026-12-30" }, /* Thanksgiving                    */
        { "2028-02-21", "2028-02-28", "2028-03-29" }, /* a leap year                     */
    };
    char text[DAY_TEXT];

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct day sent = day_of(cases[i].sent);
        assert_string_equal(day_print(validation_received(sent), text), cases[i].received);
        assert_string_equal(day_print(validation_end(sent), text), cases[i].end);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_holidays_of_a_year),
        cmocka_unit_test(days_off),
        cmocka_unit_test(when_the_period_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

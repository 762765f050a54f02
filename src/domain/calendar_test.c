#include "domain/calendar.h"
#include "domain/holiday.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const int month_days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Walks the calendar by counting days on the fingers, 1600 to 2000 and on to 2400. */
static void every_day_of_two_eras(void **state)
{
    int32_t number = day_of_date((struct date){ 1600, 1, 1 }).number;
    int weekday = 5; /* 1600-01-01 was a Saturday */
    char text[DAY_TEXT], wanted[DAY_TEXT];
    struct day parsed;

    (void)state;
    for (int year = 1600; year < 2400; year++) {
        for (int month = 1; month <= 12; month++) {
            int last = month_days[month - 1] + (month == 2 && is_leap(year));
            for (int day = 1; day <= last; day++, number++, weekday = (weekday + 1) % 7) {
                struct date date = { year, month, day },
                            back = date_of_day((struct day){ number });
                assert_int_equal(day_of_date(date).number, number);
                assert_true(back.year == year && back.month == month && back.day == day);
                assert_int_equal(weekday_of((struct day){ number }), weekday);
                assert_true(date_is_valid(date));
                snprintf(wanted, sizeof wanted, "%04d-%02d-%02d", year, month, day);
                assert_string_equal(day_print((struct day){ number }, text), wanted);
                assert_true(day_parse(text, &parsed) && parsed.number == number);
            }
            assert_false(date_is_valid((struct date){ year, month, last + 1 }));
        }
    }
    assert_int_equal(day_of_date((struct date){ 1970, 1, 1 }).number, 0);
}

static void dates_that_are_none(void **state)
{
    static const char *const wrong[] = {
        "",           "2026",       "2026-2-3",   "2026-02-30",  "2026-13-01",  "2026-00-10",
        "2026-01-00", "26-01-01",   "2026/01/01", "2026-01-01 ", " 2026-01-01", "1599-12-31",
        "2026-01-0x", "2025-02-29", "20260101",   "-026-01-01"
    };
    struct day day;
    char text[DAY_TEXT];

    (void)state;
    assert_false(day_parse(NULL, &day));
    for (size_t i = 0; i < COUNT(wrong); i++)
        assert_false(day_parse(wrong[i], &day));
    assert_string_equal(day_print(DAY_NEVER, text), "never");
    assert_string_equal(day_print(DAY_NONE, text), "unknown");
}

static void moments_are_read_and_written(void **state)
{
    static const struct {
        const char *text, *utc;
    } cases[] = {
        { "2026-06-10T21:30:00-04:00", "2026-06-11T01:30:00Z" },
        { "2026-06-10T21:30-04:00", "2026-06-11T01:30:00Z" },
        { "2026-06-10 21:30:00Z", "2026-06-10T21:30:00Z" },
        { "2026-06-10t21:30:00z", "2026-06-10T21:30:00Z" },
        { "1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.500000Z" },
        { "2026-06-10T00:00:00.1234567+05:45", "2026-06-09T18:15:00.123456Z" },
        { "9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z" },
        { "1600-01-01T00:00:00+00:00", "1600-01-01T00:00:00Z" },
    };
    static const char *const wrong[] = {
        "",
        "2026-06-10",
        "2026-06-10T21:30:00",
        "2026-06-10T24:00:00Z",
        "2026-06-10T21:60:00Z",
        "2026-06-10T21:30:60Z",
        "2026-06-10T21:30:00+4",
        "2026-06-10T21:30:00+24:00",
        "2026-06-10T21:30:00.Z",
        "2026-06-10T21:30:00Z ",
        "2026-06-31T21:30:00Z",
    };
    char text[INSTANT_TEXT];
    struct instant at, back;

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_true(instant_parse(cases[i].text, &at));
        assert_string_equal(instant_print(at, text), cases[i].utc);
        assert_true(instant_parse(text, &back) && back.us == at.us);
    }
    for (size_t i = 0; i < COUNT(wrong); i++)
        assert_false(instant_parse(wrong[i], &at));
    assert_string_equal(instant_print(INSTANT_NEVER, text), "never");
}

static void print_and_parse_agree_on_many_moments(void **state)
{
    const struct zone *zone = zone_find("America/St_Johns");
    char text[INSTANT_TEXT];
    struct instant back;

    (void)state;
    assert_non_null(zone);
    for (int64_t us = -8000000000000000; us < 8000000000000000; us += 7777777777777) {
        struct instant at = { us - us % 1000000 + (us % 3 == 0 ? 17 : 0) };
        assert_true(instant_parse(instant_print(at, text), &back) && back.us == at.us);
        if (at.us > 0) { /* before 1935 this zone's offset has seconds */
            assert_true(instant_parse(instant_print_in(at, zone, text), &back));
            assert_true(back.us == at.us);
        }
    }
}

static struct day day_of(const char *text)
{
    struct day day = DAY_NONE;

    assert_true(day_parse(text, &day));
    return day;
}

static void holidays_fall_where_they_should(void **state)
{
    static const struct {
        const char *rule, *on;
    } cases[] = {
        { "12-25", "2026-12-25" },
        { "2026-06-12", "2026-06-12" },
        { "easter -2", "2026-04-03" },
        { "easter +1", "2026-04-06" },
        { "easter 0", "2038-04-25" },
        { "easter 0", "2285-03-22" },
        { "first monday 09", "2026-09-07" },
        { "third monday 02", "2026-02-16" },
        { "last monday 05", "2026-05-25" },
        { "last monday 08", "2026-08-31" },
        { "monday before 05-25", "2026-05-18" },
        { "fourth thursday 11", "2026-11-26" },
        { "12-27 if monday", "2027-12-27" },
        { "02-29", "2028-02-29" },
    };
    static const char *const wrong[] = { "",
                                         "12-32",
                                         "13-01",
                                         "02-30",
                                         "easter",
                                         "easter x",
                                         "fifth monday 09",
                                         "1-5",
                                         "first moonday 09",
                                         "first monday 13",
                                         "12-25x",
                                         "monday before 05-32",
                                         "12-27 if someday" };
    struct holiday holiday;

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct day on = day_of(cases[i].on);
        int found = 0;
        assert_true(holiday_parse(cases[i].rule, &holiday));
        for (int ahead = -60; ahead <= 60; ahead++)
            found += holiday_falls_on(&holiday, day_plus(on, ahead));
        assert_true(holiday_falls_on(&holiday, on));
        assert_int_equal(found, 1);
    }
    for (size_t i = 0; i < COUNT(wrong); i++)
        assert_false(holiday_parse(wrong[i], &holiday));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_of_two_eras),
        cmocka_unit_test(dates_that_are_none),
        cmocka_unit_test(moments_are_read_and_written),
        cmocka_unit_test(print_and_parse_agree_on_many_moments),
        cmocka_unit_test(holidays_fall_where_they_should),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

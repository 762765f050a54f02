/* Schedules: their dates without drift, their text there and back, and what is refused. */
#include "domain/schedule.h"

#include "domain/holiday.h"
#include "domain/schedule_fixture.h"

static const struct closed_days federal = { federal_off_is, NULL };
static const struct closed_days weekends = { weekend_is, NULL };
static const struct closed_days none = { NULL, NULL };

static void the_dates(void **state)
{
    static const struct {
        const char *schedule, *first, *dates; /* the first ones, by blanks; closed: federal */
    } cases[] = {
        { "weekly", "2026-12-04", "2026-12-04 2026-12-11 2026-12-18" },
        { "weekly on monday", "2026-12-04", "2026-12-07 2026-12-14" },
        { "weekly on friday", "2026-12-04", "2026-12-04 2026-12-11" },
        { "2weeks", "2026-12-04", "2026-12-04 2026-12-18 2027-01-01" },
        { "2weeks or after", "2026-12-04", "2026-12-04 2026-12-18 2027-01-04 2027-01-15" },
        { "2weeks or before", "2026-12-04", "2026-12-04 2026-12-18 2026-12-31 2027-01-15" },
        { "4weeks", "2026-12-04", "2026-12-04 2027-01-01 2027-01-29" },
        { "month", "2027-01-31", "2027-01-31 2027-02-28 2027-03-31 2027-04-30 2027-05-31" },
        { "month", "2028-01-31", "2028-01-31 2028-02-29 2028-03-31" },
        { "month on 31", "2027-02-28", "2027-02-28 2027-03-31 2027-04-30" },
        { "month on 4", "2026-11-17", "2026-12-04 2027-01-04 2027-02-04" },
        { "month on 17", "2026-11-17", "2026-11-17 2026-12-17" },
        { "month on second friday", "2026-12-11", "2026-12-11 2027-01-08 2027-02-12" },
        { "month on second friday", "2026-12-12", "2027-01-08 2027-02-12" },
        { "month on last friday", "2026-12-01", "2026-12-25 2027-01-29 2027-02-26" },
        { "month on last friday or before", "2026-12-01", "2026-12-24 2027-01-29" },
        { "month on first monday", "2026-12-07", "2026-12-07 2027-01-04" },
        { "1st and 15th", "2026-12-02", "2026-12-15 2027-01-01 2027-01-15 2027-02-01" },
        { "15th and last", "2027-02-01", "2027-02-15 2027-02-28 2027-03-15 2027-03-31" },
        { "quarter", "2026-11-30", "2026-11-30 2027-02-28 2027-05-30 2027-08-30" },
        { "quarter on 15", "2026-11-30", "2026-12-15 2027-03-15 2027-06-15" },
        { "quarter on last friday", "2026-11-30", "2026-12-25 2027-03-26" },
        { "2026-12-04,2027-01-04,2027-03-04", "2026-12-05", "2027-01-04 2027-03-04 never" },
        { "2026-12-05 or after", "2026-12-01", "2026-12-07 never" },
        /* A first date that would move into the past is left out. */
        { "month on 5 or before", "2026-12-05", "2027-01-05 2027-02-05" },
        { "weekly or before", "2026-12-05", "2026-12-11 2026-12-18" },
        { "weekly on sunday or after", "2026-12-05", "2026-12-07 2026-12-14" },
    };
    char text[DAY_TEXT], all[256];

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct schedule s = schedule_of(cases[i].schedule);
        size_t n = 0, wanted = strlen(cases[i].dates);
        all[0] = '\0';
        for (int k = 0; n < wanted; k++) {
            struct day day = schedule_date(&s, day_of(cases[i].first), k, federal);
            n += (size_t)snprintf(all + n, sizeof all - n, "%s%s", k > 0 ? " " : "",
                                  day.number == DAY_NEVER.number ? "never"
                                                                 : day_print(day, text));
        }
        if (strcmp(all, cases[i].dates) != 0)
            fail_msg("%s from %s: %s", cases[i].schedule, cases[i].first, all);
    }
}

static void texts_are_read(void **state)
{
    static const char *const pairs[][2] = {
        { "weekly", "weekly" },
        { "week", "weekly" },
        { "fortnight on Fri", "2weeks on friday" },
        { "monthly on 1st", "month on 1" },
        { "month on last", "month on 31" },
        { "month on second fri or after", "month on second friday or after" },
        { "1 and 15", "1st and 15th" },
        { "2 and 23", "2nd and 23rd" },
        { "7 and 31", "7th and 31st" },
        { "2026-12-04,2027-01-04 or before", "2026-12-04,2027-01-04 or before" },
    };
    static const char *const bad[] = { "",
                                       "daily",
                                       "month on",
                                       "month on 0",
                                       "month on 32",
                                       "month on fifth friday",
                                       "weekly ",
                                       "month on second",
                                       "weekly on 3",
                                       "1st and 2nd",
                                       "6th and 31st",
                                       "1st and 28th",
                                       "15th and 1st",
                                       "1st and 15th and 20th",
                                       "2026-12-04,2026-12-04",
                                       "2026-02-30",
                                       "2026-12-04,",
                                       "2026-12-04 2026-12-05",
                                       "or after",
                                       "month or never",
                                       "weekly on",
                                       "month on 15th of it",
                                       "month on second friday of it" };
    struct schedule s;
    struct fault why;
    char text[SCHEDULE_TEXT];

    (void)state;
    for (size_t i = 0; i < COUNT(pairs); i++) {
        s = schedule_of(pairs[i][0]);
        assert_string_equal(schedule_print(&s, text), pairs[i][1]);
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        why = (struct fault){ 0 };
        if (schedule_parse(bad[i], &s, &why))
            fail_msg("\"%s\" is no schedule", bad[i]);
        assert_int_equal(why.code, BAD_VALUE);
        assert_true(why.text[0] != '\0');
    }
}

static struct schedule any_schedule(void)
{
    static const int steps[] = { 7, 14, 28 };
    struct schedule s = { .kind = (enum schedule_kind)small_dice(0, 4),
                          .shift = (enum day_shift)small_dice(0, 2) };

    switch (s.kind) {
    case SCHEDULE_DAYS:
        s.step = steps[small_dice(0, 2)];
        s.weekday = small_dice(-1, 6);
        break;
    case SCHEDULE_MONTHS:
        s.step = small_dice(0, 1) ? 1 : 3;
        s.month_days[0] = small_dice(0, 31);
        break;
    case SCHEDULE_WEEKDAY:
        s.step = small_dice(0, 1) ? 1 : 3;
        s.nth = small_dice(1, 5);
        s.weekday = small_dice(0, 6);
        break;
    case SCHEDULE_TWICE:
        s.month_days[0] = small_dice(7, 14);
        s.month_days[1] = s.month_days[0] + small_dice(7, 14);
        break;
    case SCHEDULE_LIST:
        s.date_count = (size_t)small_dice(1, SCHEDULE_DATES_MOST);
        for (size_t i = 0; i < s.date_count; i++)
            s.dates[i] = day_plus(i > 0 ? s.dates[i - 1] : (struct day){ 20000 }, small_dice(1, 40));
        break;
    }
    return s;
}

static void text_goes_there_and_back(void **state)
{
    char text[SCHEDULE_TEXT];

    (void)state;
    for (int i = 0; i < 20000; i++) {
        struct schedule s = any_schedule();
        struct schedule back = schedule_of(schedule_print(&s, text));
        if (memcmp(&s, &back, sizeof s) != 0)
            fail_msg("%s is not read back", text);
    }
}

/* A hundred thousand dates, each asked for alone. */
static void dates_do_not_drift(void **state)
{
    (void)state;
    for (int i = 0; i < 100000; i++) {
        struct schedule s = any_schedule();
        struct day first = { small_dice(18000, 26000) };
        int n = small_dice(0, 59);
        struct day day = schedule_date(&s, first, n, federal),
                   next = schedule_date(&s, first, n + 1, federal);
        if (s.kind == SCHEDULE_LIST) {
            assert_true(day.number == DAY_NEVER.number || day.number <= next.number);
            continue;
        }
        assert_true(day.number >= first.number);
        assert_true(day.number < next.number); /* no two on one day */
        assert_true(next.number - day.number <= 98 + 8);
        assert_true(s.shift == SHIFT_NONE || !federal_off_is(NULL, day));
        if (s.shift != SHIFT_NONE)
            continue;
        struct date date = date_of_day(day);
        if (s.kind == SCHEDULE_DAYS)
            assert_int_equal(next.number - day.number, s.step);
        if (s.kind == SCHEDULE_WEEKDAY) {
            struct holiday rule = {
                .kind = HOLIDAY_NTH, .month = date.month, .nth = s.nth, .weekday = s.weekday
            };
            assert_true(holiday_falls_on(&rule, day));
        }
        if (s.kind == SCHEDULE_MONTHS) {
            int wanted = s.month_days[0] ? s.month_days[0] : date_of_day(first).day;
            bool last = date_of_day(day_plus(day, 1)).day == 1;
            assert_true(date.day == wanted || (last && date.day < wanted));
        }
    }
}

static void closed_days_move(void **state)
{
    struct day saturday = day_of("2026-12-05");

    (void)state;
    assert_int_equal(day_moved(saturday, SHIFT_AFTER, weekends).number, saturday.number + 2);
    assert_int_equal(day_moved(saturday, SHIFT_BEFORE, weekends).number, saturday.number - 1);
    assert_int_equal(day_moved(saturday, SHIFT_NONE, weekends).number, saturday.number);
    assert_int_equal(day_moved(saturday, SHIFT_AFTER, none).number, saturday.number);
    assert_int_equal(day_plus_months(day_of("2026-12-31"), 2).number,
                     day_of("2027-02-28").number);
    assert_int_equal(day_plus_months(day_of("2026-12-31"), -1).number,
                     day_of("2026-11-30").number);
}

static void words(void **state)
{
    static const struct {
        const char *schedule, *words, *alone;
        int times;
    } cases[] = { { "weekly", "a week", "every week", 52 },
                  { "2weeks", "every two weeks", "every two weeks", 26 },
                  { "4weeks", "every four weeks", "every four weeks", 13 },
                  { "month on 3", "a month", "every month", 12 },
                  { "month on last friday", "a month", "every month", 12 },
                  { "1st and 15th", "twice a month", "twice a month", 24 },
                  { "quarter", "a quarter", "every quarter", 4 },
                  { "2026-12-04", "each time", "each time", 0 } };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct schedule s = schedule_of(cases[i].schedule);
        assert_string_equal(times_words(schedule_times_a_year(&s)), cases[i].words);
        assert_string_equal(times_alone(schedule_times_a_year(&s)), cases[i].alone);
        assert_int_equal(schedule_times_a_year(&s), cases[i].times);
    }
}

int main(void)
{
    seed = 31;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_dates),
        cmocka_unit_test(texts_are_read),
        cmocka_unit_test(text_goes_there_and_back),
        cmocka_unit_test(dates_do_not_drift),
        cmocka_unit_test(closed_days_move),
        cmocka_unit_test(words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

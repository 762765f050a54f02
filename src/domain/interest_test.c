#include "domain/interest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct day day_of(const char *text)
{
    struct day day = DAY_NONE;

    assert_true(day_parse(text, &day));
    return day;
}

/* The same sequence on every machine. */
static uint64_t seed;
static uint32_t any(uint32_t below)
{
    seed = seed * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)(seed >> 33) % below;
}

static void counts_have_names(void **state)
{
    enum day_count back;

    (void)state;
    for (int i = 0; i < DAY_COUNT_COUNT; i++) {
        assert_true(day_count_parse(day_count_name((enum day_count)i), &back));
        assert_int_equal(back, i);
    }
    assert_false(day_count_parse("ACT/365", &back));
}

static void a_rate_holds_until_the_next(void **state)
{
    const struct rate_step steps[] = { { day_of("2024-01-01"), 80000 },
                                       { day_of("2024-07-01"), 90000 },
                                       { day_of("2025-01-01"), 0 } };
    const struct rates rates = { COUNT(steps), steps };

    (void)state;
    assert_int_equal(rate_on(rates, day_of("2023-12-31")), 0);
    assert_int_equal(rate_on(rates, day_of("2024-01-01")), 80000);
    assert_int_equal(rate_on(rates, day_of("2024-06-30")), 80000);
    assert_int_equal(rate_on(rates, day_of("2024-07-01")), 90000);
    assert_int_equal(rate_on(rates, day_of("2030-01-01")), 0);
    assert_int_equal(rate_on((struct rates){ 0 }, day_of("2024-01-01")), 0);
}

/*
 * Interest on a million at 36.5 % (365 a day at act/365f), 36.6 or 36 %, where each count gives
 * whole numbers that can be checked by hand.
 */
static void days_and_years(void **state)
{
    static const struct {
        enum day_count count;
        int32_t ppm;
        const char *from, *to;
        int64_t minor;
    } cases[] = {
        { DAY_COUNT_ACT_365F, 365000, "2024-02-28", "2024-03-01", 2000 },
        { DAY_COUNT_ACT_365F, 365000, "2024-01-01", "2025-01-01", 366000 },
        { DAY_COUNT_ACT_360, 360000, "2023-02-28", "2023-03-01", 1000 },
        { DAY_COUNT_ACT_360, 360000, "2023-01-01", "2024-01-01", 365000 },
        { DAY_COUNT_ACT_ACT, 366000, "2024-01-01", "2025-01-01", 366000 },
        { DAY_COUNT_ACT_ACT, 366000, "2024-02-28", "2024-03-01", 2000 },
        { DAY_COUNT_ACT_ACT, 365000, "2023-12-31", "2024-01-01", 1000 },
        { DAY_COUNT_ACT_ACT, 366000, "2024-12-31", "2025-01-01", 1000 },
        { DAY_COUNT_ACT_ACT, 365000, "1900-02-28", "1900-03-01", 1000 }, /* not a leap year */
        { DAY_COUNT_30_360, 360000, "2024-02-28", "2024-03-01", 3000 },
        { DAY_COUNT_30_360, 360000, "2024-01-30", "2024-01-31", 0 },
        { DAY_COUNT_30_360, 360000, "2024-01-29", "2024-01-31", 2000 },
        { DAY_COUNT_30E_360, 360000, "2024-01-29", "2024-01-31", 1000 },
        { DAY_COUNT_30_360, 360000, "2024-01-31", "2024-03-31", 60000 },
        { DAY_COUNT_30E_360, 360000, "2024-01-15", "2025-01-15", 360000 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct rate_step step = { day_of("1800-01-01"), cases[i].ppm };
        struct interest_run run = { 0 };
        struct day from = day_of(cases[i].from);
        assert_true(interest_add(&run, cases[i].count, (struct rates){ 1, &step }, from, from,
                                 day_of(cases[i].to), 1000000));
        if (run.minor != cases[i].minor || run.rest != 0)
            fail_msg("case %zu: %lld rest %lld", i, (long long)run.minor, (long long)run.rest);
    }
}

/* Day by day, with the rate of each day: what weight by pieces must agree with. */
static void by_single_days(struct interest_run *run, enum day_count count, struct rates rates,
                           struct day from, struct day to, int64_t base)
{
    for (struct day day = from; day.number < to.number; day = day_plus(day, 1)) {
        struct rate_step step = { day, rate_on(rates, day) };
        assert_true(interest_add(run, count, (struct rates){ 1, &step }, from, day,
                                 day_plus(day, 1), base));
    }
}

static void any_cutting_gives_the_same(void **state)
{
    (void)state;
    seed = 20261120;
    for (int round = 0; round < 3000; round++) {
        struct rate_step steps[8];
        struct day from = { (int32_t)any(40000) - 10000 };
        struct day to = day_plus(from, (int)any(1500));
        struct rates rates = { any(COUNT(steps) + 1), steps };
        int32_t at = from.number - 200;
        for (size_t i = 0; i < rates.count; i++)
            steps[i] = (struct rate_step){ { at += 1 + (int32_t)any(250) },
                                           (int32_t)any(300000) - 10000 };
        enum day_count count = (enum day_count)any(DAY_COUNT_COUNT);
        int64_t base = (int64_t)any(2000000000) * (1 + any(1000)) - 1000000000;

        struct interest_run whole = { 0 }, cut = { 0 }, daily = { 0 };
        assert_true(interest_add(&whole, count, rates, from, from, to, base));
        for (struct day day = from; day.number < to.number;) {
            struct day next = day_plus(day, 1 + (int)any(120));
            if (next.number > to.number)
                next = to;
            assert_true(interest_add(&cut, count, rates, from, day, next, base));
            day = next;
        }
        by_single_days(&daily, count, rates, from, to, base);
        assert_int_equal(cut.minor, whole.minor);
        assert_int_equal(cut.rest, whole.rest);
        assert_int_equal(daily.minor, whole.minor);
        assert_int_equal(daily.rest, whole.rest);
        assert_true(whole.rest >= -INTEREST_PARTS / 2 && whole.rest < INTEREST_PARTS / 2);
    }
}

static void half_goes_up(void **state)
{
    const struct rate_step step = { day_of("2024-01-01"), 365000 };
    const struct rates rates = { 1, &step };
    struct day day = day_of("2026-01-01");
    struct interest_run up = { 0 }, below = { 0 }, negative = { 0 };

    (void)state;
    assert_true(interest_add(&up, DAY_COUNT_ACT_365F, rates, day, day, day_plus(day, 1), 500));
    assert_int_equal(up.minor, 1);
    assert_int_equal(up.rest, -INTEREST_PARTS / 2);
    assert_true(interest_add(&up, DAY_COUNT_ACT_365F, rates, day, day_plus(day, 1),
                             day_plus(day, 2), 500));
    assert_int_equal(up.minor, 1); /* not 2: only the sum is rounded */
    assert_int_equal(up.rest, 0);
    assert_true(
        interest_add(&below, DAY_COUNT_ACT_365F, rates, day, day, day_plus(day, 1), 499));
    assert_int_equal(below.minor, 0);
    assert_true(
        interest_add(&negative, DAY_COUNT_ACT_365F, rates, day, day, day_plus(day, 1), -500));
    assert_int_equal(negative.minor, 0);
    assert_int_equal(negative.rest, -INTEREST_PARTS / 2);
}

static void what_does_not_fit_is_refused(void **state)
{
    const struct rate_step step = { day_of("2000-01-01"), 1000000 },
                           greatest = { day_of("1600-01-01"), INT32_MAX };
    struct day from = day_of("2001-01-01"), to = day_of("2002-01-01");
    struct interest_run run = { 0 };

    (void)state;
    assert_true(interest_add(&run, DAY_COUNT_ACT_365F, (struct rates){ 1, &step }, from, from,
                             to, INT64_MAX));
    assert_int_equal(run.minor, INT64_MAX);
    assert_false(interest_add(&run, DAY_COUNT_ACT_365F, (struct rates){ 1, &step }, from, to,
                              day_plus(to, 1), 365));
    assert_int_equal(run.minor, INT64_MAX);
    assert_int_equal(run.rest, 0);
    run = (struct interest_run){ 0 };
    assert_false(interest_add(&run, DAY_COUNT_ACT_360, (struct rates){ 1, &greatest },
                              day_of("1600-01-01"), day_of("1600-01-01"), day_of("9999-12-31"),
                              INT64_MIN));
    assert_int_equal(run.minor, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_have_names), cmocka_unit_test(a_rate_holds_until_the_next),
        cmocka_unit_test(days_and_years),    cmocka_unit_test(any_cutting_gives_the_same),
        cmocka_unit_test(half_goes_up),      cmocka_unit_test(what_does_not_fit_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

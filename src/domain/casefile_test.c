/*
 * Two quantities that are easily taken for one: days past due are those of the contract, days
 * delinquent what is held against the debtor, after grace and without pauses.
 */
#include "domain/casefile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

enum { DUE = 20000, PAUSES = 4, ROUNDS = 20000 };

static int32_t count_days(struct pause *pauses, size_t count, int32_t grace, int32_t late)
{
    struct casefile c = { .pauses = pauses, .pause_count = count };
    struct instalment item = { .debt = 1, .due_day = { DUE }, .grace_days = grace };

    return instalment_days_delinquent(&c, &item, (struct day){ DUE + late });
}

/* From the first to the last day of a pause, counted from the due day. */
static struct pause paused(int32_t debt, int32_t first, int32_t last)
{
    return (struct pause){ debt, { DUE + first }, { DUE + last + 1 } };
}

static void grace_comes_before_the_first_day(void **state)
{
    (void)state;
    assert_int_equal(count_days(NULL, 0, 0, -3), 0);
    assert_int_equal(count_days(NULL, 0, 0, 0), 0);
    assert_int_equal(count_days(NULL, 0, 0, 1), 1);
    assert_int_equal(count_days(NULL, 0, 5, 5), 0);
    assert_int_equal(count_days(NULL, 0, 5, 6), 1);
    assert_int_equal(count_days(NULL, 0, 5, 30), 25);
}

static void a_pause_takes_its_days_out(void **state)
{
    struct pause one[] = { paused(0, 4, 8) };
    struct pause other[] = { paused(2, 4, 8) };
    struct pause overlapping[] = { paused(1, 6, 12), paused(0, 4, 8), paused(0, 20, 99999999 - DUE) };

    (void)state;
    assert_int_equal(count_days(one, 1, 0, 3), 3);
    assert_int_equal(count_days(one, 1, 0, 4), 3);
    assert_int_equal(count_days(one, 1, 0, 8), 3);
    assert_int_equal(count_days(one, 1, 0, 9), 4);
    assert_int_equal(count_days(one, 1, 6, 9), 1); /* grace and pause overlap */
    assert_int_equal(count_days(other, 1, 0, 9), 9);
    assert_int_equal(count_days(overlapping, 3, 0, 12), 3);
    assert_int_equal(count_days(overlapping, 3, 0, 19), 10);
    assert_int_equal(count_days(overlapping, 3, 0, 400), 10);
}

static int pick(uint64_t *state, int least, int most)
{
    *state = *state * 6364136223846793005U + 1442695040888963407U;
    return least + (int)((*state >> 33) % (unsigned)(most - least + 1));
}

static bool covered(const struct pause *pauses, size_t count, int32_t day)
{
    for (size_t i = 0; i < count; i++) {
        if (pauses[i].debt < 2 && pauses[i].from.number <= day && day < pauses[i].until.number)
            return true;
    }
    return false;
}

static void the_same_as_counting_day_by_day(void **state)
{
    uint64_t seed = 28;

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct pause pauses[PAUSES];
        size_t count = (size_t)pick(&seed, 0, PAUSES);
        int32_t grace = pick(&seed, 0, 10), late = pick(&seed, -10, 80), days = 0;
        for (size_t i = 0; i < count; i++) {
            int first = pick(&seed, -20, 80);
            pauses[i] = paused(pick(&seed, 0, 2), first, first + pick(&seed, 0, 30));
        }
        for (int32_t day = DUE + grace + 1; day <= DUE + late; day++)
            days += !covered(pauses, count, day);
        if (count_days(pauses, count, grace, late) != days)
            fail_msg("round %d: %d days, not %d", round, days,
                     count_days(pauses, count, grace, late));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grace_comes_before_the_first_day),
        cmocka_unit_test(a_pause_takes_its_days_out),
        cmocka_unit_test(the_same_as_counting_day_by_day),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

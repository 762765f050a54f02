/*
 * The approval gap: the largest difference between two groups of one kind that have enough
 * cases; below that, no figure.
 */
#include "domain/insight.h"

#include "flow/book_fixture.h"

static struct measured gap(size_t count, struct tally_plans plans[])
{
    struct tally t = { .plan_count = count, .plans = plans };

    return insight_measure(&t, INSIGHT_APPROVAL_GAP);
}

static void test_too_few(void **state)
{
    struct tally_plans plans[] = {
        { 1, PLAN_BY_LANGUAGE, false, TOO_FEW, 30 },
        { 2, PLAN_BY_LANGUAGE, false, TOO_FEW - 1, 0 },
        { 3, PLAN_BY_LANGUAGE, true, 500, 0 }, /* of no known language */
        { 4, PLAN_BY_PLACE, false, 559, 30 },  /* one state is not compared with a language */
    };

    (void)state;
    struct measured none = gap(0, NULL), few = gap(4, plans);
    assert_false(none.known);
    assert_int_equal(none.out_of, 0);
    assert_false(few.known);
    assert_int_equal(few.out_of, 559);
    plans[1].asked = TOO_FEW;
    few = gap(4, plans);
    assert_true(few.known);
    assert_int_equal(measured_tenths(&few), 1000);
    assert_int_equal(few.out_of, 2 * TOO_FEW);
}

static void test_largest(void **state)
{
    struct tally_plans plans[] = {
        { 1, PLAN_BY_LANGUAGE, false, 100, 90 }, { 2, PLAN_BY_LANGUAGE, false, 40, 35 },
        { 3, PLAN_BY_PLACE, false, 60, 57 },     { 4, PLAN_BY_PLACE, false, 33, 29 },
        { 5, PLAN_BY_PLACE, false, 47, 43 },
    };

    (void)state;
    struct measured m = gap(5, plans); /* 95.0% less 87.9%; of languages it is 2.5 */
    assert_int_equal(m.unit, UNIT_POINTS);
    assert_int_equal(measured_tenths(&m), 71);
    assert_int_equal(m.out_of, 93);
    plans[1].granted = 30; /* 75.0% */
    m = gap(5, plans);
    assert_int_equal(measured_tenths(&m), 150);
    assert_int_equal(m.out_of, 140);
    for (size_t i = 0; i < COUNT(plans); i++)
        plans[i].granted = plans[i].asked;
    m = gap(5, plans); /* as often everywhere is a figure, too */
    assert_true(m.known);
    assert_int_equal(measured_tenths(&m), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_too_few),
        cmocka_unit_test(test_largest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "domain/terms.h"

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

static void components_have_names(void **state)
{
    (void)state;
    for (int i = 0; i < COMPONENT_COUNT; i++) {
        enum component back;
        assert_true(component_parse(component_name((enum component)i), &back));
        assert_int_equal(back, i);
    }
    enum component none;
    assert_false(component_parse("capital", &none));
}

static void when_an_amount_is_due(void **state)
{
    static const struct {
        struct due_rule rule;
        const char *invoice, *due;
    } cases[] = {
        { { DUE_NET, 0, 0, 0 }, "2026-02-28", "2026-02-28" },
        { { DUE_NET, 30, 0, 0 }, "2026-01-31", "2026-03-02" },
        { { DUE_NET, 30, 0, 0 }, "2028-01-31", "2028-03-01" }, /* a leap year */
        { { DUE_END_OF_MONTH, 0, 0, 0 }, "2026-02-01", "2026-02-28" },
        { { DUE_END_OF_MONTH, 0, 0, 0 }, "2028-02-29", "2028-02-29" },
        { { DUE_END_OF_MONTH, 30, 0, 0 }, "2026-01-15", "2026-03-02" },
        { { DUE_END_OF_MONTH, 10, 0, 0 }, "2026-12-31", "2027-01-10" },
        { { DUE_END_OF_MONTH, 0, 1, 0 }, "2026-12-05", "2027-01-31" },
        { { DUE_MONTH_DAY, 0, 1, 15 }, "2026-12-20", "2027-01-15" },
        { { DUE_MONTH_DAY, 0, 1, 31 }, "2026-01-31", "2026-02-28" },
        { { DUE_MONTH_DAY, 0, 1, 31 }, "2028-01-31", "2028-02-29" },
        { { DUE_MONTH_DAY, 0, 13, 30 }, "2026-01-31", "2027-02-28" },
        { { DUE_MONTH_DAY, 0, 2, 31 }, "2026-01-31", "2026-03-31" },
        { { DUE_MONTH_DAY, 0, 11, 1 }, "2026-12-01", "2027-11-01" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[DAY_TEXT];
        day_print(due_day_of(&cases[i].rule, day_of(cases[i].invoice)), text);
        assert_string_equal(text, cases[i].due);
    }
}

static void fees_by_tier(void **state)
{
    static const struct fee_tier tiers[] = { { 1, 4000 },
                                             { 100000, 7000 },
                                             { 1000000, 10000 } };
    static const struct late_fee fee = { .tier_count = COUNT(tiers), .tiers = tiers };
    static const struct fee_tier one = { 0, 500 };
    static const struct late_fee flat = { .tier_count = 1, .tiers = &one };

    (void)state;
    assert_int_equal(late_fee_of(&fee, 0), 0);
    assert_int_equal(late_fee_of(&fee, 1), 4000);
    assert_int_equal(late_fee_of(&fee, 99999), 4000);
    assert_int_equal(late_fee_of(&fee, 100000), 7000);
    assert_int_equal(late_fee_of(&fee, 999999), 7000);
    assert_int_equal(late_fee_of(&fee, INT64_MAX), 10000);
    assert_int_equal(late_fee_of(&flat, 7), 500);
    assert_int_equal(late_fee_of(&flat, -7), 0);
}

static void fees_by_share(void **state)
{
    static const struct late_fee fee = { .share = 50000,
                                         .least_minor = 500,
                                         .most_minor = 2500 };
    static const struct late_fee bare = { .share = 15000 };

    (void)state;
    assert_int_equal(late_fee_of(&fee, 100), 500);
    assert_int_equal(late_fee_of(&fee, 20000), 1000);
    assert_int_equal(late_fee_of(&fee, 10000000), 2500);
    assert_int_equal(late_fee_of(&fee, 0), 0);
    assert_int_equal(late_fee_of(&bare, 100), 2); /* 1.5, half up */
    assert_int_equal(late_fee_of(&bare, 99), 1);
    assert_int_equal(late_fee_of(&bare, INT64_MAX), 138350580552821637);
}

static void where_nothing_was_agreed(void **state)
{
    bool seen[COMPONENT_COUNT] = { 0 };

    (void)state;
    assert_false(terms_none.interest.runs);
    assert_int_equal(terms_none.fee_count, 0);
    assert_int_equal(terms_none.due_count, 1);
    assert_int_equal(terms_none.due[0].share, SHARE_WHOLE);
    assert_int_equal(terms_none.allocation.order[0], COMPONENT_PRINCIPAL);
    for (int i = 0; i < COMPONENT_COUNT; i++)
        seen[terms_none.allocation.order[i]] = true;
    for (int i = 0; i < COMPONENT_COUNT; i++)
        assert_true(seen[i]);
    assert_int_equal(due_day_of(&terms_none.due[0].rule, day_of("2026-05-05")).number,
                     day_of("2026-05-05").number);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(components_have_names),
        cmocka_unit_test(when_an_amount_is_due),
        cmocka_unit_test(fees_by_tier),
        cmocka_unit_test(fees_by_share),
        cmocka_unit_test(where_nothing_was_agreed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

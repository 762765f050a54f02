#include "domain/itemization.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static const struct day date = { 1000 };

static void check(size_t count, const struct itemized all[], struct itemization wanted)
{
    struct itemization got = itemization_of(date, count, all);

    assert_int_equal(got.then, wanted.then);
    assert_int_equal(got.interest, wanted.interest);
    assert_int_equal(got.fees, wanted.fees);
    assert_int_equal(got.payments, wanted.payments);
    assert_int_equal(got.credits, wanted.credits);
    assert_int_equal(got.now, wanted.now);
    assert_true(itemization_adds_up(&got));
}

static void a_balance_and_what_came_after(void **state)
{
    static const struct itemized all[] = {
        { { 900 }, MOVED_PRINCIPAL, false, 100000 }, { { 1000 }, MOVED_INTEREST, false, 500 },
        { { 1001 }, MOVED_INTEREST, false, 250 },    { { 1002 }, MOVED_FEES, false, 1500 },
        { { 1003 }, MOVED_PRINCIPAL, true, -4000 },  { { 1003 }, MOVED_FEES, true, -1000 },
        { { 1004 }, MOVED_FEES, false, -300 },
    };

    (void)state;
    check(7, all, (struct itemization){ 100500, 250, 1500, 5000, 300, 96950 });
    check(0, all, (struct itemization){ 0 });
}

static void corrections_and_returned_payments(void **state)
{
    static const struct itemized raised[] = { { { 900 }, MOVED_PRINCIPAL, false, 100000 },
                                              { { 1001 }, MOVED_PRINCIPAL, false, 2000 } };
    static const struct itemized lowered[] = { { { 900 }, MOVED_PRINCIPAL, false, 100000 },
                                               { { 1001 }, MOVED_PRINCIPAL, false, -2000 } };
    static const struct itemized bounced[] = { { { 900 }, MOVED_PRINCIPAL, false, 100000 },
                                               { { 950 }, MOVED_PRINCIPAL, true, -5000 },
                                               { { 1001 }, MOVED_PRINCIPAL, true, 5000 } };
    static const struct itemized later[] = { { { 1001 }, MOVED_PRINCIPAL, false, 7000 } };

    (void)state;
    check(2, raised, (struct itemization){ 102000, 0, 0, 0, 0, 102000 });
    check(2, lowered, (struct itemization){ 100000, 0, 0, 0, 2000, 98000 });
    check(3, bounced, (struct itemization){ 100000, 0, 0, 0, 0, 100000 });
    check(1, later, (struct itemization){ 7000, 0, 0, 0, 0, 7000 });
}

static void what_does_not_add_up(void **state)
{
    struct itemization fine = { 100, 20, 30, 40, 10, 100 }, wrong = fine, below = fine;

    (void)state;
    wrong.fees++;
    below.credits = -10;
    below.payments = 60;
    assert_true(itemization_adds_up(&fine));
    assert_false(itemization_adds_up(&wrong));
    assert_false(itemization_adds_up(&below));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_balance_and_what_came_after),
        cmocka_unit_test(corrections_and_returned_payments),
        cmocka_unit_test(what_does_not_add_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

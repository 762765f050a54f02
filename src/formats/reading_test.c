#include "formats/reading.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* Words and sentences were counted by hand. */
static const char easy[] = "We did not get the sixty dollars due on May the first. Has "
                           "something changed? You can call "
                           "us any day. We can make the plan longer, or stop it for a month.";

static void test_counts(void **state)
{
    struct reading r = reading_of(easy);

    (void)state;
    assert_int_equal(r.words, 33);
    assert_int_equal(r.sentences, 4);
    assert_int_equal(r.capitals, 0);
    assert_in_range(r.grade_tenths, 0, 50);
    assert_in_range(r.age, 5, 10);
}

static void test_hard_is_harder(void **state)
{
    static const char hard[] =
        "Notwithstanding the aforementioned obligations arising under the applicable "
        "agreement, "
        "the undersigned respectfully requests immediate remittance of the outstanding "
        "balance, "
        "inclusive of contractual interest, administrative expenditure and proportionate "
        "reimbursement of documented enforcement costs, within the stipulated settlement "
        "period.";

    (void)state;
    assert_true(reading_of(hard).grade_tenths > reading_of(easy).grade_tenths + 100);
    assert_true(reading_of(hard).age > 18);
}

static void test_edges(void **state)
{
    (void)state;
    assert_int_equal(reading_of("").words, 0);
    assert_int_equal(reading_of("").grade_tenths, 0);
    assert_int_equal(reading_of("One.").sentences, 1);
    assert_int_equal(reading_of("FINAL NOTICE: pay now").capitals, 2);
    assert_int_equal(reading_of("A list\n- one\n- two\n").sentences, 3);
    assert_int_equal(reading_of("US law, it isn't new").words, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_hard_is_harder),
        cmocka_unit_test(test_edges),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Splits: sums exact to the last minor unit, no payment of nothing, and what people read. */
#include "domain/split.h"
#include "domain/schedule_fixture.h"

static const enum currency currencies[] = { CURRENCY_USD, CURRENCY_JPY, CURRENCY_KWD };

static void what_people_read(void **state)
{
    static const struct {
        int64_t total, down, amount, least;
        enum small_last small;
        enum currency currency;
        const char *text;
    } cases[] = {
        { 128456, 0, 18500, 0, SMALL_LAST_SPREAD, CURRENCY_USD,
          "7 payments: 6 × $185.00, then $174.56" },
        { 128456, 10000, 18500, 0, SMALL_LAST_SPREAD, CURRENCY_USD,
          "$100.00 first, then 7 payments: 6 × $185.00, then $74.56" },
        { 111300, 0, 18500, 2500, SMALL_LAST_SPREAD, CURRENCY_USD, "7 payments: 7 × $159.00" },
        { 111300, 0, 18500, 2500, SMALL_LAST_MERGE, CURRENCY_USD,
          "6 payments: 5 × $185.00, then $188.00" },
        { 111300, 0, 18500, 2500, SMALL_LAST_KEEP, CURRENCY_USD,
          "7 payments: 6 × $185.00, then $3.00" },
        { 99803, 0, 278, 25, SMALL_LAST_SPREAD, CURRENCY_USD,
          "360 payments: 359 × $2.77, then $3.60" },
        { 99803, 0, 278, 25, SMALL_LAST_KEEP, CURRENCY_USD,
          "360 payments: 359 × $2.78, then $0.01" },
        { 37000, 0, 18500, 2500, SMALL_LAST_SPREAD, CURRENCY_USD, "2 payments: 2 × $185.00" },
        { 20000, 0, 18500, 0, SMALL_LAST_SPREAD, CURRENCY_USD,
          "2 payments: $185.00, then $15.00" },
        { 500, 0, 18500, 2500, SMALL_LAST_SPREAD, CURRENCY_USD, "1 payment: $5.00" },
        { 10000, 0, 3334, 0, SMALL_LAST_SPREAD, CURRENCY_JPY,
          "3 payments: 2 × ¥3,334, then ¥3,332" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct split s;
        char text[SPLIT_TEXT];
        assert_true(split_by_amount(money_of(cases[i].total, cases[i].currency), cases[i].down,
                                    cases[i].amount, cases[i].least, cases[i].small, &s));
        assert_string_equal(split_show(&s, text), cases[i].text);
    }
}

static void even_ones(void **state)
{
    struct split s;
    char text[SPLIT_TEXT];

    (void)state;
    assert_true(split_evenly(money_of(128456, CURRENCY_USD), 0, 12, &s));
    assert_string_equal(split_show(&s, text), "12 payments: 11 × $107.05, then $107.01");
    assert_true(split_evenly(money_of(5, CURRENCY_USD), 0, 4, &s));
    assert_string_equal(split_show(&s, text), "4 payments: 3 × $0.01, then $0.02");
    assert_true(split_evenly(money_of(INT64_MAX, CURRENCY_USD), 0, 1, &s));
    assert_true(split_total(&s) == INT64_MAX);
    assert_true(split_evenly(money_of(INT64_MAX, CURRENCY_USD), 0, 600, &s));
    assert_true(split_total(&s) == INT64_MAX);
    assert_false(split_evenly(money_of(3, CURRENCY_USD), 0, 4, &s));
    assert_false(split_evenly(money_of(100, CURRENCY_USD), 100, 1, &s));
    assert_false(split_by_amount(money_of(100, CURRENCY_USD), 0, 0, 0, SMALL_LAST_KEEP, &s));
    assert_false(split_by_amount(money_of(0, CURRENCY_USD), 0, 1, 0, SMALL_LAST_KEEP, &s));
}

/* Adds up payment by payment; none is nothing. */
static void holds(const struct split *s, struct money total, int64_t down)
{
    int64_t sum = down;

    for (int64_t n = 0; n < s->count; n++) {
        if (split_part(s, n) < 1)
            fail_msg("payment %d of %d of %lld is %lld", (int)n, (int)s->count,
                     (long long)total.minor, (long long)split_part(s, n));
        sum += split_part(s, n);
    }
    assert_true(sum == total.minor && s->down == down && split_total(s) == sum);
}

/* A hundred thousand: every split of 1 to 400 units by count, then seeded ones by amount. */
static void sums_are_exact(void **state)
{
    struct split s;

    (void)state;
    for (int64_t total = 1; total <= 300; total++) {
        for (int64_t count = 1; count <= total; count++) {
            struct money m = money_of(total, currencies[count % 3]);
            assert_true(split_evenly(m, 0, count, &s));
            assert_int_equal(s.count, count);
            holds(&s, m, 0);
        }
    }
    for (int i = 0; i < 100000; i++) {
        struct money m = money_of(dice(2, 1 << dice(2, 26)), currencies[i % 3]);
        int64_t down = dice(0, 2) > 0 ? 0 : dice(0, m.minor - 1);
        int64_t amount = m.minor / dice(1, 400) + dice(1, 9), least = dice(0, amount);
        enum small_last small = (enum small_last)dice(0, 2);
        assert_true(split_by_amount(m, down, amount, least, small, &s));
        holds(&s, m, down);
        int64_t most = s.each > s.last ? s.each : s.last;
        int64_t rest = m.minor - down, count = (rest + amount - 1) / amount;
        if (small == SMALL_LAST_KEEP)
            assert_true(most <= amount);
        if (small == SMALL_LAST_SPREAD && count * least <= rest)
            assert_true(most <= amount || most <= least + count);
        if (small == SMALL_LAST_SPREAD && s.count > 1)
            assert_true(s.each >= least && s.last >= least);
        if (small == SMALL_LAST_MERGE)
            assert_true(most < amount + (least > 0 ? least : 1));
        if (small != SMALL_LAST_KEEP && s.count > 1 && amount >= 2 * least + s.count)
            assert_true(s.last >= least);
    }
}

int main(void)
{
    seed = 20418;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_people_read),
        cmocka_unit_test(even_ones),
        cmocka_unit_test(sums_are_exact),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

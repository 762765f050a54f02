#include "domain/money.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const enum currency by_exponent[] = { CURRENCY_JPY, CURRENCY_USD, CURRENCY_KWD };
static const int exponents[] = { 0, 2, 3 };

static void check_round_trip(int64_t minor, enum currency currency)
{
    struct money money = money_of(minor, currency), back = { 0, CURRENCY_NONE };
    struct fault why = { 0 };
    char text[MONEY_TEXT];

    if (!money_parse(money_print(money, text), '.', '\0', currency, &back, &why))
        fail_msg("%s: %s", text, why.text);
    assert_true(back.minor == minor && back.currency == currency);
}

static void parse_reads_what_print_writes(void **state)
{
    static const int64_t edges[] = { INT64_MAX,     INT64_MAX - 1, -INT64_MAX,
                                     INT64_MIN + 1, 1000000000000, -999999999999 };

    (void)state;
    for (size_t i = 0; i < COUNT(by_exponent); i++) {
        assert_int_equal(currency_exponent(by_exponent[i]), exponents[i]);
        for (int64_t minor = -200000; minor <= 200000; minor++)
            check_round_trip(minor, by_exponent[i]);
        for (size_t k = 0; k < COUNT(edges); k++)
            check_round_trip(edges[k], by_exponent[i]);
    }
}

static void how_amounts_are_written(void **state)
{
    static const struct {
        int64_t minor;
        enum currency currency;
        const char *text;
    } cases[] = {
        { 123456, CURRENCY_USD, "1234.56" },
        { -5, CURRENCY_USD, "-0.05" },
        { 0, CURRENCY_USD, "0.00" },
        { 1234, CURRENCY_JPY, "1234" },
        { -1, CURRENCY_JPY, "-1" },
        { 1, CURRENCY_KWD, "0.001" },
        { 12345678, CURRENCY_KWD, "12345.678" },
    };
    char text[MONEY_TEXT];

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(money_print(money_of(cases[i].minor, cases[i].currency), text),
                            cases[i].text);
}

static void what_is_read(void **state)
{
    static const struct {
        const char *text;
        char decimal, grouping;
        enum currency currency;
        bool reads;
        int64_t minor;
    } cases[] = {
        { "1,234.56", '.', ',', CURRENCY_USD, true, 123456 },
        { "1.234,56", ',', '.', CURRENCY_EUR, true, 123456 },
        { "12.500", '.', '\0', CURRENCY_USD, true, 1250 },
        { "12.505", '.', '\0', CURRENCY_USD, false, 0 },
        { "12.5", '.', '\0', CURRENCY_USD, true, 1250 },
        { "+3", '.', '\0', CURRENCY_USD, true, 300 },
        { "12.5", '.', '\0', CURRENCY_JPY, false, 0 },
        { "", '.', '\0', CURRENCY_USD, false, 0 },
        { "-", '.', '\0', CURRENCY_USD, false, 0 },
        { ".5", '.', '\0', CURRENCY_USD, false, 0 },
        { "1 000", '.', '\0', CURRENCY_USD, false, 0 },
        { "1e3", '.', '\0', CURRENCY_USD, false, 0 },
        { "$5", '.', '\0', CURRENCY_USD, false, 0 },
        { "92233720368547758.07", '.', '\0', CURRENCY_USD, true, INT64_MAX },
        { "92233720368547758.08", '.', '\0', CURRENCY_USD, false, 0 },
        { "99999999999999999999999", '.', '\0', CURRENCY_JPY, false, 0 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct money money = { 77, CURRENCY_NONE };
        struct fault why = { 0 };
        bool reads = money_parse(cases[i].text, cases[i].decimal, cases[i].grouping,
                                 cases[i].currency, &money, &why);
        if (reads != cases[i].reads)
            fail_msg("\"%s\": %s", cases[i].text, why.text);
        if (reads)
            assert_true(money.minor == cases[i].minor);
        else
            assert_int_equal(why.code, BAD_VALUE);
    }
}

/* Every amount from 0 to 200, and its negative, into up to four parts by many weights. */
static void a_split_adds_back(void **state)
{
    static const uint32_t weights[][4] = { { 1, 0, 0, 0 },
                                           { 1, 1, 1, 1 },
                                           { 1, 2, 3, 4 },
                                           { 0, 0, 7, 1 },
                                           { 100, 1, 1, 1 },
                                           { 3, 3, 3, 1 },
                                           { 4294967295u, 4294967295u, 4294967295u, 1 } };
    struct money parts[4];

    (void)state;
    for (int64_t whole = -200; whole <= 200; whole++) {
        for (size_t i = 0; i < COUNT(weights); i++) {
            for (size_t count = 1; count <= 4; count++) {
                int64_t sum = 0;
                if (weights[i][0] == 0 && count < 3)
                    continue; /* all weights 0: not a split */
                money_split(money_of(whole, CURRENCY_USD), count, weights[i], parts);
                for (size_t k = 0; k < count; k++) {
                    sum += parts[k].minor;
                    assert_true(weights[i][k] > 0 || parts[k].minor == 0);
                    assert_true(whole < 0 ? parts[k].minor <= 0 : parts[k].minor >= 0);
                }
                assert_true(sum == whole);
            }
        }
    }
    money_split(money_of(INT64_MAX, CURRENCY_USD), 4, weights[6], parts);
    assert_true(parts[0].minor + parts[1].minor + parts[2].minor + parts[3].minor == INT64_MAX);
}

static void sums_that_do_not_fit(void **state)
{
    struct money most = money_of(INT64_MAX, CURRENCY_EUR), one = money_of(1, CURRENCY_EUR);
    struct money least = money_of(INT64_MIN, CURRENCY_EUR), out = money_of(42, CURRENCY_EUR);

    (void)state;
    assert_false(money_add(most, one, &out));
    assert_false(money_sub(least, one, &out));
    assert_true(out.minor == 42);
    assert_true(money_add(most, least, &out) && out.minor == -1);
    assert_true(money_sub(one, one, &out) && out.minor == 0);
    assert_true(money_compare(most, one) > 0 && money_compare(least, one) < 0 &&
                money_compare(one, one) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parse_reads_what_print_writes),
        cmocka_unit_test(how_amounts_are_written),
        cmocka_unit_test(what_is_read),
        cmocka_unit_test(a_split_adds_back),
        cmocka_unit_test(sums_that_do_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

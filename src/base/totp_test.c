#include "base/totp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const unsigned char secret[TOTP_SECRET + 1] = "12345678901234567890";

/* RFC 6238, appendix B: the rows of SHA-1. */
static const struct {
    int64_t at;
    const char *code;
} vectors[] = {
    { 59, "94287082" },         { 1111111109, "07081804" }, { 1111111111, "14050471" },
    { 1234567890, "89005924" }, { 2000000000, "69279037" }, { 20000000000, "65353130" },
};

static void test_the_vectors_of_the_standard(void **state)
{
    char code[9];

    (void)state;
    for (size_t i = 0; i < COUNT(vectors); i++) {
        totp_code(secret, vectors[i].at / TOTP_STEP_S, 8, code);
        assert_string_equal(code, vectors[i].code);
        totp_code(secret, vectors[i].at / TOTP_STEP_S, 6, code);
        assert_string_equal(code, vectors[i].code + 2);
        assert_int_equal(totp_fits(secret, vectors[i].at, 0, vectors[i].code + 2),
                         vectors[i].at / TOTP_STEP_S);
    }
}

static void test_a_step_before_and_after(void **state)
{
    enum { AT = 1234567890, STEP = AT / TOTP_STEP_S };
    char code[7];

    (void)state;
    for (int64_t apart = -3; apart <= 3; apart++) {
        totp_code(secret, STEP + apart, 6, code);
        assert_int_equal(totp_fits(secret, AT, 0, code),
                         apart >= -1 && apart <= 1 ? STEP + apart : 0);
    }
}

static void test_no_code_is_good_twice(void **state)
{
    enum { AT = 1234567890, STEP = AT / TOTP_STEP_S };
    char code[7];

    (void)state;
    totp_code(secret, STEP, 6, code);
    assert_int_equal(totp_fits(secret, AT, STEP - 1, code), STEP);
    assert_int_equal(totp_fits(secret, AT, STEP, code), 0);
    totp_code(secret, STEP - 1, 6, code); /* an older one after a newer one */
    assert_int_equal(totp_fits(secret, AT, STEP, code), 0);
    totp_code(secret, STEP + 1, 6, code);
    assert_int_equal(totp_fits(secret, AT, STEP, code), STEP + 1);
}

static void test_what_is_typed(void **state)
{
    static const char *const wrong[] = { "",         "00592",   "0059240", "005925",
                                         "00592a",   "005924x", "+05924",  "005 9 2",
                                         "\xd9\xa0", "005.924" };

    (void)state;
    assert_true(totp_fits(secret, 1234567890, 0, "005924") > 0);
    assert_true(totp_fits(secret, 1234567890, 0, " 005 924 ") > 0);
    for (size_t i = 0; i < COUNT(wrong); i++)
        assert_int_equal(totp_fits(secret, 1234567890, 0, wrong[i]), 0);
}

static void test_the_secret_as_text(void **state)
{
    char text[TOTP_TEXT];

    (void)state;
    assert_string_equal(totp_text(secret, text), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_vectors_of_the_standard),
        cmocka_unit_test(test_a_step_before_and_after),
        cmocka_unit_test(test_no_code_is_good_twice),
        cmocka_unit_test(test_what_is_typed),
        cmocka_unit_test(test_the_secret_as_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

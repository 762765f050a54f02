/* Digests: in hex and back. */
#include "base/digest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void read_is_what_was_printed(void **state)
{
    char hex[DIGEST_HEX], again[DIGEST_HEX];

    (void)state;
    for (int i = 0; i < 256; i++) {
        unsigned char byte = (unsigned char)i;
        digest_print(digest_of(&byte, 1), hex);
        assert_string_equal(digest_print(digest_read(hex), again), hex);
    }
}

static void what_is_no_hex_is_nothing(void **state)
{
    static const struct digest none;
    struct digest read = digest_read("ff0gff");

    (void)state;
    assert_int_equal(read.bytes[0], 0xff);
    assert_memory_equal(read.bytes + 1, none.bytes, DIGEST_BYTES - 1);
    read = digest_read("");
    assert_memory_equal(read.bytes, none.bytes, DIGEST_BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(read_is_what_was_printed),
        cmocka_unit_test(what_is_no_hex_is_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

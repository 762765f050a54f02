/* Which lines changed: the fewest, in the order of reading, with some around them. */
#include "base/line_diff.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* "-old", "+new", " stays", one to a line. */
static const char *told(struct arena *a, const char *old_text, const char *new_text, int around)
{
    struct line_changes c = line_diff(a, old_text, new_text, around);
    const char *out = "";

    for (size_t i = 0; i < c.count; i++)
        out = arena_print(a, "%s%c%s\n", out, c.all[i].mark, c.all[i].text);
    return out;
}

static void test_fewest_changes(void **state)
{
    struct arena a = { 0 };

    (void)state;
    assert_string_equal(told(&a, "a\nb\nc\n", "a\nb\nc\n", 3), "");
    assert_string_equal(told(&a, "", "a\n", 3), "+a\n");
    assert_string_equal(told(&a, "a\n", "", 3), "-a\n");
    assert_string_equal(told(&a, "a\nb\nc\n", "a\nx\nc\n", 3), " a\n-b\n+x\n c\n");
    assert_string_equal(told(&a, "a\nb\nc\nd\n", "b\nc\nx\nd\n", 3), "-a\n b\n c\n+x\n d\n");
    assert_string_equal(told(&a, "a", "a\nb", 3), " a\n+b\n"); /* no line end at the end */
    arena_free(&a);
}

static void test_what_is_far_is_left_out(void **state)
{
    struct arena a = { 0 };

    (void)state;
    assert_string_equal(
        told(&a, "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\nx\n4\n5\n6\n7\ny\n9\n", 1),
        " 2\n-3\n+x\n 4\n.\n 7\n-8\n+y\n 9\n");
    arena_free(&a);
}

static void test_lines_have_their_numbers(void **state)
{
    struct arena a = { 0 };
    struct line_changes c = line_diff(&a, "a\nb\n", "x\na\nb\nc\n", 3);

    (void)state;
    assert_int_equal(c.added, 2);
    assert_int_equal(c.removed, 0);
    assert_int_equal(c.all[0].new_line, 1);
    assert_int_equal(c.all[0].old_line, 0);
    assert_int_equal(c.all[1].old_line, 1);
    assert_int_equal(c.all[1].new_line, 2);
    assert_int_equal(c.all[3].new_line, 4);
    arena_free(&a);
}

/* Taken out and put in again, the old text becomes the new one. */
static void test_changes_lead_from_one_to_the_other(void **state)
{
    unsigned seed = 7;

    (void)state;
    for (int round = 0; round < 300; round++) {
        struct arena a = { 0 };
        const char *texts[2] = { "", "" }, *built[2] = { "", "" };
        for (int side = 0; side < 2; side++) {
            for (int i = 0; i < 12; i++) {
                seed = seed * 1103515245u + 12345u;
                if (seed >> 28 & 1)
                    texts[side] =
                        arena_print(&a, "%s%c\n", texts[side], 'a' + (seed >> 20) % 4);
            }
        }
        struct line_changes c = line_diff(&a, texts[0], texts[1], 1000);
        for (size_t i = 0; i < c.count; i++) {
            if (c.all[i].mark != '+')
                built[0] = arena_print(&a, "%s%s\n", built[0], c.all[i].text);
            if (c.all[i].mark != '-')
                built[1] = arena_print(&a, "%s%s\n", built[1], c.all[i].text);
        }
        if (c.count > 0) {
            assert_string_equal(built[0], texts[0]);
            assert_string_equal(built[1], texts[1]);
        } else {
            assert_string_equal(texts[0], texts[1]);
        }
        arena_free(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fewest_changes),
        cmocka_unit_test(test_what_is_far_is_left_out),
        cmocka_unit_test(test_lines_have_their_numbers),
        cmocka_unit_test(test_changes_lead_from_one_to_the_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

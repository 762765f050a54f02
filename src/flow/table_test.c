#include "flow/table.h"

#include "base/fault.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

/* The second line of a file of one row with one text. */
static void expect(const char *typed, const char *written)
{
    static const struct table_column columns[] = { { "name", "Name", CELL_TEXT } };
    struct sheet sheet = { 0 };
    char *bytes = NULL;
    size_t length;
    FILE *out = open_memstream(&bytes, &length);

    assert_non_null(out);
    table_text(sheet_table(&sheet, "names", "none", 1, columns), typed);
    sheet_print(&sheet, FORMAT_CSV, false, out);
    fclose(out);
    assert_memory_equal(bytes, "name\r\n", 6);
    assert_string_equal(bytes + 6, written);
    free(bytes);
    sheet_free(&sheet);
}

static void texts_stay_texts(void **state)
{
    (void)state;
    expect("Ann Lee", "Ann Lee\r\n");
    expect("Lee, Ann", "\"Lee, Ann\"\r\n");
    expect("the \"best\"", "\"the \"\"best\"\"\"\r\n");
    expect("two\nlines", "\"two\nlines\"\r\n");
}

static void formulas_are_not_reckoned_with(void **state)
{
    (void)state;
    expect("=1+1", "\"'=1+1\"\r\n");
    expect("@SUM(A1)", "\"'@SUM(A1)\"\r\n");
    expect("-2+cmd|' /C calc'!A0", "\"'-2+cmd|' /C calc'!A0\"\r\n");
    expect("+HYPERLINK(\"x\")", "\"'+HYPERLINK(\"\"x\"\")\"\r\n");
    expect("\t=1", "\"'\t=1\"\r\n");
    expect("+1 (608) 555-0132", "+1 (608) 555-0132\r\n");
    expect("-12.50", "-12.50\r\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_stay_texts),
        cmocka_unit_test(formulas_are_not_reckoned_with),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Strategies that choose between people by what the law forbids are refused. */
#include "base/text.h"
#include "flow/fence.h"
#include "flow/strategy.h"
#include "formats/strategy_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const char text_of_strategy[] =
    "strategy: test\n"
    "title: Test\n"
    "order: 1\n"
    "ladders:\n"
    "  - name: one\n"
    "    steps:\n"
    "      - {id: first, after_due: 3, when: '%s', channels: [letter],\n"
    "         template: past-due}\n"
    "    end: {after: 30, then: stop}\n"
    "segments:\n"
    "  - {name: all, when: '%s', ladder: one}\n";

static bool is_fair(const char *step, const char *segment, struct fault *why)
{
    struct arena a = { 0 };
    struct rulebook book;
    struct fault none = { 0 };
    const char *text = arena_print(&a, text_of_strategy, step, segment);
    const struct strategy *s = strategy_parse(&a, "test.yaml", text, strlen(text), &none);
    struct strategies all = { 1, &s };

    if (s == NULL)
        fail_msg("%s", none.text);
    assert_true(rulepack_load_all(&a, &book, &none));
    bool fair = fence_check(&book, &all, (struct instant){ 0 }, why);
    arena_free(&a);
    return fair;
}

static void amounts_and_days_are_fair(void **state)
{
    struct fault why = { 0 };

    (void)state;
    assert_true(
        is_fair("days_past_due > 3", "total_open_minor < 5000 && country == \"US\"", &why));
}

static void language_is_not(void **state)
{
    struct fault why = { 0 };

    (void)state;
    assert_false(is_fair("true", "language == \"es\"", &why));
    assert_non_null(strstr(why.text, "test.yaml:11: nobody may be chosen by \"language\""));
    assert_non_null(strstr(why.text, "15 USC 1691(a)"));
    why = (struct fault){ 0 };
    assert_false(is_fair("days_past_due > 3 && language != \"en\"", "true", &why));
    assert_non_null(strstr(why.text, "test.yaml:7:"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(amounts_and_days_are_fair),
        cmocka_unit_test(language_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

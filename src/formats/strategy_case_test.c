/* The cases of the shipped strategies hold, and a case that does not says where and why. */
#include "formats/strategy_case.h"
#include "formats/strategy_check.h"

#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void collect(void *context, const char *line)
{
    struct text *text = context;

    text_add(text, line);
    text_add(text, "\n");
}

static void shipped_cases_hold(void **state)
{
    struct arena a = { 0 };
    struct strategies all;
    struct fault why = { .text = "" };

    (void)state;
    if (!strategies_load(&a, &all, &why))
        fail_msg("%s", why.text);
    for (size_t i = 0; i < all.count; i++) {
        struct text lines = { 0 };
        size_t passed, failed;
        strategy_test(all.all[i], &a, &passed, &failed, collect, &lines);
        if (failed > 0)
            fail_msg("%s:\n%s", all.all[i]->name, text_of(&lines));
        assert_true(passed >= 12);
        text_free(&lines);
    }
    arena_free(&a);
}

static const char head[] = "strategy: s\n"
                           "title: T\n"
                           "for: business\n"
                           "ladders:\n"
                           "  - name: l\n"
                           "    steps:\n"
                           "      - {id: one, after_due: 3, channels: [email], template: t}\n"
                           "      - {id: two, after_due: 9, channels: [letter], template: t}\n"
                           "    end: {after: 5, then: stop}\n"
                           "segments: [{name: big, when: total_open_minor > 50, ladder: l},\n"
                           "           {name: rest, ladder: l}]\n"
                           "cases:\n";

/* One case each, from line 13 on; the line of its failure, or NULL when it holds. */
static const struct {
    const char *given, *expect, *line;
} cases[] = {
    { "business: true, days_past_due: 3", "step: one, segment: big, ladder: l, channel: email",
      NULL },
    { "business: true, days_past_due: 3", "step: two",
      "s.yaml:15:20: expected step two, got one (A message was queued.)   [n]" },
    { "business: true, days_past_due: 2", "step: none, standing: waiting, wake_in: 1", NULL },
    { "business: true, days_past_due: 2", "wake_in: 3",
      "s.yaml:15:23: expected wake_in 3, got 1   [n]" },
    { "business: true, days_past_due: 9, last_step: two, last_step_days_ago: 0",
      "step: none, wake_in: 5", NULL },
    { "business: true, days_past_due: 3", "wake_in: 6", NULL },
    { "business: true, open_minor: 50", "segment: rest", NULL },
    { "business: true, total_open_minor: 51", "segment: big", NULL },
    { "business: true, open_minor: 0", "standing: clear, wake_in: never, step: none", NULL },
    { "business: true, oldest_days_past_due: 9, has_letter: false",
      "standing: unreachable, step: none", NULL },
    { "business: false", "standing: unplanned, segment: none, ladder: none", NULL },
    { "business: true, days_past_due: 5, held: true", "standing: held", NULL },
    { "business: true, items: [{days_past_due: 3}, {days_past_due: 9, disputed: true}]",
      "step: one", NULL },
    { "business: true, items: [{days_past_due: 3}, {days_past_due: 9}], open_items: 2,"
      " past_due_items: 2, total_past_due_minor: 20000, oldest_days_past_due: 9",
      "step: two", NULL },
    { "business: true, items: [{days_past_due: 3}], open_items: 2", "step: one",
      "s.yaml:14:70: \"open_items\" adds up to 1 here   [n]" },
    { "business: true, items: [{days_past_due: 3}], kind: loan", "step: one",
      "s.yaml:14:64: \"kind\" belongs to one of the items   [n]" },
    { "business: true, days_past_due: 5, days_delinquent: 6", "step: one",
      "s.yaml:14:64: \"days_delinquent\" must be a whole number from 0 to 5   [n]" },
    { "busines: true", "step: one",
      "s.yaml:14:13: \"busines\" is not known here; did you mean \"business\"?   [n]" },
    { "business: yes", "step: one", "s.yaml:14:23: \"business\" must be true or false   [n]" },
    { "last_step: three, last_step_days_ago: 1", "step: one",
      "s.yaml:14:24: no ladder has a step \"three\"   [n]" },
    { "last_step: one", "step: one", "s.yaml:14:12: \"last_step_days_ago\" is missing here" },
    { "role: friend", "step: one", "s.yaml:14:19: there is no role \"friend\"   [n]" },
    { "currency: XXQ", "step: one", "s.yaml:14:23: no such currency   [n]" },
    { "business: true", "", "s.yaml:15:13: nothing is expected here   [n]" },
    { "business: true", "stepp: one", "s.yaml:15:14: \"stepp\" is not known here" },
    { "business: true", "wake_in: soon", "s.yaml:15:23: \"wake_in\" must be a whole number" },
};

static void a_case_says_where_it_fails(void **state)
{
    struct arena a = { 0 };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct text lines = { 0 };
        struct fault why = { .text = "" };
        size_t passed, failed;
        const char *text = arena_print(&a, "%s  - name: n\n    given: {%s}\n    expect: {%s}\n",
                                       head, cases[i].given, cases[i].expect);
        struct strategy *s = strategy_parse(&a, "s.yaml", text, strlen(text), &why);
        if (s == NULL)
            fail_msg("%s", why.text);
        strategy_test(s, &a, &passed, &failed, collect, &lines);
        assert_int_equal(passed + failed, 1);
        if (cases[i].line == NULL ? failed > 0 : !text_starts(text_of(&lines), cases[i].line))
            fail_msg("{%s} {%s}: %s", cases[i].given, cases[i].expect, text_of(&lines));
        text_free(&lines);
    }
    arena_free(&a);
}

/* The strategies written out in the guide are read, tested and clean. */
static void the_guide_is_true(void **state)
{
    static const char opening[] = "```yaml\nstrategy:";
    struct arena a = { 0 };
    struct fault why = { .text = "" };
    size_t length, found = 0;
    char *guide;

    (void)state;
    if (!text_read_file("docs/strategies.md", 1 << 20, &a, &guide, &length, &why))
        fail_msg("%s", why.text);
    for (char *at = strstr(guide, opening); at != NULL; at = strstr(at, opening)) {
        struct text lines = { 0 };
        size_t passed, failed;
        at += strlen("```yaml\n");
        size_t bytes = (size_t)(strstr(at, "\n```") - at) + 1;
        struct strategy *s = strategy_parse(&a, "guide", at, bytes, &why);
        if (s == NULL)
            fail_msg("%s", why.text);
        strategy_test(s, &a, &passed, &failed, collect, &lines);
        if (failed > 0)
            fail_msg("%s", text_of(&lines));
        struct strategy_remarks remarks = strategy_check(&a, "guide", at, bytes, NULL, NULL);
        assert_int_equal(remarks.problems + remarks.warnings, 0);
        found++;
        text_free(&lines);
    }
    assert_true(found > 0);
    arena_free(&a);
}

/* Every fact has its row in the guide, with its own words. */
static void the_guide_has_every_fact(void **state)
{
    struct arena a = { 0 };
    struct fault why = { .text = "" };
    size_t length;
    char *guide;

    (void)state;
    assert_true(text_read_file("docs/strategies.md", 1 << 20, &a, &guide, &length, &why));
    for (size_t i = 0; i < strategy_facts.count; i++) {
        if (strstr(guide, arena_print(&a, "\n| `%s` | ", strategy_facts.names[i].name)) == NULL)
            fail_msg("docs/strategies.md does not tell of %s", strategy_facts.names[i].name);
    }
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shipped_cases_hold),
        cmocka_unit_test(a_case_says_where_it_fails),
        cmocka_unit_test(the_guide_is_true),
        cmocka_unit_test(the_guide_has_every_fact),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "formats/rulepack_mutant.h"

#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *lines;   /* of one rule */
    const char *changes; /* "was>becomes", blanks between */
} rules[] = {
    { "max: 7", "7>6 7>8" },
    { "count: {unit: attempt, window: 7 local days, max: 10}", "7>6 7>8 10>9 10>11" },
    { "open: \"08:00\"", "08:00>07:59 08:00>08:01" },
    { "from: 2024-02-28", "2024-02-28>2024-02-27 2024-02-28>2024-02-29" },
    { "from: not recorded", "" },
    { "closed: [01-01, 02-28, easter -2]",
      "01-01>12-31 01-01>01-02 02-28>02-27 02-28>03-01 -2>-3 -2>-1" },
    { "closed: [easter +1, first monday 09, last monday 05]",
      "+1>+0 +1>+2 first>second 09>08 09>10 05>04 05>06" },
    { "closed: [second monday 10]", "second>first second>third 10>9 10>11" },
    { "closed: [monday before 05-25, 12-27 if monday]",
      "05-25>05-24 05-25>05-26 12-27>12-26 12-27>12-28" },
    { "pct: 6.0", "6.0>5.9 6.0>6.1" },
    { "years: {written: 6, oral: 4}", "6>5 6>7 4>3 4>5" },
    { "title: 7 things\n    id: us.x9.y2\n    cite: 12 CFR 1\n    reason: 3\n"
      "    debtor_reason: 4\n    cases: [{at: 2020-01-01}]\n    part: 2 # and 5",
      "" },
    { "never: debt_kind == \"401k\" && b2b != \"x2\"", "" },
    { "applies: first == 1", "1>0 1>2" }, /* a count only among closed days */
    { "never: >-\n      channel == \"é\" &&\n      amount > 50 # 7 is no comment here",
      "50>49 50>51 7>6 7>8" },
    { "é: {days: 3} # 8", "3>2 3>4" }, /* columns count characters, not bytes */
    { "until: 2.", "2>1 2>3" },
    { "days: 0", "0>-1 0>1" },
};

static const char *changes_of(struct arena *a, const char *text)
{
    const struct mutant *mutants;
    struct fault why = { 0 };
    const char *all = "";
    size_t count;

    if (!rulepack_mutants(a, "t.yaml", text, strlen(text), &mutants, &count, &why))
        fail_msg("%s", why.text);
    for (size_t i = 0; i < count; i++) {
        const struct mutant *m = &mutants[i];
        const char *made = rulepack_mutant_print(a, text, strlen(text), m);
        assert_int_equal(strncmp(made, text, m->at), 0);
        assert_int_equal(strncmp(text + m->at, m->was, strlen(m->was)), 0);
        assert_true(text_starts(made + m->at, m->becomes));
        assert_string_equal(made + m->at + strlen(m->becomes), text + m->at + strlen(m->was));
        all = arena_print(a, "%s%s%s>%s", all, all[0] == '\0' ? "" : " ", m->was, m->becomes);
    }
    return all;
}

static void numbers_and_dates_change_by_one(void **state)
{
    struct arena a = { 0 };

    (void)state;
    for (size_t i = 0; i < COUNT(rules); i++) {
        const char *text =
            arena_print(&a, "pack: p9\nplaces: 7\nrules:\n  - %s # 6 lines\n", rules[i].lines);
        if (strchr(rules[i].lines, '#') != NULL)
            text = arena_print(&a, "pack: p9\nrules:\n  - %s\n", rules[i].lines);
        assert_string_equal(changes_of(&a, text), rules[i].changes);
        arena_reset(&a);
    }
    arena_free(&a);
}

static void each_knows_its_rule_and_place(void **state)
{
    static const char text[] = "rules:\n  - days: 3\n  - max:\n      - 4\n";
    struct arena a = { 0 };
    const struct mutant *mutants;
    struct fault why = { 0 };
    size_t count;

    (void)state;
    assert_true(rulepack_mutants(&a, "t.yaml", text, strlen(text), &mutants, &count, &why));
    assert_int_equal(count, 4);
    assert_int_equal(mutants[1].rule, 0);
    assert_int_equal(mutants[1].place.line, 2);
    assert_int_equal(mutants[2].rule, 1);
    assert_int_equal(mutants[2].place.line, 4);
    assert_string_equal(mutants[2].key, "max");
    assert_false(rulepack_mutants(&a, "t.yaml", "[", 1, &mutants, &count, &why));
    assert_int_equal(why.code, BAD_PACK);
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_and_dates_change_by_one),
        cmocka_unit_test(each_knows_its_rule_and_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

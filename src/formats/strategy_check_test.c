/* What strategy check remarks on, where, and that the shipped strategies give it no cause. */
#include "formats/strategy_check.h"

#include "base/files.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct collected {
    struct text text;
};

static void collect(void *context, const struct strategy_remark *remark)
{
    struct collected *c = context;

    const char *mark = remark->problem ? "x" : "!";

    if (remark->place.line == 0) /* a refusal names its place itself */
        text_add_print(&c->text, "  %s %s\n", mark, remark->text);
    else
        text_add_print(&c->text, "  %s line %-4d %s\n", mark, remark->place.line, remark->text);
}

static void shipped_strategies_are_clean(void **state)
{
    struct arena a = { 0 };
    struct fault why;
    const char **paths;
    size_t count;

    (void)state;
    assert_true(files_list(&a, "strategies/", ".yaml", &paths, &count, &why));
    for (size_t i = 0; i < count; i++) {
        struct collected c = { 0 };
        struct file file;
        assert_true(files_load(&a, paths[i], &file, &why));
        struct strategy_remarks total =
            strategy_check(&a, paths[i], (const char *)file.bytes, file.length, collect, &c);
        if (total.problems + total.warnings > 0)
            fail_msg("%s\n%s", paths[i], text_of(&c.text));
        text_free(&c.text);
    }
    arena_free(&a);
}

/* The steps of ladder l stand from line 6 on; ladder m and the segments follow. */
static const struct {
    const char *entry, *steps, *segment, *remarks;
} checks[] = {
    { "highest", "      - {id: a, after_due: 1, channels: [email], template: past-due}\n",
      "business", "" },
    { "highest", "      - {id: a, after_due: 1, channels: [email], template: past-dew}\n",
      "business",
      "  x line 9    step \"a\" wants the letter letters/en/past-dew.md, which does not "
      "exist\n" },
    { "highest",
      "      - {id: a, after_due: 1, channels: [call], template: call-script}\n"
      "      - {id: b, after_due: 3, channels: [call, letter], template: past-due}\n",
      "business",
      "  x line 10   step \"b\" is a call or something written, but has one template; make two "
      "steps\n" },
    { "highest",
      "      - {id: a, after_due: 9, channels: [email, sms, portal], template: past-due,\n"
      "         when: days_past_due < 9}\n",
      "business",
      "  x line 9    step \"a\" is never taken: its condition is false from day 9 on\n"
      "  ! line 9    step \"a\": nothing is delivered by portal yet\n"
      "  ! line 9    step \"a\": nothing is delivered by sms yet\n" },
    { "highest",
      "      - {id: a, after_due: 9, channels: [email], template: past-due,\n"
      "         when: 'has_phone && oldest_days_past_due in [1, 8]'}\n",
      "business",
      "  x line 9    step \"a\" is never taken: its condition is false from day 9 on\n" },
    { "highest",
      "      - {id: a, after_due: 9, channels: [email], template: past-due,\n"
      "         when: days_past_due > 60}\n",
      "business",
      "  ! line 9    step \"a\" is stale before its condition can hold; it can only be a first "
      "word\n" },
    { "highest",
      "      - {id: a, after_due: 9, channels: [email], template: past-due,\n"
      "         when: days_past_due % 2 == 0 || days_past_due < 3}\n",
      "business", "" },
    { "highest", "      - {id: a, after_due: 1, channels: [email], template: past-due}\n",
      "false && business", "  x line 13   segment \"some\" is always empty\n" },
    { "one_at_a_time",
      "      - {id: a, after_due: 1, channels: [email], template: past-due}\n"
      "      - {id: b, after_due: 2, channels: [email], template: past-due}\n",
      "business",
      "  ! line 10   step \"b\" lies 1 days after \"a\", but the gap is 2: it comes 1 days "
      "late\n" },
    { "highest",
      "      - {id: a, after_due: 1, channels: [email], template: past-due}\n"
      "      - {id: b, after_due: 3, channels: [email], template: past-due}\n"
      "      - {id: c, after_due: 5, channels: [email], template: past-due}\n"
      "      - {id: d, after_due: 7, channels: [email], template: past-due}\n",
      "business",
      "  ! line 12   with \"d\" there are 4 contacts in 7 days; the house allows 3, so it "
      "waits\n" },
    { "highest", "      - {id: z, after_due: 1, channels: [email], template: past-due}\n",
      "business",
      "  ! line 11   step \"z\" has another day here (20) than in ladder \"l\" (1): whoever "
      "changes the segment may hear it twice\n" },
};

static void remarks_are_made(void **state)
{
    struct arena a = { 0 };

    (void)state;
    for (size_t i = 0; i < COUNT(checks); i++) {
        struct collected c = { 0 };
        const char *text = arena_print(
            &a,
            "strategy: s\ntitle: T\nladders:\n  - name: l\n    gap: 2\n    entry: %s\n"
            "    end: {after: 9, then: stop}\n    steps:\n%s"
            "  - {name: m, end: {after: 9, then: stop}, steps: [\n"
            "    {id: z, after_due: 20, channels: [email], template: past-due}]}\n"
            "segments:\n  - {name: some, when: %s, ladder: l}\n"
            "  - {name: rest, ladder: m}\ncases: [{}]\n",
            checks[i].entry, checks[i].steps, checks[i].segment);
        strategy_check(&a, "s.yaml", text, strlen(text), collect, &c);
        if (!text_equal(text_of(&c.text), checks[i].remarks))
            fail_msg("%s\n got %s\n wanted %s", text, text_of(&c.text), checks[i].remarks);
        text_free(&c.text);
    }
    arena_free(&a);
}

static void a_refusal_is_one_problem(void **state)
{
    struct arena a = { 0 };
    struct collected c = { 0 };
    struct strategy_remarks total = strategy_check(&a, "s.yaml", "x: 1\n", 5, collect, &c);

    (void)state;
    assert_int_equal(total.problems, 1);
    assert_true(text_starts(text_of(&c.text), "  x s.yaml:1:1: \"x\" is not known here"));
    text_free(&c.text);
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shipped_strategies_are_clean),
        cmocka_unit_test(remarks_are_made),
        cmocka_unit_test(a_refusal_is_one_problem),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

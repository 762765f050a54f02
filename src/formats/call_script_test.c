/* Call scripts: those of the house, what is refused and where, and lines with their values. */
#include "formats/call_script.h"

#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static json_t *usual(void)
{
    json_t *values = json_loads("{\"me\":{\"name\":\"Priya Nair\"},\"debtor\":{\"name\":\"Maya\"},"
                                "\"sender\":{\"name\":\"Fairhaven\",\"phone\":\"608-555-0100\"},"
                                "\"creditor\":{\"name\":\"Bluebird\"},\"reference\":\"FH-1\","
                                "\"balance\":\"$10.00\",\"past_due\":\"$4.00\","
                                "\"oldest_due\":\"Nov 1\",\"items\":\"2\",\"language\":\"en\"}",
                                0, NULL);

    assert_non_null(values);
    return values;
}

static void lines_hold(const struct call_line *lines, size_t count, const char *file,
                       const json_t *values, struct arena *a)
{
    struct fault why = { 0 };
    const char *words;

    for (size_t i = 0; i < count; i++) {
        if (!call_line_render(&lines[i], values, a, &words, &why))
            fail_msg("%s: %s", file, why.text);
        assert_true(words[0] != '\0' && strstr(words, "{{") == NULL);
    }
}

static void the_house_speaks(void **state)
{
    struct arena a = { 0 };
    struct fault why = { 0 };
    const char **paths;
    size_t count;
    json_t *values = usual();

    (void)state;
    assert_true(files_list(&a, "calls/", ".yaml", &paths, &count, &why));
    assert_true(count >= 6);
    for (size_t i = 0; i < count; i++) {
        struct file file;
        assert_true(files_load(&a, paths[i], &file, &why));
        const char *language = arena_copy_n(&a, paths[i] + strlen("calls/"), 2);
        struct call_script *s = call_script_parse(&a, language, paths[i], (const char *)file.bytes,
                                                  file.length, &why);
        if (s == NULL)
            fail_msg("%s", why.text);
        const char *name = strrchr(paths[i], '/') + 1;
        assert_memory_equal(name, s->name, strlen(s->name)); /* a file is called what it is */
        for (size_t k = 0; k < s->stage_count; k++)
            lines_hold(s->stages[k].lines, s->stages[k].line_count, paths[i], values, &a);
        for (size_t k = 0; k < s->reason_count; k++)
            lines_hold(s->reasons[k].lines, s->reasons[k].line_count, paths[i], values, &a);
    }
    json_decref(values);
    arena_free(&a);
}

static void everybody_has_a_script(void **state)
{
    struct arena a = { 0 };
    struct fault why = { 0 };

    (void)state;
    for (int i = 0; i < 8; i++) {
        const char *language = i & 4 ? "de-AT" : "fi";
        struct call_script *s = call_script_load(&a, language, i & 1, i & 2, &why);
        if (s == NULL)
            fail_msg("%s", why.text);
        assert_int_equal(s->by_collector, i & 1);
        assert_int_equal(s->to_business, (i & 2) != 0);
        assert_string_equal(s->language, i & 4 && !(i & 1) ? "de" : "en");
    }
    struct call_script *s = call_script_load(&a, NULL, true, false, &why);
    assert_non_null(s);
    assert_string_equal(gate_field_find(s->says, "mini_miranda"), "true");
    assert_string_equal(gate_field_find(s->says, "requests_payment"), "true");
    assert_null(gate_field_find(s->says, "tbd_disclosure"));
    arena_free(&a);
}

#define HEAD "call: c\ntitle: T\nfrom: creditor\nto: person\n"
#define ASK "  - {stage: ask, title: A, limited: true, identity: true, lines: [{say: Who is there}]}\n"
#define LAW "  - {stage: law, title: L, disclosures: true, lines: [{say: This is recorded}]}\n"
#define REASONS "reasons: [{reason: r, title: R, lines: [{say: I see}]}]\n"

static void what_is_refused(void **state)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        { "call: c\ntitle: T\nfrom: nobody\nto: person\nstages:\n" ASK LAW REASONS,
          "for creditor or collector, not for \"nobody\"" },
        { HEAD "stages:\n" ASK REASONS, "one stage says what the law wants said" },
        { HEAD "stages:\n" LAW ASK REASONS, "f.yaml:6:5: until identity is confirmed" },
        { HEAD "stages:\n" ASK LAW ASK REASONS, "f.yaml:8:5: the stage \"ask\" stands here twice" },
        { HEAD "stages:\n" ASK LAW "  - {stage: x, title: X, lines: []}\n" REASONS,
          "nothing to say" },
        { HEAD "stages:\n" ASK LAW "  - {stage: x, title: X, lines: [{say: a, do: b}]}\n" REASONS,
          "either said (say) or done (do)" },
        { HEAD "stages:\n" ASK LAW "  - {stage: x, title: X, lines: [{when: b}]}\n" REASONS,
          "either said (say) or done (do)" },
        { HEAD "stages:\n" ASK LAW "  - {stage: x, title: X, lines: [{say: \"{{ballance}}\"}]}\n" REASONS,
          "there is no value \"ballance\"" },
        { HEAD "stages:\n" ASK LAW "  - {stage: x, title: X, lines: [{say: \"{{balance\"}]}\n" REASONS,
          "a hole has no end" },
        { HEAD "stages:\n  - {stage: o, title: O, limited: true, lines: [{say: \"{{balance}} is open\"}]}\n"
          ASK LAW REASONS,
          "f.yaml:6:49: \"balance\" is not for whoever answers" },
        { HEAD "stages:\n  - {stage: o, title: O, limited: true, lines: [{say: \"You owe us\"}]}\n"
          ASK LAW REASONS,
          "\"owe\" tells a stranger what it is about" },
        { HEAD "stages:\n" ASK LAW "  - {stage: x, titel: X, lines: [{say: a}]}\n" REASONS,
          "title" },
        { HEAD "stages:\n" ASK LAW
          "reasons: [{reason: r, title: R, leads_to: court, lines: [{say: I see}]}]\n",
          "not to \"court\"" },
        { HEAD "confirm: 9\nstages:\n" ASK LAW REASONS, "confirm" },
        { HEAD "stages:\n" ASK LAW REASONS "more: 1\n", "\"more\" is not known here" },
    };
    struct arena a = { 0 };

    (void)state;
    struct fault none = { 0 };
    const char *fine = HEAD "stages:\n" ASK LAW REASONS;
    if (call_script_parse(&a, "en", "f.yaml", fine, strlen(fine), &none) == NULL)
        fail_msg("%s", none.text);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct fault why = { 0 };
        assert_null(
            call_script_parse(&a, "en", "f.yaml", cases[i].text, strlen(cases[i].text), &why));
        assert_int_equal(why.code, BAD_PACK);
        if (strstr(why.text, cases[i].says) == NULL || strstr(why.text, "f.yaml:") == NULL)
            fail_msg("case %zu: %s", i, why.text);
    }
    arena_free(&a);
}

static void words_of_a_stranger_are_whole(void **state)
{
    static const char text[] = HEAD
        "stages:\n"
        "  - {stage: o, title: O, limited: true, lines: [{say: I debate the payroll of Owen}, "
        "{do: Never speak of a debt}]}\n" ASK LAW REASONS;
    struct arena a = { 0 };
    struct fault why = { 0 };

    (void)state;
    if (call_script_parse(&a, "en", "f.yaml", text, strlen(text), &why) == NULL)
        fail_msg("%s", why.text);
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_house_speaks),
        cmocka_unit_test(everybody_has_a_script),
        cmocka_unit_test(what_is_refused),
        cmocka_unit_test(words_of_a_stranger_are_whole),
    };

    return cmocka_run_group_tests_name("call scripts", tests, NULL, NULL);
}

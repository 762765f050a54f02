/* What a strategy file must not say, and where the refusal points. */
#include "formats/strategy_file.h"

#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* A good file; each bad one replaces one piece of it. */
static const char good[] = "strategy: s\n"
                           "title: T\n"
                           "order: 5\n"
                           "for: business && role == \"debt_buyer\"\n"
                           "promises: {tolerance_percent: 5, grace_days: 2}\n"
                           "ladders:\n"
                           "  - name: a\n"
                           "    entry: one_at_a_time\n"
                           "    stale_after: 20\n"
                           "    gap: 2\n"
                           "    steps:\n"
                           "      - {id: x, before_due: 3, channels: [email], template: t}\n"
                           "      - id: y\n"
                           "        after_due: 7\n"
                           "        when: open_minor > 100\n"
                           "        channels: [letter, email]\n"
                           "        template: t\n"
                           "    end: {after: 14, then: person}\n"
                           "segments:\n"
                           "  - {name: some, when: has_phone, ladder: a}\n"
                           "  - {name: all, ladder: a}\n";

static const struct {
    const char *piece, *instead, *refusal;
} bad[] = {
    { "strategy: s\n", "", "f.yaml:1:1: \"strategy\" is missing here" },
    { "title: T", "titel: T",
      "f.yaml:2:1: \"titel\" is not known here; did you mean \"title\"?" },
    { "order: 5", "order: soon", "f.yaml:3:8: \"order\" must be a whole number from 0 to" },
    { "business &&", "busines &&", "f.yaml:4:6: there is no fact \"busines\"; did you mean" },
    { "business && role == \"debt_buyer\"", "'!busines'",
      "f.yaml:4:8: there is no fact \"busines\"; did you mean \"business\"?" },
    { "business &&", "has_phone and", "f.yaml:4:16: \"and\" is written \"&&\" here." },
    { "business &&", "days_past_due > 3 &&",
      "f.yaml:4:6: \"days_past_due\" is a fact of one instalment; here use "
      "oldest_days_past_due" },
    { "tolerance_percent: 5", "tolerance_percent: 51",
      "f.yaml:5:31: \"tolerance_percent\" must be a whole number from 0 to 50" },
    { "one_at_a_time", "slowly", "f.yaml:8:12: entry must be highest or one_at_a_time" },
    { "gap: 2", "gap: 0", "f.yaml:10:10: \"gap\" must be a whole number from 1 to 3650" },
    { "before_due: 3, ", "", "f.yaml:12:9: a step needs either before_due or after_due" },
    { "before_due: 3,", "before_due: 3, after_due: 3,",
      "f.yaml:12:9: a step needs either before_due or after_due" },
    { "before_due: 3", "before_due: 0", "f.yaml:12:29: \"before_due\" must be a whole number" },
    { "before_due: 3", "after_due: 7", "f.yaml:13:9: step \"y\" must lie later than \"x\"" },
    { "id: y", "id: x", "f.yaml:13:9: two steps are called \"x\"" },
    { "open_minor > 100", "open_minor > 1.5", "f.yaml:15:28: " },
    { "open_minor > 100", "total_open_minor", "f.yaml:15:15: " },
    { "[letter, email]", "[fax]", "f.yaml:16:19: there is no channel \"fax\"" },
    { "[letter, email]", "[]", "f.yaml:13:9: a step needs one to six channels" },
    { "[letter, email]", "[letter, letter]",
      "f.yaml:16:19: channel \"letter\" is named twice" },
    { "        template: t\n", "", "f.yaml:13:9: \"template\" is missing here" },
    { "    end: {after: 14, then: person}\n", "", "f.yaml:7:5: \"end\" is missing here" },
    { "then: person", "then: jail", "f.yaml:18:28: \"jail\" is no end; use hand_over" },
    { "after: 14", "after: 0", "f.yaml:18:18: \"after\" must be a whole number from 1" },
    { "has_phone, ladder: a", "has_phone, ladder: b",
      "f.yaml:20:43: there is no ladder \"b\" here" },
    { "when: has_phone, ", "", "f.yaml:20:5: segment \"some\" takes everybody" },
    { "when: has_phone", "when: kind == 'x'",
      "f.yaml:20:24: \"kind\" is a fact of one instalment" },
    { "name: all", "name: [all]", "f.yaml:21:12: \"name\" must be a text" },
    { "  - {name: some, when: has_phone, ladder: a}\n  - {name: all, ladder: a}\n", "  []\n",
      "f.yaml:20:3: a strategy needs at least one segment" },
    { "order: 5", "title: U", "f.yaml:3:1: \"title\" stands here twice" },
    { "order: 5", "order: &five 5", "f.yaml:3:8: anchors, aliases and tags are not used here" },
    { "for: business", "for: 'business", "f.yaml:" },
};

static struct strategy *parse(struct arena *a, const char *text, struct fault *why)
{
    *why = (struct fault){ 0 };
    return strategy_parse(a, "f.yaml", text, strlen(text), why);
}

static void a_good_file_is_read(void **state)
{
    struct arena a = { 0 };
    struct fault why;
    struct strategy *s = parse(&a, good, &why);

    (void)state;
    if (s == NULL)
        fail_msg("%s", why.text);
    assert_string_equal(s->name, "s");
    assert_int_equal(s->promise_tolerance_bp, 500);
    assert_int_equal(s->ladders[0].steps[0].day, -3);
    assert_int_equal(s->ladders[0].steps[1].channels[0], CHANNEL_LETTER);
    assert_int_equal(s->ladders[0].entry, ENTRY_ONE_AT_A_TIME);
    assert_ptr_equal(s->segments[1].ladder, &s->ladders[0]);
    arena_free(&a);
}

static void a_bad_file_is_refused_at_its_place(void **state)
{
    struct arena a = { 0 };

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct fault why;
        const char *at = strstr(good, bad[i].piece);
        assert_non_null(at);
        char *text = arena_print(&a, "%.*s%s%s", (int)(at - good), good, bad[i].instead,
                                 at + strlen(bad[i].piece));
        if (parse(&a, text, &why) != NULL)
            fail_msg("%s is taken", bad[i].instead);
        assert_int_equal(why.code, BAD_PACK);
        if (!text_starts(why.text, bad[i].refusal))
            fail_msg("%s: %s\n  wanted %s", bad[i].instead, why.text, bad[i].refusal);
    }
    arena_free(&a);
}

/* Cut anywhere, the file is refused or read, never more. */
static void a_cut_file_does_no_harm(void **state)
{
    struct arena a = { 0 };
    struct fault why;

    (void)state;
    for (size_t i = 0; i < sizeof good; i++) {
        struct strategy *s = parse(&a, arena_copy_n(&a, good, i), &why);
        assert_true(s != NULL || why.code == BAD_PACK);
    }
    arena_free(&a);
}

static void all_shipped_files_are_read(void **state)
{
    struct arena a = { 0 };
    struct strategies all;
    struct fault why = { .text = "" };

    (void)state;
    if (!strategies_load(&a, &all, &why))
        fail_msg("%s", why.text);
    assert_true(all.count >= 3);
    for (size_t i = 1; i < all.count; i++)
        assert_true(all.all[i - 1]->order <= all.all[i]->order);
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_file_is_read),
        cmocka_unit_test(a_bad_file_is_refused_at_its_place),
        cmocka_unit_test(a_cut_file_does_no_harm),
        cmocka_unit_test(all_shipped_files_are_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

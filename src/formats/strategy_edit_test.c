/*
 * Edits of strategy texts: of every shipped strategy, every step and key, an edit changes
 * exactly that value; remarks stay; no value breaks the file; and what cannot be done is said.
 */
#include "formats/strategy_edit.h"

#include "base/files.h"
#include "formats/strategy_file.h"
#include "formats/yaml_scalar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Written in every way in which one may write it. */
static const char blocks[] =
    "strategy: s # its name\n"
    "title: Tätigkeit\n"
    "ladders:\n"
    "  # of the first ladder\n"
    "  - name: a\n"
    "    steps:\n"
    "      # of x\n"
    "      - id: x # short\n"
    "        before_due: 3\n"
    "        channels:\n"
    "          - email\n"
    "          - letter\n"
    "        template: t # its text\n"
    "\n"
    "      # of y, first line\n"
    "      # of y, second line\n"
    "      - after_due: 7 # a week\n"
    "        id: y\n"
    "        when: >\n"
    "          open_minor > 100 &&\n"
    "          has_phone\n"
    "        channels: [letter,\n"
    "                   email]\n"
    "        template: 'it''s'\n"
    "      - {after_due: 9, id: \"z\", channels: email, template: t} # z\n"
    "    end: {after: 14, then: person}\n"
    "segments:\n"
    "- {name: some, when: has_phone, ladder: a}\n"
    "- name: all\n"
    "  ladder: a";

static const char *const evil[] = {
    "a: b",
    "it's",
    "say \"no\"",
    "two\nlines",
    "# no remark",
    "a # b",
    "a #",
    " blank ",
    "-",
    "- a",
    "[x]",
    "{x}",
    "a, b",
    "&x",
    "*x",
    "!x",
    "|",
    ">",
    "%",
    "@",
    "`",
    "?",
    ": ",
    "é日本🎉",
    "\xe2\x80\xa8",
    "\xef\xbb\xbf",
    "\t",
    "null",
    "~",
    "yes",
    "\\n",
    "a\rb",
    "---",
    "...",
    "''",
    "\"",
    "'",
    "a: {b: [c",
    "\x7f",
    "\xc2\x85",
    "'#: }\n- ]",
    "x\n# y: z\n",
};

struct text_in_hand {
    const char *name, *text;
};

static size_t texts_get(struct arena *a, struct text_in_hand *out, size_t most)
{
    struct fault why = { .text = "" };
    const char **paths;
    size_t count;

    if (!files_list(a, "strategies/", ".yaml", &paths, &count, &why))
        fail_msg("%s", why.text);
    assert_true(count >= 3 && count + 1 < most);
    for (size_t i = 0; i < count; i++) {
        struct file file;
        assert_true(files_load(a, paths[i], &file, &why));
        out[i] = (struct text_in_hand){ paths[i], arena_copy_n(a, (const char *)file.bytes,
                                                               file.length) };
    }
    out[count] = (struct text_in_hand){ "blocks", blocks };
    return count + 1;
}

static struct strategy_outline outline(struct arena *a, const char *text)
{
    struct strategy_outline out;
    struct fault why = { .text = "" };

    if (!strategy_outline(a, "text", text, &out, &why))
        fail_msg("%s:\n%s", why.text, text);
    return out;
}

/* Every whole line that is a remark is still there, in its order; and so is every tail of one.
 */
static void remarks_stay(struct arena *a, const char *was, const char *is)
{
    const char *at = is;

    for (const char *line = was; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        const char *one = arena_copy_n(a, line, length), *mark = strstr(one, "# ");
        if (mark != NULL && strchr(mark, '"') == NULL && strchr(mark, '\'') == NULL) {
            at = strstr(at, mark);
            if (at == NULL)
                fail_msg("lost \"%s\" in\n%s", mark, is);
            at += strlen(mark);
        }
        line += length + (line[length] == '\n');
    }
}

/* ---- A value, and nothing else ----------------------------------------------------------- */

/* Of a step, all that is written, with what must be under one key. */
static const char *step_told(struct arena *a, const struct outline_step *s, const char *key,
                             const char *value)
{
    bool of_day = strcmp(key, "before_due") == 0 || strcmp(key, "after_due") == 0;
    bool before = of_day ? strcmp(key, "before_due") == 0 : s->before;

#define SAID(name, otherwise) (strcmp(key, name) == 0 ? value : (otherwise))
    return arena_print(a, "%s|%s|%d|%s|%s|%s", SAID("id", s->id), of_day ? value : s->days,
                       before, SAID("when", s->when), SAID("channels", s->channels),
                       SAID("template", s->template));
#undef SAID
}

static const char *all_told(struct arena *a, const struct strategy_outline *o, size_t ladder,
                            size_t step, const char *key, const char *value)
{
    const char *out = arena_print(a, "%s|%s|%s\n", o->title, o->applies, o->order);

    for (size_t i = 0; i < o->ladder_count; i++) {
        const struct outline_ladder *l = &o->ladders[i];
        out = arena_print(a, "%s%s|%s|%s|%s|%s|%s\n", out, l->name, l->entry, l->stale_after,
                          l->gap, l->end_after, l->end_then);
        for (size_t k = 0; k < l->count; k++)
            out = arena_print(
                a, "%s  %s\n", out,
                step_told(a, &l->steps[k], i == ladder && k == step ? key : "none", value));
    }
    for (size_t i = 0; i < o->segment_count; i++)
        out = arena_print(a, "%s%s|%s|%s\n", out, o->segments[i].name, o->segments[i].when,
                          o->segments[i].ladder);
    return out;
}

static void set_one(const struct text_in_hand *in, size_t ladder, size_t step, const char *key,
                    const char *value)
{
    struct arena a = { 0 };
    struct fault why = { .text = "" };
    const struct strategy_edit edit = { .verb = EDIT_SET,
                                        .part = OF_STEP,
                                        .ladder = ladder,
                                        .item = step,
                                        .key = key,
                                        .value = value };
    struct strategy_outline was = outline(&a, in->text), is;
    const char *out;

    if (!strategy_edit(&a, in->text, &edit, &out, &why))
        fail_msg("%s, step %zu, %s = \"%s\": %s", in->name, step, key, value, why.text);
    is = outline(&a, out);
    const char *wanted = all_told(&a, &was, ladder, step, key, outline_line(&a, value));
    const char *made = all_told(&a, &is, SIZE_MAX, 0, "", "");
    if (strcmp(wanted, made) != 0)
        fail_msg("%s, step %zu, %s = \"%s\":\n%s\nnot\n%s\nin\n%s", in->name, step, key, value,
                 made, wanted, out);
    remarks_stay(&a, in->text, out);
    arena_free(&a);
}

static void every_step_and_key_is_set_alone(void **state)
{
    static const char *const keys[] = { "id", "before_due", "after_due", "when", "template" };
    static const char *const channels[] = { "email", "sms, email", "letter, call, email" };
    struct arena a = { 0 };
    struct text_in_hand all[16];
    size_t count = texts_get(&a, all, COUNT(all)), turn = 0;

    (void)state;
    for (size_t i = 0; i < count; i++) {
        struct strategy_outline o = outline(&a, all[i].text);
        for (size_t l = 0; l < o.ladder_count; l++) {
            for (size_t s = 0; s < o.ladders[l].count; s++) {
                /* every value at every key of the small text; in the long ones in turn */
                size_t pitch = all[i].text == blocks ? 1 : 9;
                for (size_t k = 0; k < COUNT(keys); k++) {
                    set_one(&all[i], l, s, keys[k], "12");
                    for (size_t v = (turn++) % pitch; v < COUNT(evil); v += pitch)
                        set_one(&all[i], l, s, keys[k], evil[v]);
                }
                for (size_t c = 0; c < COUNT(channels); c++)
                    set_one(&all[i], l, s, "channels", channels[c]);
                set_one(&all[i], l, s, "when", "");
            }
        }
    }
    arena_free(&a);
}

/* What was meant arrives as it was meant, blanks and all. */
static void no_value_breaks_a_file(void **state)
{
    struct arena a = { 0 };
    struct fault why;

    (void)state;
    for (size_t v = 0; v < COUNT(evil); v++) {
        const char *text =
            arena_print(&a, "k: %s\nl: {a: %s, b: [%s, x]}\n", yaml_scalar(&a, evil[v]),
                        yaml_scalar(&a, evil[v]), yaml_scalar(&a, evil[v]));
        const struct yaml *root = yaml_parse(&a, "t", text, strlen(text), &why);
        if (root == NULL)
            fail_msg("%s:\n%s", why.text, text);
        const struct yaml *map = yaml_find(root, "l");
        assert_string_equal(yaml_find(root, "k")->text, evil[v]);
        assert_string_equal(yaml_find(map, "a")->text, evil[v]);
        assert_string_equal(yaml_find(map, "b")->items[0]->text, evil[v]);
        assert_int_equal(map->count, 2);
    }
    assert_string_equal(yaml_scalar(&a, "total_open_minor < 25000"),
                        "total_open_minor < 25000");
    assert_string_equal(yaml_scalar(&a, "role == \"a\" && !b"), "role == \"a\" && !b");
    arena_free(&a);
}

/* ---- How it is written ------------------------------------------------------------------- */

static const char *edited(struct arena *a, const char *text, struct strategy_edit edit)
{
    struct fault why = { .text = "" };
    const char *out;

    if (!strategy_edit(a, text, &edit, &out, &why))
        fail_msg("%s", why.text);
    return out;
}

/* Of `text`, only `was` is gone, and `is` stands there. */
static void changes(struct arena *a, const char *text, struct strategy_edit edit,
                    const char *was, const char *is)
{
    const char *at = strstr(text, was), *out = edited(a, text, edit);

    assert_non_null(at);
    assert_string_equal(
        out, arena_print(a, "%.*s%s%s", (int)(at - text), text, is, at + strlen(was)));
}

#define SET_STEP(at, k, v)                                                                     \
    (struct strategy_edit)                                                                     \
    {                                                                                          \
        .part = OF_STEP, .item = (at), .key = (k), .value = (v)                                \
    }

static void a_step_is_changed_where_it_stands(void **state)
{
    struct arena a = { 0 };
    const char *text = arena_print(&a, "%s\n", blocks);

    (void)state;
    changes(&a, text, SET_STEP(0, "before_due", "4"), "before_due: 3", "before_due: 4");
    changes(&a, text, SET_STEP(0, "after_due", "4"), "before_due: 3", "after_due: 4");
    changes(&a, text, SET_STEP(0, "channels", "call"),
            "channels:\n          - email\n          - letter", "channels: [call]");
    changes(&a, text, SET_STEP(0, "when", "has_phone"), "before_due: 3\n",
            "before_due: 3\n        when: has_phone\n");
    changes(&a, text, SET_STEP(1, "when", ""),
            "        when: >\n          open_minor > 100 &&\n          has_phone\n", "");
    changes(&a, text, SET_STEP(1, "when", "kind == \"x: y\""),
            "when: >\n          open_minor > 100 &&\n          has_phone\n",
            "when: 'kind == \"x: y\"'\n");
    changes(&a, text, SET_STEP(1, "channels", "sms"), "[letter,\n                   email]",
            "[sms]");
    changes(&a, text, SET_STEP(2, "when", "has_email"), "after_due: 9,",
            "after_due: 9, when: has_email,");
    changes(&a, text, (struct strategy_edit){ .part = OF_SEGMENT, .key = "when", .value = "" },
            "when: has_phone, ", "");
    changes(&a, text,
            (struct strategy_edit){ .part = OF_LADDER, .key = "end.then", .value = "stop" },
            "then: person", "then: stop");
    changes(&a, text, (struct strategy_edit){ .part = OF_LADDER, .key = "gap", .value = "3" },
            "  - name: a\n", "  - name: a\n    gap: 3\n");
    changes(&a, text,
            (struct strategy_edit){ .part = OF_STRATEGY, .key = "for", .value = "!business" },
            "title: Tätigkeit\n", "title: Tätigkeit\nfor: '!business'\n");
    arena_free(&a);
}

static void steps_come_go_and_move_with_their_remarks(void **state)
{
    struct arena a = { 0 };
    const char *text = arena_print(&a, "%s\n", blocks);
    static const char
        y[] = "      # of y, first line\n      # of y, second line\n"
              "      - after_due: 7 # a week\n        id: y\n        when: >\n"
              "          open_minor > 100 &&\n          has_phone\n"
              "        channels: [letter,\n                   email]\n"
              "        template: 'it''s'\n",
        z[] = "      - {after_due: 9, id: \"z\", channels: email, template: t} # z\n";

    (void)state;
    changes(&a, text, (struct strategy_edit){ .verb = EDIT_REMOVE, .item = 1 }, y, "");
    changes(&a, text, (struct strategy_edit){ .verb = EDIT_MOVE, .item = 1, .to = 2 },
            arena_print(&a, "%s%s", y, z), arena_print(&a, "%s%s", z, y));
    changes(&a, text, (struct strategy_edit){ .verb = EDIT_MOVE, .item = 2, .to = 1 },
            arena_print(&a, "%s%s", y, z), arena_print(&a, "%s%s", z, y));
    struct strategy_edit add = { .verb = EDIT_ADD,
                                 .item = 2,
                                 .step = { "n", "", "t: 1", "email, sms", "3", true } };
    changes(&a, text, add, z,
            arena_print(&a,
                        "%s      - {id: n, before_due: 3, channels: [email, sms], "
                        "template: 't: 1'}\n",
                        z));
    add.item = 1;
    changes(&a, text, add, y,
            arena_print(&a,
                        "%s      - id: n\n        before_due: 3\n        channels: [email, "
                        "sms]\n        template: 't: 1'\n",
                        y));
    arena_free(&a);
}

static void what_cannot_be_done_is_said(void **state)
{
    static const char brackets[] =
        "ladders: [{name: a, steps: [{id: x, after_due: 1}, {id: y}]}]";
    static const struct {
        const char *text;
        struct strategy_edit edit;
        const char *said;
    } bad[] = {
        { blocks, { .part = OF_STEP, .item = 9, .key = "id", .value = "q" }, "no such part" },
        { blocks, { .part = OF_STEP, .ladder = 1, .key = "id", .value = "q" }, "no such part" },
        { blocks, { .verb = EDIT_MOVE, .to = 3 }, "no step to change places" },
        { blocks,
          { .part = OF_LADDER, .key = "name.x", .value = "q" },
          "Change it in the text" },
        { "a: [", { .part = OF_STRATEGY, .key = "title", .value = "q" }, "text:2:1:" },
        { "a: b", { .part = OF_STEP, .key = "id", .value = "q" }, "no such part" },
        { brackets, { .verb = EDIT_REMOVE }, "Change it in the text" },
        { brackets, { .verb = EDIT_MOVE, .to = 1 }, "Change it in the text" },
        { "ladders:\n- steps:\n  - {id: x,\n     channels: [a, # why\n     b]}\n",
          { .part = OF_STEP, .key = "channels", .value = "c" },
          "Change it in the text" },
        { "ladders:\n- steps:\n  - {id: x}\n", { .verb = EDIT_REMOVE }, "at least one step" },
    };
    struct arena a = { 0 };

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct fault why = { .text = "" };
        const char *out;
        if (strategy_edit(&a, bad[i].text, &bad[i].edit, &out, &why))
            fail_msg("%zu is taken:\n%s", i, out);
        if (strstr(why.text, bad[i].said) == NULL)
            fail_msg("%zu: %s", i, why.text);
        assert_string_equal(out, bad[i].text);
    }
    arena_free(&a);
}

/* ---- Long ways --------------------------------------------------------------------------- */

static uint32_t chance(uint32_t *seed, uint32_t below)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) % below;
}

static struct strategy_edit any_edit(uint32_t *seed)
{
    static const char *const keys[] = { "id",   "before_due", "after_due",
                                        "when", "channels",   "template",
                                        "name", "end.after",  "for" };
    struct strategy_edit edit = { .verb = chance(seed, 10) < 6 ? EDIT_SET : 1 + chance(seed, 3),
                                  .part = chance(seed, 10) < 7 ? OF_STEP : chance(seed, 3),
                                  .ladder = chance(seed, 4),
                                  .item = chance(seed, 8),
                                  .to = chance(seed, 8),
                                  .key = keys[chance(seed, COUNT(keys))],
                                  .value = evil[chance(seed, COUNT(evil))] };

    edit.value = chance(seed, 4) == 0 ? "" : edit.value;
    edit.step = (struct outline_step){ evil[chance(seed, COUNT(evil))],
                                       evil[chance(seed, COUNT(evil))],
                                       "t",
                                       "email",
                                       "7",
                                       chance(seed, 2) == 0 };
    return edit;
}

/* Edit upon edit: every text is YAML with as many ladders as before, or nothing was done. */
static void a_long_way_of_edits_breaks_nothing(void **state)
{
    struct arena a = { 0 }, work = { 0 };
    struct text_in_hand all[16];
    size_t count = texts_get(&a, all, COUNT(all)), done = 0;
    const char *rounds = getenv("RECOUP_EDITS");
    int most = rounds != NULL ? atoi(rounds) : 400;
    uint32_t seed = 20261120;

    (void)state;
    for (size_t i = 0; i < count; i++) {
        const char *text = all[i].text;
        size_t ladders = outline(&a, text).ladder_count;
        for (int k = 0; k < most; k++) {
            struct strategy_edit edit = any_edit(&seed);
            struct fault why = { .text = "" };
            const char *out;
            if (k % 50 == 0) /* or nothing would be left to edit */
                text = all[i].text;
            bool good = strategy_edit(&work, text, &edit, &out, &why);
            assert_true(good || (out == text && why.code == BAD_VALUE));
            assert_int_equal(outline(&work, out).ladder_count, ladders);
            text = arena_copy(&a, out);
            arena_reset(&work);
            done += good;
        }
        arena_reset(&a);
        count = texts_get(&a, all, COUNT(all));
    }
    assert_true(done > count * (size_t)most / 4);
    arena_free(&work);
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_step_and_key_is_set_alone),
        cmocka_unit_test(no_value_breaks_a_file),
        cmocka_unit_test(a_step_is_changed_where_it_stands),
        cmocka_unit_test(steps_come_go_and_move_with_their_remarks),
        cmocka_unit_test(what_cannot_be_done_is_said),
        cmocka_unit_test(a_long_way_of_edits_breaks_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

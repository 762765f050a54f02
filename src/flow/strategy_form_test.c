/* A strategy as a form: what comes back is written into the text, and only that. */
#include "flow/strategy_form.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char text[] = "strategy: s\n"
                           "title: T\n"
                           "ladders:\n"
                           "  - name: a # the only one\n"
                           "    steps:\n"
                           "      # first\n"
                           "      - {id: x, before_due: 3, channels: [email], template: t}\n"
                           "      - {id: y, after_due: 7, channels: [letter], template: u}\n"
                           "      - {id: z, after_due: 8, channels: [call], template: v}\n"
                           "    end: {after: 14, then: person}\n"
                           "segments:\n"
                           "  - {name: all, ladder: a}\n";

#define X "      # first\n      - {id: x, before_due: 3, channels: [email], template: t}\n"
#define Y "      - {id: y, after_due: 7, channels: [letter], template: u}\n"
#define Z "      - {id: z, after_due: 8, channels: [call], template: v}\n"

/* Answers: "name", "value", … NULL. */
static const char *value(void *context, const char *name)
{
    for (const char *const *at = context; *at != NULL; at += 2) {
        if (strcmp(at[0], name) == 0)
            return at[1];
    }
    return NULL;
}

/* Of the steps of `text`, what they become. */
static void becomes(const char *const *sent, struct form_order order, const char *steps)
{
    struct arena a = { 0 };
    struct fault why = { .text = "" };
    const struct form_answers answers = { value, (void *)sent };
    const char *out, *was = X Y Z, *at = strstr(text, was);

    assert_non_null(at);
    if (!strategy_form_write(&a, text, 0, &answers, order, &out, &why))
        fail_msg("%s", why.text);
    assert_string_equal(
        out, arena_print(&a, "%.*s%s%s", (int)(at - text), text, steps, at + strlen(was)));
    assert_true(strategy_form_differs(&a, text, 0, &answers) == (sent[0] != NULL));
    arena_free(&a);
}

static const struct form_order nothing = { WISH_NONE, 0 };

static void what_came_back_is_written(void **state)
{
    (void)state;
    becomes((const char *const[]){ NULL }, nothing, X Y Z);
    becomes((const char *const[]){ "step.0.1.template", "w: x", NULL }, nothing,
            X "      - {id: y, after_due: 7, channels: [letter], template: 'w: x'}\n" Z);
    becomes((const char *const[]){ "step.0.1.when", " has_phone\n && business ", NULL },
            nothing,
            X "      - {id: y, after_due: 7, when: has_phone && business, channels: [letter], "
              "template: u}\n" Z);
}

static void days_keep_their_order(void **state)
{
    (void)state;
    becomes((const char *const[]){ "step.0.0.day", "after_due 9", NULL }, nothing,
            Y Z "      # first\n"
                "      - {id: x, after_due: 9, channels: [email], template: t}\n");
    becomes((const char *const[]){ "step.0.2.day", "before_due 5", NULL }, nothing,
            "      - {id: z, before_due: 5, channels: [call], template: v}\n" X Y);
    becomes((const char *const[]){ "step.0.0.day", "before_due 0", NULL }, nothing,
            "      # first\n"
            "      - {id: x, after_due: 0, channels: [email], template: t}\n" Y Z);
    becomes((const char *const[]){ "step.0.0.day", "after_due soon", NULL }, nothing,
            "      # first\n"
            "      - {id: x, after_due: soon, channels: [email], template: t}\n" Y Z);
}

static void steps_change_places(void **state)
{
    const char *const none[] = { NULL };

    (void)state;
    becomes(none, (struct form_order){ WISH_LATER, 1 },
            X "      - {id: z, after_due: 7, channels: [call], template: v}\n"
              "      - {id: y, after_due: 8, channels: [letter], template: u}\n");
    becomes(none, (struct form_order){ WISH_EARLIER, 1 },
            "      - {id: y, before_due: 3, channels: [letter], template: u}\n"
            "      # first\n"
            "      - {id: x, after_due: 7, channels: [email], template: t}\n" Z);
    becomes(none, (struct form_order){ WISH_REMOVE, 0 }, Y Z);
    becomes(none, (struct form_order){ WISH_ADD, 0 },
            X "      - {id: step_4, after_due: 2, channels: [email], template: t}\n" Y Z);
    becomes(none, (struct form_order){ WISH_ADD, 2 },
            X Y Z "      - {id: step_4, after_due: 15, channels: [call], template: v}\n");
}

static void what_cannot_be_is_said(void **state)
{
    static const struct form_order bad[] = {
        { WISH_EARLIER, 0 },
        { WISH_LATER, 2 },
        { WISH_REMOVE, 3 },
        { WISH_ADD, SIZE_MAX },
    };
    struct arena a = { 0 };

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct fault why = { .text = "" };
        const char *out;
        assert_false(strategy_form_write(&a, text, 0, NULL, bad[i], &out, &why));
        assert_int_equal(why.code, BAD_VALUE);
        assert_ptr_equal(out, text);
        assert_false(strategy_form_write(&a, text, 7, NULL, bad[i], &out, &why));
    }
    struct strategy_outline outline;
    struct fault why = { .text = "" };
    assert_false(strategy_form_read(&a, "a: [", &outline, &why));
    assert_int_equal(why.code, BAD_PACK);
    assert_true(strategy_form_read(&a, "[1, {ladders: x}]", &outline, &why));
    assert_int_equal(outline.ladder_count, 0);
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_came_back_is_written),
        cmocka_unit_test(days_keep_their_order),
        cmocka_unit_test(steps_change_places),
        cmocka_unit_test(what_cannot_be_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "domain/condition.h"

#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum {
    DAYS_PAST_DUE,
    CALLS,
    DISPUTED,
    CHANNEL,
    DEBT_KIND,
    DUE_ON,
    LAST_CONTACT_AT,
    GRACE,
    BALANCE_MINOR,
    FACT_COUNT
};

static const struct fact_name names[FACT_COUNT] = {
    [DAYS_PAST_DUE] = { "days_past_due", VALUE_INT, "days since the due date", true },
    [CALLS] = { "calls", VALUE_INT, "calls in the last 7 days", false },
    [DISPUTED] = { "disputed", VALUE_BOOL, "a dispute is open", false },
    [CHANNEL] = { "channel", VALUE_TEXT, "email, sms, call or letter", false },
    [DEBT_KIND] = { "debt.kind", VALUE_TEXT, "credit_card, medical, …", false },
    [DUE_ON] = { "due_on", VALUE_DAY, "the due date", false },
    [LAST_CONTACT_AT] = { "last_contact_at", VALUE_INSTANT, "the latest contact", false },
    [GRACE] = { "grace", VALUE_DURATION, "how long to wait", false },
    [BALANCE_MINOR] = { "balance_minor", VALUE_INT, "what is owed", false },
};
static const struct fact_table facts = { FACT_COUNT, names };
static const struct place place = { "rules/x.yaml", 7, 11 };

/* Ten days late, two calls, not disputed, by email; the balance is not known. */
static struct value values[FACT_COUNT];

static int set_values(void **state)
{
    struct day due;
    struct instant last;

    (void)state;
    assert_true(day_parse("2026-11-20", &due));
    assert_true(instant_parse("2026-11-29T10:00:00Z", &last));
    values[DAYS_PAST_DUE] = (struct value){ .known = true, .number = 10 };
    values[CALLS] = (struct value){ .known = true, .number = 2 };
    values[DISPUTED] = (struct value){ .known = true, .truth = false };
    values[CHANNEL] = (struct value){ .known = true, .text = "email" };
    values[DEBT_KIND] = (struct value){ .known = true, .text = "médical" };
    values[DUE_ON] = (struct value){ .known = true, .number = due.number };
    values[LAST_CONTACT_AT] = (struct value){ .known = true, .number = last.us };
    values[GRACE] = (struct value){ .known = true, .number = 3600000000 };
    values[BALANCE_MINOR] = (struct value){ .known = false, .number = 99 };
    return 0;
}

/* ---- answers ---- */

struct answer {
    const char *text;
    enum truth truth;
    const char *unknown; /* the fact to blame */
};

#define YES               TRUTH_TRUE, NULL
#define NO                TRUTH_FALSE, NULL
#define UNKNOWN_FOR(fact) TRUTH_UNKNOWN, fact
#define ERROR             TRUTH_UNKNOWN, NULL

static void answers_are(const struct answer *answers, size_t count)
{
    struct arena a = { 0 };

    for (size_t i = 0; i < count; i++) {
        const struct answer *want = &answers[i];
        struct fault why = { .text = "" };
        struct condition *condition = condition_compile(&a, want->text, place, facts, &why);
        if (condition == NULL)
            fail_msg("%s", why.text);
        if (condition_test(condition, values) != want->truth)
            fail_msg("%s: answer %d", want->text, condition_test(condition, values));
        const char *unknown = condition_unknown(condition, values);
        if (!text_equal(unknown, want->unknown))
            fail_msg("%s: blames %s", want->text, unknown == NULL ? "nothing" : unknown);
    }
    arena_free(&a);
}

static void comparisons(void **state)
{
    static const struct answer answers[] = {
        { "days_past_due >= 7 && !disputed && channel in [\"email\", \"letter\"]", YES },
        { "days_past_due >= 10", YES },
        { "days_past_due > 10", NO },
        { "10 <= days_past_due", YES },
        { "10 < days_past_due", NO },
        { "days_past_due == 0xA", YES },
        { "days_past_due != 10", NO },
        { "-days_past_due == -10", YES },
        { "calls < days_past_due", YES },
        { "channel == \"email\"", YES },
        { "\"f\" > channel", YES },
        { "channel < \"emai\"", NO },
        { "disputed == false", YES },
        { "disputed < true", YES },
        { "due_on == day(\"2026-11-20\")", YES },
        { "due_on < day('2026-11-20')", NO },
        { "last_contact_at >= timestamp(\"2026-11-29T11:00:00+01:00\")", YES },
        { "grace == duration(\"60m\") && grace == duration('1h') && grace > duration('0')",
          YES },
        { "debt.kind != channel", YES },
        { "-9223372036854775808 < 9223372036854775807", YES },
    };
    (void)state;
    answers_are(answers, COUNT(answers));
}

static void arithmetic_and_time(void **state)
{
    static const struct answer answers[] = {
        { "days_past_due * 3 + calls == 32", YES },
        { "days_past_due - calls - 1 == 7", YES },
        { "-7 / 2 == -3 && -7 % 2 == -1", YES },
        { "days_past_due / (calls - 2) == 1", ERROR },
        { "days_past_due % 0 == 1", ERROR },
        { "(days_past_due - 10 - 9223372036854775807 - 1) / -1 == 1", ERROR },
        { "-(days_past_due - 10 - 9223372036854775807 - 1) == 1", ERROR },
        { "9223372036854775807 + calls > 0", ERROR },
        { "4611686018427387904 * calls > 0", ERROR },
        { "due_on + 30 == day(\"2026-12-20\") && 30 + due_on == due_on + 30", YES },
        { "day(\"2028-03-01\") - day(\"2028-02-01\") == 29", YES },
        { "due_on - 20 == day(\"2026-10-31\")", YES },
        { "due_on + 4000000 > due_on", ERROR },
        { "last_contact_at + duration(\"24h\") > timestamp(\"2026-11-30T09:59:59Z\")", YES },
        { "last_contact_at - grace == timestamp(\"2026-11-29T09:00:00Z\")", YES },
        { "last_contact_at - timestamp(\"2026-11-29T09:30:00Z\") == duration(\"0.5h\")", YES },
        { "grace + duration(\"1.5s\") - duration(\"1500ms\") == duration(\"1h\")", YES },
        { "grace - duration(\"-1us\") == duration(\"1h1us\")", YES },
        { "timestamp(\"9999-12-31T23:59:59Z\") + grace > last_contact_at", ERROR },
        { "duration(\"2562047h\") + grace > grace", ERROR },
    };
    (void)state;
    answers_are(answers, COUNT(answers));
}

static void texts(void **state)
{
    static const struct answer answers[] = {
        { "channel.startsWith(\"em\") && channel.endsWith('ail') && channel.contains('ma')",
          YES },
        { "channel.startsWith('mail') || channel.endsWith('x') || channel.contains('z')", NO },
        { "size(debt.kind) == 7 && debt.kind.size() == 7", YES },
        { "debt.kind == 'm\\u00e9dical' && debt.kind == 'm\\xe9dical'", YES },
        { "debt.kind == 'm\\351dical' && debt.kind == 'm\\U000000e9dical'", YES },
        { "'\\a\\b\\f\\n\\r\\t\\v\\\\\\?\\\"\\'\\`'.size() == 12", YES },
        { "r'\\n'.size() == 2 && R\"\\\" == '\\\\'", YES },
        { "'''it's'''.contains(\"'\") && \"\"\"a\"b\"\"\" == 'a\"b'", YES },
        { "'''a\nb''' == 'a\\nb' && r'''\\''' == '\\\\'", YES },
        { "'' == \"\" && size('') == 0 && '''''' == ''", YES },
        { "'\\U0001F431'.size() == 1", YES },
    };
    (void)state;
    answers_are(answers, COUNT(answers));
}

static void grammar(void **state)
{
    static const struct answer answers[] = {
        { "true || false && false", YES },
        { "(true || false) && false", NO },
        { "1 + 2 * 3 == 7 && (1 + 2) * 3 == 9", YES },
        { "!true || !!true", YES },
        { "- - -1 == -1 && 1 - -1 == 2", YES },
        { "calls == 2 ? channel == 'email' : disputed", YES },
        { "(disputed ? 1 : calls > 1 ? 2 : 3) == 2", YES },
        { "disputed ? true : false ? true : channel == 'email'", YES },
        { "calls in [] || 3 in [1, 2, 3,]", YES },
        { "calls in [0x2, 1 + 4] && !(calls in [1, -2])", YES },
        { "due_on in [day('2026-11-20')] && disputed in [false]", YES },
        { "calls // how many\n  > 1 // and no more\n", YES },
        { "\t calls>1&&calls<3 ", YES },
        { "1 < 2 == true", YES },
        { "calls in [2] == true", YES },
    };
    (void)state;
    answers_are(answers, COUNT(answers));
}

static void not_knowing(void **state)
{
    static const struct answer answers[] = {
        { "balance_minor > 0", UNKNOWN_FOR("balance_minor") },
        { "!(balance_minor > 0)", UNKNOWN_FOR("balance_minor") },
        { "balance_minor == balance_minor", UNKNOWN_FOR("balance_minor") },
        { "balance_minor > 0 && disputed", NO },
        { "disputed && balance_minor > 0", NO },
        { "balance_minor > 0 || !disputed", YES },
        { "!disputed || balance_minor > 0", YES },
        { "balance_minor > 0 && !disputed", UNKNOWN_FOR("balance_minor") },
        { "balance_minor > 0 || disputed", UNKNOWN_FOR("balance_minor") },
        { "balance_minor in []", UNKNOWN_FOR("balance_minor") },
        { "balance_minor in [99]", UNKNOWN_FOR("balance_minor") },
        { "calls + balance_minor > 0", UNKNOWN_FOR("balance_minor") },
        { "balance_minor > 0 ? true : true", UNKNOWN_FOR("balance_minor") },
        { "disputed ? balance_minor > 0 : true", YES },
        { "(disputed ? 1 : balance_minor) > 0", UNKNOWN_FOR("balance_minor") },
        { "1 / 0 == 1 || true", YES },
        { "false && 1 / 0 == 1", NO },
        { "calls / 0 == 1 || !disputed", YES },
        { "calls / 0 == 1 && !disputed", ERROR },
        { "calls / 0 == 1 || balance_minor > 0", UNKNOWN_FOR("balance_minor") },
        { "balance_minor / 0 == 1", UNKNOWN_FOR("balance_minor") },
    };
    (void)state;
    answers_are(answers, COUNT(answers));
}

static void every_type_may_be_unknown(void **state)
{
    static const struct answer answers[] = {
        { "disputed", UNKNOWN_FOR("disputed") },
        { "disputed == true", UNKNOWN_FOR("disputed") },
        { "channel == 'email'", UNKNOWN_FOR("channel") },
        { "channel in ['email']", UNKNOWN_FOR("channel") },
        { "channel.size() > 0", UNKNOWN_FOR("channel") },
        { "'email'.startsWith(channel)", UNKNOWN_FOR("channel") },
        { "due_on + 1 > due_on", UNKNOWN_FOR("due_on") },
        { "last_contact_at - grace < last_contact_at", UNKNOWN_FOR("last_contact_at") },
        { "grace in [duration('1s')]", UNKNOWN_FOR("grace") },
    };
    (void)state;
    memset(values, 0, sizeof values);
    answers_are(answers, COUNT(answers));
    /* said to be known, and is not */
    values[CHANNEL] = (struct value){ .known = true, .text = NULL };
    answers_are(answers, COUNT(answers));
}

static void days_without_end(void **state)
{
    static const struct answer answers[] = {
        { "due_on > day('9999-12-31')", YES },
        { "due_on - day('2026-11-20') > 365", YES },
        { "due_on + 1 > day('2026-11-20')", ERROR },
        { "last_contact_at > timestamp('9999-12-31T23:59:59Z')", YES },
        { "last_contact_at + grace > timestamp('9999-12-31T23:59:59Z')", ERROR },
    };
    (void)state;
    values[DUE_ON].number = DAY_NEVER.number;
    values[LAST_CONTACT_AT].number = INSTANT_NEVER.us;
    answers_are(answers, COUNT(answers));
}

/* ---- refusals ---- */

struct refusal {
    const char *text, *sentence, *hint;
};

static void refusals_are(const struct refusal *refusals, size_t count)
{
    struct arena a = { 0 };

    for (size_t i = 0; i < count; i++) {
        const struct refusal *want = &refusals[i];
        struct fault why = { .text = "" };
        if (condition_compile(&a, want->text, place, facts, &why) != NULL)
            fail_msg("%s: was not refused", want->text);
        assert_int_equal(why.code, BAD_PACK);
        assert_true(text_starts(why.text, "rules/x.yaml:"));
        if (strcmp(why.text + strlen("rules/x.yaml:"), want->sentence) != 0)
            fail_msg("%s: %s", want->text, why.text);
        if (want->hint != NULL)
            assert_string_equal(why.hint, want->hint);
    }
    arena_free(&a);
}

static void names_and_places(void **state)
{
    static const struct refusal refusals[] = {
        { "day_past_due > 3",
          "7:11: there is no fact \"day_past_due\"; did you mean \"days_past_due\"?",
          "days_past_due (int): days since the due date" },
        { "calls > 1 && debt.kin == 'x'",
          "7:24: there is no fact \"debt.kin\"; did you mean \"debt.kind\"?", NULL },
        { "zzzzzzzz", "7:11: there is no fact \"zzzzzzzz\".", "" },
        { "calls > 1 &&\n  callz < 3",
          "8:3: there is no fact \"callz\"; did you mean \"calls\"?", NULL },
        { "'é' == 'é' && callz > 1",
          "7:25: there is no fact \"callz\"; did you mean \"calls\"?", NULL },
        { "calls.count() > 1", "7:17: there is no function \"count\".", NULL },
        { "channel.startWith('e')",
          "7:19: there is no function \"startWith\"; did you mean \"startsWith\"?", NULL },
        { "channel.kind == 'x'", "7:19: \"kind\" is no function: facts have no parts here.",
          NULL },
        { "calls > 1 and disputed", "7:21: \"and\" is written \"&&\" here.", NULL },
        { "not disputed", "7:11: \"not\" is written \"!\" here.", NULL },
        { "calls = 1", "7:17: \"=\" is not an operator; it is written \"==\".", NULL },
        { "channel == null", "7:22: there is no null; a fact nobody knows is unknown.", NULL },
    };
    (void)state;
    refusals_are(refusals, COUNT(refusals));
}

static void types(void **state)
{
    static const struct refusal refusals[] = {
        { "calls", "7:11: a condition is true or false; this is int.", NULL },
        { "due_on >= '2026-11-20'", "7:18: \">=\" does not go between day and text.",
          "Write a day as day(\"2026-11-20\")." },
        { "'72h' < grace", "7:17: \"<\" does not go between text and duration.",
          "Write a duration as duration(\"72h\")." },
        { "calls == '2'", "7:17: \"==\" does not go between int and text.", "" },
        { "calls && disputed", "7:11: \"&&\" needs true or false; this is int.", NULL },
        { "disputed || calls + 1", "7:23: \"||\" needs true or false; this is int.", NULL },
        { "!calls", "7:12: \"!\" needs true or false; this is int.", NULL },
        { "-due_on == due_on", "7:11: \"-\" does not go before day.", NULL },
        { "due_on + due_on == due_on", "7:18: \"+\" does not go between day and day.", NULL },
        { "grace * 2 > grace", "7:17: \"*\" does not go between duration and int.", NULL },
        { "calls ? true : false",
          "7:11: what stands before \"?\" needs true or false; this is int.", NULL },
        { "(disputed ? 1 : 'x') == 1",
          "7:27: both answers need one type; this is text, not int.", NULL },
        { "calls in ['x']", "7:21: this list is searched for int, and this is text.", NULL },
        { "due_on in ['2026-11-20']", "7:22: this list is searched for day, and this is text.",
          "Write a day as day(\"2026-11-20\")." },
        { "calls in [days_past_due]", "7:21: a list holds constants only.", NULL },
        { "calls in [1 / 0]", "7:21: a list holds constants only.", NULL },
        { "calls in channel", "7:20: a list in square brackets should be here.", NULL },
        { "[1] == [1]", "7:11: a list may only stand after \"in\".", NULL },
        { "size(calls) == 1", "7:16: size needs text; this is int.", NULL },
        { "size() == 1", "7:11: size takes 1 text, not 0.", NULL },
        { "channel.contains('a', 'b')", "7:19: contains takes 2 texts, not 3.", NULL },
        { "contains(channel, 'a')",
          "7:11: contains stands after a text and a dot: fact.contains(\"…\").", NULL },
        { "channel.day() == due_on", "7:19: day stands before its text: day(\"2026-11-20\").",
          NULL },
        { "day(channel) == due_on",
          "7:11: day(…) takes one text in quotes, such as \"2026-11-20\".", NULL },
        { "due_on == day('2026-02-30')",
          "7:25: day(…) cannot read this; it takes \"2026-11-20\".", NULL },
        { "last_contact_at > timestamp('2026-11-20')",
          "7:39: timestamp(…) cannot read this; it takes \"2026-11-20T08:00:00Z\".", NULL },
        { "grace > duration('3 days')",
          "7:28: duration(…) cannot read this; it takes \"72h\" or \"90m\".", NULL },
    };
    (void)state;
    refusals_are(refusals, COUNT(refusals));
}

static void spelling(void **state)
{
    static const struct refusal refusals[] = {
        { "", "7:11: the condition ends where a fact or a constant should be.", NULL },
        { "calls >", "7:18: the condition ends where a fact or a constant should be.", NULL },
        { "(calls > 1", "7:21: the condition ends where \")\" should be.", NULL },
        { "calls > 1)", "7:20: the condition should end here, or go on with an operator.",
          NULL },
        { "calls > 1 ? true", "7:27: the condition ends where \":\" should be.", NULL },
        { "calls in [1 2]", "7:23: \"]\" should be here.", NULL },
        { "channel.contains('a',)", "7:32: an argument should be here.", NULL },
        { "channel == 'email", "7:22: this text has no closing quote.", NULL },
        { "channel == 'a\nb'", "7:22: this text has no closing quote.", NULL },
        { "channel == 'a\\", "7:22: this text has no closing quote.", NULL },
        { "channel == '\\q'",
          "7:23: this escape is not known; a backslash itself is written \\\\.", NULL },
        { "channel == '\\x0g'", "7:23: this escape needs 2 hexadecimal digits.", NULL },
        { "channel == '\\18'", "7:23: this escape needs 3 octal digits.", NULL },
        { "channel == '\\ud800'", "7:23: this escape is not the number of a character.", NULL },
        { "channel == '\\400'", "7:23: this escape is not the number of a character.", NULL },
        { "channel == '\\x00'", "7:23: text cannot hold the character number 0.", NULL },
        { "channel == b'x'",
          "7:22: there are no bytes here; leave out the \"b\" before the quote.", NULL },
        { "calls == 1.5",
          "7:20: numbers are whole here; amounts are written in minor units (cents).", NULL },
        { "calls == 1e3",
          "7:20: numbers are whole here; amounts are written in minor units (cents).", NULL },
        { "calls == 1u", "7:20: there are no unsigned numbers here; leave out the \"u\".",
          NULL },
        { "calls == 12abc", "7:22: a number cannot go on with a letter.", NULL },
        { "calls == 0x", "7:20: after \"0x\" come hexadecimal digits.", NULL },
        { "calls == 9223372036854775808",
          "7:20: this number is larger than 9223372036854775807.", NULL },
        { "calls == 99999999999999999999",
          "7:20: this number is larger than 9223372036854775807.", NULL },
        { "calls == {}", "7:20: there are no maps or messages here.", NULL },
        { "calls == #", "7:20: \"#\" means nothing outside of quotes.", NULL },
        { "calls == €", "7:20: this character means nothing outside of quotes.", NULL },
        { "calls == \xff", "7:20: this is not valid UTF-8.", NULL },
    };
    (void)state;
    refusals_are(refusals, COUNT(refusals));
}

/* "((((…calls > 1…))))", "!!!!…true", "calls + 1 + 1 + … > 1": each as often as asked. */
static const char *repeated(struct arena *a, const char *before, const char *middle,
                            const char *after, size_t count)
{
    struct text text = { 0 };

    for (size_t i = 0; i < count; i++)
        text_add(&text, before);
    text_add(&text, middle);
    for (size_t i = 0; i < count; i++)
        text_add(&text, after);
    const char *copy = arena_copy(a, text_of(&text));
    text_free(&text);
    return copy;
}

static bool compiles(struct arena *a, const char *text, const char *sentence)
{
    struct fault why = { .text = "" };

    if (condition_compile(a, text, place, facts, &why) != NULL)
        return true;
    if (strstr(why.text, sentence) == NULL)
        fail_msg("%.60s: %s", text, why.text);
    return false;
}

static void depth_and_length_are_limited(void **state)
{
    const char *deep = "this is nested too deeply; split the condition.";
    const char *long_text = "7:11: a condition has at most 8192 bytes; split it.";
    struct arena a = { 0 };

    (void)state;
    assert_true(compiles(&a, repeated(&a, "(", "calls > 1", ")", 90), deep));
    assert_false(compiles(&a, repeated(&a, "(", "calls > 1", ")", 101), deep));
    assert_false(compiles(&a, repeated(&a, "(", "", "", 4000), deep));
    assert_true(compiles(&a, repeated(&a, "!", "disputed", "", 90), deep));
    assert_false(compiles(&a, repeated(&a, "!", "disputed", "", 4000), deep));
    assert_false(compiles(&a, repeated(&a, "disputed ? true : ", "true", "", 400), deep));
    assert_true(compiles(&a, repeated(&a, "calls + ", "1 > 1", "", 90), deep));
    assert_false(compiles(&a, repeated(&a, "calls + ", "1 > 1", "", 200), deep));
    assert_true(compiles(&a, repeated(&a, "disputed||", "true", "", 810), deep));
    assert_true(compiles(&a, repeated(&a, "", "calls > 1", " ", 8183), long_text));
    assert_false(compiles(&a, repeated(&a, "", "calls > 1", " ", 8184), long_text));
    arena_free(&a);
}

static void reads(void **state)
{
    struct arena a = { 0 };
    struct condition *condition = condition_compile(
        &a, "disputed || channel in [\"email\"] && 3 > calls", place, facts, NULL);

    (void)state;
    for (size_t i = 0; i < FACT_COUNT; i++)
        assert_int_equal(condition_reads(condition, i),
                         i == DISPUTED || i == CHANNEL || i == CALLS);
    assert_false(condition_reads(condition, FACT_COUNT));
    arena_free(&a);
}

/* ---- time ---- */

static double ns_of(const struct condition *condition)
{
    enum { ROUNDS = 1000000 };
    struct timespec begin, end;
    size_t yes = 0;

    clock_gettime(CLOCK_MONOTONIC, &begin);
    for (int i = 0; i < ROUNDS; i++) {
        values[DAYS_PAST_DUE].number = i & 15;
        yes += condition_test(condition, values) == TRUTH_TRUE;
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    assert_true(yes > 0);
    return ((double)(end.tv_sec - begin.tv_sec) * 1e9 + (double)(end.tv_nsec - begin.tv_nsec)) /
           ROUNDS;
}

static void a_test_is_quick(void **state)
{
    static const char *const texts_timed[] = {
        "days_past_due >= 7",
        "days_past_due >= 7 && !disputed",
        "days_past_due >= 7 && !disputed && channel in [\"letter\", \"email\"]",
        "days_past_due + calls * 2 >= 7",
    };
    struct arena a = { 0 };

    (void)state;
    for (size_t i = 0; i < COUNT(texts_timed); i++) {
        double ns = ns_of(condition_compile(&a, texts_timed[i], place, facts, NULL));
        print_message("%5.1f ns  %s\n", ns, texts_timed[i]);
    }
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(comparisons, set_values),
        cmocka_unit_test_setup(arithmetic_and_time, set_values),
        cmocka_unit_test_setup(texts, set_values),
        cmocka_unit_test_setup(grammar, set_values),
        cmocka_unit_test_setup(not_knowing, set_values),
        cmocka_unit_test_setup(every_type_may_be_unknown, set_values),
        cmocka_unit_test_setup(days_without_end, set_values),
        cmocka_unit_test(names_and_places),
        cmocka_unit_test(types),
        cmocka_unit_test(spelling),
        cmocka_unit_test(depth_and_length_are_limited),
        cmocka_unit_test(reads),
        cmocka_unit_test_setup(a_test_is_quick, set_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

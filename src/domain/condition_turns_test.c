/* Whatever a condition says, its answer changes at a turn or not at all. */
#include "domain/condition.h"

#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { LATE, TODAY, CALLS, VIP, TOWN, FACT_COUNT };

static const struct fact_name names[FACT_COUNT] = {
    [LATE] = { "late", VALUE_INT, "", true },    [TODAY] = { "today", VALUE_DAY, "", true },
    [CALLS] = { "calls", VALUE_INT, "", false }, [VIP] = { "vip", VALUE_BOOL, "", false },
    [TOWN] = { "town", VALUE_TEXT, "", false },
};
static const struct fact_table facts = { FACT_COUNT, names };

static struct condition *compiled(struct arena *a, const char *text)
{
    struct fault why = { .text = "" };
    struct condition *condition =
        condition_compile(a, text, (struct place){ "test", 1, 1 }, facts, &why);

    if (condition == NULL)
        fail_msg("%s: %s", text, why.text);
    return condition;
}

/* ---- known turns ---- */

static void known_turns(void **state)
{
    static const struct {
        const char *text;
        size_t count;
        int64_t turns[6];
    } cases[] = {
        { "late >= 7", 1, { 7 } },
        { "late > 7", 1, { 8 } },
        { "late < 7 || vip", 1, { 7 } },
        { "late <= 7", 1, { 8 } },
        { "7 <= late", 1, { 7 } },
        { "late == 7", 2, { 7, 8 } },
        { "late != 7 && late >= 8", 2, { 7, 8 } },
        { "late in [30, 3, 4]", 4, { 3, 4, 5, 30 } }, /* and 31, for which there is no room */
        { "vip ? late >= 3 : late >= 2", 2, { 2, 3 } },
        { "(late > 30 ? 5 : 3) <= calls", 1, { 31 } },
        { "(vip ? late : 10) >= 8", 1, { 8 } },
        { "late + 3 >= 10", 2, { 7, INT64_MAX - 2 } },
        { "late - 3 >= 10", 2, { INT64_MIN + 3, 13 } },
        { "10 - late >= 3", 2, { INT64_MIN + 11, 8 } },
        { "-late >= -5", 2, { INT64_MIN + 1, 6 } },
        { "calls > 3 || vip || town == 'x'", 0, { 0 } },
        { "late >= -9223372036854775808", 0, { 0 } },
        { "late > 9223372036854775807", 0, { 0 } },
        { "today >= day('1970-01-11')", 0, { 0 } },
        { "late % 7 == 0", SIZE_MAX, { 0 } },
        { "late * 2 > 7", SIZE_MAX, { 0 } },
        { "late > calls", SIZE_MAX, { 0 } },
        { "late > late", SIZE_MAX, { 0 } },
        { "late + calls > 3", SIZE_MAX, { 0 } },
        { "today + late > day('2026-01-01')", SIZE_MAX, { 0 } },
    };
    struct arena a = { 0 };
    int64_t turns[4];

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        size_t count = condition_turns(compiled(&a, cases[i].text), LATE, 4, turns);
        size_t written = count > 4 ? 4 : count;
        if (i == 7)
            assert_int_equal(count, 5);
        else if (count != cases[i].count)
            fail_msg("%s: %zu turns", cases[i].text, count);
        if (count != SIZE_MAX)
            assert_memory_equal(turns, cases[i].turns, written * sizeof *turns);
    }
    arena_free(&a);
}

static void days_turn_too(void **state)
{
    struct arena a = { 0 };
    int64_t turns[8];

    (void)state;
    struct condition *c = compiled(&a, "today - 10 >= day('1970-01-11') && today in []");
    assert_int_equal(condition_turns(c, TODAY, 8, turns), 3);
    assert_int_equal(turns[1], 20);
    c = compiled(&a, "today - day('1970-01-11') >= 10");
    assert_int_equal(condition_turns(c, TODAY, 8, turns), 2);
    assert_int_equal(turns[1], 20);
    arena_free(&a);
}

/* ---- any turns ---- */

static uint64_t seed;

static unsigned any(unsigned below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (unsigned)((seed >> 20) % below);
}

static void write_bool(struct text *out, unsigned depth);

static void write_constant(struct text *out)
{
    static const char *const corners[] = {
        "9223372036854775807",
        "-9223372036854775808",
        "9223372036854775800",
        "-9223372036854775801",
        "0",
    };

    if (any(12) == 0)
        text_add(out, corners[any(COUNT(corners))]);
    else
        text_add_print(out, "%d", (int)any(41) - 20);
}

static void write_int(struct text *out, unsigned depth)
{
    static const char *const signs[] = { "+", "-", "+", "-", "*", "/", "%" };

    switch (depth == 0 ? any(3) : any(9)) {
    case 0:
        write_constant(out);
        return;
    case 1:
    case 2:
        text_add(out, any(4) == 0 ? "calls" : "late");
        return;
    case 3:
        text_add(out, "-(");
        write_int(out, depth - 1);
        break;
    case 4:
        text_add(out, "(");
        write_bool(out, depth - 1);
        text_add(out, " ? ");
        write_int(out, depth - 1);
        text_add(out, " : ");
        write_int(out, depth - 1);
        break;
    case 5:
        text_add(out, "(today - day('1970-01-03')");
        break;
    case 6:
        text_add(out, "(");
        write_constant(out);
        text_add_print(out, " %s ", signs[any(4)]);
        write_int(out, depth - 1);
        break;
    default:
        text_add(out, "(");
        write_int(out, depth - 1);
        text_add_print(out, " %s ", signs[any(COUNT(signs))]);
        write_constant(out);
        break;
    }
    text_add(out, ")");
}

static void write_day(struct text *out, unsigned depth)
{
    static const char *const days[] = { "today", "day('1970-01-09')", "day('9999-12-25')" };

    if (depth == 0 || any(3) == 0) {
        text_add(out, days[any(COUNT(days))]);
        return;
    }
    text_add(out, "(");
    write_day(out, depth - 1);
    text_add(out, any(2) == 0 ? " + " : " - ");
    if (any(4) == 0)
        write_int(out, depth - 1);
    else
        text_add_print(out, "%u", any(30));
    text_add(out, ")");
}

static void write_comparison(struct text *out, unsigned depth)
{
    static const char *const signs[] = { "<", "<=", ">", ">=", "==", "!=" };
    const char *sign = signs[any(COUNT(signs))];

    if (any(4) == 0) {
        write_day(out, depth);
        text_add_print(out, " %s ", sign);
        write_day(out, 0);
    } else if (any(5) == 0) {
        write_int(out, depth);
        text_add(out, " in [");
        for (unsigned i = any(4); i > 0; i--)
            text_add_print(out, "%d,", (int)any(31) - 15);
        text_add(out, "]");
    } else {
        bool mirrored = any(3) == 0;
        mirrored ? write_constant(out) : write_int(out, depth);
        text_add_print(out, " %s ", sign);
        mirrored || any(9) == 0 ? write_int(out, depth) : write_constant(out);
    }
}

static void write_bool(struct text *out, unsigned depth)
{
    if (depth == 0 || any(4) == 0) {
        text_add(out, "(");
        if (any(6) == 0)
            text_add(out, any(2) ? "vip" : "town == 'Bath'");
        else
            write_comparison(out, depth);
        text_add(out, ")");
        return;
    }
    switch (any(4)) {
    case 0:
        text_add(out, "!(");
        write_bool(out, depth - 1);
        break;
    case 1:
        text_add(out, "(");
        write_bool(out, depth - 1);
        text_add(out, any(2) ? " == " : " != ");
        write_bool(out, 0);
        break;
    default:
        text_add(out, "((");
        write_bool(out, depth - 1);
        text_add(out, any(2) ? ") && (" : ") || (");
        write_bool(out, depth - 1);
        text_add(out, ")");
        break;
    }
    text_add(out, ")");
}

static bool is_turn(size_t count, const int64_t turns[], int64_t n)
{
    for (size_t i = 0; i < count; i++) {
        if (turns[i] == n)
            return true;
    }
    return false;
}

static void differs_only_at_turns(const struct condition *condition, const char *text,
                                  struct value values[], size_t fact, int64_t from, int64_t to)
{
    enum { ROOM = 512 };
    int64_t turns[ROOM];
    size_t count = condition_turns(condition, fact, ROOM, turns);

    if (count == SIZE_MAX)
        return;
    assert_true(count <= ROOM);
    for (size_t i = 1; i < count; i++)
        assert_true(turns[i - 1] < turns[i]);
    values[fact] = (struct value){ .known = true, .number = from };
    enum truth before = condition_test(condition, values);
    for (int64_t n = from; n < to;) {
        values[fact].number = ++n;
        enum truth now = condition_test(condition, values);
        if (now != before && !is_turn(count, turns, n))
            fail_msg("%s: differs at %s = %lld", text, names[fact].name, (long long)n);
        before = now;
    }
}

/* Around zero, where the constants are, and around the ends, where sums overflow. */
static const struct {
    int64_t from, to;
} ranges[] = {
    { -70, 70 },
    { INT64_MIN, INT64_MIN + 50 },
    { INT64_MAX - 50, INT64_MAX },
    { -719162 - 60, -719162 + 60 },
    { 2932896 - 60, 2932896 + 60 },
};

static void any_values(struct value values[])
{
    values[LATE] = (struct value){ any(5) > 0, .number = (int64_t)any(40) - 20 };
    values[TODAY] = (struct value){ any(5) > 0, .number = (int64_t)any(40) - 20 };
    values[CALLS] = (struct value){ any(5) > 0, .number = (int64_t)any(20) - 10 };
    values[VIP] = (struct value){ any(5) > 0, .truth = any(2) == 0 };
    values[TOWN] = (struct value){ any(5) > 0, .text = any(2) ? "Bath" : "Ely" };
}

static void answers_change_only_at_turns(void **state)
{
    size_t counted = 0;
    int64_t turns[1];
    struct arena a = { 0 };
    struct text text = { 0 };
    struct value values[FACT_COUNT];

    (void)state;
    seed = 20261121;
    for (int i = 0; i < 3000; i++) {
        text_clear(&text);
        write_bool(&text, 1 + any(3));
        struct condition *condition = compiled(&a, text_of(&text));
        counted += condition_turns(condition, LATE, 1, turns) != SIZE_MAX;
        for (size_t k = 0; k < COUNT(ranges); k++) {
            any_values(values);
            differs_only_at_turns(condition, text_of(&text), values, LATE, ranges[k].from,
                                  ranges[k].to);
            any_values(values);
            differs_only_at_turns(condition, text_of(&text), values, TODAY, ranges[k].from,
                                  ranges[k].to);
        }
        arena_reset(&a);
    }
    print_message("%zu of 3000 conditions turn at known values of late\n", counted);
    assert_true(counted > 1500);
    text_free(&text);
    arena_free(&a);
}

/* ---- and what is unknown ---- */

/* Learning a fact may settle an open answer; it can never overturn one already given. */
static void knowing_more_never_overturns(void **state)
{
    struct arena a = { 0 };
    struct text text = { 0 };
    struct value some[FACT_COUNT], more[FACT_COUNT];

    (void)state;
    seed = 4711;
    for (int i = 0; i < 20000; i++) {
        text_clear(&text);
        write_bool(&text, 1 + any(3));
        struct condition *condition = compiled(&a, text_of(&text));
        any_values(some);
        for (size_t k = 0; k < FACT_COUNT; k++) {
            more[k] = some[k];
            more[k].known = true;
        }
        enum truth truth = condition_test(condition, some);
        if (truth != TRUTH_UNKNOWN && condition_test(condition, more) != truth)
            fail_msg("%s: overturned", text_of(&text));
        const char *name = condition_unknown(condition, some);
        for (size_t k = 0; name != NULL && k < FACT_COUNT; k++)
            assert_false(strcmp(name, names[k].name) == 0 && some[k].known);
        assert_true(name == NULL || truth == TRUTH_UNKNOWN);
        assert_null(condition_unknown(condition, more));
        arena_reset(&a);
    }
    text_free(&text);
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_turns),
        cmocka_unit_test(days_turn_too),
        cmocka_unit_test(answers_change_only_at_turns),
        cmocka_unit_test(knowing_more_never_overturns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

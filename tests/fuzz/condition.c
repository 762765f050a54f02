/*
 * Any bytes as a condition. What compiles is tested with facts unknown, ordinary and extreme;
 * then the promises of domain/condition.h are checked: the fact blamed is unknown, turns
 * ascend, and the answer changes at a turn or not at all.
 */
#include "domain/condition.h"

#include <stdint.h>
#include <string.h>

enum { LATE, TODAY, CALLS, VIP, CHANNEL, KIND, AT, GRACE, FACT_COUNT };

static const struct fact_name names[FACT_COUNT] = {
    [LATE] = { "late", VALUE_INT, "days", true },
    [TODAY] = { "today", VALUE_DAY, "a date", true },
    [CALLS] = { "calls", VALUE_INT, NULL, false },
    [VIP] = { "vip", VALUE_BOOL, NULL, false },
    [CHANNEL] = { "channel", VALUE_TEXT, NULL, false },
    [KIND] = { "debt.kind", VALUE_TEXT, NULL, false },
    [AT] = { "at", VALUE_INSTANT, NULL, false },
    [GRACE] = { "grace", VALUE_DURATION, NULL, false },
};

static const struct value situations[][FACT_COUNT] = {
    { { false, { 0 } } },
    {
        [LATE] = { true, .number = 7 },
        [TODAY] = { true, .number = 20000 },
        [CALLS] = { true, .number = 0 },
        [VIP] = { true, .truth = true },
        [CHANNEL] = { true, .text = "email" },
        [KIND] = { true, .text = "" },
        [AT] = { true, .number = 1700000000000000 },
        [GRACE] = { true, .number = 1 },
    },
    {
        [LATE] = { true, .number = INT64_MIN },
        [TODAY] = { true, .number = 99999999 },
        [CALLS] = { true, .number = -1 },
        [VIP] = { true, .truth = false },
        [CHANNEL] = { true, .text = NULL },
        [KIND] = { true, .text = "\xf0\x9f\x90\xb1" },
        [AT] = { true, .number = INT64_MAX },
        [GRACE] = { true, .number = INT64_MIN },
    },
};

static void check_blame(const struct condition *condition, const struct value values[])
{
    enum truth truth = condition_test(condition, values);
    const char *name = condition_unknown(condition, values);

    must(name == NULL || truth == TRUTH_UNKNOWN);
    for (size_t i = 0; name != NULL && i < FACT_COUNT; i++) {
        if (strcmp(name, names[i].name) == 0)
            must(condition_reads(condition, i) &&
                 (!values[i].known || (names[i].type == VALUE_TEXT && values[i].text == NULL)));
    }
}

static bool is_turn(size_t count, const int64_t turns[], int64_t n)
{
    for (size_t i = 0; i < count; i++) {
        if (turns[i] == n)
            return true;
    }
    return false;
}

static void check_turns(const struct condition *condition, size_t fact,
                        const struct value situation[])
{
    enum { ROOM = 64 };
    int64_t turns[ROOM];
    size_t count = condition_turns(condition, fact, ROOM, turns);
    struct value values[FACT_COUNT];

    if (count > ROOM) /* too many for a quick check, or the fact is used in another way */
        return;
    must(count == 0 || condition_reads(condition, fact));
    for (size_t i = 1; i < count; i++)
        must(turns[i - 1] < turns[i]);
    memcpy(values, situation, sizeof values);
    for (int64_t n = -20; n < 20; n++) {
        values[fact] = (struct value){ true, .number = n - 1 };
        enum truth before = condition_test(condition, values);
        values[fact].number = n;
        must(before == condition_test(condition, values) || is_turn(count, turns, n));
    }
}

static void check(const struct condition *condition)
{
    for (size_t i = 0; i < COUNT(situations); i++) {
        check_blame(condition, situations[i]);
        check_turns(condition, LATE, situations[i]);
        check_turns(condition, TODAY, situations[i]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct arena a = { 0 };
    struct fault why = { .code = FAULT_NONE };
    char *text = arena_copy_n(&a, (const char *)bytes, length);
    struct condition *condition =
        condition_compile(&a, text, (struct place){ "fuzz", 1, 1 },
                          (struct fact_table){ FACT_COUNT, names }, &why);

    if (condition != NULL)
        check(condition);
    else
        must(why.code == BAD_PACK && strncmp(why.text, "fuzz:", 5) == 0);
    arena_free(&a);
    return 0;
}

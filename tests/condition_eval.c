/*
 * Tests conditions given on standard input, for tests/cel_conformance.py and for curious
 * people:
 *
 *   printf 'calls int 3\ntown text Bath\0calls > 2 && town == "Bath"\0' | condition_eval
 *
 * The input is pairs of texts that end with a NUL: facts, one on each line as "name type value"
 * ("?" as value: unknown), and a condition. Prints one line for each pair: "true", "false",
 * "unknown", "unknown" and the fact to blame, or "refused" and why.
 */
#include "base/text.h"
#include "domain/condition.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FACTS_MOST = 32 };

struct facts {
    size_t count;
    struct fact_name names[FACTS_MOST];
    struct value values[FACTS_MOST];
};

static bool value_read(enum value_type type, const char *text, struct value *out)
{
    struct day day;
    struct instant instant;

    *out = (struct value){ .known = true, .text = text };
    switch (type) {
    case VALUE_BOOL:
        out->truth = text_equal(text, "true");
        return out->truth || text_equal(text, "false");
    case VALUE_INT:
    case VALUE_DURATION:
        return text_to_int(text, &out->number);
    case VALUE_TEXT:
        return true;
    case VALUE_DAY:
        if (!day_parse(text, &day))
            return false;
        out->number = day.number;
        return true;
    case VALUE_INSTANT:
        if (!instant_parse(text, &instant))
            return false;
        out->number = instant.us;
        return true;
    }
    return false;
}

static bool type_read(const char *name, enum value_type *out)
{
    static const char *const names[] = { "bool", "int", "text", "day", "instant", "duration" };

    for (size_t i = 0; i < COUNT(names); i++) {
        if (text_equal(name, names[i])) {
            *out = (enum value_type)i;
            return true;
        }
    }
    return false;
}

/* "name type value", cut into its parts where it stands. */
static bool fact_read(char *line, struct facts *facts)
{
    char *type = strchr(line, ' ');
    char *value = type == NULL ? NULL : strchr(type + 1, ' ');
    struct fact_name *name = &facts->names[facts->count];

    if (value == NULL || facts->count == FACTS_MOST)
        return false;
    *type++ = '\0';
    *value++ = '\0';
    *name = (struct fact_name){ .name = line };
    if (!type_read(type, &name->type))
        return false;
    struct value *out = &facts->values[facts->count++];
    if (!text_equal(value, "?"))
        return value_read(name->type, value, out);
    *out = (struct value){ .known = false };
    return true;
}

static bool facts_read(char *text, struct facts *facts)
{
    while (text != NULL && *text != '\0') {
        char *end = strchr(text, '\n');
        if (end != NULL)
            *end++ = '\0';
        if (!fact_read(text, facts))
            return false;
        text = end;
    }
    return true;
}

static void answer(struct arena *a, const struct facts *facts, const char *text)
{
    static const char *const words[] = { "false", "true", "unknown" };
    struct fact_table table = { facts->count, facts->names };
    struct fault why;
    struct condition *condition =
        condition_compile(a, text, (struct place){ "stdin", 1, 1 }, table, &why);

    if (condition == NULL) {
        printf("refused %s\n", why.text);
        return;
    }
    const char *name = condition_unknown(condition, facts->values);
    printf("%s%s%s\n", words[condition_test(condition, facts->values)], name == NULL ? "" : " ",
           name == NULL ? "" : name);
}

static bool answer_all(struct arena *a, struct text *input)
{
    struct text_pair {
        char *facts, *condition;
    } pair;
    char *end = input->bytes + input->length;

    for (char *at = input->bytes; at < end; at = pair.condition + strlen(pair.condition) + 1) {
        struct facts facts = { 0 };
        pair.facts = at;
        pair.condition = at + strlen(at) + 1;
        if (pair.condition >= end || !facts_read(pair.facts, &facts))
            return false;
        answer(a, &facts, pair.condition);
        arena_reset(a);
    }
    return true;
}

int main(void)
{
    struct text input = { 0 };
    struct arena a = { 0 };
    char piece[4096];
    size_t got;

    while ((got = fread(piece, 1, sizeof piece, stdin)) > 0)
        text_add_n(&input, piece, got);
    bool ok = input.length == 0 || answer_all(&a, &input);
    if (!ok)
        fputs("condition_eval: facts are lines of \"name type value\"\n", stderr);
    arena_free(&a);
    text_free(&input);
    return ok ? 0 : 2;
}

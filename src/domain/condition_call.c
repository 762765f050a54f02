#include "domain/condition_tree.h"

#include "base/text.h"

#include <string.h>

/* ---- functions that read a constant text: day, timestamp, duration ---- */

static bool read_day(const char *text, int64_t *out)
{
    struct day day;

    if (!day_parse(text, &day))
        return false;
    *out = day.number;
    return true;
}

static bool read_instant(const char *text, int64_t *out)
{
    struct instant instant;

    if (!instant_parse(text, &instant))
        return false;
    *out = instant.us;
    return instant.us <= bounds_of(VALUE_INSTANT).most;
}

static const struct reader {
    const char *name;
    enum value_type type;
    bool (*read)(const char *text, int64_t *out);
    const char *example;
} readers[] = {
    { "day", VALUE_DAY, read_day, "\"2026-11-20\"" },
    { "timestamp", VALUE_INSTANT, read_instant, "\"2026-11-20T08:00:00Z\"" },
    { "duration", VALUE_DURATION, duration_parse, "\"72h\" or \"90m\"" },
};

static bool build_reader(struct compiler *c, const struct token *name,
                         const struct reader *reader, size_t count,
                         const struct node *const arguments[], const struct node **out)
{
    struct value value = { .known = true };

    if (count != 1 || arguments[0]->type != VALUE_TEXT ||
        arguments[0]->operation != DO_CONSTANT)
        return refuse(c, name->at, "%s(…) takes one text in quotes, such as %s.", reader->name,
                      reader->example);
    if (!reader->read(arguments[0]->constant.text, &value.number))
        return refuse(c, arguments[0]->at, "%s(…) cannot read this; it takes %s.", reader->name,
                      reader->example);
    return build_constant(c, name->at, reader->type, value, out);
}

/* ---- functions of texts ---- */

static const struct function {
    const char *name;
    enum operation operation;
    enum value_type result;
    size_t count;  /* operands, all of them text; the first may stand before the dot */
    bool dot_only; /* the first must stand before the dot                            */
} functions[] = {
    { "size", DO_SIZE, VALUE_INT, 1, false },
    { "startsWith", DO_STARTS, VALUE_BOOL, 2, true },
    { "endsWith", DO_ENDS, VALUE_BOOL, 2, true },
    { "contains", DO_CONTAINS, VALUE_BOOL, 2, true },
};

static bool build_function(struct compiler *c, const struct token *name,
                           const struct function *function, size_t count,
                           const struct node *const operands[], const struct node **out)
{
    if (count != function->count)
        return refuse(c, name->at, "%s takes %zu text%s, not %zu.", function->name,
                      function->count, function->count == 1 ? "" : "s", count);
    for (size_t i = 0; i < count; i++) {
        if (operands[i]->type != VALUE_TEXT)
            return refuse(c, operands[i]->at, "%s needs text; this is %s.", function->name,
                          value_type_name(operands[i]->type));
    }
    struct node node = { .operation = function->operation,
                         .type = function->result,
                         .count = count,
                         .operands = operands,
                         .at = operands[0]->at };
    return build_node(c, node, out);
}

/* ---- by name ---- */

static const struct reader *reader_find(const char *name)
{
    for (size_t i = 0; i < COUNT(readers); i++) {
        if (text_equal(readers[i].name, name))
            return &readers[i];
    }
    return NULL;
}

static const struct function *function_find(const char *name)
{
    for (size_t i = 0; i < COUNT(functions); i++) {
        if (text_equal(functions[i].name, name))
            return &functions[i];
    }
    return NULL;
}

static const char *nearest_function(const char *word)
{
    const char *nearest = NULL;
    size_t least = 3;

    for (size_t i = 0; i < COUNT(readers) + COUNT(functions); i++) {
        const char *name =
            i < COUNT(readers) ? readers[i].name : functions[i - COUNT(readers)].name;
        if (text_distance(word, name) < least) {
            least = text_distance(word, name);
            nearest = name;
        }
    }
    return nearest;
}

static bool refuse_function(struct compiler *c, const struct token *name, const char *word)
{
    const char *nearest = nearest_function(word);

    if (nearest == NULL)
        return refuse(c, name->at, "there is no function \"%s\".", word);
    return refuse(c, name->at, "there is no function \"%s\"; did you mean \"%s\"?", word,
                  nearest);
}

bool build_call(struct compiler *c, const struct token *name, const struct node *target,
                size_t count, const struct node *const arguments[], const struct node **out)
{
    const char *word = token_word(c, name->at);
    const struct reader *reader = reader_find(word);
    const struct function *function = function_find(word);

    if (reader != NULL && target == NULL)
        return build_reader(c, name, reader, count, arguments, out);
    if (reader != NULL)
        return refuse(c, name->at, "%s stands before its text: %s(%s).", word, word,
                      reader->example);
    if (function == NULL)
        return refuse_function(c, name, word);
    if (target == NULL && function->dot_only)
        return refuse(c, name->at, "%s stands after a text and a dot: fact.%s(\"…\").", word,
                      word);
    if (target == NULL)
        return build_function(c, name, function, count, arguments, out);

    const struct node **operands = arena_array(c->arena, const struct node *, count + 1);
    operands[0] = target;
    for (size_t i = 0; i < count; i++)
        operands[i + 1] = arguments[i];
    return build_function(c, name, function, count + 1, operands, out);
}

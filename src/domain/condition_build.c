#include "domain/condition_tree.h"

#include <string.h>

const char *value_type_name(enum value_type type)
{
    static const char *const names[] = {
        [VALUE_BOOL] = "bool", [VALUE_INT] = "int",         [VALUE_TEXT] = "text",
        [VALUE_DAY] = "day",   [VALUE_INSTANT] = "instant", [VALUE_DURATION] = "duration",
    };

    return names[type];
}

/* CEL's: instants of the years 1 to 9999, durations that fit 64 bits of nanoseconds. */
struct bounds bounds_of(enum value_type type)
{
    const int64_t second = 1000000;

    switch (type) {
    case VALUE_DAY:
        return (struct bounds){ -719162, 2932896 };
    case VALUE_INSTANT:
        return (struct bounds){ -62135596800 * second, 253402300800 * second - 1 };
    case VALUE_DURATION:
        return (struct bounds){ INT64_MIN / 1000, INT64_MAX / 1000 };
    case VALUE_BOOL:
    case VALUE_INT:
    case VALUE_TEXT:
        break;
    }
    return (struct bounds){ INT64_MIN, INT64_MAX };
}

/* ---- nodes ---- */

static bool all_constant(const struct node *node)
{
    for (size_t i = 0; i < node->count; i++) {
        if (node->operands[i]->operation != DO_CONSTANT)
            return false;
    }
    return node->count > 0;
}

static bool depth_set(struct compiler *c, struct node *node)
{
    for (size_t i = 0; i < node->count; i++) {
        if (node->operands[i]->depth > node->depth)
            node->depth = node->operands[i]->depth;
    }
    if (++node->depth > CONDITION_DEPTH)
        return refuse(c, node->at, "this is nested too deeply; split the condition.");
    return true;
}

/* An error among constants (1 / 0) stays a node: `true || 1 / 0 == 1` is true all the same. */
bool build_node(struct compiler *c, struct node node, const struct node **out)
{
    struct value value = { .known = false };

    if (all_constant(&node))
        value = node_value(&node, NULL);
    if (value.known)
        return build_constant(c, node.at, node.type, value, out);
    struct node *made = arena_make(c->arena, struct node);
    *made = node;
    *out = made;
    return depth_set(c, made);
}

static const struct node *const *copied(struct compiler *c, size_t count,
                                        const struct node *const operands[])
{
    const struct node **copy = arena_array(c->arena, const struct node *, count);

    memcpy(copy, operands, count * sizeof *copy);
    return copy;
}

bool build_constant(struct compiler *c, size_t at, enum value_type type, struct value constant,
                    const struct node **out)
{
    struct node *made = arena_make(c->arena, struct node);

    *made = (struct node){
        .operation = DO_CONSTANT, .type = type, .depth = 1, .constant = constant, .at = at
    };
    *out = made;
    return true;
}

bool build_fact(struct compiler *c, size_t at, size_t fact, const struct node **out)
{
    struct node *made = arena_make(c->arena, struct node);

    *made = (struct node){ .operation = DO_FACT,
                           .type = c->facts.names[fact].type,
                           .depth = 1,
                           .fact = fact,
                           .at = at };
    c->reads[fact] = true;
    *out = made;
    return true;
}

/* ---- logic ---- */

static bool must_be_bool(struct compiler *c, const struct node *node, const char *what)
{
    if (node->type == VALUE_BOOL)
        return true;
    return refuse(c, node->at, "%s needs true or false; this is %s.", what,
                  value_type_name(node->type));
}

bool build_not(struct compiler *c, size_t at, const struct node *of, const struct node **out)
{
    struct node node = { .operation = DO_NOT, .type = VALUE_BOOL, .count = 1, .at = at };

    if (!must_be_bool(c, of, "\"!\""))
        return false;
    node.operands = copied(c, 1, &of);
    return build_node(c, node, out);
}

bool build_junction(struct compiler *c, enum operation operation, size_t count,
                    const struct node *const operands[], const struct node **out)
{
    const char *what = operation == DO_AND ? "\"&&\"" : "\"||\"";
    struct node node = { .operation = operation,
                         .type = VALUE_BOOL,
                         .count = count,
                         .operands = operands,
                         .at = operands[0]->at };

    for (size_t i = 0; i < count; i++) {
        if (!must_be_bool(c, operands[i], what))
            return false;
    }
    return build_node(c, node, out);
}

bool build_choose(struct compiler *c, const struct node *question, const struct node *then,
                  const struct node *otherwise, const struct node **out)
{
    const struct node *const operands[] = { question, then, otherwise };
    struct node node = {
        .operation = DO_CHOOSE, .type = then->type, .count = 3, .at = question->at
    };

    if (!must_be_bool(c, question, "what stands before \"?\""))
        return false;
    if (then->type != otherwise->type)
        return refuse(c, otherwise->at, "both answers need one type; this is %s, not %s.",
                      value_type_name(otherwise->type), value_type_name(then->type));
    node.operands = copied(c, 3, operands);
    return build_node(c, node, out);
}

/* ---- comparisons ---- */

static const char *sign_text(struct compiler *c, const struct token *sign)
{
    return arena_copy_n(c->arena, c->source + sign->at, sign->end - sign->at);
}

static unsigned relation_of(enum token_kind kind)
{
    return kind == TOKEN_LESS       ? LESS
           : kind == TOKEN_AT_MOST  ? LESS | EQUAL
           : kind == TOKEN_GREATER  ? GREATER
           : kind == TOKEN_AT_LEAST ? GREATER | EQUAL
           : kind == TOKEN_EQUAL    ? EQUAL
                                    : LESS | GREATER;
}

/* The same comparison with its sides exchanged. */
static unsigned mirrored(unsigned relation)
{
    return (relation & EQUAL) | (relation & LESS ? GREATER : 0) |
           (relation & GREATER ? LESS : 0);
}

static bool refuse_types(struct compiler *c, const struct token *sign, const struct node *left,
                         const struct node *right)
{
    return refuse(c, sign->at, "\"%s\" does not go between %s and %s.", sign_text(c, sign),
                  value_type_name(left->type), value_type_name(right->type));
}

/* Dates in quotes are the mistake that everybody makes once. */
static void hint_literal(struct compiler *c, enum value_type wanted, enum value_type given)
{
    if (given != VALUE_TEXT)
        return;
    if (wanted == VALUE_DAY)
        fault_hint(c->why, "Write a day as day(\"2026-11-20\").");
    if (wanted == VALUE_INSTANT)
        fault_hint(c->why, "Write an instant as timestamp(\"2026-11-20T08:00:00Z\").");
    if (wanted == VALUE_DURATION)
        fault_hint(c->why, "Write a duration as duration(\"72h\").");
}

static bool build_compare_fact(struct compiler *c, const struct node *fact,
                               const struct node *constant, unsigned relation,
                               const struct node **out)
{
    struct node node = { .operation = DO_COMPARE_FACT,
                         .type = VALUE_BOOL,
                         .relation = relation,
                         .fact = fact->fact,
                         .constant = constant->constant,
                         .at = fact->at };

    return build_node(c, node, out);
}

bool build_compare(struct compiler *c, const struct token *sign, const struct node *left,
                   const struct node *right, const struct node **out)
{
    unsigned relation = relation_of(sign->kind);
    bool text = left->type == VALUE_TEXT;

    if (left->type != right->type) {
        refuse_types(c, sign, left, right);
        hint_literal(c, left->type, right->type);
        hint_literal(c, right->type, left->type);
        return false;
    }
    const struct node *operands[] = { left, right };
    if (left->operation == DO_CONSTANT) {
        operands[0] = right;
        operands[1] = left;
        relation = mirrored(relation);
    }
    if (operands[0]->operation == DO_FACT && operands[1]->operation == DO_CONSTANT && !text &&
        left->type != VALUE_BOOL)
        return build_compare_fact(c, operands[0], operands[1], relation, out);
    struct node node = { .operation = text ? DO_COMPARE_TEXT : DO_COMPARE,
                         .type = VALUE_BOOL,
                         .relation = relation,
                         .count = 2,
                         .at = left->at };
    node.operands = copied(c, 2, operands);
    return build_node(c, node, out);
}

bool build_in(struct compiler *c, const struct node *of, size_t count,
              const struct node *const items[], const struct node **out)
{
    bool text = of->type == VALUE_TEXT;
    struct value *list = arena_array(c->arena, struct value, count);
    struct node node = { .operation = text ? DO_IN_TEXT : DO_IN,
                         .type = VALUE_BOOL,
                         .count = 1,
                         .listed = count,
                         .list = list,
                         .at = of->at };

    for (size_t i = 0; i < count; i++) {
        if (items[i]->operation != DO_CONSTANT)
            return refuse(c, items[i]->at, "a list holds constants only.");
        if (items[i]->type != of->type) {
            refuse(c, items[i]->at, "this list is searched for %s, and this is %s.",
                   value_type_name(of->type), value_type_name(items[i]->type));
            hint_literal(c, of->type, items[i]->type);
            return false;
        }
        list[i] = items[i]->constant;
    }
    node.operands = copied(c, 1, &of);
    return build_node(c, node, out);
}

/* ---- arithmetic ---- */

bool build_negate(struct compiler *c, size_t at, const struct node *of, const struct node **out)
{
    struct node node = { .operation = DO_NEGATE, .type = VALUE_INT, .count = 1, .at = at };

    if (of->type != VALUE_INT)
        return refuse(c, at, "\"-\" does not go before %s.", value_type_name(of->type));
    node.operands = copied(c, 1, &of);
    return build_node(c, node, out);
}

static const struct sum_type {
    enum operation operation;
    enum value_type left, right, result;
} sum_types[] = {
    { DO_ADD, VALUE_INT, VALUE_INT, VALUE_INT },
    { DO_ADD, VALUE_DAY, VALUE_INT, VALUE_DAY },
    { DO_ADD, VALUE_INT, VALUE_DAY, VALUE_DAY },
    { DO_ADD, VALUE_INSTANT, VALUE_DURATION, VALUE_INSTANT },
    { DO_ADD, VALUE_DURATION, VALUE_INSTANT, VALUE_INSTANT },
    { DO_ADD, VALUE_DURATION, VALUE_DURATION, VALUE_DURATION },
    { DO_SUBTRACT, VALUE_INT, VALUE_INT, VALUE_INT },
    { DO_SUBTRACT, VALUE_DAY, VALUE_INT, VALUE_DAY },
    { DO_SUBTRACT, VALUE_DAY, VALUE_DAY, VALUE_INT },
    { DO_SUBTRACT, VALUE_INSTANT, VALUE_DURATION, VALUE_INSTANT },
    { DO_SUBTRACT, VALUE_INSTANT, VALUE_INSTANT, VALUE_DURATION },
    { DO_SUBTRACT, VALUE_DURATION, VALUE_DURATION, VALUE_DURATION },
    { DO_MULTIPLY, VALUE_INT, VALUE_INT, VALUE_INT },
    { DO_DIVIDE, VALUE_INT, VALUE_INT, VALUE_INT },
    { DO_REMAINDER, VALUE_INT, VALUE_INT, VALUE_INT },
};

static enum operation operation_of(enum token_kind kind)
{
    return kind == TOKEN_PLUS    ? DO_ADD
           : kind == TOKEN_MINUS ? DO_SUBTRACT
           : kind == TOKEN_STAR  ? DO_MULTIPLY
           : kind == TOKEN_SLASH ? DO_DIVIDE
                                 : DO_REMAINDER;
}

static const struct sum_type *sum_type_find(enum operation operation, enum value_type left,
                                            enum value_type right)
{
    for (size_t i = 0; i < COUNT(sum_types); i++) {
        const struct sum_type *type = &sum_types[i];
        if (type->operation == operation && type->left == left && type->right == right)
            return type;
    }
    return NULL;
}

bool build_arithmetic(struct compiler *c, const struct token *sign, const struct node *left,
                      const struct node *right, const struct node **out)
{
    enum operation operation = operation_of(sign->kind);
    const struct sum_type *type = sum_type_find(operation, left->type, right->type);
    const struct node *const operands[] = { left, right };

    if (type == NULL)
        return refuse_types(c, sign, left, right);
    struct node node = {
        .operation = operation, .type = type->result, .count = 2, .at = left->at
    };
    node.operands = copied(c, 2, operands);
    return build_node(c, node, out);
}

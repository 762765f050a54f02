#include "domain/condition_tree.h"

#include "base/text.h"

#include <string.h>

static const struct value unknown = { .known = false };

static struct value number_known(int64_t number)
{
    return (struct value){ .known = true, .number = number };
}

static enum truth truth_of(bool truth)
{
    return truth ? TRUTH_TRUE : TRUTH_FALSE;
}

static bool holds(unsigned relation, int64_t left, int64_t right)
{
    return (relation & (left < right ? LESS : left > right ? GREATER : EQUAL)) != 0;
}

/* The gate writes an unknown text as NULL; it is unknown here too, whatever .known says. */
static struct value fact_value(const struct node *node, const struct value values[])
{
    struct value value = values[node->fact];

    if (!value.known || (node->type == VALUE_TEXT && value.text == NULL))
        return unknown;
    if (node->type == VALUE_BOOL)
        return number_known(value.truth);
    return value;
}

static enum truth test_fact(const struct node *node, const struct value values[])
{
    const struct value *value = &values[node->fact];

    return value->known ? truth_of(value->truth) : TRUTH_UNKNOWN;
}

/* Every operand may settle the matter, whatever the ones before it failed to say. */
static enum truth test_junction(const struct node *node, const struct value values[],
                                enum truth settles)
{
    bool known = true;

    for (size_t i = 0; i < node->count; i++) {
        enum truth truth = node_test(node->operands[i], values);
        if (truth == settles)
            return settles;
        if (truth == TRUTH_UNKNOWN)
            known = false;
    }
    if (!known)
        return TRUTH_UNKNOWN;
    return settles == TRUTH_TRUE ? TRUTH_FALSE : TRUTH_TRUE;
}

static enum truth test_not(const struct node *node, const struct value values[])
{
    enum truth truth = node_test(node->operands[0], values);

    if (truth == TRUTH_UNKNOWN)
        return TRUTH_UNKNOWN;
    return truth == TRUTH_TRUE ? TRUTH_FALSE : TRUTH_TRUE;
}

/* Which of its two branches a choice takes for these values; NULL when that is unknown. */
static const struct node *chosen(const struct node *node, const struct value values[])
{
    switch (node_test(node->operands[0], values)) {
    case TRUTH_TRUE:
        return node->operands[1];
    case TRUTH_FALSE:
        return node->operands[2];
    case TRUTH_UNKNOWN:
        break;
    }
    return NULL;
}

static enum truth test_choose(const struct node *node, const struct value values[])
{
    const struct node *branch = chosen(node, values);

    return branch == NULL ? TRUTH_UNKNOWN : node_test(branch, values);
}

static enum truth test_compare(const struct node *node, const struct value values[])
{
    struct value left = node_value(node->operands[0], values);
    struct value right = node_value(node->operands[1], values);

    if (!left.known || !right.known)
        return TRUTH_UNKNOWN;
    return truth_of(holds(node->relation, left.number, right.number));
}

static enum truth test_compare_fact(const struct node *node, const struct value values[])
{
    const struct value *value = &values[node->fact];

    if (!value->known)
        return TRUTH_UNKNOWN;
    return truth_of(holds(node->relation, value->number, node->constant.number));
}

static enum truth test_in(const struct node *node, const struct value values[])
{
    struct value value = node_value(node->operands[0], values);

    if (!value.known)
        return TRUTH_UNKNOWN;
    for (size_t i = 0; i < node->listed; i++) {
        if (node->list[i].number == value.number)
            return TRUTH_TRUE;
    }
    return TRUTH_FALSE;
}

/* Most texts that differ do so in their first byte. */
static int compare(const char *left, const char *right)
{
    int first = (unsigned char)left[0] - (unsigned char)right[0];

    return first != 0 ? first : strcmp(left, right);
}

static enum truth test_in_text(const struct node *node, const struct value values[])
{
    struct value value = node_value(node->operands[0], values);

    if (!value.known)
        return TRUTH_UNKNOWN;
    for (size_t i = 0; i < node->listed; i++) {
        if (compare(node->list[i].text, value.text) == 0)
            return TRUTH_TRUE;
    }
    return TRUTH_FALSE;
}

/* Bytes of UTF-8 sort as the characters they stand for, which is the order CEL asks for. */
static bool texts_meet(const struct node *node, const char *left, const char *right)
{
    if (node->operation == DO_STARTS)
        return text_starts(left, right);
    if (node->operation == DO_ENDS)
        return text_ends(left, right);
    if (node->operation == DO_CONTAINS)
        return strstr(left, right) != NULL;
    return holds(node->relation, compare(left, right), 0);
}

static enum truth test_texts(const struct node *node, const struct value values[])
{
    struct value left = node_value(node->operands[0], values);
    struct value right = node_value(node->operands[1], values);

    if (!left.known || !right.known)
        return TRUTH_UNKNOWN;
    return truth_of(texts_meet(node, left.text, right.text));
}

enum truth node_test(const struct node *node, const struct value values[])
{
    switch (node->operation) {
    case DO_COMPARE_FACT:
        return test_compare_fact(node, values);
    case DO_FACT:
        return test_fact(node, values);
    case DO_CONSTANT:
        return truth_of(node->constant.number != 0);
    case DO_NOT:
        return test_not(node, values);
    case DO_AND:
        return test_junction(node, values, TRUTH_FALSE);
    case DO_OR:
        return test_junction(node, values, TRUTH_TRUE);
    case DO_CHOOSE:
        return test_choose(node, values);
    case DO_COMPARE:
        return test_compare(node, values);
    case DO_IN:
        return test_in(node, values);
    case DO_IN_TEXT:
        return test_in_text(node, values);
    case DO_COMPARE_TEXT:
    case DO_STARTS:
    case DO_ENDS:
    case DO_CONTAINS:
        return test_texts(node, values);
    case DO_ADD:
    case DO_SUBTRACT:
    case DO_MULTIPLY:
    case DO_DIVIDE:
    case DO_REMAINDER:
    case DO_NEGATE:
    case DO_SIZE:
        break;
    }
    bug("a node that is not boolean was tested", HERE);
}

static bool division_fails(int64_t left, int64_t right)
{
    return right == 0 || (left == INT64_MIN && right == -1);
}

static bool worked_out(enum operation operation, int64_t left, int64_t right, int64_t *out)
{
    if (operation == DO_ADD)
        return !__builtin_add_overflow(left, right, out);
    if (operation == DO_SUBTRACT)
        return !__builtin_sub_overflow(left, right, out);
    if (operation == DO_MULTIPLY)
        return !__builtin_mul_overflow(left, right, out);
    if (division_fails(left, right))
        return false;
    *out = operation == DO_DIVIDE ? left / right : left % right;
    return true;
}

static struct value arithmetic(const struct node *node, const struct value values[])
{
    struct value left = node_value(node->operands[0], values);
    struct value right = node_value(node->operands[1], values);
    struct bounds bounds = bounds_of(node->type);
    int64_t result;

    if (!left.known || !right.known ||
        !worked_out(node->operation, left.number, right.number, &result) ||
        result < bounds.least || result > bounds.most)
        return unknown;
    return number_known(result);
}

static struct value negated(const struct node *node, const struct value values[])
{
    struct value value = node_value(node->operands[0], values);

    if (!value.known || value.number == INT64_MIN)
        return unknown;
    return number_known(-value.number);
}

/* Characters, not bytes. */
static struct value size_of_text(const struct node *node, const struct value values[])
{
    struct value value = node_value(node->operands[0], values);
    int64_t size = 0;

    if (!value.known)
        return unknown;
    for (const char *p = value.text; *p != '\0'; p++)
        size += ((unsigned char)*p & 0xc0) != 0x80;
    return number_known(size);
}

static struct value truth_value(const struct node *node, const struct value values[])
{
    enum truth truth = node_test(node, values);

    return truth == TRUTH_UNKNOWN ? unknown : number_known(truth == TRUTH_TRUE);
}

struct value node_value(const struct node *node, const struct value values[])
{
    switch (node->operation) {
    case DO_FACT:
        return fact_value(node, values);
    case DO_CONSTANT:
        return node->constant;
    case DO_CHOOSE: {
        const struct node *branch = chosen(node, values);
        return branch == NULL ? unknown : node_value(branch, values);
    }
    case DO_ADD:
    case DO_SUBTRACT:
    case DO_MULTIPLY:
    case DO_DIVIDE:
    case DO_REMAINDER:
        return arithmetic(node, values);
    case DO_NEGATE:
        return negated(node, values);
    case DO_SIZE:
        return size_of_text(node, values);
    case DO_NOT:
    case DO_AND:
    case DO_OR:
    case DO_COMPARE:
    case DO_COMPARE_FACT:
    case DO_COMPARE_TEXT:
    case DO_IN:
    case DO_IN_TEXT:
    case DO_STARTS:
    case DO_ENDS:
    case DO_CONTAINS:
        break;
    }
    return truth_value(node, values);
}

enum truth condition_test(const struct condition *condition, const struct value values[])
{
    return node_test(condition->root, values);
}

/*
 * The fact behind a node that came out unknown. A junction may be unknown because of an
 * overflow on its left and a missing fact on its right: the fact is the one worth naming.
 */
static const char *culprit(const struct node *node, const struct value values[],
                           struct fact_table facts)
{
    if (node_value(node, values).known)
        return NULL;
    if (node->operation == DO_FACT || node->operation == DO_COMPARE_FACT)
        return facts.names[node->fact].name;
    if (node->operation == DO_CHOOSE) {
        const struct node *branch = chosen(node, values);
        return culprit(branch == NULL ? node->operands[0] : branch, values, facts);
    }
    for (size_t i = 0; i < node->count; i++) {
        const char *name = culprit(node->operands[i], values, facts);
        if (name != NULL)
            return name;
    }
    return NULL;
}

const char *condition_unknown(const struct condition *condition, const struct value values[])
{
    return culprit(condition->root, values, condition->facts);
}

bool condition_reads(const struct condition *condition, size_t fact)
{
    return fact < condition->facts.count && condition->reads[fact];
}

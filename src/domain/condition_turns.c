#include "domain/condition_tree.h"

/*
 * Where an answer may flip while one fact counts up and every other fact stays as it is.
 *
 * A comparison with a constant flips where its left side passes the constant. Through sums
 * and differences with constants that place is carried down to the fact itself; where such a
 * sum leaves its bounds it becomes unknown, which is a flip too. Anything else changes only
 * when an operand does. So the tree is walked once, and a fact that is reached in any other
 * way may flip the answer on any day.
 *
 * There is no room for a list of all turns here, so a search finds the least turn after a
 * given one, and is asked again.
 */

__extension__ typedef __int128 wide; /* constants are moved beyond 64 bits and back */

struct search {
    size_t fact;
    bool scattered; /* the fact is used in another way */
    bool started;   /* only turns after `after` count  */
    int64_t after;
    bool found;
    int64_t least;
};

static void collect(struct search *s, const struct node *node);

/* A turn at n says that n and n - 1 differ, so the lowest number cannot be one. */
static void note(struct search *s, wide turn)
{
    if (turn <= INT64_MIN || turn > INT64_MAX)
        return;
    int64_t number = (int64_t)turn;
    if ((s->started && number <= s->after) || (s->found && number >= s->least))
        return;
    s->found = true;
    s->least = number;
}

static bool is_constant(const struct node *node)
{
    return node->operation == DO_CONSTANT;
}

/*
 * A node that is its operand moved by a constant, or counted backwards from one:
 * value = shift + moving, or value = shift - moving.
 */
struct shifted {
    const struct node *moving; /* NULL: not such a node */
    bool backwards;
    wide shift;
};

static struct shifted shifted_of(const struct node *node)
{
    if (node->operation == DO_NEGATE)
        return (struct shifted){ node->operands[0], true, 0 };
    if (node->operation != DO_ADD && node->operation != DO_SUBTRACT)
        return (struct shifted){ NULL, false, 0 };

    const struct node *left = node->operands[0], *right = node->operands[1];
    bool minus = node->operation == DO_SUBTRACT;
    if (is_constant(left))
        return (struct shifted){ right, minus, left->constant.number };
    if (is_constant(right)) {
        wide shift = right->constant.number;
        return (struct shifted){ left, false, minus ? -shift : shift };
    }
    return (struct shifted){ NULL, false, 0 };
}

/* The value of `node` at `turn` and just before it may differ in effect: what of the fact? */
static void follow(struct search *s, const struct node *node, wide turn)
{
    struct shifted shifted = shifted_of(node);

    if (node->operation == DO_FACT && node->fact == s->fact) {
        note(s, turn);
    } else if (node->operation == DO_CHOOSE) {
        follow(s, node->operands[1], turn);
        follow(s, node->operands[2], turn);
    } else if (shifted.moving != NULL && shifted.backwards) {
        follow(s, shifted.moving, shifted.shift - turn + 1);
    } else if (shifted.moving != NULL) {
        follow(s, shifted.moving, turn - shifted.shift);
    }
}

/* The turns inside the left side of a comparison, which is followed for the comparison itself.
 */
static void settle(struct search *s, const struct node *node)
{
    struct shifted shifted = shifted_of(node);

    if (shifted.moving != NULL) {
        follow(s, node, bounds_of(node->type).least);
        follow(s, node, (wide)bounds_of(node->type).most + 1);
        settle(s, shifted.moving);
    } else if (node->operation == DO_CHOOSE) {
        collect(s, node->operands[0]);
        settle(s, node->operands[1]);
        settle(s, node->operands[2]);
    } else if (node->operation != DO_FACT) {
        collect(s, node);
    }
}

static void follow_compare(struct search *s, const struct node *node, unsigned relation,
                           int64_t constant)
{
    bool less = (relation & LESS) != 0, equal = (relation & EQUAL) != 0;
    bool greater = (relation & GREATER) != 0;

    if (less != equal)
        follow(s, node, constant);
    if (equal != greater)
        follow(s, node, (wide)constant + 1);
}

static void collect_operands(struct search *s, const struct node *node)
{
    for (size_t i = 0; i < node->count; i++)
        collect(s, node->operands[i]);
}

static void collect_compare_fact(struct search *s, const struct node *node)
{
    struct node fact = { .operation = DO_FACT, .type = node->type, .fact = node->fact };

    follow_compare(s, &fact, node->relation, node->constant.number);
}

static void collect(struct search *s, const struct node *node)
{
    if (node->operation == DO_FACT) {
        s->scattered = s->scattered || node->fact == s->fact;
    } else if (node->operation == DO_COMPARE_FACT) {
        collect_compare_fact(s, node);
    } else if (node->operation == DO_COMPARE && is_constant(node->operands[1])) {
        follow_compare(s, node->operands[0], node->relation,
                       node->operands[1]->constant.number);
        settle(s, node->operands[0]);
    } else if (node->operation == DO_IN) {
        for (size_t i = 0; i < node->listed; i++)
            follow_compare(s, node->operands[0], EQUAL, node->list[i].number);
        settle(s, node->operands[0]);
    } else {
        collect_operands(s, node);
    }
}

size_t condition_turns(const struct condition *condition, size_t fact, size_t room,
                       int64_t turns[])
{
    struct search s = { .fact = fact };
    size_t count = 0;

    must(fact < condition->facts.count);
    collect(&s, condition->root);
    while (!s.scattered && s.found) {
        if (count < room)
            turns[count] = s.least;
        count++;
        s = (struct search){ .fact = fact, .started = true, .after = s.least };
        collect(&s, condition->root);
    }
    return s.scattered ? SIZE_MAX : count;
}

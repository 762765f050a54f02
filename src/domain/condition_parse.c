#include "domain/condition_tree.h"

#include "base/text.h"

#include <string.h>

/*
 * The grammar of CEL without messages, maps and macros, one function for each level:
 *
 *   choice   = either ["?" either ":" choice]
 *   either   = both {"||" both}
 *   both     = relation {"&&" relation}
 *   relation = sum {("<" | "<=" | ">=" | ">" | "==" | "!=") sum | "in" list}
 *   sum      = product {("+" | "-") product}
 *   product  = signed {("*" | "/" | "%") signed}
 *   signed   = {"!" | "-"} member
 *   member   = primary {"." name "(" arguments ")"}
 */

static bool parse_choice(struct compiler *c, const struct node **out);

/* A growing list of operands, as they are parsed. */
struct nodes {
    const struct node **items;
    size_t count, room;
};

static void nodes_add(struct compiler *c, struct nodes *nodes, const struct node *node)
{
    *arena_push(c->arena, nodes->items, nodes->count, nodes->room) = node;
}

static bool nest(struct compiler *c)
{
    if (++c->nesting > CONDITION_DEPTH)
        return refuse(c, c->token.at, "this is nested too deeply; split the condition.");
    return true;
}

static bool refuse_token(struct compiler *c, const char *wanted)
{
    if (c->token.kind == TOKEN_END)
        return refuse(c, c->token.at, "the condition ends where %s should be.", wanted);
    return refuse(c, c->token.at, "%s should be here.", wanted);
}

static bool expect(struct compiler *c, enum token_kind kind, const char *wanted)
{
    if (c->token.kind != kind)
        return refuse_token(c, wanted);
    return token_next(c);
}

static bool word_is(const struct compiler *c, const char *word)
{
    return c->token.kind == TOKEN_NAME && c->token.end - c->token.at == strlen(word) &&
           text_starts(c->source + c->token.at, word);
}

/* ---- words that are neither facts nor functions ---- */

static const struct {
    const char *word, *instead;
} foreign_words[] = {
    { "and", "&&" }, { "AND", "&&" }, { "or", "||" },     { "OR", "||" },
    { "not", "!" },  { "NOT", "!" },  { "True", "true" }, { "False", "false" },
};

static bool refuse_foreign(struct compiler *c, bool *foreign)
{
    *foreign = false;
    for (size_t i = 0; i < COUNT(foreign_words); i++) {
        if (word_is(c, foreign_words[i].word)) {
            *foreign = true;
            return refuse(c, c->token.at, "\"%s\" is written \"%s\" here.",
                          foreign_words[i].word, foreign_words[i].instead);
        }
    }
    return false;
}

static const struct fact_name *nearest_fact(struct fact_table facts, const char *word)
{
    const struct fact_name *nearest = NULL;
    size_t least = strlen(word) / 3 + 2;

    for (size_t i = 0; i < facts.count; i++) {
        size_t distance = text_distance(word, facts.names[i].name);
        if (distance < least) {
            least = distance;
            nearest = &facts.names[i];
        }
    }
    return nearest;
}

static bool refuse_name(struct compiler *c)
{
    bool foreign;

    refuse_foreign(c, &foreign);
    if (foreign)
        return false;
    if (word_is(c, "null"))
        return refuse(c, c->token.at, "there is no null; a fact nobody knows is unknown.");
    const char *word = token_word(c, c->token.at);
    const struct fact_name *nearest = nearest_fact(c->facts, word);
    if (nearest == NULL)
        return refuse(c, c->token.at, "there is no fact \"%s\".", word);
    refuse(c, c->token.at, "there is no fact \"%s\"; did you mean \"%s\"?", word,
           nearest->name);
    return fault_hint(c->why, "%s (%s): %s", nearest->name, value_type_name(nearest->type),
                      nearest->meaning == NULL ? "" : nearest->meaning);
}

/* ---- primary, member, signed ---- */

static bool parse_truth(struct compiler *c, bool truth, const struct node **out)
{
    struct value value = { .known = true, .number = truth };

    return build_constant(c, c->token.at, VALUE_BOOL, value, out) && token_next(c);
}

static bool parse_text(struct compiler *c, const struct node **out)
{
    struct value value = { .known = true, .text = c->token.text };

    return build_constant(c, c->token.at, VALUE_TEXT, value, out) && token_next(c);
}

/* The lowest number has no positive twin, so the minus before a number belongs to it. */
static bool parse_int(struct compiler *c, bool negative, const struct node **out)
{
    uint64_t magnitude = c->token.magnitude;
    struct value value = { .known = true };

    if (!negative && magnitude > INT64_MAX)
        return refuse(c, c->token.at, "this number is larger than 9223372036854775807.");
    value.number = negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude;
    return build_constant(c, c->token.at, VALUE_INT, value, out) && token_next(c);
}

static bool parse_arguments(struct compiler *c, struct nodes *arguments)
{
    const struct node *argument;

    if (!expect(c, TOKEN_OPEN, "\"(\""))
        return false;
    while (c->token.kind != TOKEN_CLOSE) {
        if (!parse_choice(c, &argument))
            return false;
        nodes_add(c, arguments, argument);
        if (c->token.kind != TOKEN_COMMA)
            break;
        if (!token_next(c))
            return false;
        if (c->token.kind == TOKEN_CLOSE)
            return refuse_token(c, "an argument");
    }
    return expect(c, TOKEN_CLOSE, "\")\"");
}

static bool parse_call(struct compiler *c, const struct token *name, const struct node *target,
                       const struct node **out)
{
    struct nodes arguments = { 0 };

    return parse_arguments(c, &arguments) &&
           build_call(c, name, target, arguments.count, arguments.items, out);
}

static bool parse_name(struct compiler *c, const struct node **out)
{
    struct token name = c->token;

    if (word_is(c, "true") || word_is(c, "false"))
        return parse_truth(c, word_is(c, "true"), out);
    if (name.fact)
        return build_fact(c, name.at, name.number, out) && token_next(c);
    if (!token_next(c))
        return false;
    if (c->token.kind == TOKEN_OPEN)
        return parse_call(c, &name, NULL, out);
    c->token = name;
    return refuse_name(c);
}

static bool parse_parenthesis(struct compiler *c, const struct node **out)
{
    return token_next(c) && parse_choice(c, out) && expect(c, TOKEN_CLOSE, "\")\"");
}

static bool parse_primary(struct compiler *c, const struct node **out)
{
    if (c->token.kind == TOKEN_NAME)
        return parse_name(c, out);
    if (c->token.kind == TOKEN_INT)
        return parse_int(c, false, out);
    if (c->token.kind == TOKEN_TEXT)
        return parse_text(c, out);
    if (c->token.kind == TOKEN_OPEN)
        return parse_parenthesis(c, out);
    if (c->token.kind == TOKEN_OPEN_LIST)
        return refuse(c, c->token.at, "a list may only stand after \"in\".");
    return refuse_token(c, "a fact or a constant");
}

static bool parse_member(struct compiler *c, const struct node **out)
{
    if (!parse_primary(c, out))
        return false;
    while (c->token.kind == TOKEN_DOT) {
        if (!token_next(c))
            return false;
        struct token name = c->token;
        if (!expect(c, TOKEN_NAME, "the name of a function"))
            return false;
        if (c->token.kind != TOKEN_OPEN)
            return refuse(c, name.at, "\"%s\" is no function: facts have no parts here.",
                          token_word(c, name.at));
        if (!parse_call(c, &name, *out, out))
            return false;
    }
    return true;
}

static bool parse_signed(struct compiler *c, const struct node **out)
{
    struct token sign = c->token;
    const struct node *of;

    if (sign.kind != TOKEN_NOT && sign.kind != TOKEN_MINUS)
        return parse_member(c, out);
    if (!token_next(c))
        return false;
    if (sign.kind == TOKEN_MINUS && c->token.kind == TOKEN_INT)
        return parse_int(c, true, out);
    if (!nest(c) || !parse_signed(c, &of))
        return false;
    c->nesting--;
    return sign.kind == TOKEN_NOT ? build_not(c, sign.at, of, out)
                                  : build_negate(c, sign.at, of, out);
}

/* ---- two sides ---- */

static bool parse_product(struct compiler *c, const struct node **out)
{
    const struct node *right;

    if (!parse_signed(c, out))
        return false;
    while (c->token.kind == TOKEN_STAR || c->token.kind == TOKEN_SLASH ||
           c->token.kind == TOKEN_PERCENT) {
        struct token sign = c->token;
        if (!token_next(c) || !parse_signed(c, &right) ||
            !build_arithmetic(c, &sign, *out, right, out))
            return false;
    }
    return true;
}

static bool parse_sum(struct compiler *c, const struct node **out)
{
    const struct node *right;

    if (!parse_product(c, out))
        return false;
    while (c->token.kind == TOKEN_PLUS || c->token.kind == TOKEN_MINUS) {
        struct token sign = c->token;
        if (!token_next(c) || !parse_product(c, &right) ||
            !build_arithmetic(c, &sign, *out, right, out))
            return false;
    }
    return true;
}

/* The current token is "in". A comma may follow the last item. */
static bool parse_in(struct compiler *c, const struct node *of, const struct node **out)
{
    struct nodes items = { 0 };
    const struct node *item;

    if (!token_next(c) || !expect(c, TOKEN_OPEN_LIST, "a list in square brackets"))
        return false;
    while (c->token.kind != TOKEN_CLOSE_LIST) {
        if (!parse_choice(c, &item))
            return false;
        nodes_add(c, &items, item);
        if (c->token.kind != TOKEN_COMMA)
            break;
        if (!token_next(c))
            return false;
    }
    return expect(c, TOKEN_CLOSE_LIST, "\"]\"") &&
           build_in(c, of, items.count, items.items, out);
}

static bool is_relation(enum token_kind kind)
{
    return kind == TOKEN_EQUAL || kind == TOKEN_UNEQUAL || kind == TOKEN_LESS ||
           kind == TOKEN_AT_MOST || kind == TOKEN_GREATER || kind == TOKEN_AT_LEAST;
}

static bool parse_relation(struct compiler *c, const struct node **out)
{
    const struct node *right;

    if (!parse_sum(c, out))
        return false;
    for (;;) {
        struct token sign = c->token;
        if (sign.kind == TOKEN_IN) {
            if (!parse_in(c, *out, out))
                return false;
        } else if (is_relation(sign.kind)) {
            if (!token_next(c) || !parse_sum(c, &right) ||
                !build_compare(c, &sign, *out, right, out))
                return false;
        } else {
            return true;
        }
    }
}

static bool parse_both(struct compiler *c, const struct node **out)
{
    struct nodes sides = { 0 };

    if (!parse_relation(c, out))
        return false;
    nodes_add(c, &sides, *out);
    while (c->token.kind == TOKEN_AND) {
        if (!token_next(c) || !parse_relation(c, out))
            return false;
        nodes_add(c, &sides, *out);
    }
    return sides.count == 1 || build_junction(c, DO_AND, sides.count, sides.items, out);
}

static bool parse_either(struct compiler *c, const struct node **out)
{
    struct nodes sides = { 0 };

    if (!parse_both(c, out))
        return false;
    nodes_add(c, &sides, *out);
    while (c->token.kind == TOKEN_OR) {
        if (!token_next(c) || !parse_both(c, out))
            return false;
        nodes_add(c, &sides, *out);
    }
    return sides.count == 1 || build_junction(c, DO_OR, sides.count, sides.items, out);
}

static bool parse_choice(struct compiler *c, const struct node **out)
{
    const struct node *question, *then, *otherwise;

    if (!nest(c) || !parse_either(c, &question))
        return false;
    if (c->token.kind == TOKEN_QUESTION) {
        if (!token_next(c) || !parse_either(c, &then) || !expect(c, TOKEN_COLON, "\":\"") ||
            !parse_choice(c, &otherwise) ||
            !build_choose(c, question, then, otherwise, &question))
            return false;
    }
    c->nesting--;
    *out = question;
    return true;
}

/* ---- the whole ---- */

static bool parse_end(struct compiler *c)
{
    bool foreign;

    if (c->token.kind == TOKEN_END)
        return true;
    refuse_foreign(c, &foreign);
    if (foreign)
        return false;
    return refuse(c, c->token.at, "the condition should end here, or go on with an operator.");
}

static bool check_bytes(struct compiler *c)
{
    size_t length = strnlen(c->source, CONDITION_LENGTH + 1), bad;

    if (length > CONDITION_LENGTH)
        return refuse(c, 0, "a condition has at most %d bytes; split it.", CONDITION_LENGTH);
    if (!text_is_utf8(c->source, length, &bad))
        return refuse(c, bad, "this is not valid UTF-8.");
    return true;
}

static bool compile(struct compiler *c, const struct node **root)
{
    if (!check_bytes(c) || !token_next(c) || !parse_choice(c, root) || !parse_end(c))
        return false;
    if ((*root)->type != VALUE_BOOL)
        return refuse(c, (*root)->at, "a condition is true or false; this is %s.",
                      value_type_name((*root)->type));
    return true;
}

struct condition *condition_compile(struct arena *a, const char *text, struct place place,
                                    struct fact_table facts, struct fault *why)
{
    struct compiler c = { .arena = a,
                          .source = text,
                          .place = place,
                          .facts = facts,
                          .why = why,
                          .reads = arena_array(a, bool, facts.count) };
    const struct node *root;

    if (!compile(&c, &root))
        return NULL;
    struct condition *condition = arena_make(a, struct condition);
    *condition = (struct condition){ .root = root, .facts = facts, .reads = c.reads };
    return condition;
}

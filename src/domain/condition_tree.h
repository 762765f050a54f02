/*
 * The inside of a condition: shared by the files condition*.c, of no use to anybody else.
 *
 *   condition_scan.c   bytes to tokens
 *   condition_parse.c  tokens to calls of the builders; condition_compile
 *   condition_build.c  nodes: types checked, constants folded
 *   condition_call.c   functions; condition_duration.c reads "72h"
 *   condition.c        testing, and naming the fact that was unknown
 *   condition_turns.c  the values at which an answer may flip
 *
 * A condition is a tree. A node cannot be made with operands of the wrong type, and its depth
 * is limited, so walking down the tree needs no checks and a bounded stack.
 */
#ifndef DOMAIN_CONDITION_TREE_H
#define DOMAIN_CONDITION_TREE_H

#include "domain/condition.h"

enum {
    CONDITION_LENGTH = 8192, /* bytes of a condition, at most      */
    CONDITION_DEPTH = 100,   /* nodes from the root down, at most  */
};

enum operation {
    DO_CONSTANT,
    DO_FACT,
    DO_NOT,
    DO_AND, /* two operands or more */
    DO_OR,
    DO_CHOOSE,       /* question, then, otherwise                               */
    DO_COMPARE,      /* everything but text                                     */
    DO_COMPARE_FACT, /* the most frequent node: a fact with a constant, no text */
    DO_COMPARE_TEXT,
    DO_IN, /* one operand and a list */
    DO_IN_TEXT,
    DO_ADD,
    DO_SUBTRACT,
    DO_MULTIPLY,
    DO_DIVIDE,
    DO_REMAINDER,
    DO_NEGATE,
    DO_SIZE,
    DO_STARTS,
    DO_ENDS,
    DO_CONTAINS,
};

/* A comparison is the set of outcomes that make it true. */
enum { LESS = 1, EQUAL = 2, GREATER = 4 };

struct node {
    enum operation operation;
    enum value_type type;
    unsigned relation;     /* comparisons                                    */
    unsigned depth;        /* 1 for a leaf                                   */
    size_t fact;           /* DO_FACT, DO_COMPARE_FACT                       */
    struct value constant; /* DO_CONSTANT, DO_COMPARE_FACT                   */
    size_t count;
    const struct node *const *operands;
    size_t listed; /* DO_IN, DO_IN_TEXT */
    const struct value *list;
    size_t at; /* the byte where it begins, for faults */
};

struct condition {
    const struct node *root;
    struct fact_table facts;
    const bool *reads; /* one for each fact */
};

/*
 * Inside the tree a truth is a number, 0 or 1, so that truths compare like numbers. Only
 * values handed in have their truth in .truth.
 */
enum truth node_test(const struct node *node, const struct value values[]);
struct value node_value(const struct node *node, const struct value values[]);

/* What a value of each type may be once something was added or taken away; beyond is an error.
 */
struct bounds {
    int64_t least, most;
};
struct bounds bounds_of(enum value_type type);

const char *value_type_name(enum value_type type);

/* ---- compiling ---- */

enum token_kind {
    TOKEN_END,
    TOKEN_INT,
    TOKEN_TEXT,
    TOKEN_NAME,
    TOKEN_IN,
    TOKEN_AND,
    TOKEN_OR,
    TOKEN_NOT,
    TOKEN_EQUAL,
    TOKEN_UNEQUAL,
    TOKEN_LESS,
    TOKEN_AT_MOST,
    TOKEN_GREATER,
    TOKEN_AT_LEAST,
    TOKEN_PLUS,
    TOKEN_MINUS,
    TOKEN_STAR,
    TOKEN_SLASH,
    TOKEN_PERCENT,
    TOKEN_QUESTION,
    TOKEN_COLON,
    TOKEN_COMMA,
    TOKEN_DOT,
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_OPEN_LIST,
    TOKEN_CLOSE_LIST,
};

struct token {
    enum token_kind kind;
    size_t at, end;     /* bytes of the source          */
    uint64_t magnitude; /* TOKEN_INT, at most 2 to 63   */
    const char *text;   /* TOKEN_TEXT, decoded          */
    bool fact;          /* TOKEN_NAME that is a fact …  */
    size_t number;      /* … and its place in the table */
};

struct compiler {
    struct arena *arena;
    const char *source;
    struct place place;
    struct fact_table facts;
    struct fault *why;
    struct token token; /* the one being looked at   */
    unsigned nesting;   /* brackets, signs, choices  */
    bool *reads;
};

/* Sets BAD_PACK "file:line:column: sentence" for this byte of the source; returns false. */
#define refuse(c, at, ...) compiler_refuse((c), (at), HERE, __VA_ARGS__)
bool compiler_refuse(struct compiler *c, size_t at, const char *where, const char *format, ...)
    PRINTF(4, 5);

bool token_next(struct compiler *c);
/* Up to 40 bytes of a word of the source, fit for a sentence. */
const char *token_word(const struct compiler *c, size_t at);

/* A node whose operands fit: folded when all of them are constants, refused when too deep. */
bool build_node(struct compiler *c, struct node node, const struct node **out);
bool build_constant(struct compiler *c, size_t at, enum value_type type, struct value constant,
                    const struct node **out);
bool build_fact(struct compiler *c, size_t at, size_t fact, const struct node **out);
bool build_not(struct compiler *c, size_t at, const struct node *of, const struct node **out);
bool build_negate(struct compiler *c, size_t at, const struct node *of,
                  const struct node **out);
bool build_junction(struct compiler *c, enum operation operation, size_t count,
                    const struct node *const operands[], const struct node **out);
bool build_choose(struct compiler *c, const struct node *question, const struct node *then,
                  const struct node *otherwise, const struct node **out);
bool build_compare(struct compiler *c, const struct token *sign, const struct node *left,
                   const struct node *right, const struct node **out);
bool build_arithmetic(struct compiler *c, const struct token *sign, const struct node *left,
                      const struct node *right, const struct node **out);
/* Every item must have turned out a constant. */
bool build_in(struct compiler *c, const struct node *of, size_t count,
              const struct node *const items[], const struct node **out);
/* A function by its name; `target` is what stands before the dot, or NULL. */
bool build_call(struct compiler *c, const struct token *name, const struct node *target,
                size_t count, const struct node *const arguments[], const struct node **out);

/* "72h", "1h30m", "-1.5s": CEL's durations, in whole microseconds. */
bool duration_parse(const char *text, int64_t *us);

#endif

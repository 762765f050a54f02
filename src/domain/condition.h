/*
 * Condition: a small, typed, side-effect-free language over documented facts.
 *
 * Syntax and meaning are those of the Common Expression Language (CEL), the subset with
 * comparison, boolean logic, `in`, arithmetic on integers, days and durations, strings, lists
 * of constants, the conditional operator and a few functions (docs/conditions.md).
 *
 *   days_past_due >= 7 && !disputed && channel in ["email", "letter"]
 *
 * A condition is compiled once against a table of facts, then tested many times against an
 * array of values in the same order. Compiling checks names and types; faults name line and
 * column and suggest the nearest fact. Testing never fails, never allocates: a fact nobody
 * knows makes the answer *unknown*, never false; so does an error of the language (overflow,
 * division by 0). `false && unknown` is false, `true || unknown` is true, as in CEL.
 *
 * Days are dates (struct day); days minus days is a whole number of days.
 * Money facts are integers in minor units (their names end in _minor).
 */
#ifndef DOMAIN_CONDITION_H
#define DOMAIN_CONDITION_H

#include "base/arena.h"
#include "domain/calendar.h"

enum value_type { VALUE_BOOL, VALUE_INT, VALUE_TEXT, VALUE_DAY, VALUE_INSTANT, VALUE_DURATION };

struct value {
    bool known;
    union {
        bool truth;
        int64_t number;   /* VALUE_INT; VALUE_DURATION and VALUE_INSTANT in microseconds;
                             VALUE_DAY as day number */
        const char *text; /* UTF-8 */
    };
};

/* One documented fact. Its place in the table is its place in the array of values. */
struct fact_name {
    const char *name;
    enum value_type type;
    const char *meaning; /* one line for docs and error messages */
    bool moves;          /* its value changes by one a day by itself (days_past_due) */
};

struct fact_table {
    size_t count;
    const struct fact_name *names;
};

enum truth { TRUTH_FALSE, TRUTH_TRUE, TRUTH_UNKNOWN };

struct condition;

/* Where in its file a text begins, so that faults can point there. Lines and columns from 1. */
struct place {
    const char *file;
    int line, column;
};

/*
 * Compiles `text`, which must be boolean. The result lives in the arena and points to the fact
 * table, which must outlive it. NULL, with *why set to BAD_PACK "file:line:column: …", when it
 * does not compile. At most 8,192 bytes, nested at most 100 deep.
 */
struct condition *condition_compile(struct arena *a, const char *text, struct place place,
                                    struct fact_table facts, struct fault *why);

/* `values` has as many elements as the fact table the condition was compiled against. */
enum truth condition_test(const struct condition *condition, const struct value values[]);

/* The name of a fact that made the last answer unknown for these values; NULL if none did. */
const char *condition_unknown(const struct condition *condition, const struct value values[]);

/*
 * For the wake day. Every comparison of a moving fact with a constant flips only where the
 * fact passes that constant. Writes the values n at which the condition may differ from what
 * it was at n - 1, ascending, without repeats, at most `room`; returns how many there are.
 * Returns SIZE_MAX when the fact is used in another way, so that any day may flip it.
 */
size_t condition_turns(const struct condition *condition, size_t fact, size_t room,
                       int64_t turns[]);

/* True when the condition reads this fact. */
bool condition_reads(const struct condition *condition, size_t fact);

#endif

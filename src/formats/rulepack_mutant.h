/*
 * Mutant: a pack in which one number or date is changed by one.
 *
 * Whatever a case does not notice, nobody has written down: flow/rules_mutate.h runs a pack's
 * cases on each mutant. Changed are the numbers and dates of rules: a number by one (a decimal
 * by one in its last place), an hour by a minute, a date, a day of the year or a distance from
 * Easter by a day, the month and the count of "first monday 09" by one. Not changed is what no
 * case can notice: ids, titles, citations, sentences, comments, and the cases themselves.
 */
#ifndef FORMATS_RULEPACK_MUTANT_H
#define FORMATS_RULEPACK_MUTANT_H

#include "formats/yaml.h"

struct mutant {
    struct place place; /* of the value that holds the number          */
    size_t rule;        /* by place in the pack                        */
    const char *key;    /* under which it stands: "max", "closed", …   */
    const char *was, *becomes;
    size_t at; /* byte of the pack at which `was` begins      */
};

/* Every mutant of the pack, in the order of the file; two for each number. */
bool rulepack_mutants(struct arena *a, const char *file, const char *bytes, size_t length,
                      const struct mutant **out, size_t *count, struct fault *why);

/* The whole pack with that one change. */
const char *rulepack_mutant_print(struct arena *a, const char *bytes, size_t length,
                                  const struct mutant *mutant);

#endif

/*
 * Rules mutate: are the numbers of a pack held by its cases?
 *
 * Each number and date of each rule is changed by one (formats/rulepack_mutant.h). The change
 * is noticed when the pack is refused or one of the rule's cases comes out otherwise. One that
 * nobody notices is printed with file and line: there a case is missing.
 */
#ifndef FLOW_RULES_MUTATE_H
#define FLOW_RULES_MUTATE_H

#include "base/fault.h"

#include <stdio.h>

struct mutation_count {
    size_t changed, noticed;
};

/* Adds to *count. Fails (BAD_PACK) when the pack as it is does not pass its own cases. */
bool rules_mutate(const char *file, const char *bytes, size_t length, FILE *out,
                  struct mutation_count *count, struct fault *why);

#endif

/*
 * Rules page: every rule of the packs as tables for people who read law, in Markdown; what
 * docs/rules/table.md holds.
 */
#ifndef FLOW_RULES_PAGE_H
#define FLOW_RULES_PAGE_H

#include "formats/rulepack.h"

#include <stdio.h>

/* A section for each pack, a row for each rule, in the order of the packs. */
void rules_page(const struct rulebook *book, FILE *out);

#endif

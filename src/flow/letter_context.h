/*
 * Letter context: pieces of the values that letters are made of (letters/README.md), the same in
 * every letter.
 */
#ifndef FLOW_LETTER_CONTEXT_H
#define FLOW_LETTER_CONTEXT_H

#include "flow/compose.h"

#include <jansson.h>

/* Nothing is set when there is nothing to say: NULL, or "". */
void context_put(json_t *object, const char *key, const char *value);

/* The lines of a text without the empty ones; none of NULL. */
json_t *context_lines(const char *text);

/* Who writes, under this name. */
json_t *context_sender(const struct sender *sender, const char *name);

/* The address below a name: one that begins with the name is not said twice. May be NULL. */
const char *context_address(const char *address, const char *name);

#endif

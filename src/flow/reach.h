/*
 * Reach: whether an address of the debtor still leads to them, and the language they read.
 *
 * A number or mailbox that is bad is used by nothing any more, and stays on file. Numbers serve
 * calls and texts alike. Each change is journalled, without the address.
 */
#ifndef FLOW_REACH_H
#define FLOW_REACH_H

#include "flow/book.h"

/* `reason` may be NULL. NOT_FOUND: they have no such address. */
bool reach_mark(struct book *b, struct casefile_key key, enum channel channel,
                const char *address, bool good, const char *reason, enum change *change,
                struct fault *why);

/* BCP 47, as short as "en". BAD_VALUE for what is none. */
bool reach_language(struct book *b, struct casefile_key key, const char *language,
                    enum change *change, struct fault *why);

#endif

/*
 * Book, disputes: their rows, and movements that hold from one day until another.
 */
#ifndef FLOW_BOOK_DISPUTE_H
#define FLOW_BOOK_DISPUTE_H

#include "flow/dispute.h"

/* The next number of the case file. */
bool book_number(struct book *b, struct casefile_key key, int32_t *number, struct fault *why);
/* Writes a new dispute; its number is taken already. */
bool book_dispute_add(struct book *b, struct casefile_key key, const struct dispute *d,
                      struct fault *why);
/* Fact, state and answer of it changed. */
bool book_dispute_put(struct book *b, struct casefile_key key, const struct dispute *d,
                      const char *author, struct fault *why);
bool book_evidence_add(struct book *b, struct casefile_key key, const char *origin,
                       const char *name, const char *digest, const void *bytes, size_t length,
                       const char *author, struct fault *why);

/* All movements of this origin are known not to hold. */
bool book_origin_end(struct book *b, struct casefile_key key, const char *origin,
                     struct fault *why);
/* Those of a kind that run until a day (freeze, dispute) end on this one at the latest. */
bool book_interval_end(struct book *b, struct casefile_key key, const char *origin,
                       enum movement_kind kind, struct day day, struct fault *why);

#endif

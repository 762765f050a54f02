/*
 * Movements: what happened to the money of a case file, as the book keeps it, and the books that
 * follow from it. Only reads.
 */
#ifndef FLOW_MOVEMENTS_H
#define FLOW_MOVEMENTS_H

#include "domain/casefile.h"
#include "domain/ledger.h"
#include "store/store.h"

/* Every movement that holds, as known at a moment (INSTANT_NEVER: now), with its terms. */
/* What tells whether anything was put in or taken out since. */
bool movements_digest(struct store *s, struct arena *a, struct casefile_key key,
                      const char **out, struct fault *why);
bool movements_known(struct store *s, struct arena *a, struct casefile_key key,
                     struct instant known, struct movement **out, size_t *count,
                     struct fault *why);

/* The books as of the end of a day, from the movements known at a moment. */
bool books_as_of(struct store *s, struct arena *a, struct casefile_key key, struct day day,
                 struct instant known, struct ledger_books *out, struct fault *why);

/* The same as known now: from the books as they are packed, when they reach no further than the
 * day; then the cost is that of their instalments, however long the history. No entries. */
bool books_on(struct store *s, struct arena *a, struct casefile_key key, struct day day,
              struct ledger_books *out, struct fault *why);

/* A row that begins with movement_no, kind, value_day, due_day, debt_no, instalment_no, component,
 * currency, minor, reference. After a fault the statement is ended. */
bool movement_read(struct query *q, struct arena *a, struct movement *out, struct fault *why);

#endif

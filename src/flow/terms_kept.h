/*
 * Terms kept: the texts of terms that debts were bound to, in the book for as long as it lasts
 * (table rule_text, by their digest), and what they say.
 */
#ifndef FLOW_TERMS_KEPT_H
#define FLOW_TERMS_KEPT_H

#include "domain/terms.h"
#include "store/store.h"

/* The terms of this digest, read once for the life of the program. NOT_FOUND, DB_ROW. */
bool terms_kept(struct store *s, const char *digest, const struct terms **out,
                struct fault *why);

/*
 * Keeps the terms of this name (a file of the folder terms, the organisation's own first) and
 * says their digest, in the arena. NOT_FOUND names near ones.
 */
bool terms_keep(struct store *s, struct arena *a, const char *name, const char **digest,
                const struct terms **out, struct fault *why);

#endif

/*
 * Terms kept: the texts of terms that debts were bound to, in the book for as long as it lasts
 * (table rule_text, by their digest), and what they say.
 */
#ifndef FLOW_TERMS_KEPT_H
#define FLOW_TERMS_KEPT_H

#include "formats/terms.h"
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

/* Every terms file, with the rates that are known. */
bool terms_files_all(struct arena *a, struct terms_files *out, struct fault *why);
/* A file of a path on this machine, which need not be in the folder. BAD_PACK, NOT_FOUND. */
bool terms_file_read(struct arena *a, const char *path, const struct terms **out,
                     struct fault *why);
/* Keeps the text of this file in the book; `hex` becomes its digest. */
bool terms_file_keep(struct store *s, const struct terms_file *file, char hex[DIGEST_HEX],
                     struct fault *why);
/* NOT_FOUND, naming what there is. Returns false. */
bool terms_unknown(const struct terms_files *files, const char *name, struct fault *why);

#endif

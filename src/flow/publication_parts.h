/* Publication parts: what its files share. Private to src/flow/publication*.c and draft.c. */
#ifndef FLOW_PUBLICATION_PARTS_H
#define FLOW_PUBLICATION_PARTS_H

#include "flow/publication.h"

/* Whether what is in force is what the text was to replace, and is another. *text NULL: nothing
 * is in force yet; then live->version is 0, and its path is where it will stand. */
bool publication_compare(struct store *s, struct arena *a, const struct publishing *in,
                         struct publication *live, const char **text, struct fault *why);
/* Whether it can be loaded, has this name, no problem, and every case of it comes true. */
bool publication_reads(struct arena *a, const struct publishing *in, const char *path,
                       struct instant now, struct fault *why);

/* Of a strategy that is in force already: it can be read, and its cases come true. */
bool publication_stands(struct arena *a, const char *path, const char *text, struct fault *why);

bool publication_kept_text(struct store *s, struct arena *a, const char *digest,
                           const char **text, struct fault *why);
bool publication_keep_text(struct store *s, const char *digest, const char *text,
                           struct fault *why);

#endif

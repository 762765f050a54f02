/*
 * Publication: strategies, letters and emails that people of the house put into force, kept in
 * the book version by version (tables publication and rule_text).
 *
 * The last version of a name stands over the file of its path: whoever loads strategies or
 * texts after publication_take gets it, be it a page, a command or the cycle. What stood there
 * before the first publication is kept as version 1. The next cycle looks at every case file.
 */
#ifndef FLOW_PUBLICATION_H
#define FLOW_PUBLICATION_H

#include "flow/book.h"

/* Names are API: they stand in the book. */
enum publication_kind { PUBLISHED_STRATEGY, PUBLISHED_TEXT };
const char *publication_kind_name(enum publication_kind kind);

struct publication {
    int32_t version; /* 1: as the file says it */
    const char *path, *digest;
    int64_t published_by, agreed_by; /* numbers of staff */
    const char *reason;              /* NULL: none was given */
    struct instant at;               /* 0: nothing was published */
};

/* Brings what the book has in force before the files of the program (base/files.h). One look-up
 * when nothing changed since this process did it last. */
bool publication_take(struct store *s, struct fault *why);
/* A strategy whose last version cannot be read by this program any more, or does not pass its
 * own cases: the last version that does stands over the file instead, or the file itself (runs
 * 0). */
struct publication_passed_over {
    const char *name;
    int32_t version, runs;
    const char *because;
};
/* Those of this process, as publication_take found them. */
void publication_passed_over(struct arena *a, struct publication_passed_over **out,
                             size_t *count);
/* The number of the last publication; 0: none. */
bool publication_last(struct store *s, int64_t *out, struct fault *why);

/* What is in force by this name, and its text: of a strategy the name that it has itself, of a
 * text "en/past-due". NOT_FOUND when there is none. */
bool publication_live(struct store *s, struct arena *a, enum publication_kind kind,
                      const char *name, struct publication *out, const char **text,
                      struct fault *why);
/* The versions of a name, the newest first; what was never published has none. */
enum { VERSIONS_MOST = 200 };
bool publication_versions(struct store *s, struct arena *a, enum publication_kind kind,
                          const char *name, struct publication **out, size_t *count,
                          struct fault *why);
/* The text of one; NOT_FOUND when there is no such version. */
bool publication_text(struct store *s, struct arena *a, enum publication_kind kind,
                      const char *name, int32_t version, struct publication *out,
                      const char **text, struct fault *why);
/* The digest by which a text is kept. */
const char *publication_digest(struct arena *a, const char *text);

struct publishing {
    enum publication_kind kind;
    const char *name, *text;
    const char *base; /* the digest of what it replaces; CONFLICT when that is not in force any
                       * more. NULL: whatever is. "": there is none of this name. */
    const char *reason; /* may be NULL */
    int64_t by, agreed_by;
};
/*
 * Puts it into force with the commit, and journals it. BAD_PACK with its place when it could
 * not be loaded, BAD_VALUE when it has another name, or is what is in force anyway. A draft of
 * the same text is gone. After the commit, publication_take.
 */
bool publication_put(struct book *b, const struct publishing *in, int32_t *version,
                     struct fault *why);
/* The same checks alone. */
bool publication_check(struct store *s, struct arena *a, const struct publishing *in,
                       struct fault *why);

/* What the cycle has still to follow: 0, or the number to be given to publication_followed once
 * every case file was looked at. */
bool publication_pending(struct store *s, struct arena *a, int64_t *out, struct fault *why);
bool publication_followed(struct book *b, int64_t number, struct fault *why);

#endif

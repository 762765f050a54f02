/*
 * File version: whether a case file changed while somebody had it before them.
 *
 * The version of a case file is the place of its last record in the journal of its bucket: what
 * is not journalled does not happen. A form carries the version that its page was made from;
 * who sends it is told what others did since, and decides again. What they did themselves does
 * not count, nor what changes nothing for anybody: a refusal of the cycle, an address that was
 * opened.
 */
#ifndef FLOW_FILE_VERSION_H
#define FLOW_FILE_VERSION_H

#include "flow/book.h"

enum { VERSION_CHANGES_MOST = 20 };

bool casefile_version(struct store *s, struct casefile_key key, int64_t *version,
                      struct fault *why);

struct version_change {
    int64_t seq;
    struct instant at;
    const char *words; /* "Omar Diallo noted a call" */
};

/* What came after `seen`, the first first, but for what `by` did (an email; NULL: nobody).
 * *newest is the version now. */
bool version_changes(struct store *s, struct arena *a, struct casefile_key key, int64_t seen,
                     const char *by, struct version_change **out, size_t *count,
                     int64_t *newest, struct fault *why);

/*
 * To be called first in a session: nobody else writes to the case file until its end. CONFLICT
 * when somebody else changed it after `seen`: "Omar Diallo noted a call at 10:41 am, after you
 * opened this page."
 */
bool version_check(struct book *b, struct casefile_key key, int64_t seen, struct fault *why);

#endif

/*
 * Body: what came with a request: its address, its query, its form, its files. Private to
 * src/web; knows no socket.
 *
 * Everything is read in place, from bytes that are all there: values point into them. All text
 * that comes out is UTF-8 without NUL; whatever is not, or is not encoded as it must be, is
 * refused as a whole. Forms as in the URL standard (application/x-www-form-urlencoded) and
 * RFC 7578 (multipart/form-data).
 */
#ifndef WEB_BODY_H
#define WEB_BODY_H

#include "web/route.h"

enum body_kind { BODY_NONE, BODY_FORM, BODY_PARTS, BODY_JSON, BODY_OTHER };

/* What a Content-Type says; *boundary of BODY_PARTS in the arena. Of charsets only UTF-8. */
enum body_kind body_kind_of(struct arena *a, const char *type, const char **boundary);

/*
 * All of these: 0, or the status to refuse it with, and *what is one sentence.
 * Path and query of the address; the path stays as it came in ask->raw_path.
 */
int target_read(struct arena *a, const char *target, struct ask *ask, const char **what);
/* A piece of raw_path, decoded; for a path that was read. */
const char *piece_decode(struct arena *a, const char *piece, size_t length);
/* Changes the bytes; a NUL follows the last one. */
int form_read(struct arena *a, char *bytes, size_t length, struct ask *ask, const char **what);
int parts_read(struct arena *a, char *bytes, size_t length, const char *boundary,
               struct ask *ask, const char **what);
/* JSON is checked for being text; who takes it parses it. */
int text_read(const char *bytes, size_t length, const char **what);

#endif

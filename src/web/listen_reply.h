/* Reply: from a struct reply to what libmicrohttpd sends. Private to src/web/listen*.c. */
#ifndef WEB_LISTEN_REPLY_H
#define WEB_LISTEN_REPLY_H

#include "web/route.h"

struct MHD_Response;

/*
 * Takes the body over. `closes`: the connection ends after it. *bytes: how long its body is.
 * Text that headers need comes from the arena, which may be freed afterwards. A header that
 * cannot be sent makes it a 500, in reply->status.
 */
struct MHD_Response *response_make(struct arena *a, const struct ask *ask, struct reply *reply,
                                   bool closes, int64_t *bytes);

/* Inside this site: "/" for whatever is not; percent-encoded where it must be. */
const char *location_of(struct arena *a, const char *path);
/* attachment; filename="…"; filename*=UTF-8''… (RFC 6266). */
const char *disposition_of(struct arena *a, const char *name);
/* Printable ASCII, and no more than a header may be. */
bool is_header_text(const char *text);

#endif

/*
 * Webhook post: one POST to an address that somebody typed, over libcurl, so that it cannot be
 * used to reach what only this machine can (OWASP API7:2023, server-side request forgery).
 *
 * The name is resolved here, every address it has is judged, and the connection goes to one of
 * those very addresses: a name that means another thing a moment later changes nothing. No
 * proxy, no redirect, no address that is not public (IANA special-purpose registries, RFC 6890);
 * `private_allowed` lets private ones and this machine be reached, and this machine by http,
 * too. Certificates are always checked. Ten seconds for the whole; of the answer the status is
 * read, and no more of its body than REPLY_MOST bytes.
 */
#ifndef CHANNELS_WEBHOOK_POST_H
#define CHANNELS_WEBHOOK_POST_H

#include "base/fault.h"

#include <stddef.h>
#include <stdint.h>

enum { WEBHOOK_URL_MOST = 2000, WEBHOOK_TIME_MS = 10000, WEBHOOK_ANSWER_TEXT = 160 };

struct webhook_posting {
    const char *url;
    bool private_allowed;
    const char *ca_file;        /* an authority of one's own; NULL: the system's */
    const char *const *headers; /* "name: value"; NULL after the last */
    const char *body;
    size_t length;
    const bool *stop; /* breaks off when it becomes true; NULL: never */
};

struct webhook_answer {
    int status; /* 0: none came */
    int64_t took_ms;
    char text[WEBHOOK_ANSWER_TEXT]; /* what went wrong, one sentence; "" when nothing did */
};

/* BAD_VALUE with what is wrong with it; no name is resolved. */
bool webhook_url_check(const char *url, bool private_allowed, struct fault *why);

/* True when it was taken: an answer of 200 to 299. Else answer->text says why not. */
bool webhook_post(const struct webhook_posting *posting, struct webhook_answer *answer);

#endif

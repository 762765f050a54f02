/*
 * API reply: what a program was answered when it wrote with an Idempotency-Key. Kept in the
 * transaction of the deed, for thirty days: both are there, or neither.
 */
#ifndef FLOW_API_REPLY_H
#define FLOW_API_REPLY_H

#include "flow/book.h"

enum { API_REPLY_DAYS = 30, API_KEY_MOST = 200 };

struct api_reply_kept {
    const char *digest; /* of what was asked */
    int64_t user;
    int status; /* 0: this key is new */
    const char *body;
};

/* CONFLICT when the key was used by somebody else, or for something else. */
bool api_reply_find(struct book *b, struct casefile_key key, const char *once, int64_t user,
                    const char *digest, struct api_reply_kept *out, struct fault *why);
bool api_reply_put(struct book *b, struct casefile_key key, const char *once,
                   const struct api_reply_kept *reply, struct fault *why);

#endif

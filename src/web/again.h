/*
 * Again: replies of the API that are given once more. Private to src/web.
 *
 * What a token reads stays the same until something is written to the book or time goes on. So a
 * reply is kept for whoever asks the very same thing with the very same token while nobody, in any
 * program, has committed anything (store_version) and the second has not changed; the moment one of
 * the two moves, all that was kept is forgotten. Nothing older than the book is ever given, and who
 * may see what is asked as often as before: a token that was ended is a change, too.
 *
 * It is given by the threads of the sockets, without waiting for the crew. What was noted because
 * somebody asked (reply->noted) is never kept. Any number of threads.
 */
#ifndef WEB_AGAIN_H
#define WEB_AGAIN_H

#include "web/route.h"

enum {
    AGAIN_REPLIES = 4096,
    AGAIN_BYTES = 16 << 20, /* of all of them; of one at most AGAIN_BODY */
    AGAIN_BODY = 64 << 10,
};

struct again;

/* NULL: this database does not tell when it has changed (PostgreSQL). All of these take NULL. */
struct again *again_open(const char *url, const struct zone *zone);
void again_close(struct again *a);

/* True when the reply is there. Else reply->moment says at which moment it was asked. */
bool again_give(struct again *a, const struct ask *ask, struct reply *reply);
/* What was made meanwhile, before it is sent. */
void again_keep(struct again *a, const struct ask *ask, const struct reply *reply);

#endif

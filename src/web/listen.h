/* Listen: HTTP on a socket. The only file with libmicrohttpd behind it. Private to src/web. */
#ifndef WEB_LISTEN_H
#define WEB_LISTEN_H

#include "web/route.h"

struct listener;

/* `address` is "host:port" with a numeric host; NULL: 127.0.0.1:8080. Many threads call answer.
 */
struct listener *listener_open(const char *address, int threads,
                               void (*answer)(void *self, const struct ask *ask,
                                              struct reply *reply),
                               void *self, struct fault *why);
const char *listener_address(const struct listener *l); /* "http://127.0.0.1:8080" */
/* Waits for the requests under way. */
void listener_close(struct listener *l);

#endif

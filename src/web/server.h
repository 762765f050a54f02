/*
 * Server: what all requests of one `recoup serve` share. Private to src/web.
 */
#ifndef WEB_SERVER_H
#define WEB_SERVER_H

#include "web/metrics.h"
#include "web/pack.h"

struct server {
    struct site site;
    struct packed *packed; /* its static files, compressed */
    struct metrics *metrics;
    struct access_log *log;
    struct listener *listener;
    const char *version;       /* of the program */
    const char *metrics_token; /* NULL: only from this machine, or by an administrator */
    bool read_only;
};

/* False for what writes to the book while the server only shows it. Signing in and out still
 * works: nobody could look otherwise. `server` NULL: everything goes. */
bool server_takes_changes(const struct server *server, const struct route *route);

#endif

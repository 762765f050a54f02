/*
 * Route: from a request to a reply, without a socket. Private to src/web.
 *
 * Every page is a row of one table (route.c); what has no row is 404. Paths are matched whole,
 * with one hole at most; nothing in a path ever names a file: static files are looked up in the
 * list of those that were embedded.
 */
#ifndef WEB_ROUTE_H
#define WEB_ROUTE_H

#include "flow/view.h"
#include "web/site.h"

enum { ASK_FIELDS = 12, PATH_MOST = 2048 };

struct ask {
    const char *method;
    const char *path;       /* decoded, without the query */
    const char *known_etag; /* If-None-Match; NULL when it was not sent */
    size_t field_count;
    struct {
        const char *name, *value;
    } fields[ASK_FIELDS]; /* of the query, decoded */
};

struct reply {
    int status;
    const char *type;          /* Content-Type */
    struct text body;          /* owned: freed by text_free, or handed on */
    const struct asset *asset; /* instead of a body: bytes that live for ever */
    const char *policy;        /* Content-Security-Policy */
    const char *etag;          /* NULL: no caching */
    const char *allow;         /* for 405 */
};

void route_answer(const struct site *site, struct view *v, struct instant now,
                  const struct ask *ask, struct reply *reply);

/* A reply that needs no view: bad requests, a book that cannot be read. */
void route_refuse(const struct site *site, int status, const char *what, struct reply *reply);

#endif

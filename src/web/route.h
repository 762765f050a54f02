/*
 * Route: from a request to a reply, without a socket. Private to src/web.
 *
 * Every address is a row of a table: method, path, what one must be allowed, and the function that
 * fills the page. Each part of the console has a table of its own (routes_…, in its first file);
 * what has no row is 404. Before any handler runs, the route was found, the session was checked,
 * the permission too, and of what writes also that the form came from a page of ours (CSRF).
 *
 * Paths are matched whole; a hole {} is one piece without a slash. Nothing in a path ever names a
 * file: static files are looked up in the list of those that were embedded.
 */
#ifndef WEB_ROUTE_H
#define WEB_ROUTE_H

#include "domain/permission.h"
#include "flow/user.h"
#include "flow/view.h"
#include "web/site.h"

enum { ASK_FIELDS = 200, ASK_UPLOADS = 8, PATH_MOST = 2048, PATH_HOLES = 3 };

struct field {
    const char *name, *value; /* decoded, UTF-8 */
};

struct upload {
    const char *name, *file, *type; /* of the field, and as the browser says */
    const char *bytes;
    size_t length;
};

struct ask {
    const char *method;
    const char *path;          /* decoded, without the query */
    const char *client;        /* address of who asks */
    const char *agent;         /* NULL when it was not sent, as all below */
    const char *known_etag;    /* If-None-Match */
    const char *session;       /* cookie: who is signed in */
    const char *notice;        /* cookie: what the page before wants said */
    const char *origin, *host; /* headers */
    const char *fetch_site;    /* Sec-Fetch-Site */
    const char *authorization; /* "Bearer …" */
    const char *once;          /* Idempotency-Key */
    const char *csrf;          /* X-CSRF-Token; forms have a field csrf instead */
    const char *type;          /* Content-Type */
    bool partial;              /* htmx asks: it takes what it wants from the page */
    bool secure;               /* over TLS, here or at the proxy that we trust */
    size_t query_count, form_count, upload_count;
    struct field *query, *form;
    struct upload *uploads;
    const char *body; /* as it came, when it is no form; NULL: none */
    size_t body_length;
};

enum { REPLY_COOKIES = 3 };

struct reply {
    int status;
    const char *type;          /* Content-Type */
    struct text body;          /* owned: freed by text_free, or handed on */
    const struct asset *asset; /* instead of a body: bytes that live for ever */
    const char *policy;        /* Content-Security-Policy */
    const char *etag;          /* NULL: no caching */
    bool for_ever;             /* the address changes when the bytes do */
    const char *allow;         /* for 405 */
    const char *location;      /* for 303 */
    const char *file;          /* offered under this name: Content-Disposition */
    int retry_after;           /* seconds; 0: not said */
    const char *cookies[REPLY_COOKIES]; /* Set-Cookie, whole */
};

struct page;
/* Fills the context, or the reply itself when it sets its status. False with *why. */
typedef bool page_fill(struct page *p, struct fault *why);

/* Besides the permissions: */
enum { MAY_ANYBODY = -1, MAY_SIGNED_IN = -2 };

/*
 * `page` is the template, without templates/web/ and .html; `section` is which entry of the rail
 * is lit. A POST that cannot be done shows the page of `again`, with what was typed and why
 * ({{#fault}}, {{typed.NAME}}); without one, a page that says why.
 */
struct route {
    const char *method, *path;
    int may;
    const char *section, *page;
    page_fill *fill, *again;
};

/* Each ends with a row without a path. */
extern const struct route routes_sign_in[], routes_queue[], routes_account[], routes_work[],
    routes_lists[], routes_insights[], routes_rules[], routes_audit[], routes_admin[],
    routes_api[];

/* One thread's share of the server: a reader, and a writer that is opened when first needed. */
struct hand {
    struct view *view;
    const struct roles *roles;
    const struct insight_book *insights; /* what is said of figures */
    struct book book;
    bool writes; /* the book is open */
};

void route_answer(const struct site *site, struct hand *hand, struct instant now,
                  const struct ask *ask, struct reply *reply);

/* A reply that needs no view: bad requests, a book that cannot be read. */
void route_refuse(const struct site *site, int status, const char *what, struct reply *reply);

#endif

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

enum { ASK_FIELDS = 200, ASK_UPLOADS = 8, PATH_HOLES = 3 };

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
    const char *raw_path;      /* as it came */
    const char *client;        /* address of who asks */
    const char *id;            /* of this request: X-Request-Id */
    bool local;                /* asked from this machine, and not by a proxy for another */
    const char *agent;         /* NULL when it was not sent, as all below */
    const char *known_etag;    /* If-None-Match */
    const char *session;       /* cookie: who is signed in */
    const char *known;         /* cookie: accounts that signed in from this browser */
    const char *notice;        /* cookie: what the page before wants said */
    const char *origin, *host; /* headers */
    const char *fetch_site;    /* Sec-Fetch-Site */
    const char *authorization; /* "Bearer …" */
    const char *once;          /* Idempotency-Key */
    const char *csrf;          /* X-CSRF-Token; forms have a field csrf instead */
    const char *type;          /* Content-Type */
    const char *encodings;     /* Accept-Encoding */
    bool partial;              /* htmx asks: it takes what it wants from the page */
    bool secure;               /* over TLS, here or at the proxy that we trust */
    size_t query_count, form_count, upload_count;
    struct field *query, *form;
    struct upload *uploads;
    const char *body; /* as it came, when it is no form; NULL: none */
    size_t body_length;
};

/* Names of cookies: over TLS __Host- stands before them, so that no other host can plant one. */
#define COOKIE_SESSION "recoup"
#define COOKIE_KNOWN "recoup-known"

enum { REPLY_COOKIES = 3 };

struct reply {
    int status;
    const char *type;          /* Content-Type */
    struct text body;          /* owned: freed by text_free, or handed on */
    const struct asset *asset; /* instead of a body: bytes that live for ever */
    const void *packed;        /* the same, compressed */
    size_t packed_length;
    const char *encoding; /* Content-Encoding of body or packed; NULL: as it is */
    bool varies;          /* there is more than one encoding of it */
    const char *policy;        /* Content-Security-Policy */
    const char *etag;          /* NULL: no caching */
    char tag[24];              /* room for one that is made */
    bool shared;               /* the same for everybody: caches between may keep it */
    bool for_ever;             /* and the address changes when the bytes do */
    const char *allow;         /* for 405 */
    const char *location;      /* for 303 */
    const char *file;          /* offered under this name: Content-Disposition */
    int retry_after;           /* seconds; 0: not said */
    const char *cookies[REPLY_COOKIES]; /* Set-Cookie, whole */
    /* For the log and the counters, which never see a path: */
    const struct route *route; /* NULL: none, or a static file */
    int64_t user;              /* number of who asked; 0: nobody signed in */
    bool again;                /* it was given before (again.h) */
    bool noted;                /* that it was asked stands in the book: so must be the next time */
    int64_t moment;            /* of again.h, at which it was asked; 0: none */
    enum fault_code fault;     /* of a status from 500 on */
    const char *fault_where;
};

struct page;
struct server;
struct api_call;
/* Fills the context, or the reply itself when it sets its status. False with *why. */
typedef bool page_fill(struct page *p, struct fault *why);

/* Besides the permissions. MAY_FRESH: also who gave a password, and still owes the second factor
 * or a password to choose (session->fresh). */
enum { MAY_ANYBODY = -1, MAY_SIGNED_IN = -2, MAY_FRESH = -3 };

/*
 * What may come with a request. TAKES_USUAL: of POST, PUT and PATCH a form, under /api/ JSON; of
 * other methods nothing. Only TAKES_UPLOAD lets files in, and bodies of more than 1 MiB; so does
 * TAKES_FILE, which takes JSON, too.
 */
enum takes { TAKES_USUAL, TAKES_NOTHING, TAKES_FORM, TAKES_JSON, TAKES_UPLOAD, TAKES_FILE };

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
    enum takes takes;
    const struct api_call *call; /* of the API (api.h), instead of a page */
};

/* Each ends with a row without a path. */
extern const struct route routes_sign_in[], routes_security[], routes_queue[], routes_account[],
    routes_work[], routes_lists[], routes_insights[], routes_rules[], routes_audit[], routes_samples[],
    routes_complaints[],
    routes_admin[], routes_approvals[], routes_import[], routes_house[], routes_texts[],
    routes_integrations[], routes_api[], routes_api_agree[], routes_api_dispute[],
    routes_api_house[], routes_api_money[], routes_api_contact[], routes_api_file[],
    routes_api_audit[], routes_api_complaint[], routes_api_crew[], routes_api_figures[],
    routes_api_hook[], routes_api_publish[], routes_api_talk[], routes_api_wish[],
    routes_api_log[], routes_api_queue[], routes_api_writes[], routes_api_offer[], routes_api_rules[],
    routes_server[], routes_strategies[];

/* One thread's share of the server: a reader, and a writer that is opened when first needed. */
struct hand {
    const struct server *server; /* NULL in tests without one */
    struct view *view;
    const struct roles *roles;
    const struct insight_book *insights; /* what is said of figures */
    struct loader *loader; /* reads files behind the pages */
    struct search_log *searches; /* NULL: they are not noted */
    struct book book;
    bool writes; /* the book is open */
    bool broken; /* the database did not let us begin: both are to be opened again */
    const struct patience *patience; /* for the book; NULL: as it comes */
};

/* The writer of this share, in somebody's name (NULL: the program's); NULL with *why. Then a
 * transaction of it. */
struct book *hand_writer(struct hand *hand, const char *url, struct instant now,
                         const char *by, struct fault *why);
bool hand_begin(struct hand *hand, struct fault *why);

/* The route of a request, and what it takes; NULL: there is none. Needs no database. */
const struct route *route_of(struct arena *a, const struct ask *ask, enum takes *takes);
/* What it takes, TAKES_USUAL spelled out. */
enum takes route_takes(const struct route *route);
/* All of them, by number; NULL after the last. */
const struct route *route_at(size_t number);

void route_answer(const struct site *site, struct hand *hand, const struct ask *ask,
                  struct reply *reply);

/* JSON that was asked for has a tag; whoever has it already is told so (304). */
void route_tag(const struct ask *ask, struct reply *reply);
/* The second half of it: 304 to whoever has this tag. */
void route_known(const struct ask *ask, struct reply *reply);

/* A reply that needs no view: bad requests, a book that cannot be read. `id` as in struct ask. */
void route_refuse(const struct site *site, const struct ask *ask, int status,
                  const char *what, struct reply *reply);
/* The same, from a fault that nobody could do anything about. */
void route_refuse_by(const struct site *site, const struct ask *ask, const struct fault *why,
                     struct reply *reply);
/* True when it is a static file, and was answered. */
bool route_asset(const struct site *site, const struct ask *ask, struct reply *reply);

#endif

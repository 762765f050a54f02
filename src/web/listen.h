/*
 * Listen: HTTP on a socket. libmicrohttpd stays in listen.c and listen_reply.c, gnutls in
 * listen_tls.c. Private to src/web.
 *
 * Two threads serve all sockets (epoll). They read a request to its end, and hand it to the
 * crew (crew.h); the connection sleeps until its page is made. So a page that waits, for a
 * database that is busy, holds up nobody but itself.
 *
 * What is refused before anybody is asked: a head that can be read in two ways (head.h), a body
 * where none is meant, or of a kind or length that the route does not take, more bodies than
 * BODIES_MOST at once, and what is not text. Who is slow is ended (peers.h).
 *
 * Nothing that a user gave stands in a header as it came: Location is percent-encoded and stays
 * on this host, the names of files are encoded (RFC 6266), and a reply with any other header
 * that is not printable ASCII becomes a 500.
 */
#ifndef WEB_LISTEN_H
#define WEB_LISTEN_H

#include "web/address.h"
#include "web/route.h"

enum {
    LISTEN_CONNECTIONS = 16384, /* at most; fewer where the system allows fewer files */
    FORM_BYTES = 1 << 20,       /* forms and JSON */
    UPLOAD_BYTES = 64 << 20,
    BODIES_MOST = 160 << 20, /* of all requests that are being read or answered */
};

/* One request that came to its end. */
struct finished {
    const char *id, *method;
    const struct reply *reply;
    int64_t us;    /* from its last byte to the reply; the queue is in it */
    int64_t bytes; /* of the reply's body, as sent */
};

/* Many threads call these. */
struct listener_calls {
    void *self;
    /* What the route of this address takes; in reply->route which it is. No database. */
    enum takes (*takes)(void *self, const struct ask *ask, struct reply *reply);
    /* True when it was answered at once: without a database, without waiting. */
    bool (*answer_now)(void *self, const struct ask *ask, struct reply *reply);
    /* In thread number `thread` of the crew. */
    void (*answer)(void *self, int thread, const struct ask *ask, struct reply *reply);
    void (*refuse)(void *self, const struct ask *ask, int status, const char *what,
                   struct reply *reply);
    void (*finish)(void *self, const struct finished *done);
};

struct listen_request {
    const char *address;            /* "host:port" with a numeric host; NULL: 127.0.0.1:8080 */
    const char *tls_cert, *tls_key; /* files; NULL: plain HTTP */
    const struct proxies *proxies;
    int threads; /* of the crew */
    struct listener_calls calls;
};

struct listener;

/* *out is set before the first call. */
bool listener_open(const struct listen_request *request, struct listener **out,
                   struct fault *why);
const char *listener_address(const struct listener *l); /* "http://127.0.0.1:8080" */
/* About once a second: ends the slow ones, looks whether the certificate changed. False: it
 * did, or `reload` says so, but it cannot be used; what was read before stays. */
bool listener_tick(struct listener *l, bool reload, struct fault *why);

struct listening {
    size_t connections, connections_most, in_flight, waiting;
    int64_t body_bytes;          /* of BODIES_MOST */
    int64_t ended;               /* connections that were too slow, ever */
    int64_t certificate_expires; /* seconds since 1970; 0: plain HTTP */
};
void listener_state(struct listener *l, struct listening *out);

/* No new connections; those that are open are told to close after their reply. */
void listener_drain(struct listener *l);
bool listener_is_draining(const struct listener *l);
/* Waits for the requests under way; what waits in the queue is refused. */
void listener_close(struct listener *l);

#endif

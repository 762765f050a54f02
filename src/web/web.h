/*
 * Web: the pages of `recoup serve`, over HTTP/1.1 (RFC 9110, 9112), for the staff of one
 * organisation.
 *
 * Pages are made on the server from templates (templates/web), work without script, and ask for
 * nothing outside: their Content-Security-Policy allows this host only, without inline scripts
 * or styles. Who may see and do what is checked before a page is made (route.h).
 *
 * Passwords and pages do not travel in the clear: beyond this machine the server speaks TLS, or
 * stands behind a proxy that does, unless somebody insists (plain).
 *
 * Threads     two for the sockets, and `workers` that make pages, each with a view and a book
 * of its own; a page that waits for the database holds up nobody else (crew.h) Bounds 16,384
 * connections, 15 seconds idle, heads of 20 KiB, addresses of 2,048 bytes, forms of 1 MiB,
 * files of 64 MiB where a route takes them; a writer waits 3 seconds for the database, a page
 * works 60 seconds at most The end     open requests are finished, for drain_seconds at most
 */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include "domain/calendar.h"
#include "flow/settings.h"

#include <signal.h>

struct web_request {
    const char *url;    /* of the book */
    const struct settings *settings; /* how messages leave; as long as it serves */
    const char *listen; /* "127.0.0.1:8080" when NULL; "[::1]:8080"; port 0: any that is free */
    const char *version;            /* of the program */
    const char *tls_cert, *tls_key; /* PEM files; NULL: plain HTTP */
    const char *trusted_proxies;    /* "10.0.0.1, 10.2.0.0/16"; NULL: none */
    const char *metrics_token;      /* who shows it may read /metrics; NULL: nobody by it */
    const char *log;                /* "text", "json", "off"; NULL: "text" */
    int workers;                    /* 0: four, or twice as many as processors */
    int drain_seconds;
    bool plain;                           /* plain HTTP beyond this machine, all the same */
    bool read_only;                       /* nothing is changed but who is signed in */
    bool clock_stands;                    /* --now was given: pages show that moment for ever */
    struct instant now;                   /* when the clock stands */
    const bool *stop;                     /* becomes true when the program is asked to end */
    const volatile sig_atomic_t *hangups; /* counts SIGHUP; NULL: not watched */
    /* Called once the server answers; may be NULL. `address` is "http://127.0.0.1:8080". */
    void (*ready)(void *self, const char *address);
    void *self;
};

/* Serves until *stop. Faults: NOT_FOUND (no book), BAD_VALUE (the address), SYSTEM (in use),
 * BAD_FILE (a certificate). */
bool web_serve(const struct web_request *request, struct fault *why);

#endif

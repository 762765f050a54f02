/*
 * Web: the pages of `recoup serve`, over HTTP (RFC 9110), for the staff of one organisation.
 *
 * Reads only: GET and HEAD, everything else is 405; but for the opt-out link of an email, whose
 * reader may POST (stop.c). Pages are made on the server from
 * templates (templates/web), work without script, and ask for nothing outside: their
 * Content-Security-Policy allows this host only, without inline scripts or styles.
 *
 * No sign-in yet. The address is 127.0.0.1 unless somebody says otherwise, and what is put in
 * front of it must decide who may read.
 *
 * Bounds      256 connections, 15 seconds each, addresses of 2,048 bytes, headers of 32 KiB
 * Threads     a pool; each request borrows a view (flow/view.h) with a store of its own
 */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include "domain/calendar.h"
#include "flow/settings.h"

struct web_request {
    const char *url;    /* of the book */
    const struct settings *settings; /* how messages leave; as long as it serves */
    const char *listen; /* "127.0.0.1:8080" when NULL; "[::1]:8080"; port 0: any that is free */
    int threads;        /* 0: two */
    bool clock_stands;  /* --now was given: pages show that moment for ever */
    struct instant now; /* when the clock stands */
    const bool *stop;   /* becomes true when the program is asked to end */
    /* Called once the server answers; may be NULL. `address` is "http://127.0.0.1:8080". */
    void (*ready)(void *self, const char *address);
    void *self;
};

/* Serves until *stop. Faults: NOT_FOUND (no book), BAD_VALUE (the address), SYSTEM (in use). */
bool web_serve(const struct web_request *request, struct fault *why);

#endif

/*
 * Address: where to listen, who asks, and which proxies are believed. Private to src/web.
 *
 * A proxy that is trusted says for whom it asks (X-Forwarded-For) and how they came
 * (X-Forwarded-Proto). From anybody else these headers are only words.
 */
#ifndef WEB_ADDRESS_H
#define WEB_ADDRESS_H

#include "base/arena.h"

#include <netinet/in.h>

union socket_address {
    struct sockaddr any;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
};

enum { ADDRESS_TEXT = INET6_ADDRSTRLEN };

/* "127.0.0.1:8080", "[::1]:8080". BAD_VALUE: another host than a numeric one, no port. */
bool address_parse(const char *text, union socket_address *out, struct fault *why);
/* Without the port; an IPv4 address inside an IPv6 one as itself. */
char *address_print(const struct sockaddr *at, char out[ADDRESS_TEXT]);
bool address_is_loopback(const char *printed);

enum { PROXIES_MOST = 16 };

struct proxies {
    size_t count;
    struct network {
        unsigned char bytes[16];
        int bits;
    } networks[PROXIES_MOST];
};

/* "10.0.0.1, 10.2.0.0/16, ::1". BAD_VALUE names the piece that is no address. NULL: none. */
bool proxies_parse(const char *text, struct proxies *out, struct fault *why);
bool proxies_have(const struct proxies *p, const char *printed);

/*
 * Who asks: the last address of `forwarded` (X-Forwarded-For; NULL: it was not sent) that is
 * none of our proxies; `peer` when that is none of them, or when the header is not readable.
 */
const char *proxies_client(const struct proxies *p, struct arena *a, const char *peer,
                           const char *forwarded);

#endif

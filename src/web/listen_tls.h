/*
 * TLS: certificate and key of this server, from two PEM files. The only file with gnutls behind
 * it is listen_tls.c. Private to src/web/listen*.c.
 *
 * TLS 1.2 and 1.3, with forward secrecy and AEAD ciphers only. The files are looked at about
 * once a second; what they say now holds for new connections. When they do not fit together, as
 * while they are being replaced, what was read before stays. One server for each program.
 */
#ifndef WEB_LISTEN_TLS_H
#define WEB_LISTEN_TLS_H

#include "base/arena.h"

struct tls;

extern const char tls_priorities[];

/* *out NULL without a certificate. BAD_FILE: what is wrong with which file. */
bool tls_open(const char *cert_path, const char *key_path, struct tls **out, struct fault *why);
void tls_free(struct tls *tls);
/* False: the files changed, but cannot be used. `tls` may be NULL. */
bool tls_renew(struct tls *tls, bool forced, struct fault *why);
int64_t tls_expires(const struct tls *tls); /* seconds since 1970; 0 without TLS */

/* What a new connection is shown: a gnutls_certificate_retrieve_function3. */
typedef void tls_any_function(void);
tls_any_function *tls_retriever(void);

#endif

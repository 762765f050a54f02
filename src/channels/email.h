/*
 * Email: messages (formats/mime.h) to a mail server by SMTP (RFC 5321), over libcurl.
 *
 * One connection is kept for many messages, and opened again when the server has closed it.
 * TLS: smtps:// from the first byte; smtp:// with STARTTLS, required unless said otherwise.
 * Certificates are always checked. The password is read from a file, once, and never printed.
 *
 * What the outcome means:
 *   server says 2xx to the end of the data         sent
 *   server says 5xx to the message, at any point   PROVIDER_REFUSED
 *   server says 4xx to the message, at any point   PROVIDER_BUSY
 *   no connection, no TLS, no login, or lost
 *   before the data                                PROVIDER_BUSY: nothing can have been taken
 *   lost or timed out once data was begun          PROVIDER_SILENT
 *
 * After any failure the connection is given up: a late answer to one message must not be
 * taken for the answer to the next.
 *
 * SMTP has no keys: a server does not drop repeats, so repeats_are_dropped is false.
 */
#ifndef CHANNELS_EMAIL_H
#define CHANNELS_EMAIL_H

#include "channels/port.h"

enum email_tls { EMAIL_TLS_REQUIRED, EMAIL_TLS_IF_OFFERED, EMAIL_TLS_NEVER };

struct email_settings {
    const char *url;           /* "smtps://mail.example.com:465", "smtp://127.0.0.1:2525" */
    enum email_tls tls;        /* for smtp:// only                                        */
    const char *user;          /* NULL: no login                                          */
    const char *password_file; /* its first line; needed when there is a user             */
    const char *return_to;     /* envelope sender: where bounces go                       */
    const char *hello;         /* our name in EHLO; NULL: "localhost"                     */
    const char *ca_file;       /* extra certificate authority; NULL: the system's         */
    int connect_ms;            /* 0: 10,000                                               */
    int answer_ms;             /* 0: 60,000, for the whole of one message                 */
};

/* Connects to nobody yet. NULL, BAD_VALUE when the settings can't be used. */
struct channel_port *email_open(const struct email_settings *settings, struct fault *why);

#endif

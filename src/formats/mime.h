/*
 * MIME: builds the bytes of an email (RFC 5322, RFC 2045 to 2049).
 *
 * Pure: the same message gives the same bytes; date and message id come from the caller, the
 * boundary from the message id. Lines end in CR LF, 7-bit safe, names and subject in encoded
 * words where they need it.
 *
 * What can't be built: a header with a line break in it, an address without exactly one "@",
 * a one-click unsubscribe address that is not https (RFC 8058). Such a message is BAD_VALUE.
 */
#ifndef FORMATS_MIME_H
#define FORMATS_MIME_H

#include "base/arena.h"
#include "domain/calendar.h"

struct mime_address {
    const char *name;    /* UTF-8; NULL or "" when there is none */
    const char *address; /* "maya@example.com"; NULL: absent     */
};

struct mime_message {
    struct mime_address from, to;
    struct mime_address reply_to; /* may be absent */
    const char *subject;
    struct instant date;
    const char *message_id;      /* without <>: "outbox-118204@recoup.example" */
    const char *text, *html;     /* html may be NULL: then the message is text only */
    const char *language;        /* Content-Language; may be NULL                   */
    const char *unsubscribe_url; /* https, one click (RFC 8058); may be NULL        */
    const char *unsubscribe_mail; /* "mailto:…" (RFC 2369); may be NULL             */
    const char *in_reply_to;     /* message id answered; may be NULL                */
};

/* True for "local@domain": one "@", no blanks, no control characters, at most 254 bytes. */
bool mime_address_is_valid(const char *address);

/* The bytes live in the arena, a NUL follows the last. */
bool mime_build(struct arena *a, const struct mime_message *message, unsigned char **bytes,
                size_t *length, struct fault *why);

#endif

/*
 * MIME, read: the parts of a message that a person looks at.
 *
 * For messages that we made ourselves and kept; what cannot be read is NULL. Nothing in the
 * message is followed, fetched or run.
 */
#ifndef FORMATS_MIME_READ_H
#define FORMATS_MIME_READ_H

#include "base/arena.h"

struct mime_parts {
    const char *from, *to, *subject, *text, *html;
};

void mime_read(struct arena *a, const unsigned char *bytes, size_t length,
               struct mime_parts *out);

#endif

/*
 * House: what the book knows of its own organisation: the settings that people change, each
 * with what it may be. Where the book is and how messages leave is flow/settings.h.
 */
#ifndef FLOW_HOUSE_H
#define FLOW_HOUSE_H

#include "flow/book.h"

struct house_setting {
    const char *name, *help; /* "country", "its country, ISO 3166-1" */
    bool (*reads)(const char *value);
    const char *form; /* what it has to be: "a code such as US" */
};

extern const struct house_setting house_settings[];
extern const size_t house_setting_count;

/* NULL when there is none of this name. */
const struct house_setting *house_setting(const char *name);

/* BAD_VALUE, with what it has to be. Of an address, "|" parts lines as a line end does. The
 * change is journalled in bucket 0. */
bool house_setting_put(struct book *b, const char *name, const char *value, struct fault *why);

/* When something of the house was done last, and by whom: kept beside it, since the journal of
 * the house is long. at.us 0: the book does not know; by NULL: the program, not signed in. */
struct house_mark {
    struct instant at;
    const char *by; /* email address */
};
#define HOUSE_SETTINGS "settings" /* the last of the settings above that was put */

bool house_mark_put(struct book *b, const char *what, struct fault *why);
bool house_mark_read(struct store *s, struct arena *a, const char *what, struct house_mark *out,
                     struct fault *why);

#endif

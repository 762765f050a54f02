/*
 * Search note: that somebody searched, in the journal of the house (bucket 0, kind "search"):
 * who, when, for what kind of thing, and how many were found. Not what was typed, but its mark:
 * a keyed digest, by which an auditor who asks "did anybody search for this?" is answered.
 */
#ifndef FLOW_SEARCH_NOTE_H
#define FLOW_SEARCH_NOTE_H

#include "base/secret.h"
#include "flow/book.h"
#include "flow/search.h"

enum { SEARCH_MARK = 17 }; /* hex digits, and the end */

struct search_note {
    struct instant at;
    const char *by; /* address of the user */
    enum search_kind kind;
    char mark[SEARCH_MARK];
    size_t found;
    bool more;
    int asked; /* how often, while it was being typed; the rest is of the last */
};

/* The same for the same words, whatever their case and accents. */
bool search_mark(struct store *s, struct arena *a, const char *typed, char out[SEARCH_MARK],
                 struct fault *why);
/* Inside a session of the book. */
bool search_note_add(struct book *b, const struct search_note *note, struct fault *why);

#endif

/*
 * Gist: what the decision log is found by, taken from a record of the journal.
 *
 * Records are JSON text that the databases do not look into. What the log is filtered by stands
 * beside them in narrow columns: what was decided, by which channel, which rule said no or not
 * yet, and who was signed in. All of it follows from kind, time and record, and so needs no
 * trust: the chain of hashes covers the record, and recoup prove reads it anew and compares.
 *
 * Read by its bytes, as base/json.h writes them, since every record of a cycle passes here.
 */
#ifndef DOMAIN_GIST_H
#define DOMAIN_GIST_H

#include "domain/calendar.h"

enum { GIST_CHANNEL = 24, GIST_RULE = 160, GIST_ACTOR = 256 };

struct gist {
    /* "allowed", "moved" (later, by itself), "blocked", "held" (until somebody agrees);
     * "": nothing was decided. A message that is sent as decided is no new decision. */
    const char *outcome;
    char channel[GIST_CHANNEL], rule[GIST_RULE], actor[GIST_ACTOR]; /* "": none */
};

/* `at` is the moment of the record. Never fails: what is not there is "". */
void gist_read(const char *kind, struct instant at, const char *record, struct gist *out);

#endif

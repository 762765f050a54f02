/*
 * Deed: what a record of the journal says was done, in a few words that follow a name: "noted a
 * call", "recorded a payment of $60.00". For lists of what others did; the timeline says more.
 */
#ifndef FLOW_DEED_H
#define FLOW_DEED_H

#include "base/arena.h"

struct deed {
    const char *by;       /* email address of who did it; NULL: the program */
    const char *done;     /* "noted a call", as said of somebody            */
    const char *happened; /* "A call was noted", when it was nobody         */
};

void deed_read(struct arena *a, const char *kind, const char *record, struct deed *out);

#endif

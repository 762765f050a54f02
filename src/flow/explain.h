/*
 * Explain: what would happen next to a case file, why, what blocks it with its citation, the
 * first moment at which it would be allowed, the smallest change of facts that would allow it,
 * and the channel to take instead. The gate is asked as the cycle would ask it, with the text
 * that would be sent: decision_ask in domain/decide.h. Reads only.
 */
#ifndef FLOW_EXPLAIN_H
#define FLOW_EXPLAIN_H

#include "base/arena.h"
#include "domain/gate.h"

#include <stdio.h>

struct explain_request {
    const char *url;
    const char *target; /* account or debt reference, or a decision "D-bucket.seq" */
    struct instant now;
    struct instant at;  /* the moment of the contact; `now` when nobody asks for another */
    bool channel_known; /* only this channel */
    enum channel channel;
    bool json, colour;
};

/* *allowed: the asked channel (or the next step) is allowed now. */
bool explain_print(const struct explain_request *request, FILE *out, bool *allowed,
                   struct fault *why);

/* How one channel stands. */
struct channel_outlook {
    enum channel channel;
    enum ruling ruling;
    const char *reason;      /* NULL: nothing speaks for it or against it          */
    struct instant opens;    /* INSTANT_NEVER: only something new opens it         */
    const char *rule, *cite; /* of what decides; NULL when it is allowed, or no rule */
    const char *would_allow; /* the smallest change, in words; NULL when none is needed */
};

/* "Can I contact now?" */
enum { PANEL_MOST = 4 };
struct contact_panel {
    const char *account, *name;
    const struct zone *zone; /* of the debtor */
    size_t count;
    struct channel_outlook all[PANEL_MOST];
};

/* The panel of an account, of all channels or the one that is asked for; texts in the arena. */
bool explain_channels(const struct explain_request *request, struct arena *a,
                      struct contact_panel *out, struct fault *why);

#endif

/*
 * Explain: what would happen next to a case file, why, what blocks it with its citation, and
 * the first moment at which it would be allowed. Reads only.
 */
#ifndef FLOW_EXPLAIN_H
#define FLOW_EXPLAIN_H

#include "domain/contact.h"

#include <stdio.h>

struct explain_request {
    const char *url;
    const char *target;   /* account or debt reference, or a decision "D-bucket.seq" */
    struct instant now;
    bool channel_known;   /* only this channel */
    enum channel channel;
    bool json, colour;
};

/* *allowed: the asked channel (or the next step) is allowed now. */
bool explain_print(const struct explain_request *request, FILE *out, bool *allowed,
                   struct fault *why);

#endif

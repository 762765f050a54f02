/*
 * Outbox: what was decided to be said, as lists, and the one thing that a person may change.
 *
 * A message is named by "bucket.casefile.number", as the list prints it.
 */
#ifndef FLOW_OUTBOX_H
#define FLOW_OUTBOX_H

#include "domain/calendar.h"
#include "flow/table.h"

struct outbox_request {
    const char *url;
    const char *state, *channel; /* only these; NULL: all */
    int64_t limit;               /* 0: all                */
    enum table_format format;
    bool terminal;
};

/*
 * JSON: {"messages":[{"id","account","channel","to","template","ladder","step","state","reason",
 * "decided_at","not_before","expires_at","state_at","attempts","currency","open","decision",
 * "verdict","items":[{"debt","instalment","step","open"}…]}…]}, oldest decision first.
 */
bool outbox_print(const struct outbox_request *request, FILE *out, struct fault *why);

/* Settles a message of which nobody knows whether it went out: as sent, or back to ready. */
bool outbox_settle(const char *url, struct instant now, const char *message, bool was_sent,
                   struct fault *why);

#endif

/*
 * Pulse: is the book there, and a few figures of it for who watches the server. Nothing here
 * names anybody.
 */
#ifndef FLOW_PULSE_H
#define FLOW_PULSE_H

#include "flow/view.h"

enum { PULSE_STATES = 16 };

struct pulse {
    int64_t sessions, tasks; /* of people who are signed in; that may be worked now */
    struct instant cycle_at; /* the last that queued something; .us 0: none did */
    size_t state_count;
    struct pulse_state {
        const char *state;
        int64_t count;
    } outbox[PULSE_STATES]; /* how many messages are in each state */
};

/* Within view_begin … view_end. Reads every message once: not for each request. */
bool pulse_read(struct view *v, struct pulse *out, struct fault *why);

/* The database answers, and its schema is the one this program knows: DB_VERSION else. */
bool pulse_beats(struct view *v, struct fault *why);

#endif

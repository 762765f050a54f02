/*
 * Webhook send: what waits is drawn from the journal and sent, a round at a time, by the server
 * in the background or by `recoup webhook send`. Several may run at once: each delivery is taken
 * by one of them for a minute; whoever is killed meanwhile has only counted an attempt.
 *
 * A webhook that does not answer is left alone until the next round, so that it keeps nobody else
 * waiting for longer than one attempt takes.
 */
#ifndef FLOW_WEBHOOK_SEND_H
#define FLOW_WEBHOOK_SEND_H

#include "flow/webhook.h"

struct webhook_sender;

struct webhook_round {
    int64_t drawn, sent, refused, given_up; /* given_up: webhooks that are failing now */
    bool more;                              /* further ones are due */
};

/* `ca_file` may be NULL; a true *stop ends a round early (NULL: nothing does). */
struct webhook_sender *webhook_sender_open(const char *url, const char *ca_file, const bool *stop,
                                           struct fault *why);
void webhook_sender_close(struct webhook_sender *sender);
bool webhook_sender_round(struct webhook_sender *sender, struct instant now,
                          struct webhook_round *out, struct fault *why);

/*
 * One message of the type "ping", signed as any other, to see whether it arrives: nothing of the
 * book is in it, nothing is kept of it, and it is not tried again. NOT_FOUND. Takes up to ten
 * seconds.
 */
struct webhook_trial {
    bool taken;
    int status; /* 0: no answer came */
    int64_t took_ms;
    const char *why; /* it was not taken; NULL: it was */
};
struct webhook_ping {
    int64_t number;
    struct instant now;
    const char *ca_file; /* may be NULL */
};
bool webhook_try(struct store *s, struct arena *a, const struct webhook_ping *ping,
                 struct webhook_trial *out, struct fault *why);

/* Seconds from one attempt to the next; 0 after the last. */
int64_t webhook_wait(int64_t attempt);

#endif

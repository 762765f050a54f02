/*
 * Webhook: programs elsewhere that are told what happened here (table webhook).
 *
 * The journal is the list of what there is to tell: for each webhook and bucket stands up to which
 * record it was told (webhook_place), and moving that on and writing down the deliveries is one
 * transaction. So whatever ends the program, each record becomes one delivery of each webhook that
 * wants its kind. A delivery is tried until it is taken: at least once. Its id follows from the
 * record ("evt_12.345") and stays the same from attempt to attempt, so that whoever is told twice
 * can know. The order is not kept.
 *
 * What is sent is signed as "Standard Webhooks" (version 1, standardwebhooks.com) has it: headers
 * webhook-id, webhook-timestamp (seconds) and webhook-signature, "v1," and the base64 of
 * HMAC-SHA-256 over "ID.TIMESTAMP.BODY" by the secret, whose text is "whsec_" and base64. It is
 * shown once, when the webhook is made; kept is only what the key of the house sealed.
 *
 * The body names the kind of the record, its number, its account and what changed, and nothing of
 * a person; a webhook that asks for `records` is sent the whole record, too.
 *
 * Retries wait longer and longer, about three days in all. Then the webhook is failing: nothing is
 * sent to it until somebody switches it on again, and nothing that happens meanwhile is lost.
 */
#ifndef FLOW_WEBHOOK_H
#define FLOW_WEBHOOK_H

#include "base/secret.h"
#include "flow/book.h"

enum {
    WEBHOOK_EVENTS_MOST = 500,
    WEBHOOK_KEY = 32,
    WEBHOOK_SECRET_TEXT = 6 + BASE64_TEXT(WEBHOOK_KEY),
    WEBHOOKS_MOST = 50,
    WEBHOOK_KEPT_DAYS = 30, /* deliveries that were taken */
    WEBHOOK_ATTEMPTS = 13
};

struct webhook {
    int64_t number;
    const char *url, *events; /* kinds of records with blanks between; "*": all of accounts */
    bool records;
    const char *state, *fault; /* active, failing, off; fault: why it is failing, or NULL */
    int64_t staff; /* number of who made it; 0: at the command line */
    struct instant made_at, state_at;
    unsigned char key[WEBHOOK_KEY];
};

struct webhook_input {
    const char *url, *events;
    bool records;
    int64_t staff;
};
/* BAD_VALUE for an address that cannot be, or kinds that are none. */
bool webhook_add(struct book *b, const struct webhook_input *in, int64_t *number,
                 char secret[WEBHOOK_SECRET_TEXT], struct fault *why);
bool webhook_drop(struct book *b, int64_t number, struct fault *why);
/* On: what waits, and what was given up, is tried anew. CONFLICT when it is so already. */
bool webhook_switch(struct book *b, int64_t number, bool on, struct fault *why);
/* It is given up: failing, with why. Not journalled by a person. */
bool webhook_fail(struct book *b, int64_t number, const char *fault, struct fault *why);

bool webhook_load(struct store *s, struct arena *a, int64_t number, struct webhook *out,
                  struct fault *why);
bool webhook_list(struct store *s, struct arena *a, struct webhook **out, size_t *count,
                  struct fault *why);
/* Whether it is told of a record of this kind; `account`: the record concerns one. */
bool webhook_wants(const struct webhook *w, const char *kind, bool account);
/* Kinds that may be named, those of an area side by side; NULL after the last. */
struct webhook_event {
    const char *name, *area, *words; /* what it tells, as a sentence */
};
const struct webhook_event *webhook_event(size_t place);
/* They may go to addresses that are not public: the setting webhook_private. */
bool webhook_private(struct store *s, struct arena *a, bool *allowed, struct fault *why);

struct webhook_delivery {
    int64_t bucket, webhook, seq, attempt, status, took_ms;
    const char *id; /* "12.3.345": bucket, webhook, record */
    const char *event, *state, *answer, *kind; /* event: "evt_12.345"; answer may be NULL */
    struct instant made_at, next_at, tried_at; /* tried_at.us 0: never */
};
/* The latest first. */
bool webhook_deliveries(struct store *s, struct arena *a, size_t most,
                        struct webhook_delivery **out, size_t *count, struct fault *why);
/* It is sent once more, whatever became of it. NOT_FOUND; CONFLICT when its webhook is off. */
bool webhook_replay(struct book *b, const char *id, struct fault *why);

#endif

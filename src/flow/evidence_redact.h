/*
 * Evidence redact: words that say who somebody is, or that somebody wrote freely, as tokens.
 *
 * A token is the same for the same words wherever they stand, in every pack of this house, so
 * that "the same person" can still be seen; it is made with the key of the house, so that
 * nobody else can try names against it. What is kept of JSON is decided by the names of its
 * fields: only those that are listed as harmless stay, so that a field that is new is a token
 * until somebody has thought about it.
 *
 * Private to src/flow/evidence_*.c.
 */
#ifndef FLOW_EVIDENCE_REDACT_H
#define FLOW_EVIDENCE_REDACT_H

#include "base/secret.h"
#include "store/store.h"

struct json_t;

struct redactor {
    bool on;
    char key[DIGEST_HEX];
};

bool redactor_begin(struct redactor *r, struct store *s, struct arena *a, bool on,
                    struct fault *why);

/* `what` says what it was: "name", "address", "text". NULL and "" stay; all stays when it is
 * off. */
const char *redact(const struct redactor *r, struct arena *a, const char *what,
                   const char *text);

/* JSON text with its harmless fields; *changed: something was replaced. */
const char *redact_json(const struct redactor *r, struct arena *a, const char *json,
                        bool *changed);

#endif

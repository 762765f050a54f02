/*
 * Outbox: what was decided to be said: the one way in, as lists, and the one thing that a
 * person may change.
 *
 * Whoever wants to reach somebody (the cycle, an agent, an answer, a debit) asks gate_judge and
 * comes here with its verdict; there is no other statement that puts a message in, and no other
 * function that says it (docs/decisions/0008-one-gate.md, tests/one_gate_test.py).
 *
 * A message is named by "bucket.casefile.number", as the list prints it.
 */
#ifndef FLOW_OUTBOX_H
#define FLOW_OUTBOX_H

#include "domain/money.h"
#include "flow/book.h"
#include "flow/table.h"
#include "flow/verdict_record.h"
#include "store/casefiles.h"

struct outbox_message {
    struct casefile_key key;
    int32_t number;   /* of the case file, new    */
    int64_t decision; /* its place in the journal */
    enum channel channel;
    int32_t party;
    const char *address, *template, *step;
    const char *purpose;  /* NULL: collection         */
    const char *debts; /* debt_set_print           */
    struct money open;
    struct instant decided_at, not_before, expires_at;
    const char *subject, *words; /* of a person's own; NULL: the template says it all */
};

/*
 * Puts a message in, inside a transaction. The verdict must allow, and answer a question about
 * this very contact: its channel, person and address, at the moment from which it may be sent.
 */
bool outbox_add(struct store *s, const struct outbox_message *message,
                const struct judged *judged, struct fault *why);

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

/* A person stops it, in a session of theirs: CONFLICT when it has left. The case file is looked at
 * again. */
bool outbox_stop(struct book *b, struct casefile_key key, int32_t number, const char *reason,
                 struct fault *why);

/* What its name says; BAD_VALUE when it is none. Whether there is one nobody looked. */
bool outbox_named(const char *name, struct casefile_key *key, int64_t *number,
                  struct fault *why);
/* Settles a message of which nobody knows whether it went out: as sent, or back to ready. */
bool outbox_settle(const char *url, struct instant now, const char *message, bool was_sent,
                   struct fault *why);
/* The same in a session. */
bool outbox_settle_in(struct book *b, const char *message, bool was_sent, struct fault *why);

#endif

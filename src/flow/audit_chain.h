/*
 * Audit chain: does the journal still say what it said when it was written?
 *
 * Each bucket's records are a chain of hashes (store/journal.h). Checking makes every hash anew
 * from the row and the hash before it, and compares the head. A question beside a record is
 * checked by its digest in the record. What is found is never repaired: a record that does not
 * fit is evidence, and so is all around it.
 *
 * How far each chain was checked is kept (table chain_check), so that a page can say so, and can
 * check in bounded time: what is new since then, up to a budget, every head, and a random sample
 * of the rest. recoup audit verify reads all.
 *
 * Whoever can write the whole database can write a new chain to its end. Against that there are
 * anchors: the heads of one moment, kept somewhere else, which later chains must contain.
 */
#ifndef FLOW_AUDIT_CHAIN_H
#define FLOW_AUDIT_CHAIN_H

#include "base/digest.h"
#include "flow/book.h"

enum { CHAIN_FINDINGS_MOST = 100 };

struct chain_finding {
    int64_t bucket, seq; /* of the record; seq 0: the head row */
    const char *problem; /* "does not match its hash" */
    const char *expected, *found;
    struct instant at; /* of the record; .us 0: not known */
};

struct chain_request {
    bool all;           /* else: what is new, heads, and a sample */
    int64_t new_most;   /* records since the last check, over all buckets */
    int64_t sample_most;
    uint64_t seed;      /* of the sample */
    void (*progress)(void *context, int64_t done, int64_t total);
    void *context;
};

struct chain_result {
    int64_t records, checked, sampled, buckets; /* checked: of them the sampled ones, too */
    int64_t heads;     /* compared */
    int64_t left;      /* new records that the budget did not reach */
    int64_t questions; /* compared with their digests */
    int64_t back;      /* records older than the one before them */
    struct digest head; /* of all heads together: names the state of the whole journal */
    size_t finding_count, room;
    int64_t problems; /* all of them, listed or not */
    struct chain_finding *findings;
    struct chain_mark {
        bool known;
        int64_t seq, broken;
        struct digest hash;
    } marks[BUCKETS]; /* what is to be kept of each bucket */
};

/* Reads only, in the snapshot of the caller. Texts in the arena. */
bool chain_verify(struct store *s, struct arena *a, const struct chain_request *request,
                  struct chain_result *out, struct fault *why);

/* Keeps how far it was checked, and writes into the journal that it was, and what came of it. */
bool chain_keep(struct book *b, const struct chain_result *result, bool all, struct fault *why);

/* ---- How it stands ---- */

struct chain_state {
    int64_t records, verified; /* verified: up to the last check of each bucket */
    struct instant first_at, last_at; /* oldest and newest of these checks; .us 0: none yet */
    int64_t broken_bucket, broken_seq; /* the first; broken_seq 0: none */
    int64_t broken;                    /* buckets */
};
bool chain_stands(struct store *s, struct chain_state *out, struct fault *why);

/* ---- Anchors ---- */

/* The heads of now as JSON: {"at","head","heads":[{"bucket","seq","hash"}…]}. */
bool chain_anchor(struct store *s, struct instant now, struct text *out, struct fault *why);
/* Every head of the anchor must be a record of the chain; what is not is added to the findings. */
bool chain_anchor_check(struct store *s, struct arena *a, const char *anchor,
                        struct chain_result *out, struct fault *why);

#endif

/*
 * Journal: everything that happened, one chain of hashes per bucket.
 *
 * body(n) = BLAKE2b-256 over: bucket, seq, casefile id, time, kind, record
 * hash(n) = BLAKE2b-256 over: hash(n-1), body(n)
 *
 * (each piece with its length before it, base/digest.h). In two steps, so that whoever is shown
 * some records of a bucket, and of the others only their bodies' digests, can check the whole
 * chain and learns nothing of the others (flow/evidence_pack.h).
 *
 * The head row of a bucket is read, and on PostgreSQL locked, when the bucket is first written to
 * in a transaction; so there is one writer to a bucket, seq has no gaps, and its order is the
 * order of commits. heads_close must come before store_commit.
 */
#ifndef STORE_JOURNAL_H
#define STORE_JOURNAL_H

#include "base/digest.h"
#include "domain/casefile.h"
#include "store/store.h"

struct head {
    bool open, changed;
    int64_t seq;
    struct digest hash;
};

struct heads {
    struct store *store;
    struct head buckets[BUCKETS];
};

struct heads *heads_new(struct store *s);
void heads_free(struct heads *heads);
/* Forgets what was read; after store_undo, or before the next transaction. */
void heads_reset(struct heads *heads);

/* Takes the bucket for this transaction. Also done by the first journal_add. */
bool head_open(struct heads *heads, int64_t bucket, struct fault *why);

/*
 * Adds one record; *seq (may be NULL) is its place. `question` is what a verdict in the record
 * answers, whose digest the record holds; NULL without a verdict. The hash covers the record.
 */
bool journal_add_verdict(struct heads *heads, struct casefile_key key, struct instant at,
                         const char *kind, const char *record, const char *question,
                         int64_t *seq, struct fault *why);
bool journal_add(struct heads *heads, struct casefile_key key, struct instant at,
                 const char *kind, const char *record, int64_t *seq, struct fault *why);

/* Writes the heads that changed. */
bool heads_close(struct heads *heads, struct fault *why);

struct digest journal_body(int64_t bucket, int64_t seq, int64_t casefile, int64_t at,
                           const char *kind, const char *record);
struct digest journal_hash(struct digest before, struct digest body);

#endif

/*
 * Fold: brings the kept figures up to what the book says (domain/figure.h).
 *
 * Nobody who writes to the book does anything for it: the journal says which case files
 * changed, and table figure_due which changed without a record. Folding takes each of them,
 * compares what figures count of it now with what they counted before (table track), and writes
 * the difference, all in one transaction with the place in the journal up to which that is
 * done. Killed in between, nothing of it happened; done twice, the second finds nothing.
 *
 * One folds at a time (it waits for the others); who writes is held up for a batch, a quarter
 * of a second, as by the cycle. A new book, one whose zone changed, or figures made by another
 * version of the program are made from the beginning: tracks first, in batches, then all sums,
 * in slices of the book, so that a large one needs no more memory than a small one
 * (store/figure_slices.h).
 */
#ifndef FLOW_FOLD_H
#define FLOW_FOLD_H

#include "domain/casefile.h"
#include "store/store.h"

struct fold;

/* Writes to the book at `url`; its own connection, for one thread. */
struct fold *fold_open(const char *url, struct fault *why);
void fold_close(struct fold *f); /* may be NULL */
/* So many sums are held at once when they are made from the beginning: for tests. */
void fold_hold(struct fold *f, size_t sums);

struct fold_result {
    int64_t casefiles; /* looked at */
    int64_t changed;   /* of them, those that now count otherwise */
    bool done;         /* nothing was left waiting */
};

/* Until nothing waits, or until about `most_ms` milliseconds have passed (below 0: however long
 * it takes). At least one bucket is done. `now` is the moment as of which figures then are. */
bool fold_run(struct fold *f, struct instant now, int64_t most_ms, struct fold_result *out,
              struct fault *why);
/* All that waits, on a connection of its own. */
bool fold_now(const char *url, struct instant now, struct fault *why);

/* Something of the case file changed that figures count, and no record of the journal says so.
 * In the transaction in which it does. */
bool fold_due(struct store *s, struct casefile_key key, struct fault *why);

/* How the figures stand: read only. */
struct fold_state {
    bool kept;         /* there are any */
    bool behind;       /* something waits to be folded */
    struct instant at; /* as of when, if they are behind; us 0: never */
};
bool fold_state(struct store *s, struct fold_state *out, struct fault *why);

#endif

/* Cycle parts: what the files of the cycle share. Private to src/flow/cycle*.c. */
#ifndef FLOW_CYCLE_PARTS_H
#define FLOW_CYCLE_PARTS_H

#include "flow/book.h"
#include "flow/cycle.h"

/* Why an instalment is not debited now, and when to look again. */
struct debit_standing {
    const char *reason, *rule; /* NULL: nothing stands against it */
    struct instant until;
    const char *before; /* what the last run said */
};

/* What came for a plan since it was made. */
struct plan_paid {
    int32_t plan;
    int64_t minor;
};

struct run {
    const struct cycle_request *request;
    struct cycle_result *result;
    struct book book;
    struct arena *arena; /* of the bucket in hand */
    const struct policy *policy;
    struct day today;
    bool full; /* every case file is looked at */
    struct text face; /* scratch for packing */
    struct text question; /* scratch for what a verdict answers */
    size_t paid_count;    /* plans of the case file in hand */
    struct plan_paid *paid;
    struct debit_standing debit; /* of the case file in hand */
    /* Of the case file in hand something happened that may be work for people, or end some. */
    bool work_begins, work_ends;
    struct fault *why;
};

/*
 * Brings promises, plans and offers up to the day (cycle_settle.c). What follows for the money is
 * written into the book; then *c is the case file read again.
 */
bool settle_agreements(struct run *r, struct casefile **c);

/*
 * Announces and asks for the debits of plans with autopay (cycle_debit.c), after settling. When
 * something was done *c is the case file read again. Leaves in r->debit why something was not.
 */
bool run_debits(struct run *r, struct casefile **c);

#endif

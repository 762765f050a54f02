/* Cycle parts: what the files of the cycle share. Private to src/flow/cycle*.c. */
#ifndef FLOW_CYCLE_PARTS_H
#define FLOW_CYCLE_PARTS_H

#include "flow/book.h"
#include "flow/cycle.h"

struct run {
    const struct cycle_request *request;
    struct cycle_result *result;
    struct book book;
    struct arena *arena; /* of the bucket in hand */
    const struct policy *policy;
    struct day today;
    struct text face; /* scratch for packing */
    struct text question; /* scratch for what a verdict answers */
    struct fault *why;
};

/*
 * Brings promises, plans and offers up to the day (cycle_settle.c). What follows for the money is
 * written into the book; then *c is the case file read again.
 */
bool settle_agreements(struct run *r, struct casefile **c);

#endif

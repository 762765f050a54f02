/*
 * Cycle: brings every case file that has something due up to date, and fills the outbox.
 *
 * Work is found by the wake index; a full run looks at every case file and comes to the same
 * result. A bucket is the unit of work: its case files are read with one statement per table,
 * decided one by one (domain/decide.h), and written in one transaction together with as many
 * other buckets as `buckets_at_once` says. Killed anywhere, the next run goes on: what was
 * committed is not due any more, what was not never happened.
 */
#ifndef FLOW_CYCLE_H
#define FLOW_CYCLE_H

#include "domain/decide.h"
#include "flow/policy.h"

#include <stdio.h>

struct cycle_request {
    const char *url;
    struct instant now;
    bool full;           /* look at every case file, not only at those that are to be woken */
    bool dry_run;        /* decide and count, write nothing */
    int buckets_at_once; /* 0: what suits the database */
    struct loaded_policy *policy; /* for the zone of the book, loaded for a day no later than
                                   * that of now; NULL: it is loaded here */
    /* Called now and then; may be NULL. */
    void (*progress)(void *context, int64_t done, int64_t total);
    void *context;
};

struct cycle_result {
    int64_t casefiles;                 /* looked at                                       */
    int64_t due;                       /* with a step due                                 */
    int64_t actions;                   /* proposals put to the gate                       */
    int64_t allowed, deferred, denied; /* of them: queued, only later, not at all         */
    int64_t queued_ahead;              /* of the allowed: for a later moment of the day   */
    int64_t accrued;                   /* case files whose books changed by time alone    */
    int64_t promises_settled, ladders_ended;
    int64_t standings[STANDING_COUNT]; /* where the case files looked at stand now        */
    double seconds;
};

bool cycle_run(const struct cycle_request *request, struct cycle_result *result,
               struct fault *why);

/* The contract of `recoup run --json`. */
void cycle_print_json(const struct cycle_result *result, FILE *out);

#endif

/*
 * Strategy diff: what another strategy would do with the book as it is.
 *
 * Every case file is decided twice at one moment, with the old strategy and with the new one
 * in its place among the others, under the rules in force. Nothing is written. Case files are
 * read bucket by bucket in one snapshot: memory is bounded by the largest bucket.
 *
 * Promises whose day has passed and that no cycle has settled yet still hold back, in both.
 */
#ifndef FLOW_STRATEGY_DIFF_H
#define FLOW_STRATEGY_DIFF_H

#include "domain/strategy.h"

struct strategy_diff_request {
    const char *url;
    const struct strategy *old_one, *new_one; /* old_one's namesake in the program gives way */
    struct instant now;
    size_t samples; /* references to list for each kind of difference */
};

/* Case files that come from one next step to another. */
struct strategy_move {
    const char *from,
        *to; /* "final_notice", "final_notice (later)", or a standing: "waiting" */
    int64_t count;
    size_t sample_count;
    const char **samples; /* the first in the order of buckets */
};

struct strategy_moves {
    int64_t casefiles; /* looked at                                          */
    int64_t touched;   /* of them: old or new strategy is theirs             */
    int64_t different; /* of them: another next step, channel or segment     */
    size_t count;
    struct strategy_move *all; /* of those with another next step; most frequent first */
    int64_t resegmented;       /* same next step, another segment or channel */
};

/* The answer lives in the arena. */
bool strategy_diff(const struct strategy_diff_request *request, struct arena *a,
                   struct strategy_moves *out, struct fault *why);

#endif

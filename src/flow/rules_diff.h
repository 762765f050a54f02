/*
 * Rules diff: which stored verdicts of the book would be others under changed rules.
 *
 * Every verdict is given twice, from its stored question: by the rules of its day with the old
 * packs laid over them, and with the new ones in their place. A pack takes the place of its
 * namesake; one without a namesake joins; an old one that is not among the new is left out.
 * Packs are chosen again, by place, role and kind of debt. Nothing is written. Records are read
 * page by page in one snapshot: memory is bounded by what differs.
 */
#ifndef FLOW_RULES_DIFF_H
#define FLOW_RULES_DIFF_H

#include "formats/rulepack.h"

/* The packs of a file, or of every .yaml below a folder (below its folder rules, if it has
 * one), in byte order of their paths. NOT_FOUND, BAD_PACK with its place. */
bool rules_diff_load(struct arena *a, const char *path, struct rulebook *out,
                     struct fault *why);

struct rules_diff_request {
    const char *url;
    const struct rulebook *olds; /* NULL: the rules as they are stored */
    const struct rulebook *news;
};

/* A verdict that would be another. */
struct verdict_change {
    int64_t bucket, seq; /* D-bucket.seq */
    const char *account, *kind;
    struct instant at; /* of the contact */
    enum channel channel;
    enum ruling before, after;
    struct instant before_until, after_until; /* with RULING_DEFER */
    /* Rules that blocked in one and do not, or otherwise, in the other; "a, b"; "" for none.
     * With the same ruling these may say all there is to say. */
    const char *before_rules, *after_rules;
};

struct verdict_changes {
    int64_t verdicts;   /* stored in the book                                      */
    int64_t asked;      /* of them: a pack that differs is asked                   */
    int64_t unreadable; /* of them: question or rules are missing or were changed  */
    int64_t moved;      /* of those that differ: another ruling, or another moment */
    size_t count;
    struct verdict_change *all; /* in the order of buckets and records */
};

/* The answer lives in the arena. */
bool rules_diff(const struct rules_diff_request *request, struct arena *a,
                struct verdict_changes *out, struct fault *why);

#endif

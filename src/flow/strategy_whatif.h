/*
 * Strategy what-if: whom a draft would touch, beside what is live. Nothing is written.
 *
 * Every case file that the reader sees is decided today, as the cycle decides it, and then day
 * by day at the same hour, with what each decision did carried along in memory: once with the
 * live strategy in its place among the others, once with the draft. Nobody pays, answers or
 * disputes meanwhile, so promises break when their day is over; plans go on, and no charge
 * grows. What people do in these days nobody knows.
 *
 * Case files are read bucket by bucket in the snapshot of the caller; memory is bounded by the
 * largest. Of a book with more than `most` case files every so many'th bucket is looked at,
 * which is a sample by chance: buckets are hashes.
 */
#ifndef FLOW_STRATEGY_WHATIF_H
#define FLOW_STRATEGY_WHATIF_H

#include "flow/policy.h"
#include "store/store.h"

enum { WHATIF_DAYS = 14, WHATIF_EXAMPLES = 10, WHATIF_MOST = 20000 };

struct whatif_request {
    struct store *store; /* in a snapshot */
    const struct policy *policy;
    const struct strategy *live;  /* NULL: there is none of this name yet */
    const struct strategy *draft; /* NULL: only the live one, today */
    struct instant now;
    int64_t most;                /* case files to look at; 0: WHATIF_MOST */
    const char *clients, *desks; /* what the reader may see; NULL: all */
};

/* One case file, and what it gets under each. */
struct whatif_example {
    const char *reference, *name;
    const char *live, *draft;          /* "past_due by email"; NULL: nothing */
    int live_contacts, draft_contacts; /* in all the days */
};

struct whatif_group {
    int64_t count;
    size_t shown;
    struct whatif_example examples[WHATIF_EXAMPLES];
};

/* Case files that a rule, or something else by name, keeps from a step that is due. */
struct whatif_stop {
    const char *rule;   /* id; NULL: no rule does */
    const char *reason; /* the standing, where no rule does */
    int64_t count[2];
};

/* [0] is the live one, [1] the draft. */
struct whatif_side {
    int64_t today;   /* case files that get a message or a call today */
    int64_t stopped; /* that have a step due today which is not allowed, or not yet */
    int64_t reached; /* case files with at least one in all these days */
    int64_t contacts[WHATIF_DAYS + 1]; /* by day, 0: today */
    int64_t by_channel[CHANNEL_COUNT]; /* of all these days */
};

struct whatif {
    int64_t casefiles; /* in the book */
    int64_t looked;    /* at, that the reader sees */
    int64_t touched;   /* of them: either is theirs */
    bool sampled;
    struct whatif_side side[2];
    /* Today: one gets a contact and had none, or the other way round, or another one. */
    struct whatif_group gains, loses, other;
    /* Over all the days: more contacts, fewer, as many. */
    struct whatif_group more, fewer;
    int64_t same;
    size_t stop_count;
    struct whatif_stop *stops; /* over all the days, each case file once; most frequent first */
};

bool whatif_run(const struct whatif_request *request, struct arena *a, struct whatif *out,
                struct fault *why);

/* How many case files there are, and that every so many'th bucket is to be looked at. */
bool whatif_stride(const struct whatif_request *r, int64_t *casefiles, int64_t *stride,
                   struct fault *why);
struct casefile;
struct decision;
/* A step is due, and not allowed, or not yet. */
bool whatif_stopped(const struct decision *d);
bool whatif_sees(const struct whatif_request *r, const struct casefile *c, bool *seen,
                 struct fault *why);

/* ---- Who reaches each step of the live strategy today ---- */

struct step_reach {
    const char *ladder, *step;
    int64_t taken;   /* case files that the cycle took it for today */
    int64_t coming;  /* that would take it now, were the cycle to run */
    int64_t stopped; /* for which it is due and not allowed, or not yet */
    size_t shown;
    struct whatif_example examples[WHATIF_EXAMPLES];
};

struct strategy_reach {
    bool sampled; /* of what is still coming */
    int64_t looked, casefiles;
    size_t count;
    struct step_reach *all; /* every step of every ladder, in their order */
    size_t tally_count;
    struct segment_tally *tallies; /* what the last cycle said of each segment */
};

/* Only case files are decided that the cycle looks at until the end of today. */
bool strategy_reach(const struct whatif_request *request, struct arena *a,
                    struct strategy_reach *out, struct fault *why);
/*
 * The same of the draft of the request, were it live now: what was taken today under its name,
 * and what each case file would get, of which of a large book a sample is looked at.
 */
bool strategy_draft_reach(const struct whatif_request *request, struct arena *a,
                          struct strategy_reach *out, struct fault *why);

#endif

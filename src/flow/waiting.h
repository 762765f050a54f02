/*
 * Waiting: what waits on one person, for the bell of the console. Everything here stands on a
 * list of its own; this only counts, up to WAITING_MOST of each, which then means "or more".
 *
 * Kept cheap, because every page asks: each count reads an index and ends early.
 */
#ifndef FLOW_WAITING_H
#define FLOW_WAITING_H

#include "flow/approval.h"
#include "flow/task_list.h"

enum { WAITING_MOST = 100, WAITING_DRAWS = 20 };

struct waiting {
    int64_t replies, work; /* tasks that are theirs: replies, and all else that waits on us */
    int64_t approvals;     /* that they may decide, and did not ask for */
    int64_t reviews;       /* records of the last WAITING_DRAWS draws */
    int64_t webhooks, messages; /* failing; of which nobody knows whether they left */
};

/*
 * `mine`: what they may see, as for their queue. Of what they have no right to nothing is
 * counted; who sees some clients only is not told of what concerns the whole house.
 */
bool waiting_count(struct store *s, struct arena *a, const struct approver *by,
                   const struct task_filter *mine, struct waiting *out, struct fault *why);

#endif

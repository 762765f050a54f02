/*
 * Policy variant: a policy with one strategy exchanged, or added. Rules and texts are those of
 * the policy that it was made from, which outlives it. Private to src/flow.
 */
#ifndef FLOW_POLICY_VARIANT_H
#define FLOW_POLICY_VARIANT_H

#include "flow/policy.h"

struct policy_variant {
    struct policy policy; /* first: packs_for gets a pointer to it */
    const struct policy *base;
};

/* `strategy` in the place of that called `name`, where its order puts it; NULL: without it. */
struct policy_variant policy_variant_of(struct arena *a, const struct policy *base,
                                        const char *name, const struct strategy *strategy);

#endif

/*
 * Fence: by which facts strategies may not choose between people. The gate says it, asked with
 * the purpose "segmentation" (rules/us/ecoa.yaml); who loads or checks strategies asks here.
 */
#ifndef FLOW_FENCE_H
#define FLOW_FENCE_H

#include "domain/strategy.h"
#include "formats/rulepack.h"

/* False with BAD_PACK, the place of the strategy, the fact and the law when one does. */
bool fence_check(const struct rulebook *book, const struct strategies *strategies,
                 struct instant now, struct fault *why);

#endif

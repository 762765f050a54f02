/* Approvals of offers (flow/offer.h), which stand in their case files. Private to src/flow. */
#ifndef FLOW_APPROVAL_OFFER_H
#define FLOW_APPROVAL_OFFER_H

#include "flow/approval.h"

/* Adds those that wait, and `by` may see. */
bool approval_offer_items(struct store *s, struct arena *a, const struct zone *zone,
                          struct instant now, const struct approver *by,
                          struct approval_item **out, size_t *count, size_t *room,
                          struct fault *why);

/* How many of them `by` may decide, of the oldest `most`, added to *out. */
bool approval_offer_count(struct store *s, const struct approver *by, int64_t most, int64_t *out,
                          struct fault *why);

/* `id` is "offer-CASEFILE-NUMBER"; anything else is NOT_FOUND. */
bool approval_offer_answer(struct book *b, const char *id, const struct approver *by,
                           bool agrees, const char *answer, const char **done,
                           struct fault *why);
bool approval_offer_withdraw(struct book *b, const char *id, const struct approver *by,
                             struct fault *why);

#endif

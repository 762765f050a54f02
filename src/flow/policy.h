/*
 * Policy: strategies, rule packs and what letters hold, loaded once and shared by everything that decides.
 */
#ifndef FLOW_POLICY_H
#define FLOW_POLICY_H

#include "domain/decide.h"
#include "formats/letter_content.h"

struct loaded_policy; /* keeps the arena of the packs */

/* Refuses the whole when one pack or strategy is refused (BAD_PACK with its place). */
struct loaded_policy *policy_load(const struct zone *zone, struct instant now,
                                  struct fault *why);
/* What the gate is told of a text: what it says, and the days that it gives to pay. */
void message_content_of(struct arena *a, const struct letter_text *text, enum channel channel,
                        const struct letter_content *read, struct message_content *out);
/* The last payments file is older than the house allows: demands wait (cycle, worker). */
void policy_feed_is_old(struct loaded_policy *loaded, bool old);
const struct policy *policy_of(const struct loaded_policy *loaded);
void policy_free(struct loaded_policy *loaded);

#endif

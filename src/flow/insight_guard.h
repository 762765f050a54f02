/*
 * Insight guard: how people are treated, beside the limits that the house gave itself
 * (insights/house.yaml).
 */
#ifndef FLOW_INSIGHT_GUARD_H
#define FLOW_INSIGHT_GUARD_H

#include "flow/insight.h"
#include "formats/insights.h"

struct book;

/* Those that have a limit, in the order in which they are shown. */
enum { GUARDS = 6 };
extern const enum insight insight_guards[GUARDS];

/* Of enough things to say something of it. */
bool guard_is_judged(const struct measured *is);
bool guard_is_over(const struct insight_words *words, const struct measured *is);

/* The limits that are passed, over the last 30 days and all accounts of a strategy, "Opt-outs:
 * 340.0, the limit is 300.0; …"; NULL: none is, or nothing was counted of it. */
bool guards_over(struct book *b, const char *strategy, const char **out, struct fault *why);

#endif

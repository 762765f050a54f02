/* Insight words: how values are said in one line. Plain text; pages escape it. */
#ifndef FLOW_INSIGHT_WORDS_H
#define FLOW_INSIGHT_WORDS_H

#include "flow/insight.h"

/* "31.8" of tenths; "−0.4". */
const char *insight_tenths(struct arena *a, int64_t tenths);
/* "$1,284.56", "31.8%", "41.6 days", "3.1"; "12 of 24" when they are too few for a percentage;
 * "n/a" when it is not known. */
const char *insight_said(const struct insight_frame *f, const struct measured *m);
/* How it moved: "6.1%", "1.2 pts", "2.3 days"; NULL when nobody can say, or it did not. *up: it
 * became more. */
const char *insight_moved(const struct insight_frame *f, const struct measured *now,
                          const struct measured *before, bool *up);
/* "Already paid" of a reason as it is stored. */
const char *insight_reason(struct arena *a, const char *reason);
/* "Oct 2026" of a month number; "Jul to Sep 2026" of two. */
const char *insight_month(struct arena *a, int32_t month);
const char *insight_months(struct arena *a, int32_t first, int32_t last);
const char *insight_count(struct arena *a, int64_t count); /* "1,204" */

#endif

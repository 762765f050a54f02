/*
 * Insight sheets: every insight as tables, for reports, for files taken away, and beside
 * charts. The last table is the one of the picture; those before it are its value and what it
 * divides by.
 */
#ifndef FLOW_INSIGHT_SHEET_H
#define FLOW_INSIGHT_SHEET_H

#include "flow/insight.h"
#include "formats/insights.h"

/* `by`: the dimension that comes last instead; NULL: the picture. BAD_VALUE when the insight is
 * not divided by that. */
bool insight_sheet(const struct insight_frame *f, const struct insight_book *words,
                   enum insight insight, const char *by, struct sheet *out, struct fault *why);

/* The table of its picture alone, or of its trend. */
bool insight_picture_sheet(const struct insight_frame *f, const struct insight_book *words,
                           enum insight insight, struct sheet *out, struct fault *why);
/* Every insight that has one figure: the figure, the period before, target and limit. */
bool insight_summary_sheet(const struct insight_frame *f, const struct insight_book *words,
                           struct sheet *out, struct fault *why);

/* One row for each client: what they placed, what came of it, what their records caused. */
bool insight_clients_sheet(const struct insight_frame *f, struct sheet *out, struct fault *why);

/* How it is counted, as lines for people. */
void insight_definition(const struct insight_words *w, const char *name, FILE *out);

#endif

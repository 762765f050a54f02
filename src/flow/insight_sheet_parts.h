/* Insight sheet parts: private to src/flow/insight_sheet*.c. */
#ifndef FLOW_INSIGHT_SHEET_PARTS_H
#define FLOW_INSIGHT_SHEET_PARTS_H

#include "flow/insight_sheet.h"

struct sheeting {
    const struct insight_frame *f;
    const struct insight_book *words;
    struct sheet *sheet;
    struct fault *why;
};

/* A share in percent; none where the whole is 0, or of too few things. */
void cell_percent(struct table *t, int64_t part, int64_t whole, int64_t things);
void cell_value(struct table *t, const struct measured *m);
void cell_day(struct table *t, struct day day);
void cell_money(struct table *t, const struct insight_frame *f, int64_t minor);

/* The table of the picture of an insight; *made: there is one beside the trend. */
bool sheet_picture(struct sheeting *s, enum insight insight, bool *made);

#endif

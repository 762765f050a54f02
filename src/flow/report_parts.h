/* Report parts: what the reports share. Private to src/flow/report*.c and ageing.c. */
#ifndef FLOW_REPORT_PARTS_H
#define FLOW_REPORT_PARTS_H

#include "flow/table.h"
#include "store/figures.h"

struct report_frame {
    struct instant now;
    const struct zone *zone;
    struct day today, from, to;    /* the period; both days included  */
    struct instant from_at, to_at; /* the same in moments, [from, to) */
    bool by_day;
};

bool ageing_fill(struct store *s, const struct report_frame *f, struct sheet *sheet,
                 struct fault *why);

/* Adds the bucket's items to the receivables. */
bool receivables_read(struct store *s, int64_t bucket, struct receivables *r,
                      struct fault *why);

#endif

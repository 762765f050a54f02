/* Report parts: what the reports share. Private to src/flow/report*.c. */
#ifndef FLOW_REPORT_PARTS_H
#define FLOW_REPORT_PARTS_H

#include "flow/table.h"
#include "store/figures.h"

struct report_frame {
    const struct zone *zone;
    struct figures_period period;
    struct figures_buckets buckets;
    bool period_given;
    bool by_day;
};

bool ageing_fill(struct store *s, const struct report_frame *f, struct sheet *sheet,
                 struct fault *why);
bool kpi_fill(struct store *s, const struct report_frame *f, struct sheet *sheet,
              struct fault *why);
bool dso_fill(struct store *s, const struct report_frame *f, struct sheet *sheet,
              struct fault *why);
bool activity_fill(struct store *s, const struct report_frame *f, struct sheet *sheet,
                   struct fault *why);

/* Fields as_of, from and to. */
void period_fields(struct sheet *sheet, const struct figures_period *p);

#endif

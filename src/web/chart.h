/*
 * Chart: where the marks of a picture stand, in whole units of its view box. The templates
 * print them as SVG; bars begin at nought. Private to src/web.
 */
#ifndef WEB_CHART_H
#define WEB_CHART_H

#include "web/page.h"

/* "ageing": a column for each range of days past due. */
void chart_ageing(struct page *p, json_t *object, const struct health *h);
/* "months": a column for each month, the last one still open. */
void chart_months(struct page *p, json_t *object, const struct health *h);

/* The next 1, 2 or 5 with noughts at which at most `steps` of them reach `most`. */
int64_t chart_step(int64_t most, int steps);

#endif

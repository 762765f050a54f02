/* Work pages: what the files of the forms share; the routes are in page_work.c. Private to src/web. */
#ifndef WEB_WORK_PAGES_H
#define WEB_WORK_PAGES_H

#include "web/work.h"

/* The number in the second (1) or third (2) hole of the path; NOT_FOUND. */
bool work_number(const struct page *p, int hole, int32_t *number, struct fault *why);
/* "today_iso", the least day of a field. */
void work_today(struct page *p);

page_fill page_promise, promise_add, promise_withdraw;
bool promise_typed(const struct page *p, enum currency usual, struct promise_input *out,
                   struct fault *why);
bool promise_check(struct work *w, const struct promise_input *in, struct fault *why);
const char *promise_told(const struct page *p, const struct promise_input *in);

page_fill page_wrap_up, wrap_up;
/* What somebody told us of how they want to be reached, taken back while it is fresh. */
page_fill fact_end;

#endif

/* Parts of the pages of samples. Private to src/web/page_sample*.c. */
#ifndef WEB_PAGE_SAMPLES_H
#define WEB_PAGE_SAMPLES_H

#include "flow/audit_words.h"
#include "flow/review.h"
#include "web/page_audit.h"
#include "web/work_pages.h"

page_fill page_sample_one, sample_answer;

/* The draw of the first hole, with its records. */
bool sample_of_page(struct page *p, struct sample *out, struct review **items, size_t *count,
                    struct fault *why);
/* A record that they may not see is as if it were not there: *a of kind NULL. */
bool sample_record(struct page *p, const struct review *r, struct audited *a,
                   struct fault *why);
/* "Decisions, Nov 14, 2026 to Nov 20, 2026, by email" */
const char *sample_words(struct page *p, const struct sample_filter *filter);

#endif

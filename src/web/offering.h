/* Offering: what the pages of offers share. Private to src/web/page_offer*.c. */
#ifndef WEB_OFFERING_H
#define WEB_OFFERING_H

#include "flow/offer.h"
#include "web/work_pages.h"

/* Its terms, its payments, its state. */
void offer_put(struct page *p, json_t *object, const struct held_offer *offer);
/* "needs": who has to approve it, and by which row. */
void ruling_put(struct page *p, json_t *object, const struct offer_ruling *ruling);

#endif

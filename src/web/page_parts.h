/* Parts of the page of a case file, and the pages beside it. Private to src/web. */
#ifndef WEB_PAGE_PARTS_H
#define WEB_PAGE_PARTS_H

#include "web/page.h"

page_fill page_statement, page_message, page_message_body;

/* "days": what happened, by day, newest first. */
void timeline_put(struct page *p, const struct casefile_view *f);

/* "charges": interest, fees and costs, each with the clause or law that allows it, newest
 * first; and "statement", where all lines are. */
bool charges_put(struct page *p, const struct casefile_view *f, struct fault *why);

/* "plans" with their "items", "offers" and "disputes". */
void agreements_put(struct page *p, const struct casefile_view *f);

/* The ruling words of a record: {is_ok, is_later, is_no, ruling}. */
void put_ruling(json_t *object, const char *ruling);

#endif

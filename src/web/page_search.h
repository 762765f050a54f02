/* Search pages: what their files share. Private to src/web. */
#ifndef WEB_PAGE_SEARCH_H
#define WEB_PAGE_SEARCH_H

#include "flow/search.h"
#include "web/page.h"

page_fill page_search;

/* Who searched, for what kind of thing; `typing`: more of it may follow. What cannot be noted is
 * not shown. */
bool search_noted(const struct hand *hand, const char *by, const char *typed,
                  const struct search *found, bool typing, struct fault *why);

/* "commands": places to go and things to do whose words begin as typed; how many. */
size_t commands_put(struct page *p, const char *typed);

#endif

/* Search pages: what their files share. Private to src/web. */
#ifndef WEB_PAGE_SEARCH_H
#define WEB_PAGE_SEARCH_H

#include "web/page.h"

page_fill page_search;

/* "commands": places to go and things to do whose words begin as typed; how many. */
size_t commands_put(struct page *p, const char *typed);

#endif

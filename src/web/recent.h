/*
 * Recent: the accounts that somebody opened lately, the last one first.
 *
 * Kept in the memory of the server, as presence is, never in the book: to look writes nothing.
 * Only keys are kept; who asks is shown those of them that they may see now. A server that begins
 * again knows of none. Any number of threads.
 *
 * At most RECENT_MOST for each of RECENT_USERS people; beyond that whoever opened nothing for the
 * longest time is forgotten.
 */
#ifndef WEB_RECENT_H
#define WEB_RECENT_H

#include "web/page.h"

enum { RECENT_MOST = 10, RECENT_USERS = 512 };

/* Who looks at this page has opened this account. */
void recent_note(const struct page *p, struct casefile_key key);

/* What who looks opened; how many. */
size_t recent_list(const struct page *p, struct casefile_key out[RECENT_MOST]);

#endif

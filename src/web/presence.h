/*
 * Presence: who has which account open right now.
 *
 * Kept in the memory of the server, never in the book: whoever opens an account is there until
 * nothing was heard of their page for PRESENCE_SECONDS, on a clock that no --now can stop. Pages
 * ask again every PRESENCE_POLL seconds (/accounts/{ref}/presence). Any number of threads.
 *
 * At most PRESENCE_MOST visits are kept; beyond that the oldest go.
 */
#ifndef WEB_PRESENCE_H
#define WEB_PRESENCE_H

#include "web/page.h"

enum { PRESENCE_SECONDS = 45, PRESENCE_POLL = 15, PRESENCE_MOST = 1024 };

/*
 * Who looks at this account now: notes them, and puts the others into the context as
 * {"presence": {"others": [{"who_name", "initials"}…], "names": "Omar", "verb": "is"}}. The partial
 * presence shows it and asks again; on a page that is not below /accounts/{} the caller puts
 * "presence_link" for it.
 */
void presence_put(struct page *p, struct casefile_key key);

/* The others who are there, into a row of a list; notes nobody. */
void presence_row_put(struct page *p, json_t *row, struct casefile_key key);

/* /accounts/{ref}/presence */
page_fill page_presence;

#endif

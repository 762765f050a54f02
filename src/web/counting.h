/*
 * Counting: folds what happened into the kept figures (flow/fold.h), behind the pages: every few
 * seconds, and when somebody opens a page of figures. A thread and a connection of its own; when
 * the book cannot be written, it says nothing and tries again, and pages say how old figures are.
 */
#ifndef WEB_COUNTING_H
#define WEB_COUNTING_H

#include "domain/calendar.h"

struct counting;

struct counting *counting_open(const char *url, bool clock_stands, struct instant now,
                               struct fault *why);
void counting_close(struct counting *c); /* may be NULL */

/* Has everything counted that was written before this call; waits for that at most so long.
 * `c` may be NULL. */
void counting_wait(struct counting *c, int ms);

#endif

/*
 * Crew: the threads that make pages, and the queue before them. Private to src/web.
 *
 * Threads that serve sockets never wait for the database: they put a job here and go on. Writes
 * wait for each other in the database, so at most half of the crew does them, and the other half
 * always has hands for reading. The queue is bounded, for each of the two: what does not fit is
 * refused at once, and what waited too long is refused when its turn comes, since nobody waits
 * for it any more.
 */
#ifndef WEB_CREW_H
#define WEB_CREW_H

#include "base/arena.h"

enum { CREW_MOST = 64, CREW_READS_MOST = 384, CREW_WRITES_MOST = 128, CREW_WAIT_MS = 10000 };

/* Stands at the beginning of what is to be done; owned by whoever adds it. */
struct job {
    struct job *next;
    bool writes;
    int64_t since_ms;
};

struct crew;

/* `work` is called in thread number 0 … count - 1; `late`: it waited longer than CREW_WAIT_MS.
 */
struct crew *crew_open(int count,
                       void (*work)(void *self, int thread, struct job *job, bool late),
                       void *self);
/* False: the queue is full. */
bool crew_add(struct crew *c, struct job *job, int64_t now_ms);
size_t crew_waiting(struct crew *c);
/* What waits is handed out late; returns when all is done. */
void crew_close(struct crew *c);

#endif

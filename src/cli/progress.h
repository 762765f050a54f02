/*
 * Progress: how far a long task is, on standard error. Silent for the first half second; a
 * line that is written over on a terminal, and one plain line at every tenth elsewhere.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "cli/call.h"

#include <time.h>

struct progress {
    const struct call *call;
    const char *label, *things; /* "Deciding", "accounts" */
    struct timespec began;
    int64_t shown; /* last tenth or percent told */
    bool terminal, on_line;
};

struct progress progress_begin(const struct call *call, const char *label, const char *things);
/* Shaped as the callbacks of flow want it; `self` is a struct progress. */
void progress_tell(void *self, int64_t done, int64_t all);
/* Clears the line, so that what follows stands alone. */
void progress_end(struct progress *p);

#endif

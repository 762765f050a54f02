/* Strategy tally: how many case files each strategy has, and each of its segments, by what the
 * last cycle said of them. */
#ifndef FLOW_STRATEGY_TALLY_H
#define FLOW_STRATEGY_TALLY_H

#include "domain/calendar.h"
#include "store/store.h"

struct strategy_tally {
    const char *strategy; /* NULL: nobody's */
    int64_t follow, due;  /* due: the cycle looks at them at `until` or before */
};
/* As far as somebody limited to these clients and desks (NULL: all) may see them. */
bool strategy_tallies(struct store *s, struct arena *a, const char *clients, const char *desks,
                      struct instant until, struct strategy_tally **out, size_t *count,
                      struct fault *why);

struct segment_tally {
    const char *segment, *stopped_step; /* NULL: none is due and not allowed */
    int64_t count;
};
bool segment_tallies(struct store *s, struct arena *a, const char *strategy,
                     const char *clients, const char *desks, struct segment_tally **out,
                     size_t *count, struct fault *why);

#endif

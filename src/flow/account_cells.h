/* Account cells: how days and moments stand in the rows of accounts. */
#ifndef FLOW_ACCOUNT_CELLS_H
#define FLOW_ACCOUNT_CELLS_H

#include "flow/account.h"

static const int64_t no_limit = INT64_MAX;

/* NULL: never. */
static inline const char *day_text(struct arena *a, int64_t number)
{
    char text[DAY_TEXT];

    if (number >= DAY_NEVER.number)
        return NULL;
    return arena_copy(a, day_print((struct day){ (int32_t)number }, text));
}

static inline const char *instant_text(struct arena *a, int64_t us, const struct zone *zone)
{
    char text[INSTANT_TEXT];

    if (us == INSTANT_NEVER.us)
        return NULL;
    /* Whole seconds: what happened when, not in which order. */
    us -= us % 1000000;
    return arena_copy(a, instant_print_in((struct instant){ us }, zone, text));
}

#endif

/* House look: what stands in the way of working, and what waits, for the pages of the house. */
#ifndef FLOW_HOUSE_LOOK_H
#define FLOW_HOUSE_LOOK_H

#include "flow/house.h"
#include "flow/user.h"

struct house_waiting {
    const char *channel;
    int64_t count;
    struct instant oldest;      /* when it was decided */
    int64_t failing;            /* of them: tried, not handed over, and tried again */
    const char *failed_because; /* what the provider said of most of them; NULL: none fails */
    struct instant tried, next_try;
};

struct house_look {
    bool any_casefile;
    struct house_mark first_file;     /* that was loaded over the console */
    struct house_mark strategy, text; /* that was published last */
    size_t administrator_count;
    const char **administrators;  /* their names, the first that came first */
    struct instant second_at;     /* when the second of them came; .us 0: there is none */
    size_t waiting_count;
    struct house_waiting *waiting;
};

/* What waits of each channel, and what of it fails. */
bool house_waiting_look(struct store *s, struct arena *a, struct house_waiting **out,
                        size_t *count, struct fault *why);
bool house_look(struct store *s, struct arena *a, const struct roles *roles,
                struct house_look *out, struct fault *why);

#endif

/* Telling: an invented story on its way into the book. Private to src/flow/demo*.c. */
#ifndef FLOW_DEMO_TELLING_H
#define FLOW_DEMO_TELLING_H

#include "flow/demo_story.h"
#include "flow/terms_bind.h"

enum { STORY_PARTS = 4 }; /* of a plan, at most */

/* The numbers that the book gave to the debts and promises of the story so far. */
struct telling {
    struct book *book;
    struct story *story;
    const struct terms_files *terms;
    struct casefile_key key;
    int32_t debts[STORY_DEBTS], promises[8];
    int32_t known[STORY_DEBTS]; /* ascending, for contacts about all of them */
    size_t known_count;
    int64_t parts[STORY_PARTS]; /* what the plan asks for, part by part; 0: there is no plan */
};

/* The terms that the debt of an event is bound to, from its invoice day on. */
bool tell_terms(struct telling *t, const struct event *e, struct fault *why);
/* EVENT_PLAN and those after it. Where the book has no room for it, nothing happens. */
bool tell_deal(struct telling *t, const struct event *e, struct fault *why);

#endif

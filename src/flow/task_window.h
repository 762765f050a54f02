/*
 * Task window: when planned outreach becomes lawful next, for how many people, and where they
 * are.
 *
 * Calls that are planned wait in the queue for the first moment at which the law lets them be
 * made (since_at of table task). The next window is the first such moment after now; what was put
 * off beyond it does not count. Found in an index of such calls alone (task_window); of at most
 * TASK_WINDOW_MOST of them rows are read, so that somebody who may see none of so many is told of
 * no window.
 */
#ifndef FLOW_TASK_WINDOW_H
#define FLOW_TASK_WINDOW_H

#include "flow/task_list.h"

enum { TASK_WINDOW_MOST = 1000 };

/* Where some of them are: as the book has it, "US-CA" or "US-CA,US-NV"; "": not known. */
struct task_window_place {
    const char *codes;
    int64_t people;
};

struct task_window {
    struct instant opens;
    int64_t people;
    bool more; /* than these */
    size_t place_count;
    struct task_window_place *places; /* most people first, then by code */
};

/* After filter->now, of what the filter lets through; *found: there is one. */
bool task_window(struct store *s, struct arena *a, const struct task_filter *filter,
                 struct task_window *out, bool *found, struct fault *why);

#endif

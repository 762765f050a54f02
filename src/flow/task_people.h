/*
 * Task people: what somebody did of late, and who has how much: for "my day" and the team. Counts
 * of what people did, never a rank.
 */
#ifndef FLOW_TASK_PEOPLE_H
#define FLOW_TASK_PEOPLE_H

#include "flow/task_list.h"

struct task_day {
    struct task_closed closed;          /* work that was seen to */
    int64_t promises, kept, partly;     /* judged in the period */
    int64_t calls, talks;               /* calls they made; with whom they spoke */
    size_t money_count;
    struct money kept_money[8];         /* by currency: what the kept promises brought */
};

/* Of the last `days` days, today included. */
bool task_day(struct store *s, const struct task_filter *filter, int64_t user,
              const char *email, int days, struct task_day *out, struct fault *why);

struct task_load {
    int64_t user;
    int64_t kinds[TASK_KIND_COUNT], all, late;
};

/* Who has anything that the reader may see, in the order of their numbers. */
bool task_loads(struct store *s, struct arena *a, const struct task_filter *filter,
                struct task_load **out, size_t *count, struct fault *why);

#endif

/*
 * Task list: the work queue, a page at a time, and how much there is of it.
 *
 * Read from the indexes of table task alone, whatever the size of the book; only the rows that
 * are shown are looked up. Counts stop at TASK_COUNT_MOST: "1,000+".
 *
 * Orders: `best` by group, rank and due moment (domain/task.h, TASK_ORDER); `oldest` by since
 * when it is work; `amount` by what was open of the account at the last decision, as a bare
 * number, the largest first. By which window closes first only whoever can ask the gate may
 * order (flow/task_marks.h).
 */
#ifndef FLOW_TASK_LIST_H
#define FLOW_TASK_LIST_H

#include "flow/task.h"

enum task_order { TASK_BEST, TASK_OLDEST, TASK_AMOUNT, TASK_CLOSING };
const char *task_order_name(enum task_order order); /* "best", "oldest", "amount", "closing" */
bool task_order_parse(const char *name, enum task_order *out);

/* Sets of kinds, by bit; 0: all. */
typedef uint32_t task_kinds;
#define TASK_KIND_BIT(k) ((task_kinds)1 << (k))
task_kinds task_kinds_of(enum task_group group);

enum { TASK_COUNT_MOST = 1000 };

/* Where a page ended: the next begins after it. All 0: from the start. */
struct task_mark {
    int64_t rank, value; /* value: due, since or amount */
    struct casefile_key key;
    int32_t number;
};

struct task_filter {
    struct instant now;
    const struct zone *zone;      /* of the house */
    task_kinds kinds;
    int64_t assigned;             /* only who has this number; 0: everybody's and nobody's */
    bool unassigned;              /* only nobody's */
    const char *client, *desk;    /* only these; NULL: all */
    const char *clients, *desks;  /* what the reader may see (flow/user.h); NULL: all */
    enum task_order order;
    struct task_mark after;
    size_t most;
};

struct task_item {
    struct casefile_key key;
    struct task_row is;
    struct task_mark mark;
    const char *reference, *name, *zones; /* zones: where the person is, IANA, with commas */
    bool business;
};

/* In the arena. *more: there are further ones after the last. */
bool task_list(struct store *s, struct arena *a, const struct task_filter *filter,
               struct task_item **out, size_t *count, bool *more, struct fault *why);

/* All open tasks of a case file that are shown now or later, in the best order. */
bool task_of_casefile(struct store *s, struct arena *a, const struct task_filter *filter,
                      struct casefile_key key, struct task_item **out, size_t *count,
                      struct fault *why);

/* What is owed of the account of each on the day of filter->now, in is.open: as its own page
 * says it, with interest to the day. The amount that was read is that of the last decision, and
 * by it lists are ordered. For the rows that are shown. */
bool task_owed(struct store *s, const struct task_filter *filter, struct task_item *items,
               size_t count, struct fault *why);

/* Clients and desks with work that the reader may see, at most TASK_PLACES_MOST of them. */
enum { TASK_PLACES_MOST = 200 };
struct task_places {
    size_t client_count, desk_count;
    const char **clients, **desks;
};
bool task_places(struct store *s, struct arena *a, const struct task_filter *filter,
                 struct task_places *out, struct fault *why);

/* The first that comes up by itself after now, for who may see it; *found: there is one. */
bool task_next(struct store *s, struct arena *a, const struct task_filter *filter,
               struct task_item *out, bool *found, struct fault *why);

/* What somebody closed from a moment on, up to filter->now. */
struct task_closed {
    int64_t closed;
    int64_t replies, replies_in_time;
};
bool task_closed(struct store *s, int64_t user, struct instant from, struct instant to,
                 struct task_closed *out, struct fault *why);

/* How many are shown, by kind; each at most `most`, which then means "or more". */
struct task_counts {
    int64_t kinds[TASK_KIND_COUNT];
    int64_t waiting, planned; /* sums over the groups */
    bool many;                /* some kind has more */
};
bool task_count(struct store *s, struct arena *a, const struct task_filter *filter,
                int64_t most, struct task_counts *out, struct fault *why);

#endif

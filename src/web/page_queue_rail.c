/* The rail: what waits on us, on every page. Counts stop early, so that they cost nothing. */
#include "web/page_queue.h"

enum { RAIL_MOST = 100 };

static void count_put(struct page *p, const char *key, int64_t count)
{
    if (count >= RAIL_MOST)
        put(p->context, key, "99+");
    else if (count > 0)
        put(p->context, key, words_count(p->arena, count));
}

void queue_rail_put(struct page *p)
{
    struct task_filter f = queue_filter(p);
    struct task_counts n;
    struct fault ignored = { 0 };

    for (int k = 0; k < TASK_KIND_COUNT; k++) {
        if (task_group_of((enum task_kind)k) == TASK_WAITING_ON_US)
            f.kinds |= TASK_KIND_BIT(k);
    }
    if (!task_count(p->view->store, p->arena, &f, RAIL_MOST, &n, &ignored))
        return; /* the page says what is wrong with the book */
    count_put(p, "n_queue", n.waiting);
    count_put(p, "n_promises", n.kinds[TASK_PROMISE] + n.kinds[TASK_MISSED]);
    count_put(p, "n_disputes", n.kinds[TASK_DISPUTE]);
    count_put(p, "n_hardship", n.kinds[TASK_HARDSHIP]);
}

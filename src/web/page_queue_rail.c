/* The frame: what waits on us, on the rail, and what waits on who looks, behind the bell. On
   every page, so counts stop early and cost nothing. */
#include "flow/waiting.h"
#include "web/page_queue.h"

enum { RAIL_MOST = 100 };

static const char *count_words(struct page *p, int64_t count)
{
    return count >= RAIL_MOST ? "99+" : words_count(p->arena, count);
}

static void count_put(struct page *p, const char *key, int64_t count)
{
    if (count > 0)
        put(p->context, key, count_words(p, count));
}

void queue_rail_put(struct page *p)
{
    struct task_filter f = queue_filter(p);
    struct task_counts n;
    struct fault ignored = { 0 };

    f.kinds = task_kinds_of(TASK_WAITING_ON_US);
    if (!task_count(p->view->store, p->arena, &f, RAIL_MOST, &n, &ignored))
        return; /* the page says what is wrong with the book */
    count_put(p, "n_queue", n.waiting);
    count_put(p, "n_promises", n.kinds[TASK_PROMISE] + n.kinds[TASK_MISSED]);
    count_put(p, "n_disputes", n.kinds[TASK_DISPUTE]);
    count_put(p, "n_hardship", n.kinds[TASK_HARDSHIP]);
}

/* ---- The bell ------------------------------------------------------------------------------
 */

void bell_put(struct page *p)
{
    struct approver by = approver_of(&p->session->user, p->role);
    struct task_filter f = queue_filter(p);
    struct waiting n;
    struct fault ignored = { 0 };

    if (!waiting_count(p->view->store, p->arena, &by, &f, &n, &ignored))
        return;
    const struct {
        int64_t count;
        const char *title, *link;
    } lines[] = {
        { n.replies, "Replies on accounts you have", "/queue?kind=reply&who=mine" },
        { n.work, "Other work you have", "/queue?who=mine" },
        { n.approvals, "Approvals you may decide", "/approvals" },
        { n.reviews, "Sampled records to review", "/compliance/samples" },
        { n.webhooks, "Webhooks that fail", "/admin/integrations" },
        { n.messages, "Messages that may or may not have left", "/outbox?state=unsure" },
    };
    json_t *bell = put_object(p->context, "bell"), *list = put_list(bell, "lines");
    int64_t sum = 0;

    for (size_t i = 0; i < COUNT(lines); i++) {
        if (lines[i].count == 0)
            continue;
        json_t *line = list_add(list);
        put(line, "title", lines[i].title);
        put(line, "link", lines[i].link);
        put(line, "count", count_words(p, lines[i].count));
        sum += lines[i].count;
    }
    put_true(bell, "any", sum > 0);
    put_true(bell, "one", sum == 1);
    put(bell, "sum", count_words(p, sum));
}

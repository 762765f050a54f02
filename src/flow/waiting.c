#include "flow/waiting.h"

static bool may(const struct approver *by, enum permission permission)
{
    return (by->can & PERMISSION_BIT(permission)) != 0;
}

static bool tasks_count(struct store *s, struct arena *a, const struct approver *by,
                        const struct task_filter *mine, struct waiting *out, struct fault *why)
{
    struct task_filter f = *mine;
    struct task_counts n;

    f.assigned = by->number;
    f.kinds = task_kinds_of(TASK_WAITING_ON_US);
    if (!task_count(s, a, &f, WAITING_MOST, &n, why))
        return false;
    out->replies = n.kinds[TASK_REPLY];
    out->work = n.waiting - n.kinds[TASK_REPLY];
    return true;
}

static bool one_count(struct query *q, int64_t *out, struct fault *why)
{
    *out = query_next(q) ? row_int(q, 0) : 0;
    return query_end(q, why);
}

static bool reviews_count(struct store *s, const struct approver *by, int64_t *out,
                          struct fault *why)
{
    struct query q = query_begin(s, Q_WAITING_REVIEWS);

    bind_int(&q, WAITING_DRAWS);
    bind_text(&q, by->email);
    bind_int(&q, WAITING_MOST);
    return one_count(&q, out, why);
}

static bool house_count(struct store *s, enum query_name name, int64_t *out, struct fault *why)
{
    struct query q = query_begin(s, name);

    bind_int(&q, WAITING_MOST);
    return one_count(&q, out, why);
}

bool waiting_count(struct store *s, struct arena *a, const struct approver *by,
                   const struct task_filter *mine, struct waiting *out, struct fault *why)
{
    bool whole = by->clients == NULL && by->desks == NULL;

    *out = (struct waiting){ 0 };
    return (!may(by, MAY_WORK) || tasks_count(s, a, by, mine, out, why)) &&
           approval_count(s, a, by, WAITING_MOST, &out->approvals, why) &&
           (!may(by, MAY_AUDIT) || !whole || reviews_count(s, by, &out->reviews, why)) &&
           (!may(by, MAY_ADMIN) || !whole ||
            (house_count(s, Q_WAITING_WEBHOOKS, &out->webhooks, why) &&
             house_count(s, Q_WAITING_MESSAGES, &out->messages, why)));
}

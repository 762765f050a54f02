/* My day: what became of what somebody did. Counts, no rank; people helped and promises kept. */
#include "web/page_queue.h"

#include "base/text.h"
#include "flow/task_people.h"

enum { ME_DAYS = 30 };

static void figure_put(struct page *p, json_t *list, const char *title, int64_t part,
                       int64_t whole, const char *of, const char *none)
{
    json_t *f = list_add(list);

    put(f, "title", title);
    put(f, "value", whole > 0 ? words_count(p->arena, part) : "–");
    put(f, "of", whole > 0 ? arena_print(p->arena, "of %s %s", words_count(p->arena, whole), of)
                           : none);
}

static void waiting_put(struct page *p, const struct task_counts *counts)
{
    json_t *list = put_list(p->context, "waiting");

    for (int k = 0; k < TASK_KIND_COUNT; k++) {
        if (counts->kinds[k] == 0)
            continue;
        json_t *row = list_add(list);
        put(row, "title", task_title((enum task_kind)k));
        put(row, "count", words_count(p->arena, counts->kinds[k]));
        put(row, "link", arena_print(p->arena, "/queue?kind=%s&who=mine",
                                     task_name((enum task_kind)k)));
    }
    put_true(p->context, "any_waiting", counts->waiting + counts->planned > 0);
    put(p->context, "waiting_count", words_count(p->arena, counts->waiting + counts->planned));
}

static void money_put(struct page *p, const struct task_day *day)
{
    const char *all = NULL;

    for (size_t i = 0; i < day->money_count; i++) {
        const char *one = words_money(p->arena, day->kept_money[i].minor,
                                      day->kept_money[i].currency);
        all = all == NULL ? one : arena_print(p->arena, "%s and %s", all, one);
    }
    put(p->context, "kept_money", all);
}

static void figures_put(struct page *p, const struct task_day *day)
{
    json_t *figures = put_list(p->context, "figures");

    figure_put(p, figures, "Promises kept", day->kept, day->promises,
               "that you took down", "none of yours came due");
    figure_put(p, figures, "Replies in time", day->closed.replies_in_time, day->closed.replies,
               "that you answered", "you answered none yet");
    figure_put(p, figures, "Calls with a talk", day->talks, day->calls, "that you made",
               "you made none yet");
    put_true(p->context, "is_first_day",
             day->promises + day->closed.closed + day->calls == 0);
    put_true(p->context, "any_partly", day->partly > 0);
    put_true(p->context, "partly_one", day->partly == 1);
    put(p->context, "partly", words_count(p->arena, day->partly));
    money_put(p, day);
}

bool page_me(struct page *p, struct fault *why)
{
    struct task_filter f = queue_filter(p);
    struct task_counts counts = { 0 };
    struct task_day day;
    const struct user *me = &p->session->user;

    put(p->context, "title", "My day");
    put_int(p->context, "days", ME_DAYS);
    if (!task_day(p->view->store, &f, me->number, me->email, ME_DAYS, &day, why))
        return false;
    f.assigned = me->number;
    if (!task_count(p->view->store, p->arena, &f, TASK_COUNT_MOST, &counts, why))
        return false;
    figures_put(p, &day);
    waiting_put(p, &counts);
    return true;
}

/* The list of keys, for who has no script as well. */
bool page_keys(struct page *p, struct fault *why)
{
    (void)why;
    put(p->context, "title", "Keys");
    return true;
}

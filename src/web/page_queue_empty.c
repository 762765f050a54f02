/* The queue when nothing waits: when the next window opens, for how many people and where; else
 * what comes next by itself. */
#include "web/page_queue.h"

#include "base/text.h"
#include "flow/task_window.h"

enum { PLACES_NAMED = 3 };

/* "14 people in California", "14 people, 9 in California, 3 in Oregon, 2 elsewhere" */
static const char *people_words(struct arena *a, const struct task_window *w)
{
    const char *text = arena_print(a, "%s%s %s", words_count(a, w->people), w->more ? "+" : "",
                                   w->people == 1 ? "person" : "people");
    int64_t named = 0;
    int places = 0;

    for (size_t i = 0; i < w->place_count && places < PLACES_NAMED; i++) {
        const struct task_window_place *at = &w->places[i];
        const char *name = words_place_bare(a, at->codes);
        if (name == NULL)
            continue;
        if (at->people == w->people)
            return arena_print(a, "%s in %s", text, name);
        text = arena_print(a, "%s, %s in %s", text, words_count(a, at->people), name);
        named += at->people;
        places++;
    }
    return named == 0 || named == w->people
               ? text
               : arena_print(a, "%s, %s elsewhere", text, words_count(a, w->people - named));
}

static void window_put(struct page *p, const struct task_window *w)
{
    const struct view *v = p->view;
    json_t *window = put_object(p->context, "window");
    bool today = wall_at(w->opens, v->zone).day.number == v->today.number;

    put(window, "opens",
        today ? arena_print(p->arena, "at %s", words_clock(p->arena, w->opens, v->zone))
              : arena_print(p->arena, "on %s",
                            words_moment(p->arena, w->opens, v->zone, v->today)));
    put(window, "people", people_words(p->arena, w));
}

static bool coming_put(struct page *p, const struct task_filter *f, struct fault *why)
{
    struct task_item next;
    bool found;

    if (!task_next(p->view->store, p->arena, f, &next, &found, why))
        return false;
    if (!found)
        return true;
    json_t *coming = put_object(p->context, "coming");
    put(coming, "when", moment_within(p, next.is.since));
    put(coming, "what", task_title(next.is.kind));
    put(coming, "name", next.name);
    return true;
}

/* Whether the list of tomorrow has any of this. */
static bool tomorrow_put(struct page *p, const struct queue_ask *ask, struct fault *why)
{
    struct task_filter f = ask->filter;
    struct task_item *items;
    size_t count;
    bool more;

    if (ask->tomorrow)
        return true;
    f.now = day_begins(day_plus(p->view->today, 2), p->view->zone);
    f.order = TASK_BEST;
    f.most = 1;
    if (!task_list(p->view->store, p->arena, &f, &items, &count, &more, why))
        return false;
    put_true(p->context, "tomorrow_has", count > 0);
    return true;
}

bool queue_empty_put(struct page *p, const struct queue_ask *ask, struct fault *why)
{
    const struct task_filter *f = &ask->filter;
    bool calls = f->kinds == 0 || (f->kinds & TASK_KIND_BIT(TASK_CALL)) != 0, found = false;
    struct task_window window;

    put_true(p->context, "is_filtered",
             ask->kind != NULL || ask->who != NULL || f->client != NULL || f->desk != NULL);
    if (calls && !task_window(p->view->store, p->arena, f, &window, &found, why))
        return false;
    if (found)
        window_put(p, &window);
    return (found || coming_put(p, f, why)) && tomorrow_put(p, ask, why);
}

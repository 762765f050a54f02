#include "flow/task_window.h"

#include "flow/task_parts.h"
#include "flow/user.h"

#include <stdlib.h>
#include <string.h>

static void person_add(struct task_window *w, struct arena *a, size_t *room, const char *codes)
{
    size_t i = 0;

    w->people++;
    while (i < w->place_count && !text_equal(w->places[i].codes, codes))
        i++;
    if (i == w->place_count)
        *arena_push(a, w->places, w->place_count, *room) =
            (struct task_window_place){ .codes = arena_copy(a, codes) };
    w->places[i].people++;
}

static int by_people(const void *a, const void *b)
{
    const struct task_window_place *x = a, *y = b;

    if (x->people != y->people)
        return x->people > y->people ? -1 : 1;
    return strcmp(x->codes, y->codes);
}

static void bind_filter(struct query *q, const struct task_filter *f)
{
    bind_int(q, f->now.us);
    bind_int(q, f->unassigned);
    bind_int(q, f->assigned);
    bind_text(q, f->client != NULL ? f->client : "");
    bind_text(q, f->desk != NULL ? f->desk : "");
    bind_int(q, TASK_WINDOW_MOST);
}

bool task_window(struct store *s, struct arena *a, const struct task_filter *filter,
                 struct task_window *out, bool *found, struct fault *why)
{
    struct query q = query_begin(s, Q_TASK_WINDOWS);
    size_t room = 0;
    int64_t last = 0, read = 0;
    bool same = true;

    *out = (struct task_window){ 0 };
    bind_filter(&q, filter);
    while (same && query_next(&q)) {
        int64_t opens = row_int(&q, 0), casefile = row_int(&q, 1);
        read++;
        if (!user_sees(filter->clients, filter->desks, row_text(&q, 2), row_text(&q, 3)))
            continue;
        same = out->people == 0 || opens == out->opens.us;
        if (!same || casefile == last)
            continue;
        out->opens.us = opens;
        last = casefile;
        person_add(out, a, &room, row_text(&q, 4));
    }
    out->more = same && read == TASK_WINDOW_MOST;
    *found = out->people > 0;
    if (*found)
        qsort(out->places, out->place_count, sizeof *out->places, by_people);
    return query_end(&q, why);
}

#include "flow/user_view.h"

#include "flow/user_parts.h"

#include <string.h>

static void view_read(struct query *q, struct arena *a, struct saved_view *out)
{
    out->name = row_copy(q, 2, a);
    out->query = row_copy(q, 3, a);
    out->desk = row_copy(q, 4, a);
}

bool saved_views(struct store *s, struct arena *a, const char *list, int64_t staff,
                 const char *desks, struct saved_view **out, size_t *count, struct fault *why)
{
    struct query q = query_begin(s, Q_SAVED_VIEWS);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    bind_text(&q, list);
    bind_int(&q, staff);
    bind_text(&q, desks == NULL ? "" : arena_print(a, "\n%s\n", desks));
    bind_text(&q, "\n");
    while (query_next(&q)) {
        struct saved_view *v = arena_push(a, *out, *count, room);
        *v = (struct saved_view){ .staff = row_int(&q, 0), .number = row_int(&q, 1) };
        v->list = list;
        view_read(&q, a, v);
        v->owner = row_copy(&q, 5, a);
    }
    return query_end(&q, why);
}

bool saved_view_get(struct store *s, struct arena *a, int64_t staff, int64_t number,
                    struct saved_view *out, struct fault *why)
{
    struct query q = query_begin(s, Q_SAVED_VIEW_GET);
    bool found;

    *out = (struct saved_view){ .staff = staff, .number = number };
    bind_int(&q, staff);
    bind_int(&q, number);
    found = query_next(&q);
    if (found) {
        out->list = row_copy(&q, 0, a);
        out->name = row_copy(&q, 1, a);
        out->query = row_copy(&q, 2, a);
        out->desk = row_copy(&q, 3, a);
    }
    return query_end(&q, why) &&
           (found || fail(why, NOT_FOUND, "You have no saved view %lld.", (long long)number));
}

static bool name_check(const char *name, struct fault *why)
{
    if (text_is_empty(name))
        return fail(why, BAD_VALUE, "A view needs a name.");
    return strlen(name) <= VIEW_NAME_MOST ||
           fail(why, BAD_VALUE, "A name of a view has at most %d letters.", VIEW_NAME_MOST);
}

static bool view_record(struct book *b, int64_t staff, const char *change, const char *name,
                        struct fault *why)
{
    struct user user;

    return user_load(b->store, &b->arena, staff, &user, why) &&
           user_record(b, &user, change, "view", name, why);
}

static bool view_count(struct book *b, int64_t staff, int64_t *count, int64_t *last,
                       struct fault *why)
{
    struct query q = query_begin(b->store, Q_SAVED_VIEW_COUNT);

    bind_int(&q, staff);
    *count = *last = 0;
    if (query_next(&q)) {
        *count = row_int(&q, 0);
        *last = row_int(&q, 1);
    }
    return query_end(&q, why);
}

bool saved_view_add(struct book *b, const struct saved_view *view, int64_t *number,
                    struct fault *why)
{
    int64_t count;

    if (!name_check(view->name, why) || !user_lock(b, why) ||
        !view_count(b, view->staff, &count, number, why))
        return false;
    if (strlen(view->query) > VIEW_QUERY_MOST)
        return fail(why, BAD_VALUE, "These filters are too long to be kept.");
    if (count >= VIEWS_MOST)
        return fail(why, CONFLICT, "You have %d views already. Delete one first.", VIEWS_MOST);
    *number += 1;
    struct query q = query_begin(b->store, Q_SAVED_VIEW_ADD);
    bind_int(&q, view->staff);
    bind_int(&q, *number);
    bind_text(&q, view->list);
    bind_text(&q, view->name);
    bind_text(&q, view->query);
    bind_text(&q, view->desk);
    return query_run(&q, why) && view_record(b, view->staff, "view_saved", view->name, why);
}

bool saved_view_change(struct book *b, int64_t staff, int64_t number, const char *name,
                       const char *desk, struct fault *why)
{
    struct saved_view old;

    if (!name_check(name, why) || !user_lock(b, why) ||
        !saved_view_get(b->store, &b->arena, staff, number, &old, why))
        return false;
    if (text_equal(old.name, name) && text_equal(old.desk, desk))
        return true;
    struct query q = query_begin(b->store, Q_SAVED_VIEW_RENAME);
    bind_text(&q, name);
    bind_text(&q, desk);
    bind_int(&q, staff);
    bind_int(&q, number);
    return query_run(&q, why) && view_record(b, staff, "view_changed", name, why);
}

bool saved_view_remove(struct book *b, int64_t staff, int64_t number, struct fault *why)
{
    struct saved_view old;

    if (!user_lock(b, why) || !saved_view_get(b->store, &b->arena, staff, number, &old, why))
        return false;
    struct query q = query_begin(b->store, Q_SAVED_VIEW_REMOVE);
    bind_int(&q, staff);
    bind_int(&q, number);
    return query_run(&q, why) && view_record(b, staff, "view_removed", old.name, why);
}

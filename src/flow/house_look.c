#include "flow/house_look.h"

static struct house_waiting *waiting_of(struct house_waiting *all, size_t count,
                                        const char *channel)
{
    for (size_t i = 0; i < count; i++) {
        if (text_equal(all[i].channel, channel))
            return &all[i];
    }
    return NULL;
}

static bool failing_look(struct store *s, struct arena *a, struct house_waiting *all,
                         size_t count, struct fault *why)
{
    struct query q = query_begin(s, Q_HOUSE_FAILING);

    while (query_next(&q)) {
        struct house_waiting *w = waiting_of(all, count, row_text(&q, 0));
        struct instant tried = { row_int(&q, 3) }, next = { row_int(&q, 4) };
        if (w == NULL)
            continue;
        if (w->failing == 0)
            w->failed_because = row_copy(&q, 1, a);
        if (w->failing == 0 || next.us < w->next_try.us)
            w->next_try = next;
        if (tried.us > w->tried.us)
            w->tried = tried;
        w->failing += row_int(&q, 2);
    }
    return query_end(&q, why);
}

bool house_waiting_look(struct store *s, struct arena *a, struct house_waiting **out,
                        size_t *count, struct fault *why)
{
    struct query q = query_begin(s, Q_HOUSE_WAITING);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    while (query_next(&q)) {
        struct house_waiting *w = waiting_of(*out, *count, row_text(&q, 0));
        if (w == NULL) {
            w = arena_push(a, *out, *count, room);
            *w = (struct house_waiting){ .channel = row_copy(&q, 0, a),
                                         .oldest = { row_int(&q, 3) } };
        }
        w->count += row_int(&q, 2);
        if (row_int(&q, 3) < w->oldest.us)
            w->oldest.us = row_int(&q, 3);
    }
    return query_end(&q, why) && failing_look(s, a, *out, *count, why);
}

static bool administrators_look(struct store *s, struct arena *a, const struct roles *roles,
                                struct house_look *out, struct fault *why)
{
    struct query q = query_begin(s, Q_HOUSE_ACTIVE);
    size_t room = 0;

    while (query_next(&q)) {
        const struct role *role = role_find(roles, row_text(&q, 0));
        if (role == NULL || (role->can & PERMISSION_BIT(MAY_ADMIN_USERS)) == 0)
            continue;
        *arena_push(a, out->administrators, out->administrator_count, room) = row_copy(&q, 1, a);
        if (out->administrator_count == 2)
            out->second_at.us = row_int(&q, 2);
    }
    return query_end(&q, why);
}

static bool mark_take(struct query *q, struct arena *a, struct house_mark *out,
                      struct fault *why)
{
    if (query_next(q))
        *out = (struct house_mark){ { row_int(q, 0) }, row_copy(q, 1, a) };
    return query_end(q, why);
}

static bool published_look(struct store *s, struct arena *a, const char *kind,
                           struct house_mark *out, struct fault *why)
{
    struct query q = query_begin(s, Q_HOUSE_LAST_PUBLISHED);

    bind_text(&q, kind);
    return mark_take(&q, a, out, why);
}

bool house_look(struct store *s, struct arena *a, const struct roles *roles,
                struct house_look *out, struct fault *why)
{
    *out = (struct house_look){ 0 };
    struct query q = query_begin(s, Q_HOUSE_ANY_CASEFILE);
    out->any_casefile = query_next(&q);
    if (!query_end(&q, why))
        return false;
    q = query_begin(s, Q_HOUSE_FIRST_FILE);
    return mark_take(&q, a, &out->first_file, why) &&
           published_look(s, a, "strategy", &out->strategy, why) &&
           published_look(s, a, "text", &out->text, why) &&
           administrators_look(s, a, roles, out, why) &&
           house_waiting_look(s, a, &out->waiting, &out->waiting_count, why);
}

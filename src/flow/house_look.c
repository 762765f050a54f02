#include "flow/house_look.h"

static bool waiting_look(struct store *s, struct arena *a, struct house_look *out,
                         struct fault *why)
{
    struct query q = query_begin(s, Q_HOUSE_WAITING);
    size_t room = 0;

    while (query_next(&q)) {
        struct house_waiting *last =
            out->waiting_count > 0 ? &out->waiting[out->waiting_count - 1] : NULL;
        if (last == NULL || !text_equal(last->channel, row_text(&q, 0))) {
            last = arena_push(a, out->waiting, out->waiting_count, room);
            *last = (struct house_waiting){ .channel = row_copy(&q, 0, a),
                                            .oldest = { row_int(&q, 3) } };
        }
        last->count += row_int(&q, 2);
        if (row_int(&q, 3) < last->oldest.us)
            last->oldest.us = row_int(&q, 3);
    }
    return query_end(&q, why);
}

static bool administrators_look(struct store *s, const struct roles *roles,
                                struct house_look *out, struct fault *why)
{
    struct query q = query_begin(s, Q_HOUSE_ADMINISTRATORS);

    while (query_next(&q)) {
        const struct role *role = role_find(roles, row_text(&q, 0));
        if (role != NULL && (role->can & PERMISSION_BIT(MAY_ADMIN_USERS)))
            out->administrators += row_int(&q, 1);
    }
    return query_end(&q, why);
}

bool house_look(struct store *s, struct arena *a, const struct roles *roles,
                struct house_look *out, struct fault *why)
{
    *out = (struct house_look){ 0 };
    struct query q = query_begin(s, Q_HOUSE_ANY_CASEFILE);
    out->any_casefile = query_next(&q);
    if (!query_end(&q, why))
        return false;
    q = query_begin(s, Q_HOUSE_LOADED_FILES);
    if (query_next(&q))
        out->loaded_files = row_int(&q, 0);
    return query_end(&q, why) && administrators_look(s, roles, out, why) &&
           waiting_look(s, a, out, why);
}

#include "flow/review.h"

bool review_last(struct store *s, struct instant *at, struct fault *why)
{
    struct query q = query_begin(s, Q_REVIEW_LAST);

    *at = (struct instant){ query_next(&q) ? row_int(&q, 0) : 0 };
    return query_end(&q, why);
}

bool review_changes(struct store *s, struct arena *a, struct instant since, size_t most,
                    struct review_change **out, size_t *count, bool *more, struct fault *why)
{
    struct query q = query_begin(s, Q_REVIEW_CHANGES);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    bind_int(&q, since.us);
    bind_int(&q, (int64_t)most + 1);
    while (query_next(&q))
        *arena_push(a, *out, *count, room) =
            (struct review_change){ .kind = row_copy(&q, 0, a),
                                    .name = row_copy(&q, 1, a),
                                    .version = (int32_t)row_int(&q, 2),
                                    .published_by = row_int(&q, 3),
                                    .agreed_by = row_int(&q, 4),
                                    .reason =
                                        row_text(&q, 5) != NULL ? row_copy(&q, 5, a) : NULL,
                                    .at = { row_int(&q, 6) } };
    *more = *count > most;
    *count -= *more;
    return query_end(&q, why);
}

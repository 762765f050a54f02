#include "flow/strategy_tally.h"

#include "flow/user.h"

bool strategy_tallies(struct store *s, struct arena *a, const char *clients, const char *desks,
                      struct instant until, struct strategy_tally **out, size_t *count,
                      struct fault *why)
{
    bool all = clients == NULL && desks == NULL;
    struct query q = query_begin(s, all ? Q_STRATEGY_COUNTS : Q_STRATEGY_COUNTS_OF);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    bind_int(&q, until.us);
    while (query_next(&q)) {
        if (all || user_sees(clients, desks, row_text(&q, 3), row_text(&q, 4)))
            *arena_push(a, *out, *count, room) =
                (struct strategy_tally){ row_copy(&q, 0, a), row_int(&q, 1), row_int(&q, 2) };
    }
    return query_end(&q, why);
}

bool segment_tallies(struct store *s, struct arena *a, const char *strategy,
                     const char *clients, const char *desks, struct segment_tally **out,
                     size_t *count, struct fault *why)
{
    struct query q = query_begin(s, Q_STRATEGY_SEGMENT_COUNTS);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    bind_text(&q, strategy);
    while (query_next(&q)) {
        if (user_sees(clients, desks, row_text(&q, 2), row_text(&q, 3)))
            *arena_push(a, *out, *count, room) =
                (struct segment_tally){ row_copy(&q, 0, a), row_copy(&q, 1, a),
                                        row_int(&q, 4) };
    }
    return query_end(&q, why);
}

#include "flow/api_list.h"

#include "base/text.h"
#include "flow/user.h"

enum { LOOKED_MOST = 2000 }; /* rows at once, for a reader who may see few of them */

static const enum query_name queries[] = { [API_LIST_PROMISES] = Q_API_PROMISES,
                                           [API_LIST_PLANS] = Q_API_PLANS,
                                           [API_LIST_OFFERS] = Q_API_OFFERS,
                                           [API_LIST_DISPUTES] = Q_API_DISPUTES,
                                           [API_LIST_PAYMENTS] = Q_API_PAYMENTS };

static void row_take(struct query *q, struct arena *a, struct api_list_row *out)
{
    *out = (struct api_list_row){ .key = { row_int(q, 0), row_int(q, 1) },
                                  .number = (int32_t)row_int(q, 2),
                                  .account = row_copy(q, 3, a),
                                  .name = row_copy(q, 4, a),
                                  .state = row_copy(q, 7, a),
                                  .currency = (enum currency)row_int(q, 8),
                                  .minor = row_int(q, 9),
                                  .first = { (int32_t)row_int(q, 10) },
                                  .last = { (int32_t)row_int(q, 11) },
                                  .what = row_copy(q, 12, a),
                                  .of = row_copy(q, 13, a) };
}

bool api_list(struct view *v, const struct api_list_request *r, struct api_list_row **out,
              size_t *count, struct api_list_row *last, bool *more, struct fault *why)
{
    bool limited = v->clients != NULL || v->desks != NULL;
    size_t room = 0, looked = 0, most = limited ? LOOKED_MOST : r->most;
    struct query q = query_begin(v->store, queries[r->kind]);

    *out = NULL;
    *count = 0;
    *more = false;
    bind_int(&q, r->after.bucket);
    bind_int(&q, r->after.id);
    bind_int(&q, r->after_number);
    bind_text(&q, r->state == NULL ? "" : r->state);
    bind_int(&q, (int64_t)most + 1);
    while (query_next(&q)) {
        if (looked == most || *count == r->most) {
            *more = true;
            continue;
        }
        looked++;
        row_take(&q, &v->arena, last);
        if (!limited || user_sees(v->clients, v->desks, row_text(&q, 5), row_text(&q, 6)))
            *arena_push(&v->arena, *out, *count, room) = *last;
    }
    return query_end(&q, why);
}

bool api_notes(struct view *v, struct casefile_key key, int64_t before, size_t most,
               struct api_note **out, size_t *count, struct fault *why)
{
    struct query q = query_begin(v->store, Q_API_NOTES);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    bind_int(&q, key.bucket);
    bind_int(&q, key.id);
    bind_int(&q, before);
    bind_int(&q, (int64_t)most);
    while (query_next(&q)) {
        struct api_note *n = arena_push(&v->arena, *out, *count, room);
        *n = (struct api_note){ .number = (int32_t)row_int(&q, 0),
                                .text = row_copy(&q, 1, &v->arena),
                                .author = row_copy(&q, 2, &v->arena),
                                .at = { row_int(&q, 3) },
                                .ended_at = { row_int(&q, 4) } };
    }
    return query_end(&q, why);
}

#include "flow/api_list.h"

#include "base/text.h"
#include "flow/user.h"

#include <string.h>

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
    bool all = v->clients == NULL && v->desks == NULL && r->state == NULL;
    size_t room = 0, looked = 0, most = all ? r->most : API_LOOK;
    struct query q = query_begin(v->store, queries[r->kind]);

    *out = NULL;
    *count = 0;
    *more = false;
    bind_int(&q, r->after.bucket);
    bind_int(&q, r->after.id);
    bind_int(&q, r->after_number);
    bind_int(&q, (int64_t)most + 1);
    while (!*more && query_next(&q)) {
        if (looked == most || *count == r->most) {
            *more = true;
            continue;
        }
        looked++;
        row_take(&q, &v->arena, last);
        if (user_sees(v->clients, v->desks, row_text(&q, 5), row_text(&q, 6)) &&
            (r->state == NULL || text_equal(r->state, last->state)))
            *arena_push(&v->arena, *out, *count, room) = *last;
    }
    return query_end(&q, why);
}

/* ---- Accounts --------------------------------------------------------------------------- */

static bool has_piece(struct arena *a, const char *text, const char *folded)
{
    return text != NULL && strstr(text_fold(a, text), folded) != NULL;
}

static bool account_is_asked(struct view *v, const struct api_accounts_request *r,
                             const char *folded, struct query *q)
{
    return user_sees(v->clients, v->desks, row_text(q, 6), row_text(q, 10)) &&
           (r->standing == NULL || text_equal(r->standing, row_text(q, 7))) &&
           (folded == NULL || has_piece(&v->arena, row_text(q, 2), folded) ||
            has_piece(&v->arena, row_text(q, 3), folded));
}

static void account_take(struct view *v, struct query *q, struct account_row *out)
{
    *out = (struct account_row){ .reference = row_copy(q, 2, &v->arena),
                                 .name = row_copy(q, 3, &v->arena),
                                 .place = row_copy(q, 4, &v->arena),
                                 .business = row_int(q, 5) != 0,
                                 .creditor = row_copy(q, 6, &v->arena),
                                 .standing = row_copy(q, 7, &v->arena),
                                 .reason = row_copy(q, 8, &v->arena),
                                 .segment = row_copy(q, 9, &v->arena),
                                 .desk = row_copy(q, 10, &v->arena) };
}

/* Their keys beside them: money is read when the list is. */
static bool accounts_read(struct view *v, const struct api_accounts_request *r,
                          struct api_accounts *out, struct casefile_key **keys, struct fault *why)
{
    const char *folded = r->text == NULL ? NULL : text_fold(&v->arena, r->text);
    struct query q = query_begin(v->store, Q_API_ACCOUNTS);
    size_t room = 0, key_room = 0, key_count = 0, looked = 0;

    bind_int(&q, r->after.bucket);
    bind_int(&q, r->after.id);
    bind_int(&q, API_LOOK + 1);
    while (!out->more && query_next(&q)) {
        if (looked == API_LOOK || out->count == r->most) {
            out->more = true;
            continue;
        }
        looked++;
        out->last = (struct casefile_key){ row_int(&q, 0), row_int(&q, 1) };
        if (!account_is_asked(v, r, folded, &q))
            continue;
        *arena_push(&v->arena, *keys, key_count, key_room) = out->last;
        account_take(v, &q, arena_push(&v->arena, out->rows, out->count, room));
    }
    return query_end(&q, why);
}

bool api_accounts(struct view *v, const struct api_accounts_request *r,
                  struct api_accounts *out, struct fault *why)
{
    struct casefile_key *keys = NULL;

    *out = (struct api_accounts){ 0 };
    if (!accounts_read(v, r, out, &keys, why))
        return false;
    for (size_t i = 0; i < out->count; i++) {
        if (!view_account_money(v, keys[i], &out->rows[i], why))
            return false;
    }
    return true;
}

/* ---- Notes ------------------------------------------------------------------------------ */

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

/* The money of one case file: payments, promises, plans, offers, and where the balance is from.
 */
#include "base/text.h"
#include "flow/view_parts.h"

enum { PAYMENTS_SHOWN = 50 };

/* ---- Where the balance is from ---------------------------------------------------------- */

static void origin_add(struct origin_sums *c, const char *account, int64_t minor)
{
    static const struct {
        const char *name;
        size_t place;
    } places[] = {
        { "placed", offsetof(struct origin_sums, placed) },
        { "charged_off", offsetof(struct origin_sums, placed) },
        { "adjustment", offsetof(struct origin_sums, adjusted) },
        { "charged", offsetof(struct origin_sums, charged) },
        { "discount", offsetof(struct origin_sums, forgone) },
        { "waived", offsetof(struct origin_sums, forgone) },
        { "forgiven", offsetof(struct origin_sums, forgone) },
        { "written_off", offsetof(struct origin_sums, forgone) },
        { "cash", offsetof(struct origin_sums, paid) },
        { "interest", offsetof(struct origin_sums, posted_interest) },
        { "fees", offsetof(struct origin_sums, posted_fees) },
        { "principal", offsetof(struct origin_sums, posted_rest) },
        { "costs", offsetof(struct origin_sums, posted_rest) },
        { "unapplied", offsetof(struct origin_sums, posted_rest) },
    };

    for (size_t i = 0; i < COUNT(places); i++) {
        if (text_equal(places[i].name, account))
            *(int64_t *)((char *)c + places[i].place) += minor;
    }
}

bool view_casefile_origins(struct view *v, const struct casefile_view *f,
                           struct origin_sums **out, size_t *count, struct fault *why)
{
    struct query q = view_of_file(v, Q_WEB_COMPONENTS, f->casefile->key);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    bind_int(&q, v->today.number);
    while (query_next(&q)) { /* by currency */
        enum currency currency = (enum currency)row_int(&q, 0);
        if (*count == 0 || (*out)[*count - 1].currency != currency)
            *arena_push(&v->arena, *out, *count, room) =
                (struct origin_sums){ .currency = currency };
        origin_add(&(*out)[*count - 1], row_text(&q, 1), row_int(&q, 2));
    }
    return query_end(&q, why);
}

/* ---- What came, and what was agreed ------------------------------------------------------ */

static bool payments_read(struct view *v, struct casefile_key key, struct casefile_money *out,
                          struct fault *why)
{
    struct query q = view_of_file(v, Q_FILE_PAYMENTS, key);
    size_t room = 0;

    bind_int(&q, PAYMENTS_SHOWN + 1);
    while (query_next(&q)) {
        struct payment_row_view *p =
            arena_push(&v->arena, out->payments, out->payment_count, room);
        *p = (struct payment_row_view){ .number = (int32_t)row_int(&q, 0),
                                        .reference = view_text(v, &q, 1),
                                        .received_day = view_day(&q, 2),
                                        .currency = (enum currency)row_int(&q, 3),
                                        .minor = row_int(&q, 4),
                                        .refunded_minor = row_int(&q, 5),
                                        .method = view_text(v, &q, 6),
                                        .state = view_text(v, &q, 7),
                                        .state_day = view_day(&q, 8),
                                        .reason = view_text(v, &q, 9) };
    }
    out->more_payments = out->payment_count > PAYMENTS_SHOWN;
    out->payment_count -= out->more_payments;
    return query_end(&q, why);
}

static bool promises_read(struct view *v, struct casefile_key key, struct casefile_money *out,
                          struct fault *why)
{
    struct query q = view_of_file(v, Q_WEB_PROMISES, key);
    size_t room = 0;

    while (query_next(&q)) {
        struct promise_row *p = arena_push(&v->arena, out->promises, out->promise_count, room);
        *p = (struct promise_row){ (int32_t)row_int(&q, 0), (enum currency)row_int(&q, 1),
                                   row_int(&q, 2),          view_day(&q, 3),
                                   view_day(&q, 4),         view_text(v, &q, 5) };
    }
    return query_end(&q, why);
}

bool view_casefile_money(struct view *v, const struct casefile_view *f,
                         struct casefile_money *out, struct fault *why)
{
    struct casefile_key key = f->casefile->key;

    *out = (struct casefile_money){ 0 };
    return payments_read(v, key, out, why) && promises_read(v, key, out, why);
}

/* ---- Every line ---------------------------------------------------------------------------
 */

bool view_casefile_lines(struct view *v, const struct casefile_view *f, struct balance *out,
                         bool *whole, struct fault *why)
{
    struct balance_request request = {
        .key = f->casefile->key, .since = DAY_NONE, .day = v->today, .known = INSTANT_NEVER
    };
    struct query q = view_of_file(v, Q_FILE_MOVEMENTS, f->casefile->key);

    *out = (struct balance){ 0 };
    bind_int(&q, LINES_MOST + 1);
    *whole = query_next(&q) && row_int(&q, 0) <= LINES_MOST;
    return query_end(&q, why) &&
           (!*whole || balance_read(v->store, &v->arena, &request, out, why));
}

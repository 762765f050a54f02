/* Book: money that came in, where it goes, and how it is taken back. */
#include "flow/book_parts.h"

static bool money_move(struct book *b, struct open_file *f, const struct payment_input *in,
                       int32_t number, struct fault *why)
{
    struct move_input m = { .is = { .kind = MOVEMENT_PAYMENT,
                                    .day = in->day,
                                    .due = DAY_NONE,
                                    .debt = in->debt,
                                    .component = COMPONENT_COUNT,
                                    .currency = in->currency,
                                    .minor = in->minor,
                                    .reference = in->reference },
                            .origin = arena_print(&b->arena, "payment %d", (int)number) };

    return in->pending || book_move(b, f, &m, why);
}

static bool payment_record(struct book *b, struct casefile_key key,
                           const struct payment_input *in, const char *change,
                           struct fault *why)
{
    struct json_writer w = book_record_begin(b);
    char amount[MONEY_TEXT], day[DAY_TEXT];

    json_text_at(&w, "payment", in->reference);
    json_text_at(&w, "change", change);
    json_text_at(&w, "amount", money_print(money_of(in->minor, in->currency), amount));
    json_text_at(&w, "currency", currency_code(in->currency));
    json_text_at(&w, "day", day_print(in->day, day));
    json_text_at(&w, "state", in->pending ? "pending" : "settled");
    return book_record_end(b, &w, key, "payment", why);
}

static bool payment_add(struct book *b, struct open_file *f, const struct payment_input *in,
                        struct fault *why)
{
    int32_t number = ++f->last_no;
    struct query q = query_begin(b->store, Q_PAYMENT_ADD);

    bind_key(&q, f->key);
    bind_int(&q, number);
    bind_text(&q, in->reference);
    bind_int(&q, in->day.number);
    bind_int(&q, in->currency);
    bind_int(&q, in->minor);
    bind_text(&q, book_or(in->method, "unknown"));
    bind_int(&q, in->debt);
    bind_text(&q, in->pending ? "pending" : "settled");
    bind_int(&q, in->day.number);
    return query_run(&q, why) && money_move(b, f, in, number, why) &&
           payment_record(b, f->key, in, "added", why) && book_file_wake(b, f);
}

static bool payment_write(struct book *b, const struct open_file *f, int32_t number,
                          const struct payment_input *in, const char *state, struct day day,
                          const char *reason, struct fault *why)
{
    struct query q = query_begin(b->store, Q_PAYMENT_CHANGE);

    bind_int(&q, in->day.number);
    bind_int(&q, in->minor);
    bind_int(&q, in->debt);
    bind_text(&q, state);
    bind_int(&q, day.number);
    bind_text(&q, reason);
    bind_key(&q, f->key);
    bind_int(&q, number);
    return query_run(&q, why);
}

static bool payment_change(struct book *b, struct open_file *f, const struct payment_input *in,
                           int32_t number, struct fault *why)
{
    const char *origin = arena_print(&b->arena, "payment %d", (int)number);

    *why = (struct fault){ 0 };
    return book_moves_end(b, f, origin, why) && money_move(b, f, in, number, why) &&
           payment_write(b, f, number, in, in->pending ? "pending" : "settled", in->day, NULL,
                         why) &&
           payment_record(b, f->key, in, "updated", why) && book_file_wake(b, f);
}

bool book_payment_put(struct book *b, struct casefile_key key, const struct payment_input *in,
                      enum change *change, struct fault *why)
{
    struct open_file f;
    int32_t number = 0;
    bool same = false, same_currency = true;

    must(in->minor > 0);
    *change = CHANGE_NONE;
    if (!book_file_load(b, key, &f, why))
        return false;
    struct query q = query_begin(b->store, Q_PAYMENT_BY_REFERENCE);
    bind_key(&q, key);
    bind_text(&q, in->reference);
    if (query_next(&q)) {
        number = (int32_t)row_int(&q, 0);
        same_currency = row_int(&q, 2) == (int64_t)in->currency;
        same = row_int(&q, 1) == in->day.number && row_int(&q, 3) == in->minor &&
               text_equal(row_text(&q, 5), in->pending ? "pending" : "settled");
    }
    if (!query_end(&q, why))
        return false;
    if (!same_currency)
        return fail(why, CONFLICT, "Payment \"%s\" is on file in another currency.",
                    in->reference);
    if (same)
        return true;
    *change = number == 0 ? CHANGE_ADDED : CHANGE_UPDATED;
    return number == 0 ? payment_add(b, &f, in, why)
                       : payment_change(b, &f, in, number, why);
}

/* ---- Money that did not stay ---- */

static const char *const payment_ends[] = { "failed", "returned", "charged_back" };

static bool payment_read(struct book *b, struct casefile_key key, const char *reference,
                         struct payment_input *out, int32_t *number, const char **state,
                         struct fault *why)
{
    struct query q = query_begin(b->store, Q_PAYMENT_BY_REFERENCE);

    *number = 0;
    bind_key(&q, key);
    bind_text(&q, reference);
    if (query_next(&q)) {
        *number = (int32_t)row_int(&q, 0);
        *out = (struct payment_input){ .reference = reference,
                                       .day = { (int32_t)row_int(&q, 1) },
                                       .currency = (enum currency)row_int(&q, 2),
                                       .minor = row_int(&q, 3),
                                       .debt = (int32_t)row_int(&q, 6) };
        *state = row_copy(&q, 5, &b->arena);
    }
    if (!query_end(&q, why))
        return false;
    return *number != 0 || fail(why, NOT_FOUND, "There is no payment \"%s\".", reference);
}

static bool back_record(struct book *b, struct casefile_key key, const char *reference,
                        const char *state, const char *reason, struct fault *why)
{
    struct json_writer w = book_record_begin(b);

    json_text_at(&w, "payment", reference);
    json_text_at(&w, "change", "taken_back");
    json_text_at(&w, "state", state);
    if (reason != NULL)
        json_text_at(&w, "reason", reason);
    return book_record_end(b, &w, key, "payment", why);
}

bool book_payment_back(struct book *b, struct casefile_key key, const char *reference,
                       enum payment_end end, const char *reason, enum change *change,
                       struct fault *why)
{
    const char *state = NULL, *to = payment_ends[end];
    struct payment_input in;
    struct open_file f;
    int32_t number;

    *change = CHANGE_NONE;
    if (!book_file_load(b, key, &f, why) ||
        !payment_read(b, key, reference, &in, &number, &state, why))
        return false;
    if (text_equal(state, to))
        return true;
    if (!text_equal(state, "settled") && !text_equal(state, "pending"))
        return fail(why, CONFLICT, "Payment \"%s\" is %s already.", reference, state);
    *change = CHANGE_UPDATED;
    return book_moves_end(b, &f, arena_print(&b->arena, "payment %d", (int)number), why) &&
           payment_write(b, &f, number, &in, to, wall_at(b->now, b->zone).day, reason, why) &&
           back_record(b, key, reference, to, reason, why) && book_file_wake(b, &f);
}

/* Book: money that came in, and where it goes. */
#include "flow/book_parts.h"

/* A payment, and what of it is for which debt; the rest is as the payment says. */
struct split {
    const struct payment_input *in;
    size_t count;
    const struct payment_part *parts;
};

const char *payment_origin(struct book *b, int32_t number)
{
    return arena_print(&b->arena, "payment %d", (int)number);
}

static int64_t rest_of(const struct split *s)
{
    int64_t rest = s->in->minor;

    for (size_t i = 0; i < s->count; i++) {
        must(s->parts[i].minor > 0 && s->parts[i].minor <= rest);
        rest -= s->parts[i].minor;
    }
    return rest;
}

static bool part_move(struct book *b, struct open_file *f, const struct payment_input *in,
                      int32_t number, struct payment_part part, struct fault *why)
{
    struct move_input m = { .is = { .kind = MOVEMENT_PAYMENT,
                                    .day = in->day,
                                    .due = DAY_NONE,
                                    .debt = part.debt,
                                    .component = COMPONENT_COUNT,
                                    .currency = in->currency,
                                    .minor = part.minor,
                                    .reference = in->reference },
                            .origin = payment_origin(b, number) };

    return part.minor == 0 || book_move(b, f, &m, why);
}

static bool money_move(struct book *b, struct open_file *f, const struct split *s,
                       int32_t number, struct fault *why)
{
    if (s->in->pending)
        return true;
    for (size_t i = 0; i < s->count; i++) {
        if (!part_move(b, f, s->in, number, s->parts[i], why))
            return false;
    }
    return part_move(b, f, s->in, number, (struct payment_part){ s->in->debt, rest_of(s) }, why);
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

static bool payment_add(struct book *b, struct open_file *f, const struct split *s,
                        struct fault *why)
{
    const struct payment_input *in = s->in;
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
    return query_run(&q, why) &&
           word_add(b->words, WORDS_PAYMENT, in->reference, f->key, number, why) &&
           money_move(b, f, s, number, why) &&
           payment_record(b, f->key, in, "added", why) &&
           book_file_wake_for(b, f, FOLLOW_OPEN);
}

bool payment_write(struct book *b, const struct open_file *f, int32_t number,
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

static bool payment_change(struct book *b, struct open_file *f, const struct split *s,
                           int32_t number, struct fault *why)
{
    const struct payment_input *in = s->in;

    return book_moves_end(b, f, payment_origin(b, number), why) &&
           money_move(b, f, s, number, why) &&
           payment_write(b, f, number, in, in->pending ? "pending" : "settled", in->day, NULL,
                         why) &&
           payment_record(b, f->key, in, "updated", why) && book_file_wake(b, f);
}

bool payment_revive(struct book *b, struct open_file *f, const struct payment_input *in,
                    int32_t number, struct fault *why)
{
    const struct split whole = { .in = in };

    return payment_change(b, f, &whole, number, why);
}

bool payment_read(struct book *b, struct casefile_key key, const char *reference,
                  struct payment_row *out, struct fault *why)
{
    struct query q = query_begin(b->store, Q_PAYMENT_BY_REFERENCE);

    *out = (struct payment_row){ 0 };
    bind_key(&q, key);
    bind_text(&q, reference);
    if (query_next(&q)) {
        out->number = (int32_t)row_int(&q, 0);
        out->is = (struct payment_input){ .reference = reference,
                                          .day = { (int32_t)row_int(&q, 1) },
                                          .currency = (enum currency)row_int(&q, 2),
                                          .minor = row_int(&q, 3),
                                          .debt = (int32_t)row_int(&q, 6),
                                          .method = row_copy(&q, 4, &b->arena) };
        out->state = row_copy(&q, 5, &b->arena);
        out->is.pending = text_equal(out->state, "pending");
        out->refunded_minor = row_int(&q, 7);
    }
    return query_end(&q, why);
}

/* Whether what is on file is for those debts. Nothing said of debts leaves it as it is. */
static bool is_split_so(struct book *b, struct casefile_key key, int32_t number,
                        const struct split *s, bool *so, struct fault *why)
{
    struct move_input *moves;
    size_t count, met = 0;

    *so = true;
    if (s->count == 0 || s->in->pending)
        return true;
    if (!book_moves_from(b, key, payment_origin(b, number), &moves, &count, why))
        return false;
    for (size_t i = 0; i < s->count; i++) {
        for (size_t k = 0; k < count; k++)
            met += moves[k].is.debt == s->parts[i].debt && moves[k].is.minor == s->parts[i].minor;
    }
    *so = met == s->count && count == s->count + (rest_of(s) != 0);
    return true;
}

static bool has_ended(const struct payment_row *old)
{
    return !text_equal(old->state, "settled") && !text_equal(old->state, "pending");
}

/* The same row of a file again does not bring back what was returned since. */
static bool ended_again(const struct payment_row *old, const struct payment_input *in,
                        enum change *change, struct fault *why)
{
    if (in->pending ||
        (old->is.day.number == in->day.number && old->is.minor == in->minor)) {
        *change = CHANGE_NONE;
        return true;
    }
    return fail(why, CONFLICT, "Payment \"%s\" is on file as %s.", in->reference, old->state);
}

static bool payment_again(struct book *b, struct open_file *f, const struct split *s,
                          const struct payment_row *old, enum change *change,
                          struct fault *why)
{
    const struct payment_input *in = s->in;
    bool so;

    if (old->is.currency != in->currency)
        return fail(why, CONFLICT, "Payment \"%s\" is on file in another currency.",
                    in->reference);
    /* A second attempt under the same number may succeed on another day. */
    if (has_ended(old) &&
        (!text_equal(old->state, "failed") || in->day.number <= old->is.day.number))
        return ended_again(old, in, change, why);
    if (!is_split_so(b, f->key, old->number, s, &so, why))
        return false;
    if (so && !has_ended(old) && old->is.day.number == in->day.number &&
        old->is.minor == in->minor && old->is.pending == in->pending)
        return true;
    if (old->refunded_minor > in->minor)
        return fail(why, CONFLICT, "Of payment \"%s\" more was refunded than that.",
                    in->reference);
    *change = CHANGE_UPDATED;
    return payment_change(b, f, s, old->number, why);
}

bool book_payment_split(struct book *b, struct casefile_key key, const struct payment_input *in,
                        const struct payment_part parts[], size_t count, enum change *change,
                        struct fault *why)
{
    const struct split s = { in, count, parts };
    struct payment_row old;
    struct open_file f;

    must(in->minor > 0);
    *change = CHANGE_NONE;
    if (!book_file_load(b, key, &f, why) || !payment_read(b, key, in->reference, &old, why))
        return false;
    if (old.number != 0)
        return payment_again(b, &f, &s, &old, change, why);
    *change = CHANGE_ADDED;
    return payment_add(b, &f, &s, why);
}

bool book_payment_put(struct book *b, struct casefile_key key, const struct payment_input *in,
                      enum change *change, struct fault *why)
{
    return book_payment_split(b, key, in, NULL, 0, change, why);
}

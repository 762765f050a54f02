/* Book: money that did not stay: returned, charged back, of another account, refunded. */
#include "flow/book_parts.h"

#include "flow/movements.h"

static const char *const payment_ends[] = { "failed", "returned", "charged_back", "duplicate" };

static bool payment_load(struct book *b, struct casefile_key key, const char *reference,
                         struct open_file *f, struct payment_row *out, struct fault *why)
{
    if (!book_file_load(b, key, f, why) || !payment_read(b, key, reference, out, why))
        return false;
    return out->number != 0 || fail(why, NOT_FOUND, "There is no payment \"%s\".", reference);
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

static bool take_back(struct book *b, struct open_file *f, const struct payment_row *p,
                      const char *state, const char *reason, struct fault *why)
{
    return book_moves_end(b, f, payment_origin(b, p->number), why) &&
           payment_write(b, f, p->number, &p->is, state, book_today(b), reason,
                         why) &&
           back_record(b, f->key, p->is.reference, state, reason, why) && book_file_wake(b, f);
}

static bool is_there(const struct payment_row *p, struct fault *why)
{
    if (text_equal(p->state, "settled") || text_equal(p->state, "pending"))
        return true;
    return fail(why, CONFLICT, "Payment \"%s\" is %s already.", p->is.reference,
                text_equal(p->state, "charged_back") ? "charged back" : p->state);
}

bool book_payment_back(struct book *b, struct casefile_key key, const char *reference,
                       enum payment_end end, const char *reason, enum change *change,
                       struct fault *why)
{
    struct payment_row p;
    struct open_file f;

    *change = CHANGE_NONE;
    if (!payment_load(b, key, reference, &f, &p, why))
        return false;
    if (text_equal(p.state, payment_ends[end]))
        return true;
    if (!is_there(&p, why))
        return false;
    *change = CHANGE_UPDATED;
    return take_back(b, &f, &p, payment_ends[end], reason, why);
}

/* ---- Of another account ---- */

static bool same_money(const struct payment_row *a, const struct payment_row *b)
{
    return a->is.day.number == b->is.day.number && a->is.minor == b->is.minor &&
           a->is.currency == b->is.currency;
}

/* It is there already, or has come from there: then it goes back into its own row. */
static bool put_moved(struct book *b, struct casefile_key to, const struct payment_row *p,
                      const struct payment_row *there, struct fault *why)
{
    struct payment_input in = p->is;
    enum change change;
    struct open_file f;

    in.debt = 0;
    if (there->number == 0)
        return book_payment_put(b, to, &in, &change, why);
    if (!text_equal(there->state, "moved") || !same_money(p, there))
        return fail(why, CONFLICT, "The other account has a payment \"%s\" of its own.",
                    in.reference);
    return book_file_load(b, to, &f, why) && payment_revive(b, &f, &in, there->number, why);
}

bool book_payment_move(struct book *b, struct casefile_key from, const char *reference,
                       struct casefile_key to, const char *reason, enum change *change,
                       struct fault *why)
{
    struct payment_row p, there;
    struct open_file f;

    must(from.id != to.id || from.bucket != to.bucket);
    *change = CHANGE_NONE;
    if (!payment_read(b, to, reference, &there, why) ||
        !payment_load(b, from, reference, &f, &p, why))
        return false;
    if (text_equal(p.state, "moved") && there.number != 0 && same_money(&p, &there) &&
        !text_equal(there.state, "moved"))
        return true;
    if (!is_there(&p, why))
        return false;
    if (p.refunded_minor > 0)
        return fail(why, CONFLICT, "A part of payment \"%s\" was refunded from this account.",
                    reference);
    *change = CHANGE_UPDATED;
    return take_back(b, &f, &p, "moved", reason, why) && put_moved(b, to, &p, &there, why);
}

/* ---- Given back ---- */

static const char *refund_origin(struct book *b, int32_t payment)
{
    return arena_print(&b->arena, "refund of payment %d", (int)payment);
}

/* Of what waits, both on that day and now. */
static bool may_be_refunded(struct book *b, struct casefile_key key, const struct payment_row *p,
                            const struct refund_input *in, struct fault *why)
{
    struct day days[] = { in->day, book_today(b) };
    struct money left = money_of(p->is.minor - p->refunded_minor, p->is.currency);
    char text[MONEY_TEXT];
    int64_t waiting;

    if (!text_equal(p->state, "settled"))
        return fail(why, CONFLICT, "Payment \"%s\" is %s: there is nothing to refund.",
                    p->is.reference, p->state);
    if (in->minor > left.minor)
        return fail(why, CONFLICT, "Of payment \"%s\" %s is left to refund, not more.",
                    p->is.reference, money_print(left, text));
    for (size_t i = 0; i < COUNT(days); i++) {
        if (!book_waiting(b, key, p->is.currency, days[i], &waiting, why))
            return false;
        if (waiting >= in->minor)
            continue;
        fail(why, CONFLICT, "Only %s of this account waits and can be refunded.",
             money_print(money_of(waiting > 0 ? waiting : 0, p->is.currency), text));
        return fault_hint(why, "what paid a debt is not refunded; take the payment back, or "
                               "credit the debt first");
    }
    return true;
}

static bool refund_record(struct book *b, struct casefile_key key, const struct payment_row *p,
                          const struct refund_input *in, struct fault *why)
{
    struct json_writer w = book_record_begin(b);
    char amount[MONEY_TEXT];

    json_text_at(&w, "payment", p->is.reference);
    json_text_at(&w, "change", "refunded");
    json_text_at(&w, "amount", money_print(money_of(in->minor, p->is.currency), amount));
    json_text_at(&w, "currency", currency_code(p->is.currency));
    if (in->reason != NULL)
        json_text_at(&w, "reason", in->reason);
    if (in->author != NULL)
        json_text_at(&w, "author", in->author);
    return book_record_end(b, &w, key, "payment", why);
}

bool book_payment_refundable(struct book *b, struct casefile_key key,
                             const struct refund_input *in, struct fault *why)
{
    struct payment_row p;
    struct open_file f;

    return payment_load(b, key, in->reference, &f, &p, why) &&
           may_be_refunded(b, key, &p, in, why);
}

bool book_payment_refund(struct book *b, struct casefile_key key, const struct refund_input *in,
                         int32_t *number, struct fault *why)
{
    struct payment_row p;
    struct open_file f;

    must(in->minor > 0);
    if (!payment_load(b, key, in->reference, &f, &p, why) ||
        !may_be_refunded(b, key, &p, in, why) || !book_file_load(b, key, &f, why))
        return false;
    struct move_input m = { .is = { .kind = MOVEMENT_REFUND,
                                    .day = in->day,
                                    .due = DAY_NONE,
                                    .component = COMPONENT_COUNT,
                                    .currency = p.is.currency,
                                    .minor = in->minor },
                            .origin = refund_origin(b, p.number),
                            .reason = in->reason,
                            .author = in->author };
    m.is.reference = arena_print(&b->arena, "%s %d", in->reference, (int)f.last_no + 1);
    if (!book_move(b, &f, &m, why))
        return false;
    *number = m.is.number;
    struct query q = query_begin(b->store, Q_PAYMENT_REFUNDED);
    bind_int(&q, in->minor);
    bind_key(&q, key);
    bind_int(&q, p.number);
    return query_run(&q, why) && refund_record(b, key, &p, in, why) && book_file_wake(b, &f);
}

bool book_waiting(struct book *b, struct casefile_key key, enum currency currency,
                  struct day day, int64_t *minor, struct fault *why)
{
    struct ledger_books books;

    *minor = 0;
    if (!book_settle(b, why) ||
        !books_as_of(b->store, &b->arena, key, day, INSTANT_NEVER, &books, why))
        return false;
    *minor = ledger_waiting(&books.state, currency);
    return true;
}

/* Book: money that came in, where it goes, and how it is taken back. */
#include "flow/book_parts.h"

static bool payable(struct book *b, struct casefile_key key, const struct payment_input *in,
                    struct slice **out, size_t *count, struct fault *why)
{
    struct query q = query_begin(b->store, Q_INSTALMENTS_PAYABLE);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    bind_key(&q, key);
    bind_int(&q, in->currency);
    bind_int(&q, in->debt);
    while (query_next(&q)) {
        struct slice *s = arena_push(&b->arena, *out, *count, room);
        *s = (struct slice){ .debt = (int32_t)row_int(&q, 0),
                             .number = (int32_t)row_int(&q, 1),
                             .due = { (int32_t)row_int(&q, 2) },
                             .amount = row_int(&q, 3),
                             .paid = row_int(&q, 4),
                             .first = { (int32_t)row_int(&q, 5) },
                             .last = { (int32_t)row_int(&q, 6) } };
    }
    return query_end(&q, why);
}

static bool pay_slices(struct entry *e, const struct payment_input *in, int64_t *left,
                       struct fault *why)
{
    struct slice *slices;
    size_t count;

    if (!payable(e->b, e->key, in, &slices, &count, why))
        return false;
    for (size_t i = 0; i<count && * left> 0; i++) {
        struct slice *s = &slices[i];
        int64_t part = s->amount - s->paid < *left ? s->amount - s->paid : *left;
        *left -= part;
        s->paid += part;
        if (s->first.number > in->day.number)
            s->first = in->day;
        if (s->last.number < in->day.number || s->last.number == DAY_NEVER.number)
            s->last = in->day;
        if (!entry_line(e, "principal", s->debt, s->number, -part, why) ||
            !slice_write(e->b, e->key, s, why))
            return false;
    }
    return true;
}

struct charge {
    const char *account;
    int32_t debt;
    int64_t open;
};

static bool pay_charges(struct entry *e, const struct payment_input *in, int64_t *left,
                        struct fault *why)
{
    struct query q = query_begin(e->b->store, Q_CHARGES_OPEN);
    struct charge *charges = NULL;
    size_t count = 0, room = 0;

    bind_key(&q, e->key);
    bind_int(&q, in->currency);
    bind_int(&q, in->debt);
    while (query_next(&q)) {
        struct charge *c = arena_push(&e->b->arena, charges, count, room);
        *c = (struct charge){ row_copy(&q, 0, &e->b->arena), (int32_t)row_int(&q, 1),
                              row_int(&q, 2) };
    }
    if (!query_end(&q, why))
        return false;
    for (size_t i = 0; i<count && * left> 0; i++) {
        int64_t part = charges[i].open < *left ? charges[i].open : *left;
        *left -= part;
        if (!entry_line(e, charges[i].account, charges[i].debt, 0, -part, why))
            return false;
    }
    return true;
}

static bool allocate(struct book *b, struct open_file *f, const struct payment_input *in,
                     int32_t *entry, struct fault *why)
{
    struct entry e = { b, f->key, ++f->last_no, 0, in->day, in->currency, 0 };
    int64_t left = in->minor;

    *entry = e.number;
    if (!entry_line(&e, "cash", 0, 0, in->minor, why) || !pay_slices(&e, in, &left, why))
        return false;
    if (left > 0 && !pay_charges(&e, in, &left, why))
        return false;
    if (!entry_line(&e, "unapplied", 0, 0, -left, why))
        return false;
    must(e.sum == 0);
    return true;
}

struct line {
    const char *account;
    struct day day;
    int32_t debt, instalment;
    enum currency currency;
    int64_t minor;
};

static bool lines_of_entry(struct book *b, struct casefile_key key, int32_t entry,
                           struct line **out, size_t *count, struct fault *why)
{
    struct query q = query_begin(b->store, Q_ENTRY_LINES);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    bind_key(&q, key);
    bind_int(&q, entry);
    while (query_next(&q)) {
        struct line *l = arena_push(&b->arena, *out, *count, room);
        *l = (struct line){ row_copy(&q, 2, &b->arena),    { (int32_t)row_int(&q, 1) },
                            (int32_t)row_int(&q, 3),       (int32_t)row_int(&q, 4),
                            (enum currency)row_int(&q, 5), row_int(&q, 6) };
    }
    return query_end(&q, why);
}

static bool slice_give_back(struct book *b, struct casefile_key key, const struct line *l,
                            struct fault *why)
{
    struct slice *slices;
    size_t count;

    if (!slices_of_debt(b, key, l->debt, &slices, &count, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (slices[i].number != l->instalment)
            continue;
        slices[i].paid += l->minor;
        return slice_days(b, key, &slices[i], why) && slice_write(b, key, &slices[i], why);
    }
    return true;
}

/* Takes an allocation back: the same lines with the other sign, on the same day. */
static bool take_back(struct book *b, struct open_file *f, int32_t entry, struct fault *why)
{
    struct line *lines;
    size_t count;

    if (!lines_of_entry(b, f->key, entry, &lines, &count, why) || count == 0)
        return count == 0 && why->code == FAULT_NONE;
    struct entry e = { b, f->key, ++f->last_no, 0, lines[0].day, lines[0].currency, 0 };
    for (size_t i = 0; i < count; i++) {
        const struct line *l = &lines[i];
        if (!entry_line(&e, l->account, l->debt, l->instalment, -l->minor, why))
            return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (text_equal(lines[i].account, "principal") &&
            !slice_give_back(b, f->key, &lines[i], why))
            return false;
    }
    return true;
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
    int32_t number = ++f->last_no, entry = 0;

    if (!in->pending && !allocate(b, f, in, &entry, why))
        return false;
    struct query q = query_begin(b->store, Q_PAYMENT_ADD);
    bind_key(&q, f->key);
    bind_int(&q, number);
    bind_text(&q, in->reference);
    bind_int(&q, in->day.number);
    bind_int(&q, in->currency);
    bind_int(&q, in->minor);
    bind_text(&q, book_or(in->method, "unknown"));
    bind_text(&q, in->pending ? "pending" : "settled");
    bind_int(&q, entry);
    return query_run(&q, why) && payment_record(b, f->key, in, "added", why) &&
           book_file_wake(b, f);
}

static bool payment_change(struct book *b, struct open_file *f, const struct payment_input *in,
                           int32_t number, int32_t old_entry, struct fault *why)
{
    int32_t entry = 0;

    *why = (struct fault){ 0 };
    if (old_entry != 0 && !take_back(b, f, old_entry, why))
        return false;
    if (!in->pending && !allocate(b, f, in, &entry, why))
        return false;
    struct query q = query_begin(b->store, Q_PAYMENT_CHANGE);
    bind_int(&q, in->day.number);
    bind_int(&q, in->minor);
    bind_text(&q, in->pending ? "pending" : "settled");
    bind_int(&q, entry);
    bind_key(&q, f->key);
    bind_int(&q, number);
    return query_run(&q, why) && payment_record(b, f->key, in, "updated", why) &&
           book_file_wake(b, f);
}

bool book_payment_put(struct book *b, struct casefile_key key, const struct payment_input *in,
                      enum change *change, struct fault *why)
{
    struct open_file f;
    int32_t number = 0, entry = 0;
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
        entry = (int32_t)row_int(&q, 6);
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
                       : payment_change(b, &f, in, number, entry, why);
}

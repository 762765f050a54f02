/* Book: the lines of entries, and what they say of instalments. */
#include "flow/book_parts.h"

bool entry_line(struct entry *e, const char *account, int32_t debt, int32_t instalment,
                int64_t minor, struct fault *why)
{
    if (minor == 0)
        return true;
    if (__builtin_add_overflow(e->sum, minor, &e->sum))
        return fail(why, BAD_VALUE, "The amount is too large.");
    struct query q = query_begin(e->b->store, Q_POSTING_ADD);
    bind_key(&q, e->key);
    bind_int(&q, e->number);
    bind_int(&q, ++e->lines);
    bind_int(&q, e->day.number);
    bind_text(&q, account);
    bind_int(&q, debt);
    bind_int(&q, instalment);
    bind_int(&q, e->currency);
    bind_int(&q, minor);
    return query_run(&q, why);
}

bool slice_write(struct book *b, struct casefile_key key, const struct slice *s,
                 struct fault *why)
{
    struct query q = query_begin(b->store, Q_INSTALMENT_MONEY);

    bind_int(&q, s->due.number);
    bind_int(&q, s->amount);
    bind_int(&q, s->paid);
    bind_int(&q, s->first.number);
    bind_int(&q, s->last.number);
    bind_key(&q, key);
    bind_int(&q, s->debt);
    bind_int(&q, s->number);
    return query_run(&q, why);
}

/* After money was taken back, only the postings know the first and the last day. */
bool slice_days(struct book *b, struct casefile_key key, struct slice *s, struct fault *why)
{
    struct query q = query_begin(b->store, Q_INSTALMENT_PAID_DAYS);

    s->first = s->last = DAY_NEVER;
    bind_key(&q, key);
    bind_int(&q, s->debt);
    bind_int(&q, s->number);
    while (query_next(&q)) {
        if (row_int(&q, 1) == 0)
            continue;
        s->last = (struct day){ (int32_t)row_int(&q, 0) };
        if (s->first.number == DAY_NEVER.number)
            s->first = s->last;
    }
    return query_end(&q, why);
}

bool slices_of_debt(struct book *b, struct casefile_key key, int32_t debt, struct slice **out,
                    size_t *count, struct fault *why)
{
    struct query q = query_begin(b->store, Q_INSTALMENTS_OF_DEBT);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    bind_key(&q, key);
    bind_int(&q, debt);
    while (query_next(&q)) {
        struct slice *s = arena_push(&b->arena, *out, *count, room);
        *s = (struct slice){ .debt = debt,
                             .number = (int32_t)row_int(&q, 0),
                             .due = { (int32_t)row_int(&q, 1) },
                             .amount = row_int(&q, 2),
                             .paid = row_int(&q, 3),
                             .first = { (int32_t)row_int(&q, 4) },
                             .last = { (int32_t)row_int(&q, 5) } };
    }
    return query_end(&q, why);
}

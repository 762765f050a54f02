#include "store/figures.h"

#include "base/text.h"

#include <stdio.h>

bool figures_zone(struct store *s, const struct zone **zone, struct fault *why)
{
    struct query q = query_begin(s, Q_META_GET);
    char name[128] = "UTC";

    bind_text(&q, "zone");
    if (query_next(&q) && !text_is_empty(row_text(&q, 0)))
        snprintf(name, sizeof name, "%s", row_text(&q, 0));
    if (!query_end(&q, why))
        return false;
    *zone = zone_find(name);
    if (*zone != NULL)
        return true;
    fail(why, BAD_VALUE, "The time zone \"%s\" of the book is not known to this system.", name);
    return fault_hint(why, "install the system's tzdata");
}

bool figures_buckets(struct store *s, struct figures_buckets *out, struct fault *why)
{
    struct query q = query_begin(s, Q_FIGURES_BUCKETS);

    *out = (struct figures_buckets){ 0 };
    while (query_next(&q)) {
        int64_t bucket = row_int(&q, 0);
        if (bucket >= 0 && bucket < BUCKETS)
            out->used[bucket] = true;
    }
    return query_end(&q, why);
}

/* Rows in the order of their keys, one looked at ahead. Those of another stream are met by
 * walking both: one step through each is enough. */
struct stream {
    struct query q;
    bool more;
};

static struct stream stream_begin(struct store *s, enum query_name name)
{
    return (struct stream){ .q = query_begin(s, name) };
}

static void stream_next(struct stream *stream)
{
    stream->more = query_next(&stream->q);
}

/* Below 0 when the row at hand comes before this item, 0 when it belongs to it. */
static int stream_order(struct stream *stream, const struct dated_item *item, int columns)
{
    const int64_t key[3] = { item->casefile_id, item->debt, item->number };

    for (int i = 0; i < columns; i++) {
        int64_t value = row_int(&stream->q, i);
        if (value != key[i])
            return value < key[i] ? -1 : 1;
    }
    return 0;
}

/* Walks to the item; true when a row of it is at hand. */
static bool stream_meet(struct stream *stream, const struct dated_item *item, int columns)
{
    while (stream->more) {
        int order = stream_order(stream, item, columns);
        if (order >= 0)
            return order == 0;
        stream_next(stream);
    }
    return false;
}

struct reading {
    struct stream debts, items, later;
    int64_t bucket;
    struct day day;
    struct fault *why;
};

static int64_t paid_later(struct reading *r, const struct dated_item *item)
{
    int64_t paid = 0;

    for (; stream_meet(&r->later, item, 3); stream_next(&r->later))
        paid -= row_int(&r->later.q, 3);
    return paid;
}

/* Most instalments say by themselves what was open on any day. */
static int64_t open_on(struct reading *r, const struct dated_item *item, struct query *q)
{
    int64_t paid = row_int(q, 5);

    if (r->day.number < row_int(q, 6))
        return item->amount_minor;
    if (r->day.number >= row_int(q, 7))
        return item->amount_minor - paid;
    return item->amount_minor - paid + paid_later(r, item);
}

static bool bad_row(struct reading *r, const struct dated_item *item)
{
    return fail(r->why, DB_ROW,
                "Debt %d of case file %lld in bucket %lld is missing, or in no "
                "known currency.",
                item->debt, (long long)item->casefile_id, (long long)r->bucket);
}

static bool item_read(struct reading *r, struct dated_item *item)
{
    struct query *q = &r->items.q, *debt = &r->debts.q;

    *item = (struct dated_item){
        .bucket = r->bucket,
        .casefile_id = row_int(q, 0),
        .debt = (int32_t)row_int(q, 1),
        .number = (int32_t)row_int(q, 2),
        .due_day = { (int32_t)row_int(q, 3) },
        .amount_minor = row_int(q, 4),
    };
    if (!stream_meet(&r->debts, item, 2) || !currency_is_known(row_int(debt, 2)))
        return bad_row(r, item);
    item->currency = (enum currency)row_int(debt, 2);
    item->invoice_day = (struct day){ (int32_t)row_int(debt, 3) };
    item->open_minor = open_on(r, item, q);
    return true;
}

static bool items_read(struct reading *r, void (*take)(void *, const struct dated_item *),
                       void *into)
{
    struct dated_item item;

    for (stream_next(&r->items); r->items.more; stream_next(&r->items)) {
        if (!item_read(r, &item))
            return false;
        if (item.invoice_day.number <= r->day.number)
            take(into, &item);
    }
    return true;
}

bool figures_items(struct store *s, int64_t bucket, struct day day,
                   void (*take)(void *into, const struct dated_item *item), void *into,
                   struct fault *why)
{
    struct reading r = { stream_begin(s, Q_FIGURES_DEBTS),
                         stream_begin(s, Q_FIGURES_ITEMS),
                         stream_begin(s, Q_FIGURES_PAID_LATER),
                         bucket,
                         day,
                         why };

    bind_int(&r.debts.q, bucket);
    bind_int(&r.items.q, bucket);
    bind_int(&r.later.q, bucket);
    bind_int(&r.later.q, day.number);
    stream_next(&r.debts);
    stream_next(&r.later);
    struct fault bad = { 0 };
    r.why = &bad;
    bool fine = items_read(&r, take, into);
    bool read = query_end(&r.debts.q, &bad);
    read = query_end(&r.items.q, &bad) && read;
    read = query_end(&r.later.q, &bad) && read;
    if (!read || !fine)
        *why = bad;
    return read && fine;
}

static void bind_days(struct query *q, const struct figures_period *p)
{
    bind_int(q, p->from.number);
    bind_int(q, p->to.number);
}

static bool currency_of(struct query *q, int column, enum currency *out, struct fault *why)
{
    int64_t number = row_int(q, column);

    *out = (enum currency)number;
    if (currency_is_known(number))
        return true;
    return fail(why, DB_ROW, "The book holds an amount in no known currency (%lld).",
                (long long)number);
}

/* Ends the query; the fault of the rows, if there is one, wins. */
static bool ended(struct query *q, bool fine, struct fault *why)
{
    struct fault ignored;

    return query_end(q, fine ? why : &ignored) && fine;
}

static bool cash_read(struct store *s, int64_t bucket, const struct figures_period *p,
                      void (*take)(void *into, const struct figures_money *money), void *into,
                      struct fault *why)
{
    struct query q = query_begin(s, Q_FIGURES_CASH);
    struct figures_money money = { 0 };
    bool fine = true;

    bind_days(&q, p);
    bind_int(&q, bucket);
    bind_int(&q, p->today.number);
    while (fine && query_next(&q)) {
        fine = currency_of(&q, 0, &money.currency, why);
        money.collected_minor = row_int(&q, 1);
        money.collected_ever_minor = row_int(&q, 2);
        if (fine)
            take(into, &money);
    }
    return ended(&q, fine, why);
}

static bool promises_read(struct store *s, int64_t bucket, const struct figures_period *p,
                          void (*take)(void *into, const struct figures_money *money),
                          void *into, struct fault *why)
{
    struct query q = query_begin(s, Q_FIGURES_PROMISES);
    struct figures_money money = { 0 };
    bool fine = true;

    bind_int(&q, bucket);
    bind_days(&q, p);
    bind_int(&q, p->today.number);
    while (fine && query_next(&q)) {
        fine = currency_of(&q, 0, &money.currency, why);
        money.promises = row_int(&q, 1);
        money.promised_minor = row_int(&q, 2);
        money.kept = row_int(&q, 3);
        money.kept_minor = row_int(&q, 4);
        if (fine)
            take(into, &money);
    }
    return ended(&q, fine, why);
}

bool figures_money(struct store *s, int64_t bucket, const struct figures_period *p,
                   void (*take)(void *into, const struct figures_money *money), void *into,
                   struct fault *why)
{
    return cash_read(s, bucket, p, take, into, why) &&
           promises_read(s, bucket, p, take, into, why);
}

static void bind_moments(struct query *q, int64_t bucket, const struct figures_period *p)
{
    bind_int(q, bucket);
    bind_int(q, p->from_at.us);
    bind_int(q, p->to_at.us);
}

bool figures_calls(struct store *s, int64_t bucket, const struct figures_period *p,
                   int64_t *tried, int64_t *conversations, struct fault *why)
{
    struct query q = query_begin(s, Q_FIGURES_CALLS);

    *tried = *conversations = 0;
    bind_moments(&q, bucket, p);
    if (query_next(&q)) {
        *tried = row_int(&q, 0);
        *conversations = row_int(&q, 1);
    }
    return query_end(&q, why);
}

bool figures_casefiles(struct store *s, int64_t bucket, enum figures_list list,
                       const struct figures_period *p,
                       void (*take)(void *into, int64_t casefile_id), void *into,
                       struct fault *why)
{
    bool disputed = list == FIGURES_DISPUTED;
    struct query q = query_begin(s, disputed ? Q_FIGURES_DISPUTED : Q_FIGURES_CONTACTED);

    if (disputed) {
        bind_int(&q, bucket);
        bind_int(&q, p->now.us);
    } else {
        bind_moments(&q, bucket, p);
    }
    while (query_next(&q))
        take(into, row_int(&q, 0));
    return query_end(&q, why);
}

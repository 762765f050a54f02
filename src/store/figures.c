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

/* The row that stands next in a stream of later payments. */
struct later {
    struct query q;
    bool more;
    int64_t casefile_id, debt, number, minor;
};

static void later_next(struct later *l)
{
    l->more = query_next(&l->q);
    if (!l->more)
        return;
    l->casefile_id = row_int(&l->q, 0);
    l->debt = row_int(&l->q, 1);
    l->number = row_int(&l->q, 2);
    l->minor = row_int(&l->q, 3);
}

/* Below 0 when the later row belongs to an instalment before this item, 0 when to this one. */
static int later_order(const struct later *l, const struct dated_item *item)
{
    if (l->casefile_id != item->casefile_id)
        return l->casefile_id < item->casefile_id ? -1 : 1;
    if (l->debt != item->debt)
        return l->debt < item->debt ? -1 : 1;
    return l->number == item->number ? 0 : l->number < item->number ? -1 : 1;
}

/* Both streams come in the order of the keys, so one step through each is enough. */
static int64_t paid_after(struct later *l, const struct dated_item *item)
{
    int64_t paid = 0;
    int order = 0;

    while (l->more && order <= 0) {
        order = later_order(l, item);
        if (order == 0)
            paid -= l->minor;
        if (order <= 0)
            later_next(l);
    }
    return paid;
}

static bool item_of_row(struct query *q, int64_t bucket, struct dated_item *item)
{
    if (!currency_is_known(row_int(q, 3)))
        return false;
    *item = (struct dated_item){
        .bucket = bucket,
        .casefile_id = row_int(q, 0),
        .debt = (int32_t)row_int(q, 1),
        .number = (int32_t)row_int(q, 2),
        .currency = (enum currency)row_int(q, 3),
        .invoice_day = { (int32_t)row_int(q, 4) },
        .due_day = { (int32_t)row_int(q, 5) },
        .amount_minor = row_int(q, 6),
        .open_minor = row_int(q, 6) - row_int(q, 7),
    };
    return true;
}

bool figures_items(struct store *s, int64_t bucket, struct day day,
                   void (*take)(void *into, const struct dated_item *item), void *into,
                   struct fault *why)
{
    struct later later = { .q = query_begin(s, Q_FIGURES_PAID_LATER) };
    struct dated_item item;
    bool fine = true;

    bind_int(&later.q, bucket);
    bind_int(&later.q, day.number);
    later_next(&later);
    struct query q = query_begin(s, Q_FIGURES_ITEMS);
    bind_int(&q, bucket);
    bind_int(&q, day.number);
    while (fine && query_next(&q)) {
        fine = item_of_row(&q, bucket, &item);
        if (!fine) {
            fail(why, DB_ROW, "Case file %lld of bucket %lld has a debt in no known currency.",
                 (long long)row_int(&q, 0), (long long)bucket);
            break;
        }
        item.open_minor += paid_after(&later, &item);
        take(into, &item);
    }
    bool read = query_end(&q, fine ? why : NULL);
    return query_end(&later.q, fine && read ? why : NULL) && read && fine;
}

/* Figures, continued: what was done, deed by deed. */
#include "store/figures.h"

struct reading {
    struct store *store;
    int64_t bucket;
    const struct figures_period *period;
    const struct zone *zone;
    void (*take)(void *into, const struct figures_deed *deed);
    void *into;
    struct fault *why;
};

static struct query begin(struct reading *r, enum query_name name)
{
    struct query q = query_begin(r->store, name);

    bind_int(&q, r->bucket);
    return q;
}

static struct query begin_moments(struct reading *r, enum query_name name)
{
    struct query q = begin(r, name);

    bind_int(&q, r->period->from_at.us);
    bind_int(&q, r->period->to_at.us);
    return q;
}

static void take(struct reading *r, struct figures_deed deed)
{
    if (deed.channel == NULL)
        deed.channel = "";
    if (deed.reason == NULL)
        deed.reason = "";
    r->take(r->into, &deed);
}

static struct day day_of_row(struct reading *r, struct query *q)
{
    return wall_at((struct instant){ row_int(q, 0) }, r->zone).day;
}

static bool messages_read(struct reading *r)
{
    struct query q = begin_moments(r, Q_FIGURES_MESSAGES);

    while (query_next(&q))
        take(r, (struct figures_deed){ .what = "message",
                                       .day = day_of_row(r, &q),
                                       .channel = row_text(&q, 1),
                                       .state = row_text(&q, 2),
                                       .count = 1 });
    return query_end(&q, r->why);
}

static bool contacts_read(struct reading *r)
{
    struct query q = begin_moments(r, Q_FIGURES_CONTACTS);

    while (query_next(&q))
        take(r, (struct figures_deed){ .what = row_int(&q, 3) == 0 ? "contact_made"
                                                                   : "contact_received",
                                       .day = day_of_row(r, &q),
                                       .channel = row_text(&q, 1),
                                       .state = row_text(&q, 2),
                                       .count = 1 });
    return query_end(&q, r->why);
}

static bool records_read(struct reading *r)
{
    struct query q = begin_moments(r, Q_FIGURES_RECORDS);

    while (query_next(&q))
        take(r, (struct figures_deed){ .what = "record",
                                       .day = day_of_row(r, &q),
                                       .state = row_text(&q, 1),
                                       .count = 1 });
    return query_end(&q, r->why);
}

static bool payments_read(struct reading *r)
{
    struct query q = begin(r, Q_FIGURES_PAYMENTS);
    bool fine = true;

    bind_int(&q, r->period->from.number);
    bind_int(&q, r->period->to.number);
    while (fine && query_next(&q)) {
        fine = currency_is_known(row_int(&q, 3));
        if (fine)
            take(r, (struct figures_deed){ .what = "payment",
                                           .day = { (int32_t)row_int(&q, 0) },
                                           .channel = row_text(&q, 1),
                                           .state = row_text(&q, 2),
                                           .count = 1,
                                           .currency = (enum currency)row_int(&q, 3),
                                           .minor = row_int(&q, 4) });
    }
    if (query_end(&q, r->why) && fine)
        return true;
    return fine ? false
                : fail(r->why, DB_ROW, "A payment in bucket %lld is in no known currency.",
                       (long long)r->bucket);
}

static bool standings_read(struct reading *r)
{
    struct query q = begin(r, Q_FIGURES_STANDINGS);

    while (query_next(&q))
        take(r, (struct figures_deed){ .what = "standing",
                                       .day = r->period->today,
                                       .state = row_text(&q, 0),
                                       .reason = row_text(&q, 1),
                                       .count = row_int(&q, 2) });
    return query_end(&q, r->why);
}

bool figures_deeds(struct store *s, int64_t bucket, const struct figures_period *p,
                   const struct zone *zone,
                   void (*take_deed)(void *into, const struct figures_deed *deed), void *into,
                   struct fault *why)
{
    struct reading r = { s, bucket, p, zone, take_deed, into, why };

    return messages_read(&r) && contacts_read(&r) && records_read(&r) && payments_read(&r) &&
           standings_read(&r);
}

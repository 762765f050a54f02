/*
 * Figures: what reports read from the book, one bucket at a time, as of a day.
 *
 * Memory is bounded by a bucket, so a book of any size can be reported on. Call between
 * store_read_begin and store_read_end, so that all buckets belong to one moment.
 *
 * An instalment is open on a day with its amount less what was allocated to it with a value
 * day up to and including that day. Corrections of an amount count from the invoice day on:
 * they say what it should have been. Only payments have a date of their own.
 */
#ifndef STORE_FIGURES_H
#define STORE_FIGURES_H

#include "domain/measures.h"
#include "store/store.h"

/* The zone of the organisation: setting "zone" of the book, UTC when there is none. */
bool figures_zone(struct store *s, const struct zone **zone, struct fault *why);

/* The buckets in which there are case files: a small book is read in a moment. */
struct figures_buckets {
    bool used[BUCKETS];
};
bool figures_buckets(struct store *s, struct figures_buckets *out, struct fault *why);

/* Every instalment of the bucket whose debt was invoiced by `day`, in the order of its keys.
 * Faults: DB_ROW when a currency is not in ISO 4217. */
bool figures_items(struct store *s, int64_t bucket, struct day day,
                   void (*take)(void *into, const struct dated_item *item), void *into,
                   struct fault *why);

/* Days and moments of a period: [from, to] as days, [from_at, to_at) as moments. */
struct figures_period {
    struct instant now, from_at, to_at;
    struct day today, from, to;
};

/* What one bucket adds in one currency. */
struct figures_money {
    enum currency currency;
    int64_t collected_minor, collected_ever_minor;
    int64_t promises, promised_minor, kept, kept_minor; /* judged promises due in the period */
};
bool figures_money(struct store *s, int64_t bucket, const struct figures_period *p,
                   void (*take)(void *into, const struct figures_money *money), void *into,
                   struct fault *why);

/* Calls that were tried in the period, and those that became a conversation. */
bool figures_calls(struct store *s, int64_t bucket, const struct figures_period *p,
                   int64_t *tried, int64_t *conversations, struct fault *why);

/* Case files that were contacted in the period, or have a dispute in force; ascending. */
enum figures_list { FIGURES_CONTACTED, FIGURES_DISPUTED };
bool figures_casefiles(struct store *s, int64_t bucket, enum figures_list list,
                       const struct figures_period *p,
                       void (*take)(void *into, int64_t casefile_id), void *into,
                       struct fault *why);

/* Something that was done. Texts are good until the callback returns; "" when there is none. */
struct figures_deed {
    const char *what; /* message, contact_made, contact_received, record, payment, standing */
    const char *channel, *state, *reason;
    struct day day; /* in `zone`; of a standing: today */
    int64_t count;
    enum currency currency; /* CURRENCY_NONE when it is not about money */
    int64_t minor;
};
bool figures_deeds(struct store *s, int64_t bucket, const struct figures_period *p,
                   const struct zone *zone,
                   void (*take)(void *into, const struct figures_deed *deed), void *into,
                   struct fault *why);

#endif

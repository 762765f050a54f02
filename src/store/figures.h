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

/* Every instalment of the bucket whose debt was invoiced by `day`, in the order of its keys.
 * Faults: DB_ROW when a currency is not in ISO 4217. */
bool figures_items(struct store *s, int64_t bucket, struct day day,
                   void (*take)(void *into, const struct dated_item *item), void *into,
                   struct fault *why);

#endif

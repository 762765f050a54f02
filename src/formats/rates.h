/*
 * Rates: what is the same for all terms, from the folder rates.
 *
 *   rates/series/NAME.yaml   a base rate, day by day, with its source
 *   rates/statutory.yaml     interest for late payment by the law of a country
 *   rates/allocation.yaml    what a payment pays first by the law of a place
 *
 * Percent are decimal texts in the files ("-0.88") and millionths here (-8800). A file with an
 * unknown key, days out of order or a row without citation is refused as a whole, with file,
 * line and column (BAD_PACK).
 *
 * A series is known up to a day. After it the last rate goes on, and whoever shows a figure can
 * say so: `known_to`.
 */
#ifndef FORMATS_RATES_H
#define FORMATS_RATES_H

#include "domain/rule.h"
#include "domain/terms.h"
#include "formats/yaml.h"

struct rate_series {
    const char *name, *title, *source, *file;
    struct day known_to;
    struct rates rates;
};

/* Interest by law; `interest` is whole, with its ground. */
struct statutory_rate {
    const char *country; /* ISO 3166-1, or EU for what the directive asks of all of it */
    bool consumer;       /* who owes: a consumer, or a business                        */
    struct interest_terms interest;
    enum confidence confidence;
    const char *note; /* may be NULL */
};

struct named_order {
    const char *place; /* a country, or a country and a kind of debt: "DE-consumer-credit" */
    struct allocation_order allocation;
    enum confidence confidence;
};

struct rate_book {
    size_t series_count, statutory_count, order_count;
    const struct rate_series *series;
    const struct statutory_rate *statutory;
    const struct named_order *orders;
};

/* All of rates/, of the program and of the override folder. */
bool rate_book_load(struct arena *a, struct rate_book *out, struct fault *why);

/* One file each. Statutory rates need the series of the book; they are put into it. */
bool rate_series_read(struct arena *a, const char *file, const char *bytes, size_t length,
                      struct rate_series *out, struct fault *why);
bool statutory_read(struct arena *a, const char *file, const char *bytes, size_t length,
                    struct rate_book *book, struct fault *why);
bool orders_read(struct arena *a, const char *file, const char *bytes, size_t length,
                 struct rate_book *book, struct fault *why);

/* NULL where there is none. */
const struct rate_series *rate_series_find(const struct rate_book *book, const char *name);
const struct statutory_rate *statutory_rate_find(const struct rate_book *book,
                                                 const char *country, bool consumer);
const struct allocation_order *allocation_of_place(const struct rate_book *book,
                                                   const char *place);

/* The same steps, each so much higher; never below nothing. */
struct rates rates_plus(struct arena *a, struct rates rates, int32_t margin_ppm);

/* "8", "-0.88", "33.3333": at most four decimals, a thousand percent at most. */
bool percent_parse(const char *text, int32_t *ppm);

/* A percentage under `key`, within bounds; required. Faults stick to the reader. */
int32_t yaml_percent(struct yaml_reader *r, const char *key, int32_t least, int32_t most);

/* Four components under "order" and "instalment" or "component" under "by". */
void allocation_read(struct yaml_reader *r, struct arena *a, struct allocation_order *out);

/* day_count and compounding, where they are written. */
void interest_words_read(struct yaml_reader *r, struct interest_terms *out);

#endif

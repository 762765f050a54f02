/* Shared by the parts that read terms: formats/terms.c and formats/terms_charges.c. */
#ifndef FORMATS_TERMS_READER_H
#define FORMATS_TERMS_READER_H

#include "formats/terms.h"

enum { TERMS_DAYS_MOST = 3650 };

struct terms_reader {
    struct arena *a;
    struct fault *why;
    const struct rate_book *rates;
    struct terms *terms;
};

/* One sentence at the place of `key` (or of its mapping), unless there was a fault before. */
void terms_refuse(struct yaml_reader *r, const char *key, const char *format, ...) PRINTF(3, 4);

/* clause and law; at least one of them. `what` names the charge in the refusal. */
void terms_ground(struct yaml_reader *r, const char *what, struct ground *out);

/* An amount under `key` in the currency of the terms, more than nothing; 0 where it is absent.
 */
int64_t terms_amount(struct terms_reader *t, struct yaml_reader *r, const char *key);

void terms_interest(struct terms_reader *t, const struct yaml *node);
void terms_fees(struct terms_reader *t, const struct yaml *list);
void terms_discount(struct terms_reader *t, const struct yaml *node);

#endif

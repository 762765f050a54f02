/*
 * Split: a sum cut into payments, "6 × $185.00, then $174.56".
 *
 * Every payment but the last is `each`; the last one takes what is left. Together with the
 * first payment (`down`) they are exactly the sum, and no payment is nothing. Amounts are minor
 * units of one currency.
 *
 * A last payment smaller than the house takes ("least") is not left standing:
 *   SMALL_LAST_SPREAD  the number of payments stays, all become a little smaller, so that
 *                      nobody pays more at a time than was said. Where that would make them
 *                      too small as well, it is one payment fewer. The solver's way.
 *   SMALL_LAST_MERGE   it is added to the one before, so that the plan ends sooner; that one
 *                      payment is greater than what was said, by less than `least`.
 *   SMALL_LAST_KEEP    it stays.
 */
#ifndef DOMAIN_SPLIT_H
#define DOMAIN_SPLIT_H

#include "domain/money.h"

struct split {
    enum currency currency;
    int64_t down;  /* paid first, beside the payments; 0: none */
    int64_t count; /* payments without it, at least 1 */
    int64_t each, last;
};

enum small_last { SMALL_LAST_SPREAD, SMALL_LAST_MERGE, SMALL_LAST_KEEP };

/*
 * `total` in `count` payments, as even as one odd payment at the end allows: rounded up, so
 * that the last one is smaller; rounded down where it would be less than half of the others.
 * False when there are more payments than minor units, or the first payment leaves nothing.
 */
bool split_evenly(struct money total, int64_t down, int64_t count, struct split *out);

/*
 * As many payments of `amount` as it takes. With SPREAD and an amount of at least `least` no
 * payment is smaller than that, but for a single one. False when amount is below 1 or the first
 * payment leaves nothing.
 */
bool split_by_amount(struct money total, int64_t down, int64_t amount, int64_t least,
                     enum small_last small, struct split *out);

int64_t split_part(const struct split *split, int64_t n); /* of the payments, n from 0 */
int64_t split_total(const struct split *split);

/* "$100.00 first, then 7 payments: 6 × $185.00, then $174.56" */
enum { SPLIT_TEXT = 256 };
char *split_show(const struct split *split, char out[SPLIT_TEXT]);

#endif

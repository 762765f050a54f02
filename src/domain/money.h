/*
 * Money: an exact amount in one currency.
 *
 * Units      whole minor units of `currency` (cents, yen, fils). Never a fraction, never a
 *            float. Range ±9.2e18.
 * Mixing     adding two currencies is a bug in the caller, so it stops the program.
 * Rounding   no function rounds unless its name says how.
 * Source     currency codes, numbers and exponents: ISO 4217 (domain/currencies.def).
 */
#ifndef DOMAIN_MONEY_H
#define DOMAIN_MONEY_H

#include "base/fault.h"

#include <stdint.h>

enum currency {
    CURRENCY_NONE = 0,
#define X(code, number, exponent) CURRENCY_##code = number,
#include "domain/currencies.def"
#undef X
};

struct money {
    int64_t minor;
    enum currency currency;
};

/* "USD" → CURRENCY_USD; CURRENCY_NONE when ISO 4217 has no such code. Upper case only. */
enum currency currency_parse(const char *code);
const char *currency_code(enum currency currency); /* "USD"; must be a known one */
int currency_exponent(enum currency currency);     /* 2 for USD, 0 for JPY, 3 for KWD */
bool currency_is_known(int64_t number);

struct money money_of(int64_t minor, enum currency currency);
int money_compare(struct money a, struct money b);

/* Return false, leaving *out alone, when the answer does not fit. */
MUST_USE bool money_add(struct money a, struct money b, struct money *out);
MUST_USE bool money_sub(struct money a, struct money b, struct money *out);

/* Splits `whole` in the ratio of `weights` (not all 0). The parts add back exactly. */
void money_split(struct money whole, size_t count, const uint32_t weights[],
                 struct money parts[]);

/*
 * "1234.56", "-3", "1,234.56" with grouping ',' and decimal point '.'; swap them for
 * "1.234,56". `grouping` may be '\0' for none. A currency sign or code around the number must
 * have been cut off before. Faults: more decimals than the currency has, no number, too large.
 */
bool money_parse(const char *text, char decimal, char grouping, enum currency currency,
                 struct money *out, struct fault *why);

/* Plain, as machines read it: "1234.56", "-0.05". money_parse reads it back. */
enum { MONEY_TEXT = 48 };
char *money_print(struct money m, char out[MONEY_TEXT]);
/* As people read it: "$1,234.56", "€1,234.56", "1,234.56 SEK". English grouping. */
char *money_show(struct money m, char out[MONEY_TEXT]);

#endif

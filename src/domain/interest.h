/*
 * Interest: what a sum costs over some days, exactly.
 *
 * Rates are in millionths a year (80000 = 8 %), constant from one day to the next one that has
 * another. A day counts when it has ended: from the 1st to the 2nd is one day, and it has the
 * rate of the 1st.
 *
 * What has run is kept as a whole number of minor units and a rest below one, so that it makes
 * no difference into how many pieces a time is cut: the pieces add up to the whole. The whole
 * number is the exact amount since the beginning, rounded half up, and only that.
 *
 * Sources of the counts: ISDA 2006 definitions, 4.16 (ACT/ACT, ACT/365F, ACT/360, 30/360,
 * 30E/360).
 */
#ifndef DOMAIN_INTEREST_H
#define DOMAIN_INTEREST_H

#include "domain/calendar.h"

#define DAY_COUNTS(X)                                                                          \
    X(DAY_COUNT_ACT_365F, "act/365f")                                                          \
    X(DAY_COUNT_ACT_360, "act/360")                                                            \
    X(DAY_COUNT_30_360, "30/360")   /* bond basis            */                                \
    X(DAY_COUNT_30E_360, "30e/360") /* eurobond basis        */                                \
    X(DAY_COUNT_ACT_ACT, "act/act") /* ISDA: by calendar year */

#define X(code, name) code,
enum day_count { DAY_COUNTS(X) DAY_COUNT_COUNT };
#undef X
const char *day_count_name(enum day_count count);
bool day_count_parse(const char *name, enum day_count *out);

/* From this day on. */
struct rate_step {
    struct day from;
    int32_t ppm;
};

/* What may run: until the first step the rate is nothing. */
struct rates {
    size_t count;
    const struct rate_step *steps; /* ascending */
};
int32_t rate_on(struct rates rates, struct day day);

/* What has run so far of one sum. All 0 at the beginning. */
struct interest_run {
    int64_t minor;
    int64_t rest; /* in INTEREST_PARTS of a minor unit, from -half to half */
};
/* A minor unit at a rate in millionths, over days of a year of 360, 365 or 366 days: the common
 * denominator of all counts. */
#define INTEREST_PARTS (INT64_C(1000000) * 1603080)

/*
 * Lets `base` run from one day to a later one. `start` is the day from which interest of this
 * sum runs at all: 30/360 counts from there, so that pieces add up. False when the amount does
 * not fit.
 */
MUST_USE bool interest_add(struct interest_run *run, enum day_count count, struct rates rates,
                           struct day start, struct day from, struct day to, int64_t base);

#endif

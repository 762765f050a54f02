/*
 * Contribute: what one case file adds to the figures. A pure function of its track: no clock,
 * so what it says stays right until something happens to the case file.
 *
 * What is still to come by the calendar alone (an open invoice grows older) is among it, dated
 * on the day on which it will be so.
 */
#ifndef DOMAIN_CONTRIBUTE_H
#define DOMAIN_CONTRIBUTE_H

#include "domain/figure.h"
#include "domain/track.h"

struct contribution {
    enum figure figure;
    int32_t period; /* a day number; of figures kept by month alone, a month */
    enum currency currency;
    const char *word; /* instead of `first`, where the figure says so; else NULL */
    int32_t first, second;
    int64_t counted, minor;
};

struct contributing {
    const struct track *track;
    struct arena *arena; /* for what is needed meanwhile */
    uint32_t wanted;     /* FIGURE_BITs: others may be left out */
    void (*take)(void *into, const struct contribution *c);
    void *into;
};

/* May hand over several with the same key: they add up. */
void contribute(const struct contributing *c);

#endif

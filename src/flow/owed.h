/*
 * Owed: what is owed today in each currency, and the sum that leads there, from the books as they
 * stand: its cost is that of the instalments, however long the history is. Only reads. Every line
 * that led there is in a balance (flow/balance.h); both say the same, which a test holds.
 */
#ifndef FLOW_OWED_H
#define FLOW_OWED_H

#include "domain/casefile.h"
#include "domain/ledger.h"
#include "store/store.h"

/* charged of each component, less what was credited, waived or let go; of interest with what ran
 * and is not posted. charged - paid - waiting = total. */
struct owed_sum {
    enum currency currency;
    struct day since; /* the first day on which something of it was placed */
    int64_t charged[COMPONENT_COUNT], open[COMPONENT_COUNT];
    int64_t paid, waiting; /* waiting: money of theirs that waits to be used or sent back */
    int64_t total;
    int64_t adds_in_30_days; /* interest, when nothing else happens */
};

struct owed_sums {
    size_t count; /* the one with most owed first */
    struct owed_sum sums[LEDGER_CURRENCIES];
};

bool owed_read(struct store *s, struct arena *a, struct casefile_key key, struct day day,
               struct owed_sums *out, struct fault *why);

#endif

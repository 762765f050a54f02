/*
 * Balance show: a balance as a sheet: what is owed by currency, by instalment and part, and each
 * line with its source, as `recoup explain ACCOUNT --action balance` prints it.
 */
#ifndef FLOW_BALANCE_SHOW_H
#define FLOW_BALANCE_SHOW_H

#include "flow/balance.h"
#include "flow/table.h"

/* The account or debt of this reference; of a debt, *debt is its number, else 0. NOT_FOUND. */
bool balance_find(struct store *s, const char *reference, struct casefile_key *key,
                  int32_t *debt, struct fault *why);

struct balance_show_request {
    const char *reference;
    struct day since, day; /* DAY_NONE: from the beginning */
    struct instant known;  /* INSTANT_NEVER: now */
};

bool balance_show(struct store *s, const struct balance_show_request *request,
                  struct sheet *out, struct fault *why);

/* Its tables "balances", "parts" and "lines", with a row for each end when it has a beginning. */
bool balance_tables(struct arena *a, const struct balance *b, const char *country,
                    struct sheet *out, struct fault *why);

/* The first of them alone. */
void balance_currencies(struct sheet *out, const struct balance *b);

/* "$1,284.56 and €20.00" */
const char *balance_words(struct arena *a, const struct balance *b);

#endif

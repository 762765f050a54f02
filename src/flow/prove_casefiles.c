/* Prove: case files, their debtors, and the currencies of every amount. */
#include "flow/prove_parts.h"

#include "domain/casefile.h"

#include <inttypes.h>

static void casefile_check(struct proof *p, struct query *q)
{
    const char *reference = row_text(q, 1);
    struct casefile_key key = casefile_key_of(reference);

    p->counts[CHECK_CASEFILES]++;
    if (key.bucket != p->bucket || key.id != row_int(q, 0))
        prove_find(
            p, CHECK_CASEFILES,
            prove_text(p, "bucket %" PRId64 ", case file %" PRId64, key.bucket, key.id),
            prove_text(p, "bucket %" PRId64 ", case file %" PRId64, p->bucket, row_int(q, 0)),
            "case file \"%s\"", reference);
    p->counts[CHECK_DEBTORS]++;
    if (row_text(q, 2) == NULL)
        prove_find(p, CHECK_DEBTORS, "party 1, the debtor", "none", "case file \"%s\"",
                   reference);
}

static bool currencies_check(struct proof *p)
{
    struct query q = prove_begin(p, Q_PROVE_CURRENCIES);

    while (query_next(&q)) {
        p->counts[CHECK_CURRENCIES] += row_int(&q, 2);
        if (!currency_is_known(row_int(&q, 1)))
            prove_find(p, CHECK_CURRENCIES, "a currency of ISO 4217",
                       prove_text(p, "number %" PRId64, row_int(&q, 1)),
                       "%" PRId64 " rows of table %s", row_int(&q, 2), row_text(&q, 0));
    }
    return query_end(&q, p->why);
}

bool prove_casefiles(struct proof *p)
{
    struct query q = prove_begin(p, Q_PROVE_CASEFILES);

    while (query_next(&q))
        casefile_check(p, &q);
    return query_end(&q, p->why) && currencies_check(p);
}

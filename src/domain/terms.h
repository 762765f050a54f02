/*
 * Terms: what was agreed, or is the law, about when a debt is due, what being late costs, and
 * what a payment pays first.
 *
 * Terms are data (folder terms, read by formats/terms.h) and are bound to a debt by the digest
 * of their text, so a debt keeps what it was made under. Every charge names its ground, the
 * clause or the law that allows it: the reader refuses a charge that has none, and what has no
 * ground can't be posted.
 *
 * Amounts are minor units of the currency of the terms; shares are millionths.
 */
#ifndef DOMAIN_TERMS_H
#define DOMAIN_TERMS_H

#include "domain/interest.h"
#include "domain/money.h"

enum { SHARE_WHOLE = 1000000 };

/* Parts of what is owed. Names are those of the accounts of the ledger. */
#define COMPONENTS(X)                                                                          \
    X(COMPONENT_PRINCIPAL, "principal")                                                        \
    X(COMPONENT_INTEREST, "interest")                                                          \
    X(COMPONENT_FEES, "fees")                                                                  \
    X(COMPONENT_COSTS, "costs")

#define X(code, name) code,
enum component { COMPONENTS(X) COMPONENT_COUNT };
#undef X
const char *component_name(enum component component);
bool component_parse(const char *name, enum component *out);

/* Why a charge may be made: the words of the contract, a citation, or both. */
struct ground {
    const char *clause; /* as it can be quoted to the debtor; may be NULL when law is not */
    const char *law;    /* citation; may be NULL when clause is not                       */
};

/* When an amount is due that comes without a date. */
enum due_kind {
    DUE_NET,          /* so many days after the invoice                                      */
    DUE_END_OF_MONTH, /* so many days after the end of the month of the invoice              */
    DUE_MONTH_DAY,    /* on this day of the month, so many months after that of the invoice  */
};
struct due_rule {
    enum due_kind kind;
    int days, months, month_day;
};
struct due_part { /* instalments: this share of the amount, due by its own rule */
    struct due_rule rule;
    int32_t share;
};

enum interest_start { INTEREST_FROM_DUE, INTEREST_FROM_INVOICE };
enum compounding { COMPOUND_NEVER, COMPOUND_MONTHLY, COMPOUND_QUARTERLY, COMPOUND_YEARLY };

struct interest_terms {
    bool runs; /* false: no interest, and nothing below counts */
    enum day_count day_count;
    enum interest_start start; /* the day after the due day is the first that costs */
    enum compounding compounding;
    /* Statutory rates and margins over a base rate are resolved into steps by the reader. */
    struct rates rates;
    struct day known_to; /* after this day the last rate goes on, not known to be the one;
                          * DAY_NEVER when it can't change */
    bool fixed_at_start; /* the rate of the first day holds for ever (United Kingdom) */
    struct ground ground;
};

/* By the size of the amount that is late: from this many minor units on. */
struct fee_tier {
    int64_t from_minor, minor;
};

struct late_fee {
    const char *name;  /* "late_fee"; unique in the terms */
    int after_days;    /* after due day and grace; 0: on the first day that is late       */
    int32_t share;     /* of the open principal; 0: by tier                               */
    size_t tier_count; /* ascending; one from 0 is a flat fee                             */
    const struct fee_tier *tiers;
    int64_t least_minor, most_minor; /* of one fee by share; most 0: no limit             */
    int every_days;    /* again after so many days while it is still late; 0: once        */
    int most_times;    /* 0: no limit                                                     */
    const char *step;  /* charged when this step of a ladder is taken, not by days; or NULL */
    struct ground ground;
};

struct early_discount {
    int32_t share;   /* 0: none */
    int within_days; /* after the invoice */
    struct ground ground;
};

/* What happens to interest and fees when the principal is paid. */
enum charges_policy { CHARGES_CLAIM, CHARGES_WAIVE };

struct allocation_order {
    enum component order[COMPONENT_COUNT]; /* each once */
    bool by_component; /* one component of all instalments before the next one; otherwise one
                        * instalment whole before the next one; oldest due first in both     */
    struct ground ground;
};

struct terms {
    const char *name, *title;
    enum currency currency; /* NONE: any; then no amount stands in them */
    size_t due_count;       /* at least one; shares add up to SHARE_WHOLE */
    const struct due_part *due;
    int grace_days;         /* late is what is open when so many days after the due day ended */
    struct interest_terms interest;
    size_t fee_count;
    const struct late_fee *fees;
    int64_t fees_most_minor;   /* of all late fees of an instalment; 0: no limit */
    struct early_discount discount;
    struct allocation_order allocation;
    enum charges_policy charges;
};

/* The due day of one part for an invoice of this day. */
struct day due_day_of(const struct due_rule *rule, struct day invoice_day);

/* The fee for this open principal, before any limit over several. */
int64_t late_fee_of(const struct late_fee *fee, int64_t open_minor);

/* Where neither contract nor law says anything: principal by due date, then interest, fees,
 * costs; no interest, no fees, no discount; due at once. */
extern const struct terms terms_none;

#endif

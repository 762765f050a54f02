/*
 * Pay: payments that somebody records by hand, and what becomes of them: for the commands and for
 * the forms, so that both write the same.
 */
#ifndef FLOW_PAY_H
#define FLOW_PAY_H

#include "flow/account.h"

/* "manual-2026-11-20-1": the first that no payment of the account has. */
bool pay_reference(struct book *b, const struct account *account, struct day day,
                   const char **out, struct fault *why);

/* The same reference again is the same payment; only one that was pending, or failed, may change.
 * CONFLICT when it cannot be. */
bool pay_may_record(struct book *b, const struct account *account,
                    const struct payment_input *in, struct fault *why);

/* The reference of the payment of this number; NOT_FOUND. */
bool pay_of_number(struct book *b, const struct account *account, int32_t number,
                   const char **reference, struct fault *why);

/* What a payment that came back costs who owes, by the clause or law that allows it. */
struct return_fee {
    const char *reference; /* of the payment */
    int32_t number;
    const char *what;      /* "returned" */
    struct money fee;
    const char *clause, *law, *author;
};
bool pay_return_fee(struct book *b, const struct account *account, const struct return_fee *in,
                    struct fault *why);

#endif

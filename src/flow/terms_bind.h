/*
 * Terms bind: which terms hold for a debt, from which day on. A debt keeps the text that it was
 * bound to; other terms hold from their own day on, or, when that is the same day, instead.
 */
#ifndef FLOW_TERMS_BIND_H
#define FLOW_TERMS_BIND_H

#include "flow/book.h"
#include "flow/terms_kept.h"

struct bind_input {
    int32_t debt;
    enum currency currency;  /* of the debt */
    struct day from;         /* DAY_NONE: from the invoice day on */
    const char *reason, *author; /* may be NULL */
};

/* BAD_VALUE when the terms are in another currency; CHANGE_NONE when it holds from that day. */
bool book_terms_bind(struct book *b, struct casefile_key key, const struct terms_file *terms,
                     const struct bind_input *in, enum change *change, struct fault *why);

/* The terms that hold for a debt on a day; NULL when none were bound. */
bool book_terms_of(struct book *b, struct casefile_key key, int32_t debt, struct day day,
                   const struct terms **out, struct fault *why);

/*
 * What is owed as instalments, by the terms: due days, and shares that add up to the amount.
 * A share too small for a minor unit is left out.
 */
size_t terms_instalments(struct arena *a, const struct terms *terms, struct day invoice_day,
                         struct money whole, const struct instalment_input **out);

#endif

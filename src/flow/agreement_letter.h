/*
 * Agreement letter: a plan or an offer on paper, as PDF, for both sides to keep: amounts, days,
 * what becomes of the rest, what happens when a payment is missed, tax.
 *
 * It is made, not sent: nothing goes out but through the outbox (flow/outbox.h).
 */
#ifndef FLOW_AGREEMENT_LETTER_H
#define FLOW_AGREEMENT_LETTER_H

#include "flow/book.h"

#include <stdio.h>

/* One of plan and offer is not 0. Of a plan that pays a settlement the terms of that are told. */
bool agreement_letter(struct book *b, struct casefile_key key, int32_t plan, int32_t offer,
                      FILE *out, struct fault *why);

#endif

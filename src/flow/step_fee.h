/*
 * Step fee: a late fee that terms charge when a step of a ladder is taken (domain/terms.h). It
 * is charged with the step, once for each instalment, within what all late fees of the
 * instalment may come to; never while late fees are frozen.
 */
#ifndef FLOW_STEP_FEE_H
#define FLOW_STEP_FEE_H

#include "flow/book.h"

struct step_taken {
    int32_t debt, instalment;
    const char *ladder, *step;
    struct day day;
};

/*
 * What the terms of the debts charge for these steps. When anything is charged, the case file in
 * memory says what its rows say now: charges, what is open, the last number.
 */
bool step_fees(struct book *b, struct casefile *c, const struct step_taken steps[],
               size_t count, struct fault *why);

#endif

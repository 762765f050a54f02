/*
 * Decision apply: the case file in memory as it is once a decision was carried out, its steps
 * done and its message planned. The cycle decides again with it, and so does whoever looks
 * ahead. Private to src/flow.
 */
#ifndef FLOW_DECISION_APPLY_H
#define FLOW_DECISION_APPLY_H

#include "domain/decide.h"

/* The debts that it speaks of, each once; the total is in the currency of the first. */
struct debt_set decision_debts(const struct decision *d, struct arena *a);

/* `d` chose a channel, and was made for `c`. Items are changed in place; contacts are a new
 * array of the arena. */
void decision_apply(struct casefile *c, const struct decision *d, struct day today,
                    struct arena *a);

#endif

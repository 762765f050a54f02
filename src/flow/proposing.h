/*
 * Proposing: plans for one account that its balance, the rules of the house and the person's
 * means allow, from the solver (domain/plan.h).
 */
#ifndef FLOW_PROPOSING_H
#define FLOW_PROPOSING_H

#include "flow/plan.h"

struct plan_wish {
    enum currency currency;
    struct debt_set debts;  /* none named: all */
    const char *role;       /* who grants it */
    struct day first_day;
    int64_t asked_minor;    /* 0 or NULL where nothing was asked for */
    int asked_months;
    const char *asked_every;
    int64_t spare_minor;    /* a month; 0: not known */
    int64_t down_minor;
};

struct proposed {
    struct money open;
    struct plan_answer answer; /* in the arena of the book */
};

bool plan_propose(struct book *b, struct casefile_key key, const struct plan_wish *wish,
                  struct proposed *out, struct fault *why);

/* What was asked for, as book_plan_add takes it: items and schedule. NOT_ALLOWED with the reason
 * when it was refused. */
bool plan_chosen(struct book *b, const struct proposed *proposed, struct plan_input *in,
                 struct fault *why);

void proposed_sheet(const struct proposed *proposed, struct sheet *out);

#endif

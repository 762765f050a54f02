/*
 * Agreement: what became of promises and payment plans, from the money that came.
 *
 * States are a pure function of the promises, of the money that is here today (whenever it
 * became known), and of the last day that has ended wherever the debtor may be. So it does not
 * matter in which order payments arrive, nor how often anybody looks; and a payment that is
 * returned makes a promise that it had kept broken again, or open while there is still time.
 *
 * Money is counted once. In the order of its days it goes to the promise, or instalment of a
 * plan, that is due first and is not yet covered; of one day, first what was paid for a single
 * debt. A promise by itself takes money up to its day and the days of grace. An instalment takes
 * it for as long as its plan stands, so that what is missed is caught up first and what comes
 * early serves the next one. Money of the very day on which a promise was made counts when it
 * was put on file after it: else it was in the balance already that was spoken of.
 *
 *   kept         all of it came in time (from that day on, even before it is due), or by the end
 *                of its time all but the tolerance. Of a plan: of all instalments up to this one.
 *                The last one has no tolerance: a plan is paid to the last cent.
 *   partly_kept  part of it came in time
 *   broken       nothing of it did
 *   withdrawn    its plan ended first, or nothing was owed any more
 *
 * A plan is completed when all of it is paid, or nothing is open any more. A missed instalment
 * has cure_days after its time to be caught up; then the plan has defaulted, on the day after,
 * and takes no more money from what other promises claim.
 */
#ifndef DOMAIN_AGREEMENT_H
#define DOMAIN_AGREEMENT_H

#include "base/arena.h"
#include "domain/casefile.h"

/* Money that is here. */
struct agreed_money {
    struct day day;
    int32_t number; /* of the payment: the order in which it was put on file */
    int32_t debt;   /* what it was for; 0: what is owed                      */
    enum currency currency;
    int64_t minor;
};

/* What came for a plan since it was made, also after it defaulted. */
struct plan_money {
    int64_t minor;
    struct day full_day; /* on which it was all of it; DAY_NEVER */
};

struct agreement {
    size_t promise_count, plan_count, money_count;
    struct promise *promises;   /* states and their days are brought up to date */
    struct payment_plan *plans; /* the same */
    struct agreed_money *money; /* is sorted */
    struct plan_money *paid;    /* of each plan, filled in; may be NULL */
    struct day ended;           /* the last day that is over */
    int grace_days;
    int tolerance_bp;
    /* Since which day nothing is open of these debts; DAY_NEVER: something is. May be NULL. */
    struct day (*cleared)(const void *context, enum currency currency, struct debt_set debts);
    const void *context;
};

void agreement_settle(struct agreement *a, struct arena *arena);

/* After a day with these days of grace, the first day by whose beginning a promise or plan may
 * be settled otherwise by time alone; DAY_NEVER when none may. */
struct day agreement_next(const struct casefile *c, struct day ended, int grace_days);

/* The plan stands: nobody is reminded of what it covers. */
bool plan_stands(const struct payment_plan *plan);
/* A debt is named by the set, or the set names none. */
bool debts_cover(struct debt_set debts, int32_t debt);

#endif

/*
 * Plan: ways to pay a debt in parts that somebody can keep, and why others won't do.
 *
 * plan_solve looks for plans that satisfy every limit handed in (of the role, of the law, of
 * the house) and what the person can spare, with payments that fall 1 to 3 days after payday.
 * It weighs three starting points for each rhythm: done soonest, the lowest payments, and one
 * between; without a budget 3, 6 and 12 payments; each with and without the first payment that
 * is offered. What was asked for is tried first. A plan that fails is told with the limit,
 * its source and the nearest value that would pass.
 *
 * Nothing here is binding: the same question gives the same answer, and plan_rows is what a
 * plan becomes when it is agreed.
 *
 * Units      minor units of the currency of `open`; rates in millionths a year; days.
 * Term       counted from the first of the payments, a first payment (down) left aside: twelve
 *            payments a month apart have a term of twelve months.
 * Interest   an estimate: simple interest, ACT/365F, on the part that bears it, rounded half up
 *            once at the end of what has run. What is charged is for the ledger to say.
 * Arithmetic whole numbers; no payment is nothing; rows add up to open and interest exactly.
 *            All payments but the last are the same: where they are of fewer minor units than
 *            there are payments, a plan may be overlooked.
 */
#ifndef DOMAIN_PLAN_H
#define DOMAIN_PLAN_H

#include "base/arena.h"
#include "domain/schedule.h"
#include "domain/split.h"

enum { PLANS_MOST = 8, REFUSALS_MOST = 8, PLAN_LIMITS_MOST = 32, PLAN_PAYMENTS_MOST = 600 };

/* What may limit a plan. Several of one kind may stand: each of them must hold. */
enum plan_limit_kind {
    LIMIT_TERM_MONTHS,   /* value: longest term in months; 0: no plan at all     */
    LIMIT_TERM_DAYS,     /* value: longest term in days                          */
    LIMIT_PAYMENTS,      /* value: greatest number of payments                   */
    LIMIT_LEAST_PAYMENT, /* value: minor units; a single payment is exempt       */
    LIMIT_MOST_PAYMENT,  /* value: minor units                                   */
    LIMIT_SPARE,         /* the same, by what the person can spare; made here    */
    LIMIT_LEAST_DOWN,    /* value: minor units of the first payment              */
    LIMIT_MOST_DOWN,     /* value: minor units; 0: none may be taken             */
    LIMIT_FIRST_BY,      /* day: the first payment comes no later                */
    LIMIT_NOT_BEFORE,    /* day: no payment is taken earlier; plans begin later,
                            and say so, so that this one refuses nothing         */
    LIMIT_KIND_COUNT
};

struct plan_limit {
    enum plan_limit_kind kind;
    int64_t value;
    struct day day;
    const char *source; /* citation: "authority/house.yaml, collector-usual", "12 CFR …" */
    const char *who;    /* "a collector": may not grant more; NULL: it holds for everybody */
    const char *ask;    /* "a team lead": who may; NULL: nobody                            */
};

/* In what they can spare. */
enum plan_period { PERIOD_WEEK, PERIOD_TWO_WEEKS, PERIOD_FOUR_WEEKS, PERIOD_MONTH };

struct plan_question {
    struct money open;           /* more than 0 */
    int64_t bearing_minor;       /* of it, what bears interest: the principal */
    int32_t rate_ppm;            /* a year; 0: interest is frozen */
    bool charges_first;          /* payments pay interest and charges before principal */
    struct day today, first_day; /* first_day: the earliest day on which they can pay  */
    int64_t spare_minor;         /* what they can spare in each period; 0: not known   */
    enum plan_period spare_period;
    const struct schedule *payday; /* NULL: not known                                    */
    struct day payday_known;       /* one of them, for 2weeks and 4weeks; else DAY_NONE  */
    int64_t down_minor;            /* the first payment they offer, paid on down_day     */
    struct day down_day;           /* used when a first payment is made                  */
    /* What was asked for; 0 or NULL where it was not. Amount wins over months. */
    int64_t asked_minor;
    int asked_months;
    const struct schedule *asked_every;
    struct closed_days closed; /* no payment falls on them: the day after is taken */
    struct day limitation_day; /* a plan that runs past it carries a warning; DAY_NEVER */
    size_t limit_count;
    const struct plan_limit *limits; /* at most PLAN_LIMITS_MOST */
};

enum plan_aim { PLAN_ASKED, PLAN_SOONEST, PLAN_BETWEEN, PLAN_LOWEST, PLAN_NEUTRAL };

/* A rhythm: the schedule itself, or every stride-th payday and a day or more after it. */
struct plan_rhythm {
    struct schedule schedule;
    struct day from;
    int first, stride; /* of the dates of the schedule; stride 2: every second payday */
    bool after_payday;
    int times_a_year;  /* 0: a list of dates */
    const char *words; /* "a month" */
};

struct plan_row {
    struct day day;
    int64_t minor, balance_minor; /* balance after it, with the interest that has run */
    bool down;
};

struct plan {
    enum plan_aim aim;
    struct plan_rhythm rhythm;
    struct split split; /* its sums include the interest */
    int64_t total_minor, interest_minor;
    struct day first_day, last_day; /* of the payments */
    int months;                     /* the term, begun months counted */
    const char *reason;             /* one sentence */
    const char *warning;            /* or NULL */
    size_t row_count;
    struct plan_row *rows;
};

struct plan_refusal {
    enum plan_aim aim;
    const struct plan_limit *limit;
    struct split split;     /* what was tried */
    const char *words;      /* "a month" */
    int64_t nearest_minor;  /* the nearest amount that passes every limit; 0: none does */
    struct day nearest_day; /* for the limits of days; else DAY_NONE                    */
    const char *sentence;
};

struct plan_answer {
    size_t plan_count, refusal_count;
    struct plan plans[PLANS_MOST];               /* best first */
    struct plan_refusal refusals[REFUSALS_MOST]; /* what was asked for first, each limit once */
};

/* Never fails: a debt for which nothing passes gets refusals only. Texts live in the arena. */
void plan_solve(const struct plan_question *question, struct arena *a,
                struct plan_answer *answer);

/* What is left of an income after expenses; 0 when nothing is. */
int64_t plan_spare(int64_t income_minor, int64_t expenses_minor);

/* The term of payments from one day to another, in begun months: 4 Dec to 4 Nov is twelve. */
int plan_term_months(struct day first, struct day last);

#endif

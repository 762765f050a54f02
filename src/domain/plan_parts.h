/*
 * The parts of the plan solver, for its own files: days of a rhythm, a debt that is paid down,
 * limits and the sentences about them.
 */
#ifndef DOMAIN_PLAN_PARTS_H
#define DOMAIN_PLAN_PARTS_H

#include "domain/plan.h"

enum { RHYTHMS_MOST = 4 };

/* A rhythm with the days that were asked for so far. */
struct plan_dates {
    struct plan_rhythm rhythm;
    struct closed_days closed;
    int known;
    struct day days[PLAN_PAYMENTS_MOST];
};

/* Day of the n-th payment; DAY_NEVER behind the end of a list or of PLAN_PAYMENTS_MOST. */
struct day plan_date(struct plan_dates *dates, int n);

/* The rhythms worth weighing, the most natural first; returns how many. */
size_t plan_rhythms(const struct plan_question *q, struct day earliest,
                    struct plan_dates *dates[RHYTHMS_MOST], struct arena *a);

/* What is tried: payments of `amount` in a rhythm after a first payment. */
struct plan_trial {
    enum plan_aim aim;
    struct plan_dates *dates;
    size_t rhythm; /* place of the rhythm */
    int64_t down, amount;
    struct split split;
    int months; /* NEUTRAL: how many were tried */
    int rank;   /* the lowest is best           */
};

/* The question with what follows from it. */
struct plan_work {
    const struct plan_question *q;
    struct arena *a;
    struct day earliest, down_day;
    int64_t least, most, down_least, down_most; /* of all limits; least 1 */
    size_t trial_count;
    struct plan_trial trials[64]; /* that passed */
    struct plan_answer *answer;
};

/*
 * Splits what is open, with the interest that runs meanwhile, by amount. False when it takes
 * more than PLAN_PAYMENTS_MOST payments, or more dates than a list has.
 */
bool plan_split(const struct plan_work *w, struct plan_trial *trial);

/* The smallest amount with which at most `count` payments do; 0 when there is none. */
int64_t plan_least_amount(const struct plan_work *w, struct plan_dates *dates, int64_t down,
                          int count);

void plan_rows(const struct plan_work *w, struct plan_trial *trial, struct plan *plan);

/* What can be spared in each payment of this rhythm; INT64_MAX when nobody knows. */
int64_t plan_spare_each(const struct plan_question *q, const struct plan_rhythm *rhythm);

/* How many payments the limits leave room for; 0: no plan at all. *limited: some limit does. */
int plan_count_most(const struct plan_work *w, struct plan_dates *dates, bool *limited);

/* Greatest amount that limits and budget leave; INT64_MAX: any. */
int64_t plan_amount_most(const struct plan_work *w, const struct plan_rhythm *rhythm);
/* Smallest amount that passes; 0 when none does or nothing limits it. */
int64_t plan_amount_least(const struct plan_work *w, const struct plan_trial *like);

/* Adds a refusal for each limit that the trial breaks; true when it breaks none. */
bool plan_passes(struct plan_work *w, struct plan_trial *trial);
/* The same for a trial that could not be split at all. */
void plan_refuse_length(struct plan_work *w, struct plan_trial *trial);

#endif

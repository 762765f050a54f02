/*
 * Insight: what can be looked at of a portfolio, and the one figure that stands for each.
 *
 * A tally holds the sums of a period, and what stood at its end, for a part of the book; it is
 * filled from kept figures (flow/insight_read.c). An insight makes a value of it: a numerator,
 * a denominator, a unit, and how many things it is about, so that nobody reads a percentage of
 * four accounts. What each means stands in insights/house.yaml and docs/measures.md.
 */
#ifndef DOMAIN_INSIGHT_H
#define DOMAIN_INSIGHT_H

#include "base/arena.h"
#include "domain/figure.h"

/* Names are API: addresses of pages, and of `recoup report`. */
#define INSIGHTS(X)                                                                            \
    X(INSIGHT_COLLECTED, "collected")                                                          \
    X(INSIGHT_RECOVERY, "recovery")                                                            \
    X(INSIGHT_DSO, "dso")                                                                      \
    X(INSIGHT_PROMISES, "promises")                                                            \
    X(INSIGHT_PROMISES_TAKEN, "promises-taken")                                                \
    X(INSIGHT_RIGHT_PERSON, "right-person")                                                    \
    X(INSIGHT_DISPUTE_RATE, "dispute-rate")                                                    \
    X(INSIGHT_LIQUIDATION, "liquidation")                                                      \
    X(INSIGHT_AGEING, "ageing")                                                                \
    X(INSIGHT_ROLL_RATES, "roll-rates")                                                        \
    X(INSIGHT_CURE_RATE, "cure-rate")                                                          \
    X(INSIGHT_FUNNEL, "funnel")                                                                \
    X(INSIGHT_CONTACT_HOURS, "contact-hours")                                                  \
    X(INSIGHT_CONTACT_RATE, "contact-rate")                                                    \
    X(INSIGHT_DISPUTES, "disputes")                                                            \
    X(INSIGHT_DISPUTES_ANSWERED, "disputes-answered")                                          \
    X(INSIGHT_VINTAGES, "vintages")                                                            \
    X(INSIGHT_CASH_FORECAST, "cash-forecast")                                                  \
    X(INSIGHT_STEPS, "steps")                                                                  \
    X(INSIGHT_TIME_TO_ANSWER, "time-to-answer")                                                \
    X(INSIGHT_STOPPED, "stopped")                                                              \
    X(INSIGHT_COMPLAINTS, "complaints")                                                        \
    X(INSIGHT_OPT_OUTS, "opt-outs")                                                            \
    X(INSIGHT_CONTACTS_PER_RESOLVED, "contacts-per-resolved")                                  \
    X(INSIGHT_HARDSHIP, "hardship")                                                            \
    X(INSIGHT_CONTACTS_PER_WEEK, "contacts-per-week")                                          \
    X(INSIGHT_APPROVAL_GAP, "approval-gap")

#define X(code, name) code,
enum insight { INSIGHTS(X) INSIGHT_COUNT };
#undef X
const char *insight_name(enum insight insight);
bool insight_parse(const char *name, enum insight *out);

/* ---- Values ------------------------------------------------------------------------------ */

enum measure_unit {
    UNIT_NONE, /* there is no one figure */
    UNIT_MONEY,
    UNIT_PERCENT,
    UNIT_DAYS,
    UNIT_HOURS,
    UNIT_TIMES,
    UNIT_PER_10000,
    UNIT_COUNT,
    UNIT_POINTS /* percentage points: one share less another */
};

/* Below so many things, a percentage says less than the counts. */
enum { TOO_FEW = 30 };

struct measured {
    enum measure_unit unit;
    bool known; /* false: the denominator is 0, or nobody kept it for this period */
    measure_sum numerator, denominator; /* of UNIT_MONEY and UNIT_COUNT the numerator alone */
    int64_t out_of;                     /* how many things the denominator is about */
};

/* Tenths of the unit, half away from nought; the numerator itself of money and counts. */
int64_t measured_tenths(const struct measured *m);
/* The unit is one that needs many things, and there are few. */
bool measured_is_thin(const struct measured *m);

/* ---- Tallies ------------------------------------------------------------------------------
 */

/* So many things of each value, ascending. */
struct histogram {
    size_t count, room;
    struct histogram_bar {
        int64_t value, things;
    } * bars;
    int64_t things;
};
void histogram_add(struct arena *a, struct histogram *h, int64_t value, int64_t things);
/* The value below which, or at which, so many percent of the things lie; false: there are none.
 */
bool histogram_percentile(const struct histogram *h, int percent, int64_t *value);
int64_t histogram_up_to(const struct histogram *h, int64_t value); /* things */

struct tally_dispute {
    int32_t reason; /* number of a word */
    int64_t opened, answered, ended;
    struct histogram days;
};

/* Plans asked for by people of one language, or one state. */
struct tally_plans {
    int32_t word; /* its number */
    enum plan_group by;
    bool unknown; /* nobody knows which it is: no group of people */
    int64_t asked, granted;
};

enum {
    HOURS_OF_WEEK = 168,
    CHANNEL_KINDS = 32, /* more than there are channels */
    PROMISE_KINDS = 10, /* states, of a plan or not     */
    COMPONENT_KINDS = 4,
    CONTACTS_A_WEEK = 3, /* what the house calls enough  */
    HARDSHIP_DAYS = 2,   /* in which it is to be decided */
};

struct tally {
    struct day from, to;
    int window; /* of window_days, whose length the period has; -1: none */

    /* At the end of `to`. */
    int64_t range_minor[AGE_RANGES], range_debts[AGE_RANGES];
    int64_t open_minor, late_minor, open_debts, late_debts;
    measure_sum late_moment;
    int64_t files[FILE_STATES];
    int64_t hardship_waiting;

    /* Up to then, from the beginning. */
    int64_t billed_ever_minor, billed_ever_debts, cash_ever_minor;
    int64_t billed_minor[BILLING_MONTHS]; /* by month, 0 = that of `to` */

    /* In the period. */
    int64_t cash_minor, charged_minor[COMPONENT_KINDS];
    int64_t placed_minor, placed_debts, paid_debts, closed_debts;
    struct {
        int64_t things, minor;
    } promises[PROMISE_KINDS]; /* by promise_key */
    int64_t tried[CHANNEL_KINDS], reached[CHANNEL_KINDS], incoming[CHANNEL_KINDS];
    int64_t hour_tried[HOURS_OF_WEEK + 1],
        hour_reached[HOURS_OF_WEEK + 1]; /* last: not known */
    int64_t week_people[WEEK_MOST + 1];
    int64_t stops[2], complaints, hardship_asked;
    struct histogram hardship_days, answer_tenths;
    size_t dispute_count, dispute_room, plan_count, plan_room;
    struct tally_dispute *disputes;
    struct tally_plans *plans;
    int64_t taken_minor[2]; /* promised: by itself, of a plan */

    /* From the end of one month to that of the next, the last that is over at `to`. */
    int32_t roll_month;
    int64_t roll_minor[AGE_RANGES][AGE_RANGES + 2], roll_debts[AGE_RANGES][AGE_RANGES + 2];
};

int64_t tally_contacts(const struct tally *t); /* tried, by any channel */
/* The one figure of an insight; UNIT_NONE when it has none, or needs more than a tally. */
struct measured insight_measure(const struct tally *t, enum insight insight);
struct measured tally_best_dso(const struct tally *t);
struct measured tally_delinquent(const struct tally *t); /* average days */
/* Of the promises judged: kept, kept in part, broken; by value, or by number. */
struct measured tally_plans_granted(const struct tally_plans *p);
struct measured tally_promises(const struct tally *t, int state, bool by_number);

#endif

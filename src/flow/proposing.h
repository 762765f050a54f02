/*
 * Proposing: plans for one account that its balance, the rules of the house and the person's
 * means allow, from the solver (domain/plan.h).
 */
#ifndef FLOW_PROPOSING_H
#define FLOW_PROPOSING_H

#include "domain/decide.h"
#include "flow/plan.h"

struct plan_wish {
    enum currency currency;
    struct debt_set debts;  /* none named: all */
    const char *role;       /* who grants it */
    struct day first_day;
    int64_t asked_minor;    /* 0 or NULL where nothing was asked for */
    int asked_months;
    const char *asked_every;
    int64_t spare_minor;    /* in each period; 0: not known */
    enum plan_period spare_period;
    const char *payday;     /* payday_read; NULL: not known */
    struct day payday_known; /* the next one, where they are weeks apart; else DAY_NONE */
    int64_t down_minor;
    const struct policy *policy; /* the rules, by whoever has them at hand; NULL: loaded here */
};

struct proposed {
    struct money open;
    struct plan_answer answer; /* in the arena of the book */
};

/*
 * When somebody is paid, as it is typed: a weekday ("friday", with `period` how often), a day of
 * the month ("25"), two of them ("1,15"), or a schedule (domain/schedule.h).
 */
bool payday_read(const char *text, enum plan_period period, struct schedule *out,
                 struct fault *why);
/* "week", "2weeks", "4weeks", "month" */
bool plan_period_parse(const char *name, enum plan_period *out);

/* The limitation day is that of the debts, by the law of the places where the debtor may be. */
bool plan_propose(struct book *b, struct casefile_key key, const struct plan_wish *wish,
                  struct proposed *out, struct fault *why);

/* One of the plans proposed, by its place in the list, from 1; 0: what was asked for. */
bool plan_chosen_at(struct book *b, const struct proposed *proposed, int64_t place,
                    struct plan_input *in, struct fault *why);
/* What was asked for, as book_plan_add takes it: items and schedule. NOT_ALLOWED with the reason
 * when it was refused. */
bool plan_chosen(struct book *b, const struct proposed *proposed, struct plan_input *in,
                 struct fault *why);

/*
 * What is left of a plan in other payments, for book_plan_change: so much each, or so many of
 * them; 0 of both: as many as are open. `every` NULL: as before; first DAY_NONE: as the next one
 * is now. CONFLICT when nothing is to come any more.
 */
struct plan_rest {
    int64_t minor, count;
    const char *every;
    struct day first;
};
bool plan_rest_items(struct book *b, const struct held_plan *plan, const struct plan_rest *rest,
                     struct plan_input *out, struct fault *why);

void proposed_sheet(const struct proposed *proposed, struct sheet *out);

#endif

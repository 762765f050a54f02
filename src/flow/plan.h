/*
 * Plan: payment plans in the book: made, changed, paused, ended.
 *
 * The instalments of a plan are promises with its number; together they are its total, to the
 * last minor unit, whatever was skipped, moved or changed. What became of them, and of the plan,
 * is for the cycle to say (domain/agreement.h, flow/cycle_settle.c); here is what people do.
 *
 *   skip     an open instalment moves behind the last one, by the schedule
 *   move     an open instalment gets another day
 *   change   all open instalments are replaced by others of the same sum
 *   pause    nothing is due until a day: the open instalments move on by the schedule, and their
 *            number and amounts stay
 *   resume   the pause ends; days stay as they are
 *   cancel   open instalments are withdrawn, interest runs again; what was paid is paid
 *   replace  (book_plan_add with `replaces`) the same, for the sake of another plan
 *
 * While a plan stands nobody is reminded of what it covers. Frozen interest is a movement
 * "freeze" of origin "plan N", which ends with the plan.
 *
 * A plan that is changed has its version counted up; who gives the version that they saw
 * (if_version) is refused with CONFLICT when it is another one by now.
 *
 * Each of these is journalled as "plan" and wakes the case file.
 */
#ifndef FLOW_PLAN_H
#define FLOW_PLAN_H

#include "domain/plan.h"
#include "flow/book.h"
#include "flow/table.h"

struct plan_item {
    struct day day;
    int64_t minor; /* more than 0 */
};

struct plan_input {
    enum currency currency;
    size_t item_count;          /* at least one */
    const struct plan_item *items; /* ascending by day */
    struct debt_set debts;      /* none named: all */
    const char *schedule;       /* schedule_print: how their days were found */
    bool interest_frozen;
    int cure_days;              /* to catch up what is missed */
    const char *autopay;        /* what is debited, "sepa …4411"; NULL: nothing */
    int notice_days;            /* a debit is announced so long before */
    const char *agreed_by, *evidence, *author, *reason; /* each may be NULL */
    int32_t offer;              /* the settlement that it pays; 0: none */
    int32_t replaces;           /* a plan that ends by this one; 0: none */
};

/*
 * A plan: *number is its number. CONFLICT when another plan stands that covers some of the same
 * debts and is not the one it replaces. `once` as with book_promise_once.
 */
bool book_plan_add(struct book *b, struct casefile_key key, const char *once,
                   const struct plan_input *in, int32_t *number, enum change *change,
                   struct fault *why);

struct held_item {
    int32_t promise, number;
    int64_t minor;
    struct day due_day, state_day;
    enum promise_state state;
};

/* A plan as it stands in the book; texts in the arena of the book. */
struct held_plan {
    struct payment_plan is;
    int32_t replaces;
    int64_t version;
    const char *schedule, *agreed_by, *evidence, *author, *reason;
    size_t item_count;
    struct held_item *items; /* by day */
};

/* NOT_FOUND when there is none of this number. */
bool plan_get(struct store *s, struct arena *a, struct casefile_key key, int32_t number,
              struct held_plan *out, struct fault *why);

/* What somebody does to a plan. if_version 0: whatever it is now. */
struct plan_act {
    int64_t if_version;
    const char *author, *reason; /* may be NULL */
};

bool book_plan_skip(struct book *b, struct casefile_key key, int32_t plan, int32_t item,
                    const struct plan_act *act, struct fault *why);
bool book_plan_move(struct book *b, struct casefile_key key, int32_t plan, int32_t item,
                    struct day day, const struct plan_act *act, struct fault *why);
/* BAD_VALUE unless the new items are as much as the open ones. */
bool book_plan_change(struct book *b, struct casefile_key key, int32_t plan, size_t count,
                      const struct plan_item *items, const char *schedule,
                      const struct plan_act *act, struct fault *why);
bool book_plan_pause(struct book *b, struct casefile_key key, int32_t plan, struct day until,
                     const struct plan_act *act, struct fault *why);
bool book_plan_resume(struct book *b, struct casefile_key key, int32_t plan,
                      const struct plan_act *act, struct fault *why);
bool book_plan_cancel(struct book *b, struct casefile_key key, int32_t plan,
                      const struct plan_act *act, struct fault *why);

/* The plan that stands, of several the latest; NOT_FOUND when there is none. */
bool plan_standing(struct store *s, struct casefile_key key, int32_t *number, struct fault *why);

/* What is open of it: the sum of the open instalments. */
int64_t held_plan_open(const struct held_plan *plan);

/* The freeze of its interest lasts until this day; DAY_NEVER: as long as it stands. Nothing
 * happens to a plan whose interest is not frozen, or frozen until then. */
bool book_plan_freeze(struct book *b, struct casefile_key key, const struct payment_plan *plan,
                      struct day until, struct fault *why);

/* Plans over all accounts, the latest first; state NULL: every one; reference NULL: of all. */
struct plan_filter {
    const char *state, *reference;
    int64_t limit; /* 0: all */
};
bool plan_list(struct store *s, const struct plan_filter *filter, struct sheet *out, bool *more,
               struct fault *why);
/* One plan with its instalments. */
bool plan_show(struct store *s, struct casefile_key key, int32_t number, struct sheet *out,
               struct fault *why);

#endif

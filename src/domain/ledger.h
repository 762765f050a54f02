/*
 * Ledger: from what happened to the money of a case file to its double entries and balances.
 *
 * The books are a pure function of the movements known, of the terms bound to the debts, and of
 * a day: interest runs to that day, late fees fall on theirs. The order in which movements
 * became known plays no part; inside a day they go by kind and reference. So a movement that is
 * dated back makes the same books as one that came in time, and the difference to what was
 * posted before is posted as corrections (flow/book_ledger.c).
 *
 * Disputes: money settles what nobody contests first. What it reaches beyond that goes to what is
 * contested only where it was meant for that debt, or the debtor owes no other: a payment on
 * several debts must not be applied to one that is disputed (15 USC 1692h, 12 CFR 1006.30(c)),
 * and waits. That law is for consumers and collectors; here it holds for all.
 *
 * Interest runs exactly from day to day and is posted at the end of each calendar month and on
 * each day on which something else happens to its debt. A balance as of a day has all of it.
 *
 * A day, in this order:
 *   1 other terms and freezes of the day hold;
 *   2 interest of the day runs, on what was open when the day began: what is paid today has
 *     cost today, and the payment finds that interest among what it can pay;
 *   3 late fees that fall on the day are charged: paying today is too late for them;
 *   4 all other movements, by kind and reference;
 *   5 when a period of compounding ends today, interest that is open now bears interest itself.
 *
 * Interest     from the due day on: the day after it is the first that costs. From the invoice
 *              on: its day is the first, and the day of payment is not one; each is charged
 * when the next one ends. Within a grace nothing runs; after it, what is open then has run from
 * the beginning. Rounded half up, once, over all that ever ran. Compounding  so many months
 * after the first day that costs (on the last day of a shorter month), and only while something
 * bears interest. What is paid of interest is first what does not bear any. Other terms  the
 * old ones count up to the day before, also when that day is charged today. What has begun to
 * run goes on, whatever grace the new ones give; what the old ones compounded stays so; a fee
 * whose day lay before the new ones is not charged. Freeze       days of it cost nothing and
 * late fees that fall on them are left out for good; most_times counts those too. Discount
 * looked at when money comes: when what is open of the principal after it is at most the share
 * of all that was owed, it is let go. Charge       goes to the instalment due first whose
 * principal is open; else to the last one. One dated before its debt, like a correction, counts
 * from the debt's day. Money waits only while nothing is open that nobody contests: what a payment
 * or credit leaves over, and what waits when something is placed or charged, pays what is open, by
 * an entry of its own ("apply … after …"), so that nobody is asked for what they have paid. Refund is a
 * fact: when more was given back than waits, less than nothing waits.
 *
 * Accounts of the debtor are the components of terms.h and `unapplied` (money that waits: what
 * was paid beyond what is owed). The other side: placed (the creditor's claim), cash, charged
 * (interest, fees and costs, as income), adjustment (credit notes and corrections), discount,
 * waived, forgiven (by a settlement), written_off, charged_off. Debits are positive.
 */
#ifndef DOMAIN_LEDGER_H
#define DOMAIN_LEDGER_H

#include "base/arena.h"
#include "domain/terms.h"

/* What happens to money. Inside a day in this order. Names are stored. */
#define MOVEMENTS(X)                                                                           \
    X(MOVEMENT_TERMS, "terms")   /* ground: digest of the terms that hold from value_day   */  \
    X(MOVEMENT_FREEZE, "freeze") /* no interest and late fees from value_day until due_day */  \
    X(MOVEMENT_DISPUTE, "dispute") /* contested from value_day until due_day               */  \
    X(MOVEMENT_PLACED, "placed") /* an instalment: principal, due on due_day               */  \
    X(MOVEMENT_ADJUST, "adjust") /* the principal of an instalment changed by so much      */  \
    X(MOVEMENT_CHARGE, "charge") /* interest, fees or costs; ground names clause or law    */  \
    X(MOVEMENT_CREDIT, "credit") /* a credit note; what is left over waits                 */  \
    X(MOVEMENT_WAIVE, "waive")   /* at most what is open                                   */  \
    X(MOVEMENT_PAYMENT, "payment") /* what is left over waits */                               \
    X(MOVEMENT_APPLY, "apply")   /* of what waits, at most that                            */  \
    X(MOVEMENT_REFUND, "refund") /* of what waits, given back                              */  \
    X(MOVEMENT_SETTLE, "settle") /* the rest forgiven by a settlement, at most what is open */ \
    X(MOVEMENT_WRITE_OFF, "write_off")   /* at most what is open   */                          \
    X(MOVEMENT_CHARGE_OFF, "charge_off") /* the creditor's loss; the debtor still owes it */

#define X(code, name) code,
enum movement_kind { MOVEMENTS(X) MOVEMENT_COUNT };
#undef X
const char *movement_name(enum movement_kind kind);
bool movement_parse(const char *name, enum movement_kind *out);

struct movement {
    int32_t number;
    enum movement_kind kind;
    struct day day;      /* for which it counts */
    struct day due;      /* placed: due day; freeze and dispute: the first day on which it is over;
                          * else none                                                            */
    int32_t debt;        /* 0: all debts of the currency, in the order of allocation             */
    int32_t instalment;  /* 0: all of the debt                                                   */
    enum component component; /* COMPONENT_COUNT: all, in the order of allocation; charge: which */
    enum currency currency;
    int64_t minor;       /* more than 0; adjust: either sign; terms and freeze: 0;
                          * dispute: so much of it, 0: all of it                                 */
    const char *reference; /* orders movements of one kind and day; with kind, day, debt and
                            * instalment it names one. terms: the digest of their text             */
    const struct terms *terms; /* of MOVEMENT_TERMS */
};

/* One line of an entry. */
struct ledger_line {
    const char *account;
    int32_t debt, instalment;
    int64_t minor;
};

/* Adds up to nothing, in one currency. */
struct ledger_entry {
    const char *
        cause; /* names it for ever: "payment 2026-11-02 manual-1", "interest 2.1 2026-11-30" */
    int32_t movement; /* the number of it; 0: it follows from terms */
    struct day day;
    enum currency currency;
    size_t line_count;
    struct ledger_line *lines;
};

/* Where an instalment stands. */
struct ledger_slice {
    int32_t debt, instalment;
    enum currency currency;
    struct day placed_day, due_day;
    int64_t owed[COMPONENT_COUNT]; /* charged so far, less what was credited, waived, …  */
    int64_t paid[COMPONENT_COUNT]; /* of that, by money                                  */
    /* Between these days what is open of the principal changed; DAY_NEVER: it never did. Only
     * money changes it from the first of them on; anything else, from the placing on. */
    struct day first_change, last_change;
    struct day last_paid; /* by money, of any component; DAY_NEVER: never */
    /* How interest and late fees go on. */
    struct interest_run run;
    struct day run_start;   /* DAY_NONE before interest began                               */
    struct day run_to;      /* it has run to the beginning of this day                      */
    int64_t run_posted;     /* of run.minor                                                 */
    int64_t compounded;     /* open interest that bears interest itself                     */
    struct day compound_to; /* days of compounding up to this one are done                  */
    int64_t late_fees;      /* the sum of them                                              */
    struct day fees_to;     /* late fees of this day and earlier ones are done              */
    const struct terms *terms; /* never NULL                                              */
    struct day terms_from;     /* since when                                                  */
    bool changed; /* since the caller set it to false                             */
};

struct ledger_wait { /* money that waits, a positive number: the debtor's own; see Refund */
    enum currency currency;
    int64_t minor;
};

struct ledger_freeze {
    int32_t debt; /* 0: all */
    struct day from, until;
};

/* What is contested from a day on, until the day on which it is over. */
struct ledger_dispute {
    int32_t debt, instalment;  /* 0: all */
    enum component component;  /* COMPONENT_COUNT: all */
    int64_t minor;             /* so much of that; 0: all of it */
    struct day from, until;
};

struct ledger_terms {
    int32_t debt;
    const char *digest;
    const struct terms *terms;
};

enum { LEDGER_CURRENCIES = 8 }; /* in one case file */

/* Everything that the next movement needs of those before it. */
struct ledger_state {
    /* What comes must be of a later day; DAY_NONE: of any. The last day of a movement, or on
     * which time did something: days without either are not in the way of what comes late. */
    struct day frontier;
    /* Of the frontier's day, what was done last: a movement that sorts after it still fits.
     * reference NULL: nothing of that day fits any more. */
    struct movement last;
    size_t slice_count, slice_room, wait_count, freeze_count, freeze_room, dispute_count,
        dispute_room, terms_count, terms_room;
    struct ledger_slice *slices; /* ascending by debt and instalment */
    struct ledger_wait waits[LEDGER_CURRENCIES];
    struct ledger_freeze *freezes;
    struct ledger_dispute *disputes;
    struct ledger_terms *terms; /* the latest of each debt */
};

struct ledger_books {
    struct arena *arena;
    struct ledger_state state; /* an empty one has frontier DAY_NONE: ledger_empty */
    size_t entry_count, entry_room;
    struct ledger_entry *entries; /* in the order in which they fall */
    /* Follow from the state: the places of instalments with something open, by due day; and a
     * day up to which, itself not included, time does nothing by itself. */
    bool live_known;
    size_t live_count, live_room, *live;
    struct day quiet_to;
};

/* Gives the instalments of a state that was read back the terms of their debts. */
void ledger_bind(struct ledger_state *state);

void ledger_empty(struct ledger_books *books, struct arena *arena);

/* Whether a movement can be added to the books as they stand: it comes after all that is in them. */
bool ledger_fits(const struct ledger_state *state, const struct movement *m);

/*
 * Adds movements, whatever their day, and lets time run to the end of the day before `today`
 * (interest posted) and to the beginning of `today` (late fees). They need not be sorted, and
 * all lie after the frontier of the state; an empty state takes any. That makes the same books
 * as all movements at once. BAD_VALUE when an amount does not fit, is less than nothing, or is
 * of another currency than its instalment; when a charge or correction is of what was never
 * placed; the books are of no use then.
 */
bool ledger_run(struct ledger_books *books, struct movement *movements, size_t count,
                struct day today, struct fault *why);

/* What is open of one part, as posted; and of interest, fees and costs together. */
int64_t slice_open(const struct ledger_slice *slice, enum component component);
int64_t slice_charges(const struct ledger_slice *slice);

/* What is open, part by part. */
struct ledger_balance {
    int64_t open[COMPONENT_COUNT];
};
int64_t balance_total(const struct ledger_balance *balance);

/* Of an instalment as the books stand, with interest that ran up to the end of `day` but is not
 * posted; nothing else that time would do. BAD_VALUE when it is too large. */
bool ledger_slice_balance(const struct ledger_state *state, const struct ledger_slice *slice,
                          struct day day, struct ledger_balance *out, struct fault *why);

/* Of a currency: what waits. */
int64_t ledger_waiting(const struct ledger_state *state, enum currency currency);

struct ledger_slice *ledger_slice_find(const struct ledger_state *state, int32_t debt,
                                       int32_t instalment); /* or NULL */

/* The books as of the end of a day, from empty ones: movements of later days do not count. They
 * are sorted. Interest of the day itself is in ledger_slice_balance. */
bool ledger_as_of(struct ledger_books *books, struct movement *movements, size_t count,
                  struct day day, struct fault *why);

/* What of an instalment is contested, at most what is open: of each component, and of any. */
struct contested {
    int64_t of[COMPONENT_COUNT], any;
};
int64_t contested_total(const struct contested *c);

/*
 * What is contested on a day, instalment by instalment in the order of the state: an amount of a
 * debt is of those that come first. NULL when nothing is. `parts`: without debts that are
 * contested as a whole.
 */
struct contested *ledger_contested(const struct ledger_state *state, struct arena *a,
                                   struct day day, bool parts);

/* The first day after `today` on which the books change by themselves; DAY_NEVER when they do
 * not. */
struct day ledger_next_day(const struct ledger_state *state, struct day today);

#endif

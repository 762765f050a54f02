/*
 * Figure: a sum over case files that is kept, so that nobody has to add up a book to read it.
 *
 * Every figure is made of dated differences. What flows (money received, calls made) is the sum
 * of those of a period; what stands (open, past due, in dispute) is the sum of all up to a day.
 * So a figure of any past day is there as well as that of today, and what changes by the
 * calendar alone (an invoice grows older) is written down once, with the day on which it will
 * happen: no night looks at anything.
 *
 * A key is: figure, period, group, first, second. A group is client, desk, strategy, segment
 * and currency (CURRENCY_NONE: about people, not money). Figures of agents have who did it as
 * their first key, a word, "" for the program and for files. What `first` and `second` are
 * stands with each figure below. Values: `counted` things, `minor` units of the currency.
 *
 * Months are numbered year × 12 + month - 1. Amounts are open principal, as in
 * docs/measures.md.
 */
#ifndef DOMAIN_FIGURE_H
#define DOMAIN_FIGURE_H

#include "domain/calendar.h"
#include "domain/measures.h"

/* Numbers are stored: add at the end, never move. The last column: kept by day as well as by
 * month; else by month alone. */
#define FIGURES(X)                                                                             \
    X(FIGURE_OPEN, "open", true)            /* stands; age range, ALL_DEBTS or LATE_DEBTS */   \
    X(FIGURE_LATE, "late", true)            /* stands; minor: late amounts × late_day(due) */ \
    X(FIGURE_BILLED, "billed", true)        /* by invoice day: debts, amounts owed */          \
    X(FIGURE_CASH, "cash", true)            /* by value day, less what went back */            \
    X(FIGURE_CHARGED, "charged", true)      /* by value day; component */                      \
    X(FIGURE_PLACED, "placed", true)        /* by day placed: debts, what was open then */     \
    X(FIGURE_RECOVERED, "recovered", false) /* by month of money; month placed */              \
    X(FIGURE_UNPAID, "unpaid", false)       /* stands at month ends; month placed */           \
    X(FIGURE_ROLL, "roll", false)      /* stands; range a month before, range or ROLL_… */   \
    X(FIGURE_SETTLED, "settled", true) /* debts with nothing open any more; 0 paid, 1 not */   \
    X(FIGURE_PROMISE, "promise", true) /* by due day; promise_key, days until judged */        \
    X(FIGURE_DUE, "due", true)         /* stands: promises that run; week due, of a plan */    \
    X(FIGURE_FILES, "files", true)     /* stands: case files; enum file_state */               \
    X(FIGURE_CONTACT, "contact", true) /* channel, contact_key */                              \
    X(FIGURE_HOUR, "hour", true)       /* calls; hour of the week there, 0 tried 1 reached */  \
    X(FIGURE_WEEK, "week", true)       /* by Sunday: people; attempts of that week */          \
    X(FIGURE_FUNNEL, "funnel", true)   /* debts; month placed, enum funnel_step */             \
    X(FIGURE_STOP, "stop", true)       /* who asked us to stop; 0 a means, 1 all of them */    \
    X(FIGURE_COMPLAINT, "complaint", true)                                                     \
    X(FIGURE_HARDSHIP, "hardship", true) /* by day decided; business days it took; ASKED: by   \
                                            day asked; WAITING: stands */                      \
    X(FIGURE_ANSWER, "answer", true)     /* by day answered; channel, tenths of hours */       \
    X(FIGURE_DISPUTE, "dispute", true) /* reason (a word); days to answer, or ASKED, ENDED */  \
    X(FIGURE_STANDING, "standing",                                                             \
      true)                      /* as it is now, period 0; standing and rule (a word) */      \
    X(FIGURE_STEP, "step", true) /* by day sent; step (a word), step_key */                    \
    X(FIGURE_AGENT_CALL, "agent_call", true)       /* who called; 0 tried 1 reached */         \
    X(FIGURE_AGENT_PROMISE, "agent_promise", true) /* by due day; who took it, agent_key */    \
    X(FIGURE_AGENT_ANSWER, "agent_answer", true) /* by day answered; who did, tenths of hours  \
                                                  */                                           \
    X(FIGURE_AGENT_TAKEN, "agent_taken", true)   /* by day made; who took it, of a plan */     \
    X(FIGURE_AGENT_DISPUTE, "agent_dispute", true)   /* by day answered; who did, days */      \
    X(FIGURE_AGENT_HARDSHIP, "agent_hardship", true) /* by day decided; who did, business      \
                                                        days */                                \
    X(FIGURE_PLAN, "plan", true) /* plans asked for, by day granted or declined; language or   \
                                    place (a word), plan_key */

#define X(code, name, daily) code,
enum figure { FIGURES(X) FIGURE_COUNT };
#undef X
#define FIGURE_BIT(f) ((uint32_t)1 << (f))
#define FIGURES_ALL   (FIGURE_BIT(FIGURE_COUNT) - 1)

const char *figure_name(enum figure figure);
bool figure_is_daily(enum figure figure);
/* Its first key is the number of a word. */
bool figure_has_word(enum figure figure);

enum { ALL_DEBTS = AGE_RANGES, LATE_DEBTS }; /* counted alone: a debt may be in two ranges */
enum { ROLL_PAID = AGE_RANGES, ROLL_GONE };  /* gone: credited, forgiven, written off */
enum { FIGURE_ASKED = -1, FIGURE_ENDED = -2, FIGURE_WAITING = -3 };

/* Spans of days over which pages look back: who was contacted in the last so many days is not
 * the sum of who was on each of them, so it is kept for these. */
enum { WINDOWS = 4 };
extern const int window_days[WINDOWS]; /* 7, 30, 90, 365 */

enum file_state {
    FILE_OPEN,                             /* something is open              */
    FILE_LATE,                             /* something is past due          */
    FILE_DISPUTED,                         /* open, and a dispute in force   */
    FILE_REACHED,                          /* + window: contacted            */
    FILE_WORKED = FILE_REACHED + WINDOWS,  /* + window: past due and contacted  */
    FILE_OBJECTED = FILE_WORKED + WINDOWS, /* + window: a dispute was received  */
    FILE_STATES = FILE_OBJECTED + WINDOWS
};

enum funnel_step {
    FUNNEL_PLACED,
    FUNNEL_CONTACTED, /* something of ours came to them, or something of theirs to us */
    FUNNEL_PERSON,    /* spoke with them, or they wrote */
    FUNNEL_AGREED,
    FUNNEL_KEPT, /* the first payment as agreed */
    FUNNEL_PAID, /* in full, after an agreement */
    FUNNEL_PAID_OTHERWISE,
    FUNNEL_STEPS
};

enum step_outcome { STEP_SENT, STEP_PAID, STEP_MONEY }; /* MONEY: minor, within PAID_DAYS */
enum { PAID_DAYS = 14 };
/* What came of a message, and how many days after it. */
enum { STEP_OUTCOMES = 4 };
static inline int32_t step_key(enum step_outcome outcome, int32_t days)
{
    return days * STEP_OUTCOMES + (int32_t)outcome;
}

enum { WEEK_MOST = 20, ANSWER_MOST = 9999, DAYS_MOST = 9999 };

/* Keys made of two things. */
static inline int32_t promise_key(int state, bool of_plan)
{
    return state * 2 + of_plan;
}
/* Of FIGURE_AGENT_PROMISE: days until judged (below 0: before it was due), and the promise_key.
 */
enum { AGENT_KEYS = 16 };
static inline int32_t agent_key(int32_t days, int32_t key)
{
    return days * AGENT_KEYS + key;
}
static inline int32_t agent_key_promise(int32_t key)
{
    return (key % AGENT_KEYS + AGENT_KEYS) % AGENT_KEYS;
}
static inline int32_t agent_key_days(int32_t key)
{
    return (key - agent_key_promise(key)) / AGENT_KEYS;
}
/* Of FIGURE_PLAN, which counts each plan once by either. */
enum plan_group { PLAN_BY_LANGUAGE, PLAN_BY_PLACE, PLAN_GROUPS };
static inline int32_t plan_key(enum plan_group by, bool declined)
{
    return (int32_t)by * 2 + declined;
}
enum { CONTACT_IN = 64 };
static inline int32_t contact_key(bool incoming, int outcome)
{
    return (incoming ? CONTACT_IN : 0) + outcome;
}

/* Of FIGURE_LATE: days since 2000, so that amounts × days stay far from the end of 64 bits. */
enum { LATE_FROM = 10957 };
static inline int64_t late_day(struct day due)
{
    return (int64_t)due.number - LATE_FROM;
}

int32_t month_of_day(struct day day);
struct day month_first(int32_t month);
struct day month_last(int32_t month);
struct day monday_of(struct day day);
/* Mondays to Fridays after `from`, up to and including `to`; 0 when it is not later. */
int32_t business_days(struct day from, struct day to);

#endif

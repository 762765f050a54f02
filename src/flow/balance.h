/*
 * Balance: what is owed as of a day, part by part, as known at a moment, and every line that led
 * there, each with its reason and the clause or law that allows it. Only reads.
 *
 * Lines follow from the books as of the day (domain/ledger.h), so a line stands on the day for
 * which it counts, whenever it became known. Money that went back shows as two lines of its day,
 * which add up to nothing. Interest that ran and is not posted yet is a line of its own, and is
 * part of every balance here.
 *
 * What is owed is positive. `waiting` is the debtor's own money, below zero.
 *
 * Faults    DB_ROW: opening balance and lines do not come to the closing balance. Then nothing
 *           is shown: one of the three is wrong.
 */
#ifndef FLOW_BALANCE_H
#define FLOW_BALANCE_H

#include "domain/casefile.h"
#include "domain/ledger.h"
#include "store/store.h"

/* What a line is. Names are API (JSON, CSV) and sections of letters/<language>/parts/line.md. */
#define LINES(X)                                                                               \
    X(LINE_PLACED, "placed")         /* an invoice, or an instalment of it     */              \
    X(LINE_ADJUST, "adjusted")       /* its amount corrected                   */              \
    X(LINE_OVER, "over")             /* more was paid than is owed now         */              \
    X(LINE_CHARGE, "charged")        /* interest, fees or costs by hand        */              \
    X(LINE_INTEREST, "interest")     /* posted                                 */              \
    X(LINE_RUNNING, "running")       /* interest, not posted yet               */              \
    X(LINE_LATE_FEE, "late_fee")     /* by terms                               */              \
    X(LINE_CREDIT, "credited")                                                                 \
    X(LINE_WAIVE, "waived")                                                                    \
    X(LINE_LET_GO, "let_go")         /* by terms, when the principal is paid   */              \
    X(LINE_DISCOUNT, "discounted")   /* by terms, for paying early             */              \
    X(LINE_PAYMENT, "paid")                                                                    \
    X(LINE_BACK, "back")             /* a payment that did not stay            */              \
    X(LINE_APPLY, "applied")         /* of money that waited                   */              \
    X(LINE_REFUND, "refunded")                                                                 \
    X(LINE_SETTLE, "settled")                                                                  \
    X(LINE_WRITE_OFF, "written_off")                                                           \
    X(LINE_CHARGE_OFF, "charged_off") /* the creditor's loss; changes nothing owed */

#define X(code, name) code,
enum line_kind { LINES(X) LINE_COUNT };
#undef X
const char *line_name(enum line_kind kind);

/* What is open of each part, and what waits. */
struct balance_sum {
    int64_t open[COMPONENT_COUNT];
    int64_t waiting;
};
int64_t balance_sum_total(const struct balance_sum *sum);

struct balance_line {
    enum line_kind kind;
    struct day day;
    int32_t debt, instalment;   /* 0: money that waits; instalment 0: several       */
    struct balance_sum change;
    int64_t after;              /* the balance of the currency after this line      */
    const char *component;      /* charged: which; late fee: its name in the terms  */
    const char *reference;      /* of a payment and what else has one; may be NULL  */
    int32_t payment;            /* the number of a payment; 0: of none              */
    const char *method;         /* of a payment                                     */
    const char *reason;         /* as it was written down; may be NULL              */
    const char *clause, *law;   /* what allows it; each may be NULL                 */
    struct day from, due;       /* interest: the first day; placed: when it is due  */
    int32_t rate_ppm, last_ppm; /* of interest, on its first and its last day       */
    struct day back_day;        /* on which it became known that a payment went back */
    const char *back_state;     /* "returned", …, of a payment that did not stay    */
    const char *cause;          /* its name in the books                            */
    size_t order;               /* among those of its day                           */
};

struct balance_debt {
    int32_t debt;
    const char *reference, *description;
    struct day invoice_day;
    enum currency currency;
    struct balance_sum opening, closing;
    bool shown; /* placed by the day asked for */
};

struct balance_part { /* one instalment, at the end */
    int32_t debt, instalment;
    enum currency currency;
    struct day due;
    int64_t placed; /* principal charged so far */
    struct balance_sum open;
    int64_t running; /* of the open interest: not posted yet */
};

struct balance_currency {
    enum currency currency;
    struct balance_sum opening, closing;
    size_t line_count, room;
    struct balance_line *lines;
};

struct balance {
    struct day since, day;
    size_t currency_count, part_count, debt_count;
    size_t currency_room, part_room, debt_room;
    struct balance_currency *currencies;
    struct balance_part *parts;
    struct balance_debt *debts;
};

struct balance_request {
    struct casefile_key key;
    int32_t debt;         /* 0: all, and the money that waits                          */
    struct day since;     /* lines from this day on; DAY_NONE: from the beginning      */
    struct day day;       /* to the end of this one                                    */
    struct instant known; /* INSTANT_NEVER: now                                        */
};

bool balance_read(struct store *s, struct arena *a, const struct balance_request *request,
                  struct balance *out, struct fault *why);

/* What is owed as of the end of the day of these books, in each currency, without any line. */
bool balance_of_books(const struct ledger_state *state, struct arena *a, struct day day,
                      struct balance *out, struct fault *why);

const struct balance_debt *balance_debt_of(const struct balance *b, int32_t debt); /* or NULL */

#endif

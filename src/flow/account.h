/*
 * Account: what is on file about one debtor, to be looked at, and to be found again by those
 * who write. "Account" is what people call a case file.
 *
 * Lists and pages read one snapshot and change nothing. Open amounts are those of a day: what
 * has a later value day is not seen.
 */
#ifndef FLOW_ACCOUNT_H
#define FLOW_ACCOUNT_H

#include "flow/book.h"
#include "flow/table.h"

struct account_filter {
    const char *standing; /* NULL: every one; names as in domain/decide.h */
    int64_t limit;        /* 0: all rows                                   */
    struct day today;     /* open amounts are those of this day            */
};

/* *more: there are rows beyond the limit. */
bool account_list(struct store *s, const struct account_filter *filter, struct sheet *out,
                  bool *more, struct fault *why);

/* All about one account. `reference` may be that of one of its debts. */
bool account_show(struct store *s, const char *reference, const struct zone *zone,
                  struct day today, struct sheet *out, struct fault *why);
/* The same of one that was found. */
bool account_show_key(struct store *s, struct casefile_key key, const struct zone *zone,
                      struct day today, struct sheet *out, struct fault *why);

/* Its payments by day: their state, what was refunded, and what each paid as the books stand. */
bool payment_list(struct store *s, const char *reference, struct day today, struct sheet *out,
                  struct fault *why);

/* What happened, the latest first. */
bool account_timeline(struct store *s, const char *reference, const struct zone *zone,
                      int64_t limit, struct sheet *out, struct fault *why);

/* ---- Over all accounts. limit 0: all rows; *more: there are rows beyond it ---------------- */

/* Promises, and instalments of plans, the first due first. */
struct promise_filter {
    const char *state;    /* as promise_state_name says it; NULL: every one */
    struct day from, to;  /* due on one of these days; both 0: on any */
    int64_t limit;
};
bool promise_list(struct store *s, const struct promise_filter *filter, struct sheet *out,
                  bool *more, struct fault *why);

struct hold_filter {
    struct instant now;
    const struct zone *zone; /* of the moments shown */
    const char *kind;        /* NULL: every one      */
    struct instant ends_by;  /* those that end by then; INSTANT_NEVER: all */
    int64_t limit;
};

/* Holds that stand at `now`; those with an end first. */
bool hold_list(struct store *s, const struct hold_filter *filter, struct sheet *out, bool *more,
               struct fault *why);

/* Everything the gate knows of one account, the latest first; ended facts too. */
bool fact_list(struct store *s, const char *reference, const struct zone *zone,
               struct sheet *out, struct fault *why);

/* Notices that the law wants sent by a day, the first due first (domain/gate.h: duty). */
struct duty_filter {
    struct instant now;
    struct day due_by; /* only those due up to then; DAY_NEVER: all */
    int64_t limit;
};
bool duty_list(struct store *s, const struct duty_filter *filter, struct sheet *out, bool *more,
               struct fault *why);

/* ---- For those who write: inside book_begin and book_commit ----------------------------- */

struct account {
    struct casefile_key key;
    const char *reference, *name; /* in the book's arena */
};

bool account_find(struct book *b, const char *reference, struct account *out,
                  struct fault *why);

/* Whether somebody limited to these clients and desks (NULL: all; flow/user.h) may see it. */
bool account_is_seen(struct store *s, struct casefile_key key, const char *clients,
                     const char *desks, bool *seen, struct fault *why);

/* The debt of this reference; NOT_FOUND when it is another's. NULL gives 0, all debts. */
bool account_debt(struct book *b, const struct account *account, const char *reference,
                  int32_t *debt, struct fault *why);

/* The reference of a debt of this number; NULL when there is none. */
bool account_debt_reference(struct book *b, const struct account *account, int32_t debt,
                            const char **reference, struct fault *why);

/*
 * The one currency of the debt, or of all debts when 0; that of the organisation when there
 * are none. CURRENCY_NONE when there are several: whoever types must say which.
 */
bool account_currency(struct book *b, const struct account *account, int32_t debt,
                      enum currency *out, struct fault *why);

/* What is open at the end of a day of one debt, or of all of the currency (0), with interest up
 * to that day; and what waits in the currency. */
struct account_balance {
    struct ledger_balance open;
    int64_t waiting;
};
bool account_balance(struct book *b, const struct account *account, int32_t debt,
                     enum currency currency, struct day day, struct account_balance *out,
                     struct fault *why);

/* What is open today in one currency, with interest, fees and costs. */
bool account_open(struct book *b, const struct account *account, enum currency currency,
                  int64_t *minor, struct fault *why);

struct account_fact {
    int32_t number, debt;
    enum fact_type type;
    struct instant at, until;
    const char *scope, *value, *channel, *debt_reference; /* may be NULL */
};

/* The facts of one type that are in force at `at`. */
bool account_facts(struct book *b, const struct account *account, enum fact_type type,
                   struct instant at, struct account_fact **out, size_t *count,
                   struct fault *why);

/* "America/Chicago (address 60601), …" of the debtor as the book has it now; "" for none. */
bool account_zones(struct book *b, const struct account *account, const char **words,
                   struct fault *why);
/* *known: time zones are known for this code of ISO 3166. */
bool account_place_known(const char *place, bool *known, struct fault *why);

/* The fact of this number, when it is in force at `at`. */
bool account_fact(struct book *b, const struct account *account, int32_t number,
                  struct instant at, struct account_fact *out, bool *found, struct fault *why);

/* A payment on file; found is false when there is none of this reference. */
struct account_payment {
    bool found, pending;
    const char *state; /* "settled", "charged_back", … */
    struct day day;
    struct money money;
    int32_t number;
};
bool account_payment(struct book *b, const struct account *account, const char *reference,
                     struct account_payment *out, struct fault *why);

/*
 * Somebody agreed to be reached at an address: how we may use it is kept beside the consent, for
 * each of their addresses of the channel, or the one given (12 CFR 1006.6(d)(4) and (5)).
 */
bool account_agreed(struct book *b, const struct account *account, enum channel channel,
                    const char *address, struct fault *why);

/*
 * What a contact was for that says nothing of it: a collector's first talk with the person
 * starts a clock (12 CFR 1006.34(a)(1)). NULL: nothing in particular.
 */
bool account_purpose(struct book *b, const struct account *account,
                     const struct contact *contact, const char **purpose, struct fault *why);

#endif

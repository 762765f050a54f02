/*
 * Authority: how far somebody may go alone: plans, settlements, waivers, write-offs, refunds.
 *
 * Data (folder authority). Roles stand in order, the lowest first. Limits are rows; the first
 * row of a role whose `when` holds is the one that counts. What a row does not mention it does
 * not grant. A row whose condition can't be answered, because a fact is not known, grants
 * nothing and names the fact: it is not skipped, since a later row could grant more.
 *
 * What is above one's own limit needs the approval of the lowest role above whose own limit
 * covers it, by another person than the one who asks.
 *
 * Amounts are minor units of the currencies of the row, which it names when it has any ("25.00"
 * is then so much in each); a row of other currencies than the debt's does not count. Shares
 * are millionths of what is open.
 */
#ifndef FORMATS_AUTHORITY_H
#define FORMATS_AUTHORITY_H

#include "domain/plan.h"
#include "formats/yaml.h"

/* What conditions of rows may ask. */
#define AUTHORITY_FACTS(X)                                                                     \
    X(AUTHORITY_SEGMENT, "segment", VALUE_TEXT, "segment of the strategy, such as \"usual\"")  \
    X(AUTHORITY_DAYS, "days_past_due", VALUE_INT, "days since the oldest unpaid due date")     \
    X(AUTHORITY_OPEN, "open_minor", VALUE_INT, "what is open, in minor units")                 \
    X(AUTHORITY_CURRENCY, "currency", VALUE_TEXT, "currency of what is open, \"USD\"")         \
    X(AUTHORITY_KIND, "kind", VALUE_TEXT, "kind of the debt, such as \"invoice\"")             \
    X(AUTHORITY_BUSINESS, "business", VALUE_BOOL, "true for a firm")                           \
    X(AUTHORITY_HARDSHIP, "hardship", VALUE_BOOL, "somebody in hardship, or vulnerable")       \
    X(AUTHORITY_COUNTRY, "country", VALUE_TEXT, "country of the debtor, \"US\"")

#define X(code, name, type, meaning) code,
enum authority_fact { AUTHORITY_FACTS(X) AUTHORITY_FACT_COUNT };
#undef X
extern const struct fact_table authority_facts;

enum { ROLES_MOST = 16 };
#define AUTHORITY_ANY INT64_MAX /* "any": without limit */

struct authority_role {
    const char *name;  /* "team_lead" */
    const char *words; /* "a team lead" */
};

/* What one row grants; 0 means: nothing of it. */
struct authority {
    const char *role, *row;      /* names of the role and of the row; row NULL: none counts   */
    const char *source;          /* "authority/house.yaml, collector-usual"                   */
    const char *unknown;         /* the fact because of which nothing is granted; or NULL     */
    size_t currency_count;       /* 0: the row has no amounts and holds for all               */
    enum currency currencies[8]; /* of as many decimals each                                 */
    int64_t plan_months;         /* longest term of a plan                                    */
    int64_t smallest_payment;    /* of a plan                                                 */
    int64_t first_payment_ppm;   /* least first payment of a plan, a share of what is open    */
    int64_t first_within_days;   /* first payment of a plan, from today; 0: no limit          */
    int64_t discount_ppm;        /* most that a settlement forgives, a share of what is open  */
    int64_t settlement_days;     /* longest time in which a settlement is paid                */
    int64_t offer_days;          /* longest time for which an offer stands                    */
    int64_t waive_interest, waive_fees; /* most of them                                      */
    int64_t write_off; /* greatest balance that may be written off                  */
    int64_t refund;    /* most that is given back of one payment at once            */
};

struct authority_row {
    struct authority grants;
    size_t role;            /* place of the role */
    struct condition *when; /* NULL: always */
    const char *when_text;
    struct place place;
};

struct authority_book {
    const char *name, *title, *file;
    const char *digest; /* of the file's bytes, hex */
    size_t role_count, row_count;
    struct authority_role roles[ROLES_MOST]; /* the lowest first */
    const struct authority_row *rows;
    const struct yaml *cases; /* may be NULL */
};

/* NULL with BAD_PACK "file:line:column: …" when the file is not as meant. */
struct authority_book *authority_parse(struct arena *a, const char *file, const char *bytes,
                                       size_t length, struct fault *why);
/* The file of the house, "authority/house.yaml", or the one of this path. */
struct authority_book *authority_load(struct arena *a, const char *path, struct fault *why);

/* Place of the role of this name; role_count when there is none. */
size_t authority_role_find(const struct authority_book *book, const char *role);

/* What a role may grant; values of authority_facts in their order. */
struct authority authority_for(const struct authority_book *book, size_t role,
                               const struct value facts[AUTHORITY_FACT_COUNT]);

/*
 * The limits of plans for this role, for plan_solve; a plan that breaks one says whom to ask.
 * Returns how many were written, at most AUTHORITY_LIMITS. Texts live in the arena.
 */
enum { AUTHORITY_LIMITS = 4 };
size_t authority_limits(const struct authority_book *book, size_t role,
                        const struct value facts[AUTHORITY_FACT_COUNT], struct money open,
                        struct day today, struct arena *a,
                        struct plan_limit limits[AUTHORITY_LIMITS]);

/* What somebody wants to grant; 0 for what is no part of it. */
struct proposal {
    struct money open;
    int plan_months;          /* term; 0: no plan                  */
    int64_t plan_payments;    /* how many                          */
    int64_t smallest_payment; /* of the plan                       */
    int64_t first_payment;    /* paid first                        */
    int first_within_days;    /* until the first of all payments   */
    int64_t discount_minor;   /* forgiven by a settlement          */
    int settlement_days;      /* until the last payment of it      */
    int offer_days;           /* how long the offer stands         */
    int64_t waive_interest, waive_fees;
    int64_t write_off;
    int64_t refund;
};
/* The part of a proposal that a plan is; `open` and the rest are left alone. */
void proposal_of_plan(const struct plan *plan, struct day today, struct proposal *out);

enum authority_ruling { AUTHORITY_ALLOWED, AUTHORITY_APPROVAL, AUTHORITY_NOBODY };

struct authority_answer {
    enum authority_ruling ruling;
    const char *role;   /* who grants it: the asker's, or the one that has to approve; NULL */
    const char *why;    /* one sentence */
    const char *source; /* the row that said so */
};

/* Whether this role may grant it alone, and who may if not. Texts live in the arena. */
struct authority_answer authority_check(const struct authority_book *book, size_t role,
                                        const struct value facts[AUTHORITY_FACT_COUNT],
                                        const struct proposal *proposal, struct arena *a);

/*
 * Whether this person may approve what needs approval: another person than the author, whose
 * own role covers it. NOT_ALLOWED with the sentence when not.
 */
bool authority_may_approve(const struct authority_book *book, const char *author,
                           const char *approver, size_t approver_role,
                           const struct value facts[AUTHORITY_FACT_COUNT],
                           const struct proposal *proposal, struct arena *a, struct fault *why);

/*
 * Runs the cases beside the rules: facts and a proposal by their names under `given` and
 * `propose`, `answer` (allowed, approval, nobody), `by` (a role) and `because` (part of the
 * sentence) under `expect`. Calls `report` (may be NULL) with a line for each that fails.
 */
void authority_test(const struct authority_book *book, struct arena *a, size_t *passed,
                    size_t *failed, void (*report)(void *context, const char *line),
                    void *context);

#endif

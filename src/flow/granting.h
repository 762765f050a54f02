/*
 * Granting: what somebody may grant in one case file, from what is known of it and the rules of
 * the house (formats/authority.h).
 */
#ifndef FLOW_GRANTING_H
#define FLOW_GRANTING_H

#include "formats/authority.h"
#include "flow/book.h"

struct granting {
    const struct authority_book *rules;
    struct value facts[AUTHORITY_FACT_COUNT];
    struct money open;              /* today, of the debts asked about: interest, fees and all */
    struct ledger_balance parts;    /* of it */
    struct day today;
    struct arena *a;
};

/* A moment, and whose calendar says which day it is. */
struct moment {
    struct instant now;
    const struct zone *zone;
};

/* What is committed, for who only looks. */
bool granting_read(struct store *s, struct arena *a, struct moment at, struct casefile_key key,
                   enum currency currency, struct debt_set debts, struct granting *out,
                   struct fault *why);
/* `debts` none named: all of the currency. BAD_VALUE when nothing is open. */
bool granting_load(struct book *b, struct casefile_key key, enum currency currency,
                   struct debt_set debts, struct granting *out, struct fault *why);

/* The same when nothing is open: for money that is given back. */
bool granting_load_any(struct book *b, struct casefile_key key, enum currency currency,
                       struct granting *out, struct fault *why);

/* Place of the role; NOT_FOUND names those there are. */
bool granting_role(const struct granting *g, const char *name, size_t *role, struct fault *why);

/* What this role may grant alone, as limits for plan_solve. Returns how many. */
size_t granting_limits(const struct granting *g, size_t role,
                       struct plan_limit limits[AUTHORITY_LIMITS]);

/* Whether `role` may grant it, and who may if not. NOT_ALLOWED when nobody may. */
bool granting_check(const struct granting *g, size_t role, const struct proposal *proposal,
                    struct authority_answer *answer, struct fault *why);

/* For whose role has no limits at all: NOT_ALLOWED. `what` it does: "grants no plan". */
bool granting_none(const char *what, struct fault *why);

/* The approver's own authority has to cover it: a yes is no way around the limits. */
bool granting_covers(const struct authority_answer *answer, struct fault *why);

/* The proposal that a row of payments is. */
void granting_proposal(const struct granting *g, size_t count, const struct day days[],
                       const int64_t minors[], bool down, struct proposal *out);

#endif

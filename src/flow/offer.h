/*
 * Offer: settlements and incentives, from the first word to the end.
 *
 * One side offers: pay so much, at once or in parts, and the rest is forgiven; or the fees that
 * are open then are waived; or nothing is (still_owed: a payment arrangement that wants the
 * other side's word). An early-payment discount is an offer with a day; "pay by then and the
 * fees are waived" is one whose amount leaves the fees out.
 *
 *   waiting_approval  above what the author may grant alone: another person with enough
 *                     authority has to approve it (formats/authority.h)
 *   open              the other side may accept it, up to and including its last day
 *   countered         the other side answered with another offer
 *   accepted          there is a plan that pays it (one instalment, when it is paid at once)
 *   fulfilled         all of it was paid: what was agreed to be forgiven is, on the day on which
 *                     the last of it came (movements of origin "offer N")
 *   void              the plan defaulted and that was agreed to end it. The whole balance, less
 *                     what was paid, is owed again: nothing was forgiven before
 *   declined, withdrawn, expired
 *
 * Who grants it is the collector's side whoever made it: an offer by the debtor is checked
 * against the authority of the one who accepts it. Money that is returned later takes a
 * fulfilled offer back (flow/cycle_settle.c).
 *
 * Tax (26 CFR 1.6050P-1): creditors named there report forgiven debts of 600 US dollars or
 * more; letters and lists of such offers say so.
 */
#ifndef FLOW_OFFER_H
#define FLOW_OFFER_H

#include "flow/plan.h"
#include "formats/authority.h"

enum residual { RESIDUAL_FORGIVEN, RESIDUAL_FEES_WAIVED, RESIDUAL_STILL_OWED };
const char *residual_name(enum residual residual);

struct offer_input {
    int32_t answers;      /* the offer that it counters; 0: none */
    bool by_debtor;
    enum currency currency;
    int64_t minor;        /* to be paid in all */
    int64_t down_minor;   /* of it, paid first; 0: nothing in particular */
    int instalments;      /* payments of the rest; 1: all at once */
    const char *schedule; /* their days; needed when instalments > 1 */
    struct day first_day; /* of the first payment */
    struct day expires_day;
    struct debt_set debts; /* none named: all */
    enum residual residual;
    bool void_on_default;
    const char *author, *role, *reason; /* reason may be NULL */
};

/* An offer as it stands in the book; texts in the arena. */
struct held_offer {
    int32_t number, answers, plan;
    bool by_debtor;
    enum offer_state state;
    struct day state_day;
    enum currency currency;
    int64_t balance_minor, minor, down_minor; /* balance: when it was made */
    int instalments;
    const char *schedule;
    struct day first_day, expires_day, made_day;
    struct debt_set debts;
    enum residual residual;
    bool void_on_default;
    const char *author, *role, *approver, *reason;
};

bool offer_get(struct store *s, struct arena *a, struct casefile_key key, int32_t number,
               const struct zone *zone, struct held_offer *out, struct fault *why);

/* What is open today, and of that the fees. */
bool offer_open(struct book *b, struct casefile_key key, enum currency currency,
                struct debt_set debts, struct money *open, int64_t *fees, struct fault *why);

/* What an offer that names no amount comes to: so much less than what is open (1 to 99 percent),
 * or, where the fees are waived, all but those. BAD_VALUE when neither is said. */
bool offer_amount(struct book *b, struct casefile_key key, struct offer_input *in,
                  int64_t percent, struct fault *why);

/* The offer on which somebody may still say something, of several the latest; NOT_FOUND. */
bool offer_standing(struct store *s, struct casefile_key key, int32_t *number,
                    struct fault *why);

/* What is forgiven when it is fulfilled, going by the balance when it was made; fees that are
 * waived, which are known only then, do not count. */
int64_t offer_forgiven(const struct held_offer *offer);
/* 26 CFR 1.6050P-1: at least 600 US dollars are forgiven. */
bool offer_is_taxed(const struct held_offer *offer);
/* How it is paid. */
bool offer_items(const struct held_offer *offer, struct arena *a, struct plan_item **items,
                 size_t *count, struct fault *why);

/* Why an offer that waits has to be approved, and by whom, going by what is known now. */
bool offer_why(struct store *s, struct arena *a, struct instant now, const struct zone *zone,
               struct casefile_key key, const struct held_offer *offer,
               struct authority_answer *out, struct fault *why);

/* What came of an act, for the receipt: texts in the arena of the book. */
struct offer_ruling {
    enum offer_state state; /* of the offer now */
    const char *words;      /* why it has to be approved, and by whom; or NULL */
    const char *source;
    int32_t plan;           /* made by it; 0: none */
};

/*
 * A new offer. NOT_ALLOWED when nobody may grant it; BAD_VALUE for terms that make no sense.
 * `once` as with book_promise_once.
 */
bool book_offer_add(struct book *b, struct casefile_key key, const char *once,
                    const struct offer_input *in, int32_t *number, enum change *change,
                    struct offer_ruling *ruling, struct fault *why);

/* What a role may say to an offer today; nothing is written. words NULL: it may grant it alone;
 * else they say who has to approve. NOT_ALLOWED when nobody may. */
bool offer_ask(struct book *b, struct casefile_key key, const struct held_offer *offer,
               const char *role, struct offer_ruling *ruling, struct fault *why);

struct offer_act {
    const char *author, *role, *reason, *channel, *evidence; /* author and role are needed */
};
/* The other side says yes: a plan is made. Of a debtor's offer only within authority; above it,
 * the offer waits for approval, and is accepted by it. */
bool book_offer_accept(struct book *b, struct casefile_key key, int32_t number,
                       const struct offer_act *act, struct offer_ruling *ruling,
                       struct fault *why);
/* NOT_ALLOWED when it is the author's own, or the role is not enough. */
bool book_offer_approve(struct book *b, struct casefile_key key, int32_t number,
                        const struct offer_act *act, struct offer_ruling *ruling,
                        struct fault *why);
/* declined or withdrawn: an offer that is open or waits. */
bool book_offer_end(struct book *b, struct casefile_key key, int32_t number,
                    enum offer_state state, const struct offer_act *act, struct fault *why);

/* ---- For the cycle ---- */

/* The rest is forgiven as agreed, for `day`; and that is taken back. The books follow when they
 * are settled. */
bool book_offer_forgive(struct book *b, struct casefile_key key, int32_t number, struct day day,
                        struct fault *why);
bool book_offer_unforgive(struct book *b, struct casefile_key key, int32_t number,
                          struct fault *why);

struct offer_filter {
    const char *state, *reference; /* NULL: every one */
    int64_t limit;
};
bool offer_list(struct store *s, const struct offer_filter *filter, struct sheet *out,
                bool *more, struct fault *why);

#endif

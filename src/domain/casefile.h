/*
 * Case file: everything known about one debtor relationship, as values.
 *
 * Filled by store/casefiles.c from rows, read by the pure functions that decide. All arrays
 * belong to the arena of the batch. Numbers (`party`, `debt`, …) count inside the case file.
 *
 * A case file is loaded as of a day: what has a value day up to and including that day
 * counts. An instalment is open from the invoice day on, and settled from the day on which
 * the money allocated to it reaches its amount.
 */
#ifndef DOMAIN_CASEFILE_H
#define DOMAIN_CASEFILE_H

#include "domain/gate.h"
#include "domain/money.h"

/* A case file is found by the hash of its reference: no table of numbers to hand out. */
struct casefile_key {
    int64_t bucket; /* 0 to 1023 */
    int64_t id;     /* 1 to 2^63 - 1 */
};

/* FNV-1a, 64 bit, of the reference, finished as in SplitMix64; bucket = its top ten bits.
 * Fixed for ever: tests hold vectors. */
struct casefile_key casefile_key_of(const char *reference);
int64_t bucket_of_reference(const char *kind, const char *reference);

enum { PARTY_DEBTOR = 1 };

struct party {
    int32_t number;
    const char *role; /* debtor, co_debtor, guarantor, attorney, … */
    const char *name;
    const char *language; /* BCP 47 */
    size_t place_count, zone_count;
    const char *const *places;       /* ISO 3166-2 */
    const struct zone *const *zones; /* unknown: none */
    const char *places_text, *zones_text; /* the same, with commas between */
    const char *clues_text; /* what they follow from (domain/location.h); NULL from a face */
};

struct contact_point {
    int32_t number, party;
    enum channel channel;
    const char *address;
    bool good;
};

struct instalment {
    int32_t debt, number;
    struct day due_day;
    int64_t amount_minor;
    int64_t paid_minor;       /* everything that was ever allocated to it              */
    /* Between these days what is open of the principal changed; DAY_NEVER: it never did. */
    struct day first_change_day, last_change_day;
    struct day last_paid_day; /* of the money in paid_minor; DAY_NEVER: nothing was paid */
    int64_t charges_minor;    /* interest, fees and costs that are open, as posted     */
    int64_t disputed_minor;   /* of what is open, in dispute while the rest goes on    */
    int32_t grace_days;       /* of the terms that hold for its debt                   */
    /* As of the day for which the case file was loaded: principal and charges, less what is in
     * dispute. */
    int64_t open_minor;
    struct day next_change_day; /* next later day on which open_minor changes; DAY_NEVER */
    const char *last_step;    /* of the ladder; NULL before the first                  */
    struct day step_day;      /* when that was; DAY_NONE before the first              */
};

struct debt {
    int32_t number;
    const char *reference, *kind;
    enum currency currency;
    struct day invoice_day;
};

enum promise_state {
    PROMISE_OPEN,
    PROMISE_KEPT,
    PROMISE_PARTLY_KEPT,
    PROMISE_BROKEN,
    PROMISE_WITHDRAWN
};
enum { PROMISE_STATES = PROMISE_WITHDRAWN + 1 };
const char *promise_state_name(enum promise_state state); /* "partly_kept" */

struct promise {
    int32_t number;
    int32_t plan, item; /* of a payment plan: its instalment; 0: by itself */
    enum promise_state state;
    enum currency currency;
    int64_t minor;
    struct day made_day, due_day, state_day;
    int32_t notice, debit; /* the message that announced its debit, the payment; 0: none */
};

enum plan_state {
    PLAN_ACTIVE,
    PLAN_PAUSED,
    PLAN_COMPLETED,
    PLAN_DEFAULTED,
    PLAN_CANCELLED,
    PLAN_REPLACED
};
enum { PLAN_STATES = PLAN_REPLACED + 1 };
const char *plan_state_name(enum plan_state state);
bool plan_state_parse(const char *name, enum plan_state *out);

/* A payment plan that was agreed. Its instalments are promises. */
struct payment_plan {
    int32_t number, offer; /* offer: the settlement that it pays; 0: none */
    enum plan_state state;
    enum currency currency;
    int64_t total_minor;
    struct debt_set debts; /* none named: all */
    struct day made_day, state_day, resumes_day;
    bool interest_frozen;
    int cure_days, notice_days;
    const char *autopay; /* NULL: none */
};

enum offer_state {
    OFFER_WAITING_APPROVAL,
    OFFER_OPEN,
    OFFER_COUNTERED,
    OFFER_ACCEPTED,
    OFFER_DECLINED,
    OFFER_EXPIRED,
    OFFER_WITHDRAWN,
    OFFER_FULFILLED,
    OFFER_VOID
};
enum { OFFER_STATES = OFFER_VOID + 1 };
const char *offer_state_name(enum offer_state state);
bool offer_state_parse(const char *name, enum offer_state *out);

/* An offer on which something may still follow by time or by money. */
struct pending_offer {
    int32_t number, plan;
    enum offer_state state;
    struct day expires_day; /* the last day on which it stands */
    bool void_on_default;
};

struct payment {
    int32_t number;
    bool pending;
    struct day received_day;
    enum currency currency;
    int64_t minor;
};

/* Days that count neither for interest nor as delay: a freeze of the ledger. */
struct pause {
    int32_t debt; /* 0: all */
    struct day from, until; /* until: the first day on which it is over */
};

struct casefile {
    struct casefile_key key;
    const char *reference, *creditor;
    enum actor_role role;
    bool business;
    struct instant wake_at;
    struct day books_day; /* the first on which its books change by themselves */
    int32_t last_no; /* last number given out */
    bool face_serves; /* what is packed beside it still says what its tables say */
    const char *standing, *standing_reason, *standing_rule, *standing_step, *strategy, *segment;
    struct instant standing_until;

    size_t party_count, point_count, debt_count, instalment_count, fact_count, contact_count,
        promise_count, payment_count, plan_count, offer_count, pause_count;
    struct party *parties;
    struct contact_point *points;
    struct debt *debts;             /* ascending by number                        */
    struct instalment *instalments; /* ascending by debt and number               */
    struct gate_fact *facts;        /* ascending by at                            */
    struct contact *contacts;       /* ascending by at; in, out and planned ones  */
    struct promise *promises;       /* of any state; of withdrawn ones only those in a plan */
    struct payment_plan *plans;     /* but for those that were cancelled or replaced */
    struct pending_offer *offers;
    struct payment *payments;       /* pending ones                               */
    struct pause *pauses;           /* may overlap                                */
};

const struct debt *casefile_debt(const struct casefile *c, int32_t number);

/*
 * How long an instalment has been late as far as that counts against the debtor: the days after
 * the due day and the grace of its terms, up to and including today, that no pause covers; never
 * less than 0. Days past due, by contrast, are all since the due day, whatever was granted.
 */
int32_t instalment_days_delinquent(const struct casefile *c, const struct instalment *item,
                                   struct day today);
const struct party *casefile_party(const struct casefile *c, int32_t number);

/* The latest date that a wall of the party, or of the house, shows. */
struct day party_day(const struct party *party, struct instant at, struct day house);
/* The last date that has ended on every such wall; of the house alone when `party` is NULL. */
struct day party_day_ended(const struct party *party, struct instant at, struct day house);

/* Takes the contact that this message of the outbox is out of the history. */
void casefile_forget_message(struct casefile *c, int32_t outbox);

/* The first address of a party for a channel that is good, or bad; a telephone number serves
 * calls and texts. NULL when there is none. */
const struct contact_point *casefile_point(const struct casefile *c, int32_t party,
                                           enum channel channel, bool good);

/*
 * Sets open_minor and next_change_day as of a day from the money fields. Between the first and
 * the last of several changes only the postings know: then it returns false, and whoever has
 * them must ask (store/casefiles.c).
 */
/* Sets open_minor where this much of the principal is open. */
void instalment_open(struct instalment *i, int64_t principal);
bool instalment_as_of(struct instalment *i, const struct debt *d, struct day today);

#endif

/*
 * View: what pages read. Nothing here writes.
 *
 * A view is one reader: a store of its own, an arena that is emptied for each page, and one
 * snapshot per page (view_begin … view_end), so that the figures of a page belong together.
 * One thread at a time uses it; the policy behind it is shared.
 *
 * Amounts are whole minor units in one currency; nothing is ever added across currencies.
 * Lists are bounded. Text lives in the arena of the view until the next view_begin.
 */
#ifndef FLOW_VIEW_H
#define FLOW_VIEW_H

#include "domain/decide.h"
#include "domain/measures.h"
#include "flow/balance.h"
#include "flow/dispute.h"
#include "flow/offer.h"
#include "flow/policy.h"
#include "store/store.h"

struct view {
    struct store *store;
    const struct policy *policy;
    const struct zone *zone; /* of the organisation */
    struct arena arena;
    struct instant now;
    struct day today;
    const char *organisation;
    bool demo; /* an invented book: pages say so */
    /* What who reads may see (flow/user.h); NULL: all. Set for each page; what they may not see
     * is as if it were not there. */
    const char *clients, *desks;
};

/* The zone of the organisation, for policy_load. */
bool view_zone(const char *url, const struct zone **zone, struct fault *why);
struct view *view_open(const char *url, const struct policy *policy, const struct zone *zone,
                       struct fault *why);
void view_close(struct view *v);

bool view_begin(struct view *v, struct instant now, struct fault *why);
void view_end(struct view *v);

/* The rule of this id, or NULL; for its title and citation. */
const struct rule *view_rule(const struct view *v, const char *id);

/* How many there are of something, by what it is. */
struct health_queued {
    const char *channel, *state;
    int64_t count;
};

/* ---- Lists --------------------------------------------------------------------------------
 */

struct account_row {
    const char *reference, *name, *place, *creditor, *standing, *reason, *rule;
    bool business;
    enum actor_role role;
    struct instant until;
    enum currency currency; /* CURRENCY_NONE: nothing is open */
    int64_t open_minor, past_due_minor;
    struct day oldest_due;
    int more_currencies;
};

struct accounts_request {
    const char *search, *standing, *after; /* NULL or "": all, from the start */
    size_t most;
};

struct accounts {
    size_t count;
    struct account_row *rows;
    bool more;
    size_t standing_count;
    struct health_queued *standings; /* .state is the standing */
};

bool view_accounts(struct view *v, struct accounts_request r, struct accounts *out,
                   struct fault *why);

struct message_row {
    int64_t bucket, decision, casefile_id, outbox;
    const char *channel, *address, *template, *step, *state, *state_reason, *reference, *name,
        *subject;
    enum currency currency;
    int64_t open_minor;
    struct instant decided_at, not_before, state_at;
};

struct messages_request {
    const char *state, *channel; /* NULL or "": all */
    struct instant before_at;    /* 0: from the newest on */
    int64_t before_bucket, before_decision;
    size_t most;
};

struct messages {
    size_t count;
    struct message_row *rows;
    bool more;
    size_t state_count;
    struct health_queued *states;
};

bool view_messages(struct view *v, struct messages_request r, struct messages *out,
                   struct fault *why);

/* One message as it left, or will leave; `bytes` is NULL while it has none. */
struct message_view {
    struct message_row row;
    struct instant expires_at;
    int64_t attempts;
    const char *key;
    const unsigned char *bytes;
    size_t length;
    bool is_pdf;
    const char *text, *html, *from, *to; /* of an email; NULL when it has none */
};

/* NOT_FOUND when there is none. */
bool view_message(struct view *v, int64_t bucket, int64_t decision, struct message_view *out,
                  struct fault *why);

/* ---- One case file ------------------------------------------------------------------------
 */

struct debt_row {
    int32_t debt, instalment;
    const char *reference, *kind, *description, *terms, *last_step;
    enum currency currency;
    struct day invoice_day, due_day, paid_day;
    int64_t amount_minor, open_minor;
};

/* What makes up the balance of today in one currency, and where the postings say it comes from. */
struct components {
    enum currency currency;
    int64_t principal, interest, fees, costs, unapplied; /* unapplied: theirs, below 0 */
    /* The same as posted. Of interest and fees the rest fell since; all else is the same, or the
     * books do not add up. */
    int64_t posted_interest, posted_fees, posted_rest;
    /* The other sides. charged: interest, fees and costs; forgone: discount, waived, forgiven,
     * written off. Credits of ours: below 0. */
    int64_t placed, adjusted, charged, forgone, paid;
};

struct promise_row {
    int32_t number;
    enum currency currency;
    int64_t minor;
    struct day made_day, due_day;
    const char *state;
};

struct fact_row {
    const char *type, *scope, *value, *channel, *source;
    int32_t debt;
    struct instant at, until;
    int32_t from, to;
};

/* One thing that happened; which members count depends on `kind`. */
enum happening_kind { HAPPENED_CONTACT, HAPPENED_MESSAGE, HAPPENED_RECORD };
struct happening {
    enum happening_kind kind;
    struct instant at;
    const char *what;            /* kind of the journal record                     */
    const char *record;          /* its JSON                                        */
    int64_t seq;                 /* of the record, or of the decision of a message  */
    const char *channel, *state; /* of a message                                    */
    const char *outcome, *note, *address, *subject, *template;
    bool incoming;
};

/* How one channel stands at the moment of the page. */
struct channel_view {
    enum channel channel;
    const char *address; /* NULL: none is known, or none that is good */
    bool address_is_bad;
    enum ruling ruling;
    struct instant until; /* the first moment at which it opens; INSTANT_NEVER: nobody knows */
    const char *reason, *rule, *cite, *unknown; /* NULL: nothing speaks against it */
    const char *would_allow; /* the smallest change that would; NULL: none is needed */
};
enum { CHANNELS_SHOWN = 4 };

struct casefile_view {
    const struct casefile *casefile;
    const struct party *party;
    struct decision *decision;
    struct channel_view channels[CHANNELS_SHOWN];
    size_t debt_count, component_count, promise_count, plan_count, offer_count, dispute_count,
        fact_count, happening_count;
    struct debt_row *debts;
    struct components *components;
    struct promise_row *promises; /* by themselves: instalments are with their plan */
    struct held_plan *plans;      /* the latest first */
    struct held_offer *offers;    /* the same */
    struct dispute *disputes;     /* the first first */
    struct fact_row *facts;
    struct happening *happenings; /* newest first */
    int calls_in_7_days, contacts_in_7_days;
    struct balance balance; /* from the beginning to the end of today */
};

/* By its reference or that of a debt; NOT_FOUND when there is none. */
bool view_casefile(struct view *v, const char *reference, struct casefile_view *out,
                   struct fault *why);

/* ---- One record of the journal ------------------------------------------------------------
 */

struct record_view {
    int64_t bucket, seq;
    struct instant at;
    const char *kind, *record, *reference, *name;
    struct digest_text {
        char hex[65];
    } hash, before;
    bool chain_holds; /* the hash is what the row and the hash before it say */
    bool has_message;
    const char *message_channel, *message_state;
};

bool view_record(struct view *v, int64_t bucket, int64_t seq, struct record_view *out,
                 struct fault *why);

#endif

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
#include "domain/gate_cure.h"
#include "domain/measures.h"
#include "flow/balance.h"
#include "flow/dispute.h"
#include "flow/file_check.h"
#include "flow/offer.h"
#include "flow/owed.h"
#include "flow/policy.h"
#include "flow/task.h"
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
    int64_t publication; /* the last; 0: none */
    /* What who reads may see (flow/user.h); NULL: all. Set for each page; what they may not see
     * is as if it were not there. */
    const char *clients, *desks;
};

/* The zone of the organisation, for policy_load. */
bool view_zone(const char *url, const struct zone **zone, struct fault *why);
struct view *view_open(const char *url, const struct policy *policy, const struct zone *zone,
                       struct fault *why);
void view_close(struct view *v);
/* How long its reads may take (store/store.h). */
bool view_patience(struct view *v, struct patience patience, struct fault *why);
/* Another number after every change of the book (store_version); outside of view_begin … view_end. */
bool view_version(struct view *v, int64_t *out);

bool view_begin(struct view *v, struct instant now, struct fault *why);
void view_end(struct view *v);

/* The rule of this id, or NULL; for its title and citation. */
const struct rule *view_rule(const struct view *v, const char *id);

/*
 * The case file of this reference, or of that of one of its debts. NOT_FOUND when there is none
 * that the reader may see.
 */
bool view_find(struct view *v, const char *reference, struct casefile_key *out,
               struct fault *why);
/* The same of a case file that is there; NOT_FOUND says `what` there is not. */
bool view_allows(struct view *v, struct casefile_key key, const char *what, struct fault *why);

/* The reference of the person whose work comes after (or before) that of this case file in the
 * queue, as far as the reader may see it; of the case file itself when there is no other. */
bool view_beside(struct view *v, struct casefile_key key, bool after, const char **reference,
                 struct fault *why);

/* How many there are of something, by what it is. */
struct health_queued {
    const char *channel, *state;
    int64_t count;
};

/* ---- Lists --------------------------------------------------------------------------------
 */

struct account_row {
    const char *reference, *name, *place, *creditor, *desk, *segment, *standing, *reason, *rule;
    bool business;
    enum actor_role role;
    struct instant until;
    enum currency currency; /* CURRENCY_NONE: nothing is open */
    int64_t open_minor, past_due_minor;
    struct day oldest_due;
    int more_currencies;
};

/* One by its key, without its money; *found is false when the reader may not see it, too. */
bool view_account_row(struct view *v, struct casefile_key key, struct account_row *out,
                      bool *found, struct fault *why);
bool view_account_money(struct view *v, struct casefile_key key, struct account_row *row,
                        struct fault *why);

struct message_row {
    int64_t bucket, decision, casefile_id, outbox;
    const char *channel, *address, *template, *step, *state, *state_reason, *reference, *name,
        *subject;
    enum currency currency;
    int64_t open_minor;
    struct instant decided_at, not_before, state_at;
};

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

/* The page of an email, from its bytes; in the arena. */
const char *view_email_markup(struct view *v, const unsigned char *bytes, size_t length);

/* ---- One case file ------------------------------------------------------------------------
 */

struct debt_row {
    int32_t debt, instalment;
    const char *reference, *kind, *description, *terms, *last_step;
    enum currency currency;
    struct day invoice_day, due_day, paid_day;
    int64_t amount_minor, open_minor;
};

/* How one way of contact stands at the moment of the page. */
struct channel_view {
    enum channel channel;
    int32_t point;       /* number of the address; 0: none is known, or none that is good */
    const char *address; /* NULL likewise */
    bool address_is_bad, preferred;
    enum ruling ruling;
    struct instant until; /* the first moment at which it opens; INSTANT_NEVER: nobody knows */
    const char *reason, *rule, *cite, *unknown; /* NULL: nothing speaks against it */
    const char *would_allow; /* the smallest change that would; NULL: none is needed */
    const struct contact *last;    /* with them this way, in or out; NULL: none yet */
    const struct verdict *verdict; /* NULL without an address */
    const struct cures *cures;     /* NULL when it is allowed */
};
enum { CHANNELS_SHOWN = 8 };

/* A limit of contacts in a week. */
struct limit_view {
    const char *rule, *cite, *title;
    enum channel channel; /* of the question that it was asked of */
    uint32_t used, most;
};
enum { LIMITS_SHOWN = 6 };

struct casefile_view {
    const struct casefile *casefile;
    const struct party *party;
    const char *desk; /* "": nobody's in particular */
    struct decision *decision;
    size_t channel_count, limit_count, debt_count, dispute_count, task_count, fact_count,
        plan_count, offer_count;
    struct channel_view channels[CHANNELS_SHOWN];
    struct limit_view limits[LIMITS_SHOWN];
    struct owed_sums owed;
    struct file_check check;
    struct day limitation_day; /* the first after which somebody could not sue; DAY_NEVER: none */
    struct debt_row *debts;    /* open ones, the oldest first; then settled ones, the latest
                                  first; no more than DEBTS_SHOWN */
    struct dispute *disputes;  /* the first first */
    struct task_row *tasks;    /* open ones, in the order of the queue */
    struct fact_row *facts;    /* the latest first, ended ones too */
    struct held_plan *plans;   /* the latest first, as the offers */
    struct held_offer *offers;
};
enum { DEBTS_SHOWN = 500 };

/* By its reference or that of a debt; NOT_FOUND when there is none that the reader may see. */
bool view_casefile(struct view *v, const char *reference, struct casefile_view *out,
                   struct fault *why);

struct fact_row {
    int32_t number;
    const char *type, *scope, *value, *channel, *source, *detail;
    int32_t debt;
    struct instant at, until;
    int32_t weekdays, from, to;
};

/* ---- Its money */

/* Where the postings say that the balance of one currency comes from. Credits of ours are below
 * 0; charged: interest, fees and costs; forgone: discount, waived, forgiven, written off. The other
 * side is what they posted to the debtor: interest and fees, of which more may have fallen since,
 * and the rest, which is what is owed of it, or the books do not add up. */
struct origin_sums {
    enum currency currency;
    int64_t placed, adjusted, charged, forgone, paid;
    int64_t posted_interest, posted_fees, posted_rest;
};
bool view_casefile_origins(struct view *v, const struct casefile_view *f,
                           struct origin_sums **out, size_t *count, struct fault *why);

struct promise_row {
    int32_t number;
    enum currency currency;
    int64_t minor;
    struct day made_day, due_day;
    const char *state;
};

struct payment_row_view {
    int32_t number;
    const char *reference, *method, *state, *reason;
    enum currency currency;
    int64_t minor, refunded_minor;
    struct day received_day, state_day;
};

struct casefile_money {
    size_t promise_count, payment_count;
    struct promise_row *promises; /* by themselves: instalments are with their plan */
    struct payment_row_view *payments;
    bool more_payments;           /* than are shown: the statement has them all */
};

bool view_casefile_money(struct view *v, const struct casefile_view *f,
                         struct casefile_money *out, struct fault *why);
/* Every line of the balance, when there are no more movements than LINES_MOST; else none. */
enum { LINES_MOST = 1500 };
bool view_casefile_lines(struct view *v, const struct casefile_view *f, struct balance *out,
                         bool *whole, struct fault *why);

/* ---- What happened to it */

/* One thing that happened; which members count depends on `kind`. */
enum happening_kind { HAPPENED_CONTACT, HAPPENED_MESSAGE, HAPPENED_NOTE, HAPPENED_RECORD };
struct happening {
    enum happening_kind kind;
    struct instant at;
    int64_t seq;                 /* of the record, or of the decision of a message  */
    int32_t number;              /* of the contact, message or note                 */
    const char *what, *record;   /* kind of the journal record, and its JSON        */
    const char *channel, *state; /* of a message                                    */
    const char *outcome, *address, *subject, *template;
    const char *text;            /* of a note, a contact, an email: its words; NULL: none */
    const char *by;              /* a name, or an email address; NULL: not known     */
    struct instant ended_at;     /* of a note that was taken back; else INSTANT_NEVER */
    bool incoming, is_pdf;
};

enum story_filter { STORY_ALL, STORY_CONTACT, STORY_MONEY, STORY_DECISIONS };
struct story {
    size_t count;
    struct happening *all; /* newest first */
    const char *before;    /* where older ones go on; NULL: there are none */
    bool day_goes_on;      /* the page before ended within its first day */
};
/* `before`: where the page before ended; NULL: from the newest on. BAD_VALUE for another text. */
bool view_casefile_story(struct view *v, const struct casefile_view *f, enum story_filter filter,
                         const char *before, struct story *out, struct fault *why);

/* ---- Its papers */

enum paper_kind { PAPER_MESSAGE, PAPER_STATEMENT, PAPER_EVIDENCE };
struct paper {
    enum paper_kind kind;
    struct instant at;
    int64_t number; /* of the statement or evidence; the decision of a message */
    const char *name, *channel, *state, *origin, *author;
    int64_t length; /* bytes; 0: not made yet */
    bool is_pdf;
};
enum { PAPERS_SHOWN = 100 };
struct papers {
    size_t count;
    struct paper *all; /* newest first */
    bool more;
};
bool view_casefile_papers(struct view *v, const struct casefile_view *f, struct papers *out,
                          struct fault *why);
/* The bytes of a statement or of evidence; NOT_FOUND when there is none. */
bool view_paper(struct view *v, struct casefile_key key, enum paper_kind kind, int64_t number,
                const char **name, const unsigned char **bytes, size_t *length,
                struct fault *why);

/* ---- Its decisions */

struct decision_row {
    int64_t seq;
    struct instant at;
    const char *kind, *record;
};
enum { DECISIONS_SHOWN = 50 };
struct decisions {
    size_t count;
    struct decision_row *all; /* newest first */
    bool more;
};
/* Older than `before`; INT64_MAX: from the newest on. */
bool view_casefile_decisions(struct view *v, const struct casefile_view *f, int64_t before,
                             struct decisions *out, struct fault *why);

#endif

/*
 * Book: the events that change what is known, each written once, whoever brings it: a file, a
 * command, a page. Every event is journalled, and wakes its case file, so that the next cycle
 * looks at it.
 *
 * All of these are safe to repeat: what is there already, and the same, is CHANGE_NONE.
 * A session is one transaction from book_begin to book_commit or book_undo. Events of one case
 * file that come one after the other cost less: its row is read and woken once for them all.
 */
#ifndef FLOW_BOOK_H
#define FLOW_BOOK_H

#include "base/text.h"
#include "domain/casefile.h"
#include "domain/ledger.h"
#include "store/journal.h"

struct word_writer;

struct book {
    struct store *store;
    struct heads *heads;
    struct word_writer *words;      /* by which it is found: they wait for the commit */
    struct arena arena;       /* emptied by book_begin */
    struct instant now;       /* the clock of this session */
    const struct zone *zone;  /* the organisation's */
    const char *by;           /* who is signed in: stands in every record; NULL: the program */
    struct text record;       /* scratch for journal records */
    struct book_file *file;   /* the case file written to last: its row waits to be woken */
};

/* Opens the book at `url` for writing, with the zone of the organisation. */
bool book_open(struct book *b, const char *url, struct instant now, struct fault *why);
void book_close(struct book *b);
/* How long it waits for other writers, and works (store/store.h). */
bool book_patience(struct book *b, struct patience patience, struct fault *why);
/* A book that only reads, in whatever snapshot its store has open: for questions that the flows
 * answer without writing. */
void book_reading(struct book *b, struct store *s, const struct zone *zone, struct instant now);
void book_reading_done(struct book *b);
/* Which day it is, where the organisation is. */
struct day book_today(const struct book *b);
bool book_begin(struct book *b, struct fault *why);
bool book_commit(struct book *b, struct fault *why);
bool book_undo(struct book *b); /* returns false */
/* Between two rows of one session: gives back the memory of what was written so far. */
void book_step(struct book *b);

/* A setting of the organisation; NULL when it was never set. In the arena. */
bool book_setting(struct store *s, struct arena *a, const char *key, const char **value,
                  struct fault *why);
bool book_set(struct store *s, const char *key, const char *value, struct fault *why);

/*
 * Bank freshness: a payments file was read at this moment; and whether the last one is older
 * than the setting bank_feed_hours allows at `now` (never, when that is not set or 0).
 */
bool book_feed_read(struct book *b, struct fault *why);
bool book_feed_is_old(struct store *s, struct arena *a, struct instant now, bool *old,
                      struct fault *why);

enum change { CHANGE_NONE, CHANGE_ADDED, CHANGE_UPDATED };

/* Who owes. Text that is not known is NULL; it never overwrites what is known. */
struct debtor_input {
    const char *reference; /* names the case file, for ever; required     */
    const char *creditor;
    enum actor_role role;
    bool business;
    const char *name;      /* required */
    const char *language;  /* BCP 47 */
    const char *places;    /* ISO 3166-2, separated by commas */
    const char *zones;     /* IANA names, separated by commas */
    const char *email;
    const char *phone;     /* E.164 */
    const char *address;   /* lines for the window of an envelope, separated by \n */
    const char *postcode;  /* where it does not stand in the address */
    const char *country;   /* ISO 3166, or a name; where places do not tell */
    const char *source;    /* where this comes from */
};

/*
 * Zones that `in` does not state are those that follow from address, postcode and number, and so
 * are places (formats/places.h); each is kept with what it follows from.
 */
bool book_debtor_put(struct book *b, const struct debtor_input *in, struct casefile_key *key,
                     enum change *change, struct fault *why);

bool book_debtor_known(struct book *b, struct casefile_key key, bool *known, struct fault *why);

/* The debt of this reference: number 0 when there is none. */
struct debt_found {
    struct casefile_key key;
    int32_t number;
    enum currency currency;
};
bool book_debt_find(struct book *b, const char *reference, struct debt_found *out,
                    struct fault *why);

struct instalment_input {
    struct day due_day;
    int64_t minor;
};

/* What is owed. The amounts of the instalments add up to the debt. */
struct debt_input {
    const char *reference;   /* unique in the organisation; required */
    const char *kind;        /* "invoice", "credit_card", …; required */
    const char *description; /* may be NULL */
    enum currency currency;
    struct day invoice_day;
    const char *terms;       /* the clause, as quotable text; may be NULL */
    size_t instalment_count; /* at least one */
    const struct instalment_input *instalments;
    const struct debt_found *found; /* what book_debt_find said of it; NULL: asked here */
};

/*
 * Adds the debt or brings it to this state: a changed amount is posted as an adjustment on the
 * day of `now`. CONFLICT when the reference belongs to another case file or currency.
 */
bool book_debt_put(struct book *b, struct casefile_key key, const struct debt_input *in,
                   int32_t *debt, enum change *change, struct fault *why);

struct payment_input {
    const char *reference;  /* unique in the case file; required */
    int32_t debt;           /* 0: the oldest due first, over all debts of the currency */
    struct day day;
    enum currency currency;
    int64_t minor;          /* more than 0 */
    const char *method;     /* "transfer", "card", … */
    bool pending;           /* on its way: nothing is allocated yet */
};

/*
 * Records money and allocates it, as the terms of the debts say, or the law; what is left waits
 * as unapplied. The same reference with another day or amount takes the old allocation back
 * first. What was returned, charged back or moved does not come back by being said again; one
 * that failed may succeed on a later day. CONFLICT when they contradict each other.
 */
bool book_payment_put(struct book *b, struct casefile_key key, const struct payment_input *in,
                      enum change *change, struct fault *why);

/* The same, with parts for single debts, as the debtor chose: each debt once, together at most
 * the amount. The rest is as `in` says. Of a pending payment parts are not kept. */
struct payment_part {
    int32_t debt;
    int64_t minor; /* more than 0 */
};
bool book_payment_split(struct book *b, struct casefile_key key, const struct payment_input *in,
                        const struct payment_part parts[], size_t count, enum change *change,
                        struct fault *why);

/* Money that did not stay: the books are then those without it. */
enum payment_end { PAYMENT_FAILED, PAYMENT_RETURNED, PAYMENT_CHARGED_BACK, PAYMENT_DUPLICATE };
bool book_payment_back(struct book *b, struct casefile_key key, const char *reference,
                       enum payment_end end, const char *reason, enum change *change,
                       struct fault *why);

/*
 * It belongs to another account: one session takes it from here and puts it there, with the same
 * reference and day, by the order of allocation. CONFLICT when the other account has another
 * payment of this reference, or a part was refunded.
 */
bool book_payment_move(struct book *b, struct casefile_key from, const char *reference,
                       struct casefile_key to, const char *reason, enum change *change,
                       struct fault *why);

/* Gives back of what waits, to who paid. CONFLICT when less waits, on that day or now, or when
 * less is left of the payment. */
struct refund_input {
    const char *reference; /* of the payment */
    struct day day;
    int64_t minor;
    const char *reason, *author; /* may be NULL */
};
bool book_payment_refund(struct book *b, struct casefile_key key, const struct refund_input *in,
                         int32_t *number, struct fault *why);
/* Whether it would be done; nothing is written. */
bool book_payment_refundable(struct book *b, struct casefile_key key,
                             const struct refund_input *in, struct fault *why);

/* What waits at the end of a day. */
bool book_waiting(struct book *b, struct casefile_key key, enum currency currency,
                  struct day day, int64_t *minor, struct fault *why);

/*
 * Something else happens to the money: a charge, a credit note, a waiver, a write-off, terms
 * (domain/ledger.h). `is.number` comes back. Its case file, debt and instalment exist, its day
 * and amount were checked by the caller.
 */
struct move_input {
    struct movement is;
    const char *origin, *ground, *reason, *author; /* each may be NULL */
};
bool book_move_add(struct book *b, struct casefile_key key, struct move_input *in,
                   struct fault *why);
/*
 * The same, done once for a key (NULL: there is none); its reference is made when it has none.
 * CONFLICT when the key stands for another thing.
 */
bool book_move_once(struct book *b, struct casefile_key key, const char *once,
                    struct move_input *in, enum change *change, struct fault *why);
/* It does not hold any more. CHANGE_NONE when it did not before. */
bool book_move_undo(struct book *b, struct casefile_key key, int32_t number,
                    enum change *change, struct fault *why);

/*
 * Brings entries and instalments up to what was written in this session. Done by itself at the
 * commit and when the next case file is taken; to be called before balances are read in between.
 */
bool book_settle(struct book *b, struct fault *why);
/* Lets time run in the books of a case file: interest, late fees. */
bool book_settle_to_now(struct book *b, struct casefile_key key, struct fault *why);

/* The last number given out in the case file in hand. */
int32_t book_last_number(const struct book *b);
/* Writes the case file in hand, so that others may read and write it in this session. */
bool book_release(struct book *b, struct fault *why);

/* What is open of the principal of a debt as known now, over all days. */
bool book_debt_open(struct book *b, struct casefile_key key, int32_t debt, int64_t *minor,
                    struct fault *why);

/*
 * A fact of domain/gate.h. Its number is returned; end it by that. FACT_LOCATION_CONFIRMED with
 * a field "zone" or "place" replaces what was inferred of the debtor until it ends; one that
 * has an end of its own is one more place.
 */
bool book_fact_add(struct book *b, struct casefile_key key, const struct gate_fact *fact,
                   const char *source, int32_t *number, struct fault *why);
bool book_fact_end(struct book *b, struct casefile_key key, int32_t number, struct instant until,
                   struct fault *why);
/* One that ended holds again from now on, as a new one; the history keeps both. CONFLICT: it has
 * not ended, or would be over. */
bool book_fact_again(struct book *b, struct casefile_key key, int32_t number,
                     struct instant until, int32_t *now, struct fault *why);

/* A fact of this type about this debt that has not ended; 0 when there is none. */
bool book_fact_find(struct book *b, struct casefile_key key, enum fact_type type, int32_t debt,
                    int32_t *number, struct fault *why);

/* What a source says of a debt beside its amounts (FACT_DEBT_DETAIL): the newest holds. */
bool book_detail_put(struct book *b, struct casefile_key key, int32_t debt,
                     struct gate_fields detail, const char *source, enum change *change,
                     struct fault *why);

/* A contact that did not go through the outbox: a call that was made, a message that came. */
bool book_contact_add(struct book *b, struct casefile_key key, const struct contact *contact,
                      const char *note, struct fault *why);

struct promise_input {
    int64_t minor;
    enum currency currency;
    struct day due;
    int32_t plan, item;   /* of a payment plan; 0: a promise by itself */
    const char *channel;  /* by which it was made; may be NULL         */
    const char *note;     /* may be NULL                               */
};
bool book_promise_add(struct book *b, struct casefile_key key, const struct promise_input *in,
                      int32_t *number, struct fault *why);
/* The same `once` again is the same promise; CONFLICT when it says another thing now. */
bool book_promise_once(struct book *b, struct casefile_key key, const char *once,
                       const struct promise_input *in, int32_t *number, enum change *change,
                       struct fault *why);
/* An open promise gets its last state. CHANGE_NONE when it is not open. */
bool book_promise_end(struct book *b, struct casefile_key key, int32_t number,
                      enum promise_state state, const char *reason, enum change *change,
                      struct fault *why);

/*
 * A statement or receipt that is given out (flow/statement.h). `number` is the one that
 * book_statement_next said, with nothing written in between; `replaces` no longer stands.
 */
struct statement_input {
    const char *kind; /* "statement", "receipt" */
    struct day from, to;
    int32_t object, number, replaces;
    const char *digest;
    const void *bytes;
    size_t length;
};
bool book_statement_next(struct book *b, struct casefile_key key, int32_t *number,
                         struct fault *why);
bool book_statement_add(struct book *b, struct casefile_key key,
                        const struct statement_input *in, struct fault *why);

/*
 * Keys: what somebody gave so that a thing is done once, however often it is said. *number is
 * what was made for it in this case file, 0 when it is new; CONFLICT when the key stands for
 * something in another one. `once` NULL: there is no key, and nothing to remember.
 */
bool book_key_find(struct book *b, struct casefile_key key, const char *once, int32_t *number,
                   struct fault *why);
bool book_key_put(struct book *b, struct casefile_key key, const char *once, int32_t number,
                  struct fault *why);
bool book_key_taken(const char *once, struct fault *why); /* CONFLICT */

#endif

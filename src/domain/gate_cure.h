/*
 * Gate cure: why not now, and what would allow it.
 *
 * Every rule that blocks knows what would lift it: a word of the person, a step of ours, a fact
 * that nobody knows yet. Each of these changes is made to a copy of the question, which is then
 * judged again; what does not truly work is not reported. Single changes are tried first, then
 * pairs, then threes: what is reported is the smallest.
 *
 * A blocked contact counts as cured when it is allowed, or only has to wait; one that has to
 * wait counts as cured when it is allowed at its own moment. Moments to wait for are told by
 * gate_first_allowed.
 *
 * The words speak to the agent, of what somebody else may do of their own accord or of what we
 * owe. None of them asks anybody to press the person.
 *
 * Pure and deterministic. At most CURE_JUDGEMENTS_MOST questions are judged in the search.
 * Results point into the packs, the question and the arena.
 */
#ifndef DOMAIN_GATE_CURE_H
#define DOMAIN_GATE_CURE_H

#include "base/arena.h"
#include "domain/gate.h"

/* Names are API: they stand in JSON. */
#define CURE_KINDS(X)                                                                          \
    X(CURE_REOPENED, "reopened")             /* they open this way of contact again        */  \
    X(CURE_AGREED, "agreed")                 /* consent to this address or number          */  \
    X(CURE_ADDRESS_USED, "address_used")     /* they write to us from this address         */  \
    X(CURE_NUMBER_CHECKED, "number_checked") /* against the database of reassigned numbers */  \
    X(CURE_MORE_CONTACT, "more_contact")     /* they ask for more than the count allows    */  \
    X(CURE_HOUR_AGREED, "hour_agreed")       /* they agree to this hour                    */  \
    X(CURE_HOUR_FINE, "hour_fine")           /* an hour is not inconvenient any more       */  \
    X(CURE_PLACE_AGREED, "place_agreed")     /* they agree to be reached at this place     */  \
    X(CURE_OTHER_NUMBER, "other_number")     /* a number that does not reach that place    */  \
    X(CURE_WITHDRAWN, "cease_withdrawn")     /* they take a request to stop back           */  \
    X(CURE_ATTORNEY_AGREED, "attorney_agreed") /* the attorney agrees to direct contact */     \
    X(CURE_ATTORNEY_SILENT, "attorney_silent") /* the attorney does not answer us */           \
    X(CURE_HOLD_ENDED, "hold_ended")                                                           \
    X(CURE_DISPUTE_SETTLED, "dispute_settled")                                                 \
    X(CURE_DISPUTE_ANSWERED, "dispute_answered") /* what they asked for was sent */            \
    X(CURE_COURT, "court_decides")           /* dismissal, or relief from a stay           */  \
    X(CURE_SENT_FIRST, "sent_first")         /* something must go out before, and wait     */  \
    X(CURE_HAPPENED_FIRST, "happened_first") /* a dated fact must come before, and wait    */  \
    X(CURE_MESSAGE_HOLDS, "message_holds")   /* wording that is missing                    */  \
    X(CURE_MESSAGE_WITHOUT, "message_without") /* something that must not be there */          \
    X(CURE_CLAIMS_LESS, "claims_less") /* a sum or rate above what may be claimed    */        \
    X(CURE_SENT_PRIVATELY, "sent_privately")                                                   \
    X(CURE_ELECTRONIC_AGREED, "electronic_agreed") /* to notices by electronic means */                                                                                            \
    X(CURE_LIVE_VOICE, "live_voice")                                                           \
    X(CURE_KNOWN, "known")       /* a fact that nobody knows yet               */              \
    X(CURE_THEY_ASK, "they_ask") /* they say something: an answer may go back  */

#define X(code, name) code,
enum cure_kind { CURE_KINDS(X) CURE_KIND_COUNT };
#undef X
const char *cure_kind_name(enum cure_kind kind);

/* One change of facts. */
struct cure {
    enum cure_kind kind;
    const struct rule *rule; /* the first rule that it answers                         */
    const char *what;        /* the field, fact, purpose or place it speaks of; or NULL */
    const char *value;       /* of a fact to get to know: the answer that works; of an
                                agreement: "written" when its form matters                  */
    enum channel channel;
    int32_t days; /* that must pass after it; 0 = none                      */
};

/* One sentence for the agent: what to obtain, and from whom. */
enum { CURE_TEXT = 240 };
char *cure_print(const struct cure *cure, char out[CURE_TEXT]);

enum { CURE_CHANGES_MOST = 3, CURE_WAYS_MOST = 3, CURE_JUDGEMENTS_MOST = 2000 };

/* Changes that work together. */
struct cure_way {
    size_t count;
    const struct cure *changes[CURE_CHANGES_MOST];
    struct instant opens; /* when the contact would be allowed; INSTANT_NEVER: it depends on
                             what is learned                                              */
};

enum cure_outcome {
    CURES_NOT_NEEDED, /* it is allowed                                              */
    CURES_FOUND,
    CURES_WAIT,    /* it opens by itself; nothing makes it open before           */
    CURES_NONE,    /* `barred_by` is lifted by nothing that anybody here can do  */
    CURES_TOO_MANY /* every rule can be answered, but not with three changes     */
};
const char *cure_outcome_name(enum cure_outcome outcome);

struct cures {
    enum cure_outcome outcome;
    size_t way_count; /* ways of the same, smallest size */
    struct cure_way ways[CURE_WAYS_MOST];
    const struct rule *barred_by; /* CURES_NONE */
    size_t judged;                /* questions that the search judged */
};

/* The changes of one way, one sentence after the other. */
const char *cure_way_words(struct arena *a, const struct cure_way *way);
/* The first way in words, or why there is none; NULL when none is needed. */
const char *cures_words(struct arena *a, const struct cures *cures);

/* `verdict` is what gate_judge says of this question. Looks at most `horizon_days` ahead. */
void gate_cure(struct gate_packs packs, const struct gate_question *question,
               const struct verdict *verdict, int horizon_days, struct arena *a,
               struct cures *out);

#endif

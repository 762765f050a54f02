/*
 * Decide: the next step for one case file, as a pure function of what is known and a moment.
 *
 * In this order: place (open amounts, days past due, segment), choose (the step of each open
 * instalment; one contact for all of them, in the tone of the highest), gate (each channel in
 * order of preference until one is allowed), and the wake moment: the first later moment at
 * which any of this may come out differently without a new event.
 *
 * Nothing is read but the arguments: any batch, any order, any database gives the same answer.
 */
#ifndef DOMAIN_DECIDE_H
#define DOMAIN_DECIDE_H

#include "domain/ask.h"
#include "domain/strategy.h"

/* Names are API: they are the keys of `suppressed` in `recoup run --json`. */
#define STANDINGS(X)                                                                           \
    X(STANDING_NEW, "new")              /* no cycle has looked at it yet                    */ \
    X(STANDING_CLEAR, "clear")          /* nothing is open                                  */ \
    X(STANDING_WAITING, "waiting")      /* something is open; the next step has its day     */ \
    X(STANDING_QUEUED, "queued")        /* a message was queued                             */ \
    X(STANDING_LATER, "later")          /* a step is due, and allowed only later            */ \
    X(STANDING_BLOCKED, "blocked")      /* a step is due, and the gate says no              */ \
    X(STANDING_UNREACHABLE, "unreachable") /* a step is due, and no address is good         */ \
    X(STANDING_PROMISED, "promised")                                                           \
    X(STANDING_PENDING, "payment_pending")                                                     \
    X(STANDING_DISPUTED, "disputed")                                                           \
    X(STANDING_HELD, "held")                                                                   \
    X(STANDING_FEED, "bank_feed_old")   /* a step is due; what was paid lately is not known */ \
    X(STANDING_SPACED, "spaced")        /* a step is due, too soon after the last message   */ \
    X(STANDING_ENDED, "ended")          /* the ladder is at its declared end                */ \
    X(STANDING_UNPLANNED, "unplanned")  /* no strategy or segment fits                      */

#define X(code, name) code,
enum standing { STANDINGS(X) STANDING_COUNT };
#undef X
const char *standing_name(enum standing standing);

/* How one channel fared. */
struct try {
    enum channel channel;
    const struct contact_point *point; /* NULL: no good address for it      */
    enum ruling ruling;                /* meaningless without a point       */
    const struct finding *decisive;    /* NULL when allowed without a word  */
    struct instant until;
};

/* An instalment that the message speaks of. */
struct decided_item {
    const struct instalment *instalment;
    const struct ladder_step *step; /* its own step, done with this message; NULL: only told */
};

struct decision {
    enum standing standing;
    struct instant now;              /* at which it was made */
    const struct strategy *strategy; /* NULL when unplanned */
    const struct segment *segment;
    const struct ladder_step *step;  /* the highest; NULL when none is due */
    bool step_due;                   /* some instalment has a step due today            */

    size_t item_count;
    struct decided_item *items;

    size_t try_count;
    struct try tries[8];
    const struct try *chosen;        /* queue this one (STANDING_QUEUED); else NULL     */
    struct instant send_at;          /* now, or the first allowed moment within a day   */
    struct verdict *verdict;         /* on the chosen channel at send_at; or on the last tried */
    const struct gate_question *question; /* what the verdict answers; NULL: nobody was asked */
    struct gate_packs packs;              /* by which it was judged                           */

    /* Set with STANDING_ENDED on the day the end is reached: items whose ladder ended now. */
    bool end_reached;

    const char *reason;              /* plain words for pages and lists */
    const struct rule *rule;         /* what blocks, when a rule does   */
    struct instant standing_until;   /* when the standing may change; INSTANT_NEVER     */
    struct instant wake_at;          /* with STANDING_QUEUED: ask again, the steps being done */
};

/* The policy of an organisation, loaded once. */
struct policy {
    struct strategies strategies;
    const struct rulebook *rulebook;
    /* Packs for a case file; filled in by whoever loads the rules (formats/rulepack.h). */
    struct gate_packs (*packs_for)(const struct policy *policy, struct arena *a,
                                   const struct casefile *c, const struct party *party);
    /* Of a text in a language, on a channel; NULL: there is no such text. Without the function
     * nobody asks what texts hold. */
    const struct message_content *(*content_of)(const struct policy *policy,
                                                const char *template, const char *language,
                                                enum channel channel);
    bool feed_is_old;          /* the last payments file is older than the house allows */
    const struct zone *zone;   /* of the organisation: its calendar decides what day it is */
    /* Days on which some rule is new, or not in force any more; ascending. */
    size_t rule_change_count;
    const struct day *rule_changes;
};

/*
 * `c` was loaded as of wall_at(now, policy->zone).day. The answer lives in the arena.
 */
void casefile_decide(const struct policy *policy, const struct casefile *c, struct instant now,
                     struct arena *a, struct decision *out);

/*
 * The text that a message to the debtor by this channel would be made of: that of the step due,
 * when it goes by this channel; else that of the first such step of the ladder which no open
 * instalment has behind it, or else of the last. NULL: a call, or a channel that the ladder
 * does not use.
 */
const char *decision_text(const struct casefile *c, const struct decision *d,
                          enum channel channel);

/* Tells the question what this text would hold. To be said again whenever question->at has
 * changed. NULL: nobody knows the text, and the question stays as it was built. */
void policy_hold(const struct policy *policy, const char *template, const struct party *party,
                 struct gate_question *question, struct arena *a);

/*
 * The question that a contact with the debtor (there is one) puts to the gate at a moment, with
 * its text. Of a channel by which the step due goes it is what the step itself asks, of the
 * debts that it speaks of; else it is of every open debt, and of all debts when none is open.
 * What is known of the debts is what is known at d->now.
 */
void decision_ask(const struct policy *policy, const struct casefile *c,
                  const struct decision *d, enum channel channel, const char *address,
                  struct instant at, struct arena *a, struct gate_question *out);

/* The question of a contact with the debtor that no ladder plans: about every open debt, and about
 * all debts when none is open. What it holds is for who asks to say (policy_hold). */
void contact_ask(const struct casefile *c, const struct decision *d, enum channel channel,
                 const char *address, struct instant at, struct arena *a,
                 struct gate_question *out);

/* What keeps the case file from being asked for money now, or STANDING_WAITING for nothing:
 * a promise that is open, a plan for all that is owed, a payment on its way. */
enum standing casefile_held_back(const struct casefile *c);

/* The debt is disputed, on hold or paid by a plan for this debt at this moment. */
bool debt_is_stopped(const struct casefile *c, int32_t debt, struct instant now);

/*
 * Whether a message speaks of an instalment, and if not, why: one for all that is late and nothing
 * stops, and for what a step is due of. Nothing is said of one that is settled. Names are API.
 */
#define MENTIONS(X)                                                                            \
    X(MENTION_NONE, "none")         /* nothing of it is open         */                        \
    X(MENTION_TOLD, "told")                                                                    \
    X(MENTION_DISPUTED, "disputed") /* all of it                     */                        \
    X(MENTION_PLANNED, "planned")   /* a plan that stands covers it  */                        \
    X(MENTION_HELD, "held")                                                                    \
    X(MENTION_EARLY, "early")       /* not late, and no step is due  */

#define X(code, name) code,
enum mention { MENTIONS(X) MENTION_COUNT };
#undef X
const char *mention_name(enum mention mention);
/* `d` was decided for this case file, loaded as of `today`. */
enum mention decision_mentions(const struct casefile *c, const struct decision *d,
                               const struct instalment *item, struct day today);

/* The strategy that applies to the case file today; NULL when none does. */
const struct strategy *strategy_for_casefile(const struct policy *policy,
                                             const struct casefile *c, struct day today);

/* Values of the strategy facts for a case file and one instalment (NULL: none). */
void strategy_values(const struct casefile *c, const struct instalment *item, struct day today,
                     struct value values[STRATEGY_FACT_COUNT]);

#endif

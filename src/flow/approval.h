/*
 * Approval: what one person asks for and another must agree to (table approval).
 *
 * The one who asks never approves. What was known when it was asked is kept as a digest; when that
 * has changed since, the approver is told to look again (CONFLICT) and nothing is done. Every step
 * is journalled, in the case file it is about, or in bucket 0.
 *
 * What happens when somebody agrees is an act: a row of the table in approval_list.c for each kind,
 * in a file of its own area. A kind without an act cannot be asked for.
 *
 * Offers that wait for approval have no row: they stand in their case files (flow/offer.h), are
 * listed with the rest and settled by the same call.
 */
#ifndef FLOW_APPROVAL_H
#define FLOW_APPROVAL_H

#include "flow/user.h"

#include <jansson.h>

/* Names are API. Each: code, name, permission that may approve, what is asked for. */
#define APPROVALS(X)                                                                           \
    X(APPROVE_OFFER, "offer", MAY_APPROVE, "an offer beyond one's own limit")                  \
    X(APPROVE_PLAN, "plan", MAY_APPROVE, "a plan beyond one's own limit")                      \
    X(APPROVE_WAIVER, "waiver", MAY_APPROVE, "a waiver or write-off beyond one's own limit")   \
    X(APPROVE_REFUND, "refund", MAY_APPROVE, "money given back beyond one's own limit")        \
    X(APPROVE_STRATEGY, "strategy", MAY_REVIEW, "a strategy that goes live")                   \
    X(APPROVE_TEMPLATE, "template", MAY_REVIEW, "a text that goes live")                       \
    X(APPROVE_ROLE, "role", MAY_ADMIN_USERS, "a role that may administer users")

#define X(code, name, may, words) code,
enum approval_kind { APPROVALS(X) APPROVAL_KIND_COUNT };
#undef X

enum approval_state { APPROVAL_WAITING, APPROVED, APPROVAL_DECLINED, APPROVAL_WITHDRAWN,
                      APPROVAL_LAPSED };

struct approval {
    int64_t number;
    enum approval_kind kind;
    const char *subject; /* "FH-20418", "strategy house" */
    const char *wish;    /* JSON: how it will be done */
    const char *facts;   /* digest of what was seen; NULL: nothing that can change */
    const char *reason;  /* may be NULL */
    int64_t asked_by, decided_by;
    struct instant asked_at, decided_at;
    enum approval_state state;
    const char *answer;
};

const char *approval_name(enum approval_kind kind);
const char *approval_words(enum approval_kind kind);
const char *approval_state_name(enum approval_state state);
enum permission approval_permission(enum approval_kind kind);

/* Somebody who does what they may do alone, and asks for more. */
struct asker {
    int64_t user;     /* 0: at the command line */
    const char *role; /* in authority/; NULL: they grant nothing */
};
struct asking {
    int64_t approval;           /* that it waits for; 0: it is done */
    const char *words, *source; /* why somebody else has to agree */
};

/* How it will be done, as text; the object is taken over. */
const char *approval_wish(struct arena *a, json_t *wish);
/* A text of a wish that was read again; NULL: it has none of that name. */
const char *approval_text(const json_t *wish, const char *key);
/* The same could not be read: DB_ROW. */
bool approval_unclear(const struct approval *asked, struct fault *why);
/* The one that waits and was asked for with this very key (NULL: with none), which its wish
 * keeps as "once"; out->approval 0: there is none. */
bool approval_asked_before(struct book *b, enum approval_kind kind, const char *subject,
                           const char *once, struct asking *out, struct fault *why);
/* CONFLICT when the same kind waits already for the same subject. */
bool approval_ask(struct book *b, const struct approval *in, int64_t *number, struct fault *why);
/*
 * Records the decision of `user` (whose permissions are `can`). The caller does what was asked for
 * in the same session, and gives the digest of what is known now. NOT_ALLOWED for who asked, and
 * for who may not; CONFLICT when it does not wait any more, or the facts changed.
 */
bool approval_decide(struct book *b, int64_t number, int64_t user, permissions can, bool agrees,
                     const char *facts_now, const char *answer, struct approval *out,
                     struct fault *why);
/* By who asked; user 0: somebody at the command line, who may for those that were asked there. */
bool approval_withdraw(struct book *b, int64_t number, int64_t user, struct fault *why);
bool approval_load(struct store *s, struct arena *a, int64_t number, struct approval *out,
                   struct fault *why);
/* The oldest first. */
bool approval_waiting(struct store *s, struct arena *a, struct approval **out, size_t *count,
                      struct fault *why);
/* The same, of each only its number, kind, subject and who asked: cheap. At most so many. */
bool approval_marks(struct store *s, struct arena *a, size_t most, struct approval **out,
                    size_t *count, struct fault *why);
/* Those that were settled, the latest first. */
bool approval_settled(struct store *s, struct arena *a, size_t most, struct approval **out,
                      size_t *count, struct fault *why);

/* ---- Acts ---------------------------------------------------------------------------------- */

/* Who decides. */
struct approver {
    int64_t number;
    const char *name, *email;
    const char *authority;       /* their role in authority/; NULL: they grant nothing */
    permissions can;
    const char *clients, *desks; /* what they see; NULL: all */
};

/* One of the house in their role, which may be NULL: they decide nothing then. */
struct approver approver_of(const struct user *user, const struct role *role);

struct approval_tale {
    const char *what; /* "Rosa Okoye: Collections manager becomes Administrator" */
    const char *rule; /* why somebody else must agree, with its source */
    const char *told; /* what the person it is about will be told, and when */
    const char *account; /* the reference of the account that it is about; NULL: none */
    const char *link;    /* the page where it can be looked at; NULL: none */
    int64_t user;        /* the number of the user that it is about; 0: none */
};

struct approval_act {
    enum approval_kind kind;
    /* The digest of what is known now; *out NULL: nothing that can change. Both when it is asked
     * and when it is decided. */
    bool (*facts)(struct store *s, struct arena *a, const struct approval *asked,
                  const char **out, struct fault *why);
    bool (*tell)(struct store *s, struct arena *a, const struct roles *roles,
                 const struct approval *asked, struct approval_tale *out, struct fault *why);
    /* Does it, in the session of the decision; *done is what came of it, one sentence. */
    bool (*agree)(struct book *b, const struct roles *roles, const struct approval *asked,
                  const struct approver *by, const char **done, struct fault *why);
    /* What follows from a no; NULL: nothing. */
    bool (*decline)(struct book *b, const struct approval *asked, const struct approver *by,
                    struct fault *why);
};

/* Facts of an act about an account: money that came or went, and whatever else was charged or
 * taken off. */
bool approval_movements(struct store *s, struct arena *a, const struct approval *asked,
                        const char **out, struct fault *why);

/* NULL: nobody can ask for that yet. */
const struct approval_act *approval_act(enum approval_kind kind);
extern const struct approval_act approval_act_role, approval_act_waiver, approval_act_refund,
                                 approval_act_plan;

/* ---- All that waits (approval_list.c) ------------------------------------------------------ */

struct approval_item {
    const char *id;        /* "7", or "offer-…": for approval_answer */
    enum approval_kind kind;
    const char *subject, *reason, *asked_name;
    struct instant asked_at;
    struct approval_tale tale;
    bool mine; /* they asked for it themselves */
    bool may;  /* their role may decide it */
};
/* What `by` may see, the oldest first, rows before offers. */
bool approval_items(struct store *s, struct arena *a, const struct roles *roles,
                    const struct zone *zone, struct instant now, const struct approver *by,
                    struct approval_item **out, size_t *count, struct fault *why);

/* How many of them they may decide; at most `most`, which then means "or more". */
bool approval_count(struct store *s, struct arena *a, const struct approver *by, int64_t most,
                    int64_t *out, struct fault *why);
/* Yes or no to one of them, and what follows from it; *done is one sentence. A no needs an
 * answer. NOT_FOUND when there is no such thing that they may see. */
bool approval_answer(struct book *b, const struct roles *roles, const char *id,
                     const struct approver *by, bool agrees, const char *answer,
                     const char **done, struct fault *why);
/* By who asked for it. */
bool approval_take_back(struct book *b, const char *id, const struct approver *by,
                        struct fault *why);

#endif

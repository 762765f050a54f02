/*
 * Approval: what one person asks for and another must agree to (table approval).
 *
 * The one who asks never approves. What was known when it was asked is kept as a digest; when that
 * has changed since, the approver is told to look again (CONFLICT) and nothing is done. Every step
 * is journalled, in the case file it is about, or in bucket 0.
 */
#ifndef FLOW_APPROVAL_H
#define FLOW_APPROVAL_H

#include "flow/user.h"

/* Names are API. Each: code, name, permission that may approve, what is asked for. */
#define APPROVALS(X)                                                                           \
    X(APPROVE_OFFER, "offer", MAY_APPROVE, "an offer beyond one's own limit")                  \
    X(APPROVE_PLAN, "plan", MAY_APPROVE, "a plan beyond one's own limit")                      \
    X(APPROVE_WAIVER, "waiver", MAY_APPROVE, "a waiver or write-off beyond one's own limit")   \
    X(APPROVE_REFUND, "refund", MAY_APPROVE, "money given back")                               \
    X(APPROVE_STRATEGY, "strategy", MAY_REVIEW, "a strategy that goes live")                   \
    X(APPROVE_TEMPLATE, "template", MAY_REVIEW, "a text that goes live")                       \
    X(APPROVE_ROLE, "role", MAY_ADMIN_USERS, "a role that may administer users")               \
    X(APPROVE_ERASURE, "erasure", MAY_REVIEW, "erasing a person")

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
enum permission approval_permission(enum approval_kind kind);

bool approval_ask(struct book *b, const struct approval *in, int64_t *number, struct fault *why);
/*
 * Records the decision of `user` (whose permissions are `can`). The caller does what was asked for
 * in the same session, and gives the digest of what is known now. NOT_ALLOWED for who asked, and
 * for who may not; CONFLICT when it does not wait any more, or the facts changed.
 */
bool approval_decide(struct book *b, int64_t number, int64_t user, permissions can, bool agrees,
                     const char *facts_now, const char *answer, struct approval *out,
                     struct fault *why);
bool approval_withdraw(struct book *b, int64_t number, int64_t user, struct fault *why);
bool approval_load(struct store *s, struct arena *a, int64_t number, struct approval *out,
                   struct fault *why);
/* The oldest first. */
bool approval_waiting(struct store *s, struct arena *a, struct approval **out, size_t *count,
                      struct fault *why);

#endif

/*
 * Task: kinds of work that wait for a person, and in which order they are done.
 *
 * Replies come before outreach (design principle 3): the group says which list a kind is in, the
 * rank which comes first within the group; then the due moment.
 */
#ifndef DOMAIN_TASK_H
#define DOMAIN_TASK_H

#include "base/text.h"

enum task_group { TASK_WAITING_ON_US, TASK_PLANNED };

/* code, name (API), group, rank, title */
#define TASK_KINDS(X)                                                                          \
    X(TASK_REPLY, "reply", TASK_WAITING_ON_US, 10, "Replied")                                  \
    X(TASK_CALLBACK, "callback", TASK_WAITING_ON_US, 10, "Callback")                           \
    X(TASK_COMPLAINT, "complaint", TASK_WAITING_ON_US, 12, "Complaint")                        \
    X(TASK_PAYMENT, "payment", TASK_WAITING_ON_US, 20, "Payment failed")                       \
    X(TASK_MISSED, "missed", TASK_WAITING_ON_US, 20, "Missed")                                 \
    X(TASK_PROMISE, "promise", TASK_WAITING_ON_US, 22, "Promise")                              \
    X(TASK_DISPUTE, "dispute", TASK_WAITING_ON_US, 30, "Dispute")                              \
    X(TASK_HARDSHIP, "hardship", TASK_WAITING_ON_US, 30, "Hardship")                           \
    X(TASK_OFFER, "offer", TASK_WAITING_ON_US, 32, "Offer")                                    \
    X(TASK_ADDRESS, "address", TASK_PLANNED, 40, "Contact")                                    \
    X(TASK_CALL, "call", TASK_PLANNED, 50, "Call")                                             \
    X(TASK_REVIEW, "review", TASK_PLANNED, 60, "Review")

#define X(code, name, group, rank, title) code,
enum task_kind { TASK_KINDS(X) TASK_KIND_COUNT };
#undef X

/* The version of the order below; it changes when any of it does. */
#define TASK_ORDER "queue-order 1"

/* Why one of this kind stands where it does, as a sentence. */
const char *task_order_words(enum task_kind kind);

const char *task_name(enum task_kind kind);
const char *task_title(enum task_kind kind);
int task_rank(enum task_kind kind);
enum task_group task_group_of(enum task_kind kind);
bool task_parse(const char *name, enum task_kind *out);

#endif

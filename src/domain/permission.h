/*
 * Permission: what somebody may do here. Roles are lists of these (roles/, docs/roles.md), tokens
 * lists that are no longer than those of their user's role.
 *
 * A permission says that somebody may ask; the gate says whether it is lawful, and authority/ how
 * far each role may go alone. Neither can be had by a permission.
 */
#ifndef DOMAIN_PERMISSION_H
#define DOMAIN_PERMISSION_H

#include "base/text.h"

/* Names are API: scopes of tokens, and words in roles/. Each row: "may …". */
#define PERMISSIONS(X)                                                                         \
    X(MAY_SEE, "accounts", "see accounts, their money, papers and decisions")                  \
    X(MAY_WORK, "work", "work the queue: log calls, take notes, write to people")              \
    X(MAY_AGREE, "agree", "agree promises, plans and offers, within the limits of the house")  \
    X(MAY_HOLD, "hold", "place and lift holds, take down hardship")                            \
    X(MAY_DISPUTE, "dispute", "take down disputes and their papers")                           \
    X(MAY_ANSWER, "answer", "decide disputes and hardship")                                    \
    X(MAY_PAY, "pay", "record payments, refunds, charges and waivers")                         \
    X(MAY_APPROVE, "approve", "agree to what somebody else asked for")                         \
    X(MAY_ASSIGN, "assign", "give work to others, see the load of the team")                   \
    X(MAY_INSIGHT, "insights", "see the figures of the portfolio, and reports")                \
    X(MAY_READ_RULES, "rules", "read rules, strategies and templates")                         \
    X(MAY_CHANGE_STRATEGY, "strategy", "draft and publish strategies")                         \
    X(MAY_CHANGE_TEMPLATE, "template", "draft and publish texts")                              \
    X(MAY_AUDIT, "audit", "read the decision log, draw samples, make evidence packs")          \
    X(MAY_REVIEW, "review", "review templates, strategies and sampled decisions")              \
    X(MAY_IMPORT, "import", "load files")                                                      \
    X(MAY_EXPORT, "export", "take lists and figures out as files")                             \
    X(MAY_SETTLE, "outbox", "settle messages of which nobody knows whether they went out")     \
    X(MAY_ADMIN_USERS, "users", "add and end users, roles and tokens")                         \
    X(MAY_ADMIN, "settings", "set up channels, clients, links to other programs; see health")

#define X(code, name, words) code,
enum permission { PERMISSIONS(X) PERMISSION_COUNT };
#undef X

/* Sets of them, by bit. */
typedef uint32_t permissions;
#define PERMISSION_BIT(p) ((permissions)1 << (p))
#define PERMISSIONS_ALL (PERMISSION_BIT(PERMISSION_COUNT) - 1)

const char *permission_name(enum permission permission);
const char *permission_words(enum permission permission);
bool permission_parse(const char *name, enum permission *out);

#endif

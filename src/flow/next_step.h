/*
 * Next step: what is best done for a case file now, and what speaks for it.
 *
 * First what stops everything: a fact that changes who may be talked to, or a balance that
 * nobody may quote. Then what waits for a person, in the order of the queue (domain/task.h).
 * Then what the engine decides (domain/decide.h). It is a suggestion: it does nothing, and a
 * person decides.
 *
 * Only what is named here is used. Age, sex, origin, religion, health and where somebody lives
 * play no part: no rule of the order and no strategy can ask for them.
 */
#ifndef FLOW_NEXT_STEP_H
#define FLOW_NEXT_STEP_H

#include "flow/view.h"

/* Names are classes of the page. */
#define NEXT_KINDS(X)                                                                          \
    X(NEXT_GRAVE, "grave")     /* a fact of grave_fact changes everything               */     \
    X(NEXT_EXPLAIN, "explain") /* the client's file says another amount                 */     \
    X(NEXT_OFFER, "offer")     /* theirs is open                                        */     \
    X(NEXT_TASK, "task")       /* something waits for a person: task says what          */     \
    X(NEXT_SEND, "send")       /* a message goes out by itself today                    */     \
    X(NEXT_CALL, "call")       /* the step that is due is a call                        */     \
    X(NEXT_LATER, "later")     /* a step is due, and allowed later                      */     \
    X(NEXT_BLOCKED, "blocked") /* a step is due, and the gate, or we, say no            */     \
    X(NEXT_WAIT, "wait")       /* nothing is due                                        */     \
    X(NEXT_CLEAR, "clear")     /* nothing is owed                                       */

#define X(code, name) code,
enum next_kind { NEXT_KINDS(X) NEXT_KIND_COUNT };
#undef X
const char *next_kind_name(enum next_kind kind);

/* Facts that stand above everything else, the gravest first. Names are API. */
#define GRAVES(X)                                                                              \
    X(GRAVE_DECEASED, "deceased")                                                              \
    X(GRAVE_BANKRUPTCY, "bankruptcy")                                                          \
    X(GRAVE_IDENTITY_THEFT, "identity_theft")                                                  \
    X(GRAVE_MINOR, "minor")                                                                    \
    X(GRAVE_ATTORNEY, "attorney")                                                              \
    X(GRAVE_MILITARY, "military")                                                              \
    X(GRAVE_CEASE, "cease")

#define X(code, name) code,
enum grave { GRAVES(X) GRAVE_COUNT };
#undef X
const char *grave_name(enum grave grave);

struct next_step {
    enum next_kind kind;
    enum grave grave;               /* of NEXT_GRAVE */
    const struct gate_fact *fact;   /* of NEXT_GRAVE */
    const struct party *other;      /* the attorney or executor that it names; or NULL */
    const struct rule *rule;        /* of NEXT_GRAVE: what forbids; NULL: none does */
    const struct task_row *task;    /* the first that waits now; NULL: none does */
    const struct held_offer *offer; /* of NEXT_OFFER */
    size_t item_count;
    const struct plan_item *items; /* its payments */
    const struct contact *message; /* the last that they sent us; NULL: none */
};

bool next_step_find(struct view *v, const struct casefile_view *f, struct next_step *out,
                    struct fault *why);

/* What the engine decides of it: NEXT_SEND and those after it. */
enum next_kind next_decided(const struct decision *d);

/* The gravest of those facts that holds now; NULL: none. */
const struct gate_fact *grave_fact(const struct casefile *c, struct instant now,
                                   enum grave *grave);

#endif

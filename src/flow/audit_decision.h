/*
 * Audit decision: one record of the journal with all that it rests on, and the same question put
 * again: by the rules of that day, which must give the same answer byte for byte (flow/replay.h),
 * and by those of today.
 *
 * What a reader may not see is NOT_FOUND.
 */
#ifndef FLOW_AUDIT_DECISION_H
#define FLOW_AUDIT_DECISION_H

#include "domain/gate_cure.h"
#include "flow/replay.h"
#include "flow/view.h"

struct audited {
    int64_t bucket, seq, casefile; /* casefile 0: it concerns no account */
    struct instant at;
    const char *kind, *outcome, *channel, *rule, *actor; /* "" for none */
    const char *reference, *name;                        /* "" for none */
    const char *record, *question;                       /* JSON; question NULL: none */
    char hash[DIGEST_HEX], before[DIGEST_HEX];
    bool chain_holds;  /* the hash is what the row and the hash before it say */
    int64_t following; /* records of its bucket that came since */
    bool judged;       /* there is a verdict in it */
    const char *message_channel, *message_state; /* what came of it; NULL: nothing */
};

bool audit_load(struct view *v, int64_t bucket, int64_t seq, struct audited *out,
                struct fault *why);

/* How a rule's finding differs from then to now; NULL: it was not asked. */
struct audit_change {
    const struct rule *rule;
    const struct finding *then, *now;
};

struct audit_again {
    struct replay replay;
    struct replayed then;       /* problem NULL: the same verdict came out */
    bool rules_are_todays;      /* byte for byte the rules that are in force here */
    struct gate_packs packs;    /* of today, for the same question */
    struct verdict now;         /* by them */
    bool differs;               /* another ruling, moment or finding */
    size_t change_count;
    struct audit_change *changes;
    struct cures cures; /* what would have changed the answer then */
};

/* Only of what is judged. To be freed, also after false; what it points to lives until then. */
bool audit_ask_again(struct view *v, const struct audited *audited, struct audit_again *out,
                     struct fault *why);
void audit_again_free(struct audit_again *again);

#endif

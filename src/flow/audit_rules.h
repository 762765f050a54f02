/*
 * Audit rules: rule packs as a compliance officer asks about them: what is in force, what each
 * rule says as it is written, whether its cases still come out, how often it stopped something,
 * and what it would say of an account at a moment.
 */
#ifndef FLOW_AUDIT_RULES_H
#define FLOW_AUDIT_RULES_H

#include "domain/gate_cure.h"
#include "flow/view.h"
#include "formats/rulepack.h"

bool rule_in_force_on(const struct rule *rule, struct day day);
/* How many rules of the pack are in force on this day. */
int64_t rules_in_force(const struct rule_pack *pack, struct day day);
/* The pack that has a rule of this id; NULL when none has. */
const struct rule_pack *rule_pack_of(const struct view *v, const char *id);

/* What stands in the pack about this rule, every version and part, without its cases. */
const char *rule_as_written(struct arena *a, const struct rule_pack *pack, const char *id);

/* A case beside a rule, just run. */
struct rule_run {
    const char *name;
    const char *expected; /* "allow", "defer until …", "silent" */
    const char *found;    /* NULL: it came out as it should */
    int line;             /* of the pack's file */
};
/* Of one rule; `id` NULL: of all rules of the pack. */
bool rule_runs(struct arena *a, const struct rule_pack *pack, const char *id,
               struct rule_run **out, size_t *count, struct fault *why);

/* How often it was what decided, in the days before now; at_least: it stopped counting. */
enum { FIRED_COUNTED = 100000 };
struct rule_fired {
    int64_t count;
    bool at_least;
};
bool rule_fired(struct view *v, const char *id, int days, struct rule_fired *out,
                struct fault *why);

/* ---- Trying it ---- */

/* How one channel would stand for an account at a moment, by what is known now. */
struct tried_channel {
    enum channel channel;
    const char *address; /* NULL: no good one is known */
    struct verdict verdict;
    struct instant opens; /* INSTANT_NEVER: only something new opens it */
    struct cures cures;
};

enum { TRIED_CHANNELS = 4 };
struct rule_trial {
    const char *reference, *name;
    const struct zone *zone; /* where they are; the organisation's when nobody knows */
    struct tried_channel channels[TRIED_CHANNELS];
};

/* NOT_FOUND when there is none, or not for this reader. */
bool rules_try(struct view *v, const char *account, struct instant at, struct rule_trial *out,
               struct fault *why);

#endif

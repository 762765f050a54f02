/*
 * Rule packs: rules/<place>.yaml to struct rule_pack (docs/rule-packs.md is the manual).
 *
 * A pack is refused as a whole, with file:line:column (BAD_PACK), when it has an unknown key,
 * shape, strength, confidence or fact, a rule without citation, without a sentence for the
 * debtor or without cases (one that passes and one that does not), bad dates, two versions of
 * a rule in force on one day, or two rules that limit the same contacts without saying so. The
 * book of packs is refused when two packs share a name or a rule.
 *
 * Memory     everything lives in the arena that the caller gives.
 * Scale      some dozen packs of at most some hundred rules; read once per program.
 */
#ifndef FORMATS_RULEPACK_H
#define FORMATS_RULEPACK_H

#include "domain/gate.h"
#include "formats/yaml.h"

/* A situation written beside its rule, and what the rule must answer (flow/judge.h runs it). */
struct rule_case {
    const struct rule *rule;
    const struct rule_pack *pack;
    const char *name;
    struct place place;
    bool silent; /* the rule must not be asked; else: */
    enum ruling ruling;
    struct instant at;
    bool until_given;
    struct instant until;
    const char *unknown;      /* the fact that must be named as unknown; or NULL */
    const struct yaml *given; /* mapping; the keys are those of gate cases       */
};

struct rulebook {
    size_t pack_count;
    const struct rule_pack *const *packs; /* in byte order of their paths */
    size_t case_count;
    const struct rule_case *cases;
    const char *list,
        *digest; /* its packs by digest, as text, and the digest of that, in hex */
};

/* One file. On success the pack is the only one of *out. */
bool rulepack_parse(struct arena *a, const char *file, const char *bytes, size_t length,
                    struct rulebook *out, struct fault *why);

/* Every rules/….yaml of the program and of the override folder. */
bool rulepack_load_all(struct arena *a, struct rulebook *out, struct fault *why);

/* The same without their cases, which are three quarters of the text: for those who only judge.
 * The rules, places and digests are the same; whether the cases are good is asked by
 * rulepack_load_all. Cases that are not written as lines below "cases:" are read and dropped. */
bool rulepack_load_rules(struct arena *a, struct rulebook *out, struct fault *why);

/* A book of these packs, which must agree; cases are of no concern. */
bool rulebook_of(struct arena *a, size_t count, const struct rule_pack *const packs[],
                 struct rulebook *out, struct fault *why);

/*
 * A rulebook is named by the digest of its list, which stands in every record of a verdict:
 *   tzdata 2025b
 *   house 64-hex-digits rules/house.yaml
 * The first line says by which zones days were told: the version of the system's, or "unknown".
 */

const struct rule_pack *rulepack_find(const struct rulebook *book,
                                      const char *name); /* or NULL */

/*
 * The packs that can matter to a contact: bound to the place, the role and the kind of debts.
 * A place names its wider places too: US-NY-NYC is also US-NY and US. Nobody knows any place
 * (count 0): the packs of every place, since any of their laws may hold.
 */
struct gate_packs rulepack_choose(const struct rulebook *book, struct arena *a,
                                  const char *const places[], size_t place_count,
                                  enum actor_role role, bool business);

/* Adds the pack, and those that lie within it, to a list with room for all packs of the book;
 * each once. */
void rulepack_gather(const struct rulebook *book, const struct rule_pack *pack,
                     const struct rule_pack **packs, size_t *count);

/* The packs that are asked only about some purposes, this one among them. */
struct gate_packs rulepack_for_purpose(const struct rulebook *book, struct arena *a,
                                       const char *purpose);

/* The first day after `day` on which some rule begins to be in force or has ceased to be;
 * DAY_NEVER when there is none. */
struct day rulebook_next_change(const struct rulebook *book, struct day day);

/* What lists and records say of a pack and its rules. */
const char *rulepack_name(const struct rule_pack *pack);
const char *rulepack_title(const struct rule_pack *pack);
const char *rulepack_path(const struct rule_pack *pack);
const char *rulepack_text(const struct rule_pack *pack);   /* its bytes as they were read */
const char *rulepack_digest(const struct rule_pack *pack); /* 64 hex digits */
size_t rulepack_places(const struct rule_pack *pack, const char *const **places);
size_t rulepack_rule_count(const struct rule_pack *pack);
const struct rule *rulepack_rule(const struct rule_pack *pack, size_t place);

#endif

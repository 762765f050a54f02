/* What rulepack.c and rulepack_shape.c share: reading words and the parameters of shapes. */
#ifndef FORMATS_RULEPACK_SHAPE_H
#define FORMATS_RULEPACK_SHAPE_H

#include "domain/rule.h"
#include "formats/yaml.h"

/* Keys that every rule may have, whatever its shape. */
#define RULE_KEYS                                                                              \
    "id", "part", "title", "shape", "strength", "confidence", "from", "to", "cite", "reason",  \
        "debtor_reason", "binds", "debts", "channels", "relations", "exempt", "permits",       \
        "replies", "applies", "beside", "cases"

/* Reads the parameters of rule->shape and refuses keys that are not its own. */
bool rulepack_shape_read(struct yaml_reader *r, struct arena *a, struct rule *rule);

struct names rulepack_names(struct yaml_reader *r, struct arena *a, const char *key);

/* {field: other} as pairs; a list instead of `other` gives a pair for each of its words. */
struct names rulepack_pairs(struct yaml_reader *r, struct arena *a, const char *key);

enum fact_type rulepack_fact(struct yaml_reader *r, const char *key, enum fact_type first,
                             enum fact_type second);

/* A set of words as bits; `parse` knows the words and says the bit's number. */
uint32_t rulepack_bits(struct yaml_reader *r, const char *key, uint32_t otherwise,
                       bool (*parse)(const char *word, int *bit));
bool rulepack_channel_bit(const char *word, int *bit);

/* Refuses a pack in which two rules limit the same contacts and neither names the other under
 * `beside`. The items of `list` are the rules, in their order. */
bool rulepack_overlaps_check(const struct rule_pack *pack, const struct yaml *list,
                             struct fault *why);

/* Stays at the first fault, like the getters of yaml.h. Always false. */
bool rulepack_refuse(struct yaml_reader *r, const struct yaml *at, const char *format, ...)
    PRINTF(3, 4);

/* Shapes about debts and notices (rulepack_debt.c). */
void rulepack_limitation(struct yaml_reader *r, struct arena *a, struct rule *rule);
void rulepack_dispute(struct yaml_reader *r, struct arena *a, struct rule *rule);
void rulepack_notice(struct yaml_reader *r, struct arena *a, struct rule *rule);
void rulepack_validation_end(struct yaml_reader *r, struct arena *a, struct rule *rule);
void rulepack_contact_first(struct yaml_reader *r, struct arena *a, struct rule *rule);
void rulepack_lead_time(struct yaml_reader *r, struct arena *a, struct rule *rule);
void rulepack_revocation(struct yaml_reader *r, struct arena *a, struct rule *rule);
void rulepack_bankruptcy(struct yaml_reader *r, struct arena *a, struct rule *rule);
void rulepack_rate_cap(struct yaml_reader *r, struct arena *a, struct rule *rule);
void rulepack_fixed_sum(struct yaml_reader *r, struct arena *a, struct rule *rule);

#endif

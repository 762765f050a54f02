/* Audit rules: rule packs as a compliance officer asks about them. */
#ifndef FLOW_AUDIT_RULES_H
#define FLOW_AUDIT_RULES_H

#include "flow/view.h"
#include "formats/rulepack.h"

bool rule_in_force_on(const struct rule *rule, struct day day);
/* How many rules of the pack are in force on this day. */
int64_t rules_in_force(const struct rule_pack *pack, struct day day);

#endif

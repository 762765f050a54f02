#include "flow/audit_rules.h"

#include "domain/rule.h"

bool rule_in_force_on(const struct rule *rule, struct day day)
{
    return (rule->from.number == DAY_NONE.number || rule->from.number <= day.number) &&
           day.number <= rule->to.number;
}

int64_t rules_in_force(const struct rule_pack *pack, struct day day)
{
    int64_t count = 0;

    for (size_t i = 0; i < rulepack_rule_count(pack); i++)
        count += rule_in_force_on(rulepack_rule(pack, i), day);
    return count;
}

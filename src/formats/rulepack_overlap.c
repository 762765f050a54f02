/*
 * Overlaps: two rules of one pack that limit the same contacts in the same way, on the same
 * days, say with `beside` that both hold. Else nobody could tell whether the author meant the
 * stricter of them, or forgot the other.
 */
#include "formats/rulepack_shape.h"

#include <string.h>

static bool names_meet(struct names a, struct names b)
{
    if (a.count == 0 || b.count == 0) /* everybody */
        return true;
    for (size_t i = 0; i < a.count; i++) {
        for (size_t k = 0; k < b.count; k++) {
            if (strcmp(a.names[i], b.names[k]) == 0)
                return true;
        }
    }
    return false;
}

/* What is known to be one cannot be the other. */
static bool numbers_meet(enum numbers a, enum numbers b)
{
    const unsigned pair = 1u << a | 1u << b;
    const unsigned work = 1u << NUMBERS_WORK | 1u << NUMBERS_KNOWN_WORK;

    if ((pair & 1u << NUMBERS_NOT_WORK) != 0 || (pair & 1u << NUMBERS_CELL) != 0)
        return (pair & work) == 0;
    return true;
}

static bool debts_meet(enum debts_bound a, enum debts_bound b)
{
    return a == DEBTS_ANY || b == DEBTS_ANY || a == b;
}

static bool shape_can_overlap(enum shape shape)
{
    return shape == SHAPE_HOURS || shape == SHAPE_CAP || shape == SHAPE_WAIT ||
           shape == SHAPE_LIMITATION;
}

static bool rules_overlap(const struct rule *a, const struct rule *b)
{
    return a->shape == b->shape && shape_can_overlap(a->shape) && strcmp(a->id, b->id) != 0 &&
           (a->binds & b->binds) != 0 && debts_meet(a->debts, b->debts) &&
           (a->channels & b->channels) != 0 && names_meet(a->relations, b->relations) &&
           a->from.number <= b->to.number && b->from.number <= a->to.number &&
           (a->shape != SHAPE_CAP || numbers_meet(a->cap.numbers, b->cap.numbers));
}

static bool stands_beside(const struct rule *a, const char *id)
{
    for (size_t i = 0; i < a->beside.count; i++) {
        if (strcmp(a->beside.names[i], id) == 0)
            return true;
    }
    return false;
}

static bool beside_is_known(const struct rule_pack *pack, const struct rule *rule,
                            const struct yaml *at, struct fault *why)
{
    for (size_t i = 0; i < rule->beside.count; i++) {
        bool known = false;
        for (size_t k = 0; k < pack->rule_count; k++)
            known = known || (strcmp(pack->rules[k].id, rule->beside.names[i]) == 0 &&
                              strcmp(rule->id, rule->beside.names[i]) != 0);
        if (!known)
            return yaml_fail(yaml_find(at, "beside"), why,
                             "\"beside\" names \"%s\", which is no other rule of this pack",
                             rule->beside.names[i]);
    }
    return true;
}

bool rulepack_overlaps_check(const struct rule_pack *pack, const struct yaml *list,
                             struct fault *why)
{
    for (size_t i = 0; i < pack->rule_count; i++) {
        const struct rule *rule = &pack->rules[i];
        if (!beside_is_known(pack, rule, list->items[i], why))
            return false;
        for (size_t k = 0; k < i; k++) {
            const struct rule *other = &pack->rules[k];
            if (rules_overlap(rule, other) && !stands_beside(rule, other->id) &&
                !stands_beside(other, rule->id))
                return yaml_fail(list->items[i], why,
                                 "\"%s\" limits contacts that \"%s\" limits as well; if both "
                                 "hold and the stricter decides, write beside: %s",
                                 rule->id, other->id, other->id);
        }
    }
    return true;
}

#include "flow/policy_variant.h"

#include <string.h>

static struct gate_packs packs_of_base(const struct policy *policy, struct arena *a,
                                       const struct casefile *c, const struct party *party)
{
    const struct policy *base = ((const struct policy_variant *)policy)->base;

    return base->packs_for(base, a, c, party);
}

static const struct message_content *content_of_base(const struct policy *policy,
                                                     const char *template, const char *language,
                                                     enum channel channel)
{
    const struct policy *base = ((const struct policy_variant *)policy)->base;

    return base->content_of(base, template, language, channel);
}

static bool comes_later(const struct strategy *s, const struct strategy *than)
{
    return s->order != than->order ? s->order > than->order : strcmp(s->name, than->name) > 0;
}

struct policy_variant policy_variant_of(struct arena *a, const struct policy *base,
                                        const char *name, const struct strategy *strategy)
{
    const struct strategies *before = &base->strategies;
    const struct strategy **all = arena_array(a, const struct strategy *, before->count + 1);
    struct policy_variant variant = { *base, base };
    size_t count = 0;
    bool placed = strategy == NULL;

    for (size_t i = 0; i < before->count; i++) {
        const struct strategy *s = before->all[i];
        if (strcmp(s->name, name) == 0 ||
            (strategy != NULL && strcmp(s->name, strategy->name) == 0))
            continue;
        if (!placed && comes_later(s, strategy)) {
            all[count++] = strategy;
            placed = true;
        }
        all[count++] = s;
    }
    if (!placed)
        all[count++] = strategy;
    variant.policy.strategies = (struct strategies){ count, all };
    variant.policy.packs_for = packs_of_base;
    variant.policy.content_of = content_of_base;
    return variant;
}

#include "flow/fence.h"

struct fencing {
    struct arena a;
    struct gate_packs packs;
    struct instant now;
    struct fault *why;
};

/* One fact at a time, so that the sentence can name it. */
static bool fact_is_fair(struct fencing *f, const char *fact, struct place place)
{
    struct gate_field field = { "segmented_by", fact };
    struct gate_question question = { .at = f->now,
                                      .channel = CHANNEL_LETTER,
                                      .purpose = "segmentation",
                                      .content = { 1, &field },
                                      .history_known = true };
    struct verdict verdict;

    gate_judge(f->packs, &question, &verdict);
    if (verdict.ruling == RULING_ALLOW)
        return true;
    return fail(f->why, BAD_PACK, "%s:%d: nobody may be chosen by \"%s\": %s (%s)", place.file,
                place.line, fact, rule_title(verdict.decisive->rule),
                rule_cite_first(verdict.decisive->rule));
}

static bool condition_is_fair(struct fencing *f, const struct condition *condition,
                              struct place place)
{
    for (size_t i = 0; condition != NULL && i < strategy_facts.count; i++) {
        if (condition_reads(condition, i) &&
            !fact_is_fair(f, strategy_facts.names[i].name, place))
            return false;
    }
    return true;
}

static bool strategy_is_fair(struct fencing *f, const struct strategy *s)
{
    struct place top = { s->file, 1, 1 };

    if (!condition_is_fair(f, s->applies, top))
        return false;
    for (size_t i = 0; i < s->segment_count; i++) {
        if (!condition_is_fair(f, s->segments[i].when, s->segments[i].place))
            return false;
    }
    for (size_t i = 0; i < s->ladder_count; i++) {
        const struct ladder *ladder = &s->ladders[i];
        for (size_t k = 0; k < ladder->step_count; k++) {
            if (!condition_is_fair(f, ladder->steps[k].when, ladder->steps[k].place))
                return false;
        }
    }
    return true;
}

bool fence_check(const struct rulebook *book, const struct strategies *strategies,
                 struct instant now, struct fault *why)
{
    struct fencing f = { .now = now, .why = why };
    bool fair = true;

    f.packs = rulepack_for_purpose(book, &f.a, "segmentation");
    for (size_t i = 0; fair && i < strategies->count; i++)
        fair = strategy_is_fair(&f, strategies->all[i]);
    arena_free(&f.a);
    return fair;
}

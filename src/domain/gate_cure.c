#include "domain/gate_cure.h"

#include "base/text.h"
#include "domain/gate_cure_parts.h"

#include <string.h>

const char *cure_outcome_name(enum cure_outcome outcome)
{
    static const char *const names[] = { "not_needed", "found", "wait", "none", "too_many" };

    return names[outcome];
}

struct search {
    struct gate_packs packs;
    const struct gate_question *question;
    const struct verdict *verdict;
    int horizon_days;
    struct candidates *candidates;
    struct arena trial; /* emptied after each */
    struct verdict answer;
    bool lifts[FINDINGS_MOST]; /* something that was tried lifts this finding */
    struct cures *out;
};

/* What blocked at the moment that was asked. */
static bool blocks(const struct search *s, const struct finding *finding)
{
    return s->verdict->ruling == RULING_DENY ? finding->ruling == RULING_DENY
                                             : finding->ruling != RULING_ALLOW;
}

static bool is_good(const struct search *s, enum ruling ruling)
{
    return s->verdict->ruling == RULING_DENY ? ruling != RULING_DENY : ruling == RULING_ALLOW;
}

static void judge(struct search *s, const struct gate_question *q)
{
    s->out->judged++;
    gate_judge(s->packs, q, &s->answer);
}

/*
 * Makes the changes true of *q and judges it. A change that takes days is asked about when they
 * have passed; what only waits does not need one.
 */
static bool way_works(struct search *s, const struct cure_way *way, struct gate_question *q)
{
    int32_t days = 0;

    *q = *s->question;
    for (size_t i = 0; i < way->count; i++) {
        cure_apply(way->changes[i], &s->trial, q);
        if (way->changes[i]->days > days)
            days = way->changes[i]->days;
    }
    if (days > 0)
        q->at = day_later_everywhere(q, q->at, days + 1);
    judge(s, q);
    return is_good(s, s->answer.ruling) && (days == 0 || s->verdict->ruling == RULING_DENY);
}

static bool depends_on_answer(const struct cure_way *way)
{
    for (size_t i = 0; i < way->count; i++) {
        if (way->changes[i]->kind == CURE_KNOWN)
            return true;
    }
    return false;
}

/* The same changes, told apart only by what may be learned. */
static bool is_told(const struct cures *out, const struct cure_way *way)
{
    for (size_t i = 0; i < out->way_count; i++) {
        size_t same = 0;
        for (size_t k = 0; k < way->count; k++)
            same += out->ways[i].changes[k]->kind == way->changes[k]->kind &&
                    text_equal(out->ways[i].changes[k]->what, way->changes[k]->what);
        if (same == way->count)
            return true;
    }
    return false;
}

/* Which of the findings that block are lifted, by the last answer. */
static void note_lifted(struct search *s)
{
    for (size_t i = 0; i < s->verdict->finding_count; i++) {
        bool still = false;
        for (size_t k = 0; !s->lifts[i] && k < s->answer.finding_count; k++)
            still = still || (s->answer.findings[k].rule == s->verdict->findings[i].rule &&
                              blocks(s, &s->answer.findings[k]));
        s->lifts[i] = !still;
    }
}

static void way_try(struct search *s, struct cure_way way)
{
    struct gate_question q;

    arena_reset(&s->trial);
    if (is_told(s->out, &way))
        return;
    bool works = way_works(s, &way, &q);
    note_lifted(s);
    if (!works)
        return;
    way.opens = INSTANT_NEVER;
    if (!depends_on_answer(&way)) {
        way.opens = s->answer.ruling == RULING_ALLOW
                        ? q.at
                        : gate_first_allowed(s->packs, &q, s->horizon_days);
        if (way.opens.us == INSTANT_NEVER.us)
            return; /* it would wait for a moment that does not come */
    }
    s->out->ways[s->out->way_count++] = way;
}

static bool may_go_on(const struct search *s)
{
    return s->out->way_count < CURE_WAYS_MOST && s->out->judged < CURE_JUDGEMENTS_MOST;
}

static void try_singles(struct search *s)
{
    for (size_t i = 0; i < s->candidates->count && may_go_on(s); i++)
        way_try(s, (struct cure_way){ 1, { &s->candidates->all[i] }, INSTANT_NEVER });
}

static void try_pairs(struct search *s)
{
    const struct candidates *c = s->candidates;

    for (size_t i = 0; i < c->count; i++) {
        for (size_t k = i + 1; k < c->count && may_go_on(s); k++)
            way_try(s, (struct cure_way){ 2, { &c->all[i], &c->all[k] }, INSTANT_NEVER });
    }
}

static void try_threes(struct search *s)
{
    const struct candidates *c = s->candidates;

    for (size_t i = 0; i < c->count; i++) {
        for (size_t k = i + 1; k < c->count; k++) {
            for (size_t m = k + 1; m < c->count && may_go_on(s); m++)
                way_try(s, (struct cure_way){
                               3, { &c->all[i], &c->all[k], &c->all[m] }, INSTANT_NEVER });
        }
    }
}

/* The finding that decided, when nothing lifts it; else the first that nothing lifts. */
static const struct rule *what_bars(const struct search *s)
{
    const struct rule *bars = NULL;

    for (size_t i = 0; i < s->verdict->finding_count; i++) {
        const struct finding *finding = &s->verdict->findings[i];
        if (s->lifts[i] || !blocks(s, finding))
            continue;
        if (bars == NULL || finding == s->verdict->decisive)
            bars = finding->rule;
    }
    return bars;
}

static void search_run(struct search *s)
{
    struct cures *out = s->out;

    try_singles(s);
    if (out->way_count == 0)
        try_pairs(s);
    if (out->way_count == 0)
        try_threes(s);
    out->outcome = CURES_FOUND;
    if (out->way_count > 0)
        return;
    out->outcome = CURES_WAIT;
    if (s->verdict->ruling != RULING_DENY)
        return;
    out->barred_by = what_bars(s);
    out->outcome = out->barred_by != NULL ? CURES_NONE : CURES_TOO_MANY;
}

void gate_cure(struct gate_packs packs, const struct gate_question *question,
               const struct verdict *verdict, int horizon_days, struct arena *a,
               struct cures *out)
{
    struct candidates *candidates = arena_make(a, struct candidates);
    struct search s = { .packs = packs,
                        .question = question,
                        .verdict = verdict,
                        .horizon_days = horizon_days,
                        .candidates = candidates,
                        .out = out };

    *out = (struct cures){ .outcome = CURES_NOT_NEEDED };
    if (verdict->ruling == RULING_ALLOW)
        return;
    candidates->a = a;
    candidates->question = question;
    for (size_t i = 0; i < verdict->finding_count; i++) {
        if (blocks(&s, &verdict->findings[i]))
            candidates_of_finding(candidates, &verdict->findings[i]);
    }
    search_run(&s);
    arena_free(&s.trial);
}

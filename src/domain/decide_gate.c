/* Decide: a step before the gate, channel by channel. */
#include "domain/decide_parts.h"

#include <string.h>

/* The debtor's own wish comes first, then the order of the step. */
static size_t channel_order(const struct work *w, enum channel order[6])
{
    const struct ladder_step *step = w->d->step;
    size_t n = 0;

    for (size_t i = 0; i < w->c->fact_count; i++) {
        const struct gate_fact *fact = &w->c->facts[i];
        if (fact->type != FACT_PREFERENCE || !fact->channel_known ||
            !fact_in_force(fact, w->now))
            continue;
        for (size_t k = 0; k < step->channel_count; k++) {
            if (step->channels[k] == fact->channel && n == 0)
                order[n++] = fact->channel;
        }
    }
    for (size_t k = 0; k < step->channel_count; k++) {
        if (n == 0 || order[0] != step->channels[k])
            order[n++] = step->channels[k];
    }
    return n;
}

static void hold_text(struct work *w, const struct party *debtor, struct gate_question *question)
{
    policy_hold(w->policy, decision_text(w->c, w->d, question->channel), debtor, question,
                w->a);
}

/*
 * Judges a question at its moment and, as long as it has to wait, at the moment to ask again,
 * which is no later than the next change of rules: question->at moves on to the first moment
 * that is not deferred.
 */
static void judge_ahead(struct work *w, struct gate_packs packs, const struct party *debtor,
                        struct gate_question *question)
{
    enum { ASKS_MOST = 500 }; /* more than a year of hours that never fit together */
    struct verdict *verdict = w->d->verdict;

    gate_judge(packs, question, verdict);
    for (int i = 0; i < ASKS_MOST && verdict->ruling == RULING_DEFER &&
                    verdict->until.us > question->at.us;
         i++) {
        question->at = rule_change_after(w, question->at);
        if (question->at.us > verdict->until.us)
            question->at = verdict->until;
        hold_text(w, debtor, question);
        gate_judge(packs, question, verdict);
    }
}

/* The verdict is overwritten by the next channel; what a try says of its own is kept. */
static void try_keep(struct work *w, struct try *try, enum ruling ruling, struct instant until)
{
    try->ruling = ruling;
    try->until = until;
    try->decisive = NULL;
    if (w->d->verdict->decisive == NULL)
        return;
    struct finding *kept = arena_make(w->a, struct finding);
    *kept = *w->d->verdict->decisive;
    try->decisive = kept;
}

/*
 * A channel that only has to wait a little is chosen for its first allowed moment. Of one that
 * waits longer the verdict is that of the last moment before: it says what ends then, and is
 * the same whenever it is asked.
 */
static bool try_channel(struct work *w, struct gate_packs packs, const struct party *debtor,
                        enum channel channel)
{
    struct decision *d = w->d;
    struct try *try = &d->tries[d->try_count++];

    *try = (struct try){ .channel = channel, .until = INSTANT_NEVER };
    try->point = casefile_point(w->c, debtor->number, channel, true);
    if (try->point == NULL)
        return false;
    struct gate_question *question = arena_make(w->a, struct gate_question);
    decision_ask(w->policy, w->c, d, channel, try->point->address, w->now, w->a, question);
    judge_ahead(w, packs, debtor, question);
    d->question = question;
    struct instant first = question->at;
    if (d->verdict->ruling != RULING_ALLOW) { /* no moment is good, or none that can be told */
        try_keep(w, try, RULING_DENY, INSTANT_NEVER);
        return false;
    }
    if (first.us > w->now.us + QUEUE_AHEAD_US) {
        question->at.us--;
        hold_text(w, debtor, question);
        gate_judge(packs, question, d->verdict);
        try_keep(w, try, RULING_DEFER, first);
        return false;
    }
    try_keep(w, try, RULING_ALLOW, INSTANT_NEVER);
    d->chosen = try;
    d->send_at = first;
    return true;
}

static void stand_refused(struct work *w)
{
    struct decision *d = w->d;
    const struct try *soonest_try = NULL, *denied = NULL;

    for (size_t i = 0; i < d->try_count; i++) {
        const struct try *try = &d->tries[i];
        if (try->point == NULL)
            continue;
        if (try->ruling == RULING_DEFER &&
            (soonest_try == NULL || try->until.us < soonest_try->until.us))
            soonest_try = try;
        if (try->ruling == RULING_DENY && denied == NULL)
            denied = try;
    }
    const struct try *shown = soonest_try != NULL ? soonest_try : denied;
    if (shown == NULL) {
        stand(w, STANDING_UNREACHABLE, "No good address is known for this step.");
        return;
    }
    stand(w, soonest_try != NULL ? STANDING_LATER : STANDING_BLOCKED,
          shown->decisive != NULL ? shown->decisive->reason : "The gate refused.");
    d->rule = shown->decisive != NULL ? shown->decisive->rule : NULL;
    if (soonest_try != NULL)
        d->standing_until = soonest_try->until;
}

void pass_gate(struct work *w)
{
    const struct party *debtor = casefile_party(w->c, PARTY_DEBTOR);
    enum channel order[6];

    w->d->verdict = arena_make(w->a, struct verdict);
    if (debtor == NULL) {
        stand(w, STANDING_UNREACHABLE, "The case file has no debtor.");
        return;
    }
    struct gate_packs packs = w->policy->packs_for(w->policy, w->a, w->c, debtor);
    w->d->packs = packs;
    size_t channels = channel_order(w, order);
    for (size_t i = 0; i < channels; i++) {
        if (!try_channel(w, packs, debtor, order[i]))
            continue;
        stand(w, STANDING_QUEUED, "A message was queued.");
        return;
    }
    stand_refused(w);
}

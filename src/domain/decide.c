#include "domain/agreement.h"
#include "domain/decide_parts.h"

#include <string.h>

#define X(code, name) name,
static const char *const standing_names[] = { STANDINGS(X) };
#undef X

const char *standing_name(enum standing standing)
{
    return standing_names[standing];
}

static bool holds(const struct condition *condition, const struct value values[])
{
    return condition == NULL || condition_test(condition, values) == TRUTH_TRUE;
}

const struct strategy *strategy_for(const struct strategies *strategies,
                                    const struct value values[])
{
    for (size_t i = 0; i < strategies->count; i++) {
        if (holds(strategies->all[i]->applies, values))
            return strategies->all[i];
    }
    return NULL;
}

const struct strategy *strategy_for_casefile(const struct policy *policy,
                                             const struct casefile *c, struct day today)
{
    struct value values[STRATEGY_FACT_COUNT];

    strategy_values(c, NULL, today, values);
    return strategy_for(&policy->strategies, values);
}

static const struct segment *segment_for(const struct strategy *strategy,
                                         const struct value values[])
{
    for (size_t i = 0; i < strategy->segment_count; i++) {
        if (holds(strategy->segments[i].when, values))
            return &strategy->segments[i];
    }
    return NULL;
}

/* ---- Choosing the step of one instalment --------------------------------------------- */

/* Steps below this place are done. A step that the ladder no longer has counts by its day. */
size_t steps_done(const struct ladder *ladder, const struct instalment *item)
{
    size_t done = 0;

    if (item->last_step == NULL)
        return 0;
    size_t place = ladder_find(ladder, item->last_step);
    if (place < ladder->step_count)
        return place + 1;
    while (done < ladder->step_count &&
           item->due_day.number + ladder->steps[done].day <= item->step_day.number)
        done++;
    return done;
}

/* Days ascend, so the highest step that was reached is also the freshest. */
static const struct ladder_step *step_for(const struct ladder *ladder,
                                          const struct instalment *item, struct day today,
                                          const struct value values[])
{
    const struct ladder_step *found = NULL;

    for (size_t i = steps_done(ladder, item); i < ladder->step_count; i++) {
        const struct ladder_step *step = &ladder->steps[i];
        int reached = item->due_day.number + step->day;
        bool stale = today.number - reached > ladder->stale_after_days;
        if (reached > today.number)
            break;
        if ((stale && item->last_step != NULL) || !holds(step->when, values))
            continue;
        found = step;
        if (ladder->entry == ENTRY_ONE_AT_A_TIME)
            break;
    }
    return found;
}

/* From this day on the ladder is at its end for the instalment, unless a step is due. */
int ladder_end_day(const struct ladder *ladder, const struct instalment *item)
{
    int last = item->due_day.number + ladder->steps[ladder->step_count - 1].day;

    if (item->last_step != NULL && item->step_day.number > last)
        last = item->step_day.number;
    return last + ladder->end_after_days;
}

/* ---- What keeps a debt from being chased --------------------------------------------- */

bool fact_in_force(const struct gate_fact *fact, struct instant now)
{
    return fact->at.us <= now.us && now.us < fact->until.us;
}

/* A dispute or hold of this debt, or of the whole case file; NULL when there is none. What is
 * disputed of a part is left out of what is open, and stops nothing else. */
static const struct gate_fact *stopped_by(const struct casefile *c, int32_t debt,
                                          struct instant now)
{
    for (size_t i = 0; i < c->fact_count; i++) {
        const struct gate_fact *fact = &c->facts[i];
        if ((fact->type == FACT_DISPUTE || fact->type == FACT_HOLD) &&
            (fact->debt == 0 || fact->debt == debt) && fact_in_force(fact, now) &&
            !fact_is_of_part(fact))
            return fact;
    }
    return NULL;
}

static const struct payment_plan *plan_of(const struct casefile *c, int32_t number)
{
    for (size_t i = 0; number != 0 && i < c->plan_count; i++) {
        if (c->plans[i].number == number)
            return &c->plans[i];
    }
    return NULL;
}

/* Why nothing of the case file is asked for: a plan for all of it, a promise; NULL for nothing. */
static const char *agreed(const struct casefile *c)
{
    for (size_t i = 0; i < c->plan_count; i++) {
        if (plan_stands(&c->plans[i]) && c->plans[i].debts.count == 0)
            return "They pay by a plan; we wait for its days.";
    }
    for (size_t i = 0; i < c->promise_count; i++) {
        const struct payment_plan *plan = plan_of(c, c->promises[i].plan);
        if (c->promises[i].state == PROMISE_OPEN && (plan == NULL || plan->debts.count == 0))
            return "They promised to pay; we wait for that day.";
    }
    return NULL;
}

/* A plan that names its debts covers this one. */
static bool is_planned(const struct casefile *c, int32_t debt)
{
    for (size_t i = 0; i < c->plan_count; i++) {
        const struct payment_plan *plan = &c->plans[i];
        if (plan_stands(plan) && plan->debts.count > 0 && debts_cover(plan->debts, debt))
            return true;
    }
    return false;
}

static const struct payment *pending_payment(const struct casefile *c)
{
    for (size_t i = 0; i < c->payment_count; i++) {
        if (c->payments[i].pending)
            return &c->payments[i];
    }
    return NULL;
}

bool debt_is_stopped(const struct casefile *c, int32_t debt, struct instant now)
{
    return is_planned(c, debt) || stopped_by(c, debt, now) != NULL;
}

/* ---- What one message speaks of ------------------------------------------------------ */

const char *mention_name(enum mention mention)
{
#define X(code, name) [code] = name,
    static const char *const names[] = { MENTIONS(X) };
#undef X
    return names[mention];
}

static bool has_step(const struct decision *d, const struct instalment *item)
{
    for (size_t i = 0; i < d->item_count; i++) {
        if (d->items[i].instalment == item)
            return true;
    }
    return false;
}

enum mention decision_mentions(const struct casefile *c, const struct decision *d,
                               const struct instalment *item, struct day today)
{
    if (item->open_minor <= 0)
        return item->disputed_minor > 0 ? MENTION_DISPUTED : MENTION_NONE;
    for (size_t i = 0; i < c->plan_count; i++) {
        if (plan_stands(&c->plans[i]) && debts_cover(c->plans[i].debts, item->debt))
            return MENTION_PLANNED;
    }
    const struct gate_fact *stopped = stopped_by(c, item->debt, d->now);
    if (stopped != NULL)
        return stopped->type == FACT_DISPUTE ? MENTION_DISPUTED : MENTION_HELD;
    return item->due_day.number < today.number || has_step(d, item) ? MENTION_TOLD
                                                                   : MENTION_EARLY;
}

enum standing casefile_held_back(const struct casefile *c)
{
    if (agreed(c) != NULL)
        return STANDING_PROMISED;
    return pending_payment(c) != NULL ? STANDING_PENDING : STANDING_WAITING;
}

/* ---- One decision -------------------------------------------------------------------- */

void stand(struct work *w, enum standing standing, const char *reason)
{
    w->d->standing = standing;
    w->d->reason = reason;
}

/*
 * Items of the message: those with a step due, and every other open item that is past due, so
 * that the debtor sees the whole. Disputed and held ones are left out.
 */
static void choose_items(struct work *w, const struct ladder *ladder)
{
    struct decision *d = w->d;
    const struct gate_fact *stop = NULL;
    bool all_ended = true, planned = false;

    d->items = arena_array(w->a, struct decided_item, w->totals.open_items);
    for (size_t i = 0; i < w->c->instalment_count; i++) {
        const struct instalment *item = &w->c->instalments[i];
        if (item->open_minor <= 0)
            continue;
        if (is_planned(w->c, item->debt)) {
            planned = true;
            all_ended = false;
            continue;
        }
        const struct gate_fact *stopped = stopped_by(w->c, item->debt, w->now);
        if (stopped != NULL) {
            stop = stopped;
            all_ended = false;
            continue;
        }
        item_values(w->c, item, w->today, w->values);
        const struct ladder_step *step = step_for(ladder, item, w->today, w->values);
        all_ended =
            all_ended && step == NULL && w->today.number >= ladder_end_day(ladder, item);
        if (step == NULL && item->due_day.number >= w->today.number)
            continue;
        d->items[d->item_count++] = (struct decided_item){ item, step };
        if (step != NULL && (d->step == NULL || step > d->step))
            d->step = step;
    }
    d->step_due = d->step != NULL;
    if (d->step != NULL)
        return;
    d->item_count = 0;
    if (stop != NULL && stop->type == FACT_DISPUTE)
        stand(w, STANDING_DISPUTED, "All that is due is disputed.");
    else if (stop != NULL)
        stand(w, STANDING_HELD, "A hold stops what is due.");
    else if (planned)
        stand(w, STANDING_PROMISED, "They pay by a plan; we wait for its days.");
    else if (all_ended) {
        stand(w, STANDING_ENDED, "The ladder is at its end.");
        d->end_reached = strcmp(w->c->standing, standing_name(STANDING_ENDED)) != 0;
    } else
        stand(w, STANDING_WAITING, "No step is due today.");
}

/* Promises, pending payments and the distance between two messages hold a step back. */
static bool held_back(struct work *w, const struct ladder *ladder)
{
    const char *why = agreed(w->c);
    struct day last = DAY_NONE;

    if (why != NULL) {
        stand(w, STANDING_PROMISED, why);
        return true;
    }
    if (pending_payment(w->c) != NULL) {
        stand(w, STANDING_PENDING, "A payment is on its way.");
        return true;
    }
    if (w->policy->feed_is_old) { /* looked at again by every cycle, until a file comes */
        stand(w, STANDING_FEED, "The last payments file is too old: this may be paid already.");
        w->d->standing_until = (struct instant){ w->now.us + 1 };
        return true;
    }
    for (size_t i = 0; i < w->c->instalment_count; i++) {
        if (w->c->instalments[i].step_day.number > last.number)
            last = w->c->instalments[i].step_day;
    }
    if (last.number == DAY_NONE.number || last.number + ladder->gap_days <= w->today.number)
        return false;
    stand(w, STANDING_SPACED, "The last message is too recent.");
    w->d->standing_until =
        day_begins((struct day){ last.number + ladder->gap_days }, w->policy->zone);
    return true;
}

/* Nothing is left to ask for, but that is not the end of it. */
static bool any_disputed(const struct casefile *c, struct day today)
{
    for (size_t i = 0; i < c->instalment_count; i++) {
        const struct instalment *item = &c->instalments[i];
        if (item->disputed_minor > 0 &&
            today.number >= casefile_debt(c, item->debt)->invoice_day.number)
            return true;
    }
    return false;
}

static void decide(struct work *w)
{
    struct decision *d = w->d;

    if (w->totals.open_items == 0) {
        if (any_disputed(w->c, w->today))
            stand(w, STANDING_DISPUTED, "All that is open is disputed.");
        else
            stand(w, STANDING_CLEAR, "Nothing is open.");
        return;
    }
    d->strategy = strategy_for(&w->policy->strategies, w->values);
    d->segment = d->strategy != NULL ? segment_for(d->strategy, w->values) : NULL;
    if (d->segment == NULL) {
        stand(w, STANDING_UNPLANNED, "No strategy fits this case file.");
        return;
    }
    choose_items(w, d->segment->ladder);
    if (d->step != NULL && !held_back(w, d->segment->ladder))
        pass_gate(w);
}

void casefile_decide(const struct policy *policy, const struct casefile *c, struct instant now,
                     struct arena *a, struct decision *out)
{
    struct work w = { .policy = policy, .c = c, .now = now, .a = a, .d = out };

    *out = (struct decision){
        .now = now, .standing_until = INSTANT_NEVER, .wake_at = INSTANT_NEVER, .send_at = now
    };
    w.today = wall_at(now, policy->zone).day;
    w.totals = totals_of(c, w.today);
    file_values(c, &w.totals, w.today, w.values);
    decide(&w);
    find_wake(&w);
}

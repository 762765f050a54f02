/* Decide: the first later moment at which a decision may come out differently. */
#include "domain/agreement.h"
#include "domain/decide_parts.h"

static void earlier(struct instant at, struct instant than, struct instant *best)
{
    if (at.us > than.us && at.us < best->us)
        *best = at;
}

/*
 * The first moment after `at` at which other rules may be in force: they begin and end with a
 * day where the person is, and where that is not known, with anybody's day.
 */
struct instant rule_change_after(const struct work *w, struct instant at)
{
    const struct party *debtor = casefile_party(w->c, PARTY_DEBTOR);
    const int64_t day_us = INT64_C(1000000) * SECONDS_A_DAY;
    struct instant best = INSTANT_NEVER;

    for (size_t i = 0; debtor != NULL && i < w->policy->rule_change_count; i++) {
        int number = w->policy->rule_changes[i].number;
        if ((number + 2) * day_us < at.us)
            continue;
        for (size_t z = 0; z < debtor->zone_count; z++)
            earlier(day_begins((struct day){ number }, debtor->zones[z]), at, &best);
        for (int days = -1; days <= 1 && debtor->zone_count == 0; days++)
            earlier((struct instant){ (number + days) * day_us }, at, &best);
        if ((number - 2) * day_us > at.us)
            break;
    }
    return best;
}

static void wake_by(struct work *w, struct instant at)
{
    if (at.us > w->now.us && at.us < w->d->wake_at.us)
        w->d->wake_at = at;
}

static void wake_on(struct work *w, int day_number)
{
    if (day_number > w->today.number && day_number < DAY_NEVER.number)
        wake_by(w, day_begins((struct day){ day_number }, w->policy->zone));
}

/* The earliest of many days is found first, so that only one is turned into an instant. */
static void soonest(const struct work *w, int day_number, int *best)
{
    if (day_number > w->today.number && day_number < *best)
        *best = day_number;
}

static void soonest_turn(const struct work *w, int due, const struct turns *turns, int *best)
{
    for (size_t i = 0; i < turns->count; i++)
        soonest(w, due + turns->days[i], best);
    if (turns->daily)
        soonest(w, w->today.number + 1, best);
}

static void wake_for_item(const struct work *w, const struct ladder *ladder,
                          const struct instalment *item, int *best)
{
    int due = item->due_day.number;

    soonest(w, item->next_change_day.number, best);
    soonest(w, casefile_debt(w->c, item->debt)->invoice_day.number, best);
    if (item->open_minor <= 0)
        return;
    soonest(w, due + 1, best);
    if (ladder == NULL)
        return;
    for (size_t i = steps_done(ladder, item); i < ladder->step_count; i++) {
        soonest(w, due + ladder->steps[i].day, best);
        if (item->last_step != NULL) /* only then it can become stale */
            soonest(w, due + ladder->steps[i].day + ladder->stale_after_days + 1, best);
    }
    soonest_turn(w, due, &ladder->turns, best);
    soonest(w, ladder_end_day(ladder, item), best);
}

/* Another strategy or segment: each strategy before the chosen one may come to apply. */
static void wake_for_choice(const struct work *w, int *best)
{
    const struct strategies *strategies = &w->policy->strategies;
    int due = w->totals.oldest_due.number;

    for (size_t i = 0; w->totals.open_items > 0 && i < strategies->count; i++) {
        soonest_turn(w, due, &strategies->all[i]->applies_turns, best);
        if (strategies->all[i] == w->d->strategy) {
            soonest_turn(w, due, &w->d->strategy->segment_turns, best);
            return;
        }
    }
}

/*
 * Promises, plans and offers are settled when a day has ended for the debtor and for the house.
 * Strategies have a say even when all is paid.
 */
static void wake_for_agreements(struct work *w)
{
    const struct party *debtor = casefile_party(w->c, PARTY_DEBTOR);

    if (w->c->promise_count + w->c->plan_count + w->c->offer_count == 0)
        return;
    const struct strategy *strategy = strategy_for(&w->policy->strategies, w->values);
    struct day next = agreement_next(w->c, party_day_ended(debtor, w->now, w->today),
                                     strategy != NULL ? strategy->promise_grace_days : 0);
    if (next.number >= DAY_NEVER.number)
        return;
    struct instant at = day_begins(next, w->policy->zone);
    if (debtor != NULL && debtor->zone_count > 0) {
        struct instant there =
            day_reached_everywhere(next, debtor->zone_count, debtor->zones);
        at = there.us > at.us ? there : at;
    }
    wake_by(w, at);
}

void find_wake(struct work *w)
{
    const struct ladder *ladder = w->d->segment != NULL ? w->d->segment->ladder : NULL;
    int best = DAY_NEVER.number;

    for (size_t i = 0; i < w->c->instalment_count; i++)
        wake_for_item(w, ladder, &w->c->instalments[i], &best);
    wake_for_choice(w, &best);
    soonest(w, w->c->books_day.number, &best);
    wake_on(w, best);
    wake_for_agreements(w);
    for (size_t i = 0; i < w->c->fact_count; i++) {
        wake_by(w, w->c->facts[i].at);
        wake_by(w, w->c->facts[i].until);
    }
    if (w->d->step_due)
        wake_by(w, rule_change_after(w, w->now));
    /* A contact is queued up to a day ahead of its first allowed moment. */
    if (w->d->standing == STANDING_LATER)
        wake_by(w, (struct instant){ w->d->standing_until.us - QUEUE_AHEAD_US });
    wake_by(w, w->d->standing_until);
}

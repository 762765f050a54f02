#include "domain/decide.h"

#include <string.h>

#define X(code, name) name,
static const char *const standing_names[] = { STANDINGS(X) };
#undef X

/* A contact allowed within this time is queued for its moment; later ones are asked again. */
static const int64_t queue_ahead_us = 24LL * 3600 * 1000000;

const char *standing_name(enum standing standing)
{
    return standing_names[standing];
}

/* ---- What is known, as values ------------------------------------------------------- */

struct totals {
    enum currency currency;
    int64_t open_minor, past_due_minor;
    int32_t open_items, past_due_items;
    struct day oldest_due;
};

static const struct instalment *oldest_open(const struct casefile *c)
{
    const struct instalment *oldest = NULL;

    for (size_t i = 0; i < c->instalment_count; i++) {
        const struct instalment *item = &c->instalments[i];
        if (item->open_minor > 0 &&
            (oldest == NULL || item->due_day.number < oldest->due_day.number))
            oldest = item;
    }
    return oldest;
}

static struct totals totals_of(const struct casefile *c, struct day today)
{
    struct totals t = { .oldest_due = DAY_NEVER };
    const struct instalment *oldest = oldest_open(c);

    if (oldest == NULL)
        return t;
    t.oldest_due = oldest->due_day;
    t.currency = casefile_debt(c, oldest->debt)->currency;
    for (size_t i = 0; i < c->instalment_count; i++) {
        const struct instalment *item = &c->instalments[i];
        if (item->open_minor <= 0)
            continue;
        bool past_due = item->due_day.number < today.number;
        bool same = casefile_debt(c, item->debt)->currency == t.currency;
        t.open_items++;
        t.past_due_items += past_due;
        t.open_minor += same ? item->open_minor : 0;
        t.past_due_minor += same && past_due ? item->open_minor : 0;
    }
    return t;
}

static struct value of_number(int64_t number)
{
    return (struct value){ .known = true, .number = number };
}

static struct value of_truth(bool truth)
{
    return (struct value){ .known = true, .truth = truth };
}

static struct value of_text(const char *text)
{
    return (struct value){ .known = text != NULL, .text = text };
}

static const struct contact_point *point_for(const struct casefile *c, int32_t party,
                                             enum channel channel)
{
    bool phone = channel == CHANNEL_CALL || channel == CHANNEL_VOICEMAIL;

    for (size_t i = 0; i < c->point_count; i++) {
        const struct contact_point *point = &c->points[i];
        enum channel of = point->channel;
        if (point->good && point->party == party &&
            (of == channel || (phone && of == CHANNEL_SMS)))
            return point;
    }
    return NULL;
}

static const char *country_of(const char *place)
{
    static const char *const known[] = { "US", "CA", "GB", "DE", "FR", "AU", "IE",
                                         "NL", "AT", "CH", "ES", "IT", "SE" };

    for (size_t i = 0; place != NULL && i < COUNT(known); i++) {
        if (strncmp(place, known[i], 2) == 0 && (place[2] == '-' || place[2] == '\0'))
            return known[i];
    }
    return NULL;
}

static void file_values(const struct casefile *c, const struct totals *t, struct day today,
                        struct value v[STRATEGY_FACT_COUNT])
{
    const struct party *debtor = casefile_party(c, PARTY_DEBTOR);
    const char *place = debtor != NULL && debtor->place_count == 1 ? debtor->places[0] : NULL;
    bool any = t->open_items > 0;

    v[ITEM_DAYS_PAST_DUE] = v[ITEM_OPEN_MINOR] = v[ITEM_KIND] = (struct value){ 0 };
    v[FILE_OLDEST_DAYS] =
        any ? of_number(today.number - t->oldest_due.number) : (struct value){ 0 };
    v[FILE_OPEN_MINOR] = of_number(t->open_minor);
    v[FILE_PAST_DUE_MINOR] = of_number(t->past_due_minor);
    v[FILE_OPEN_ITEMS] = of_number(t->open_items);
    v[FILE_PAST_DUE_ITEMS] = of_number(t->past_due_items);
    v[FILE_CURRENCY] = of_text(any ? currency_code(t->currency) : NULL);
    v[FILE_BUSINESS] = of_truth(c->business);
    v[FILE_ROLE] = of_text(actor_role_name(c->role));
    v[FILE_CREDITOR] = of_text(c->creditor);
    v[FILE_COUNTRY] = of_text(country_of(place));
    v[FILE_REGION] = of_text(place != NULL && strchr(place, '-') != NULL ? place : NULL);
    v[FILE_LANGUAGE] = of_text(debtor != NULL ? debtor->language : NULL);
    v[FILE_HAS_EMAIL] = of_truth(point_for(c, PARTY_DEBTOR, CHANNEL_EMAIL) != NULL);
    v[FILE_HAS_LETTER] = of_truth(point_for(c, PARTY_DEBTOR, CHANNEL_LETTER) != NULL);
    v[FILE_HAS_PHONE] = of_truth(point_for(c, PARTY_DEBTOR, CHANNEL_CALL) != NULL);
}

static void item_values(const struct casefile *c, const struct instalment *item,
                        struct day today, struct value v[STRATEGY_FACT_COUNT])
{
    v[ITEM_DAYS_PAST_DUE] = of_number(today.number - item->due_day.number);
    v[ITEM_OPEN_MINOR] = of_number(item->open_minor);
    v[ITEM_KIND] = of_text(casefile_debt(c, item->debt)->kind);
}

void strategy_values(const struct casefile *c, const struct instalment *item, struct day today,
                     struct value values[STRATEGY_FACT_COUNT])
{
    struct totals t = totals_of(c, today);

    file_values(c, &t, today, values);
    if (item != NULL)
        item_values(c, item, today, values);
}

static bool holds(const struct condition *condition, const struct value values[])
{
    return condition == NULL || condition_test(condition, values) == TRUTH_TRUE;
}

static const struct strategy *strategy_for(const struct strategies *strategies,
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
static size_t steps_done(const struct ladder *ladder, const struct instalment *item)
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
static int ladder_end_day(const struct ladder *ladder, const struct instalment *item)
{
    int last = item->due_day.number + ladder->steps[ladder->step_count - 1].day;

    if (item->last_step != NULL && item->step_day.number > last)
        last = item->step_day.number;
    return last + ladder->end_after_days;
}

/* ---- What keeps a debt from being chased --------------------------------------------- */

static bool fact_in_force(const struct gate_fact *fact, struct instant now)
{
    return fact->at.us <= now.us && now.us < fact->until.us;
}

/* A dispute or hold of this debt, or of the whole case file; NULL when there is none. */
static const struct gate_fact *stopped_by(const struct casefile *c, int32_t debt,
                                          struct instant now)
{
    for (size_t i = 0; i < c->fact_count; i++) {
        const struct gate_fact *fact = &c->facts[i];
        if ((fact->type == FACT_DISPUTE || fact->type == FACT_HOLD) &&
            (fact->debt == 0 || fact->debt == debt) && fact_in_force(fact, now))
            return fact;
    }
    return NULL;
}

static const struct promise *open_promise(const struct casefile *c)
{
    for (size_t i = 0; i < c->promise_count; i++) {
        if (c->promises[i].state == PROMISE_OPEN)
            return &c->promises[i];
    }
    return NULL;
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
    return stopped_by(c, debt, now) != NULL;
}

enum standing casefile_held_back(const struct casefile *c)
{
    if (open_promise(c) != NULL)
        return STANDING_PROMISED;
    return pending_payment(c) != NULL ? STANDING_PENDING : STANDING_WAITING;
}

/* ---- One decision -------------------------------------------------------------------- */

struct work {
    const struct policy *policy;
    const struct casefile *c;
    struct instant now;
    struct day today;
    struct arena *a;
    struct decision *d;
    struct totals totals;
    struct value values[STRATEGY_FACT_COUNT];
};

static void earlier(struct instant at, struct instant than, struct instant *best)
{
    if (at.us > than.us && at.us < best->us)
        *best = at;
}

/*
 * The first moment after `at` at which other rules may be in force: they begin and end with a
 * day where the person is, and where that is not known, with anybody's day.
 */
static struct instant rule_change_after(const struct work *w, struct instant at)
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

    soonest(w, item->next_paid_day.number, best);
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

/* The day after which a promise is settled; strategies have a say even when all is paid. */
static void wake_for_promises(const struct work *w, int *best)
{
    if (w->c->promise_count == 0)
        return;
    const struct strategy *strategy = strategy_for(&w->policy->strategies, w->values);
    int grace = strategy != NULL ? strategy->promise_grace_days : 0;
    for (size_t i = 0; i < w->c->promise_count; i++) {
        if (w->c->promises[i].state == PROMISE_OPEN)
            soonest(w, w->c->promises[i].due_day.number + grace + 1, best);
    }
}

static void find_wake(struct work *w)
{
    const struct ladder *ladder = w->d->segment != NULL ? w->d->segment->ladder : NULL;
    int best = DAY_NEVER.number;

    for (size_t i = 0; i < w->c->instalment_count; i++)
        wake_for_item(w, ladder, &w->c->instalments[i], &best);
    wake_for_choice(w, &best);
    wake_for_promises(w, &best);
    wake_on(w, best);
    for (size_t i = 0; i < w->c->fact_count; i++) {
        wake_by(w, w->c->facts[i].at);
        wake_by(w, w->c->facts[i].until);
    }
    if (w->d->step_due)
        wake_by(w, rule_change_after(w, w->now));
    /* A contact is queued up to a day ahead of its first allowed moment. */
    if (w->d->standing == STANDING_LATER)
        wake_by(w, (struct instant){ w->d->standing_until.us - queue_ahead_us });
    wake_by(w, w->d->standing_until);
}

static void stand(struct work *w, enum standing standing, const char *reason)
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
    bool all_ended = true;

    d->items = arena_array(w->a, struct decided_item, w->totals.open_items);
    for (size_t i = 0; i < w->c->instalment_count; i++) {
        const struct instalment *item = &w->c->instalments[i];
        if (item->open_minor <= 0)
            continue;
        const struct gate_fact *stopped = stopped_by(w->c, item->debt, w->now);
        if (stopped != NULL) {
            stop = stopped;
            all_ended = false;
            continue;
        }
        item_values(w->c, item, w->today, w->values);
        const struct ladder_step *step = step_for(ladder, item, w->today, w->values);
        all_ended = all_ended && step == NULL &&
                    w->today.number >= ladder_end_day(ladder, item);
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
    else if (all_ended) {
        stand(w, STANDING_ENDED, "The ladder is at its end.");
        d->end_reached = strcmp(w->c->standing, standing_name(STANDING_ENDED)) != 0;
    } else
        stand(w, STANDING_WAITING, "No step is due today.");
}

/* Promises, pending payments and the distance between two messages hold a step back. */
static bool held_back(struct work *w, const struct ladder *ladder)
{
    const struct promise *promise = open_promise(w->c);
    struct day last = DAY_NONE;

    if (promise != NULL) {
        stand(w, STANDING_PROMISED, "They promised to pay; we wait for that day.");
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

/* Every electronic message of ours carries the way out; a text for collectors that lacks its
 * statement is not rendered (formats/letter_text.h). */
static const struct gate_field message_fields[] = { { "opt_out_notice", "true" },
                                                    { "debt_collector_statement", "true" } };

void question_build(const struct casefile *c, const struct party *party, enum channel channel,
                    const char *address, struct instant at, size_t debt_count,
                    const struct gate_debt *debts, struct gate_question *out)
{
    *out = (struct gate_question){
        .at = at,
        .channel = channel,
        .party = party->number,
        .relation = strcmp(party->role, "debtor") == 0 ? "consumer" : party->role,
        .address = address,
        .role = c->role,
        .places = party->places,
        .place_count = party->place_count,
        .zones = party->zones,
        .zone_count = party->zone_count,
        .debts = debts,
        .debt_count = debt_count,
        .casefile_debts = debts,
        .casefile_debt_count = debt_count,
        .facts = c->facts,
        .fact_count = c->fact_count,
        .history = c->contacts,
        .history_count = c->contact_count,
        .history_known = true,
    };
    if (channel == CHANNEL_EMAIL || channel == CHANNEL_SMS || channel == CHANNEL_LETTER)
        out->content = (struct gate_fields){ COUNT(message_fields), message_fields };
}

/* The debts of the chosen items, each once; items come in the order of debts. */
static const struct gate_debt *debts_of_items(struct work *w, size_t *count)
{
    struct gate_debt *debts = arena_array(w->a, struct gate_debt, w->d->item_count);
    size_t n = 0;

    for (size_t i = 0; i < w->d->item_count; i++) {
        int32_t number = w->d->items[i].instalment->debt;
        if (n > 0 && debts[n - 1].number == number)
            continue;
        debts[n++] = (struct gate_debt){ .number = number,
                                         .kind = casefile_debt(w->c, number)->kind,
                                         .business = w->c->business };
    }
    *count = n;
    return debts;
}

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

/*
 * Judges a question at its moment and, as long as it has to wait, at the moment to ask again,
 * which is no later than the next change of rules: question->at moves on to the first moment
 * that is not deferred.
 */
static void judge_ahead(struct work *w, struct gate_packs packs, struct gate_question *question)
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
                        enum channel channel, size_t debt_count, const struct gate_debt *debts)
{
    struct decision *d = w->d;
    struct try *try = &d->tries[d->try_count++];
    struct gate_question question;

    *try = (struct try){ .channel = channel, .until = INSTANT_NEVER };
    try->point = point_for(w->c, debtor->number, channel);
    if (try->point == NULL)
        return false;
    question_build(w->c, debtor, channel, try->point->address, w->now, debt_count, debts,
                   &question);
    judge_ahead(w, packs, &question);
    struct instant first = question.at;
    if (d->verdict->ruling != RULING_ALLOW) { /* no moment is good, or none that can be told */
        try_keep(w, try, RULING_DENY, INSTANT_NEVER);
        return false;
    }
    if (first.us > w->now.us + queue_ahead_us) {
        question.at.us--;
        gate_judge(packs, &question, d->verdict);
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

static void pass_gate(struct work *w)
{
    const struct party *debtor = casefile_party(w->c, PARTY_DEBTOR);
    enum channel order[6];
    size_t debt_count;

    w->d->verdict = arena_make(w->a, struct verdict);
    if (debtor == NULL) {
        stand(w, STANDING_UNREACHABLE, "The case file has no debtor.");
        return;
    }
    struct gate_packs packs = w->policy->packs_for(w->policy, w->a, w->c, debtor);
    const struct gate_debt *debts = debts_of_items(w, &debt_count);
    size_t channels = channel_order(w, order);
    for (size_t i = 0; i < channels; i++) {
        if (!try_channel(w, packs, debtor, order[i], debt_count, debts))
            continue;
        stand(w, STANDING_QUEUED, "A message was queued.");
        return;
    }
    stand_refused(w);
}

static void decide(struct work *w)
{
    struct decision *d = w->d;

    if (w->totals.open_items == 0) {
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

    *out = (struct decision){ .standing_until = INSTANT_NEVER,
                              .wake_at = INSTANT_NEVER,
                              .send_at = now };
    w.today = wall_at(now, policy->zone).day;
    w.totals = totals_of(c, w.today);
    file_values(c, &w.totals, w.today, w.values);
    decide(&w);
    find_wake(&w);
}

/*
 * The wake moment keeps its promise: whoever looks at a case file only when it is to be woken
 * (or when something was heard) does the same, on the same days, as whoever looks every day.
 *
 * Each world is made from a seed: strategies, rules, one case file, and what will happen to it
 * in a hundred and twenty days. Two walkers live through it, an eager and a lazy one.
 * To see one world again: build/check/src/domain/decide_walk_test SEED
 */
#include "domain/decide.h"
#include "domain/rule.h"

#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
    WORLDS = 700,
    DAYS = 120,
    STEPS = 8,
    STRATEGIES = 3,
    ITEMS = 5,
    EVENTS = 12,
    FACTS = 16,
    CONTACTS = 160,
    RULES = 4
};

static uint64_t only_seed;

/* ---- Chance (SplitMix64) ----------------------------------------------------------------- */

static uint64_t chance_next(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15U;

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

/* From `least` to `most`, both included. */
static int pick(uint64_t *state, int least, int most)
{
    return least + (int)(chance_next(state) % (uint64_t)(most - least + 1));
}

static bool one_in(uint64_t *state, int n)
{
    return pick(state, 1, n) == 1;
}

/* ---- A world ----------------------------------------------------------------------------- */

enum event_kind { EVENT_PAYMENT, EVENT_FACT, EVENT_PROMISE, EVENT_PENDING, EVENT_POINT };

struct event {
    enum event_kind kind;
    int day;                 /* when we hear of it                                   */
    int item;                /* EVENT_PAYMENT                                        */
    int value_day, last_day; /* when the money counts; when the pending one arrived; promised */
    int64_t minor;
    struct gate_fact fact; /* EVENT_FACT */
    int point;             /* EVENT_POINT: it becomes good, or bad */
};

struct world {
    uint64_t seed, chance;
    struct arena arena;
    struct policy policy;
    struct rule rules[RULES];
    struct rule_pack pack;
    const struct rule_pack *packs[1];
    size_t rule_count;
    struct day rule_changes[2 * RULES];
    struct casefile c; /* as it is on the first day */
    int first_day;
    size_t event_count;
    struct event events[EVENTS];
};

static const struct zone *org_zone;
static struct world *the_world; /* packs_for has no other way to it */

static struct gate_packs packs_for(const struct policy *policy, struct arena *a,
                                   const struct casefile *c, const struct party *party)
{
    (void)policy;
    (void)a;
    (void)c;
    (void)party;
    return (struct gate_packs){ 1, the_world->packs };
}

static struct condition *compiled(struct world *w, const char *text)
{
    struct fault why = { .text = "" };
    struct condition *condition = condition_compile(
        &w->arena, text, (struct place){ "world", 1, 1 }, strategy_facts, &why);

    if (condition == NULL)
        fail_msg("%s: %s", text, why.text);
    return condition;
}

/* A condition about the whole case file, or NULL. */
static struct condition *file_condition(struct world *w)
{
    int n = pick(&w->chance, 0, 60);

    switch (pick(&w->chance, 0, 9)) {
    case 0:
        return compiled(w, arena_print(&w->arena, "oldest_days_past_due >= %d", n));
    case 1:
        return compiled(w, arena_print(&w->arena, "oldest_days_past_due < %d", n));
    case 2:
        return compiled(w, arena_print(&w->arena, "total_open_minor >= %d", n * 100));
    case 3:
        return compiled(w, arena_print(&w->arena, "total_past_due_minor > %d", n * 50));
    case 4:
        return compiled(w, arena_print(&w->arena, "past_due_items >= %d", n % 4));
    case 5:
        return compiled(w, "has_phone || open_items > 1");
    case 6:
        return compiled(w,
                        arena_print(&w->arena, "oldest_days_past_due %% %d == 0", n / 10 + 2));
    case 7:
        return compiled(
            w,
            arena_print(&w->arena, "oldest_days_past_due in [%d, %d] || business", n, n + 9));
    default:
        return NULL;
    }
}

static struct condition *item_condition(struct world *w)
{
    int n = pick(&w->chance, 0, 60);

    switch (pick(&w->chance, 0, 11)) {
    case 0:
        return compiled(w, arena_print(&w->arena, "days_past_due < %d", n));
    case 1:
        return compiled(w, arena_print(&w->arena, "days_past_due >= %d", n));
    case 2:
        return compiled(w, arena_print(&w->arena, "open_minor >= %d", n * 30));
    case 3:
        return compiled(w, "kind == 'invoice'");
    case 4:
        return compiled(w, "has_phone");
    case 5:
        return compiled(w, arena_print(&w->arena, "days_past_due %% 3 != %d", n % 3));
    case 6:
        return file_condition(w);
    case 7:
        return compiled(w, arena_print(&w->arena, "days_delinquent >= %d", n / 2));
    default:
        return NULL;
    }
}

/* The steps of all ladders of a world: one id has one day everywhere. */
static const struct {
    const char *id;
    int day;
} all_steps[STEPS] = { { "a", -5 }, { "b", 0 },  { "c", 3 },  { "d", 7 },
                       { "e", 8 },  { "f", 14 }, { "g", 30 }, { "h", 45 } };

static void make_step(struct world *w, int number, struct ladder_step *step)
{
    static const enum channel channels[] = { CHANNEL_EMAIL, CHANNEL_LETTER, CHANNEL_CALL,
                                             CHANNEL_SMS };

    *step = (struct ladder_step){ .id = all_steps[number].id,
                                  .template = "words",
                                  .day = all_steps[number].day,
                                  .when = item_condition(w),
                                  .channel_count = (size_t)pick(&w->chance, 1, 3) };
    int first = pick(&w->chance, 0, 3);
    for (size_t i = 0; i < step->channel_count; i++)
        step->channels[i] = channels[(first + (int)i) % 4];
}

static void make_ladder(struct world *w, struct ladder *ladder)
{
    static const int stale[] = { 0, 2, 10, 30, 400 };

    *ladder = (struct ladder){
        .name = arena_print(&w->arena, "ladder %d", pick(&w->chance, 0, 999)),
        .entry = one_in(&w->chance, 2) ? ENTRY_HIGHEST : ENTRY_ONE_AT_A_TIME,
        .stale_after_days = stale[pick(&w->chance, 0, 4)],
        .gap_days = pick(&w->chance, 1, 9),
        .steps = arena_array(&w->arena, struct ladder_step, STEPS),
        .end_then = "person",
        .end_after_days = pick(&w->chance, 1, 20),
    };
    while (ladder->step_count == 0) {
        for (int i = 0; i < STEPS; i++) {
            if (one_in(&w->chance, 2))
                make_step(w, i, &ladder->steps[ladder->step_count++]);
        }
    }
}

static const struct strategy *make_strategy(struct world *w, bool for_all)
{
    struct strategy *s = arena_make(&w->arena, struct strategy);
    struct segment *segments = arena_array(&w->arena, struct segment, 3);

    s->name = "made";
    s->promise_grace_days = pick(&w->chance, 0, 3);
    s->ladder_count = s->segment_count = (size_t)pick(&w->chance, 1, 3);
    s->ladders = arena_array(&w->arena, struct ladder, s->ladder_count);
    s->segments = segments;
    s->applies = for_all ? NULL : file_condition(w);
    for (size_t i = 0; i < s->segment_count; i++) {
        make_ladder(w, &s->ladders[i]);
        segments[i] = (struct segment){ .name = s->ladders[i].name,
                                        .when = file_condition(w),
                                        .ladder = &s->ladders[i] };
    }
    strategy_find_turns(s, &w->arena);
    return s;
}

static void make_policy(struct world *w)
{
    size_t count = (size_t)pick(&w->chance, 1, STRATEGIES);
    const struct strategy **all = arena_array(&w->arena, const struct strategy *, count);

    for (size_t i = 0; i < count; i++)
        all[i] = make_strategy(w, i + 1 == count && !one_in(&w->chance, 4));
    w->policy = (struct policy){ .strategies = { count, all },
                                 .packs_for = packs_for,
                                 .zone = org_zone };
}

static void make_rule(struct world *w, struct rule *rule)
{
    uint64_t *r = &w->chance;

    *rule = (struct rule){ .id = "made",
                           .binds = 0xffffU,
                           .reason = "It is made so.",
                           .from = { 0 },
                           .to = DAY_NEVER,
                           .channels =
                               (uint32_t)pick(r, 1, 15) << CHANNEL_CALL | 1u << CHANNEL_EMAIL };
    if (one_in(r, 3))
        rule->from.number = w->first_day + pick(r, -5, 60);
    if (one_in(r, 3))
        rule->to.number = w->first_day + pick(r, 0, 90);
    switch (pick(r, 0, 4)) {
    case 0:
    case 1:
        rule->id = "hours";
        rule->shape = SHAPE_HOURS;
        rule->hours = (struct hours_rule){
            .window_count = 1,
            .windows = { { (uint8_t)pick(r, 1, 127), pick(r, 0, 14) * 3600,
                           pick(r, 15, 24) * 3600 } },
            .stated = true,
        };
        return;
    case 2:
    case 3:
        rule->id = "cap";
        rule->shape = SHAPE_CAP;
        rule->cap = (struct cap_rule){
            .limit_count = 1,
            .limits = { { COUNT_ATTEMPTS, PER_PERSON, pick(r, 1, 14),
                          (uint32_t)pick(r, 1, 2) } },
        };
        return;
    default:
        rule->id = "opt out";
        rule->shape = SHAPE_OPT_OUT;
    }
}

static void make_rules(struct world *w)
{
    w->rule_count = (size_t)pick(&w->chance, 0, RULES);
    for (size_t i = 0; i < w->rule_count; i++)
        make_rule(w, &w->rules[i]);
    w->pack = (struct rule_pack){
        .name = "made", .binds = 0xffffU, .rule_count = w->rule_count, .rules = w->rules
    };
    w->packs[0] = &w->pack;
    for (int day = w->first_day - 9; day < w->first_day + 200; day++) {
        for (size_t i = 0; i < w->rule_count; i++) {
            if (w->rules[i].from.number == day || w->rules[i].to.number + 1 == day) {
                w->rule_changes[w->policy.rule_change_count++].number = day;
                break;
            }
        }
    }
    w->policy.rule_changes = w->rule_changes;
}

static void make_party(struct world *w)
{
    const struct zone **zones = arena_array(&w->arena, const struct zone *, 2);
    const char **places = arena_array(&w->arena, const char *, 1);
    struct party *party = arena_make(&w->arena, struct party);

    zones[0] = one_in(&w->chance, 2) ? org_zone : zone_find("America/Los_Angeles");
    zones[1] = zone_find("Europe/Berlin");
    places[0] = "US-NY";
    *party = (struct party){ .number = PARTY_DEBTOR,
                             .role = "debtor",
                             .name = "N",
                             .place_count = 1,
                             .places = places,
                             .zone_count = (size_t)pick(&w->chance, 0, 2),
                             .zones = zones };
    w->c.parties = party;
    w->c.party_count = 1;
}

static void make_points(struct world *w)
{
    static const enum channel channels[] = { CHANNEL_EMAIL, CHANNEL_LETTER, CHANNEL_SMS };
    struct contact_point *points = arena_array(&w->arena, struct contact_point, 3);

    for (int i = 0; i < 3; i++)
        points[i] = (struct contact_point){ i + 1, PARTY_DEBTOR, channels[i], "there",
                                            !one_in(&w->chance, 4) };
    w->c.points = points;
    w->c.point_count = 3;
}

/* Debts of one or two instalments each. Some begin only later, some are old. */
static void make_debts(struct world *w)
{
    size_t items = (size_t)pick(&w->chance, 1, ITEMS), n = 0;

    w->c.debts = arena_array(&w->arena, struct debt, ITEMS);
    w->c.instalments = arena_array(&w->arena, struct instalment, ITEMS);
    while (n < items) {
        struct debt *debt = &w->c.debts[w->c.debt_count++];
        int base = w->first_day + pick(&w->chance, -60, 60);
        *debt = (struct debt){ .number = (int32_t)w->c.debt_count,
                               .reference = "D",
                               .kind = one_in(&w->chance, 2) ? "invoice" : "loan",
                               .currency = currency_parse("USD"),
                               .invoice_day = { base - pick(&w->chance, 0, 30) } };
        for (int k = pick(&w->chance, 1, 2); k > 0 && n < items; k--) {
            int64_t minor = pick(&w->chance, 1, 30) * 100;
            n++;
            w->c.instalments[n - 1] = (struct instalment){ .debt = debt->number,
                                                           .number = (int32_t)n,
                                                           .due_day = { base },
                                                           .amount_minor = minor,
                                                           .next_change_day = DAY_NEVER,
                                                           .step_day = DAY_NONE };
            base += pick(&w->chance, 0, 30);
        }
    }
    w->c.instalment_count = n;
}

/* Now and then nobody falls behind for some days. */
static void make_pauses(struct world *w)
{
    w->c.pauses = arena_array(&w->arena, struct pause, 3);
    while (w->c.pause_count < 3 && one_in(&w->chance, 2)) {
        int from = w->first_day + pick(&w->chance, -30, 60);
        w->c.pauses[w->c.pause_count++] = (struct pause){
            pick(&w->chance, 0, (int)w->c.debt_count), { from }, { from + pick(&w->chance, 1, 30) }
        };
    }
    for (size_t i = 0; i < w->c.instalment_count; i++)
        w->c.instalments[i].grace_days = one_in(&w->chance, 3) ? pick(&w->chance, 1, 14) : 0;
}

static struct instant at_second(int day, int second)
{
    return instant_of_wall((struct wall){ { day }, second }, org_zone);
}

static void make_fact(struct world *w, int day, struct gate_fact *fact)
{
    static const enum fact_type types[] = { FACT_DISPUTE, FACT_HOLD, FACT_OPT_OUT,
                                            FACT_PREFERENCE, FACT_INCONVENIENT_TIME };
    uint64_t *r = &w->chance;
    int from = day + pick(r, -2, 5);

    *fact = (struct gate_fact){ .type = types[pick(r, 0, 4)],
                                .at = at_second(from, pick(r, 0, 86399)),
                                .until = INSTANT_NEVER };
    if (!one_in(r, 4))
        fact->until = at_second(from + pick(r, 1, 25), pick(r, 0, 86399));
    if (fact->type == FACT_DISPUTE || fact->type == FACT_HOLD)
        fact->debt = pick(r, 0, (int)w->c.debt_count);
    if (fact->type == FACT_OPT_OUT)
        fact->scope = "medium";
    if (fact->type == FACT_OPT_OUT || fact->type == FACT_PREFERENCE) {
        fact->channel_known = true;
        fact->channel = one_in(r, 2) ? CHANNEL_EMAIL : CHANNEL_LETTER;
    }
    if (fact->type == FACT_INCONVENIENT_TIME)
        fact->hours = (struct bad_hours){ (uint8_t)pick(r, 0, 127), pick(r, 0, 20) * 3600,
                                          pick(r, 0, 23) * 3600 };
}

static void make_events(struct world *w)
{
    uint64_t *r = &w->chance;

    w->event_count = (size_t)pick(r, 0, EVENTS);
    for (size_t i = 0; i < w->event_count; i++) {
        struct event *e = &w->events[i];
        e->kind = (enum event_kind)pick(r, EVENT_PAYMENT, EVENT_POINT);
        e->day = w->first_day + pick(r, 0, DAYS - 1);
        e->item = pick(r, 0, (int)w->c.instalment_count - 1);
        e->minor = w->c.instalments[e->item].amount_minor / pick(r, 1, 2);
        e->value_day = e->day + (one_in(r, 3) ? pick(r, 1, 10) : 0);
        e->last_day = e->day + pick(r, 1, 10);
        e->point = pick(r, 0, 2);
        make_fact(w, e->day, &e->fact);
    }
}

static void world_make(struct world *w, uint64_t seed)
{
    *w = (struct world){ .seed = seed, .chance = seed };
    w->first_day = day_of_date((struct date){ 2026, 1, 1 }).number + pick(&w->chance, 0, 300);
    w->c.reference = "C";
    w->c.creditor = "us";
    w->c.business = one_in(&w->chance, 2);
    w->c.standing = standing_name(STANDING_NEW);
    make_policy(w);
    make_rules(w);
    make_party(w);
    make_points(w);
    make_debts(w);
    make_pauses(w);
    make_events(w);
    the_world = w;
}

/* ---- A walker ---------------------------------------------------------------------------- */

/* What the row of a case file says. */
struct row {
    const char *standing, *reason, *step, *segment, *rule;
    struct instant until, wake_at;
};

struct walker {
    const struct world *w;
    struct casefile c; /* as loaded today; its instalments are copies out of `items` */
    struct instalment items[ITEMS], loaded[ITEMS];
    struct contact_point points[3];
    struct gate_fact facts[FACTS];
    struct contact contacts[CONTACTS];
    struct promise promises[EVENTS];
    struct payment pending[EVENTS];
    bool heard[EVENTS];
    struct row row;
    struct arena arena; /* of one look */
    struct decision d;  /* of the last look */
    bool looked;
    int looks, actions;
};

static void walker_begin(struct walker *k, const struct world *w)
{
    memset(k, 0, sizeof *k);
    k->w = w;
    k->c = w->c;
    memcpy(k->items, w->c.instalments, sizeof *k->items * w->c.instalment_count);
    memcpy(k->points, w->c.points, sizeof k->points);
    k->c.instalments = k->loaded;
    k->c.points = k->points;
    k->c.facts = k->facts;
    k->c.contacts = k->contacts;
    k->c.promises = k->promises;
    k->c.payments = k->pending;
    k->row.wake_at = (struct instant){ INT64_MIN };
}

static void fact_insert(struct walker *k, struct gate_fact fact)
{
    size_t at = k->c.fact_count++;

    must(at < FACTS);
    for (; at > 0 && k->facts[at - 1].at.us > fact.at.us; at--)
        k->facts[at] = k->facts[at - 1];
    k->facts[at] = fact;
}

static void contact_insert(struct walker *k, struct contact contact)
{
    size_t at = k->c.contact_count++;

    must(at < CONTACTS);
    for (; at > 0 && k->contacts[at - 1].at.us > contact.at.us; at--)
        k->contacts[at] = k->contacts[at - 1];
    k->contacts[at] = contact;
}

static void hear_one(struct walker *k, const struct event *e)
{
    switch (e->kind) {
    case EVENT_PAYMENT: /* `heard` tells load */
        return;
    case EVENT_FACT:
        fact_insert(k, e->fact);
        return;
    case EVENT_PROMISE:
        k->promises[k->c.promise_count++] =
            (struct promise){ .state = PROMISE_OPEN, .due_day = { e->last_day } };
        return;
    case EVENT_PENDING:
        k->pending[k->c.payment_count++] =
            (struct payment){ .pending = true, .number = e->last_day };
        return;
    case EVENT_POINT:
        k->points[e->point].good = !k->points[e->point].good;
        return;
    }
}

/* True when something was heard today for the first time: an event wakes the case file. */
static bool hear(struct walker *k, int today)
{
    bool woken = false;

    for (size_t i = 0; i < k->w->event_count; i++) {
        if (k->heard[i] || k->w->events[i].day > today)
            continue;
        k->heard[i] = woken = true;
        hear_one(k, &k->w->events[i]);
    }
    for (size_t i = 0; i < k->c.payment_count; i++) {
        if (k->pending[i].pending && k->pending[i].number <= today) {
            k->pending[i].pending = false;
            woken = true;
        }
    }
    return woken;
}

/* As store/casefiles.c: what counts on that day; what is settled for good is left out. */
static void load(struct walker *k, int today)
{
    k->c.instalment_count = 0;
    for (size_t i = 0; i < k->w->c.instalment_count; i++) {
        struct instalment item = k->items[i];
        int64_t paid = 0, will_be_paid = 0;
        item.next_change_day = DAY_NEVER;
        for (size_t n = 0; n < k->w->event_count; n++) {
            const struct event *e = &k->w->events[n];
            if (!k->heard[n] || e->kind != EVENT_PAYMENT || e->item != (int)i ||
                will_be_paid + e->minor > item.amount_minor)
                continue;
            will_be_paid += e->minor;
            paid += e->value_day <= today ? e->minor : 0;
            if (e->value_day > today && e->value_day < item.next_change_day.number)
                item.next_change_day.number = e->value_day;
        }
        bool begun = casefile_debt(&k->c, item.debt)->invoice_day.number <= today;
        item.open_minor = begun ? item.amount_minor - paid : 0;
        if (paid < item.amount_minor)
            k->loaded[k->c.instalment_count++] = item;
    }
}

/* As flow/cycle_settle.c, with no money: once the day has ended for the debtor and the house. */
static void settle_promises(struct walker *k, struct instant now, int today)
{
    const struct strategy *s =
        strategy_for_casefile(&k->w->policy, &k->c, (struct day){ today });
    const struct party *debtor = casefile_party(&k->c, PARTY_DEBTOR);
    struct day ended = party_day_ended(debtor, now, (struct day){ today });
    int grace = s != NULL ? s->promise_grace_days : 0;

    for (size_t i = 0; i < k->c.promise_count; i++) {
        if (k->promises[i].due_day.number + grace <= ended.number)
            k->promises[i].state = PROMISE_BROKEN;
    }
}

static void check_step(const struct walker *k, const struct decided_item *item, int today)
{
    const struct instalment *had = item->instalment;
    const struct ladder *ladder = k->d.segment->ladder;

    if (item->step == NULL)
        return;
    if (had->due_day.number + item->step->day > today)
        fail_msg("seed %llu: a step before its day", (unsigned long long)k->w->seed);
    for (size_t i = 0; had->last_step != NULL && i < STEPS; i++) {
        if (strcmp(all_steps[i].id, had->last_step) == 0 && all_steps[i].day >= item->step->day)
            fail_msg("seed %llu: step %s of %s after %s", (unsigned long long)k->w->seed,
                     item->step->id, ladder->name, had->last_step);
    }
}

/* What holds for every message, whoever looks. */
static void check_message(const struct walker *k, struct instant now, int today)
{
    const struct decision *d = &k->d;

    for (size_t i = 0; i < k->c.promise_count; i++)
        assert_int_not_equal(k->promises[i].state, PROMISE_OPEN);
    for (size_t i = 0; i < k->c.payment_count; i++)
        assert_false(k->pending[i].pending);
    assert_true(d->send_at.us >= now.us);
    assert_true(d->chosen->point->good);
    for (size_t i = 0; i < d->item_count; i++) {
        const struct instalment *item = d->items[i].instalment;
        assert_true(item->open_minor > 0);
        check_step(k, &d->items[i], today);
        assert_true(d->items[i].step == NULL || d->items[i].step <= d->step);
        for (size_t f = 0; f < k->c.fact_count; f++) {
            const struct gate_fact *fact = &k->facts[f];
            bool stops = fact->type == FACT_DISPUTE || fact->type == FACT_HOLD;
            assert_false(stops && (fact->debt == 0 || fact->debt == item->debt) &&
                         fact->at.us <= now.us && now.us < fact->until.us);
        }
    }
}

static void apply(struct walker *k, int today)
{
    const struct decision *d = &k->d;

    for (size_t i = 0; i < d->item_count; i++) {
        const struct instalment *item = d->items[i].instalment;
        for (size_t n = 0; n < k->w->c.instalment_count; n++) {
            if (d->items[i].step == NULL || k->items[n].debt != item->debt ||
                k->items[n].number != item->number)
                continue;
            k->items[n].last_step = d->items[i].step->id;
            k->items[n].step_day = (struct day){ today };
        }
    }
    contact_insert(k, (struct contact){ .at = d->send_at,
                                        .channel = d->chosen->channel,
                                        .outcome = OUTCOME_PLANNED,
                                        .party = PARTY_DEBTOR });
    k->actions++;
}

static struct row row_of(const struct decision *d)
{
    return (struct row){ standing_name(d->standing),
                         d->reason,
                         d->step != NULL ? d->step->id : NULL,
                         d->segment != NULL ? d->segment->name : NULL,
                         d->rule != NULL ? rule_id(d->rule) : NULL,
                         d->standing_until,
                         d->wake_at };
}

/* As flow/cycle.c: once a message is queued, its steps being done, it is decided again. */
static void settle(struct walker *k, struct instant now, int today)
{
    struct decision after;

    load(k, today);
    settle_promises(k, now, today);
    casefile_decide(&k->w->policy, &k->c, now, &k->arena, &after);
    assert_null(after.chosen);
    k->row = row_of(&after);
}

static void look(struct walker *k, struct instant now, int today)
{
    arena_reset(&k->arena);
    settle_promises(k, now, today);
    casefile_decide(&k->w->policy, &k->c, now, &k->arena, &k->d);
    k->looked = true;
    k->looks++;
    k->row = row_of(&k->d);
    if (k->d.chosen != NULL) {
        check_message(k, now, today);
        apply(k, today);
        settle(k, now, today);
    }
    k->c.standing = k->row.standing;
}

/* ---- Side by side ------------------------------------------------------------------------ */

static bool same_items(const struct decision *a, const struct decision *b)
{
    if (a->item_count != b->item_count)
        return false;
    for (size_t i = 0; i < a->item_count; i++) {
        const struct decided_item *x = &a->items[i], *y = &b->items[i];
        if (x->instalment->debt != y->instalment->debt ||
            x->instalment->number != y->instalment->number || x->step != y->step)
            return false;
    }
    return true;
}

static bool same_action(const struct decision *a, const struct decision *b)
{
    return a->step == b->step && a->chosen->channel == b->chosen->channel &&
           a->send_at.us == b->send_at.us && same_items(a, b);
}

static bool same_row(const struct row *a, const struct row *b)
{
    return text_equal(a->standing, b->standing) && text_equal(a->reason, b->reason) &&
           text_equal(a->step, b->step) && text_equal(a->segment, b->segment) &&
           text_equal(a->rule, b->rule) && a->until.us == b->until.us &&
           a->wake_at.us == b->wake_at.us;
}

static const char *row_text(struct arena *a, const struct row *row)
{
    char until[INSTANT_TEXT] = "never", wake[INSTANT_TEXT] = "never";

    if (row->until.us != INT64_MAX)
        instant_print_in(row->until, org_zone, until);
    if (row->wake_at.us != INT64_MAX)
        instant_print_in(row->wake_at, org_zone, wake);
    return arena_print(a, "%s (%s), step %s, segment %s, rule %s, until %s, wake %s",
                       row->standing, row->reason, row->step == NULL ? "-" : row->step,
                       row->segment == NULL ? "-" : row->segment,
                       row->rule == NULL ? "-" : row->rule, until, wake);
}

static void compare(struct walker *eager, struct walker *lazy, struct instant now,
                    const struct row *lazy_before)
{
    bool eager_acts = eager->d.chosen != NULL;
    bool lazy_acts = lazy->looked && lazy->d.chosen != NULL;
    bool lazy_ends = lazy->looked && lazy->d.end_reached;
    char at[INSTANT_TEXT];

    if (eager_acts == lazy_acts && (!eager_acts || same_action(&eager->d, &lazy->d)) &&
        eager->d.end_reached == lazy_ends && same_row(&eager->row, &lazy->row))
        return;
    fail_msg("seed %llu at %s:\n  eager %s %s: %s\n  lazy  %s %s %s: %s\n  before %s",
             (unsigned long long)eager->w->seed, instant_print_in(now, org_zone, at),
             eager_acts ? "acts" : "does not act", eager->d.end_reached ? "ends" : "",
             row_text(&eager->arena, &eager->row), lazy->looked ? "looked" : "asleep",
             lazy_acts ? "acts" : "does not act", lazy_ends ? "ends" : "",
             row_text(&eager->arena, &lazy->row), row_text(&eager->arena, lazy_before));
}

/* Asked again, the same is answered: nothing is kept between two questions. */
static void check_twice(struct walker *k, struct instant now)
{
    struct decision again;

    casefile_decide(&k->w->policy, &k->c, now, &k->arena, &k->d);
    casefile_decide(&k->w->policy, &k->c, now, &k->arena, &again);
    struct row first = row_of(&k->d), second = row_of(&again);
    assert_true(same_row(&first, &second));
    assert_true((k->d.chosen == NULL) == (again.chosen == NULL));
    assert_true(k->d.chosen == NULL || same_action(&k->d, &again));
}

static void live_one_moment(struct walker *eager, struct walker *lazy, struct instant now,
                            int today)
{
    bool woken = hear(lazy, today);
    struct row before = lazy->row;

    hear(eager, today);
    load(eager, today);
    load(lazy, today);
    check_twice(eager, now);
    look(eager, now, today);
    lazy->looked = false;
    if (woken || lazy->row.wake_at.us <= now.us)
        look(lazy, now, today);
    compare(eager, lazy, now, &before);
}

static void live(uint64_t seed, int64_t looks[2], int64_t *actions)
{
    struct world *w = malloc(sizeof *w);
    struct walker *eager = malloc(sizeof *eager), *lazy = malloc(sizeof *lazy);

    world_make(w, seed);
    walker_begin(eager, w);
    walker_begin(lazy, w);
    for (int n = 0; n < DAYS; n++) {
        int today = w->first_day + n, second = 0;
        for (int times = pick(&w->chance, 1, 2); times > 0; times--) {
            second = one_in(&w->chance, 6) ? second : pick(&w->chance, second, 86399);
            live_one_moment(eager, lazy, at_second(today, second), today);
        }
    }
    looks[0] += eager->looks;
    looks[1] += lazy->looks;
    *actions += lazy->actions;
    arena_free(&eager->arena);
    arena_free(&lazy->arena);
    arena_free(&w->arena);
    free(eager);
    free(lazy);
    free(w);
}

static void lazy_is_eager(void **state)
{
    int64_t looks[2] = { 0 }, actions = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= WORLDS; seed++) {
        if (only_seed == 0 || seed == only_seed)
            live(seed, looks, &actions);
    }
    print_message("%d worlds: %lld eager looks, %lld lazy ones, %lld messages\n", WORLDS,
                  (long long)looks[0], (long long)looks[1], (long long)actions);
    assert_true(looks[1] * 2 < looks[0] || only_seed != 0); /* sleeping is worth it */
}

int main(int argc, char *argv[])
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(lazy_is_eager) };

    org_zone = zone_find("America/New_York");
    if (org_zone == NULL)
        return 77; /* no tzdata here */
    if (argc > 1)
        only_seed = strtoull(argv[1], NULL, 10);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

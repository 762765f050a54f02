#include "formats/strategy_case.h"

#include "base/text.h"

#include <string.h>

enum { PROMISES_MOST = 100, DAYS_MOST = 36500, ITEMS_MOST = 100 };

static const int64_t minor_most = 1000000000000000;

struct run {
    struct arena *a;
    const struct strategy *strategy;
    const struct strategy *only[1];
    struct policy policy;
    struct instant now;
    struct day today;
    struct fault why; /* of the case in hand */
};

static struct gate_packs no_packs(const struct policy *policy, struct arena *a,
                                  const struct casefile *c, const struct party *party)
{
    (void)policy;
    (void)a;
    (void)c;
    (void)party;
    return (struct gate_packs){ 0 };
}

/* ---- Given ------------------------------------------------------------------------------- */

#define ITEM_KEYS                                                                              \
    "days_past_due", "days_delinquent", "open_minor", "kind", "last_step",                     \
        "last_step_days_ago", "disputed", "held"

static bool step_is_known(const struct strategy *s, const char *id)
{
    for (size_t i = 0; i < s->ladder_count; i++) {
        if (ladder_find(&s->ladders[i], id) < s->ladders[i].step_count)
            return true;
    }
    return false;
}

static void stop_add(struct casefile *c, enum fact_type type, int32_t debt)
{
    c->facts[c->fact_count++] =
        (struct gate_fact){ .type = type, .debt = debt, .at = { 0 }, .until = INSTANT_NEVER };
}

/* The keys of one instalment. Alone in its case file, its sums may stand for what it has. */
static void read_item(struct run *run, struct yaml_reader *r, struct casefile *c, bool alone,
                      enum currency currency)
{
    struct debt *debt = &c->debts[c->debt_count++];
    struct instalment *item = &c->instalments[c->instalment_count++];
    const char *late_key = "days_past_due", *open_key = "open_minor";

    if (alone && yaml_find(r->map, late_key) == NULL)
        late_key = "oldest_days_past_due";
    if (alone && yaml_find(r->map, open_key) == NULL)
        open_key = "total_open_minor";
    int late = (int)yaml_int_or(r, late_key, -DAYS_MOST, DAYS_MOST, 0);
    *debt = (struct debt){ .number = (int32_t)c->debt_count,
                           .reference = "case",
                           .kind = yaml_text_or(r, "kind", "invoice"),
                           .currency = currency,
                           .invoice_day = day_plus(run->today, -2 * DAYS_MOST) };
    *item = (struct instalment){ .debt = debt->number,
                                 .number = 1,
                                 .due_day = day_plus(run->today, -late),
                                 .open_minor = yaml_int_or(r, open_key, 0, minor_most, 10000),
                                 .next_change_day = DAY_NEVER,
                                 .last_step = yaml_text_or(r, "last_step", NULL),
                                 .step_day = DAY_NONE };
    item->amount_minor = item->open_minor;
    if (late > 0) /* what was granted, by grace or by pauses, makes no difference here */
        item->grace_days = late - (int)yaml_int_or(r, "days_delinquent", 0, late, late);
    else
        yaml_int_or(r, "days_delinquent", 0, 0, 0);
    if (r->ok && item->last_step != NULL) {
        int ago = (int)yaml_int(r, "last_step_days_ago", 0, DAYS_MOST);
        item->step_day = day_plus(run->today, -ago);
        if (!step_is_known(run->strategy, item->last_step))
            r->ok = yaml_fail(yaml_find(r->map, "last_step"), r->why,
                              "no ladder has a step \"%s\"", item->last_step);
    }
    if (yaml_bool_or(r, "disputed", false))
        stop_add(c, FACT_DISPUTE, debt->number);
    if (yaml_bool_or(r, "held", false))
        stop_add(c, FACT_HOLD, debt->number);
}

static void read_items(struct run *run, struct yaml_reader *r, struct casefile *c)
{
    const struct yaml *items = yaml_list_or(r, "items");
    size_t count = items != NULL ? items->count : 1;
    enum currency currency = currency_parse(yaml_text_or(r, "currency", "USD"));

    if (r->ok && !currency_is_known((int64_t)currency))
        r->ok = yaml_fail(yaml_find(r->map, "currency"), r->why, "no such currency");
    if (r->ok && count > ITEMS_MOST)
        r->ok = yaml_fail(items, r->why, "at most %d items", ITEMS_MOST);
    if (!r->ok)
        return;
    c->debts = arena_array(run->a, struct debt, count + 1);
    c->instalments = arena_array(run->a, struct instalment, count + 1);
    c->facts = arena_array(run->a, struct gate_fact, 2 * count + 1);
    if (items == NULL) {
        read_item(run, r, c, true, currency);
        return;
    }
    for (size_t i = 0; i < count && r->ok; i++) {
        struct yaml_reader item = yaml_read(items->items[i], r->why);
        yaml_only(&item, ITEM_KEYS, NULL);
        if (item.ok)
            read_item(run, &item, c, false, currency);
        r->ok = item.ok;
    }
}

static void read_points(struct run *run, struct yaml_reader *r, struct casefile *c)
{
    static const struct {
        const char *key;
        enum channel channel;
    } all[] = { { "has_email", CHANNEL_EMAIL },
                { "has_letter", CHANNEL_LETTER },
                { "has_phone", CHANNEL_SMS } };

    c->points = arena_array(run->a, struct contact_point, COUNT(all));
    c->point_count = COUNT(all);
    for (size_t i = 0; i < COUNT(all); i++)
        c->points[i] = (struct contact_point){ (int32_t)i + 1, PARTY_DEBTOR, all[i].channel,
                                               "known", yaml_bool_or(r, all[i].key, true) };
}

static void read_debtor(struct run *run, struct yaml_reader *r, struct casefile *c)
{
    const char *role = yaml_text_or(r, "role", "first_party_creditor");
    const char **places = arena_array(run->a, const char *, 1);

    if (r->ok && !actor_role_parse(role, &c->role))
        r->ok = yaml_fail(yaml_find(r->map, "role"), r->why, "there is no role \"%s\"", role);
    c->business = yaml_bool_or(r, "business", false);
    c->creditor = yaml_text_or(r, "creditor", NULL);
    places[0] = yaml_text_or(r, "region", yaml_text_or(r, "country", NULL));
    c->parties = arena_make(run->a, struct party);
    *c->parties = (struct party){ .number = PARTY_DEBTOR,
                                  .role = "debtor",
                                  .name = "N. N.",
                                  .language = yaml_text_or(r, "language", NULL),
                                  .places = places,
                                  .place_count = places[0] != NULL };
    c->party_count = 1;
}

static void read_promises(struct run *run, struct yaml_reader *r, struct casefile *c)
{
    size_t broken = (size_t)yaml_int_or(r, "broken_promises", 0, PROMISES_MOST, 0);
    size_t defaulted = (size_t)yaml_int_or(r, "defaulted_plans", 0, PROMISES_MOST, 0);

    c->promises = arena_array(run->a, struct promise, broken + 1);
    c->plans = arena_array(run->a, struct payment_plan, defaulted);
    if (yaml_find(r->map, "promised_in") != NULL) {
        int days = (int)yaml_int(r, "promised_in", 0, DAYS_MOST);
        c->promises[c->promise_count++] =
            (struct promise){ .state = PROMISE_OPEN,
                              .made_day = run->today,
                              .due_day = day_plus(run->today, days) };
    }
    for (size_t i = 0; i < broken; i++)
        c->promises[c->promise_count++] = (struct promise){ .state = PROMISE_BROKEN };
    while (c->plan_count < defaulted)
        c->plans[c->plan_count++] = (struct payment_plan){ .state = PLAN_DEFAULTED };
}

static void read_money_under_way(struct run *run, struct yaml_reader *r, struct casefile *c)
{
    read_promises(run, r, c);
    if (yaml_bool_or(r, "payment_pending", false)) {
        c->payments = arena_make(run->a, struct payment);
        *c->payments = (struct payment){ .pending = true, .received_day = run->today };
        c->payment_count = 1;
    }
}

/* What adds up is not set but checked, so that a case cannot speak of another debtor. */
static void check_sums(struct run *run, struct yaml_reader *r, const struct casefile *c)
{
    static const enum strategy_fact sums[] = { FILE_OLDEST_DAYS, FILE_OPEN_MINOR,
                                               FILE_PAST_DUE_MINOR, FILE_OPEN_ITEMS,
                                               FILE_PAST_DUE_ITEMS };
    struct value values[STRATEGY_FACT_COUNT];

    strategy_values(c, NULL, run->today, values);
    for (size_t i = 0; i < COUNT(sums) && r->ok; i++) {
        const char *name = strategy_facts.names[sums[i]].name;
        const struct yaml *given = yaml_find(r->map, name);
        int64_t wanted = yaml_int_or(r, name, -minor_most, minor_most, 0);
        if (given != NULL && r->ok &&
            (!values[sums[i]].known || values[sums[i]].number != wanted))
            r->ok = yaml_fail(given, r->why, "\"%s\" adds up to %lld here", name,
                              (long long)values[sums[i]].number);
    }
}

static bool read_given(struct run *run, const struct yaml *given, struct casefile *c)
{
    struct yaml_reader r = yaml_read(given, &run->why);
    const struct yaml *items = yaml_find(given, "items");

#define X(code, name, type, moves, meaning) name,
    yaml_only(&r, STRATEGY_FACTS(X) "items", "last_step", "last_step_days_ago", "disputed",
              "held", "promised_in", "payment_pending", NULL);
#undef X
    static const char *const of_item[] = { ITEM_KEYS };
    for (size_t i = 0; items != NULL && i < COUNT(of_item) && r.ok; i++) {
        if (yaml_find(given, of_item[i]) != NULL)
            r.ok = yaml_fail(yaml_find(given, of_item[i]), r.why,
                             "\"%s\" belongs to one of the items", of_item[i]);
    }
    *c = (struct casefile){ .reference = "case", .standing = standing_name(STANDING_NEW) };
    if (r.ok)
        read_debtor(run, &r, c);
    if (r.ok)
        read_points(run, &r, c);
    if (r.ok)
        read_items(run, &r, c);
    if (r.ok)
        read_money_under_way(run, &r, c);
    if (r.ok)
        check_sums(run, &r, c);
    return r.ok;
}

/* ---- Expected ---------------------------------------------------------------------------- */

static bool expect_text(struct yaml_reader *r, const char *key, const char *got,
                        const char *reason)
{
    const char *wanted = yaml_text_or(r, key, NULL);

    if (wanted == NULL || !r->ok || strcmp(wanted, got != NULL ? got : "none") == 0)
        return r->ok;
    r->ok = yaml_fail(yaml_find(r->map, key), r->why, "expected %s %s, got %s (%s)", key,
                      wanted, got != NULL ? got : "none", reason);
    return false;
}

static void expect_wake(struct run *run, struct yaml_reader *r, struct instant wake_at)
{
    const char *wanted = yaml_text_or(r, "wake_in", NULL);
    const char *got = "never";

    if (wanted == NULL || !r->ok)
        return;
    if (strcmp(wanted, "never") != 0)
        yaml_int(r, "wake_in", 0, DAYS_MOST);
    if (wake_at.us != INSTANT_NEVER.us)
        got = arena_print(run->a, "%d",
                          wall_at(wake_at, run->policy.zone).day.number - run->today.number);
    if (r->ok && strcmp(wanted, got) != 0)
        r->ok = yaml_fail(yaml_find(r->map, "wake_in"), r->why, "expected wake_in %s, got %s",
                          wanted, got);
}

/* A queued message is followed by the steps being done, which is what the day after sees. */
static struct instant wake_after(struct run *run, struct casefile *c, const struct decision *d)
{
    struct decision after;

    for (size_t i = 0; i < d->item_count; i++) {
        struct instalment *item = &c->instalments[d->items[i].instalment - c->instalments];
        if (d->items[i].step == NULL)
            continue;
        item->last_step = d->items[i].step->id;
        item->step_day = run->today;
    }
    casefile_decide(&run->policy, c, run->now, run->a, &after);
    return after.wake_at;
}

static bool check_expected(struct run *run, const struct yaml *expect, struct casefile *c)
{
    struct yaml_reader r = yaml_read(expect, &run->why);
    struct decision d;

    yaml_only(&r, "segment", "ladder", "step", "channel", "standing", "wake_in", NULL);
    if (r.ok && expect->count == 0)
        r.ok = yaml_fail(expect, r.why, "nothing is expected here");
    if (!r.ok)
        return false;
    casefile_decide(&run->policy, c, run->now, run->a, &d);
    expect_text(&r, "segment", d.segment != NULL ? d.segment->name : NULL, d.reason);
    expect_text(&r, "ladder", d.segment != NULL ? d.segment->ladder->name : NULL, d.reason);
    expect_text(&r, "step", d.chosen != NULL ? d.step->id : NULL, d.reason);
    expect_text(&r, "channel", d.chosen != NULL ? channel_name(d.chosen->channel) : NULL,
                d.reason);
    expect_text(&r, "standing", standing_name(d.standing), d.reason);
    expect_wake(run, &r, d.chosen != NULL ? wake_after(run, c, &d) : d.wake_at);
    return r.ok;
}

static bool run_case(struct run *run, const struct yaml *node, const char **name)
{
    struct yaml_reader r = yaml_read(node, &run->why);
    struct casefile c;

    yaml_only(&r, "name", "given", "expect", NULL);
    *name = yaml_text(&r, "name");
    const struct yaml *given = yaml_map(&r, "given"), *expect = yaml_map(&r, "expect");
    return r.ok && read_given(run, given, &c) && check_expected(run, expect, &c);
}

void strategy_test(const struct strategy *strategy, struct arena *a, size_t *passed,
                   size_t *failed, void (*report)(void *context, const char *line),
                   void *context)
{
    struct run run = { .a = a,
                       .strategy = strategy,
                       .only = { strategy },
                       .today = day_of_date((struct date){ 2026, 3, 4 }) };

    *passed = *failed = 0;
    run.policy = (struct policy){ .strategies = { 1, run.only },
                                  .packs_for = no_packs,
                                  .zone = zone_find("UTC") };
    must(run.policy.zone != NULL);
    run.now = instant_of_wall((struct wall){ run.today, SECONDS_A_DAY / 2 }, run.policy.zone);
    for (size_t i = 0; strategy->cases != NULL && i < strategy->cases->count; i++) {
        const char *name = "";
        run.why = (struct fault){ 0 };
        if (run_case(&run, strategy->cases->items[i], &name)) {
            ++*passed;
            continue;
        }
        ++*failed;
        if (report != NULL)
            report(context, arena_print(a, "%s   [%s]", run.why.text, name));
    }
}

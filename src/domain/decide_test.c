/*
 * One decision: what is taken on which day, told case by case. That the wake moment is right
 * for any case file and strategy is the business of decide_walk_test.c.
 *
 * The ladder: a on day -3, b on day 0, c on day 7, d on day 14 and e on day 30; the end is
 * fourteen days after.
 */
#include "domain/decide.h"

#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum { TODAY = 20516, ITEMS = 3, FACTS = 2 }; /* 2026-03-04 */

static struct ladder_step steps[] = {
    { .id = "a", .day = -3 }, { .id = "b", .day = 0 },  { .id = "c", .day = 7 },
    { .id = "d", .day = 14 }, { .id = "e", .day = 30 },
};

static struct ladder ladder = { .name = "l",
                                .stale_after_days = 10,
                                .gap_days = 3,
                                .step_count = COUNT(steps),
                                .steps = steps,
                                .end_then = "person",
                                .end_after_days = 14 };

static const struct segment segments[] = { { .name = "all", .ladder = &ladder } };
static struct strategy strategy = {
    .name = "s", .segment_count = 1, .segments = segments, .ladder_count = 1, .ladders = &ladder
};
static const struct strategy *const strategies[] = { &strategy };

static struct gate_packs no_packs(const struct policy *policy, struct arena *a,
                                  const struct casefile *c, const struct party *party)
{
    (void)policy;
    (void)a;
    (void)c;
    (void)party;
    return (struct gate_packs){ 0 };
}

static struct policy policy = { .strategies = { 1, strategies }, .packs_for = no_packs };

/* ---- A case file ------------------------------------------------------------------------- */

/* One invoice: how late it is, what is open, its last step and how many days ago that was. */
struct told_item {
    int late;
    int64_t open;
    const char *last_step;
    int days_ago;
};

struct told {
    struct told_item items[ITEMS];
    int disputed, held; /* number of a debt; -1: all; 0: none */
    enum ladder_entry entry;
};

static struct party debtor = { .number = PARTY_DEBTOR, .role = "debtor", .name = "N" };
static struct contact_point point = { 1, PARTY_DEBTOR, CHANNEL_EMAIL, "n@example.com", true };

static void stop(struct casefile *c, enum fact_type type, int debt)
{
    if (debt != 0)
        c->facts[c->fact_count++] = (struct gate_fact){ .type = type,
                                                        .debt = debt > 0 ? debt : 0,
                                                        .until = INSTANT_NEVER };
}

static struct casefile *casefile_make(struct arena *a, const struct told *told)
{
    struct casefile *c = arena_make(a, struct casefile);

    *c = (struct casefile){ .reference = "C",
                            .creditor = "us",
                            .standing = "new",
                            .parties = &debtor,
                            .party_count = 1,
                            .points = &point,
                            .point_count = 1,
                            .debts = arena_array(a, struct debt, ITEMS),
                            .instalments = arena_array(a, struct instalment, ITEMS),
                            .facts = arena_array(a, struct gate_fact, FACTS) };
    for (int i = 0; i < ITEMS && told->items[i].open > 0; i++) {
        const struct told_item *item = &told->items[i];
        c->debts[c->debt_count++] = (struct debt){ .number = i + 1,
                                                   .kind = "invoice",
                                                   .currency = currency_parse("EUR") };
        c->instalments[c->instalment_count++] = (struct instalment){
            .debt = i + 1,
            .number = 1,
            .due_day = { TODAY - item->late },
            .amount_minor = 1000,
            .open_minor = item->open,
            .next_change_day = DAY_NEVER,
            .last_step = item->last_step,
            .step_day = { item->last_step != NULL ? TODAY - item->days_ago : INT32_MIN },
        };
    }
    stop(c, FACT_DISPUTE, told->disputed);
    stop(c, FACT_HOLD, told->held);
    return c;
}

static void decide(struct arena *a, const struct casefile *c, struct decision *d)
{
    struct instant noon = instant_of_wall((struct wall){ { TODAY }, 43200 }, policy.zone);

    casefile_decide(&policy, c, noon, a, d);
}

/* ---- Days -------------------------------------------------------------------------------- */

/* One invoice on one day: the step taken (NULL: none), and the days until the next look. */
static const struct {
    const char *name;
    struct told_item item;
    enum ladder_entry entry;
    const char *step;
    enum standing standing;
    int wake_in; /* 0: never; of a message: not asked */
} days[] = {
    { "the day before the first step",
      { -4, 9, NULL, 0 },
      ENTRY_HIGHEST,
      NULL,
      STANDING_WAITING,
      1 },
    { "the day of the first step", { -3, 9, NULL, 0 }, ENTRY_HIGHEST, "a", STANDING_QUEUED, 0 },
    { "the day after, missed", { -2, 9, NULL, 0 }, ENTRY_HIGHEST, "a", STANDING_QUEUED, 0 },
    { "the day after, done", { -2, 9, "a", 1 }, ENTRY_HIGHEST, NULL, STANDING_WAITING, 2 },
    { "the due day", { 0, 9, "a", 3 }, ENTRY_HIGHEST, "b", STANDING_QUEUED, 0 },
    { "the due day, inside the gap",
      { 0, 9, "a", 2 },
      ENTRY_HIGHEST,
      NULL,
      STANDING_SPACED,
      1 },
    { "the due day, second look", { 0, 9, "b", 0 }, ENTRY_HIGHEST, NULL, STANDING_WAITING, 1 },
    { "one day past due: nothing new",
      { 1, 9, "b", 1 },
      ENTRY_HIGHEST,
      NULL,
      STANDING_WAITING,
      6 },
    { "day 6", { 6, 9, "b", 6 }, ENTRY_HIGHEST, NULL, STANDING_WAITING, 1 },
    { "day 7", { 7, 9, "b", 7 }, ENTRY_HIGHEST, "c", STANDING_QUEUED, 0 },
    { "a step missed by ten days is taken",
      { 17, 9, "b", 17 },
      ENTRY_ONE_AT_A_TIME,
      "c",
      STANDING_QUEUED,
      0 },
    { "by eleven it is stale; the next is taken",
      { 18, 9, "b", 18 },
      ENTRY_ONE_AT_A_TIME,
      "d",
      STANDING_QUEUED,
      0 },
    { "stale steps are skipped by the highest, too",
      { 25, 9, "b", 25 },
      ENTRY_HIGHEST,
      NULL,
      STANDING_WAITING,
      5 },
    { "day 16, nothing done: the highest",
      { 16, 9, NULL, 0 },
      ENTRY_HIGHEST,
      "d",
      STANDING_QUEUED,
      0 },
    { "day 16, nothing done: the first",
      { 16, 9, NULL, 0 },
      ENTRY_ONE_AT_A_TIME,
      "a",
      STANDING_QUEUED,
      0 },
    { "a year late, nothing done: the highest",
      { 365, 9, NULL, 0 },
      ENTRY_HIGHEST,
      "e",
      STANDING_QUEUED,
      0 },
    { "a year late, nothing done: the first",
      { 365, 9, NULL, 0 },
      ENTRY_ONE_AT_A_TIME,
      "a",
      STANDING_QUEUED,
      0 },
    { "a year late, then the rest is stale: the end after a fortnight",
      { 365, 9, "a", 13 },
      ENTRY_ONE_AT_A_TIME,
      NULL,
      STANDING_WAITING,
      1 },
    { "the fortnight is over",
      { 365, 9, "a", 14 },
      ENTRY_ONE_AT_A_TIME,
      NULL,
      STANDING_ENDED,
      0 },
    { "day 43: the end is tomorrow",
      { 43, 9, "e", 13 },
      ENTRY_HIGHEST,
      NULL,
      STANDING_WAITING,
      1 },
    { "day 44: the end", { 44, 9, "e", 14 }, ENTRY_HIGHEST, NULL, STANDING_ENDED, 0 },
    { "the last step was late, so is the end",
      { 44, 9, "e", 5 },
      ENTRY_HIGHEST,
      NULL,
      STANDING_WAITING,
      9 },
    { "a step that the ladder lost counts by its day",
      { 10, 9, "lost", 3 },
      ENTRY_HIGHEST,
      NULL,
      STANDING_WAITING,
      4 },
    { "a lost step before day 7 leaves day 7 to be done",
      { 10, 9, "lost", 4 },
      ENTRY_HIGHEST,
      "c",
      STANDING_QUEUED,
      0 },
    { "one cent is open: still chased (X22)",
      { 7, 1, "b", 7 },
      ENTRY_HIGHEST,
      "c",
      STANDING_QUEUED,
      0 },
    { "nothing is open", { 7, 0, NULL, 0 }, ENTRY_HIGHEST, NULL, STANDING_CLEAR, 0 },
};

static void every_day_has_its_step(void **state)
{
    struct arena a = { 0 };

    (void)state;
    for (size_t i = 0; i < COUNT(days); i++) {
        struct told told = { .items = { days[i].item } };
        struct decision d;
        ladder.entry = days[i].entry;
        decide(&a, casefile_make(&a, &told), &d);
        if (!text_equal(d.chosen != NULL ? d.step->id : NULL, days[i].step) ||
            d.standing != days[i].standing)
            fail_msg("%s: %s, %s", days[i].name, d.chosen != NULL ? d.step->id : "no step",
                     standing_name(d.standing));
        if (d.chosen != NULL)
            continue;
        int wake =
            d.wake_at.us == INT64_MAX ? 0 : wall_at(d.wake_at, policy.zone).day.number - TODAY;
        if (wake != days[i].wake_in)
            fail_msg("%s: wakes in %d days", days[i].name, wake);
    }
    arena_free(&a);
}

/* ---- Several invoices -------------------------------------------------------------------- */

/* `told_of` has the step of each item in the message: "-" is told without a step of its own. */
static const struct {
    const char *name;
    struct told told;
    const char *step, *told_of;
    enum standing standing;
} several[] = {
    { "one message, in the tone of the highest, and each its own step (X21)",
      { .items = { { 14, 9, "c", 7 }, { 7, 9, "b", 7 }, { -3, 9, NULL, 0 } } },
      "d",
      "1d 2c 3a",
      STANDING_QUEUED },
    { "what is past due is told, what is not due is not",
      { .items = { { 7, 9, "b", 7 }, { 10, 9, "c", 3 }, { -20, 9, NULL, 0 } } },
      "c",
      "1c 2-",
      STANDING_QUEUED },
    { "a message about one holds the others back for the gap",
      { .items = { { 14, 9, "c", 7 }, { 9, 9, "c", 2 } } },
      NULL,
      "",
      STANDING_SPACED },
    { "a disputed debt waits, the others do not (X23)",
      { .items = { { 14, 9, "c", 7 }, { 7, 9, "b", 7 } }, .disputed = 1 },
      "c",
      "2c",
      STANDING_QUEUED },
    { "a held debt waits, the others do not",
      { .items = { { 14, 9, "c", 7 }, { 7, 9, "b", 7 } }, .held = 2 },
      "d",
      "1d",
      STANDING_QUEUED },
    { "a dispute of everything stops everything",
      { .items = { { 14, 9, "c", 7 }, { 7, 9, "b", 7 } }, .disputed = -1 },
      NULL,
      "",
      STANDING_DISPUTED },
    { "a hold of everything stops everything",
      { .items = { { 14, 9, "c", 7 }, { 7, 9, "b", 7 } }, .held = -1 },
      NULL,
      "",
      STANDING_HELD },
    { "one at its end, one not: no end yet",
      { .items = { { 60, 9, "e", 30 }, { 1, 9, "b", 1 } } },
      NULL,
      "",
      STANDING_WAITING },
    { "all at their end",
      { .items = { { 60, 9, "e", 30 }, { 50, 9, "e", 20 } } },
      NULL,
      "",
      STANDING_ENDED },
    { "the end waits for a disputed debt",
      { .items = { { 60, 9, "e", 30 }, { 50, 9, "e", 20 } }, .disputed = 2 },
      NULL,
      "",
      STANDING_DISPUTED },
    { "catching up one at a time, each invoice takes its own next step",
      { .items = { { 20, 9, NULL, 0 }, { 14, 9, "b", 14 } }, .entry = ENTRY_ONE_AT_A_TIME },
      "c",
      "1a 2c",
      STANDING_QUEUED },
};

static const char *items_of(struct arena *a, const struct decision *d)
{
    const char *text = "";

    for (size_t i = 0; d->chosen != NULL && i < d->item_count; i++)
        text = arena_print(a, "%s%s%d%s", text, i > 0 ? " " : "", d->items[i].instalment->debt,
                           d->items[i].step != NULL ? d->items[i].step->id : "-");
    return text;
}

static void several_invoices_are_one_message(void **state)
{
    struct arena a = { 0 };

    (void)state;
    for (size_t i = 0; i < COUNT(several); i++) {
        struct decision d;
        ladder.entry = several[i].told.entry;
        decide(&a, casefile_make(&a, &several[i].told), &d);
        if (!text_equal(d.chosen != NULL ? d.step->id : NULL, several[i].step) ||
            d.standing != several[i].standing ||
            !text_equal(items_of(&a, &d), several[i].told_of))
            fail_msg("%s: %s, %s, %s", several[i].name,
                     d.chosen != NULL ? d.step->id : "no step", standing_name(d.standing),
                     items_of(&a, &d));
    }
    arena_free(&a);
}

/* ---- Speed ------------------------------------------------------------------------------- */

static double nanoseconds(struct arena *a, const struct casefile *c)
{
    enum { ROUNDS = 20000 };
    struct timespec from, to;
    struct decision d;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    for (int i = 0; i < ROUNDS; i++) {
        arena_reset(a);
        decide(a, c, &d);
    }
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
    return ((double)(to.tv_sec - from.tv_sec) * 1e9 + (double)(to.tv_nsec - from.tv_nsec)) /
           ROUNDS;
}

/* A part leaves the rest to be asked for; when nothing is left, that is not the end of it. */
static void of_a_disputed_part_the_rest_goes_on(void **state)
{
    static const struct told told = { .items = { { 7, 900, NULL, 0 } }, .disputed = 1 };
    static const struct gate_field portion = { "portion", "fees" };
    struct decision d;
    struct arena a = { 0 };

    (void)state;
    ladder.entry = ENTRY_HIGHEST;
    struct casefile *c = casefile_make(&a, &told);
    decide(&a, c, &d);
    assert_int_equal(d.standing, STANDING_DISPUTED);
    assert_true(debt_is_stopped(c, 1, d.now));
    c->facts[0].detail = (struct gate_fields){ 1, &portion };
    c->instalments[0].disputed_minor = 100;
    decide(&a, c, &d);
    assert_int_equal(d.standing, STANDING_QUEUED);
    assert_false(debt_is_stopped(c, 1, d.now));
    c->instalments[0].open_minor = 0;
    decide(&a, c, &d);
    assert_int_equal(d.standing, STANDING_DISPUTED);
    c->instalments[0].disputed_minor = 0;
    decide(&a, c, &d);
    assert_int_equal(d.standing, STANDING_CLEAR);
    arena_free(&a);
}

/* What is late, and nothing stops; what a step is due of; of the rest, why not. */
static void one_message_speaks_of(void **state)
{
    static const struct {
        struct told told;
        enum mention are[ITEMS];
    } all[] = {
        { { .items = { { 9, 9, "c", 2 }, { 5, 9, "b", 5 }, { -20, 9, NULL, 0 } } },
          { MENTION_TOLD, MENTION_TOLD, MENTION_EARLY } }, /* nothing is due */
        { { .items = { { 14, 9, "c", 7 }, { -3, 9, NULL, 0 }, { 0, 9, "b", 0 } } },
          { MENTION_TOLD, MENTION_TOLD, MENTION_EARLY } }, /* "d" is, and "a" */
        { { .items = { { 14, 9, "c", 7 }, { 9, 9, "c", 2 } }, .disputed = 1, .held = 2 },
          { MENTION_DISPUTED, MENTION_HELD } },
        { { .items = { { 14, 9, "c", 7 }, { 9, 9, "c", 2 } }, .held = -1 },
          { MENTION_HELD, MENTION_HELD } },
    };
    struct payment_plan plan = { .number = 1, .state = PLAN_ACTIVE };
    struct arena a = { 0 };
    struct decision d;

    (void)state;
    ladder.entry = ENTRY_HIGHEST;
    for (size_t i = 0; i < COUNT(all); i++) {
        struct casefile *c = casefile_make(&a, &all[i].told);
        decide(&a, c, &d);
        for (size_t k = 0; k < c->instalment_count; k++)
            assert_string_equal(mention_name(decision_mentions(c, &d, &c->instalments[k],
                                                               (struct day){ TODAY })),
                                mention_name(all[i].are[k]));
    }
    struct casefile *c = casefile_make(&a, &all[0].told);
    c->instalments[0].open_minor = 0;
    c->instalments[1].open_minor = 0;
    c->instalments[1].disputed_minor = 9;
    decide(&a, c, &d);
    struct day today = { TODAY };
    assert_int_equal(decision_mentions(c, &d, &c->instalments[0], today), MENTION_NONE);
    assert_int_equal(decision_mentions(c, &d, &c->instalments[1], today), MENTION_DISPUTED);
    assert_int_equal(decision_mentions(c, &d, &c->instalments[2], today), MENTION_EARLY);
    c->plans = &plan; /* names no debt: it is for all of them */
    c->plan_count = 1;
    assert_int_equal(decision_mentions(c, &d, &c->instalments[2], today), MENTION_PLANNED);
    plan.state = PLAN_DEFAULTED;
    assert_int_equal(decision_mentions(c, &d, &c->instalments[2], today), MENTION_EARLY);
    arena_free(&a);
}

static void a_decision_takes(void **state)
{
    static const struct told due = { .items = { { 14, 9, "c", 7 }, { 7, 9, "b", 7 } } };
    static const struct told waiting = { .items = { { 9, 9, "c", 2 }, { 5, 9, "b", 5 } } };
    struct arena keep = { 0 }, work = { 0 };

    (void)state;
    ladder.entry = ENTRY_HIGHEST;
    double waits = nanoseconds(&work, casefile_make(&keep, &waiting));
    double sends = nanoseconds(&work, casefile_make(&keep, &due));
    print_message("%.0f ns for a case file that waits, %.0f ns for one that is written to\n",
                  waits, sends);
    arena_free(&keep);
    arena_free(&work);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_has_its_step),
        cmocka_unit_test(several_invoices_are_one_message),
        cmocka_unit_test(of_a_disputed_part_the_rest_goes_on),
        cmocka_unit_test(one_message_speaks_of),
        cmocka_unit_test(a_decision_takes),
    };

    policy.zone = zone_find("UTC");
    for (size_t i = 0; i < COUNT(steps); i++) {
        steps[i].template = "words";
        steps[i].channel_count = 1;
        steps[i].channels[0] = CHANNEL_EMAIL;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}

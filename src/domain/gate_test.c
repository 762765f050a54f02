/* Tables of cases for the gate itself. What the law's numbers are is tested in the packs. */
#include "domain/rule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NEW_YORK    "America/New_York"
#define LOS_ANGELES "America/Los_Angeles"
#define LONDON      "Europe/London"
#define AUCKLAND    "Pacific/Auckland"

enum { EVERY_CHANNEL = (1 << CHANNEL_COUNT) - 1 };

#define RULE(name)                                                                             \
    .id = name, .title = name, .cite = name, .cite_first = name, .reason = name,               \
    .binds = ~0u, .channels = EVERY_CHANNEL, .from = { 0 }, .to = { 99999999 }

static struct rule hours_8_to_21 = {
    RULE("hours"),
    .shape = SHAPE_HOURS,
    .hours = { .window_count = 1,
               .windows = { { 0x7f, 8 * 3600, 21 * 3600 } },
               .stated = true,
               .consented = true },
};

static struct rule calls_2_in_7_days = {
    RULE("cap"),
    .shape = SHAPE_CAP,
    .cap = { .limit_count = 1,
             .limits = { { COUNT_ATTEMPTS, PER_PERSON | PER_DEBT, 7, 2 } },
             .outcomes_left_out = 1u << OUTCOME_BUSY },
};

static struct rule wait_7_days = {
    RULE("wait"),
    .shape = SHAPE_WAIT,
    .wait = { .after = AFTER_CONVERSATION,
              .per = PER_PERSON | PER_DEBT,
              .days = 7,
              .consent = { .days = 7, .ends_on_conversation = true } },
};

static struct instant at(const char *text)
{
    struct instant moment = { 0 };

    if (!instant_parse(text, &moment))
        fail_msg("%s", text);
    return moment;
}

static const int32_t debt_1 = 1;
static const struct gate_debt about_debt_1 = { .number = 1, .kind = "credit_card" };

/* A call to person 1 about debt 1; nobody has said or done anything yet. */
static struct gate_question question(const char *moment, size_t zone_count,
                                     const struct zone *const *zones)
{
    return (struct gate_question){ .at = at(moment),
                                   .channel = CHANNEL_CALL,
                                   .party = 1,
                                   .relation = "consumer",
                                   .role = ACTOR_THIRD_PARTY_COLLECTOR,
                                   .zones = zones,
                                   .zone_count = zone_count,
                                   .debts = &about_debt_1,
                                   .debt_count = 1,
                                   .history_known = true };
}

static struct contact call_at(const char *moment, enum outcome outcome)
{
    return (struct contact){ .at = at(moment),
                             .channel = CHANNEL_CALL,
                             .outcome = outcome,
                             .party = 1,
                             .debts = { 1, &debt_1 } };
}

static struct verdict verdict;

static void judge(size_t count, const struct rule *rules, const struct gate_question *q)
{
    struct rule_pack pack = {
        .name = "test", .binds = ~0u, .rule_count = count, .rules = rules
    };
    const struct rule_pack *packs[] = { &pack };

    gate_judge((struct gate_packs){ 1, packs }, q, &verdict);
}

static void check_until(const char *name, const char *wanted)
{
    char text[INSTANT_TEXT];

    if (verdict.ruling != RULING_DEFER || verdict.until.us != at(wanted).us)
        fail_msg("%s: %s until %s, not %s", name, ruling_name(verdict.ruling),
                 instant_print(verdict.until, text), wanted);
}

/* ---- hours ---- */

static const struct {
    const char *name, *at;
    const char *zones[3];
    const char *until; /* NULL = allowed */
} hours_cases[] = {
    { "the first second", "2026-06-10T08:00:00-04:00", { NEW_YORK }, NULL },
    { "the second before",
      "2026-06-10T07:59:59-04:00",
      { NEW_YORK },
      "2026-06-10T08:00:00-04:00" },
    { "the last second", "2026-06-10T20:59:59-04:00", { NEW_YORK }, NULL },
    { "closing time is shut",
      "2026-06-10T21:00:00-04:00",
      { NEW_YORK },
      "2026-06-11T08:00:00-04:00" },
    { "both coasts: opens with the west",
      "2026-06-10T06:00:00-04:00",
      { NEW_YORK, LOS_ANGELES },
      "2026-06-10T08:00:00-07:00" },
    { "both coasts: shuts with the east",
      "2026-06-10T18:00:00-07:00",
      { NEW_YORK, LOS_ANGELES },
      "2026-06-11T08:00:00-07:00" },
    { "both coasts, late afternoon",
      "2026-06-10T17:30:00-07:00",
      { NEW_YORK, LOS_ANGELES },
      NULL },
    { "London and Auckland share two hours",
      "2026-06-10T12:00:00Z",
      { LONDON, AUCKLAND },
      "2026-06-11T07:00:00Z" },
    { "half a year later two others",
      "2026-12-10T12:00:00Z",
      { LONDON, AUCKLAND },
      "2026-12-10T19:00:00Z" },
    { "three places",
      "2026-06-10T08:30:00-07:00",
      { LOS_ANGELES, NEW_YORK, "Pacific/Honolulu" },
      "2026-06-10T08:00:00-10:00" },
    { "the night the clocks go forward",
      "2026-03-08T01:30:00-05:00",
      { NEW_YORK },
      "2026-03-08T08:00:00-04:00" },
    { "the night the clocks go back",
      "2026-11-01T01:30:00-04:00",
      { NEW_YORK },
      "2026-11-01T08:00:00-05:00" },
    { "half-hour zones",
      "2026-06-10T07:45:00+09:30",
      { "Australia/Broken_Hill" },
      "2026-06-10T08:00:00+09:30" },
};

static size_t zones_find(const char *const names[3], const struct zone *zones[3])
{
    size_t count = 0;

    for (size_t i = 0; i < 3 && names[i] != NULL; i++) {
        zones[count++] = zone_find(names[i]);
        assert_non_null(zones[i]);
    }
    return count;
}

static void hours_hold_in_every_zone(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(hours_cases); i++) {
        const struct zone *zones[3];
        size_t count = zones_find(hours_cases[i].zones, zones);
        struct gate_question q = question(hours_cases[i].at, count, zones);
        judge(1, &hours_8_to_21, &q);
        if (hours_cases[i].until != NULL)
            check_until(hours_cases[i].name, hours_cases[i].until);
        else if (verdict.ruling != RULING_ALLOW)
            fail_msg("%s: not allowed", hours_cases[i].name);
        assert_int_equal(verdict.finding_count, 1);
    }
}

static bool good_everywhere(struct instant moment, size_t count,
                            const struct zone *const *zones)
{
    for (size_t i = 0; i < count; i++) {
        struct wall wall = wall_at(moment, zones[i]);
        if (wall.second < 8 * 3600 || wall.second >= 21 * 3600)
            return false;
    }
    return true;
}

/* Against search: until is good everywhere, and no quarter of an hour before it is. */
static void until_is_the_first_good_moment(void **state)
{
    static const char *const names[] = { NEW_YORK,         LOS_ANGELES,     LONDON,
                                         AUCKLAND,         "Asia/Kolkata",  "America/St_Johns",
                                         "Asia/Kathmandu", "Europe/Berlin", "Pacific/Apia" };
    const int64_t quarter = INT64_C(900000000);

    (void)state;
    srand(7);
    for (int round = 0; round < 3000; round++) {
        const struct zone *zones[2] = { zone_find(names[(size_t)rand() % COUNT(names)]),
                                        zone_find(names[(size_t)rand() % COUNT(names)]) };
        struct gate_question q = question("2026-01-01T00:00:00Z", 2, zones);
        q.at.us += (rand() % 100000) * quarter;
        judge(1, &hours_8_to_21, &q);
        if (verdict.ruling == RULING_DENY) { /* never good in both: a day and a half shows it */
            for (int i = 0; i < 150; i++)
                assert_false(
                    good_everywhere((struct instant){ q.at.us + i * quarter }, 2, zones));
            continue;
        }
        struct instant until = verdict.ruling == RULING_ALLOW ? q.at : verdict.until;
        assert_true(good_everywhere(until, 2, zones));
        for (struct instant t = q.at; t.us < until.us; t.us += quarter)
            assert_false(good_everywhere(t, 2, zones));
    }
}

static void stated_hours_wrap_past_midnight(void **state)
{
    const struct zone *zones[] = { zone_find(NEW_YORK) };
    struct gate_fact fact = { .type = FACT_INCONVENIENT_TIME,
                              .until = INSTANT_NEVER,
                              .hours = {
                                  .weekdays = 1u << 2, .from = 20 * 3600, .to = 9 * 3600 } };
    struct gate_question q = question("2026-06-10T20:30:00-04:00", 1, zones);

    (void)state;
    q.facts = &fact;
    q.fact_count = 1;
    judge(1, &hours_8_to_21, &q); /* Wednesday evening into Thursday */
    check_until("from Wednesday evening", "2026-06-11T09:00:00-04:00");
    q.at = at("2026-06-11T20:30:00-04:00");
    judge(1, &hours_8_to_21, &q);
    assert_int_equal(verdict.ruling, RULING_ALLOW);
    fact.hours = (struct bad_hours){ 0 }; /* never, they said, at no hour */
    judge(1, &hours_8_to_21, &q);
    assert_int_equal(verdict.ruling, RULING_DENY);
}

/* ---- counting ---- */

static const struct {
    const char *name, *at;
    const char *calls[3];
    const char *zones[3];
    const char *until;
} cap_cases[] = {
    { "two on the first day, seven days later",
      "2026-06-08T10:00:00-04:00",
      { "2026-06-01T23:59:59-04:00", "2026-06-01T10:00:00-04:00" },
      { NEW_YORK },
      NULL },
    { "one second inside the window",
      "2026-06-08T10:00:00-04:00",
      { "2026-06-02T00:00:00-04:00", "2026-06-03T10:00:00-04:00" },
      { NEW_YORK },
      "2026-06-09T00:00:00-04:00" },
    { "with three, the second must leave",
      "2026-06-08T10:00:00-04:00",
      { "2026-06-02T10:00:00-04:00", "2026-06-03T10:00:00-04:00", "2026-06-05T10:00:00-04:00" },
      { NEW_YORK },
      "2026-06-10T00:00:00-04:00" },
    { "late in the east is early in the west: it counts by either wall",
      "2026-06-08T10:00:00-04:00",
      { "2026-06-01T23:30:00-07:00", "2026-06-05T10:00:00-04:00" },
      { NEW_YORK, LOS_ANGELES },
      "2026-06-09T00:00:00-04:00" },
    { "the window frees when the last wall turns its page",
      "2026-06-08T10:00:00-04:00",
      { "2026-06-03T10:00:00-04:00", "2026-06-05T10:00:00-04:00" },
      { NEW_YORK, LOS_ANGELES },
      "2026-06-10T00:00:00-07:00" },
    { "across the night the clocks go forward",
      "2026-03-10T10:00:00-04:00",
      { "2026-03-05T10:00:00-05:00", "2026-03-06T10:00:00-05:00" },
      { NEW_YORK },
      "2026-03-12T00:00:00-04:00" },
    { "across a leap day",
      "2028-03-02T10:00:00-05:00",
      { "2028-02-25T10:00:00-05:00", "2028-02-26T10:00:00-05:00" },
      { NEW_YORK },
      "2028-03-03T00:00:00-05:00" },
    { "no zone is known: whole days and an hour",
      "2026-06-08T10:00:00Z",
      { "2026-06-02T10:00:00Z", "2026-06-03T10:00:00Z" },
      { NULL },
      "2026-06-09T11:00:00Z" },
};

static void caps_count_local_days(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cap_cases); i++) {
        const struct zone *zones[3];
        struct contact history[3];
        size_t count = zones_find(cap_cases[i].zones, zones), calls = 0;
        struct gate_question q = question(cap_cases[i].at, count, zones);
        while (calls < 3 && cap_cases[i].calls[calls] != NULL) {
            history[calls] = call_at(cap_cases[i].calls[calls], OUTCOME_NO_ANSWER);
            calls++;
        }
        q.history = history;
        q.history_count = calls;
        judge(1, &calls_2_in_7_days, &q);
        if (cap_cases[i].until != NULL)
            check_until(cap_cases[i].name, cap_cases[i].until);
        else if (verdict.ruling != RULING_ALLOW)
            fail_msg("%s: not allowed", cap_cases[i].name);
    }
}

/* The same count, for people: how much of the limit is used, full or not. */
static void caps_tell_how_much_is_used(void **state)
{
    const struct zone *zones[] = { zone_find(NEW_YORK) };
    struct gate_question q = question("2026-06-08T10:00:00-04:00", 1, zones);
    struct contact history[] = { call_at("2026-06-01T10:00:00-04:00", OUTCOME_NO_ANSWER),
                                 call_at("2026-06-03T10:00:00-04:00", OUTCOME_NO_ANSWER),
                                 call_at("2026-06-04T10:00:00-04:00", OUTCOME_BUSY),
                                 call_at("2026-06-05T10:00:00-04:00", OUTCOME_NO_ANSWER),
                                 call_at("2026-06-06T10:00:00-04:00", OUTCOME_NO_ANSWER) };
    static const uint32_t used[] = { 0, 0, 1, 1, 2, 3 };
    struct gate_use uses[USES_MOST];

    (void)state;
    q.history = history;
    for (q.history_count = 0; q.history_count <= COUNT(history); q.history_count++) {
        judge(1, &calls_2_in_7_days, &q);
        assert_int_equal(gate_uses(&q, &verdict, uses), 1);
        assert_int_equal(uses[0].used, used[q.history_count]);
        assert_int_equal(uses[0].most, 2);
        assert_int_equal(uses[0].days, 7);
        assert_int_equal(verdict.ruling == RULING_ALLOW, uses[0].used < uses[0].most);
    }
    q.history_known = false;
    judge(1, &calls_2_in_7_days, &q);
    assert_int_equal(gate_uses(&q, &verdict, uses), 0);
}

/* What is counted is the person, the debt and the try; not what came in, nor busy signals. */
static void caps_count_what_they_should(void **state)
{
    static const int32_t debt_2 = 2;
    const struct zone *zones[] = { zone_find(NEW_YORK) };
    struct gate_question q = question("2026-06-08T10:00:00-04:00", 1, zones);
    struct contact history[2] = { call_at("2026-06-05T10:00:00-04:00", OUTCOME_NO_ANSWER),
                                  call_at("2026-06-06T10:00:00-04:00", OUTCOME_NO_ANSWER) };
    const struct contact second = history[1];

    (void)state;
    q.history = history;
    q.history_count = 2;
    judge(1, &calls_2_in_7_days, &q);
    assert_int_equal(verdict.ruling, RULING_DEFER);
    history[1].outcome = OUTCOME_BUSY;
    judge(1, &calls_2_in_7_days, &q);
    assert_int_equal(verdict.ruling, RULING_ALLOW);
    history[1] = second;
    history[1].party = 2;
    judge(1, &calls_2_in_7_days, &q);
    assert_int_equal(verdict.ruling, RULING_ALLOW);
    history[1] = second;
    history[1].debts = (struct debt_set){ 1, &debt_2 };
    judge(1, &calls_2_in_7_days, &q);
    assert_int_equal(verdict.ruling, RULING_ALLOW);
    history[1].debts = (struct debt_set){ 0, NULL }; /* about nobody wrote down which */
    judge(1, &calls_2_in_7_days, &q);
    assert_int_equal(verdict.ruling, RULING_DEFER);
    history[1] = second;
    history[1].direction = DIRECTION_IN;
    judge(1, &calls_2_in_7_days, &q);
    assert_int_equal(verdict.ruling, RULING_ALLOW);
    history[1] = second;
    history[1].outcome = OUTCOME_PLANNED; /* it may be under way */
    judge(1, &calls_2_in_7_days, &q);
    assert_int_equal(verdict.ruling, RULING_DEFER);
    q.history_known = false;
    judge(1, &calls_2_in_7_days, &q);
    assert_int_equal(verdict.ruling, RULING_DENY);
    assert_string_equal(verdict.decisive->unknown, "history");
}

/* A limit for ever is not softened by another that time cures. */
static void once_is_once(void **state)
{
    const struct zone *zones[] = { zone_find(NEW_YORK) };
    struct contact before = call_at("2026-06-05T10:00:00-04:00", OUTCOME_NO_ANSWER);
    struct rule rule = calls_2_in_7_days;
    struct gate_question q = question("2026-06-08T10:00:00-04:00", 1, zones);

    (void)state;
    q.history = &before;
    q.history_count = 1;
    rule.cap.limit_count = 2;
    rule.cap.limits[0] = (struct cap_limit){ COUNT_ATTEMPTS, PER_PERSON, 0, 1 };
    rule.cap.limits[1] = (struct cap_limit){ COUNT_ATTEMPTS, PER_PERSON, 7, 1 };
    judge(1, &rule, &q);
    assert_int_equal(verdict.ruling, RULING_DENY);
    q.at = at("2030-06-08T10:00:00-04:00");
    judge(1, &rule, &q);
    assert_int_equal(verdict.ruling, RULING_DENY);
}

static void the_day_of_the_talk_is_day_one(void **state)
{
    const struct zone *zones[] = { zone_find(NEW_YORK) };
    struct contact talk = call_at("2026-06-02T23:59:00-04:00", OUTCOME_CONVERSATION);
    struct gate_question q = question("2026-06-08T23:59:59-04:00", 1, zones);

    (void)state;
    talk.direction = DIRECTION_IN; /* they rang us */
    q.history = &talk;
    q.history_count = 1;
    judge(1, &wait_7_days, &q);
    check_until("day seven", "2026-06-09T00:00:00-04:00");
    q.at = at("2026-06-09T00:00:00-04:00");
    judge(1, &wait_7_days, &q);
    assert_int_equal(verdict.ruling, RULING_ALLOW);
    talk.channel = CHANNEL_EMAIL; /* a talk by email is none */
    q.at = at("2026-06-03T10:00:00-04:00");
    judge(1, &wait_7_days, &q);
    assert_int_equal(verdict.ruling, RULING_ALLOW);
}

/* ---- not knowing, dates, roles ---- */

/* ---- what was said about hours ---- */

static const struct gate_field told_us[] = { { "given_to", "collector" } };

static struct gate_fact said(enum fact_type type, const char *moment, int32_t from, int32_t to)
{
    return (struct gate_fact){ .type = type,
                               .at = at(moment),
                               .until = INSTANT_NEVER,
                               .hours = { 0, from, to },
                               .detail = { 1, told_us } };
}

static void agreed_hours_open_before_the_doors_do(void **state)
{
    const struct zone *coasts[] = { zone_find(NEW_YORK), zone_find(LOS_ANGELES) };
    struct gate_fact facts[] = {
        said(FACT_CONSENT, "2026-06-02T14:00:00-04:00", 23 * 3600, 3600),
        said(FACT_INCONVENIENT_TIME, "2026-06-03T14:00:00-04:00", 0, 14 * 3600),
    };
    struct gate_question q = question("2026-06-11T22:00:00-04:00", 1, coasts);

    (void)state;
    q.facts = facts;
    q.fact_count = 1;
    judge(1, &hours_8_to_21, &q);
    check_until("they agreed to eleven", "2026-06-11T23:00:00-04:00");
    q.at = at("2026-06-11T23:30:00-04:00");
    q.zone_count = 2; /* half past eight in the west */
    judge(1, &hours_8_to_21, &q);
    assert_int_equal(verdict.ruling, RULING_ALLOW);
    facts[0].at = at("2026-06-02T08:30:00-04:00"); /* half past five there */
    judge(1, &hours_8_to_21, &q);
    check_until("won at a shut hour in the west", "2026-06-12T08:00:00-07:00");
    q.zone_count = 1;
    q.at = at("2026-06-12T10:00:00-04:00");
    q.fact_count = 2;
    facts[1].until = at("2026-06-12T12:00:00-04:00");
    judge(1, &hours_8_to_21, &q);
    check_until("the wish ends at noon", "2026-06-12T12:00:00-04:00");
}

static void the_later_word_about_an_hour_holds(void **state)
{
    const struct zone *zones[] = { zone_find(NEW_YORK) };
    struct gate_fact facts[] = {
        said(FACT_INCONVENIENT_TIME, "2026-06-01T14:00:00-04:00", 9 * 3600, 12 * 3600),
        said(FACT_CONSENT, "2026-06-02T14:00:00-04:00", 10 * 3600, 11 * 3600),
        said(FACT_INCONVENIENT_TIME, "2026-06-03T14:00:00-04:00", 9 * 3600, 12 * 3600),
    };
    struct gate_question q = question("2026-06-11T10:30:00-04:00", 1, zones);

    (void)state;
    q.facts = facts;
    q.fact_count = 2;
    judge(1, &hours_8_to_21, &q);
    assert_int_equal(verdict.ruling, RULING_ALLOW);
    q.fact_count = 3;
    judge(1, &hours_8_to_21, &q);
    check_until("bad again", "2026-06-11T12:00:00-04:00");
}

static void a_night_message_is_answered_by_its_medium(void **state)
{
    const struct zone *zones[] = { zone_find(NEW_YORK) };
    static const char *const reply[] = { "reply" };
    struct rule hours = hours_8_to_21;
    struct contact in = call_at("2026-06-10T23:00:00-04:00", OUTCOME_MESSAGE);
    struct gate_question q = question("2026-06-10T23:20:00-04:00", 1, zones);

    (void)state;
    hours.replies = (struct names){ 1, reply, 0 };
    in.direction = DIRECTION_IN;
    in.channel = CHANNEL_EMAIL;
    q.purpose = "reply";
    q.history = &in;
    q.history_count = 1;
    judge(1, &hours, &q);
    check_until("they wrote; nobody rings", "2026-06-11T08:00:00-04:00");
    q.channel = CHANNEL_EMAIL;
    judge(1, &hours, &q);
    assert_int_equal(verdict.ruling, RULING_ALLOW);
    in.channel = q.channel = CHANNEL_CALL;
    in.outcome = OUTCOME_CONVERSATION;
    judge(1, &hours, &q);
    check_until("the talk was the answer", "2026-06-11T08:00:00-04:00");
}

/* ---- attorney, opt-out, holds, addresses ---- */

static void an_attorney_is_silent_when_told_and_not_heard(void **state)
{
    static const struct {
        enum outcome outcome;
        bool answered, again;
        enum ruling ruling;
    } cases[] = {
        { OUTCOME_DELIVERED, false, false, RULING_ALLOW },
        { OUTCOME_DELIVERED, true, false, RULING_DENY },
        { OUTCOME_DELIVERED, true, true, RULING_ALLOW }, /* the second letter is ignored */
        { OUTCOME_BOUNCED, false, false, RULING_DENY },
        { OUTCOME_PLANNED, false, false, RULING_DENY },
    };
    const struct zone *zones[] = { zone_find(NEW_YORK) };
    struct rule rule = { RULE("attorney"), .shape = SHAPE_ATTORNEY };
    struct gate_fact attorney = { .type = FACT_ATTORNEY,
                                  .other = 7,
                                  .at = at("2026-05-01T09:00:00-04:00"),
                                  .until = INSTANT_NEVER };

    (void)state;
    rule.attorney.silent_days = 30;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct contact talk[] = { call_at("2026-05-01T10:00:00-04:00", cases[i].outcome),
                                  call_at("2026-05-03T10:00:00-04:00", OUTCOME_MESSAGE),
                                  call_at("2026-05-04T10:00:00-04:00", OUTCOME_DELIVERED) };
        struct contact history[3];
        struct gate_question q = question("2026-06-15T10:00:00-04:00", 1, zones);
        size_t count = 0;
        talk[1].direction = DIRECTION_IN;
        for (size_t k = 0; k < 3; k++) {
            talk[k].party = 7;
            talk[k].channel = CHANNEL_LETTER;
            if (k == 0 || (k == 1 && cases[i].answered) || (k == 2 && cases[i].again))
                history[count++] = talk[k];
        }
        q.facts = &attorney;
        q.fact_count = 1;
        q.history = history;
        q.history_count = count;
        judge(1, &rule, &q);
        if (verdict.ruling != cases[i].ruling)
            fail_msg("attorney case %zu", i);
    }
}

static void ringing_in_vain_tells_an_attorney_nothing(void **state)
{
    const struct zone *zones[] = { zone_find(NEW_YORK) };
    struct rule rule = { RULE("attorney"), .shape = SHAPE_ATTORNEY };
    struct contact rang = call_at("2026-05-01T10:00:00-04:00", OUTCOME_NO_ANSWER);
    struct gate_fact attorney = { .type = FACT_ATTORNEY,
                                  .other = 7,
                                  .at = at("2026-05-01T09:00:00-04:00"),
                                  .until = INSTANT_NEVER };
    struct gate_question q = question("2026-06-15T10:00:00-04:00", 1, zones);

    (void)state;
    rule.attorney.silent_days = 30;
    rang.party = 7;
    q.facts = &attorney;
    q.fact_count = 1;
    q.history = &rang;
    q.history_count = 1;
    judge(1, &rule, &q);
    assert_int_equal(verdict.ruling, RULING_DENY);
}

static void a_closed_address_is_answered_when_it_is_used(void **state)
{
    static const char *const reply[] = { "reply" };
    struct rule rule = { RULE("opt_out"), .shape = SHAPE_OPT_OUT, .replies = { 1, reply, 0 } };
    struct gate_fact stop = { .type = FACT_OPT_OUT,
                              .scope = "address",
                              .value = "p1@example.com",
                              .channel_known = true,
                              .channel = CHANNEL_EMAIL,
                              .at = at("2026-06-01T10:00:00-04:00"),
                              .until = INSTANT_NEVER };
    struct contact in = call_at("2026-06-07T10:00:00-04:00", OUTCOME_MESSAGE);
    struct gate_question q = question("2026-06-08T10:00:00-04:00", 0, NULL);

    (void)state;
    in.direction = DIRECTION_IN;
    in.channel = q.channel = CHANNEL_EMAIL;
    in.address = "p1.second@example.com";
    q.address = "p1@example.com";
    q.purpose = "reply";
    q.facts = &stop;
    q.fact_count = 1;
    q.history = &in;
    q.history_count = 1;
    judge(1, &rule, &q);
    assert_int_equal(verdict.ruling, RULING_DENY);
    in.address = "P1@example.com";
    judge(1, &rule, &q);
    assert_int_equal(verdict.ruling, RULING_ALLOW);
}

static void a_disputed_debt_rests_for_all_who_owe_it(void **state)
{
    static const char *const reply[] = { "reply" };
    const struct zone *zones[] = { zone_find(NEW_YORK) };
    struct rule rule = { RULE("dispute"),
                         .shape = SHAPE_DISPUTE,
                         .replies = { 1, reply, 0 },
                         .dispute = { .fact = FACT_DISPUTE } };
    struct gate_fact dispute = { .type = FACT_DISPUTE,
                                 .party = 2,
                                 .at = at("2026-06-01T10:00:00-04:00"),
                                 .until = INSTANT_NEVER };
    const struct gate_field demand[] = { { "requests_payment", "true" } };
    struct contact in = call_at("2026-06-07T10:00:00-04:00", OUTCOME_MESSAGE);
    struct gate_question q = question("2026-06-08T10:00:00-04:00", 1, zones);

    (void)state;
    in.direction = DIRECTION_IN;
    q.facts = &dispute;
    q.fact_count = 1;
    q.history = &in;
    q.history_count = 1;
    judge(1, &rule, &q);
    assert_int_equal(verdict.ruling, RULING_DENY);
    q.purpose = "reply";
    judge(1, &rule, &q);
    assert_int_equal(verdict.ruling, RULING_ALLOW);
    q.content = (struct gate_fields){ 1, demand };
    judge(1, &rule, &q);
    assert_int_equal(verdict.ruling, RULING_DENY);
}

/* Sixty days on the wall that reaches them first; and an older basis may be the better one. */
static void a_basis_is_fresh_in_every_place(void **state)
{
    const struct zone *zones[] = { zone_find(NEW_YORK), zone_find("Pacific/Honolulu") };
    struct rule rule = { RULE("address"), .shape = SHAPE_ADDRESS,
                         .address = { .fact = FACT_SMS_BASIS, .fresh_days = 60 } };
    const struct gate_field checked[] = { { "basis", "direct_consent" },
                                          { "db_check", "2027-02-01" } };
    struct gate_fact bases[] = { { .type = FACT_SMS_BASIS,
                                   .value = "+12125550101",
                                   .at = at("2026-11-01T10:00:00-05:00"),
                                   .until = INSTANT_NEVER,
                                   .detail = { 2, checked } },
                                 { .type = FACT_SMS_BASIS,
                                   .value = "+12125550101",
                                   .at = at("2026-12-16T06:26:00Z"),
                                   .until = INSTANT_NEVER,
                                   .detail = { 1, checked } } };
    struct gate_question q = question("2027-02-15T01:50:00Z", 2, zones);

    (void)state;
    q.channel = CHANNEL_SMS;
    q.address = "+12125550101";
    q.facts = &bases[1];
    q.fact_count = 1;
    judge(1, &rule, &q);
    assert_int_equal(verdict.ruling, RULING_DENY);
    q.facts = bases;
    q.fact_count = 2;
    judge(1, &rule, &q);
    assert_int_equal(verdict.ruling, RULING_ALLOW);
}

/* ---- several debts ---- */

static const int32_t debt_2 = 2;
static const struct gate_field one_servicer[] = { { "servicer_account", "SL-1" } };
static const struct gate_debt loans[] = {
    { .number = 1, .kind = "student_loan", .detail = { 1, one_servicer } },
    { .number = 2, .kind = "student_loan", .detail = { 1, one_servicer } },
};

static void loans_of_one_account_are_one_debt_after_a_talk(void **state)
{
    const struct zone *zones[] = { zone_find(NEW_YORK) };
    struct rule wait = wait_7_days;
    struct contact talk = call_at("2026-06-02T12:00:00-04:00", OUTCOME_CONVERSATION);
    struct gate_question q = question("2026-06-05T10:00:00-04:00", 1, zones);

    (void)state;
    talk.debts.numbers = &debt_2;
    q.debts = q.casefile_debts = loans;
    q.casefile_debt_count = 2;
    q.history = &talk;
    q.history_count = 1;
    judge(1, &wait, &q);
    assert_int_equal(verdict.ruling, RULING_ALLOW);
    wait.wait.alike = (struct alike){ "servicer_account", "student_loan" };
    judge(1, &wait, &q);
    check_until("the other loan", "2026-06-09T00:00:00-04:00");
}

static void each_debt_waits_for_its_own_notice(void **state)
{
    const struct zone *zones[] = { zone_find("America/Toronto") };
    struct rule wait = { RULE("notice"), .shape = SHAPE_WAIT,
                         .wait = { .after = AFTER_FACT,
                                   .fact = FACT_CA_ON_WRITTEN_NOTICE,
                                   .required = true,
                                   .per = PER_DEBT,
                                   .days = 7 } };
    struct gate_fact notices[] = { { .type = FACT_CA_ON_WRITTEN_NOTICE,
                                     .debt = 1,
                                     .at = at("2026-06-01T10:00:00-04:00"),
                                     .until = INSTANT_NEVER },
                                   { .type = FACT_CA_ON_WRITTEN_NOTICE,
                                     .debt = 2,
                                     .at = at("2026-06-04T10:00:00-04:00"),
                                     .until = INSTANT_NEVER } };
    struct gate_question q = question("2026-06-09T10:00:00-04:00", 1, zones);

    (void)state;
    q.debts = loans;
    q.debt_count = 2;
    q.facts = notices;
    q.fact_count = 1;
    judge(1, &wait, &q);
    assert_int_equal(verdict.ruling, RULING_DENY);
    q.fact_count = 2;
    judge(1, &wait, &q);
    check_until("the later notice", "2026-06-11T00:00:00-04:00");
}

/* Spoken with at ten, and again the next morning: what came between counts. */
static void the_first_talk_is_when_it_is_said_to_be(void **state)
{
    const struct zone *zones[] = { zone_find("America/Toronto") };
    struct rule cap = { RULE("cap"),
                        .shape = SHAPE_CAP,
                        .cap = { .limit_count = 1,
                                 .limits = { { COUNT_CONTACTS, PER_PERSON, 7, 1 } },
                                 .after_first_conversation = true } };
    struct contact calls[] = { call_at("2026-06-02T18:00:00-04:00", OUTCOME_VOICEMAIL),
                               call_at("2026-06-03T09:00:00-04:00", OUTCOME_CONVERSATION) };
    struct gate_fact first = { .type = FACT_FIRST_SPOKEN_CONTACT,
                               .at = at("2026-06-02T10:00:00-04:00"),
                               .until = INSTANT_NEVER };
    struct gate_question q = question("2026-06-05T10:00:00-04:00", 1, zones);

    (void)state;
    q.facts = &first;
    q.fact_count = 1;
    q.history = calls;
    q.history_count = 2;
    judge(1, &cap, &q);
    check_until("the talk and the message", "2026-06-10T00:00:00-04:00");
    q.history_count = 1;
    judge(1, &cap, &q);
    check_until("the message", "2026-06-09T00:00:00-04:00");
    cap.cap.limits[0].most = 2;
    q.history_count = 2;
    judge(1, &cap, &q);
    check_until("both count", "2026-06-09T00:00:00-04:00");
}

/* Agreed to about debt 2, used up by a talk about debt 2: debt 1 has nothing to do with it. */
static void consent_is_to_calls_about_a_debt(void **state)
{
    const struct zone *zones[] = { zone_find(NEW_YORK) };
    const struct gate_field to_us[] = { { "given_to", "collector" } };
    struct contact talks[] = { call_at("2026-06-02T12:00:00-04:00", OUTCOME_CONVERSATION),
                               call_at("2026-06-04T12:00:00-04:00", OUTCOME_CONVERSATION) };
    struct gate_fact consent = { .type = FACT_CONSENT,
                                 .at = at("2026-06-03T12:00:00-04:00"),
                                 .until = INSTANT_NEVER,
                                 .detail = { 1, to_us } };
    struct gate_question q = question("2026-06-05T10:00:00-04:00", 1, zones);

    (void)state;
    talks[1].debts.numbers = &debt_2;
    q.history = talks;
    q.history_count = 2;
    q.facts = &consent;
    q.fact_count = 1;
    judge(1, &wait_7_days, &q);
    assert_int_equal(verdict.ruling, RULING_ALLOW);
    talks[1].debts.numbers = &debt_1;
    judge(1, &wait_7_days, &q);
    check_until("talked about it since", "2026-06-11T00:00:00-04:00");
}

static void unknown_closes_and_names_itself(void **state)
{
    struct arena a = { 0 };
    struct fault why = { 0 };
    struct rule never = { RULE("never"), .shape = SHAPE_NEVER };
    struct rule applies = { RULE("applies"), .shape = SHAPE_NOTE };
    struct gate_question q = question("2026-06-10T10:00:00Z", 0, NULL);

    (void)state;
    judge(1, &hours_8_to_21, &q);
    assert_int_equal(verdict.ruling, RULING_DENY);
    assert_string_equal(verdict.decisive->unknown, "zones");
    never.never = condition_compile(&a, "number_kind == \"work_landline\"",
                                    (struct place){ "test", 1, 1 }, gate_fact_table(), &why);
    assert_non_null(never.never);
    applies.applies = never.never;
    judge(1, &never, &q);
    assert_int_equal(verdict.ruling, RULING_DENY);
    assert_string_equal(verdict.decisive->unknown, "number_kind");
    judge(1, &applies, &q); /* nobody can say that it does not apply */
    assert_int_equal(verdict.ruling, RULING_DENY);
    q.number_kind = "cell";
    judge(1, &never, &q);
    assert_int_equal(verdict.ruling, RULING_ALLOW);
    judge(1, &applies, &q); /* does not apply: silent */
    assert_int_equal(verdict.finding_count, 0);
    assert_null(verdict.decisive);
    arena_free(&a);
}

/* On the last evening of the year it is already next year further east: both laws are asked. */
static void versions_change_at_midnight_somewhere(void **state)
{
    const struct zone *zones[] = { zone_find(NEW_YORK), zone_find(LONDON) };
    struct rule rules[2] = { { RULE("old"), .shape = SHAPE_NOTE },
                             { RULE("new"), .shape = SHAPE_NOTE } };
    struct gate_question q = question("2026-12-31T20:00:00-05:00", 1, zones);

    (void)state;
    day_parse("2026-12-31", &rules[0].to);
    day_parse("2027-01-01", &rules[1].from);
    judge(2, rules, &q);
    assert_int_equal(verdict.finding_count, 1);
    assert_string_equal(rule_id(verdict.findings[0].rule), "old");
    q.zone_count = 2;
    judge(2, rules, &q);
    assert_int_equal(verdict.finding_count, 2);
    q.at = at("2027-01-01T00:00:00-05:00");
    judge(2, rules, &q);
    assert_int_equal(verdict.finding_count, 1);
    assert_string_equal(rule_id(verdict.findings[0].rule), "new");
}

/* Shut for the weekend by a rule that ends on Friday: Saturday is free. */
static void a_rule_does_not_outlive_itself(void **state)
{
    const struct zone *zones[] = { zone_find(NEW_YORK), zone_find(LOS_ANGELES) };
    struct rule rule = hours_8_to_21;
    struct gate_question q = question("2026-06-12T22:00:00-04:00", 2, zones);
    struct rule_pack pack = { .name = "test", .binds = ~0u, .rule_count = 1, .rules = &rule };
    const struct rule_pack *packs[] = { &pack };

    (void)state;
    rule.hours.windows[0].weekdays = 0x1f;
    day_parse("2026-06-12", &rule.to);
    judge(1, &rule, &q);
    check_until("the end of Friday in the west", "2026-06-13T00:00:00-07:00");
    assert_true(gate_first_allowed((struct gate_packs){ 1, packs }, &q, 9).us ==
                at("2026-06-13T00:00:00-07:00").us);
}

static void who_is_bound(void **state)
{
    static const struct gate_field names[] = { { "actor.name_used", "Swift Recovery" },
                                               { "actor.own_name", "Corner Bank" } };
    struct rule rule = { RULE("collectors only"), .shape = SHAPE_NOTE };
    struct gate_debt business = { .number = 1, .business = true };
    struct gate_question q = question("2026-06-10T10:00:00Z", 0, NULL);

    (void)state;
    rule.binds = 1u << ACTOR_THIRD_PARTY_COLLECTOR | BINDS_PSEUDONYM;
    judge(1, &rule, &q);
    assert_int_equal(verdict.finding_count, 1);
    q.role = ACTOR_FIRST_PARTY_CREDITOR;
    judge(1, &rule, &q);
    assert_int_equal(verdict.finding_count, 0);
    q.extra =
        (struct gate_fields){ 2, names }; /* under another name it looks like a collector */
    judge(1, &rule, &q);
    assert_int_equal(verdict.finding_count, 1);
    rule.debts = DEBTS_CONSUMER;
    q.debts = &business;
    judge(1, &rule, &q);
    assert_int_equal(verdict.finding_count, 0);
}

static void no_breach_is_dropped_when_the_record_is_full(void **state)
{
    const struct zone *zones[] = { zone_find(NEW_YORK) };
    static struct rule rules[FINDINGS_MOST + 10];
    struct gate_question q = question("2026-06-10T22:00:00-04:00", 1, zones);

    (void)state;
    for (size_t i = 0; i < COUNT(rules); i++)
        rules[i] = (struct rule){ RULE("note"), .shape = SHAPE_NOTE };
    rules[COUNT(rules) - 1] = hours_8_to_21;
    judge(COUNT(rules), rules, &q);
    assert_int_equal(verdict.finding_count, FINDINGS_MOST);
    assert_int_equal(verdict.ruling, RULING_DEFER);
    assert_string_equal(rule_id(verdict.decisive->rule), "hours");
}

static void the_strictest_finding_decides(void **state)
{
    const struct zone *zones[] = { zone_find(NEW_YORK) };
    struct contact talk = call_at("2026-06-10T10:00:00-04:00", OUTCOME_CONVERSATION);
    struct rule rules[] = { hours_8_to_21, wait_7_days };
    struct gate_question q = question("2026-06-10T22:00:00-04:00", 1, zones);

    (void)state;
    q.history = &talk;
    q.history_count = 1;
    judge(2, rules, &q);
    check_until("the later of both", "2026-06-17T00:00:00-04:00");
    assert_string_equal(rule_id(verdict.decisive->rule), "wait");
}

static void the_first_allowed_moment(void **state)
{
    const struct zone *zones[] = { zone_find(NEW_YORK) };
    struct contact talk = call_at("2026-06-10T10:00:00-04:00", OUTCOME_CONVERSATION);
    struct gate_fact hold = { .type = FACT_HOLD,
                              .at = at("2026-06-01T00:00:00Z"),
                              .until = at("2026-06-20T12:00:00-04:00") };
    struct rule rules[] = { hours_8_to_21, wait_7_days, { RULE("hold"), .shape = SHAPE_HOLD } };
    struct rule_pack pack = { .name = "test", .binds = ~0u, .rule_count = 3, .rules = rules };
    const struct rule_pack *packs[] = { &pack };
    struct gate_packs all = { 1, packs };
    struct gate_question q = question("2026-06-10T22:00:00-04:00", 1, zones);

    (void)state;
    q.history = &talk;
    q.history_count = 1;
    assert_true(gate_first_allowed(all, &q, 30).us == at("2026-06-17T08:00:00-04:00").us);
    assert_true(gate_first_allowed(all, &q, 3).us == INT64_MAX);
    q.facts = &hold;
    q.fact_count = 1;
    assert_true(gate_first_allowed(all, &q, 30).us == at("2026-06-20T12:00:00-04:00").us);
    hold.until = INSTANT_NEVER;
    assert_true(gate_first_allowed(all, &q, 30).us == INT64_MAX);
    q.zone_count = 0; /* and not knowing is not cured by waiting */
    q.fact_count = 0;
    assert_true(gate_first_allowed(all, &q, 30).us == INT64_MAX);
}

static void names_are_read_back(void **state)
{
    enum fact_type fact;
    enum actor_role role;
    enum shape shape;

    (void)state;
    for (int i = 0; i < FACT_TYPE_COUNT; i++)
        assert_true(fact_type_parse(fact_type_name((enum fact_type)i), &fact) &&
                    (int)fact == i);
    for (int i = 0; i <= ACTOR_DEBT_BUYER; i++)
        assert_true(actor_role_parse(actor_role_name((enum actor_role)i), &role) &&
                    (int)role == i);
    for (int i = 0; i < SHAPE_COUNT; i++)
        assert_true(shape_parse(shape_name((enum shape)i), &shape) && (int)shape == i);
    assert_false(fact_type_parse("nonsense", &fact) || actor_role_parse("", &role) ||
                 shape_parse("Hours", &shape));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hours_hold_in_every_zone),
        cmocka_unit_test(until_is_the_first_good_moment),
        cmocka_unit_test(stated_hours_wrap_past_midnight),
        cmocka_unit_test(caps_count_local_days),
        cmocka_unit_test(caps_tell_how_much_is_used),
        cmocka_unit_test(caps_count_what_they_should),
        cmocka_unit_test(once_is_once),
        cmocka_unit_test(the_day_of_the_talk_is_day_one),
        cmocka_unit_test(agreed_hours_open_before_the_doors_do),
        cmocka_unit_test(the_later_word_about_an_hour_holds),
        cmocka_unit_test(a_night_message_is_answered_by_its_medium),
        cmocka_unit_test(an_attorney_is_silent_when_told_and_not_heard),
        cmocka_unit_test(ringing_in_vain_tells_an_attorney_nothing),
        cmocka_unit_test(a_closed_address_is_answered_when_it_is_used),
        cmocka_unit_test(a_disputed_debt_rests_for_all_who_owe_it),
        cmocka_unit_test(a_basis_is_fresh_in_every_place),
        cmocka_unit_test(loans_of_one_account_are_one_debt_after_a_talk),
        cmocka_unit_test(each_debt_waits_for_its_own_notice),
        cmocka_unit_test(consent_is_to_calls_about_a_debt),
        cmocka_unit_test(the_first_talk_is_when_it_is_said_to_be),
        cmocka_unit_test(unknown_closes_and_names_itself),
        cmocka_unit_test(versions_change_at_midnight_somewhere),
        cmocka_unit_test(a_rule_does_not_outlive_itself),
        cmocka_unit_test(who_is_bound),
        cmocka_unit_test(no_breach_is_dropped_when_the_record_is_full),
        cmocka_unit_test(the_strictest_finding_decides),
        cmocka_unit_test(the_first_allowed_moment),
        cmocka_unit_test(names_are_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

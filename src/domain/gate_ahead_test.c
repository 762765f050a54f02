/*
 * The first allowed moment, against a search that asks every five minutes: random people with
 * holds, waits, counts, hours, consents and attorneys, in one zone, in two, in none, and on the
 * nights when the clocks change.
 */
#include "domain/rule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
    EVERY_CHANNEL = (1 << CHANNEL_COUNT) - 1,
    DAYS = 30,
    FACTS = 6,
    CONTACTS = 8,
    RULES = 12
};
static const int64_t STEP = 300 * INT64_C(1000000), DAY = 86400 * INT64_C(1000000);

#define RULE(name)                                                                             \
    .id = name, .title = name, .cite = name, .cite_first = name, .reason = name,               \
    .binds = ~0u, .channels = EVERY_CHANNEL, .from = { 0 }, .to = { 99999999 }

static const struct holiday good_friday = { .kind = HOLIDAY_EASTER, .nth = -2 };
static const char *const reply[] = { "reply" };
static const char *const confirms[] = { "opt_out_confirmation" };

/* Every shape, as the packs use it. */
static const struct rule kinds[] = {
    { RULE("hours"), .shape = SHAPE_HOURS, .replies = { 1, reply, 0 },
      .hours = { .window_count = 1,
                 .windows = { { 0x7f, 8 * 3600, 21 * 3600 } },
                 .stated = true,
                 .consented = true } },
    { RULE("office"), .shape = SHAPE_HOURS,
      .hours = { .window_count = 2,
                 .windows = { { 0x1f, 9 * 3600, 18 * 3600 }, { 0x20, 10 * 3600, 12 * 3600 } },
                 .holiday_count = 1,
                 .holidays = &good_friday } },
    { RULE("stated"), .shape = SHAPE_HOURS, .hours = { .stated = true } },
    { RULE("consented"), .shape = SHAPE_CONSENTED_HOURS,
      .hours = { .window_count = 1, .windows = { { 0x7f, 8 * 3600, 21 * 3600 } } } },
    { RULE("cap"), .shape = SHAPE_CAP,
      .cap = { .limit_count = 2,
               .limits = { { COUNT_ATTEMPTS, PER_PERSON | PER_DEBT, 7, 2 },
                           { COUNT_CONTACTS, PER_PERSON, 3, 1 } },
               .outcomes_left_out = 1u << OUTCOME_BUSY,
               .consent = { .days = 7,
                            .ends_on_conversation = true,
                            .call_back_minutes = 30 } } },
    { RULE("ontario"), .shape = SHAPE_CAP,
      .cap = { .limit_count = 1,
               .limits = { { COUNT_CONTACTS, PER_PERSON, 7, 1 } },
               .after_first_conversation = true } },
    { RULE("wait"), .shape = SHAPE_WAIT,
      .wait = { .after = AFTER_CONVERSATION,
                .per = PER_PERSON | PER_DEBT,
                .days = 7,
                .consent = { .days = 7, .ends_on_conversation = true } } },
    { RULE("notice"), .shape = SHAPE_WAIT,
      .wait = { .after = AFTER_FACT, .fact = FACT_VALIDATION, .days = 5 } },
    { RULE("opt_out"), .shape = SHAPE_OPT_OUT, .permits = { 1, confirms, 0 } },
    { RULE("cease"), .shape = SHAPE_CEASE, .replies = { 1, reply, 0 } },
    { RULE("attorney"), .shape = SHAPE_ATTORNEY, .attorney = { .silent_days = 14 } },
    { RULE("hold"), .shape = SHAPE_HOLD, .hold = { .disputes = true } },
    { RULE("consent"), .shape = SHAPE_CONSENT },
    { RULE("fresh"), .shape = SHAPE_ADDRESS,
      .address = { .fact = FACT_EMAIL_BASIS, .notice_days = 3 } },
};

/* Moments at which the clocks change, among plain ones. */
static const char *const nights[] = {
    "2026-03-07T12:00:00-05:00", "2026-10-31T12:00:00-04:00", "2026-03-28T12:00:00+00:00",
    "2026-10-24T12:00:00+01:00", "2026-04-04T12:00:00+11:00", "2026-06-10T12:00:00Z",
    "2026-12-28T12:00:00Z",      "2026-03-29T12:00:00Z",
};
static const char *const zone_names[] = { "America/New_York", "America/Phoenix",
                                          "Europe/London",    "Australia/Lord_Howe",
                                          "Asia/Kolkata",     "America/Los_Angeles" };

static uint64_t seed;

static uint32_t pick(uint32_t below)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(seed >> 33) % below;
}

/* A made-up person. Everything lies on the steps of the search, so that it misses nothing. */
struct person {
    struct gate_question q;
    const struct zone *zones[2];
    struct gate_debt debt;
    struct gate_fact facts[FACTS];
    struct gate_field details[FACTS][4];
    char texts[FACTS][2][INSTANT_TEXT];
    struct contact history[CONTACTS];
    struct rule rules[RULES];
    struct rule_pack pack;
    const struct rule_pack *packs[1];
};

static const int32_t debt_1 = 1;

static struct instant around(struct instant at, int days_before, int days_after)
{
    int64_t steps = (int64_t)pick((uint32_t)(days_before + days_after) * 288);

    return (struct instant){ at.us + steps * STEP - days_before * DAY };
}

static void consent_make(struct person *p, size_t i)
{
    struct gate_fact *fact = &p->facts[i];

    p->details[i][0] =
        (struct gate_field){ "given_to", pick(4) > 0 ? "collector" : "creditor" };
    fact->detail = (struct gate_fields){ 1, p->details[i] };
    fact->channel_known = pick(2) > 0;
    fact->channel = p->q.channel;
    if (pick(3) == 0) {
        instant_print(around(fact->at, 0, 20), p->texts[i][0]);
        p->details[i][1] = (struct gate_field){ "call_back", p->texts[i][0] };
        fact->detail.count = 2;
    } else if (pick(2) > 0) {
        fact->hours = (struct bad_hours){ .from = (int32_t)pick(24) * 3600,
                                          .to = (int32_t)pick(24) * 3600 };
    }
}

static void basis_make(struct person *p, size_t i)
{
    struct gate_fact *fact = &p->facts[i];
    struct day day = wall_at(fact->at, zone_find("UTC")).day;

    fact->value = p->q.address;
    day_print(day, p->texts[i][0]);
    day_print(day_plus(day, 3 + (int)pick(4)), p->texts[i][1]);
    p->details[i][0] = (struct gate_field){ "basis", "creditor_notice" };
    p->details[i][1] = (struct gate_field){ "notice_sent", p->texts[i][0] };
    p->details[i][2] = (struct gate_field){ "opt_out_deadline", p->texts[i][1] };
    p->details[i][3] = (struct gate_field){ "creditor_used_address", "true" };
    fact->detail = (struct gate_fields){ 4, p->details[i] };
}

static void fact_make(struct person *p, size_t i)
{
    static const enum fact_type types[] = {
        FACT_CONSENT,     FACT_CONSENT,  FACT_OPT_OUT,          FACT_INCONVENIENT_TIME,
        FACT_CEASE,       FACT_ATTORNEY, FACT_VALIDATION,       FACT_HOLD,
        FACT_EMAIL_BASIS, FACT_DISPUTE,  FACT_ATTORNEY_CONSENT, FACT_FIRST_SPOKEN_CONTACT,
    };
    struct gate_fact *fact = &p->facts[i];

    *fact = (struct gate_fact){ .type = types[pick(COUNT(types))],
                                .at = around(p->q.at, 20, 10),
                                .until = INSTANT_NEVER };
    if (pick(3) > 0)
        fact->until = around(fact->at, 0, 40);
    if (fact->type == FACT_CONSENT)
        consent_make(p, i);
    if (fact->type == FACT_EMAIL_BASIS)
        basis_make(p, i);
    if (fact->type == FACT_ATTORNEY)
        fact->other = 2;
    if (fact->type == FACT_INCONVENIENT_TIME)
        fact->hours = (struct bad_hours){ .weekdays = (uint8_t)pick(128),
                                          .from = (int32_t)pick(12) * 3600,
                                          .to = (int32_t)(12 + pick(12)) * 3600 };
}

static int facts_by_moment(const void *a, const void *b)
{
    const struct gate_fact *x = a, *y = b;

    return (x->at.us > y->at.us) - (x->at.us < y->at.us);
}

static int contacts_by_moment(const void *a, const void *b)
{
    const struct contact *x = a, *y = b;

    return (x->at.us > y->at.us) - (x->at.us < y->at.us);
}

static void contact_make(struct person *p, size_t i)
{
    static const enum outcome outcomes[] = { OUTCOME_NO_ANSWER, OUTCOME_CONVERSATION,
                                             OUTCOME_VOICEMAIL, OUTCOME_SENT, OUTCOME_BUSY };
    bool later = pick(6) == 0;

    p->history[i] =
        (struct contact){ .at = later ? around(p->q.at, 0, 6) : around(p->q.at, 15, 0),
                          .channel = pick(2) > 0 ? CHANNEL_CALL : CHANNEL_LETTER,
                          .outcome = outcomes[pick(COUNT(outcomes))],
                          .party = 1 + (int32_t)pick(5) / 4,
                          .debts = { 1, &debt_1 } };
    if (pick(5) == 0) {
        p->history[i].direction = DIRECTION_IN;
        p->history[i].outcome = OUTCOME_MESSAGE;
    }
}

static void rules_make(struct person *p)
{
    size_t count = 1 + pick(4);

    for (size_t i = 0; i < count; i++) {
        p->rules[i] = kinds[pick(COUNT(kinds))];
        if (pick(6) == 0)
            p->rules[i].to = day_plus(wall_at(p->q.at, zone_find("UTC")).day, (int)pick(20));
        else if (pick(6) == 0)
            p->rules[i].from = day_plus(wall_at(p->q.at, zone_find("UTC")).day, (int)pick(20));
    }
    p->pack = (struct rule_pack){
        .name = "test", .binds = ~0u, .rule_count = count, .rules = p->rules
    };
    p->packs[0] = &p->pack;
}

static void person_make(struct person *p)
{
    struct gate_question *q = &p->q;
    struct instant at;

    memset(p, 0, sizeof *p);
    instant_parse(nights[pick(COUNT(nights))], &at);
    at.us += (int64_t)pick(4 * 288) * STEP - 2 * DAY;
    p->debt = (struct gate_debt){ .number = 1, .kind = "credit_card" };
    *q = (struct gate_question){ .at = at,
                                 .channel = pick(3) > 0 ? CHANNEL_CALL : CHANNEL_EMAIL,
                                 .party = 1,
                                 .relation = "consumer",
                                 .address = "+12125550101",
                                 .purpose = pick(5) == 0 ? "reply" : NULL,
                                 .role = ACTOR_THIRD_PARTY_COLLECTOR,
                                 .debts = &p->debt,
                                 .debt_count = 1,
                                 .history_known = true };
    q->zone_count = pick(8) == 0 ? 0 : 1 + pick(2);
    for (size_t i = 0; i < q->zone_count; i++)
        p->zones[i] = zone_find(zone_names[pick(COUNT(zone_names))]);
    q->zones = p->zones;
    q->fact_count = pick(FACTS + 1);
    for (size_t i = 0; i < q->fact_count; i++)
        fact_make(p, i);
    qsort(p->facts, q->fact_count, sizeof p->facts[0], facts_by_moment);
    q->facts = p->facts;
    q->history_count = pick(CONTACTS + 1);
    for (size_t i = 0; i < q->history_count; i++)
        contact_make(p, i);
    qsort(p->history, q->history_count, sizeof p->history[0], contacts_by_moment);
    q->history = p->history;
    rules_make(p);
}

static bool allowed_at(const struct person *p, struct gate_packs packs, int64_t us)
{
    static struct verdict verdict;
    struct gate_question q = p->q;

    q.at.us = us;
    gate_judge(packs, &q, &verdict);
    return verdict.ruling == RULING_ALLOW;
}

static int64_t naive_first(const struct person *p, struct gate_packs packs)
{
    for (int64_t us = p->q.at.us; us <= p->q.at.us + DAYS * DAY; us += STEP) {
        if (allowed_at(p, packs, us))
            return us;
    }
    return INT64_MAX;
}

static void tell(const struct person *p, uint64_t began, int64_t naive, int64_t got)
{
    char text[INSTANT_TEXT];

    print_message("seed %llu, asked at %s\n", (unsigned long long)began,
                  instant_print(p->q.at, text));
    for (size_t i = 0; i < p->pack.rule_count; i++)
        print_message("  rule %s from %d to %d\n", p->rules[i].id, p->rules[i].from.number,
                      p->rules[i].to.number);
    for (size_t i = 0; i < p->q.zone_count; i++)
        print_message("  zone %s\n", zone_name(p->zones[i]));
    for (size_t i = 0; i < p->q.fact_count; i++)
        print_message("  fact %s at %s hours %d-%d detail %s %s\n",
                      fact_type_name(p->facts[i].type), instant_print(p->facts[i].at, text),
                      p->facts[i].hours.from, p->facts[i].hours.to,
                      p->facts[i].detail.count > 0 ? p->facts[i].detail.fields[0].value : "",
                      p->facts[i].detail.count > 1 ? p->facts[i].detail.fields[1].value : "");
    for (size_t i = 0; i < p->q.history_count; i++)
        print_message("  contact %s %s %s\n", instant_print(p->history[i].at, text),
                      outcome_name(p->history[i].outcome),
                      p->history[i].direction == DIRECTION_IN ? "in" : "");
    print_message("  first by search %s\n",
                  naive == INT64_MAX ? "never"
                                     : instant_print((struct instant){ naive }, text));
    print_message("  first by gate   %s\n",
                  got == INT64_MAX ? "never" : instant_print((struct instant){ got }, text));
}

/* What the gate calls first is allowed, and no step before it is. */
static void the_first_moment_is_the_first(void **state)
{
    const char *wanted = getenv("RECOUP_TEST_PEOPLE");
    int people = wanted == NULL ? 150 : atoi(wanted), waited = 0;
    static struct person p;

    (void)state;
    seed = 20261121;
    for (int i = 0; i < people; i++) {
        uint64_t began = seed;
        person_make(&p);
        struct gate_packs packs = { 1, p.packs };
        int64_t naive = naive_first(&p, packs);
        int64_t got = gate_first_allowed(packs, &p.q, DAYS).us;
        bool right = got == naive || (naive != INT64_MAX && got < naive && got > naive - STEP &&
                                      allowed_at(&p, packs, got));
        waited += naive != INT64_MAX && naive > p.q.at.us;
        if (!right) {
            tell(&p, began, naive, got);
            fail();
        }
    }
    assert_true(waited > people / 10); /* it was not all trivial */
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(the_first_moment_is_the_first) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

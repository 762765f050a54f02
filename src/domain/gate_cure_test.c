/* What would allow a contact: each shape's own cures, pairs and threes, and what nothing lifts.
 */
#include "domain/gate_cure_parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NEW_YORK "America/New_York"
#define NOON     "2026-06-10T12:00:00-04:00"
#define NIGHT    "2026-06-10T22:30:00-04:00"

enum { EVERY_CHANNEL = (1 << CHANNEL_COUNT) - 1, HORIZON = 60 };

#define RULE(name)                                                                             \
    .id = name, .title = name, .cite = name, .cite_first = name, .reason = name,               \
    .binds = ~0u, .channels = EVERY_CHANNEL, .from = { 0 }, .to = { 99999999 }

static const char *const reply[] = { "reply" };
static const char *const statement[] = { "debt_collector_statement" };
static const char *const arrest[] = { "threatens_arrest" };

static struct rule opt_out = { RULE("opt_out"), .shape = SHAPE_OPT_OUT };
static struct rule cease = { RULE("cease"), .shape = SHAPE_CEASE, .replies = { 1, reply, 0 } };
static struct rule attorney = { RULE("attorney"), .shape = SHAPE_ATTORNEY };
static struct rule silent_attorney = { RULE("attorney"), .shape = SHAPE_ATTORNEY,
                                       .attorney = { .silent_days = 14 } };
static struct rule work = { RULE("work"), .shape = SHAPE_PLACE,
                            .place = { FACT_INCONVENIENT_PLACE } };
static struct rule hold = { RULE("hold"), .shape = SHAPE_HOLD, .hold = { .disputes = true } };
static struct rule consent = { RULE("consent"), .shape = SHAPE_CONSENT };
static struct rule basis = { RULE("basis"), .shape = SHAPE_ADDRESS,
                             .address = { .fact = FACT_SMS_BASIS } };
static struct rule fresh_basis = { RULE("fresh"), .shape = SHAPE_ADDRESS,
                                   .address = { .fact = FACT_SMS_BASIS, .fresh_days = 60 } };
static struct rule states = { RULE("states"), .shape = SHAPE_CONTENT,
                              .content = { .require = { 1, statement, 0 } } };
static struct rule no_arrest = { RULE("arrest"), .shape = SHAPE_CONTENT,
                                 .content = { .forbid = { 1, arrest, 0 } } };
static struct rule never = { RULE("never"), .shape = SHAPE_NEVER };
static struct rule hours = { RULE("hours"), .shape = SHAPE_HOURS,
                             .hours = { .window_count = 1,
                                        .windows = { { 0x7f, 8 * 3600, 21 * 3600 } },
                                        .stated = true,
                                        .consented = true } };
static struct rule cap = { RULE("cap"), .shape = SHAPE_CAP,
                           .cap = { .limit_count = 1,
                                    .limits = { { COUNT_ATTEMPTS, PER_PERSON, 7, 1 } },
                                    .consent = { .days = 7 } } };
static struct rule claim_first = { RULE("claim"), .shape = SHAPE_WAIT,
                                   .wait = { .after = AFTER_PURPOSE,
                                             .purpose = "letter_of_claim",
                                             .required = true,
                                             .per = PER_PERSON,
                                             .days = 30 } };

static struct instant at(const char *text)
{
    struct instant moment = { 0 };

    if (!instant_parse(text, &moment))
        fail_msg("%s", text);
    return moment;
}

static const struct zone *home[1];
static const struct gate_debt debt = { .number = 1, .kind = "credit_card" };

static struct gate_question question(enum channel channel, const char *moment)
{
    home[0] = zone_find(NEW_YORK);
    return (struct gate_question){ .at = at(moment),
                                   .channel = channel,
                                   .party = 1,
                                   .relation = "consumer",
                                   .address = "+12125550101",
                                   .number_kind = "cell",
                                   .role = ACTOR_THIRD_PARTY_COLLECTOR,
                                   .zones = home,
                                   .zone_count = 1,
                                   .debts = &debt,
                                   .debt_count = 1,
                                   .history_known = true };
}

static struct gate_fact said(enum fact_type type)
{
    return (struct gate_fact){ .type = type,
                               .at = at("2026-06-01T12:00:00-04:00"),
                               .until = INSTANT_NEVER };
}

static struct arena arena;
static struct cures cures;

/* "reopened; cease_withdrawn+attorney_agreed": ways in their order. */
static const char *ways(void)
{
    const char *text = "";

    for (size_t i = 0; i < cures.way_count; i++) {
        for (size_t k = 0; k < cures.ways[i].count; k++)
            text = arena_print(&arena, "%s%s%s", text,
                               k > 0   ? "+"
                               : i > 0 ? "; "
                                       : "",
                               cure_kind_name(cures.ways[i].changes[k]->kind));
    }
    return cures.way_count > 0 ? text : cure_outcome_name(cures.outcome);
}

static void cure_by(size_t count, const struct rule *rules, const struct gate_question *q)
{
    struct rule_pack pack = {
        .name = "test", .binds = ~0u, .rule_count = count, .rules = rules
    };
    const struct rule_pack *packs[] = { &pack };
    struct gate_packs all = { 1, packs };
    struct verdict verdict;

    gate_judge(all, q, &verdict);
    gate_cure(all, q, &verdict, HORIZON, &arena, &cures);
}

static void check(const char *name, size_t count, const struct rule *rules,
                  const struct gate_question *q, const char *wanted)
{
    cure_by(count, rules, q);
    if (strcmp(ways(), wanted) != 0)
        fail_msg("%s: %s, not %s", name, ways(), wanted);
}

static void check_fact(const char *name, const struct rule *rule, struct gate_fact fact,
                       struct gate_question q, const char *wanted)
{
    q.facts = &fact;
    q.fact_count = 1;
    check(name, 1, rule, &q, wanted);
}

static int arena_begin(void **state)
{
    (void)state;
    arena_reset(&arena);
    return 0;
}

/* ---- each shape ------------------------------------------------------------------------- */

static void an_allowed_contact_needs_nothing(void **state)
{
    struct gate_question q = question(CHANNEL_CALL, NOON);

    (void)state;
    check("nothing on file", 1, &opt_out, &q, "not_needed");
}

static void wishes_are_lifted_by_who_has_them(void **state)
{
    struct gate_question sms = question(CHANNEL_SMS, NOON), call = question(CHANNEL_CALL, NOON);
    struct gate_fact place = said(FACT_INCONVENIENT_PLACE);

    (void)state;
    check_fact("opt-out", &opt_out, said(FACT_OPT_OUT), sms, "reopened");
    check_fact("cease", &cease, said(FACT_CEASE), sms, "cease_withdrawn; they_ask");
    check_fact("refusal", &cease, said(FACT_REFUSAL_TO_PAY), sms, "cease_withdrawn; they_ask");
    check("consent", 1, &consent, &sms, "agreed");
    call.number_kind = "work_landline";
    check_fact("work", &work, place, call, "place_agreed; other_number");
    assert_string_equal(cures.ways[0].changes[0]->what, "work");
}

static void an_attorney_agrees_or_is_silent(void **state)
{
    struct gate_question q = question(CHANNEL_LETTER, NOON);
    struct gate_fact known = said(FACT_ATTORNEY);

    (void)state;
    check_fact("agrees", &attorney, known, q, "attorney_agreed");
    check_fact("nobody to write to", &silent_attorney, known, q, "attorney_agreed");
    known.other = 2;
    check_fact("writes back or not", &silent_attorney, known, q,
               "attorney_agreed; attorney_silent");
    assert_int_equal(cures.ways[1].changes[0]->days, 14);
    assert_true(cures.ways[1].opens.us == at("2026-06-25T00:00:00-04:00").us);
}

static void holds_end_and_disputes_are_settled(void **state)
{
    struct gate_question q = question(CHANNEL_EMAIL, NOON);
    struct gate_fact both[] = { said(FACT_HOLD), said(FACT_DISPUTE) };

    (void)state;
    both[0].scope = "hardship";
    check_fact("hold", &hold, both[0], q, "hold_ended");
    assert_string_equal(cures.ways[0].changes[0]->what, "hardship");
    check_fact("dispute", &hold, both[1], q, "dispute_settled");
    q.facts = both;
    q.fact_count = 2;
    check("both", 1, &hold, &q, "hold_ended+dispute_settled");
}

static void an_address_needs_a_basis(void **state)
{
    static const struct gate_field texted = { "basis", "consumer_texted" };
    struct gate_question q = question(CHANNEL_SMS, NOON);
    struct gate_fact old = said(FACT_SMS_BASIS);

    (void)state;
    check("nobody knows how we came to it", 1, &basis, &q, "agreed; address_used");
    old.at = at("2026-01-01T12:00:00-05:00");
    old.value = "+12125550101";
    old.detail = (struct gate_fields){ 1, &texted };
    check_fact("long ago", &fresh_basis, old, q, "agreed; address_used; number_checked");
    q.address = NULL;
    check("to which number", 1, &opt_out, &q, "not_needed");
    check("to which number, with a basis", 1, &basis, &q, "known+agreed; known+address_used");
}

static void a_message_is_mended(void **state)
{
    static const struct gate_field threat = { "threatens_arrest", "true" };
    struct rule both[] = { states, no_arrest };
    struct gate_question q = question(CHANNEL_EMAIL, NOON);

    (void)state;
    check("what is missing", 1, &states, &q, "message_holds");
    assert_string_equal(cures.ways[0].changes[0]->what, "debt_collector_statement");
    q.content = (struct gate_fields){ 1, &threat };
    check("what must not be there", 2, both, &q, "message_holds+message_without");
}

static void what_is_not_known_may_be_learned(void **state)
{
    struct gate_question q = question(CHANNEL_CALL, NOON);

    (void)state;
    q.zone_count = 0;
    check("zones", 1, &hours, &q, "known");
    assert_string_equal(cures.ways[0].changes[0]->what, "zones");
    assert_true(cures.ways[0].opens.us == INSTANT_NEVER.us);
    q = question(CHANNEL_CALL, NOON);
    q.history_known = false;
    check("history", 1, &cap, &q, "known");
    q = question(CHANNEL_CALL, NOON);
    q.number_kind = NULL;
    check_fact("kind of number", &work, said(FACT_INCONVENIENT_PLACE), q,
               "known; other_number");
}

static void what_waits_needs_their_word(void **state)
{
    struct gate_question q = question(CHANNEL_CALL, NIGHT);
    struct contact rang = { .at = at("2026-06-09T10:00:00-04:00"),
                            .channel = CHANNEL_CALL,
                            .outcome = OUTCOME_NO_ANSWER,
                            .party = 1 };
    struct gate_fact bad = said(FACT_INCONVENIENT_TIME);
    struct rule both[] = { hours, cap };

    (void)state;
    check("night", 1, &hours, &q, "hour_agreed");
    assert_true(cures.ways[0].opens.us == q.at.us);
    q.history = &rang;
    q.history_count = 1;
    check("an appointment is consent to one more", 2, both, &q, "hour_agreed");
    q.at = at(NOON);
    check("count", 1, &cap, &q, "more_contact");
    bad.hours = (struct bad_hours){ .from = 11 * 3600, .to = 14 * 3600 };
    check_fact("called bad", &hours, bad, q, "hour_agreed; hour_fine");
}

static void something_must_go_first(void **state)
{
    struct gate_question q = question(CHANNEL_COURT_FILING, NOON);

    (void)state;
    check("letter of claim", 1, &claim_first, &q, "sent_first");
    assert_true(cures.ways[0].opens.us == at("2026-07-11T00:00:00-04:00").us);
}

static void a_flat_ban_has_no_cure(void **state)
{
    struct place place = { "test", 1, 1 };
    struct gate_question q = question(CHANNEL_POSTCARD, NOON);
    struct rule with_hold[] = { never, hold };
    struct gate_fact held = said(FACT_HOLD);
    struct fault why;

    (void)state;
    with_hold[0].never =
        condition_compile(&arena, "channel == \"postcard\"", place, gate_fact_table(), &why);
    assert_non_null(with_hold[0].never);
    check("postcards", 1, with_hold, &q, "none");
    q.facts = &held;
    q.fact_count = 1;
    check("and a hold", 2, with_hold, &q, "none");
    assert_string_equal(rule_id(cures.barred_by), "never");
    with_hold[0].never =
        condition_compile(&arena, "visibility != \"private\"", place, gate_fact_table(), &why);
    q.fact_count = 0;
    check("in private", 1, with_hold, &q, "known; sent_privately");
}

static void three_changes_are_the_most(void **state)
{
    struct rule rules[] = { opt_out, cease, attorney, hold };
    struct gate_fact facts[] = { said(FACT_OPT_OUT), said(FACT_CEASE), said(FACT_ATTORNEY),
                                 said(FACT_HOLD) };
    struct gate_question q = question(CHANNEL_EMAIL, NOON);

    (void)state;
    q.facts = facts;
    q.fact_count = 3;
    check("three", 4, rules, &q,
          "reopened+cease_withdrawn+attorney_agreed; reopened+they_ask+attorney_agreed");
    q.fact_count = 4;
    check("four", 4, rules, &q, "too_many");
    assert_true(cures.judged <= CURE_JUDGEMENTS_MOST);
}

static void what_would_wait_for_ever_is_no_cure(void **state)
{
    struct rule rules[] = { hold, hours };
    struct holiday monday;
    struct gate_fact held = said(FACT_HOLD);
    struct gate_question q = question(CHANNEL_CALL, NOON);

    (void)state;
    rules[1].hours.windows[0] = (struct day_window){ 0x01, 0, 1 }; /* one second a week… */
    assert_true(holiday_parse("2026-06-15", &monday));             /* …that is shut       */
    rules[1].hours.holidays = &monday;
    rules[1].hours.holiday_count = 1;
    q.facts = &held;
    q.fact_count = 1;
    cure_by(2, rules, &q);
    assert_int_equal(cures.outcome, CURES_FOUND);
    assert_true(cures.ways[0].opens.us == at("2026-06-22T00:00:00-04:00").us);
}

static void every_cure_has_words(void **state)
{
    char text[CURE_TEXT];

    (void)state;
    for (int channel = 0; channel < CHANNEL_COUNT; channel++) {
        for (int kind = 0; kind < CURE_KIND_COUNT; kind++) {
            struct cure cure = { .kind = (enum cure_kind)kind,
                                 .what = "letter_of_claim",
                                 .channel = (enum channel)channel,
                                 .days = 14 };
            cure_print(&cure, text);
            assert_true(strlen(text) > 20 && strlen(text) < CURE_TEXT - 1);
            assert_true(text[0] >= 'A' && text[0] <= 'Z' && text[strlen(text) - 1] == '.');
            assert_null(strchr(text, '_'));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup(name, arena_begin)
        T(an_allowed_contact_needs_nothing),
        T(wishes_are_lifted_by_who_has_them),
        T(an_attorney_agrees_or_is_silent),
        T(holds_end_and_disputes_are_settled),
        T(an_address_needs_a_basis),
        T(a_message_is_mended),
        T(what_is_not_known_may_be_learned),
        T(what_waits_needs_their_word),
        T(something_must_go_first),
        T(a_flat_ban_has_no_cure),
        T(three_changes_are_the_most),
        T(what_would_wait_for_ever_is_no_cure),
        T(every_cure_has_words),
#undef T
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    arena_free(&arena);
    return failed;
}

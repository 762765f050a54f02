/* Which tasks follow from what is known: each kind, what makes it, and what ends it. */
#include "domain/task_of.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct arena arena;
static struct task_facts facts;

static struct instant at(const char *text)
{
    struct instant out;

    assert_true(instant_parse(text, &out));
    return out;
}

static struct day on(const char *text)
{
    struct day out;

    assert_true(day_parse(text, &out));
    return out;
}

/* An account with something open, on a Friday morning. */
static void begin(void)
{
    arena_reset(&arena);
    facts = (struct task_facts){ .now = at("2026-11-20T16:00:00Z"),
                                 .zone = zone_find("America/Chicago"),
                                 .open = { 10000, CURRENCY_USD } };
}

#define ADD(list, ...)                                                                         \
    do {                                                                                       \
        void *more = arena_alloc(&arena, sizeof *facts.list##s * (facts.list##_count + 1));    \
        if (facts.list##_count > 0)                                                            \
            memcpy(more, facts.list##s, sizeof *facts.list##s * facts.list##_count);           \
        facts.list##s = more;                                                                  \
        facts.list##s[facts.list##_count++] = (struct task_##list)__VA_ARGS__;                 \
    } while (0)
#define ADD_ROW(...)                                                                           \
    do {                                                                                       \
        void *more = arena_alloc(&arena, sizeof *facts.tasks * (facts.task_count + 1));        \
        if (facts.task_count > 0)                                                              \
            memcpy(more, facts.tasks, sizeof *facts.tasks * facts.task_count);                 \
        facts.tasks = more;                                                                    \
        facts.tasks[facts.task_count++] = (struct task_row)__VA_ARGS__;                        \
    } while (0)

/* All that follows, as "kind what number", in the order in which it comes out. */
static const char *made(void)
{
    struct task_wanted *all;
    size_t count;
    const char *text = "";

    tasks_of(&facts, &arena, &all, &count);
    for (size_t i = 0; i < count; i++)
        text = arena_print(&arena, "%s%s%s %s %d%s", text, i > 0 ? ", " : "",
                           task_name(all[i].kind), all[i].what, (int)all[i].number,
                           all[i].may_lapse ? " over" : "");
    return text;
}

static struct task_wanted only(void)
{
    struct task_wanted *all;
    size_t count;

    tasks_of(&facts, &arena, &all, &count);
    assert_int_equal(count, 1);
    return all[0];
}

static void asked(int32_t number, const char *moment)
{
    ADD(contact, { .number = number, .at = at(moment), .incoming = true, .channel = CHANNEL_EMAIL,
                   .outcome = OUTCOME_MESSAGE, .note = "Could you call me?" });
}

static void did(int32_t number, const char *moment, enum channel channel, enum outcome outcome)
{
    ADD(contact, { .number = number, .at = at(moment), .channel = channel, .outcome = outcome });
}

/* ---- Replies and callbacks --------------------------------------------------------------- */

static void a_message_waits_for_an_answer(void **state)
{
    static const struct {
        enum channel channel;
        enum outcome outcome;
        bool answers;
    } deeds[] = {
        { CHANNEL_EMAIL, OUTCOME_SENT, true },        { CHANNEL_LETTER, OUTCOME_DELIVERED, true },
        { CHANNEL_CALL, OUTCOME_CONVERSATION, true }, { CHANNEL_SMS, OUTCOME_MESSAGE, true },
        { CHANNEL_CALL, OUTCOME_NO_ANSWER, false },   { CHANNEL_CALL, OUTCOME_VOICEMAIL, false },
        { CHANNEL_EMAIL, OUTCOME_BOUNCED, false },    { CHANNEL_CALL, OUTCOME_WRONG_NUMBER, false },
        { CHANNEL_CALL, OUTCOME_BUSY, false },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(deeds); i++) {
        begin();
        facts.open.currency = CURRENCY_NONE; /* who owes nothing is answered, too */
        asked(7, "2026-11-19T20:00:00Z");
        assert_string_equal(made(), "reply contact 7");
        did(8, "2026-11-19T22:00:00Z", deeds[i].channel, deeds[i].outcome);
        assert_string_equal(made(), deeds[i].answers ? "" : "reply contact 7");
        did(9, "2026-11-18T22:00:00Z", CHANNEL_CALL, OUTCOME_CONVERSATION); /* before */
        assert_string_equal(made(), deeds[i].answers ? "" : "reply contact 7");
    }
}

static void messages_that_wait_are_one_task(void **state)
{
    (void)state;
    begin();
    asked(7, "2026-11-19T20:00:00Z");
    asked(9, "2026-11-20T09:00:00Z");
    struct task_wanted w = only();
    assert_int_equal(w.number, 7);
    assert_int_equal(w.count, 2);
    /* Of one moment the number tells which came first. */
    did(8, "2026-11-20T09:00:00Z", CHANNEL_EMAIL, OUTCOME_SENT);
    assert_string_equal(made(), "reply contact 9");
    did(10, "2026-11-20T09:00:00Z", CHANNEL_EMAIL, OUTCOME_SENT);
    assert_string_equal(made(), "");
}

static void an_answer_of_the_outbox_counts_while_it_stands(void **state)
{
    static const struct {
        const char *purpose, *state;
        bool answers;
    } messages[] = { { "reply", "ready", true },    { "reply", "sent", true },
                     { "requested", "sent", true }, { "reply", "expired", false },
                     { "reply", "refused", false }, { "reply", "bounced", false },
                     { NULL, "sent", false },       { "statutory_notice", "sent", false } };

    (void)state;
    for (size_t i = 0; i < COUNT(messages); i++) {
        begin();
        asked(7, "2026-11-19T20:00:00Z");
        ADD(message, { .number = 8, .channel = CHANNEL_EMAIL, .purpose = messages[i].purpose,
                       .state = messages[i].state, .decided_at = at("2026-11-19T21:00:00Z") });
        assert_string_equal(made(), messages[i].answers ? "" : "reply contact 7");
    }
}

static void a_reply_is_due_after_one_working_day(void **state)
{
    static const char *const due[][2] = {
        { "2026-11-16T12:00:00Z", "2026-11-17T23:00:00Z" }, /* Monday: Tuesday, 5 pm */
        { "2026-11-20T22:00:00Z", "2026-11-23T23:00:00Z" }, /* Friday: Monday */
        { "2026-11-21T12:00:00Z", "2026-11-23T23:00:00Z" }, /* Saturday: Monday */
        { "2026-11-23T04:00:00Z", "2026-11-23T23:00:00Z" }, /* late on Sunday there */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(due); i++)
        assert_int_equal(task_due(at(due[i][0]), 1, zone_find("America/Chicago")).us,
                         at(due[i][1]).us);
}

static void who_wants_a_call_is_called_once(void **state)
{
    (void)state;
    begin();
    ADD(contact, { .number = 3, .at = at("2026-11-19T15:00:00Z"), .channel = CHANNEL_CALL,
                   .outcome = OUTCOME_CONVERSATION,
                   .callback_at = at("2026-11-23T16:00:00Z") });
    struct task_wanted w = only();
    assert_int_equal(w.kind, TASK_CALLBACK);
    assert_int_equal(w.due.us, at("2026-11-23T16:00:00Z").us);
    assert_int_equal(w.hidden_until.us, at("2026-11-23T06:00:00Z").us); /* that day */
    did(4, "2026-11-20T10:00:00Z", CHANNEL_EMAIL, OUTCOME_SENT); /* is no call */
    assert_string_equal(made(), "callback contact 3");
    did(5, "2026-11-20T11:00:00Z", CHANNEL_CALL, OUTCOME_NO_ANSWER); /* we kept our word */
    assert_string_equal(made(), "");
}

static void a_later_wish_takes_the_place_of_the_first(void **state)
{
    (void)state;
    begin();
    ADD(contact, { .number = 3, .at = at("2026-11-19T15:00:00Z"), .incoming = true,
                   .channel = CHANNEL_EMAIL, .outcome = OUTCOME_MESSAGE,
                   .callback_at = at("2026-11-20T18:00:00Z") });
    assert_string_equal(made(), "callback contact 3"); /* no reply as well */
    ADD(contact, { .number = 6, .at = at("2026-11-20T15:00:00Z"), .incoming = true,
                   .channel = CHANNEL_EMAIL, .outcome = OUTCOME_MESSAGE,
                   .callback_at = at("2026-11-24T18:00:00Z") });
    assert_string_equal(made(), "callback contact 6");
}

static void old_news_makes_no_work(void **state)
{
    (void)state;
    begin();
    asked(7, "2026-10-01T20:00:00Z");
    assert_string_equal(made(), "");
    ADD_ROW({ .number = 1, .origin = "contact 7", .state = TASK_OPEN,
              .made_at = at("2026-10-01T20:00:00Z") });
    assert_string_equal(made(), "reply contact 7"); /* it was work when it was news */
}

/* ---- What people decided ----------------------------------------------------------------- */

static void what_was_done_stays_done_until_there_is_news(void **state)
{
    (void)state;
    begin();
    asked(7, "2026-11-19T20:00:00Z");
    ADD_ROW({ .number = 1, .kind = TASK_REPLY, .origin = "contact 7", .state = TASK_DROPPED,
              .made_at = at("2026-11-19T20:00:00Z"), .state_at = at("2026-11-19T21:00:00Z") });
    assert_string_equal(made(), "");
    asked(8, "2026-11-19T20:30:00Z"); /* had come by then: it was seen with the first */
    assert_string_equal(made(), "");
    asked(9, "2026-11-20T10:00:00Z");
    assert_string_equal(made(), "reply contact 9");
}

/* ---- Money ------------------------------------------------------------------------------- */

static void failed(const char *state_name)
{
    ADD(payment, { .number = 4, .received_day = on("2026-11-16"), .state_day = on("2026-11-18"),
                   .state = state_name, .money = { 6000, CURRENCY_USD } });
}

static void money_that_went_back_is_work(void **state)
{
    static const char *const states[] = { "failed", "returned", "charged_back" };

    (void)state;
    for (size_t i = 0; i < COUNT(states); i++) {
        begin();
        failed(states[i]);
        assert_string_equal(made(), "payment payment 4");
        ADD(payment, { .number = 6, .received_day = on("2026-11-17"), .stands = true,
                       .state = "settled" }); /* before */
        assert_string_equal(made(), "payment payment 4");
        ADD(payment, { .number = 8, .received_day = on("2026-11-19"), .stands = true,
                       .state = "pending" });
        assert_string_equal(made(), "");
    }
    begin();
    failed("moved");
    failed("duplicate");
    assert_string_equal(made(), "");
}

static void talk_ends_it_when_it_came_after(void **state)
{
    (void)state;
    begin();
    failed("returned");
    did(5, "2026-11-18T20:00:00Z", CHANNEL_CALL, OUTCOME_CONVERSATION); /* the same day: before? */
    assert_string_equal(made(), "payment payment 4");
    ADD_ROW({ .number = 1, .origin = "payment 4", .state = TASK_OPEN,
              .made_at = at("2026-11-18T19:00:00Z") });
    assert_string_equal(made(), ""); /* it is known that it came after */
    begin();
    failed("returned");
    did(5, "2026-11-19T20:00:00Z", CHANNEL_CALL, OUTCOME_CONVERSATION);
    assert_string_equal(made(), "");
    begin();
    failed("returned");
    facts.open.currency = CURRENCY_NONE; /* nothing is owed any more */
    assert_string_equal(made(), "");
}

static void a_broken_promise_asks_what_changed(void **state)
{
    (void)state;
    begin();
    ADD(promise, { .number = 5, .state = PROMISE_BROKEN, .made_day = on("2026-11-02"),
                   .due_day = on("2026-11-12"), .state_day = on("2026-11-16"),
                   .money = { 8000, CURRENCY_USD } });
    struct task_wanted w = only();
    assert_int_equal(w.kind, TASK_MISSED);
    assert_int_equal(w.due.us, at("2026-11-17T23:00:00Z").us);
    ADD(promise, { .number = 9, .state = PROMISE_OPEN, .made_day = on("2026-11-17"),
                   .due_day = on("2026-11-30"), .money = { 8000, CURRENCY_USD } });
    assert_string_equal(made(), "promise promise 9");
}

static void of_a_plan_the_last_one_stands_for_all(void **state)
{
    (void)state;
    begin();
    ADD(plan, { .number = 2, .state = PLAN_ACTIVE });
    for (int i = 0; i < 2; i++)
        ADD(promise, { .number = 5 + i, .plan = 2, .item = 1 + i, .state = PROMISE_BROKEN,
                       .made_day = on("2026-10-02"), .due_day = on("2026-11-12"),
                       .state_day = day_plus(on("2026-11-14"), i),
                       .money = { 100 + i, CURRENCY_USD } });
    ADD(promise, { .number = 8, .plan = 2, .item = 3, .state = PROMISE_OPEN,
                   .made_day = on("2026-10-02"), .due_day = on("2026-11-21") });
    struct task_wanted w = only(); /* instalments to come are no work */
    assert_string_equal(w.what, "plan");
    assert_int_equal(w.number, 2);
    assert_int_equal(w.money.minor, 101);
    facts.plans[0].state = PLAN_REPLACED;
    assert_string_equal(made(), "");
}

static void a_promise_shows_from_the_day_before(void **state)
{
    (void)state;
    begin();
    ADD(promise, { .number = 9, .state = PROMISE_OPEN, .made_day = on("2026-11-17"),
                   .due_day = on("2026-11-30"), .money = { 8000, CURRENCY_USD } });
    struct task_wanted w = only();
    assert_int_equal(w.hidden_until.us, at("2026-11-29T06:00:00Z").us);
    assert_int_equal(w.due.us, at("2026-11-30T23:00:00Z").us);
    facts.promises[0].state = PROMISE_KEPT;
    assert_string_equal(made(), "");
}

static void offers_wait_for_yes_or_no(void **state)
{
    (void)state;
    begin();
    ADD(offer, { .number = 3, .state = OFFER_OPEN, .theirs = true,
                 .made_at = at("2026-11-19T15:00:00Z"), .expires_day = on("2026-11-20") });
    struct task_wanted w = only();
    assert_int_equal(w.due.us, at("2026-11-20T23:00:00Z").us); /* while it stands */
    facts.offers[0].theirs = false;
    assert_string_equal(made(), "");
    facts.offers[0].state = OFFER_WAITING_APPROVAL;
    assert_string_equal(made(), "offer offer 3");
    facts.offers[0].state = OFFER_DECLINED;
    facts.offers[0].theirs = true;
    assert_string_equal(made(), "");
}

/* ---- Disputes, holds --------------------------------------------------------------------- */

static void a_dispute_is_due_by_its_day(void **state)
{
    (void)state;
    begin();
    facts.open.currency = CURRENCY_NONE;
    ADD(dispute, { .number = 3, .received_day = on("2026-11-01"),
                   .answer_day = on("2026-12-01"), .reason = "amount" });
    struct task_wanted w = only();
    assert_int_equal(w.due.us, at("2026-12-01T23:00:00Z").us);
    facts.disputes[0].answer_day = DAY_NEVER;
    assert_int_equal(only().due.us, INSTANT_NEVER.us);
}

static void holds_are_decided_and_reviewed(void **state)
{
    (void)state;
    begin();
    ADD(hold, { .number = 3, .kind = "hardship", .at = at("2026-11-19T15:00:00Z"),
                .until = INSTANT_NEVER, .review = DAY_NONE });
    assert_string_equal(made(), "hardship hold 3");
    facts.holds[0].review = on("2026-12-01");
    facts.holds[0].decided = true;
    struct task_wanted w = only();
    assert_int_equal(w.kind, TASK_REVIEW);
    assert_int_equal(w.hidden_until.us, at("2026-12-01T06:00:00Z").us);
    facts.holds[0].kind = "manual";
    facts.holds[0].review = DAY_NONE;
    assert_string_equal(made(), "");
    facts.holds[0].kind = "complaint";
    facts.open.currency = CURRENCY_NONE;
    assert_string_equal(made(), "complaint hold 3");
    facts.holds[0].until = at("2026-11-20T15:00:00Z"); /* lifted, or over by itself */
    assert_string_equal(made(), "complaint hold 3 over");
}

/* ---- Addresses, calls -------------------------------------------------------------------- */

static void an_address_is_judged_by_how_it_last_fared(void **state)
{
    (void)state;
    begin();
    ADD(point, { .number = 2, .channel = CHANNEL_CALL, .address = "+16085550132" });
    did(5, "2026-11-17T20:00:00Z", CHANNEL_CALL, OUTCOME_WRONG_NUMBER); /* no number said */
    assert_string_equal(made(), "address point 2");
    facts.contacts[0].address = "+16085550199"; /* another one */
    assert_string_equal(made(), "");
    facts.contacts[0].address = "+16085550132";
    assert_string_equal(made(), "address point 2");
    ADD(contact, { .number = 6, .at = at("2026-11-18T20:00:00Z"), .channel = CHANNEL_CALL,
                   .outcome = OUTCOME_NO_ANSWER, .address = "+16085550132" });
    assert_string_equal(made(), "address point 2"); /* says nothing */
    ADD(contact, { .number = 7, .at = at("2026-11-19T20:00:00Z"), .channel = CHANNEL_SMS,
                   .incoming = true, .outcome = OUTCOME_CONVERSATION,
                   .address = "+16085550132" });
    assert_string_equal(made(), "");
}

static void what_came_back_makes_an_address_bad(void **state)
{
    (void)state;
    begin();
    ADD(point, { .number = 1, .channel = CHANNEL_EMAIL, .address = "ann@example.org" });
    ADD(message, { .number = 8, .channel = CHANNEL_EMAIL, .state = "bounced",
                   .address = "ann@example.org", .state_at = at("2026-11-18T20:00:00Z") });
    assert_string_equal(made(), "address point 1");
    facts.points[0].address = "ann@example.net"; /* a new one is known */
    assert_string_equal(made(), "");
    facts.points[0].bad = true;
    assert_string_equal(made(), "address point 1");
}

/* Nothing says since when: it is work from now on, or from when its open task was made; what
 * was settled before is another story. */
static void an_address_turned_bad_by_hand_is_dated_by_its_own_task(void **state)
{
    (void)state;
    begin();
    ADD(point, { .number = 1, .channel = CHANNEL_EMAIL, .address = "ann@example.org",
                 .bad = true });
    ADD_ROW({ .number = 1, .kind = TASK_ADDRESS, .origin = "point 1", .state = TASK_SETTLED,
              .made_at = at("2026-10-01T09:00:00Z"),
              .state_at = at("2026-10-02T09:00:00Z") });
    assert_int_equal(only().at.us, facts.now.us);
    facts.tasks[0].state = TASK_OPEN;
    assert_int_equal(only().at.us, at("2026-10-01T09:00:00Z").us);
}

static void a_planned_call_waits_for_somebody(void **state)
{
    (void)state;
    begin();
    ADD(message, { .number = 8, .channel = CHANNEL_CALL, .state = "ready", .step = "call",
                   .not_before = at("2026-11-20T18:00:00Z"),
                   .expires_at = at("2026-11-27T18:00:00Z") });
    struct task_wanted w = only();
    assert_int_equal(w.kind, TASK_CALL);
    assert_int_equal(w.hidden_until.us, at("2026-11-20T18:00:00Z").us);
    facts.messages[0].state = "expired";
    assert_string_equal(made(), "");
}

static void ranks_put_who_waits_first(void **state)
{
    (void)state;
    for (int k = 0; k < TASK_KIND_COUNT; k++) {
        enum task_kind kind = (enum task_kind)k, again;
        assert_true(task_parse(task_name(kind), &again) && again == kind);
        assert_true(strlen(task_title(kind)) > 0 && strlen(task_order_words(kind)) > 0);
        for (int j = 0; j < TASK_KIND_COUNT; j++) {
            if (task_group_of(kind) < task_group_of((enum task_kind)j))
                assert_true(task_rank(kind) < task_rank((enum task_kind)j));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_waits_for_an_answer),
        cmocka_unit_test(messages_that_wait_are_one_task),
        cmocka_unit_test(an_answer_of_the_outbox_counts_while_it_stands),
        cmocka_unit_test(a_reply_is_due_after_one_working_day),
        cmocka_unit_test(who_wants_a_call_is_called_once),
        cmocka_unit_test(a_later_wish_takes_the_place_of_the_first),
        cmocka_unit_test(old_news_makes_no_work),
        cmocka_unit_test(what_was_done_stays_done_until_there_is_news),
        cmocka_unit_test(money_that_went_back_is_work),
        cmocka_unit_test(talk_ends_it_when_it_came_after),
        cmocka_unit_test(a_broken_promise_asks_what_changed),
        cmocka_unit_test(of_a_plan_the_last_one_stands_for_all),
        cmocka_unit_test(a_promise_shows_from_the_day_before),
        cmocka_unit_test(offers_wait_for_yes_or_no),
        cmocka_unit_test(a_dispute_is_due_by_its_day),
        cmocka_unit_test(holds_are_decided_and_reviewed),
        cmocka_unit_test(an_address_is_judged_by_how_it_last_fared),
        cmocka_unit_test(what_came_back_makes_an_address_bad),
        cmocka_unit_test(an_address_turned_bad_by_hand_is_dated_by_its_own_task),
        cmocka_unit_test(a_planned_call_waits_for_somebody),
        cmocka_unit_test(ranks_put_who_waits_first),
    };
    int failed_tests = cmocka_run_group_tests(tests, NULL, NULL);

    arena_free(&arena);
    return failed_tests;
}

/* Webhooks: what is drawn from the journal, when it is tried again, and when it is given up. The
 * receiver is a port on which nobody listens; real ones are in tests/webhook_test.py. */
#include "flow/user_fixture.h"
#include "flow/house.h"
#include "flow/note.h"
#include "flow/webhook_send.h"

static const char nobody[] = "https://127.0.0.1:1/hook";

static int64_t hook_add(struct people *p, const char *kinds)
{
    const struct webhook_input in = { .url = nobody, .events = kinds };
    char secret[WEBHOOK_SECRET_TEXT];
    struct fault why = { 0 };
    int64_t number;

    people_begin(p);
    assert_fine(house_setting_put(&p->b, "webhook_private", "yes", &why), why);
    assert_fine(webhook_add(&p->b, &in, &number, secret, &why), why);
    people_keep(p);
    assert_true(text_starts(secret, "whsec_"));
    assert_int_equal(strlen(secret), 6 + 44);
    return number;
}

static void notes_add(struct people *p, int count)
{
    struct fault why = { 0 };

    people_begin(p);
    for (int i = 0; i < count; i++) {
        const struct debtor_input who = { .reference = "W-1", .creditor = "Firm", .name = "Wren" };
        const struct note_input in = { .text = "something" };
        struct casefile_key key;
        enum change change;
        int32_t number;
        assert_fine(book_debtor_put(&p->b, &who, &key, &change, &why), why);
        assert_fine(book_note_add(&p->b, key, &in, &number, &change, &why), why);
    }
    people_keep(p);
}

static struct webhook_round round_of(struct people *p, struct webhook_sender *s)
{
    struct webhook_round out;
    struct fault why = { 0 };

    assert_fine(webhook_sender_round(s, p->b.now, &out, &why), why);
    return out;
}

static struct webhook hook_get(struct people *p, int64_t number)
{
    struct fault why = { 0 };
    struct webhook w;

    assert_fine(webhook_load(p->b.store, &p->a, number, &w, &why), why);
    return w;
}

static struct webhook_delivery *list_of(struct people *p, size_t *count)
{
    struct webhook_delivery *all;
    struct fault why = { 0 };

    assert_fine(webhook_deliveries(p->b.store, &p->a, 1000, &all, count, &why), why);
    return all;
}

static struct webhook_sender *sender_of(struct people *p)
{
    struct fault why = { 0 };
    struct webhook_sender *s = webhook_sender_open(p->f.url, NULL, NULL, &why);

    assert_fine(s != NULL, why);
    return s;
}

static void test_what_is_wanted(void **state)
{
    const struct webhook all = { .events = "*" }, some = { .events = "payment promise_settled" };

    (void)state;
    assert_true(webhook_wants(&all, "note", true));
    assert_false(webhook_wants(&all, "user", false));
    assert_true(webhook_wants(&some, "payment", true));
    assert_true(webhook_wants(&some, "promise_settled", true));
    assert_false(webhook_wants(&some, "promise", true));
    assert_false(webhook_wants(&some, "settled", true));
    assert_false(webhook_wants(&some, "pay", true));
    for (int64_t i = 1; i < WEBHOOK_ATTEMPTS; i++)
        assert_true(webhook_wait(i) > 0);
    assert_int_equal(webhook_wait(WEBHOOK_ATTEMPTS), 0);
    assert_int_equal(webhook_wait(0), 0);
}

static void test_each_record_is_one_delivery(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "webhooks") {
        size_t count;
        notes_add(&p, 3); /* before it was made: not told */
        hook_add(&p, "note");
        int64_t all = hook_add(&p, "*");
        notes_add(&p, 700); /* more than one transaction draws */
        struct webhook_sender *one = sender_of(&p), *two = sender_of(&p);
        assert_int_equal(round_of(&p, one).drawn, 1400);
        assert_int_equal(round_of(&p, two).drawn, 0);
        notes_add(&p, 2);
        assert_int_equal(round_of(&p, two).drawn, 4);
        assert_int_equal(round_of(&p, one).drawn, 0);
        struct webhook_delivery *list = list_of(&p, &count);
        assert_int_equal(count, 1000);
        assert_string_equal(list[0].kind, "note");
        struct fault why = { 0 };
        people_begin(&p);
        assert_fine(webhook_drop(&p.b, all, &why), why);
        people_keep(&p);
        list_of(&p, &count);
        assert_int_equal(count, 702);
        webhook_sender_close(one);
        webhook_sender_close(two);
    }
}

static void test_attempts_and_the_end_of_them(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "webhooks") {
        struct fault why = { 0 };
        int64_t number = hook_add(&p, "note");
        size_t count;
        notes_add(&p, 2);
        struct webhook_sender *s = sender_of(&p);
        for (int64_t i = 1; i <= WEBHOOK_ATTEMPTS; i++) {
            round_of(&p, s); /* of two that are due one is tried: nobody answers */
            people_later(&p, 1);
            struct webhook_round r = round_of(&p, s);
            assert_int_equal(r.given_up + r.refused > 0 || i == WEBHOOK_ATTEMPTS, true);
            people_later(&p, webhook_wait(i) > 0 ? webhook_wait(i) : 1);
        }
        struct webhook w = hook_get(&p, number);
        assert_string_equal(w.state, "failing");
        assert_non_null(strstr(w.fault, "No answer"));
        notes_add(&p, 1);
        assert_int_equal(round_of(&p, s).drawn, 0); /* it waits in the journal */
        people_begin(&p);
        assert_false(webhook_switch(&p.b, number, true, &why) &&
                     webhook_switch(&p.b, number, true, &why));
        book_undo(&p.b);
        why = (struct fault){ 0 };
        people_begin(&p);
        assert_fine(webhook_switch(&p.b, number, true, &why), why);
        people_keep(&p);
        struct webhook_round r = round_of(&p, s);
        assert_int_equal(r.drawn, 1);
        assert_int_equal(r.refused, 1);
        struct webhook_delivery *list = list_of(&p, &count);
        assert_int_equal(count, 3);
        for (size_t i = 0; i < count; i++)
            assert_string_equal(list[i].state, "waiting");
        assert_int_equal(people_records(&p, "webhook", "\"change\":\"failing\""), 1);
        assert_int_equal(people_records(&p, "webhook", "\"change\":\"switched_on\""), 1);
        webhook_sender_close(s);
    }
}

static void test_replay_and_what_is_none(void **state)
{
    static const struct {
        const char *id;
        enum fault_code code;
    } cases[] = { { "1.1.1", NOT_FOUND }, { "x", NOT_FOUND }, { "1.1", NOT_FOUND },
                  { "1.99.1", NOT_FOUND }, { "1.1.1.1", NOT_FOUND }, { "", NOT_FOUND } };
    struct people p;

    (void)state;
    EACH_DATABASE(p, "webhooks") {
        size_t count;
        hook_add(&p, "note");
        notes_add(&p, 1);
        struct webhook_sender *s = sender_of(&p);
        round_of(&p, s);
        for (size_t i = 0; i < COUNT(cases); i++) {
            struct fault why = { 0 };
            people_begin(&p);
            assert_false(webhook_replay(&p.b, cases[i].id, &why));
            assert_int_equal(why.code, cases[i].code);
            book_undo(&p.b);
        }
        struct webhook_delivery *list = list_of(&p, &count);
        struct fault why = { 0 };
        people_begin(&p);
        assert_fine(webhook_replay(&p.b, list[0].id, &why), why);
        people_keep(&p);
        list = list_of(&p, &count);
        assert_int_equal(list[0].attempt, 0);
        assert_int_equal(round_of(&p, s).refused, 1);
        webhook_sender_close(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_wanted),
        cmocka_unit_test(test_each_record_is_one_delivery),
        cmocka_unit_test(test_attempts_and_the_end_of_them),
        cmocka_unit_test(test_replay_and_what_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What a second person must agree to: roles that administer, and offers beyond a limit. */
#include "flow/user_fixture.h"

#include "flow/approval.h"
#include "flow/offer.h"
#include "flow/user_role.h"

static int64_t give(struct people *p, int64_t by, int64_t number, const char *role)
{
    struct role_wish wish = { .by = by, .reason = "Ann is away in May" };
    struct fault why = { 0 };
    int64_t approval;

    people_begin(p);
    assert_fine(user_role_give(&p->b, p->roles, &wish, number, people_get(p, number).version, role,
                               &approval, &why), why);
    people_keep(p);
    return approval;
}

static enum fault_code answer(struct people *p, const char *id, int64_t by, bool agrees,
                              const char *text)
{
    struct fault why;

    return people_answer(p, id, by, agrees, text, &why);
}

static size_t items(struct people *p, int64_t by, struct approval_item **out)
{
    struct approver who = people_as(p, by);
    struct fault why = { 0 };
    size_t count;

    assert_fine(approval_items(p->b.store, &p->a, p->roles, p->b.zone, p->b.now, &who, out, &count,
                               &why), why);
    /* as many as the bell of the console says */
    int64_t may = 0, counted;
    for (size_t i = 0; i < count; i++)
        may += (*out)[i].may && !(*out)[i].mine;
    assert_fine(approval_count(p->b.store, &p->a, &who, 100, &counted, &why), why);
    assert_int_equal(counted, may);
    return count;
}

static void test_roles_that_give_nothing_are_given_at_once(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "approval") {
        assert_int_equal(give(&p, p.ann, p.cid, "team_lead"), 0);
        assert_string_equal(people_get(&p, p.cid).role, "team_lead");
        /* with nobody else to ask, the one administrator does it alone */
        assert_int_equal(give(&p, p.ann, p.bea, "administrator"), 0);
        assert_string_equal(people_get(&p, p.bea).role, "administrator");
        /* and what takes the permission away needs nobody */
        assert_int_equal(give(&p, p.ann, p.bea, "manager"), 0);
    }
}

static void test_a_second_administrator_agrees(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "approval") {
        struct approval_item *all;
        struct approval asked;
        struct fault why = { 0 };
        give(&p, p.ann, p.bea, "administrator");
        int64_t number = give(&p, p.ann, p.cid, "administrator");
        assert_int_equal(number, 1);
        assert_string_equal(people_get(&p, p.cid).role, "collector");
        assert_int_equal(items(&p, p.ann, &all), 1);
        assert_true(all[0].mine);
        assert_int_equal(items(&p, p.cid, &all), 0);
        assert_int_equal(items(&p, p.bea, &all), 1);
        assert_false(all[0].mine);
        assert_true(all[0].may);
        assert_string_equal(all[0].tale.what,
                            "cid@firm.example, Collector now, becomes Administrator");
        assert_string_equal(all[0].reason, "Ann is away in May");

        assert_int_equal(answer(&p, "1", p.ann, true, NULL), NOT_ALLOWED); /* the asker */
        assert_int_equal(answer(&p, "1", p.cid, true, NULL), NOT_ALLOWED); /* no administrator */
        assert_int_equal(answer(&p, "2", p.bea, true, NULL), NOT_FOUND);
        assert_int_equal(answer(&p, "x", p.bea, true, NULL), NOT_FOUND);
        assert_int_equal(answer(&p, "1", p.bea, true, "fine"), FAULT_NONE);
        assert_string_equal(people_get(&p, p.cid).role, "administrator");
        assert_int_equal(answer(&p, "1", p.bea, true, NULL), CONFLICT); /* once */
        assert_fine(approval_load(p.b.store, &p.a, 1, &asked, &why), why);
        assert_int_equal(asked.state, APPROVED);
        assert_int_equal(asked.decided_by, p.bea);
        assert_string_equal(asked.answer, "fine");
        assert_int_equal(people_records(&p, "approval", "\"change\":\"asked\""), 1);
        assert_int_equal(people_records(&p, "approval", "\"change\":\"approved\""), 1);
    }
}

static void test_no_has_a_reason(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "approval") {
        give(&p, p.ann, p.bea, "administrator");
        give(&p, p.ann, p.cid, "administrator");
        assert_int_equal(answer(&p, "1", p.bea, false, " "), BAD_VALUE);
        assert_int_equal(answer(&p, "1", p.bea, false, NULL), BAD_VALUE);
        assert_int_equal(answer(&p, "1", p.bea, false, "Two are enough"), FAULT_NONE);
        assert_string_equal(people_get(&p, p.cid).role, "collector");
        assert_int_equal(answer(&p, "1", p.bea, true, NULL), CONFLICT);
        assert_int_equal(give(&p, p.ann, p.cid, "administrator"), 2); /* may be asked again */
    }
}

static void test_what_changed_meanwhile_is_looked_at_again(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "approval") {
        struct fault why = { 0 };
        int64_t freed;
        give(&p, p.ann, p.bea, "administrator");
        give(&p, p.ann, p.cid, "administrator");
        people_begin(&p); /* a new password is nothing to look at */
        assert_fine(user_password_set(&p.b, p.cid, "another-password", &why), why);
        assert_fine(user_details_set(&p.b, p.cid, people_get(&p, p.cid).version, "Cid", "Acme",
                                     NULL, &why), why);
        people_keep(&p);
        assert_int_equal(answer(&p, "1", p.bea, true, NULL), CONFLICT);
        assert_string_equal(people_get(&p, p.cid).role, "collector");
        people_begin(&p);
        assert_fine(user_details_set(&p.b, p.cid, people_get(&p, p.cid).version, "Cid", NULL, NULL,
                                     &why), why);
        people_keep(&p);
        people_begin(&p);
        assert_fine(user_disable(&p.b, p.roles, p.cid, people_get(&p, p.cid).version, &freed,
                                 &why), why);
        people_keep(&p);
        assert_int_equal(answer(&p, "1", p.bea, true, NULL), CONFLICT);
        assert_int_equal(answer(&p, "1", p.bea, false, "left us"), FAULT_NONE);
    }
}

static void test_who_asked_withdraws(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "approval") {
        struct fault why = { 0 };
        give(&p, p.ann, p.bea, "administrator");
        give(&p, p.ann, p.cid, "administrator");
        struct approver ann = people_as(&p, p.ann), bea = people_as(&p, p.bea);
        struct role_wish again = { .by = p.bea };
        int64_t number;
        people_begin(&p);
        assert_false(approval_take_back(&p.b, "1", &bea, &why));
        assert_int_equal(why.code, NOT_ALLOWED);
        assert_false(user_role_give(&p.b, p.roles, &again, p.cid, people_get(&p, p.cid).version,
                                    "administrator", &number, &why));
        assert_int_equal(why.code, CONFLICT); /* it waits already */
        assert_fine(approval_take_back(&p.b, "1", &ann, &why), why);
        people_keep(&p);
        assert_int_equal(answer(&p, "1", p.bea, true, NULL), CONFLICT);
        struct approval_item *all;
        assert_int_equal(items(&p, p.bea, &all), 0);
    }
}

/* More than any page lists, and all of them older. */
static void crowd(struct people *p, int64_t count)
{
    struct fault why = { 0 };

    people_begin(p);
    for (int64_t i = 1; i <= count; i++) {
        struct query q = query_begin(p->b.store, Q_APPROVAL_ADD);
        bind_int(&q, i);
        bind_text(&q, "role");
        bind_text(&q, arena_print(&p->a, "somebody %lld", (long long)i));
        bind_text(&q, "{}");
        bind_text(&q, NULL);
        bind_text(&q, NULL);
        bind_int(&q, p->ann);
        bind_int(&q, 1);
        assert_fine(query_run(&q, &why), why);
    }
    people_keep(p);
}

static void test_asked_once_however_many_wait(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "approval") {
        struct role_wish again = { .by = p.bea };
        struct fault why = { 0 };
        int64_t number;
        give(&p, p.ann, p.bea, "administrator");
        crowd(&p, 600);
        assert_int_equal(give(&p, p.ann, p.cid, "administrator"), 601);
        people_begin(&p);
        assert_false(user_role_give(&p.b, p.roles, &again, p.cid, people_get(&p, p.cid).version,
                                    "administrator", &number, &why));
        assert_int_equal(why.code, CONFLICT);
        store_undo(p.b.store);
        struct approver bea = people_as(&p, p.bea);
        int64_t counted;
        assert_fine(approval_count(p.b.store, &p.a, &bea, 100, &counted, &why), why);
        assert_int_equal(counted, 100);
    }
}

static void test_newcomers_who_would_administer(void **state)
{
    static const struct user_input dan = { "Dan@firm.example", "Dan", "administrator",
                                           "Acme, Inc.\nBeta", NULL, NULL };
    struct people p;

    (void)state;
    EACH_DATABASE(p, "approval") {
        struct role_wish wish = { .by = p.ann, .reason = "nights" },
                         shell = { .by = 0 },
                         alone = { .by = 0, .override = "everybody else has left" };
        struct fault why = { 0 };
        int64_t number, approval;
        give(&p, p.ann, p.bea, "administrator");
        people_begin(&p);
        assert_fine(user_take_in(&p.b, p.roles, &wish, &dan, &number, &approval, &why), why);
        assert_int_equal(number, 0);
        assert_int_equal(approval, 1);
        assert_false(user_take_in(&p.b, p.roles, &shell, &dan, &number, &approval, &why));
        assert_int_equal(why.code, CONFLICT);
        people_keep(&p);
        assert_int_equal(answer(&p, "1", p.bea, true, NULL), FAULT_NONE);
        struct user user;
        assert_fine(user_by_email(p.b.store, &p.a, "dan@firm.example", &user, &why), why);
        assert_string_equal(user.role, "administrator");
        assert_string_equal(user.clients, "Acme, Inc.\nBeta");
        assert_int_equal(user.state, USER_INVITED);

        struct user_input eve = { "eve@firm.example", "Eve", "administrator", NULL, NULL, NULL };
        people_begin(&p); /* the command line asks, too, unless it says why not */
        assert_fine(user_take_in(&p.b, p.roles, &shell, &eve, &number, &approval, &why), why);
        assert_int_equal(approval, 2);
        book_undo(&p.b);
        people_begin(&p);
        assert_fine(user_take_in(&p.b, p.roles, &alone, &eve, &number, &approval, &why), why);
        assert_int_equal(approval, 0);
        assert_true(number > 0);
        people_keep(&p);
        assert_int_equal(people_records(&p, "user", "everybody else has left"), 1);
    }
}

/* ---- Offers ---------------------------------------------------------------------------- */

/* Somebody owes 1,000.00; a collector offers to take 500.00, which is beyond their limit. */
static struct casefile_key offer(struct people *p, const char *reference, const char *creditor,
                                 const char *author, int32_t *number)
{
    const struct instalment_input slice = { fixture_day("2026-09-15"), 100000 };
    struct debtor_input who = { .reference = reference, .name = "Maya Thompson",
                                .creditor = creditor, .source = "test" };
    struct offer_input in = { .currency = CURRENCY_USD,
                              .minor = 50000,
                              .instalments = 1,
                              .first_day = fixture_day("2026-11-25"),
                              .expires_day = fixture_day("2026-11-28"),
                              .residual = RESIDUAL_FORGIVEN,
                              .author = author,
                              .role = "collector",
                              .reason = "has it at once" };
    struct casefile_key key;
    struct offer_ruling ruling;
    struct fault why = { 0 };
    enum change change;

    people_begin(p);
    assert_fine(book_debtor_put(&p->b, &who, &key, &change, &why), why);
    fixture_debt(&p->b, key, arena_print(&p->a, "INV-%s", reference), CURRENCY_USD,
                 fixture_day("2026-08-15"), 1, &slice);
    people_keep(p);
    people_begin(p);
    assert_fine(book_offer_add(&p->b, key, NULL, &in, number, &change, &ruling, &why), why);
    assert_int_equal(ruling.state, OFFER_WAITING_APPROVAL);
    people_keep(p);
    return key;
}

static enum offer_state state_of(struct people *p, struct casefile_key key, int32_t number)
{
    struct fault why = { 0 };
    struct held_offer o;

    assert_fine(offer_get(p->b.store, &p->a, key, number, p->b.zone, &o, &why), why);
    return o.state;
}

static void test_offers_that_wait_are_listed_and_settled(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "approval") {
        struct approval_item *all;
        int32_t one, two;
        struct casefile_key a = offer(&p, "FH-1", "Acme", "cid@firm.example", &one);
        people_later(&p, 60);
        struct casefile_key b = offer(&p, "FH-2", "Beta", "bea@firm.example", &two);
        assert_int_equal(items(&p, p.cid, &all), 0); /* may not approve */
        assert_int_equal(items(&p, p.ann, &all), 0); /* grants nothing in an account */
        assert_int_equal(items(&p, p.bea, &all), 2);
        assert_string_equal(all[0].subject, "FH-1");
        assert_string_equal(all[0].tale.what,
                            "Maya Thompson pays $500.00 of $1,000.00, at once");
        assert_string_equal(all[0].tale.told, "If you pay $500.00 by November 25, 2026, the rest, "
                                              "$500.00, is cancelled.");
        assert_non_null(strstr(all[0].tale.rule, "authority/house.yaml"));
        assert_false(all[0].mine);
        assert_true(all[1].mine); /* her own: somebody else decides */
        assert_int_equal(answer(&p, all[1].id, p.bea, true, NULL), NOT_ALLOWED);
        assert_int_equal(answer(&p, all[0].id, p.cid, true, NULL), NOT_ALLOWED);
        assert_int_equal(answer(&p, all[0].id, p.ann, true, NULL), NOT_ALLOWED);
        assert_int_equal(answer(&p, all[0].id, p.bea, true, NULL), FAULT_NONE);
        assert_int_equal(state_of(&p, a, one), OFFER_OPEN);
        assert_int_equal(answer(&p, all[0].id, p.bea, true, NULL), CONFLICT);
        struct approver bea = people_as(&p, p.bea);
        struct fault why = { 0 };
        people_begin(&p);
        assert_fine(approval_take_back(&p.b, all[1].id, &bea, &why), why);
        people_keep(&p);
        assert_int_equal(state_of(&p, b, two), OFFER_WITHDRAWN);
        assert_int_equal(items(&p, p.bea, &all), 0);
    }
}

static void test_what_one_may_not_see_does_not_wait(void **state)
{
    struct people p;

    (void)state;
    EACH_DATABASE(p, "approval") {
        struct approval_item *all;
        struct fault why = { 0 };
        int32_t one;
        struct casefile_key key = offer(&p, "FH-1", "Acme", "cid@firm.example", &one);
        assert_int_equal(items(&p, p.bea, &all), 1);
        const char *id = all[0].id;
        people_begin(&p);
        assert_fine(user_details_set(&p.b, p.bea, 1, "Bea", "Beta", NULL, &why), why);
        people_keep(&p);
        assert_int_equal(items(&p, p.bea, &all), 0);
        assert_int_equal(answer(&p, id, p.bea, true, NULL), NOT_FOUND);
        assert_int_equal(answer(&p, id, p.bea, false, "no"), NOT_FOUND);
        static const char *const wrong[] = { "offer-", "offer-1", "offer-1-1", "offer--1",
                                             "offer-9-0", "offer-x-y", "offer-1--1" };
        people_begin(&p);
        assert_fine(user_details_set(&p.b, p.bea, 2, "Bea", NULL, NULL, &why), why);
        people_keep(&p);
        for (size_t i = 0; i < COUNT(wrong); i++)
            assert_int_equal(answer(&p, wrong[i], p.bea, true, NULL), NOT_FOUND);
        assert_int_equal(answer(&p, id, p.bea, false, "too little"), FAULT_NONE);
        assert_int_equal(state_of(&p, key, one), OFFER_DECLINED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_roles_that_give_nothing_are_given_at_once),
        cmocka_unit_test(test_a_second_administrator_agrees),
        cmocka_unit_test(test_no_has_a_reason),
        cmocka_unit_test(test_what_changed_meanwhile_is_looked_at_again),
        cmocka_unit_test(test_who_asked_withdraws),
        cmocka_unit_test(test_asked_once_however_many_wait),
        cmocka_unit_test(test_newcomers_who_would_administer),
        cmocka_unit_test(test_offers_that_wait_are_listed_and_settled),
        cmocka_unit_test(test_what_one_may_not_see_does_not_wait),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* A plan beyond one's own limit: asked for, agreed to by another person, or refused when money
 * came since or its first payment is past. On both databases; every book proves sound at its
 * end. */
#include "flow/user_fixture.h"

#include "flow/account.h"
#include "flow/plan_ask.h"

struct plans {
    struct people p;
    struct account account;
    struct asking asking;
    struct fault why;
};

static bool plans_begin(struct plans *t, size_t kind)
{
    const struct instalment_input part = { fixture_day("2026-10-31"), 120000 };

    *t = (struct plans){ 0 };
    if (!people_open(&t->p, kind, "plan_ask"))
        return false;
    people_begin(&t->p);
    t->account = (struct account){ fixture_debtor(&t->p.b, "A"), "A", "A" };
    fixture_debt(&t->p.b, t->account.key, "INV-1", CURRENCY_USD, fixture_day("2026-10-01"), 1,
                 &part);
    people_keep(&t->p);
    return true;
}

#define EACH_BOOK(t)                                                                           \
    (void)state;                                                                               \
    for (size_t kind_ = 0; kind_ < FIXTURES; kind_++)                                          \
        for (bool once_ = plans_begin(&(t), kind_); once_; once_ = false, people_end(&(t).p))

/* So many months, asked for by a collector; FAULT_NONE: it waits. */
static enum fault_code ask(struct plans *t, int months, const char *once)
{
    const struct asker asker = { t->p.cid, "collector" };
    const struct plan_wish wish = { .currency = CURRENCY_USD,
                                    .role = "collector",
                                    .first_day = fixture_day("2026-11-20"),
                                    .asked_months = months };
    struct plan_input in = { .currency = CURRENCY_USD,
                             .cure_days = 10,
                             .agreed_by = "phone",
                             .evidence = "recording 4711",
                             .author = "Cid" };
    struct proposed made;
    bool found;

    t->why = (struct fault){ 0 };
    people_begin(&t->p);
    assert_fine(plan_beyond(&t->p.b, t->account.key, &wish, &made, &found, &t->why), t->why);
    if (!found) {
        book_undo(&t->p.b);
        return NOT_ALLOWED;
    }
    if (!plan_chosen(&t->p.b, &made, &in, &t->why) ||
        !plan_ask(&t->p.b, &t->account, &in, false, once, &asker, &t->asking, &t->why)) {
        book_undo(&t->p.b);
        return t->why.code;
    }
    people_keep(&t->p);
    return FAULT_NONE;
}

static enum fault_code answer(struct plans *t, const char *id, int64_t by, bool agrees)
{
    return people_answer(&t->p, id, by, agrees, "seen", &t->why);
}

/* Whatever its number among what is on file is. */
static bool plan_of(struct plans *t, struct held_plan *out)
{
    for (int32_t number = 1; number < 100; number++) {
        struct fault none = { 0 };
        if (plan_get(t->p.b.store, &t->p.a, t->account.key, number, out, &none))
            return true;
    }
    return false;
}

static bool stands(struct plans *t)
{
    struct held_plan plan;

    return plan_of(t, &plan);
}

static void test_another_person_agrees(void **state)
{
    struct plans t;

    EACH_BOOK(t)
    {
        struct held_plan plan;
        assert_int_equal(ask(&t, 20, "k"), FAULT_NONE);
        assert_int_equal(t.asking.approval, 1);
        assert_non_null(strstr(t.asking.words, "the 12 months that a collector may grant"));
        assert_false(stands(&t));
        assert_int_equal(ask(&t, 21, NULL), CONFLICT); /* one waits */
        assert_int_equal(answer(&t, "1", t.p.cid, true), NOT_ALLOWED);
        assert_int_equal(answer(&t, "1", t.p.ann, true), NOT_ALLOWED); /* grants nothing */
        assert_false(stands(&t));
        assert_int_equal(answer(&t, "1", t.p.bea, true), FAULT_NONE);
        assert_true(plan_of(&t, &plan));
        assert_int_equal(plan.item_count, 20);
        assert_string_equal(plan.agreed_by, "phone");
        assert_string_equal(plan.evidence, "recording 4711");
        assert_string_equal(plan.author, "Cid");
    }
}

static void test_what_nobody_may_grant_is_refused(void **state)
{
    struct plans t;

    EACH_BOOK(t)
    assert_int_equal(ask(&t, 200, NULL), NOT_ALLOWED);
}

static void test_no_leaves_everything(void **state)
{
    struct plans t;

    EACH_BOOK(t)
    {
        assert_int_equal(ask(&t, 20, NULL), FAULT_NONE);
        assert_int_equal(answer(&t, "1", t.p.bea, false), FAULT_NONE);
        assert_false(stands(&t));
        assert_int_equal(ask(&t, 20, NULL), FAULT_NONE);
    }
}

static void test_what_changed_is_not_agreed(void **state)
{
    struct plans t;

    EACH_BOOK(t)
    {
        assert_int_equal(ask(&t, 20, NULL), FAULT_NONE);
        people_begin(&t.p);
        fixture_payment(&t.p.b, t.account.key, "P1", 0, CURRENCY_USD, fixture_day("2026-11-16"),
                        5000, false);
        people_keep(&t.p);
        assert_int_equal(answer(&t, "1", t.p.bea, true), CONFLICT);
        assert_int_equal(answer(&t, "1", t.p.bea, false), FAULT_NONE); /* it waited still */
        assert_int_equal(ask(&t, 20, NULL), FAULT_NONE);
        people_later(&t.p, 7 * 86400);
        assert_int_equal(answer(&t, "2", t.p.bea, true),
                         CONFLICT); /* its first payment is past */
        assert_false(stands(&t));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_another_person_agrees),
        cmocka_unit_test(test_what_nobody_may_grant_is_refused),
        cmocka_unit_test(test_no_leaves_everything),
        cmocka_unit_test(test_what_changed_is_not_agreed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

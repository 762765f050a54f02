/* What is let go beyond one's own limit: asked for, agreed to by another person, and done once
 * for a key. On both databases; every book proves sound at its end. */
#include "flow/user_fixture.h"

#include "flow/charge_ask.h"

struct charges {
    struct people p;
    struct account account;
    struct charge_input in;
    struct asking asking;
    struct fault why;
    int32_t number;
    enum change change;
};

/* USD 100 and USD 90 of costs are open; the costs are let go. */
static bool charges_begin(struct charges *t, size_t kind)
{
    const struct instalment_input part = { fixture_day("2026-10-31"), 10000 };
    struct charge_input costs = { .kind = MOVEMENT_CHARGE,
                                  .debt = 1,
                                  .component = COMPONENT_COSTS,
                                  .currency = CURRENCY_USD,
                                  .day = fixture_day("2026-11-02"),
                                  .minor = 9000,
                                  .law = "BGB § 288(5)" };

    *t = (struct charges){ 0 };
    if (!people_open(&t->p, kind, "charge"))
        return false;
    people_begin(&t->p);
    t->account = (struct account){ fixture_debtor(&t->p.b, "A"), "A", "A" };
    costs.debt = fixture_debt(&t->p.b, t->account.key, "INV-1", CURRENCY_USD,
                              fixture_day("2026-10-01"), 1, &part);
    assert_fine(charge_put(&t->p.b, &t->account, &costs, &t->number, &t->change, &t->why),
                t->why);
    people_keep(&t->p);
    t->in = costs;
    t->in.kind = MOVEMENT_WAIVE;
    t->in.law = NULL;
    t->in.reason = "goodwill";
    return true;
}

#define EACH_BOOK(t)                                                                           \
    (void)state;                                                                               \
    for (size_t kind_ = 0; kind_ < FIXTURES; kind_++)                                          \
        for (bool once_ = charges_begin(&(t), kind_); once_; once_ = false, people_end(&(t).p))

/* FAULT_NONE: kept. */
static enum fault_code ask(struct charges *t, int64_t user, const char *role)
{
    const struct asker asker = { user, role };
    struct charge_input in = t->in;

    t->why = (struct fault){ 0 };
    people_begin(&t->p);
    if (!charge_put_as(&t->p.b, &t->account, &in, &asker, &t->number, &t->change, &t->asking,
                       &t->why)) {
        book_undo(&t->p.b);
        return t->why.code;
    }
    people_keep(&t->p);
    return FAULT_NONE;
}

static int64_t open_of(struct charges *t)
{
    struct fault why = { 0 };
    int64_t minor;

    assert_fine(account_open(&t->p.b, &t->account, CURRENCY_USD, &minor, &why), why);
    return minor;
}

static void test_within_the_limits_it_is_done(void **state)
{
    struct charges t;

    EACH_BOOK(t)
    {
        t.in.minor = 2000;
        assert_int_equal(ask(&t, t.p.cid, "collector"), FAULT_NONE);
        assert_int_equal(t.asking.approval, 0);
        assert_int_equal(open_of(&t), 17000);
        assert_int_equal(ask(&t, t.p.ann, NULL), NOT_ALLOWED); /* lets nothing go */
    }
}

static void test_beyond_them_another_person_agrees_once(void **state)
{
    struct charges t;

    EACH_BOOK(t)
    {
        t.in.once = "k";
        assert_int_equal(ask(&t, t.p.cid, "collector"), FAULT_NONE);
        assert_int_equal(t.asking.approval, 1);
        assert_int_equal(t.number, 0);
        assert_int_equal(open_of(&t), 19000);
        assert_int_equal(ask(&t, t.p.cid, "collector"), FAULT_NONE); /* once for its key */
        assert_int_equal(t.asking.approval, 1);
        assert_int_equal(t.change, CHANGE_NONE);
        assert_non_null(strstr(t.asking.words, "can approve it"));
        t.in.once = "other";
        assert_int_equal(ask(&t, t.p.cid, "collector"), CONFLICT);
        assert_int_equal(people_answer(&t.p, "1", t.p.cid, true, NULL, &t.why), NOT_ALLOWED);
        assert_int_equal(people_answer(&t.p, "1", t.p.bea, true, NULL, &t.why), FAULT_NONE);
        assert_int_equal(open_of(&t), 10000);
        t.in.once = "k";
        assert_int_equal(ask(&t, t.p.cid, "collector"), FAULT_NONE);
        assert_int_equal(t.asking.approval, 0);
        assert_int_equal(t.change, CHANGE_NONE);
        assert_true(t.number != 0);
        assert_int_equal(open_of(&t), 10000);
    }
}

/* Whoever does not say that they mean the whole may have mistyped it. */
static void test_a_write_off_is_small_or_means_the_whole(void **state)
{
    struct charges t;

    EACH_BOOK(t)
    {
        t.in.kind = MOVEMENT_WRITE_OFF;
        t.in.component = COMPONENT_COUNT;
        t.in.minor = 0;
        assert_int_equal(ask(&t, t.p.bea, "manager"), BAD_USAGE);
        assert_int_equal(ask(&t, t.p.cid, "collector"), BAD_USAGE);
        t.in.whole = true;
        assert_int_equal(ask(&t, t.p.cid, "collector"), FAULT_NONE);
        assert_int_equal(t.asking.approval, 1);
        assert_int_equal(people_answer(&t.p, "1", t.p.bea, false, "not yet", &t.why),
                         FAULT_NONE);
        assert_int_equal(ask(&t, t.p.bea, "manager"), FAULT_NONE);
        assert_int_equal(t.asking.approval, 0);
        assert_int_equal(open_of(&t), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_within_the_limits_it_is_done),
        cmocka_unit_test(test_beyond_them_another_person_agrees_once),
        cmocka_unit_test(test_a_write_off_is_small_or_means_the_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Agreements: what became of promises and plans, by days and by money in any order. */
#include "domain/agreement.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { ITEMS = 6, MONEY = 8, LIFE = 80 };

static uint64_t seed = 20611;

static int dice(int least, int most)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return least + (int)(seed % (uint64_t)(most - least + 1));
}

static struct day on(int number)
{
    return (struct day){ number };
}

static struct promise promise(int32_t number, int64_t minor, int made, int due)
{
    return (struct promise){ .number = number,
                             .currency = CURRENCY_USD,
                             .minor = minor,
                             .made_day = on(made),
                             .due_day = on(due),
                             .state_day = on(made) };
}

static struct promise item(int32_t plan, int32_t n, int64_t minor, int made, int due)
{
    struct promise p = promise(plan + n, minor, made, due);

    p.plan = plan;
    p.item = n;
    return p;
}

static struct agreed_money money(int day, int32_t number, int64_t minor)
{
    return (struct agreed_money){ on(day), number, 0, CURRENCY_USD, minor };
}

static void settle(struct agreement *a, int ended)
{
    struct arena arena = { 0 };

    a->ended = on(ended);
    agreement_settle(a, &arena);
    arena_free(&arena);
}

/* ---- Promises by themselves ---- */

static enum promise_state of_one(int64_t paid, int paid_day, int ended)
{
    struct promise p = promise(10, 10000, 100, 110);
    struct agreed_money m = money(paid_day, 20, paid);
    struct agreement a = { .promise_count = 1,
                           .promises = &p,
                           .money_count = paid > 0,
                           .money = &m,
                           .grace_days = 2,
                           .tolerance_bp = 500 };

    settle(&a, ended);
    return p.state;
}

/* X48: neither one cent nor a day in another zone decides. */
static void a_promise_ends_with_its_day(void **state)
{
    (void)state;
    assert_int_equal(of_one(0, 0, 111), PROMISE_OPEN);
    assert_int_equal(of_one(0, 0, 112), PROMISE_BROKEN);
    assert_int_equal(of_one(1, 105, 111), PROMISE_OPEN);
    assert_int_equal(of_one(1, 105, 112), PROMISE_PARTLY_KEPT);
    assert_int_equal(of_one(9499, 112, 112), PROMISE_PARTLY_KEPT);
    assert_int_equal(of_one(9500, 112, 112), PROMISE_KEPT);
    assert_int_equal(of_one(9500, 105, 105), PROMISE_OPEN);
    assert_int_equal(of_one(10000, 105, 105), PROMISE_KEPT);
    assert_int_equal(of_one(10000, 113, 120), PROMISE_BROKEN);
    assert_int_equal(of_one(10000, 99, 120), PROMISE_BROKEN);
    assert_int_equal(of_one(10000, 100, 120), PROMISE_KEPT);
}

static void money_that_was_there_does_not_count(void **state)
{
    struct promise p = promise(10, 10000, 100, 110);
    struct agreed_money m = money(100, 9, 10000);
    struct agreement a = { .promise_count = 1, .promises = &p, .money_count = 1, .money = &m };

    (void)state;
    settle(&a, 110);
    assert_int_equal(p.state, PROMISE_BROKEN);
    m.number = 11;
    settle(&a, 110);
    assert_int_equal(p.state, PROMISE_KEPT);
}

static void money_keeps_one_promise(void **state)
{
    struct promise p[] = { promise(10, 5000, 100, 110), promise(11, 5000, 100, 105),
                           promise(12, 5000, 100, 110) };
    struct agreed_money m[] = { money(104, 20, 5000), money(108, 21, 6000) };
    struct agreement a = { .promise_count = 3, .promises = p, .money_count = 2, .money = m };

    (void)state;
    p[2].currency = CURRENCY_EUR;
    settle(&a, 110);
    assert_int_equal(p[0].state, PROMISE_KEPT);
    assert_int_equal(p[1].state, PROMISE_KEPT);
    assert_int_equal(p[2].state, PROMISE_BROKEN);
    a.money_count = 1;
    settle(&a, 110);
    assert_int_equal(p[0].state, PROMISE_BROKEN); /* what kept it went back */
    assert_int_equal(p[1].state, PROMISE_KEPT);
    settle(&a, 105);
    assert_int_equal(p[0].state, PROMISE_OPEN);
}

/* ---- Plans ---- */

static struct payment_plan plan(int cure_days)
{
    return (struct payment_plan){ .number = 50,
                                  .currency = CURRENCY_USD,
                                  .total_minor = 30000,
                                  .made_day = on(100),
                                  .state_day = on(100),
                                  .resumes_day = DAY_NEVER,
                                  .cure_days = cure_days };
}

struct three {
    struct payment_plan plan;
    struct promise items[3];
    struct agreed_money money[4];
    struct agreement a;
};

static void three_begin(struct three *t, int cure_days)
{
    *t = (struct three){ .plan = plan(cure_days),
                         .items = { item(50, 1, 10000, 100, 110), item(50, 2, 10000, 100, 120),
                                    item(50, 3, 10000, 100, 130) } };
    t->a = (struct agreement){ .promise_count = 3,
                               .promises = t->items,
                               .plan_count = 1,
                               .plans = &t->plan,
                               .money = t->money,
                               .grace_days = 1 };
}

static void check_three(const struct three *t, enum plan_state plan_state,
                        enum promise_state first, enum promise_state second,
                        enum promise_state third)
{
    assert_string_equal(plan_state_name(t->plan.state), plan_state_name(plan_state));
    assert_string_equal(promise_state_name(t->items[0].state), promise_state_name(first));
    assert_string_equal(promise_state_name(t->items[1].state), promise_state_name(second));
    assert_string_equal(promise_state_name(t->items[2].state), promise_state_name(third));
}

static void what_is_missed_can_be_cured(void **state)
{
    struct three t;

    (void)state;
    three_begin(&t, 5);
    settle(&t.a, 110);
    check_three(&t, PLAN_ACTIVE, PROMISE_OPEN, PROMISE_OPEN, PROMISE_OPEN);
    settle(&t.a, 115);
    check_three(&t, PLAN_ACTIVE, PROMISE_BROKEN, PROMISE_OPEN, PROMISE_OPEN);
    settle(&t.a, 116);
    check_three(&t, PLAN_DEFAULTED, PROMISE_BROKEN, PROMISE_WITHDRAWN, PROMISE_WITHDRAWN);
    assert_int_equal(t.plan.state_day.number, 117);
    /* it came in time, and was known late */
    t.money[t.a.money_count++] = money(116, 60, 10000);
    settle(&t.a, 118);
    check_three(&t, PLAN_ACTIVE, PROMISE_BROKEN, PROMISE_OPEN, PROMISE_OPEN);
    t.money[t.a.money_count++] = money(119, 61, 20000);
    settle(&t.a, 119);
    check_three(&t, PLAN_COMPLETED, PROMISE_BROKEN, PROMISE_KEPT, PROMISE_KEPT);
    assert_int_equal(t.plan.state_day.number, 119);
    /* and what came last went back */
    t.a.money_count--;
    settle(&t.a, 119);
    check_three(&t, PLAN_ACTIVE, PROMISE_BROKEN, PROMISE_OPEN, PROMISE_OPEN);
}

static void money_after_the_end_is_not_for_the_plan(void **state)
{
    struct plan_money paid;
    struct three t;

    (void)state;
    three_begin(&t, 5);
    t.a.paid = &paid;
    t.money[t.a.money_count++] = money(117, 60, 30000);
    settle(&t.a, 140);
    check_three(&t, PLAN_DEFAULTED, PROMISE_BROKEN, PROMISE_WITHDRAWN, PROMISE_WITHDRAWN);
    assert_int_equal(paid.minor, 30000);
    assert_int_equal(paid.full_day.number, 117);
}

/* The last instalment is exact, whatever is tolerated before. */
static void a_plan_is_paid_to_the_last_cent(void **state)
{
    struct three t;

    (void)state;
    three_begin(&t, 5);
    t.a.tolerance_bp = 500;
    t.money[t.a.money_count++] = money(105, 60, 9500);
    t.money[t.a.money_count++] = money(115, 61, 9500);
    t.money[t.a.money_count++] = money(125, 62, 10999);
    settle(&t.a, 131);
    check_three(&t, PLAN_ACTIVE, PROMISE_KEPT, PROMISE_KEPT, PROMISE_PARTLY_KEPT);
    t.money[t.a.money_count++] = money(130, 63, 1);
    settle(&t.a, 131);
    check_three(&t, PLAN_COMPLETED, PROMISE_KEPT, PROMISE_KEPT, PROMISE_KEPT);
}

static struct day since(const void *context, enum currency currency, struct debt_set debts)
{
    (void)currency;
    (void)debts;
    return *(const struct day *)context;
}

static void nothing_is_waited_for_when_nothing_is_owed(void **state)
{
    struct day clear = on(112);
    struct three t;

    (void)state;
    three_begin(&t, 5);
    t.a.cleared = since;
    t.a.context = &clear;
    t.money[t.a.money_count++] = money(110, 60, 10000);
    settle(&t.a, 140);
    check_three(&t, PLAN_COMPLETED, PROMISE_KEPT, PROMISE_WITHDRAWN, PROMISE_WITHDRAWN);
    assert_int_equal(t.plan.state_day.number, 112);
}

static void a_plan_for_some_debts_takes_their_money(void **state)
{
    static const int32_t second[] = { 2 };
    struct three t;

    (void)state;
    three_begin(&t, 5);
    t.plan.debts = (struct debt_set){ 1, second };
    t.money[t.a.money_count++] = money(105, 60, 10000);
    t.money[0].debt = 1;
    settle(&t.a, 111);
    check_three(&t, PLAN_ACTIVE, PROMISE_BROKEN, PROMISE_OPEN, PROMISE_OPEN);
    t.money[0].debt = 2;
    settle(&t.a, 111);
    check_three(&t, PLAN_ACTIVE, PROMISE_KEPT, PROMISE_OPEN, PROMISE_OPEN);
}

/* ---- In any order, however often ---- */

struct life {
    size_t plans, items, moneys;
    struct payment_plan plan[2];
    struct promise items_of[ITEMS];
    struct agreed_money money[MONEY];
};

static void some_life(struct life *l)
{
    *l = (struct life){ .plans = (size_t)dice(0, 2) };
    for (size_t i = 0; i < l->plans; i++) {
        l->plan[i] = plan(dice(0, 8));
        l->plan[i].number = 50 + 100 * (int32_t)i;
    }
    while (l->items < ITEMS) {
        int which = dice(0, (int)l->plans);
        int32_t n = (int32_t)l->items;
        int due = 100 + dice(0, 50);
        l->items_of[l->items++] =
            which == (int)l->plans
                ? promise(10 + n, dice(1, 500), 100, due)
                : item(l->plan[which].number, n + 1, dice(1, 500), 100, due);
    }
    l->moneys = (size_t)dice(0, MONEY);
    for (size_t i = 0; i < l->moneys; i++)
        l->money[i] = money(dice(98, 160), 300 + (int)i, dice(1, 700));
}

static void run(struct life *l, size_t moneys, int ended, int grace, int tolerance)
{
    struct agreed_money copy[MONEY];
    struct agreement a = { .promise_count = l->items,
                           .promises = l->items_of,
                           .plan_count = l->plans,
                           .plans = l->plan,
                           .money_count = moneys,
                           .money = copy,
                           .grace_days = grace,
                           .tolerance_bp = tolerance };

    memcpy(copy, l->money, sizeof copy);
    settle(&a, ended);
}

static void check_same(const struct life *a, const struct life *b, bool days)
{
    for (size_t i = 0; i < a->items; i++) {
        assert_int_equal(a->items_of[i].state, b->items_of[i].state);
        if (days)
            assert_int_equal(a->items_of[i].state_day.number, b->items_of[i].state_day.number);
    }
    for (size_t i = 0; i < a->plans; i++)
        assert_int_equal(a->plan[i].state, b->plan[i].state);
}

static void shuffle(struct life *l)
{
    for (size_t i = l->moneys; i > 1; i--) {
        size_t k = (size_t)dice(0, (int)i - 1);
        struct agreed_money m = l->money[i - 1];
        l->money[i - 1] = l->money[k];
        l->money[k] = m;
    }
}

/*
 * Whoever looks every day while the money becomes known in any order, some of it late and some
 * of it taken back for a while, comes to the states of who looks once.
 */
static void the_order_makes_no_difference(void **state)
{
    (void)state;
    for (int round = 0; round < 4000; round++) {
        struct life once, daily;
        int grace = dice(0, 3), tolerance = dice(0, 1) * 500;
        some_life(&once);
        daily = once;
        shuffle(&daily);
        for (int day = 100; day < 100 + LIFE; day++)
            run(&daily, (size_t)dice(0, (int)daily.moneys), day, grace, tolerance);
        run(&daily, daily.moneys, 100 + LIFE, grace, tolerance);
        run(&once, once.moneys, 100 + LIFE, grace, tolerance);
        check_same(&once, &daily, true);
        struct life again = daily;
        run(&again, again.moneys, 100 + LIFE, grace, tolerance);
        check_same(&daily, &again, true);
        assert_memory_equal(&daily.plan, &again.plan, sizeof again.plan);
    }
}

/* No more is kept than came. */
static void money_is_counted_once(void **state)
{
    (void)state;
    for (int round = 0; round < 4000; round++) {
        struct life l;
        int64_t came = 0, kept = 0;
        some_life(&l);
        run(&l, l.moneys, 100 + LIFE, dice(0, 3), 0);
        for (size_t i = 0; i < l.moneys; i++)
            came += l.money[i].minor;
        for (size_t i = 0; i < l.items; i++)
            kept += l.items_of[i].state == PROMISE_KEPT ? l.items_of[i].minor : 0;
        assert_true(kept <= came);
        for (size_t i = 0; i < l.items; i++)
            assert_int_not_equal(l.items_of[i].state, PROMISE_OPEN);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_promise_ends_with_its_day),
        cmocka_unit_test(money_that_was_there_does_not_count),
        cmocka_unit_test(money_keeps_one_promise),
        cmocka_unit_test(what_is_missed_can_be_cured),
        cmocka_unit_test(money_after_the_end_is_not_for_the_plan),
        cmocka_unit_test(a_plan_is_paid_to_the_last_cent),
        cmocka_unit_test(nothing_is_waited_for_when_nothing_is_owed),
        cmocka_unit_test(a_plan_for_some_debts_takes_their_money),
        cmocka_unit_test(the_order_makes_no_difference),
        cmocka_unit_test(money_is_counted_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

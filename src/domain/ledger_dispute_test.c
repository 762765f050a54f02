/* What is contested, and where money goes meanwhile. */
#include "domain/ledger.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { DAY = 20000, MOVES = 16 };

struct
try {
    struct arena a;
    struct ledger_books books;
    struct movement moves[MOVES];
    size_t count;
    struct fault why;
};

static struct movement *move(struct try *t, enum movement_kind kind, int day, int32_t debt,
                             int32_t instalment, int64_t minor)
{
    struct movement *m = &t->moves[t->count++];

    assert_true(t->count <= MOVES);
    *m = (struct movement){ .number = (int32_t)t->count,
                            .kind = kind,
                            .day = { DAY + day },
                            .due = { DAY + 10 + instalment },
                            .debt = debt,
                            .instalment = instalment,
                            .component = COMPONENT_COUNT,
                            .currency = CURRENCY_EUR,
                            .minor = minor,
                            .reference = "x" };
    return m;
}

static void place(struct try *t, int32_t debt, int32_t instalment, int64_t minor)
{
    move(t, MOVEMENT_PLACED, 0, debt, instalment, minor);
}

static struct movement *contest(struct try *t, int from, int until, int32_t debt, int64_t minor)
{
    struct movement *m = move(t, MOVEMENT_DISPUTE, from, debt, 0, minor);

    m->due = until < 0 ? DAY_NEVER : (struct day){ DAY + until };
    return m;
}

static void run(struct try *t)
{
    struct movement moves[MOVES];

    memcpy(moves, t->moves, sizeof moves);
    ledger_empty(&t->books, &t->a);
    if (!ledger_run(&t->books, moves, t->count, (struct day){ DAY + 100 }, &t->why))
        fail_msg("%s", t->why.text);
}

static int64_t paid(const struct try *t, int32_t debt, int32_t instalment)
{
    const struct ledger_slice *s = ledger_slice_find(&t->books.state, debt, instalment);
    int64_t sum = 0;

    for (int i = 0; i < COMPONENT_COUNT; i++)
        sum += s->paid[i];
    return sum;
}

static int64_t contested_now(struct try *t, size_t place, bool parts)
{
    const struct contested *c =
        ledger_contested(&t->books.state, &t->a, (struct day){ DAY + 100 }, parts);

    return c == NULL ? 0 : contested_total(&c[place]);
}

static void done(struct try *t)
{
    arena_free(&t->a);
}

/* 15 USC 1692h: one payment, several debts, one of them disputed. */
static void a_payment_on_several_debts_passes_by_the_disputed_one(void **state)
{
    struct try t = { 0 };
    (void)state;

    place(&t, 1, 1, 10000);
    place(&t, 2, 2, 5000);
    contest(&t, 1, -1, 1, 0);
    move(&t, MOVEMENT_PAYMENT, 5, 0, 0, 8000);
    run(&t);
    assert_int_equal(paid(&t, 1, 1), 0);
    assert_int_equal(paid(&t, 2, 2), 5000);
    assert_int_equal(ledger_waiting(&t.books.state, CURRENCY_EUR), 3000);
    assert_int_equal(contested_now(&t, 0, false), 10000);
    assert_int_equal(contested_now(&t, 0, true), 0);
    done(&t);
}

static void money_that_names_the_disputed_debt_pays_it(void **state)
{
    struct try t = { 0 };
    (void)state;

    place(&t, 1, 1, 10000);
    place(&t, 2, 2, 5000);
    contest(&t, 1, -1, 1, 0);
    move(&t, MOVEMENT_PAYMENT, 5, 1, 0, 8000);
    run(&t);
    assert_int_equal(paid(&t, 1, 1), 8000);
    assert_int_equal(contested_now(&t, 0, false), 2000);
    done(&t);
}

static void who_owes_one_debt_pays_it_disputed_or_not(void **state)
{
    struct try t = { 0 };
    (void)state;

    place(&t, 1, 1, 10000);
    contest(&t, 1, -1, 1, 0);
    move(&t, MOVEMENT_PAYMENT, 5, 0, 0, 10000);
    run(&t);
    assert_int_equal(paid(&t, 1, 1), 10000);
    assert_int_equal(contested_now(&t, 0, false), 0);
    done(&t);
}

static void before_and_after_it_nothing_is_passed_by(void **state)
{
    (void)state;
    for (int until = 3; until <= 5; until++) {
        struct try t = { 0 };
        place(&t, 1, 1, 10000);
        place(&t, 2, 2, 5000);
        contest(&t, 3, until, 1, 0);
        move(&t, MOVEMENT_PAYMENT, 2, 0, 0, 100)->reference = "before";
        move(&t, MOVEMENT_PAYMENT, 4, 0, 0, 1000)->reference = "meanwhile";
        run(&t);
        assert_int_equal(paid(&t, 1, 1), until == 5 ? 100 : 1100);
        assert_int_equal(paid(&t, 2, 2), until == 5 ? 1000 : 0);
        done(&t);
    }
}

/* The part of an instalment stays open; of a component, whatever the order of allocation. */
static void what_is_not_contested_is_paid_first(void **state)
{
    struct try t = { 0 };
    (void)state;

    place(&t, 1, 1, 10000);
    move(&t, MOVEMENT_CHARGE, 0, 1, 1, 500)->component = COMPONENT_FEES;
    contest(&t, 1, -1, 1, 500)->component = COMPONENT_FEES;
    contest(&t, 1, -1, 1, 3000)->reference = "y";
    move(&t, MOVEMENT_PAYMENT, 5, 1, 0, 7000);
    run(&t);
    const struct ledger_slice *s = ledger_slice_find(&t.books.state, 1, 1);
    assert_int_equal(s->paid[COMPONENT_FEES], 0);
    assert_int_equal(s->paid[COMPONENT_PRINCIPAL], 7000);
    assert_int_equal(contested_now(&t, 0, true), 3500);
    move(&t, MOVEMENT_PAYMENT, 6, 1, 0, 1000);
    run(&t);
    assert_int_equal(paid(&t, 1, 1), 8000);
    assert_int_equal(contested_now(&t, 0, true), 2500);
    done(&t);
}

static void the_other_instalment_is_paid_first(void **state)
{
    struct try t = { 0 };
    (void)state;

    place(&t, 1, 1, 1000);
    place(&t, 1, 2, 1000);
    contest(&t, 1, -1, 1, 0)->instalment = 1;
    move(&t, MOVEMENT_PAYMENT, 5, 1, 0, 1200);
    run(&t);
    assert_int_equal(paid(&t, 1, 1), 200);
    assert_int_equal(paid(&t, 1, 2), 1000);
    assert_int_equal(contested_now(&t, 0, true), 800);
    done(&t);
}

static void an_amount_of_a_debt_is_of_the_first_instalments(void **state)
{
    struct try t = { 0 };
    (void)state;

    place(&t, 1, 1, 1000);
    place(&t, 1, 2, 1000);
    contest(&t, 1, -1, 1, 1300);
    contest(&t, 1, -1, 1, 5000)->reference = "y"; /* more than there is */
    run(&t);
    assert_int_equal(contested_now(&t, 0, true), 1000);
    assert_int_equal(contested_now(&t, 1, true), 1000);
    done(&t);
}

/* Whatever is contested and paid, nothing is below zero and no cent is lost. */
static uint32_t dice(uint64_t *seed, uint32_t sides)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33) % sides;
}

static void random_story(uint64_t seed)
{
    struct try t = { 0 };
    int64_t in = 0, sum = 0;

    for (int32_t debt = 1; debt <= 3; debt++)
        place(&t, debt, 1, 1 + dice(&seed, 3000));
    move(&t, MOVEMENT_CHARGE, 0, 1, 1, 1 + dice(&seed, 300))->component = COMPONENT_COSTS;
    while (t.count < MOVES) {
        int from = (int)dice(&seed, 30);
        if (dice(&seed, 2) == 0) {
            struct movement *m = contest(&t, from, from + (int)dice(&seed, 200),
                                         (int32_t)dice(&seed, 4), dice(&seed, 1500));
            m->component = dice(&seed, 3) == 0 ? (enum component)dice(&seed, COMPONENT_COUNT)
                                               : COMPONENT_COUNT;
        } else {
            int64_t minor = 1 + dice(&seed, 2500);
            move(&t, MOVEMENT_PAYMENT, from, (int32_t)dice(&seed, 4), 0, minor);
            in += minor;
        }
    }
    run(&t);
    for (size_t i = 0; i < t.books.state.slice_count; i++) {
        const struct ledger_slice *s = &t.books.state.slices[i];
        int64_t open = 0;
        for (int k = 0; k < COMPONENT_COUNT; k++) {
            assert_true(s->owed[k] - s->paid[k] >= 0);
            open += s->owed[k] - s->paid[k];
        }
        sum += paid(&t, s->debt, s->instalment);
        assert_in_range(contested_now(&t, i, false), 0, open);
        assert_in_range(contested_now(&t, i, true), 0, open);
    }
    assert_int_equal(sum + ledger_waiting(&t.books.state, CURRENCY_EUR), in);
    done(&t);
}

static void random_stories(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 2000; seed++)
        random_story(seed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_payment_on_several_debts_passes_by_the_disputed_one),
        cmocka_unit_test(money_that_names_the_disputed_debt_pays_it),
        cmocka_unit_test(who_owes_one_debt_pays_it_disputed_or_not),
        cmocka_unit_test(before_and_after_it_nothing_is_passed_by),
        cmocka_unit_test(what_is_not_contested_is_paid_first),
        cmocka_unit_test(the_other_instalment_is_paid_first),
        cmocka_unit_test(an_amount_of_a_debt_is_of_the_first_instalments),
        cmocka_unit_test(random_stories),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

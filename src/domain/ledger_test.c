/* What movements do. What time does is in ledger_time_test.c. */
#include "domain/ledger_fixture.h"

static void kinds_have_names(void **state)
{
    enum movement_kind back;

    (void)state;
    for (int i = 0; i < MOVEMENT_COUNT; i++) {
        assert_true(movement_parse(movement_name((enum movement_kind)i), &back));
        assert_int_equal(back, i);
    }
    assert_false(movement_parse("Payment", &back));
}

/* ---- Payments ---- */

static void instalments_are_paid_in_the_order_they_are_due(void **state)
{
    (void)state;
    place("2026-01-01", 1, 1, "2026-03-01", 1000);
    place("2026-01-01", 1, 2, "2026-02-01", 1000);
    place("2026-01-01", 2, 1, "2026-02-15", 1000);
    pay("2026-01-10", 0, 2500);
    run("2026-01-10");
    owes(1, 2, 0, 0, 0, 0);
    owes(2, 1, 0, 0, 0, 0);
    owes(1, 1, 500, 0, 0, 0);
    assert_int_equal(waiting(), 0);
    assert_int_equal(account("cash"), 2500);
}

static void a_payment_may_be_for_one_debt_or_one_instalment(void **state)
{
    (void)state;
    place("2026-01-01", 1, 1, "2026-02-01", 1000);
    place("2026-01-01", 2, 1, "2026-03-01", 1000);
    place("2026-01-01", 2, 2, "2026-04-01", 1000);
    pay("2026-01-10", 2, 300);
    put(MOVEMENT_PAYMENT, "2026-01-11", 2, 2, 200, "one");
    run("2026-01-11");
    owes(1, 1, 1000, 0, 0, 0);
    owes(2, 1, 700, 0, 0, 0);
    owes(2, 2, 800, 0, 0, 0);
}

static void what_is_paid_beyond_waits(void **state)
{
    (void)state;
    place("2026-01-01", 1, 1, "2026-02-01", 1000);
    pay("2026-01-10", 0, 1500);
    run("2026-01-10");
    owes(1, 1, 0, 0, 0, 0);
    assert_int_equal(waiting(), 500);
    assert_int_equal(account("unapplied"), -500);
}

static void a_payment_before_its_debt_waits_for_it(void **state)
{
    (void)state;
    pay("2025-12-31", 1, 400);
    place("2026-01-01", 1, 1, "2026-02-01", 1000);
    as_of("2025-12-31");
    assert_int_equal(waiting(), 400);
    run("2026-01-10");
    owes(1, 1, 600, 0, 0, 0);
    assert_int_equal(waiting(), 0);
}

static void put_charges_of_two(void)
{
    place("2026-01-01", 1, 1, "2026-02-01", 1000);
    place("2026-01-01", 1, 2, "2026-03-01", 1000);
    for (int32_t i = 1; i <= 2; i++) {
        put(MOVEMENT_CHARGE, "2026-01-02", 1, i, 10, "i")->component = COMPONENT_INTEREST;
        put(MOVEMENT_CHARGE, "2026-01-02", 1, i, 20, "f")->component = COMPONENT_FEES;
        put(MOVEMENT_CHARGE, "2026-01-02", 1, i, 30, "k")->component = COMPONENT_COSTS;
    }
}

static void one_component_of_all_before_the_next(void **state)
{
    struct terms terms = terms_none;

    (void)state;
    bind("2026-01-01", 1, &terms);
    put_charges_of_two();
    pay("2026-01-10", 0, 2015);
    run("2026-01-10");
    owes(1, 1, 0, 0, 20, 30);
    owes(1, 2, 0, 5, 20, 30);
}

static void one_instalment_whole_before_the_next(void **state)
{
    struct terms terms = terms_none;

    (void)state;
    terms.allocation.by_component = false;
    bind("2026-01-01", 1, &terms);
    put_charges_of_two();
    pay("2026-01-10", 0, 1070);
    run("2026-01-10");
    owes(1, 1, 0, 0, 0, 0);
    owes(1, 2, 990, 10, 20, 30);
}

/* BGB § 367 (1) */
static void costs_then_interest_then_principal(void **state)
{
    struct terms terms = terms_none;

    (void)state;
    terms.allocation = (struct allocation_order)COSTS_FIRST;
    bind("2026-01-01", 1, &terms);
    put_charges_of_two();
    pay("2026-01-10", 0, 55);
    run("2026-01-10");
    owes(1, 1, 1000, 5, 0, 0);
    owes(1, 2, 1000, 10, 20, 30);
    terms.allocation.by_component = true;
    run("2026-01-10");
    owes(1, 1, 1000, 10, 20, 0);
    owes(1, 2, 1000, 10, 20, 5);
}

static void what_a_component_does_not_need_pays_the_rest(void **state)
{
    (void)state;
    put_charges_of_two();
    put(MOVEMENT_PAYMENT, "2026-01-10", 1, 0, 70, "p")->component = COMPONENT_COSTS;
    run("2026-01-10");
    owes(1, 1, 990, 10, 20, 0);
    owes(1, 2, 1000, 10, 20, 0);
    assert_int_equal(waiting(), 0);
}

static void what_waits_is_applied_and_given_back(void **state)
{
    (void)state;
    place("2026-01-01", 1, 1, "2026-02-01", 1000);
    pay("2026-01-02", 0, 1600);
    place("2026-01-03", 2, 1, "2026-02-01", 400); /* takes what it needs */
    put(MOVEMENT_APPLY, "2026-01-05", 0, 0, 900, "b"); /* nothing is open */
    put(MOVEMENT_REFUND, "2026-01-06", 0, 0, 200, "r");
    run("2026-01-04");
    owes(2, 1, 0, 0, 0, 0);
    assert_int_equal(waiting(), 0);
    assert_int_equal(account("cash"), 1400);
    as_of("2026-01-02");
    assert_int_equal(waiting(), 600);
    as_of("2026-01-04");
    owes(2, 1, 0, 0, 0, 0);
    assert_int_equal(waiting(), 200);
}

static void no_more_is_applied_than_waits(void **state)
{
    (void)state;
    place("2026-01-01", 1, 1, "2026-02-01", 1000);
    put(MOVEMENT_REFUND, "2026-01-02", 0, 0, 30, "r"); /* nothing waited */
    put(MOVEMENT_APPLY, "2026-01-03", 0, 0, 50, "a");
    run("2026-01-04");
    owes(1, 1, 1000, 0, 0, 0);
    assert_int_equal(waiting(), -30);
    assert_int_equal(account("unapplied"), 30);
}

/* ---- Without money ---- */

static void of_a_credit_note_the_rest_waits(void **state)
{
    (void)state;
    place("2026-01-01", 1, 1, "2026-02-01", 1000);
    put(MOVEMENT_CREDIT, "2026-01-05", 1, 1, 1200, "c");
    run("2026-01-05");
    owes(1, 1, 0, 0, 0, 0);
    assert_int_equal(waiting(), 200);
    assert_int_equal(account("adjustment"), 1200);
    assert_int_equal(account("cash"), 0);
    assert_non_null(entry_of("credit rest 2026-01-05 1.1 c"));
}

static void what_was_paid_over_a_corrected_principal_waits(void **state)
{
    (void)state;
    place("2026-01-01", 1, 1, "2026-02-01", 1000);
    pay("2026-01-03", 1, 800);
    put(MOVEMENT_ADJUST, "2026-01-05", 1, 1, -500, "x");
    run("2026-01-05");
    owes(1, 1, 0, 0, 0, 0);
    assert_int_equal(waiting(), 300);
    const struct ledger_slice *slice = ledger_slice_find(&books.state, 1, 1);
    assert_int_equal(slice->paid[COMPONENT_PRINCIPAL], 500);
    assert_non_null(entry_of("adjust over 2026-01-05 1.1 x"));
}

static void nothing_is_paid_less_than_nothing(void **state)
{
    (void)state;
    place("2026-01-01", 1, 1, "2026-02-01", 1000);
    put(MOVEMENT_CREDIT, "2026-01-03", 1, 1, 700, "c");
    pay("2026-01-04", 1, 100);
    put(MOVEMENT_ADJUST, "2026-01-05", 1, 1, -500, "x");
    run("2026-01-05");
    const struct ledger_slice *slice = ledger_slice_find(&books.state, 1, 1);
    assert_int_equal(slice->owed[COMPONENT_PRINCIPAL], 0);
    assert_int_equal(slice->paid[COMPONENT_PRINCIPAL], 0);
    assert_int_equal(waiting(), 300);
}

static void a_settled_instalment_can_be_corrected_upwards(void **state)
{
    (void)state;
    place("2026-01-01", 1, 1, "2026-02-01", 1000);
    pay("2026-01-03", 1, 1000);
    put(MOVEMENT_ADJUST, "2026-01-05", 1, 1, 50, "x");
    pay("2026-01-06", 1, 20);
    run("2026-01-06");
    owes(1, 1, 30, 0, 0, 0);
}

static void a_correction_is_in_the_currency_of_its_debt(void **state)
{
    (void)state;
    place("2026-01-01", 1, 1, "2026-02-01", 1000);
    put(MOVEMENT_ADJUST, "2026-01-05", 1, 1, 50, "x")->currency = CURRENCY_USD;
    assert_true(refused("2026-01-05"));
}

static void at_most_what_is_open_is_forgiven(void **state)
{
    static const struct {
        enum movement_kind kind;
        const char *account;
    } cases[] = { { MOVEMENT_WAIVE, "waived" },
                  { MOVEMENT_SETTLE, "forgiven" },
                  { MOVEMENT_WRITE_OFF, "written_off" } };

    for (size_t i = 0; i < COUNT(cases); i++) {
        fresh(state);
        place("2026-01-01", 1, 1, "2026-02-01", 1000);
        pay("2026-01-03", 1, 600);
        put(cases[i].kind, "2026-01-05", 1, 0, 5000, "w");
        run("2026-01-05");
        owes(1, 1, 0, 0, 0, 0);
        assert_int_equal(account(cases[i].account), 400);
        assert_int_equal(waiting(), 0);
    }
}

static void a_charge_off_leaves_what_is_owed(void **state)
{
    (void)state;
    place("2026-01-01", 1, 1, "2026-02-01", 1000);
    put(MOVEMENT_CHARGE_OFF, "2026-01-05", 1, 0, 1000, "o");
    pay("2026-01-06", 1, 100);
    run("2026-01-06");
    owes(1, 1, 900, 0, 0, 0);
    assert_int_equal(account("charged_off"), -1000);
    assert_int_equal(account("placed"), 0);
}

static void a_charge_goes_to_what_is_open_and_due_first(void **state)
{
    (void)state;
    place("2026-01-01", 1, 1, "2026-02-01", 1000);
    place("2026-01-01", 1, 2, "2026-03-01", 1000);
    pay("2026-01-02", 1, 1000);
    charge("2026-01-03", 1, COMPONENT_COSTS, 70);
    pay("2026-01-04", 1, 1070);
    charge("2026-01-05", 1, COMPONENT_FEES, 5); /* all are settled: the last one */
    run("2026-01-05");
    owes(1, 1, 0, 0, 0, 0);
    owes(1, 2, 0, 0, 5, 0);
    assert_int_equal(account("charged"), -75);
}

static void a_charge_dated_before_its_debt_counts_from_its_day(void **state)
{
    (void)state;
    charge("2025-12-01", 1, COMPONENT_COSTS, 70);
    put(MOVEMENT_ADJUST, "2025-12-02", 1, 1, 30, "x");
    place("2026-01-01", 1, 1, "2026-02-01", 1000);
    as_of("2025-12-31");
    assert_int_equal(books.entry_count, 0);
    run("2026-01-05");
    owes(1, 1, 1030, 0, 0, 70);
    for (size_t i = 0; i < books.entry_count; i++)
        assert_int_equal(books.entries[i].day.number, day_of("2026-01-01").number);
}

static void what_cannot_be_is_refused(void **state)
{
    (void)state;
    charge("2026-01-01", 1, COMPONENT_COSTS, 70); /* of no debt */
    assert_true(refused("2026-01-05"));
    fresh(state);
    put(MOVEMENT_ADJUST, "2026-01-01", 1, 1, 70, "");
    assert_true(refused("2026-01-05"));
    fresh(state);
    place("2026-01-01", 1, 1, "2026-02-01", 1000);
    place("2026-01-02", 1, 1, "2026-02-01", 1000);
    assert_true(refused("2026-01-05"));
    fresh(state);
    place("2026-01-01", 1, 1, "2026-02-01", 1000);
    charge("2026-01-02", 1, COMPONENT_PRINCIPAL, 70);
    assert_true(refused("2026-01-05"));
    moves[1].component = COMPONENT_COUNT;
    assert_true(refused("2026-01-05"));
    moves[1].component = COMPONENT_FEES;
    moves[1].minor = -70;
    assert_true(refused("2026-01-05"));
}

/* ---- Discount, and charges that are let go ---- */

static void put_discount(struct terms *terms, const char *day, int64_t minor)
{
    *terms = terms_none;
    terms->discount = (struct early_discount){ .share = 20000, .within_days = 10 };
    bind("2026-01-01", 1, terms);
    place("2026-01-01", 1, 1, "2026-01-31", 1000);
    pay(day, 1, minor);
    run("2026-02-10");
}

static void an_early_payment_keeps_the_discount(void **state)
{
    static const struct {
        const char *day;
        int64_t minor, open;
    } cases[] = { { "2026-01-11", 980, 0 },
                  { "2026-01-12", 980, 20 },
                  { "2026-01-11", 979, 21 },
                  { "2026-01-05", 990, 0 },
                  { "2026-01-01", 980, 0 } };
    struct terms terms;

    for (size_t i = 0; i < COUNT(cases); i++) {
        fresh(state);
        put_discount(&terms, cases[i].day, cases[i].minor);
        owes(1, 1, cases[i].open, 0, 0, 0);
        assert_int_equal(account("discount"), 1000 - cases[i].minor - cases[i].open);
        assert_int_equal(waiting(), 0);
    }
}

static void the_discount_counts_all_that_was_paid_in_time(void **state)
{
    struct terms terms;

    (void)state;
    put_discount(&terms, "2026-01-03", 500);
    pay("2026-01-08", 1, 480);
    run("2026-02-10");
    owes(1, 1, 0, 0, 0, 0);
    assert_non_null(entry_of("discount 1.1 2026-01-08 p3"));
}

static void charges_are_let_go_with_the_principal(void **state)
{
    struct terms terms = terms_none;

    (void)state;
    terms.charges = CHARGES_WAIVE;
    bind("2026-01-01", 1, &terms);
    place("2026-01-01", 1, 1, "2026-01-31", 1000);
    charge("2026-01-02", 1, COMPONENT_INTEREST, 11);
    charge("2026-01-02", 1, COMPONENT_FEES, 22);
    charge("2026-01-02", 1, COMPONENT_COSTS, 33);
    pay("2026-01-03", 1, 999);
    run("2026-01-03");
    owes(1, 1, 1, 11, 22, 33);
    pay("2026-01-04", 1, 1);
    run("2026-01-04");
    owes(1, 1, 0, 0, 0, 33); /* costs are never let go */
    assert_int_equal(account("waived"), 33);
    terms.charges = CHARGES_CLAIM;
    run("2026-01-04");
    owes(1, 1, 0, 11, 22, 33);
}

/* ---- Several currencies, large amounts ---- */

static void currencies_do_not_mix(void **state)
{
    (void)state;
    place("2026-01-01", 1, 1, "2026-02-01", 1000);
    place("2026-01-01", 2, 1, "2026-02-01", 1000);
    moves[1].currency = CURRENCY_JPY;
    pay("2026-01-02", 0, 1300);
    moves[2].currency = CURRENCY_JPY;
    pay("2026-01-02", 1, 5);
    moves[3].currency = CURRENCY_KWD; /* not the currency of the debt */
    run("2026-01-02");
    owes(1, 1, 1000, 0, 0, 0);
    owes(2, 1, 0, 0, 0, 0);
    assert_int_equal(ledger_waiting(&books.state, CURRENCY_JPY), 300);
    assert_int_equal(ledger_waiting(&books.state, CURRENCY_KWD), 5);
    assert_int_equal(waiting(), 0);
}

static void one_case_file_holds_so_many_currencies(void **state)
{
    static const enum currency all[] = { CURRENCY_EUR, CURRENCY_USD, CURRENCY_GBP,
                                         CURRENCY_JPY, CURRENCY_KWD, CURRENCY_SEK,
                                         CURRENCY_NOK, CURRENCY_DKK, CURRENCY_CHF };

    (void)state;
    for (size_t i = 0; i < COUNT(all); i++) {
        pay("2026-01-02", 0, 1300);
        moves[i].currency = all[i];
    }
    assert_true(refused("2026-01-02"));
    move_count--;
    run("2026-01-02");
}

static void what_does_not_fit_is_refused(void **state)
{
    static const int64_t adjusts[] = { INT64_MAX, INT64_MIN, INT64_MIN + 1 };

    (void)state;
    place("2026-01-01", 1, 1, "2026-02-01", INT64_MAX);
    assert_true(refused("2026-01-05"));
    for (size_t i = 0; i < COUNT(adjusts); i++) {
        fresh(state);
        place("2026-01-01", 1, 1, "2026-02-01", 1000);
        pay("2026-01-02", 1, 900);
        put(MOVEMENT_ADJUST, "2026-01-03", 1, 1, adjusts[i], "x");
        assert_true(refused("2026-01-05"));
    }
    fresh(state);
    pay("2026-01-02", 0, INT64_MAX);
    pay("2026-01-02", 0, 1);
    assert_true(refused("2026-01-05"));
    fresh(state);
    put(MOVEMENT_REFUND, "2026-01-02", 0, 0, INT64_MAX, "a");
    put(MOVEMENT_REFUND, "2026-01-02", 0, 0, INT64_MAX, "b");
    assert_true(refused("2026-01-05"));
    fresh(state);
    place("2026-01-01", 1, 1, "2026-02-01", 1000);
    charge("2026-01-02", 1, COMPONENT_FEES, INT64_MAX);
    assert_true(refused("2026-01-05"));
}

static void interest_that_does_not_fit_is_refused(void **state)
{
    const struct rate_step steep = { { -100000 }, INT32_MAX };
    struct terms terms = agreed();
    struct ledger_balance balance;

    (void)state;
    terms.interest.rates.steps = &steep;
    bind("2026-01-01", 1, &terms);
    place("2026-01-01", 1, 1, "2026-01-01", INT64_MAX / 8);
    run("2026-01-02");
    assert_false(ledger_slice_balance(&books.state, &books.state.slices[0],
                                      day_of("2027-01-01"), &balance, &why));
    assert_int_equal(why.code, BAD_VALUE);
    assert_true(refused("2027-01-05"));
}

/* ---- Order and days ---- */

static void inside_a_day_by_kind_and_reference(void **state)
{
    (void)state;
    put(MOVEMENT_PAYMENT, "2026-01-01", 0, 0, 30, "b");
    put(MOVEMENT_PAYMENT, "2026-01-01", 0, 0, 40, "a");
    put(MOVEMENT_CREDIT, "2026-01-01", 1, 1, 10, "z");
    place("2026-01-01", 1, 1, "2026-02-01", 60);
    run("2026-01-01");
    assert_string_equal(books.entries[0].cause, "placed 2026-01-01 1.1");
    assert_string_equal(books.entries[1].cause, "credit 2026-01-01 1.1 z");
    assert_string_equal(books.entries[2].cause, "payment 2026-01-01 a");
    assert_string_equal(books.entries[3].cause, "payment 2026-01-01 b");
    assert_int_equal(waiting(), 20);
}

static void later_movements_do_not_count(void **state)
{
    (void)state;
    place("2026-01-01", 1, 1, "2026-02-01", 1000);
    pay("2026-01-10", 1, 400);
    pay("2026-01-20", 1, 400);
    as_of("2026-01-09");
    owes(1, 1, 1000, 0, 0, 0);
    as_of("2026-01-10");
    owes(1, 1, 600, 0, 0, 0);
    as_of("2026-01-20");
    owes(1, 1, 200, 0, 0, 0);
    as_of("2025-12-31");
    assert_int_equal(books.state.slice_count, 0);
}

static void days_of_change_tell_money_from_the_rest(void **state)
{
    (void)state;
    place("2026-01-01", 1, 1, "2026-02-01", 1000);
    run("2026-01-09");
    const struct ledger_slice *slice = &books.state.slices[0];
    assert_int_equal(slice->first_change.number, DAY_NEVER.number);
    assert_int_equal(slice->last_paid.number, DAY_NEVER.number);
    pay("2026-01-10", 1, 400);
    pay("2026-01-20", 1, 400);
    run("2026-01-20");
    slice = &books.state.slices[0];
    assert_int_equal(slice->first_change.number, day_of("2026-01-10").number);
    assert_int_equal(slice->last_change.number, day_of("2026-01-20").number);
    assert_int_equal(slice->last_paid.number, day_of("2026-01-20").number);
    put(MOVEMENT_CREDIT, "2026-01-15", 1, 1, 10, "c");
    run("2026-01-20");
    slice = &books.state.slices[0];
    assert_int_equal(slice->first_change.number, day_of("2026-01-01").number);
}

#define EACH(test) cmocka_unit_test_setup(test, fresh)

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(kinds_have_names),
        EACH(instalments_are_paid_in_the_order_they_are_due),
        EACH(a_payment_may_be_for_one_debt_or_one_instalment),
        EACH(what_is_paid_beyond_waits),
        EACH(a_payment_before_its_debt_waits_for_it),
        EACH(one_component_of_all_before_the_next),
        EACH(one_instalment_whole_before_the_next),
        EACH(costs_then_interest_then_principal),
        EACH(what_a_component_does_not_need_pays_the_rest),
        EACH(what_waits_is_applied_and_given_back),
        EACH(no_more_is_applied_than_waits),
        EACH(of_a_credit_note_the_rest_waits),
        EACH(what_was_paid_over_a_corrected_principal_waits),
        EACH(nothing_is_paid_less_than_nothing),
        EACH(a_settled_instalment_can_be_corrected_upwards),
        EACH(a_correction_is_in_the_currency_of_its_debt),
        EACH(at_most_what_is_open_is_forgiven),
        EACH(a_charge_off_leaves_what_is_owed),
        EACH(a_charge_goes_to_what_is_open_and_due_first),
        EACH(a_charge_dated_before_its_debt_counts_from_its_day),
        EACH(what_cannot_be_is_refused),
        EACH(an_early_payment_keeps_the_discount),
        EACH(the_discount_counts_all_that_was_paid_in_time),
        EACH(charges_are_let_go_with_the_principal),
        EACH(currencies_do_not_mix),
        EACH(one_case_file_holds_so_many_currencies),
        EACH(what_does_not_fit_is_refused),
        EACH(interest_that_does_not_fit_is_refused),
        EACH(inside_a_day_by_kind_and_reference),
        EACH(later_movements_do_not_count),
        EACH(days_of_change_tell_money_from_the_rest),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    arena_free(&arena);
    return failed;
}

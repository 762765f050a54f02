/* What time does: interest, compounding, late fees. Of 3,650.00 a day of interest is 1.00. */
#include "domain/ledger_fixture.h"

enum { BASE = 365000 };

static void put_due(const char *day)
{
    place("2026-01-01", 1, 1, day, BASE);
}

/* ---- Interest ---- */

static void a_day_late_costs_a_day(void **state)
{
    struct terms terms = agreed();

    (void)state;
    bind("2026-01-01", 1, &terms);
    put_due("2026-01-10");
    assert_int_equal(interest_on("2026-01-10"), 0);
    assert_int_equal(interest_on("2026-01-11"), 100);
    assert_int_equal(interest_on("2026-01-31"), 2100);
    assert_int_equal(interest_on("2026-02-01"), 2200);
    pay("2026-01-11", 1, BASE);
    run("2026-06-01");
    owes(1, 1, 0, 100, 0, 0);
}

static void interest_is_posted_when_a_month_ends(void **state)
{
    struct terms terms = agreed();

    (void)state;
    bind("2026-01-01", 1, &terms);
    put_due("2026-01-10");
    run("2026-01-31");
    owes(1, 1, BASE, 0, 0, 0);
    run("2026-02-01");
    owes(1, 1, BASE, 2100, 0, 0);
    run("2026-03-01");
    assert_int_equal(books.entry_count, 3);
    assert_non_null(entry_of("interest 1.1 2026-01-31"));
    assert_int_equal(entry_of("interest 1.1 2026-02-28")->lines[0].minor, 2800);
    assert_int_equal(account("charged"), -4900);
}

static void a_payment_cuts_the_month(void **state)
{
    struct terms terms = agreed();

    (void)state;
    bind("2026-01-01", 1, &terms);
    put_due("2026-01-10");
    pay("2026-01-20", 1, BASE / 2); /* its own day still costs the whole */
    run("2026-02-01");
    assert_int_equal(entry_of("interest 1.1 2026-01-20")->lines[0].minor, 1000);
    assert_int_equal(entry_of("interest 1.1 2026-01-31")->lines[0].minor, 550);
}

static void a_payment_pays_the_interest_of_its_day(void **state)
{
    struct terms terms = agreed();

    (void)state;
    terms.allocation = (struct allocation_order)COSTS_FIRST;
    bind("2026-01-01", 1, &terms);
    put_due("2026-01-10");
    pay("2026-01-20", 1, 1001);
    run("2026-01-20");
    owes(1, 1, BASE - 1, 0, 0, 0);
}

static void rates_change(void **state)
{
    const struct rate_step steps[] = { { { -100000 }, 100000 },
                                       { day_of("2026-01-15"), 200000 } };
    struct terms terms = agreed();

    (void)state;
    terms.interest.rates = (struct rates){ 2, steps };
    bind("2026-01-01", 1, &terms);
    put_due("2026-01-10");
    assert_int_equal(interest_on("2026-01-14"), 400);
    assert_int_equal(interest_on("2026-01-15"), 600);
    terms.interest.fixed_at_start = true; /* as in the United Kingdom */
    assert_int_equal(interest_on("2026-01-15"), 500);
}

static void no_interest_while_frozen(void **state)
{
    struct terms terms = agreed();

    (void)state;
    bind("2026-01-01", 1, &terms);
    put_due("2026-01-10");
    freeze("2026-01-15", 1, "2026-01-20");
    freeze("2026-01-18", 0, "2026-01-22"); /* they overlap */
    freeze("2026-01-24", 2, "2026-01-30"); /* another debt */
    assert_int_equal(interest_on("2026-01-14"), 400);
    assert_int_equal(interest_on("2026-01-15"), 400);
    assert_int_equal(interest_on("2026-01-21"), 400);
    assert_int_equal(interest_on("2026-01-22"), 500);
    assert_int_equal(interest_on("2026-01-25"), 800);
}

static void within_grace_nothing_and_after_it_from_the_due_day(void **state)
{
    struct terms terms = agreed();

    (void)state;
    terms.grace_days = 5;
    bind("2026-01-01", 1, &terms);
    put_due("2026-01-10");
    assert_int_equal(interest_on("2026-01-15"), 0);
    assert_int_equal(interest_on("2026-01-16"), 600);
    pay("2026-01-12", 1, BASE / 2); /* only what is open after the grace bears interest */
    assert_int_equal(interest_on("2026-01-16"), 300);
}

static void paid_within_grace_costs_nothing(void **state)
{
    struct terms terms = agreed();

    (void)state;
    terms.grace_days = 5;
    bind("2026-01-01", 1, &terms);
    put_due("2026-01-10");
    pay("2026-01-15", 1, BASE);
    assert_int_equal(interest_on("2026-03-01"), 0);
}

static void from_the_invoice_on(void **state)
{
    struct terms terms = agreed();

    (void)state;
    terms.interest.start = INTEREST_FROM_INVOICE;
    bind("2026-01-01", 1, &terms);
    put_due("2026-01-10");
    assert_int_equal(interest_on("2026-01-01"), 0);
    assert_int_equal(interest_on("2026-01-02"), 100);
    pay("2026-01-11", 1, BASE);
    assert_int_equal(interest_on("2026-03-01"), 1000);
}

static void placed_late_is_late_from_then(void **state)
{
    struct terms terms = agreed();

    (void)state;
    bind("2026-01-01", 1, &terms);
    put_due("2025-06-01");
    assert_int_equal(interest_on("2026-01-01"), 0);
    assert_int_equal(interest_on("2026-01-02"), 100);
}

static void a_correction_counts_from_its_day(void **state)
{
    struct terms terms = agreed();

    (void)state;
    bind("2026-01-01", 1, &terms);
    put_due("2026-01-10");
    pay("2026-01-10", 1, BASE);
    put(MOVEMENT_ADJUST, "2026-03-01", 1, 1, BASE, "x");
    assert_int_equal(interest_on("2026-03-01"), 0);
    assert_int_equal(interest_on("2026-03-02"), 100);
}

/* ---- Other terms, later ---- */

static void the_old_terms_hold_up_to_the_day_before(void **state)
{
    const struct rate_step twenty = { { -100000 }, 200000 };
    struct terms old = agreed(), new = agreed();

    (void)state;
    new.name = "n";
    new.interest.rates.steps = &twenty;
    bind("2026-01-01", 1, &old);
    put_due("2026-01-10");
    bind("2026-01-15", 1, &new);
    assert_int_equal(interest_on("2026-01-14"), 400);
    assert_int_equal(interest_on("2026-01-15"), 600);
}

static void every_day_counts_once_when_the_beginning_changes(void **state)
{
    const struct rate_step twenty = { { -100000 }, 200000 };
    struct terms due = agreed(), invoice = agreed();

    (void)state;
    invoice.name = "n";
    invoice.interest.start = INTEREST_FROM_INVOICE;
    invoice.interest.rates.steps = &twenty;
    bind("2026-01-01", 1, &due);
    put_due("2026-01-10");
    bind("2026-01-15", 1, &invoice);
    /* Days 11 to 14 by the old terms; day 15, by the new ones, is charged on the next. */
    assert_int_equal(interest_on("2026-01-15"), 400);
    assert_int_equal(interest_on("2026-01-16"), 600);
    moves[0].terms = &invoice;
    moves[2].terms = &due;
    /* Days 1 to 14, doubled, the last of them charged on the 15th; the 15th on itself. */
    assert_int_equal(interest_on("2026-01-14"), 2600);
    assert_int_equal(interest_on("2026-01-15"), 2900);
    moves[2].terms = &invoice;
    assert_int_equal(interest_on("2026-01-15"), 2800);
}

static void a_time_without_interest_costs_nothing_later(void **state)
{
    struct terms terms = agreed(), free_of_it = terms_none;

    (void)state;
    bind("2026-01-01", 1, &terms);
    put_due("2026-01-10");
    bind("2026-01-15", 1, &free_of_it);
    bind("2026-01-25", 1, &terms);
    assert_int_equal(interest_on("2026-01-24"), 400);
    assert_int_equal(interest_on("2026-01-25"), 500);
}

static void interest_that_began_goes_on_in_a_later_grace(void **state)
{
    struct terms terms = agreed(), patient = agreed();

    (void)state;
    patient.name = "n";
    patient.grace_days = 100;
    bind("2026-01-01", 1, &terms);
    put_due("2026-01-10");
    bind("2026-01-15", 1, &patient);
    run("2026-03-01");
    owes(1, 1, BASE, 2100 + 2800, 0, 0);
    moves[2].day = day_of("2026-01-11"); /* nothing had begun */
    run("2026-03-01");
    owes(1, 1, BASE, 0, 0, 0);
}

static void what_ran_is_posted_though_the_terms_are_over(void **state)
{
    struct terms terms = agreed();

    (void)state;
    bind("2026-01-01", 1, &terms);
    put_due("2026-01-10");
    bind("2026-01-15", 1, &terms_none);
    run("2026-01-16");
    owes(1, 1, BASE, 0, 0, 0);
    assert_int_equal(ledger_next_day(&books.state, day_of("2026-01-16")).number,
                     day_of("2026-02-01").number);
    run("2026-02-01");
    owes(1, 1, BASE, 400, 0, 0);
    assert_int_equal(entry_of("interest 1.1 2026-01-31")->lines[0].minor, 400);
}

static void new_terms_do_not_compound_what_was_before(void **state)
{
    struct terms plain = agreed(), compound = agreed();

    (void)state;
    compound.name = "n";
    compound.interest.compounding = COMPOUND_MONTHLY;
    bind("2025-01-01", 1, &plain);
    place("2025-01-01", 1, 1, "2025-01-10", BASE);
    bind("2026-01-01", 1, &compound);
    /* 355 days at 1.00. The first day of compounding is the 10th: 10 days more, then
     * 3,650.00 + 365.00 bear 1.10 a day. */
    assert_int_equal(interest_on("2025-12-31"), 35500);
    assert_int_equal(interest_on("2026-01-10"), 36500);
    assert_int_equal(interest_on("2026-01-11"), 36610);
}

/* ---- Compounding ---- */

static void interest_bears_interest(void **state)
{
    static const struct {
        enum compounding compounding;
        const char *day; /* the first one that costs more */
        int64_t interest;
    } cases[] = {
        { COMPOUND_MONTHLY, "2026-02-11", 3100 + 101 },
        { COMPOUND_QUARTERLY, "2026-04-11", 9000 + 102 },
        { COMPOUND_YEARLY, "2027-01-11", 36500 + 110 },
    };
    struct terms terms = agreed();
    struct ledger_balance balance;

    (void)state;
    bind("2026-01-01", 1, &terms);
    put_due("2026-01-10");
    for (size_t i = 0; i < COUNT(cases); i++) {
        terms.interest.compounding = cases[i].compounding;
        assert_int_equal(interest_on(cases[i].day), cases[i].interest);
        assert_true(ledger_slice_balance(&books.state, &books.state.slices[0],
                                         day_of(cases[i].day), &balance, &why));
        assert_int_equal(balance_total(&balance), BASE + cases[i].interest);
    }
}

static void a_payment_on_the_day_of_compounding_counts_first(void **state)
{
    struct terms terms = agreed();

    (void)state;
    terms.interest.compounding = COMPOUND_MONTHLY;
    terms.allocation = (struct allocation_order)COSTS_FIRST;
    bind("2026-01-01", 1, &terms);
    put_due("2026-01-10");
    pay("2026-02-10", 1, 3100);
    run("2026-02-11");
    owes(1, 1, BASE, 0, 0, 0);
    assert_int_equal(books.state.slices[0].compounded, 0);
    assert_int_equal(interest_on("2026-02-20"), 1000);
}

static void what_was_paid_of_compounded_interest_bears_no_more(void **state)
{
    struct terms terms = agreed();

    (void)state;
    terms.interest.compounding = COMPOUND_MONTHLY;
    bind("2026-01-01", 1, &terms);
    put_due("2026-01-10");
    put(MOVEMENT_PAYMENT, "2026-02-10", 1, 0, 0, "-"); /* posts, pays nothing */
    put(MOVEMENT_PAYMENT, "2026-02-11", 1, 0, 3201, "i")->component = COMPONENT_INTEREST;
    run("2026-02-12");
    assert_int_equal(books.state.slices[0].compounded, 0);
    /* 27 days at 1.00: the next day of compounding is the 10th of March. */
    assert_int_equal(interest_on("2026-03-10"), 2700);
}

/* ---- Late fees ---- */

static const struct fee_tier tiers[] = { { 0, 500 }, { 200000, 4000 } };

static struct terms with_fee(struct late_fee *fee)
{
    struct terms terms = terms_none;

    terms.name = "f";
    fee->name = "late_fee";
    terms.fee_count = 1;
    terms.fees = fee;
    return terms;
}

static int64_t fees_on(const char *day)
{
    as_of(day);
    return open_on(day, 1, 1, COMPONENT_FEES);
}

static void a_fee_falls_on_the_first_day_that_is_late(void **state)
{
    struct late_fee fee = { .tier_count = 2, .tiers = tiers };
    struct terms terms = with_fee(&fee);

    (void)state;
    bind("2026-01-01", 1, &terms);
    put_due("2026-01-10");
    assert_int_equal(fees_on("2026-01-10"), 0);
    assert_int_equal(fees_on("2026-01-11"), 4000);
    assert_int_equal(fees_on("2026-12-11"), 4000);
    assert_non_null(entry_of("late_fee 1.1 2026-01-11"));
    terms.grace_days = 3;
    fee.after_days = 2;
    assert_int_equal(fees_on("2026-01-15"), 0);
    assert_int_equal(fees_on("2026-01-16"), 4000);
    pay("2026-01-12", 1, 200000); /* of the lower tier */
    assert_int_equal(fees_on("2026-01-16"), 500);
}

static void a_payment_dated_back_removes_the_fee(void **state)
{
    struct late_fee fee = { .tier_count = 1, .tiers = tiers };
    struct terms terms = with_fee(&fee);

    (void)state;
    bind("2026-01-01", 1, &terms);
    put_due("2026-01-10");
    pay("2026-01-11", 1, BASE); /* on the day of the fee: too late */
    assert_int_equal(fees_on("2026-02-01"), 500);
    moves[2].day = day_of("2026-01-10");
    assert_int_equal(fees_on("2026-02-01"), 0);
}

static void a_fee_comes_again_so_many_times(void **state)
{
    struct late_fee fee = {
        .tier_count = 1, .tiers = tiers, .every_days = 10, .most_times = 3
    };
    struct terms terms = with_fee(&fee);

    (void)state;
    bind("2026-01-01", 1, &terms);
    put_due("2026-01-10");
    assert_int_equal(fees_on("2026-01-20"), 500);
    assert_int_equal(fees_on("2026-01-21"), 1000);
    assert_int_equal(fees_on("2027-01-01"), 1500);
    fee.most_times = 0;
    terms.fees_most_minor = 1700; /* of all of them */
    assert_int_equal(fees_on("2027-01-01"), 1700);
}

static void a_fee_by_share_has_its_limits(void **state)
{
    struct late_fee fee = { .share = 50000, .least_minor = 1000, .most_minor = 15000 };
    struct terms terms = with_fee(&fee);

    (void)state;
    bind("2026-01-01", 1, &terms);
    place("2026-01-01", 1, 1, "2026-01-10", 100005);
    place("2026-01-01", 1, 2, "2026-01-10", 100);
    place("2026-01-01", 1, 3, "2026-01-10", BASE);
    run("2026-01-11");
    owes(1, 1, 100005, 0, 5000, 0); /* 5000.25 */
    owes(1, 2, 100, 0, 1000, 0);
    owes(1, 3, BASE, 0, 15000, 0);
}

static void a_fee_of_a_frozen_day_is_left_out(void **state)
{
    struct late_fee fee = { .tier_count = 1, .tiers = tiers, .every_days = 10 };
    struct terms terms = with_fee(&fee);

    (void)state;
    bind("2026-01-01", 1, &terms);
    put_due("2026-01-10");
    freeze("2026-01-11", 1, "2026-01-31"); /* from the very day of the first one */
    assert_int_equal(fees_on("2026-01-30"), 0);
    assert_int_equal(fees_on("2026-01-31"), 500);
}

static void new_terms_hold_for_the_fee_of_their_day(void **state)
{
    struct late_fee dear = { .tier_count = 2, .tiers = tiers },
                    cheap = { .tier_count = 1, .tiers = tiers };
    struct terms old = with_fee(&dear), new = with_fee(&cheap);

    (void)state;
    new.name = "n";
    bind("2026-01-01", 1, &old);
    put_due("2026-01-10");
    bind("2026-01-11", 1, &new);
    assert_int_equal(fees_on("2026-01-11"), 500);
    moves[2].day = day_of("2026-01-12"); /* a day of theirs that lies before never was */
    assert_int_equal(fees_on("2026-02-11"), 4000);
}

static void a_fee_of_a_step_does_not_come_by_itself(void **state)
{
    struct late_fee fee = { .tier_count = 1, .tiers = tiers, .step = "final" };
    struct terms terms = with_fee(&fee);

    (void)state;
    bind("2026-01-01", 1, &terms);
    put_due("2026-01-10");
    assert_int_equal(fees_on("2027-01-01"), 0);
}

/* ---- Piece by piece ---- */

static void add(const char *day, const char *today)
{
    assert_true(books.state.frontier.number < day_of(day).number);
    assert_true(ledger_run(&books, &moves[move_count - 1], 1, day_of(today), &why));
}

static void what_comes_later_is_added(void **state)
{
    struct terms terms = agreed();

    (void)state;
    bind("2026-01-01", 1, &terms);
    put_due("2026-01-10");
    run("2026-02-15");
    assert_int_equal(books.state.frontier.number, day_of("2026-01-31").number);
    pay("2026-02-05", 1, BASE); /* the day is over, but nothing happened on it */
    add("2026-02-05", "2026-02-15");
    owes(1, 1, 0, 2600, 0, 0);
    pay("2026-02-06", 0, 2600);
    add("2026-02-06", "2026-04-15");
    owes(1, 1, 0, 0, 0, 0);
    assert_int_equal(ledger_next_day(&books.state, day_of("2026-04-15")).number,
                     DAY_NEVER.number);
}

static void a_charge_is_after_its_debt_though_an_instalment_is_placed_later(void **state)
{
    (void)state;
    place("2026-01-01", 1, 1, "2026-01-10", BASE);
    run("2026-01-01");
    charge("2026-01-05", 1, COMPONENT_COSTS, 70);
    place("2026-01-20", 1, 2, "2026-02-10", BASE);
    assert_true(ledger_run(&books, &moves[1], 2, day_of("2026-01-20"), &why));
    assert_string_equal(books.entries[1].cause, "charge costs 2026-01-05 1 c1");
}

static void nothing_is_added_to_a_day_of_fees(void **state)
{
    struct late_fee fee = { .tier_count = 1, .tiers = tiers };
    struct terms terms = with_fee(&fee);

    (void)state;
    bind("2026-01-01", 1, &terms);
    put_due("2026-01-10");
    run("2026-01-11");
    assert_int_equal(books.state.frontier.number, day_of("2026-01-11").number);
}

static void the_next_day_is_of_a_fee_or_after_a_month(void **state)
{
    static const struct {
        const char *today, *next;
    } cases[] = { { "2026-01-05", "2026-01-16" },
                  { "2026-01-15", "2026-01-16" },
                  { "2026-01-16", "2026-02-01" },
                  { "2026-02-01", "2026-02-11" },
                  { "2026-02-11", "2026-03-01" } };
    struct late_fee fee = { .tier_count = 1, .tiers = tiers, .after_days = 5 };
    struct terms terms = agreed();

    (void)state;
    fee.name = "late_fee";
    terms.fee_count = 1;
    terms.fees = &fee;
    terms.interest.compounding = COMPOUND_MONTHLY;
    bind("2026-01-01", 1, &terms);
    put_due("2026-01-10");
    for (size_t i = 0; i < COUNT(cases); i++) {
        run(cases[i].today);
        assert_int_equal(ledger_next_day(&books.state, day_of(cases[i].today)).number,
                         day_of(cases[i].next).number);
    }
}

#define EACH(test) cmocka_unit_test_setup(test, fresh)

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(a_day_late_costs_a_day),
        EACH(interest_is_posted_when_a_month_ends),
        EACH(a_payment_cuts_the_month),
        EACH(a_payment_pays_the_interest_of_its_day),
        EACH(rates_change),
        EACH(no_interest_while_frozen),
        EACH(within_grace_nothing_and_after_it_from_the_due_day),
        EACH(paid_within_grace_costs_nothing),
        EACH(from_the_invoice_on),
        EACH(placed_late_is_late_from_then),
        EACH(a_correction_counts_from_its_day),
        EACH(the_old_terms_hold_up_to_the_day_before),
        EACH(every_day_counts_once_when_the_beginning_changes),
        EACH(a_time_without_interest_costs_nothing_later),
        EACH(interest_that_began_goes_on_in_a_later_grace),
        EACH(what_ran_is_posted_though_the_terms_are_over),
        EACH(new_terms_do_not_compound_what_was_before),
        EACH(interest_bears_interest),
        EACH(a_payment_on_the_day_of_compounding_counts_first),
        EACH(what_was_paid_of_compounded_interest_bears_no_more),
        EACH(a_fee_falls_on_the_first_day_that_is_late),
        EACH(a_payment_dated_back_removes_the_fee),
        EACH(a_fee_comes_again_so_many_times),
        EACH(a_fee_by_share_has_its_limits),
        EACH(a_fee_of_a_frozen_day_is_left_out),
        EACH(new_terms_hold_for_the_fee_of_their_day),
        EACH(a_fee_of_a_step_does_not_come_by_itself),
        EACH(what_comes_later_is_added),
        EACH(a_charge_is_after_its_debt_though_an_instalment_is_placed_later),
        EACH(nothing_is_added_to_a_day_of_fees),
        EACH(the_next_day_is_of_a_fee_or_after_a_month),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    arena_free(&arena);
    return failed;
}

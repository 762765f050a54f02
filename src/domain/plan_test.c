/* Plans: known questions to the cent, and every refusal in its words. */
#include "domain/plan.h"
#include "domain/schedule_fixture.h"

/* $1,284.56 on 17 November 2026, nothing else known. */
static struct plan_question usual(void)
{
    struct day today = day_of("2026-11-17");

    return (struct plan_question){ .open = money_of(128456, CURRENCY_USD),
                                   .bearing_minor = 128456,
                                   .today = today,
                                   .first_day = day_of("2026-12-04"),
                                   .down_day = today,
                                   .payday_known = DAY_NONE,
                                   .limitation_day = DAY_NEVER };
}

static void show(const struct plan_answer *answer)
{
    char text[SPLIT_TEXT], first[DAY_TEXT], last[DAY_TEXT];

    for (size_t i = 0; i < answer->plan_count; i++) {
        const struct plan *p = &answer->plans[i];
        print_message("plan %s, %s, %s to %s: %s%s%s\n", split_show(&p->split, text),
                      p->rhythm.words, day_print(p->first_day, first),
                      day_print(p->last_day, last), p->reason, p->warning ? " ! " : "",
                      p->warning ? p->warning : "");
    }
    for (size_t i = 0; i < answer->refusal_count; i++)
        print_message("no   %s: %s\n", split_show(&answer->refusals[i].split, text),
                      answer->refusals[i].sentence);
}

static void says(const struct plan *p, const char *split, const char *first, const char *last,
                 const char *reason)
{
    char text[SPLIT_TEXT], day[DAY_TEXT];

    assert_string_equal(split_show(&p->split, text), split);
    assert_string_equal(day_print(p->first_day, day), first);
    assert_string_equal(day_print(p->last_day, day), last);
    assert_string_equal(p->reason, reason);
}

static void the_known_one(void **state)
{
    struct arena a = { 0 };
    struct plan_answer answer;
    struct schedule month = schedule_of("month");
    struct plan_question q = usual();
    const struct plan_limit limits[] = {
        { LIMIT_TERM_MONTHS, 12, DAY_NONE, "authority/house.yaml, usual", "a collector",
          "a team lead" },
    };
    static const struct {
        const char *day;
        int64_t minor, balance;
    } rows[] = { { "2026-12-04", 18500, 109956 }, { "2027-01-04", 18500, 91456 },
                 { "2027-02-04", 18500, 72956 },  { "2027-03-04", 18500, 54456 },
                 { "2027-04-04", 18500, 35956 },  { "2027-05-04", 18500, 17456 },
                 { "2027-06-04", 17456, 0 } };

    (void)state;
    q.asked_minor = 18500;
    q.asked_every = &month;
    q.spare_minor = 24000;
    q.spare_period = PERIOD_MONTH;
    q.limits = limits;
    q.limit_count = COUNT(limits);
    plan_solve(&q, &a, &answer);
    assert_int_equal(answer.refusal_count, 0);
    assert_int_equal(answer.plan_count, 4);
    says(&answer.plans[0], "7 payments: 6 × $185.00, then $174.56", "2026-12-04", "2027-06-04",
         "as asked for, fits the $240.00 a month they can spare");
    says(&answer.plans[1], "6 payments: 5 × $240.00, then $84.56", "2026-12-04", "2027-05-04",
         "done soonest, fits the $240.00 a month they can spare");
    says(&answer.plans[2], "8 payments: 7 × $175.00, then $59.56", "2026-12-04", "2027-07-04",
         "leaves $65.00 a month of what they can spare");
    says(&answer.plans[3], "12 payments: 11 × $107.05, then $107.01", "2026-12-04",
         "2027-11-04", "the lowest payments, fits the $240.00 a month they can spare");
    const struct plan *asked = &answer.plans[0];
    assert_int_equal(asked->row_count, COUNT(rows));
    assert_int_equal(asked->total_minor, 128456);
    assert_int_equal(asked->months, 7);
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_int_equal(asked->rows[i].day.number, day_of(rows[i].day).number);
        assert_int_equal(asked->rows[i].minor, rows[i].minor);
        assert_int_equal(asked->rows[i].balance_minor, rows[i].balance);
    }
    arena_free(&a);
}

/* One limit and one wish each; what is said. */
static void why_not(void **state)
{
    static const struct {
        struct plan_limit limit;
        int64_t asked, spare, nearest;
        int months;
        const char *sentence;
    } cases[] = {
        { { LIMIT_TERM_MONTHS, 12, { 0 }, "house §2", "a collector", "a team lead" },
          5000,
          0,
          10705,
          0,
          "12 months is the most that a collector may grant (house §2); ask a team lead, or "
          "pay at least $107.05 a month" },
        { { LIMIT_TERM_MONTHS, 12, { 0 }, "house §2", "a collector", "a team lead" },
          0,
          0,
          10705,
          18,
          "12 months is the most that a collector may grant (house §2); ask a team lead, or "
          "pay at least $107.05 a month" },
        { { LIMIT_TERM_MONTHS, 12, { 0 }, "house §2", "a collector", "a team lead" },
          0,
          5000,
          0,
          0,
          "12 months is the most that a collector may grant (house §2); ask a team lead; the "
          "limits ask for at least $107.05 a month, and they can spare $50.00" },
        { { LIMIT_TERM_MONTHS, 0, { 0 }, "house §2", "a trainee", "a collector" },
          5000,
          0,
          0,
          0,
          "no plan may be granted by a trainee (house §2); ask a collector" },
        { { LIMIT_TERM_MONTHS, 0, { 0 }, "§ 1", NULL, NULL },
          0,
          0,
          0,
          0,
          "no plan may be granted (§ 1)" },
        { { LIMIT_TERM_DAYS, 62, { 0 }, "§ 1", NULL, NULL },
          30000,
          0,
          42819,
          0,
          "62 days is the most (§ 1); pay at least $428.19 a month" },
        { { LIMIT_PAYMENTS, 4, { 0 }, NULL, NULL, NULL },
          30000,
          0,
          32114,
          0,
          "4 payments is the most; pay at least $321.14 a month" },
        { { LIMIT_LEAST_PAYMENT, 2500, { 0 }, "house §3", "a collector", NULL },
          2000,
          0,
          2500,
          0,
          "$25.00 is the smallest payment that a collector may grant (house §3); pay at least "
          "$25.00 a month" },
        { { LIMIT_MOST_PAYMENT, 10000, { 0 }, "§ 850c", NULL, NULL },
          20000,
          0,
          10000,
          0,
          "$100.00 is the greatest payment (§ 850c); pay at most $100.00 a month" },
        { { LIMIT_PAYMENTS, 99, { 0 }, NULL, NULL, NULL },
          20000,
          15000,
          15000,
          0,
          "$200.00 a month is more than the $150.00 a month they can spare; pay at most "
          "$150.00 a month" },
        { { LIMIT_LEAST_DOWN, 12846, { 0 }, "house §4", "a collector", "a manager" },
          18500,
          0,
          12846,
          0,
          "a first payment of at least $128.46 is needed (house §4); ask a manager" },
        { { LIMIT_FIRST_BY, 0, { 20789 }, "house §5", NULL, NULL },
          18500,
          0,
          0,
          0,
          "the first payment must come by 2026-12-02 (house §5)" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct arena a = { 0 };
        struct plan_answer answer;
        struct plan_question q = usual();
        q.limits = &cases[i].limit;
        q.limit_count = 1;
        q.asked_minor = cases[i].asked;
        q.asked_months = cases[i].months;
        q.spare_minor = cases[i].spare;
        q.spare_period = PERIOD_MONTH;
        plan_solve(&q, &a, &answer);
        if (answer.refusal_count == 0 ||
            strcmp(answer.refusals[0].sentence, cases[i].sentence) != 0 ||
            answer.refusals[0].nearest_minor != cases[i].nearest) {
            show(&answer);
            fail_msg("case %zu: %s", i,
                     answer.refusal_count ? answer.refusals[0].sentence : "no refusal");
        }
        arena_free(&a);
    }
}

static void payday(void **state)
{
    struct arena a = { 0 };
    struct plan_answer answer;
    struct schedule fridays = schedule_of("2weeks");
    struct plan_question q = usual();
    const struct plan_limit limits[] = { { LIMIT_TERM_MONTHS, 12, DAY_NONE, "s", NULL, NULL } };

    (void)state;
    q.payday = &fridays;
    q.payday_known = day_of("2026-11-06"); /* so paid on 4 December, not on the 11th */
    q.spare_minor = 5000;
    q.spare_period = PERIOD_TWO_WEEKS;
    q.closed = (struct closed_days){ federal_off_is, NULL };
    q.limits = limits;
    q.limit_count = 1;
    plan_solve(&q, &a, &answer);
    /* Saturday and Sunday are closed: Monday, three days after. */
    says(&answer.plans[0], "26 payments: 25 × $50.00, then $34.56", "2026-12-07", "2027-11-22",
         "done soonest, fits the $50.00 every two weeks they can spare, just after payday");
    assert_string_equal(answer.plans[0].rhythm.words, "every two weeks");
    bool four_weeks = false;
    for (size_t i = 0; i < answer.plan_count; i++)
        four_weeks = four_weeks || answer.plans[i].rhythm.times_a_year == 13;
    assert_true(four_weeks);
    arena_free(&a);
}

static void a_first_payment(void **state)
{
    struct arena a = { 0 };
    struct plan_answer answer;
    struct plan_question q = usual();
    struct plan_limit limits[] = { { LIMIT_TERM_MONTHS, 12, DAY_NONE, "s", NULL, NULL },
                                   { LIMIT_MOST_DOWN, 0, DAY_NONE, "hardship §1", NULL,
                                     NULL } };
    size_t with = 0;

    (void)state;
    q.down_minor = 10000;
    q.spare_minor = 24000;
    q.spare_period = PERIOD_MONTH;
    q.limits = limits;
    q.limit_count = 1;
    plan_solve(&q, &a, &answer);
    says(&answer.plans[0], "$100.00 first, then 5 payments: 4 × $240.00, then $224.56",
         "2026-12-04", "2027-04-04",
         "done soonest, fits the $240.00 a month they can spare, with the first payment they "
         "offer");
    assert_true(answer.plans[0].rows[0].down && answer.plans[0].row_count == 6);
    assert_int_equal(answer.plans[0].rows[0].balance_minor, 118456);
    assert_int_equal(answer.plans[0].rows[0].day.number, q.today.number);
    for (size_t i = 0; i < answer.plan_count; i++)
        with += answer.plans[i].split.down > 0;
    assert_true(with > 0 && with < answer.plan_count);

    /* None may be taken from somebody in hardship: the others remain, and it is said why. */
    q.limit_count = 2;
    plan_solve(&q, &a, &answer);
    assert_true(answer.plan_count > 0);
    for (size_t i = 0; i < answer.plan_count; i++)
        assert_int_equal(answer.plans[i].split.down, 0);
    assert_string_equal(answer.refusals[0].sentence,
                        "no first payment may be taken (hardship §1)");

    /* One that is needed and was not offered is put in. */
    limits[1] = (struct plan_limit){ LIMIT_LEAST_DOWN, 12846, DAY_NONE, "s", NULL, NULL };
    q.down_minor = 0;
    plan_solve(&q, &a, &answer);
    assert_true(answer.plan_count > 0);
    for (size_t i = 0; i < answer.plan_count; i++)
        assert_int_equal(answer.plans[i].split.down, 12846);
    arena_free(&a);
}

static void warnings(void **state)
{
    struct arena a = { 0 };
    struct plan_answer answer;
    struct plan_question q = usual();
    const struct plan_limit limit = { LIMIT_NOT_BEFORE, 0,    day_of("2026-12-20"),
                                      "12 CFR 1",       NULL, NULL };

    (void)state;
    q.asked_minor = 18500;
    q.limitation_day = day_of("2027-03-01");
    plan_solve(&q, &a, &answer);
    assert_string_equal(answer.plans[0].warning, "the last payment, on 2027-06-04, lies after "
                                                 "the limitation day, 2027-03-01");
    q.limits = &limit;
    q.limit_count = 1;
    q.limitation_day = DAY_NEVER;
    plan_solve(&q, &a, &answer);
    assert_string_equal(answer.plans[0].warning,
                        "no payment is taken before 2026-12-20 (12 CFR 1)");
    assert_int_equal(answer.plans[0].first_day.number, limit.day.number);
    arena_free(&a);
}

static void a_list_of_dates(void **state)
{
    struct arena a = { 0 };
    struct plan_answer answer;
    struct schedule dates = schedule_of("2026-12-04,2027-01-04,2027-03-04");
    struct plan_question q = usual();

    (void)state;
    q.asked_every = &dates;
    q.asked_minor = 50000;
    plan_solve(&q, &a, &answer);
    says(&answer.plans[0], "3 payments: 2 × $500.00, then $284.56", "2026-12-04", "2027-03-04",
         "as asked for");
    q.asked_minor = 40000;
    plan_solve(&q, &a, &answer);
    assert_string_equal(answer.refusals[0].sentence,
                        "3 payments is the most; pay at least $428.19 each time");
    arena_free(&a);
}

static void interest(void **state)
{
    struct arena a = { 0 };
    struct plan_answer answer;
    struct plan_question q = usual();
    struct schedule year = schedule_of("2027-11-17"), month = schedule_of("month");

    (void)state;
    q.open = money_of(120000, CURRENCY_USD);
    q.bearing_minor = 100000;
    q.rate_ppm = 120000;
    q.asked_every = &year;
    q.asked_minor = 200000;
    plan_solve(&q, &a, &answer);
    assert_int_equal(answer.plans[0].total_minor, 132000); /* 12 % of 1,000.00, a year */
    assert_int_equal(answer.plans[0].interest_minor, 12000);

    q = usual(); /* 17 days, then 31, on what is left; cents are carried */
    q.rate_ppm = 100000;
    q.asked_every = &month;
    q.asked_minor = 50000;
    q.charges_first = true;
    plan_solve(&q, &a, &answer);
    const struct plan *p = &answer.plans[0];
    assert_int_equal(p->rows[0].balance_minor, 128456 + 598 - 50000);
    assert_int_equal(p->rows[1].balance_minor, 128456 + 598 - 50000 + 672 - 50000);
    assert_int_equal(p->row_count, 3);
    assert_int_equal(p->total_minor, 128456 + 598 + 672 + 252);
    assert_int_equal(p->interest_minor, 598 + 672 + 252);

    q.asked_minor = 900; /* less than the interest of a month */
    plan_solve(&q, &a, &answer);
    assert_int_equal(answer.refusals[0].limit->kind, LIMIT_PAYMENTS);
    assert_int_equal(answer.refusals[0].limit->value, PLAN_PAYMENTS_MOST);
    arena_free(&a);
}

static void terms_in_months(void **state)
{
    (void)state;
    for (int i = 0; i < 20000; i++) {
        struct day first = { (int)dice(20000, 24000) },
                   last = day_plus(first, (int)dice(0, 999));
        int months = plan_term_months(first, last);
        assert_true(last.number < day_plus_months(first, months).number);
        assert_true(last.number >= day_plus_months(first, months - 1).number);
    }
    assert_int_equal(plan_term_months(day_of("2026-12-04"), day_of("2026-12-04")), 1);
    assert_int_equal(plan_term_months(day_of("2026-12-04"), day_of("2027-01-03")), 1);
    assert_int_equal(plan_term_months(day_of("2026-12-04"), day_of("2027-01-04")), 2);
    assert_int_equal(plan_term_months(day_of("2026-12-04"), day_of("2027-11-04")), 12);
    assert_int_equal(plan_term_months(day_of("2027-01-31"), day_of("2027-02-28")), 2);
    assert_int_equal(plan_term_months(day_of("2027-01-31"), day_of("2027-02-27")), 1);
    assert_int_equal(plan_spare(200000, 176000), 24000);
    assert_int_equal(plan_spare(100000, 176000), 0);
}

int main(void)
{
    seed = 1284;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_known_one), cmocka_unit_test(why_not),
        cmocka_unit_test(payday),        cmocka_unit_test(a_first_payment),
        cmocka_unit_test(warnings),      cmocka_unit_test(a_list_of_dates),
        cmocka_unit_test(interest),      cmocka_unit_test(terms_in_months),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

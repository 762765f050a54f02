/* Plans: one known question to the cent, every refusal's words, and what must always hold. */
#include "domain/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static uint64_t seed = 1284;

static int64_t dice(int64_t least, int64_t most)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return least + (int64_t)(seed % (uint64_t)(most - least + 1));
}

static struct day day_of(const char *text)
{
    struct day day;

    assert_true(day_parse(text, &day));
    return day;
}

static struct schedule schedule_of(const char *text)
{
    struct schedule s;
    struct fault why = { 0 };

    if (!schedule_parse(text, &s, &why))
        fail_msg("%s", why.text);
    return s;
}

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
          5000, 0, 10705, 0,
          "12 months is the most that a collector may grant (house §2); ask a team lead, or "
          "pay at least $107.05 a month" },
        { { LIMIT_TERM_MONTHS, 12, { 0 }, "house §2", "a collector", "a team lead" },
          0, 0, 10705, 18,
          "12 months is the most that a collector may grant (house §2); ask a team lead, or "
          "pay at least $107.05 a month" },
        { { LIMIT_TERM_MONTHS, 12, { 0 }, "house §2", "a collector", "a team lead" },
          0, 5000, 0, 0,
          "12 months is the most that a collector may grant (house §2); ask a team lead; the "
          "limits ask for at least $107.05 a month, and they can spare $50.00" },
        { { LIMIT_TERM_MONTHS, 0, { 0 }, "house §2", "a trainee", "a collector" },
          5000, 0, 0, 0,
          "no plan may be granted by a trainee (house §2); ask a collector" },
        { { LIMIT_TERM_MONTHS, 0, { 0 }, "§ 1", NULL, NULL }, 0, 0, 0, 0,
          "no plan may be granted (§ 1)" },
        { { LIMIT_TERM_DAYS, 62, { 0 }, "§ 1", NULL, NULL }, 30000, 0, 42819, 0,
          "62 days is the most (§ 1); pay at least $428.19 a month" },
        { { LIMIT_PAYMENTS, 4, { 0 }, NULL, NULL, NULL }, 30000, 0, 32114, 0,
          "4 payments is the most; pay at least $321.14 a month" },
        { { LIMIT_LEAST_PAYMENT, 2500, { 0 }, "house §3", "a collector", NULL }, 2000, 0, 2500,
          0,
          "$25.00 is the smallest payment that a collector may grant (house §3); pay at least "
          "$25.00 a month" },
        { { LIMIT_MOST_PAYMENT, 10000, { 0 }, "§ 850c", NULL, NULL }, 20000, 0, 10000, 0,
          "$100.00 is the greatest payment (§ 850c); pay at most $100.00 a month" },
        { { LIMIT_PAYMENTS, 99, { 0 }, NULL, NULL, NULL }, 20000, 15000, 15000, 0,
          "$200.00 a month is more than the $150.00 a month they can spare; pay at most "
          "$150.00 a month" },
        { { LIMIT_LEAST_DOWN, 12846, { 0 }, "house §4", "a collector", "a manager" },
          18500, 0, 12846, 0,
          "a first payment of at least $128.46 is needed (house §4); ask a manager" },
        { { LIMIT_FIRST_BY, 0, { 20789 }, "house §5", NULL, NULL }, 18500, 0, 0, 0,
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
                                   { LIMIT_MOST_DOWN, 0, DAY_NONE, "hardship §1", NULL, NULL } };
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
    const struct plan_limit limit = { LIMIT_NOT_BEFORE, 0, day_of("2026-12-20"), "12 CFR 1", NULL,
                                      NULL };

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
        struct day first = { (int)dice(20000, 24000) }, last = day_plus(first, (int)dice(0, 999));
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

/* ---- What always holds -------------------------------------------------------------------- */

struct trial {
    struct plan_question q;
    struct schedule payday, every;
    struct plan_limit limits[6];
};

static struct schedule any_schedule(void)
{
    static const char *const texts[] = { "weekly", "weekly on friday", "2weeks", "4weeks",
                                         "month", "month on 31", "month on last friday",
                                         "1st and 15th", "quarter", "month on 25 or before" };
    return schedule_of(texts[dice(0, COUNT(texts) - 1)]);
}

static struct plan_limit any_limit(struct day today, int64_t open)
{
    struct plan_limit limit = { (enum plan_limit_kind)dice(0, LIMIT_KIND_COUNT - 1), 0, DAY_NONE,
                                "source", "a collector", "a team lead" };

    switch (limit.kind) {
    case LIMIT_TERM_MONTHS:
        limit.value = dice(0, 60);
        break;
    case LIMIT_TERM_DAYS:
        limit.value = dice(1, 1500);
        break;
    case LIMIT_PAYMENTS:
        limit.value = dice(1, 100);
        break;
    case LIMIT_LEAST_PAYMENT:
        limit.value = dice(1, open / 10 + 1);
        break;
    case LIMIT_MOST_PAYMENT:
    case LIMIT_SPARE:
        limit.kind = LIMIT_MOST_PAYMENT;
        limit.value = dice(open / 50 + 1, open + 1);
        break;
    case LIMIT_LEAST_DOWN:
    case LIMIT_MOST_DOWN:
        limit.value = dice(0, open / 4);
        break;
    case LIMIT_FIRST_BY:
        limit.day = day_plus(today, (int)dice(20, 90));
        break;
    case LIMIT_NOT_BEFORE:
        limit.day = day_plus(today, (int)dice(0, 40));
        break;
    case LIMIT_KIND_COUNT:
        break;
    }
    return limit;
}

static void any_question(struct trial *t)
{
    static const enum currency currencies[] = { CURRENCY_USD, CURRENCY_JPY, CURRENCY_KWD };
    struct plan_question *q = &t->q;
    int64_t open = dice(1, (int64_t)1 << dice(8, 24));

    *q = usual();
    q->open = money_of(open, currencies[dice(0, 2)]);
    q->bearing_minor = dice(0, open);
    q->charges_first = dice(0, 1);
    q->rate_ppm = dice(0, 9) > 0 ? 0 : (int32_t)dice(1, 300000);
    q->today = day_plus(q->today, (int)dice(0, 2000));
    q->first_day = day_plus(q->today, (int)dice(0, 40));
    q->down_day = day_plus(q->today, (int)dice(0, 10));
    q->spare_minor = dice(0, 2) > 0 ? dice(1, open / 3 + 2) : 0;
    q->spare_period = (enum plan_period)dice(0, 3);
    q->down_minor = dice(0, 3) > 0 ? 0 : dice(0, open);
    q->asked_minor = dice(0, 2) > 0 ? 0 : dice(1, open);
    q->asked_months = dice(0, 3) > 0 ? 0 : (int)dice(1, 30);
    t->payday = any_schedule();
    t->every = any_schedule();
    q->payday = dice(0, 1) ? &t->payday : NULL;
    q->payday_known = dice(0, 1) ? day_plus(q->today, (int)dice(-30, 30)) : DAY_NONE;
    q->asked_every = dice(0, 3) ? NULL : &t->every;
    q->closed = dice(0, 2) ? (struct closed_days){ federal_off_is, NULL }
                           : (struct closed_days){ 0 };
    q->limit_count = (size_t)dice(0, COUNT(t->limits));
    q->limits = t->limits;
    for (size_t i = 0; i < q->limit_count; i++)
        t->limits[i] = any_limit(q->today, open);
}

static bool is_payday(const struct trial *t, struct day day)
{
    const struct schedule *s = &t->payday;
    struct day from = t->q.payday_known;
    struct day start = { day.number - 40 };

    if (s->kind == SCHEDULE_DAYS && s->step > 7 && from.number != DAY_NONE.number) {
        int apart = (day.number - from.number) % s->step;
        return apart == 0;
    }
    if (s->kind == SCHEDULE_DAYS && s->weekday == WEEKDAY_OF_FIRST)
        return true; /* nobody said which day it is, or any day of the week of it */
    if (s->kind == SCHEDULE_MONTHS && s->month_days[0] == DATE_OF_FIRST)
        return true;
    if (s->step == 3)
        return true;
    for (int n = 0;; n++) {
        struct day at = schedule_date(s, start, n, t->q.closed);
        if (at.number >= day.number)
            return at.number == day.number;
    }
}

static void check_limits(const struct trial *t, const struct plan *p)
{
    int64_t low = p->split.each < p->split.last ? p->split.each : p->split.last,
            high = p->split.each > p->split.last ? p->split.each : p->split.last;
    struct day first = p->rows[0].day, end = p->last_day;

    for (size_t i = 0; i < t->q.limit_count; i++) {
        const struct plan_limit *l = &t->limits[i];
        switch (l->kind) {
        case LIMIT_TERM_MONTHS: /* said another way: it ends before so many months are over */
            assert_true(end.number <
                        day_plus_months(p->first_day, (int)l->value).number);
            break;
        case LIMIT_TERM_DAYS:
            assert_true(end.number - p->first_day.number <= l->value);
            break;
        case LIMIT_PAYMENTS:
            assert_true(p->split.count <= l->value);
            break;
        case LIMIT_LEAST_PAYMENT:
            assert_true(p->split.count == 1 || low >= l->value);
            break;
        case LIMIT_MOST_PAYMENT:
            assert_true(high <= l->value);
            break;
        case LIMIT_LEAST_DOWN:
            assert_true(p->split.down >= l->value);
            break;
        case LIMIT_MOST_DOWN:
            assert_true(p->split.down <= l->value);
            break;
        case LIMIT_FIRST_BY:
            assert_true(first.number <= l->day.number);
            break;
        case LIMIT_NOT_BEFORE:
            assert_true(first.number >= l->day.number);
            break;
        case LIMIT_SPARE:
        case LIMIT_KIND_COUNT:
            break;
        }
    }
    int times[] = { 52, 26, 13, 12 };
    if (t->q.spare_minor > 0 && p->rhythm.times_a_year > 0)
        assert_true(high * p->rhythm.times_a_year <=
                    t->q.spare_minor * times[t->q.spare_period]);
}

static void check_plan(const struct trial *t, const struct plan *p)
{
    const struct plan_question *q = &t->q;
    int64_t sum = 0;
    double interest = 0, principal = (double)q->bearing_minor,
           charges = (double)(q->open.minor - q->bearing_minor), owed = 0;
    struct day at = q->today;

    assert_int_equal((int64_t)p->row_count, p->split.count + (p->split.down > 0));
    for (size_t i = 0; i < p->row_count; i++) {
        const struct plan_row *row = &p->rows[i];
        assert_true(row->minor > 0 && row->balance_minor >= 0);
        assert_true(row->day.number >= at.number);
        assert_true(i == 0 || row->day.number > p->rows[i - 1].day.number);
        sum += row->minor;
        /* The same by other means: in fractions, with the interest never rounded. */
        interest += principal * q->rate_ppm / 1e6 * (row->day.number - at.number) / 365;
        at = row->day;
        double left = (double)row->minor, *order[] = { &principal, &interest, &charges };
        if (q->charges_first) {
            order[0] = &interest;
            order[1] = &charges;
            order[2] = &principal;
        }
        for (int k = 0; k < 3; k++) {
            double part = left < *order[k] ? left : *order[k];
            *order[k] -= part;
            left -= part;
        }
        owed = principal + interest + charges - left;
        /* Rounding early or late by half a unit bears interest, too: looked at while that is
         * little. */
        double off = owed - (double)row->balance_minor,
               grown = q->rate_ppm / 1e6 * (at.number - q->today.number) / 365;
        if (grown < 0.5 && (off > 1.5 || off < -1.5))
            fail_msg("row %zu of %zu: %f is not %lld", i, p->row_count, owed,
                     (long long)row->balance_minor);
        if (p->rhythm.after_payday && !row->down) {
            bool found = false;
            for (int lag = 1; lag <= 3; lag++)
                found = found || is_payday(t, day_plus(row->day, -lag));
            assert_true(found);
        }
    }
    assert_true(sum == q->open.minor + p->interest_minor && sum == p->total_minor);
    assert_int_equal(p->rows[p->row_count - 1].balance_minor, 0);
    check_limits(t, p);
}

/* The nearest value that is named passes when it is asked for. */
static void check_nearest(const struct trial *t, const struct plan_refusal *r)
{
    struct arena a = { 0 };
    struct plan_answer again;
    struct plan_question q = t->q;
    bool amount = r->limit->kind <= LIMIT_SPARE;

    if (!amount || r->nearest_minor == 0 || r->aim != PLAN_ASKED)
        return;
    q.asked_minor = r->nearest_minor;
    plan_solve(&q, &a, &again);
    for (size_t i = 0; i < again.refusal_count; i++) {
        const struct plan_refusal *other = &again.refusals[i];
        if (other->aim == PLAN_ASKED && other->limit->kind <= LIMIT_SPARE &&
            other->split.down == r->split.down) {
            show(&again);
            fail_msg("nearest %lld does not pass: %s", (long long)r->nearest_minor,
                     other->sentence);
        }
    }
    arena_free(&a);
}

static void it_always_holds(void **state)
{
    struct arena a = { 0 };
    size_t plans = 0, refusals = 0, nothing = 0;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        struct trial t;
        struct plan_answer answer;
        any_question(&t);
        arena_reset(&a);
        plan_solve(&t.q, &a, &answer);
        plans += answer.plan_count;
        refusals += answer.refusal_count;
        nothing += answer.plan_count == 0;
        assert_true(answer.plan_count + answer.refusal_count > 0);
        for (size_t k = 0; k < answer.plan_count; k++)
            check_plan(&t, &answer.plans[k]);
        for (size_t k = 0; k < answer.refusal_count; k++)
            check_nearest(&t, &answer.refusals[k]);
    }
    print_message("%zu plans, %zu refusals, %zu questions without a plan\n", plans, refusals,
                  nothing);
    assert_true(plans > 50000 && refusals > 10000 && nothing < 8000);
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_known_one),   cmocka_unit_test(why_not),
        cmocka_unit_test(payday),          cmocka_unit_test(a_first_payment),
        cmocka_unit_test(warnings),        cmocka_unit_test(a_list_of_dates),
        cmocka_unit_test(interest),        cmocka_unit_test(terms_in_months),
        cmocka_unit_test(it_always_holds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

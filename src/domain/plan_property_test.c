/* What must hold of every plan and every refusal, over seeded questions. */
#include "domain/plan.h"
#include "domain/schedule_fixture.h"

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

struct trial {
    struct plan_question q;
    struct schedule payday, every;
    struct plan_limit limits[6];
};

static struct schedule any_schedule(void)
{
    static const char *const texts[] = { "weekly",
                                         "weekly on friday",
                                         "2weeks",
                                         "4weeks",
                                         "month",
                                         "month on 31",
                                         "month on last friday",
                                         "1st and 15th",
                                         "quarter",
                                         "month on 25 or before" };
    return schedule_of(texts[dice(0, COUNT(texts) - 1)]);
}

static struct plan_limit any_limit(struct day today, int64_t open)
{
    struct plan_limit limit = { (enum plan_limit_kind)dice(0, LIMIT_KIND_COUNT - 1),
                                0,
                                DAY_NONE,
                                "source",
                                "a collector",
                                "a team lead" };

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

    *q = (struct plan_question){ .limitation_day = DAY_NEVER };
    q->open = money_of(open, currencies[dice(0, 2)]);
    q->bearing_minor = dice(0, open);
    q->charges_first = dice(0, 1);
    q->rate_ppm = dice(0, 9) > 0 ? 0 : (int32_t)dice(1, 300000);
    q->today = day_plus((struct day){ 20774 }, (int)dice(0, 2000));
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
    q->closed =
        dice(0, 2) ? (struct closed_days){ federal_off_is, NULL } : (struct closed_days){ 0 };
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
            assert_true(end.number < day_plus_months(p->first_day, (int)l->value).number);
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

/* An even split by month that breaks no limit, found by trying each count; 0: there is none. */
static int64_t even_one(const struct trial *t)
{
    const struct plan_question *q = &t->q;

    for (int64_t count = 1; count <= 80; count++) {
        struct split s;
        bool fits = split_evenly(q->open, 0, count, &s);
        int64_t low = s.each < s.last ? s.each : s.last, high = s.each + s.last - low;
        for (size_t i = 0; i < q->limit_count && fits; i++) {
            const struct plan_limit *l = &t->limits[i];
            fits = l->kind == LIMIT_TERM_MONTHS     ? count <= l->value
                   : l->kind == LIMIT_PAYMENTS      ? count <= l->value
                   : l->kind == LIMIT_LEAST_PAYMENT ? count == 1 || low >= l->value
                   : l->kind == LIMIT_MOST_PAYMENT  ? high <= l->value
                                                    : true;
        }
        if (fits && (q->spare_minor == 0 || high <= q->spare_minor))
            return count;
    }
    return 0;
}

/* Where a plan by month can be found by trying, the solver finds one, too. Pennies aside: there
 * the odd last payment, of which it makes one at most, weighs too much. */
static void none_is_overlooked(void **state)
{
    struct arena a = { 0 };
    size_t found = 0, missed = 0, more = 0;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        struct trial t;
        struct plan_answer answer;
        any_question(&t);
        t.every = schedule_of("month on 4");
        t.q.asked_every = &t.every;
        t.q.payday = NULL;
        t.q.rate_ppm = 0;
        t.q.down_minor = 0;
        t.q.spare_period = PERIOD_MONTH;
        t.q.closed = (struct closed_days){ 0 };
        for (size_t k = 0; k < t.q.limit_count; k++) {
            if (t.limits[k].kind > LIMIT_MOST_PAYMENT || t.limits[k].kind == LIMIT_TERM_DAYS)
                t.limits[k] = (struct plan_limit){ .kind = LIMIT_PAYMENTS, .value = 80 };
        }
        arena_reset(&a);
        plan_solve(&t.q, &a, &answer);
        int64_t count = even_one(&t);
        if (count > t.q.open.minor / (count > 0 ? count : 1))
            continue; /* payments of less minor units than there are payments */
        found += count > 0 && answer.plan_count > 0;
        missed += count > 0 && answer.plan_count == 0;
        more += count == 0 && answer.plan_count > 0;
    }
    print_message("%zu found by both, %zu by trying only, %zu by the solver only\n", found,
                  missed, more);
    assert_true(found > 5000 && missed == 0);
    arena_free(&a);
}

int main(void)
{
    seed = 20420;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_always_holds),
        cmocka_unit_test(none_is_overlooked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

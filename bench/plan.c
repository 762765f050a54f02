/*
 * plan: microseconds that the solver takes, against an empty function that is handed the same
 * questions, and how that grows with the number of payments and with the balance.
 *
 * The typical question: $1,284.56, $240 a month to spare, paid on every second Friday, federal
 * holidays, twelve months and payments of $25 at the most and least, a first payment offered.
 */
#include "domain/plan.h"

#include "timing.h"

enum { QUESTIONS = 256 };

static const int terms[] = { 12, 60, 360 };
static const int64_t balances[] = { 128456, 12845600, 1284560000 };

struct trial {
    struct plan_question questions[QUESTIONS];
    struct arena arena;
    size_t plans;
};

struct shape {
    int months;
    int64_t open_minor;
    int32_t rate_ppm;
    bool typical; /* with payday and first payment; otherwise by month, nothing offered */
};

static void empty_solve(const struct plan_question *question, struct arena *a,
                        struct plan_answer *answer)
{
    (void)question;
    (void)a;
    answer->plan_count = 0;
}

/* Called through a pointer, so that neither is folded away. */
static void solve_all(struct trial *t,
                      void (*volatile solve)(const struct plan_question *, struct arena *,
                                             struct plan_answer *))
{
    static struct plan_answer answer;

    for (size_t i = 0; i < QUESTIONS; i++) {
        arena_reset(&t->arena);
        solve(&t->questions[i], &t->arena, &answer);
        t->plans += answer.plan_count;
    }
}

static void run_solve(void *context)
{
    solve_all(context, plan_solve);
}

static void run_empty(void *context)
{
    solve_all(context, empty_solve);
}

/* Limits and budget leave just room for so many months. */
static void fill(struct trial *t, struct shape shape, struct plan_limit limits[2],
                 const struct schedule *payday, const struct schedule *month)
{
    struct day today = day_of_date((struct date){ 2026, 11, 17 });

    limits[0] = (struct plan_limit){ .kind = LIMIT_TERM_MONTHS,
                                     .value = shape.months,
                                     .source = "house",
                                     .who = "a collector" };
    limits[1] = (struct plan_limit){
        .kind = LIMIT_LEAST_PAYMENT, .value = 2500, .source = "house", .who = "a collector"
    };
    for (int i = 0; i < QUESTIONS; i++)
        t->questions[i] = (struct plan_question){
            .open = money_of(shape.open_minor + i, CURRENCY_USD),
            .bearing_minor = shape.open_minor,
            .rate_ppm = shape.rate_ppm,
            .today = day_plus(today, i),
            .first_day = day_plus(today, i + 10),
            .spare_minor = shape.typical ? 24000 : shape.open_minor / shape.months * 3 / 2,
            .spare_period = PERIOD_MONTH,
            .payday = shape.typical ? payday : NULL,
            .payday_known = today,
            .down_minor = shape.typical ? 10000 : 0,
            .down_day = today,
            .asked_every = shape.typical ? NULL : month,
            .closed = { federal_off_is, NULL },
            .limitation_day = DAY_NEVER,
            .limits = limits,
            .limit_count = 2,
        };
}

static double solve_us(struct trial *t, double *empty_us)
{
    void (*const runs[])(void *) = { run_solve, run_empty };
    double medians[COUNT(runs)];

    measure(COUNT(runs), runs, t, medians);
    if (empty_us != NULL)
        *empty_us = medians[1] / QUESTIONS * 1e6;
    return medians[0] / QUESTIONS * 1e6;
}

int main(void)
{
    static struct trial t;
    static struct plan_limit limits[2];
    struct schedule payday, month;
    struct fault why;
    double empty;

    must(schedule_parse("2weeks", &payday, &why) && schedule_parse("month", &month, &why));
    fill(&t, (struct shape){ 12, 128456, 0, true }, limits, &payday, &month);
    double typical = solve_us(&t, &empty);
    size_t plans = t.plans / (QUESTIONS * REPEATS);
    printf("{\"solve_us\":%.2f,\"empty_us\":%.4f,\"solves_a_second\":%.0f,\"plans\":%zu",
           typical, empty, 1e6 / typical, plans);
    for (size_t i = 0; i < COUNT(terms); i++) {
        fill(&t, (struct shape){ terms[i], 12845600, 0, false }, limits, NULL, &month);
        printf(",\"payments_%d_us\":%.2f", terms[i], solve_us(&t, NULL));
        fill(&t, (struct shape){ terms[i], 12845600, 80000, false }, limits, NULL, &month);
        printf(",\"payments_%d_interest_us\":%.2f", terms[i], solve_us(&t, NULL));
    }
    for (size_t i = 0; i < COUNT(balances); i++) {
        fill(&t, (struct shape){ 60, balances[i], 0, false }, limits, NULL, &month);
        printf(",\"open_%lld_us\":%.2f", (long long)balances[i] / 100, solve_us(&t, NULL));
    }
    printf("}\n");
    arena_free(&t.arena);
    return 0;
}

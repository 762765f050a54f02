#include "domain/plan_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

int64_t plan_spare(int64_t income_minor, int64_t expenses_minor)
{
    return income_minor > expenses_minor ? income_minor - expenses_minor : 0;
}

static struct day later_of(struct day a, struct day b)
{
    return a.number > b.number ? a : b;
}

/* ---- Weighing ---------------------------------------------------------------------------- */

static bool is_tried(const struct plan_work *w, const struct plan_trial *t)
{
    for (size_t i = 0; i < w->trial_count; i++) {
        const struct split *a = &w->trials[i].split, *b = &t->split;
        if (w->trials[i].rhythm == t->rhythm && a->down == b->down && a->count == b->count &&
            a->each == b->each)
            return true;
    }
    return false;
}

/* What was asked for, then by aim; the natural rhythm and the offered first payment first. */
static int rank_of(const struct plan_work *w, const struct plan_trial *t)
{
    static const int by_aim[] = { [PLAN_ASKED] = -1000,
                                  [PLAN_SOONEST] = 0,
                                  [PLAN_BETWEEN] = 10,
                                  [PLAN_LOWEST] = 20,
                                  [PLAN_NEUTRAL] = 0 };

    return by_aim[t->aim] + 40 * (int)t->rhythm + t->months +
           (t->down == w->q->down_minor ? 0 : 5);
}

static void consider(struct plan_work *w, struct plan_trial trial)
{
    if (trial.amount < 1 || w->trial_count == COUNT(w->trials))
        return;
    trial.rank = rank_of(w, &trial);
    if (!plan_split(w, &trial)) {
        plan_refuse_length(w, &trial);
        return;
    }
    if (is_tried(w, &trial) || !plan_passes(w, &trial))
        return;
    size_t at = w->trial_count++;
    for (; at > 0 && w->trials[at - 1].rank > trial.rank; at--)
        w->trials[at] = w->trials[at - 1];
    w->trials[at] = trial;
}

/* Payments that fall within so many months of the first. */
static int payments_in(struct plan_dates *dates, int months)
{
    int n = 1;

    while (n < PLAN_PAYMENTS_MOST && plan_date(dates, n).number != DAY_NEVER.number &&
           plan_term_months(plan_date(dates, 0), plan_date(dates, n)) <= months)
        n++;
    return n;
}

static void consider_asked(struct plan_work *w, struct plan_trial trial)
{
    const struct plan_question *q = w->q;

    trial.aim = PLAN_ASKED;
    trial.amount = q->asked_minor;
    if (q->asked_minor == 0 && q->asked_months > 0)
        trial.amount = plan_least_amount(w, trial.dates, trial.down,
                                         payments_in(trial.dates, q->asked_months));
    consider(w, trial);
}

static void consider_neutral(struct plan_work *w, struct plan_trial trial)
{
    static const int months[] = { 3, 6, 12 };
    bool limited;
    int most = plan_count_most(w, trial.dates, &limited);

    trial.aim = PLAN_NEUTRAL;
    for (size_t i = 0; i < COUNT(months); i++) {
        int count = payments_in(trial.dates, months[i]);
        trial.months = months[i];
        if (count <= most)
            trial.amount = plan_least_amount(w, trial.dates, trial.down, count);
        if (count <= most && trial.amount >= w->least && trial.amount <= w->most)
            consider(w, trial);
    }
}

/* About half way, rounded up to five of the currency where that leaves it between. */
static int64_t between(const struct plan_work *w, int64_t low, int64_t high)
{
    int64_t middle = low + (high - low) / 2, step = 5;

    for (int i = 0; i < currency_exponent(w->q->open.currency); i++)
        step *= 10;
    int64_t rounded = middle - middle % step + step;
    return rounded < high && rounded > low ? rounded : middle;
}

static void consider_three(struct plan_work *w, struct plan_trial trial)
{
    int64_t low = plan_amount_least(w, &trial),
            high = plan_amount_most(w, &trial.dates->rhythm),
            rest = w->q->open.minor - trial.down;

    if (high != INT64_MAX) {
        trial.aim = PLAN_SOONEST;
        trial.amount = high;
        consider(w, trial);
    }
    trial.aim = PLAN_LOWEST;
    trial.amount = low;
    consider(w, trial);
    if (high == INT64_MAX)
        return;
    trial.aim = PLAN_BETWEEN;
    trial.amount = between(w, low, high < rest ? high : rest);
    if (low <= high && low < rest)
        consider(w, trial);
}

/* First payments worth weighing: the one offered, none, and the least that is asked for. */
static size_t downs_of(const struct plan_work *w, int64_t downs[3])
{
    const struct plan_question *q = w->q;
    size_t count = 0;

    if (q->down_minor > 0 && q->down_minor < q->open.minor)
        downs[count++] = q->down_minor;
    downs[count++] = 0;
    bool bearable = q->spare_minor <= 0 || w->down_least <= q->spare_minor;
    if (w->down_least > q->down_minor && w->down_least < q->open.minor &&
        w->down_least <= w->down_most && bearable)
        downs[count++] = w->down_least;
    return count;
}

static void weigh(struct plan_work *w)
{
    struct plan_dates *dates[RHYTHMS_MOST];
    int64_t downs[3];
    struct plan_trial whole = { .aim = PLAN_SOONEST, .amount = w->q->open.minor };
    size_t rhythm_count = plan_rhythms(w->q, w->earliest, dates, w->a);
    size_t down_count = downs_of(w, downs);

    for (size_t d = 0; d < down_count; d++)
        consider_asked(w, (struct plan_trial){ .dates = dates[0], .down = downs[d] });
    for (size_t r = 0; r < rhythm_count; r++) {
        for (size_t d = 0; d < down_count; d++) {
            struct plan_trial trial = { .dates = dates[r], .rhythm = r, .down = downs[d] };
            if (plan_date(dates[r], 0).number == DAY_NEVER.number)
                continue;
            consider_three(w, trial);
            if (w->q->spare_minor <= 0)
                consider_neutral(w, trial);
        }
    }
    whole.dates = dates[0];
    if (w->trial_count == 0 && w->answer->refusal_count == 0) /* somebody wants to know why */
        consider(w, whole);
}

/* ---- Saying so --------------------------------------------------------------------------- */

static const char *aim_words(const struct plan_work *w, const struct plan_trial *t,
                             int64_t spare)
{
    char text[MONEY_TEXT];
    int64_t left = spare == INT64_MAX ? 0 : spare - t->split.each;

    switch (t->aim) {
    case PLAN_ASKED:
        return "as asked for";
    case PLAN_SOONEST:
        return "done soonest";
    case PLAN_LOWEST:
        return "the lowest payments";
    case PLAN_BETWEEN:
        if (left <= 0)
            return "between the two";
        money_show(money_of(left, w->q->open.currency), text);
        return arena_print(w->a, "leaves %s %s of what they can spare", text,
                           t->dates->rhythm.words);
    case PLAN_NEUTRAL:
        break;
    }
    return arena_print(w->a, "done in %d months", t->months);
}

static const char *reason_of(const struct plan_work *w, const struct plan_trial *t)
{
    int64_t spare = plan_spare_each(w->q, &t->dates->rhythm);
    char text[MONEY_TEXT];
    const char *fits = "", *down = "";

    if (spare != INT64_MAX && t->aim != PLAN_BETWEEN)
        fits = arena_print(w->a, ", fits the %s %s they can spare",
                           money_show(money_of(spare, w->q->open.currency), text),
                           t->dates->rhythm.words);
    if (t->down > 0)
        down = t->down == w->q->down_minor ? ", with the first payment they offer"
                                           : ", with the first payment that is needed";
    return arena_print(w->a, "%s%s%s%s", aim_words(w, t, spare), fits,
                       t->dates->rhythm.after_payday ? ", just after payday" : "", down);
}

/* The limit because of which a plan begins later than they could pay; or NULL. */
static const struct plan_limit *begun_later(const struct plan_work *w)
{
    const struct plan_question *q = w->q;

    for (size_t i = 0; i < q->limit_count; i++) {
        if (q->limits[i].kind == LIMIT_NOT_BEFORE &&
            q->limits[i].day.number > later_of(q->today, q->first_day).number)
            return &q->limits[i];
    }
    return NULL;
}

static const char *warning_of(const struct plan_work *w, const struct plan *plan)
{
    char last[DAY_TEXT], day[DAY_TEXT];
    const struct plan_limit *later = begun_later(w);
    const char *begins = NULL;

    if (later != NULL)
        begins = arena_print(w->a, "no payment is taken before %s%s%s%s",
                             day_print(later->day, day), later->source != NULL ? " (" : "",
                             later->source != NULL ? later->source : "",
                             later->source != NULL ? ")" : "");
    if (plan->last_day.number <= w->q->limitation_day.number)
        return begins;
    return arena_print(w->a, "the last payment, on %s, lies after the limitation day, %s%s%s",
                       day_print(plan->last_day, last), day_print(w->q->limitation_day, day),
                       begins != NULL ? "; " : "", begins != NULL ? begins : "");
}

/* ---- The question ------------------------------------------------------------------------ */

static void limits_gather(struct plan_work *w)
{
    const struct plan_question *q = w->q;

    w->least = 1;
    w->most = w->down_most = INT64_MAX;
    for (size_t i = 0; i < q->limit_count; i++) {
        const struct plan_limit *limit = &q->limits[i];
        if (limit->kind == LIMIT_LEAST_PAYMENT && limit->value > w->least)
            w->least = limit->value;
        if (limit->kind == LIMIT_MOST_PAYMENT && limit->value < w->most)
            w->most = limit->value;
        if (limit->kind == LIMIT_LEAST_DOWN && limit->value > w->down_least)
            w->down_least = limit->value;
        if (limit->kind == LIMIT_MOST_DOWN && limit->value < w->down_most)
            w->down_most = limit->value;
    }
}

/* A first payment comes before the others, and nothing before the law allows it. */
static void days_gather(struct plan_work *w)
{
    const struct plan_question *q = w->q;

    w->down_day = later_of(q->today, q->down_day);
    w->earliest = later_of(q->today, q->first_day);
    for (size_t i = 0; i < q->limit_count; i++) {
        if (q->limits[i].kind != LIMIT_NOT_BEFORE)
            continue;
        w->down_day = later_of(w->down_day, q->limits[i].day);
        w->earliest = later_of(w->earliest, q->limits[i].day);
    }
    if (q->down_minor > 0 || w->down_least > 0)
        w->earliest = later_of(w->earliest, day_plus(w->down_day, 1));
}

void plan_solve(const struct plan_question *q, struct arena *a, struct plan_answer *answer)
{
    struct plan_work *w = arena_make(a, struct plan_work);

    must(q->open.minor > 0 && q->limit_count <= PLAN_LIMITS_MOST);
    must(q->bearing_minor >= 0 && q->bearing_minor <= q->open.minor);
    must(q->rate_ppm >= 0 && q->down_minor >= 0 && q->asked_minor >= 0);
    *answer = (struct plan_answer){ 0 };
    *w = (struct plan_work){ .q = q, .a = a, .answer = answer };
    limits_gather(w);
    days_gather(w);
    weigh(w);
    for (size_t i = 0; i < w->trial_count && i < PLANS_MOST; i++) {
        struct plan *plan = &answer->plans[answer->plan_count++];
        plan_rows(w, &w->trials[i], plan);
        plan->reason = reason_of(w, &w->trials[i]);
        plan->warning = warning_of(w, plan);
    }
}

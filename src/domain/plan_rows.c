/* Days of a rhythm, and a debt that is paid down along them. */
#include "domain/plan_parts.h"

__extension__ typedef __int128 wide;

enum { LAG_MOST = 3 };

/* A minor unit at a rate in millionths a year, in parts of a day of 365. */
static const wide parts_of_minor = (wide)1000000 * 365;

/* ---- Days -------------------------------------------------------------------------------- */

/* 1 to 3 days after payday, the first of them that is open. */
static struct day after_payday(struct day payday, struct closed_days closed)
{
    for (int lag = 1; lag < LAG_MOST; lag++) {
        struct day day = day_plus(payday, lag);
        if (closed.is_closed == NULL || !closed.is_closed(closed.context, day))
            return day;
    }
    return day_plus(payday, LAG_MOST);
}

static struct day rhythm_date(const struct plan_dates *dates, int n)
{
    const struct plan_rhythm *r = &dates->rhythm;
    struct day day =
        schedule_date(&r->schedule, r->from, r->first + n * r->stride, dates->closed);

    if (!r->after_payday || day.number == DAY_NEVER.number)
        return day;
    return after_payday(day, dates->closed);
}

struct day plan_date(struct plan_dates *dates, int n)
{
    if (n >= PLAN_PAYMENTS_MOST)
        return DAY_NEVER;
    for (; dates->known <= n; dates->known++)
        dates->days[dates->known] = rhythm_date(dates, dates->known);
    return dates->days[n];
}

static struct plan_dates *dates_add(size_t *count, struct plan_dates *dates[RHYTHMS_MOST],
                                    const struct plan_question *q, struct plan_rhythm rhythm,
                                    struct arena *a)
{
    struct plan_dates *d = arena_make(a, struct plan_dates);
    int times = schedule_times_a_year(&rhythm.schedule);

    must(*count < RHYTHMS_MOST);
    rhythm.times_a_year = times / rhythm.stride;
    rhythm.words = times_words(rhythm.times_a_year);
    d->rhythm = rhythm;
    d->closed = q->closed;
    return dates[(*count)++] = d;
}

/* Every second or fourth of something needs a day to count from that stays where it is. */
static void anchor(struct plan_rhythm *r, struct day known, struct day from)
{
    struct schedule *s = &r->schedule;

    r->from = from;
    if (known.number == DAY_NONE.number)
        known = from;
    if (s->kind == SCHEDULE_MONTHS && s->month_days[0] == DATE_OF_FIRST)
        s->month_days[0] = date_of_day(known).day;
    if (s->kind != SCHEDULE_DAYS)
        return;
    struct schedule plain = *s;
    plain.shift = SHIFT_NONE;
    known = schedule_date(&plain, known, 0, (struct closed_days){ 0 });
    int over = (from.number - known.number) % s->step;
    r->from = over == 0 ? from : day_plus(from, (over > 0 ? s->step : 0) - over);
    s->weekday = WEEKDAY_OF_FIRST;
}

static void paydays_add(size_t *count, struct plan_dates *dates[RHYTHMS_MOST],
                        const struct plan_question *q, struct day earliest, struct arena *a)
{
    const struct schedule *payday = q->payday;

    for (int stride = 1; stride <= 4 && *count < RHYTHMS_MOST; stride *= 2) {
        struct plan_rhythm r = { .schedule = *payday, .stride = stride, .after_payday = true };
        bool fits = payday->kind == SCHEDULE_DAYS    ? payday->step * stride <= 28
                    : payday->kind == SCHEDULE_TWICE ? stride <= 2
                                                     : stride == 1;
        if (!fits)
            break;
        anchor(&r, q->payday_known, day_plus(earliest, -LAG_MOST));
        struct plan_dates *d = dates_add(count, dates, q, r, a);
        while (rhythm_date(d, 0).number < earliest.number)
            d->rhythm.first++;
    }
}

static void plain_add(size_t *count, struct plan_dates *dates[RHYTHMS_MOST],
                      const struct plan_question *q, struct day earliest,
                      struct schedule schedule, struct arena *a)
{
    if (schedule.shift == SHIFT_NONE)
        schedule.shift = SHIFT_AFTER;
    dates_add(count, dates, q,
              (struct plan_rhythm){ .schedule = schedule, .from = earliest, .stride = 1 }, a);
}

size_t plan_rhythms(const struct plan_question *q, struct day earliest,
                    struct plan_dates *dates[RHYTHMS_MOST], struct arena *a)
{
    static const struct schedule month = { .kind = SCHEDULE_MONTHS, .step = 1 };
    static const int steps[] = {
        [PERIOD_WEEK] = 7, [PERIOD_TWO_WEEKS] = 14, [PERIOD_FOUR_WEEKS] = 28
    };
    size_t count = 0;

    if (q->asked_every != NULL)
        plain_add(&count, dates, q, earliest, *q->asked_every, a);
    if (q->payday != NULL)
        paydays_add(&count, dates, q, earliest, a);
    if (count > 0)
        return count;
    struct schedule days = { .kind = SCHEDULE_DAYS, .step = 14, .weekday = WEEKDAY_OF_FIRST };
    bool by_days = q->spare_minor > 0 && q->spare_period != PERIOD_MONTH;
    if (by_days) {
        days.step = steps[q->spare_period];
        plain_add(&count, dates, q, earliest, days, a);
    }
    plain_add(&count, dates, q, earliest, month, a);
    if (!by_days)
        plain_add(&count, dates, q, earliest, days, a);
    return count;
}

/* ---- A debt that is paid down ------------------------------------------------------------ */

struct run {
    int64_t principal, charges;
    wide interest; /* in parts, less what was paid of it */
    int64_t interest_paid;
    struct day at;
    const struct plan_question *q;
};

static struct run run_begin(const struct plan_work *w, int64_t down);

static void run_to(struct run *run, struct day day)
{
    run->interest += (wide)run->principal * run->q->rate_ppm * (day.number - run->at.number);
    run->at = day;
}

static int64_t run_interest(const struct run *run) /* rounded half up, never below nothing */
{
    wide rounded = run->interest + parts_of_minor / 2;

    return rounded < 0 ? 0 : (int64_t)(rounded / parts_of_minor);
}

static int64_t run_owed(const struct run *run)
{
    return run->principal + run->charges + run_interest(run);
}

static int64_t take(int64_t *from, int64_t amount)
{
    int64_t taken = amount < *from ? amount : *from;

    *from -= taken;
    return taken;
}

static void run_pay(struct run *run, int64_t amount)
{
    int64_t interest = run_interest(run);

    if (!run->q->charges_first)
        amount -= take(&run->principal, amount);
    int64_t of_interest = take(&interest, amount);
    run->interest -= of_interest * parts_of_minor;
    run->interest_paid += of_interest;
    amount -= of_interest;
    amount -= take(&run->charges, amount);
    amount -= take(&run->principal, amount);
    must(amount == 0);
}

static struct run run_begin(const struct plan_work *w, int64_t down)
{
    const struct plan_question *q = w->q;
    struct run run = { .principal = q->bearing_minor,
                       .charges = q->open.minor - q->bearing_minor,
                       .at = q->today,
                       .q = q };

    if (down > 0) {
        run_to(&run, w->down_day);
        run_pay(&run, down);
    }
    return run;
}

/*
 * How many payments of `amount` it takes, at most `most`, the last being what is left then.
 * 0 when there are not that many dates, or when the debt grows faster than it is paid.
 */
static int64_t run_count(const struct plan_work *w, struct plan_dates *dates, int64_t down,
                         int64_t amount, int64_t most, int64_t *last)
{
    struct run run = run_begin(w, down);

    for (int n = 0; n < PLAN_PAYMENTS_MOST; n++) {
        struct day day = plan_date(dates, n);
        if (day.number == DAY_NEVER.number)
            return 0;
        run_to(&run, day);
        *last = run_owed(&run);
        if (*last <= amount || n + 1 == most)
            return n + 1;
        run_pay(&run, amount);
    }
    return 0;
}

/* The greatest amount from low to high of which `count` payments leave enough for the last:
 * `least`, or as much as the others when that is 0. What is left then goes into the split. */
static void run_greatest(const struct plan_work *w, struct plan_trial *t, int64_t count,
                         int64_t low, int64_t high, int64_t least)
{
    int64_t last = 0;

    while (low < high) {
        int64_t middle = low + (high - low + 1) / 2;
        int64_t needed = run_count(w, t->dates, t->down, middle, count, &last);
        if (needed == count && last >= (least > 0 ? least : middle))
            low = middle;
        else
            high = middle - 1;
    }
    run_count(w, t->dates, t->down, low, count, &last);
    t->split.count = count;
    t->split.each = count > 1 ? low : last;
    t->split.last = last;
}

/* The last payment is too small; as SMALL_LAST_SPREAD has it. */
static void run_spread(const struct plan_work *w, struct plan_trial *t, int64_t count)
{
    run_greatest(w, t, count, 1, t->amount, w->least);
    if (t->split.each < w->least)
        run_greatest(w, t, count - 1, t->amount, t->amount * 2, 0);
}

static bool split_with_interest(const struct plan_work *w, struct plan_trial *t)
{
    int64_t last = 0, count = run_count(w, t->dates, t->down, t->amount, 0, &last);

    if (count == 0)
        return false;
    t->split = (struct split){ w->q->open.currency, t->down, count,
                               count == 1 ? last : t->amount, last };
    if (count > 1 && last < w->least)
        run_spread(w, t, count);
    return true;
}

bool plan_split(const struct plan_work *w, struct plan_trial *t)
{
    if (w->q->rate_ppm > 0)
        return split_with_interest(w, t);
    if (!split_by_amount(w->q->open, t->down, t->amount, w->least, SMALL_LAST_SPREAD,
                         &t->split))
        return false;
    return t->split.count <= PLAN_PAYMENTS_MOST &&
           plan_date(t->dates, (int)t->split.count - 1).number != DAY_NEVER.number;
}

int64_t plan_least_amount(const struct plan_work *w, struct plan_dates *dates, int64_t down,
                          int count)
{
    int64_t rest = w->q->open.minor - down, last = 0;

    if (count < 1 || rest < 1)
        return 0;
    int64_t low = rest / count + (rest % count > 0);
    if (w->q->rate_ppm == 0)
        return low;
    struct run run = run_begin(w, down);
    run_to(&run, plan_date(dates, count - 1));
    int64_t high = run_owed(&run) / count + 2; /* simple interest: no more than if unpaid */
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        int64_t needed = run_count(w, dates, down, middle, 0, &last);
        if (needed > 0 && needed <= count)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* ---- Rows -------------------------------------------------------------------------------- */

static void row_add(struct plan *plan, struct run *run, struct day day, int64_t minor,
                    bool down)
{
    run_to(run, day);
    run_pay(run, minor);
    plan->rows[plan->row_count++] = (struct plan_row){ day, minor, run_owed(run), down };
}

void plan_rows(const struct plan_work *w, struct plan_trial *t, struct plan *plan)
{
    const struct split *s = &t->split;
    struct run run = run_begin(w, 0);

    *plan = (struct plan){ .aim = t->aim, .rhythm = t->dates->rhythm, .split = *s };
    plan->rows = arena_array(w->a, struct plan_row, (size_t)s->count + 1);
    if (s->down > 0)
        row_add(plan, &run, w->down_day, s->down, true);
    for (int n = 0; n < s->count; n++)
        row_add(plan, &run, plan_date(t->dates, n), split_part(s, n), false);
    must(run_owed(&run) == 0);
    plan->total_minor = split_total(s);
    plan->interest_minor = run.interest_paid;
    plan->first_day = plan_date(t->dates, 0);
    plan->last_day = plan_date(t->dates, (int)s->count - 1);
    plan->months = plan_term_months(plan->first_day, plan->last_day);
}

/* Panels that need more than one tally: cohorts, the way to being paid, promises, forecasts. */
#include "flow/insight_parts.h"

#include "base/sort.h"

#include <string.h>

/* ---- Cohorts ----------------------------------------------------------------------------- */

/* Cohorts of consecutive months, while they are filled. */
struct filling_cohorts {
    struct adding adding;
    struct cohort *all;
    int32_t first, last; /* months placed */
    int32_t whole;       /* the last month that is over */
};

static struct cohort *cohort_of(struct filling_cohorts *f, int32_t month)
{
    return month >= f->first && month <= f->last ? &f->all[month - f->first] : NULL;
}

static void take_placed(void *into, const struct figure_sum *row)
{
    struct filling_cohorts *f = into;
    struct cohort *c = cohort_of(f, row->key.period);

    if (c == NULL)
        return;
    insight_add(&f->adding, &c->placed_minor, row->minor);
    insight_add(&f->adding, &c->placed_debts, row->counted);
}

/* What fell into one month is there at its end and at all later ones. */
static void add_from(struct filling_cohorts *f, const struct figure_sum *row, bool recovered)
{
    struct cohort *c = cohort_of(f, row->key.first);
    int32_t age = row->key.period - row->key.first;

    for (size_t i = 0; c != NULL && i < c->points; i++) {
        if ((int32_t)i >= age)
            insight_add(&f->adding, recovered ? &c->recovered_minor[i] : &c->unpaid_minor[i],
                        row->minor);
    }
}

static void take_recovered(void *into, const struct figure_sum *row)
{
    add_from(into, row, true);
}

static void take_unpaid(void *into, const struct figure_sum *row)
{
    add_from(into, row, false);
}

static struct cohort quarter_add(const struct cohorts *c, int32_t quarter,
                                 struct adding *adding)
{
    struct cohort sum = { .month = quarter * 3, .points = COHORT_POINTS };
    size_t months = 0;

    for (size_t i = 0; i < c->count; i++) {
        const struct cohort *one = &c->all[i];
        if (one->month / 3 != quarter)
            continue;
        months++;
        insight_add(adding, &sum.placed_minor, one->placed_minor);
        insight_add(adding, &sum.placed_debts, one->placed_debts);
        sum.points = one->points < sum.points ? one->points : sum.points;
        for (size_t k = 0; k < one->points; k++) {
            insight_add(adding, &sum.recovered_minor[k], one->recovered_minor[k]);
            insight_add(adding, &sum.unpaid_minor[k], one->unpaid_minor[k]);
        }
    }
    if (months < 3)
        sum.points = 0;
    return sum;
}

bool insight_cohorts(const struct insight_frame *f, struct figure_set money,
                     struct cohorts *out, struct fault *why)
{
    struct filling_cohorts filling = { .whole = insight_whole_month(f->to) };

    filling.last = filling.whole;
    filling.first = filling.last - COHORTS_MOST + 1;
    filling.all = arena_array(f->arena, struct cohort, COHORTS_MOST);
    for (int32_t i = 0; i < COHORTS_MOST; i++) {
        int32_t month = filling.first + i, points = filling.whole - month + 1;
        filling.all[i] = (struct cohort){ .month = month };
        filling.all[i].points =
            (size_t)(points > (int32_t)COHORT_POINTS ? (int32_t)COHORT_POINTS : points);
    }
    *out = (struct cohorts){ COHORTS_MOST, filling.all };
    if (!insight_each_month(f, &money, FIGURE_PLACED, filling.first, filling.last,
                              take_placed, &filling, why) ||
        !insight_each_month(f, &money, FIGURE_RECOVERED, filling.first, filling.whole,
                              take_recovered, &filling, why) ||
        !insight_each_month(f, &money, FIGURE_UNPAID, filling.first, filling.whole,
                              take_unpaid, &filling, why))
        return false;
    for (int32_t month = filling.first; month <= filling.last; month++)
        (void)quarter_add(out, month / 3, &filling.adding);
    return insight_added(&filling.adding, why);
}

struct cohort cohort_of_quarter(const struct cohorts *c, int32_t quarter)
{
    struct adding adding = { false }; /* insight_cohorts has seen that it fits */

    return quarter_add(c, quarter, &adding);
}

/* ---- From placed to paid ----------------------------------------------------------------- */

enum { FUNNEL_AGO = 4 };

int32_t insight_funnel_month(struct day to)
{
    return month_of_day(to) - FUNNEL_AGO;
}

struct filling_funnel {
    struct adding adding;
    struct funnel *out;
};

static void take_funnel(void *into, const struct figure_sum *row)
{
    struct filling_funnel *f = into;
    struct funnel *funnel = f->out;

    if (row->key.first >= funnel->first_month && row->key.first <= funnel->last_month &&
        row->key.second >= 0 && row->key.second < FUNNEL_STEPS)
        insight_add(&f->adding, &funnel->debts[row->key.second], row->counted);
}

/* Three months that have had time to be paid: in November those placed from May to July. */
bool insight_funnel(const struct insight_frame *f, const struct insight_part *part,
                    struct funnel *out, struct fault *why)
{
    struct filling_funnel filling = { .out = out };

    *out = (struct funnel){ .last_month = insight_funnel_month(part->to) };
    out->first_month = out->last_month - FUNNEL_MONTHS + 1;
    return insight_between(f, &part->people, FIGURE_FUNNEL, month_first(out->first_month),
                           part->to, take_funnel, &filling, why) &&
           insight_added(&filling.adding, why);
}

/* ---- Promises ------------------------------------------------------------------------------
 */

struct filling_weeks {
    struct adding adding;
    struct promise_week *weeks;
    struct day first, to;
};

static void take_week(void *into, const struct figure_sum *row)
{
    static const int places[] = { -1, -1, 0, 0, 1, 1, 2, 2, -1, -1 }; /* by promise_key */
    struct filling_weeks *f = into;
    int32_t week = (row->key.period - f->first.number) / 7;
    bool judged = row->key.period + row->key.second <= f->to.number;

    if (!judged || week < 0 || week >= PROMISE_WEEKS || row->key.first < 0 ||
        row->key.first >= PROMISE_KINDS || places[row->key.first] < 0)
        return;
    insight_add(&f->adding, &f->weeks[week].minor[places[row->key.first]], row->minor);
    insight_add(&f->adding, &f->weeks[week].things[places[row->key.first]], row->counted);
}

bool insight_promise_weeks(const struct insight_frame *f, const struct figure_set *money,
                           struct promise_week out[PROMISE_WEEKS], struct fault *why)
{
    struct filling_weeks filling = {
        .weeks = out,
        .first = day_plus(monday_of(f->to), -7 * (PROMISE_WEEKS - 1)),
        .to = f->to,
    };

    for (int i = 0; i < PROMISE_WEEKS; i++)
        out[i] = (struct promise_week){ .monday = day_plus(filling.first, 7 * i) };
    return insight_each_day(f, money, FIGURE_PROMISE, filling.first, f->to, take_week, &filling,
                            why) &&
           insight_added(&filling.adding, why);
}

/* ---- Forecast -----------------------------------------------------------------------------
 */

enum { FORECAST_LOOKS_BACK = 90 };

struct filling_forecast {
    struct adding adding;
    struct forecast *out;
    struct day first;
};

static void take_due(void *into, const struct figure_sum *row)
{
    struct filling_forecast *f = into;
    int32_t week = (row->key.first - f->first.number) / 7;
    int kind = row->key.second != 0;

    if (row->key.first < f->first.number) {
        insight_add(&f->adding, &f->out->overdue_minor, row->minor);
        insight_add(&f->adding, &f->out->overdue, row->counted);
    } else if (week < FORECAST_WEEKS) {
        insight_add(&f->adding, &f->out->weeks[week].promised_minor[kind], row->minor);
        insight_add(&f->adding, &f->out->weeks[week].things[kind], row->counted);
    }
}

/* The largest whole number whose square is at most this. */
static int64_t root_of(measure_sum square)
{
    measure_sum low = 0, high = (measure_sum)1 << 60;

    while (low + 1 < high) {
        measure_sum middle = (low + high) / 2;
        if (middle * middle <= square)
            low = middle;
        else
            high = middle;
    }
    return (int64_t)low;
}

/* A share in millionths, and where it lies in 95 of 100 cases (Wilson, 1927). */
struct likely {
    int64_t low, middle, high;
};

static struct likely likely_of(int64_t part, int64_t whole, int64_t n)
{
    enum { MILLION = 1000000, Z2 = 38416 }; /* 1.96 squared, in ten-thousandths */

    if (n == 0 || whole == 0)
        return (struct likely){ 0, MILLION / 2, MILLION };
    int64_t p = rounded_ratio((measure_sum)part * MILLION, whole);
    measure_sum base = (measure_sum)n * 10000 + Z2; /* n + z², in ten-thousandths */
    measure_sum centre = ((measure_sum)p * n * 10000 + (measure_sum)MILLION * Z2 / 2) / base;
    measure_sum inside =
        (measure_sum)p * (MILLION - p) * n * 10000 + (measure_sum)MILLION * MILLION * Z2 / 4;
    int64_t reach = (int64_t)((measure_sum)root_of(inside * Z2) * 1 / base);
    return (struct likely){ (int64_t)centre - reach > 0 ? (int64_t)centre - reach : 0, p,
                            (int64_t)centre + reach < MILLION ? (int64_t)centre + reach
                                                              : MILLION };
}

static int64_t share_of(int64_t minor, int64_t millionths)
{
    return rounded_ratio((measure_sum)minor * millionths, 1000000);
}

static void estimate(struct forecast *out, struct adding *adding)
{
    for (int kind = 0; kind < 2; kind++) {
        const struct measured *kept = &out->kept[kind];
        struct likely l =
            likely_of((int64_t)kept->numerator, (int64_t)kept->denominator, kept->out_of);
        for (int i = 0; i < FORECAST_WEEKS; i++) {
            struct forecast_week *w = &out->weeks[i];
            insight_add(adding, &w->low_minor, share_of(w->promised_minor[kind], l.low));
            insight_add(adding, &w->likely_minor, share_of(w->promised_minor[kind], l.middle));
            insight_add(adding, &w->high_minor, share_of(w->promised_minor[kind], l.high));
        }
    }
}

static struct measured kept_of(const struct tally *t, int of_plan)
{
    struct measured m = { .unit = UNIT_PERCENT };

    for (int state = PROMISE_KEPT; state <= PROMISE_BROKEN; state++) {
        int key = promise_key(state, of_plan);
        m.denominator += t->promises[key].minor;
        m.out_of += t->promises[key].things;
        m.numerator += state == PROMISE_KEPT ? t->promises[key].minor : 0;
    }
    m.known = m.denominator != 0;
    return m;
}

bool insight_forecast(const struct insight_frame *f, const struct insight_part *part,
                      struct forecast *out, struct fault *why)
{
    struct filling_forecast filling = { .out = out, .first = monday_of(part->to) };
    struct insight_part back = *part;
    struct tally *t = arena_make(f->arena, struct tally);

    *out = (struct forecast){ 0 };
    for (int i = 0; i < FORECAST_WEEKS; i++)
        out->weeks[i].monday = day_plus(filling.first, 7 * i);
    back.from = day_plus(part->to, 1 - FORECAST_LOOKS_BACK);
    if (!insight_tally(f, &back, FIGURE_BIT(FIGURE_PROMISE), t, why) ||
        !insight_between(f, &part->money, FIGURE_DUE, DAY_NONE, part->to, take_due, &filling,
                         why))
        return false;
    for (int kind = 0; kind < 2; kind++)
        out->kept[kind] = kept_of(t, kind);
    estimate(out, &filling.adding);
    return insight_added(&filling.adding, why);
}

/* ---- Steps ----------------------------------------------------------------------------------
 */

struct filling_steps {
    struct adding adding;
    const struct insight_frame *frame;
    struct day to; /* what came later is not seen */
    struct step_row *rows;
    size_t count, room;
};

static void take_step(void *into, const struct figure_sum *row)
{
    struct filling_steps *f = into;
    const char *step = insight_word(f->frame, row->key.first);
    int32_t outcome = row->key.second % STEP_OUTCOMES, days = row->key.second / STEP_OUTCOMES;
    size_t i = 0;

    if (row->key.grain == GRAIN_DAY && row->key.period + days > f->to.number)
        return;

    while (i < f->count && strcmp(f->rows[i].step, step) != 0)
        i++;
    if (i == f->count)
        *arena_push(f->frame->arena, f->rows, f->count, f->room) =
            (struct step_row){ .step = step };
    if (outcome == STEP_SENT)
        insight_add(&f->adding, &f->rows[i].sent, row->counted);
    else if (outcome == STEP_PAID)
        insight_add(&f->adding, &f->rows[i].paid, row->counted);
    else
        insight_add(&f->adding, &f->rows[i].minor, row->minor);
}

/* Of messages that are old enough everything that counts has come; of the others, day by day
 * what came by then. */
static bool steps_between(const struct insight_frame *f, const struct figure_set *set,
                          struct filling_steps *filling, struct fault *why)
{
    struct day old = day_plus(f->to, -PAID_DAYS);
    struct day first = old.number < f->from.number ? f->from : day_plus(old, 1);

    return (old.number < f->from.number ||
            insight_between(f, set, FIGURE_STEP, f->from, old, take_step, filling, why)) &&
           insight_each_day(f, set, FIGURE_STEP, first, f->to, take_step, filling, why);
}

static int compare_steps(const void *left, const void *right)
{
    const struct step_row *a = left, *b = right;

    if (a->sent != b->sent)
        return a->sent > b->sent ? -1 : 1;
    return strcmp(a->step, b->step);
}

bool insight_steps(const struct insight_frame *f, struct step_row **out, size_t *count,
                   struct fault *why)
{
    struct filling_steps filling = { .frame = f, .to = f->to };

    if (!steps_between(f, &f->people, &filling, why) ||
        !steps_between(f, &f->money, &filling, why) ||
        !insight_added(&filling.adding, why))
        return false;
    sort_array(filling.rows, filling.count, sizeof *filling.rows, compare_steps);
    *out = filling.rows;
    *count = filling.count;
    return true;
}

/* ---- Standings ------------------------------------------------------------------------------
 */

struct filling_standings {
    struct adding adding;
    const struct insight_frame *frame;
    struct stopped_row *rows;
    size_t count, room;
};

static void take_standing(void *into, const struct figure_sum *row)
{
    struct filling_standings *f = into;
    const char *word = insight_word(f->frame, row->key.first), *blank = strchr(word, ' ');
    size_t length = blank != NULL ? (size_t)(blank - word) : strlen(word), i = 0;

    while (i < f->count && (strncmp(f->rows[i].standing, word, length) != 0 ||
                            f->rows[i].standing[length] != '\0' ||
                            strcmp(f->rows[i].rule, blank != NULL ? blank + 1 : "") != 0))
        i++;
    if (i == f->count)
        *arena_push(f->frame->arena, f->rows, f->count, f->room) =
            (struct stopped_row){ arena_copy_n(f->frame->arena, word, length),
                                  blank != NULL ? blank + 1 : "", 0 };
    insight_add(&f->adding, &f->rows[i].files, row->counted);
}

static int compare_standings(const void *left, const void *right)
{
    const struct stopped_row *a = left, *b = right;

    if (a->files != b->files)
        return a->files > b->files ? -1 : 1;
    int order = strcmp(a->standing, b->standing);
    return order != 0 ? order : strcmp(a->rule, b->rule);
}

bool insight_standings(const struct insight_frame *f, struct stopped_row **out, size_t *count,
                       struct fault *why)
{
    struct filling_standings filling = { .frame = f };

    if (!insight_each_day(f, &f->people, FIGURE_STANDING, (struct day){ 0 }, (struct day){ 0 },
                          take_standing, &filling, why) ||
        !insight_added(&filling.adding, why))
        return false;
    sort_array(filling.rows, filling.count, sizeof *filling.rows, compare_standings);
    *out = filling.rows;
    *count = filling.count;
    return true;
}

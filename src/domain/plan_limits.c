/* Limits of plans: what passes, and the sentences about what does not. */
#include "domain/plan_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

int plan_term_months(struct day first, struct day last)
{
    struct date a = date_of_day(first), b = date_of_day(last);
    int months = (b.year - a.year) * 12 + b.month - a.month;

    return months + (last.number >= day_plus_months(first, months).number);
}

int64_t plan_spare_each(const struct plan_question *q, const struct plan_rhythm *rhythm)
{
    static const int times[] = { [PERIOD_WEEK] = 52,
                                 [PERIOD_TWO_WEEKS] = 26,
                                 [PERIOD_FOUR_WEEKS] = 13,
                                 [PERIOD_MONTH] = 12 };
    int64_t a_year;

    if (q->spare_minor <= 0 || rhythm->times_a_year == 0 ||
        __builtin_mul_overflow(q->spare_minor, (int64_t)times[q->spare_period], &a_year))
        return INT64_MAX;
    return a_year / rhythm->times_a_year;
}

/* The first day on which a plan that begins on `first` is too long. */
static struct day term_end(const struct plan_limit *limit, struct day first)
{
    if (limit->kind == LIMIT_TERM_MONTHS)
        return day_plus_months(first, (int)limit->value);
    return limit->value < 1 ? first : day_plus(first, (int)limit->value + 1);
}

static bool is_length(enum plan_limit_kind kind)
{
    return kind == LIMIT_TERM_MONTHS || kind == LIMIT_TERM_DAYS || kind == LIMIT_PAYMENTS;
}

int plan_count_most(const struct plan_work *w, struct plan_dates *dates, bool *limited)
{
    int64_t rest = w->q->open.minor;
    int most = rest < PLAN_PAYMENTS_MOST ? (int)rest : PLAN_PAYMENTS_MOST;

    *limited = false;
    for (size_t i = 0; i < w->q->limit_count; i++) {
        const struct plan_limit *limit = &w->q->limits[i];
        if (!is_length(limit->kind))
            continue;
        *limited = true;
        if (limit->kind == LIMIT_PAYMENTS) {
            most = limit->value < most ? (int)limit->value : most;
            continue;
        }
        struct day end = term_end(limit, plan_date(dates, 0));
        for (int n = 0; n < most; n++) {
            if (plan_date(dates, n).number >= end.number)
                most = n;
        }
    }
    if (dates->rhythm.schedule.kind != SCHEDULE_LIST)
        return most;
    *limited = true;
    while (most > 0 && plan_date(dates, most - 1).number == DAY_NEVER.number)
        most--;
    return most;
}

int64_t plan_amount_most(const struct plan_work *w, const struct plan_rhythm *rhythm)
{
    int64_t spare = plan_spare_each(w->q, rhythm);

    return spare < w->most ? spare : w->most;
}

/* ---- What is broken ---------------------------------------------------------------------- */

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t greater(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static bool holds(const struct plan_work *w, const struct plan_limit *limit,
                  const struct plan_trial *t)
{
    const struct split *s = &t->split;
    struct day first = plan_date(t->dates, 0), last = plan_date(t->dates, (int)s->count - 1);

    switch (limit->kind) {
    case LIMIT_TERM_MONTHS:
    case LIMIT_TERM_DAYS:
        return last.number < term_end(limit, first).number;
    case LIMIT_PAYMENTS:
        return s->count <= limit->value;
    case LIMIT_LEAST_PAYMENT:
        return s->count == 1 || smaller(s->each, s->last) >= limit->value;
    case LIMIT_MOST_PAYMENT:
    case LIMIT_SPARE:
        return greater(s->each, s->last) <= limit->value;
    case LIMIT_LEAST_DOWN:
        return s->down >= limit->value;
    case LIMIT_MOST_DOWN:
        return s->down <= limit->value;
    case LIMIT_FIRST_BY:
        return (s->down > 0 ? w->down_day : first).number <= limit->day.number;
    case LIMIT_NOT_BEFORE:
    case LIMIT_KIND_COUNT:
        break;
    }
    return true;
}

/* ---- Sentences --------------------------------------------------------------------------- */

/* All limits of length and amount hold for payments of this amount. */
static bool amount_passes(const struct plan_work *w, const struct plan_trial *like,
                          int64_t amount, int64_t *greatest)
{
    struct plan_trial t = { .dates = like->dates, .down = like->down, .amount = amount };

    *greatest = 0;
    if (!plan_split(w, &t))
        return false;
    *greatest = greater(t.split.each, t.split.last);
    for (size_t i = 0; i < w->q->limit_count; i++) {
        if (w->q->limits[i].kind <= LIMIT_MOST_PAYMENT && !holds(w, &w->q->limits[i], &t))
            return false;
    }
    return *greatest <= plan_spare_each(w->q, &t.dates->rhythm);
}

int64_t plan_amount_least(const struct plan_work *w, const struct plan_trial *like)
{
    bool limited;
    int count = plan_count_most(w, like->dates, &limited);
    int64_t rest = w->q->open.minor - like->down, taken;

    if (count == 0 || (!limited && w->least <= 1))
        return 0;
    int64_t least =
        plan_least_amount(w, like->dates, like->down, limited ? count : PLAN_PAYMENTS_MOST);
    least = greater(least, w->least);
    if (w->q->rate_ppm == 0 && least > rest)
        least = rest;
    /* Where least and open do not fit, one payment fewer asks for a little more in each. */
    if (!amount_passes(w, like, least, &taken) && taken > least)
        return taken;
    return least;
}

struct words {
    const struct plan_work *w;
    const struct plan_limit *limit;
    const struct plan_trial *trial;
    int64_t low, high; /* amounts that the limits leave; low 0: nothing limits it */
    char text[MONEY_TEXT], other[MONEY_TEXT], day[DAY_TEXT];
};

static const char *shown(const struct plan_work *w, int64_t minor, char out[MONEY_TEXT])
{
    return money_show(money_of(minor, w->q->open.currency), out);
}

/* "12 months is the most that a collector may grant (source)" */
static const char *statement(struct words *s)
{
    const struct plan_limit *limit = s->limit;
    struct arena *a = s->w->a;
    const char *who =
        limit->who != NULL ? arena_print(a, " that %s may grant", limit->who) : "";
    const char *rhythm = s->trial->dates->rhythm.words;
    const char *amount = shown(s->w, limit->value, s->text);

    switch (limit->kind) {
    case LIMIT_TERM_MONTHS:
    case LIMIT_TERM_DAYS:
        if (limit->value < 1)
            return arena_print(a, "no plan may be granted%s%s",
                               limit->who != NULL ? " by " : "",
                               limit->who != NULL ? limit->who : "");
        const char *unit = limit->kind == LIMIT_TERM_DAYS ? "day" : "month";
        return arena_print(a, "%" PRId64 " %s%s is the most%s", limit->value, unit,
                           limit->value == 1 ? "" : "s", who);
    case LIMIT_PAYMENTS:
        return arena_print(a, "%" PRId64 " payment%s is the most%s", limit->value,
                           limit->value == 1 ? "" : "s", who);
    case LIMIT_LEAST_PAYMENT:
        return arena_print(a, "%s is the smallest payment%s", amount, who);
    case LIMIT_MOST_PAYMENT:
        return arena_print(a, "%s is the greatest payment%s", amount, who);
    case LIMIT_SPARE:
        return arena_print(
            a, "%s %s is more than the %s %s they can spare",
            shown(s->w, greater(s->trial->split.each, s->trial->split.last), s->other), rhythm,
            amount, rhythm);
    case LIMIT_LEAST_DOWN:
        return arena_print(a, "a first payment of at least %s is needed", amount);
    case LIMIT_MOST_DOWN:
        if (limit->value == 0)
            return "no first payment may be taken";
        return arena_print(a, "a first payment of at most %s may be taken", amount);
    case LIMIT_FIRST_BY:
        return arena_print(a, "the first payment must come by %s",
                           day_print(limit->day, s->day));
    case LIMIT_NOT_BEFORE:
    case LIMIT_KIND_COUNT:
        break;
    }
    bug("a limit that refuses", HERE);
}

/* "pay at least 107.05 a month": what would pass; NULL when there is nothing to say. */
static const char *advice(struct words *s, int64_t *nearest)
{
    struct arena *a = s->w->a;
    const char *rhythm = s->trial->dates->rhythm.words;
    bool too_much = s->limit->kind == LIMIT_MOST_PAYMENT || s->limit->kind == LIMIT_SPARE;

    if (s->limit->kind == LIMIT_LEAST_DOWN || s->limit->kind == LIMIT_MOST_DOWN ||
        s->limit->kind == LIMIT_FIRST_BY) {
        *nearest = s->limit->value;
        return NULL;
    }
    if (s->low == 0 && !too_much)
        return NULL;
    if (s->low <= s->high) {
        int64_t taken, amount = too_much ? s->high : s->low;
        if (!amount_passes(s->w, s->trial, amount, &taken))
            return "no amount passes all limits";
        *nearest = amount;
        return arena_print(a, "pay at %s %s %s", too_much ? "most" : "least",
                           shown(s->w, *nearest, s->text), rhythm);
    }
    bool spare = s->high == plan_spare_each(s->w->q, &s->trial->dates->rhythm);
    return arena_print(a, "the limits ask for at least %s %s, %s %s",
                       shown(s->w, s->low, s->text), rhythm,
                       spare ? "and they can spare" : "and the greatest payment is",
                       shown(s->w, s->high, s->other));
}

static const char *sentence_of(struct words *s, int64_t *nearest)
{
    const struct plan_limit *limit = s->limit;
    struct arena *a = s->w->a;
    const char *said = statement(s), *how = advice(s, nearest);
    const char *source = limit->source != NULL ? arena_print(a, " (%s)", limit->source) : "";

    if (limit->ask != NULL && how != NULL)
        return arena_print(a, "%s%s; ask %s%s %s", said, source, limit->ask,
                           *nearest > 0 ? ", or" : ";", how);
    if (limit->ask != NULL)
        return arena_print(a, "%s%s; ask %s", said, source, limit->ask);
    return arena_print(a, "%s%s%s%s", said, source, how != NULL ? "; " : "",
                       how != NULL ? how : "");
}

static bool is_told(const struct plan_answer *answer, const struct plan_limit *limit)
{
    for (size_t i = 0; i < answer->refusal_count; i++) {
        const struct plan_limit *told = answer->refusals[i].limit;
        if (told == limit || (told->kind == LIMIT_SPARE && limit->kind == LIMIT_SPARE))
            return true;
    }
    return false;
}

static void refuse(struct plan_work *w, const struct plan_trial *t,
                   const struct plan_limit *limit)
{
    struct plan_answer *answer = w->answer;

    /* Of rhythms that are only tried for comparison nobody asked why not. */
    if (t->rhythm > 0 || answer->refusal_count == REFUSALS_MOST || is_told(answer, limit))
        return;
    struct words words = { .w = w,
                           .limit = limit,
                           .trial = t,
                           .low = plan_amount_least(w, t),
                           .high = plan_amount_most(w, &t->dates->rhythm) };
    struct plan_refusal *refusal = &answer->refusals[answer->refusal_count++];
    *refusal = (struct plan_refusal){
        .aim = t->aim,
        .limit = limit,
        .split = t->split,
        .words = t->dates->rhythm.words,
        .nearest_day = limit->kind == LIMIT_FIRST_BY ? limit->day : DAY_NONE,
    };
    refusal->sentence = sentence_of(&words, &refusal->nearest_minor);
}

bool plan_passes(struct plan_work *w, struct plan_trial *t)
{
    struct plan_limit spare = { .kind = LIMIT_SPARE,
                                .value = plan_spare_each(w->q, &t->dates->rhythm),
                                .source = NULL };
    bool all = true;

    for (size_t i = 0; i < w->q->limit_count; i++) {
        if (holds(w, &w->q->limits[i], t))
            continue;
        all = false;
        refuse(w, t, &w->q->limits[i]);
    }
    if (holds(w, &spare, t))
        return all;
    struct plan_limit *kept = arena_make(w->a, struct plan_limit);
    *kept = spare;
    refuse(w, t, kept);
    return false;
}

/* More payments than the limits, than dates asked for, or than anybody keeps to. */
void plan_refuse_length(struct plan_work *w, struct plan_trial *t)
{
    bool told = false;

    for (size_t i = 0; i < w->q->limit_count; i++) {
        if (!is_length(w->q->limits[i].kind))
            continue;
        refuse(w, t, &w->q->limits[i]);
        told = true;
    }
    if (told)
        return;
    struct plan_limit *limit = arena_make(w->a, struct plan_limit);
    *limit = (struct plan_limit){ .kind = LIMIT_PAYMENTS, .value = PLAN_PAYMENTS_MOST };
    while (plan_date(t->dates, (int)limit->value - 1).number == DAY_NEVER.number &&
           limit->value > 1)
        limit->value--;
    refuse(w, t, limit);
}

/* The one figure of each insight, now and over time. */
#include "flow/insight_parts.h"

enum { LIQUIDATION_MONTHS = 6 };

/* Of those placed so long ago that six months are over: what came in until then. */
static bool liquidation(const struct insight_frame *f, const struct insight_part *part,
                        struct measured *out, struct fault *why)
{
    struct insight_frame then = *f;
    struct cohorts cohorts;

    then.to = part->to;
    *out = (struct measured){ .unit = UNIT_PERCENT };
    if (!insight_cohorts(&then, part->money, &cohorts, why))
        return false;
    for (size_t i = cohorts.count; i-- > 0;) {
        const struct cohort *c = &cohorts.all[i];
        if (c->points <= LIQUIDATION_MONTHS || c->placed_minor <= 0)
            continue;
        *out = (struct measured){ UNIT_PERCENT, true, c->recovered_minor[LIQUIDATION_MONTHS],
                                  c->placed_minor, c->placed_debts };
        return true;
    }
    return true;
}

bool insight_liquidation_month(const struct insight_frame *f, int32_t *month, struct fault *why)
{
    struct cohorts cohorts;

    *month = INT32_MIN;
    if (!insight_cohorts(f, f->money, &cohorts, why))
        return false;
    for (size_t i = 0; i < cohorts.count; i++) {
        if (cohorts.all[i].points > LIQUIDATION_MONTHS && cohorts.all[i].placed_minor > 0)
            *month = cohorts.all[i].month;
    }
    return true;
}

static bool funnel(const struct insight_frame *f, const struct insight_part *part,
                   struct measured *out, struct fault *why)
{
    struct funnel funnel;

    if (!insight_funnel(f, part, &funnel, why))
        return false;
    *out = (struct measured){ UNIT_PERCENT, funnel.debts[FUNNEL_PLACED] != 0,
                              funnel.debts[FUNNEL_AGREED], funnel.debts[FUNNEL_PLACED],
                              funnel.debts[FUNNEL_PLACED] };
    return true;
}

static bool forecast(const struct insight_frame *f, const struct insight_part *part,
                     struct measured *out, struct fault *why)
{
    struct forecast forecast;

    *out = (struct measured){ .unit = UNIT_MONEY, .known = true };
    if (!insight_forecast(f, part, &forecast, why))
        return false;
    for (int i = 0; i < FORECAST_SHOWN; i++)
        out->numerator += forecast.weeks[i].likely_minor;
    return true;
}

static bool stopped(const struct insight_frame *f, struct measured *out, struct fault *why)
{
    struct stopped_row *rows;
    size_t count;

    *out = (struct measured){ .unit = UNIT_COUNT, .known = true };
    if (!insight_standings(f, &rows, &count, why))
        return false;
    for (size_t i = 0; i < count; i++)
        out->numerator += rows[i].rule[0] != '\0' ? rows[i].files : 0;
    return true;
}

bool insight_value(const struct insight_frame *f, const struct insight_part *part,
                   enum insight insight, struct measured *out, struct fault *why)
{
    struct tally *t = arena_make(f->arena, struct tally);

    if (insight == INSIGHT_LIQUIDATION)
        return liquidation(f, part, out, why);
    if (insight == INSIGHT_FUNNEL)
        return funnel(f, part, out, why);
    if (insight == INSIGHT_CASH_FORECAST)
        return forecast(f, part, out, why);
    if (insight == INSIGHT_STOPPED)
        return stopped(f, out, why);
    if (!insight_tally(f, part, insight_figures(insight), t, why))
        return false;
    *out = insight_measure(t, insight);
    return true;
}

/* ---- Over time -----------------------------------------------------------------------------
 */

/* Weeks that end on the weekday of as_of; or whole months, and this one so far. */
static void point_days(const struct insight_frame *f, bool by_month, int back,
                       struct insight_point *p)
{
    if (by_month) {
        int32_t month = month_of_day(f->to) - back;
        p->from = month_first(month);
        p->to = back == 0 ? f->to : month_last(month);
        return;
    }
    p->to = day_plus(f->to, -7 * back);
    p->from = day_plus(p->to, -6);
}

/* What says something only of many days looks back over the whole period at each point. */
static bool looks_back(enum insight insight)
{
    return insight == INSIGHT_PROMISES || insight == INSIGHT_CONTACT_RATE ||
           insight == INSIGHT_DISPUTE_RATE || insight == INSIGHT_TIME_TO_ANSWER ||
           insight == INSIGHT_HARDSHIP || insight == INSIGHT_COMPLAINTS ||
           insight == INSIGHT_OPT_OUTS || insight == INSIGHT_CONTACTS_PER_RESOLVED ||
           insight == INSIGHT_APPROVAL_GAP;
}

static bool best_of(const struct insight_frame *f, const struct insight_part *part,
                    struct measured *out, struct fault *why)
{
    struct tally *t = arena_make(f->arena, struct tally);

    if (!insight_tally(f, part, insight_figures(INSIGHT_DSO), t, why))
        return false;
    *out = tally_best_dso(t);
    return true;
}

bool insight_trend(const struct insight_frame *f, enum insight insight, size_t count,
                   struct insight_trend *out, struct fault *why)
{
    bool monthly = insight == INSIGHT_DSO || insight == INSIGHT_ROLL_RATES ||
                   insight == INSIGHT_CURE_RATE || insight == INSIGHT_LIQUIDATION;

    *out = (struct insight_trend){ .count = count <= TREND_MOST ? count : TREND_MOST,
                                   .by_month = monthly || f->days > 90 };
    for (size_t i = 0; i < out->count; i++) {
        struct insight_point *p = &out->points[i];
        point_days(f, out->by_month, (int)(out->count - 1 - i), p);
        struct insight_part part = insight_part(f);
        part.from = p->from;
        part.to = p->to;
        if (looks_back(insight))
            part.from = day_plus(p->to, 1 - f->days);
        if (!insight_value(f, &part, insight, &p->value, why) ||
            (insight == INSIGHT_DSO && !best_of(f, &part, &p->best, why)))
            return false;
    }
    return true;
}

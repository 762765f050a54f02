/* The tables of the pictures. */
#include "flow/insight_sheet_parts.h"
#include "flow/insight_words.h"

#include "base/text.h"

/* ---- Ageing and rolls
 * ------------------------------------------------------------------------ */

static bool ageing(struct sheeting *s)
{
    static const struct table_column columns[] = {
        { "range", "DAYS PAST DUE", CELL_TEXT },
        { "open", "OPEN", CELL_MONEY },
        { "percent", "SHARE %", CELL_DECIMAL },
        { "debts", "DEBTS", CELL_COUNT },
    };
    struct insight_part part = insight_part(s->f);
    struct tally *t = arena_make(s->f->arena, struct tally);

    if (!insight_tally(s->f, &part, FIGURE_BIT(FIGURE_OPEN), t, s->why))
        return false;
    struct table *table = sheet_table(s->sheet, "ranges", "", COUNT(columns), columns);
    for (int range = 0; range < AGE_RANGES; range++) {
        table_text(table, age_ranges[range].name);
        cell_money(table, s->f, t->range_minor[range]);
        cell_percent(table, t->range_minor[range], t->open_minor, t->open_debts);
        table_count(table, t->range_debts[range]);
    }
    return true;
}

static bool rolls(struct sheeting *s)
{
    static const struct table_column columns[] = {
        { "month", NULL, CELL_TEXT },           { "from", "A MONTH BEFORE", CELL_TEXT },
        { "to", "AT THE END", CELL_TEXT },      { "amount", "AMOUNT", CELL_MONEY },
        { "percent", "SHARE %", CELL_DECIMAL }, { "debts", "DEBTS", CELL_COUNT },
    };
    struct insight_part part = insight_part(s->f);
    struct tally *t = arena_make(s->f->arena, struct tally);

    if (!insight_tally(s->f, &part, FIGURE_BIT(FIGURE_ROLL), t, s->why))
        return false;
    struct table *table =
        sheet_table(s->sheet, "moves", "Nothing was open then.", COUNT(columns), columns);
    for (int from = 0; from < AGE_RANGES; from++) {
        int64_t all = 0, debts = 0;
        for (int to = 0; to <= ROLL_GONE; to++) {
            all += t->roll_minor[from][to];
            debts += t->roll_debts[from][to];
        }
        for (int to = 0; to <= ROLL_GONE; to++) {
            if (t->roll_minor[from][to] == 0)
                continue;
            table_text(table, arena_print(s->f->arena, "%d-%02d", t->roll_month / 12,
                                          t->roll_month % 12 + 1));
            table_text(table, age_ranges[from].name);
            table_text(table, to == ROLL_PAID   ? "paid"
                              : to == ROLL_GONE ? "otherwise_closed"
                                                : age_ranges[to].name);
            cell_money(table, s->f, t->roll_minor[from][to]);
            cell_percent(table, t->roll_minor[from][to], all, debts);
            table_count(table, t->roll_debts[from][to]);
        }
    }
    return true;
}

/* ---- Cohorts
 * --------------------------------------------------------------------------------- */

static const struct table_column cohort_columns[] = {
    { "client", NULL, CELL_TEXT },           { "placed", "PLACED", CELL_TEXT },
    { "debts", "DEBTS", CELL_COUNT },        { "amount", "AMOUNT", CELL_MONEY },
    { "month", "MONTHS AFTER", CELL_COUNT }, { "value", "SO FAR", CELL_MONEY },
    { "percent", "SHARE %", CELL_DECIMAL },
};

static void cohort_rows(struct sheeting *s, struct table *t, const char *client,
                        const char *placed, const struct cohort *c, const int64_t values[])
{
    for (size_t i = 0; i < c->points && c->placed_debts > 0; i++) {
        table_text(t, client);
        table_text(t, placed);
        table_count(t, c->placed_debts);
        cell_money(t, s->f, c->placed_minor);
        table_count(t, (int64_t)i);
        cell_money(t, s->f, values[i]);
        cell_percent(t, values[i], c->placed_minor, c->placed_debts);
    }
}

static bool liquidation(struct sheeting *s)
{
    struct cohorts cohorts;

    if (!insight_cohorts(s->f, s->f->money, &cohorts, s->why))
        return false;
    struct table *t = sheet_table(s->sheet, "cohorts", "Nothing was placed.",
                                  COUNT(cohort_columns), cohort_columns);
    for (size_t i = 0; i < cohorts.count; i++) {
        const struct cohort *c = &cohorts.all[i];
        cohort_rows(s, t, s->f->client,
                    arena_print(s->f->arena, "%d-%02d", c->month / 12, c->month % 12 + 1), c,
                    c->recovered_minor);
    }
    return true;
}

static bool vintages(struct sheeting *s)
{
    struct table *t = sheet_table(s->sheet, "vintages", "Nothing was placed.",
                                  COUNT(cohort_columns), cohort_columns);
    int32_t last = insight_last_month(s->f) / 3;

    for (size_t i = 0; i < s->f->client_count; i++) {
        const char *client = s->f->client_names[i];
        struct cohorts cohorts;
        if (s->f->client != NULL && !text_equal(s->f->client, client))
            continue;
        if (!insight_cohorts(
                s->f,
                insight_set(s->f, (struct insight_where){ .client = client }, s->f->currency),
                &cohorts, s->why))
            return false;
        for (int32_t quarter = last - 7; quarter <= last; quarter++) {
            struct cohort c = cohort_of_quarter(&cohorts, quarter);
            cohort_rows(s, t, client,
                        arena_print(s->f->arena, "%d-Q%d", quarter / 4, quarter % 4 + 1), &c,
                        c.unpaid_minor);
        }
    }
    return true;
}

/* ---- Funnel
 * ---------------------------------------------------------------------------------- */

static bool funnel(struct sheeting *s)
{
    static const char *const steps[] = { "placed", "contacted", "right_person",  "agreed",
                                         "kept",   "paid",      "paid_otherwise" };
    static const struct table_column columns[] = {
        { "step", "STEP", CELL_TEXT },
        { "debts", "DEBTS", CELL_COUNT },
        { "percent", "SHARE %", CELL_DECIMAL },
    };
    struct insight_part part = insight_part(s->f);
    struct funnel funnel;

    if (!insight_funnel(s->f, &part, &funnel, s->why))
        return false;
    sheet_field(s->sheet, "placed",
                insight_months(s->f->arena, funnel.first_month, funnel.last_month));
    struct table *t = sheet_table(s->sheet, "steps", "", COUNT(columns), columns);
    for (int i = 0; i < FUNNEL_STEPS; i++) {
        table_text(t, steps[i]);
        table_count(t, funnel.debts[i]);
        cell_percent(t, funnel.debts[i], funnel.debts[FUNNEL_PLACED],
                     funnel.debts[FUNNEL_PLACED]);
    }
    return true;
}

/* ---- Promises
 * --------------------------------------------------------------------------------- */

static bool promises(struct sheeting *s)
{
    static const struct table_column columns[] = {
        { "week", "WEEK", CELL_TEXT },        { "promises", "PROMISES", CELL_COUNT },
        { "kept", "KEPT", CELL_MONEY },       { "in_part", "IN PART", CELL_MONEY },
        { "missed", "MISSED", CELL_MONEY },   { "percent_kept", "KEPT %", CELL_DECIMAL },
        { "kept_count", NULL, CELL_COUNT },   { "in_part_count", NULL, CELL_COUNT },
        { "missed_count", NULL, CELL_COUNT },
    };
    struct promise_week weeks[PROMISE_WEEKS];

    if (!insight_promise_weeks(s->f, &s->f->money, weeks, s->why))
        return false;
    struct table *t = sheet_table(s->sheet, "weeks", "", COUNT(columns), columns);
    for (int i = 0; i < PROMISE_WEEKS; i++) {
        const struct promise_week *w = &weeks[i];
        int64_t things = w->things[0] + w->things[1] + w->things[2];
        cell_day(t, w->monday);
        table_count(t, things);
        for (int k = 0; k < 3; k++)
            cell_money(t, s->f, w->minor[k]);
        cell_percent(t, w->minor[0], w->minor[0] + w->minor[1] + w->minor[2], things);
        for (int k = 0; k < 3; k++)
            table_count(t, w->things[k]);
    }
    return true;
}

static bool forecast(struct sheeting *s)
{
    static const struct table_column columns[] = {
        { "week", "WEEK", CELL_TEXT },          { "promises", "PROMISES", CELL_COUNT },
        { "promised", "PROMISED", CELL_MONEY }, { "of_plans", "OF PLANS", CELL_MONEY },
        { "low", "AT LEAST", CELL_MONEY },      { "likely", "LIKELY", CELL_MONEY },
        { "high", "AT MOST", CELL_MONEY },
    };
    struct insight_part part = insight_part(s->f);
    struct forecast forecast;

    if (!insight_forecast(s->f, &part, &forecast, s->why))
        return false;
    struct table *t = sheet_table(s->sheet, "weeks", "", COUNT(columns), columns);
    for (int i = 0; i < FORECAST_WEEKS; i++) {
        const struct forecast_week *w = &forecast.weeks[i];
        cell_day(t, w->monday);
        table_count(t, w->things[0] + w->things[1]);
        cell_money(t, s->f, w->promised_minor[0]);
        cell_money(t, s->f, w->promised_minor[1]);
        cell_money(t, s->f, w->low_minor);
        cell_money(t, s->f, w->likely_minor);
        cell_money(t, s->f, w->high_minor);
    }
    return true;
}

/* ---- Contacts
 * --------------------------------------------------------------------------------- */

static bool hours(struct sheeting *s)
{
    static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
    static const struct table_column columns[] = {
        { "weekday", "DAY", CELL_TEXT },          { "hour", "HOUR", CELL_COUNT },
        { "tried", "TRIED", CELL_COUNT },         { "reached", "REACHED", CELL_COUNT },
        { "percent", "REACHED %", CELL_DECIMAL },
    };
    struct insight_part part = insight_part(s->f);
    struct tally *t = arena_make(s->f->arena, struct tally);

    if (!insight_tally(s->f, &part, FIGURE_BIT(FIGURE_HOUR), t, s->why))
        return false;
    struct table *table =
        sheet_table(s->sheet, "hours", "Nobody was called.", COUNT(columns), columns);
    for (int hour = 0; hour < HOURS_OF_WEEK; hour++) {
        if (t->hour_tried[hour] == 0)
            continue;
        table_text(table, days[hour / 24]);
        table_count(table, hour % 24);
        table_count(table, t->hour_tried[hour]);
        table_count(table, t->hour_reached[hour]);
        cell_percent(table, t->hour_reached[hour], t->hour_tried[hour], t->hour_tried[hour]);
    }
    return true;
}

static bool channels(struct sheeting *s)
{
    static const struct table_column columns[] = {
        { "channel", "CHANNEL", CELL_TEXT },      { "tried", "TRIED", CELL_COUNT },
        { "reached", "REACHED", CELL_COUNT },     { "incoming", "FROM THEM", CELL_COUNT },
        { "percent", "REACHED %", CELL_DECIMAL },
    };
    struct insight_part part = insight_part(s->f);
    struct tally *t = arena_make(s->f->arena, struct tally);

    if (!insight_tally(s->f, &part, FIGURE_BIT(FIGURE_CONTACT), t, s->why))
        return false;
    struct table *table =
        sheet_table(s->sheet, "channels", "Nobody was contacted.", COUNT(columns), columns);
    for (int i = 0; i < CHANNEL_COUNT; i++) {
        /* who answers a message in writing was reached by it */
        int64_t reached = t->reached[i] + (i == CHANNEL_CALL ? 0 : t->incoming[i]);
        if (t->tried[i] == 0 && t->incoming[i] == 0)
            continue;
        table_text(table, channel_name((enum channel)i));
        table_count(table, t->tried[i]);
        table_count(table, reached);
        table_count(table, t->incoming[i]);
        cell_percent(table, reached, t->tried[i], t->tried[i]);
    }
    return true;
}

static bool weeks(struct sheeting *s)
{
    static const struct table_column columns[] = {
        { "attempts", "CONTACTS IN A WEEK", CELL_COUNT },
        { "people", "PEOPLE AND WEEKS", CELL_COUNT },
    };
    struct insight_part part = insight_part(s->f);
    struct tally *t = arena_make(s->f->arena, struct tally);

    if (!insight_tally(s->f, &part, FIGURE_BIT(FIGURE_WEEK), t, s->why))
        return false;
    struct table *table =
        sheet_table(s->sheet, "weeks", "Nobody was contacted.", COUNT(columns), columns);
    for (int i = 0; i <= WEEK_MOST; i++) {
        if (t->week_people[i] == 0)
            continue;
        table_count(table, i);
        table_count(table, t->week_people[i]);
    }
    return true;
}

static bool steps(struct sheeting *s)
{
    static const struct table_column columns[] = {
        { "step", "STEP", CELL_TEXT },
        { "sent", "SENT", CELL_COUNT },
        { "paid", "FOLLOWED BY MONEY", CELL_COUNT },
        { "percent", "SHARE %", CELL_DECIMAL },
        { "amount", "MONEY", CELL_MONEY },
    };
    struct step_row *rows;
    size_t count;

    if (!insight_steps(s->f, &rows, &count, s->why))
        return false;
    struct table *t =
        sheet_table(s->sheet, "steps", "Nothing was sent.", COUNT(columns), columns);
    for (size_t i = 0; i < count; i++) {
        table_text(t, rows[i].step);
        table_count(t, rows[i].sent);
        table_count(t, rows[i].paid);
        cell_percent(t, rows[i].paid, rows[i].sent, rows[i].sent);
        cell_money(t, s->f, rows[i].minor);
    }
    return true;
}

/* ---- Disputes and rules
 * ------------------------------------------------------------------------ */

static void days_cell(struct table *t, const struct histogram *h, int percent)
{
    int64_t value;

    if (histogram_percentile(h, percent, &value))
        table_count(t, value);
    else
        table_none(t);
}

static bool disputes(struct sheeting *s)
{
    static const struct table_column columns[] = {
        { "reason", "REASON", CELL_TEXT },
        { "opened", "OPENED", CELL_COUNT },
        { "answered", "ANSWERED", CELL_COUNT },
        { "withdrawn", "WITHDRAWN", CELL_COUNT },
        { "median_days", "MEDIAN DAYS", CELL_COUNT },
        { "p90_days", "90 OF 100", CELL_COUNT },
    };
    struct insight_part part = insight_part(s->f);
    struct tally *t = arena_make(s->f->arena, struct tally);

    if (!insight_tally(s->f, &part, FIGURE_BIT(FIGURE_DISPUTE), t, s->why))
        return false;
    struct table *table =
        sheet_table(s->sheet, "reasons", "Nothing was disputed.", COUNT(columns), columns);
    for (size_t i = 0; i < t->dispute_count; i++) {
        const struct tally_dispute *d = &t->disputes[i];
        table_text(table, insight_word(s->f, d->reason));
        table_count(table, d->opened);
        table_count(table, d->answered);
        table_count(table, d->ended);
        days_cell(table, &d->days, 50);
        days_cell(table, &d->days, 90);
    }
    return true;
}

static bool stopped(struct sheeting *s)
{
    static const struct table_column columns[] = {
        { "standing", "STANDING", CELL_TEXT },
        { "rule", "RULE", CELL_TEXT },
        { "accounts", "ACCOUNTS", CELL_COUNT },
    };
    struct stopped_row *rows;
    size_t count;

    if (!insight_standings(s->f, &rows, &count, s->why))
        return false;
    struct table *t = sheet_table(s->sheet, "standings", "", COUNT(columns), columns);
    for (size_t i = 0; i < count; i++) {
        table_text(t, rows[i].standing);
        table_text(t, rows[i].rule[0] != '\0' ? rows[i].rule : NULL);
        table_count(t, rows[i].files);
    }
    return true;
}

/* ---- Which
 * ------------------------------------------------------------------------------------- */

bool sheet_picture(struct sheeting *s, enum insight insight, bool *made)
{
    *made = true;
    switch (insight) {
    case INSIGHT_AGEING:
        return ageing(s);
    case INSIGHT_ROLL_RATES:
    case INSIGHT_CURE_RATE:
        return rolls(s);
    case INSIGHT_LIQUIDATION:
        return liquidation(s);
    case INSIGHT_VINTAGES:
        return vintages(s);
    case INSIGHT_FUNNEL:
        return funnel(s);
    case INSIGHT_PROMISES:
        return promises(s);
    case INSIGHT_CASH_FORECAST:
        return forecast(s);
    case INSIGHT_CONTACT_HOURS:
        return hours(s);
    case INSIGHT_RIGHT_PERSON:
        return channels(s);
    case INSIGHT_CONTACTS_PER_WEEK:
        return weeks(s);
    case INSIGHT_STEPS:
        return steps(s);
    case INSIGHT_DISPUTES:
        return disputes(s);
    case INSIGHT_STOPPED:
        return stopped(s);
    case INSIGHT_COLLECTED:
    case INSIGHT_RECOVERY:
    case INSIGHT_DSO:
    case INSIGHT_DISPUTE_RATE:
    case INSIGHT_CONTACT_RATE:
    case INSIGHT_TIME_TO_ANSWER:
    case INSIGHT_COMPLAINTS:
    case INSIGHT_OPT_OUTS:
    case INSIGHT_CONTACTS_PER_RESOLVED:
    case INSIGHT_HARDSHIP:
    case INSIGHT_APPROVAL_GAP:
    case INSIGHT_PROMISES_TAKEN:
    case INSIGHT_DISPUTES_ANSWERED:
    case INSIGHT_COUNT:
        *made = false;
        return true;
    }
    bug("an insight is missing above", HERE);
}

#include "flow/insight_sheet.h"

#include "base/text.h"
#include "flow/insight_sheet_parts.h"
#include "flow/insight_words.h"

#include <string.h>

enum { POINTS = 12 };

static const char *const units[] = { NULL,    "money", "percent",   "days",
                                     "hours", "times", "per_10000", "count",
                                     "points" };

/* ---- Cells ----------------------------------------------------------------------------------
 */

void cell_percent(struct table *t, int64_t part, int64_t whole, int64_t things)
{
    char text[RATIO_TEXT];

    table_text(t, things < TOO_FEW ? NULL : ratio_print(part, whole, 100, text));
}

void cell_value(struct table *t, const struct measured *m)
{
    char text[RATIO_TEXT];
    int scale = m->unit == UNIT_PERCENT || m->unit == UNIT_POINTS ? 100
                : m->unit == UNIT_PER_10000                       ? 10000
                                                                  : 1;

    if (m->unit == UNIT_COUNT)
        table_count(t, (int64_t)m->numerator);
    else
        table_text(t, m->known ? ratio_print(m->numerator, m->denominator, scale, text) : NULL);
}

void cell_day(struct table *t, struct day day)
{
    char text[DAY_TEXT];

    table_text(t, day_print(day, text));
}

void cell_money(struct table *t, const struct insight_frame *f, int64_t minor)
{
    table_money(t, money_of(minor, f->currency));
}

static void cell_any(struct table *t, const struct insight_frame *f, const struct measured *m)
{
    if (m->unit == UNIT_MONEY)
        cell_money(t, f, (int64_t)m->numerator);
    else
        cell_value(t, m);
}

/* ---- The value
 * ------------------------------------------------------------------------------- */

static const struct table_column value_columns[] = {
    { "measure", NULL, CELL_TEXT },        { NULL, "FIGURE", CELL_TEXT },
    { "unit", NULL, CELL_TEXT },           { "value", "VALUE", CELL_DECIMAL },
    { "before", "BEFORE", CELL_DECIMAL },  { "numerator", NULL, CELL_DECIMAL },
    { "denominator", NULL, CELL_DECIMAL }, { "out_of", "OUT OF", CELL_COUNT },
};

static void part_cell(struct table *t, const struct insight_frame *f, const struct measured *m,
                      measure_sum part, bool money)
{
    if (part > INT64_MAX || part < INT64_MIN)
        table_none(t);
    else if (money)
        cell_money(t, f, (int64_t)part);
    else
        table_count(t, (int64_t)part);
    (void)m;
}

/* Whose numerator and denominator are money. */
static bool is_of_money(enum insight insight, const struct measured *m)
{
    return m->unit == UNIT_MONEY || insight == INSIGHT_RECOVERY ||
           insight == INSIGHT_PROMISES || insight == INSIGHT_LIQUIDATION ||
           insight == INSIGHT_AGEING || insight == INSIGHT_ROLL_RATES ||
           insight == INSIGHT_CURE_RATE;
}

static void value_row(struct sheeting *s, struct table *t, const char *name, const char *title,
                      enum insight insight, const struct measured *now,
                      const struct measured *before)
{
    bool money = is_of_money(insight, now), amount = now->unit == UNIT_MONEY;

    table_text(t, name);
    table_text(t, title);
    table_text(t, units[now->unit]);
    cell_any(t, s->f, now);
    cell_any(t, s->f, before);
    part_cell(t, s->f, now, now->numerator, money);
    if (amount || now->unit == UNIT_COUNT)
        table_none(t);
    else
        part_cell(t, s->f, now, now->denominator, money);
    if (amount || now->unit == UNIT_COUNT)
        table_none(t);
    else
        table_count(t, now->out_of);
}

/* Beside some figures stands a second one. */
static bool second_value(struct sheeting *s, struct table *t, enum insight insight)
{
    struct insight_part now = insight_part(s->f), before = insight_part_before(s->f);
    struct tally *is = arena_make(s->f->arena, struct tally);
    struct tally *was = arena_make(s->f->arena, struct tally);
    struct measured a, b;
    int64_t value;

    if (!insight_tally(s->f, &now, insight_figures(insight), is, s->why) ||
        !insight_tally(s->f, &before, insight_figures(insight), was, s->why))
        return false;
    if (insight == INSIGHT_DSO) {
        a = tally_best_dso(is);
        b = tally_best_dso(was);
        value_row(s, t, "best_possible_dso", "Best possible DSO", insight, &a, &b);
    } else if (insight == INSIGHT_AGEING) {
        a = tally_delinquent(is);
        b = tally_delinquent(was);
        value_row(s, t, "average_days_delinquent", "Average days delinquent", INSIGHT_DSO, &a,
                  &b);
    } else if (insight == INSIGHT_PROMISES) {
        a = tally_promises(is, 1, true);
        b = tally_promises(was, 1, true);
        value_row(s, t, "promises_by_count", "Promises kept, by count", INSIGHT_RIGHT_PERSON,
                  &a, &b);
        a = tally_promises(is, 2, false);
        b = tally_promises(was, 2, false);
        value_row(s, t, "promises_in_part", "Promises kept in part, by value", insight, &a, &b);
    } else if (insight == INSIGHT_TIME_TO_ANSWER) {
        a = b = (struct measured){ .unit = UNIT_HOURS, .denominator = 10 };
        a.known = histogram_percentile(&is->answer_tenths, 90, &value);
        a.numerator = a.known ? value : 0;
        a.out_of = is->answer_tenths.things;
        b.known = histogram_percentile(&was->answer_tenths, 90, &value);
        b.numerator = b.known ? value : 0;
        value_row(s, t, "time_to_answer_p90", "Time to answer, 90 of 100", INSIGHT_DSO, &a, &b);
    } else if (insight == INSIGHT_HARDSHIP) {
        a = (struct measured){ UNIT_PERCENT, is->hardship_days.things > 0,
                               histogram_up_to(&is->hardship_days, HARDSHIP_DAYS),
                               is->hardship_days.things, is->hardship_days.things };
        b = (struct measured){ UNIT_PERCENT, was->hardship_days.things > 0,
                               histogram_up_to(&was->hardship_days, HARDSHIP_DAYS),
                               was->hardship_days.things, was->hardship_days.things };
        value_row(s, t, "hardship_in_time", "Decided in 2 business days", INSIGHT_RIGHT_PERSON,
                  &a, &b);
        a = (struct measured){ UNIT_COUNT, true, is->hardship_waiting, 0, 0 };
        b = (struct measured){ UNIT_COUNT, true, was->hardship_waiting, 0, 0 };
        value_row(s, t, "hardship_waiting", "Waiting for a decision", insight, &a, &b);
    }
    return true;
}

static bool put_value(struct sheeting *s, enum insight insight)
{
    struct insight_part now = insight_part(s->f), before = insight_part_before(s->f);
    struct measured is, was;

    if (!insight_value(s->f, &now, insight, &is, s->why))
        return false;
    if (is.unit == UNIT_NONE)
        return true;
    if (!insight_value(s->f, &before, insight, &was, s->why))
        return false;
    struct table *t = sheet_table(s->sheet, "values", "", COUNT(value_columns), value_columns);
    value_row(s, t, insight_name(insight), s->words->of[insight].title, insight, &is, &was);
    return second_value(s, t, insight);
}

/* ---- The trend
 * ------------------------------------------------------------------------------- */

static const struct table_column trend_columns[] = {
    { "from", "FROM", CELL_TEXT },           { "to", "TO", CELL_TEXT },
    { "value", "VALUE", CELL_DECIMAL },      { "out_of", "OUT OF", CELL_COUNT },
    { "best_possible", NULL, CELL_DECIMAL },
};
static const struct table_column money_trend_columns[] = {
    { "from", "FROM", CELL_TEXT },
    { "to", "TO", CELL_TEXT },
    { "value", "AMOUNT", CELL_MONEY },
};

static bool put_trend(struct sheeting *s, enum insight insight)
{
    struct insight_trend *trend = arena_make(s->f->arena, struct insight_trend);

    if (!insight_trend(s->f, insight, POINTS, trend, s->why))
        return false;
    bool money = trend->points[0].value.unit == UNIT_MONEY;
    struct table *t =
        money ? sheet_table(s->sheet, "trend", "", COUNT(money_trend_columns),
                            money_trend_columns)
              : sheet_table(s->sheet, "trend", "", COUNT(trend_columns), trend_columns);
    for (size_t i = 0; i < trend->count; i++) {
        const struct insight_point *p = &trend->points[i];
        cell_day(t, p->from);
        cell_day(t, p->to);
        cell_any(t, s->f, &p->value);
        if (money)
            continue;
        table_count(t, p->value.out_of);
        if (insight == INSIGHT_DSO)
            cell_value(t, &p->best);
        else
            table_none(t);
    }
    return true;
}

/* ---- By what
 * --------------------------------------------------------------------------------- */

static const struct table_column by_columns[] = {
    { "name", "NAME", CELL_TEXT },
    { "value", "NOW", CELL_DECIMAL },
    { "before", "BEFORE", CELL_DECIMAL },
    { "out_of", "OUT OF", CELL_COUNT },
    { "share_of_change", "OF THE CHANGE %", CELL_DECIMAL },
};
static const struct table_column money_by_columns[] = {
    { "name", "NAME", CELL_TEXT },
    { "value", "NOW", CELL_MONEY },
    { "before", "BEFORE", CELL_MONEY },
    { "out_of", NULL, CELL_COUNT },
    { "share_of_change", "OF THE CHANGE %", CELL_DECIMAL },
};

static void put_breakdown(struct sheeting *s, const struct insight_breakdown *b)
{
    bool money = b->count > 0 && b->rows[0].now.unit == UNIT_MONEY;
    const char *name = arena_print(s->f->arena, "by_%s", b->dimension);
    struct table *t = sheet_table(s->sheet, arena_copy(&s->sheet->arena, name), "",
                                  COUNT(by_columns), money ? money_by_columns : by_columns);

    for (size_t i = 0; i < b->count; i++) {
        const struct insight_row *row = &b->rows[i];
        char text[RATIO_TEXT];
        table_text(t, text_equal(b->dimension, "reason")
                          ? insight_reason(s->f->arena, row->title)
                          : row->title);
        cell_any(t, s->f, &row->now);
        cell_any(t, s->f, &row->before);
        table_count(t, row->now.out_of);
        table_text(t, row->shared ? ratio_print(row->share_tenths, 10, 1, text) : NULL);
    }
}

static bool put_breakdowns(struct sheeting *s, enum insight insight, const char *by)
{
    struct insight_breakdown *all;
    const struct insight_breakdown *last = NULL;
    size_t count;

    if (!insight_breakdowns(s->f, insight, &all, &count, s->why))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (by != NULL && text_equal(by, all[i].dimension))
            last = &all[i];
        else if (by == NULL)
            put_breakdown(s, &all[i]);
    }
    if (last != NULL)
        put_breakdown(s, last);
    if (by == NULL || last != NULL)
        return true;
    fail(s->why, BAD_VALUE, "\"%s\" cannot be shown by %s here.", insight_name(insight), by);
    return fault_hint(
        s->why,
        "client, segment, strategy, agent, channel, hours, reason, kind, language or state, "
        "where there are two or more");
}

/* ---- All of it
 * ------------------------------------------------------------------------------- */

static void put_fields(struct sheeting *s)
{
    const struct insight_frame *f = s->f;
    char day[DAY_TEXT], at[INSTANT_TEXT];

    sheet_field(s->sheet, "as_of", day_print(f->as_of, day));
    sheet_field(s->sheet, "from", day_print(f->from, day));
    sheet_field(s->sheet, "to", day_print(f->to, day));
    sheet_field(s->sheet, "currency", currency_code(f->currency));
    if (f->client != NULL)
        sheet_field(s->sheet, "client", f->client);
    if (f->segment != NULL)
        sheet_field(s->sheet, "segment", f->segment);
    if (f->strategy != NULL)
        sheet_field(s->sheet, "strategy", f->strategy);
    if (f->state.behind)
        sheet_field(s->sheet, "counted_at", instant_print(f->state.at, at));
}

bool insight_sheet(const struct insight_frame *f, const struct insight_book *words,
                   enum insight insight, const char *by, struct sheet *out, struct fault *why)
{
    struct sheeting s = { f, words, out, why };
    char from[DAY_TEXT], to[DAY_TEXT];
    bool picture = false;

    out->heading =
        arena_print(&out->arena, "%s, %s to %s, %s", words->of[insight].title,
                    day_print(f->from, from), day_print(f->to, to), currency_code(f->currency));
    put_fields(&s);
    if (!put_value(&s, insight))
        return false;
    if (by != NULL)
        return put_breakdowns(&s, insight, by);
    if (!put_breakdowns(&s, insight, NULL) || !sheet_picture(&s, insight, &picture))
        return false;
    return picture || put_trend(&s, insight);
}

bool insight_picture_sheet(const struct insight_frame *f, const struct insight_book *words,
                           enum insight insight, struct sheet *out, struct fault *why)
{
    struct sheeting s = { f, words, out, why };
    bool picture = false;

    return sheet_picture(&s, insight, &picture) && (picture || put_trend(&s, insight));
}

/* ---- All figures
 * ------------------------------------------------------------------------------ */

static const struct table_column summary_columns[] = {
    { "measure", NULL, CELL_TEXT },       { NULL, "FIGURE", CELL_TEXT },
    { "unit", "UNIT", CELL_TEXT },        { "value", "VALUE", CELL_DECIMAL },
    { "before", "BEFORE", CELL_DECIMAL }, { "out_of", "OUT OF", CELL_COUNT },
    { "target", "TARGET", CELL_DECIMAL }, { "limit", "LIMIT", CELL_DECIMAL },
};

static void tenths_cell(struct table *t, bool has, int64_t tenths)
{
    char text[RATIO_TEXT];

    table_text(t, has ? ratio_print(tenths, 10, 1, text) : NULL);
}

static bool summary_row(struct sheeting *s, struct table *t, enum insight insight)
{
    const struct insight_words *w = &s->words->of[insight];
    struct insight_part now = insight_part(s->f), before = insight_part_before(s->f);
    struct measured is, was;

    if (!insight_value(s->f, &now, insight, &is, s->why) ||
        !insight_value(s->f, &before, insight, &was, s->why))
        return false;
    if (is.unit == UNIT_NONE)
        return true;
    table_text(t, insight_name(insight));
    table_text(t, w->title);
    table_text(t, units[is.unit]);
    cell_any(t, s->f, &is);
    cell_any(t, s->f, &was);
    table_count(t, is.out_of);
    tenths_cell(t, w->has_target, w->target_tenths);
    tenths_cell(t, w->has_limit, w->limit_tenths);
    return true;
}

bool insight_summary_sheet(const struct insight_frame *f, const struct insight_book *words,
                           struct sheet *out, struct fault *why)
{
    struct sheeting s = { f, words, out, why };
    char from[DAY_TEXT], to[DAY_TEXT];

    out->heading = arena_print(&out->arena, "Figures, %s to %s, %s", day_print(f->from, from),
                               day_print(f->to, to), currency_code(f->currency));
    put_fields(&s);
    struct table *t = sheet_table(out, "figures", "", COUNT(summary_columns), summary_columns);
    for (int i = 0; i < INSIGHT_COUNT; i++) {
        if (!summary_row(&s, t, (enum insight)i))
            return false;
    }
    return true;
}

void insight_definition(const struct insight_words *w, const char *name, FILE *out)
{
    fprintf(out, "%s (%s)\n%s\n  %s\nBeware: %s\n", w->title, name, w->definition, w->formula,
            w->trap);
    if (w->has_target)
        fprintf(out, "Target: %lld.%lld\n", (long long)(w->target_tenths / 10),
                (long long)(w->target_tenths % 10));
    if (w->has_limit)
        fprintf(out, "Limit: %lld.%lld\n", (long long)(w->limit_tenths / 10),
                (long long)(w->limit_tenths % 10));
}

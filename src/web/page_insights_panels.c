/* Panels about money: cohorts, rolls, days of sales, ageing, vintages. */
#include "web/page_insights.h"

#include "base/text.h"

#include <string.h>

/* ---- Scales
 * ------------------------------------------------------------------------------------ */

const char *say_percent(const void *self, struct arena *a, int64_t tenths)
{
    (void)self;
    return arena_print(a, "%lld%%", (long long)(tenths / 10));
}

const char *say_number(const void *self, struct arena *a, int64_t tenths)
{
    (void)self;
    if (tenths % 10 != 0)
        return insight_tenths(a, tenths);
    return arena_print(a, "%lld", (long long)(tenths / 10));
}

const char *say_money(const void *self, struct arena *a, int64_t minor)
{
    const struct insight_page *i = self;

    return words_money_short(a, minor, i->f.currency);
}

/* ---- Liquidation
 * ------------------------------------------------------------------------------- */

enum { LINES_SHOWN = 5, PLACES = COHORT_POINTS + 1 };

/* Months after that of the newest cohort that is shown: the newest coloured, older ones grey.
 */
static const struct {
    size_t back;
    int tone;
    bool thick;
} cohorts_shown[LINES_SHOWN] = {
    { 11, 0, false }, { 8, 0, false }, { 5, 3, false }, { 2, 2, false }, { 0, 1, true }
};

static bool is_shown(const struct cohort *c)
{
    return c->points > 0 && c->placed_debts >= TOO_FEW && c->placed_minor > 0;
}

static int64_t tenths_of(int64_t part, int64_t whole)
{
    return rounded_ratio((measure_sum)part * 1000, whole);
}

static const char *age_words(struct arena *a, size_t age)
{
    return arena_print(a, "%zu mo", age);
}

static const char *cohort_link(const struct insight_page *i, enum insight insight,
                               int32_t first, int32_t last, const char *client)
{
    struct insight_cell cell = insight_cell_of(insight);

    cell.from = month_first(first);
    cell.to = month_last(last);
    return insight_rows_link(i, &cell, client);
}

static struct chart_series cohort_series(const struct insight_page *i, const struct cohort *c,
                                         int tone, bool thick)
{
    struct arena *a = i->p->arena;
    size_t count = c->points + 1;
    int64_t *values = arena_array(a, int64_t, count);
    const char **titles = arena_array(a, const char *, count);
    const char **links = arena_array(a, const char *, count);
    const char *month = insight_month(a, c->month);

    titles[0] =
        arena_print(a, "%s: %s placed", month, words_money(a, c->placed_minor, i->f.currency));
    for (size_t k = 0; k < count; k++) {
        links[k] = cohort_link(i, INSIGHT_LIQUIDATION, c->month, c->month, NULL);
        if (k == 0)
            continue;
        values[k] = tenths_of(c->recovered_minor[k - 1], c->placed_minor);
        titles[k] = arena_print(a, "%s, %s: %s%%", month, age_words(a, k - 1),
                                insight_tenths(a, values[k]));
    }
    return (struct chart_series){ .label = month,
                                  .tone = tone,
                                  .thick = thick,
                                  .count = count,
                                  .values = values,
                                  .titles = titles,
                                  .links = links };
}

static void cohort_table_put(const struct insight_page *i, json_t *panel,
                             const struct cohorts *c)
{
    struct arena *a = i->p->arena;
    json_t *ages = put_list(panel, "ages"), *rows = put_list(panel, "rows");

    for (size_t k = 0; k < COHORT_POINTS; k++)
        put(list_add(ages), "label", age_words(a, k));
    for (size_t n = c->count - COHORT_POINTS; n < c->count; n++) {
        const struct cohort *one = &c->all[n];
        if (!is_shown(one))
            continue;
        json_t *row = list_add(rows), *cells = put_list(row, "cells");
        put(row, "name", insight_month(a, one->month));
        put(row, "placed", words_money(a, one->placed_minor, i->f.currency));
        put(row, "link", cohort_link(i, INSIGHT_LIQUIDATION, one->month, one->month, NULL));
        for (size_t k = 0; k < COHORT_POINTS; k++)
            put(list_add(cells), "cell",
                k < one->points
                    ? arena_print(a, "%s%%",
                                  insight_tenths(
                                      a, tenths_of(one->recovered_minor[k], one->placed_minor)))
                    : "");
    }
}

static const char *cohort_words(struct arena *a, size_t count, const struct chart_series all[])
{
    const char *words = "Share of placed balances recovered, by months since placement.";

    for (size_t k = 0; k < count; k++)
        words = arena_print(a, "%s %s: %s percent so far.", words, all[k].label,
                            insight_tenths(a, all[k].values[all[k].count - 1]));
    return words;
}

bool panel_liquidation(const struct insight_page *i, json_t *panel, struct fault *why)
{
    const struct insight_words *w = &i->words->of[INSIGHT_LIQUIDATION];
    struct arena *a = i->p->arena;
    const char *names[PLACES] = { "Placed" };
    struct chart_series series[LINES_SHOWN];
    struct chart_lines lines = { .box = { 846, 292, 40, 764, 10, 264 },
                                 .places = PLACES,
                                 .names = names,
                                 .say = say_percent,
                                 .series = series,
                                 .mark = 7 };
    struct cohorts cohorts;

    if (!insight_cohorts(&i->f, i->f.money, &cohorts, why))
        return false;
    for (size_t k = 0; k < LINES_SHOWN; k++) {
        const struct cohort *c = &cohorts.all[cohorts.count - 1 - cohorts_shown[k].back];
        if (is_shown(c))
            series[lines.series_count++] =
                cohort_series(i, c, cohorts_shown[k].tone, cohorts_shown[k].thick);
    }
    for (size_t k = 1; k < PLACES; k++)
        names[k] = age_words(a, k - 1);
    if (w->has_target)
        lines.mark_label =
            arena_print(a, "6-month target %s%%", say_number(NULL, a, w->target_tenths));
    put_true(panel, "is_empty", lines.series_count == 0);
    chart_lines_put(i->p, panel, "c-liquidation", w->title,
                    cohort_words(a, lines.series_count, series), &lines);
    cohort_table_put(i, panel, &cohorts);
    return true;
}

/* ---- Roll rates
 * -------------------------------------------------------------------------------- */

static const char *const range_titles[] = { "Current",   "1 to 30",  "31 to 60", "61 to 90",
                                            "91 to 120", "Over 120", "Paid",     "Closed" };

static const char *roll_tone(int from, int to, int64_t tenths)
{
    static const char *const better[] = { "m-b1", "m-b2", "m-b3" };
    static const char *const worse[] = { "m-w1", "m-w2", "m-w3" };
    int depth = tenths < 100 ? 0 : tenths < 300 ? 1 : 2;

    if (to == from || to == ROLL_GONE)
        return "m-0";
    return to < from || to == ROLL_PAID ? better[depth] : worse[depth];
}

static void roll_cell(const struct insight_page *i, json_t *cells, const struct tally *t,
                      int from, int to, int64_t all, int64_t debts)
{
    struct insight_cell rows = insight_cell_of(INSIGHT_ROLL_RATES);
    struct arena *a = i->p->arena;
    json_t *cell = list_add(cells);
    int64_t minor = t->roll_minor[from][to], tenths = all > 0 ? tenths_of(minor, all) : 0;

    rows.first = from;
    rows.second = to;
    put(cell, "link", "");
    if (minor == 0) {
        put(cell, "text", "·");
        put(cell, "tone", "m-n");
        put(cell, "cell_title", "");
        return;
    }
    put(cell, "text",
        debts < TOO_FEW ? arena_print(a, "(%s)", words_count(a, t->roll_debts[from][to]))
                        : words_percent_whole(a, minor, all));
    put(cell, "tone", debts < TOO_FEW ? "m-0" : roll_tone(from, to, tenths));
    put(cell, "cell_title",
        arena_print(a, "From %s to %s: %s, %s debts", range_titles[from], range_titles[to],
                    words_money(a, minor, i->f.currency),
                    words_count(a, t->roll_debts[from][to])));
    put(cell, "link", insight_rows_link(i, &rows, NULL));
}

bool panel_rolls(const struct insight_page *i, json_t *panel, struct fault *why)
{
    struct insight_part part = insight_part(&i->f);
    struct tally *t = arena_make(i->p->arena, struct tally);
    json_t *heads = put_list(panel, "heads"), *rows = put_list(panel, "rows");
    bool any = false, few = false;

    if (!insight_tally(&i->f, &part, FIGURE_BIT(FIGURE_ROLL), t, why))
        return false;
    for (int to = 0; to <= ROLL_GONE; to++)
        put(list_add(heads), "label", range_titles[to]);
    for (int from = 0; from < AGE_RANGES; from++) {
        int64_t all = 0, debts = 0;
        json_t *row = list_add(rows);
        for (int to = 0; to <= ROLL_GONE; to++) {
            all += t->roll_minor[from][to];
            debts += t->roll_debts[from][to];
        }
        put(row, "name", range_titles[from]);
        put(row, "balance", words_money(i->p->arena, all, i->f.currency));
        json_t *cells = put_list(row, "cells");
        for (int to = 0; to <= ROLL_GONE; to++)
            roll_cell(i, cells, t, from, to, all, debts);
        any = any || all > 0;
        few = few || (debts > 0 && debts < TOO_FEW);
    }
    put(panel, "month_before", insight_month(i->p->arena, t->roll_month - 1));
    put(panel, "month", insight_month(i->p->arena, t->roll_month));
    put_true(panel, "is_empty", !any);
    put_true(panel, "has_few", few);
    return true;
}

/* ---- DSO
 * --------------------------------------------------------------------------------------- */

enum { DSO_MONTHS = 12 };

/* A scale that holds both lines, and does not begin far below them. */
static void scale_lines(struct chart_lines *c)
{
    int64_t least = INT64_MAX, most = 0;

    for (size_t s = 0; s < c->series_count; s++) {
        for (size_t k = 0; k < c->series[s].count; k++) {
            int64_t value = c->series[s].values[k];
            least = value < least ? value : least;
            most = value > most ? value : most;
        }
    }
    if (least == INT64_MAX)
        return;
    int64_t step = chart_step(most - least > 0 ? most - least : 1, 3);
    c->from = least / step * step;
    c->to = (most / step + 1) * step;
}

static const char *month_tick(const struct insight_page *i, struct day day, bool wanted)
{
    (void)i;
    return wanted ? words_month(date_of_day(day).month) : "";
}

bool panel_dso(const struct insight_page *i, json_t *panel, struct fault *why)
{
    struct arena *a = i->p->arena;
    struct insight_trend *trend = arena_make(a, struct insight_trend);
    int64_t actual[TREND_MOST], best[TREND_MOST];
    const char *names[TREND_MOST], *titles[TREND_MOST], *best_titles[TREND_MOST];
    size_t first = 0;

    if (!insight_trend(&i->f, INSIGHT_DSO, DSO_MONTHS, trend, why))
        return false;
    while (first < trend->count && !trend->points[first].value.known)
        first++;
    size_t count = trend->count - first;
    for (size_t k = 0; k < count; k++) {
        const struct insight_point *p = &trend->points[first + k];
        actual[k] = measured_tenths(&p->value);
        best[k] = measured_tenths(&p->best);
        names[k] = month_tick(i, p->to, (count - 1 - k) % 2 == 0);
        titles[k] =
            arena_print(a, "%s: %s days", words_day(a, p->to), insight_tenths(a, actual[k]));
        best_titles[k] = arena_print(a, "%s: best possible %s days", words_day(a, p->to),
                                     insight_tenths(a, best[k]));
    }
    put_true(panel, "is_empty", count == 0);
    if (count == 0)
        return true;
    const char *gap = insight_tenths(a, actual[count - 1] - best[count - 1]);
    struct chart_series series[] = {
        { .label = arena_print(a, "%s actual", insight_tenths(a, actual[count - 1])),
          .tone = 1,
          .thick = true,
          .count = count,
          .values = actual,
          .titles = titles },
        { .label = arena_print(a, "%s best", insight_tenths(a, best[count - 1])),
          .tone = 0,
          .dashed = true,
          .count = count,
          .values = best,
          .titles = best_titles },
    };
    struct chart_lines lines = { .box = { 440, 236, 30, 344, 10, 210 },
                                 .places = count,
                                 .names = names,
                                 .say = say_number,
                                 .series_count = 2,
                                 .series = series,
                                 .fill_between = true,
                                 .between = arena_print(a, "%s days of late payment", gap),
                                 .mark = -1 };
    scale_lines(&lines);
    chart_lines_put(i->p, panel, "c-dso", "Days sales outstanding",
                    arena_print(a,
                                "DSO is %s days; best possible is %s. It was %s at the "
                                "beginning of the picture.",
                                insight_tenths(a, actual[count - 1]),
                                insight_tenths(a, best[count - 1]),
                                insight_tenths(a, actual[0])),
                    &lines);
    return insight_table_put(i, panel, INSIGHT_DSO, why);
}

/* ---- Ageing
 * ------------------------------------------------------------------------------------ */

bool panel_ageing(const struct insight_page *i, json_t *panel, struct fault *why)
{
    static const char *const tones[] = { "a0", "a1", "a2", "a3", "a4", "a5" };
    struct insight_part part = insight_part(&i->f);
    struct arena *a = i->p->arena;
    struct tally *t = arena_make(a, struct tally);
    struct chart_column columns[AGE_RANGES];
    const char *words = "Open amount by days past due.";

    if (!insight_tally(&i->f, &part, FIGURE_BIT(FIGURE_OPEN) | FIGURE_BIT(FIGURE_LATE), t, why))
        return false;
    for (int range = 0; range < AGE_RANGES; range++) {
        struct insight_cell cell = insight_cell_of(INSIGHT_AGEING);
        const char *amount = words_money(a, t->range_minor[range], i->f.currency);
        const char *share = words_percent(a, t->range_minor[range], t->open_minor);
        cell.first = range;
        words = arena_print(a, "%s %s: %s.", words, age_ranges[range].title, amount);
        columns[range] = (struct chart_column){
            .name = age_ranges[range].title,
            .above = words_money_short(a, t->range_minor[range], i->f.currency),
            .below_above =
                t->open_debts < TOO_FEW || share == NULL ? "" : arena_print(a, "%s%%", share),
            .title = arena_print(a, "%s: %s on %s debts", age_ranges[range].title, amount,
                                 words_count(a, t->range_debts[range])),
            .link = insight_rows_link(i, &cell, NULL),
            .value = t->range_minor[range],
            .tone = tones[range]
        };
    }
    struct measured late = tally_delinquent(t);
    put(panel, "open", words_money(a, t->open_minor, i->f.currency));
    put(panel, "late", words_money(a, t->late_minor, i->f.currency));
    put(panel, "delinquent", late.known ? insight_tenths(a, measured_tenths(&late)) : "");
    put_true(panel, "is_empty", t->open_debts == 0);
    chart_columns_put(panel, "c-ageing", "Open amount by days past due", words,
                      (struct chart_box){ 600, 262, 0, 600, 46, 232 }, AGE_RANGES, columns);
    return insight_table_put(i, panel, INSIGHT_AGEING, why);
}

/* ---- Vintages
 * ---------------------------------------------------------------------------------- */

enum { CLIENTS_SHOWN = 4, QUARTERS_SHOWN = 5, VINTAGE_POINTS = 10 };

struct vintage_client {
    const char *name;
    struct cohorts cohorts;
    int64_t placed, debts;
    size_t lines;
    struct chart_series series[QUARTERS_SHOWN];
};

static struct chart_series vintage_series(const struct insight_page *i, const char *client,
                                          int32_t quarter, const struct cohort *c, bool newest)
{
    struct arena *a = i->p->arena;
    size_t count = c->points < VINTAGE_POINTS - 1 ? c->points : VINTAGE_POINTS - 1;
    int64_t *values = arena_array(a, int64_t, count + 1);
    const char **titles = arena_array(a, const char *, count + 1);
    const char **links = arena_array(a, const char *, count + 1);
    const char *months = insight_months(a, quarter * 3, quarter * 3 + 2);

    values[0] = 1000;
    titles[0] =
        arena_print(a, "%s: %s placed", months, words_money(a, c->placed_minor, i->f.currency));
    for (size_t k = 0; k <= count; k++) {
        links[k] = cohort_link(i, INSIGHT_VINTAGES, quarter * 3, quarter * 3 + 2, client);
        if (k == 0)
            continue;
        values[k] = tenths_of(c->unpaid_minor[k - 1], c->placed_minor);
        titles[k] = arena_print(a, "%s, %s: %s%% unpaid", months, age_words(a, k - 1),
                                insight_tenths(a, values[k]));
    }
    return (struct chart_series){ .tone = newest ? 1 : 0,
                                  .thick = newest,
                                  .count = count + 1,
                                  .values = values,
                                  .titles = titles,
                                  .links = links };
}

static void vintage_lines(const struct insight_page *i, struct vintage_client *v, int32_t last)
{
    bool newest = true;

    for (int32_t quarter = last; quarter > last - 8 && v->lines < QUARTERS_SHOWN; quarter--) {
        struct cohort c = cohort_of_quarter(&v->cohorts, quarter);
        if (!is_shown(&c))
            continue;
        v->series[v->lines++] = vintage_series(i, v->name, quarter, &c, newest);
        newest = false;
    }
    /* the newest on top */
    for (size_t k = 0; k < v->lines / 2; k++) {
        struct chart_series other = v->series[k];
        v->series[k] = v->series[v->lines - 1 - k];
        v->series[v->lines - 1 - k] = other;
    }
}

/* Those who placed most in the picture, at most four. */
static bool vintage_clients(const struct insight_page *i,
                            struct vintage_client shown[CLIENTS_SHOWN], size_t *count,
                            struct fault *why)
{
    *count = 0;
    for (size_t k = 0; k < i->f.client_count; k++) {
        struct vintage_client v = { .name = i->f.client_names[k] };
        size_t at = *count;
        if (i->f.client != NULL && !text_equal(i->f.client, v.name))
            continue;
        if (!insight_cohorts(
                &i->f,
                insight_set(&i->f, (struct insight_where){ .client = v.name }, i->f.currency),
                &v.cohorts, why))
            return false;
        for (size_t n = 0; n < v.cohorts.count; n++) {
            v.placed += v.cohorts.all[n].placed_minor;
            v.debts += v.cohorts.all[n].placed_debts;
        }
        while (at > 0 && shown[at - 1].placed < v.placed)
            at--;
        if (at == CLIENTS_SHOWN)
            continue;
        if (*count < CLIENTS_SHOWN)
            (*count)++;
        memmove(&shown[at + 1], &shown[at], (*count - 1 - at) * sizeof *shown);
        shown[at] = v;
    }
    return true;
}

static int64_t least_of(const struct vintage_client shown[], size_t count)
{
    int64_t least = 1000;

    for (size_t n = 0; n < count; n++) {
        for (size_t s = 0; s < shown[n].lines; s++) {
            for (size_t k = 0; k < shown[n].series[s].count; k++)
                least =
                    shown[n].series[s].values[k] < least ? shown[n].series[s].values[k] : least;
        }
    }
    return least;
}

static void vintage_put(const struct insight_page *i, json_t *list, struct vintage_client *v,
                        size_t place, int64_t from)
{
    static const char *const names[VINTAGE_POINTS] = { "0",  NULL, NULL, "3",  NULL,
                                                       NULL, "6",  NULL, NULL, "9 mo" };
    struct arena *a = i->p->arena;
    json_t *one = list_add(list);
    struct chart_lines lines = { .box = { 300, 112, 26, 290, 8, 92 },
                                 .places = VINTAGE_POINTS,
                                 .names = names,
                                 .from = from,
                                 .to = 1000,
                                 .say = say_number,
                                 .series_count = v->lines,
                                 .series = v->series,
                                 .mark = -1 };

    put(one, "client", v->name);
    put(one, "debts", words_count(a, v->debts));
    put(one, "client_link", arena_print(a, "/clients/%s", url_encode(a, v->name)));
    put_true(one, "has_lines", v->lines > 0);
    if (v->lines > 0)
        chart_lines_put(i->p, one, arena_print(a, "c-vintage-%zu", place),
                        arena_print(a, "%s vintages", v->name),
                        "Share of each quarter's placements still unpaid after each month; the "
                        "newest quarter is coloured.",
                        &lines);
}

bool panel_vintages(const struct insight_page *i, json_t *panel, struct fault *why)
{
    struct vintage_client shown[CLIENTS_SHOWN + 1];
    int32_t last = (insight_last_month(&i->f) + 1) / 3 - 1; /* the last whole quarter */
    size_t count, lines = 0;

    if (!vintage_clients(i, shown, &count, why))
        return false;
    for (size_t k = 0; k < count; k++) {
        vintage_lines(i, &shown[k], last);
        lines += shown[k].lines;
    }
    int64_t from = least_of(shown, count) / 250 * 250;
    json_t *list = put_list(panel, "multiples");
    for (size_t k = 0; k < count; k++)
        vintage_put(i, list, &shown[k], k, from < 1000 ? from : 750);
    put(panel, "newest", insight_months(i->p->arena, last * 3, last * 3 + 2));
    put_true(panel, "is_empty", lines == 0);
    return insight_table_put(i, panel, INSIGHT_VINTAGES, why);
}

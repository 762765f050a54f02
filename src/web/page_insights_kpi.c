/* One insight by itself: what it is, how it moved, by what, and the accounts behind it. */
#include "web/page_audit.h"
#include "web/page_insights.h"

#include "base/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { TREND_POINTS = 13, ACCOUNTS_FIRST = 10, ACCOUNTS_SHOWN = 50 };

/* ---- Tables under pictures
 * --------------------------------------------------------------------- */

/* Files say days as "2026-11-20", and standings and rules by their names; pages do not. */
static const char *text_for_page(const struct insight_page *i, const char *column,
                                 const char *text)
{
    struct arena *a = i->p->arena;
    struct day day;

    if (text_is_empty(text))
        return text;
    if (text_equal(column, "standing"))
        return words_standing(a, text).title;
    const struct rule *rule = text_equal(column, "rule") ? view_rule(i->p->view, text) : NULL;
    if (rule != NULL)
        return rule_title(rule);
    return strlen(text) == strlen("2026-11-20") && day_parse(text, &day) ? words_day(a, day)
                                                                         : text;
}

/* "DAYS LATE" of a terminal is "Days late" of a page. */
static const char *head_words(struct arena *a, const char *title)
{
    char *words = arena_copy(a, title);

    for (char *at = words; *at != '\0'; at++)
        *at = at == words ? (char)toupper((unsigned char)*at) : (char)tolower((unsigned char)*at);
    return words;
}

static void cell_put(const struct insight_page *i, json_t *cells,
                     const struct table_column *column, const struct table_cell *cell)
{
    struct arena *a = i->p->arena;
    json_t *out = list_add(cells);

    put_true(out, "is_number", column->kind != CELL_TEXT);
    switch (cell->holds) {
    case CELL_IS_NONE:
        put(out, "text", column->kind == CELL_TEXT ? "" : "–");
        return;
    case CELL_IS_TEXT:
        put(out, "text", text_for_page(i, column->key, cell->text));
        return;
    case CELL_IS_COUNT:
        put(out, "text", words_count(a, cell->count));
        return;
    case CELL_IS_MONEY:
        put(out, "text", words_money(a, cell->money.minor, cell->money.currency));
        return;
    }
}

void insight_sheet_put(const struct insight_page *i, json_t *object, const struct table *t)
{
    json_t *heads = put_list(object, "table_heads"), *rows = put_list(object, "table_rows");

    for (size_t k = 0; k < t->column_count; k++) {
        if (t->columns[k].title == NULL)
            continue;
        json_t *head = list_add(heads);
        put(head, "label", head_words(i->p->arena, t->columns[k].title));
        put_true(head, "is_number", t->columns[k].kind != CELL_TEXT);
    }
    for (size_t at = 0; at + t->column_count <= t->cell_count; at += t->column_count) {
        json_t *cells = put_list(list_add(rows), "cells");
        for (size_t k = 0; k < t->column_count; k++) {
            if (t->columns[k].title != NULL)
                cell_put(i, cells, &t->columns[k], &t->cells[at + k]);
        }
    }
}

/* The sheet is made whole, and its last table shown: what a file of it would hold. */
bool insight_table_put(const struct insight_page *i, json_t *object, enum insight insight,
                       struct fault *why)
{
    struct sheet sheet = { 0 };
    bool made = insight_picture_sheet(&i->f, i->words, insight, &sheet, why);

    if (made && sheet.table_count > 0)
        insight_sheet_put(i, object, &sheet.tables[sheet.table_count - 1]);
    sheet_free(&sheet);
    return made;
}

/* ---- Files
 * ------------------------------------------------------------------------------------- */

static bool insight_asked(const struct page *p, enum insight *out, struct fault *why)
{
    return insight_parse(p->hole, out) ||
           fail(why, NOT_FOUND, "There is no figure \"%s\".", p->hole);
}

bool page_insight_csv(struct page *p, struct fault *why)
{
    bool all = strcmp(p->route->path, "/insights/csv") == 0;
    struct insight_page i;
    enum insight insight = INSIGHT_COLLECTED;
    struct sheet sheet = { 0 };
    char day[DAY_TEXT];

    if ((!all && !insight_asked(p, &insight, why)) || !insight_page_begin(&i, p, why))
        return false;
    bool made = all ? insight_summary_sheet(&i.f, i.words, &sheet, why)
                    : insight_sheet(&i.f, i.words, insight, page_field(p, "by"), &sheet, why);
    if (made)
        page_sheet(p, &sheet,
                      arena_print(p->arena, "%s-%s.csv",
                                  all ? "insights" : insight_name(insight),
                                  day_print(i.f.as_of, day)));
    sheet_free(&sheet);
    return made;
}

/* ---- The trend
 * --------------------------------------------------------------------------------- */

static const char *say_value(const void *self, struct arena *a, int64_t tenths)
{
    const enum measure_unit *unit = self;

    if (*unit == UNIT_COUNT)
        return words_count(a, tenths);
    return arena_print(a, "%s%s", say_number(NULL, a, tenths),
                       *unit == UNIT_PERCENT ? "%" : "");
}

static const char *point_tick(const struct insight_page *i, const struct insight_trend *t,
                              size_t k)
{
    struct date date = date_of_day(t->points[k].to);

    if ((t->count - 1 - k) % 2 != 0)
        return "";
    return t->by_month ? words_month(date.month)
                       : arena_print(i->p->arena, "%s %d", words_month(date.month), date.day);
}

static const char *point_title(const struct insight_page *i, const struct insight_point *p)
{
    return arena_print(i->p->arena, "%s to %s: %s", words_day(i->p->arena, p->from),
                       words_day(i->p->arena, p->to), insight_said(&i->f, &p->value));
}

static void trend_chart(const struct insight_page *i, json_t *panel, enum insight insight,
                        const struct insight_trend *t, size_t first)
{
    const struct insight_words *w = &i->words->of[insight];
    struct arena *a = i->p->arena;
    size_t count = t->count - first;
    int64_t *values = arena_array(a, int64_t, count);
    const char **names = arena_array(a, const char *, count);
    const char **titles = arena_array(a, const char *, count);
    enum measure_unit unit = t->points[first].value.unit;
    const struct insight_point *last = &t->points[t->count - 1];

    for (size_t k = 0; k < count; k++) {
        values[k] = measured_tenths(&t->points[first + k].value);
        names[k] = point_tick(i, t, first + k);
        titles[k] = point_title(i, &t->points[first + k]);
    }
    bool few = last->value.known && measured_is_thin(&last->value);
    struct chart_series series = { .label = few ? "too few" : insight_said(&i->f, &last->value),
                                   .tone = 1,
                                   .thick = true,
                                   .count = count,
                                   .values = values,
                                   .titles = titles };
    struct chart_lines lines = { .box = { 846, 236, 56, 740, 14, 206 },
                                 .places = count,
                                 .names = names,
                                 .say = unit == UNIT_MONEY ? say_money : say_value,
                                 .self = unit == UNIT_MONEY ? (const void *)i : &unit,
                                 .series_count = 1,
                                 .series = &series,
                                 .mark = -1 };
    if (w->has_target || w->has_limit) {
        lines.target = w->has_target ? w->target_tenths : w->limit_tenths;
        lines.target_label =
            arena_print(a, "%s %s%s", w->has_target ? "target" : "limit",
                        insight_tenths(a, lines.target), unit == UNIT_PERCENT ? "%" : "");
    }
    chart_lines_put(i->p, panel, "c-trend", w->title,
                    arena_print(a, "%s; %s at the end, %s at the beginning.", w->definition,
                                insight_said(&i->f, &last->value),
                                insight_said(&i->f, &t->points[first].value)),
                    &lines);
}

/* Points of too few things are left out at the beginning, and shown as they are after that. */
static bool trend_put(const struct insight_page *i, enum insight insight, struct fault *why)
{
    struct insight_trend *t = arena_make(i->p->arena, struct insight_trend);
    json_t *panel = insight_panel(i, "trend", insight);
    json_t *rows = put_list(panel, "points");
    size_t first = 0;

    if (!insight_trend(&i->f, insight, TREND_POINTS, t, why))
        return false;
    while (first < t->count &&
           !(t->points[first].value.known || t->points[first].value.unit == UNIT_MONEY ||
             t->points[first].value.unit == UNIT_COUNT))
        first++;
    put_true(panel, "is_empty", t->count - first < 2);
    put_true(panel, "by_month", t->by_month);
    for (size_t k = first; k < t->count; k++) {
        json_t *row = list_add(rows);
        put(row, "from", words_day(i->p->arena, t->points[k].from));
        put(row, "to", words_day(i->p->arena, t->points[k].to));
        put(row, "value", insight_said(&i->f, &t->points[k].value));
    }
    if (t->count - first >= 2)
        trend_chart(i, panel, insight, t, first);
    return true;
}

/* ---- By what
 * ------------------------------------------------------------------------------------ */

static const char *change_words(const struct insight_page *i, const struct insight_row *row,
                                enum measure_unit unit)
{
    struct arena *a = i->p->arena;
    const char *sign = row->change_tenths > 0 ? "+" : "";

    if (!row->shared)
        return "";
    if (unit == UNIT_MONEY)
        return arena_print(a, "%s%s", sign, words_money(a, row->change_tenths, i->f.currency));
    if (unit == UNIT_COUNT)
        return arena_print(a, "%s%s", sign, insight_count(a, row->change_tenths));
    return arena_print(a, "%s%s%s", sign, insight_tenths(a, row->change_tenths),
                       unit == UNIT_PERCENT ? " pts" : "");
}

static const char *part_link(const struct insight_page *i, enum insight insight,
                             const char *dimension, const char *key)
{
    struct arena *a = i->p->arena;
    const char *path = arena_print(a, "/insights/%s", insight_name(insight));
    struct insight_cell cell = insight_cell_of(insight);
    int64_t number;

    if (text_equal(dimension, "client") || text_equal(dimension, "segment") ||
        text_equal(dimension, "strategy"))
        return insight_link(i, path, arena_print(a, "%s=%s", dimension, url_encode(a, key)));
    if (text_equal(dimension, "agent")) {
        cell.agent = key;
        return insight_rows_link(i, &cell, NULL);
    }
    if (text_equal(dimension, "kind") && insight == INSIGHT_PROMISES_TAKEN) {
        cell.second = text_equal(key, "plan");
        return insight_rows_link(i, &cell, NULL);
    }
    bool states = text_equal(dimension, "state");
    bool words = states || text_equal(dimension, "reason") || text_equal(dimension, "language");
    if (!words || !text_to_int(key, &number))
        return "";
    cell.first = (int32_t)number;
    if (insight == INSIGHT_APPROVAL_GAP)
        cell.second = states ? PLAN_BY_PLACE : PLAN_BY_LANGUAGE;
    return insight_rows_link(i, &cell, NULL);
}

/* What a part of a figure is called: a place, a language and a person by name. */
static const char *part_words(const struct insight_page *i, const char *dimension,
                              const char *title)
{
    struct arena *a = i->p->arena;

    if (text_equal(dimension, "reason"))
        return insight_reason(a, title);
    if (text_equal(dimension, "channel"))
        return words_channel(title);
    if (text_equal(dimension, "language"))
        return words_language(title);
    if (text_equal(dimension, "segment"))
        return words_plain(a, title);
    if (text_equal(dimension, "state"))
        return words_place(a, title);
    return text_equal(dimension, "agent") ? audit_person(i->p, title) : title;
}

static void breakdown_put(const struct insight_page *i, json_t *list, enum insight insight,
                          const struct insight_breakdown *b)
{
    json_t *one = list_add(list), *rows = put_list(one, "rows");
    struct arena *a = i->p->arena;
    bool shared = false;

    for (size_t k = 0; k < b->count; k++) {
        const struct insight_row *row = &b->rows[k];
        json_t *out = list_add(rows);
        put(out, "name", part_words(i, b->dimension, row->title));
        put(out, "now", insight_said(&i->f, &row->now));
        put(out, "before", insight_said(&i->f, &row->before));
        put(out, "change", change_words(i, row, row->now.unit));
        put(out, "share",
            row->shared ? arena_print(a, "%s%%", insight_tenths(a, row->share_tenths)) : "");
        put(out, "link", part_link(i, insight, b->dimension, row->key));
        shared = shared || row->shared;
    }
    put(one, "dimension", b->dimension);
    put_true(one, "has_shares", shared);
    put(one, "csv",
        insight_link(i, arena_print(a, "/insights/%s/csv", insight_name(insight)),
                     arena_print(a, "by=%s", b->dimension)));
}

/* "62.0% of the change is Friday afternoons." */
static const char *most_words(const struct insight_page *i, const struct insight_breakdown *all,
                              size_t count)
{
    const struct insight_row *best = NULL;
    const char *dimension = NULL;
    struct arena *a = i->p->arena;

    for (size_t k = 0; k < count; k++) {
        const struct insight_row *row = &all[k].rows[0];
        bool says = row->shared && row->share_tenths >= 250 && row->share_tenths <= 1500;
        if (says && (best == NULL || row->share_tenths > best->share_tenths)) {
            best = row;
            dimension = all[k].dimension;
        }
    }
    if (best == NULL)
        return "";
    return arena_print(a, "%s%% of the change is %s.", insight_tenths(a, best->share_tenths),
                       part_words(i, dimension, best->title));
}

static bool breakdowns_put(const struct insight_page *i, enum insight insight,
                           struct fault *why)
{
    json_t *list = put_list(i->p->context, "breakdowns");
    struct insight_breakdown *all;
    size_t count;

    if (!insight_breakdowns(&i->f, insight, &all, &count, why))
        return false;
    for (size_t k = 0; k < count; k++)
        breakdown_put(i, list, insight, &all[k]);
    put(i->p->context, "most", most_words(i, all, count));
    return true;
}

/* ---- The accounts behind it
 * ---------------------------------------------------------------------- */

static void account_put(const struct insight_page *i, json_t *rows,
                        const struct insight_account *account)
{
    struct arena *a = i->p->arena;
    json_t *row = list_add(rows);

    put(row, "reference", account->reference);
    put(row, "name", account->name);
    put(row, "client", account->client);
    put(row, "link", arena_print(a, "/accounts/%s", url_encode(a, account->reference)));
    put(row, "counted", account->counted != 0 ? words_count(a, account->counted) : "");
    put(row, "amount",
        account->minor != 0 ? words_money(a, account->minor, i->f.currency) : "");
}

static bool accounts_put(const struct insight_page *i, const struct insight_cell *cell,
                         struct casefile_key after, size_t most, struct fault *why)
{
    json_t *rows = put_list(i->p->context, "accounts");
    struct insight_accounts found;
    bool amounts = false, counts = false;

    if (!insight_accounts(&i->f, cell, after, most, &found, why))
        return false;
    for (size_t k = 0; k < found.count; k++) {
        account_put(i, rows, &found.rows[k]);
        amounts = amounts || found.rows[k].minor != 0;
        counts = counts || found.rows[k].counted > 1 || found.rows[k].counted < 0;
    }
    put_true(i->p->context, "has_amounts", amounts);
    put_true(i->p->context, "has_counts", counts);
    put_true(i->p->context, "has_accounts", found.count > 0);
    put_true(i->p->context, "has_more", found.more);
    if (found.more)
        put(i->p->context, "after",
            arena_print(i->p->arena, "%lld.%lld", (long long)found.next.bucket,
                        (long long)found.next.id));
    return true;
}

/* ---- The pages
 * ------------------------------------------------------------------------------------ */

static void words_put(const struct insight_page *i, enum insight insight)
{
    const struct insight_words *w = &i->words->of[insight];
    json_t *c = i->p->context;
    const char *path = arena_print(i->p->arena, "/insights/%s", insight_name(insight));
    struct insight_cell cell = insight_cell_of(insight);

    put(c, "title", w->title);
    put(c, "question", w->question);
    put(c, "definition", w->definition);
    put(c, "formula", w->formula);
    put(c, "trap", w->trap);
    put(c, "target", w->has_target ? insight_tenths(i->p->arena, w->target_tenths) : "");
    put(c, "limit", w->has_limit ? insight_tenths(i->p->arena, w->limit_tenths) : "");
    put(c, "csv", insight_link(i, arena_print(i->p->arena, "%s/csv", path), NULL));
    put(c, "rows_link", insight_rows_link(i, &cell, NULL));
    put(c, "home", insight_link(i, "/insights", NULL));
    put(c, "kpi", insight_name(insight));
}

static bool value_put(const struct insight_page *i, enum insight insight,
                      enum measure_unit *unit, struct fault *why)
{
    struct insight_part now = insight_part(&i->f), earlier = insight_part_before(&i->f);
    struct measured is, was;

    if (!insight_value(&i->f, &now, insight, &is, why) ||
        !insight_value(&i->f, &earlier, insight, &was, why))
        return false;
    *unit = is.unit;
    if (is.unit == UNIT_NONE)
        return true;
    json_t *value = put_object(i->p->context, "figure");
    insight_figure_put(i, value, insight, &is, &was);
    put(value, "before", insight_said(&i->f, &was));
    put(value, "said", insight_said(&i->f, &is));
    put(value, "out_of", is.out_of > 0 ? words_count(i->p->arena, is.out_of) : "");
    put_true(value, "too_few", insight == INSIGHT_APPROVAL_GAP && !is.known);
    put_int(value, "enough", TOO_FEW);
    return true;
}

/* The picture of it, where it is more than a line. */
static bool picture_put(const struct insight_page *i, enum insight insight, struct fault *why)
{
    static const struct {
        enum insight insight;
        const char *key;
        insight_panel_fill *fill;
    } pictures[] = {
        { INSIGHT_LIQUIDATION, "liquidation", panel_liquidation },
        { INSIGHT_ROLL_RATES, "rolls", panel_rolls },
        { INSIGHT_CURE_RATE, "rolls", panel_rolls },
        { INSIGHT_FUNNEL, "funnel", panel_funnel },
        { INSIGHT_PROMISES, "promises", panel_promises },
        { INSIGHT_CONTACT_HOURS, "hours", panel_hours },
        { INSIGHT_RIGHT_PERSON, "hours", panel_hours },
        { INSIGHT_DSO, "dso", panel_dso },
        { INSIGHT_DISPUTES, "disputes", panel_disputes },
        { INSIGHT_AGEING, "ageing", panel_ageing },
        { INSIGHT_CASH_FORECAST, "forecast", panel_forecast },
        { INSIGHT_STEPS, "steps", panel_steps },
        { INSIGHT_VINTAGES, "vintages", panel_vintages },
    };

    for (size_t k = 0; k < COUNT(pictures); k++) {
        if (pictures[k].insight == insight)
            return pictures[k].fill(i, insight_panel(i, pictures[k].key, insight), why);
    }
    json_t *table = insight_panel(i, "as_table", insight);
    return insight_table_put(i, table, insight, why);
}

bool page_insight(struct page *p, struct fault *why)
{
    struct insight_page i;
    enum insight insight;
    enum measure_unit unit;

    if (!insight_asked(p, &insight, why) || !insight_page_begin(&i, p, why))
        return false;
    words_put(&i, insight);
    if (!i.f.state.kept)
        return true;
    struct insight_cell cell = insight_cell_of(insight);
    put_true(p->context, "shows_accounts", page_may(p, MAY_SEE));
    return value_put(&i, insight, &unit, why) && picture_put(&i, insight, why) &&
           (unit == UNIT_NONE || insight == INSIGHT_STOPPED || insight == INSIGHT_DSO ||
            trend_put(&i, insight, why)) &&
           breakdowns_put(&i, insight, why) &&
           (!page_may(p, MAY_SEE) ||
            accounts_put(&i, &cell, (struct casefile_key){ 0, 0 }, ACCOUNTS_FIRST, why));
}

static bool key_asked(const struct page *p, const char *name, int32_t *out, struct fault *why)
{
    const char *text = page_field(p, name);
    int64_t number;

    *out = KEY_ANY;
    if (text == NULL)
        return true;
    if (!text_to_int(text, &number) || number < INT32_MIN || number >= INT32_MAX)
        return fail(why, BAD_VALUE, "\"%s\" is not a number.", text);
    *out = (int32_t)number;
    return true;
}

static bool cell_asked(const struct page *p, struct insight_cell *cell, struct fault *why)
{
    static const char *const names[] = { "cell_from", "cell_to" };
    struct day *days[] = { &cell->from, &cell->to };

    for (size_t k = 0; k < COUNT(names); k++) {
        const char *text = page_field(p, names[k]);
        if (text != NULL && !day_parse(text, days[k]))
            return fail(why, BAD_VALUE, "\"%s\" is no day. Write it like 2026-11-20.", text);
    }
    cell->agent = page_field(p, "agent");
    if (text_equal(cell->agent, NO_NAME))
        cell->agent = "";
    return key_asked(p, "first", &cell->first, why) &&
           key_asked(p, "second", &cell->second, why);
}

static const char *more_link(const struct insight_page *i, const struct insight_cell *cell)
{
    const char *link = insight_rows_link(i, cell, NULL);
    const char *after = json_string_value(json_object_get(i->p->context, "after"));

    if (after == NULL)
        return "";
    return arena_print(i->p->arena, "%s%cafter=%s", link, strchr(link, '?') == NULL ? '?' : '&',
                       after);
}

bool page_insight_rows(struct page *p, struct fault *why)
{
    struct insight_page i;
    enum insight insight;
    struct casefile_key after = { 0, 0 };

    if (!page_may(p, MAY_SEE))
        return fail(why, NOT_ALLOWED, "Your role does not show single accounts.");
    if (!insight_asked(p, &insight, why) || !insight_page_begin(&i, p, why))
        return false;
    struct insight_cell cell = insight_cell_of(insight);
    const char *from = page_field(p, "after");
    if (!cell_asked(p, &cell, why))
        return false;
    if (from != NULL && !page_pair(from, &after.bucket, &after.id) && !text_ends(from, ".0"))
        return fail(why, BAD_VALUE, "There is no page that begins at \"%s\".", from);
    if (from != NULL && text_ends(from, ".0"))
        after.bucket = strtoll(from, NULL, 10);
    words_put(&i, insight);
    put(p->context, "cell_words",
        cell.insight == INSIGHT_CASH_FORECAST && cell.first != KEY_ANY
            ? arena_print(p->arena, "Week of %s",
                          words_day(p->arena, (struct day){ cell.first }))
            : insight_cell_words(&i.f, &cell));
    if (!accounts_put(&i, &cell, after, ACCOUNTS_SHOWN, why))
        return false;
    put(p->context, "more_link", more_link(&i, &cell));
    put(p->context, "kpi_link",
        insight_link(&i, arena_print(p->arena, "/insights/%s", insight_name(insight)), NULL));
    put_true(p->context, "is_first", from == NULL);
    return true;
}

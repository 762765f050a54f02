/* Portfolio health: the state of the book, money and treatment together. */
#include "web/page_insights.h"

#include "base/text.h"

#include <string.h>

enum { SPARK_POINTS = 12 };

/* ---- Addresses
 * ------------------------------------------------------------------------------- */

const char *insight_link(const struct insight_page *i, const char *path, const char *more)
{
    const char *query = i->query;
    bool both = query[0] != '\0' && more != NULL;

    if (query[0] == '\0' && more == NULL)
        return arena_copy(i->p->arena, path);
    return arena_print(i->p->arena, "%s?%s%s%s", path, query, both ? "&" : "",
                       more != NULL ? more : "");
}

/* What was chosen, but for one thing. */
static const char *query_without(const struct insight_page *i, const char *left_out)
{
    static const char *const names[] = { "client",   "segment", "strategy",
                                         "currency", "days",    "as_of" };
    struct text query = { 0 };

    for (size_t k = 0; k < COUNT(names); k++) {
        const char *value = page_field(i->p, names[k]);
        if (value != NULL && !text_equal(names[k], left_out))
            text_add_print(&query, "%s%s=%s", query.length > 0 ? "&" : "", names[k],
                           url_encode(i->p->arena, value));
    }
    const char *copy = arena_copy(i->p->arena, text_of(&query));
    text_free(&query);
    return copy;
}

struct insight_cell insight_cell_of(enum insight insight)
{
    return (struct insight_cell){ insight, DAY_NONE, DAY_NONE, KEY_ANY, KEY_ANY, NULL };
}

static void key_add(struct text *query, const char *name, int32_t key)
{
    if (key != KEY_ANY)
        text_add_print(query, "%s%s=%d", query->length > 0 ? "&" : "", name, key);
}

static void day_add(struct text *query, const char *name, struct day day)
{
    char text[DAY_TEXT];

    if (day.number != DAY_NONE.number)
        text_add_print(query, "%s%s=%s", query->length > 0 ? "&" : "", name,
                       day_print(day, text));
}

const char *insight_rows_link(const struct insight_page *i, const struct insight_cell *cell,
                              const char *client)
{
    struct arena *a = i->p->arena;
    struct insight_page other = *i;
    struct text query = { 0 };

    if (client != NULL) {
        other.query = query_without(i, "client");
        text_add_print(&query, "client=%s", url_encode(a, client));
    }
    key_add(&query, "first", cell->first);
    key_add(&query, "second", cell->second);
    if (cell->agent != NULL)
        text_add_print(&query, "%sagent=%s", query.length > 0 ? "&" : "",
                       url_encode(a, cell->agent[0] != '\0' ? cell->agent : NO_NAME));
    day_add(&query, "cell_from", cell->from);
    day_add(&query, "cell_to", cell->to);
    const char *more = query.length > 0 ? arena_copy(a, text_of(&query)) : NULL;
    text_free(&query);
    return insight_link(&other,
                        arena_print(a, "/insights/%s/rows", insight_name(cell->insight)), more);
}

/* ---- What was asked for
 * ---------------------------------------------------------------------- */

static bool day_asked(const struct page *p, const char *name, struct day *out,
                      struct fault *why)
{
    const char *text = page_field(p, name);

    *out = DAY_NONE;
    return text == NULL || day_parse(text, out) ||
           fail(why, BAD_VALUE, "\"%s\" is no day. Write it like 2026-11-20.", text);
}

static bool request_read(const struct page *p, struct insight_request *r, struct fault *why)
{
    const char *days = page_field(p, "days"), *currency = page_field(p, "currency");
    int64_t number = 30;
    bool known = days == NULL;

    *r = (struct insight_request){ .client = page_field(p, "client"),
                                   .segment = page_field(p, "segment"),
                                   .strategy = page_field(p, "strategy"),
                                   .currency = currency != NULL ? currency_parse(currency)
                                                                : CURRENCY_NONE,
                                   .from = DAY_NONE };
    if (days != NULL && text_to_int(days, &number)) {
        for (int i = 0; i < WINDOWS; i++)
            known = known || window_days[i] == number;
    }
    if (!known)
        return fail(why, BAD_VALUE, "The period is 7, 30, 90 or 365 days, not \"%s\".", days);
    r->days = (int)number;
    return day_asked(p, "as_of", &r->as_of, why);
}

/* ---- About whom, and as of when
 * ---------------------------------------------------------------- */

static void choices_put(json_t *object, const char *key, size_t count,
                        const char *const names[], const char *chosen)
{
    json_t *list = put_list(object, key);

    for (size_t i = 0; i < count; i++) {
        json_t *row = list_add(list);
        put(row, "name", names[i]);
        put_true(row, "is_chosen", text_equal(names[i], chosen));
    }
}

static void periods_put(const struct insight_page *i)
{
    static const char *const titles[WINDOWS] = { "7 d", "30 d", "90 d", "12 mo" };
    json_t *list = put_list(i->p->context, "periods");
    struct insight_page other = *i;

    other.query = query_without(i, "days");
    for (int k = 0; k < WINDOWS; k++) {
        json_t *row = list_add(list);
        put(row, "name", titles[k]);
        put_int(row, "days", window_days[k]);
        put(row, "link",
            insight_link(&other, i->p->ask->raw_path,
                         arena_print(i->p->arena, "days=%d", window_days[k])));
        put_true(row, "is_chosen", i->f.window == k);
    }
}

static void currencies_put(const struct insight_page *i)
{
    json_t *list = put_list(i->p->context, "currencies");

    for (size_t k = 0; k < i->f.currency_count; k++) {
        json_t *row = list_add(list);
        put(row, "code", currency_code(i->f.currencies[k]));
        put_true(row, "is_chosen", i->f.currencies[k] == i->f.currency);
    }
    put_true(i->p->context, "several_currencies", i->f.currency_count > 1);
}

static const char *counted_words(const struct insight_page *i)
{
    const struct insight_frame *f = &i->f;
    struct arena *a = i->p->arena;

    if (f->as_of.number != f->today.number)
        return arena_print(a, "as of the end of %s", words_day(a, f->as_of));
    if (f->state.behind && f->state.at.us != 0)
        return arena_print(a, "as of %s; newer changes are being counted",
                           words_clock(a, f->state.at, i->p->view->zone));
    return arena_print(a, "as of %s", words_clock(a, f->now, i->p->view->zone));
}

static void about_put(const struct insight_page *i)
{
    const struct insight_frame *f = &i->f;
    json_t *c = i->p->context;
    char day[DAY_TEXT];

    choices_put(c, "clients", f->client_count, f->client_names, f->client);
    choices_put(c, "segments", f->segment_count, f->segment_names, f->segment);
    choices_put(c, "strategies", f->strategy_count, f->strategy_names, f->strategy);
    periods_put(i);
    currencies_put(i);
    put(c, "client_chosen", f->client != NULL ? f->client : "");
    put(c, "segment_chosen", f->segment != NULL ? f->segment : "");
    put(c, "strategy_chosen", f->strategy != NULL ? f->strategy : "");
    put_true(c, "narrowed", f->client != NULL || f->segment != NULL || f->strategy != NULL);
    put(c, "currency_chosen", currency_code(f->currency));
    put_int(c, "days_chosen", f->days);
    put(c, "as_of_chosen", day_print(f->as_of, day));
    put(c, "today_day", day_print(f->today, day));
    put_true(c, "as_of_past", f->as_of.number != f->today.number);
    put(c, "path", i->p->ask->raw_path);
    put(c, "counted", counted_words(i));
    put_true(c, "not_counted", !f->state.kept);
    put(c, "from_day", words_day_near(i->p->arena, f->from, f->today));
    put(c, "to_day",
        words_within(i->p->arena, words_day_near(i->p->arena, f->to, f->today)));
    put(c, "all_link", i->p->ask->raw_path);
}

bool insight_page_begin(struct insight_page *i, struct page *p, struct fault *why)
{
    struct insight_request r;

    *i = (struct insight_page){ .p = p, .words = p->hand->insights };
    if (!request_read(p, &r, why) || !insight_begin_view(&i->f, p->view, &r, why))
        return false;
    i->query = query_without(i, NULL);
    about_put(i);
    put_true(p->context, "may_take", page_may(p, MAY_EXPORT));
    return true;
}

/* ---- Panels
 * ------------------------------------------------------------------------------------ */

json_t *insight_panel(const struct insight_page *i, const char *key, enum insight insight)
{
    const struct insight_words *w = &i->words->of[insight];
    const char *path = arena_print(i->p->arena, "/insights/%s", insight_name(insight));
    json_t *panel = put_object(i->p->context, key);

    put(panel, "panel_id", insight_name(insight));
    put(panel, "panel_title", w->title);
    put(panel, "definition", w->definition);
    put(panel, "trap", w->trap);
    put(panel, "question", w->question);
    put(panel, "more", insight_link(i, path, NULL));
    put(panel, "csv", insight_link(i, arena_print(i->p->arena, "%s/csv", path), NULL));
    return panel;
}

/* What a database says of itself, and where it lies, is for who looks after it. */
static const char *unread_words(const struct fault *why)
{
    switch (fault_kind_of(why->code)) {
    case FAULT_CORRUPT:
        return "Figures of this book are damaged: tell whoever looks after this server to run "
               "recoup prove --measures.";
    case FAULT_SYSTEM:
        return "The book could not be read here: tell whoever looks after this server.";
    case FAULT_BUSY:
        return "The book is busy just now; look again in a moment.";
    case FAULT_INPUT:
    case FAULT_ABSENT:
    case FAULT_DENIED:
    case FAULT_CONFLICT:
    case FAULT_UNSURE:
        break;
    }
    return why->text;
}

/* A panel that cannot be filled says so in its own frame; the others are there. */
static void panel_put(const struct insight_page *i, const char *key, enum insight insight,
                      insight_panel_fill *fill)
{
    json_t *panel = insight_panel(i, key, insight);
    struct fault why = { 0 };

    if (fill(i, panel, &why))
        return;
    json_object_clear(panel);
    panel = insight_panel(i, key, insight);
    put(panel, "panel_fault", arena_copy(i->p->arena, unread_words(&why)));
}

/* ---- Figures
 * ----------------------------------------------------------------------------------- */

static void split_unit(const struct insight_page *i, json_t *object, const struct measured *m)
{
    struct arena *a = i->p->arena;
    const char *unit = m->unit == UNIT_PERCENT ? "%"
                       : m->unit == UNIT_DAYS  ? " days"
                       : m->unit == UNIT_HOURS  ? " hours"
                       : m->unit == UNIT_POINTS ? " pts"
                                                : "";

    put(object, "unit", "");
    if (m->unit == UNIT_MONEY) {
        put(object, "value", words_money_short(a, (int64_t)m->numerator, i->f.currency));
        put(object, "exact", words_money(a, (int64_t)m->numerator, i->f.currency));
    } else if (m->unit == UNIT_COUNT) {
        put(object, "value", words_count(a, (int64_t)m->numerator));
    } else if (!m->known) {
        put(object, "value", "–");
    } else if (measured_is_thin(m)) {
        put(object, "value",
            arena_print(a, "%s of %s", words_count(a, (int64_t)m->numerator),
                        words_count(a, (int64_t)m->denominator)));
        put_true(object, "is_thin", true);
    } else {
        put(object, "value", insight_tenths(a, measured_tenths(m)));
        put(object, "unit", unit);
    }
}

/* Of money in the numerator and few things behind it, the counts of things are not in the
 * figure: amounts are said instead. */
static void thin_money(const struct insight_page *i, json_t *object, enum insight insight,
                       const struct measured *m)
{
    bool money = insight == INSIGHT_RECOVERY || insight == INSIGHT_PROMISES ||
                 insight == INSIGHT_AGEING || insight == INSIGHT_LIQUIDATION ||
                 insight == INSIGHT_ROLL_RATES || insight == INSIGHT_CURE_RATE;

    if (!money || !measured_is_thin(m) || !m->known)
        return;
    put(object, "value", words_money_short(i->p->arena, (int64_t)m->numerator, i->f.currency));
    put(object, "unit",
        arena_print(i->p->arena, " of %s",
                    words_money_short(i->p->arena, (int64_t)m->denominator, i->f.currency)));
}

void insight_figure_put(const struct insight_page *i, json_t *object, enum insight insight,
                        const struct measured *now, const struct measured *before)
{
    const struct insight_words *w = &i->words->of[insight];
    bool up = false;
    const char *moved = insight_moved(&i->f, now, before, &up);

    split_unit(i, object, now);
    thin_money(i, object, insight, now);
    put(object, "moved", moved != NULL ? moved : "");
    put_true(object, "went_up", moved != NULL && up);
    put_true(object, "went_down", moved != NULL && !up);
    put_true(object, "is_better",
             moved != NULL && w->better != BETTER_NEITHER && up == (w->better == BETTER_UP));
    put_true(object, "is_worse",
             moved != NULL && w->better != BETTER_NEITHER && up != (w->better == BETTER_UP));
    put_true(object, "is_steady",
             moved == NULL && now->known && before->known && !measured_is_thin(now) &&
                 !measured_is_thin(before) &&
                 (now->numerator == 0) == (before->numerator == 0));
}

static const char *beside(const struct insight_page *i, enum insight insight,
                          const struct measured *best)
{
    const struct insight_words *w = &i->words->of[insight];
    struct arena *a = i->p->arena;

    if (insight == INSIGHT_DSO)
        return best->known ? arena_print(a, "best possible %s",
                                         insight_tenths(a, measured_tenths(best)))
                           : "";
    if (w->has_target)
        return arena_print(a, "target %s%%", insight_tenths(a, w->target_tenths));
    if (w->has_limit)
        return arena_print(a, "alert above %s%%", insight_tenths(a, w->limit_tenths));
    if (w->unit_note[0] != '\0')
        return w->unit_note;
    return arena_print(a, "on the %d days before", i->f.days);
}

static bool tile_put(const struct insight_page *i, json_t *tiles, enum insight insight,
                     struct fault *why)
{
    struct insight_part part = insight_part(&i->f), earlier = insight_part_before(&i->f);
    struct insight_trend *trend = arena_make(i->p->arena, struct insight_trend);
    struct measured now, before;
    int64_t values[TREND_MOST];
    bool known[TREND_MOST];

    if (!insight_value(&i->f, &part, insight, &now, why) ||
        !insight_value(&i->f, &earlier, insight, &before, why) ||
        !insight_trend(&i->f, insight, SPARK_POINTS, trend, why))
        return false;
    json_t *tile = list_add(tiles);
    put(tile, "label", i->words->of[insight].title);
    put(tile, "meaning", i->words->of[insight].definition);
    put(tile, "link",
        insight_link(i, arena_print(i->p->arena, "/insights/%s", insight_name(insight)), NULL));
    insight_figure_put(i, tile, insight, &now, &before);
    put(tile, "beside", beside(i, insight, &trend->points[trend->count - 1].best));
    for (size_t k = 0; k < trend->count; k++) {
        values[k] = measured_tenths(&trend->points[k].value);
        known[k] = trend->points[k].value.known && !measured_is_thin(&trend->points[k].value);
    }
    bool better = json_is_true(json_object_get(tile, "is_better"));
    chart_spark_put(tile, trend->count, values, known, better ? 1 : 0);
    return true;
}

/* The same of one figure. */
static void tile_unread(const struct insight_page *i, json_t *tiles, enum insight insight)
{
    json_t *tile = list_add(tiles);

    put(tile, "label", i->words->of[insight].title);
    put(tile, "meaning", i->words->of[insight].definition);
    put(tile, "link", insight_link(i, "/insights", NULL));
    put(tile, "value", "–");
    put(tile, "beside", "could not be read just now");
}

static void tiles_put(const struct insight_page *i)
{
    static const enum insight shown[] = { INSIGHT_COLLECTED,    INSIGHT_RECOVERY,
                                          INSIGHT_DSO,          INSIGHT_PROMISES,
                                          INSIGHT_RIGHT_PERSON, INSIGHT_DISPUTE_RATE };
    json_t *tiles = put_list(i->p->context, "tiles");

    for (size_t k = 0; k < COUNT(shown); k++) {
        struct fault unread = { 0 };
        size_t before = json_array_size(tiles);
        if (tile_put(i, tiles, shown[k], &unread))
            continue;
        if (json_array_size(tiles) > before)
            json_array_remove(tiles, before);
        tile_unread(i, tiles, shown[k]);
    }
}

static bool open_put(const struct insight_page *i, struct fault *why)
{
    struct insight_part part = insight_part(&i->f);
    struct tally *t = arena_make(i->p->arena, struct tally);

    if (!insight_tally(&i->f, &part, FIGURE_BIT(FIGURE_FILES), t, why))
        return false;
    put(i->p->context, "open_files", words_count(i->p->arena, t->files[FILE_OPEN]));
    put_true(i->p->context, "few_files", t->files[FILE_OPEN] < TOO_FEW);
    return true;
}

/* ---- The page
 * ---------------------------------------------------------------------------------- */

static bool page_health(struct page *p, struct fault *why)
{
    static const struct {
        const char *key;
        enum insight insight;
        insight_panel_fill *fill;
    } panels[] = {
        { "liquidation", INSIGHT_LIQUIDATION, panel_liquidation },
        { "rolls", INSIGHT_ROLL_RATES, panel_rolls },
        { "funnel", INSIGHT_FUNNEL, panel_funnel },
        { "promises", INSIGHT_PROMISES, panel_promises },
        { "hours", INSIGHT_CONTACT_HOURS, panel_hours },
        { "dso", INSIGHT_DSO, panel_dso },
        { "disputes", INSIGHT_DISPUTES, panel_disputes },
        { "ageing", INSIGHT_AGEING, panel_ageing },
        { "forecast", INSIGHT_CASH_FORECAST, panel_forecast },
        { "steps", INSIGHT_STEPS, panel_steps },
        { "vintages", INSIGHT_VINTAGES, panel_vintages },
        { "changes", INSIGHT_COLLECTED, panel_changes },
        { "guard", INSIGHT_COMPLAINTS, panel_guard },
    };
    struct insight_page i;
    struct fault unread = { 0 };

    if (!insight_page_begin(&i, p, why))
        return false;
    put(p->context, "title", "Portfolio health");
    put(p->context, "csv_all", insight_link(&i, "/insights/csv", NULL));
    if (!i.f.state.kept)
        return true;
    if (!open_put(&i, &unread))
        put_true(p->context, "few_files", false);
    tiles_put(&i);
    for (size_t k = 0; k < COUNT(panels); k++)
        panel_put(&i, panels[k].key, panels[k].insight, panels[k].fill);
    return true;
}

const struct route routes_insights[] = {
    { "GET", "/insights", MAY_INSIGHT, "insights", "insights", page_health, NULL },
    { "GET", "/insights/csv", MAY_EXPORT, "insights", "insights", page_insight_csv, NULL },
    { "GET", "/insights/{}", MAY_INSIGHT, "insights", "insight", page_insight, NULL },
    { "GET", "/insights/{}/csv", MAY_EXPORT, "insights", "insight", page_insight_csv, NULL },
    { "GET", "/insights/{}/rows", MAY_INSIGHT, "insights", "insight_rows", page_insight_rows,
      NULL },
    { "GET", "/clients", MAY_INSIGHT, "insights", "clients", page_clients, NULL },
    { "GET", "/clients/{}", MAY_INSIGHT, "insights", "client", page_client, NULL },
    { 0 },
};

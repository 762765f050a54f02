/* Page insights: what its pages share. Private to src/web/page_insights*.c and page_clients.c.
 */
#ifndef WEB_PAGE_INSIGHTS_H
#define WEB_PAGE_INSIGHTS_H

#include "flow/insight_sheet.h"
#include "flow/insight_words.h"
#include "web/chart.h"

struct insight_page {
    struct page *p;
    struct insight_frame f;
    const struct insight_book *words;
    const char *query; /* what was chosen, "client=…&days=90"; "" for nothing */
};

/* Reads what was chosen from the address, and puts what every page of figures shows: about
 * whom, as of when, and the form to choose otherwise. */
bool insight_page_begin(struct insight_page *i, struct page *p, struct fault *why);

/* "/insights/dso?client=…" with what was chosen, and more ("first=1"; NULL for none). */
const char *insight_link(const struct insight_page *i, const char *path, const char *more);
/* The accounts behind a figure; keys and days may be KEY_ANY and DAY_NONE. */
struct insight_cell insight_cell_of(enum insight insight);
const char *insight_rows_link(const struct insight_page *i, const struct insight_cell *cell,
                              const char *client);

/* {title, note, definition, more, csv, …} of a panel, into the context under `key`. */
json_t *insight_panel(const struct insight_page *i, const char *key, enum insight insight);

/* {value, unit, change, …} of one figure. */
void insight_figure_put(const struct insight_page *i, json_t *object, enum insight insight,
                        const struct measured *now, const struct measured *before);

/* Rows of a table under a chart: the last table of its sheet. */
bool insight_table_put(const struct insight_page *i, json_t *object, enum insight insight,
                       struct fault *why);
void insight_sheet_put(const struct insight_page *i, json_t *object, const struct table *t);

/* Scales. */
const char *say_percent(const void *self, struct arena *a, int64_t tenths);
const char *say_number(const void *self, struct arena *a, int64_t tenths);
const char *say_money(const void *self, struct arena *a,
                      int64_t minor); /* self: the insight_page */

/* The panels, in the order of the page; each fills the object that it is given. */
typedef bool insight_panel_fill(const struct insight_page *i, json_t *panel, struct fault *why);
insight_panel_fill panel_liquidation, panel_changes, panel_rolls, panel_funnel, panel_promises,
    panel_hours, panel_dso, panel_disputes, panel_vintages, panel_ageing, panel_forecast,
    panel_steps, panel_guard, panel_trend;

/* "guard": how people are treated whose accounts have this strategy, over 30 days; nothing when
 * there are none. */
bool strategy_guards_put(struct page *p, const char *strategy, struct fault *why);

page_fill page_insight, page_insight_rows, page_insight_csv, page_clients, page_client;

#endif

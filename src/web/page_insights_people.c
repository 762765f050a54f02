/* Panels about people: the way to being paid, promises, hours, disputes, how we treat them. */
#include "web/page_insights.h"

#include "base/sort.h"
#include "base/text.h"
#include "flow/insight_guard.h"

/* ---- What changed
 * ------------------------------------------------------------------------------ */

static const char *change_link(const struct insight_page *i, const struct insight_change *c)
{
    struct insight_cell cell = insight_cell_of(c->insight);
    struct arena *a = i->p->arena;
    const char *path = arena_print(a, "/insights/%s", insight_name(c->insight));

    cell.first = c->first;
    if (c->accounts)
        return insight_rows_link(i, &cell, c->client);
    if (c->client != NULL && i->f.client == NULL)
        return insight_link(i, path, arena_print(a, "client=%s", url_encode(a, c->client)));
    if (c->strategy != NULL && i->f.strategy == NULL)
        return insight_link(i, path, arena_print(a, "strategy=%s", url_encode(a, c->strategy)));
    if (c->segment != NULL && i->f.segment == NULL)
        return insight_link(i, path, arena_print(a, "segment=%s", url_encode(a, c->segment)));
    return insight_link(i, path, NULL);
}

bool panel_changes(const struct insight_page *i, json_t *panel, struct fault *why)
{
    json_t *list = put_list(panel, "sentences");
    struct insight_change *all;
    size_t count;

    if (!insight_changes(&i->f, &all, &count, why))
        return false;
    for (size_t k = 0; k < count; k++) {
        json_t *row = list_add(list);
        put(row, "lead", all[k].lead);
        put(row, "rest", all[k].rest);
        put(row, "link", change_link(i, &all[k]));
        put(row, "link_words", all[k].link_words);
    }
    put_int(panel, "days", i->f.days);
    put_true(panel, "is_empty", count == 0);
    return true;
}

/* ---- Funnel
 * ------------------------------------------------------------------------------------ */

bool panel_funnel(const struct insight_page *i, json_t *panel, struct fault *why)
{
    static const char *const steps[] = {
        "Placed",      "Contacted", "Right person", "Agreed a way to pay", "Kept first payment",
        "Paid in full"
    };
    struct insight_part part = insight_part(&i->f);
    struct arena *a = i->p->arena;
    struct chart_bar bars[COUNT(steps)];
    struct funnel funnel;
    const char *words = "Debts that came to each step.";

    if (!insight_funnel(&i->f, &part, &funnel, why))
        return false;
    int64_t placed = funnel.debts[FUNNEL_PLACED];
    for (size_t k = 0; k < COUNT(steps); k++) {
        struct insight_cell cell = insight_cell_of(INSIGHT_FUNNEL);
        const char *share = words_percent(a, funnel.debts[k], placed);
        cell.first = (int32_t)k;
        words = arena_print(a, "%s %s: %s.", words, steps[k], words_count(a, funnel.debts[k]));
        bars[k] = (struct chart_bar){
            .name = steps[k],
            .figure = words_count(a, funnel.debts[k]),
            .below = placed < TOO_FEW || share == NULL ? "" : arena_print(a, "%s%%", share),
            .title = arena_print(a, "%s: %s of %s debts", steps[k],
                                 words_count(a, funnel.debts[k]), words_count(a, placed)),
            .link = insight_rows_link(i, &cell, NULL),
            .value = funnel.debts[k],
            .tone = k < FUNNEL_AGREED ? "q4 soft-bar" : "f1"
        };
    }
    struct insight_cell others = insight_cell_of(INSIGHT_FUNNEL);
    others.first = FUNNEL_PAID_OTHERWISE;
    put(panel, "months", insight_months(a, funnel.first_month, funnel.last_month));
    put(panel, "others", words_count(a, funnel.debts[FUNNEL_PAID_OTHERWISE]));
    put(panel, "others_link", insight_rows_link(i, &others, NULL));
    put_true(panel, "is_empty", placed == 0);
    chart_bars_put(panel, "c-funnel", "From placement to paid", words, 420, 132, COUNT(steps),
                   bars);
    return insight_table_put(i, panel, INSIGHT_FUNNEL, why);
}

/* ---- Promises
 * ---------------------------------------------------------------------------------- */

static struct chart_stack stack_of(const struct insight_page *i, const struct promise_week *w)
{
    static const char *const parts[STACK_PARTS] = { "kept", "kept in part", "missed" };
    struct insight_cell cell = insight_cell_of(INSIGHT_PROMISES);
    struct arena *a = i->p->arena;
    const char *week = words_day_near(a, w->monday, i->f.today);
    int64_t all = w->minor[0] + w->minor[1] + w->minor[2];
    struct chart_stack s = { .inside = "" };

    cell.from = w->monday;
    cell.to = day_plus(w->monday, 6);
    for (int k = 0; k < STACK_PARTS; k++) {
        cell.first = k + 1;
        s.parts[k] = w->minor[k];
        s.titles[k] = arena_print(a, "Week of %s: %s %s, %s promises", week,
                                  words_money(a, w->minor[k], i->f.currency), parts[k],
                                  words_count(a, w->things[k]));
        s.links[k] = insight_rows_link(i, &cell, NULL);
    }
    if (w->things[0] + w->things[1] + w->things[2] >= TOO_FEW)
        s.inside = words_percent_whole(a, w->minor[0], all);
    return s;
}

bool panel_promises(const struct insight_page *i, json_t *panel, struct fault *why)
{
    static const char *const tones[STACK_PARTS] = { "f1", "q2", "b2" };
    struct arena *a = i->p->arena;
    struct promise_week weeks[PROMISE_WEEKS];
    struct chart_stack stacks[PROMISE_WEEKS];
    const char *words = "Promises due each week, by value.";
    bool any = false;

    if (!insight_promise_weeks(&i->f, &i->f.money, weeks, why))
        return false;
    for (int k = 0; k < PROMISE_WEEKS; k++) {
        struct date date = date_of_day(weeks[k].monday);
        stacks[k] = stack_of(i, &weeks[k]);
        if (k % 2 == 0)
            stacks[k].name = date.day <= 14 || k == 0
                                 ? arena_print(a, "%s %d", words_month(date.month), date.day)
                                 : arena_print(a, "%d", date.day);
        any = any || weeks[k].things[0] + weeks[k].things[1] + weeks[k].things[2] > 0;
        if (stacks[k].inside[0] != '\0')
            words = arena_print(a, "%s %s %d: %s percent kept.", words, words_month(date.month),
                                date.day, stacks[k].inside);
    }
    struct insight_part part = insight_part(&i->f);
    struct measured taken;
    if (!insight_value(&i->f, &part, INSIGHT_PROMISES_TAKEN, &taken, why))
        return false;
    put(panel, "taken", insight_said(&i->f, &taken));
    put(panel, "taken_link", insight_link(i, "/insights/promises-taken", NULL));
    put_true(panel, "is_empty", !any);
    chart_stacks_put(panel, "c-promises", "Promises kept, by week due", words,
                     (struct chart_box){ 300, 236, 8, 294, 8, 212 }, PROMISE_WEEKS, stacks,
                     tones);
    return insight_table_put(i, panel, INSIGHT_PROMISES, why);
}

/* ---- Hours
 * ------------------------------------------------------------------------------------- */

enum { FIRST_HOUR = 6, LAST_HOUR = 21, PEAKS = 5 };

static const char *const weekdays[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };

static struct chart_hour hour_of(const struct insight_page *i, const struct tally *t, int hour,
                                 bool closed)
{
    struct insight_cell cell = insight_cell_of(INSIGHT_CONTACT_HOURS);
    struct arena *a = i->p->arena;
    int64_t tried = t->hour_tried[hour], reached = t->hour_reached[hour];
    int clock = hour % 24;
    const char *when = arena_print(a, "%s %d %s", weekdays[hour / 24],
                                   clock % 12 == 0 ? 12 : clock % 12, clock < 12 ? "am" : "pm");
    struct chart_hour h = { .closed = closed && tried == 0, .known = tried >= TOO_FEW,
                            .few = tried > 0 && tried < TOO_FEW };

    cell.first = hour;
    cell.second = 0;
    h.link = tried > 0 ? insight_rows_link(i, &cell, NULL) : NULL;
    h.tenths = h.known ? rounded_ratio((measure_sum)reached * 1000, tried) : 0;
    h.title = h.closed  ? arena_print(a, "%s: closed", when)
              : h.known ? arena_print(a, "%s: %s%% of %s calls reached the person", when,
                                      insight_tenths(a, h.tenths), words_count(a, tried))
                        : arena_print(a, "%s: %s of %s calls; too few to compare", when,
                                      words_count(a, reached), words_count(a, tried));
    return h;
}

static void mark_peaks(struct chart_hour hours[HOURS_OF_WEEK])
{
    for (int n = 0; n < PEAKS; n++) {
        struct chart_hour *best = NULL;
        for (int hour = 0; hour < HOURS_OF_WEEK; hour++) {
            struct chart_hour *h = &hours[hour];
            if (h->known && !h->peak && h->tenths > 0 &&
                (best == NULL || h->tenths > best->tenths))
                best = h;
        }
        if (best != NULL)
            best->peak = true;
    }
}

static const char *hours_words(struct arena *a, const struct chart_hour hours[HOURS_OF_WEEK])
{
    const char *words = "Share of call attempts that reached the right person, by weekday and "
                        "hour where the person is. Hatched hours are closed.";

    for (int hour = 0; hour < HOURS_OF_WEEK; hour++) {
        if (hours[hour].peak)
            words = arena_print(a, "%s %s.", words, hours[hour].title);
    }
    return words;
}

bool panel_hours(const struct insight_page *i, json_t *panel, struct fault *why)
{
    struct insight_part part = insight_part(&i->f);
    struct arena *a = i->p->arena;
    struct tally *t = arena_make(a, struct tally);
    struct chart_hour *hours = arena_array(a, struct chart_hour, HOURS_OF_WEEK);
    bool closed[HOURS_OF_WEEK], few = false;
    int64_t calls = 0;

    if (!insight_tally(&i->f, &part, FIGURE_BIT(FIGURE_HOUR), t, why))
        return false;
    insight_closed_hours(i->p->view, closed);
    for (int hour = 0; hour < HOURS_OF_WEEK; hour++) {
        hours[hour] = hour_of(i, t, hour, closed[hour]);
        calls += t->hour_tried[hour];
        few = few || (t->hour_tried[hour] > 0 && !hours[hour].known);
    }
    mark_peaks(hours);
    put(panel, "calls", words_count(a, calls));
    put(panel, "unplaced",
        t->hour_tried[HOURS_OF_WEEK] > 0 ? words_count(a, t->hour_tried[HOURS_OF_WEEK]) : "");
    put_true(panel, "has_few", few);
    put_true(panel, "is_empty", calls == 0);
    chart_hours_put(i->p, panel, "c-hours", "Hours that reach the right person",
                    hours_words(a, hours), FIRST_HOUR, LAST_HOUR, hours);
    return insight_table_put(i, panel, INSIGHT_CONTACT_HOURS, why);
}

/* ---- Disputes
 * ---------------------------------------------------------------------------------- */

static int compare_disputes(const void *left, const void *right)
{
    const struct tally_dispute *a = left, *b = right;

    if (a->opened != b->opened)
        return a->opened > b->opened ? -1 : 1;
    return (a->reason > b->reason) - (a->reason < b->reason);
}

static void dispute_put(const struct insight_page *i, json_t *rows,
                        const struct tally_dispute *d, int64_t opened, int64_t most)
{
    struct insight_cell cell = insight_cell_of(INSIGHT_DISPUTES);
    struct arena *a = i->p->arena;
    json_t *row = list_add(rows);
    int64_t days;

    cell.first = d->reason;
    put(row, "reason", insight_reason(a, insight_word(&i->f, d->reason)));
    put(row, "link", insight_rows_link(i, &cell, NULL));
    put_int(row, "bar_length", chart_scaled(d->opened, most, 100));
    put(row, "share",
        opened < TOO_FEW ? words_count(a, d->opened)
                         : arena_print(a, "%s%%", words_percent_whole(a, d->opened, opened)));
    put(row, "opened", words_count(a, d->opened));
    put(row, "median",
        histogram_percentile(&d->days, 50, &days) ? arena_print(a, "%lld d", (long long)days)
                                                  : "–");
}

bool panel_disputes(const struct insight_page *i, json_t *panel, struct fault *why)
{
    struct insight_part part = insight_part(&i->f);
    struct arena *a = i->p->arena;
    struct tally *t = arena_make(a, struct tally);
    json_t *rows = put_list(panel, "rows");
    struct histogram all = { 0 };
    int64_t opened = 0, answered = 0, days;

    if (!insight_tally(&i->f, &part, FIGURE_BIT(FIGURE_DISPUTE), t, why))
        return false;
    sort_array(t->disputes, t->dispute_count, sizeof *t->disputes, compare_disputes);
    for (size_t k = 0; k < t->dispute_count; k++) {
        const struct tally_dispute *d = &t->disputes[k];
        opened += d->opened;
        answered += d->answered;
        for (size_t n = 0; n < d->days.count; n++)
            histogram_add(a, &all, d->days.bars[n].value, d->days.bars[n].things);
    }
    for (size_t k = 0; k < t->dispute_count; k++)
        dispute_put(i, rows, &t->disputes[k], opened, t->disputes[0].opened);
    put(panel, "opened_all", words_count(a, opened));
    put(panel, "answered_all", words_count(a, answered));
    put(panel, "answered_link", insight_link(i, "/insights/disputes-answered", NULL));
    put(panel, "median_all",
        histogram_percentile(&all, 50, &days) ? arena_print(a, "%lld days", (long long)days)
                                              : "");
    put_true(panel, "is_empty", opened + answered == 0);
    return true;
}

/* ---- Forecast
 * ---------------------------------------------------------------------------------- */

bool panel_forecast(const struct insight_page *i, json_t *panel, struct fault *why)
{
    struct insight_part part = insight_part(&i->f);
    struct arena *a = i->p->arena;
    struct chart_column columns[FORECAST_WEEKS];
    struct forecast forecast;
    const char *words = "Expected from promises and plans, week by week.";
    int64_t low = 0, high = 0;

    if (!insight_forecast(&i->f, &part, &forecast, why))
        return false;
    for (int k = 0; k < FORECAST_WEEKS; k++) {
        const struct forecast_week *w = &forecast.weeks[k];
        struct insight_cell cell = insight_cell_of(INSIGHT_CASH_FORECAST);
        struct date date = date_of_day(w->monday);
        const char *range =
            arena_print(a, "%s to %s", words_money_short(a, w->low_minor, i->f.currency),
                        words_money_short(a, w->high_minor, i->f.currency));
        cell.first = w->monday.number;
        low += w->low_minor;
        high += w->high_minor;
        words =
            arena_print(a, "%s %s %d: %s.", words, words_month(date.month), date.day, range);
        columns[k] = (struct chart_column){
            .name = arena_print(a, "%s %d", words_month(date.month), date.day),
            .above =
                w->likely_minor > 0 ? words_money_short(a, w->likely_minor, i->f.currency) : "",
            .title = arena_print(a, "Week of %s %d: likely %s, %s; %s promises",
                                 words_month(date.month), date.day,
                                 words_money(a, w->likely_minor, i->f.currency), range,
                                 words_count(a, w->things[0] + w->things[1])),
            .link = insight_rows_link(i, &cell, NULL),
            .value = w->likely_minor,
            .tone = k == 0 ? "q3" : "f1"
        };
    }
    put(panel, "low", words_money_short(a, low, i->f.currency));
    put(panel, "high", words_money_short(a, high, i->f.currency));
    put(panel, "overdue", forecast.overdue > 0 ? words_count(a, forecast.overdue) : "");
    put(panel, "overdue_amount", words_money(a, forecast.overdue_minor, i->f.currency));
    put_true(panel, "is_empty", high == 0);
    chart_columns_put(panel, "c-forecast", "Expected from promises and plans", words,
                      (struct chart_box){ 440, 206, 0, 440, 26, 178 }, FORECAST_WEEKS, columns);
    return insight_table_put(i, panel, INSIGHT_CASH_FORECAST, why);
}

/* ---- Steps
 * ------------------------------------------------------------------------------------- */

bool panel_steps(const struct insight_page *i, json_t *panel, struct fault *why)
{
    json_t *list = put_list(panel, "rows");
    struct step_row *rows;
    size_t count;

    if (!insight_steps(&i->f, &rows, &count, why))
        return false;
    for (size_t k = 0; k < count && k < 8; k++) {
        struct arena *a = i->p->arena;
        json_t *row = list_add(list);
        put(row, "step", words_plain(a, rows[k].step));
        put(row, "sent", words_count(a, rows[k].sent));
        put(row, "paid", words_count(a, rows[k].paid));
        put(row, "share",
            rows[k].sent < TOO_FEW
                ? "–"
                : arena_print(a, "%s%%", words_percent(a, rows[k].paid, rows[k].sent)));
        put(row, "amount", words_money_short(a, rows[k].minor, i->f.currency));
    }
    put_true(panel, "is_empty", count == 0);
    return true;
}

/* ---- Are we treating people well?
 * --------------------------------------------------------------- */

static const char *limit_words(const struct insight_page *i, enum insight insight,
                               const struct measured *before, const struct tally *t)
{
    struct arena *a = i->p->arena;
    const char *limit = insight_tenths(a, i->words->of[insight].limit_tenths);

    if (insight == INSIGHT_HARDSHIP)
        return arena_print(a, "Limit %s. %s waiting", limit,
                           words_count(a, t->hardship_waiting));
    if (!before->known || measured_is_thin(before))
        return arena_print(a, "Limit %s", limit);
    return arena_print(a, "Limit %s. Was %s", limit,
                       insight_tenths(a, measured_tenths(before)));
}

static bool guard_put(const struct insight_page *i, json_t *list, enum insight insight,
                      struct fault *why)
{
    const struct insight_words *w = &i->words->of[insight];
    struct insight_part now = insight_part(&i->f), earlier = insight_part_before(&i->f);
    struct tally *t = arena_make(i->p->arena, struct tally);
    struct measured is = { 0 }, was = { 0 };
    json_t *row = list_add(list);

    put(row, "name", w->title);
    put(row, "meaning", w->definition);
    put(row, "link",
        insight_link(i, arena_print(i->p->arena, "/insights/%s", insight_name(insight)), NULL));
    if (!insight_tally(&i->f, &now, insight_figures(insight), t, why) ||
        !insight_value(&i->f, &earlier, insight, &was, why))
        return false;
    is = insight_measure(t, insight);
    int64_t tenths = measured_tenths(&is);
    bool judged = guard_is_judged(&is);
    insight_figure_put(i, row, insight, &is, &was);
    put(row, "limit", limit_words(i, insight, &was, t));
    put_true(row, "is_over", guard_is_over(w, &is));
    put_true(row, "is_near",
             judged && tenths <= w->limit_tenths && tenths * 10 >= w->limit_tenths * 9);
    put_true(row, "is_inside", judged && tenths * 10 < w->limit_tenths * 9);
    put_true(row, "is_few", !judged);
    chart_bullet_put(row, judged ? tenths : 0, w->limit_tenths);
    return true;
}

bool panel_guard(const struct insight_page *i, json_t *panel, struct fault *why)
{
    json_t *list = put_list(panel, "guards");

    for (size_t k = 0; k < GUARDS; k++) {
        if (!guard_put(i, list, insight_guards[k], why))
            return false;
    }
    return true;
}

bool strategy_guards_put(struct page *p, const char *strategy, struct fault *why)
{
    const struct insight_request r = { .strategy = strategy,
                                       .as_of = DAY_NONE,
                                       .from = DAY_NONE };
    struct insight_page i = { .p = p, .words = p->hand->insights };
    struct fault none;

    i.query = arena_print(p->arena, "strategy=%s", url_encode(p->arena, strategy));
    if (!insight_begin_view(&i.f, p->view, &r, &none) || !i.f.state.kept)
        return true;
    json_t *panel = insight_panel(&i, "guard", INSIGHT_COMPLAINTS);
    put(panel, "of_strategy", strategy);
    return panel_guard(&i, panel, why);
}

/* The state of the book, for a manager: money, and what the cycle made of the day. */
#include "base/text.h"
#include "web/chart.h"

#include <string.h>

enum { WAKES_SHOWN = 14, MESSAGES_SHOWN = 8, REASONS_SHOWN = 12 };

/* ---- Tiles ------------------------------------------------------------------------------ */

static json_t *tile(json_t *tiles, const char *label, const char *value, const char *unit,
                    const char *below, const char *meaning)
{
    json_t *t = list_add(tiles);

    put(t, "label", label);
    put(t, "value", value != NULL ? value : "–");
    put(t, "unit", value != NULL ? unit : NULL);
    put(t, "below", below);
    put(t, "meaning", meaning);
    return t;
}

static void tile_change(struct page *p, json_t *t, int64_t now, int64_t before)
{
    int64_t more = now - before;
    const char *percent = words_percent(p->arena, more < 0 ? -more : more, before);

    if (percent == NULL)
        return;
    put(t, "change", arena_print(p->arena, "%s%%", percent));
    put_true(t, "is_up", more >= 0);
    put_true(t, "is_down", more < 0);
}

static const char *days_of(struct page *p, struct countback c)
{
    if (!c.known)
        return NULL;
    return arena_print(p->arena, "%lld.%lld", (long long)(c.tenths_of_days / 10),
                       (long long)(c.tenths_of_days % 10));
}

static void tiles_money(struct page *p, json_t *tiles, const struct health *h)
{
    const struct ageing *a = h->ageing;
    struct arena *x = p->arena;
    json_t *t;

    t = tile(tiles, "Open", words_money_short(x, a->open_minor, h->currency), NULL,
             arena_print(x, "%s invoices and accounts", words_count(x, a->open_debts)),
             "What is owed today: amounts less what was paid on them. Nothing is added across "
             "currencies.");
    put(t, "exact", words_money(x, a->open_minor, h->currency));
    t = tile(tiles, "Past due", words_money_short(x, a->past_due_minor, h->currency), NULL,
             arena_print(x, "%s%% of what is open",
                         words_percent(x, a->past_due_minor, a->open_minor)),
             "The part of what is open whose due date lies before today.");
    put(t, "exact", words_money(x, a->past_due_minor, h->currency));
    t = tile(tiles, "Collected, 30 days", words_money_short(x, h->collected_minor, h->currency),
             NULL, "on the 30 days before",
             "Payments that came in during the last 30 days, less what was returned. Promises "
             "do not count.");
    put(t, "exact", words_money(x, h->collected_minor, h->currency));
    tile_change(p, t, h->collected_minor, h->collected_before_minor);
    t = tile(tiles, "Recovery rate",
             words_percent(x, h->collected_ever_minor, a->charged_minor), "%",
             arena_print(x, "of %s invoiced or placed",
                         words_money_short(x, a->charged_minor, h->currency)),
             "Everything ever collected, out of everything ever invoiced or placed.");
    (void)t;
    const char *best = days_of(p, h->best_dso);
    tile(tiles, "DSO", days_of(p, h->dso), " days",
         best == NULL ? NULL : arena_print(x, "best possible %s", best),
         "Days sales outstanding, counted back: how many days of the newest sales it takes to "
         "make up what is open. Best possible counts only what is not late.");
}

static void tiles_put(struct page *p, const struct health *h)
{
    json_t *tiles = put_list(p->context, "tiles");
    struct arena *x = p->arena;

    if (h->ageing != NULL)
        tiles_money(p, tiles, h);
    tile(tiles, "Promises kept", words_percent(x, h->kept_minor, h->promised_minor), "%",
         arena_print(x, "%s of %s due in 30 days", words_count(x, h->kept),
                     words_count(x, h->promises)),
         "Of the amounts promised for the last 30 days, the share that came in full and on "
         "time. Part payments do not count as kept.");
    tile(tiles, "Case files worked", words_count(x, h->worked), NULL,
         arena_print(x, "of %s with something open", words_count(x, h->open_casefiles)),
         "Case files that were written to or rung, by hand or by the cycle, during the last 30 "
         "days.");
}

/* ---- What the cycle did ------------------------------------------------------------------ */

static void queued_put(struct page *p, const struct health *h)
{
    json_t *list = put_list(p->context, "queued");
    int64_t all = 0;

    for (size_t i = 0; i < h->queued_count;) {
        const char *channel = h->queued[i].channel;
        int64_t count = 0, gone = 0;
        for (; i < h->queued_count && text_equal(h->queued[i].channel, channel); i++) {
            bool waits = text_equal(h->queued[i].state, "ready");
            count += h->queued[i].count;
            gone += waits ? 0 : h->queued[i].count;
        }
        json_t *row = list_add(list);
        put(row, "channel", channel);
        put(row, "title", words_channel(channel));
        put_true(row, arena_print(p->arena, "icon_%s", words_channel_icon(channel)), true);
        put(row, "count", words_count(p->arena, count));
        put(row, "gone", gone > 0 ? words_count(p->arena, gone) : NULL);
        all += count;
    }
    put(p->context, "queued_all", words_count(p->arena, all));
    put_true(p->context, "cycle_ran", h->cycle_at.us != 0);
    put_true(p->context, "cycle_today", h->cycle_today);
    put(p->context, "cycle_at",
        words_moment(p->arena, h->cycle_at, p->view->zone, p->view->today));
}

static bool standing_is(const char *standing, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (text_equal(standing, names[i]))
            return true;
    }
    return false;
}

static void reason_put(struct page *p, json_t *list, const struct health_standing *s)
{
    json_t *row = list_add(list);
    struct standing_words words = words_standing(p->arena, s->standing);

    put(row, "count", words_count(p->arena, s->count));
    put(row, "reason", s->reason[0] != '\0' ? s->reason : words.meaning);
    put(row, "link", arena_print(p->arena, "/accounts?standing=%s", s->standing));
    put_standing(p, row, "standing", words);
    put_rule(p, row, s->rule);
    if (text_equal(s->standing, "later") && s->until.us != INSTANT_NEVER.us)
        put(row, "opens", words_moment(p->arena, s->until, p->view->zone, p->view->today));
}

/* Stopped by a rule or for want of an address; left alone on purpose. */
static void reasons_put(struct page *p, const struct health *h)
{
    static const char *const stopped[] = { "later", "blocked", "unreachable", "unplanned" };
    static const char *const left[] = { "promised", "payment_pending", "disputed",
                                        "held",     "spaced",          "ended" };
    json_t *stops = put_list(p->context, "stopped"),
           *rests = put_list(p->context, "left_alone");
    int64_t stop_count = 0, rest_count = 0;

    for (size_t i = 0; i < h->standing_count; i++) {
        const struct health_standing *s = &h->standings[i];
        if (standing_is(s->standing, stopped, COUNT(stopped))) {
            stop_count += s->count;
            if (json_array_size(stops) < REASONS_SHOWN)
                reason_put(p, stops, s);
        } else if (standing_is(s->standing, left, COUNT(left))) {
            rest_count += s->count;
            if (json_array_size(rests) < REASONS_SHOWN)
                reason_put(p, rests, s);
        }
    }
    put(p->context, "stopped_all", words_count(p->arena, stop_count));
    put(p->context, "left_all", words_count(p->arena, rest_count));
    put_true(p->context, "any_stopped", stop_count > 0);
    put_true(p->context, "any_left", rest_count > 0);
}

/* ---- Where everything stands --------------------------------------------------------------
 */

static void standings_put(struct page *p, const struct health *h)
{
    json_t *list = put_list(p->context, "standings");

    for (size_t i = 0; i < h->standing_count; i++) {
        const struct health_standing *s = &h->standings[i];
        int64_t count = 0;
        bool seen = false;
        for (size_t k = 0; k < h->standing_count; k++) {
            if (!text_equal(h->standings[k].standing, s->standing))
                continue;
            seen = seen || k < i;
            count += h->standings[k].count;
        }
        if (seen)
            continue;
        json_t *row = list_add(list);
        put_standing(p, row, "standing", words_standing(p->arena, s->standing));
        put(row, "count", words_count(p->arena, count));
        put(row, "share", words_percent(p->arena, count, h->casefiles));
        put_int(row, "width",
                h->casefiles > 0 ? (count * 200 + h->casefiles - 1) / h->casefiles : 0);
        put(row, "link", arena_print(p->arena, "/accounts?standing=%s", s->standing));
    }
    put(p->context, "casefiles", words_count(p->arena, h->casefiles));
}

static void wakes_put(struct page *p, const struct health *h)
{
    json_t *list = put_list(p->context, "wakes");
    int64_t most = 1;

    for (size_t i = 0; i < h->wake_count && i < WAKES_SHOWN; i++)
        most = h->wakes[i].count > most ? h->wakes[i].count : most;
    for (size_t i = 0; i < h->wake_count && i < WAKES_SHOWN; i++) {
        json_t *row = list_add(list);
        put(row, "day", words_day_near(p->arena, h->wakes[i].day, p->view->today));
        put(row, "count", words_count(p->arena, h->wakes[i].count));
        put_int(row, "width", (h->wakes[i].count * 200 + most - 1) / most);
    }
    put_true(p->context, "any_wakes", h->wake_count > 0);
}

static bool messages_put(struct page *p, struct fault *why)
{
    json_t *list = put_list(p->context, "messages");
    struct messages messages;

    if (!view_messages(p->view, (struct messages_request){ .most = MESSAGES_SHOWN }, &messages,
                       why))
        return false;
    for (size_t i = 0; i < messages.count; i++)
        put_message_row(p, list_add(list), &messages.rows[i]);
    put_true(p->context, "any_messages", messages.count > 0);
    return true;
}

static void currencies_put(struct page *p, const struct health *h)
{
    json_t *list = put_list(p->context, "currencies");

    for (size_t i = 0; i < h->currency_count; i++) {
        json_t *row = list_add(list);
        put(row, "code", currency_code(h->currencies[i]));
        put_true(row, "is_chosen", h->currencies[i] == h->currency);
    }
    put(p->context, "currency", currency_code(h->currency));
    put_true(p->context, "several_currencies", h->currency_count > 1);
}

static bool page_health(struct page *p, struct fault *why)
{
    struct health *h = arena_make(p->arena, struct health);
    const char *code = page_field(p, "currency");

    if (!view_health(p->view, code != NULL ? currency_parse(code) : CURRENCY_NONE, h, why))
        return false;
    put(p->context, "title", "Portfolio health");
    put(p->context, "open_files", words_count(p->arena, h->open_casefiles));
    currencies_put(p, h);
    tiles_put(p, h);
    if (h->ageing != NULL) {
        chart_ageing(p, p->context, h);
        chart_months(p, p->context, h);
    }
    queued_put(p, h);
    reasons_put(p, h);
    standings_put(p, h);
    wakes_put(p, h);
    return messages_put(p, why);
}

const struct route routes_insights[] = {
    { "GET", "/insights", MAY_INSIGHT, "insights", "health", page_health, NULL },
    { 0 },
};

/* Strategies: ladders drawn on an axis of days, and told step by step. */
#include "web/page_strategies.h"

#include "base/text.h"
#include "web/strategy_words.h"

#include <string.h>

enum { LANE_LEFT = 30, LANE_RIGHT = 970, LANE_NEAR = 30, TICK_LEAST = 60 };

/* ---- The axis ---------------------------------------------------------------------------- */

struct axis {
    int first, last;
};

static void axis_take(struct axis *x, const struct ladder *ladder)
{
    for (size_t i = 0; ladder != NULL && i < ladder->step_count; i++) {
        int day = ladder->steps[i].day;
        x->first = day < x->first ? day : x->first;
        x->last = day > x->last ? day : x->last;
    }
    if (ladder != NULL && ladder->step_count > 0) {
        int end = ladder->steps[ladder->step_count - 1].day + ladder->end_after_days;
        x->last = end > x->last ? end : x->last;
    }
}

static int axis_x(const struct axis *x, int day)
{
    int span = x->last > x->first ? x->last - x->first : 1;

    return LANE_LEFT + (day - x->first) * (LANE_RIGHT - LANE_LEFT) / span;
}

/* Weeks, or as many of them as have room. */
static void ticks_put(struct page *p, json_t *lane, const struct axis *x)
{
    json_t *list = put_list(lane, "ticks");
    int weeks = 1;

    while (axis_x(x, x->first + 7 * weeks) - LANE_LEFT < TICK_LEAST && weeks < 520)
        weeks++;
    for (int day = x->first / (7 * weeks) * 7 * weeks; day <= x->last; day += 7 * weeks) {
        if (day < x->first)
            continue;
        json_t *tick = list_add(list);
        put_int(tick, "x", axis_x(x, day));
        put(tick, "label", day == 0 ? "due date" : arena_print(p->arena, "%d", day));
    }
}

/* The step of the other ladder that does the same on the same day. */
static bool stands_in(const struct ladder *other, const struct ladder_step *step)
{
    for (size_t i = 0; other != NULL && i < other->step_count; i++) {
        const struct ladder_step *o = &other->steps[i];
        if (strcmp(o->id, step->id) == 0)
            return o->day == step->day && o->channels[0] == step->channels[0] &&
                   text_equal(o->template, step->template) &&
                   text_equal(o->when_text, step->when_text);
    }
    return false;
}

/* Steps close to one another take turns in two rows. */
static void nodes_put(struct page *p, json_t *lane, const struct ladder *ladder,
                      const struct ladder *other, bool compared, const struct axis *x)
{
    json_t *list = put_list(lane, "nodes");
    int before = INT32_MIN / 2;
    bool low = false;

    for (size_t i = 0; i < ladder->step_count; i++) {
        const struct ladder_step *step = &ladder->steps[i];
        int at = axis_x(x, step->day);
        json_t *node = list_add(list);
        low = at - before < LANE_NEAR && !low;
        before = at;
        put_int(node, "x", at);
        put_int(node, "icon_x", at - 9);
        put_int(node, "icon_y", (low ? 62 : 30) - 9);
        put_int(node, "y", low ? 62 : 30);
        put_int(node, "number_y", (low ? 62 : 30) - 17);
        put(node, "number", arena_print(p->arena, "%zu", i + 1));
        put(node, "icon", words_channel_icon(channel_name(step->channels[0])));
        put(node, "title",
            arena_print(p->arena, "%zu. %s, %s, %s", i + 1, step_name_words(p->arena, step->id),
                        step_channel_words(p->arena, step),
                        step_day_words(p->arena, step->day)));
        put_true(node, "is_new", compared && !stands_in(other, step));
    }
}

static void lane_put(struct page *p, json_t *lanes, const char *title,
                     const struct ladder *ladder, const struct ladder *other, bool compared,
                     const struct axis *x)
{
    json_t *lane = list_add(lanes);

    put(lane, "lane", title);
    put(lane, "contacts",
        arena_print(p->arena, "up to %zu %s", ladder->step_count,
                    ladder->step_count == 1 ? "contact" : "contacts"));
    put(lane, "lane_words",
        arena_print(p->arena, "%s: %zu steps from day %d to day %d; %s.", ladder->name,
                    ladder->step_count, ladder->steps[0].day,
                    ladder->steps[ladder->step_count - 1].day,
                    ladder_end_words(p->arena, ladder)));
    put_int(lane, "left", LANE_LEFT);
    put_int(lane, "right", LANE_RIGHT);
    put_int(lane, "end_x",
            axis_x(x, ladder->steps[ladder->step_count - 1].day + ladder->end_after_days));
    put(lane, "end", ladder_end_words(p->arena, ladder));
    ticks_put(p, lane, x);
    nodes_put(p, lane, ladder, other, compared, x);
}

void ladder_pair_put(struct page *p, json_t *lanes, const struct ladder *live,
                     const struct ladder *draft)
{
    struct axis x = { 0, 0 };

    axis_take(&x, live);
    axis_take(&x, draft);
    if (live != NULL)
        lane_put(p, lanes, "Live", live, draft, true, &x);
    if (draft != NULL)
        lane_put(p, lanes, "Draft", draft, live, true, &x);
}

/* ---- Step by step ------------------------------------------------------------------------ */

static void examples_put(struct page *p, json_t *row, const struct step_reach *reach)
{
    json_t *list = put_list(row, "examples");

    for (size_t i = 0; i < reach->shown; i++) {
        const struct whatif_example *e = &reach->examples[i];
        json_t *one = list_add(list);
        put(one, "reference", e->reference);
        put(one, "name", e->name);
        put(one, "account",
            arena_print(p->arena, "/accounts/%s", url_encode(p->arena, e->reference)));
        put_true(one, "taken", strcmp(e->live, "taken") == 0);
    }
}

void strategy_reach_put(struct page *p, json_t *row, const struct strategy_reach *reach,
                        const char *ladder, const char *step)
{
    put_true(row, "counted", false);
    put_true(row, "any_today", false);
    put_true(row, "any_stopped", false);
    put_true(row, "any_coming", false);
    put_list(row, "examples");
    for (size_t i = 0; reach != NULL && i < reach->count; i++) {
        const struct step_reach *one = &reach->all[i];
        if (strcmp(one->ladder, ladder) != 0 || strcmp(one->step, step) != 0)
            continue;
        put_true(row, "counted", true);
        put(row, "today", words_count(p->arena, one->taken + one->coming));
        put(row, "today_words",
            one->taken + one->coming == 1 ? "account reaches it today"
                                          : "accounts reach it today");
        put_true(row, "any_today", one->taken + one->coming > 0);
        put(row, "coming", words_count(p->arena, one->coming));
        put_true(row, "any_coming", one->coming > 0);
        put(row, "stopped", words_count(p->arena, one->stopped));
        put_true(row, "any_stopped", one->stopped > 0);
        examples_put(p, row, one);
    }
}

static void step_put(struct page *p, json_t *list, const struct ladder *ladder, size_t at,
                     const struct strategy_reach *reach)
{
    const struct ladder_step *step = &ladder->steps[at];
    bool only_call = step->channel_count == 1 && step->channels[0] == CHANNEL_CALL;
    json_t *row = list_add(list);

    put(row, "number", arena_print(p->arena, "%zu", at + 1));
    put(row, "step", step_name_words(p->arena, step->id));
    put(row, "id", step->id);
    put_int(row, "day", step->day);
    put(row, "day_words", step_day_words(p->arena, step->day));
    put(row, "icon", words_channel_icon(channel_name(step->channels[0])));
    put(row, "channels", step_channel_words(p->arena, step));
    put(row, "template", step->template);
    put(row, "text_link",
        only_call ? "" : arena_print(p->arena, "/templates/en/%s", step->template));
    put(row, "when", step->when_text != NULL ? condition_words(p->arena, step->when_text) : "");
    put(row, "when_code", step->when_text != NULL ? step->when_text : "");
    strategy_reach_put(p, row, reach, ladder->name, step->id);
}

void strategy_ladders_put(struct page *p, json_t *into, const struct strategy *s,
                          const struct strategy_reach *reach)
{
    json_t *ladders = put_list(into, "ladders");

    for (size_t i = 0; i < s->ladder_count; i++) {
        const struct ladder *ladder = &s->ladders[i];
        struct axis x = { 0, 0 };
        json_t *row = list_add(ladders);
        const char *segments = "";
        axis_take(&x, ladder);
        for (size_t k = 0; k < s->segment_count; k++) {
            if (s->segments[k].ladder == ladder)
                segments = arena_print(p->arena, "%s%s%s", segments,
                                       *segments == '\0' ? "" : ", ", s->segments[k].name);
        }
        put(row, "ladder", ladder->name);
        put_int(row, "ladder_number", (int64_t)i + 1);
        put(row, "of_segments", segments);
        put(row, "rules", ladder_rules_words(p->arena, ladder));
        put(row, "ends", ladder_end_words(p->arena, ladder));
        lane_put(p, put_list(row, "lanes"), "", ladder, NULL, false, &x);
        json_t *steps = put_list(row, "steps");
        for (size_t k = 0; k < ladder->step_count; k++)
            step_put(p, steps, ladder, k, reach);
    }
}

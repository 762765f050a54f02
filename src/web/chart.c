#include "web/chart.h"

#include <stdio.h>

int64_t chart_step(int64_t most, int steps)
{
    static const int64_t nice[] = { 1, 2, 5 };

    for (int64_t unit = 1; unit < INT64_MAX / 100; unit *= 10) {
        for (size_t i = 0; i < COUNT(nice); i++) {
            if (nice[i] * unit * steps >= most)
                return nice[i] * unit;
        }
    }
    return INT64_MAX / 16;
}

static int64_t scaled(int64_t part, int64_t whole, int64_t height)
{
    if (whole <= 0 || part <= 0)
        return 0;
    return (int64_t)((__extension__(__int128) part * height + whole / 2) / whole);
}

static void bar_put(json_t *bar, int64_t x, int64_t bottom, int64_t width, int64_t height)
{
    put_int(bar, "x", x);
    put_int(bar, "y", bottom - height);
    put_int(bar, "width", width);
    put_int(bar, "height", height);
    put_int(bar, "middle", x + width / 2);
    put_int(bar, "above", bottom - height - 8);
}

/* ---- Ageing ----------------------------------------------------------------------------- */

enum { AGE_WIDTH = 600, AGE_TOP = 46, AGE_BOTTOM = 282, AGE_GAP = 14 };

static const char *const age_tones[AGE_RANGES] = { "a0", "a1", "a2", "a3", "a4", "a5" };

void chart_ageing(struct page *p, json_t *object, const struct health *h)
{
    const struct ageing *a = h->ageing;
    json_t *chart = put_object(object, "ageing"), *bars = put_list(chart, "bars");
    int64_t most = 0, slot = (AGE_WIDTH + AGE_GAP) / AGE_RANGES;

    for (size_t i = 0; i < AGE_RANGES; i++)
        most = a->range_minor[i] > most ? a->range_minor[i] : most;
    for (size_t i = 0; i < AGE_RANGES; i++) {
        json_t *bar = list_add(bars);
        int64_t minor = a->range_minor[i];
        bar_put(bar, (int64_t)i * slot, AGE_BOTTOM, slot - AGE_GAP,
                scaled(minor, most, AGE_BOTTOM - AGE_TOP));
        put(bar, "tone", age_tones[i]);
        put(bar, "label", age_ranges[i].title);
        put(bar, "amount", words_money(p->arena, minor, h->currency));
        put(bar, "short", words_money_short(p->arena, minor, h->currency));
        put(bar, "share", words_percent(p->arena, minor, a->open_minor));
        put(bar, "debts", words_count(p->arena, a->range_debts[i]));
        put_int(bar, "over", AGE_BOTTOM - scaled(minor, most, AGE_BOTTOM - AGE_TOP) - 24);
    }
    put_int(chart, "bottom", AGE_BOTTOM);
    put_int(chart, "text", AGE_BOTTOM + 20);
    put_int(chart, "width", AGE_WIDTH);
    put_int(chart, "height", AGE_BOTTOM + 30);
}

/* ---- Months ----------------------------------------------------------------------------- */

enum { MONTH_LEFT = 62, MONTH_SLOT = 30, MONTH_BAR = 22, MONTH_TOP = 22, MONTH_BOTTOM = 236 };

static int64_t months_scale(struct page *p, json_t *chart, const struct health *h)
{
    int64_t most = 1;

    for (int i = 0; i < HEALTH_MONTHS; i++)
        most = h->months[i].minor > most ? h->months[i].minor : most;
    int64_t step = chart_step(most, 4), top = (most + step - 1) / step * step;
    json_t *lines = put_list(chart, "lines");
    for (int64_t at = 0; at <= top; at += step) {
        json_t *line = list_add(lines);
        int64_t y = MONTH_BOTTOM - scaled(at, top, MONTH_BOTTOM - MONTH_TOP);
        put_int(line, "y", y);
        put_int(line, "text", y + 4);
        put(line, "label", words_money_short(p->arena, at, h->currency));
        put_true(line, "is_axis", at == 0);
    }
    return top;
}

static void month_put(struct page *p, json_t *bar, const struct health *h, int i, int64_t top)
{
    const struct health_month *m = &h->months[i];
    bool last = i + 1 == HEALTH_MONTHS;

    bar_put(bar, MONTH_LEFT + i * MONTH_SLOT, MONTH_BOTTOM, MONTH_BAR,
            scaled(m->minor, top, MONTH_BOTTOM - MONTH_TOP));
    put(bar, "name", arena_print(p->arena, "%s %d", words_month(m->month), m->year));
    put(bar, "amount", words_money(p->arena, m->minor, h->currency));
    put_true(bar, "is_last", last);
    if (last || (HEALTH_MONTHS - 1 - i) % 3 == 0)
        put(bar, "label", words_month(m->month));
    if (m->month == 1 || (i == 0 && m->month <= 10))
        put(bar, "year", arena_print(p->arena, "%d", m->year));
    put_true(bar, "is_half", !last && (HEALTH_MONTHS - 1 - i) % 6 != 0);
}

void chart_months(struct page *p, json_t *object, const struct health *h)
{
    json_t *chart = put_object(object, "months"), *bars;
    int64_t top = months_scale(p, chart, h), sum = 0;

    bars = put_list(chart, "bars");
    for (int i = 0; i < HEALTH_MONTHS; i++) {
        month_put(p, list_add(bars), h, i, top);
        sum += i + 1 < HEALTH_MONTHS && i >= HEALTH_MONTHS - 13 ? h->months[i].minor : 0;
    }
    put_int(chart, "left", MONTH_LEFT);
    put_int(chart, "tick", MONTH_LEFT - 8);
    put_int(chart, "right", MONTH_LEFT + HEALTH_MONTHS * MONTH_SLOT);
    put_int(chart, "text", MONTH_BOTTOM + 18);
    put_int(chart, "year_text", MONTH_BOTTOM + 33);
    put_int(chart, "width", MONTH_LEFT + HEALTH_MONTHS * MONTH_SLOT + 2);
    put_int(chart, "height", MONTH_BOTTOM + 40);
    put(chart, "usual", words_money_short(p->arena, sum / 12, h->currency));
}

#include "web/chart.h"

#include "base/sort.h"

#include <stdio.h>
#include <string.h>

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

int64_t chart_scaled(int64_t part, int64_t whole, int64_t length)
{
    if (whole <= 0 || part <= 0)
        return 0;
    return (int64_t)((__extension__(__int128) part * length + whole / 2) / whole);
}

static void head_put(json_t *chart, const char *id, const char *title, const char *description,
                     struct chart_box box)
{
    put(chart, "id", id);
    put(chart, "chart_title", title);
    put(chart, "chart_words", description);
    put_int(chart, "view_width", box.width);
    put_int(chart, "view_height", box.height);
}

/* ---- Lines: scale and places ----------------------------------------------------------------
 */

enum { GRID_LINES = 4, TICK_BELOW = 17, LABEL_APART = 13, LABEL_BESIDE = 7 };

static const char *const tones[] = { "5", "1", "2", "3", "4" };

static int64_t y_of(const struct chart_lines *c, int64_t value)
{
    int64_t span = c->to - c->from, up = value - c->from;

    return c->box.bottom - chart_scaled(up < 0 ? 0 : up, span, c->box.bottom - c->box.top);
}

static int64_t x_of(const struct chart_lines *c, size_t place)
{
    if (c->places < 2)
        return c->box.left;
    return c->box.left +
           (int64_t)place * (c->box.right - c->box.left) / (int64_t)(c->places - 1);
}

/* From 0, or from a round number, to one that holds every value. */
static int64_t scale_find(struct chart_lines *c)
{
    int64_t most = 1;

    if (c->from != c->to)
        return chart_step(c->to - c->from, GRID_LINES);
    for (size_t i = 0; i < c->series_count; i++) {
        for (size_t k = 0; k < c->series[i].count; k++)
            most = c->series[i].values[k] > most ? c->series[i].values[k] : most;
    }
    if (c->target_label != NULL && c->target > most)
        most = c->target;
    int64_t step = chart_step(most, GRID_LINES);
    c->to = (most + step - 1) / step * step;
    return step;
}

static void grid_put(struct page *p, json_t *chart, const struct chart_lines *c, int64_t step)
{
    json_t *grid = put_list(chart, "grid"), *ticks = put_list(chart, "ticks");

    for (int64_t value = c->from; value <= c->to; value += step) {
        json_t *line = list_add(grid);
        put_int(line, "y", y_of(c, value));
        put_int(line, "text_y", y_of(c, value) + 4);
        put(line, "label", c->say(c->self, p->arena, value));
        put_true(line, "is_axis", value == c->from);
    }
    for (size_t i = 0; i < c->places; i++) {
        if (c->names[i] == NULL || c->names[i][0] == '\0')
            continue;
        json_t *tick = list_add(ticks);
        put_int(tick, "x", x_of(c, i));
        put(tick, "label", c->names[i]);
    }
    put_int(chart, "left", c->box.left);
    put_int(chart, "right", c->box.right);
    put_int(chart, "scale_x", c->box.left - 7);
    put_int(chart, "tick_y", c->box.bottom + TICK_BELOW);
}

/* ---- Lines: series --------------------------------------------------------------------------
 */

static const char *points_of(struct page *p, const struct chart_lines *c,
                             const struct chart_series *s)
{
    struct text points = { 0 };

    for (size_t i = 0; i < s->count; i++)
        text_add_print(&points, "%s%lld,%lld", i > 0 ? " " : "",
                       (long long)x_of(c, s->first + i), (long long)y_of(c, s->values[i]));
    const char *copy = arena_copy(p->arena, text_of(&points));
    text_free(&points);
    return copy;
}

static void dots_put(json_t *series, const struct chart_lines *c, const struct chart_series *s)
{
    json_t *dots = put_list(series, "dots");

    for (size_t i = 0; i < s->count; i++) {
        bool last = i + 1 == s->count;
        if (s->titles == NULL && (!last || s->tone == 0))
            continue;
        json_t *dot = list_add(dots);
        put_int(dot, "x", x_of(c, s->first + i));
        put_int(dot, "y", y_of(c, s->values[i]));
        put(dot, "dot_title", s->titles != NULL ? s->titles[i] : "");
        put(dot, "dot_link", s->links != NULL ? s->links[i] : "");
        put_true(dot, "is_shown", last && s->tone != 0);
    }
}

static void series_put(struct page *p, json_t *list, const struct chart_lines *c,
                       const struct chart_series *s)
{
    json_t *series = list_add(list);

    put(series, "tone", tones[s->tone]);
    put(series, "points", points_of(p, c, s));
    put_true(series, "is_thick", s->thick);
    put_true(series, "is_dashed", s->dashed);
    dots_put(series, c, s);
}

/* Names at the ends of lines; those that would cover each other move apart. */
struct end_label {
    int64_t x, y;
    const struct chart_series *series;
};

static int compare_ends(const void *left, const void *right)
{
    const struct end_label *a = left, *b = right;

    return (a->y > b->y) - (a->y < b->y);
}

static void labels_put(struct page *p, json_t *chart, const struct chart_lines *c)
{
    json_t *list = put_list(chart, "labels");
    struct end_label *ends = arena_array(p->arena, struct end_label, c->series_count + 1);
    size_t count = 0;

    for (size_t i = 0; i < c->series_count; i++) {
        const struct chart_series *s = &c->series[i];
        if (s->label != NULL && s->count > 0)
            ends[count++] = (struct end_label){ x_of(c, s->first + s->count - 1),
                                                y_of(c, s->values[s->count - 1]), s };
    }
    sort_array(ends, count, sizeof *ends, compare_ends);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < i; k++) {
            bool near = ends[i].x - ends[k].x < 60 && ends[k].x - ends[i].x < 60;
            if (near && ends[i].y < ends[k].y + LABEL_APART)
                ends[i].y = ends[k].y + LABEL_APART;
        }
        json_t *label = list_add(list);
        put_int(label, "x", ends[i].x + LABEL_BESIDE);
        put_int(label, "y", ends[i].y + 4);
        put(label, "tone", tones[ends[i].series->tone]);
        put(label, "text", ends[i].series->label);
    }
}

/* ---- Lines: what else is drawn
 * --------------------------------------------------------------- */

static void between_put(json_t *chart, const struct chart_lines *c)
{
    const struct chart_series *a = &c->series[0], *b = &c->series[1];
    struct text path = { 0 };

    if (!c->fill_between || c->series_count < 2 || a->count < 2 || a->count != b->count)
        return;
    for (size_t i = 0; i < a->count; i++)
        text_add_print(&path, "%s%lld %lld", i == 0 ? "M" : "L",
                       (long long)x_of(c, a->first + i), (long long)y_of(c, a->values[i]));
    for (size_t i = b->count; i-- > 0;)
        text_add_print(&path, "L%lld %lld", (long long)x_of(c, b->first + i),
                       (long long)y_of(c, b->values[i]));
    text_add(&path, "Z");
    put(chart, "area", text_of(&path));
    text_free(&path);
    if (c->between == NULL)
        return;
    size_t middle = a->count / 2;
    put(chart, "between", c->between);
    put_int(chart, "between_x", x_of(c, a->first + middle));
    put_int(chart, "between_y",
            (y_of(c, a->values[middle]) + y_of(c, b->values[middle])) / 2 + 4);
}

static void marks_put(json_t *chart, const struct chart_lines *c)
{
    json_t *across = put_list(chart, "across"), *through = put_list(chart, "through");

    if (c->target_label != NULL && c->target >= c->from && c->target <= c->to) {
        json_t *line = list_add(across);
        put_int(line, "y", y_of(c, c->target));
        put_int(line, "text_y", y_of(c, c->target) - 5);
        put(line, "label", c->target_label);
    }
    if (c->mark_label != NULL && c->mark >= 0 && (size_t)c->mark < c->places) {
        json_t *line = list_add(through);
        put_int(line, "x", x_of(c, (size_t)c->mark));
        put_int(line, "text_x", x_of(c, (size_t)c->mark) + 6);
        put_int(line, "top", c->box.top);
        put_int(line, "bottom", c->box.bottom);
        put(line, "label", c->mark_label);
    }
}

void chart_lines_put(struct page *p, json_t *object, const char *id, const char *title,
                     const char *description, const struct chart_lines *wanted)
{
    json_t *chart = put_object(object, "chart");
    struct chart_lines c = *wanted;
    int64_t step = scale_find(&c);

    head_put(chart, id, title, description, c.box);
    grid_put(p, chart, &c, step);
    json_t *series = put_list(chart, "series");
    for (size_t i = 0; i < c.series_count; i++)
        series_put(p, series, &c, &c.series[i]);
    labels_put(p, chart, &c);
    between_put(chart, &c);
    marks_put(chart, &c);
}

/* ---- Sparks
 * ----------------------------------------------------------------------------------- */

enum { SPARK_WIDTH = 76, SPARK_TOP = 3, SPARK_BOTTOM = 21, SPARK_SIDE = 3 };

void chart_spark_put(json_t *object, size_t count, const int64_t values[], const bool known[],
                     int tone)
{
    int64_t least = INT64_MAX, most = INT64_MIN, x = 0, y = 0;
    struct text points = { 0 };
    size_t shown = 0;

    for (size_t i = 0; i < count; i++) {
        if (!known[i])
            continue;
        least = values[i] < least ? values[i] : least;
        most = values[i] > most ? values[i] : most;
        shown++;
    }
    for (size_t i = 0; i < count && shown > 1; i++) {
        if (!known[i])
            continue;
        x = SPARK_SIDE + (int64_t)i * (SPARK_WIDTH - 2 * SPARK_SIDE) / (int64_t)(count - 1);
        y = most == least ? (SPARK_TOP + SPARK_BOTTOM) / 2
                          : SPARK_BOTTOM - chart_scaled(values[i] - least, most - least,
                                                        SPARK_BOTTOM - SPARK_TOP);
        text_add_print(&points, "%s%lld,%lld", points.length > 0 ? " " : "", (long long)x,
                       (long long)y);
    }
    if (shown > 1) {
        json_t *spark = put_object(object, "spark");
        put(spark, "points", text_of(&points));
        put(spark, "tone", tones[tone]);
        put_int(spark, "x", x);
        put_int(spark, "y", y);
    }
    text_free(&points);
}

/* Bars of all kinds, and hours of the week. */
#include "web/chart.h"

static void mark_put(json_t *mark, int64_t x, int64_t y, int64_t width, int64_t height,
                     const char *tone, const char *title, const char *link)
{
    put_int(mark, "x", x);
    put_int(mark, "y", y);
    put_int(mark, "mark_width", width);
    put_int(mark, "mark_height", height);
    put(mark, "tone", tone);
    put(mark, "mark_title", title != NULL ? title : "");
    put(mark, "mark_link", link != NULL ? link : "");
}

static json_t *chart_begin(json_t *object, const char *id, const char *title,
                           const char *description, int width, int height)
{
    json_t *chart = put_object(object, "chart");

    put(chart, "id", id);
    put(chart, "chart_title", title);
    put(chart, "chart_words", description);
    put_int(chart, "view_width", width);
    put_int(chart, "view_height", height);
    return chart;
}

/* ---- Columns
 * ---------------------------------------------------------------------------------- */

enum { COLUMN_GAP = 14 };

void chart_columns_put(json_t *object, const char *id, const char *title,
                       const char *description, struct chart_box box, size_t count,
                       const struct chart_column columns[])
{
    json_t *chart = chart_begin(object, id, title, description, box.width, box.height);
    json_t *marks = put_list(chart, "marks");
    int64_t slot = (box.right - box.left + COLUMN_GAP) / (int64_t)count, most = 1;

    for (size_t i = 0; i < count; i++)
        most = columns[i].value > most ? columns[i].value : most;
    for (size_t i = 0; i < count; i++) {
        const struct chart_column *c = &columns[i];
        int64_t height = chart_scaled(c->value, most, box.bottom - box.top);
        int64_t x = box.left + (int64_t)i * slot;
        json_t *mark = list_add(marks);
        mark_put(mark, x, box.bottom - height, slot - COLUMN_GAP, height, c->tone, c->title,
                 c->link);
        put_int(mark, "middle", x + (slot - COLUMN_GAP) / 2);
        put_int(mark, "over", box.bottom - height - (c->below_above != NULL ? 23 : 8));
        put_int(mark, "under", box.bottom - height - 8);
        put(mark, "above", c->above);
        put(mark, "below_above", c->below_above != NULL ? c->below_above : "");
        put(mark, "name", c->name);
    }
    put_int(chart, "left", box.left);
    put_int(chart, "right", box.right);
    put_int(chart, "axis_y", box.bottom);
    put_int(chart, "name_y", box.bottom + 18);
}

/* ---- Stacks
 * ----------------------------------------------------------------------------------- */

void chart_stacks_put(json_t *object, const char *id, const char *title,
                      const char *description, struct chart_box box, size_t count,
                      const struct chart_stack stacks[], const char *const tones[STACK_PARTS])
{
    enum { GAP = 5, BETWEEN = 1 };
    json_t *chart = chart_begin(object, id, title, description, box.width, box.height);
    json_t *marks = put_list(chart, "marks"), *names = put_list(chart, "names");
    int64_t slot = (box.right - box.left + GAP) / (int64_t)count, height = box.bottom - box.top;

    for (size_t i = 0; i < count; i++) {
        const struct chart_stack *s = &stacks[i];
        int64_t all = s->parts[0] + s->parts[1] + s->parts[2], below = 0;
        int64_t x = box.left + (int64_t)i * slot;
        for (int k = 0; k < STACK_PARTS && all > 0; k++) {
            int64_t from = chart_scaled(below, all, height);
            below += s->parts[k];
            int64_t to = chart_scaled(below, all, height);
            if (to - from > BETWEEN)
                mark_put(list_add(marks), x, box.bottom - to, slot - GAP, to - from - BETWEEN,
                         tones[k], s->titles[k], s->links[k]);
        }
        json_t *name = list_add(names);
        put_int(name, "x", x + (slot - GAP) / 2);
        put(name, "label", s->name != NULL ? s->name : "");
        put(name, "inside", s->inside);
    }
    put_int(chart, "name_y", box.bottom + 17);
    put_int(chart, "inside_y", box.bottom - 8);
}

/* ---- Lying bars
 * ------------------------------------------------------------------------------- */

void chart_bars_put(json_t *object, const char *id, const char *title, const char *description,
                    int width, int left, size_t count, const struct chart_bar bars[])
{
    enum { SLOT = 36, HEIGHT = 26, FIGURES = 62 };
    json_t *chart = chart_begin(object, id, title, description, width, (int)count * SLOT);
    json_t *marks = put_list(chart, "marks");
    int64_t most = 1;

    for (size_t i = 0; i < count; i++)
        most = bars[i].value > most ? bars[i].value : most;
    for (size_t i = 0; i < count; i++) {
        const struct chart_bar *b = &bars[i];
        int64_t y = (int64_t)i * SLOT + 3;
        int64_t length = chart_scaled(b->value, most, width - left - FIGURES);
        json_t *mark = list_add(marks);
        mark_put(mark, left, y, length > 1 ? length : 1, HEIGHT, b->tone, b->title, b->link);
        put(mark, "name", b->name);
        put_int(mark, "name_x", left - 10);
        put_int(mark, "name_y", y + 17);
        put(mark, "figure", b->figure);
        put(mark, "below", b->below != NULL ? b->below : "");
        put_int(mark, "figure_x", left + length + 8);
        put_int(mark, "figure_y", y + (b->below != NULL ? 12 : 17));
        put_int(mark, "below_y", y + 25);
    }
}

/* ---- Bullets
 * ---------------------------------------------------------------------------------- */

void chart_bullet_put(json_t *object, int64_t value, int64_t limit)
{
    enum { WIDTH = 240, LIMIT_AT = 200 };
    json_t *bullet = put_object(object, "bullet");
    int64_t length = chart_scaled(value, limit > 0 ? limit : 1, LIMIT_AT);

    put_int(bullet, "length", length < WIDTH ? length : WIDTH);
    put_int(bullet, "limit_x", LIMIT_AT);
    put_int(bullet, "view_width", WIDTH);
    put_true(bullet, "is_near", value * 10 >= limit * 9);
}

/* ---- Hours
 * ------------------------------------------------------------------------------------ */

/* Seven depths of one colour, from the least to the most of the picture. */
static const char *depth_of(int64_t tenths, int64_t most)
{
    static const char *const depths[] = { "q0", "q1", "q2", "q3", "q4", "q5", "q6" };
    int64_t depth = most > 0 ? tenths * 6 / most : 0;

    return depths[depth < 0 ? 0 : depth > 6 ? 6 : depth];
}

static void hour_put(struct page *p, json_t *cell, const struct chart_hour *h, int64_t x,
                     int64_t y, int64_t width, int64_t height, int64_t most)
{
    const char *tone = h->known    ? depth_of(h->tenths, most)
                       : h->closed ? "closed"
                       : h->few    ? "q1"
                                   : "nobody";

    mark_put(cell, x, y, width, height, tone, h->title, h->link);
    put_true(cell, "is_peak", h->peak);
    put_int(cell, "middle", x + width / 2);
    put_int(cell, "text_y", y + height / 2 + 4);
    put(cell, "figure", arena_print(p->arena, "%lld", (long long)((h->tenths + 5) / 10)));
}

static const char *hour_word(struct arena *a, int hour)
{
    return arena_print(a, "%d%s", hour % 12 == 0 ? 12 : hour % 12, hour < 12 ? "a" : "p");
}

void chart_hours_put(struct page *p, json_t *object, const char *id, const char *title,
                     const char *description, int first_hour, int last_hour,
                     const struct chart_hour hours[168])
{
    enum { LEFT = 37, SLOT_Y = 30, WIDTH = 560, TOP = 5 };
    static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
    json_t *chart = chart_begin(object, id, title, description, WIDTH, 7 * SLOT_Y + 26);
    json_t *marks = put_list(chart, "marks"), *names = put_list(chart, "names");
    json_t *ticks = put_list(chart, "ticks");
    int64_t slot = (WIDTH - LEFT) / (last_hour - first_hour + 1), most = 0;

    for (int i = 0; i < 168; i++)
        most = hours[i].known && hours[i].tenths > most ? hours[i].tenths : most;
    for (int day = 0; day < 7; day++) {
        json_t *name = list_add(names);
        put_int(name, "y", TOP + day * SLOT_Y + 18);
        put(name, "label", days[day]);
        for (int hour = first_hour; hour <= last_hour; hour++)
            hour_put(p, list_add(marks), &hours[day * 24 + hour],
                     LEFT + (hour - first_hour) * slot, TOP + day * SLOT_Y, slot - 2,
                     SLOT_Y - 2, most);
    }
    for (int hour = first_hour; hour <= last_hour; hour += 2) {
        json_t *tick = list_add(ticks);
        put_int(tick, "x", LEFT + (hour - first_hour) * slot + slot / 2);
        put(tick, "label", hour_word(p->arena, hour));
    }
    put_int(chart, "name_x", LEFT - 8);
    put_int(chart, "tick_y", 7 * SLOT_Y + 20);
}

/*
 * Chart: from figures to places in whole units, for templates that print SVG. No picture is
 * drawn here: a chart is lists of numbers and texts (templates/web/chart_*.html print them).
 *
 * Rules that hold for all: zero is the baseline of bars; one scale to a picture; at most four
 * coloured series, others grey; lines are named at their ends; every mark may have a link and
 * says in a title what it is. Values are tenths of whatever they are about, or minor units.
 */
#ifndef WEB_CHART_H
#define WEB_CHART_H

#include "web/page.h"

/* The size of a picture and of the room for its marks. */
struct chart_box {
    int width, height, left, right, top, bottom; /* bottom: where the axis lies */
};

/* A round number, so that `steps` of it reach `most`. */
int64_t chart_step(int64_t most, int steps);
/* So much of `whole`, on a length; 0 for what is not more than 0. */
int64_t chart_scaled(int64_t part, int64_t whole, int64_t length);

/* ---- Lines ------------------------------------------------------------------------------- */

struct chart_series {
    const char *label; /* at its end; NULL: none */
    int tone;          /* 1 to 4; 0: grey        */
    bool thick, dashed;
    size_t first, count; /* values stand at the places first, first + 1, … of the axis */
    const int64_t *values;
    const char *const *titles, *const *links; /* of each value; either may be NULL */
};

struct chart_lines {
    struct chart_box box;
    size_t places;            /* on the axis */
    const char *const *names; /* of places; NULL or "" for none */
    int64_t from, to;         /* of the scale; from == to: from 0 to what it takes */
    const char *(*say)(const void *self, struct arena *a, int64_t value); /* of the scale */
    const void *self;
    size_t series_count;
    const struct chart_series *series;
    bool fill_between;   /* the first two */
    const char *between; /* said in the middle of that */
    int mark;            /* a place with a line through it, and what it says; -1: none */
    const char *mark_label;
    int64_t target; /* a line across; only with a label */
    const char *target_label;
};

/* Into object: {width, height, grid, ticks, series, …}; `title` and `description` for those who
 * do not see it. `id` is one of the page. */
void chart_lines_put(struct page *p, json_t *object, const char *id, const char *title,
                     const char *description, const struct chart_lines *c);

/* A line without words: ten to twenty values in 76 × 24. `tone` as above. */
void chart_spark_put(json_t *object, size_t count, const int64_t values[], const bool known[],
                     int tone);

/* ---- Bars -------------------------------------------------------------------------------- */

/* Columns from zero. */
struct chart_column {
    const char *name, *above, *below_above, *title,
        *link; /* below_above: a second line there */
    int64_t value;
    const char *tone; /* a class */
};
void chart_columns_put(json_t *object, const char *id, const char *title,
                       const char *description, struct chart_box box, size_t count,
                       const struct chart_column columns[]);

/* Each column is a whole, cut into parts from below. */
enum { STACK_PARTS = 3 };
struct chart_stack {
    const char *name, *inside; /* inside: printed in the lowest part; "" for nothing */
    const char *titles[STACK_PARTS], *links[STACK_PARTS];
    int64_t parts[STACK_PARTS];
};
void chart_stacks_put(json_t *object, const char *id, const char *title,
                      const char *description, struct chart_box box, size_t count,
                      const struct chart_stack stacks[], const char *const tones[STACK_PARTS]);

/* Lying bars with a name before and figures behind. */
struct chart_bar {
    const char *name, *figure, *below, *title, *link;
    int64_t value;
    const char *tone;
};
void chart_bars_put(json_t *object, const char *id, const char *title, const char *description,
                    int width, int left, size_t count, const struct chart_bar bars[]);

/* How far a figure is from its limit, which stands at five sixths. */
void chart_bullet_put(json_t *object, int64_t value, int64_t limit);

/* ---- Hours of the week ---------------------------------------------------------------------
 */

struct chart_hour {
    bool closed, known, few; /* few: too few to say a share */
    int64_t tenths; /* a share */
    const char *title, *link;
    bool peak; /* its figure is printed */
};
void chart_hours_put(struct page *p, json_t *object, const char *id, const char *title,
                     const char *description, int first_hour, int last_hour,
                     const struct chart_hour hours[168]);

#endif

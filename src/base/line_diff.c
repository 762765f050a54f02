#include "base/line_diff.h"

#include <string.h>

enum { CELLS_MOST = 4 * 1000 * 1000 };

struct lines {
    size_t count;
    const char **all;
};

struct diffing {
    struct arena *a;
    struct lines olds, news;
    struct line_changes out;
    size_t room;
};

static struct lines lines_of(struct arena *a, const char *text)
{
    struct lines lines = { 0 };
    size_t room = 0;

    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        *arena_push(a, lines.all, lines.count, room) = arena_copy_n(a, text, length);
        text += length + (text[length] == '\n');
    }
    return lines;
}

static void add(struct diffing *d, char mark, size_t old_at, size_t new_at)
{
    *arena_push(d->a, d->out.all, d->out.count, d->room) =
        (struct line_change){ mark, mark == '+' ? 0 : (int)old_at + 1,
                              mark == '-' ? 0 : (int)new_at + 1,
                              mark == '+' ? d->news.all[new_at] : d->olds.all[old_at] };
    d->out.added += mark == '+';
    d->out.removed += mark == '-';
}

static bool same(const struct diffing *d, size_t old_at, size_t new_at)
{
    return strcmp(d->olds.all[old_at], d->news.all[new_at]) == 0;
}

/* Length of the longest common row of lines from each pair of places on. */
static int32_t *common_rows(struct diffing *d, size_t from, size_t olds, size_t news)
{
    size_t width = news - from + 1, height = olds - from + 1;
    int32_t *cells = arena_alloc(d->a, width * height * sizeof *cells);

    memset(cells, 0, width * height * sizeof *cells);
    for (size_t o = olds; o-- > from;) {
        for (size_t n = news; n-- > from;) {
            int32_t *cell = &cells[(o - from) * width + (n - from)];
            *cell = same(d, o, n)            ? cell[width + 1] + 1
                    : cell[width] >= cell[1] ? cell[width]
                                             : cell[1];
        }
    }
    return cells;
}

/* What lies between the lines that both begin and end with. */
static void walk(struct diffing *d, size_t from, size_t olds, size_t news)
{
    size_t o = from, n = from, width = news - from + 1;
    int32_t *cells =
        width * (olds - from + 1) <= CELLS_MOST ? common_rows(d, from, olds, news) : NULL;

    while (cells != NULL && o < olds && n < news) {
        const int32_t *cell = &cells[(o - from) * width + (n - from)];
        if (same(d, o, n)) {
            add(d, ' ', o, n);
            o++;
            n++;
        } else if (cell[width] >= cell[1]) {
            add(d, '-', o++, n);
        } else {
            add(d, '+', o, n++);
        }
    }
    for (; o < olds; o++)
        add(d, '-', o, n);
    for (; n < news; n++)
        add(d, '+', o, n);
}

static bool is_near(const struct line_changes *c, size_t at, size_t around)
{
    size_t from = at > around ? at - around : 0;

    for (size_t i = from; i < c->count && i <= at + around; i++) {
        if (c->all[i].mark != ' ')
            return true;
    }
    return false;
}

static struct line_changes near_alone(struct arena *a, const struct line_changes *c,
                                      size_t around)
{
    struct line_changes out = { .added = c->added, .removed = c->removed };
    size_t room = 0;
    bool gap = false;

    for (size_t i = 0; i < c->count; i++) {
        if (!is_near(c, i, around)) {
            gap = true;
            continue;
        }
        if (gap && out.count > 0)
            *arena_push(a, out.all, out.count, room) = (struct line_change){ '.', 0, 0, "" };
        gap = false;
        *arena_push(a, out.all, out.count, room) = c->all[i];
    }
    return out;
}

struct line_changes line_diff(struct arena *a, const char *old_text, const char *new_text,
                              int around)
{
    struct diffing d = { .a = a, .olds = lines_of(a, old_text), .news = lines_of(a, new_text) };
    size_t from = 0, olds = d.olds.count, news = d.news.count;

    while (from < olds && from < news && same(&d, from, from)) {
        add(&d, ' ', from, from);
        from++;
    }
    while (olds > from && news > from && same(&d, olds - 1, news - 1)) {
        olds--;
        news--;
    }
    walk(&d, from, olds, news);
    for (; olds < d.olds.count; olds++, news++)
        add(&d, ' ', olds, news);
    return near_alone(a, &d.out, (size_t)around);
}

#include "formats/letter_setter.h"

enum { PAGES_MOST = 200, COLUMNS_MOST = 12 };

static const struct words_style body_style = { 10, 13.6, false, WORDS_START };
static const struct words_style strong_style = { 10, 13.6, true, WORDS_START };
static const struct words_style table_style = { 9, 12.5, false, WORDS_START };
static const struct words_style figures_style = { 9, 12.5, false, WORDS_FIGURES };

static const double column_gap = 10;
static const double hairline = 0.5;
static const double total_height = 22;

double setter_width(const struct setter *s)
{
    return s->width > 0 ? s->width : s->sheet->width - s->sheet->left - s->sheet->right;
}

static struct words_style scaled(const struct setter *s, const struct words_style *style)
{
    struct words_style made = *style;

    made.size *= s->scale;
    made.leading *= s->scale;
    return made;
}

static double room_left(const struct setter *s)
{
    return s->sheet->height - s->sheet->bottom - s->y;
}

static void new_page(struct setter *s)
{
    s->page++;
    s->y = s->sheet->top;
}

static void need_room(struct setter *s, double height)
{
    if (room_left(s) < height && s->y > s->sheet->top)
        new_page(s);
}

double setter_start_x(const struct setter *s, double from, double width)
{
    from += s->from;
    return s->document->right_to_left ? s->sheet->width - s->sheet->right - from - width
                                      : s->sheet->left + from;
}

/* Lines over as many pages as they need; never one line alone at the foot or the head. */
static void put_flowing(struct setter *s, const struct words *words, double x, double leading)
{
    size_t lines = words_line_count(words), at = 0;

    while (at < lines) {
        size_t left = lines - at,
               fits = room_left(s) > 0 ? (size_t)(room_left(s) / leading) : 0;
        if (fits < left) {
            if (left - fits == 1 && fits > 0)
                fits--;
            if ((fits < 2 || left <= 3) && s->y > s->sheet->top) {
                new_page(s);
                continue;
            }
        }
        size_t count = fits < left ? fits : left;
        count = count == 0 ? 1 : count;
        pages_put(s->pages, s->page, x, s->y, words, at, count);
        s->y += (double)count * leading;
        at += count;
    }
}

static void put_paragraph(struct setter *s, const struct letter_cell *cell)
{
    struct words_style body = scaled(s, &body_style);
    double width = setter_width(s);
    struct words *words = words_new(s->pages, cell, &body, width);

    put_flowing(s, words, setter_start_x(s, 0, width), body.leading);
    s->y += s->gap;
}

/* Stays with the first lines of what follows. */
static void put_heading(struct setter *s, const struct letter_cell *cell)
{
    struct words_style strong = scaled(s, &strong_style);
    double width = setter_width(s);
    struct words *words = words_new(s->pages, cell, &strong, width);

    s->y += 3;
    need_room(s, words_height(words) + 4 * strong.leading);
    put_flowing(s, words, setter_start_x(s, 0, width), strong.leading);
    s->y += 3;
}

/* Set apart by a bar at its side, so that nobody takes it for our own words. */
static void put_statement(struct setter *s, const struct letter_cell *cell)
{
    struct words_style body = scaled(s, &body_style);
    double inset = 11, width = setter_width(s) - inset;
    struct words *words = words_new(s->pages, cell, &body, width);
    double height = words_height(words);

    need_room(s, height);
    pages_fill(s->pages, s->page, setter_start_x(s, 0, 2), s->y, 2, height, 0.25);
    put_flowing(s, words, setter_start_x(s, inset, width), body.leading);
    s->y += s->gap;
}

static void put_list(struct setter *s, const struct letter_block *block)
{
    struct words_style body = scaled(s, &body_style);
    double inset = 13 * s->scale, width = setter_width(s) - inset;

    for (size_t i = 0; i < block->row_count; i++) {
        struct words *words = words_new(s->pages, &block->rows[i].cells[0], &body, width);
        need_room(s, words_line_count(words) < 2 ? body.leading : 2 * body.leading);
        struct words *dot = words_of_text(s->pages, "•", &body, inset - 3);
        pages_put(s->pages, s->page, setter_start_x(s, 2, inset - 3), s->y, dot, 0, 1);
        put_flowing(s, words, setter_start_x(s, inset, width), body.leading);
        s->y += s->gap / 2;
    }
    s->y += s->gap / 2;
}

/* A box of thin lines, drawn, so that no font has to have one. */
static void put_box(struct setter *s, double x, double y, double side)
{
    static const double line = 0.7, ink = 0.1;

    pages_fill(s->pages, s->page, x, y, side, line, ink);
    pages_fill(s->pages, s->page, x, y + side - line, side, line, ink);
    pages_fill(s->pages, s->page, x, y, line, side, ink);
    pages_fill(s->pages, s->page, x + side - line, y, line, side, ink);
}

static void put_choice(struct setter *s, const struct letter_block *block)
{
    struct words_style body = scaled(s, &body_style);
    double side = body.size, step = side * 1.7, whole = setter_width(s);

    for (size_t i = 0; i < block->row_count; i++) {
        double inset = block->inset[i] ? 2 * step : step, width = whole - inset;
        struct words *words = words_new(s->pages, &block->rows[i].cells[0], &body, width);
        need_room(s, words_height(words));
        put_box(s, setter_start_x(s, inset - step, side), s->y + (body.leading - side) / 2,
                side);
        put_flowing(s, words, setter_start_x(s, inset, width), body.leading);
        s->y += s->gap / 2;
    }
    s->y += s->gap / 2;
}

static void put_action(struct setter *s, const struct letter_block *block)
{
    const struct letter_cell *label = &block->rows[0].cells[0];
    struct letter_run runs[COLUMNS_MOST];
    struct letter_cell cell = { 0, runs };

    for (size_t i = 0; i < label->run_count && cell.run_count + 2 < COUNT(runs); i++)
        runs[cell.run_count++] = (struct letter_run){ label->runs[i].text, true };
    runs[cell.run_count++] = (struct letter_run){ ": ", true };
    runs[cell.run_count++] = (struct letter_run){ block->url, false };
    put_paragraph(s, &cell);
}

static double row_gap(const struct setter *s)
{
    return s->gap * 0.4;
}

/* ---- tables ------------------------------------------------------------------------------ */

struct table {
    const struct letter_block *block;
    size_t columns;
    double x[COLUMNS_MOST], width[COLUMNS_MOST];
    struct words **cells; /* row by row */
};

static struct words *cell_at(const struct table *t, size_t row, size_t column)
{
    return t->cells[row * t->columns + column];
}

static double column_need(const struct table *t, size_t column, double (*need)(struct words *))
{
    double most = 0;

    for (size_t i = 0; i < t->block->row_count; i++) {
        double width = need(cell_at(t, i, column));
        most = width > most ? width : most;
    }
    return most + 0.5; /* what rounding may take */
}

static double natural(struct words *words)
{
    words_break(words, -1);
    return words_width(words);
}

/*
 * Columns as wide as they like, the first taking what is left over. When there is too little,
 * every column gets its longest word (or figure), and shares the rest by what it lacks; when
 * even that is too much, all shrink alike and long words break.
 */
static void share_width(struct table *t, double whole)
{
    double least[COLUMNS_MOST], wanted = 0, least_sum = 0;

    whole -= column_gap * (double)(t->columns - 1);
    for (size_t j = 0; j < t->columns; j++) {
        t->width[j] = column_need(t, j, natural);
        wanted += t->width[j];
    }
    if (wanted <= whole) {
        t->width[0] += whole - wanted;
        return;
    }
    for (size_t j = 0; j < t->columns; j++) {
        least[j] = column_need(t, j, t->block->right[j] ? natural : words_narrowest);
        least[j] = least[j] < t->width[j] ? least[j] : t->width[j];
        least_sum += least[j];
    }
    for (size_t j = 0; j < t->columns; j++) {
        t->width[j] = least_sum >= whole
                          ? least[j] * whole / least_sum
                          : least[j] + (t->width[j] - least[j]) * (whole - least_sum) /
                                           (wanted - least_sum);
    }
}

static struct table table_of(struct setter *s, const struct letter_block *block)
{
    struct table t = { .block = block, .columns = block->rows[0].cell_count };
    double from = 0;

    must(t.columns > 0 && t.columns <= COLUMNS_MOST);
    t.cells = arena_array(s->a, struct words *, block->row_count * t.columns);
    for (size_t i = 0; i < block->row_count; i++) {
        for (size_t j = 0; j < t.columns; j++) {
            struct words_style style =
                scaled(s, block->right[j] ? &figures_style : &table_style);
            style.strong = i == 0;
            t.cells[i * t.columns + j] =
                words_new(s->pages, &block->rows[i].cells[j], &style, -1);
        }
    }
    share_width(&t, setter_width(s));
    for (size_t j = 0; j < t.columns; j++) {
        t.x[j] = setter_start_x(s, from, t.width[j]);
        from += t.width[j] + column_gap;
        for (size_t i = 0; i < block->row_count; i++)
            words_break(cell_at(&t, i, j), t.width[j]);
    }
    return t;
}

static double row_height(const struct setter *s, const struct table *t, size_t row)
{
    double most = table_style.leading * s->scale;

    for (size_t j = 0; j < t->columns; j++) {
        double height = words_height(cell_at(t, row, j));
        most = height > most ? height : most;
    }
    return most + 2 * row_gap(s);
}

/* Rows stand at the top of their cells; headings at the bottom, close to their column. */
static void put_row(struct setter *s, const struct table *t, size_t row)
{
    double height = row_height(s, t, row);
    bool heading = row == 0;

    for (size_t j = 0; j < t->columns; j++) {
        struct words *words = cell_at(t, row, j);
        double y =
            heading ? s->y + height - row_gap(s) - words_height(words) : s->y + row_gap(s);
        pages_put(s->pages, s->page, t->x[j], y, words, 0, words_line_count(words));
    }
    s->y += height;
    pages_fill(s->pages, s->page, setter_start_x(s, 0, setter_width(s)), s->y - hairline / 2,
               setter_width(s), heading ? 0.9 : hairline, heading ? 0.1 : 0.75);
}

/* The heading is set again on every page; the last row stays with the totals below it. */
static bool put_table(struct setter *s, const struct letter_block *block, double totals_height)
{
    struct table t = table_of(s, block);
    double head = row_height(s, &t, 0),
           page = s->sheet->height - s->sheet->top - s->sheet->bottom;

    for (size_t i = 1; i < block->row_count; i++) {
        double height = row_height(s, &t, i);
        double needed = height + (i + 1 == block->row_count ? totals_height : 0);
        if (head + height > page)
            return fail(s->why, BAD_VALUE,
                        "A row of the letter's table is higher than a page.");
        size_t before = s->page;
        need_room(s, needed + (i == 1 ? head : 0));
        if (i == 1 || s->page != before)
            put_row(s, &t, 0);
        put_row(s, &t, i);
    }
    s->last_x = t.x[t.columns - 1];
    s->last_width = t.width[t.columns - 1];
    s->y += totals_height > 0 ? 2 : s->gap + 2;
    return true;
}

/* ---- totals ------------------------------------------------------------------------------ */

static double totals_height_of(const struct letter_block *block)
{
    return block->kind == LETTER_TOTAL ? 6 + total_height * (double)block->row_count : 0;
}

/* The one grey ground of the letter: what it is all about. */
static void put_totals(struct setter *s, const struct letter_block *block)
{
    struct words_style label = scaled(s, &strong_style), amount = label;
    double y_inside = (total_height - label.leading) / 2, width = setter_width(s);

    amount.side = WORDS_FIGURES;
    need_room(s, totals_height_of(block));
    for (size_t i = 0; i < block->row_count; i++) {
        const struct letter_cell *cells = block->rows[i].cells;
        struct words *figures = words_new(s->pages, &cells[1], &amount, -1);
        double figures_width = words_width(figures) + 0.5;
        figures_width = figures_width > s->last_width ? figures_width : s->last_width;
        words_break(figures, figures_width);
        double label_width = width - figures_width - column_gap - 6;
        struct words *words = words_new(s->pages, &cells[0], &label, label_width);
        pages_fill(s->pages, s->page, setter_start_x(s, 0, width), s->y, width,
                   total_height - 2, 0.93);
        pages_put(s->pages, s->page, setter_start_x(s, 6, label_width), s->y + y_inside - 1,
                  words, 0, 1);
        pages_put(s->pages, s->page, setter_start_x(s, width - figures_width, figures_width),
                  s->y + y_inside - 1, figures, 0, 1);
        s->y += total_height;
    }
    s->y += s->gap + 1;
}

bool setter_put_block(struct setter *s, const struct letter_block *block,
                      const struct letter_block *next)
{
    switch (block->kind) {
    case LETTER_PARAGRAPH:
        put_paragraph(s, &block->rows[0].cells[0]);
        break;
    case LETTER_HEADING:
        put_heading(s, &block->rows[0].cells[0]);
        break;
    case LETTER_STATEMENT:
        put_statement(s, &block->rows[0].cells[0]);
        break;
    case LETTER_LIST:
        put_list(s, block);
        break;
    case LETTER_TABLE:
        if (!put_table(s, block, next == NULL ? 0 : totals_height_of(next)))
            return false;
        break;
    case LETTER_TOTAL:
        put_totals(s, block);
        break;
    case LETTER_ACTION:
        put_action(s, block);
        break;
    case LETTER_CHOICE:
        put_choice(s, block);
        break;
    }
    if (s->page >= PAGES_MOST)
        return fail(s->why, BAD_VALUE, "The letter has more than %d pages.", PAGES_MOST);
    return true;
}

/* The last words, a greeting and a name, do not stand on a page by themselves. */
static void keep_last_together(struct setter *s, const struct letter_block blocks[2])
{
    double height = s->gap;

    struct words_style body = scaled(s, &body_style);
    for (size_t i = 0; i < 2; i++) {
        if (blocks[i].kind != LETTER_PARAGRAPH)
            return;
        height += words_height(
            words_new(s->pages, &blocks[i].rows[0].cells[0], &body, setter_width(s)));
    }
    need_room(s, height);
}

bool setter_put_blocks(struct setter *s)
{
    const struct letter_document *d = s->document;

    for (size_t i = 0; i < d->block_count; i++) {
        const struct letter_block *next = i + 1 < d->block_count ? &d->blocks[i + 1] : NULL;
        if (i + 2 == d->block_count)
            keep_last_together(s, &d->blocks[i]);
        if (!setter_put_block(s, &d->blocks[i], next))
            return false;
    }
    return true;
}

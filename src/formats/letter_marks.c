#include "formats/letter_marks.h"

#include <string.h>

enum { COLUMNS_MOST = 12 };

struct reader {
    struct arena *a;
    const char *file;
    struct letter_block *blocks;
    size_t count, room;

    /* The block that is open: its rows, and the text of its last row. */
    enum letter_block_kind kind;
    enum letter_region region;
    bool open;
    const char **rows; /* still with their marks */
    size_t row_count, row_room;
    struct fault *why;
};

/* Ends where the line does; a backslash before the end asks for a break there. */
static bool takes_break(const char *line)
{
    size_t slashes = 0;

    for (const char *at = line + strlen(line); at > line && at[-1] == '\\'; at--)
        slashes++;
    return slashes % 2 == 1;
}

static void add_run(struct arena *a, struct letter_cell *cell, struct text *text, bool strong,
                    size_t *room)
{
    struct letter_run *runs = (struct letter_run *)cell->runs;

    if (text->length == 0)
        return;
    *arena_push(a, runs, cell->run_count, *room) =
        (struct letter_run){ arena_copy_n(a, text->bytes, text->length), strong };
    cell->runs = runs;
    text_clear(text);
}

/* Takes the marks inside a piece of text away: escapes, strong words, breaks. */
static struct letter_cell cell_of(struct arena *a, const char *marked)
{
    struct letter_cell cell = { 0 };
    struct text text = { 0 };
    size_t room = 0;
    bool strong = false;

    for (const char *at = marked; *at != '\0'; at++) {
        if (at[0] == '\\' && at[1] != '\0') {
            text_add_char(&text, *++at);
        } else if (at[0] == '\\') {
            continue; /* a break was asked for, and nothing follows */
        } else if (at[0] == '*' && at[1] == '*') {
            add_run(a, &cell, &text, strong, &room);
            strong = !strong;
            at++;
        } else {
            text_add_char(&text, *at);
        }
    }
    add_run(a, &cell, &text, strong, &room);
    text_free(&text);
    return cell;
}

/* Cuts a row at its bars; those at both ends are only decoration. */
static struct letter_row row_of(struct arena *a, const char *marked)
{
    struct letter_cell *cells = NULL;
    struct letter_row row = { 0 };
    size_t room = 0;
    const char *from = marked + (*marked == '|');

    for (const char *at = from;; at++) {
        if (at[0] == '\\' && at[1] != '\0') {
            at++;
            continue;
        }
        if (*at != '|' && *at != '\0')
            continue;
        const char *piece = text_trim(a, arena_copy_n(a, from, (size_t)(at - from)));
        if (*at == '|' || *piece != '\0')
            *arena_push(a, cells, row.cell_count, room) = cell_of(a, piece);
        if (*at == '\0')
            break;
        from = at + 1;
    }
    row.cells = cells;
    return row;
}

static const char *first_run(const struct letter_cell *cell)
{
    return cell->run_count == 0 ? "" : cell->runs[0].text;
}

/* "---" or "---:", under a heading; the colon says that the column holds figures. */
static bool is_rule_row(const struct letter_row *row, bool *right)
{
    for (size_t i = 0; i < row->cell_count; i++) {
        const char *text = first_run(&row->cells[i]);
        size_t dashes = strspn(text, "-");
        if (dashes == 0 || (text[dashes] != '\0' && strcmp(text + dashes, ":") != 0))
            return false;
        right[i] = text[dashes] == ':';
    }
    return true;
}

static bool close_table(struct reader *r, struct letter_block *block, struct letter_row *rows)
{
    size_t columns = rows[0].cell_count;
    bool *right = arena_array(r->a, bool, columns + 1);

    if (columns == 0 || columns > COLUMNS_MOST || r->row_count < 2 ||
        rows[1].cell_count != columns || !is_rule_row(&rows[1], right))
        return fail(r->why, BAD_FILE,
                    "%s: a table begins with its headings, then a row | --- | ---: |.",
                    r->file);
    for (size_t i = 2; i < r->row_count; i++) {
        if (rows[i].cell_count != columns)
            return fail(r->why, BAD_FILE, "%s: the table has %zu columns, its row %zu has %zu.",
                        r->file, columns, i - 1, rows[i].cell_count);
    }
    rows[1] = rows[0];
    block->rows = rows + 1;
    block->row_count = r->row_count - 1;
    block->right = right;
    return true;
}

/* Without the marks that keep a value's order in right-to-left text: a browser wants none. */
static const char *plain_url(struct arena *a, const char *url)
{
    static const char first[] = "\u2068", last[] = "\u2069";
    char *plain = arena_alloc(a, strlen(url) + 1);
    size_t length = 0;

    while (*url != '\0') {
        if (text_starts(url, first) || text_starts(url, last))
            url += strlen(first);
        else
            plain[length++] = *url++;
    }
    return plain;
}

/* "[label](url)" */
static bool close_action(struct reader *r, struct letter_block *block, struct letter_row *rows)
{
    const char *marked = r->rows[0], *middle = strstr(marked, "](");
    size_t length = strlen(marked);

    if (middle == NULL || marked[length - 1] != ')')
        return fail(r->why, BAD_FILE, "%s: an action is written [label](address): %s", r->file,
                    marked);
    struct letter_cell *cell = arena_make(r->a, struct letter_cell);
    block->quiet = marked[1] == '~';
    const char *label = marked + 1 + block->quiet;
    *cell = cell_of(r->a, arena_copy_n(r->a, label, (size_t)(middle - label)));
    rows[0] = (struct letter_row){ 1, cell };
    struct letter_cell url =
        cell_of(r->a, arena_copy_n(r->a, middle + 2, length - (size_t)(middle - marked) - 3));
    block->url = plain_url(r->a, first_run(&url));
    if (!text_starts(block->url, "https://") && !text_starts(block->url, "http://"))
        return fail(r->why, BAD_VALUE, "%s: \"%s\" is no web address.", r->file, block->url);
    return true;
}

/* Rows that were indented still begin with a blank. */
static void close_choice(struct reader *r, struct letter_block *block)
{
    bool *inset = arena_array(r->a, bool, r->row_count);

    for (size_t i = 0; i < r->row_count; i++) {
        inset[i] = r->rows[i][0] == ' ';
        r->rows[i] += inset[i];
    }
    block->inset = inset;
}

static bool close_block(struct reader *r)
{
    if (!r->open)
        return true;
    struct letter_row *rows = arena_array(r->a, struct letter_row, r->row_count);
    struct letter_block block = {
        .kind = r->kind, .region = r->region, .row_count = r->row_count, .rows = rows
    };
    bool in_columns = r->kind == LETTER_TABLE || r->kind == LETTER_TOTAL;

    if (r->kind == LETTER_CHOICE)
        close_choice(r, &block);
    for (size_t i = 0; i < r->row_count; i++) {
        struct letter_cell *cell = arena_make(r->a, struct letter_cell);
        if (in_columns) {
            rows[i] = row_of(r->a, r->rows[i]);
            continue;
        }
        *cell = cell_of(r->a, r->rows[i]);
        rows[i] = (struct letter_row){ 1, cell };
    }
    if (r->kind == LETTER_TABLE && !close_table(r, &block, rows))
        return false;
    if (r->kind == LETTER_ACTION && !close_action(r, &block, rows))
        return false;
    for (size_t i = 0; r->kind == LETTER_TOTAL && i < r->row_count; i++) {
        if (rows[i].cell_count != 2)
            return fail(r->why, BAD_FILE, "%s: a total is written = label | amount.", r->file);
    }
    *arena_push(r->a, r->blocks, r->count, r->room) = block;
    r->open = false;
    r->row_count = 0;
    return true;
}

/* Goes on with the row at hand: after a break if one was asked for, else after a blank. */
static void join_row(struct reader *r, const char *more)
{
    const char **last = &r->rows[r->row_count - 1];
    size_t length = strlen(*last);

    if (takes_break(*last))
        *last = arena_print(r->a, "%.*s\n%s", (int)(length - 1), *last, more);
    else
        *last = arena_print(r->a, "%s %s", *last, more);
}

/* Which kind of block a line belongs to, and the text after its mark. */
static enum letter_block_kind kind_of(const char **line)
{
    static const struct {
        const char *mark;
        enum letter_block_kind kind;
    } marks[] = {
        { "## ", LETTER_HEADING }, { "- ", LETTER_LIST },     { "> ", LETTER_STATEMENT },
        { "= ", LETTER_TOTAL },    { "[ ] ", LETTER_CHOICE },
    };

    for (size_t i = 0; i < COUNT(marks); i++) {
        if (text_starts(*line, marks[i].mark)) {
            *line += strlen(marks[i].mark);
            return marks[i].kind;
        }
    }
    return **line == '|' ? LETTER_TABLE : **line == '[' ? LETTER_ACTION : LETTER_PARAGRAPH;
}

/* "::: left": where the blocks that follow stand. */
static bool read_region(struct reader *r, const char *name)
{
    static const char *const names[] = {
#define X(code, region_name) region_name,
        LETTER_REGIONS(X)
#undef X
    };

    for (size_t i = 0; i < COUNT(names); i++) {
        if (strcmp(name, names[i]) == 0) {
            r->region = (enum letter_region)i;
            return true;
        }
    }
    return fail(r->why, BAD_FILE, "%s: there is no region \"%s\" on a page.", r->file, name);
}

static bool read_line(struct reader *r, char *line)
{
    static const char region[] = "::: ";
    bool indented = line[0] == ' ';
    const char *text = text_trim(r->a, line);

    if (*text == '\0')
        return close_block(r);
    if (text_starts(text, region))
        return close_block(r) && read_region(r, text + strlen(region));
    enum letter_block_kind kind = kind_of(&text);
    if (r->open && kind == LETTER_PARAGRAPH &&
        (r->kind == LETTER_PARAGRAPH ||
         ((r->kind == LETTER_LIST || r->kind == LETTER_CHOICE) && indented))) {
        join_row(r, text);
        return true;
    }
    if (r->open && kind == LETTER_STATEMENT && r->kind == kind) {
        join_row(r, text);
        return true;
    }
    if (r->open && (r->kind != kind || kind == LETTER_HEADING || kind == LETTER_ACTION) &&
        !close_block(r))
        return false;
    r->open = true;
    r->kind = kind;
    if (kind == LETTER_CHOICE && indented)
        text = arena_print(r->a, " %s", text);
    *arena_push(r->a, r->rows, r->row_count, r->row_room) = text;
    return true;
}

bool letter_marks_read(struct arena *a, const char *file, const char *text,
                       const struct letter_block **blocks, size_t *count, struct fault *why)
{
    struct reader r = { .a = a, .file = file, .why = why };
    char *rest = arena_copy(a, text), *line;

    while ((line = strsep(&rest, "\n")) != NULL) {
        if (!read_line(&r, line))
            return false;
    }
    if (!close_block(&r))
        return false;
    *blocks = r.blocks;
    *count = r.count;
    return true;
}

#include "flow/table.h"

#include "base/json.h"
#include "base/sort.h"

#include <inttypes.h>
#include <string.h>

void sheet_field(struct sheet *sheet, const char *key, const char *value)
{
    must(sheet->field_count < COUNT(sheet->fields));
    sheet->fields[sheet->field_count++] =
        (struct sheet_field){ key, arena_copy(&sheet->arena, value) };
}

struct table *sheet_table(struct sheet *sheet, const char *name, const char *empty,
                          size_t column_count, const struct table_column *columns)
{
    must(sheet->table_count < COUNT(sheet->tables));
    struct table *t = &sheet->tables[sheet->table_count++];
    *t = (struct table){ .name = name,
                         .empty = empty,
                         .column_count = column_count,
                         .columns = columns,
                         .arena = &sheet->arena };
    return t;
}

void sheet_free(struct sheet *sheet)
{
    arena_free(&sheet->arena);
}

static struct table_cell *cell_add(struct table *t)
{
    return arena_push(t->arena, t->cells, t->cell_count, t->room);
}

void table_text(struct table *t, const char *text)
{
    if (text == NULL)
        table_none(t);
    else
        *cell_add(t) =
            (struct table_cell){ .holds = CELL_IS_TEXT, .text = arena_copy(t->arena, text) };
}

void table_count(struct table *t, int64_t count)
{
    *cell_add(t) = (struct table_cell){ .holds = CELL_IS_COUNT, .count = count };
}

void table_money(struct table *t, struct money money)
{
    *cell_add(t) = (struct table_cell){ .holds = CELL_IS_MONEY, .money = money };
}

void table_none(struct table *t)
{
    *cell_add(t) = (struct table_cell){ .holds = CELL_IS_NONE };
}

static size_t row_count(const struct table *t)
{
    must(t->cell_count % t->column_count == 0);
    return t->cell_count / t->column_count;
}

static const struct table_cell *cell_at(const struct table *t, size_t row, size_t column)
{
    return &t->cells[row * t->column_count + column];
}

struct sorted_row {
    const char *text;
    const struct table_cell *cells;
};

static int compare_rows(const void *left, const void *right)
{
    const struct sorted_row *a = left, *b = right;
    int order = strcmp(a->text, b->text);

    return order != 0 ? order : (a->cells > b->cells) - (a->cells < b->cells);
}

void table_sort(struct table *t, size_t column)
{
    size_t rows = row_count(t), size = t->column_count * sizeof *t->cells;
    struct sorted_row *sorted = arena_array(t->arena, struct sorted_row, rows);
    bool is_sorted = true;

    for (size_t i = 0; i < rows; i++) {
        sorted[i] = (struct sorted_row){ cell_at(t, i, column)->text, cell_at(t, i, 0) };
        must(cell_at(t, i, column)->holds == CELL_IS_TEXT);
        is_sorted = is_sorted && (i == 0 || compare_rows(&sorted[i - 1], &sorted[i]) < 0);
    }
    if (is_sorted)
        return;
    sort_array(sorted, rows, sizeof *sorted, compare_rows);
    struct table_cell *cells = arena_array(t->arena, struct table_cell, t->cell_count);
    for (size_t i = 0; i < rows; i++)
        memcpy(&cells[i * t->column_count], sorted[i].cells, size);
    t->cells = cells;
    t->room = t->cell_count;
}

/* As a program reads it: "" for nothing. */
static const char *cell_plain(const struct table_cell *cell, char out[MONEY_TEXT])
{
    switch (cell->holds) {
    case CELL_IS_TEXT:
        return cell->text;
    case CELL_IS_COUNT:
        snprintf(out, MONEY_TEXT, "%" PRId64, cell->count);
        return out;
    case CELL_IS_MONEY:
        return money_print(cell->money, out);
    case CELL_IS_NONE:
        break;
    }
    return "";
}

static const char *cell_shown(const struct table_cell *cell, enum cell_kind kind,
                              char out[MONEY_TEXT])
{
    if (cell->holds == CELL_IS_MONEY)
        return money_show(cell->money, out);
    if (cell->holds == CELL_IS_NONE && kind == CELL_DECIMAL)
        return "n/a";
    return cell_plain(cell, out);
}

static size_t width_of(const char *text)
{
    size_t width = 0;

    for (; *text != '\0'; text++)
        width += ((unsigned char)*text & 0xc0) != 0x80;
    return width;
}

static void pad(size_t width, FILE *out)
{
    for (size_t i = 0; i < width; i++)
        fputc(' ', out);
}

/* A tab or a new line inside a value would be taken for its end. */
static void print_one_line(const char *text, FILE *out)
{
    for (; *text != '\0'; text++)
        fputc(strchr("\t\r\n", *text) != NULL ? ' ' : *text, out);
}

static void print_aligned(const char *text, size_t width, bool right, bool last, FILE *out)
{
    size_t own = width_of(text), rest = width > own ? width - own : 0;

    if (right)
        pad(rest, out);
    print_one_line(text, out);
    if (!right && !last)
        pad(rest, out);
    fputs(last ? "\n" : "  ", out);
}

static size_t column_width(const struct table *t, size_t column)
{
    char text[MONEY_TEXT];
    size_t width = width_of(t->columns[column].title);

    for (size_t row = 0; row < row_count(t); row++) {
        size_t own =
            width_of(cell_shown(cell_at(t, row, column), t->columns[column].kind, text));
        width = own > width ? own : width;
    }
    return width;
}

static size_t last_shown(const struct table *t)
{
    size_t last = 0;

    for (size_t column = 0; column < t->column_count; column++) {
        if (t->columns[column].title != NULL)
            last = column;
    }
    return last;
}

/* row SIZE_MAX is the header. */
static void print_line(const struct table *t, size_t row, const size_t widths[], FILE *out)
{
    char text[MONEY_TEXT];
    size_t last = last_shown(t);

    for (size_t column = 0; column < t->column_count; column++) {
        const struct table_column *c = &t->columns[column];
        if (c->title == NULL)
            continue;
        const char *shown =
            row == SIZE_MAX ? c->title : cell_shown(cell_at(t, row, column), c->kind, text);
        print_aligned(shown, widths[column], c->kind != CELL_TEXT, column == last, out);
    }
}

static void print_people(const struct table *t, bool terminal, FILE *out)
{
    size_t widths[16] = { 0 };

    if (row_count(t) == 0) {
        fprintf(out, "%s\n", t->empty);
        return;
    }
    must(t->column_count <= COUNT(widths));
    for (size_t column = 0; column < t->column_count; column++) {
        if (t->columns[column].title != NULL)
            widths[column] = column_width(t, column);
    }
    fputs(terminal ? "\033[2m" : "", out);
    print_line(t, SIZE_MAX, widths, out);
    fputs(terminal ? "\033[22m" : "", out);
    for (size_t row = 0; row < row_count(t); row++)
        print_line(t, row, widths, out);
}

static void cell_json(struct json_writer *w, const struct table_cell *cell)
{
    char text[MONEY_TEXT];

    if (cell->holds == CELL_IS_COUNT)
        json_int(w, cell->count);
    else
        json_text(w, cell->holds == CELL_IS_NONE ? NULL : cell_plain(cell, text));
}

static void row_json(struct json_writer *w, const struct table *t, size_t row)
{
    json_open(w, '{');
    for (size_t column = 0; column < t->column_count; column++) {
        if (t->columns[column].key == NULL)
            continue;
        json_key(w, t->columns[column].key);
        cell_json(w, cell_at(t, row, column));
    }
    json_close(w, '}');
}

static void table_json(struct json_writer *w, const struct table *t)
{
    json_key(w, t->name);
    json_open(w, '[');
    for (size_t row = 0; row < row_count(t); row++)
        row_json(w, t, row);
    json_close(w, ']');
}

void sheet_json(const struct sheet *sheet, struct text *out)
{
    struct json_writer w = { out, false };

    json_open(&w, '{');
    for (size_t i = 0; i < sheet->field_count; i++)
        json_text_at(&w, sheet->fields[i].key, sheet->fields[i].value);
    for (size_t i = 0; i < sheet->table_count; i++)
        table_json(&w, &sheet->tables[i]);
    json_close(&w, '}');
    text_add_char(out, '\n');
}

static void print_json(const struct sheet *sheet, FILE *out)
{
    struct text text = { 0 };

    sheet_json(sheet, &text);
    fwrite(text.bytes, 1, text.length, out);
    text_free(&text);
}

/* A spreadsheet would reckon with it instead of showing it; a number, or a telephone's, it may. */
static bool is_formula(const char *text)
{
    return *text != '\0' &&
           (strchr("=@\t\r", *text) != NULL ||
            (strchr("+-", *text) != NULL && text[strspn(text, "+-0123456789 .,()/")] != '\0'));
}

/* An apostrophe keeps a formula text (OWASP, CSV injection). */
static void print_csv_text(const char *text, FILE *out)
{
    bool formula = is_formula(text), quotes = formula || strpbrk(text, ",\"\r\n") != NULL;

    fputs(quotes ? "\"" : "", out);
    fputs(formula ? "'" : "", out);
    for (; *text != '\0'; text++)
        fputs((char[]){ *text, *text == '"' ? '"' : '\0', '\0' }, out);
    fputs(quotes ? "\"" : "", out);
}

static void print_rows(const struct table *t, bool csv, FILE *out)
{
    void (*print)(const char *, FILE *) = csv ? print_csv_text : print_one_line;
    char text[MONEY_TEXT];

    for (size_t row = 0; row <= row_count(t); row++) {
        const char *between = "";
        for (size_t column = 0; column < t->column_count; column++) {
            if (t->columns[column].key == NULL)
                continue;
            fputs(between, out);
            between = csv ? "," : "\t";
            print(row == 0 ? t->columns[column].key
                           : cell_plain(cell_at(t, row - 1, column), text),
                  out);
        }
        fputs(csv ? "\r\n" : "\n", out);
    }
}

void sheet_print(const struct sheet *sheet, enum table_format format, bool terminal, FILE *out)
{
    must(sheet->table_count > 0);
    switch (format) {
    case FORMAT_PEOPLE:
        if (sheet->heading != NULL)
            fprintf(out, "%s\n", sheet->heading);
        for (size_t i = 0; i < sheet->table_count; i++) {
            fputs(i > 0 || sheet->heading != NULL ? "\n" : "", out);
            print_people(&sheet->tables[i], terminal, out);
        }
        break;
    case FORMAT_JSON:
        print_json(sheet, out);
        break;
    case FORMAT_CSV:
    case FORMAT_PLAIN:
        print_rows(&sheet->tables[sheet->table_count - 1], format == FORMAT_CSV, out);
        break;
    }
}

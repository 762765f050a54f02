#include "formats/letter_print.h"

#include <string.h>
#include <utf8proc.h>

enum { TEXT_WIDTH = 72, TABLE_WIDTH = 78, COLUMNS_MOST = 12 };

/* ---- text ------------------------------------------------------------------------------ */

/* How many columns a terminal or a fixed-width mail reader gives this text. */
static size_t width_of(const char *text)
{
    const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)text;
    utf8proc_int32_t rune;
    utf8proc_ssize_t size;
    size_t width = 0;

    while (*at != '\0' && (size = utf8proc_iterate(at, -1, &rune)) > 0) {
        width += (size_t)utf8proc_charwidth(rune);
        at += size;
    }
    return width;
}

static const char *cell_text(struct arena *a, const struct letter_cell *cell)
{
    const char *text = "";

    for (size_t i = 0; i < cell->run_count; i++)
        text = i == 0 ? cell->runs[0].text : arena_print(a, "%s%s", text, cell->runs[i].text);
    return text;
}

/* Wrapped at blanks; lines after the first begin with `indent`. Long words stay whole. */
static void add_wrapped(struct text *out, const char *text, const char *indent)
{
    size_t used = 0;

    while (*text != '\0') {
        size_t length = strcspn(text, " \n");
        char word[256];
        size_t kept = length < sizeof word ? length : sizeof word - 1;
        memcpy(word, text, kept);
        word[kept] = '\0';
        size_t width = length < sizeof word ? width_of(word) : length;
        if (used > 0 && used + 1 + width > TEXT_WIDTH - strlen(indent)) {
            text_add_print(out, "\n%s", indent);
            used = 0;
        }
        text_add(out, used > 0 && length > 0 ? " " : "");
        text_add_n(out, text, length);
        used += width + (used > 0);
        text += length;
        if (*text == '\n') {
            text_add_print(out, "\n%s", indent);
            used = 0;
        }
        text += *text != '\0';
    }
    text_add_char(out, '\n');
}

static void add_blanks(struct text *out, size_t count)
{
    while (count-- > 0)
        text_add_char(out, ' ');
}

static void add_aligned(struct text *out, const char *text, size_t width, bool right, bool last)
{
    size_t missing = width - width_of(text);

    add_blanks(out, right ? missing : 0);
    text_add(out, text);
    add_blanks(out, right || last ? 0 : missing + 2);
    add_blanks(out, right && !last ? 2 : 0);
}

static void add_columns(struct arena *a, const struct letter_block *block,
                        const size_t widths[], struct text *out)
{
    for (size_t i = 0; i < block->row_count; i++) {
        const struct letter_row *row = &block->rows[i];
        for (size_t j = 0; j < row->cell_count; j++)
            add_aligned(out, cell_text(a, &row->cells[j]), widths[j], block->right[j],
                        j + 1 == row->cell_count);
        text_add_char(out, '\n');
    }
}

/* Too wide for columns: each row becomes a few lines that name what they say. */
static void add_labelled(struct arena *a, const struct letter_block *block, struct text *out)
{
    const struct letter_row *head = &block->rows[0];

    for (size_t i = 1; i < block->row_count; i++) {
        const struct letter_row *row = &block->rows[i];
        for (size_t j = 0; j < row->cell_count; j++)
            text_add_print(out, "%s%s: %s\n", j == 0 ? "" : "  ", cell_text(a, &head->cells[j]),
                           cell_text(a, &row->cells[j]));
        text_add(out, i + 1 < block->row_count ? "\n" : "");
    }
}

static void add_table(struct arena *a, const struct letter_block *block, struct text *out)
{
    size_t widths[COLUMNS_MOST] = { 0 }, columns = block->rows[0].cell_count, whole = 0;

    must(columns <= COLUMNS_MOST);
    for (size_t i = 0; i < block->row_count; i++) {
        for (size_t j = 0; j < columns; j++) {
            size_t width = width_of(cell_text(a, &block->rows[i].cells[j]));
            widths[j] = width > widths[j] ? width : widths[j];
        }
    }
    for (size_t j = 0; j < columns; j++)
        whole += widths[j] + 2;
    if (whole - 2 <= TABLE_WIDTH)
        add_columns(a, block, widths, out);
    else
        add_labelled(a, block, out);
}

static void add_text_rows(struct arena *a, const struct letter_block *block, const char *mark,
                          const char *indent, struct text *out)
{
    for (size_t i = 0; i < block->row_count; i++) {
        text_add(out, mark);
        add_wrapped(out, cell_text(a, &block->rows[i].cells[0]), indent);
    }
}

static void add_text_block(struct arena *a, const struct letter_block *block, struct text *out)
{
    switch (block->kind) {
    case LETTER_PARAGRAPH:
    case LETTER_STATEMENT:
    case LETTER_HEADING:
        add_text_rows(a, block, "", "", out);
        break;
    case LETTER_LIST:
        add_text_rows(a, block, "- ", "  ", out);
        break;
    case LETTER_CHOICE:
        for (size_t i = 0; i < block->row_count; i++) {
            text_add(out, block->inset[i] ? "    [ ] " : "[ ] ");
            add_wrapped(out, cell_text(a, &block->rows[i].cells[0]),
                        block->inset[i] ? "        " : "    ");
        }
        break;
    case LETTER_TABLE:
        add_table(a, block, out);
        break;
    case LETTER_TOTAL:
        for (size_t i = 0; i < block->row_count; i++)
            text_add_print(out, "%s: %s\n", cell_text(a, &block->rows[i].cells[0]),
                           cell_text(a, &block->rows[i].cells[1]));
        break;
    case LETTER_ACTION:
        text_add_print(out, "%s:\n%s\n", cell_text(a, &block->rows[0].cells[0]), block->url);
        break;
    }
}

void letter_print_text(const struct letter_document *document, struct text *out)
{
    struct arena a = { 0 };

    for (size_t i = 0; i < document->block_count; i++) {
        text_add(out, i == 0 ? "" : "\n");
        add_text_block(&a, &document->blocks[i], out);
    }
    text_add(out, "\n-- \n");
    for (size_t i = 0; i < document->sender.count; i++)
        text_add_print(out, "%s\n", document->sender.lines[i]);
    for (size_t i = 0; i < document->contact.count; i++)
        text_add_print(out, "%s\n", document->contact.lines[i]);
    text_add_print(out, "%s: %s\n", document->words.reference, document->reference);
    arena_free(&a);
}

/* ---- HTML: the document as values for templates/email/letter.html ----------------------- */

struct letter_html {
    struct template *page;
};

struct letter_html *letter_html_load(struct arena *a, struct fault *why)
{
    struct template_options options = { .escape = TEMPLATE_HTML,
                                        .partial_folder = "templates",
                                        .partial_suffix = ".html" };
    struct letter_html *html = arena_make(a, struct letter_html);

    html->page = template_load(a, "templates/email/letter.html", &options, why);
    return html->page == NULL ? NULL : html;
}

/* [{"line": "Kind regards,"}, {"break": true, "line": "Bluebird"}] */
static json_t *lines_json(const char *text)
{
    json_t *lines = json_array();

    for (bool first = true; *text != '\0' || first; first = false) {
        size_t length = strcspn(text, "\n");
        json_t *line = json_object();
        json_object_set_new(line, "line",
                            json_stringn(length > 0 ? text : " ", length + !length));
        json_object_set_new(line, "break", json_boolean(!first));
        json_array_append_new(lines, line);
        text += length + (text[length] == '\n');
    }
    return lines;
}

static json_t *cell_json(const struct letter_cell *cell, bool right)
{
    json_t *made = json_object(), *runs = json_array();

    for (size_t i = 0; i < cell->run_count; i++) {
        json_t *run = json_object();
        json_object_set_new(run, "strong", json_boolean(cell->runs[i].strong));
        json_object_set_new(run, "lines", lines_json(cell->runs[i].text));
        json_array_append_new(runs, run);
    }
    json_object_set_new(made, "runs", runs);
    json_object_set_new(made, "right", json_boolean(right));
    return made;
}

static json_t *cells_json(const struct letter_row *row, const bool right[])
{
    json_t *cells = json_array();

    for (size_t i = 0; i < row->cell_count; i++)
        json_array_append_new(cells, cell_json(&row->cells[i], right[i]));
    return cells;
}

static json_t *table_json(const struct letter_block *block)
{
    json_t *made = json_object(), *rows = json_array();

    json_object_set_new(made, "head", cells_json(&block->rows[0], block->right));
    for (size_t i = 1; i < block->row_count; i++) {
        json_t *row = json_object();
        json_object_set_new(row, "cells", cells_json(&block->rows[i], block->right));
        json_array_append_new(rows, row);
    }
    json_object_set_new(made, "rows", rows);
    return made;
}

static json_t *rows_json(const struct letter_block *block)
{
    json_t *made = json_object(), *items = json_array();

    for (size_t i = 0; i < block->row_count; i++) {
        const struct letter_row *row = &block->rows[i];
        if (row->cell_count == 1) {
            json_array_append_new(items, cell_json(&row->cells[0], false));
            continue;
        }
        json_t *total = json_object();
        json_object_set_new(total, "label", cell_json(&row->cells[0], false));
        json_object_set_new(total, "amount", cell_json(&row->cells[1], true));
        json_array_append_new(items, total);
    }
    json_object_set_new(made, "items", items);
    return made;
}

static json_t *choice_json(const struct letter_block *block)
{
    json_t *made = rows_json(block), *items = json_object_get(made, "items");

    for (size_t i = 0; i < block->row_count; i++)
        json_object_set_new(json_array_get(items, i), "inset", json_boolean(block->inset[i]));
    return made;
}

static json_t *action_json(const struct letter_block *block, bool *first)
{
    json_t *made = cell_json(&block->rows[0].cells[0], false);

    json_object_set_new(made, "url", json_string(block->url));
    json_object_set_new(made, "first", json_boolean(*first && !block->quiet));
    *first = *first && block->quiet;
    return made;
}

static json_t *block_json(const struct letter_block *block, bool *first_action)
{
    json_t *made = json_object();
    const struct letter_cell *cell = &block->rows[0].cells[0];

    switch (block->kind) {
    case LETTER_PARAGRAPH:
        json_object_set_new(made, "paragraph", cell_json(cell, false));
        break;
    case LETTER_HEADING:
        json_object_set_new(made, "heading", cell_json(cell, false));
        break;
    case LETTER_STATEMENT:
        json_object_set_new(made, "statement", cell_json(cell, false));
        break;
    case LETTER_LIST:
        json_object_set_new(made, "list", rows_json(block));
        break;
    case LETTER_CHOICE:
        json_object_set_new(made, "choice", choice_json(block));
        break;
    case LETTER_TABLE:
        json_object_set_new(made, "table", table_json(block));
        break;
    case LETTER_TOTAL:
        json_object_set_new(made, "totals", rows_json(block));
        break;
    case LETTER_ACTION:
        json_object_set_new(made, "action", action_json(block, first_action));
        break;
    }
    return made;
}

static json_t *document_json(const struct letter_document *document)
{
    json_t *made = json_object(), *blocks = json_array(), *footer = json_array();
    bool first_action = true;

    for (size_t i = 0; i < document->block_count; i++)
        json_array_append_new(blocks, block_json(&document->blocks[i], &first_action));
    for (size_t i = 0; i < document->sender.count; i++)
        json_array_append_new(footer, json_string(document->sender.lines[i]));
    for (size_t i = 0; i < document->contact.count; i++)
        json_array_append_new(footer, json_string(document->contact.lines[i]));
    json_object_set_new(made, "blocks", blocks);
    json_object_set_new(made, "footer", footer);
    json_object_set_new(made, "language", json_string(document->language));
    json_object_set_new(made, "right_to_left", json_boolean(document->right_to_left));
    json_object_set_new(made, "subject", json_string(document->subject));
    json_object_set_new(made, "sender", json_string(document->sender.lines[0]));
    json_object_set_new(made, "reference", json_string(document->reference));
    json_object_set_new(made, "reference_label", json_string(document->words.reference));
    return made;
}

bool letter_print_html(const struct letter_html *html, const struct letter_document *document,
                       struct text *out, struct fault *why)
{
    json_t *values = document_json(document);
    bool fine = template_render(html->page, values, out, why);

    json_decref(values);
    return fine;
}

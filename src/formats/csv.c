#include "formats/csv.h"

#include "base/text.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

enum { HEADER_SEARCH = 200, SAMPLE_LINES = 20, BUFFER_STEP = 256 * 1024 };

struct csv {
    struct encoded_file in;
    struct csv_dialect dialect;
    struct csv_parser parser;
    const char *block; /* UTF-8 not yet parsed */
    size_t left;
    int64_t line; /* of the character at `block` */
    bool skip_newline, finished;

    /* The row under way: fields one behind the other, each with its NUL. */
    struct text bytes;
    size_t *starts;
    const char **fields;
    size_t count, room;
    bool row_done, too_large;
    struct csv_row row;

    struct text header_bytes;
    const char **header_fields;
    struct csv_row header;
};

/* ---- What libcsv calls ------------------------------------------------------------------ */

static void make_room(struct csv *c)
{
    if (c->count < c->room)
        return;
    c->room = c->room == 0 ? 64 : c->room * 2;
    c->starts = realloc(c->starts, c->room * sizeof *c->starts);
    c->fields = realloc(c->fields, c->room * sizeof *c->fields);
    must(c->starts != NULL && c->fields != NULL);
}

static void take_field(void *bytes, size_t length, void *self)
{
    struct csv *c = self;

    if (c->count == CSV_COLUMNS_MOST || c->bytes.length + length > CSV_ROW_MOST)
        c->too_large = true;
    if (c->too_large)
        return;
    make_room(c);
    c->starts[c->count++] = c->bytes.length;
    text_add_n(&c->bytes, bytes, length);
    text_add_n(&c->bytes, "", 1);
}

static void take_row(int terminator, void *self)
{
    struct csv *c = self;

    (void)terminator;
    c->row_done = true;
}

/* ---- Rows -------------------------------------------------------------------------------- */

static bool refuse(struct csv *c, int64_t line, struct fault *why, const char *what)
{
    return fail(why, BAD_FILE, "\"%s\", line %lld: %s.", c->in.path, (long long)line, what);
}

static bool feed(struct csv *c, const char *bytes, size_t length, struct fault *why)
{
    if (length > 0 && csv_parse(&c->parser, bytes, length, take_field, take_row, c) != length)
        return refuse(c, c->row.line, why, csv_strerror(csv_error(&c->parser)));
    if (c->parser.entry_pos > CSV_FIELD_MOST) {
        refuse(c, c->row.line, why, "a field of the row that begins here is longer than 1 MiB");
        return fault_hint(why, "perhaps a quote is opened there and never closed");
    }
    if (c->too_large)
        return refuse(c, c->row.line, why,
                      "the row that begins here is longer than 8 MiB or has over 4096 columns");
    return true;
}

static size_t to_line_end(const char *bytes, size_t length)
{
    size_t n = 0;

    while (n < length && bytes[n] != '\n' && bytes[n] != '\r')
        n++;
    return n;
}

/* Feeds up to and including one line end, which libcsv always sees as a single LF. */
static bool feed_line(struct csv *c, struct fault *why)
{
    size_t n = to_line_end(c->block, c->left);

    if (!feed(c, c->block, n, why))
        return false;
    c->block += n;
    c->left -= n;
    if (c->left == 0)
        return true;
    c->skip_newline = *c->block == '\r';
    c->block++;
    c->left--;
    c->line++;
    return feed(c, "\n", 1, why);
}

static bool refill(struct csv *c, struct fault *why)
{
    if (!encoded_file_read(&c->in, &c->block, &c->left, why))
        return false;
    if (c->left > 0)
        return true;
    c->finished = true;
    /* strict at the end only: a stray quote within a field is taken as it stands */
    csv_set_opts(&c->parser, CSV_REPALL_NL | CSV_STRICT | CSV_STRICT_FINI);
    if (csv_fini(&c->parser, take_field, take_row, c) != 0) {
        refuse(c, c->row.line, why,
               "a quote is opened in the row that begins here and never "
               "closed");
        return fault_hint(why, "close the quote, or double it if it belongs to the text");
    }
    return true;
}

static void finish_row(struct csv *c)
{
    c->row.blank = true;
    for (size_t i = 0; i < c->count; i++) {
        c->fields[i] = c->bytes.bytes + c->starts[i];
        c->row.blank = c->row.blank && text_is_empty(c->fields[i]);
    }
    c->row.count = c->count;
    c->row.fields = c->fields;
}

bool csv_next(struct csv *c, const struct csv_row **row, struct fault *why)
{
    *row = NULL;
    text_clear(&c->bytes);
    c->count = 0;
    c->row_done = false;
    c->row.line = c->line;
    while (!c->row_done && !c->finished) {
        if (c->left == 0 && !refill(c, why))
            return false;
        if (c->left == 0)
            continue;
        bool second_half = c->skip_newline && *c->block == '\n'; /* of CR LF */
        c->skip_newline = false;
        c->block += second_half;
        c->left -= second_half;
        if (c->left > 0 && !feed_line(c, why))
            return false;
    }
    if (!c->row_done)
        return true;
    finish_row(c);
    *row = &c->row;
    return true;
}

/* ---- Dialect ----------------------------------------------------------------------------- */

/* How often each delimiter stands outside quotes on the first lines of the sample. */
static size_t count_lines(const char *bytes, size_t length, char quote, const char *delimiters,
                          int counts[SAMPLE_LINES][4])
{
    size_t lines = 0;
    bool quoted = false, anything = false;

    for (size_t i = 0; i < length && lines < SAMPLE_LINES; i++) {
        const char *found = bytes[i] == '\0' ? NULL : strchr(delimiters, bytes[i]);
        if (bytes[i] == quote)
            quoted = !quoted;
        if (!quoted && (bytes[i] == '\n' || bytes[i] == '\r')) {
            lines += anything;
            anything = false;
            continue;
        }
        anything = true;
        if (!quoted && found != NULL)
            counts[lines][found - delimiters]++;
    }
    return lines < SAMPLE_LINES ? lines + anything : lines;
}

/* The delimiter on whose number per line most lines agree; then the one that cuts finest. */
static char detect(const char *bytes, size_t length, char quote)
{
    static const char delimiters[] = ",;\t|";
    int counts[SAMPLE_LINES][4] = { { 0 } }, best_agree = 0, best_count = 0;
    size_t lines = count_lines(bytes, length, quote, delimiters, counts);
    char best = ',';

    for (size_t d = 0; d < 4; d++) {
        for (size_t i = 0; i < lines; i++) {
            int agree = 0;
            for (size_t k = 0; k < lines; k++)
                agree += counts[k][d] == counts[i][d];
            if (counts[i][d] == 0 || agree < best_agree ||
                (agree == best_agree && counts[i][d] <= best_count))
                continue;
            best_agree = agree;
            best_count = counts[i][d];
            best = delimiters[d];
        }
    }
    return best;
}

static bool is_header(const struct csv *c, const struct csv_row *row)
{
    if (c->dialect.header_row > 0)
        return row->line >= c->dialect.header_row;
    if (c->dialect.header_starts_with != NULL)
        return row->count > 0 && strcmp(row->fields[0], c->dialect.header_starts_with) == 0;
    return !row->blank;
}

static bool no_header(struct csv *c, struct fault *why)
{
    if (c->dialect.header_starts_with != NULL)
        fail(why, BAD_FILE, "\"%s\" has no header row that starts with \"%s\".", c->in.path,
             c->dialect.header_starts_with);
    else
        fail(why, BAD_FILE, "\"%s\" has no header row.", c->in.path);
    return fault_hint(why, "look at `file:` in the map, and at the first lines of the file");
}

static void keep_header(struct csv *c, const struct csv_row *row)
{
    c->header = *row;
    c->header_fields = calloc(row->count + 1, sizeof *c->header_fields);
    must(c->header_fields != NULL);
    text_add_n(&c->header_bytes, c->bytes.bytes, c->bytes.length);
    for (size_t i = 0; i < row->count; i++)
        c->header_fields[i] = c->header_bytes.bytes + c->starts[i];
    c->header.fields = c->header_fields;
}

static bool read_header(struct csv *c, struct fault *why)
{
    const struct csv_row *row;

    for (int i = 0; i < HEADER_SEARCH || c->dialect.header_row > i; i++) {
        if (!csv_next(c, &row, why))
            return false;
        if (row == NULL)
            break;
        if (is_header(c, row) && !row->blank) {
            keep_header(c, row);
            return true;
        }
    }
    return no_header(c, why);
}

static bool start(struct csv *c, const char *path, struct fault *why)
{
    if (!encoded_file_open(&c->in, path, c->dialect.encoding, why) ||
        !encoded_file_read(&c->in, &c->block, &c->left, why))
        return false;
    if (c->dialect.delimiter == '\0')
        c->dialect.delimiter = detect(c->block, c->left, c->dialect.quote);
    csv_set_delim(&c->parser, (unsigned char)c->dialect.delimiter);
    csv_set_quote(&c->parser, (unsigned char)c->dialect.quote);
    return read_header(c, why);
}

struct csv *csv_open(const char *path, const struct csv_dialect *dialect, struct fault *why)
{
    struct csv *c = calloc(1, sizeof *c);

    must(c != NULL);
    c->dialect = *dialect;
    if (c->dialect.quote == '\0')
        c->dialect.quote = '"';
    c->line = 1;
    c->in.descriptor = -1;
    must(csv_init(&c->parser, CSV_REPALL_NL) == 0);
    csv_set_blk_size(&c->parser, BUFFER_STEP);
    if (start(c, path, why))
        return c;
    csv_close(c);
    return NULL;
}

void csv_close(struct csv *c)
{
    if (c == NULL)
        return;
    encoded_file_close(&c->in);
    csv_free(&c->parser);
    text_free(&c->bytes);
    text_free(&c->header_bytes);
    free(c->starts);
    free(c->fields);
    free(c->header_fields);
    free(c);
}

const struct csv_row *csv_header(const struct csv *c)
{
    return &c->header;
}

char csv_delimiter(const struct csv *c)
{
    return c->dialect.delimiter;
}

void csv_place(const struct csv *c, int64_t *bytes_read, int64_t *bytes_all)
{
    *bytes_read = c->in.taken;
    *bytes_all = c->in.size;
}

/* The fields of a row lie one behind the other, so one copy takes them all. */
struct csv_row csv_row_copy(struct arena *a, const struct csv_row *row)
{
    struct csv_row copy = *row;
    const char **fields = arena_array(a, const char *, row->count + 1);

    if (row->count == 0)
        return copy;
    const char *first = row->fields[0], *last = row->fields[row->count - 1];
    const char *bytes = arena_copy_n(a, first, (size_t)(last - first) + strlen(last));
    for (size_t i = 0; i < row->count; i++)
        fields[i] = bytes + (row->fields[i] - first);
    copy.fields = fields;
    return copy;
}

/* Blanks at the ends would be trimmed, and a mark in the first field taken for the file's. */
static bool needs_quotes(const char *field, char delimiter)
{
    size_t length = strlen(field);

    return strpbrk(field, "\"\r\n") != NULL || strchr(field, delimiter) != NULL ||
           text_starts(field, "\xef\xbb\xbf") ||
           (length > 0 &&
            (strchr(" \t", field[0]) != NULL || strchr(" \t", field[length - 1]) != NULL));
}

void csv_write_row(FILE *out, char delimiter, size_t count, const char *const fields[])
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            fputc(delimiter, out);
        if (needs_quotes(fields[i], delimiter))
            csv_fwrite(out, fields[i], strlen(fields[i]));
        else
            fputs(fields[i], out);
    }
    fputc('\n', out);
}

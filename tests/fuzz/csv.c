/*
 * Any bytes as a CSV file. Whatever is read is UTF-8 within its limits, its lines ascend, and
 * written and read again it is the same.
 */
#include "formats/csv.h"

#include "base/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const struct csv_dialect dialects[] = {
    { 0 },
    { .delimiter = ';', .quote = '\'' },
    { .encoding = ENCODING_WINDOWS_1252, .header_row = 2 },
    { .encoding = ENCODING_UTF16LE },
    { .header_starts_with = "a" },
};

static int memory_file(const char *name, char path[32])
{
    int file = memfd_create(name, 0);

    must(file >= 0);
    snprintf(path, 32, "/proc/self/fd/%d", file);
    return file;
}

static void check_row(const struct csv_row *row, int64_t *line)
{
    must(row->line > *line && row->count <= CSV_COLUMNS_MOST);
    *line = row->line;
    for (size_t i = 0; i < row->count; i++) {
        size_t length = strlen(row->fields[i]);
        must(length <= CSV_FIELD_MOST + ENCODING_BLOCK * 3);
        must(text_is_utf8(row->fields[i], length, NULL));
    }
}

/* Reads a file through; NULL or a copy of its rows, written by csv_write_row. */
static int read_through(const char *path, const struct csv_dialect *dialect, char copy[32])
{
    struct fault why = { 0 };
    struct csv *c = csv_open(path, dialect, &why);
    const struct csv_row *row;
    int64_t line = 0;

    if (c == NULL) {
        must(why.code == BAD_FILE);
        return -1;
    }
    int file = memory_file("copy", copy);
    FILE *out = fdopen(dup(file), "wb");
    row = csv_header(c);
    while (row != NULL) {
        check_row(row, &line);
        if (!row->blank)
            csv_write_row(out, ',', row->count, row->fields);
        if (!csv_next(c, &row, &why))
            must(why.code == BAD_FILE && row == NULL);
    }
    must(fclose(out) == 0);
    csv_close(c);
    return file;
}

static void check_same(const char *first, const char *second)
{
    struct fault why = { 0 };
    const struct csv_dialect written = { .delimiter = ',', .encoding = ENCODING_UTF8 };
    struct csv *a = csv_open(first, &written, &why), *b = csv_open(second, &written, &why);

    must(a != NULL && b != NULL);
    const struct csv_row *x = csv_header(a), *y = csv_header(b);
    while (x != NULL && y != NULL) {
        must(x->count == y->count);
        for (size_t i = 0; i < x->count; i++)
            must(strcmp(x->fields[i], y->fields[i]) == 0);
        must(csv_next(a, &x, &why) && csv_next(b, &y, &why));
    }
    must(x == NULL && y == NULL);
    csv_close(a);
    csv_close(b);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    char path[32], copy[32], again[32];
    int file = memory_file("input", path);

    must(write(file, bytes, length) == (ssize_t)length);
    for (size_t i = 0; i < COUNT(dialects); i++) {
        const struct csv_dialect written = { .delimiter = ',', .encoding = ENCODING_UTF8 };
        int first = read_through(path, &dialects[i], copy);
        if (first < 0)
            continue;
        int second = read_through(copy, &written, again);
        must(second >= 0);
        check_same(copy, again);
        close(first);
        close(second);
    }
    close(file);
    return 0;
}

/*
 * CSV: any file of separated values (RFC 4180 and its many cousins), one row at a time.
 *
 * Delimiter and encoding are found out when the dialect does not say. Line ends are LF, CR LF
 * or CR, and a quoted field may run over several lines. Rows carry the number of the line on
 * which they begin, counting from 1 as an editor does.
 *
 * Limits: a field 1 MiB, a row 8 MiB and 4096 columns; what is larger is refused with one
 * sentence, before it was read to its end. Memory is bounded by these, not by the file.
 * The only file that includes libcsv is csv.c.
 */
#ifndef FORMATS_CSV_H
#define FORMATS_CSV_H

#include "base/arena.h"
#include "formats/encoding.h"

#include <stdio.h>

enum {
    CSV_FIELD_MOST = 1024 * 1024,
    CSV_ROW_MOST = 8 * CSV_FIELD_MOST,
    CSV_COLUMNS_MOST = 4096
};

struct csv_dialect {
    char delimiter;                 /* 0: found on the first lines, among , ; tab |        */
    char quote;                     /* 0: "                                                */
    enum encoding encoding;         /* ENCODING_ANY: found out                             */
    int64_t header_row;             /* line of the header; 0: the first that is not blank  */
    const char *header_starts_with; /* or the first row whose first field is this; or NULL */
};

/* Fields are trimmed of blanks outside quotes, and good until the next csv_next. */
struct csv_row {
    int64_t line;
    size_t count;
    const char *const *fields;
    bool blank; /* no field holds anything */
};

struct csv;

/* Opens the file and reads up to its header row. NULL with NOT_FOUND, SYSTEM or BAD_FILE. */
struct csv *csv_open(const char *path, const struct csv_dialect *dialect, struct fault *why);
void csv_close(struct csv *c);

const struct csv_row *csv_header(const struct csv *c); /* good until csv_close */
char csv_delimiter(const struct csv *c);
void csv_place(const struct csv *c, int64_t *bytes_read, int64_t *bytes_all);

/* The next row; *row is NULL at the end. */
bool csv_next(struct csv *c, const struct csv_row **row, struct fault *why);

/* The row in the arena, for as long as that lives. */
struct csv_row csv_row_copy(struct arena *a, const struct csv_row *row);

/* Writes a row, quoting where needed. What went wrong shows in ferror(out). */
void csv_write_row(FILE *out, char delimiter, size_t count, const char *const fields[]);

#endif

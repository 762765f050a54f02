/*
 * Table: an answer made of rows, written once, read by people and by programs.
 *
 * A sheet is a few named values and tables. It prints as aligned columns for people, as one
 * JSON document, as CSV (RFC 4180), or as lines with tabs. CSV and tabs hold the last table
 * only, since a file of rows has one header; JSON holds everything, keys in the order given.
 *
 * Amounts are money: "$1,234.56" for people, "1234.56" for programs, a string in JSON.
 * Everything lives in the arena of the sheet. Cells are added from left to right.
 */
#ifndef FLOW_TABLE_H
#define FLOW_TABLE_H

#include "base/text.h"
#include "domain/money.h"

#include <stdio.h>

enum table_format { FORMAT_PEOPLE, FORMAT_JSON, FORMAT_CSV, FORMAT_PLAIN };

enum cell_kind { CELL_TEXT, CELL_COUNT, CELL_DECIMAL, CELL_MONEY };

struct table_column {
    const char *key, *title; /* key NULL: for people only; title NULL: for programs only */
    enum cell_kind kind;
};

struct table_cell {
    enum { CELL_IS_NONE, CELL_IS_TEXT, CELL_IS_COUNT, CELL_IS_MONEY } holds;
    const char *text;
    int64_t count;
    struct money money;
};

struct table {
    const char *name;  /* its key in JSON                             */
    const char *empty; /* what people read when there are no rows     */
    size_t column_count, cell_count, room;
    const struct table_column *columns;
    struct table_cell *cells; /* row by row */
    struct arena *arena;
};

void table_text(struct table *t, const char *text); /* copied; NULL as table_none */
void table_count(struct table *t, int64_t count);
void table_money(struct table *t, struct money money);
void table_none(struct table *t); /* null; people read "n/a" in a column of decimals */

struct sheet_field {
    const char *key, *value;
};

struct sheet {
    const char *heading; /* for people */
    size_t field_count, table_count;
    struct sheet_field fields[12];
    struct table tables[8];
    struct arena arena;
};

void sheet_field(struct sheet *sheet, const char *key, const char *value);
/* Good until the next table is added. */
struct table *sheet_table(struct sheet *sheet, const char *name, const char *empty,
                          size_t column_count, const struct table_column *columns);
/* By the texts of a column, days for one; rows with the same stay in their order. */
void table_sort(struct table *t, size_t column);
/* `terminal`: headers may be dim. */
void sheet_json(const struct sheet *sheet, struct text *out);
void sheet_print(const struct sheet *sheet, enum table_format format, bool terminal, FILE *out);
void sheet_free(struct sheet *sheet);

#endif

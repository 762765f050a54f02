/*
 * Import: a file of invoices, payments, accounts or contacts enters the book.
 *
 * One file is one transaction: killed or out of disk, nothing of it was kept. The header is
 * checked against the map before anything is written. Every row is answered for: added,
 * updated, unchanged, rejected (with line, column, value, reason and what to do), merged into
 * the row above (lines of one invoice), left out by the map, or blank; these add up to rows.
 *
 * The same file again changes nothing. A later version of it brings the book to the new state.
 * Two rows of one key: identical ones are unchanged; of different ones the first is taken.
 * A debtor is described by the first row of the file that names it.
 *
 * With more than one rejected row in a hundred a file is rather wrong than a row, and nothing
 * of it is kept unless somebody says so: every way to load one asks for it. The rejected rows
 * are written down all the same.
 *
 * Memory: rows come and go; 24 bytes per debtor and per debt remain, to know them again.
 * Faults: NOT_FOUND, BAD_FILE, BAD_PACK (the map), DB_…, SYSTEM (rejects cannot be written),
 * TOO_MANY_REJECTS, INTERRUPTED; after each of them the book is as it was.
 */
#ifndef FLOW_IMPORT_H
#define FLOW_IMPORT_H

#include "flow/book.h"
#include "formats/map.h"

#include <signal.h>
#include <stdio.h>

struct import_progress {
    int64_t rows, bytes, bytes_all;
    double seconds;
    bool done;
};

struct import_request {
    struct book *book;    /* open, outside of a session */
    const char *path;     /* the file */
    const char *map;      /* name of a map, or its path */
    const char *kind;     /* "invoices", …; NULL: as the map says */
    const char *creditor; /* whose debts these are; NULL: as the map says */
    const char *rejects;  /* rows not taken go here; NULL: FILE.rejects.csv beside the file */
    int64_t max_rejects;  /* more than these, or percent: TOO_MANY_REJECTS; negative: no limit */
    bool max_is_percent;
    bool check; /* read, report, keep nothing */
    void (*progress)(void *self, const struct import_progress *progress); /* or NULL */
    void *self;
    const volatile sig_atomic_t *stop; /* set: undo and return INTERRUPTED; or NULL */
};

/* What is loaded without asking leaves out no more than this of its rows. */
enum { IMPORT_MAX_PERCENT = 1 };

enum { IMPORT_PROBLEMS_KEPT = 200, IMPORT_CURRENCIES = 200, IMPORT_FILTERS = 8 };

/* One problem as reported. Rows with a mere note were taken all the same. */
struct import_problem {
    int64_t line;
    enum problem_kind kind;
    const char *column, *value, *text, *mend;
};

struct import_total {
    enum currency currency;
    int64_t count, minor; /* of rows added or updated */
};

/* Rows left out by the map, by the column that decided. */
struct import_left_out {
    const char *column;
    int64_t count;
};

struct import_report {
    struct arena arena;
    const char *path, *map;
    enum map_kind kind;
    bool checked, refused; /* refused: too many were rejected, nothing was kept */
    int64_t rows, added, updated, unchanged, rejected, merged, left_out, blank;
    int64_t debtors_added, debtors_updated, payments, settled_missing;
    int64_t rejected_by[PROBLEM_COUNT], noted_by[PROBLEM_COUNT];
    size_t problem_count, note_count; /* the first ones, in the order of the file */
    struct import_problem problems[IMPORT_PROBLEMS_KEPT], notes[IMPORT_PROBLEMS_KEPT];
    size_t left_out_count;
    struct import_left_out left_out_by[IMPORT_FILTERS];
    size_t total_count;
    struct import_total totals[IMPORT_CURRENCIES];
    const char *remark;  /* a sentence worth saying at the end; or NULL */
    const char *rejects; /* the file that was written; or NULL */
    double seconds;
};

/* Fills the report also when it fails, as far as it came. Free it in any case. */
bool import_file(const struct import_request *request, struct import_report *report,
                 struct fault *why);
/* More than this of a hundred. */
bool import_is_past(int64_t rejected, int64_t rows, int64_t percent);
void import_report_free(struct import_report *report);

/* 0; 8 when a check had findings; 9 when rows were rejected. */
int import_exit_code(const struct import_report *report);

/* For people, or as one JSON document. */
void import_report_print(FILE *out, const struct import_report *report, bool json);
/* A bar that draws itself over, or a line at every tenth; *last is 0 at first. */
void import_progress_print(FILE *out, const struct import_progress *progress, bool terminal,
                           int *last);

#endif

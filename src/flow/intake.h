/*
 * Intake: a file that comes in over the console: kept, looked at, mapped, checked, loaded
 * (flow/import.h does the reading). One file is one transaction; a load that ends with the
 * program kept nothing and says so.
 *
 * How a file is read is a choice, kept as JSON: a named map, {"map": "xero-invoices"}, or a
 * draft,
 * {"dates": "m/d/yyyy", "decimal": ".", "fields": {"debt.amount": {"column": "Total"}, …}}. The
 * next file with the same columns begins with the choice of the last one.
 */
#ifndef FLOW_INTAKE_H
#define FLOW_INTAKE_H

#include "flow/import.h"
#include "formats/map_guess.h"

#include <jansson.h>

enum { INTAKE_BYTES = 64 << 20, INTAKE_ROWS_SHOWN = 5, INTAKE_MAPS = 32 };

struct intake {
    int64_t number, length, staff;
    const char *name, *kind, *creditor;                          /* creditor may be NULL */
    const char *digest, *header, *choice, *map, *state, *report; /* the last four may be NULL */
    struct instant at, state_at;
    bool has_rejects;
};

/* What stands in the file: its columns and first rows, and how it may be read. */
struct intake_look {
    struct csv_row header, rows[INTAKE_ROWS_SHOWN];
    size_t row_count, map_count;
    const char *maps[INTAKE_MAPS], *map_titles[INTAKE_MAPS]; /* of this kind, that fit it */
    struct map_draft guess;
};

/* `kind` as map_kind_name. BAD_FILE when it is no file of rows. Journalled in bucket 0. */
bool intake_add(struct book *b, const char *name, const char *kind, const char *creditor,
                const void *bytes, size_t length, int64_t staff, int64_t *number,
                struct fault *why);
bool intake_load(struct store *s, struct arena *a, int64_t number, struct intake *out,
                 struct fault *why);
/* The newest first, before this number (0: from the newest on). */
bool intake_list(struct store *s, struct arena *a, int64_t before, size_t most,
                 struct intake **out, size_t *count, struct fault *why);
bool intake_look(struct store *s, struct arena *a, const struct intake *in,
                 struct intake_look *out, struct fault *why);

/* The draft of a choice, over what was guessed; *map: it names a map instead. */
bool intake_choice_read(struct arena *a, const char *choice, struct map_draft *draft,
                        const char **map, struct fault *why);
/* Keeps the choice; BAD_PACK with its place when the map that follows cannot be. CONFLICT when
 * the file is being read, or was. */
bool intake_choose(struct book *b, int64_t number, const char *kind, const char *creditor,
                   const json_t *choice, struct fault *why);

/* More than one row in a hundred would be left out (flow/import.h), says this report. */
bool intake_leaves_out_much(const json_t *report);

/* Read to say what would happen; kept; kept though that leaves out much of it. */
enum intake_way { INTAKE_CHECK, INTAKE_LOAD, INTAKE_LOAD_DESPITE };
/*
 * Marks it: CONFLICT unless it waits for that; TOO_MANY_REJECTS when its check says so. Then
 * intake_run, outside of any session.
 */
bool intake_begin(struct book *b, int64_t number, enum intake_way way, struct fault *why);
/*
 * Reads the file, and writes the report. The book is its own. What fails the file is told by
 * its state, not by a fault.
 */
bool intake_run(const char *url, struct instant now, int64_t number, enum intake_way way,
                const char *by,
                void (*progress)(void *self, const struct import_progress *progress),
                void *self, const volatile sig_atomic_t *stop, struct fault *why);
bool intake_drop(struct book *b, int64_t number, struct fault *why);
/* At the start of a server: what was under way kept nothing. */
bool intake_interrupted(struct book *b, struct fault *why);
bool intake_rejects(struct store *s, struct arena *a, int64_t number, const char **bytes,
                    size_t *length, struct fault *why);

#endif

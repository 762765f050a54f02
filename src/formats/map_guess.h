/*
 * Map guess: which column of a file fills which field, found from the names of its columns and
 * its first rows; and the map that such a choice is. What is guessed is shown to somebody
 * before anything is read by it.
 */
#ifndef FORMATS_MAP_GUESS_H
#define FORMATS_MAP_GUESS_H

#include "base/text.h"
#include "formats/map.h"

/* One field: a column, or the same text for every row; NULL, NULL: it is not filled. */
struct map_choice {
    const char *column, *always;
};

struct map_draft {
    enum map_kind kind;
    const char *dates;        /* a form of date_read; NULL: none fits */
    bool dates_unsure;        /* day and month could be the other way round */
    char decimal, grouping;   /* grouping '\0': none */
    const char *calling_code; /* NULL: numbers are written in full */
    struct map_choice fields[MAP_FIELD_COUNT];
};

/* Forms of dates that are offered, the usual ones. The list ends with NULL. */
extern const char *const map_date_forms[];

/* True when a file of this kind may fill the field; *needed: it must be filled. */
bool map_field_fits(enum map_kind kind, enum map_name name, bool *needed);

void map_guess(struct arena *a, enum map_kind kind, const struct csv_row *header,
               size_t row_count, const struct csv_row rows[], struct map_draft *out);

/* The map as YAML, which map_parse reads. */
void map_draft_print(const struct map_draft *draft, const char *name, struct text *out);

#endif

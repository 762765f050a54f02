/* Private to the files of import: reading the fields of one row. */
#ifndef FLOW_IMPORT_READER_H
#define FLOW_IMPORT_READER_H

#include "flow/import_run.h"

enum { REFERENCE_MOST = 200, NAME_MOST = 500, TEXT_MOST = 4000 };

struct reader {
    struct import_run *run;
    const struct csv_row *row;
    struct arena *a;
    struct problem *problem;
};

/* All return false with the problem set. Texts are trimmed, and free of control characters. */
bool read_missing(struct reader *r, enum map_name name);
bool read_needed(struct reader *r, enum map_name name, size_t most, const char **out);
/* NULL when the row says nothing. */
bool read_perhaps(struct reader *r, enum map_name name, size_t most, bool lines,
                  const char **out);
bool read_yes_or_no(struct reader *r, enum map_name name, bool otherwise, bool *out);

/* Only a debtor that is new to this run is described; import_batch.c looks at the others. */
bool read_debtor(struct reader *r, struct item *item);
/* A hash of what these columns of the row hold; never 0. */
uint64_t row_content(const int *columns, const struct csv_row *row);

#endif

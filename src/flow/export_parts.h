/* Export parts: an entry on its way out, and who writes it. Private to src/flow/export*.c. */
#ifndef FLOW_EXPORT_PARTS_H
#define FLOW_EXPORT_PARTS_H

#include "domain/money.h"
#include "flow/export.h"

/* An account of the book as the outside names it. */
struct export_account {
    const char *name, *code, *path;
    bool of_debtor; /* one for each case file */
};
extern const struct export_account export_accounts[];
extern const size_t export_account_count;

struct export_line {
    int64_t number, instalment;
    const struct export_account *account;
    const char *debt; /* reference; NULL: of none */
    int64_t minor;    /* debits are positive      */
};

/* Lives in the arena until the next one is read. */
struct export_entry {
    int64_t bucket, casefile_id, number;
    const char *casefile;   /* reference                                 */
    const char *name;       /* "FH-20418/3"                              */
    const char *takes_back; /* the name of another; NULL: it takes none  */
    const char *cause;
    struct day day;
    struct instant posted_at;
    enum currency currency;
    size_t line_count, line_room;
    struct export_line *lines;
};

struct export_writer {
    const struct export_request *request;
    FILE *out;
    int64_t bucket, casefile_id; /* of the entry before this one */
    bool *declared;              /* accounts of that case file, by place in export_accounts */
    bool currencies[1000];       /* declared, by ISO number */
};

void export_gl_begin(struct export_writer *w);
void export_gl_entry(struct export_writer *w, const struct export_entry *e);
void export_text_begin(struct export_writer *w);
void export_text_entry(struct export_writer *w, const struct export_entry *e);

#endif

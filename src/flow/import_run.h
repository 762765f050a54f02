/* Private to the files of import: one run over one file. */
#ifndef FLOW_IMPORT_RUN_H
#define FLOW_IMPORT_RUN_H

#include "flow/import.h"
#include "flow/terms_kept.h"

/*
 * Keys met in this file, by hash. Two keys of one hash are one chance in 10^7 for a file of a
 * million rows, and then a row is rejected by name, never taken wrongly.
 */
struct seen_entry {
    uint64_t key, content; /* content 0: named by a row that was rejected */
    int64_t line;          /* 0: free */
};
struct seen {
    struct seen_entry *entries;
    size_t count, room;
};
uint64_t seen_hash(uint64_t before, const char *text);            /* begin with 0 */
struct seen_entry *seen_find(const struct seen *s, uint64_t key); /* or NULL */
void seen_put(struct seen *s, uint64_t key, uint64_t content, int64_t line);
void seen_free(struct seen *s);

struct raw_row {
    int64_t line;
    size_t count;
    const char *const *fields;
};

/* What one row, or the lines of one invoice, say; texts in the arena of the row. */
struct item {
    struct debtor_input debtor;
    struct casefile_key key;
    uint64_t debtor_hash, debtor_content; /* of the reference, of all that describes it */
    bool debtor_known;                    /* described further up in this file */
    struct debt_input debt;
    struct instalment_input instalment;
    enum currency currency;
    bool balance_known, disputed_known, disputed;
    int64_t balance;
    const struct terms_file *terms; /* that a new debt is bound to; NULL: none */
    bool due_by_terms; /* the file has no due day: instalment.due_day is that of the first part */
    struct gate_fields detail; /* what else the file says of the debt */
    struct day paid_day, settled_day;
    struct payment_input payment;
    struct debt_found found; /* the debt as the book has it */
    const char *reference;   /* of the debt or payment */
    uint64_t hash, content;
    size_t row_count, row_room;
    struct raw_row *rows;
    int64_t place; /* in the file: keeps the order among items of one case file */
};

struct rejects {
    FILE *out;
    const char *path, *part; /* written as part, renamed when all is well */
    char delimiter;
};

/*
 * Rows are read and checked one by one; what was taken is written in batches, in the order of
 * the case files: neighbours in the book are written together, whatever the order of the file.
 * While a batch is written, an invoice of several lines may still be open: its memory must
 * outlive the batch, so there are two arenas in turn.
 */
enum { BATCH_ITEMS = 64 * 1024, BATCH_BYTES = 32 * 1024 * 1024 };

struct import_run {
    const struct import_request *request;
    struct import_report *report;
    struct book *book;
    struct map *map;
    struct csv *csv;
    struct arena keep; /* as long as the run */
    struct arena rows[2];
    int turn, pending_turn; /* arena in use; arena in which the pending item began */
    struct item *pending;   /* waits for further lines of its invoice; or NULL */
    struct item **batch;
    size_t batch_count;
    struct seen debtors, debts;
    int *debtor_columns, *all_columns; /* that the map reads; end with -1 */
    struct rejects rejects;
    const char **creditors; /* that this file named */
    size_t creditor_count, creditor_room;
    bool unread_debt; /* a rejected row did not even tell its debt */
    enum currency last_currency;
    bool terms_loaded;
    struct terms_files terms; /* read when the first row names some */
    char last_currency_code[8];
};

/* Reads a row into *item. false: *problem says why it is rejected. */
bool item_read(struct import_run *run, const struct csv_row *row, struct arena *a,
               struct item *item, struct problem *problem);
/* Another line of the same invoice. */
bool item_join(struct import_run *run, struct item *item, const struct item *next,
               struct arena *a, struct problem *problem);

/* Asks the book whether the item contradicts it; finds the owner of a payment. */
enum put { PUT_DONE, PUT_REJECTED, PUT_FAILED };
enum put item_check(struct import_run *run, struct item *item, struct arena *a,
                    struct problem *problem, struct fault *why);
/* Writes the item into the book; counts nothing. PUT_REJECTED leaves the book as it was. */
enum put item_put(struct import_run *run, struct item *item, struct arena *a,
                  enum change *change, struct problem *problem, struct fault *why);
/* Debts of the creditors of this file that it did not name were paid. */
bool missing_settle(struct import_run *run, struct fault *why);

/* Writes what is in the batch, in the order of the case files. */
bool batch_write(struct import_run *run, struct fault *why);
/* Does so when it is full, and finds room for the next one. */
bool batch_turn(struct import_run *run, struct fault *why);
/* Nothing more belongs to the pending item: it is taken into the batch, or rejected. */
bool item_finish(struct import_run *run, struct fault *why);
bool reject_item(struct import_run *run, const struct item *item, const struct problem *problem,
                 struct fault *why);
bool take_row(struct import_run *run, const struct csv_row *read, struct fault *why);

void report_note(struct import_run *run, int64_t line, const struct problem *problem);

bool rejects_row(struct import_run *run, const struct raw_row *row,
                 const struct problem *problem, struct fault *why);
bool rejects_keep(struct rejects *r, struct fault *why);
void rejects_drop(struct rejects *r);
/* Counts the row as rejected, keeps the first ones, writes it to the reject file. */
bool row_reject(struct import_run *run, const struct raw_row *row,
                const struct problem *problem, struct fault *why);

#endif

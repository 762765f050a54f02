/* Book parts: what the files of the book share. Private to src/flow/book*.c. */
#ifndef FLOW_BOOK_PARTS_H
#define FLOW_BOOK_PARTS_H

#include "base/json.h"
#include "flow/book.h"
#include "store/casefiles.h"

/* The row of a case file while it is being written to. */
struct open_file {
    struct casefile_key key;
    bool found;
    const char *reference, *creditor, *role;
    bool business;
    int32_t last_no;
};

/* Reads the row, or takes the one in hand; `found` says whether there is one. */
bool book_file_open(struct book *b, struct casefile_key key, struct open_file *f,
                    struct fault *why);
/* The same; NOT_FOUND when there is none. */
bool book_file_load(struct book *b, struct casefile_key key, struct open_file *f,
                    struct fault *why);
/* Takes it in hand; its texts are copied. */
void book_file_keep(struct book *b, const struct open_file *f);
/* The case file changed: its row is written when another is taken, or at the commit. */
bool book_file_wake(struct book *b, const struct open_file *f);

/* A journal record under way: JSON in b->record, from begin to end. */
struct json_writer book_record_begin(struct book *b);
bool book_record_end(struct book *b, struct json_writer *w, struct casefile_key key,
                     const char *kind, struct fault *why);

const char *book_or(const char *value, const char *otherwise); /* the first unless NULL or "" */
bool book_reference_put(struct book *b, const char *kind, const char *reference,
                        struct casefile_key key, int32_t object, struct fault *why);
/* What the reference stands for; *object is 0 when it is not known. */
bool book_reference_find(struct book *b, const char *kind, const char *reference,
                         struct casefile_key *key, int32_t *object, struct fault *why);

/* ---- Location (book_location.c) ---- */

/* The columns of a party that say where it may be. */
struct location {
    const char *places, *zones, *clues;
};

/* What follows from the clues known before ("" for none) and what is said now. */
bool location_infer(struct book *b, const struct debtor_input *in, const char *clues,
                    struct location *out, struct fault *why);
/* The debtor said where they are, or that no longer holds. */
bool location_confirm(struct book *b, struct casefile_key key, const struct gate_fact *fact,
                      struct fault *why);
bool location_forget(struct book *b, struct casefile_key key, struct fault *why);

/* The row of the debtor, and the same row changed where it differs. */
struct party_row {
    const char *name, *language;
    struct location location;
};
bool party_read(struct book *b, struct casefile_key key, struct party_row *out,
                struct fault *why);
bool party_write(struct book *b, struct casefile_key key, const struct party_row *row,
                 bool *changed, struct fault *why);

/* ---- Ledger (book_ledger.c) ---- */

/* One entry under way: its lines must add up to nothing before it is closed. */
struct entry {
    struct book *b;
    struct casefile_key key;
    int32_t number, lines;
    struct day day;
    enum currency currency;
    int64_t sum;
};

bool entry_line(struct entry *e, const char *account, int32_t debt, int32_t instalment,
                int64_t minor, struct fault *why);

struct slice {
    int32_t debt, number;
    struct day due;
    int64_t amount, paid;
    struct day first, last;
};

bool slices_of_debt(struct book *b, struct casefile_key key, int32_t debt, struct slice **out,
                    size_t *count, struct fault *why);
bool slice_write(struct book *b, struct casefile_key key, const struct slice *s,
                 struct fault *why);
/* After money was taken back, only the postings know the first and the last day. */
bool slice_days(struct book *b, struct casefile_key key, struct slice *s, struct fault *why);

#endif

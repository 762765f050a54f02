/* Book parts: what the files of the book share. Private to src/flow/book*.c. */
#ifndef FLOW_BOOK_PARTS_H
#define FLOW_BOOK_PARTS_H

#include "base/json.h"
#include "flow/book.h"
#include "store/casefiles.h"
#include "store/word.h"

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
/*
 * The case file changed: its row is written when another is taken, or at the commit, and its
 * tasks are brought up to date (flow/task.h): all of them, unless it is known that the event
 * opens none (FOLLOW_OPEN), or has nothing to do with them.
 */
enum follow { FOLLOW_NOTHING, FOLLOW_OPEN, FOLLOW_ALL };
bool book_file_wake(struct book *b, const struct open_file *f);
bool book_file_wake_for(struct book *b, const struct open_file *f, enum follow follow);
/* The same for what is told of a case file: when it is new, that opens no task. */
bool book_file_wake_told(struct book *b, const struct open_file *f);

/* A journal record under way: JSON in b->record, from begin to end. */
struct json_writer book_record_begin(struct book *b);
bool book_record_end(struct book *b, struct json_writer *w, struct casefile_key key,
                     const char *kind, struct fault *why);

/* One more than the last, which `last` reads: 1 when there is none. */
bool book_next_number(struct book *b, enum query_name last, int64_t *number, struct fault *why);

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
/* They have this number. `only`: they had none that is good, so that it tells alone; else where any
 * of their numbers may be, they may be. */
bool location_number_add(struct book *b, struct casefile_key key, const char *number, bool only,
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

/* ---- Movements (book_move.c) ---- */

/* Writes it, and notes that the books are to be settled. */
bool book_move(struct book *b, struct open_file *f, struct move_input *m, struct fault *why);
/* From now on it is known not to hold. */
bool book_move_end(struct book *b, struct open_file *f, int32_t number, struct fault *why);
/* All that hold and come from this. */
bool book_moves_from(struct book *b, struct casefile_key key, const char *origin,
                     struct move_input **out, size_t *count, struct fault *why);
/* The same, ended. */
bool book_moves_end(struct book *b, struct open_file *f, const char *origin, struct fault *why);

/* ---- Payments (book_payment.c) ---- */

struct payment_row {
    int32_t number; /* 0: there is none */
    struct payment_input is;
    const char *state;
    int64_t refunded_minor;
};
bool payment_read(struct book *b, struct casefile_key key, const char *reference,
                  struct payment_row *out, struct fault *why);
bool payment_write(struct book *b, const struct open_file *f, int32_t number,
                   const struct payment_input *in, const char *state, struct day day,
                   const char *reason, struct fault *why);
/* What was taken back counts again, as this says. */
bool payment_revive(struct book *b, struct open_file *f, const struct payment_input *in,
                    int32_t number, struct fault *why);
const char *payment_origin(struct book *b, int32_t number); /* "payment 12" */

/* ---- Ledger (book_ledger.c) ---- */

/* The case file in hand: its row waits to be woken, its books to be settled. */
struct book_file {
    bool known, wake;
    bool fresh; /* made since it was taken in hand */
    enum follow follow;
    struct open_file is;
    struct arena texts;
    /* what its books wait for: movements of this session, in an arena of their own */
    struct arena ledger;
    struct movement *moves;
    size_t move_count, move_room;
    bool created; /* in this session: there are no books yet */
    bool again;   /* something does not hold any more: the books are made again */
    bool time;    /* time alone is to run */
};

#endif

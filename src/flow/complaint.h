/*
 * Complaint: somebody says that we did wrong. Anybody who sees the account takes it down, in
 * two fields; it is acknowledged, looked into and answered.
 *
 * Two clocks run from the day it reached us: by when it is acknowledged and by when it is
 * answered. They are settings of the house (complaint_acknowledge_days 5, complaint_answer_days
 * 15), since how long the law gives depends on who supervises the house: docs/complaints.md
 * names some. A complaint that is open is work (domain/task_of.h), due on the day of its
 * answer.
 *
 * It stops nothing by itself. Who takes it down may ask for a hold of kind complaint
 * (flow/hold.h), which ends when the complaint does. Opened again, the clock goes on from the
 * day on which it first reached us, and a hold is to be asked for anew.
 *
 * Its texts stand in its row, and their digests in the journal.
 */
#ifndef FLOW_COMPLAINT_H
#define FLOW_COMPLAINT_H

#include "domain/permission.h"
#include "flow/account.h"
#include "flow/view.h"

enum complaint_state { COMPLAINT_OPEN, COMPLAINT_ANSWERED, COMPLAINT_CLOSED, COMPLAINT_STATES };
const char *complaint_state_name(enum complaint_state state);
bool complaint_state_parse(const char *name, enum complaint_state *out);

enum { COMPLAINT_MOST = 4000 }; /* bytes of each of its texts */

struct complaint {
    int32_t number;
    int32_t hold;        /* 0: none was asked for          */
    const char *channel; /* by which it came; may be NULL  */
    const char *words;   /* theirs                         */
    struct day received, acknowledge_by, answer_by;
    struct day acknowledged; /* DAY_NEVER: not yet             */
    enum complaint_state state;
    struct day state_day;
    const char *result; /* "upheld", "partly_upheld", "not_upheld"; NULL: none */
    const char *cause, *changed, *answer, *author; /* may be NULL    */
};

/* phone, letter, email, portal, regulator */
bool complaint_way_known(const char *way);

/* What is taken down; received DAY_NONE: today. The same `once` again is the same complaint. */
struct complaint_input {
    const char *words, *channel, *author, *once;
    struct day received;
    bool hold; /* nothing asks for money meanwhile */
};
bool complaint_open(struct book *b, struct casefile_key key, const struct complaint_input *in,
                    int32_t *number, enum change *change, struct fault *why);

/* They were told that we have it. CHANGE_NONE when they were before. */
bool complaint_acknowledge(struct book *b, struct casefile_key key, int32_t number,
                           const char *author, enum change *change, struct fault *why);

/* Why it came to that and what is done differently; NULL leaves what is known. An answer needs
 * a result and what they are told. CONFLICT when it is not open; of the same answer again, too.
 */
struct complaint_answer {
    const char *result, *text, *cause, *changed, *author;
};
bool complaint_note(struct book *b, struct casefile_key key, int32_t number,
                    const struct complaint_answer *known, enum change *change,
                    struct fault *why);
bool complaint_answer(struct book *b, struct casefile_key key, int32_t number,
                      const struct complaint_answer *answer, enum change *change,
                      struct fault *why);

/* Whoever may take one down may take it back: its author, and who answers complaints. NOT_ALLOWED. */
bool complaint_may_close(const struct complaint *c, permissions can, const char *who,
                         struct fault *why);
/* Without an answer: taken back, or taken down by mistake. CHANGE_NONE when it is closed. */
bool complaint_close(struct book *b, struct casefile_key key, int32_t number,
                     const char *author, enum change *change, struct fault *why);
/* CHANGE_NONE when it is open. */
bool complaint_reopen(struct book *b, struct casefile_key key, int32_t number,
                      const char *author, enum change *change, struct fault *why);

bool complaints_of(struct store *s, struct arena *a, struct casefile_key key,
                   struct complaint **out, size_t *count, struct fault *why);
/* NOT_FOUND when there is none. */
bool complaint_load(struct store *s, struct arena *a, struct casefile_key key, int32_t number,
                    struct complaint *out, struct fault *why);

/* ---- Over all accounts (complaint_list.c) ---- */

struct complaint_place {
    int64_t day, casefile, number; /* all 0: the first */
};

struct complaint_row {
    struct casefile_key key;
    const char *reference, *name, *creditor, *desk;
    struct complaint is;
};

/* Those in a state that somebody with these clients and desks (NULL: all) may see, the first to
 * be answered first; *last is where the next page begins. */
bool complaint_rows(struct store *s, struct arena *a, const char *clients, const char *desks,
                    enum complaint_state state, struct complaint_place after, size_t most,
                    struct complaint_row **out, size_t *count, struct complaint_place *last,
                    bool *more, struct fault *why);
/* The same as a table. */
bool complaint_list(struct store *s, enum complaint_state state, size_t most, struct sheet *out,
                    bool *more, struct fault *why);

#endif

/*
 * Task: what waits for a person (table task): a reply to answer, a callback, a promise that was
 * missed, a planned call, an address that bounced.
 *
 * Tasks follow from what is known: each is made in the transaction of the event that it comes
 * from, and closed in that of the event that settles it; recoup prove makes them again and
 * compares. People decide only who has one and until when it is put off. There is one open task
 * for each origin.
 *
 * The order (domain/task.h): promised replies and callbacks by due moment; money events; disputes
 * and hardship by deadline; then outreach. It has a version, and a sentence for each row.
 */
#ifndef FLOW_TASK_H
#define FLOW_TASK_H

#include "domain/task.h"
#include "flow/book.h"

struct task_input {
    enum task_kind kind;
    const char *origin;   /* "contact 12", "promise 7", "outbox 9": one open task for each */
    const char *reason;   /* one line; NULL: the kind says it all */
    struct money about;   /* CURRENCY_NONE: not about money */
    struct instant due;
    struct instant hidden_until; /* .us 0: shown at once */
    int64_t assigned;     /* number of a user; 0: nobody in particular */
};

/* CHANGE_NONE when one is open for this origin already; its number comes back. */
bool task_add(struct book *b, struct casefile_key key, const struct task_input *in,
              int32_t *number, enum change *change, struct fault *why);
/* Closes the open task of this origin, if there is one: it was done, or does not matter now. */
bool task_close(struct book *b, struct casefile_key key, const char *origin, bool done,
                enum change *change, struct fault *why);
/* Closes all that are open of a kind; TASK_KIND_COUNT: of every kind. */
bool task_close_kind(struct book *b, struct casefile_key key, enum task_kind kind, bool done,
                     struct fault *why);

/* By people. CONFLICT when the task is closed. */
bool task_snooze(struct book *b, struct casefile_key key, int32_t number, struct instant until,
                 struct fault *why);
bool task_assign(struct book *b, struct casefile_key key, int32_t number, int64_t user,
                 struct fault *why);
bool task_reopen(struct book *b, struct casefile_key key, int32_t number, struct fault *why);

#endif

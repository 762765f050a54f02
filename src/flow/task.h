/*
 * Task: what waits for a person (table task): a reply to answer, a callback, a promise that was
 * missed, a planned call, an address that does not serve.
 *
 * Tasks follow from what is known, by one pure function (domain/task_of.h). Whoever changes a case
 * file through the book need not think of them: they are brought up to date in the same
 * transaction, when its row is written (flow/book.h). Who writes rows of the outbox past the
 * book calls task_follow. recoup prove makes all of them again and compares.
 *
 * People decide only who has one, until when it is put off, and that nothing is left to do; that
 * is journalled in the case file, which need not be looked at again by the cycle for it.
 *
 * The order has a version and a sentence for each kind (domain/task.h).
 */
#ifndef FLOW_TASK_H
#define FLOW_TASK_H

#include "domain/task_of.h"
#include "flow/book.h"

/* ---- From events ------------------------------------------------------------------------ */

/* Opens what follows now, closes what does not any more. Cheap where nothing changes. */
bool task_follow(struct book *b, struct casefile_key key, struct fault *why);
/* The same, for events that open nothing: skips a case file without open tasks. */
bool task_follow_any(struct book *b, struct casefile_key key, struct fault *why);

/* What is on file, and what should be, for prove. In the arena. */
bool task_facts_load(struct store *s, struct arena *a, struct casefile_key key,
                     struct instant now, const struct zone *zone, struct task_facts *out,
                     const char **creditor, const char **desk, struct fault *why);

/* What there is to do, in one line: their words, amounts, days. Never NULL. */
const char *task_reason(struct arena *a, const struct task_wanted *wanted);
/* "contact 12" */
const char *task_origin(struct arena *a, const struct task_wanted *wanted);

/* ---- By people -------------------------------------------------------------------------- */

/* NOT_FOUND when there is none. */
bool task_get(struct store *s, struct arena *a, struct casefile_key key, int32_t number,
              struct task_row *out, struct fault *why);

/* What somebody saw when they decided. */
struct task_seen {
    int64_t assigned;
    struct instant hidden_until;
};

/*
 * Each is refused (CONFLICT) with who has it now, or who closed it, when the task is not as it was
 * seen any more (`seen` NULL: not asked) or is closed. *was: what it was before, for undoing.
 * Who is signed in to the book (book.by) stands in the record.
 */
bool task_snooze(struct book *b, struct casefile_key key, int32_t number,
                 const struct task_seen *seen, struct instant until, struct task_row *was,
                 struct fault *why);
/* `user` 0: nobody in particular. BAD_VALUE for who is not active or may not see the account. */
bool task_assign(struct book *b, struct casefile_key key, int32_t number,
                 const struct task_seen *seen, int64_t user, struct task_row *was,
                 struct fault *why);
/* TASK_DONE: it was seen to; TASK_DROPPED: nothing is to be done. `reason` may be NULL. */
bool task_end(struct book *b, struct casefile_key key, int32_t number,
              const struct task_seen *seen, enum task_state end, const char *reason,
              struct task_row *was, struct fault *why);
/* What task_end ended is open again, if it still follows. CONFLICT when it is open. */
bool task_reopen(struct book *b, struct casefile_key key, int32_t number, struct fault *why);

#endif

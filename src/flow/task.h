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

#endif

/*
 * Task face: what a row of the queue shows of the person behind it: by which of five means they
 * may be reached at this moment, as the gate says, and how their case file stands.
 *
 * One case file is read and judged for each row that is shown, never for those that are not.
 */
#ifndef FLOW_TASK_FACE_H
#define FLOW_TASK_FACE_H

#include "flow/task_list.h"
#include "flow/view.h"

enum mark { MARK_ALLOWED, MARK_LATER, MARK_BLOCKED, MARK_ABSENT }; /* absent: no address, no portal */
enum { TASK_MARKS = 5 };

struct task_mark_of {
    enum channel channel;
    enum mark mark;
    struct instant until; /* MARK_LATER: when it opens, as far as that is known */
    const char *reason;   /* NULL: nothing speaks against it */
};

struct task_face {
    const struct casefile *casefile;
    const struct party *party;
    struct decision *decision;
    struct task_mark_of marks[TASK_MARKS]; /* portal, email, call, text, letter */
    int32_t days_past_due;                 /* of the oldest that is open; 0: nothing is late */
};

bool task_face(struct view *v, const struct task_item *item, struct task_face *out,
               struct fault *why);

/*
 * The moment today from which they may not be called any more, to a quarter of an hour;
 * INSTANT_NEVER when they may not be called now, or may until the day ends.
 */
struct instant task_call_closes(struct view *v, const struct task_face *face);

/*
 * The queue by which calling window closes first: of the first TASK_CLOSING_MOST in the best
 * order, those that may be called now, the one that closes first first; then the others as they
 * were. `skip` of them are left out.
 */
enum { TASK_CLOSING_MOST = 200 };
bool task_list_closing(struct view *v, const struct task_filter *filter, size_t skip,
                       struct task_item **out, size_t *count, bool *more, struct fault *why);

#endif

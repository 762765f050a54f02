/* Task sheet: the work queue as rows, for `recoup queue`. */
#ifndef FLOW_TASK_SHEET_H
#define FLOW_TASK_SHEET_H

#include "flow/table.h"
#include "flow/task_list.h"

struct task_sheet_request {
    struct task_filter filter; /* most 0: all of them */
    const char *mine;          /* an email address: what this person has, and may see; or NULL */
};

/* NOT_FOUND when nobody has this address. */
bool task_sheet(struct store *s, const struct task_sheet_request *request, struct sheet *out,
                bool *more, struct fault *why);

#endif

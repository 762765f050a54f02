/* Task parts: what the files of tasks share. Private to src/flow/task*.c. */
#ifndef FLOW_TASK_PARTS_H
#define FLOW_TASK_PARTS_H

#include "flow/task.h"

/* The first sixteen columns of tasks_kept, task_get and task_shown; false: a word nobody knows. */
bool task_read(struct query *q, struct arena *a, struct task_row *out);

#endif

/* Audit owed: answers that people wait for, and by when: to what they wrote, to disputes, hardship
 * and complaints. Counted from the open tasks (flow/task.h). */
#ifndef FLOW_AUDIT_OWED_H
#define FLOW_AUDIT_OWED_H

#include "domain/task.h"
#include "flow/view.h"

struct answers_owed {
    enum task_kind kind;
    int64_t count, late;
    struct instant next; /* the first that is due; INSTANT_NEVER: none */
};

enum { OWED_KINDS = 4 };

/* Always the same kinds in the same order, none left out. */
bool audit_owed(struct view *v, struct answers_owed out[OWED_KINDS], struct fault *why);

#endif

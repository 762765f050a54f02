/* View parts: what the readers share. Private to src/flow/view*.c. */
#ifndef FLOW_VIEW_PARTS_H
#define FLOW_VIEW_PARTS_H

#include "flow/view.h"

const char *view_text(struct view *v, struct query *q, int column); /* "" for NULL */
struct instant view_instant(struct query *q, int column);
struct day view_day(struct query *q, int column);
/* A statement whose first two parameters are the key. */
struct query view_of_file(struct view *v, enum query_name name, struct casefile_key key);

#endif

#include "flow/audit_owed.h"

#include "flow/user.h"
#include "flow/view_parts.h"

bool audit_owed(struct view *v, struct answers_owed out[OWED_KINDS], struct fault *why)
{
    static const enum task_kind kinds[OWED_KINDS] = { TASK_REPLY, TASK_DISPUTE, TASK_HARDSHIP,
                                                      TASK_COMPLAINT };
    struct query q = query_begin(v->store, Q_AUDIT_OWED);

    for (int i = 0; i < OWED_KINDS; i++)
        out[i] = (struct answers_owed){ .kind = kinds[i], .next = INSTANT_NEVER };
    bind_int(&q, v->now.us);
    while (query_next(&q)) {
        enum task_kind kind;
        if (!task_parse(row_text(&q, 0), &kind) ||
            !user_sees(v->clients, v->desks, row_text(&q, 1), row_text(&q, 2)))
            continue;
        for (int i = 0; i < OWED_KINDS; i++) {
            if (out[i].kind != kind)
                continue;
            out[i].count += row_int(&q, 3);
            out[i].late += row_int(&q, 5);
            if (row_int(&q, 4) < out[i].next.us)
                out[i].next.us = row_int(&q, 4);
        }
    }
    return query_end(&q, why);
}

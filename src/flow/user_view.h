/*
 * User views: the filters of a list, kept under a name by somebody who works here; for
 * themselves, for a desk, or for everybody. What a view shows is still what its reader may see.
 *
 * Changes are journalled in bucket 0 with casefile_id 0, as those of users are.
 */
#ifndef FLOW_USER_VIEW_H
#define FLOW_USER_VIEW_H

#include "flow/book.h"

enum { VIEW_NAME_MOST = 60, VIEW_QUERY_MOST = 1500, VIEWS_MOST = 40 };

struct saved_view {
    int64_t staff, number;
    const char *list; /* its path: "/promises" */
    const char *name, *query;
    const char *desk;  /* who may use it, too: NULL: nobody, "": everybody, or one desk */
    const char *owner; /* the name of who saved it */
};

/* Those of a list that this user may use, by name. `desks`: of the user (flow/user.h). */
bool saved_views(struct store *s, struct arena *a, const char *list, int64_t staff,
                 const char *desks, struct saved_view **out, size_t *count, struct fault *why);
/* NOT_FOUND when this user has none of this number. */
bool saved_view_get(struct store *s, struct arena *a, int64_t staff, int64_t number,
                    struct saved_view *out, struct fault *why);

/* In a session. BAD_VALUE for a name that is empty or too long; CONFLICT over VIEWS_MOST. */
bool saved_view_add(struct book *b, const struct saved_view *view, int64_t *number,
                    struct fault *why);
bool saved_view_change(struct book *b, int64_t staff, int64_t number, const char *name,
                       const char *desk, struct fault *why);
bool saved_view_remove(struct book *b, int64_t staff, int64_t number, struct fault *why);

#endif

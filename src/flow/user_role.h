/*
 * User role: giving somebody a role, and taking somebody in.
 *
 * A role that may administer users lets its holder give every other one. So where there is another
 * active person who may, one of them must agree (flow/approval.h, kind "role"); whoever asks is
 * not that person. Nothing is done before. At the command line, where somebody has the whole book
 * in hand, it can be done at once with a reason, which is journalled.
 */
#ifndef FLOW_USER_ROLE_H
#define FLOW_USER_ROLE_H

#include "flow/user.h"

/* Who asks, and why. */
struct role_wish {
    int64_t by;           /* number of the user; 0: the command line */
    const char *reason;   /* for who is to agree; may be NULL */
    const char *override; /* do it at once, because of this; NULL: as the rule says */
};

/* *approval is the number of what waits; 0: it was done. */
bool user_role_give(struct book *b, const struct roles *roles, const struct role_wish *wish,
                    int64_t number, int64_t version, const char *role, int64_t *approval,
                    struct fault *why);
/* The same for a new user: *number is 0 while it waits. */
bool user_take_in(struct book *b, const struct roles *roles, const struct role_wish *wish,
                  const struct user_input *in, int64_t *number, int64_t *approval,
                  struct fault *why);

/*
 * A link that signs somebody in comes to whoever makes it. Of somebody who may administer users,
 * and so may agree to what the other asked for, that would make one person of two: NOT_ALLOWED
 * while there is another administrator; it is made at the command line then.
 */
bool link_may_be_handed(struct book *b, const struct roles *roles, int64_t by,
                        const struct user *user, struct fault *why);

#endif

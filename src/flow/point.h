/*
 * Point: addresses on which somebody can be reached: a mailbox, a number, where letters go.
 *
 * They are shown in part, until somebody opens one; that they did is journalled. One that does not
 * lead to them any more is marked bad, and nothing is sent there; it stays on file. Journal records
 * name an address by its number.
 */
#ifndef FLOW_POINT_H
#define FLOW_POINT_H

#include "flow/book.h"

/* Somebody is shown the whole of this address. NOT_FOUND when there is none of this number. */
bool point_opened(struct book *b, struct casefile_key key, int32_t number, struct fault *why);

/*
 * As it is kept: numbers as E.164 ("608 555-0132" where `places` is in North America: +1608…),
 * mailboxes without blanks, letters by lines. BAD_VALUE says what is wrong with it.
 */
bool point_address(struct arena *a, enum channel channel, const char *typed, const char *places,
                   const char **out, struct fault *why);
/* The same for somebody who is on file. */
bool point_typed(struct book *b, struct casefile_key key, enum channel channel,
                 const char *typed, const char **out, struct fault *why);

/* One more of the debtor's. A number serves calls and texts. One that is on file as bad is good
 * again (CHANGE_UPDATED); one that is good stays as it is. */
bool point_add(struct book *b, struct casefile_key key, enum channel channel,
               const char *address, const char *source, int32_t *number, enum change *change,
               struct fault *why);

/* Whether it still leads to them. `since`: when that was seen, not later than now; .us 0: now. */
struct point_mark {
    int32_t number;
    bool good;
    const char *reason; /* may be NULL */
    struct instant since;
};
bool point_mark(struct book *b, struct casefile_key key, const struct point_mark *mark,
                enum change *change, struct fault *why);

/* The debtor's of this channel and address; *number is 0 when there is none. */
bool point_find(struct book *b, struct casefile_key key, enum channel channel,
                const char *address, int32_t *number, struct fault *why);

#endif

/*
 * Note: what somebody wrote down about a case file, for whoever opens it next. People who are
 * written about may read it: it says what was said and done, nothing else.
 *
 * A note is never changed. It can be taken back; the history keeps both. Its text stands in a
 * row of its own, and its digest in the journal, so that it can be erased without breaking the
 * chain.
 */
#ifndef FLOW_NOTE_H
#define FLOW_NOTE_H

#include "flow/book.h"

enum { NOTE_MOST = 4000 }; /* bytes */

/*
 * `author` is a name as people read it; NULL: nobody's in particular. The same `once` again
 * (NULL: none) is the same note. BAD_VALUE when the text is empty or too long.
 */
struct note_input {
    const char *text, *author, *once;
};
bool book_note_add(struct book *b, struct casefile_key key, const struct note_input *in,
                   int32_t *number, enum change *change, struct fault *why);

/* Takes it back. CHANGE_NONE when it was before; NOT_FOUND when there is none. */
bool book_note_withdraw(struct book *b, struct casefile_key key, int32_t number,
                        enum change *change, struct fault *why);

#endif

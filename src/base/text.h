/*
 * Text: growing strings, and the few questions about bytes that C's library lacks.
 * All text in the program is valid UTF-8 without NUL; the edges check it on the way in.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/arena.h"

/* A string that grows on the heap; always NUL-terminated once something was added. */
struct text {
    char *bytes;
    size_t length, room;
};

void text_free(struct text *t);
void text_clear(struct text *t);
void text_add(struct text *t, const char *more);
void text_add_n(struct text *t, const char *more, size_t length);
/* So many bytes longer; they are the caller's to fill. */
char *text_more(struct text *t, size_t length);
void text_add_char(struct text *t, char c);
void text_add_print(struct text *t, const char *format, ...) PRINTF(2, 3);
const char *text_of(const struct text *t); /* "" when nothing was added */

bool text_equal(const char *a, const char *b); /* NULL equals only NULL */
bool text_starts(const char *text, const char *with);
bool text_ends(const char *text, const char *with);
bool text_is_empty(const char *text); /* NULL, "" or only blanks */

/* True when `length` bytes are valid UTF-8 without NUL; else *bad is the first bad offset. */
bool text_is_utf8(const char *bytes, size_t length, size_t *bad);

/* A copy without blanks at both ends. */
char *text_trim(struct arena *a, const char *text);

/* A copy in which the case of letters does not matter any more, in any script. */
char *text_fold(struct arena *a, const char *text);

/*
 * A copy to find things by, in which neither case nor accents matter: words of letters and digits
 * with one blank between them. Apostrophes are gone; "O'Brien, Zoë" is "obrien zoe".
 */
char *text_bare(struct arena *a, const char *text);

/* How many single-character edits lie between a and b: for "did you mean". */
size_t text_distance(const char *a, const char *b);

/* Whole decimal integer, nothing else around it. */
bool text_to_int(const char *text, int64_t *out);

/* A whole file of at most `most` bytes; faults name the path. */
bool text_read_file(const char *path, size_t most, struct arena *a, char **bytes,
                    size_t *length, struct fault *why);

#endif

/*
 * Line diff: which lines of a text were taken out and which put in, in the order of reading,
 * with some lines around each change. The fewest changes, unless the texts differ by so much
 * that nobody would read it: then all old lines, and all new ones.
 */
#ifndef BASE_LINE_DIFF_H
#define BASE_LINE_DIFF_H

#include "base/arena.h"

struct line_change {
    char mark;              /* '-' taken out, '+' put in, ' ' stays, '.' lines were left out */
    int old_line, new_line; /* from 1; 0 where it does not stand */
    const char *text;       /* without its end */
};

struct line_changes {
    size_t added, removed;
    size_t count;
    struct line_change *all; /* count 0: they are the same */
};

struct line_changes line_diff(struct arena *a, const char *old_text, const char *new_text,
                              int around);

#endif

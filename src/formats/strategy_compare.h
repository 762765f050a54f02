/*
 * Strategy compare: what was removed, added and changed between two strategies, line by line,
 * for a person to read. What it means for the book is told by flow/strategy_diff.h.
 */
#ifndef FORMATS_STRATEGY_COMPARE_H
#define FORMATS_STRATEGY_COMPARE_H

#include "domain/strategy.h"

struct strategy_change {
    char mark; /* '-' only in the old one, '+' only in the new one, ' ' a heading */
    const char *text;
};

/*
 * Heads (for, order, promises, segments), then ladder by ladder, steps in the order of their
 * days. A changed line is its old text and its new one. Ladders and segments are the same when
 * their names are; the order of segments counts. Returns how many lines have a mark.
 */
size_t strategy_compare(struct arena *a, const struct strategy *old_one,
                        const struct strategy *new_one,
                        void (*change)(void *context, const struct strategy_change *change),
                        void *context);

#endif

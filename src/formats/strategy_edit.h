/*
 * Strategy edit: one change to the text of a strategy. All else stays as it was written: its
 * remarks, its order, where its lines break.
 *
 * The text must be YAML; it need not be a strategy, and need not be one afterwards, so that
 * half a thought can be kept. What is made is read again: an edit that would have changed
 * anything else, or lost a remark, is refused, and whoever asked is sent to the text.
 */
#ifndef FORMATS_STRATEGY_EDIT_H
#define FORMATS_STRATEGY_EDIT_H

#include "formats/strategy_outline.h"

enum strategy_verb {
    EDIT_SET,    /* what stands under a key */
    EDIT_ADD,    /* a step, behind another one */
    EDIT_REMOVE, /* a step, with the remarks right above it */
    EDIT_MOVE,   /* a step, likewise with its remarks */
};

enum strategy_part { OF_STRATEGY, OF_SEGMENT, OF_LADDER, OF_STEP };

/*
 * Keys are those of the file. `before_due` and `after_due` take each other's place; "end.after"
 * is `after` inside the end of a ladder. `channels` are names with commas between them. An
 * empty value takes a key away without which a part may be: when, for, order, entry,
 * stale_after, gap.
 */
struct strategy_edit {
    enum strategy_verb verb;
    enum strategy_part part;  /* of EDIT_SET; the others are of steps */
    size_t ladder, item;      /* places, from 0; item: of the step or segment */
    const char *key, *value;  /* EDIT_SET */
    struct outline_step step; /* EDIT_ADD: what it says */
    size_t to;                /* EDIT_MOVE: its place afterwards */
};

/* BAD_VALUE when it cannot be done, or there is no such part; BAD_PACK when the text is no
 * YAML. */
bool strategy_edit(struct arena *a, const char *text, const struct strategy_edit *edit,
                   const char **out, struct fault *why);

#endif

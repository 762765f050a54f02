/*
 * Strategy outline: what stands in a text of a strategy, part by part, as it was written. The
 * text need not be a strategy yet: days may be words, steps out of order. It need only be YAML
 * with its ladders where they belong, so that a form can show what is there and what is wrong.
 */
#ifndef FORMATS_STRATEGY_OUTLINE_H
#define FORMATS_STRATEGY_OUTLINE_H

#include "formats/yaml.h"

/* What is not there is "". */
struct outline_step {
    const char *id, *when, *template;
    const char *channels; /* "email, letter" */
    const char *days;
    bool before; /* so many days before the due date, not after it */
};

struct outline_ladder {
    const char *name, *entry, *stale_after, *gap, *end_after, *end_then;
    size_t count;
    struct outline_step *steps;
};

struct outline_segment {
    const char *name, *when, *ladder;
};

struct strategy_outline {
    const char *title, *applies, *order;
    size_t ladder_count, segment_count;
    struct outline_ladder *ladders;
    struct outline_segment *segments;
};

/* BAD_PACK with its place when the text is not YAML. */
bool strategy_outline(struct arena *a, const char *file, const char *text,
                      struct strategy_outline *out, struct fault *why);

/* A value as it is shown: one line, with single blanks. */
const char *outline_line(struct arena *a, const char *text);

#endif

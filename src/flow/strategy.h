/*
 * Strategy: files of strategies, as people ask about them: read, checked, tried by their own
 * cases, held against one another. Nothing is written. What another strategy would do with the
 * book is told by flow/strategy_diff.h.
 *
 * A target is the path of a file, or the name of a strategy that is loaded; a path has a "/" or
 * a "." in it. Everything lives in the arena.
 */
#ifndef FLOW_STRATEGY_H
#define FLOW_STRATEGY_H

#include "domain/strategy.h"

/* All that are loaded, in the order in which they are tried. */
bool strategy_list(struct arena *a, struct strategies *out, struct fault *why);

/* NOT_FOUND when there is none; BAD_PACK with its place when it is refused. */
bool strategy_load(struct arena *a, const char *target, const struct strategy **out,
                   struct fault *why);

/* The same of a text that is in hand; `path` stands in the places. */
bool strategy_read(struct arena *a, const char *path, const char *text,
                   const struct strategy **out, struct fault *why);

/* What the author probably did not mean; formats/strategy_check.h says what is looked for. */
struct strategy_finding {
    bool problem; /* else a warning */
    int32_t line; /* 0: the text names its place itself */
    const char *text;
};

struct strategy_findings {
    bool accepted; /* else its one problem is the refusal */
    size_t problems, warnings;
    size_t count;
    struct strategy_finding *all; /* in the order of the file's lines */
};

bool strategy_examine(struct arena *a, const char *target, struct strategy_findings *out,
                      struct fault *why);
/* The same of a text that is in hand; `path` stands in the places. */
bool strategy_examine_text(struct arena *a, const char *path, const char *text,
                           struct strategy_findings *out, struct fault *why);

/* Runs the cases of its file and adds to both counts; `report` hears of those that fail. */
void strategy_try(struct arena *a, const struct strategy *strategy, size_t *passed,
                  size_t *failed, void (*report)(void *context, const char *line),
                  void *context);

/* The lines that differ, under headings (mark ' '); count 0 when both do the same. */
struct strategy_line {
    char mark; /* '-' only in the old one, '+' only in the new one */
    const char *text;
};

struct strategy_lines {
    size_t count;
    struct strategy_line *all;
};

struct strategy_lines strategy_differences(struct arena *a, const struct strategy *old_one,
                                           const struct strategy *new_one);

#endif

/*
 * Line words: one line of a balance (flow/balance.h) in words, "INV-1: interest from November 1,
 * 2026 to November 30, 2026, 18% a year". The words are those of letters/<language>/parts/line.md.
 */
#ifndef FLOW_LINE_WORDS_H
#define FLOW_LINE_WORDS_H

#include "flow/balance.h"

struct line_words;

/* "de-AT" falls back to "de", then to "en". `country` of who writes: how dates look; or NULL. */
struct line_words *line_words_load(struct arena *a, const char *language, const char *country,
                                   struct fault *why);

bool line_words_say(const struct line_words *words, struct arena *a, const struct balance *b,
                    const struct balance_line *line, const char **out, struct fault *why);

/* The clause and the law that allow it: "“1.5 % a month”, BGB § 288(2)"; NULL when it needs none. */
const char *line_ground(struct arena *a, const struct balance_line *line);

#endif

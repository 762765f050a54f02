/*
 * Strategy words: conditions, steps and ends of strategies as a person reads them. Private to
 * src/web. Everything comes from the arena.
 */
#ifndef WEB_STRATEGY_WORDS_H
#define WEB_STRATEGY_WORDS_H

#include "domain/strategy.h"

/* "has_phone && total_open_minor < 25000": "a good phone number is known, and all open together
 * is under 250.00". "everybody" for NULL. */
const char *condition_words(struct arena *a, const char *text);
/* -3: "3 days before the due date"; 0: "on the due date". */
const char *step_day_words(struct arena *a, int day);
/* "Email, or letter". */
const char *step_channel_words(struct arena *a, const struct ladder_step *step);
/* "two weeks after the last step, somebody looks at it". */
const char *ladder_end_words(struct arena *a, const struct ladder *ladder);
/* How it is climbed: entry, gap, staleness. */
const char *ladder_rules_words(struct arena *a, const struct ladder *ladder);
/* "3 ladders of 3 to 7 steps, from 3 days before to 30 days after the due date, by call, email
 * or letter". */
const char *strategy_words(struct arena *a, const struct strategy *s);
/* "late_notice": "Late notice". */
const char *step_name_words(struct arena *a, const char *id);

#endif

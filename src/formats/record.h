/*
 * Record: reading what the journal holds (flow/decision_record.h says what a decision is).
 */
#ifndef FORMATS_RECORD_H
#define FORMATS_RECORD_H

#include "base/arena.h"

/* The text under record[object][key], in the arena; NULL when there is none, or no JSON. */
const char *record_text(struct arena *a, const char *record, const char *object,
                        const char *key);

/* What people read of a record in one line: "debt INV-1, amount 185.00, reference 1042". What
 * lies deeper than that is left out. */
const char *record_words(struct arena *a, const char *record);

#endif

/*
 * Record: reading what the journal holds (flow/decision_record.h says what a decision is).
 */
#ifndef FORMATS_RECORD_H
#define FORMATS_RECORD_H

#include "base/arena.h"

/* The text under record[object][key], in the arena; NULL when there is none, or no JSON. */
const char *record_text(struct arena *a, const char *record, const char *object,
                        const char *key);

#endif

/*
 * Record: reading what the journal holds (flow/decision_record.h says what a decision is).
 */
#ifndef FORMATS_RECORD_H
#define FORMATS_RECORD_H

#include "base/arena.h"

/* The text under record[object][key], or record[key] when `object` is NULL, in the arena; NULL when
 * there is none, or no JSON. */
const char *record_text(struct arena *a, const char *record, const char *object,
                        const char *key);
/* The whole number under record[key]; 0 when there is none. */
int64_t record_number(const char *record, const char *key);

/*
 * The instalments that a decision tells of, in its order: record["items"], each with its debt
 * and number. Faults: DB_ROW when the record is not such a decision.
 */
struct record_item {
    int32_t debt, instalment;
};
bool record_items(struct arena *a, const char *record, struct record_item **out, size_t *count,
                  struct fault *why);

/* What people read of a record in one line: "debt INV-1, amount 185.00, reference 1042". What
 * lies deeper than that is left out. */
const char *record_words(struct arena *a, const char *record);

#endif

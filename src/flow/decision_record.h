/*
 * Decision record: what the journal keeps of a decision, as JSON. The same facts give the same
 * bytes: no clock but `now`, no numbers but those of the case file.
 *
 *   {"standing","strategy","segment","ladder","step","template","channel","party","send_at",
 *    "items":[{"debt","instalment","step","open"}…],"currency","open",
 *    "tried":[{"channel","ruling","rule","until"}…],
 *    "facts","rulebook","packs","verdict"}
 *
 * The last four are those of flow/verdict_record.h: the verdict on the chosen channel, or on
 * the last one that was asked about; without an address for any, there are none.
 */
#ifndef FLOW_DECISION_RECORD_H
#define FLOW_DECISION_RECORD_H

#include "base/text.h"
#include "domain/decide.h"
#include "formats/rulepack.h"

/* Adds the record to `out`. True when it holds a verdict: then *question was cleared, and holds
 * what the verdict answers. */
bool decision_record(const struct decision *d, const struct rulebook *rulebook,
                     struct text *out, struct text *question);

#endif

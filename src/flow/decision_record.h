/*
 * Decision record: what the journal keeps of a decision, as JSON. The same facts give the same
 * bytes: no clock but `now`, no numbers but those of the case file.
 *
 *   {"standing","strategy","segment","ladder","step","template","channel","party","send_at",
 *    "items":[{"debt","instalment","step","open"}…],"currency","open",
 *    "tried":[{"channel","ruling","rule","until"}…],
 *    "verdict":{"ruling","until","findings":[{"rule","ruling","until","unknown"}…]}}
 */
#ifndef FLOW_DECISION_RECORD_H
#define FLOW_DECISION_RECORD_H

#include "base/text.h"
#include "domain/decide.h"

void decision_record(const struct casefile *c, const struct decision *d, struct text *out);

#endif

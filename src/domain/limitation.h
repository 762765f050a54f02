/*
 * Limitation: when a claim can no longer be enforced, as far as dates can tell.
 * Private to the gate.
 *
 * Years alone never prove that a period has run out: absence, service, minority, a choice of
 * law and much else stretch it. So a person settles it (`sol_expired` of the debt), and until
 * then the gate takes a debt whose years have passed for one that may be time-barred.
 */
#ifndef DOMAIN_LIMITATION_H
#define DOMAIN_LIMITATION_H

#include "domain/rule.h"

enum limitation {
    LIMITATION_RUNS,
    LIMITATION_OVER,
    LIMITATION_NO_DUE_DAY,
    LIMITATION_NO_CONTRACT
};

/* How it stands on `today`. Reads of the debt: sol_expired, contract, kind, runs_from,
 * last_payment, acknowledged. */
enum limitation limitation_of(const struct limitation_rule *law, const struct gate_debt *debt,
                              struct day today);

/* The last day of the period, as far as dates tell; DAY_NEVER when they do not, or a person said
 * that it runs. */
struct day limitation_last_day(const struct limitation_rule *law, const struct gate_debt *debt);

/* False where the debt says that it is governed by another law. */
bool limitation_governs(const struct limitation_rule *law, const struct gate_debt *debt);

/* By the rules of limitation in the packs of the question: true when one of them may have run
 * out, false when one is known to run and none has; else not known. */
struct value limitation_has_expired(const struct judging *j, const struct gate_debt *debt);

bool contract_parse(const char *name, enum contract *out);
bool revival_parse(const char *name, enum revival *out);

#endif

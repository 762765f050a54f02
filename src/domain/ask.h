/*
 * Ask: the question that a contact with a party of a case file puts to the gate.
 *
 * Pure. Who asks adds what only the message knows (its content, a purpose of its own).
 */
#ifndef DOMAIN_ASK_H
#define DOMAIN_ASK_H

#include "domain/casefile.h"

/*
 * A debt as the gate sees it at a moment. Its fields are, in this order: those of its facts
 * `debt_detail` (the newest first; docs/rule-packs.md lists the names), then "id" (its
 * reference), "creditor", "due" (the earliest due day that is open) and "last_payment" (the
 * last day on which something of what is open was paid), as far as they are known.
 */
struct gate_debt ask_debt(const struct casefile *c, int32_t debt, struct instant at,
                          struct arena *a);

/* "initial" when a collector has communicated nothing about these debts before; else NULL. */
const char *ask_purpose(const struct casefile *c, const struct gate_question *question);

/* Its purpose is that of ask_purpose. Calls are made by people. */
void question_build(const struct casefile *c, const struct party *party, enum channel channel,
                    const char *address, struct instant at, size_t debt_count,
                    const struct gate_debt *debts, struct gate_question *out);

#endif

/*
 * Debit: instalments that are debited, and the message that announces each (flow/cycle_debit.c
 * sends both on their way).
 *
 * A notice stands in the outbox as a message of one of the templates "debit-notice…"; its step
 * says what it announces, "plan 3 item 2 on 2026-12-04", and its open amount how much. It holds
 * for that day and amount alone: once either is another, it announces nothing any more.
 */
#ifndef FLOW_DEBIT_H
#define FLOW_DEBIT_H

#include "domain/casefile.h"

/* By who writes. */
const char *debit_template(const struct casefile *c);
bool debit_is_notice(const char *template);
const char *debit_told(struct arena *a, const struct promise *item);

const struct payment_plan *debit_plan(const struct casefile *c, const struct promise *item);
/* Its plan is active and debits it, and that was not asked for yet. */
bool debit_is_planned(const struct casefile *c, const struct promise *item);
/* The day of the debit when its notice is given on this one. */
struct day debit_day(const struct payment_plan *plan, const struct promise *item,
                     struct day notice);
/* What this message announces; NULL: nothing any more. */
const struct promise *debit_announced(const struct casefile *c, struct arena *a, int32_t outbox,
                                      const char *told);

#endif

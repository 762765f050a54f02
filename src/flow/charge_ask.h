/*
 * Charge ask: what is let go, waived or written off, is within somebody's authority
 * (formats/authority.h), or waits until another person whose authority covers it agrees
 * (flow/approval.h, kind "waiver").
 *
 * What is charged needs its clause or law and no authority; a credit note, money that waits, and
 * the creditor's own loss (charge_off) take nothing off that is not so already.
 */
#ifndef FLOW_CHARGE_ASK_H
#define FLOW_CHARGE_ASK_H

#include "flow/approval.h"
#include "flow/charge.h"

/* Something is taken off what is owed, and nobody paid it. */
bool charge_lets_go(enum movement_kind kind);
/* As charge_put, or an approval. NOT_ALLOWED when nobody may. Without a number nothing was
 * done yet. What was asked for with this key and waits still is not asked again: CHANGE_NONE.
 */
bool charge_put_as(struct book *b, const struct account *account, struct charge_input *in,
                   const struct asker *asker, int32_t *number, enum change *change,
                   struct asking *asking, struct fault *why);

#endif

/*
 * Refund ask: money that is given back is within somebody's authority (formats/authority.h), or
 * waits until another person whose authority covers it agrees (flow/approval.h, kind "refund").
 *
 * One refund waits for an account at a time. When its payment changed since it was asked, or
 * less waits than is to go back, the yes is refused and the request stays as it is.
 */
#ifndef FLOW_REFUND_ASK_H
#define FLOW_REFUND_ASK_H

#include "flow/approval.h"
#include "flow/book.h"
#include "formats/authority.h"

struct account;

/*
 * As book_payment_refund, once for a key (NULL: none), or an approval: then *number is 0. What
 * was asked for with this key and waits still is not asked again: CHANGE_NONE. A refund of
 * today that waits counts for the day on which somebody agrees. NOT_ALLOWED when nobody may.
 */
bool refund_put_as(struct book *b, const struct account *account, const struct refund_input *in,
                   const char *once, const struct asker *asker, int32_t *number,
                   enum change *change, struct asking *asking, struct fault *why);

/* The most that this role gives back alone; AUTHORITY_ANY: without limit. */
bool refund_alone(struct book *b, struct casefile_key key, enum currency currency,
                  const char *role, int64_t *most, struct fault *why);

#endif

/*
 * Outbox again: a message that did not arrive is said once more. It stays as it is; a new
 * message of the same step takes its place, if the gate allows it now, to the address that is
 * good now (flow/speak.h). Never twice: when a later message says the same, that is the one.
 */
#ifndef FLOW_OUTBOX_AGAIN_H
#define FLOW_OUTBOX_AGAIN_H

#include "flow/book_list.h"
#include "flow/speak.h"

/* A message in this state did not arrive. */
bool outbox_may_again(const char *state);
/* The later message that says the same; 0: none does. */
bool outbox_again_of(struct store *s, struct casefile_key key, int32_t number, int32_t *later,
                     struct fault *why);

/* Those that did not arrive, the newest first, sent again or not: what `who` may see, and where
 * the last page ended. */
enum { AGAIN_LOOK = 500 };
bool outbox_failed(struct store *s, struct arena *a, const struct list_ask *who,
                   struct list_page *out, struct fault *why);
/* Why the gate does not let it through, in a sentence; `opens`: the moment from which it may
 * go, in words. */
const char *outbox_held(struct arena *a, const struct spoken *spoken, const char *opens);

/*
 * In a session. CONFLICT: it did not fail, was sent again already, or there is nothing left to
 * say. A refusal of the gate is no fault: it is to be committed, as speak() says.
 */
bool outbox_again(struct book *b, const struct policy *policy, struct casefile_key key,
                  int32_t number, struct spoken *out, struct fault *why);

#endif

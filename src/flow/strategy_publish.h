/*
 * Strategy publish: a draft goes live once another person agreed (flow/approval.h); pages and
 * commands ask here. The same for letters and emails.
 *
 * Who may agree has the permission "review". Where nobody else has it, it goes live at once,
 * and the journal says that nobody else agreed. Going back to a version that was live needs
 * nobody: it was agreed to before.
 *
 * While a limit on how people are treated is passed (flow/insight_guard.h), over the accounts
 * of the strategy, or of one that sends the text, whoever publishes gives a reason: BAD_VALUE
 * names the limits.
 */
#ifndef FLOW_STRATEGY_PUBLISH_H
#define FLOW_STRATEGY_PUBLISH_H

#include "flow/approval.h"
#include "flow/publication.h"

struct publish_outcome {
    int64_t approval; /* it waits under this number; 0: it is live */
    int32_t version;  /* that is live now, or will be */
};

/* `override`: the reason why nobody else is asked, at the command line; NULL: somebody is. */
bool publish_ask(struct book *b, const struct roles *roles, const struct publishing *in,
                 const char *override, struct publish_outcome *out, struct fault *why);
/* Back to a version that was live. CONFLICT when it is what is live. */
bool publish_back(struct book *b, enum publication_kind kind, const char *name, int32_t version,
                  int64_t by, int32_t *live, struct fault *why);

/* The approval that waits for this name; its number is 0 when none does. */
bool publish_waiting(struct store *s, struct arena *a, enum publication_kind kind,
                     const char *name, struct approval *out, struct fault *why);

extern const struct approval_act approval_act_strategy, approval_act_text;

#endif

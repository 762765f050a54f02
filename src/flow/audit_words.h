/*
 * Audit words: a record of the journal in one line, as the decision log, its printed form and the
 * command say it: what was wanted, why it came out so, and who asked.
 *
 * English. Nothing of a person stands in it but what the record holds; records hold no names, no
 * addresses and no words of messages.
 */
#ifndef FLOW_AUDIT_WORDS_H
#define FLOW_AUDIT_WORDS_H

#include "flow/view.h"

struct log_words {
    const char *wanted, *because, *asked_by;
    const char *rule;      /* that decided; "": none */
    struct instant until;  /* the moment to which it was moved; INSTANT_NEVER: none */
    int64_t checks;        /* rules that were asked */
};

/* Of a record by its kind, outcome and rule as the log has them (domain/gist.h). */
void log_words_of(struct view *v, const char *kind, const char *outcome, const char *rule,
                  const char *record, struct log_words *out);

/* "allowed" and the like as people read them: "Allowed", "Moved", "Blocked", "Held". A block by a
 * rule that waits for something to end is held. */
const char *log_outcome_title(const struct view *v, const char *outcome, const char *rule);

/* A name of the book in plain letters: "past_due" is "Past due". */
const char *log_plain(struct arena *a, const char *name);

#endif

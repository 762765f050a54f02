/*
 * Calling: a call that a person makes: may it be made now, what to say, and that it is under way.
 *
 * The words are those of calls/ (docs/calls.md), with the values of the account; what the gate
 * wants said in this call stands with them. A call is begun before the number is shown: that it
 * was decided, by which verdict, stands in the journal, and it waits in the outbox until somebody
 * says what came of it (flow/contact_log.h), or that it was not made.
 */
#ifndef FLOW_CALLING_H
#define FLOW_CALLING_H

#include "flow/speak.h"

struct call_words {
    const char *when; /* NULL: always */
    const char *text;
    bool act;          /* something to do, not to say */
    const char *holds; /* what is said by it, for the gate; NULL: nothing in particular */
    const char *rule;  /* that wants it said; NULL: the script does */
};

struct call_part {
    const char *name, *title, *leads_to;
    bool limited, identity, disclosures;
    size_t count;
    struct call_words *words;
};

/* Something about them that they may be asked for, and what is on file of it. */
struct call_check {
    const char *name, *title, *known; /* known NULL: not on file */
};
enum { CALL_CHECKS_MOST = 6 };

struct calling {
    struct spoken spoken; /* how it stands; spoken.stands.address: the number */
    int32_t under_way;    /* the call that this person began; 0: none */
    const char *script, *title, *language;
    int confirm;
    size_t stage_count, reason_count, check_count;
    struct call_part *stages, *reasons;
    struct call_check checks[CALL_CHECKS_MOST];
};

/* For the page; `caller` is who signed in. Texts in the arena of the view. */
struct caller {
    const char *name, *email;
};
bool calling_look(struct view *v, const struct casefile_view *f, struct caller caller,
                  struct calling *out, struct fault *why);

/* In a session. A refusal is no fault: spoken.number stays 0, and is to be committed. */
bool calling_begin(struct book *b, const struct policy *policy, const struct account *account,
                   struct spoken *out, struct fault *why);
/* It was not made after all. */
bool calling_drop(struct book *b, const struct account *account, int32_t number,
                  struct fault *why);

#endif

/*
 * Contact log: contacts that somebody had by themselves, and what people say about how they want
 * to be reached: for the commands and for the forms, so that both write the same.
 *
 * A contact that is logged counts: weekly limits and waits after a conversation see it. It is
 * logged whatever the gate thinks of it.
 */
#ifndef FLOW_CONTACT_LOG_H
#define FLOW_CONTACT_LOG_H

#include "flow/account.h"

/* "no-answer" or "no_answer"; false for what is no outcome of a contact that somebody had. */
bool contact_outcome_typed(const char *typed, enum outcome *out);

/* What came of a talk beyond the contact itself, for the journal. */
struct talk {
    const char *with;     /* "person", "somebody_else", "nobody", "voicemail"                 */
    const char *identity; /* what it was confirmed by, "birth_date, postcode"; NULL: it was not */
    const char *said;     /* what the law wants said and was, "mini_miranda, …"; NULL: nothing */
    const char *script;   /* which script was on the screen; NULL: none                       */
};

struct logged_contact {
    enum channel channel;
    enum direction direction;
    enum outcome outcome;
    struct instant at;   /* not later than now */
    const char *address, *note;
    const char *purpose;      /* NULL: what follows from what was said before */
    struct instant callback_at; /* they want to be rung back then; .us 0: not said */
    const struct talk *talk;  /* NULL: nothing was asked */
    const char *once;         /* the same key is one contact; NULL: none */
};

/* *number is that of the contact. CHANGE_NONE: done before, for this key. */
bool contact_log(struct book *b, const struct account *account, const struct logged_contact *in,
                 int32_t *number, enum change *change, struct fault *why);

/* ---- Wishes: each once; said again it is CHANGE_NONE ---------------------------------------- */

struct contact_wish {
    enum channel channel;
    bool channel_known;  /* of an opt-out: false closes every channel */
    const char *address; /* only this number or mailbox; NULL: any */
    const char *source;  /* "command line", "console" */
};

/* They do not want to be reached this way. *fact: its number. */
bool contact_opt_out(struct book *b, const struct account *account,
                     const struct contact_wish *wish, int32_t *fact, enum change *change,
                     struct fault *why);
/* They agreed to be reached this way: it ends an opt-out of the same channel and address. */
bool contact_consent(struct book *b, const struct account *account,
                     const struct contact_wish *wish, int32_t *fact, enum change *change,
                     struct fault *why);
/* They like this channel best: the new wish ends the old one. */
bool contact_prefer(struct book *b, const struct account *account,
                    const struct contact_wish *wish, int32_t *fact, enum change *change,
                    struct fault *why);

/* Where they said they are, in place of where they said before; neither zone nor place: that no
 * longer holds. Who asks has checked both. *fact: its number, 0 when it was forgotten. */
struct contact_place {
    const char *zone, *place; /* "America/Denver", "US-CO"; either may be NULL */
    const char *source;
};
bool contact_location(struct book *b, const struct account *account,
                      const struct contact_place *said, int32_t *fact, enum change *change,
                      struct fault *why);

/* What helps them, in their words; NULL: nothing. It takes the place of what was noted before;
 * *fact: its number, 0 when nothing special is known now. */
struct fact_needs {
    const char *needs, *spare, *payday, *source;
};
bool contact_needs(struct book *b, const struct account *account, const struct fact_needs *in,
                   int32_t *fact, struct fault *why);

/*
 * They asked to be rung back at a moment, which is consent to that one call; it ends with the day
 * after it. A new moment takes the place of an old one. BAD_VALUE when it is past. That somebody
 * is to call them follows from the contact (callback_at).
 */
bool contact_call_back(struct book *b, const struct account *account, struct instant at,
                       const char *source, int32_t *fact, enum change *change,
                       struct fault *why);

#endif

/*
 * Call end: what is said of a call when it is over: for the form and for programs, so that both
 * write the same, in one transaction: the contact as it counts, and each thing that was said as
 * the event that it is.
 *
 * What cannot be both true is refused: nobody was reached, and something was agreed; a stop, and
 * a call back; a wrong number, and the person.
 */
#ifndef FLOW_CALL_END_H
#define FLOW_CALL_END_H

#include "flow/contact_log.h"
#include "flow/dispute.h"
#include "flow/hold.h"

struct call_end {
    struct talk talk;    /* .with: "person", "somebody_else", "nobody", "voicemail" */
    enum outcome outcome;
    const char *address; /* that was rung; NULL: not said */
    const char *note;    /* may be NULL */
    bool incoming, wrong, stop; /* a wrong number; they want no more calls */
    bool wished;         /* a plan or an offer was spoken of */
    bool promises, calls_back, disputes, struggles;
    struct promise_input promise;
    struct instant call_at;
    struct dispute dispute; /* its currency follows from the account */
    struct hold hardship;
    const char *source; /* "console", "API" */
    const char *once;   /* the same key is one call; NULL: none */
};

/* Which of two things that cannot both be is to be settled. */
enum call_clash {
    CALL_FITS,
    CALL_STOP_AND_CALLBACK,
    CALL_UNREACHED,   /* nobody, and yet something was said */
    CALL_OTHER_SPOKE, /* somebody else, and something that only the person can say */
    CALL_WRONG_PERSON /* a wrong number, and the person */
};
enum call_clash call_clash(const struct call_end *in);
bool call_agreed_anything(const struct call_end *in);

/* Numbers of what was made; 0: nothing was, or it was so already. */
struct call_ended {
    int32_t contact, promise, dispute, hold, stop;
    bool marked_bad; /* the number */
};
bool call_end(struct book *b, const struct account *account, const struct call_end *in,
              struct call_ended *out, struct fault *why);

#endif

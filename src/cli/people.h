/*
 * People: the book opened to change who works here. Between people_begin and people_end lies one
 * transaction; with --dry-run, or after a fault, nothing of it is kept, and what was printed is
 * told only once it is true.
 *
 * Links and tokens are shown once. With -o FILE they stand in that file alone, which nobody but
 * its owner may read, and the words go to standard error.
 */
#ifndef CLI_PEOPLE_H
#define CLI_PEOPLE_H

#include "cli/call.h"
#include "cli/receipt.h"
#include "flow/user_role.h"

struct people {
    struct call *call;
    struct book book;
    const struct roles *roles;
    struct user by; /* --by: number 0 when it was not said */
    bool open;
    FILE *out;  /* where the answer goes once it is true */
    char *said; /* what will be said then                */
    size_t length;
    const char *secret; /* what is to be handed over; NULL: nothing */
};

/* `by` is an email address: who does it, for the journal and for approvals; NULL: nobody is named. */
bool people_begin(struct people *w, struct call *call, const char *by, struct fault *why);
/* `done` says whether all went well so far; returns whether it still does. */
bool people_end(struct people *w, bool done, struct fault *why);

/* NOT_FOUND names near ones. */
bool people_find(struct people *w, const char *email, struct user *out, struct fault *why);
/* For those who only look: a list of all, and one of them. */
bool people_pick(struct arena *a, const struct user *users, size_t count, const char *email,
                 struct user *out, struct fault *why);

/* "Added" or, with --dry-run, "Would add". */
const char *people_verb(const struct people *w, const char *done, const char *would);

/* A link for somebody who is invited, in the receipt or in the file of -o. */
bool people_link(struct people *w, struct receipt *r, int64_t user, struct fault *why);
void people_hand_over(struct people *w, struct receipt *r, const char *key, const char *what,
                      const char *secret);

/* A waiting approval, in the receipt. */
void people_waits(struct people *w, struct receipt *r, int64_t approval);

/* On standard error, when nobody has an account yet: what to type. */
void people_tell_nobody(struct call *call);

#endif

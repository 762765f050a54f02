/*
 * Writing: one account, opened to add what happened. Between writing_begin and writing_end lies
 * one transaction; with --dry-run, or after a fault, nothing of it is kept.
 */
#ifndef CLI_WRITING_H
#define CLI_WRITING_H

#include "cli/receipt.h"
#include "flow/account.h"
#include "flow/approval.h"

struct writing {
    struct call *call;
    struct book book;
    struct account account;
    struct day today; /* of the book */
    bool open;
    FILE *out;  /* where the answer goes once it is true */
    char *said; /* what will be said then                */
    size_t length;
};

/*
 * Finds the account that the command names. What is printed from here on is kept back until the
 * transaction has been committed: nobody is told of what was not kept.
 */
bool writing_begin(struct writing *w, struct call *call, struct fault *why);

/* `done` says whether all went well so far; returns whether it still does. */
bool writing_end(struct writing *w, bool done, struct fault *why);

/* "Noted" or, with --dry-run, "Would note". */
const char *writing_verb(const struct writing *w, const char *done, const char *would);

/* Fields that every receipt about an account has. */
void receipt_account(struct receipt *r, const struct writing *w);
/* "nothing changed" for people and programs. */
void receipt_already(struct receipt *r, const struct writing *w, const char *what);

/*
 * An amount for a debt, or for the account (0, reference NULL): a bare one is in its currency;
 * one in another currency than the debt is refused. `flag` names it in faults.
 */
bool money_of_debt(struct writing *w, int32_t debt, const char *reference, const char *flag,
                   const char *text, struct money *out, struct fault *why);

/* --key, NULL without; BAD_USAGE when it is empty. */
bool writing_key(const struct writing *w, const char **once, struct fault *why);

/*
 * Who does it, and how far they may go alone (authority/). `by` is an address: that user, with
 * the limits of their role, and the journal names them; anybody else, or nobody, says whose
 * limits they have (`role`; NULL: a collector's). Who asks cannot agree: a user is known by
 * their address, and anybody else by nothing.
 */
struct doer {
    struct asker asker;
    const char *author; /* NULL: nobody was named */
};
/* The user of this address: NOT_FOUND, or NOT_ALLOWED when they are not active. */
bool doer_find(struct store *s, struct arena *a, const char *address, struct user *out,
               struct fault *why);
bool writing_doer(struct writing *w, const char *by, const char *role, struct doer *out,
                  struct fault *why);
/* For what needs limits: NOT_ALLOWED when their role has none. */
bool doer_role(const struct doer *doer, const char **role, struct fault *why);
/* In a receipt: it waits for another person. `what` waits, and `not_yet` what was not done. */
void receipt_waits(struct receipt *r, const struct writing *w, const char *what,
                   const char *not_yet, const struct asking *asking);

/* The moment at which a day has ended in the zone of the book; INSTANT_NEVER for DAY_NEVER. */
struct instant end_of_day(const struct writing *w, struct day day);

#endif

/*
 * Try: how often somebody may guess (OWASP ASVS 2.2.1). A try is counted before it is judged, so
 * that many at once are no more than one after the other; a good one takes its count back.
 *
 * Who tries is a browser that signed in to this account before; or, where none did, an account
 * from an address, and that address by itself. Waits grow with each try, and are forgotten after a
 * while. So nobody can keep the owner out of an account by guessing wrong elsewhere: their browser
 * has a budget of its own.
 *
 * A name that nobody has is counted like any other: what is said and when shows nothing.
 */
#ifndef FLOW_USER_TRY_H
#define FLOW_USER_TRY_H

#include "flow/book.h"

/*
 * code, name (part of the digest), tries without a wait, the first wait, the longest, and after
 * how long without a try all is forgotten; in seconds. Each further try doubles the wait.
 */
#define TRIES(X)                                                                               \
    X(TRY_BROWSER, "browser", 5, 15, 15 * 60, 24 * 3600)  /* known here for this account    */ \
    X(TRY_ACCOUNT, "account", 5, 15, 15 * 60, 24 * 3600)  /* an account, from an address    */ \
    X(TRY_ADDRESS, "address", 30, 15, 15 * 60, 3600)      /* any account, from an address   */ \
    X(TRY_SECOND, "second", 5, 30, 60 * 60, 24 * 3600)    /* a code, by who had the password */ \
    X(TRY_AGAIN, "again", 5, 15, 15 * 60, 24 * 3600)      /* the password, while signed in  */

#define X(code, name, free, first, most, forget) code,
enum try_kind { TRIES(X) TRY_KIND_COUNT };
#undef X

/* One who tries; `who` is text that names them. */
struct try_key {
    enum try_kind kind;
    const char *who;
};

/* In a session of the book. *wait_s: 0, and all are counted; else how long to wait, and none is. */
bool try_count(struct book *b, const struct try_key keys[], size_t count, int *wait_s,
               struct fault *why);
/* It was a good one: of an address one try is taken back, of others all are forgotten. */
bool try_good(struct book *b, const struct try_key keys[], size_t count, struct fault *why);

/* An address as tries count it: of IPv6 the network of 64 bits, which one household has. */
const char *try_address(struct arena *a, const char *client);

/* "30 seconds", "15 minutes" */
const char *try_wait_words(struct arena *a, int wait_s);

#endif

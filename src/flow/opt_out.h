/*
 * Opt out: the link in every email by which its reader stops emails to that address.
 *
 * A token names the case file and the address, and is signed with the secret of the book, so
 * that nobody can stop, or find out about, anybody else. Following the link twice is once.
 */
#ifndef FLOW_OPT_OUT_H
#define FLOW_OPT_OUT_H

#include "base/arena.h"
#include "domain/casefile.h"

const char *opt_out_token(struct arena *a, const char *secret, struct casefile_key key,
                          const char *address);

/* The token is one that this book gave out. Reads only; NOT_FOUND when it is not. */
bool opt_out_check(const char *url, const char *token, struct fault *why);

/* Records the opt-out as a fact of the case file, from `now` on. */
bool opt_out_apply(const char *url, const char *token, struct instant now, struct fault *why);

#endif

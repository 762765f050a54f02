/*
 * Sign in: from a stranger to a session, in steps.
 *
 *   password ──► code, when there is an authenticator ──► signed in
 *   link ──► choose a password ──► set an authenticator up, when the house asks ──► signed in
 *
 * What stands between is a fresh session, which opens the next step and nothing else. Every step
 * that succeeds ends the session before and begins a new one, so that a token that somebody
 * planted or saw before is worth nothing after (ASVS 3.2.1).
 *
 * Each of these does its own transactions: the book must have none open. Texts are in `a`.
 * Wrong guesses are no faults: `fits` is false, or `wait_s` says how long to wait.
 */
#ifndef FLOW_USER_SIGN_IN_H
#define FLOW_USER_SIGN_IN_H

#include "flow/user_second.h"

/* What a browser says of itself; each may be NULL. */
struct visitor {
    const char *client, *agent;
    const char *known;   /* its cookie that says where it signed in before */
    const char *session; /* digest of the session it has */
};

enum sign_in_step { STEP_DONE, STEP_PASSWORD, STEP_CODE, STEP_AUTHENTICATOR };

struct sign_in {
    bool fits;
    int wait_s;              /* too many tries: nothing was judged */
    enum sign_in_step step;  /* what is still owed */
    struct user user;
    char token[DIGEST_HEX];  /* of the new session */
    const char *known;       /* the cookie of a known browser; NULL: as it was */
};

bool sign_in_password(struct book *b, struct arena *a, const struct roles *roles,
                      const struct visitor *v, const char *email, const char *password,
                      struct sign_in *out, struct fault *why);
/* The code of an authenticator, or a recovery code. */
bool sign_in_code(struct book *b, struct arena *a, const struct roles *roles,
                  const struct visitor *v, const struct session *fresh, const char *code,
                  struct sign_in *out, struct fault *why);
/* Uses the link up. */
bool sign_in_link(struct book *b, struct arena *a, const struct roles *roles,
                  const struct visitor *v, const char *token, struct sign_in *out,
                  struct fault *why);
/* Chooses the first password. */
bool sign_in_choose(struct book *b, struct arena *a, const struct roles *roles,
                    const struct visitor *v, const struct session *fresh, const char *password,
                    struct sign_in *out, struct fault *why);
/* Sets up the authenticator that the house asks for. */
bool sign_in_authenticator(struct book *b, struct arena *a, const struct roles *roles,
                           const struct visitor *v, const struct session *fresh,
                           const char *code, struct recovery_codes *codes, struct sign_in *out,
                           struct fault *why);

/* What a fresh session still owes. */
bool sign_in_owes(struct store *s, struct arena *a, const struct user *user, bool had_code,
                  enum sign_in_step *step, struct fault *why);

/* ---- While signed in ---- */

/* The password again, before something that only its owner may do. */
bool sign_in_again(struct book *b, struct arena *a, const struct session *session,
                   const char *password, struct sign_in *out, struct fault *why);
/* In a session of the book: a new token for the same person, the old one is worth nothing. */
bool sign_in_renew(struct book *b, const struct visitor *v, const struct session *session,
                   char token[DIGEST_HEX], struct fault *why);

#endif

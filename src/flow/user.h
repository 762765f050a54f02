/*
 * User: the people who work here, how they sign in, and what they may see.
 *
 * A user has one role (roles/house.yaml) and may be limited to clients and desks. Nothing that
 * would let anybody in is kept as it is: passwords are Argon2id hashes (OWASP ASVS 2.4), secrets
 * of sessions and links stand as digests, those of authenticators are sealed.
 *
 * Changes are journalled in bucket 0 with casefile_id 0: who did what to whom, never a secret.
 */
#ifndef FLOW_USER_H
#define FLOW_USER_H

#include "base/secret.h"
#include "flow/book.h"
#include "formats/roles.h"

enum user_state { USER_INVITED, USER_ACTIVE, USER_DISABLED };

struct user {
    int64_t number; /* 0: nobody */
    const char *email, *name;
    const char *role;            /* its name */
    const char *clients, *desks; /* one to a line; NULL: all */
    enum user_state state;
    bool has_password, has_totp;
    struct instant made_at, seen_at; /* seen_at.us 0: never */
    int64_t version;
};

enum { USER_NAME_MOST = 100, PASSWORD_LEAST = 10, PASSWORD_MOST = 200, USERS_MOST = 5000 };

/* number 0 when there is none. Addresses are compared in small letters. */
bool user_by_email(struct store *s, struct arena *a, const char *email, struct user *out,
                   struct fault *why);
bool user_by_number(struct store *s, struct arena *a, int64_t number, struct user *out,
                    struct fault *why);
/* By name, at most USERS_MOST. */
bool user_list(struct store *s, struct arena *a, struct user **out, size_t *count,
               struct fault *why);

/*
 * A new one; `password` NULL: invited, who signs in by a link first. CONFLICT when the address
 * has an account. BAD_VALUE for what is no address, no name, no role, or too short a password.
 */
struct user_input {
    const char *email, *name, *role, *clients, *desks, *password;
};
bool user_add(struct book *b, const struct roles *roles, const struct user_input *in,
              int64_t *number, struct fault *why);
bool user_password_set(struct book *b, int64_t number, const char *password, struct fault *why);

/* True when this is the password of a user who is active. Takes as long for nobody at all. */
bool user_password_fits(struct store *s, const char *email, const char *password,
                        struct user *out, struct arena *a, bool *fits, struct fault *why);

/* True when somebody with these clients and desks (NULL: all) may see this account. */
bool user_sees(const char *clients, const char *desks, const char *creditor, const char *desk);

/* ---- Sessions -------------------------------------------------------------------------- */

enum { SESSION_HOURS = 12, SESSION_IDLE_MINUTES = 60 };

struct session {
    struct user user; /* number 0: there is none */
    char digest[DIGEST_HEX], csrf[DIGEST_HEX];
    bool fresh; /* the second factor is still owed */
    struct instant made_at, seen_at, until_at;
};

/* `token` is what the browser keeps. */
bool session_begin(struct book *b, int64_t user, bool fresh, const char *client,
                   const char *agent, char token[DIGEST_HEX], struct fault *why);
bool session_find(struct store *s, struct arena *a, const char *token, struct instant now,
                  struct session *out, struct fault *why);
bool session_end(struct book *b, const char *digest, struct fault *why);

#endif

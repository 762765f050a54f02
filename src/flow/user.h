/*
 * User: the people who work here, and what they may see.
 *
 * A user has one role (roles/house.yaml) and may be limited to clients and desks. Nothing that
 * would let anybody in is kept as it is: passwords are Argon2id hashes (OWASP ASVS 2.4), secrets
 * of sessions and links stand as digests, those of authenticators are sealed.
 *
 * There is always an active user who may administer users, once there was one. Whoever writes says
 * which version they read (CONFLICT when it changed since). Changes are journalled in bucket 0
 * with casefile_id 0: who did what to whom, never a secret.
 *
 * Signing in is flow/user_sign_in.h, codes of authenticators flow/user_second.h, keys of programs
 * flow/user_token.h; a second person's agreement to a role flow/user_role.h.
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
    int recovery_left; /* recovery codes that were not used */
    struct instant made_at, seen_at; /* seen_at.us 0: never */
    int64_t version;
};

enum {
    USER_EMAIL_MOST = 254,
    USER_NAME_MOST = 100,
    USER_LIMITS_MOST = 4000,
    PASSWORD_LEAST = 10,
    PASSWORD_MOST = 200,
    USERS_MOST = 5000
};

const char *user_state_name(enum user_state state);

/* number 0 when there is none. Addresses are compared in small letters. */
bool user_by_email(struct store *s, struct arena *a, const char *email, struct user *out,
                   struct fault *why);
bool user_by_number(struct store *s, struct arena *a, int64_t number, struct user *out,
                    struct fault *why);
/* The same; NOT_FOUND when there is none. */
bool user_load(struct store *s, struct arena *a, int64_t number, struct user *out,
               struct fault *why);
/* By name, at most USERS_MOST. */
bool user_list(struct store *s, struct arena *a, struct user **out, size_t *count,
               struct fault *why);
/* There is somebody at all. */
bool user_any(struct store *s, bool *any, struct fault *why);

bool user_may(const struct roles *roles, const struct user *user, enum permission permission);
/* Active users who may administer users, but for one (0: nobody is left out). */
bool user_administrators(struct store *s, struct arena *a, const struct roles *roles, int64_t but,
                         int64_t *count, struct fault *why);
/* Open tasks that somebody has. */
bool user_task_count(struct store *s, int64_t number, int64_t *count, struct fault *why);

/*
 * A new one; `password` NULL: invited, who signs in by a link first. CONFLICT when the address
 * has an account. BAD_VALUE for what is no address, no name, no role, or too short a password.
 */
struct user_input {
    const char *email, *name, *role, *clients, *desks, *password;
};
bool user_input_check(const struct roles *roles, const struct user_input *in, struct fault *why);
bool user_add(struct book *b, const struct roles *roles, const struct user_input *in,
              int64_t *number, struct fault *why);
/* Sessions and links end, but for the session of this digest (NULL: all end). */
bool user_password_set(struct book *b, int64_t number, const char *password, struct fault *why);
bool user_password_change(struct book *b, int64_t number, const char *password, const char *but,
                          struct fault *why);

/* True when this is the password of a user who is active. Takes as long for nobody at all. */
bool user_password_fits(struct store *s, const char *email, const char *password,
                        struct user *out, struct arena *a, bool *fits, struct fault *why);

/* ---- What others change ---- */

/* Their sessions end: what is open in a browser was made for another role. NOT_ALLOWED when
 * nobody would be left who may administer users. */
bool user_role_set(struct book *b, const struct roles *roles, int64_t number, int64_t version,
                   const char *role, struct fault *why);
/* Name, and what they see: names of clients and desks, one to a line; NULL or "": all. */
bool user_details_set(struct book *b, int64_t number, int64_t version, const char *name,
                      const char *clients, const char *desks, struct fault *why);
/* Sessions, links and tokens end, tasks are nobody's; what they did stays. *freed: the tasks. */
bool user_disable(struct book *b, const struct roles *roles, int64_t number, int64_t version,
                  int64_t *freed, struct fault *why);
/* Comes back as invited, without a password. */
bool user_enable(struct book *b, int64_t number, int64_t version, struct fault *why);
/* Password, authenticator, recovery codes, sessions and links are gone: they need a new link. */
bool user_reset(struct book *b, int64_t number, int64_t version, struct fault *why);

/* True when somebody with these clients and desks (NULL: all) may see this account. */
bool user_sees(const char *clients, const char *desks, const char *creditor, const char *desk);

/* ---- Sessions (user_session.c) --------------------------------------------------------- */

enum { SESSION_HOURS = 12, SESSION_IDLE_MINUTES = 60, SEEN_MINUTES = 5, LINK_HOURS = 24 };

struct session {
    struct user user; /* number 0: there is none */
    char digest[DIGEST_HEX], csrf[DIGEST_HEX];
    bool fresh; /* a password to choose, or the second factor, is still owed */
    struct instant made_at, seen_at, until_at;
};

/* `token` is what the browser keeps. What has expired is cleaned up on the way. */
bool session_begin(struct book *b, int64_t user, bool fresh, const char *client,
                   const char *agent, char token[DIGEST_HEX], struct fault *why);
bool session_find(struct store *s, struct arena *a, const char *token, struct instant now,
                  struct session *out, struct fault *why);
bool session_end(struct book *b, const char *digest, struct fault *why);
/* Of this user only: NOT_FOUND for a session of somebody else. */
bool session_end_of(struct book *b, int64_t user, const char *digest, struct fault *why);
/* All of a user, and links, but for one (NULL: all). *ended counts them. */
bool session_end_all(struct book *b, int64_t user, const char *but, int64_t *ended,
                     struct fault *why);
/*
 * Notes that the session is in use, at most every five minutes, in a transaction of its own.
 * When somebody else is writing nothing is noted: nobody waits for that.
 */
void session_seen(struct book *b, const struct session *session);
bool session_is_due(const struct session *session, struct instant now);

struct session_row {
    const char *digest, *client, *agent;
    bool fresh;
    struct instant made_at, seen_at, until_at;
};
/* The latest seen first. */
bool session_list(struct store *s, struct arena *a, int64_t user, struct instant now,
                  struct session_row **out, size_t *count, struct fault *why);

/* ---- Links that sign in once (user_session.c) ------------------------------------------ */

/* For 24 hours; links made before end. */
bool link_make(struct book *b, int64_t user, char token[DIGEST_HEX], struct fault *why);
/* Whose it is, without using it up; number 0: it is none, or no longer. */
bool link_find(struct store *s, struct arena *a, const char *token, struct instant now,
               struct user *out, struct fault *why);
/* Uses it up. */
bool link_take(struct book *b, const char *token, struct user *out, struct fault *why);

#endif

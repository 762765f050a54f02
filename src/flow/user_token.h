/*
 * Token: keys of programs that speak to the API.
 *
 * A token belongs to a user and may do what its scopes name (domain/permission.h), and of that
 * only what the role of its user may: whoever loses a permission loses it for their tokens, too.
 * What takes a person, agreeing to what others asked for and letting people in, no token may: who
 * makes it for somebody else would be two.
 * It ends by its day, by being revoked, or when its user is disabled. What a program sends is
 * shown once, when it is made; only its digest is kept.
 */
#ifndef FLOW_USER_TOKEN_H
#define FLOW_USER_TOKEN_H

#include "flow/user.h"

enum { TOKEN_TEXT = 7 + DIGEST_HEX, TOKEN_DAYS = 90, TOKEN_DAYS_MOST = 366, TOKEN_NAME_MOST = 60 };

struct token {
    int64_t number; /* 0: there is none */
    int64_t user;
    const char *name, *email; /* email: of its user */
    permissions scopes;
    struct instant made_at, until_at, used_at, ended_at; /* .us 0: never */
};

#define TOKEN_NEVER                                                                            \
    (PERMISSION_BIT(MAY_APPROVE) | PERMISSION_BIT(MAY_REVIEW) | PERMISSION_BIT(MAY_ADMIN_USERS))

enum token_state { TOKEN_GOOD, TOKEN_EXPIRED, TOKEN_REVOKED };
enum token_state token_state(const struct token *token, struct instant now);

/* "accounts, import" */
const char *scopes_print(struct arena *a, permissions scopes);
/* Names with blanks or commas between; BAD_VALUE names the one that is none. */
bool scopes_parse(struct arena *a, const char *text, permissions *out, struct fault *why);

struct token_input {
    int64_t user;
    const char *name;
    permissions scopes;
    struct instant until; /* at most TOKEN_DAYS_MOST from now */
};
/* NOT_ALLOWED for a scope that the role of the user does not have, or no token may. */
bool token_create(struct book *b, const struct roles *roles, const struct token_input *in,
                  int64_t *number, char text[TOKEN_TEXT], struct fault *why);
/* CONFLICT when it ended already. */
bool token_revoke(struct book *b, int64_t number, struct fault *why);

bool token_load(struct store *s, struct arena *a, int64_t number, struct token *out,
                struct fault *why);
/* The newest first; `user` 0: of everybody. */
bool token_list(struct store *s, struct arena *a, int64_t user, struct token **out, size_t *count,
                struct fault *why);

/*
 * Whoever asks with `Authorization: Bearer …`: the header as it came, NULL when there is none.
 * token.number is 0 when it lets nobody in; `can` is what it may do now.
 */
struct token_bearer {
    struct token token;
    struct user user;
    const struct role *role;
    permissions can;
};
bool token_find(struct store *s, struct arena *a, const struct roles *roles,
                const char *authorization, struct instant now, struct token_bearer *out,
                struct fault *why);
/* Notes that it was used, at most once a minute, in a transaction of its own; never waits. */
bool token_is_due(const struct token *token, struct instant now);
void token_used(struct book *b, const struct token *token);

#endif

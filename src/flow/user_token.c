#include "flow/user_token.h"

#include "flow/user_parts.h"

#include <string.h>
#include <strings.h>

enum { USED_SECONDS = 60, TOKEN_COLUMNS = 9 };

/* What a token looks like, so that one that leaked is recognised where it should not be. */
static const char prefix[] = "recoup_";

enum token_state token_state(const struct token *token, struct instant now)
{
    return token->ended_at.us != 0            ? TOKEN_REVOKED
           : token->until_at.us <= now.us     ? TOKEN_EXPIRED
                                              : TOKEN_GOOD;
}

/* ---- Scopes ------------------------------------------------------------------------------ */

const char *scopes_print(struct arena *a, permissions scopes)
{
    const char *out = "";

    for (int p = 0; p < PERMISSION_COUNT; p++) {
        if (scopes & PERMISSION_BIT(p))
            out = arena_print(a, "%s%s%s", out, *out != '\0' ? ", " : "",
                              permission_name((enum permission)p));
    }
    return out;
}

bool scopes_parse(struct arena *a, const char *text, permissions *out, struct fault *why)
{
    *out = 0;
    while (text != NULL && *text != '\0') {
        size_t run = strcspn(text, ", \n");
        const char *name = arena_copy_n(a, text, run);
        enum permission permission;
        if (run > 0 && !permission_parse(name, &permission)) {
            fail(why, BAD_VALUE, "There is no permission \"%s\".", name);
            return fault_hint(why, "%s", scopes_print(a, PERMISSIONS_ALL));
        }
        if (run > 0)
            *out |= PERMISSION_BIT(permission);
        text += run + (text[run] != '\0');
    }
    return *out != 0 || fail(why, BAD_VALUE, "A token needs something that it may do.");
}

/* ---- Reading ----------------------------------------------------------------------------- */

static void token_read(struct query *q, struct arena *a, struct token *out)
{
    struct fault ignored;

    *out = (struct token){ .number = row_int(q, 0),
                           .user = row_int(q, 1),
                           .name = row_copy(q, 2, a),
                           .made_at = { row_int(q, 4) },
                           .until_at = { row_int(q, 5) },
                           .used_at = { row_int(q, 6) },
                           .ended_at = { row_int(q, 7) },
                           .email = row_copy(q, 8, a) };
    /* A permission that this program does not know any more gives nothing. */
    if (!scopes_parse(a, row_text(q, 3), &out->scopes, &ignored))
        out->scopes = 0;
}

static bool token_ask(struct query *q, struct arena *a, struct token *out, struct fault *why)
{
    *out = (struct token){ 0 };
    if (query_next(q))
        token_read(q, a, out);
    return query_end(q, why);
}

bool token_load(struct store *s, struct arena *a, int64_t number, struct token *out,
                struct fault *why)
{
    struct query q = query_begin(s, Q_TOKEN_BY_NUMBER);

    bind_int(&q, number);
    if (!token_ask(&q, a, out, why))
        return false;
    return out->number != 0 ||
           fail(why, NOT_FOUND, "There is no token %lld.", (long long)number);
}

bool token_list(struct store *s, struct arena *a, int64_t user, struct token **out, size_t *count,
                struct fault *why)
{
    struct query q = query_begin(s, Q_TOKEN_LIST);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    bind_int(&q, user);
    while (query_next(&q))
        token_read(&q, a, arena_push(a, *out, *count, room));
    return query_end(&q, why);
}

/* ---- Making and ending ------------------------------------------------------------------- */

static bool token_record(struct book *b, const struct token *token, const char *change,
                         struct fault *why)
{
    struct json_writer w = book_record_begin(b);

    json_text_at(&w, "change", change);
    json_int_at(&w, "token", token->number);
    json_text_at(&w, "name", token->name);
    json_int_at(&w, "user", token->user);
    json_text_at(&w, "email", token->email);
    json_text_at(&w, "scopes", scopes_print(&b->arena, token->scopes));
    return book_record_end(b, &w, user_house, "token", why);
}

static bool input_check(struct book *b, const struct roles *roles, const struct token_input *in,
                        struct user *user, struct fault *why)
{
    int64_t most_us = (int64_t)TOKEN_DAYS_MOST * 24 * 3600 * 1000000;

    if (text_is_empty(in->name) || strlen(in->name) > TOKEN_NAME_MOST ||
        strpbrk(in->name, "\r\n\t") != NULL)
        return fail(why, BAD_VALUE, "The name of a token has 1 to %d characters.",
                    TOKEN_NAME_MOST);
    if (in->until.us <= b->now.us || in->until.us - b->now.us > most_us)
        return fail(why, BAD_VALUE, "A token lasts at most %d days from now.", TOKEN_DAYS_MOST);
    if (!user_load(b->store, &b->arena, in->user, user, why))
        return false;
    if (user->state == USER_DISABLED)
        return fail(why, CONFLICT, "The account of %s is disabled.", user->name);
    if (in->scopes & TOKEN_NEVER)
        return fail(why, NOT_ALLOWED, "No program agrees to what people asked for, or lets people "
                                      "in: a token cannot have %s.",
                    scopes_print(&b->arena, in->scopes & TOKEN_NEVER));
    const struct role *role = role_find(roles, user->role);
    permissions beyond = in->scopes & ~(role != NULL ? role->can : 0);
    if (in->scopes == 0)
        return fail(why, BAD_VALUE, "A token needs something that it may do.");
    if (beyond == 0)
        return true;
    fail(why, NOT_ALLOWED, "A token may do no more than its user, and the role of %s, %s, has "
                           "not: %s.", user->name, user->role, scopes_print(&b->arena, beyond));
    return fault_hint(why, "leave that out, or make it for somebody else");
}

bool token_create(struct book *b, const struct roles *roles, const struct token_input *in,
                  int64_t *number, char text[TOKEN_TEXT], struct fault *why)
{
    char secret[DIGEST_HEX], digest[DIGEST_HEX];
    struct user user;

    if (!user_lock(b, why) || !input_check(b, roles, in, &user, why) ||
        !book_next_number(b, Q_TOKEN_LAST_NUMBER, number, why))
        return false;
    memcpy(text, prefix, sizeof prefix - 1);
    memcpy(text + sizeof prefix - 1, secret_make(secret), sizeof secret);
    secret_wipe(secret, sizeof secret);
    struct token token = { .number = *number,
                           .user = in->user,
                           .name = text_trim(&b->arena, in->name),
                           .email = user.email,
                           .scopes = in->scopes };
    struct query q = query_begin(b->store, Q_TOKEN_ADD);
    bind_text(&q, user_digest(text, digest));
    bind_int(&q, *number);
    bind_int(&q, in->user);
    bind_text(&q, token.name);
    bind_text(&q, scopes_print(&b->arena, in->scopes));
    bind_int(&q, b->now.us);
    bind_int(&q, in->until.us);
    return query_run(&q, why) && token_record(b, &token, "created", why);
}

bool token_revoke(struct book *b, int64_t number, struct fault *why)
{
    struct token token;

    if (!user_lock(b, why) || !token_load(b->store, &b->arena, number, &token, why))
        return false;
    if (token.ended_at.us != 0)
        return fail(why, CONFLICT, "The token \"%s\" was revoked already.", token.name);
    struct query q = query_begin(b->store, Q_TOKEN_END);
    bind_int(&q, b->now.us);
    bind_int(&q, number);
    return query_run(&q, why) && token_record(b, &token, "revoked", why);
}

bool user_tokens_end(struct book *b, int64_t number, struct fault *why)
{
    struct query q = query_begin(b->store, Q_TOKEN_END_ALL);

    bind_int(&q, b->now.us);
    bind_int(&q, number);
    return query_run(&q, why);
}

/* ---- Being used -------------------------------------------------------------------------- */

/* "Bearer", in any letters, blanks, and what may be a token; NULL when it is none. */
static const char *bearer_of(const char *authorization)
{
    static const char scheme[] = "bearer";
    size_t length = sizeof scheme - 1;

    if (authorization == NULL || strncasecmp(authorization, scheme, length) != 0 ||
        authorization[length] != ' ')
        return NULL;
    const char *text = authorization + length + strspn(authorization + length, " ");
    return strlen(text) == TOKEN_TEXT - 1 && text_starts(text, prefix) ? text : NULL;
}

bool token_find(struct store *s, struct arena *a, const struct roles *roles,
                const char *authorization, struct instant now, struct token_bearer *out,
                struct fault *why)
{
    const char *text = bearer_of(authorization);
    char digest[DIGEST_HEX];

    *out = (struct token_bearer){ 0 };
    if (text == NULL)
        return true;
    struct query q = query_begin(s, Q_TOKEN_BY_DIGEST);
    bind_text(&q, user_digest(text, digest));
    if (query_next(&q)) {
        token_read(&q, a, &out->token);
        user_read(&q, TOKEN_COLUMNS, a, &out->user);
    }
    if (!query_end(&q, why))
        return false;
    if (out->user.number != 0 && out->user.state != USER_DISABLED)
        out->role = role_find(roles, out->user.role);
    if (out->role == NULL || token_state(&out->token, now) != TOKEN_GOOD) {
        *out = (struct token_bearer){ 0 };
        return true;
    }
    out->can = out->token.scopes & out->role->can & ~TOKEN_NEVER;
    return true;
}

bool token_is_due(const struct token *token, struct instant now)
{
    return token->number != 0 &&
           now.us - token->used_at.us >= (int64_t)USED_SECONDS * 1000000;
}

void token_used(struct book *b, const struct token *token)
{
    struct fault why;

    if (!token_is_due(token, b->now) || !store_begin_now(b->store, &why))
        return;
    struct query q = query_begin(b->store, Q_TOKEN_USED);
    bind_int(&q, b->now.us);
    bind_int(&q, token->number);
    if (query_run(&q, &why))
        store_commit(b->store, &why);
    else
        store_undo(b->store);
}

#include "flow/user.h"

#include "flow/book_parts.h"

#include <string.h>

static const char *const state_names[] = {
    [USER_INVITED] = "invited", [USER_ACTIVE] = "active", [USER_DISABLED] = "disabled"
};
static const struct casefile_key house = { 0, 0 };

static enum user_state state_of(const char *name)
{
    for (size_t i = 0; i < COUNT(state_names); i++) {
        if (text_equal(state_names[i], name))
            return (enum user_state)i;
    }
    return USER_DISABLED;
}

/* ---- Reading --------------------------------------------------------------------------- */

/* The columns of user_by_email and its sisters. */
static void user_read(struct query *q, struct arena *a, struct user *out)
{
    *out = (struct user){ .number = row_int(q, 0),
                          .email = row_copy(q, 1, a),
                          .name = row_copy(q, 2, a),
                          .role = row_copy(q, 3, a),
                          .clients = row_copy(q, 4, a),
                          .desks = row_copy(q, 5, a),
                          .state = state_of(row_text(q, 6)),
                          .has_password = row_int(q, 7) != 0,
                          .has_totp = row_int(q, 8) != 0,
                          .made_at = { row_int(q, 9) },
                          .seen_at = { row_int(q, 10) },
                          .version = row_int(q, 11) };
}

static bool user_find(struct query *q, struct arena *a, struct user *out, struct fault *why)
{
    *out = (struct user){ 0 };
    if (query_next(q))
        user_read(q, a, out);
    return query_end(q, why);
}

bool user_by_email(struct store *s, struct arena *a, const char *email, struct user *out,
                   struct fault *why)
{
    struct query q = query_begin(s, Q_USER_BY_EMAIL);

    bind_text(&q, text_fold(a, email));
    return user_find(&q, a, out, why);
}

bool user_by_number(struct store *s, struct arena *a, int64_t number, struct user *out,
                    struct fault *why)
{
    struct query q = query_begin(s, Q_USER_BY_NUMBER);

    bind_int(&q, number);
    return user_find(&q, a, out, why);
}

bool user_list(struct store *s, struct arena *a, struct user **out, size_t *count,
               struct fault *why)
{
    struct query q = query_begin(s, Q_USER_LIST);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    bind_int(&q, USERS_MOST);
    while (query_next(&q))
        user_read(&q, a, arena_push(a, *out, *count, room));
    return query_end(&q, why);
}

/* ---- Writing --------------------------------------------------------------------------- */

static bool user_record(struct book *b, const struct user *user, const char *change,
                        struct fault *why)
{
    struct json_writer w = book_record_begin(b);

    json_text_at(&w, "change", change);
    json_int_at(&w, "user", user->number);
    json_text_at(&w, "email", user->email);
    json_text_at(&w, "role", user->role);
    return book_record_end(b, &w, house, "user", why);
}

static bool password_check(const char *password, struct fault *why)
{
    if (strlen(password) < PASSWORD_LEAST)
        return fail(why, BAD_VALUE, "A password has at least %d characters.", PASSWORD_LEAST);
    if (strlen(password) > PASSWORD_MOST)
        return fail(why, BAD_VALUE, "A password has at most %d characters.", PASSWORD_MOST);
    return true;
}

static bool input_check(const struct roles *roles, const struct user_input *in,
                        struct fault *why)
{
    const char *at = in->email == NULL ? NULL : strchr(in->email, '@');

    if (at == NULL || at == in->email || at[1] == '\0' ||
        strpbrk(in->email, " \t\r\n<>") != NULL)
        return fail(why, BAD_VALUE, "An email address looks like ann@firm.example.");
    if (text_is_empty(in->name) || strlen(in->name) > USER_NAME_MOST)
        return fail(why, BAD_VALUE, "A name has 1 to %d characters.", USER_NAME_MOST);
    if (in->role == NULL || role_find(roles, in->role) == NULL)
        return fail(why, BAD_VALUE, "There is no role \"%s\".",
                    in->role == NULL ? "" : in->role);
    return in->password == NULL || password_check(in->password, why);
}

static bool number_next(struct book *b, int64_t *number, struct fault *why)
{
    struct query q = query_begin(b->store, Q_USER_LAST_NUMBER);

    *number = query_next(&q) ? row_int(&q, 0) + 1 : 1;
    return query_end(&q, why);
}

bool user_add(struct book *b, const struct roles *roles, const struct user_input *in,
              int64_t *number, struct fault *why)
{
    struct user found;
    char hash[PASSWORD_HASH];

    if (!input_check(roles, in, why) || !head_open(b->heads, house.bucket, why) ||
        !user_by_email(b->store, &b->arena, in->email, &found, why))
        return false;
    if (found.number != 0)
        return fail(why, CONFLICT, "%s has an account already.", in->email);
    if (in->password != NULL && !password_hash(in->password, hash))
        return fail(why, SYSTEM, "There is no memory to hash a password.");
    if (!number_next(b, number, why))
        return false;
    struct query q = query_begin(b->store, Q_USER_ADD);
    bind_int(&q, *number);
    bind_text(&q, text_fold(&b->arena, in->email));
    bind_text(&q, in->name);
    bind_text(&q, in->role);
    bind_text(&q, text_is_empty(in->clients) ? NULL : in->clients);
    bind_text(&q, text_is_empty(in->desks) ? NULL : in->desks);
    bind_text(&q, in->password == NULL ? NULL : hash);
    bind_text(&q, state_names[in->password == NULL ? USER_INVITED : USER_ACTIVE]);
    bind_int(&q, b->now.us);
    struct user user = { .number = *number, .email = in->email, .role = in->role };
    return query_run(&q, why) && user_record(b, &user, "added", why);
}

bool user_password_set(struct book *b, int64_t number, const char *password, struct fault *why)
{
    struct user user;
    char hash[PASSWORD_HASH];

    if (!password_check(password, why) || !head_open(b->heads, house.bucket, why) ||
        !user_by_number(b->store, &b->arena, number, &user, why))
        return false;
    if (user.number == 0)
        return fail(why, NOT_FOUND, "There is no user %lld.", (long long)number);
    if (!password_hash(password, hash))
        return fail(why, SYSTEM, "There is no memory to hash a password.");
    struct query q = query_begin(b->store, Q_USER_PASSWORD_SET);
    bind_text(&q, hash);
    bind_int(&q, number);
    return query_run(&q, why) && user_record(b, &user, "password", why);
}

bool user_password_fits(struct store *s, const char *email, const char *password,
                        struct user *out, struct arena *a, bool *fits, struct fault *why)
{
    struct query q = query_begin(s, Q_USER_PASSWORD);
    const char *hash = NULL;

    bind_text(&q, text_fold(a, email));
    if (query_next(&q))
        hash = row_copy(&q, 0, a);
    if (!query_end(&q, why) || !user_by_email(s, a, email, out, why))
        return false;
    *fits = strlen(password) <= PASSWORD_MOST && password_fits(hash, password) &&
            out->state == USER_ACTIVE;
    return true;
}

static bool lines_have(const char *lines, const char *line)
{
    size_t length = strlen(line);

    for (const char *at = lines; at != NULL && *at != '\0';) {
        size_t run = strcspn(at, "\n");
        if (run == length && memcmp(at, line, length) == 0)
            return true;
        at += run + (at[run] == '\n');
    }
    return false;
}

bool user_sees(const char *clients, const char *desks, const char *creditor, const char *desk)
{
    return (clients == NULL || lines_have(clients, creditor)) &&
           (desks == NULL || lines_have(desks, desk));
}

/* ---- Sessions -------------------------------------------------------------------------- */

static char *digest_of_token(const char *token, char out[DIGEST_HEX])
{
    return digest_print(digest_of(token, strlen(token)), out);
}

bool session_begin(struct book *b, int64_t user, bool fresh, const char *client,
                   const char *agent, char token[DIGEST_HEX], struct fault *why)
{
    struct instant until = { b->now.us + (int64_t)SESSION_HOURS * 3600 * 1000000 };
    char digest[DIGEST_HEX];

    secret_make(token);
    struct query q = query_begin(b->store, Q_SESSION_ADD);
    bind_text(&q, digest_of_token(token, digest));
    bind_text(&q, fresh ? "fresh" : "session");
    bind_int(&q, user);
    bind_int(&q, b->now.us);
    bind_int(&q, until.us);
    bind_text(&q, client);
    bind_text(&q, agent);
    return query_run(&q, why);
}

bool session_find(struct store *s, struct arena *a, const char *token, struct instant now,
                  struct session *out, struct fault *why)
{
    struct query q = query_begin(s, Q_SESSION_FIND);
    int64_t user = 0;

    *out = (struct session){ 0 };
    bind_text(&q, digest_of_token(token, out->digest));
    bind_int(&q, now.us);
    if (query_next(&q)) {
        user = row_int(&q, 0);
        out->fresh = text_equal(row_text(&q, 1), "fresh");
        out->made_at.us = row_int(&q, 2);
        out->seen_at.us = row_int(&q, 3);
        out->until_at.us = row_int(&q, 4);
    }
    if (!query_end(&q, why))
        return false;
    if (user == 0)
        return true;
    if (now.us - out->seen_at.us > (int64_t)SESSION_IDLE_MINUTES * 60 * 1000000)
        return true;
    secret_sign(token, "csrf", out->digest, out->csrf);
    if (!user_by_number(s, a, user, &out->user, why))
        return false;
    if (out->user.state == USER_DISABLED)
        out->user = (struct user){ 0 };
    return true;
}

bool session_end(struct book *b, const char *digest, struct fault *why)
{
    struct query q = query_begin(b->store, Q_SESSION_END);

    bind_text(&q, digest);
    return query_run(&q, why);
}

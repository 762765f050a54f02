/* Sessions of people, and links that sign in once. */
#include "flow/user_parts.h"

#include <string.h>

static const int64_t minute_us = (int64_t)60 * 1000000;

char *user_digest(const char *secret, char out[DIGEST_HEX])
{
    return digest_print(digest_of(secret, strlen(secret)), out);
}

static struct instant later(struct instant at, int64_t minutes)
{
    return (struct instant){ at.us + minutes * minute_us };
}

/* What was not used since has ended. */
static struct instant idle_since(struct instant now)
{
    return later(now, -SESSION_IDLE_MINUTES);
}

/* ---- Sessions -------------------------------------------------------------------------- */

static bool row_add(struct book *b, const char *token, const char *kind, int64_t user,
                    struct instant until, const char *client, const char *agent,
                    struct fault *why)
{
    char digest[DIGEST_HEX];
    struct query q = query_begin(b->store, Q_SESSION_ADD);

    bind_text(&q, user_digest(token, digest));
    bind_text(&q, kind);
    bind_int(&q, user);
    bind_int(&q, b->now.us);
    bind_int(&q, until.us);
    bind_text(&q, client);
    bind_text(&q, agent);
    return query_run(&q, why);
}

static bool clean(struct book *b, struct fault *why)
{
    struct query q = query_begin(b->store, Q_SIGN_IN_CLEAN);

    bind_int(&q, b->now.us);
    bind_int(&q, idle_since(b->now).us);
    return query_run(&q, why);
}

bool session_begin(struct book *b, int64_t user, bool fresh, const char *client,
                   const char *agent, char token[DIGEST_HEX], struct fault *why)
{
    secret_make(token);
    return clean(b, why) &&
           row_add(b, token, fresh ? "fresh" : "session", user,
                   later(b->now, (int64_t)SESSION_HOURS * 60), client, agent, why);
}

bool session_find(struct store *s, struct arena *a, const char *token, struct instant now,
                  struct session *out, struct fault *why)
{
    struct query q = query_begin(s, Q_SESSION_FIND);
    int64_t user = 0;

    *out = (struct session){ 0 };
    bind_text(&q, user_digest(token, out->digest));
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
    if (user == 0 || out->seen_at.us <= idle_since(now).us)
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

bool session_end_of(struct book *b, int64_t user, const char *digest, struct fault *why)
{
    struct query q = query_begin(b->store, Q_SESSION_END_OF);

    bind_text(&q, digest);
    bind_int(&q, user);
    bool ended = query_next(&q);
    if (!query_end(&q, why))
        return false;
    return ended || fail(why, NOT_FOUND, "That session has ended already.");
}

bool session_end_all(struct book *b, int64_t user, const char *but, int64_t *ended,
                     struct fault *why)
{
    struct query q = query_begin(b->store, Q_SESSION_END_ALL);

    *ended = 0;
    bind_int(&q, user);
    bind_text(&q, but != NULL ? but : "");
    while (query_next(&q))
        (*ended)++;
    return query_end(&q, why);
}

bool session_is_due(const struct session *session, struct instant now)
{
    return session->user.number != 0 && now.us - session->seen_at.us >= SEEN_MINUTES * minute_us;
}

static bool seen_write(struct book *b, const struct session *session, struct fault *why)
{
    struct query q = query_begin(b->store, Q_SESSION_SEEN);

    bind_int(&q, b->now.us);
    bind_text(&q, session->digest);
    if (!query_run(&q, why))
        return false;
    q = query_begin(b->store, Q_USER_SEEN);
    bind_int(&q, b->now.us);
    bind_int(&q, session->user.number);
    return query_run(&q, why);
}

void session_seen(struct book *b, const struct session *session)
{
    struct fault why;

    if (!session_is_due(session, b->now) || !store_begin_now(b->store, &why))
        return;
    if (seen_write(b, session, &why))
        store_commit(b->store, &why);
    else
        store_undo(b->store);
}

bool session_list(struct store *s, struct arena *a, int64_t user, struct instant now,
                  struct session_row **out, size_t *count, struct fault *why)
{
    struct query q = query_begin(s, Q_SESSION_LIST);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    bind_int(&q, user);
    bind_int(&q, now.us);
    bind_int(&q, idle_since(now).us);
    while (query_next(&q)) {
        struct session_row *row = arena_push(a, *out, *count, room);
        *row = (struct session_row){ .digest = row_copy(&q, 0, a),
                                     .fresh = text_equal(row_text(&q, 1), "fresh"),
                                     .made_at = { row_int(&q, 2) },
                                     .seen_at = { row_int(&q, 3) },
                                     .until_at = { row_int(&q, 4) },
                                     .client = row_copy(&q, 5, a),
                                     .agent = row_copy(&q, 6, a) };
    }
    return query_end(&q, why);
}

/* ---- Links ----------------------------------------------------------------------------- */

bool link_make(struct book *b, int64_t user, char token[DIGEST_HEX], struct fault *why)
{
    struct user whose;
    int64_t ended;

    if (!user_lock(b, why) || !user_load(b->store, &b->arena, user, &whose, why))
        return false;
    if (whose.state != USER_INVITED) {
        fail(why, CONFLICT, "%s has a way to sign in already.", whose.name);
        return fault_hint(why, "recoup user reset-sign-in %s", whose.email);
    }
    secret_make(token);
    return session_end_all(b, user, NULL, &ended, why) &&
           row_add(b, token, "link", user, later(b->now, (int64_t)LINK_HOURS * 60), NULL, NULL,
                   why) &&
           user_record(b, &whose, "link", NULL, NULL, why);
}

/* Only somebody who has no password yet comes in by a link. */
static bool link_user(struct store *s, struct arena *a, int64_t number, struct user *out,
                      struct fault *why)
{
    *out = (struct user){ 0 };
    if (number == 0)
        return true;
    if (!user_by_number(s, a, number, out, why))
        return false;
    if (out->state != USER_INVITED)
        *out = (struct user){ 0 };
    return true;
}

static bool link_ask(struct store *s, enum query_name name, const char *token,
                     struct instant now, int64_t *user, struct fault *why)
{
    char digest[DIGEST_HEX];
    struct query q = query_begin(s, name);

    bind_text(&q, user_digest(token, digest));
    bind_int(&q, now.us);
    *user = query_next(&q) ? row_int(&q, 0) : 0;
    return query_end(&q, why);
}

bool link_find(struct store *s, struct arena *a, const char *token, struct instant now,
               struct user *out, struct fault *why)
{
    int64_t user;

    return link_ask(s, Q_LINK_FIND, token, now, &user, why) && link_user(s, a, user, out, why);
}

bool link_take(struct book *b, const char *token, struct user *out, struct fault *why)
{
    int64_t user;

    return user_lock(b, why) && link_ask(b->store, Q_LINK_TAKE, token, b->now, &user, why) &&
           link_user(b->store, &b->arena, user, out, why);
}

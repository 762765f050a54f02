/* API: people of the house: what they may, how they get in, their sessions, and the keys of
 * programs. */
#include "web/api.h"

#include "base/text.h"
#include "flow/user_role.h"
#include "flow/user_token.h"
#include "web/page.h"

/* ---- Shapes -------------------------------------------------------------------------------- */

static const struct api_field details_body[] = {
    { "version", API_INT, API_MUST, "of the user, as it was read", NULL },
    { "name", API_TEXT, API_MUST, "as people read it", NULL },
    { "clients", API_TEXT, API_MAY, "one to a line; without: all", NULL },
    { "desks", API_TEXT, API_MAY, "one to a line; without: all", NULL },
    API_END,
};
static const struct api_field role_body[] = {
    { "version", API_INT, API_MUST, "of the user, as it was read", NULL },
    { "role", API_TEXT, API_MUST, "its name", NULL },
    API_REASON,
    API_END,
};
static const struct api_field version_body[] = {
    { "version", API_INT, API_MUST, "of the user, as it was read", NULL },
    API_END,
};
static const struct api_field done_reply[] = {
    { "user", API_INT, API_MUST, "its number", NULL },
    { "approval", API_INT, API_OR_NULL, "that another person has to give; null: it is done",
      NULL },
    API_END,
};
static const struct api_field link_reply[] = {
    { "user", API_INT, API_MUST, "its number", NULL },
    { "link", API_TEXT, API_OR_NULL,
      "signs them in once, within a day; null when this was asked before: it is given once",
      NULL },
    API_END,
};
static const struct api_field session_rows[] = {
    { "session", API_TEXT, API_MUST, "for endSession", NULL },
    { "from", API_TEXT, API_OR_NULL, "address of the client", NULL },
    { "browser", API_TEXT, API_OR_NULL, "as it names itself", NULL },
    { "began", API_MOMENT, API_MUST, "when", NULL },
    { "seen", API_MOMENT, API_OR_NULL, "last used", NULL },
    { "until", API_MOMENT, API_MUST, "it ends then at the latest", NULL },
    API_END,
};
static const struct api_field sessions_reply[] = {
    { "sessions", API_ROWS, API_MUST, "the latest used first", session_rows },
    API_END,
};
static const struct api_field ended_reply[] = {
    { "ended", API_INT, API_MUST, "so many sessions", NULL },
    API_END,
};
static const struct api_field token_rows[] = {
    { "token", API_INT, API_MUST, "its number", NULL },
    { "name", API_TEXT, API_MUST, "what it is for", NULL },
    { "user", API_INT, API_MUST, "whose it is", NULL },
    { "email", API_TEXT, API_MUST, "of that user", NULL },
    { "scopes", API_TEXT, API_MUST, "what it may, as far as its user may", NULL },
    { "state", API_TEXT, API_MUST, "good, expired, revoked", NULL },
    { "until", API_MOMENT, API_OR_NULL, "it is good up to then; null: for good", NULL },
    { "used", API_MOMENT, API_OR_NULL, "last; null: never", NULL },
    API_END,
};
static const struct api_field tokens_query[] = {
    { "user", API_INT, API_MAY, "only of this one", NULL },
    API_END,
};
static const struct api_field tokens_reply[] = {
    { "tokens", API_ROWS, API_MUST, "the newest first", token_rows },
    API_END,
};
static const struct api_field token_body[] = {
    { "user", API_INT, API_MUST, "whose it is", NULL },
    { "name", API_TEXT, API_MUST, "what it is for", NULL },
    { "scopes", API_TEXT, API_MUST, "permissions of the role of that user: accounts, work, …",
      NULL },
    { "days", API_INT, API_MAY, "for so many days, 1 to 365 (90)", NULL },
    API_END,
};
static const struct api_field token_reply[] = {
    { "token", API_INT, API_MUST, "its number", NULL },
    { "secret", API_TEXT, API_OR_NULL,
      "what the program sends; null when this was asked before: it is given once", NULL },
    API_END,
};
static const struct api_field token_ended_reply[] = {
    { "token", API_INT, API_MUST, "its number", NULL },
    API_END,
};

/* ---- People -------------------------------------------------------------------------------- */

static bool user_asked(struct api *call, struct user *user, struct fault *why)
{
    int32_t number;

    return api_number(call, 0, &number, why) &&
           user_load(call->view->store, call->arena, number, user, why);
}

static bool user_done(struct api *call, const struct user *user, int64_t approval)
{
    json_t *out = json_object();

    put_int(out, "user", user->number);
    api_put_number(out, "approval", approval);
    api_give(call, 201, out);
    return true;
}

static bool post_details(struct api *call, struct fault *why)
{
    const char *name = api_line(call, "name");
    struct user user;

    if (name == NULL)
        return fail(why, BAD_VALUE, "The field \"name\" is empty.");
    return user_asked(call, &user, why) &&
           user_details_set(call->book, user.number, api_int(call, "version", 0), name,
                            api_text(call, "clients"), api_text(call, "desks"), why) &&
           user_done(call, &user, 0);
}

static bool post_role(struct api *call, struct fault *why)
{
    const struct role_wish wish = { .by = call->user.number,
                                    .reason = api_text(call, "reason") };
    const char *role = api_text(call, "role");
    struct user user;
    int64_t approval;

    if (!user_asked(call, &user, why))
        return false;
    if (user.number == call->user.number)
        return fail(why, NOT_ALLOWED, "Nobody gives themselves a role: another person does.");
    return user_role_give(call->book, call->hand->roles, &wish, user.number,
                          api_int(call, "version", 0), role == NULL ? "" : role, &approval,
                          why) &&
           user_done(call, &user, approval);
}

static bool link_give(struct api *call, const struct user *user, struct fault *why)
{
    char token[DIGEST_HEX];
    const char *base;

    if (!link_may_be_handed(call->book, call->hand->roles, call->user.number, user, why) ||
        !link_make(call->book, user->number, token, why) ||
        !book_setting(call->book->store, call->arena, "console_url", &base, why))
        return false;
    json_t *out = json_object();
    put_int(out, "user", user->number);
    api_give_secret(call, out, "link",
                arena_print(call->arena, "%s/sign-in/link/%s", base != NULL ? base : "", token));
    return true;
}

static bool post_link(struct api *call, struct fault *why)
{
    struct user user;

    return user_asked(call, &user, why) && link_give(call, &user, why);
}

static bool post_reset(struct api *call, struct fault *why)
{
    struct user user;

    if (!user_asked(call, &user, why))
        return false;
    if (user_may(call->hand->roles, &user, MAY_ADMIN_USERS)) {
        fail(why, NOT_ALLOWED, "The sign-in of somebody who may administer users is reset at the "
                               "command line.");
        return fault_hint(why, "recoup user reset-sign-in %s", user.email);
    }
    return user_reset(call->book, user.number, api_int(call, "version", 0), why) &&
           user_load(call->book->store, call->arena, user.number, &user, why) &&
           link_give(call, &user, why);
}

/* ---- Sessions ------------------------------------------------------------------------------ */

static bool sessions_give(struct api *call, int64_t user, struct fault *why)
{
    struct session_row *all;
    size_t count;

    if (!session_list(call->view->store, call->arena, user, call->view->now, &all, &count, why))
        return false;
    json_t *out = json_object(), *rows = put_list(out, "sessions");
    for (size_t i = 0; i < count; i++) {
        json_t *row = list_add(rows);
        put(row, "session", all[i].digest);
        api_put_or_null(row, "from", all[i].client);
        api_put_or_null(row, "browser", all[i].agent);
        api_put_moment(call, row, "began", all[i].made_at);
        api_put_moment(call, row, "seen", all[i].seen_at);
        api_put_moment(call, row, "until", all[i].until_at);
    }
    api_give(call, 200, out);
    return true;
}

static bool ended_give(struct api *call, int64_t ended)
{
    json_t *out = json_object();

    put_int(out, "ended", ended);
    api_give(call, ended == 0 ? 200 : 201, out);
    return true;
}

static bool get_sessions_of(struct api *call, struct fault *why)
{
    struct user user;

    return user_asked(call, &user, why) && sessions_give(call, user.number, why);
}

/* A session does not end itself on the way. */
static bool post_sessions_of(struct api *call, struct fault *why)
{
    struct user user;
    int64_t ended;

    return user_asked(call, &user, why) &&
           session_end_all(call->book, user.number,
                           user.number == call->user.number ? call->session : NULL, &ended,
                           why) &&
           ended_give(call, ended);
}

static bool post_session_of(struct api *call, struct fault *why)
{
    struct user user;

    return user_asked(call, &user, why) &&
           session_end_of(call->book, user.number, call->holes[1], why) && ended_give(call, 1);
}

/* A token is no way to its user's sign-in. */
static bool signed_in(const struct api *call, struct fault *why)
{
    return call->session != NULL ||
           fail(why, NOT_ALLOWED, "Sessions of one's own are for who is signed in, not for a "
                                  "token.");
}

static bool get_my_sessions(struct api *call, struct fault *why)
{
    return signed_in(call, why) && sessions_give(call, call->user.number, why);
}

static bool post_my_session(struct api *call, struct fault *why)
{
    return signed_in(call, why) &&
           session_end_of(call->book, call->user.number, call->holes[0], why) &&
           ended_give(call, 1);
}

static bool post_my_others(struct api *call, struct fault *why)
{
    int64_t ended;

    return signed_in(call, why) &&
           session_end_all(call->book, call->user.number, call->session, &ended, why) &&
           ended_give(call, ended);
}

/* ---- Keys of programs ---------------------------------------------------------------------- */

static bool get_tokens(struct api *call, struct fault *why)
{
    static const char *const states[] = { [TOKEN_GOOD] = "good",
                                          [TOKEN_EXPIRED] = "expired",
                                          [TOKEN_REVOKED] = "revoked" };
    const char *typed = api_query(call, "user");
    struct token *all;
    int64_t user = 0;
    size_t count;

    if (typed != NULL && (!text_to_int(typed, &user) || user < 1))
        return fail(why, BAD_VALUE, "user is the number of one.");
    if (!token_list(call->view->store, call->arena, user, &all, &count, why))
        return false;
    json_t *out = json_object(), *rows = put_list(out, "tokens");
    for (size_t i = 0; i < count; i++) {
        json_t *row = list_add(rows);
        put_int(row, "token", all[i].number);
        put(row, "name", all[i].name);
        put_int(row, "user", all[i].user);
        put(row, "email", all[i].email);
        put(row, "scopes", scopes_print(call->arena, all[i].scopes));
        put(row, "state", states[token_state(&all[i], call->view->now)]);
        api_put_moment(call, row, "until", all[i].until_at);
        api_put_moment(call, row, "used", all[i].used_at);
    }
    api_give(call, 200, out);
    return true;
}

/* What the role of its user may, and no token ever, token_create knows; a token that asks here
 * would have to have all of it itself. */
static bool token_read(struct api *call, struct token_input *in, struct fault *why)
{
    const char *scopes = api_text(call, "scopes");
    int64_t days = api_int(call, "days", TOKEN_DAYS);

    *in = (struct token_input){ .user = api_int(call, "user", 0),
                                .name = api_line(call, "name") };
    if (in->name == NULL || scopes == NULL)
        return fail(why, BAD_VALUE, "Say what the token is for, and its \"scopes\".");
    if (days < 1 || days >= TOKEN_DAYS_MOST)
        return fail(why, BAD_VALUE, "A token lasts 1 to %d days.", TOKEN_DAYS_MOST - 1);
    in->until = day_begins(day_plus(call->view->today, (int)days + 1), call->view->zone);
    if (!scopes_parse(call->arena, scopes, &in->scopes, why))
        return false;
    return call->ask->authorization == NULL || (in->scopes & ~call->can) == 0 ||
           fail(why, NOT_ALLOWED, "A token makes none that may do more than it may itself.");
}

static bool post_token(struct api *call, struct fault *why)
{
    struct token_input in;
    char text[TOKEN_TEXT];
    int64_t number;

    if (!token_read(call, &in, why) ||
        !token_create(call->book, call->hand->roles, &in, &number, text, why))
        return false;
    json_t *out = json_object();
    put_int(out, "token", number);
    api_give_secret(call, out, "secret", text);
    return true;
}

static bool post_token_end(struct api *call, struct fault *why)
{
    int32_t number;

    if (!api_number(call, 0, &number, why) || !token_revoke(call->book, number, why))
        return false;
    json_t *out = json_object();
    put_int(out, "token", number);
    api_give(call, 201, out);
    return true;
}

#define OF_USER "/api/v1/users/{}"

const struct route routes_api_crew[] = {
    API_TAKES(OF_USER "/details", MAY_ADMIN_USERS, "setUserDetails",
              "Their name, and what they see", details_body, done_reply, post_details, "user"),
    API_TAKES(OF_USER "/role", MAY_ADMIN_USERS, "setUserRole",
              "Another role; they sign in again, or another person agrees first", role_body,
              done_reply, post_role, "user"),
    API_TAKES(OF_USER "/link", MAY_ADMIN_USERS, "makeSignInLink", "For who signs in first",
              api_nothing, link_reply, post_link, "user"),
    API_TAKES(OF_USER "/reset", MAY_ADMIN_USERS, "resetSignIn",
              "Password, authenticator and sessions are gone; a link leads back", version_body,
              link_reply, post_reset, "user"),
    API_GIVES(OF_USER "/sessions", MAY_ADMIN_USERS, "listSessions", "Where they are signed in",
              NULL, sessions_reply, get_sessions_of, "user"),
    API_TAKES(OF_USER "/sessions/end", MAY_ADMIN_USERS, "endSessions",
              "All of theirs, but for the one that asks", api_nothing, ended_reply,
              post_sessions_of, "user"),
    API_TAKES(OF_USER "/sessions/{}/end", MAY_ADMIN_USERS, "endSession", "One of theirs",
              api_nothing, ended_reply, post_session_of, "user", "session"),
    API_GIVES("/api/v1/me/sessions", MAY_SIGNED_IN, "listMySessions", "Where I am signed in",
              NULL, sessions_reply, get_my_sessions, NULL),
    API_TAKES("/api/v1/me/sessions/end", MAY_SIGNED_IN, "endMySessions",
              "All of mine, but for the one that asks", api_nothing, ended_reply,
              post_my_others, NULL),
    API_TAKES("/api/v1/me/sessions/{}/end", MAY_SIGNED_IN, "endMySession", "One of mine",
              api_nothing, ended_reply, post_my_session, "session"),
    API_GIVES("/api/v1/tokens", MAY_ADMIN_USERS, "listTokens", "Keys of programs", tokens_query,
              tokens_reply, get_tokens, NULL),
    API_TAKES("/api/v1/tokens", MAY_ADMIN_USERS, "addToken", "A key, given once", token_body,
              token_reply, post_token, NULL),
    API_TAKES("/api/v1/tokens/{}/end", MAY_ADMIN_USERS, "endToken", "It opens nothing any more",
              api_nothing, token_ended_reply, post_token_end, "token"),
    { 0 },
};

/* One person who works here: what they may, what they see, how they get in. */
#include "base/text.h"
#include "flow/user_token.h"
#include "web/browser.h"
#include "web/page_admin.h"

#include <string.h>

/* Whom the address names. */
static bool user_asked(struct page *p, struct user *out, struct fault *why)
{
    int64_t number;

    if (!text_to_int(p->hole, &number) || number <= 0)
        return fail(why, NOT_FOUND, "There is nobody with the number %s.", p->hole);
    return user_load(p->view->store, p->arena, number, out, why);
}

/* And which version of them the page showed. */
static bool version_asked(struct page *p, int64_t *version, struct fault *why)
{
    const char *text = page_form(p, "version");

    return (text != NULL && text_to_int(text, version)) ||
           fail(why, BAD_VALUE, "The form does not say what it was made from: open it again.");
}

/* ---- The page ------------------------------------------------------------------------------ */

static bool sessions_put(struct page *p, const struct user *user, struct fault *why)
{
    json_t *list = put_list(p->context, "sessions");
    struct session_row *rows;
    size_t count;

    if (!session_list(p->view->store, p->arena, user->number, p->view->now, &rows, &count, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        json_t *row = list_add(list);
        put(row, "client", rows[i].client);
        put(row, "browser", words_browser(p->arena, rows[i].agent));
        put(row, "made",
            moment_within(p, rows[i].made_at));
        put(row, "seen",
            moment_within(p, rows[i].seen_at));
    }
    put_true(p->context, "any_sessions", count > 0);
    return true;
}

static bool tokens_put(struct page *p, const struct user *user, struct fault *why)
{
    json_t *list = put_list(p->context, "tokens");
    struct token *tokens;
    size_t count, good = 0;

    if (!token_list(p->view->store, p->arena, user->number, &tokens, &count, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (token_state(&tokens[i], p->view->now) != TOKEN_GOOD)
            continue;
        json_t *row = list_add(list);
        put(row, "name", tokens[i].name);
        put(row, "scopes", scopes_print(p->arena, tokens[i].scopes));
        good++;
    }
    put_true(p->context, "any_tokens", good > 0);
    return true;
}

static void limits_put(struct page *p, const struct user *user)
{
    bool posted = page_form(p, "details") != NULL; /* what was typed stays */

    put(p->context, "typed_name", posted ? page_form_or(p, "name", "") : user->name);
    put(p->context, "typed_clients",
        posted ? page_form_or(p, "clients", "") : user->clients != NULL ? user->clients : "");
    put(p->context, "typed_desks",
        posted ? page_form_or(p, "desks", "") : user->desks != NULL ? user->desks : "");
}

static void facts_put(struct page *p, const struct user *user)
{
    const struct role *role = role_find(p->hand->roles, user->role);
    json_t *c = p->context;

    put_int(c, "number", user->number);
    put_int(c, "version", user->version);
    put(c, "name", user->name);
    put(c, "email", user->email);
    put(c, "role", role != NULL ? role->title : user->role);
    put(c, "role_link", arena_print(p->arena, "/admin/roles/%s", url_encode(p->arena, user->role)));
    put(c, "clients", limits_words(p->arena, user->clients));
    put(c, "desks", limits_words(p->arena, user->desks));
    put(c, "signs_in", user_signs_in(user));
    put(c, "made", words_day(p->arena, wall_at(user->made_at, p->view->zone).day));
    put(c, "seen", user->seen_at.us == 0 ? "never" : moment_within(p, user->seen_at));
    put_true(c, "has_totp", user->has_totp);
    put_int(c, "recovery_left", user->recovery_left);
    put_true(c, "is_invited", user->state == USER_INVITED);
    put_true(c, "is_active", user->state == USER_ACTIVE);
    put_true(c, "is_disabled", user->state == USER_DISABLED);
    put_true(c, "is_me", user->number == p->session->user.number);
    put_true(c, "administers", user_may(p->hand->roles, user, MAY_ADMIN_USERS));
    user_state_put(p, c, user);
}

bool page_user(struct page *p, struct fault *why)
{
    struct user user;
    int64_t tasks;

    if (!user_asked(p, &user, why) || !user_task_count(p->view->store, user.number, &tasks, why))
        return false;
    put(p->context, "title", user.name);
    facts_put(p, &user);
    limits_put(p, &user);
    role_choices_put(p, page_form_or(p, "role", user.role));
    put(p->context, "tasks", words_count(p->arena, tasks));
    put_true(p->context, "any_tasks", tasks > 0);
    put_true(p->context, "one_task", tasks == 1);
    return sessions_put(p, &user, why) && tokens_put(p, &user, why);
}

/* ---- What is done to them ------------------------------------------------------------------ */

static bool done(struct page *p, const struct user *user, const char *words, struct fault *why)
{
    if (!page_commit(p, why))
        return false;
    page_say(p, words);
    page_go(p, user_path(p, user->number));
    return true;
}

bool user_details(struct page *p, struct fault *why)
{
    struct user user;
    const char *name;
    int64_t version;

    if (!user_asked(p, &user, why) || !version_asked(p, &version, why) ||
        !page_need(p, "name", "their name", &name, why))
        return false;
    struct book *b = page_book(p, why);
    return b != NULL &&
           user_details_set(b, user.number, version, name, page_form(p, "clients"),
                            page_form(p, "desks"), why) &&
           done(p, &user, "Saved.", why);
}

bool user_role(struct page *p, struct fault *why)
{
    struct role_wish wish = { .by = p->session->user.number, .reason = page_form(p, "reason") };
    struct user user;
    const char *role;
    int64_t version, approval;

    if (!user_asked(p, &user, why) || !version_asked(p, &version, why) ||
        !page_need(p, "role", "which role they get", &role, why))
        return false;
    if (user.number == p->session->user.number)
        return fail(why, NOT_ALLOWED, "Nobody gives themselves a role: another person does.");
    struct book *b = page_book(p, why);
    if (b == NULL ||
        !user_role_give(b, p->hand->roles, &wish, user.number, version, role, &approval, why))
        return false;
    if (strcmp(role, user.role) == 0)
        return done(p, &user, "That is their role already: nothing was changed.", why);
    return done(p, &user,
                approval != 0 ? "Asked. Another person who may administer users must agree first."
                              : "Their role is changed. They sign in again.",
                why);
}

bool user_disable_post(struct page *p, struct fault *why)
{
    struct user user;
    int64_t version, freed;

    if (!user_asked(p, &user, why) || !version_asked(p, &version, why))
        return false;
    if (user.number == p->session->user.number)
        return fail(why, NOT_ALLOWED, "Nobody disables their own account: another person does.");
    struct book *b = page_book(p, why);
    if (b == NULL || !user_disable(b, p->hand->roles, user.number, version, &freed, why))
        return false;
    page_undo(p, arena_print(p->arena, "%s/enable", user_path(p, user.number)));
    return done(p, &user,
                freed == 0 ? arena_print(p->arena, "%s cannot sign in any more.", user.name)
                : freed == 1
                    ? arena_print(p->arena, "%s cannot sign in any more. One task waits for "
                                            "somebody else.", user.name)
                    : arena_print(p->arena, "%s cannot sign in any more. %lld tasks wait for "
                                            "somebody else.", user.name, (long long)freed),
                why);
}

/* Also the undo of the notice after disabling, which carries no version. */
bool user_enable_post(struct page *p, struct fault *why)
{
    struct user user;

    if (!user_asked(p, &user, why))
        return false;
    struct book *b = page_book(p, why);
    return b != NULL && user_enable(b, user.number, user.version, why) &&
           user_load(b->store, p->arena, user.number, &user, why) &&
           user_link_show(p, b, &user, why) && page_commit(p, why);
}

bool user_link(struct page *p, struct fault *why)
{
    struct user user;

    if (!user_asked(p, &user, why))
        return false;
    struct book *b = page_book(p, why);
    return b != NULL && user_link_show(p, b, &user, why) && page_commit(p, why);
}

/* As with links: of somebody who may administer users it is done at the command line. */
bool user_reset_post(struct page *p, struct fault *why)
{
    struct user user;
    int64_t version;

    if (!user_asked(p, &user, why) || !version_asked(p, &version, why))
        return false;
    if (user_may(p->hand->roles, &user, MAY_ADMIN_USERS)) {
        fail(why, NOT_ALLOWED, "The sign-in of somebody who may administer users is reset at the "
                               "command line.");
        return fault_hint(why, "recoup user reset-sign-in %s", user.email);
    }
    struct book *b = page_book(p, why);
    return b != NULL && user_reset(b, user.number, version, why) &&
           user_load(b->store, p->arena, user.number, &user, why) &&
           user_link_show(p, b, &user, why) && page_commit(p, why);
}

bool user_sessions_end(struct page *p, struct fault *why)
{
    const char *but = NULL;
    struct user user;
    int64_t ended;

    if (!user_asked(p, &user, why))
        return false;
    if (user.number == p->session->user.number)
        but = p->session->digest;
    struct book *b = page_book(p, why);
    return b != NULL && session_end_all(b, user.number, but, &ended, why) &&
           done(p, &user, "Their sessions have ended.", why);
}

/* Who works here. Pages of one person, of roles and of tokens are in files of their own. */
#include "web/page_admin.h"

#include "base/text.h"

#include <string.h>

/* ---- What the pages share ----------------------------------------------------------------- */

void role_choices_put(struct page *p, const char *chosen)
{
    const struct roles *roles = p->hand->roles;
    json_t *list = put_list(p->context, "roles");

    for (size_t i = 0; i < roles->count; i++) {
        json_t *row = list_add(list);
        put(row, "name", roles->list[i].name);
        put(row, "title", roles->list[i].title);
        put_true(row, "chosen", chosen != NULL && strcmp(roles->list[i].name, chosen) == 0);
    }
}

void user_state_put(struct page *p, json_t *row, const struct user *user)
{
    static const struct {
        const char *title, *tone, *meaning;
    } states[] = {
        [USER_INVITED] = { "Invited", "warn", "has not signed in by a link yet" },
        [USER_ACTIVE] = { "Active", "ok", "signs in with a password" },
        [USER_DISABLED] = { "Disabled", "", "cannot sign in" },
    };

    put_standing(p, row, "state",
                 (struct standing_words){ .name = user_state_name(user->state),
                                          .title = states[user->state].title,
                                          .meaning = states[user->state].meaning,
                                          .tone = states[user->state].tone });
}

const char *user_signs_in(const struct user *user)
{
    if (user->state == USER_DISABLED)
        return "–";
    return !user->has_password ? "Link only" : user->has_totp ? "Password, authenticator"
                                                              : "Password";
}

const char *limits_words(struct arena *a, const char *lines)
{
    const char *out = "";

    if (lines == NULL)
        return "All";
    while (*lines != '\0') {
        size_t run = strcspn(lines, "\n");
        out = arena_print(a, "%s%s%.*s", out, *out != '\0' ? " · " : "", (int)run, lines);
        lines += run + (lines[run] == '\n');
    }
    return out;
}

const char *user_path(struct page *p, int64_t number)
{
    return arena_print(p->arena, "/admin/users/%lld", (long long)number);
}

void shown_once(struct page *p, const char *title, const char *words, const char *secret,
                const char *next)
{
    put(p->context, "title", title);
    put(p->context, "words", words);
    put(p->context, "secret", secret);
    put(p->context, "next", next);
    p->template = "shown_once";
}

static bool console_url(struct page *p, const char **out, struct fault *why)
{
    const char *base;

    if (!book_setting(p->view->store, p->arena, "console_url", &base, why))
        return false;
    if (base == NULL) /* as this page was reached */
        base = arena_print(p->arena, "%s://%s", p->ask->secure ? "https" : "http",
                           p->ask->host != NULL ? p->ask->host : "127.0.0.1:8080");
    size_t length = strlen(base);
    while (length > 0 && base[length - 1] == '/')
        length--;
    *out = arena_copy_n(p->arena, base, length);
    return true;
}

bool user_link_show(struct page *p, struct book *b, const struct user *user, struct fault *why)
{
    char token[DIGEST_HEX];
    const char *base;

    if (!link_may_be_handed(b, p->hand->roles, p->session->user.number, user, why) ||
        !link_make(b, user->number, token, why) || !console_url(p, &base, why))
        return false;
    shown_once(p, arena_print(p->arena, "A link for %s", user->name),
               arena_print(p->arena,
                           "It signs %s in once, within a day, and leads to choosing a password. "
                           "Hand it over by a way that only they read.",
                           user->email),
               arena_print(p->arena, "%s/sign-in/link/%s", base, token),
               user_path(p, user->number));
    return true;
}

/* ---- The list ------------------------------------------------------------------------------ */

static void user_row(struct page *p, json_t *list, const struct user *u)
{
    const struct role *role = role_find(p->hand->roles, u->role);
    json_t *row = list_add(list);

    put(row, "link", user_path(p, u->number));
    put(row, "name", u->name);
    put(row, "email", u->email);
    put(row, "role", role != NULL ? role->title : u->role);
    put(row, "role_link",
        arena_print(p->arena, "/admin/roles/%s", url_encode(p->arena, u->role)));
    put_true(row, "role_unknown", role == NULL);
    put(row, "clients", limits_words(p->arena, u->clients));
    put(row, "desks", u->desks != NULL ? limits_words(p->arena, u->desks) : NULL);
    put(row, "signs_in", user_signs_in(u));
    put(row, "seen", u->seen_at.us == 0 ? "Never"
                                        : words_moment(p->arena, u->seen_at, p->view->zone,
                                                       p->view->today));
    put_true(row, "is_me", u->number == p->session->user.number);
    user_state_put(p, row, u);
}

static bool page_users(struct page *p, struct fault *why)
{
    struct user *users;
    int64_t administrators;
    size_t count;

    put(p->context, "title", "Users");
    if (!user_list(p->view->store, p->arena, &users, &count, why) ||
        !user_administrators(p->view->store, p->arena, p->hand->roles, 0, &administrators, why))
        return false;
    json_t *list = put_list(p->context, "users");
    for (size_t i = 0; i < count; i++)
        user_row(p, list, &users[i]);
    put_true(p->context, "alone", administrators < 2);
    return true;
}

/* ---- A new one ----------------------------------------------------------------------------- */

static bool page_user_new(struct page *p, struct fault *why)
{
    put(p->context, "title", "Add person");
    (void)why;
    role_choices_put(p, page_form(p, "role"));
    put_int(p->context, "name_most", USER_NAME_MOST);
    return true;
}

static bool user_new(struct page *p, struct fault *why)
{
    struct user_input in = { .clients = page_form(p, "clients"), .desks = page_form(p, "desks") };
    struct role_wish wish = { .by = p->session->user.number, .reason = page_form(p, "reason") };
    int64_t number, approval;
    struct user user;

    if (!page_need(p, "email", "their email address", &in.email, why) ||
        !page_need(p, "name", "their name", &in.name, why) ||
        !page_need(p, "role", "which role they have", &in.role, why))
        return false;
    struct book *b = page_book(p, why);
    if (b == NULL || !user_take_in(b, p->hand->roles, &wish, &in, &number, &approval, why))
        return false;
    if (approval != 0)
        return fail(why, NOT_ALLOWED, "Somebody else must agree to such a role. Add them with "
                                      "another role first, and ask for it on their page once they "
                                      "signed in.");
    return user_load(b->store, p->arena, number, &user, why) && user_link_show(p, b, &user, why) &&
           page_commit(p, why);
}

const struct route routes_admin[] = {
    { "GET", "/admin/users", MAY_ADMIN_USERS, "admin", "users", page_users, NULL },
    { "POST", "/admin/users", MAY_ADMIN_USERS, "admin", "user_new", user_new, page_user_new },
    { "GET", "/admin/users/new", MAY_ADMIN_USERS, "admin", "user_new", page_user_new, NULL },
    { "GET", "/admin/users/{}", MAY_ADMIN_USERS, "admin", "user", page_user, NULL },
    { "POST", "/admin/users/{}/details", MAY_ADMIN_USERS, "admin", "user", user_details,
      page_user },
    { "POST", "/admin/users/{}/role", MAY_ADMIN_USERS, "admin", "user", user_role, page_user },
    { "POST", "/admin/users/{}/disable", MAY_ADMIN_USERS, "admin", "user", user_disable_post,
      page_user },
    { "POST", "/admin/users/{}/enable", MAY_ADMIN_USERS, "admin", "user", user_enable_post,
      page_user },
    { "POST", "/admin/users/{}/link", MAY_ADMIN_USERS, "admin", "user", user_link, page_user },
    { "POST", "/admin/users/{}/reset", MAY_ADMIN_USERS, "admin", "user", user_reset_post,
      page_user },
    { "POST", "/admin/users/{}/sessions", MAY_ADMIN_USERS, "admin", "user", user_sessions_end,
      page_user },
    { "GET", "/admin/roles", MAY_ADMIN_USERS, "admin", "roles", page_roles, NULL },
    { "GET", "/admin/roles/{}", MAY_ADMIN_USERS, "admin", "role", page_role, NULL },
    { "GET", "/admin/tokens", MAY_ADMIN_USERS, "admin", "tokens", page_tokens, NULL },
    { "POST", "/admin/tokens", MAY_ADMIN_USERS, "admin", "tokens", token_new, page_tokens },
    { "POST", "/admin/tokens/{}/revoke", MAY_ADMIN_USERS, "admin", "tokens", token_end,
      page_tokens },
    { 0 },
};

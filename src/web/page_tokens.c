/* Keys of programs. */
#include "base/text.h"
#include "flow/user_token.h"
#include "web/page_admin.h"

static void token_row(struct page *p, json_t *list, const struct token *t)
{
    static const struct {
        const char *title, *tone;
    } states[] = { [TOKEN_GOOD] = { "Good", "ok" },
                   [TOKEN_EXPIRED] = { "Expired", "" },
                   [TOKEN_REVOKED] = { "Revoked", "" } };
    enum token_state state = token_state(t, p->view->now);
    json_t *row = list_add(list);

    put_int(row, "number", t->number);
    put(row, "name", t->name);
    put(row, "email", t->email);
    put(row, "user_link", user_path(p, t->user));
    put(row, "scopes", scopes_print(p->arena, t->scopes));
    put(row, "until", words_day(p->arena, day_plus(wall_at(t->until_at, p->view->zone).day, -1)));
    put(row, "used", t->used_at.us == 0 ? "Never"
                                        : words_moment(p->arena, t->used_at, p->view->zone,
                                                       p->view->today));
    put_true(row, "is_good", state == TOKEN_GOOD);
    put_standing(p, row, "state",
                 (struct standing_words){ states[state].title, states[state].title, "",
                                          states[state].tone });
}

static bool owners_put(struct page *p, struct fault *why)
{
    json_t *list = put_list(p->context, "owners");
    const char *chosen = page_form(p, "user");
    struct user *users;
    size_t count;

    if (!user_list(p->view->store, p->arena, &users, &count, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct role *role = role_find(p->hand->roles, users[i].role);
        if (users[i].state == USER_DISABLED || role == NULL)
            continue;
        const char *number = arena_print(p->arena, "%lld", (long long)users[i].number);
        json_t *row = list_add(list);
        put(row, "number", number);
        put(row, "name", users[i].name);
        put(row, "role", role->title);
        put_true(row, "chosen", chosen != NULL && text_equal(chosen, number));
    }
    return true;
}

static const char *scope_field(struct page *p, enum permission permission)
{
    return arena_print(p->arena, "scope_%s", permission_name(permission));
}

bool page_tokens(struct page *p, struct fault *why)
{
    json_t *list = put_list(p->context, "tokens"), *scopes = put_list(p->context, "scopes");
    struct token *tokens;
    size_t count;

    put(p->context, "title", "Tokens");
    if (!token_list(p->view->store, p->arena, 0, &tokens, &count, why))
        return false;
    for (size_t i = 0; i < count; i++)
        token_row(p, list, &tokens[i]);
    put_true(p->context, "any", count > 0);
    for (int k = 0; k < PERMISSION_COUNT; k++) {
        if (TOKEN_NEVER & PERMISSION_BIT(k))
            continue;
        json_t *row = list_add(scopes);
        put(row, "name", permission_name((enum permission)k));
        put(row, "words", permission_words((enum permission)k));
        put_true(row, "chosen", page_form(p, scope_field(p, (enum permission)k)) != NULL);
    }
    put_int(p->context, "days", TOKEN_DAYS);
    put_int(p->context, "days_most", TOKEN_DAYS_MOST);
    return owners_put(p, why);
}

static bool input_read(struct page *p, struct token_input *in, struct day *last,
                       struct fault *why)
{
    const char *user, *days;
    int64_t number;

    if (!page_need(p, "name", "what the token is for", &in->name, why) ||
        !page_need(p, "user", "whose it is", &user, why) ||
        !page_need(p, "days", "for how many days it is good", &days, why))
        return false;
    if (!text_to_int(user, &in->user))
        return fail(why, BAD_VALUE, "Say whose it is.");
    if (!text_to_int(days, &number) || number < 1 || number >= TOKEN_DAYS_MOST)
        return fail(why, BAD_VALUE, "A token lasts 1 to %d days.", TOKEN_DAYS_MOST - 1);
    *last = day_plus(p->view->today, (int)number);
    in->until = day_begins(day_plus(*last, 1), p->view->zone);
    for (int k = 0; k < PERMISSION_COUNT; k++) {
        if (page_form(p, scope_field(p, (enum permission)k)) != NULL)
            in->scopes |= PERMISSION_BIT(k);
    }
    return true;
}

bool token_new(struct page *p, struct fault *why)
{
    struct token_input in = { 0 };
    char text[TOKEN_TEXT];
    struct day last;
    int64_t number;

    if (!input_read(p, &in, &last, why))
        return false;
    struct book *b = page_book(p, why);
    if (b == NULL || !token_create(b, p->hand->roles, &in, &number, text, why) ||
        !page_commit(p, why))
        return false;
    shown_once(p, arena_print(p->arena, "The token \"%s\"", in.name),
               arena_print(p->arena,
                           "Give it to the program that needs it, as Authorization: Bearer TOKEN. "
                           "Its last day is %s.",
                           words_day(p->arena, last)),
               arena_copy(p->arena, text), "/admin/tokens");
    return true;
}

bool token_end(struct page *p, struct fault *why)
{
    int64_t number;

    if (!text_to_int(p->hole, &number))
        return fail(why, NOT_FOUND, "There is no token %s.", p->hole);
    struct book *b = page_book(p, why);
    if (b == NULL || !token_revoke(b, number, why) || !page_commit(p, why))
        return false;
    page_say(p, "The token is revoked: it opens nothing any more.");
    page_go(p, "/admin/tokens");
    return true;
}

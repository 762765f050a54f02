#include "flow/user_role.h"

#include "flow/approval.h"
#include "flow/user_parts.h"

#include <jansson.h>
#include <string.h>

/* ---- When somebody else must agree ---- */

static bool role_administers(const struct roles *roles, const char *role)
{
    const struct user as = { .role = role };

    return user_may(roles, &as, MAY_ADMIN_USERS);
}

static bool needs_second(struct book *b, const struct roles *roles, const struct role_wish *wish,
                         const char *role, bool *needs, struct fault *why)
{
    int64_t others;

    *needs = false;
    if (!role_administers(roles, role) || wish->override != NULL)
        return true;
    if (!user_administrators(b->store, &b->arena, roles, wish->by, &others, why))
        return false;
    *needs = others > 0;
    return true;
}

static bool ask(struct book *b, const struct role_wish *wish, const char *email, json_t *how,
                int64_t *approval, struct fault *why)
{
    struct approval in = { .kind = APPROVE_ROLE,
                           .subject = email,
                           .wish = approval_wish(&b->arena, how),
                           .reason = wish->reason,
                           .asked_by = wish->by };

    return approval_ask(b, &in, approval, why);
}

static bool override_record(struct book *b, const struct role_wish *wish,
                            const struct user *user, struct fault *why)
{
    return wish->override == NULL ||
           user_record(b, user, "without_second_person", "reason", wish->override, why);
}

bool user_role_give(struct book *b, const struct roles *roles, const struct role_wish *wish,
                    int64_t number, int64_t version, const char *role, int64_t *approval,
                    struct fault *why)
{
    struct user user;
    bool needs;

    *approval = 0;
    if (role_find(roles, role) == NULL)
        return fail(why, BAD_VALUE, "There is no role \"%s\".", role);
    if (!user_lock(b, why) || !user_load(b->store, &b->arena, number, &user, why) ||
        !needs_second(b, roles, wish, role, &needs, why))
        return false;
    if (text_equal(user.role, role))
        return true;
    if (user.version != version) {
        fail(why, CONFLICT, "%s was changed by somebody else since you looked.", user.name);
        return fault_hint(why, "look again, then say it again");
    }
    if (needs && !user_may(roles, &user, MAY_ADMIN_USERS))
        return ask(b, wish, user.email,
                   json_pack("{s:s, s:I, s:s}", "change", "role", "user", (json_int_t)number,
                             "role", role),
                   approval, why);
    return user_role_set(b, roles, number, version, role, why) &&
           override_record(b, wish, &user, why);
}

bool user_take_in(struct book *b, const struct roles *roles, const struct role_wish *wish,
                  const struct user_input *in, int64_t *number, int64_t *approval,
                  struct fault *why)
{
    struct user user;
    bool needs;

    *approval = *number = 0;
    if (!user_input_check(roles, in, why) || !user_lock(b, why) ||
        !user_by_email(b->store, &b->arena, in->email, &user, why) ||
        !needs_second(b, roles, wish, in->role, &needs, why))
        return false;
    if (user.number != 0)
        return fail(why, CONFLICT, "%s has an account already.", in->email);
    if (!needs) {
        user = (struct user){ .email = text_fold(&b->arena, in->email), .role = in->role };
        if (!user_add(b, roles, in, number, why))
            return false;
        user.number = *number;
        return override_record(b, wish, &user, why);
    }
    return ask(b, wish, text_fold(&b->arena, in->email),
               json_pack("{s:s, s:s, s:s, s:s, s:s?, s:s?}", "change", "add", "email", in->email,
                         "name", in->name, "role", in->role, "clients", in->clients, "desks",
                         in->desks),
               approval, why);
}

/* ---- What happens when somebody agrees ---- */

struct wish {
    json_t *json; /* owned */
    bool is_new;
    int64_t user;
    const char *email, *name, *role, *clients, *desks; /* live as long as json */
};

static bool wish_read(const struct approval *asked, struct wish *out, struct fault *why)
{
    json_t *json = json_loads(asked->wish, 0, NULL);

    *out = (struct wish){ .json = json,
                          .is_new = text_equal(approval_text(json, "change"), "add"),
                          .user = json_integer_value(json_object_get(json, "user")),
                          .email = approval_text(json, "email"),
                          .name = approval_text(json, "name"),
                          .role = approval_text(json, "role"),
                          .clients = approval_text(json, "clients"),
                          .desks = approval_text(json, "desks") };
    if (out->role != NULL && (out->is_new ? out->email != NULL && out->name != NULL
                                          : out->user != 0))
        return true;
    json_decref(json);
    return approval_unclear(asked, why);
}

static const char *facts_digest(struct arena *a, const struct user *user)
{
    const char *texts[] = { user->email, user->role, user->clients, user->desks,
                            user->state == USER_DISABLED ? "disabled" : "" };
    char *out = arena_alloc(a, DIGEST_HEX);
    struct digest_maker m;

    digest_begin(&m);
    digest_add_int(&m, user->number);
    for (size_t i = 0; user->number != 0 && i < COUNT(texts); i++) {
        const char *text = texts[i] != NULL ? texts[i] : "";
        digest_add(&m, text, strlen(text));
    }
    return digest_print(digest_end(&m), out);
}

/* Whom it is about: whoever has the address, or nobody. */
static bool role_facts(struct store *s, struct arena *a, const struct approval *asked,
                       const char **out, struct fault *why)
{
    struct user user;

    if (!user_by_email(s, a, asked->subject, &user, why))
        return false;
    *out = facts_digest(a, &user);
    return true;
}

static const char *title_of(const struct roles *roles, const char *name)
{
    const struct role *role = role_find(roles, name);

    return role != NULL ? role->title : name;
}

static bool role_tell(struct store *s, struct arena *a, const struct roles *roles,
                      const struct approval *asked, struct approval_tale *out,
                      struct fault *why)
{
    struct user user;
    struct wish wish;

    if (!wish_read(asked, &wish, why))
        return false;
    bool read = user_by_email(s, a, asked->subject, &user, why);
    *out = (struct approval_tale){
        .rule = "Who may administer users may give every role to anybody: two people decide it "
                "(docs/roles.md).",
        .user = user.number,
    };
    if (read && wish.is_new) {
        out->what = arena_print(a, "Take in %s (%s) as %s", wish.name, asked->subject,
                                title_of(roles, wish.role));
        out->told = "Nothing yet. A link that signs them in once is made on their page afterwards.";
    } else if (read) {
        out->what = arena_print(a, "%s, %s now, becomes %s",
                                user.number != 0 ? user.name : asked->subject,
                                title_of(roles, user.number != 0 ? user.role : ""),
                                title_of(roles, wish.role));
        out->told = "They are signed out, and sign in again with the new role.";
    }
    json_decref(wish.json);
    return read;
}

static bool wish_do(struct book *b, const struct roles *roles, const struct wish *wish,
                    const char **done, struct fault *why)
{
    struct user user;
    int64_t number;

    if (wish->is_new) {
        struct user_input in = { .email = wish->email,
                                 .name = wish->name,
                                 .role = wish->role,
                                 .clients = wish->clients,
                                 .desks = wish->desks };
        *done = arena_print(&b->arena, "%s is taken in. Make the link that signs them in once.",
                            wish->name);
        return user_add(b, roles, &in, &number, why);
    }
    if (!user_load(b->store, &b->arena, wish->user, &user, why))
        return false;
    *done = arena_print(&b->arena, "%s is %s now.", user.name, title_of(roles, wish->role));
    return user_role_set(b, roles, wish->user, user.version, wish->role, why);
}

static bool role_agree(struct book *b, const struct roles *roles, const struct approval *asked,
                       const struct approver *by, const char **done, struct fault *why)
{
    struct wish wish;

    (void)by;
    if (!wish_read(asked, &wish, why))
        return false;
    bool did = wish_do(b, roles, &wish, done, why);
    json_decref(wish.json);
    return did;
}

const struct approval_act approval_act_role = { .kind = APPROVE_ROLE,
                                                .facts = role_facts,
                                                .tell = role_tell,
                                                .agree = role_agree };

bool link_may_be_handed(struct book *b, const struct roles *roles, int64_t by,
                        const struct user *user, struct fault *why)
{
    int64_t others;

    if (!user_may(roles, user, MAY_ADMIN_USERS))
        return true;
    if (!user_administrators(b->store, &b->arena, roles, by, &others, why))
        return false;
    if (others == 0)
        return true;
    fail(why, NOT_ALLOWED, "The link of somebody who may administer users is made at the command "
                           "line.");
    return fault_hint(why, "recoup user reset-sign-in %s", user->email);
}

/* API: the house: people, roles, settings, approvals, webhooks. */
#include "web/api.h"

#include "base/text.h"
#include "flow/approval.h"
#include "flow/house.h"
#include "flow/user_role.h"
#include "web/page.h"

/* ---- Shapes -------------------------------------------------------------------------------- */

#define USER_FIELDS                                                                            \
    { "user", API_INT, API_MUST, "its number", NULL },                                         \
    { "email", API_TEXT, API_MUST, "address", NULL },                                          \
    { "name", API_TEXT, API_MUST, "as people read it", NULL },                                 \
    { "role", API_TEXT, API_MUST, "its name", NULL },                                          \
    { "clients", API_TEXT, API_OR_NULL, "one to a line; null: all", NULL },                    \
    { "desks", API_TEXT, API_OR_NULL, "one to a line; null: all", NULL },                      \
    { "state", API_TEXT, API_MUST, "invited, active, disabled", NULL },                        \
    { "seen_at", API_MOMENT, API_OR_NULL, "null: never", NULL },                               \
    {                                                                                          \
        "version", API_INT, API_MUST, "for what changes them", NULL                            \
    }
static const struct api_field user_rows[] = { USER_FIELDS, API_END };
static const struct api_field users_reply[] = {
    { "users", API_ROWS, API_MUST, "by name", user_rows },
    API_END,
};
static const struct api_field user_body[] = {
    { "email", API_TEXT, API_MUST, "address", NULL },
    { "name", API_TEXT, API_MUST, "as people read it", NULL },
    { "role", API_TEXT, API_MUST, "its name", NULL },
    { "clients", API_TEXT, API_MAY, "one to a line; without: all", NULL },
    { "desks", API_TEXT, API_MAY, "one to a line; without: all", NULL },
    API_REASON,
    API_END,
};
static const struct api_field user_made_reply[] = {
    { "user", API_INT, API_OR_NULL, "its number; null: it waits", NULL },
    { "approval", API_INT, API_OR_NULL, "that another person has to give", NULL },
    API_END,
};
static const struct api_field version_body[] = {
    { "version", API_INT, API_MUST, "of the user, as it was read", NULL },
    API_END,
};
static const struct api_field user_done_reply[] = {
    { "user", API_INT, API_MUST, "its number", NULL },
    API_END,
};
static const struct api_field role_rows[] = {
    { "role", API_TEXT, API_MUST, "its name", NULL },
    { "title", API_TEXT, API_MUST, "as people read it", NULL },
    { "authority", API_TEXT, API_OR_NULL, "what it grants (authority/); null: nothing", NULL },
    { "may", API_ANY, API_MUST, "permissions: true where it may", NULL },
    API_END,
};
static const struct api_field roles_reply[] = {
    { "roles", API_ROWS, API_MUST, "in the order of roles/house.yaml", role_rows },
    API_END,
};
static const struct api_field setting_rows[] = {
    { "setting", API_TEXT, API_MUST, "its name", NULL },
    { "help", API_TEXT, API_MUST, "what it is", NULL },
    { "value", API_TEXT, API_OR_NULL, "null: never set", NULL },
    API_END,
};
static const struct api_field settings_reply[] = {
    { "settings", API_ROWS, API_MUST, "of the organization", setting_rows },
    API_END,
};
static const struct api_field setting_body[] = {
    { "value", API_TEXT, API_MUST, "what it shall be", NULL },
    API_END,
};
static const struct api_field setting_reply[] = {
    { "setting", API_TEXT, API_MUST, "its name", NULL },
    { "value", API_TEXT, API_OR_NULL, "what it is now", NULL },
    API_END,
};
static const struct api_field approval_rows[] = {
    { "approval", API_TEXT, API_MUST, "for approve, decline and withdraw", NULL },
    { "kind", API_TEXT, API_MUST, "offer, role, …", NULL },
    { "subject", API_TEXT, API_MUST, "of what", NULL },
    { "what", API_TEXT, API_MUST, "in a sentence", NULL },
    { "rule", API_TEXT, API_OR_NULL, "why somebody else must agree", NULL },
    { "reason", API_TEXT, API_OR_NULL, "of who asked", NULL },
    { "asked_by", API_TEXT, API_OR_NULL, "who", NULL },
    { "asked_at", API_MOMENT, API_OR_NULL, "when", NULL },
    { "account", API_TEXT, API_OR_NULL, "that it is about", NULL },
    { "mine", API_BOOL, API_MUST, "asked for by who reads this", NULL },
    { "may", API_BOOL, API_MUST, "who reads this may decide it", NULL },
    API_END,
};
static const struct api_field approvals_reply[] = {
    { "approvals", API_ROWS, API_MUST, "that wait, the oldest first", approval_rows },
    API_END,
};
static const struct api_field answer_body[] = {
    { "answer", API_TEXT, API_MAY, "why; a no needs one", NULL },
    API_END,
};
static const struct api_field answer_reply[] = {
    { "approval", API_TEXT, API_MUST, "which", NULL },
    { "done", API_TEXT, API_MUST, "what came of it, in a sentence", NULL },
    API_END,
};
/* ---- People -------------------------------------------------------------------------------- */

static void user_put(struct api *call, json_t *row, const struct user *u)
{
    put_int(row, "user", u->number);
    put(row, "email", u->email);
    put(row, "name", u->name);
    put(row, "role", u->role);
    api_put_or_null(row, "clients", u->clients);
    api_put_or_null(row, "desks", u->desks);
    put(row, "state", user_state_name(u->state));
    api_put_moment(call, row, "seen_at", u->seen_at);
    put_int(row, "version", u->version);
}

static bool get_users(struct api *call, struct fault *why)
{
    struct user *users;
    size_t count;

    if (!user_list(call->view->store, call->arena, &users, &count, why))
        return false;
    json_t *out = json_object(), *rows = put_list(out, "users");
    for (size_t i = 0; i < count; i++)
        user_put(call, list_add(rows), &users[i]);
    api_give(call, 200, out);
    return true;
}

static bool user_of(struct api *call, struct user *user, struct fault *why)
{
    int32_t number;

    return api_number(call, 0, &number, why) &&
           user_load(call->view->store, call->arena, number, user, why);
}

static bool get_user(struct api *call, struct fault *why)
{
    struct user user;

    if (!user_of(call, &user, why))
        return false;
    json_t *out = json_object();
    user_put(call, out, &user);
    api_give(call, 200, out);
    return true;
}

static bool post_user(struct api *call, struct fault *why)
{
    const struct user_input in = { .email = api_text(call, "email"),
                                   .name = api_text(call, "name"),
                                   .role = api_text(call, "role"),
                                   .clients = api_text(call, "clients"),
                                   .desks = api_text(call, "desks") };
    const struct role_wish wish = { .by = call->user.number,
                                    .reason = api_text(call, "reason") };
    int64_t number, approval;

    if (!user_take_in(call->book, call->hand->roles, &wish, &in, &number, &approval, why))
        return false;
    json_t *out = json_object();
    api_put_number(out, "user", number);
    api_put_number(out, "approval", approval);
    api_give(call, 201, out);
    return true;
}

static bool user_done(struct api *call, int64_t number)
{
    json_t *out = json_object();

    put_int(out, "user", number);
    api_give(call, 201, out);
    return true;
}

static bool post_disable(struct api *call, struct fault *why)
{
    struct user user;
    int64_t freed;

    if (!user_of(call, &user, why))
        return false;
    if (user.number == call->user.number)
        return fail(why, NOT_ALLOWED, "Nobody disables their own account: another person does.");
    return user_disable(call->book, call->hand->roles, user.number, api_int(call, "version", 0),
                        &freed, why) &&
           user_done(call, user.number);
}

static bool post_enable(struct api *call, struct fault *why)
{
    struct user user;

    return user_of(call, &user, why) &&
           user_enable(call->book, user.number, api_int(call, "version", 0), why) &&
           user_done(call, user.number);
}

static bool get_roles(struct api *call, struct fault *why)
{
    json_t *out = json_object(), *rows = put_list(out, "roles");

    (void)why;
    for (size_t i = 0; i < call->hand->roles->count; i++) {
        const struct role *role = &call->hand->roles->list[i];
        json_t *row = list_add(rows);
        put(row, "role", role->name);
        put(row, "title", role->title);
        api_put_or_null(row, "authority", role->authority);
        json_t *may = put_object(row, "may");
        for (int k = 0; k < PERMISSION_COUNT; k++)
            put_true(may, permission_name((enum permission)k),
                     (role->can & PERMISSION_BIT(k)) != 0);
    }
    api_give(call, 200, out);
    return true;
}

/* ---- Settings ------------------------------------------------------------------------------ */

static bool get_settings(struct api *call, struct fault *why)
{
    json_t *out = json_object(), *rows = put_list(out, "settings");

    for (size_t i = 0; i < house_setting_count; i++) {
        const char *value;
        if (!book_setting(call->view->store, call->arena, house_settings[i].name, &value, why)) {
            json_decref(out);
            return false;
        }
        json_t *row = list_add(rows);
        put(row, "setting", house_settings[i].name);
        put(row, "help", house_settings[i].help);
        api_put_or_null(row, "value", value);
    }
    api_give(call, 200, out);
    return true;
}

static bool post_setting(struct api *call, struct fault *why)
{
    const char *name = call->holes[0], *value = api_text(call, "value");

    if (house_setting(name) == NULL)
        return fail(why, NOT_FOUND, "There is no setting \"%.60s\".", name);
    if (!house_setting_put(call->book, name, value == NULL ? "" : value, why) ||
        !book_setting(call->book->store, call->arena, name, &value, why))
        return false;
    json_t *out = json_object();
    put(out, "setting", name);
    api_put_or_null(out, "value", value);
    api_give(call, 201, out);
    return true;
}

/* ---- Approvals ----------------------------------------------------------------------------- */

/* A token may do less than who has it. */
static struct approver approver_asking(const struct api *call)
{
    struct approver by = approver_of(&call->user, call->role);

    by.can = call->can;
    return by;
}

static void approval_put(struct api *call, json_t *row, const struct approval_item *item)
{
    put(row, "approval", item->id);
    put(row, "kind", approval_name(item->kind));
    put(row, "subject", item->subject);
    put(row, "what", item->tale.what);
    api_put_or_null(row, "rule", item->tale.rule);
    api_put_or_null(row, "reason", item->reason);
    api_put_or_null(row, "asked_by", item->asked_name);
    api_put_moment(call, row, "asked_at", item->asked_at);
    api_put_or_null(row, "account", item->tale.account);
    put_true(row, "mine", item->mine);
    put_true(row, "may", item->may && !item->mine);
}

static bool get_approvals(struct api *call, struct fault *why)
{
    const struct approver by = approver_asking(call);
    struct approval_item *items;
    size_t count;

    if (!approval_items(call->view->store, call->arena, call->hand->roles, call->view->zone,
                        call->view->now, &by, &items, &count, why))
        return false;
    json_t *out = json_object(), *rows = put_list(out, "approvals");
    for (size_t i = 0; i < count; i++)
        approval_put(call, list_add(rows), &items[i]);
    api_give(call, 200, out);
    return true;
}

static bool answered(struct api *call, const char *done)
{
    json_t *out = json_object();

    put(out, "approval", call->holes[0]);
    put(out, "done", done);
    api_give(call, 201, out);
    return true;
}

static bool answer(struct api *call, bool agrees, struct fault *why)
{
    const struct approver by = approver_asking(call);
    const char *done;

    return approval_answer(call->book, call->hand->roles, call->holes[0], &by, agrees,
                           api_text(call, "answer"), &done, why) &&
           answered(call, done);
}

static bool post_approve(struct api *call, struct fault *why)
{
    return answer(call, true, why);
}

static bool post_decline(struct api *call, struct fault *why)
{
    return answer(call, false, why);
}

static bool post_take_back(struct api *call, struct fault *why)
{
    const struct approver by = approver_asking(call);

    return approval_take_back(call->book, call->holes[0], &by, why) &&
           answered(call, "Withdrawn: nobody needs to decide it any more.");
}


static const struct api_field user_reply[] = { USER_FIELDS, API_END };

#define OF_USER "/api/v1/users/{}"
#define OF_APPROVAL "/api/v1/approvals/{}"

const struct route routes_api_house[] = {
    API_GIVES("/api/v1/users", MAY_ADMIN_USERS, "listUsers", "Who works here; no token may", NULL,
              users_reply, get_users, NULL),
    API_GIVES(OF_USER, MAY_ADMIN_USERS, "getUser", "One of them", NULL, user_reply, get_user,
              "user"),
    API_TAKES("/api/v1/users", MAY_ADMIN_USERS, "addUser", "Invites somebody", user_body,
              user_made_reply, post_user, NULL),
    API_TAKES(OF_USER "/disable", MAY_ADMIN_USERS, "disableUser",
              "Sessions, links and tokens end, tasks are nobody's", version_body, user_done_reply,
              post_disable, "user"),
    API_TAKES(OF_USER "/enable", MAY_ADMIN_USERS, "enableUser", "Comes back as invited",
              version_body, user_done_reply, post_enable, "user"),
    API_GIVES("/api/v1/roles", MAY_SIGNED_IN, "listRoles", "Roles, and what they may", NULL,
              roles_reply, get_roles, NULL),
    API_GIVES("/api/v1/settings", MAY_ADMIN, "listSettings", "Of the organization", NULL,
              settings_reply, get_settings, NULL),
    API_TAKES("/api/v1/settings/{}", MAY_ADMIN, "putSetting", "Sets one of them", setting_body,
              setting_reply, post_setting, "setting"),
    API_GIVES("/api/v1/approvals", MAY_SIGNED_IN, "listApprovals",
              "What waits for a second person", NULL, approvals_reply, get_approvals, NULL),
    API_TAKES(OF_APPROVAL "/approve", MAY_SIGNED_IN, "approve", "Agrees; no token may",
              answer_body, answer_reply, post_approve, "approval"),
    API_TAKES(OF_APPROVAL "/decline", MAY_SIGNED_IN, "decline", "Says no; no token may",
              answer_body, answer_reply, post_decline, "approval"),
    API_TAKES(OF_APPROVAL "/withdraw", MAY_SIGNED_IN, "withdrawApproval", "By who asked for it",
              api_nothing, answer_reply, post_take_back, "approval"),
    { 0 },
};

/* Roles, as sentences: what they can, what they cannot, who has them. */
#include "base/text.h"
#include "web/page_admin.h"

static void used_put(struct page *p, json_t *row, const struct user *users, size_t count,
                     const char *role)
{
    int64_t used = 0;

    for (size_t i = 0; i < count; i++)
        used += users[i].state != USER_DISABLED && text_equal(users[i].role, role);
    put(row, "used", words_count(p->arena, used));
    put_true(row, "used_once", used == 1);
}

bool page_roles(struct page *p, struct fault *why)
{
    const struct roles *roles = p->hand->roles;
    json_t *list = put_list(p->context, "list");
    struct user *users;
    size_t count;

    put(p->context, "title", "Roles");
    if (!user_list(p->view->store, p->arena, &users, &count, why))
        return false;
    for (size_t i = 0; i < roles->count; i++) {
        const struct role *role = &roles->list[i];
        json_t *row = list_add(list);
        int can = 0;
        for (int k = 0; k < PERMISSION_COUNT; k++)
            can += (role->can & PERMISSION_BIT(k)) != 0;
        put(row, "name", role->name);
        put(row, "title", role->title);
        put(row, "link", arena_print(p->arena, "/admin/roles/%s", url_encode(p->arena, role->name)));
        put_int(row, "can", can);
        put_int(row, "all", PERMISSION_COUNT);
        put(row, "authority", role->authority != NULL ? role->authority : "");
        put_true(row, "administers", (role->can & PERMISSION_BIT(MAY_ADMIN_USERS)) != 0);
        used_put(p, row, users, count, role->name);
    }
    return true;
}

static void permissions_put(struct page *p, const char *key, permissions which)
{
    json_t *list = put_list(p->context, key);

    for (int k = 0; k < PERMISSION_COUNT; k++) {
        if ((which & PERMISSION_BIT(k)) == 0)
            continue;
        json_t *row = list_add(list);
        put(row, "name", permission_name((enum permission)k));
        put(row, "words", words_plain(p->arena, permission_words((enum permission)k)));
    }
}

bool page_role(struct page *p, struct fault *why)
{
    const struct role *role = role_find(p->hand->roles, p->hole);
    struct user *users;
    size_t count;

    if (role == NULL)
        return fail(why, NOT_FOUND, "There is no role \"%s\".", p->hole);
    if (!user_list(p->view->store, p->arena, &users, &count, why))
        return false;
    put(p->context, "name", role->name);
    put(p->context, "title", role->title);
    put(p->context, "authority", role->authority != NULL ? role->authority : "");
    put_true(p->context, "administers", (role->can & PERMISSION_BIT(MAY_ADMIN_USERS)) != 0);
    permissions_put(p, "can", role->can);
    permissions_put(p, "cannot", PERMISSIONS_ALL & ~role->can);
    put_true(p->context, "cannot_any", role->can != PERMISSIONS_ALL);
    used_put(p, p->context, users, count, role->name);
    json_t *list = put_list(p->context, "users");
    for (size_t i = 0; i < count; i++) {
        if (users[i].state == USER_DISABLED || !text_equal(users[i].role, role->name))
            continue;
        json_t *row = list_add(list);
        put(row, "name", users[i].name);
        put(row, "email", users[i].email);
        put(row, "link", user_path(p, users[i].number));
    }
    put_true(p->context, "any", json_array_size(list) > 0);
    return true;
}

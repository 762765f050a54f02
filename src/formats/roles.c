#include "formats/roles.h"

#include "base/files.h"

#include <string.h>

static bool can_read(const struct yaml *at, struct yaml_texts texts, permissions *out,
                     struct fault *why)
{
    for (size_t i = 0; i < texts.count; i++) {
        enum permission permission;
        if (!permission_parse(texts.texts[i], &permission))
            return yaml_fail(at, why, "there is no permission \"%s\"", texts.texts[i]);
        *out |= PERMISSION_BIT(permission);
    }
    return true;
}

static bool role_read(struct arena *a, const struct yaml *at, struct role *out,
                      struct fault *why)
{
    struct yaml_reader r = yaml_read(at, why);

    *out = (struct role){ .name = yaml_text(&r, "name"),
                          .title = yaml_text(&r, "title"),
                          .authority = yaml_text_or(&r, "authority", "") };
    struct yaml_texts can = yaml_texts(&r, a, "can");
    if (!r.ok || !yaml_only(&r, "name", "title", "authority", "can", NULL))
        return false;
    if (out->authority[0] == '\0')
        out->authority = NULL;
    return can_read(at, can, &out->can, why);
}

struct roles *roles_parse(struct arena *a, const char *file, const char *bytes, size_t length,
                          struct fault *why)
{
    const struct yaml *root = yaml_parse(a, file, bytes, length, why);
    permissions together = 0;

    if (root == NULL)
        return NULL;
    struct yaml_reader r = yaml_read(root, why);
    yaml_text(&r, "roles");
    yaml_text(&r, "title");
    const struct yaml *list = yaml_list(&r, "list");
    if (!r.ok || !yaml_only(&r, "roles", "title", "list", NULL))
        return NULL;
    struct role *rows = arena_array(a, struct role, list->count + 1);
    struct roles *roles = arena_array(a, struct roles, 1);
    *roles = (struct roles){ .list = rows };
    for (size_t i = 0; i < list->count; i++) {
        if (!role_read(a, list->items[i], &rows[i], why))
            return NULL;
        if (role_find(roles, rows[i].name) != NULL) {
            yaml_fail(list->items[i], why, "the role \"%s\" stands here twice", rows[i].name);
            return NULL;
        }
        together |= rows[i].can;
        roles->count++;
    }
    if (!(together & PERMISSION_BIT(MAY_ADMIN_USERS))) {
        yaml_fail(list, why,
                  "no role has the permission \"users\": nobody could let anybody in");
        return NULL;
    }
    return roles;
}

struct roles *roles_load(struct arena *a, struct fault *why)
{
    static const char path[] = "roles/house.yaml";
    struct file file;

    if (!files_load(a, path, &file, why))
        return NULL;
    return roles_parse(a, path, (const char *)file.bytes, file.length, why);
}

const struct role *role_find(const struct roles *roles, const char *name)
{
    for (size_t i = 0; i < roles->count; i++) {
        if (strcmp(roles->list[i].name, name) == 0)
            return &roles->list[i];
    }
    return NULL;
}

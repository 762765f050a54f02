/* role: what the people here may do, by the names of roles/house.yaml. */
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/people.h"

#include <string.h>

enum { WIDTH = 84 };

/* How many active or invited people have the role. */
static int64_t used_by(const struct user *users, size_t count, const char *role)
{
    int64_t used = 0;

    for (size_t i = 0; i < count; i++)
        used += users[i].state != USER_DISABLED && text_equal(users[i].role, role);
    return used;
}

static bool all_read(struct call *call, const struct roles **roles, struct user **users,
                     size_t *count, struct fault *why)
{
    struct store *s = store_open(call->settings.db.value, STORE_READ, why);

    if (s == NULL)
        return false;
    *roles = roles_load(call->arena, why);
    bool done = *roles != NULL && user_list(s, call->arena, users, count, why);
    store_close(s);
    return done;
}

static const char *names_of(struct arena *a, permissions can)
{
    const char *out = "";

    for (int p = 0; p < PERMISSION_COUNT; p++) {
        if (can & PERMISSION_BIT(p))
            out = arena_print(a, "%s%s%s", out, *out != '\0' ? ", " : "",
                              permission_name((enum permission)p));
    }
    return out;
}

static bool run_role_list(struct call *call, struct fault *why)
{
    static const struct table_column columns[] = { { "role", "Role", CELL_TEXT },
                                                   { "title", "Title", CELL_TEXT },
                                                   { "used_by", "Used by", CELL_COUNT },
                                                   { "grants_as", "Grants as", CELL_TEXT },
                                                   { "can", NULL, CELL_TEXT } };
    struct sheet sheet = { .heading = "Roles" };
    struct table *t = sheet_table(&sheet, "roles", "", COUNT(columns), columns);
    const struct roles *roles;
    struct user *users;
    size_t count;
    bool done = all_read(call, &roles, &users, &count, why);

    for (size_t i = 0; done && i < roles->count; i++) {
        table_text(t, roles->list[i].name);
        table_text(t, roles->list[i].title);
        table_count(t, used_by(users, count, roles->list[i].name));
        table_text(t, roles->list[i].authority);
        table_text(t, names_of(call->arena, roles->list[i].can));
    }
    if (done)
        call_print_sheet(call, &sheet);
    sheet_free(&sheet);
    return done;
}

const struct command command_role_list = {
    .name = "role list",
    .section = "People and access",
    .summary = "List the roles, and how many people have each.",
    .examples = { "recoup role list", "recoup role list --json" },
    .traits = ANSWERS_JSON | ANSWERS_ROWS | IS_DEFAULT,
    .notes = "Roles are data: roles/house.yaml, or one of your own in --files (docs/roles.md).",
    .run = run_role_list,
};

/* "  can      see …; work …", in lines that fit a page. */
static void print_permissions(struct receipt *r, const char *word, permissions which)
{
    struct text line = { 0 };
    bool any = false;

    text_add_print(&line, "  %-9s", word);
    for (int p = 0; p < PERMISSION_COUNT; p++) {
        const char *words = permission_words((enum permission)p);
        if ((which & PERMISSION_BIT(p)) == 0)
            continue;
        if (any)
            text_add(&line, ";");
        if (any && line.length + strlen(words) + 1 > WIDTH) {
            receipt_line(r, "%s", text_of(&line));
            text_clear(&line);
            text_add_print(&line, "  %-8s", "");
        }
        text_add_print(&line, "%s%s", any ? " " : "", words);
        any = true;
    }
    if (!any)
        text_add(&line, "nothing");
    receipt_line(r, "%s", text_of(&line));
    text_free(&line);
}

static bool fail_no_role(const struct roles *roles, const char *typed, struct fault *why)
{
    const char *names[64], *near;
    size_t count = 0;

    for (; count < roles->count && count < COUNT(names); count++)
        names[count] = roles->list[count].name;
    near = nearest_name(typed, count, names);
    fail(why, NOT_FOUND, "There is no role \"%s\".", typed);
    if (near != NULL)
        return fault_hint(why, "Did you mean:  recoup role show %s", near);
    return fault_hint(why, "recoup role list");
}

static bool run_role_show(struct call *call, struct fault *why)
{
    const struct roles *roles;
    struct receipt r;
    struct user *users;
    size_t count;

    if (!all_read(call, &roles, &users, &count, why))
        return false;
    const struct role *role = role_find(roles, call->targets[0]);
    if (role == NULL)
        return fail_no_role(roles, call->targets[0], why);
    int64_t used = used_by(users, count, role->name);
    receipt_begin(&r, call, "role show");
    receipt_line(&r, "%s", role->name);
    print_permissions(&r, "can", role->can);
    print_permissions(&r, "cannot", PERMISSIONS_ALL & ~role->can);
    receipt_line(&r, "  grants   %s",
                 role->authority != NULL
                     ? arena_print(call->arena, "as %s in authority/house.yaml", role->authority)
                     : "nothing in an account");
    receipt_line(&r, "  used by  %s", show_many(call->arena, used, "person", "people"));
    receipt_field(&r, "role", role->name);
    receipt_field(&r, "title", role->title);
    receipt_field(&r, "can", names_of(call->arena, role->can));
    receipt_field(&r, "cannot", names_of(call->arena, PERMISSIONS_ALL & ~role->can));
    receipt_field(&r, "grants_as", role->authority);
    receipt_count(&r, "used_by", used);
    receipt_end(&r);
    return true;
}

const struct command command_role_show = {
    .name = "role show",
    .section = "People and access",
    .summary = "Show what a role can and cannot do, and how many people have it.",
    .examples = { "recoup role show collector", "recoup role show collector --json" },
    .target = "NAME",
    .targets_least = 1,
    .targets_most = 1,
    .traits = ANSWERS_JSON,
    .notes = "To give it to somebody: recoup user role EMAIL NAME",
    .run = run_role_show,
};

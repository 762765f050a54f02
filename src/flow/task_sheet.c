#include "flow/task_sheet.h"

#include "flow/account_cells.h"
#include "flow/user.h"

static const struct table_column columns[] = {
    { "group", NULL, CELL_TEXT },      { "task", NULL, CELL_TEXT },
    { "account", "ACCOUNT", CELL_TEXT }, { "name", "NAME", CELL_TEXT },
    { "kind", "KIND", CELL_TEXT },     { "reason", "WHAT", CELL_TEXT },
    { "open", "OPEN", CELL_MONEY },    { "currency", NULL, CELL_TEXT },
    { "due", "DUE", CELL_TEXT },       { "since", NULL, CELL_TEXT },
    { "assigned", "WHO", CELL_TEXT },  { "client", NULL, CELL_TEXT },
    { "desk", NULL, CELL_TEXT },       { "why", NULL, CELL_TEXT },
};

static const char *email_of(const struct user *users, size_t count, int64_t number)
{
    for (size_t i = 0; i < count; i++) {
        if (users[i].number == number)
            return users[i].email;
    }
    return NULL;
}

static void row_add(struct table *t, const struct task_item *i, const char *assigned,
                    const struct zone *zone)
{
    struct arena *a = t->arena;
    bool owed = i->is.open.currency != CURRENCY_NONE;

    table_text(t, task_group_of(i->is.kind) == TASK_PLANNED ? "planned" : "waiting_on_us");
    table_text(t, arena_print(a, "%lld.%d", (long long)i->key.id, (int)i->is.number));
    table_text(t, i->reference);
    table_text(t, i->name);
    table_text(t, task_name(i->is.kind));
    table_text(t, i->is.reason);
    if (owed)
        table_money(t, i->is.open);
    else
        table_none(t);
    table_text(t, owed ? currency_code(i->is.open.currency) : NULL);
    table_text(t, instant_text(a, i->is.due.us, zone));
    table_text(t, instant_text(a, i->is.since.us, zone));
    table_text(t, assigned);
    table_text(t, i->is.creditor);
    table_text(t, i->is.desk[0] != '\0' ? i->is.desk : NULL);
    table_text(t, task_order_words(i->is.kind));
}

static bool mine_only(struct store *s, struct arena *a, const char *email,
                      struct task_filter *f, struct fault *why)
{
    struct user user = { 0 };

    if (email == NULL)
        return true;
    if (!user_by_email(s, a, email, &user, why))
        return false;
    if (user.number == 0)
        return fail(why, NOT_FOUND, "Nobody here has the address \"%s\".", email);
    f->assigned = user.number;
    f->clients = user.clients;
    f->desks = user.desks;
    return true;
}

bool task_sheet(struct store *s, const struct task_sheet_request *request, struct sheet *out,
                bool *more, struct fault *why)
{
    struct task_filter f = request->filter;
    struct task_item *items;
    struct user *users;
    size_t count, user_count;

    out->heading = "Work that waits, the next first";
    sheet_field(out, "order", TASK_ORDER);
    struct table *t = sheet_table(out, "queue", "Nothing is waiting.", COUNT(columns), columns);
    f.most = f.most > 0 ? f.most : SIZE_MAX / 2;
    if (!mine_only(s, t->arena, request->mine, &f, why) ||
        !user_list(s, t->arena, &users, &user_count, why) ||
        !task_list(s, t->arena, &f, &items, &count, more, why) ||
        !task_owed(s, &f, items, count, why))
        return false;
    for (size_t i = 0; i < count; i++)
        row_add(t, &items[i], email_of(users, user_count, items[i].is.assigned), f.zone);
    return true;
}

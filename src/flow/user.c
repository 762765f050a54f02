#include "flow/user.h"

#include "flow/user_parts.h"

#include <string.h>

static const char *const state_names[] = { [USER_INVITED] = "invited",
                                           [USER_ACTIVE] = "active",
                                           [USER_DISABLED] = "disabled" };
const struct casefile_key user_house = { 0, 0 };

const char *user_state_name(enum user_state state)
{
    return state_names[state];
}

static enum user_state state_of(const char *name)
{
    for (size_t i = 0; i < COUNT(state_names); i++) {
        if (text_equal(state_names[i], name))
            return (enum user_state)i;
    }
    return USER_DISABLED;
}

/* ---- Reading --------------------------------------------------------------------------- */

static int line_count(const char *lines)
{
    int count = 0;

    for (; lines != NULL && *lines != '\0'; lines += strcspn(lines, "\n")) {
        lines += *lines == '\n';
        count += *lines != '\0' && *lines != '\n';
    }
    return count;
}

/* The columns of user_by_email and its sisters. */
static void user_read(struct query *q, struct arena *a, struct user *out)
{
    *out = (struct user){ .number = row_int(q, 0),
                          .email = row_copy(q, 1, a),
                          .name = row_copy(q, 2, a),
                          .role = row_copy(q, 3, a),
                          .clients = row_copy(q, 4, a),
                          .desks = row_copy(q, 5, a),
                          .state = state_of(row_text(q, 6)),
                          .has_password = row_int(q, 7) != 0,
                          .has_totp = row_int(q, 8) != 0,
                          .made_at = { row_int(q, 9) },
                          .seen_at = { row_int(q, 10) },
                          .version = row_int(q, 11),
                          .recovery_left = line_count(row_text(q, 12)) };
}

static bool user_find(struct query *q, struct arena *a, struct user *out, struct fault *why)
{
    *out = (struct user){ 0 };
    if (query_next(q))
        user_read(q, a, out);
    return query_end(q, why);
}

bool user_by_email(struct store *s, struct arena *a, const char *email, struct user *out,
                   struct fault *why)
{
    struct query q = query_begin(s, Q_USER_BY_EMAIL);

    bind_text(&q, text_fold(a, email));
    return user_find(&q, a, out, why);
}

bool user_by_number(struct store *s, struct arena *a, int64_t number, struct user *out,
                    struct fault *why)
{
    struct query q = query_begin(s, Q_USER_BY_NUMBER);

    bind_int(&q, number);
    return user_find(&q, a, out, why);
}

bool user_load(struct store *s, struct arena *a, int64_t number, struct user *out,
               struct fault *why)
{
    if (!user_by_number(s, a, number, out, why))
        return false;
    return out->number != 0 ||
           fail(why, NOT_FOUND, "There is nobody with the number %lld.", (long long)number);
}

bool user_list(struct store *s, struct arena *a, struct user **out, size_t *count,
               struct fault *why)
{
    struct query q = query_begin(s, Q_USER_LIST);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    bind_int(&q, USERS_MOST);
    while (query_next(&q))
        user_read(&q, a, arena_push(a, *out, *count, room));
    return query_end(&q, why);
}

bool user_any(struct store *s, bool *any, struct fault *why)
{
    struct query q = query_begin(s, Q_USER_LAST_NUMBER);

    *any = query_next(&q);
    return query_end(&q, why);
}

bool user_may(const struct roles *roles, const struct user *user, enum permission permission)
{
    const struct role *role = role_find(roles, user->role);

    return role != NULL && (role->can & PERMISSION_BIT(permission)) != 0;
}

bool user_administrators(struct store *s, struct arena *a, const struct roles *roles, int64_t but,
                         int64_t *count, struct fault *why)
{
    struct user *users;
    size_t all;

    *count = 0;
    if (!user_list(s, a, &users, &all, why))
        return false;
    for (size_t i = 0; i < all; i++)
        *count += users[i].state == USER_ACTIVE && users[i].number != but &&
                  user_may(roles, &users[i], MAY_ADMIN_USERS);
    return true;
}

bool user_task_count(struct store *s, int64_t number, int64_t *count, struct fault *why)
{
    struct query q = query_begin(s, Q_USER_TASK_COUNT);

    bind_int(&q, number);
    *count = query_next(&q) ? row_int(&q, 0) : 0;
    return query_end(&q, why);
}

static bool lines_have(const char *lines, const char *line)
{
    size_t length = strlen(line);

    for (const char *at = lines; at != NULL && *at != '\0';) {
        size_t run = strcspn(at, "\n");
        if (run == length && memcmp(at, line, length) == 0)
            return true;
        at += run + (at[run] == '\n');
    }
    return false;
}

bool user_sees(const char *clients, const char *desks, const char *creditor, const char *desk)
{
    return (clients == NULL || lines_have(clients, creditor)) &&
           (desks == NULL || lines_have(desks, desk));
}

/* ---- What every change does ------------------------------------------------------------ */

bool user_lock(struct book *b, struct fault *why)
{
    return head_open(b->heads, user_house.bucket, why);
}

bool user_changed(struct query *q, const char *who, struct fault *why)
{
    bool changed = query_next(q);

    if (!query_end(q, why))
        return false;
    if (changed)
        return true;
    fail(why, CONFLICT, "%s was changed by somebody else since you looked.", who);
    return fault_hint(why, "look again, then say it again");
}

bool user_record(struct book *b, const struct user *user, const char *change, const char *key,
                 const char *detail, struct fault *why)
{
    struct json_writer w = book_record_begin(b);

    json_text_at(&w, "change", change);
    json_int_at(&w, "user", user->number);
    json_text_at(&w, "email", user->email);
    json_text_at(&w, "role", user->role);
    if (key != NULL)
        json_text_at(&w, key, detail);
    return book_record_end(b, &w, user_house, "user", why);
}

/* ---- A new one ------------------------------------------------------------------------- */

bool user_password_check(const char *password, struct fault *why)
{
    if (strlen(password) < PASSWORD_LEAST)
        return fail(why, BAD_VALUE, "A password has at least %d characters.", PASSWORD_LEAST);
    if (strlen(password) > PASSWORD_MOST)
        return fail(why, BAD_VALUE, "A password has at most %d characters.", PASSWORD_MOST);
    return true;
}

static bool name_check(const char *name, struct fault *why)
{
    return (!text_is_empty(name) && strlen(name) <= USER_NAME_MOST &&
            strpbrk(name, "\r\n\t") == NULL) ||
           fail(why, BAD_VALUE, "A name has 1 to %d characters.", USER_NAME_MOST);
}

static bool limits_check(const char *clients, const char *desks, struct fault *why)
{
    if ((clients == NULL || strlen(clients) <= USER_LIMITS_MOST) &&
        (desks == NULL || strlen(desks) <= USER_LIMITS_MOST))
        return true;
    return fail(why, BAD_VALUE, "The names of clients or desks have more than %d characters.",
                USER_LIMITS_MOST);
}

bool user_input_check(const struct roles *roles, const struct user_input *in, struct fault *why)
{
    const char *at = in->email == NULL ? NULL : strchr(in->email, '@');

    if (at == NULL || at == in->email || at[1] == '\0' || strlen(in->email) > USER_EMAIL_MOST ||
        strpbrk(in->email, " \t\r\n<>") != NULL)
        return fail(why, BAD_VALUE, "An email address looks like ann@firm.example.");
    if (!name_check(in->name, why) || !limits_check(in->clients, in->desks, why))
        return false;
    if (in->role == NULL || role_find(roles, in->role) == NULL)
        return fail(why, BAD_VALUE, "There is no role \"%s\".", in->role == NULL ? "" : in->role);
    return in->password == NULL || user_password_check(in->password, why);
}

/* One name to a line, without blanks around them and empty lines; NULL when none is left. */
static const char *limits_of(struct arena *a, const char *lines)
{
    const char *out = NULL;

    while (lines != NULL && *lines != '\0') {
        size_t run = strcspn(lines, "\n");
        const char *name = text_trim(a, arena_copy_n(a, lines, run));
        if (*name != '\0' && !lines_have(out, name))
            out = out == NULL ? name : arena_print(a, "%s\n%s", out, name);
        lines += run + (lines[run] == '\n');
    }
    return out;
}

bool user_add(struct book *b, const struct roles *roles, const struct user_input *in,
              int64_t *number, struct fault *why)
{
    struct user found;
    char hash[PASSWORD_HASH];

    if (!user_input_check(roles, in, why) || !user_lock(b, why) ||
        !user_by_email(b->store, &b->arena, in->email, &found, why))
        return false;
    if (found.number != 0)
        return fail(why, CONFLICT, "%s has an account already.", in->email);
    if (in->password != NULL && !password_hash(in->password, hash))
        return fail(why, SYSTEM, "There is no memory to hash a password.");
    if (!book_next_number(b, Q_USER_LAST_NUMBER, number, why))
        return false;
    struct user user = { .number = *number,
                         .email = text_fold(&b->arena, in->email),
                         .role = in->role };
    struct query q = query_begin(b->store, Q_USER_ADD);
    bind_int(&q, *number);
    bind_text(&q, user.email);
    bind_text(&q, text_trim(&b->arena, in->name));
    bind_text(&q, in->role);
    bind_text(&q, limits_of(&b->arena, in->clients));
    bind_text(&q, limits_of(&b->arena, in->desks));
    bind_text(&q, in->password == NULL ? NULL : hash);
    bind_text(&q, state_names[in->password == NULL ? USER_INVITED : USER_ACTIVE]);
    bind_int(&q, b->now.us);
    return query_run(&q, why) && user_record(b, &user, "added", NULL, NULL, why);
}

/* ---- Passwords ------------------------------------------------------------------------- */

bool user_password_change(struct book *b, int64_t number, const char *password, const char *but,
                          struct fault *why)
{
    struct user user;
    char hash[PASSWORD_HASH];
    int64_t ended;

    if (!user_password_check(password, why) || !user_lock(b, why) ||
        !user_load(b->store, &b->arena, number, &user, why))
        return false;
    if (user.state == USER_DISABLED)
        return fail(why, CONFLICT, "The account of %s is disabled.", user.name);
    if (!password_hash(password, hash))
        return fail(why, SYSTEM, "There is no memory to hash a password.");
    struct query q = query_begin(b->store, Q_USER_PASSWORD_SET);
    bind_text(&q, hash);
    bind_int(&q, number);
    return query_run(&q, why) && session_end_all(b, number, but, &ended, why) &&
           user_record(b, &user, "password", NULL, NULL, why);
}

bool user_password_set(struct book *b, int64_t number, const char *password, struct fault *why)
{
    return user_password_change(b, number, password, NULL, why);
}

bool user_password_fits(struct store *s, const char *email, const char *password,
                        struct user *out, struct arena *a, bool *fits, struct fault *why)
{
    struct query q = query_begin(s, Q_USER_PASSWORD);
    const char *hash = NULL;

    bind_text(&q, text_fold(a, email));
    if (query_next(&q))
        hash = row_copy(&q, 0, a);
    if (!query_end(&q, why) || !user_by_email(s, a, email, out, why))
        return false;
    *fits = strlen(password) <= PASSWORD_MOST && password_fits(hash, password) &&
            out->state == USER_ACTIVE;
    return true;
}

/* ---- What others change ---------------------------------------------------------------- */

/* Somebody else must be able to let people in. */
static bool others_administer(struct book *b, const struct roles *roles, const struct user *user,
                              const char *doing, struct fault *why)
{
    int64_t others;

    if (user->state != USER_ACTIVE || !user_may(roles, user, MAY_ADMIN_USERS))
        return true;
    if (!user_administrators(b->store, &b->arena, roles, user->number, &others, why))
        return false;
    if (others > 0)
        return true;
    fail(why, NOT_ALLOWED, "%s is the only active person who may administer users, so they "
                           "cannot be %s.", user->name, doing);
    return fault_hint(why, "give somebody else such a role first");
}

bool user_role_set(struct book *b, const struct roles *roles, int64_t number, int64_t version,
                   const char *role, struct fault *why)
{
    struct user user;
    int64_t ended;

    if (role_find(roles, role) == NULL)
        return fail(why, BAD_VALUE, "There is no role \"%s\".", role);
    if (!user_lock(b, why) || !user_load(b->store, &b->arena, number, &user, why))
        return false;
    const char *before = user.role;
    user.role = role;
    if (!user_may(roles, &user, MAY_ADMIN_USERS)) {
        user.role = before;
        if (!others_administer(b, roles, &user, "given another role", why))
            return false;
        user.role = role;
    }
    struct query q = query_begin(b->store, Q_USER_ROLE_SET);
    bind_text(&q, role);
    bind_int(&q, number);
    bind_int(&q, version);
    return user_changed(&q, user.name, why) && session_end_all(b, number, NULL, &ended, why) &&
           user_record(b, &user, "role", "before", before, why);
}

bool user_details_set(struct book *b, int64_t number, int64_t version, const char *name,
                      const char *clients, const char *desks, struct fault *why)
{
    struct user user;

    if (!name_check(name, why) || !limits_check(clients, desks, why) || !user_lock(b, why) ||
        !user_load(b->store, &b->arena, number, &user, why))
        return false;
    struct query q = query_begin(b->store, Q_USER_DETAILS_SET);
    bind_text(&q, text_trim(&b->arena, name));
    bind_text(&q, limits_of(&b->arena, clients));
    bind_text(&q, limits_of(&b->arena, desks));
    bind_int(&q, number);
    bind_int(&q, version);
    if (!user_changed(&q, user.name, why))
        return false;
    struct json_writer w = book_record_begin(b);
    json_text_at(&w, "change", "details");
    json_int_at(&w, "user", number);
    json_text_at(&w, "email", user.email);
    json_text_at(&w, "name", name);
    json_text_at(&w, "clients", limits_of(&b->arena, clients));
    json_text_at(&w, "desks", limits_of(&b->arena, desks));
    return book_record_end(b, &w, user_house, "user", why);
}

static bool tasks_free(struct book *b, int64_t number, int64_t *freed, struct fault *why)
{
    struct query q = query_begin(b->store, Q_USER_TASKS_FREE);

    *freed = 0;
    bind_int(&q, number);
    while (query_next(&q))
        (*freed)++;
    return query_end(&q, why);
}

bool user_disable(struct book *b, const struct roles *roles, int64_t number, int64_t version,
                  int64_t *freed, struct fault *why)
{
    struct user user;
    int64_t ended;

    *freed = 0;
    if (!user_lock(b, why) || !user_load(b->store, &b->arena, number, &user, why) ||
        !others_administer(b, roles, &user, "disabled", why))
        return false;
    struct query q = query_begin(b->store, Q_USER_STATE_SET);
    bind_text(&q, state_names[USER_DISABLED]);
    bind_int(&q, number);
    bind_int(&q, version);
    return user_changed(&q, user.name, why) && session_end_all(b, number, NULL, &ended, why) &&
           user_tokens_end(b, number, why) && tasks_free(b, number, freed, why) &&
           user_record(b, &user, "disabled", "tasks_freed",
                       arena_print(&b->arena, "%lld", (long long)*freed), why);
}

bool user_enable(struct book *b, int64_t number, int64_t version, struct fault *why)
{
    struct user user;

    if (!user_lock(b, why) || !user_load(b->store, &b->arena, number, &user, why))
        return false;
    if (user.state != USER_DISABLED)
        return fail(why, CONFLICT, "The account of %s is not disabled.", user.name);
    struct query q = query_begin(b->store, Q_USER_ENABLE);
    bind_int(&q, number);
    bind_int(&q, version);
    return user_changed(&q, user.name, why) &&
           user_record(b, &user, "enabled", NULL, NULL, why);
}

bool user_reset(struct book *b, int64_t number, int64_t version, struct fault *why)
{
    struct user user;
    int64_t ended;

    if (!user_lock(b, why) || !user_load(b->store, &b->arena, number, &user, why))
        return false;
    if (user.state == USER_DISABLED)
        return fail(why, CONFLICT, "The account of %s is disabled.", user.name);
    struct query q = query_begin(b->store, Q_USER_RESET);
    bind_int(&q, number);
    bind_int(&q, version);
    return user_changed(&q, user.name, why) && session_end_all(b, number, NULL, &ended, why) &&
           user_record(b, &user, "sign_in_reset", NULL, NULL, why);
}

/* user: who works here, what they see, and how they get in. */
#include "base/text.h"
#include "cli/commands.h"
#include "cli/people.h"

#include <string.h>

#define USER_SECTION "People and access"

/* Names with | between, as setting put takes the lines of an address. */
static const char *lines_of(struct call *call, size_t place)
{
    const char *text = call_text(call, place);
    char *lines;

    if (text == NULL)
        return NULL;
    lines = arena_copy(call->arena, text);
    for (char *at = lines; *at != '\0'; at++)
        *at = *at == '|' ? '\n' : *at;
    return lines;
}

/* ---- list, show ---------------------------------------------------------------------------- */

static const char *second_of(const struct user *u)
{
    return !u->has_password ? "link only" : u->has_totp ? "password, authenticator" : "password";
}

static const char *seen_text(struct call *call, struct instant at, const struct zone *zone)
{
    char text[INSTANT_TEXT];

    if (at.us == 0)
        return call->format == FORMAT_PEOPLE ? "never" : NULL;
    return call->format == FORMAT_PEOPLE ? show_instant(call->arena, at, zone)
                                         : arena_copy(call->arena, instant_print(at, text));
}

/* One to a line, as one line. */
static const char *limits_text(struct arena *a, const char *lines)
{
    char *out = lines == NULL ? NULL : arena_copy(a, lines);

    for (char *at = out; at != NULL && *at != '\0'; at++)
        *at = *at == '\n' ? '|' : *at;
    return out;
}

static void user_row(struct call *call, struct table *t, const struct user *u,
                     const struct zone *zone)
{
    bool people = call->format == FORMAT_PEOPLE;

    table_text(t, u->email);
    table_text(t, u->name);
    table_text(t, u->role);
    table_text(t, user_state_name(u->state));
    table_text(t, u->clients == NULL && people ? "all" : limits_text(call->arena, u->clients));
    table_text(t, u->desks == NULL && people ? "all" : limits_text(call->arena, u->desks));
    table_text(t, second_of(u));
    table_text(t, seen_text(call, u->seen_at, zone));
}

static bool users_read(struct call *call, struct user **out, size_t *count, struct fault *why)
{
    struct store *s = store_open(call->settings.db.value, STORE_READ, why);

    if (s == NULL)
        return false;
    bool done = user_list(s, call->arena, out, count, why);
    store_close(s);
    return done;
}

static bool run_user_list(struct call *call, struct fault *why)
{
    static const struct table_column columns[] = {
        { "email", "Email", CELL_TEXT },     { "name", "Name", CELL_TEXT },
        { "role", "Role", CELL_TEXT },       { "state", "State", CELL_TEXT },
        { "clients", "Clients", CELL_TEXT }, { "desks", "Desks", CELL_TEXT },
        { "sign_in", "Signs in by", CELL_TEXT }, { "seen_at", "Last seen", CELL_TEXT },
    };
    struct sheet sheet = { .heading = "Who works here" };
    struct table *t = sheet_table(&sheet, "users",
                                  "Nobody yet. Make the first administrator:  recoup user add "
                                  "EMAIL --role administrator --name NAME",
                                  COUNT(columns), columns);
    const struct zone *zone;
    struct user *users;
    size_t count;
    bool done = call_zone(call, &zone, why) && users_read(call, &users, &count, why);

    for (size_t i = 0; done && i < count; i++)
        user_row(call, t, &users[i], zone);
    if (done)
        call_print_sheet(call, &sheet);
    sheet_free(&sheet);
    return done;
}

const struct command command_user_list = {
    .name = "user list",
    .section = USER_SECTION,
    .summary = "List who works here: role, what they see, how they sign in.",
    .examples = { "recoup user list", "recoup user list --json" },
    .traits = ANSWERS_JSON | ANSWERS_ROWS | IS_DEFAULT,
    .notes = "\"recoup user\" alone is the same.",
    .run = run_user_list,
};

static void user_receipt(struct receipt *r, const struct user *u)
{
    receipt_field(r, "email", u->email);
    receipt_field(r, "name", u->name);
    receipt_field(r, "role", u->role);
    receipt_field(r, "state", user_state_name(u->state));
    receipt_field(r, "clients", u->clients);
    receipt_field(r, "desks", u->desks);
    receipt_field(r, "sign_in", second_of(u));
    receipt_count(r, "recovery_codes_left", u->recovery_left);
    receipt_count(r, "version", u->version);
}

static bool run_user_show(struct call *call, struct fault *why)
{
    struct arena *a = call->arena;
    const struct zone *zone;
    struct user *users, u;
    struct receipt r;
    size_t count;

    if (!call_zone(call, &zone, why) || !users_read(call, &users, &count, why) ||
        !people_pick(a, users, count, call->targets[0], &u, why))
        return false;
    receipt_begin(&r, call, "user show");
    receipt_line(&r, "%s, %s", u.name, u.email);
    receipt_line(&r, "  role       %s", u.role);
    receipt_line(&r, "  state      %s", user_state_name(u.state));
    receipt_line(&r, "  sees       %s", u.clients == NULL && u.desks == NULL ? "all accounts"
                                        : arena_print(a, "clients: %s; desks: %s",
                                                      u.clients == NULL ? "all" : limits_text(a, u.clients),
                                                      u.desks == NULL ? "all" : limits_text(a, u.desks)));
    receipt_line(&r, "  signs in   by %s", second_of(&u));
    if (u.has_totp)
        receipt_line(&r, "  recovery   %d of 10 codes left", u.recovery_left);
    receipt_line(&r, "  last seen  %s", seen_text(call, u.seen_at, zone));
    user_receipt(&r, &u);
    receipt_end(&r);
    return true;
}

const struct command command_user_show = {
    .name = "user show",
    .section = USER_SECTION,
    .summary = "Show one person: role, what they see, how they sign in.",
    .examples = { "recoup user show priya@fairhaven.example",
                  "recoup user show priya@fairhaven.example --json" },
    .target = "EMAIL",
    .targets_least = 1,
    .targets_most = 1,
    .traits = ANSWERS_JSON,
    .run = run_user_show,
};

/* ---- add ----------------------------------------------------------------------------------- */

enum { ADD_ROLE, ADD_NAME, ADD_CLIENT, ADD_DESK, ADD_PASSWORD, ADD_REASON, ADD_OVERRIDE, ADD_BY };

#define OVERRIDE_OPTIONS(reason, override, by)                                                 \
    [reason] = { OPTION_TEXT, "reason", "TEXT", "why, for who is to agree", "Who agrees", false, \
                 0, NULL },                                                                    \
    [override] = { OPTION_TEXT, "override-reason", "TEXT",                                     \
                   "do it without a second person, because …; journalled", NULL, false, 0, NULL }, \
    [by] = { OPTION_TEXT, "by", "EMAIL", "who does it", NULL, false, 0, NULL }

static const struct option add_options[] = {
    [ADD_ROLE] = { OPTION_TEXT, "role", "NAME", "what they may do (recoup role list)", "Who", true,
                   0, NULL },
    [ADD_NAME] = { OPTION_TEXT, "name", "TEXT", "their name, as others see it", NULL, true, 0,
                   NULL },
    [ADD_CLIENT] = { OPTION_TEXT, "client", "NAMES",
                     "only these clients; more than one with | between (all)", "What they see",
                     false, 0, NULL },
    [ADD_DESK] = { OPTION_TEXT, "desk", "NAMES", "only these desks; the same (all)", NULL, false,
                   0, NULL },
    [ADD_PASSWORD] = { OPTION_TEXT, "password-file", "FILE",
                       "their password stands in it (a link that signs in once)",
                       "How they sign in", false, 0, NULL },
    OVERRIDE_OPTIONS(ADD_REASON, ADD_OVERRIDE, ADD_BY),
    { .kind = OPTION_END },
};

static bool password_typed(struct call *call, size_t place, const char **out, struct fault *why)
{
    size_t length;
    char *bytes;

    *out = NULL;
    if (!call->given[place].is)
        return true;
    if (!text_read_file(call->given[place].text, 4096, call->arena, &bytes, &length, why))
        return false;
    bytes[strcspn(bytes, "\r\n")] = '\0';
    *out = bytes;
    return true;
}

static bool print_added(struct people *w, const struct user_input *in, int64_t number,
                        int64_t approval, struct fault *why)
{
    struct receipt r;
    bool done = true;

    receipt_begin(&r, w->call, "user add");
    if (approval != 0)
        people_waits(w, &r, approval);
    else
        receipt_line(&r, "%s %s (%s), %s.", people_verb(w, "Added", "Would add"), in->name,
                     in->email, in->role);
    receipt_field(&r, "email", in->email);
    receipt_field(&r, "role", in->role);
    if (approval == 0 && in->password == NULL)
        done = people_link(w, &r, number, why);
    if (approval == 0)
        receipt_undo(&r, arena_print(w->call->arena, "recoup user disable %s", in->email));
    receipt_end(&r);
    return done;
}

static bool add_user(struct people *w, struct fault *why)
{
    struct call *call = w->call;
    struct user_input in = { .email = call->targets[0],
                             .name = call_text(call, ADD_NAME),
                             .role = call_text(call, ADD_ROLE),
                             .clients = lines_of(call, ADD_CLIENT),
                             .desks = lines_of(call, ADD_DESK) };
    struct role_wish wish = { w->by.number, call_text(call, ADD_REASON),
                              call_text(call, ADD_OVERRIDE) };
    int64_t number, approval;

    return password_typed(call, ADD_PASSWORD, &in.password, why) &&
           user_take_in(&w->book, w->roles, &wish, &in, &number, &approval, why) &&
           print_added(w, &in, number, approval, why);
}

/* Every command that changes somebody: who is named first, then what was done. */
static bool with_people(struct call *call, size_t by, bool (*act)(struct people *, struct fault *),
                        struct fault *why)
{
    struct people w;

    return people_begin(&w, call, call_text(call, by), why) && people_end(&w, act(&w, why), why);
}

static bool run_user_add(struct call *call, struct fault *why)
{
    return with_people(call, ADD_BY, add_user, why);
}

const struct command command_user_add = {
    .name = "user add",
    .section = USER_SECTION,
    .summary = "Take somebody in, and make the link that signs them in once.",
    .examples = { "recoup user add priya@fairhaven.example --role collector --name \"Priya Nair\"",
                  "recoup user add omar@fairhaven.example --role collector --name \"Omar Diallo\" "
                  "--client \"Bluebird Wireless\" -o omar-link.txt" },
    .target = "EMAIL",
    .targets_least = 1,
    .targets_most = 1,
    .options = add_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "The link is shown once; with -o FILE it stands in that file alone, which only you may\n"
             "read. Where it leads is the setting console_url. A role that may administer users\n"
             "needs the agreement of another person who may: recoup approval list.",
    .run = run_user_add,
};

/* ---- role, change -------------------------------------------------------------------------- */

enum { ROLE_REASON, ROLE_OVERRIDE, ROLE_BY };

static const struct option role_options[] = {
    OVERRIDE_OPTIONS(ROLE_REASON, ROLE_OVERRIDE, ROLE_BY),
    { .kind = OPTION_END },
};

static bool give_role(struct people *w, struct fault *why)
{
    struct call *call = w->call;
    const char *role = call->targets[1];
    struct role_wish wish = { w->by.number, call_text(call, ROLE_REASON),
                              call_text(call, ROLE_OVERRIDE) };
    struct receipt r;
    struct user user;
    int64_t approval;

    if (!people_find(w, call->targets[0], &user, why) ||
        !user_role_give(&w->book, w->roles, &wish, user.number, user.version, role, &approval, why))
        return false;
    receipt_begin(&r, call, "user role");
    receipt_field(&r, "email", user.email);
    receipt_field(&r, "before", user.role);
    receipt_field(&r, "role", role);
    if (text_equal(user.role, role))
        receipt_line(&r, "Nothing to do: %s is %s already.", user.name, role);
    else if (approval != 0)
        people_waits(w, &r, approval);
    else
        receipt_line(&r, "%s %s the role %s (%s before). They sign in again.",
                     people_verb(w, "Gave", "Would give"), user.name, role, user.role);
    if (approval == 0)
        receipt_undo(&r, arena_print(call->arena, "recoup user role %s %s", user.email, user.role));
    receipt_end(&r);
    return true;
}

static bool run_user_role(struct call *call, struct fault *why)
{
    return with_people(call, ROLE_BY, give_role, why);
}

const struct command command_user_role = {
    .name = "user role",
    .section = USER_SECTION,
    .summary = "Give somebody another role.",
    .examples = { "recoup user role priya@fairhaven.example team_lead",
                  "recoup user role rosa@fairhaven.example administrator --reason \"covers for Ada\"" },
    .target = "EMAIL ROLE",
    .targets_least = 2,
    .targets_most = 2,
    .options = role_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "A role that may administer users needs the agreement of another person who may:\n"
             "recoup approval list. What roles may: recoup role list.",
    .run = run_user_role,
};

enum { CHANGE_NAME, CHANGE_CLIENT, CHANGE_DESK, CHANGE_BY };

static const struct option change_options[] = {
    [CHANGE_NAME] = { OPTION_TEXT, "name", "TEXT", "their name", "Who", false, 0, NULL },
    [CHANGE_CLIENT] = { OPTION_TEXT, "client", "NAMES",
                        "only these clients, with | between; \"\" for all", "What they see", false,
                        0, NULL },
    [CHANGE_DESK] = { OPTION_TEXT, "desk", "NAMES", "only these desks; the same", NULL, false, 0,
                      NULL },
    [CHANGE_BY] = { OPTION_TEXT, "by", "EMAIL", "who does it", "Who does it", false, 0, NULL },
    { .kind = OPTION_END },
};

static bool change_user(struct people *w, struct fault *why)
{
    struct call *call = w->call;
    struct user user, now;
    struct receipt r;

    if (!people_find(w, call->targets[0], &user, why))
        return false;
    if (!call->given[CHANGE_NAME].is && !call->given[CHANGE_CLIENT].is &&
        !call->given[CHANGE_DESK].is)
        return fail(why, BAD_USAGE, "Say what changes: --name, --client or --desk.");
    if (!user_details_set(
            &w->book, user.number, user.version,
            call->given[CHANGE_NAME].is ? call_text(call, CHANGE_NAME) : user.name,
            call->given[CHANGE_CLIENT].is ? lines_of(call, CHANGE_CLIENT) : user.clients,
            call->given[CHANGE_DESK].is ? lines_of(call, CHANGE_DESK) : user.desks, why) ||
        !user_load(w->book.store, call->arena, user.number, &now, why))
        return false;
    receipt_begin(&r, call, "user change");
    receipt_line(&r, "%s %s (%s): clients %s, desks %s.",
                 people_verb(w, "Changed", "Would change"), now.name, now.email,
                 now.clients == NULL ? "all" : limits_text(call->arena, now.clients),
                 now.desks == NULL ? "all" : limits_text(call->arena, now.desks));
    user_receipt(&r, &now);
    receipt_end(&r);
    return true;
}

static bool run_user_change(struct call *call, struct fault *why)
{
    return with_people(call, CHANGE_BY, change_user, why);
}

const struct command command_user_change = {
    .name = "user change",
    .section = USER_SECTION,
    .summary = "Change the name of somebody, or which clients and desks they see.",
    .examples = { "recoup user change omar@fairhaven.example --client \"Bluebird Wireless|Acme, Inc.\"",
                  "recoup user change omar@fairhaven.example --client \"\"" },
    .target = "EMAIL",
    .targets_least = 1,
    .targets_most = 1,
    .options = change_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .run = run_user_change,
};

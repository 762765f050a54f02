/* user, going on: leaving, coming back, and the ways in. */
#include "base/text.h"
#include "cli/commands.h"
#include "cli/people.h"

#define USER_SECTION "People and access"

enum { ACCESS_BY };

static const struct option access_options[] = {
    [ACCESS_BY] = { OPTION_TEXT, "by", "EMAIL", "who does it", "Who does it", false, 0, NULL },
    { .kind = OPTION_END },
};

static bool with_user(struct call *call, size_t by,
                      bool (*act)(struct people *, const struct user *, struct receipt *,
                                  struct fault *),
                      struct fault *why)
{
    struct people w;
    struct receipt r;
    struct user user;

    if (!people_begin(&w, call, call_text(call, by), why))
        return false;
    bool done = people_find(&w, call->targets[0], &user, why);
    if (done) {
        receipt_begin(&r, call, call->command->name);
        receipt_field(&r, "email", user.email);
        done = act(&w, &user, &r, why);
        receipt_end(&r);
    }
    return people_end(&w, done, why);
}

/* ---- disable, enable ----------------------------------------------------------------------- */

static bool disable(struct people *w, const struct user *user, struct receipt *r,
                    struct fault *why)
{
    int64_t freed;

    if (user->state == USER_DISABLED) {
        receipt_line(r, "Nothing to do: the account of %s is disabled already.", user->name);
        return true;
    }
    if (!user_disable(&w->book, w->roles, user->number, user->version, &freed, why))
        return false;
    receipt_line(r, "%s the account of %s. Sessions and tokens end, %s given back to the queue.",
                 people_verb(w, "Disabled", "Would disable"), user->name,
                 freed == 0 ? "no task is" : freed == 1 ? "one task is"
                            : arena_print(w->call->arena, "%lld tasks are", (long long)freed));
    receipt_count(r, "tasks_freed", freed);
    receipt_undo(r, arena_print(w->call->arena, "recoup user enable %s", user->email));
    return true;
}

static bool run_user_disable(struct call *call, struct fault *why)
{
    return with_user(call, ACCESS_BY, disable, why);
}

const struct command command_user_disable = {
    .name = "user disable",
    .section = USER_SECTION,
    .summary = "Shut somebody out: sessions and tokens end, their tasks are nobody's.",
    .examples = { "recoup user disable omar@fairhaven.example",
                  "recoup user disable omar@fairhaven.example --by ada@fairhaven.example" },
    .target = "EMAIL",
    .targets_least = 1,
    .targets_most = 1,
    .options = access_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "What they did stays theirs. The last active person who may administer users cannot\n"
             "be disabled. Undo: recoup user enable",
    .run = run_user_disable,
};

static bool enable(struct people *w, const struct user *user, struct receipt *r,
                   struct fault *why)
{
    if (!user_enable(&w->book, user->number, user->version, why))
        return false;
    receipt_line(r, "%s %s back, as %s.", people_verb(w, "Took", "Would take"), user->name,
                 user->role);
    return people_link(w, r, user->number, why);
}

static bool run_user_enable(struct call *call, struct fault *why)
{
    return with_user(call, ACCESS_BY, enable, why);
}

const struct command command_user_enable = {
    .name = "user enable",
    .section = USER_SECTION,
    .summary = "Take somebody back, by a link that signs them in once.",
    .examples = { "recoup user enable omar@fairhaven.example",
                  "recoup user enable omar@fairhaven.example -o omar-link.txt" },
    .target = "EMAIL",
    .targets_least = 1,
    .targets_most = 1,
    .options = access_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .run = run_user_enable,
};

/* ---- reset-sign-in ------------------------------------------------------------------------- */

static bool reset(struct people *w, const struct user *user, struct receipt *r,
                  struct fault *why)
{
    if (!user_reset(&w->book, user->number, user->version, why))
        return false;
    receipt_line(r, "%s the sign-in of %s: password, authenticator and sessions are gone.",
                 people_verb(w, "Reset", "Would reset"), user->name);
    return people_link(w, r, user->number, why);
}

static bool run_user_reset(struct call *call, struct fault *why)
{
    return with_user(call, ACCESS_BY, reset, why);
}

const struct command command_user_reset = {
    .name = "user reset-sign-in",
    .section = USER_SECTION,
    .summary = "Make somebody a new link, when password or authenticator are lost.",
    .examples = { "recoup user reset-sign-in omar@fairhaven.example",
                  "recoup user reset-sign-in omar@fairhaven.example -o omar-link.txt" },
    .target = "EMAIL",
    .targets_least = 1,
    .targets_most = 1,
    .options = access_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "The link works once, within a day; links made before do not work any more.",
    .run = run_user_reset,
};

/* ---- sessions ------------------------------------------------------------------------------ */

enum { SESSIONS_END, SESSIONS_BY };

static const struct option sessions_options[] = {
    [SESSIONS_END] = { OPTION_FLAG, "end", NULL, "end them all, and links that were not used",
                       "What is done", false, 0, NULL },
    [SESSIONS_BY] = { OPTION_TEXT, "by", "EMAIL", "who does it", NULL, false, 0, NULL },
    { .kind = OPTION_END },
};

static bool end_sessions(struct people *w, const struct user *user, struct receipt *r,
                         struct fault *why)
{
    int64_t ended;

    if (!session_end_all(&w->book, user->number, NULL, &ended, why))
        return false;
    receipt_line(r, "%s %s of %s.", people_verb(w, "Ended", "Would end"),
                 show_many(w->call->arena, ended, "session", "sessions"), user->name);
    receipt_count(r, "ended", ended);
    return true;
}

static void sessions_print(struct call *call, const struct session_row *rows, size_t count,
                           const struct zone *zone, const char *name)
{
    static const struct table_column columns[] = { { "client", "Address", CELL_TEXT },
                                                   { "agent", "Browser", CELL_TEXT },
                                                   { "made_at", "Since", CELL_TEXT },
                                                   { "seen_at", "Last used", CELL_TEXT } };
    struct sheet sheet = { .heading = arena_print(call->arena, "Sessions of %s", name) };
    struct table *t = sheet_table(&sheet, "sessions", "Signed in nowhere.", COUNT(columns), columns);
    char text[INSTANT_TEXT];

    for (size_t i = 0; i < count; i++) {
        table_text(t, rows[i].client);
        table_text(t, rows[i].agent);
        table_text(t, call->format == FORMAT_PEOPLE
                          ? show_instant(call->arena, rows[i].made_at, zone)
                          : instant_print(rows[i].made_at, text));
        table_text(t, call->format == FORMAT_PEOPLE
                          ? show_instant(call->arena, rows[i].seen_at, zone)
                          : instant_print(rows[i].seen_at, text));
    }
    call_print_sheet(call, &sheet);
    sheet_free(&sheet);
}

static bool list_sessions(struct call *call, struct fault *why)
{
    struct store *s = store_open(call->settings.db.value, STORE_READ, why);
    struct session_row *rows;
    const struct zone *zone;
    struct user *users, user;
    struct instant now;
    size_t count;

    if (s == NULL)
        return false;
    bool done = call_now(call, &now, why) && call_zone(call, &zone, why) &&
                user_list(s, call->arena, &users, &count, why) &&
                people_pick(call->arena, users, count, call->targets[0], &user, why) &&
                session_list(s, call->arena, user.number, now, &rows, &count, why);
    store_close(s);
    if (done)
        sessions_print(call, rows, count, zone, user.name);
    return done;
}

static bool run_user_sessions(struct call *call, struct fault *why)
{
    return call->given[SESSIONS_END].is ? with_user(call, SESSIONS_BY, end_sessions, why)
                                        : list_sessions(call, why);
}

const struct command command_user_sessions = {
    .name = "user sessions",
    .section = USER_SECTION,
    .summary = "List where somebody is signed in, or end it.",
    .examples = { "recoup user sessions omar@fairhaven.example",
                  "recoup user sessions omar@fairhaven.example --end" },
    .target = "EMAIL",
    .targets_least = 1,
    .targets_most = 1,
    .options = sessions_options,
    .traits = ANSWERS_JSON | ANSWERS_ROWS | ACTS | DRY_RUNS,
    .run = run_user_sessions,
};

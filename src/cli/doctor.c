/* doctor: whether this installation can do its work, and what to do where it cannot. */
#include "base/files.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/working.h"
#include "flow/book.h"
#include "flow/policy.h"

#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { DOCTOR_SETTINGS };

static const struct option doctor_options[] = {
    [DOCTOR_SETTINGS] = { OPTION_FLAG, "settings", NULL,
                          "each setting, its value, and where it came from", "What is shown",
                          false, 0, NULL },
    { .kind = OPTION_END },
};

/* What a look at one thing brought. */
struct examination {
    struct call *call;
    struct sheet sheet;
    struct table *findings;
    int64_t problems, warnings;
};

static void found(struct examination *e, enum sign sign, const char *what, const char *words,
                  const char *mend)
{
    static const char *const states[] = {
        [SIGN_DONE] = "ok", [SIGN_WRONG] = "problem", [SIGN_LOOK] = "warning"
    };

    table_text(e->findings, sign_of(e->call, sign));
    table_text(e->findings, states[sign]);
    table_text(e->findings, what);
    table_text(e->findings, words);
    table_text(e->findings, mend);
    e->problems += sign == SIGN_WRONG;
    e->warnings += sign == SIGN_LOOK;
}

static void found_fault(struct examination *e, const char *what, const struct fault *why)
{
    found(e, SIGN_WRONG, what, why->text, why->hint);
}

/* Opens and prepares every statement: a book of another shape would refuse one of them. */
static const struct zone *look_at_book(struct examination *e)
{
    const char *url = e->call->settings.db.value, *name = NULL;
    struct fault why;
    struct store *s = store_open(url, STORE_READ, &why);

    if (s == NULL) {
        found_fault(e, "book", &why);
        return NULL;
    }
    if (!store_prepare_all(s, &why) || !book_setting(s, e->call->arena, "zone", &name, &why))
        found_fault(e, "book", &why);
    else
        found(e, SIGN_DONE, "book",
              arena_print(e->call->arena, "%s, schema %d", show_book(e->call), SCHEMA_VERSION),
              NULL);
    store_close(s);
    return zone_find(name == NULL ? "UTC" : name);
}

static void look_at_policy(struct examination *e, const struct zone *zone, struct instant now)
{
    struct fault why;
    struct loaded_policy *loaded =
        policy_load(zone == NULL ? zone_find("UTC") : zone, now, &why);

    if (loaded == NULL) {
        found_fault(e, "rules", &why);
        return;
    }
    found(e, SIGN_DONE, "rules",
          arena_print(e->call->arena, "%zu strategies; every pack was taken",
                      policy_of(loaded)->strategies.count),
          NULL);
    policy_free(loaded);
}

static void look_at_clock(struct examination *e)
{
    struct timespec at;

    clock_gettime(CLOCK_REALTIME, &at);
    /* Before this program was written: a machine that lost its battery. */
    if (at.tv_sec < 1767225600)
        found(e, SIGN_WRONG, "clock", "this machine's clock is years behind",
              "set it: times of contact are a matter of law");
    else if (zone_find("America/New_York") == NULL)
        found(e, SIGN_WRONG, "clock", "no time zones are installed", "apt install tzdata");
    else
        found(e, SIGN_DONE, "clock", "time zones are installed", NULL);
}

static bool is_folder(const char *path)
{
    struct stat seen;

    return stat(path, &seen) == 0 && S_ISDIR(seen.st_mode) && access(path, W_OK) == 0;
}

static void look_at_folder(struct examination *e, const char *what, const char *path)
{
    if (is_folder(path))
        found(e, SIGN_DONE, what, arena_print(e->call->arena, "to the folder %s", path), NULL);
    else
        found(e, SIGN_LOOK, what,
              arena_print(e->call->arena, "the folder %s is not there yet", path),
              "the first message makes it");
}

static void look_at_email(struct examination *e)
{
    const struct settings *s = &e->call->settings;
    const char *secret = s->email_password_file.value;

    if (s->email_smtp.value == NULL)
        found(e, SIGN_LOOK, "email", "not set up; emails wait", "recoup help config");
    else if (s->email_user.value != NULL && (secret == NULL || access(secret, R_OK) != 0))
        found(e, SIGN_WRONG, "email", "the file with the password cannot be read",
              "channels.email.password_file in recoup.yaml");
    else
        found(e, SIGN_DONE, "email", arena_print(e->call->arena, "by %s", s->email_smtp.value),
              NULL);
}

static void look_at_channels(struct examination *e)
{
    const struct settings *s = &e->call->settings;
    struct deliver_channels channels;
    struct fault why;

    if (!channels_of_settings(s, &channels, &why)) {
        found_fault(e, "channels", &why);
        return;
    }
    if (s->folder.value != NULL) {
        look_at_folder(e, "channels", s->folder.value);
        return;
    }
    look_at_email(e);
    if (s->letter_folder.value != NULL)
        look_at_folder(e, "letter", s->letter_folder.value);
    else
        found(e, SIGN_LOOK, "letter", "not set up; letters wait", "recoup help config");
}

static void list_settings(struct call *call)
{
    static const struct table_column columns[] = { { "setting", "Setting", CELL_TEXT },
                                                   { "value", "Value", CELL_TEXT },
                                                   { "source", "From", CELL_TEXT } };
    struct sheet sheet = { .heading = "Settings, and where each came from" };
    struct table *t = sheet_table(&sheet, "settings", "", COUNT(columns), columns);
    struct setting setting;
    const char *key;

    for (size_t i = 0; settings_list(&call->settings, i, &key, &setting); i++) {
        char *value = setting.value == NULL ? NULL : arena_copy(call->arena, setting.value);
        if (value != NULL)
            hide_password(value);
        table_text(t, key);
        table_text(t, value);
        table_text(t, setting.source);
    }
    call_print_sheet(call, &sheet);
    sheet_free(&sheet);
}

static bool run_doctor(struct call *call, struct fault *why)
{
    static const struct table_column columns[] = { { NULL, " ", CELL_TEXT },
                                                   { "state", NULL, CELL_TEXT },
                                                   { "what", "What", CELL_TEXT },
                                                   { "found", "Found", CELL_TEXT },
                                                   { "mend", "What to do", CELL_TEXT } };
    struct examination e = { .call = call };
    struct instant now;

    if (call->given[DOCTOR_SETTINGS].is) {
        list_settings(call);
        return true;
    }
    if (!call_now(call, &now, why))
        return false;
    e.findings = sheet_table(&e.sheet, "findings", "", COUNT(columns), columns);
    look_at_policy(&e, look_at_book(&e), now);
    look_at_clock(&e);
    look_at_channels(&e);
    call_print_sheet(call, &e.sheet);
    sheet_free(&e.sheet);
    call_tell(call, "%s, %s\n", show_many(call->arena, e.problems, "problem", "problems"),
              show_many(call->arena, e.warnings, "warning", "warnings"));
    if (e.problems > 0)
        call->exit = EXIT_FINDINGS;
    return true;
}

const struct command command_doctor = {
    .name = "doctor",
    .section = "Keeping it well",
    .summary = "Check the installation: book, rules, clock, channels.",
    .examples = { "recoup doctor", "recoup doctor --settings" },
    .options = doctor_options,
    .traits = ANSWERS_JSON | ANSWERS_ROWS,
    .notes = "Exit code 8 when there is a problem. It changes nothing and connects to nobody.",
    .run = run_doctor,
};

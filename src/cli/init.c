#include "base/text.h"
#include "cli/call.h"
#include "cli/commands.h"
#include "cli/people.h"

#include <string.h>
#include <unistd.h>

enum { INIT_NAME, INIT_ORG, INIT_ZONE, INIT_CURRENCY, INIT_ADMIN };

static const struct option init_options[] = {
    [INIT_NAME] = { OPTION_TEXT, "name", "NAME", "short name, shown in pages and lists",
                    "Who you are", false, 0, NULL },
    [INIT_ORG] = { OPTION_TEXT, "org", "NAME",
                   "legal name, printed on letters (the short name)", NULL, false, 0, NULL },
    /* Stands before the flag of every command: here it is the organisation's own zone. */
    [INIT_ZONE] = { OPTION_TEXT, "tz", "ZONE", "whose calendar decides what day it is (UTC)",
                    NULL, false, 0, NULL },
    [INIT_CURRENCY] = { OPTION_TEXT, "currency", "CODE", "usual currency (USD)", NULL, false, 0,
                        NULL },
    [INIT_ADMIN] = { OPTION_TEXT, "admin", "EMAIL",
                     "the first administrator, who gets a link that signs in once", "Who runs it",
                     false, 0, NULL },
    { .kind = OPTION_END },
};

struct organisation {
    const char *name, *org, *zone, *currency, *admin;
};

/* Asks on a terminal, once; in a script the flag is named instead. */
static bool ask(const struct call *call, const char *question, const char **out)
{
    char line[128];

    fprintf(stderr, "%s: ", question);
    if (fgets(line, sizeof line, stdin) == NULL)
        return false;
    *out = text_trim(call->arena, line);
    return true;
}

static bool take_name(const struct call *call, struct organisation *o, struct fault *why)
{
    o->name = call_text(call, INIT_NAME);
    if (o->name == NULL && isatty(STDIN_FILENO) && !call->global[GLOBAL_NO_INPUT].is)
        (void)ask(call, "Short name of your organisation (--name)", &o->name);
    if (!text_is_empty(o->name))
        return true;
    fail(why, BAD_USAGE, "--name is needed.");
    return fault_hint(why, "add --name NAME, as in:  %s", command_init.examples[0]);
}

/* The first role that may let others in. */
static const char *admin_role(const struct roles *roles)
{
    for (size_t i = 0; i < roles->count; i++) {
        if (roles->list[i].can & PERMISSION_BIT(MAY_ADMIN_USERS))
            return roles->list[i].name;
    }
    return "";
}

static struct user_input admin_input(const struct call *call, const struct roles *roles,
                                     const char *email)
{
    return (struct user_input){ .email = email,
                                .name = arena_copy_n(call->arena, email, strcspn(email, "@")),
                                .role = admin_role(roles) };
}

/* Before there is a book: what is wrong with the address leaves none behind. */
static bool admin_check(const struct call *call, struct organisation *o, struct fault *why)
{
    o->admin = call_text(call, INIT_ADMIN);
    if (o->admin == NULL)
        return true;
    const struct roles *roles = roles_load(call->arena, why);
    struct user_input in;
    if (roles == NULL)
        return false;
    in = admin_input(call, roles, o->admin);
    return user_input_check(roles, &in, why);
}

static bool take_organisation(const struct call *call, struct organisation *o,
                              struct fault *why)
{
    if (!take_name(call, o, why))
        return false;
    o->org = call->given[INIT_ORG].is ? call_text(call, INIT_ORG) : o->name;
    o->zone = call->given[INIT_ZONE].is           ? call_text(call, INIT_ZONE)
              : call->settings.zone.value != NULL ? call->settings.zone.value
                                                  : "UTC";
    o->currency = call->given[INIT_CURRENCY].is ? call_text(call, INIT_CURRENCY) : "USD";
    if (zone_find(o->zone) == NULL) {
        fail(why, BAD_USAGE, "There is no time zone \"%s\".", o->zone);
        return fault_hint(why, "a name such as America/New_York");
    }
    if (currency_parse(o->currency) == CURRENCY_NONE) {
        fail(why, BAD_USAGE, "There is no currency \"%s\".", o->currency);
        return fault_hint(why, "a code of ISO 4217, such as USD or EUR");
    }
    return admin_check(call, o, why);
}

static bool write_settings(struct store *s, const struct organisation *o, struct fault *why)
{
    return book_set(s, "name", o->name, why) && book_set(s, "org", o->org, why) &&
           book_set(s, "zone", o->zone, why) && book_set(s, "currency", o->currency, why);
}

static bool create_book(const char *url, const struct organisation *o, struct fault *why)
{
    struct store *s;

    if (!store_create(url, why))
        return false;
    s = store_open(url, STORE_WRITE, why);
    if (s == NULL)
        return false;
    bool done = store_begin(s, why) &&
                (write_settings(s, o, why) ? store_commit(s, why) : store_undo(s));
    store_close(s);
    return done;
}

/* The first who may sign in, and let others in. */
static bool add_admin(struct people *w, struct receipt *r, const struct organisation *o,
                      struct fault *why)
{
    struct user_input in;
    int64_t number;

    if (o->admin == NULL) {
        receipt_line(r, "  Who may sign in:  recoup user add EMAIL --role %s --name NAME",
                     admin_role(w->roles));
        return true;
    }
    in = admin_input(w->call, w->roles, o->admin);
    if (!user_add(&w->book, w->roles, &in, &number, why))
        return false;
    receipt_line(r, "  %s may sign in, as %s.", in.email, in.role);
    receipt_field(r, "admin", in.email);
    return people_link(w, r, number, why);
}

static bool print_init(struct people *w, const struct organisation *o, struct fault *why)
{
    struct receipt r;

    receipt_begin(&r, w->call, "init");
    receipt_line(&r, "Made a new book for %s in %s.", o->org, show_book(w->call));
    receipt_line(&r, "  Time zone %s, money in %s. Nothing is sent until a channel is set up.",
                 o->zone, o->currency);
    receipt_field(&r, "name", o->name);
    receipt_field(&r, "org", o->org);
    receipt_field(&r, "zone", o->zone);
    receipt_field(&r, "currency", o->currency);
    bool done = add_admin(w, &r, o, why);
    receipt_line(&r,
                 "  Who messages come from:  recoup setting put email accounts@example.com");
    receipt_next(&r, "recoup import invoices FILE --map MAP --check");
    receipt_end(&r);
    return done;
}

static bool run_init(struct call *call, struct fault *why)
{
    struct organisation o = { 0 };
    struct people w;

    return take_organisation(call, &o, why) &&
           create_book(call->settings.db.value, &o, why) &&
           people_begin(&w, call, NULL, why) && people_end(&w, print_init(&w, &o, why), why);
}

const struct command command_init = {
    .name = "init",
    .section = "Getting going",
    .summary = "Make a new, empty book.",
    .examples = { "recoup init --name fairhaven --org \"Fairhaven Recovery\" --tz "
                  "America/Chicago",
                  "recoup init --name acme --currency EUR --tz Europe/Berlin --admin "
                  "ann@acme.example -o first-login.txt" },
    .options = init_options,
    .traits = ANSWERS_JSON | ACTS,
    .notes = "The link of --admin works once, within a day; with -o FILE it stands in that file\n"
             "alone, which only you may read.",
    .run = run_init,
};

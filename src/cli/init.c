#include "base/text.h"
#include "cli/call.h"
#include "cli/commands.h"
#include "cli/receipt.h"
#include "flow/book.h"

#include <unistd.h>

enum { INIT_NAME, INIT_ORG, INIT_ZONE, INIT_CURRENCY };

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
    { .kind = OPTION_END },
};

struct organisation {
    const char *name, *org, *zone, *currency;
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
    return true;
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

static bool run_init(struct call *call, struct fault *why)
{
    struct organisation o;
    struct receipt r;
    const char *url = call->settings.db.value;

    if (!take_organisation(call, &o, why) || !create_book(url, &o, why))
        return false;
    receipt_begin(&r, call, "init");
    receipt_line(&r, "Made a new book for %s in %s.", o.org, show_book(call));
    receipt_line(&r, "  Time zone %s, money in %s. Nothing is sent until a channel is set up.",
                 o.zone, o.currency);
    receipt_field(&r, "name", o.name);
    receipt_field(&r, "org", o.org);
    receipt_field(&r, "zone", o.zone);
    receipt_field(&r, "currency", o.currency);
    receipt_line(&r,
                 "  Who messages come from:  recoup setting put email accounts@example.com");
    receipt_next(&r, "recoup import invoices FILE --map MAP --check");
    receipt_end(&r);
    return true;
}

const struct command command_init = {
    .name = "init",
    .section = "Getting going",
    .summary = "Make a new, empty book.",
    .examples = { "recoup init --name fairhaven --org \"Fairhaven Recovery\" --tz "
                  "America/Chicago",
                  "recoup init --name acme --currency EUR --tz Europe/Berlin --db acme.db" },
    .options = init_options,
    .traits = ANSWERS_JSON | ACTS,
    .run = run_init,
};

/* export: what the book holds, for the programs of others. */
#include "flow/export.h"

#include "base/text.h"
#include "cli/call.h"
#include "cli/commands.h"
#include "flow/typed.h"

enum { EXPORT_FORMAT, EXPORT_ACCOUNT, EXPORT_SINCE, EXPORT_UNTIL, EXPORT_KNOWN };

static const struct option export_options[] = {
    [EXPORT_FORMAT] = { OPTION_TEXT, "format", "NAME",
                        "gl: CSV of debits and credits; ledger: for Ledger and hledger (gl)",
                        "What is exported", false, 0, NULL },
    [EXPORT_ACCOUNT] = { OPTION_TEXT, "account", "ACCOUNT", "this account only", NULL, false, 0,
                         NULL },
    [EXPORT_SINCE] = { OPTION_DAY, "since", "DAY", "first value day", NULL, false, 0, NULL },
    [EXPORT_UNTIL] = { OPTION_DAY, "until", "DAY", "last value day (today)", NULL, false, 0,
                       NULL },
    [EXPORT_KNOWN] = { OPTION_INSTANT, "known", "TIME",
                       "only what was posted by then; a date: by its end", NULL, false, 0,
                       NULL },
    { .kind = OPTION_END },
};

static bool take_format(const struct call *call, enum export_format *out, struct fault *why)
{
    const char *text = call_text(call, EXPORT_FORMAT);

    *out = text_equal(text, "ledger") ? EXPORT_LEDGER : EXPORT_GL;
    if (text == NULL || text_equal(text, "ledger") || text_equal(text, "gl"))
        return true;
    fail(why, BAD_USAGE, "--format takes gl or ledger, and \"%s\" is neither.", text);
    return fault_hint(why, "recoup export ledger --format ledger");
}

/* A day is meant whole: what was posted on it was known by then. */
static bool take_known(const struct call *call, struct day today, struct instant *out,
                       struct fault *why)
{
    const char *text = call_text(call, EXPORT_KNOWN);
    const struct zone *zone;
    struct day day;

    if (text == NULL || !typed_day(text, today, &day))
        return call_instant(call, EXPORT_KNOWN, INSTANT_NEVER, out, why);
    if (!call_zone(call, &zone, why))
        return false;
    *out = (struct instant){ day_begins(day_plus(day, 1), zone).us - 1 };
    return true;
}

static bool run_export(struct call *call, struct fault *why)
{
    struct export_request request = { .account = call_text(call, EXPORT_ACCOUNT) };
    struct day today;

    if (!take_format(call, &request.format, why) || !call_today(call, &today, why) ||
        !call_day(call, EXPORT_SINCE, DAY_NONE, &request.since, why) ||
        !call_day(call, EXPORT_UNTIL, today, &request.until, why) ||
        !take_known(call, today, &request.known, why))
        return false;
    struct store *s = store_open(call->settings.db.value, STORE_READ, why);
    if (s == NULL)
        return false;
    bool done = export_ledger(s, &request, call->out, why);
    store_close(s);
    return done;
}

const struct command command_export_ledger = {
    .name = "export ledger",
    .section = "Looking",
    .summary = "Write out the double entries, for a general ledger or plain-text accounting.",
    .examples = { "recoup export ledger --since 2026-10-01 --until 2026-10-31 -o october.csv",
                  "recoup export ledger --format ledger -o book.ledger" },
    .options = export_options,
    .notes =
        "Each entry once, and whole. --until and --since go by value day, --known by the\n"
        "moment of posting: what is posted late with an earlier value day is found by it.\n"
        "The accounts: docs/export.md. Reads only.",
    .run = run_export,
};

/* contact location: where somebody said they are. */
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/writing.h"
#include "flow/contact_log.h"

enum { LOCATION_ZONE, LOCATION_PLACE, LOCATION_FORGET };

static const struct option location_options[] = {
    [LOCATION_ZONE] = { OPTION_TEXT, "zone", "ZONE", "their time zone, like America/Denver",
                        "What they said", false, 0, NULL },
    [LOCATION_PLACE] = { OPTION_TEXT, "place", "CODE", "the state or country, like US-CO", NULL,
                         false, 0, NULL },
    [LOCATION_FORGET] = { OPTION_FLAG, "forget", NULL,
                          "it no longer holds: address and numbers tell again", NULL, false, 0,
                          NULL },
    { .kind = OPTION_END },
};

static bool check_typed(const struct call *call, struct fault *why)
{
    const char *zone = call_text(call, LOCATION_ZONE), *place = call_text(call, LOCATION_PLACE);
    bool forget = call->given[LOCATION_FORGET].is;

    if (forget ? zone != NULL || place != NULL : zone == NULL && place == NULL) {
        fail(why, BAD_USAGE, "Say where they are, or that it no longer holds.");
        return fault_hint(why, "--zone America/Denver, --place US-CO, or --forget");
    }
    if (zone != NULL && zone_find(zone) == NULL)
        return fail(why, BAD_USAGE, "There is no time zone \"%s\".", zone);
    return true;
}

static bool check_place(struct writing *w, struct fault *why)
{
    const char *place = call_text(w->call, LOCATION_PLACE);
    bool known = true;

    if (place == NULL)
        return true;
    if (!account_place_known(place, &known, why))
        return false;
    if (known)
        return true;
    fail(why, BAD_USAGE, "\"%s\" is no place whose time zones are known.", place);
    return fault_hint(why, "write ISO 3166-2, like US-CO or DE");
}

static bool note_location(struct writing *w, struct fault *why)
{
    const char *zone = call_text(w->call, LOCATION_ZONE);
    const char *place = call_text(w->call, LOCATION_PLACE), *zones;
    const char *value = zone == NULL    ? place
                        : place == NULL ? zone
                                        : arena_print(w->call->arena, "%s, %s", zone, place);
    const struct contact_place said = { zone, place, "command line" };
    enum change change;
    struct receipt r;
    int32_t fact;

    if (!check_place(w, why) ||
        !contact_location(&w->book, &w->account, &said, &fact, &change, why) ||
        !account_zones(&w->book, &w->account, &zones, why))
        return false;
    receipt_begin(&r, w->call, "contact location");
    receipt_account(&r, w);
    if (value != NULL && change != CHANGE_ADDED)
        receipt_already(&r, w, value);
    else
        receipt_line(&r, "%s for %s (%s): %s.", writing_verb(w, "Noted", "Would note"),
                     w->account.reference, w->account.name,
                     value != NULL ? value : "what they said no longer holds");
    receipt_line(&r, "May be in %s.",
                 zones[0] != '\0' ? zones : "a time zone that nobody knows");
    receipt_field(&r, "zone", zone);
    receipt_field(&r, "place", place);
    receipt_field(&r, "zones", zones);
    receipt_end(&r);
    return true;
}

static bool run_location(struct call *call, struct fault *why)
{
    struct writing w;

    return check_typed(call, why) && writing_begin(&w, call, why) &&
           writing_end(&w, note_location(&w, why), why);
}

const struct command command_contact_location = {
    .name = "contact location",
    .section = "Acting on accounts",
    .summary = "Note where somebody said they are.",
    .examples = { "recoup contact location FH-20418 --zone America/Denver --place US-CO",
                  "recoup contact location FH-20418 --forget" },
    .target = "ACCOUNT",
    .targets_least = 1,
    .targets_most = 1,
    .options = location_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "It replaces what address and numbers suggest. Undo: --forget",
    .run = run_location,
};

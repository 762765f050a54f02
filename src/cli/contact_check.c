/* contact check: may they be contacted now, and by what. */
#include "base/text.h"
#include "cli/call.h"
#include "cli/commands.h"
#include "flow/explain.h"

enum { CHECK_CHANNEL };

static const struct option check_options[] = {
    [CHECK_CHANNEL] = { OPTION_CHANNEL, "channel", "NAME", "only this channel (all of them)",
                        "What is asked", false, 0, NULL },
    { .kind = OPTION_END },
};

/* Colours stay out of tables: the sign and the word say it. */
static const char *state_shown(const struct call *call, enum ruling ruling)
{
    struct call plain = *call;

    plain.colour = false;
    switch (ruling) {
    case RULING_ALLOW:
        return arena_print(call->arena, "%s Allowed", sign_of(&plain, SIGN_DONE));
    case RULING_DEFER:
        return arena_print(call->arena, "%s Later", sign_of(&plain, SIGN_LOOK));
    case RULING_DENY:
        break;
    }
    return arena_print(call->arena, "%s Blocked", sign_of(&plain, SIGN_WRONG));
}

static const char *state_name(enum ruling ruling)
{
    return ruling == RULING_ALLOW ? "allowed" : ruling == RULING_DEFER ? "later" : "blocked";
}

/* When it is allowed, nobody asks when it opens. */
static const char *opens_shown(struct arena *a, const struct channel_outlook *o,
                               const struct zone *zone)
{
    if (o->ruling == RULING_ALLOW)
        return NULL;
    return o->opens.us == INSTANT_NEVER.us ? "when something changes"
                                           : show_instant(a, o->opens, zone);
}

static const char *opens_plain(struct arena *a, const struct channel_outlook *o,
                               const struct zone *zone)
{
    char text[INSTANT_TEXT];

    if (o->opens.us == INSTANT_NEVER.us)
        return NULL;
    return arena_copy(a, instant_print_in(o->opens, zone, text));
}

static void add_row(const struct call *call, struct table *t, const struct channel_outlook *o,
                    const struct zone *zone)
{
    table_text(t, channel_name(o->channel));
    table_text(t, state_shown(call, o->ruling));
    table_text(t, state_name(o->ruling));
    table_text(t, o->reason);
    table_text(t, opens_shown(call->arena, o, zone));
    table_text(t, opens_plain(call->arena, o, zone));
    table_text(t, o->cite);
    table_text(t, o->rule);
    table_text(t, o->would_allow);
}

static void print_panel(const struct call *call, const struct contact_panel *panel,
                        struct instant now)
{
    static const struct table_column columns[] = {
        { "channel", "Channel", CELL_TEXT },
        { NULL, "State", CELL_TEXT },
        { "state", NULL, CELL_TEXT },
        { "why", "Why", CELL_TEXT },
        { NULL, "Opens", CELL_TEXT },
        { "opens", NULL, CELL_TEXT },
        { "source", "Source", CELL_TEXT },
        { "rule", NULL, CELL_TEXT },
        { "would_allow", "What would allow it", CELL_TEXT },
    };
    struct sheet sheet = { 0 };
    char at[INSTANT_TEXT];

    sheet.heading =
        arena_print(call->arena, "%s  %s, %s in %s", panel->account, panel->name,
                    show_instant(call->arena, now, panel->zone), zone_name(panel->zone));
    sheet_field(&sheet, "account", panel->account);
    sheet_field(&sheet, "name", panel->name);
    sheet_field(&sheet, "at", instant_print_in(now, panel->zone, at));
    struct table *t = sheet_table(&sheet, "channels", "No channels.", COUNT(columns), columns);
    for (size_t i = 0; i < panel->count; i++)
        add_row(call, t, &panel->all[i], panel->zone);
    call_print_sheet(call, &sheet);
    sheet_free(&sheet);
}

static bool run_contact_check(struct call *call, struct fault *why)
{
    struct explain_request request = {
        .url = call->settings.db.value,
        .target = call->targets[0],
        .channel_known = call->given[CHECK_CHANNEL].is,
        .channel = call->given[CHECK_CHANNEL].channel,
    };
    struct contact_panel panel;

    if (!call_now(call, &request.now, why))
        return false;
    request.at = request.now;
    if (!explain_channels(&request, call->arena, &panel, why))
        return false;
    print_panel(call, &panel, request.now);
    return true;
}

const struct command command_contact_check = {
    .name = "contact check",
    .section = "Acting on accounts",
    .summary = "Say by which channels somebody may be contacted now, and if not, when and why.",
    .examples = { "recoup contact check FH-20418",
                  "recoup contact check FH-20418 --channel call --json" },
    .target = "ACCOUNT",
    .targets_least = 1,
    .targets_most = 1,
    .options = check_options,
    .traits = ANSWERS_JSON | ANSWERS_ROWS,
    .notes = "Times are the debtor's. Reads only; every rule that was asked: recoup explain.",
    .run = run_contact_check,
};

/* setting: what the book knows of its own organisation. */
#include "flow/house.h"

#include "base/text.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/receipt.h"

enum { SETTINGS_MOST = 64 };

static bool run_setting_list(struct call *call, struct fault *why)
{
    static const struct table_column columns[] = { { "setting", "Setting", CELL_TEXT },
                                                   { "value", "Value", CELL_TEXT },
                                                   { "meaning", "Meaning", CELL_TEXT } };
    struct sheet sheet = { .heading = "What the book knows of its own organisation" };
    struct table *t = sheet_table(&sheet, "settings", "", COUNT(columns), columns);
    struct store *s = store_open(call->settings.db.value, STORE_READ, why);
    bool done = s != NULL;

    for (size_t i = 0; i < house_setting_count && done; i++) {
        const char *value = NULL;
        done = book_setting(s, call->arena, house_settings[i].name, &value, why);
        table_text(t, house_settings[i].name);
        table_text(t, value);
        table_text(t, house_settings[i].help);
    }
    store_close(s);
    if (done)
        call_print_sheet(call, &sheet);
    sheet_free(&sheet);
    return done;
}

const struct command command_setting_list = {
    .name = "setting list",
    .section = "Keeping it well",
    .summary = "List what the book knows of its own organisation.",
    .examples = { "recoup setting list", "recoup setting list --json" },
    .traits = ANSWERS_JSON | ANSWERS_ROWS | IS_DEFAULT,
    .notes =
        "Where the book is and how messages leave stands in recoup.yaml: recoup help config.",
    .run = run_setting_list,
};

static bool fail_no_setting(const char *typed, struct fault *why)
{
    const char *all[SETTINGS_MOST], *near;

    must(house_setting_count <= SETTINGS_MOST);
    for (size_t i = 0; i < house_setting_count; i++)
        all[i] = house_settings[i].name;
    near = nearest_name(typed, house_setting_count, all);
    fail(why, BAD_USAGE, "There is no setting \"%s\".", typed);
    if (near != NULL)
        return fault_hint(why, "Did you mean:  recoup setting put %s", near);
    return fault_hint(why, "recoup setting list");
}

static bool write_setting(struct call *call, const char *name, const char *value,
                          struct fault *why)
{
    struct instant now;
    struct book b;

    if (!call_now(call, &now, why) || !book_open(&b, call->settings.db.value, now, why))
        return false;
    bool done = book_begin(&b, why);
    if (done) {
        done = house_setting_put(&b, name, value, why);
        if (!done || call->global[GLOBAL_DRY_RUN].is)
            book_undo(&b);
        else
            done = book_commit(&b, why);
    }
    book_close(&b);
    return done;
}

static bool run_setting_put(struct call *call, struct fault *why)
{
    const char *name = call->targets[0], *value = call->targets[1];
    struct receipt r;

    if (house_setting(name) == NULL)
        return fail_no_setting(name, why);
    if (!write_setting(call, name, value, why))
        return false;
    receipt_begin(&r, call, "setting put");
    receipt_line(&r, "%s %s: %s", call->global[GLOBAL_DRY_RUN].is ? "Would set" : "Set", name,
                 value);
    receipt_field(&r, "setting", name);
    receipt_field(&r, "value", value);
    receipt_end(&r);
    return true;
}

const struct command command_setting_put = {
    .name = "setting put",
    .section = "Keeping it well",
    .summary = "Change what the book knows of its own organisation.",
    .examples = { "recoup setting put email accounts@example.com",
                  "recoup setting put address \"Fairhaven|12 Mill Road|Madison, WI 53703\"" },
    .target = "NAME VALUE",
    .targets_least = 2,
    .targets_most = 2,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "recoup setting list shows the names.",
    .run = run_setting_put,
};

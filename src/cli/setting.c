/* setting: what the book knows of its own organisation. */
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/receipt.h"
#include "flow/book.h"

#include <string.h>

static bool any_text(const char *value)
{
    return !text_is_empty(value);
}

static bool known_zone(const char *value)
{
    return zone_find(value) != NULL;
}

static bool known_currency(const char *value)
{
    return currency_parse(value) != CURRENCY_NONE;
}

static bool mailbox(const char *value)
{
    size_t length = 0;

    for (; value[length] != '\0'; length++) {
        if (value[length] == ' ')
            return false;
    }
    for (size_t at = 1; at + 1 < length; at++) {
        if (value[at] == '@')
            return true;
    }
    return false;
}

static bool yes_or_no(const char *value)
{
    return text_equal(value, "yes") || text_equal(value, "no");
}

static bool whole_days(const char *value)
{
    int64_t days;

    return text_to_int(value, &days) && days >= 0 && days <= 1000;
}

static bool whole_hours(const char *value)
{
    int64_t hours;

    return text_to_int(value, &hours) && hours >= 0 && hours <= 10000;
}

/* "5", "EUR 5", "EUR 5, USD 8" */
static bool amounts(const char *value)
{
    const char *marks = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789., ";

    return value[strspn(value, marks)] == '\0' && strpbrk(value, "0123456789") != NULL;
}

static const struct {
    const char *name, *help;
    bool (*reads)(const char *value);
    const char *form;
} names[] = {
    { "name", "short name, shown in pages and lists", any_text, "text" },
    { "org", "legal name, printed on letters", any_text, "text" },
    { "address", "where letters come from; lines separated by |", any_text, "text" },
    { "country", "its country, ISO 3166-1", any_text, "a code such as US" },
    { "email", "whom emails come from", mailbox, "a mailbox" },
    { "phone", "printed on letters", any_text, "text" },
    { "licence_number", "of the collector, where a law wants it named", any_text, "text" },
    { "supervisory_authority",
      "of the collector, for letters to Germany: name, address, mailbox", any_text, "text" },
    { "spanish_notice", "a Spanish validation notice can be asked for: yes or no", yes_or_no,
      "yes or no" },
    { "base_url", "where debtors reach this installation, for links", any_text, "an address" },
    { "zone", "whose calendar decides what day it is", known_zone,
      "a name such as Europe/Berlin" },
    { "bank_feed_hours", "how old the last payments file may be before demands wait; 0: any age",
      whole_hours, "a number of hours" },
    { "write_off_below", "what is a small balance: less than this may be written off as it is",
      amounts, "amounts such as 5, or EUR 5, USD 8" },
    { "dispute_answer_days", "days in which a dispute is to be answered (30)", whole_days,
      "a number of days" },
    { "currency", "of amounts typed without one", known_currency, "a code such as USD" },
};

static size_t setting_place(const char *name)
{
    size_t place = 0;

    while (place < COUNT(names) && !text_equal(names[place].name, name))
        place++;
    return place;
}

static bool run_setting_list(struct call *call, struct fault *why)
{
    static const struct table_column columns[] = { { "setting", "Setting", CELL_TEXT },
                                                   { "value", "Value", CELL_TEXT },
                                                   { "meaning", "Meaning", CELL_TEXT } };
    struct sheet sheet = { .heading = "What the book knows of its own organisation" };
    struct table *t = sheet_table(&sheet, "settings", "", COUNT(columns), columns);
    struct store *s = store_open(call->settings.db.value, STORE_READ, why);
    bool done = s != NULL;

    for (size_t i = 0; i < COUNT(names) && done; i++) {
        const char *value = NULL;
        done = book_setting(s, call->arena, names[i].name, &value, why);
        table_text(t, names[i].name);
        table_text(t, value);
        table_text(t, names[i].help);
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
    const char *all[COUNT(names)], *near;

    for (size_t i = 0; i < COUNT(names); i++)
        all[i] = names[i].name;
    near = nearest_name(typed, COUNT(names), all);
    fail(why, BAD_USAGE, "There is no setting \"%s\".", typed);
    if (near != NULL)
        return fault_hint(why, "Did you mean:  recoup setting put %s", near);
    return fault_hint(why, "recoup setting list");
}

static bool write_setting(struct call *call, const char *name, const char *value,
                          struct fault *why)
{
    struct store *s = store_open(call->settings.db.value, STORE_WRITE, why);

    if (s == NULL)
        return false;
    bool done = store_begin(s, why);
    if (done && call->global[GLOBAL_DRY_RUN].is)
        store_undo(s);
    else if (done)
        done = book_set(s, name, value, why) ? store_commit(s, why) : store_undo(s);
    store_close(s);
    return done;
}

static bool run_setting_put(struct call *call, struct fault *why)
{
    const char *name = call->targets[0];
    char *value = arena_copy(call->arena, call->targets[1]);
    size_t place = setting_place(name);
    struct receipt r;

    if (place == COUNT(names))
        return fail_no_setting(name, why);
    if (!names[place].reads(value)) {
        fail(why, BAD_USAGE, "The setting %s cannot be \"%s\".", name, value);
        return fault_hint(why, "%s", names[place].form);
    }
    for (char *at = value; text_equal(name, "address") && *at != '\0'; at++)
        *at = *at == '|' ? '\n' : *at;
    if (!write_setting(call, name, value, why))
        return false;
    receipt_begin(&r, call, "setting put");
    receipt_line(&r, "%s %s: %s", call->global[GLOBAL_DRY_RUN].is ? "Would set" : "Set", name,
                 call->targets[1]);
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

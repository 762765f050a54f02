#include "flow/house.h"

#include "base/text.h"
#include "flow/book_parts.h"

#include <string.h>

static const struct casefile_key house = { 0, 0 };

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

const struct house_setting house_settings[] = {
    { "name", "the short one, shown in pages and lists", any_text, "text" },
    { "org", "the full one, printed on letters", any_text, "text" },
    { "address", "where letters come from; lines separated by |", any_text, "text" },
    { "country", "its country, ISO 3166-1", any_text, "a code such as US" },
    { "email", "whom emails come from", mailbox, "a mailbox" },
    { "phone", "printed on letters", any_text, "text" },
    { "licence_number", "of the collector, where a law wants it named", any_text, "text" },
    { "supervisory_authority",
      "of the collector, for letters to Germany: name, address, mailbox", any_text, "text" },
    { "spanish_notice", "a Spanish validation notice can be asked for: yes or no", yes_or_no,
      "yes or no" },
    { "base_url", "where people who owe reach this installation, for links", any_text,
      "an address" },
    { "console_url",
      "where those who work here reach the pages, for links (http://127.0.0.1:8080)", any_text,
      "an address" },
    { "require_totp", "roles that need an authenticator, with commas between, or all", any_text,
      "names of roles, or all" },
    { "zone", "whose calendar decides what day it is", known_zone,
      "a name such as Europe/Berlin" },
    { "bank_feed_hours",
      "how old the last payments file may be before demands wait; 0: any age", whole_hours,
      "a number of hours" },
    { "write_off_below", "what is a small balance: less than this may be written off as it is",
      amounts, "amounts such as 5, or EUR 5, USD 8" },
    { "dispute_answer_days", "days in which a dispute is to be answered (30)", whole_days,
      "a number of days" },
    { "complaint_acknowledge_days", "days in which a complaint is to be acknowledged (5)",
      whole_days, "a number of days" },
    { "complaint_answer_days", "days in which a complaint is to be answered (15)", whole_days,
      "a number of days" },
    { "webhook_private", "webhooks may go to private addresses and this machine: yes or no (no)",
      yes_or_no, "yes or no" },
    { "currency", "of amounts typed without one", known_currency, "a code such as USD" },
};

const size_t house_setting_count = COUNT(house_settings);

const struct house_setting *house_setting(const char *name)
{
    for (size_t i = 0; i < house_setting_count; i++) {
        if (strcmp(house_settings[i].name, name) == 0)
            return &house_settings[i];
    }
    return NULL;
}

bool house_setting_put(struct book *b, const char *name, const char *value, struct fault *why)
{
    const struct house_setting *setting = house_setting(name);
    char *kept = arena_copy(&b->arena, value);

    if (setting == NULL)
        return fail(why, BAD_VALUE, "There is no setting \"%s\".", name);
    if (!setting->reads(kept)) {
        fail(why, BAD_VALUE, "The setting %s cannot be \"%s\".", name, value);
        return fault_hint(why, "%s", setting->form);
    }
    for (char *at = kept; text_equal(name, "address") && *at != '\0'; at++)
        *at = *at == '|' ? '\n' : *at;
    if (!head_open(b->heads, house.bucket, why) || !book_set(b->store, name, kept, why) ||
        !house_mark_put(b, HOUSE_SETTINGS, why))
        return false;
    struct json_writer w = book_record_begin(b);
    json_text_at(&w, "setting", name);
    json_text_at(&w, "value", kept);
    return book_record_end(b, &w, house, "setting", why);
}

/* ---- When, and by whom ------------------------------------------------------------------ */

static const char *mark_key(struct arena *a, const char *what)
{
    return arena_print(a, "mark_%s", what);
}

bool house_mark_put(struct book *b, const char *what, struct fault *why)
{
    const char *value = arena_print(&b->arena, "%lld %s", (long long)b->now.us,
                                    b->by != NULL ? b->by : "");

    return book_set(b->store, mark_key(&b->arena, what), value, why);
}

bool house_mark_read(struct store *s, struct arena *a, const char *what, struct house_mark *out,
                     struct fault *why)
{
    const char *value;

    *out = (struct house_mark){ 0 };
    if (!book_setting(s, a, mark_key(a, what), &value, why))
        return false;
    if (value == NULL)
        return true;
    size_t length = strcspn(value, " ");
    text_to_int(arena_copy_n(a, value, length), &out->at.us);
    if (value[length] == ' ' && value[length + 1] != '\0')
        out->by = value + length + 1;
    return true;
}

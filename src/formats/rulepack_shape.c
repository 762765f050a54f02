#include "formats/rulepack_shape.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

bool rulepack_refuse(struct yaml_reader *r, const struct yaml *at, const char *format, ...)
{
    char text[300];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    r->ok = r->ok && yaml_fail(at == NULL ? r->map : at, r->why, "%s", text);
    r->ok = false;
    return false;
}

struct names rulepack_names(struct yaml_reader *r, struct arena *a, const char *key)
{
    struct yaml_texts texts = yaml_texts(r, a, key);

    struct names out = { texts.count, texts.texts, 0 };
    for (size_t i = 0; i < texts.count; i++)
        out.marks |= name_mark(texts.texts[i]);
    return out;
}

bool rulepack_channel_bit(const char *word, int *bit)
{
    enum channel channel;

    if (!channel_parse(word, &channel))
        return false;
    *bit = (int)channel;
    return true;
}

static bool outcome_bit(const char *word, int *bit)
{
    enum outcome outcome;

    if (!outcome_parse(word, &outcome))
        return false;
    *bit = (int)outcome;
    return true;
}

uint32_t rulepack_bits(struct yaml_reader *r, const char *key, uint32_t otherwise,
                       bool (*parse)(const char *word, int *bit))
{
    const struct yaml *node = yaml_find(r->map, key);
    uint32_t bits = 0;
    int bit;

    if (node == NULL)
        return otherwise;
    size_t count = node->kind == YAML_LIST ? node->count : 1;
    for (size_t i = 0; i < count; i++) {
        const struct yaml *word = node->kind == YAML_LIST ? node->items[i] : node;
        if (word->kind != YAML_TEXT)
            rulepack_refuse(r, word, "\"%s\" must list words", key);
        else if (!parse(word->text, &bit))
            rulepack_refuse(r, word, "\"%s\" is not a word for \"%s\"", word->text, key);
        else
            bits |= 1u << bit;
    }
    return bits;
}

/* ---- hours ---- */

static bool hour_parse(const char *text, int32_t *out)
{
    int hour, minute, end = 0;

    if (strlen(text) != 5 || sscanf(text, "%2d:%2d%n", &hour, &minute, &end) != 2 || end != 5)
        return false;
    if (hour < 0 || minute < 0 || minute > 59 || hour * 60 + minute > 24 * 60)
        return false;
    *out = hour * 3600 + minute * 60;
    return true;
}

static bool weekday_bits(const char *word, unsigned *out)
{
    int weekday;

    if (strcmp(word, "every day") == 0)
        *out = 0x7f;
    else if (strcmp(word, "weekdays") == 0)
        *out = 0x1f;
    else if (strcmp(word, "weekends") == 0)
        *out = 0x60;
    else if (weekday_parse(word, &weekday))
        *out = 1u << weekday;
    else
        return false;
    return true;
}

static void window_read(struct yaml_reader *r, struct arena *a, const struct yaml *node,
                        struct day_window *out)
{
    struct yaml_reader w = yaml_read(node, r->why);
    struct yaml_texts days = yaml_texts(&w, a, "days");
    const char *open = yaml_text(&w, "open"), *close = yaml_text(&w, "close");
    unsigned bits;

    for (size_t i = 0; i < days.count; i++) {
        if (!weekday_bits(days.texts[i], &bits))
            rulepack_refuse(&w, node, "\"%s\" is no weekday", days.texts[i]);
        else
            out->weekdays |= (uint8_t)bits;
    }
    if (w.ok && (!hour_parse(open, &out->open) || !hour_parse(close, &out->close) ||
                 out->open >= out->close || out->weekdays == 0))
        rulepack_refuse(&w, node,
                        "a window needs days, and hours like open: \"08:00\", "
                        "close: \"21:00\"");
    yaml_only(&w, "days", "open", "close", NULL);
    r->ok = r->ok && w.ok;
}

static void holidays_read(struct yaml_reader *r, struct arena *a, struct hours_rule *out)
{
    const struct yaml *closed = yaml_list_or(r, "closed");
    size_t count = closed == NULL ? 0 : closed->count;
    struct holiday *holidays = arena_array(a, struct holiday, count + 1);

    out->holidays = holidays;
    for (size_t i = 0; i < count; i++) {
        const struct yaml *node = closed->items[i];
        if (node->kind != YAML_TEXT ||
            !holiday_parse(node->text, &holidays[out->holiday_count++])) {
            rulepack_refuse(r, node,
                            "not a closed day; write 12-25, easter -2, first monday 09, "
                            "monday before 05-25 or 2026-06-12");
            return;
        }
    }
}

static void hours_read(struct yaml_reader *r, struct arena *a, struct rule *rule)
{
    struct hours_rule *out = &rule->hours;
    const struct yaml *windows = yaml_list_or(r, "hours");

    out->stated = yaml_bool_or(r, "stated", false);
    out->consented = yaml_bool_or(r, "consented", false);
    for (size_t i = 0; windows != NULL && i < windows->count; i++) {
        if (i == WINDOWS_MOST) {
            rulepack_refuse(r, windows, "at most %d windows", WINDOWS_MOST);
            return;
        }
        window_read(r, a, windows->items[i], &out->windows[out->window_count++]);
    }
    if (r->ok && out->window_count == 0 && !out->stated)
        rulepack_refuse(r, NULL, "\"hours\" is missing here");
    holidays_read(r, a, out);
    yaml_only(r, RULE_KEYS, "hours", "closed", "stated", "consented", NULL);
}

/* ---- cap and wait ---- */

static void consent_read(struct yaml_reader *r, struct consent_rule *out)
{
    const struct yaml *node = yaml_map_or(r, "consent");

    if (node == NULL)
        return;
    struct yaml_reader c = yaml_read(node, r->why);
    const char *ends = yaml_text_or(&c, "ends", "days");
    out->days = (int32_t)yaml_int(&c, "days", 1, 366);
    out->call_back_minutes = (int32_t)yaml_int_or(&c, "call_back_minutes", 0, 1440, 30);
    out->ends_on_conversation = strcmp(ends, "conversation") == 0;
    if (c.ok && !out->ends_on_conversation && strcmp(ends, "days") != 0)
        rulepack_refuse(&c, node, "consent ends with \"days\" or with a \"conversation\"");
    yaml_only(&c, "days", "ends", "call_back_minutes", NULL);
    r->ok = r->ok && c.ok;
}

static bool per_bit(const char *word, int *bit)
{
    static const char *const words[] = { "person", "debt", "creditor", "number" };

    for (int i = 0; i < 4; i++) {
        if (strcmp(word, words[i]) == 0) {
            *bit = i;
            return true;
        }
    }
    return false;
}

/* "7 local days", "1 local day", "ever" */
static bool days_parse(const char *text, int32_t *out)
{
    int days, end = 0;

    *out = 0;
    if (strcmp(text, "ever") == 0)
        return true;
    if (sscanf(text, "%d local day%n", &days, &end) != 1 || end == 0 || days < 1 || days > 366)
        return false;
    *out = days;
    return strcmp(text + end, days == 1 ? "" : "s") == 0;
}

static void limit_read(struct yaml_reader *r, const struct yaml *node, struct cap_limit *out)
{
    static const char *const units[] = { "attempt", "contact", "conversation" };
    struct yaml_reader c = yaml_read(node, r->why);
    const char *unit = yaml_text(&c, "unit"), *window = yaml_text(&c, "window");
    bool known = false;

    for (int i = 0; i < 3; i++) {
        if (strcmp(unit, units[i]) == 0) {
            out->unit = (enum counting)i;
            known = true;
        }
    }
    if (c.ok && !known)
        rulepack_refuse(&c, yaml_find(node, "unit"), "count attempt, contact or conversation");
    out->per = rulepack_bits(&c, "per", 0, per_bit);
    out->most = (uint32_t)yaml_int(&c, "max", 0, 10000);
    if (c.ok && out->per == 0)
        rulepack_refuse(&c, node, "say per what: person, debt, creditor, number");
    if (c.ok && !days_parse(window, &out->days))
        rulepack_refuse(&c, yaml_find(node, "window"),
                        "a window is written \"7 local days\", or \"ever\"");
    yaml_only(&c, "unit", "per", "window", "max", NULL);
    r->ok = r->ok && c.ok;
}

static void same_debt_read(struct yaml_reader *r, struct alike *out)
{
    const struct yaml *node = yaml_map_or(r, "same_debt");

    if (node == NULL)
        return;
    struct yaml_reader s = yaml_read(node, r->why);
    out->field = yaml_text(&s, "field");
    out->kind = yaml_text_or(&s, "kind", NULL);
    yaml_only(&s, "field", "kind", NULL);
    r->ok = r->ok && s.ok;
}

static void numbers_read(struct yaml_reader *r, enum numbers *out)
{
#define X(code, name) name,
    static const char *const names[] = { NUMBERS(X) };
#undef X
    const char *numbers = yaml_text_or(r, "numbers", names[NUMBERS_ANY]);

    for (int i = 0; i < NUMBERS_COUNT; i++) {
        if (strcmp(numbers, names[i]) == 0) {
            *out = (enum numbers)i;
            return;
        }
    }
    rulepack_refuse(r, yaml_find(r->map, "numbers"),
                    "numbers: work, not work, known work, cell");
}

static void cap_read(struct yaml_reader *r, struct arena *a, struct rule *rule)
{
    struct cap_rule *out = &rule->cap;
    const struct yaml *count = yaml_find(r->map, "count");
    bool several = count != NULL && count->kind == YAML_LIST;

    if (count == NULL || (several && (count->count == 0 || count->count > LIMITS_MOST))) {
        rulepack_refuse(r, count, "\"count\" must be one limit, or a list of at most %d",
                        LIMITS_MOST);
        return;
    }
    out->limit_count = several ? count->count : 1;
    for (size_t i = 0; i < out->limit_count; i++)
        limit_read(r, several ? count->items[i] : count, &out->limits[i]);
    out->outcomes_left_out = rulepack_bits(r, "excludes", 0, outcome_bit);
    out->purposes_left_out = rulepack_names(r, a, "excludes_purposes");
    consent_read(r, &out->consent);
    numbers_read(r, &out->numbers);
    same_debt_read(r, &out->alike);
    const char *begins = yaml_text_or(r, "begins", "at once");
    out->after_first_conversation = strcmp(begins, "after the first conversation") == 0;
    if (!out->after_first_conversation && strcmp(begins, "at once") != 0)
        rulepack_refuse(r, yaml_find(r->map, "begins"),
                        "begins: at once, or after the first conversation");
    yaml_only(r, RULE_KEYS, "count", "excludes", "excludes_purposes", "consent", "numbers",
              "same_debt", "begins", NULL);
}

static void wait_read(struct yaml_reader *r, struct arena *a, struct rule *rule)
{
    struct wait_rule *out = &rule->wait;
    const struct yaml *after = yaml_find(r->map, "after");
    const char *fact = NULL;

    (void)a;
    out->days = (int32_t)yaml_int(r, "days", 1, 3660);
    out->required = yaml_bool_or(r, "required", false);
    out->per = rulepack_bits(r, "per", 0, per_bit);
    same_debt_read(r, &out->alike);
    consent_read(r, &out->consent);
    if (r->ok && out->consent.days > out->days)
        rulepack_refuse(r, yaml_find(r->map, "consent"),
                        "a consent may not outlast the %d days that it lifts", (int)out->days);
    if (after != NULL && after->kind == YAML_MAP) {
        struct yaml_reader w = yaml_read(after, r->why);
        out->purpose = yaml_text_or(&w, "purpose", NULL);
        fact = yaml_text_or(&w, "fact", NULL);
        yaml_only(&w, "purpose", "fact", NULL);
        r->ok = r->ok && w.ok;
    }
    bool any_contact = after != NULL && text_equal(after->text, "contact");
    out->after = fact != NULL           ? AFTER_FACT
                 : out->purpose != NULL ? AFTER_PURPOSE
                 : any_contact          ? AFTER_CONTACT
                                        : AFTER_CONVERSATION;
    if (fact != NULL && !fact_type_parse(fact, &out->fact))
        rulepack_refuse(r, after, "there is no fact \"%s\"", fact);
    if (after == NULL ||
        (out->after == AFTER_CONVERSATION && !text_equal(after->text, "conversation")))
        rulepack_refuse(r, after, "after: conversation, contact, {purpose: …} or {fact: …}");
    yaml_only(r, RULE_KEYS, "after", "days", "required", "per", "same_debt", "consent", NULL);
}

/* ---- the others ---- */

static void opt_out_read(struct yaml_reader *r, struct arena *a, struct rule *rule)
{
    (void)a;
    (void)rule;
    yaml_only(r, RULE_KEYS, NULL);
}

static void attorney_read(struct yaml_reader *r, struct arena *a, struct rule *rule)
{
    (void)a;
    rule->attorney.silent_days = (int32_t)yaml_int(r, "silent_days", 0, 366);
    rule->attorney.grace_hours = (int32_t)yaml_int_or(r, "grace_hours", 0, 8784, 0);
    rule->attorney.written = yaml_bool_or(r, "written", false);
    yaml_only(r, RULE_KEYS, "silent_days", "grace_hours", "written", NULL);
}

enum fact_type rulepack_fact(struct yaml_reader *r, const char *key, enum fact_type first,
                             enum fact_type second)
{
    const char *name = yaml_text(r, key);

    if (strcmp(name, fact_type_name(first)) == 0)
        return first;
    if (r->ok && strcmp(name, fact_type_name(second)) != 0)
        rulepack_refuse(r, yaml_find(r->map, key), "%s: %s or %s", key, fact_type_name(first),
                        fact_type_name(second));
    return second;
}

static void place_read(struct yaml_reader *r, struct arena *a, struct rule *rule)
{
    (void)a;
    rule->place.fact =
        rulepack_fact(r, "fact", FACT_INCONVENIENT_PLACE, FACT_EMPLOYER_PROHIBITS);
    yaml_only(r, RULE_KEYS, "fact", NULL);
}

static void hold_read(struct yaml_reader *r, struct arena *a, struct rule *rule)
{
    rule->hold.kinds = rulepack_names(r, a, "kinds");
    rule->hold.disputes = yaml_bool_or(r, "disputes", false);
    rule->hold.joint = yaml_bool_or(r, "joint", false);
    yaml_only(r, RULE_KEYS, "kinds", "disputes", "joint", NULL);
}

static void address_read(struct yaml_reader *r, struct arena *a, struct rule *rule)
{
    (void)a;
    rule->address.fact = rulepack_fact(r, "fact", FACT_EMAIL_BASIS, FACT_SMS_BASIS);
    rule->address.fresh_days = (int32_t)yaml_int_or(r, "fresh_days", 1, 3660, 0);
    rule->address.notice_days = (int32_t)yaml_int_or(r, "notice_days", 1, 366, 0);
    rule->address.employer_only = yaml_bool_or(r, "employer_only", false);
    yaml_only(r, RULE_KEYS, "fact", "fresh_days", "notice_days", "employer_only", NULL);
}

static void consent_shape_read(struct yaml_reader *r, struct arena *a, struct rule *rule)
{
    (void)a;
    rule->consent.fact = FACT_CONSENT;
    if (yaml_find(r->map, "fact") != NULL)
        rule->consent.fact = rulepack_fact(r, "fact", FACT_CONSENT, FACT_TCPA_CONSENT);
    rule->consent.written = yaml_bool_or(r, "written", false);
    rule->consent.recent_use_days = (int32_t)yaml_int_or(r, "recent_use_days", 1, 3660, 0);
    yaml_only(r, RULE_KEYS, "fact", "written", "recent_use_days", NULL);
}

/* One word, or each of a list. */
static void words_of(struct yaml_reader *r, struct arena *a, const char *key,
                     const struct yaml *value, struct names *out, size_t *room)
{
    const char **names = (const char **)out->names;
    bool list = value->kind == YAML_LIST;

    for (size_t i = 0; i < (list ? value->count : 1); i++) {
        const struct yaml *word = list ? value->items[i] : value;
        if (word->kind != YAML_TEXT || word->text[0] == '\0') {
            rulepack_refuse(r, word, "a pair of fields is written one: other");
            return;
        }
        *arena_push(a, names, out->count, *room) = key;
        *arena_push(a, names, out->count, *room) = word->text;
    }
    out->names = names;
}

struct names rulepack_pairs(struct yaml_reader *r, struct arena *a, const char *key)
{
    const struct yaml *map = yaml_map_or(r, key);
    struct names out = { 0 };
    size_t room = 0;

    for (size_t i = 0; map != NULL && i < map->count; i++)
        words_of(r, a, map->keys[i], map->items[i], &out, &room);
    return out;
}

/* Wording is for what must be there. */
static void wording_check(struct yaml_reader *r, const struct content_rule *rule)
{
    for (size_t i = 0; i + 1 < rule->wording.count; i += 2) {
        bool required = false;
        for (size_t k = 0; k < rule->require.count; k++)
            required = required || strcmp(rule->require.names[k], rule->wording.names[i]) == 0;
        if (!required)
            rulepack_refuse(r, yaml_find(r->map, "wording"),
                            "\"%s\" has wording, but is not under \"require\"",
                            rule->wording.names[i]);
    }
}

static void content_read(struct yaml_reader *r, struct arena *a, struct rule *rule)
{
    struct content_rule *out = &rule->content;

    out->require = rulepack_names(r, a, "require");
    out->require_any = rulepack_names(r, a, "require_any");
    out->forbid = rulepack_names(r, a, "forbid");
    out->forbid_unless = rulepack_pairs(r, a, "forbid_unless");
    out->forbid_words = rulepack_pairs(r, a, "forbid_words");
    out->wording = rulepack_pairs(r, a, "wording");
    if (out->require.count + out->require_any.count + out->forbid.count +
            out->forbid_unless.count + out->forbid_words.count ==
        0)
        rulepack_refuse(r, NULL, "\"require\" or \"forbid\" is missing here");
    wording_check(r, out);
    yaml_only(r, RULE_KEYS, "require", "require_any", "forbid", "forbid_unless", "forbid_words",
              "wording", NULL);
}

static void never_read(struct yaml_reader *r, struct arena *a, struct rule *rule)
{
    const struct yaml *node = yaml_find(r->map, "never");
    const char *text = yaml_text(r, "never");

    if (r->ok) {
        rule->never = condition_compile(a, text, node->place, gate_fact_table(), r->why);
        r->ok = rule->never != NULL;
    }
    yaml_only(r, RULE_KEYS, "never", NULL);
}

bool rulepack_shape_read(struct yaml_reader *r, struct arena *a, struct rule *rule)
{
    static void (*const reads[SHAPE_COUNT])(struct yaml_reader *, struct arena *,
                                            struct rule *) = {
        [SHAPE_HOURS] = hours_read,
        [SHAPE_CONSENTED_HOURS] = hours_read,
        [SHAPE_CAP] = cap_read,
        [SHAPE_WAIT] = wait_read,
        [SHAPE_OPT_OUT] = opt_out_read,
        [SHAPE_CEASE] = opt_out_read,
        [SHAPE_ATTORNEY] = attorney_read,
        [SHAPE_PLACE] = place_read,
        [SHAPE_HOLD] = hold_read,
        [SHAPE_CONSENT] = consent_shape_read,
        [SHAPE_ADDRESS] = address_read,
        [SHAPE_CONTENT] = content_read,
        [SHAPE_LIMITATION] = rulepack_limitation,
        [SHAPE_DISPUTE] = rulepack_dispute,
        [SHAPE_NOTICE] = rulepack_notice,
        [SHAPE_VALIDATION_END] = rulepack_validation_end,
        [SHAPE_CONTACT_FIRST] = rulepack_contact_first,
        [SHAPE_LEAD_TIME] = rulepack_lead_time,
        [SHAPE_REVOCATION] = rulepack_revocation,
        [SHAPE_BANKRUPTCY] = rulepack_bankruptcy,
        [SHAPE_RATE_CAP] = rulepack_rate_cap,
        [SHAPE_FIXED_SUM] = rulepack_fixed_sum,
        [SHAPE_NEVER] = never_read,
        [SHAPE_NOTE] = opt_out_read,
    };

    reads[rule->shape](r, a, rule);
    return r->ok;
}

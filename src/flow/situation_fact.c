/* The dated facts of a situation. Dates are the person's; a last day is in force to its end. */
#include "flow/situation.h"

#include "base/text.h"
#include "domain/holiday.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fact_list {
    struct gate_fact *facts;
    size_t count, room;
};

/* The first of these fields that is there says since when. */
static struct instant begins_read(struct situation *s, const json_t *fact)
{
    static const char *const keys[] = { "received", "at",         "told_at",  "known_from",
                                        "from",     "filed",      "provided", "sent",
                                        "on",       "notice_sent" };
    struct instant at = { INT64_MIN };
    bool whole_day;

    for (size_t i = 0; i < COUNT(keys); i++) {
        const char *text = situation_text(fact, keys[i]);
        if (text == NULL)
            continue;
        if (!situation_moment(s, text, &at, &whole_day))
            situation_fail(s, "facts.%s: \"%s\" is neither a date nor a moment", keys[i], text);
        return at;
    }
    return at;
}

static struct instant ends_read(struct situation *s, const json_t *fact)
{
    static const char *const last_days[] = { "to", "until" };
    static const char *const ended[] = { "revoked_at", "withdrawn_at", "revoked", "ended",
                                         "lifted" };
    struct instant at;
    bool whole_day;

    for (size_t i = 0; i < COUNT(ended); i++) {
        const char *text = situation_text(fact, ended[i]);
        if (text != NULL && situation_moment(s, text, &at, &whole_day))
            return at;
    }
    for (size_t i = 0; i < COUNT(last_days); i++) {
        const char *text = situation_text(fact, last_days[i]);
        if (text == NULL)
            continue;
        if (!situation_moment(s, text, &at, &whole_day))
            situation_fail(s, "facts.%s: \"%s\" is neither a date nor a moment", last_days[i],
                           text);
        if (whole_day) {
            struct day day;
            day_parse(text, &day);
            day = day_plus(day, 1);
            at = s->zone != NULL ? day_begins(day, s->zone)
                                 : (struct instant){ day.number * INT64_C(86400000000) };
        }
        return at;
    }
    return INSTANT_NEVER;
}

static bool hour_find(const char *text, int32_t *out, const char **after)
{
    int hour, minute, end = 0;

    if (text == NULL || sscanf(text, "%2d:%2d%n", &hour, &minute, &end) != 2 || hour < 0 ||
        hour > 24 || minute < 0 || minute > 59)
        return false;
    *out = hour * 3600 + minute * 60;
    if (after != NULL)
        *after = text + end;
    return true;
}

/* "23:00-01:00" somewhere in the text */
static bool range_find(const char *text, struct bad_hours *out)
{
    const char *after;

    for (; text != NULL && *text != '\0'; text++) {
        int32_t from, to;
        if (hour_find(text, &from, &after) && *after == '-' &&
            hour_find(after + 1, &to, NULL)) {
            out->from = from;
            out->to = to;
            return true;
        }
    }
    return false;
}

static void weekdays_read(struct situation *s, const json_t *list, struct bad_hours *out)
{
    size_t i;
    json_t *item;

    json_array_foreach(list, i, item)
    {
        const char *name = json_string_value(item);
        int weekday;
        if (name != NULL && weekday_parse(name, &weekday))
            out->weekdays |= (uint8_t)(1u << weekday);
        else
            situation_fail(s, "facts.rule.weekdays: \"%s\" is no weekday", name ? name : "?");
    }
}

/* What the person called a bad time. What is not understood makes every hour bad. */
static void bad_hours_read(struct situation *s, const json_t *rule, struct bad_hours *out)
{
    static const char *const begins[] = { "from", "start", "after", "not_after" };
    static const char *const ends[] = { "to", "end", "before", "not_before" };
    struct bad_hours only;

    if (json_is_string(rule)) {
        range_find(json_string_value(rule), out);
        return;
    }
    weekdays_read(s, json_object_get(rule, "weekdays"), out);
    if (range_find(situation_text(rule, "only"), &only)) { /* good between, bad around it */
        out->from = only.to;
        out->to = only.from;
        return;
    }
    range_find(situation_text(rule, "hours"), out);
    for (size_t i = 0; i < COUNT(begins); i++) {
        if (hour_find(situation_text(rule, begins[i]), &out->from, NULL) && out->to == 0)
            out->to = SECONDS_A_DAY;
    }
    for (size_t i = 0; i < COUNT(ends); i++)
        hour_find(situation_text(rule, ends[i]), &out->to, NULL);
}

/* What a consent covers is told in words: hours, an appointment, channels, a place. */
static void consent_read(struct situation *s, const json_t *fact, struct gate_fact *out,
                         json_t *more)
{
    const char *what = situation_text(fact, "what"), *during = situation_text(fact, "during");
    char channels[64] = "", text[INSTANT_TEXT];
    int year, month, day, hour, minute;

    if (what == NULL)
        what = "";
    range_find(what, &out->hours);
    for (const char *at = what; *at != '\0'; at++) {
        if (sscanf(at, "%4d-%2d-%2d %2d:%2d", &year, &month, &day, &hour, &minute) != 5)
            continue;
        struct wall wall = { day_of_date((struct date){ year, month, day }),
                             hour * 3600 + minute * 60 };
        if (s->zone != NULL)
            json_object_set_new(
                more, "call_back",
                json_string(instant_print(instant_of_wall(wall, s->zone), text)));
        break;
    }
    if (strstr(what, "call") != NULL || strstr(what, "phone") != NULL)
        strcat(channels, "call,");
    if (strstr(what, "text") != NULL || strstr(what, "sms") != NULL)
        strcat(channels, "sms,");
    if (strstr(what, "email") != NULL || strstr(what, "e-mail") != NULL)
        strcat(channels, "email,");
    if (channels[0] != '\0' && json_object_get(fact, "channels") == NULL)
        json_object_set_new(more, "channels", json_string(channels));
    if (strstr(what, "work") != NULL && json_object_get(fact, "place") == NULL)
        json_object_set_new(more, "place", json_string("work"));
    for (const char *at = during; at != NULL && *at != '\0'; at++) {
        int32_t second;
        if (at[0] >= '0' && at[0] <= '9' && at[1] >= '0' && at[1] <= '9' &&
            hour_find(at, &second, NULL)) {
            snprintf(text, sizeof text, "%02d:%02d", second / 3600, second / 60 % 60);
            json_object_set_new(more, "during_hour", json_string(text));
            break;
        }
    }
}

/* For these facts the person named is not whom they protect: the attorney, the bankrupt. */
static bool person_is_other(enum fact_type type)
{
    return type == FACT_ATTORNEY || type == FACT_ATTORNEY_CONSENT || type == FACT_DECEASED ||
           type == FACT_BANKRUPTCY;
}

static void people_read(struct situation *s, const json_t *fact, struct gate_fact *out)
{
    const json_t *person = json_object_get(fact, "person");

    if (person == NULL)
        person = json_object_get(fact, "debtor");
    int32_t number = situation_id(s, &s->people, person);
    if (person_is_other(out->type))
        out->other = number;
    else
        out->party = number;
    if (json_object_get(fact, "represents") != NULL)
        out->party = situation_id(s, &s->people, json_object_get(fact, "represents"));
}

static struct gate_fact fact_read(struct situation *s, const json_t *fact)
{
    struct gate_fact out = { .type = FACT_CONSENT };
    const char *type = situation_text(fact, "type"), *channel = situation_text(fact, "channel");
    static const char *const values[] = { "value", "number", "address" };
    json_t *more = json_object();

    if (type == NULL || !fact_type_parse(type, &out.type))
        situation_fail(s, "facts.type: there is no fact \"%s\"", type == NULL ? "" : type);
    out.at = begins_read(s, fact);
    out.until = ends_read(s, fact);
    people_read(s, fact, &out);
    const char *scope = situation_text(fact, out.type == FACT_HOLD ? "kind" : "scope");
    out.scope = scope == NULL ? NULL : arena_copy(s->a, scope);
    for (size_t i = 0; i < COUNT(values) && out.value == NULL; i++) {
        const char *value = situation_text(fact, values[i]);
        out.value = value == NULL ? NULL : arena_copy(s->a, value);
    }
    out.channel_known = channel != NULL && channel_parse(channel, &out.channel);
    if (channel != NULL && !out.channel_known)
        situation_fail(s, "facts.channel: there is no channel \"%s\"", channel);
    if (out.type == FACT_INCONVENIENT_TIME)
        bad_hours_read(s, json_object_get(fact, "rule"), &out.hours);
    if (out.type == FACT_CONSENT)
        consent_read(s, fact, &out, more);
    out.detail = situation_fields_with(s, fact, more);
    json_decref(more);
    return out;
}

static int by_moment(const void *a, const void *b)
{
    int64_t x = ((const struct gate_fact *)a)->at.us, y = ((const struct gate_fact *)b)->at.us;

    return (x > y) - (x < y);
}

void situation_facts(struct situation *s, const json_t *facts, struct gate_question *out)
{
    struct fact_list list = { 0 };
    size_t i;
    json_t *item;

    json_array_foreach((json_t *)facts, i, item)
    {
        struct gate_fact fact = fact_read(s, item);
        const json_t *debts = json_object_get(item, "debts");
        size_t count = json_array_size(debts);
        for (size_t k = 0; k < (count == 0 ? 1 : count); k++) {
            if (count > 0)
                fact.debt = situation_id(s, &s->debts, json_array_get(debts, k));
            else
                fact.debt = situation_id(s, &s->debts, json_object_get(item, "debt"));
            *arena_push(s->a, list.facts, list.count, list.room) = fact;
        }
    }
    if (list.count > 0)
        qsort(list.facts, list.count, sizeof list.facts[0], by_moment);
    out->facts = list.facts;
    out->fact_count = list.count;
}

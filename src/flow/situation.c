#include "flow/situation.h"

#include "base/text.h"
#include "flow/judge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool situation_fail(struct situation *s, const char *format, ...)
{
    char text[300];
    va_list args;

    if (!s->ok)
        return false;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    s->ok = false;
    return fail(s->why, BAD_VALUE, "%s", text);
}

const char *situation_text(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

int32_t situation_id(struct situation *s, struct ids *ids, const json_t *name)
{
    const char *text = json_string_value(name);

    if (text == NULL)
        return 0;
    for (size_t i = 0; i < ids->count; i++) {
        if (strcmp(ids->names[i], text) == 0)
            return (int32_t)i + 1;
    }
    *arena_push(s->a, ids->names, ids->count, ids->room) = arena_copy(s->a, text);
    return (int32_t)ids->count;
}

bool situation_moment(const struct situation *s, const char *text, struct instant *out,
                      bool *whole_day)
{
    struct day day;

    *whole_day = day_parse(text, &day);
    if (!*whole_day)
        return instant_parse(text, out);
    out->us = day.number * INT64_C(86400000000);
    if (s->zone != NULL)
        *out = day_begins(day, s->zone);
    return true;
}

/* ---- fields ---- */

struct field_list {
    struct gate_field *fields;
    size_t count, room;
};

static void field_add(struct situation *s, struct field_list *list, const char *name,
                      const char *value)
{
    *arena_push(s->a, list->fields, list->count, list->room) =
        (struct gate_field){ name, arena_copy(s->a, value) };
}

/* NULL for null, lists and objects. */
static const char *scalar_text(struct situation *s, const json_t *value)
{
    if (json_is_string(value))
        return json_string_value(value);
    if (json_is_boolean(value))
        return json_is_true(value) ? "true" : "false";
    if (json_is_integer(value))
        return arena_print(s->a, "%lld", (long long)json_integer_value(value));
    if (json_is_real(value))
        return arena_print(s->a, "%.15g", json_real_value(value));
    return NULL;
}

static const char *list_text(struct situation *s, const json_t *list)
{
    const char *joined = "", *word;
    size_t i;
    json_t *item;

    json_array_foreach(list, i, item)
    {
        word = scalar_text(s, item);
        if (word != NULL)
            joined = joined[0] == '\0' ? word : arena_print(s->a, "%s,%s", joined, word);
    }
    return joined;
}

static void fields_add(struct situation *s, struct field_list *list, const char *before,
                       const json_t *object, int depth)
{
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)object, key, value)
    {
        const char *name = arena_print(s->a, "%s%s", before, key);
        const char *text = json_is_array(value) ? list_text(s, value) : scalar_text(s, value);
        if (text != NULL)
            field_add(s, list, name, text);
        else if (json_is_object(value) && depth < 8)
            fields_add(s, list, arena_print(s->a, "%s.", name), value, depth + 1);
    }
}

struct gate_fields situation_fields_with(struct situation *s, const json_t *object,
                                         const json_t *more)
{
    struct field_list list = { 0 };

    if (json_is_object(object))
        fields_add(s, &list, "", object, 0);
    if (json_is_object(more))
        fields_add(s, &list, "", more, 0);
    return (struct gate_fields){ list.count, list.fields };
}

struct gate_fields situation_fields(struct situation *s, const json_t *object)
{
    return situation_fields_with(s, object, NULL);
}

/* ---- the question, part by part ---- */

static void person_read(struct situation *s, const json_t *person, struct gate_question *q)
{
    const json_t *list = json_object_get(person, "zones");
    const struct zone **zones =
        arena_array(s->a, const struct zone *, json_array_size(list) + 1);

    q->relation = situation_text(person, "relation");
    if (q->relation != NULL)
        q->relation = arena_copy(s->a, q->relation);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        const char *name =
            json_is_string(item) ? json_string_value(item) : situation_text(item, "zone");
        zones[q->zone_count] = zone_find(name);
        if (zones[q->zone_count++] == NULL)
            situation_fail(s, "person.zones: there is no time zone \"%s\"",
                           name == NULL ? "?" : name);
    }
    q->zones = zones;
    s->zone = s->ok && q->zone_count > 0 ? zones[0] : NULL;
}

static struct gate_debt debt_read(struct situation *s, const json_t *debt)
{
    const char *kind = situation_text(debt, "kind");
    const char *business = scalar_text(s, json_object_get(debt, "b2b"));

    if (business == NULL)
        business = scalar_text(s, json_object_get(debt, "business"));
    return (struct gate_debt){
        .number = situation_id(s, &s->debts, json_object_get(debt, "id")),
        .kind = kind == NULL ? NULL : arena_copy(s->a, kind),
        .business = text_equal(business, "true"),
        .detail = situation_fields(s, debt),
    };
}

/* Every debt of the situation, and those among them that the contact is about. */
static void debts_read(struct situation *s, const json_t *debts, const json_t *chosen,
                       struct gate_question *q)
{
    size_t count = json_array_size(debts), chosen_count = json_array_size(chosen);
    struct gate_debt *all = arena_array(s->a, struct gate_debt, count + 1);
    struct gate_debt *about = arena_array(s->a, struct gate_debt, chosen_count + 1);

    for (size_t i = 0; i < count; i++)
        all[i] = debt_read(s, json_array_get(debts, i));
    for (size_t i = 0; i < chosen_count; i++) {
        about[i].number = situation_id(s, &s->debts, json_array_get(chosen, i));
        for (size_t k = 0; k < count; k++) {
            if (all[k].number == about[i].number)
                about[i] = all[k];
        }
    }
    q->casefile_debts = all;
    q->casefile_debt_count = count;
    q->debts = about;
    q->debt_count = chosen_count;
}

static const char *copied(struct situation *s, const json_t *object, const char *key)
{
    const char *text = situation_text(object, key);

    return text == NULL ? NULL : arena_copy(s->a, text);
}

static const char *address_read(struct situation *s, const json_t *object)
{
    const char *number = copied(s, object, "number");

    return number != NULL ? number : copied(s, object, "address");
}

static enum channel channel_read(struct situation *s, const json_t *object, const char *where)
{
    const char *name = situation_text(object, "channel");
    enum channel channel = CHANNEL_CALL;

    if (name == NULL || !channel_parse(name, &channel))
        situation_fail(s, "%s.channel: there is no channel \"%s\"", where,
                       name == NULL ? "" : name);
    return channel;
}

static struct instant moment_read(struct situation *s, const json_t *object, const char *where)
{
    const char *text = situation_text(object, "at");
    struct instant at = { 0 };

    if (text == NULL || !instant_parse(text, &at))
        situation_fail(s,
                       "%s.at must be a moment with its offset, like "
                       "2026-06-10T10:00:00-04:00",
                       where);
    return at;
}

static void proposed_read(struct situation *s, const json_t *root, struct gate_question *q)
{
    const json_t *proposed = json_object_get(root, "proposed");
    json_t *more = json_object();

    q->at = moment_read(s, proposed, "proposed");
    q->channel = channel_read(s, proposed, "proposed");
    q->party = situation_id(s, &s->people, json_object_get(proposed, "to"));
    q->address = address_read(s, proposed);
    q->purpose = copied(s, proposed, "purpose");
    q->number_kind = copied(s, proposed, "number_kind");
    q->content = situation_fields(s, json_object_get(proposed, "content"));
    json_object_set(more, "actor", json_object_get(root, "actor"));
    json_object_set(more, "locality",
                    json_object_get(json_object_get(root, "person"), "locality"));
    q->extra = situation_fields_with(s, proposed, more);
    json_decref(more);
}

static int by_number(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

    return (x > y) - (x < y);
}

static struct debt_set debt_set_read(struct situation *s, const json_t *list)
{
    size_t count = json_array_size(list);
    int32_t *numbers = arena_array(s->a, int32_t, count + 1);

    for (size_t i = 0; i < count; i++)
        numbers[i] = situation_id(s, &s->debts, json_array_get(list, i));
    qsort(numbers, count, sizeof numbers[0], by_number);
    return (struct debt_set){ count, numbers };
}

static enum outcome outcome_read(struct situation *s, const json_t *entry)
{
    const char *name = situation_text(entry, "outcome");
    enum outcome outcome = OUTCOME_NONE;

    if (text_equal(name, "returned_undeliverable"))
        return OUTCOME_BOUNCED;
    if (name != NULL && !outcome_parse(name, &outcome))
        situation_fail(s, "history.outcome: there is no outcome \"%s\"", name);
    return outcome;
}

static struct contact contact_read(struct situation *s, const json_t *entry)
{
    bool in = text_equal(situation_text(entry, "direction"), "in");

    return (struct contact){
        .at = moment_read(s, entry, "history"),
        .channel = channel_read(s, entry, "history"),
        .direction = in ? DIRECTION_IN : DIRECTION_OUT,
        .outcome = outcome_read(s, entry),
        .party = situation_id(s, &s->people, json_object_get(entry, in ? "from" : "to")),
        .debts = debt_set_read(s, json_object_get(entry, "debts")),
        .address = address_read(s, entry),
        .purpose = copied(s, entry, "purpose"),
        .number_kind = copied(s, entry, "number_kind"),
    };
}

static int by_moment(const void *a, const void *b)
{
    int64_t x = ((const struct contact *)a)->at.us, y = ((const struct contact *)b)->at.us;

    return (x > y) - (x < y);
}

static void history_read(struct situation *s, const json_t *root, struct gate_question *q)
{
    const json_t *list = json_object_get(root, "history");
    const char *known = scalar_text(s, json_object_get(root, "history_known"));
    struct contact *history = arena_array(s->a, struct contact, json_array_size(list) + 1);

    q->history_known = json_is_array(list) && !text_equal(known, "false");
    q->history_count = json_array_size(list);
    for (size_t i = 0; i < q->history_count; i++)
        history[i] = contact_read(s, json_array_get(list, i));
    qsort(history, q->history_count, sizeof history[0], by_moment);
    q->history = history;
}

static void places_read(struct situation *s, const json_t *root, struct gate_question *q)
{
    const char **places = arena_array(s->a, const char *, 1);

    places[0] = copied(s, root, "jurisdiction");
    q->places = places;
    q->place_count = places[0] != NULL;
}

static void role_read(struct situation *s, const json_t *root, struct gate_question *q)
{
    const char *role = situation_text(json_object_get(root, "actor"), "role");

    if (role == NULL || !actor_role_parse(role, &q->role))
        situation_fail(s, "actor.role: there is no role \"%s\"", role == NULL ? "" : role);
}

bool judge_question_read(struct arena *a, const json_t *root, struct gate_question *out,
                         struct fault *why)
{
    struct situation s = { .a = a, .why = why, .ok = true };
    const json_t *proposed = json_object_get(root, "proposed");

    *out = (struct gate_question){ 0 };
    if (!json_is_object(proposed))
        return fail(why, BAD_VALUE, "\"proposed\" is missing: which contact is judged?");
    role_read(&s, root, out);
    places_read(&s, root, out);
    person_read(&s, json_object_get(root, "person"), out);
    debts_read(&s, json_object_get(root, "debts"), json_object_get(proposed, "debts"), out);
    proposed_read(&s, root, out);
    situation_facts(&s, json_object_get(root, "facts"), out);
    history_read(&s, root, out);
    return s.ok;
}

#include "formats/question.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>

/* The first fault stays in *why, and `ok` is false. */
struct reading {
    struct arena *a;
    struct fault *why;
    bool ok;
};

static void refuse(struct reading *r, const char *format, ...) PRINTF(2, 3);
static void refuse(struct reading *r, const char *format, ...)
{
    char text[200];
    va_list args;

    if (!r->ok)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    r->ok = fail(r->why, BAD_VALUE, "%s", text);
}

/* An element of the list under this key, and how many there are; 0 when it is left out. */
static size_t list_size(struct reading *r, const json_t *object, const char *key)
{
    const json_t *list = json_object_get(object, key);

    if (list != NULL && !json_is_array(list))
        refuse(r, "%s: a list is needed", key);
    return json_array_size(list);
}

static const json_t *list_item(const json_t *object, const char *key, size_t place)
{
    return json_array_get(json_object_get(object, key), place);
}

static const char *text_read(struct reading *r, const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);

    if (value != NULL && !json_is_string(value) && !json_is_null(value))
        refuse(r, "%s: a text is needed", key);
    return json_is_string(value) ? arena_copy(r->a, json_string_value(value)) : NULL;
}

static int32_t number_of(struct reading *r, const char *key, const json_t *value)
{
    json_int_t number = json_integer_value(value);

    if (!json_is_integer(value) || number < INT32_MIN || number > INT32_MAX) {
        refuse(r, "%s: a whole number is needed", key);
        return 0;
    }
    return (int32_t)number;
}

static int32_t int_read(struct reading *r, const json_t *object, const char *key,
                        int32_t usual)
{
    const json_t *value = json_object_get(object, key);

    return value == NULL ? usual : number_of(r, key, value);
}

static bool flag_read(struct reading *r, const json_t *object, const char *key, bool usual)
{
    const json_t *value = json_object_get(object, key);

    if (value != NULL && !json_is_boolean(value))
        refuse(r, "%s: true or false is needed", key);
    return json_is_boolean(value) ? json_is_true(value) : usual;
}

static struct instant moment_read(struct reading *r, const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    struct instant at = { json_integer_value(value) };

    if (!json_is_integer(value) && !instant_parse(json_string_value(value), &at))
        refuse(r, "%s: a moment is needed, like 2026-06-10T14:00:00Z", key);
    return at;
}

static struct gate_fields fields_read(struct reading *r, const json_t *object, const char *key)
{
    const json_t *from = json_object_get(object, key);
    struct gate_field *fields = arena_array(r->a, struct gate_field, json_object_size(from));
    size_t count = 0;
    const char *name;
    json_t *value;

    if (from != NULL && !json_is_object(from))
        refuse(r, "%s: fields by name are needed", key);
    json_object_foreach((json_t *)from, name, value)
    {
        if (!json_is_string(value))
            refuse(r, "%s.%s: a text is needed", key, name);
        else
            fields[count++] = (struct gate_field){
                arena_copy(r->a, name), arena_copy(r->a, json_string_value(value))
            };
    }
    return (struct gate_fields){ count, fields };
}

static enum channel channel_read(struct reading *r, const json_t *object)
{
    const char *name = text_read(r, object, "channel");
    enum channel channel = CHANNEL_CALL;

    if (name == NULL || !channel_parse(name, &channel))
        refuse(r, "channel: there is no channel \"%s\"", name == NULL ? "" : name);
    return channel;
}

static void where_read(struct reading *r, const json_t *root, struct gate_question *q)
{
    size_t place_count = list_size(r, root, "places"), zone_count = list_size(r, root, "zones");
    const char **places = arena_array(r->a, const char *, place_count);
    const struct zone **zones = arena_array(r->a, const struct zone *, zone_count);

    for (size_t i = 0; i < place_count; i++) {
        const char *place = json_string_value(list_item(root, "places", i));
        if (place == NULL)
            refuse(r, "places: codes are needed, like US-OH");
        else
            places[i] = arena_copy(r->a, place);
    }
    for (size_t i = 0; i < zone_count; i++) {
        const char *name = json_string_value(list_item(root, "zones", i));
        zones[i] = name == NULL ? NULL : zone_find(name);
        if (zones[i] == NULL)
            refuse(r, "zones: there is no time zone \"%s\"", name == NULL ? "" : name);
    }
    q->places = places;
    q->place_count = place_count;
    q->zones = zones;
    q->zone_count = zone_count;
}

static const struct gate_debt *debts_read(struct reading *r, const json_t *root,
                                          const char *key, size_t *count)
{
    *count = list_size(r, root, key);
    struct gate_debt *debts = arena_array(r->a, struct gate_debt, *count);
    for (size_t i = 0; i < *count; i++) {
        const json_t *debt = list_item(root, key, i);
        debts[i] = (struct gate_debt){
            .number = int_read(r, debt, "number", 0),
            .kind = text_read(r, debt, "kind"),
            .business = flag_read(r, debt, "business", false),
            .detail = fields_read(r, debt, "detail"),
        };
    }
    return debts;
}

static struct bad_hours hours_read(struct reading *r, const json_t *fact)
{
    const json_t *hours = json_object_get(fact, "hours");

    return (struct bad_hours){ (uint8_t)int_read(r, hours, "weekdays", 0),
                               int_read(r, hours, "from", 0), int_read(r, hours, "to", 0) };
}

static struct gate_fact fact_read(struct reading *r, const json_t *fact)
{
    const char *type = text_read(r, fact, "type");
    struct gate_fact out = {
        .at = moment_read(r, fact, "at"),
        .until = INSTANT_NEVER,
        .party = int_read(r, fact, "party", 0),
        .debt = int_read(r, fact, "debt", 0),
        .other = int_read(r, fact, "other", 0),
        .scope = text_read(r, fact, "scope"),
        .value = text_read(r, fact, "value"),
        .channel_known = json_object_get(fact, "channel") != NULL,
        .hours = hours_read(r, fact),
        .detail = fields_read(r, fact, "detail"),
    };

    if (type == NULL || !fact_type_parse(type, &out.type))
        refuse(r, "facts.type: there is no fact \"%s\"", type == NULL ? "" : type);
    if (json_object_get(fact, "until") != NULL)
        out.until = moment_read(r, fact, "until");
    if (out.channel_known)
        out.channel = channel_read(r, fact);
    return out;
}

static void facts_read(struct reading *r, const json_t *root, struct gate_question *q)
{
    size_t count = list_size(r, root, "facts");
    struct gate_fact *facts = arena_array(r->a, struct gate_fact, count);

    for (size_t i = 0; i < count; i++) {
        facts[i] = fact_read(r, list_item(root, "facts", i));
        if (i > 0 && facts[i].at.us < facts[i - 1].at.us)
            refuse(r, "facts: the order is by \"at\"");
    }
    q->facts = facts;
    q->fact_count = count;
}

static struct debt_set debts_of_question(struct reading *r, const struct gate_question *q)
{
    int32_t *numbers = arena_array(r->a, int32_t, q->debt_count);

    for (size_t i = 0; i < q->debt_count; i++)
        numbers[i] = q->debts[i].number;
    return (struct debt_set){ q->debt_count, numbers };
}

static struct debt_set debt_set_read(struct reading *r, const json_t *contact)
{
    size_t count = list_size(r, contact, "debts");
    int32_t *numbers = arena_array(r->a, int32_t, count);

    for (size_t i = 0; i < count; i++)
        numbers[i] = number_of(r, "history.debts", list_item(contact, "debts", i));
    return (struct debt_set){ count, numbers };
}

static struct contact contact_read(struct reading *r, const json_t *contact,
                                   const struct gate_question *q, struct debt_set usual)
{
    const char *outcome = text_read(r, contact, "outcome");
    struct contact out = {
        .at = moment_read(r, contact, "at"),
        .channel = channel_read(r, contact),
        .direction = flag_read(r, contact, "in", false) ? DIRECTION_IN : DIRECTION_OUT,
        .party = int_read(r, contact, "party", q->party),
        .debts = usual,
        .address = q->address,
        .purpose = text_read(r, contact, "purpose"),
        .number_kind = text_read(r, contact, "number_kind"),
    };

    if (outcome == NULL || !outcome_parse(outcome, &out.outcome))
        refuse(r, "history.outcome: there is no outcome \"%s\"",
               outcome == NULL ? "" : outcome);
    if (json_object_get(contact, "debts") != NULL)
        out.debts = debt_set_read(r, contact);
    if (json_object_get(contact, "address") != NULL)
        out.address = text_read(r, contact, "address");
    return out;
}

static void history_read(struct reading *r, const json_t *root, struct gate_question *q)
{
    size_t count = list_size(r, root, "history");
    struct contact *history = arena_array(r->a, struct contact, count);
    struct debt_set usual = debts_of_question(r, q);

    for (size_t i = 0; i < count; i++) {
        history[i] = contact_read(r, list_item(root, "history", i), q, usual);
        if (i > 0 && history[i].at.us < history[i - 1].at.us)
            refuse(r, "history: the order is by \"at\"");
    }
    q->history = history;
    q->history_count = count;
    q->history_known = flag_read(r, root, "history_known", true);
    q->composes = flag_read(r, root, "composes", false);
}

bool question_read(struct arena *a, const json_t *root, struct gate_question *q,
                   struct fault *why)
{
    struct reading r = { a, why, true };
    const char *role;

    *q = (struct gate_question){ 0 };
    if (!json_is_object(root))
        return fail(why, BAD_VALUE, "a question is fields by name");
    q->at = moment_read(&r, root, "at");
    q->channel = channel_read(&r, root);
    q->party = int_read(&r, root, "party", 0);
    q->relation = text_read(&r, root, "relation");
    q->address = text_read(&r, root, "address");
    q->purpose = text_read(&r, root, "purpose");
    q->number_kind = text_read(&r, root, "number_kind");
    q->content = fields_read(&r, root, "content");
    q->extra = fields_read(&r, root, "extra");
    role = text_read(&r, root, "role");
    if (role == NULL || !actor_role_parse(role, &q->role))
        refuse(&r, "role: there is no role \"%s\"", role == NULL ? "" : role);
    where_read(&r, root, q);
    q->debts = debts_read(&r, root, "debts", &q->debt_count);
    q->business = flag_read(&r, root, "business", false);
    q->casefile_debts = q->debts;
    q->casefile_debt_count = q->debt_count;
    if (json_object_get(root, "casefile_debts") != NULL)
        q->casefile_debts = debts_read(&r, root, "casefile_debts", &q->casefile_debt_count);
    facts_read(&r, root, q);
    history_read(&r, root, q);
    return r.ok;
}

bool question_parse(struct arena *a, const char *text, struct gate_question *out,
                    struct fault *why)
{
    json_error_t error;
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);

    if (root == NULL)
        return fail(why, BAD_VALUE, "not JSON: %s (column %d)", error.text, error.column);
    bool read = question_read(a, root, out, why);
    json_decref(root);
    return read;
}

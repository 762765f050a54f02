/* API: what comes in, held against what a call says that it takes. */
#include "web/api.h"

#include <string.h>

static bool type_fits(const json_t *value, enum api_type type)
{
    switch (type) {
    case API_INT:
        return json_is_integer(value);
    case API_BOOL:
        return json_is_boolean(value);
    case API_ROWS:
        return json_is_array(value);
    case API_OBJECT:
    case API_ANY:
        return json_is_object(value);
    case API_TEXT:
    case API_AMOUNT:
    case API_CODE:
    case API_DAY:
    case API_MOMENT:
        return json_is_string(value);
    }
    return false;
}

const struct api_field *api_field_find(const struct api_field *fields, const char *name)
{
    for (; fields != NULL && fields->name != NULL; fields++) {
        if (strcmp(fields->name, name) == 0)
            return fields;
    }
    return NULL;
}

static bool object_check(const json_t *object, const struct api_field *fields,
                         struct fault *why);

static bool rows_check(const json_t *rows, const struct api_field *field, struct fault *why)
{
    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        if (!json_is_object(row))
            return fail(why, BAD_VALUE, "The field \"%s\" has to be a list of objects.",
                        field->name);
        if (!object_check(row, field->rows, why))
            return false;
    }
    return true;
}

static bool value_check(const char *key, const json_t *value, const struct api_field *field,
                        struct fault *why)
{
    if (field == NULL)
        return fail(why, BAD_VALUE, "There is no field \"%.60s\" here.", key);
    if (json_is_null(value))
        return true;
    if (!type_fits(value, field->type))
        return fail(why, BAD_VALUE, "The field \"%s\" has to be %s.", key, field->words);
    if (field->type == API_OBJECT)
        return object_check(value, field->rows, why);
    return field->type != API_ROWS || rows_check(value, field, why);
}

static bool object_check(const json_t *object, const struct api_field *fields,
                         struct fault *why)
{
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        if (!value_check(key, value, api_field_find(fields, key), why))
            return false;
    }
    for (; fields != NULL && fields->name != NULL; fields++) {
        const json_t *given = json_object_get(object, fields->name);
        if (fields->needs == API_MUST && (given == NULL || json_is_null(given)))
            return fail(why, BAD_VALUE, "The field \"%s\" is missing: %s.", fields->name,
                        fields->words);
    }
    return true;
}

/* A file has a name of its own; "name" may give it another. */
json_t *api_body_of_form(const struct ask *ask, const struct api_field *fields,
                         struct fault *why)
{
    json_t *body = json_object();

    if (ask->upload_count == 1) {
        json_object_set_new(body, "name", json_string(ask->uploads[0].file));
        json_object_set_new(body, "content", json_string(""));
    }
    for (size_t i = 0; i < ask->form_count; i++)
        json_object_set_new(body, ask->form[i].name, json_string(ask->form[i].value));
    if (ask->upload_count > 1 ||
        (ask->upload_count == 1 && strcmp(ask->uploads[0].name, "content") != 0))
        fail(why, BAD_VALUE, "A form has one file, in its field \"content\".");
    else if (object_check(body, fields, why))
        return body;
    json_decref(body);
    return NULL;
}

json_t *api_body_read(const char *bytes, size_t length, const struct api_field *fields,
                      struct fault *why)
{
    json_error_t error;
    json_t *body = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, &error);

    if (body == NULL)
        fail(why, BAD_VALUE, "The body is no JSON object: %s (line %d).", error.text, error.line);
    else if (!json_is_object(body))
        fail(why, BAD_VALUE, "The body is no JSON object: it is something else.");
    else if (object_check(body, fields, why))
        return body;
    json_decref(body);
    return NULL;
}

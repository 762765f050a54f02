/* What a program sends to the API: the first byte chooses the call whose fields it is held against.
 * What is taken has every field that is needed, and each of its type. */
#include "web/api.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const struct api_field *fields_of(uint8_t number)
{
    const struct route *r;
    size_t bodies = 0;

    for (size_t i = 0; (r = route_at(i)) != NULL; i++)
        bodies += r->call != NULL && r->call->body != NULL;
    size_t wanted = number % bodies;
    for (size_t i = 0; (r = route_at(i)) != NULL; i++) {
        if (r->call != NULL && r->call->body != NULL && wanted-- == 0)
            return r->call->body;
    }
    return NULL;
}

static bool fits(const json_t *value, enum api_type type)
{
    switch ((int)type) { /* all others are text */
    case API_INT:
        return json_is_integer(value);
    case API_BOOL:
        return json_is_boolean(value);
    case API_ROWS:
        return json_is_array(value);
    case API_OBJECT:
    case API_ANY:
        return json_is_object(value);
    default:
        return json_is_string(value);
    }
}

/* Every field is known, of its type, and what is needed is there; inside of rows and objects, too. */
static void check(const json_t *object, const struct api_field *fields)
{
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        const struct api_field *field = api_field_find(fields, key);
        must(field != NULL && (json_is_null(value) || fits(value, field->type)));
        if (field->type == API_OBJECT && json_is_object(value))
            check(value, field->rows);
        for (size_t i = 0; field->type == API_ROWS && i < json_array_size(value); i++)
            check(json_array_get(value, i), field->rows);
    }
    for (; fields->name != NULL; fields++)
        must(fields->needs != API_MUST ||
             (json_object_get(object, fields->name) != NULL &&
              !json_is_null(json_object_get(object, fields->name))));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct fault why = { 0 };

    if (length == 0)
        return 0;
    const struct api_field *fields = fields_of(bytes[0]);
    json_t *body = api_body_read((const char *)bytes + 1, length - 1, fields, &why);
    if (body == NULL) {
        must(why.code == BAD_VALUE && why.text[0] != '\0');
        return 0;
    }
    check(body, fields);
    json_decref(body);
    return 0;
}

/* The description of the API (OpenAPI 3.1), made from its table. */
#include "web/api.h"

#include "base/text.h"
#include "web/page.h"

#include <string.h>

static json_t *schema_of(const struct api_field *fields);

static json_t *type_of(const struct api_field *field)
{
    json_t *schema = json_object();
    static const struct {
        const char *type, *format, *pattern;
    } types[] = {
        [API_TEXT] = { "string", NULL, NULL },
        [API_INT] = { "integer", "int64", NULL },
        [API_BOOL] = { "boolean", NULL, NULL },
        [API_AMOUNT] = { "string", NULL, "^-?[0-9]+(\\.[0-9]+)?$" },
        [API_CODE] = { "string", NULL, "^[A-Z]{3}$" },
        [API_DAY] = { "string", "date", NULL },
        [API_MOMENT] = { "string", "date-time", NULL },
        [API_ROWS] = { "array", NULL, NULL },
        [API_OBJECT] = { "object", NULL, NULL },
        [API_ANY] = { "object", NULL, NULL },
    };

    if (field->type == API_OBJECT) {
        json_decref(schema);
        schema = schema_of(field->rows);
    } else if (field->needs == API_OR_NULL) {
        json_t *both = put_list(schema, "type");
        json_array_append_new(both, json_string(types[field->type].type));
        json_array_append_new(both, json_string("null"));
    } else {
        put(schema, "type", types[field->type].type);
    }
    put(schema, "format", types[field->type].format);
    put(schema, "pattern", types[field->type].pattern);
    put(schema, "description", field->words);
    if (field->type == API_ROWS)
        json_object_set_new(schema, "items", schema_of(field->rows));
    return schema;
}

static json_t *schema_of(const struct api_field *fields)
{
    json_t *schema = json_object(), *properties, *required = json_array();

    put(schema, "type", "object");
    properties = put_object(schema, "properties");
    for (; fields->name != NULL; fields++) {
        json_object_set_new(properties, fields->name, type_of(fields));
        if (fields->needs != API_MAY)
            json_array_append_new(required, json_string(fields->name));
    }
    if (json_object_size(properties) > 0)
        put_true(schema, "additionalProperties", false);
    json_object_set_new(schema, "required", required);
    return schema;
}

static void parameter_put(json_t *list, const char *name, const char *in, bool needed,
                          json_t *schema)
{
    json_t *parameter = list_add(list);

    put(parameter, "name", name);
    put(parameter, "in", in);
    put_true(parameter, "required", needed);
    json_object_set_new(parameter, "schema", schema);
}

static json_t *text_schema(const char *words)
{
    const struct api_field field = { "", API_TEXT, API_MUST, words, NULL };

    return type_of(&field);
}

static void parameters_put(json_t *operation, const struct route *route)
{
    json_t *list = put_list(operation, "parameters");

    for (size_t i = 0; i < PATH_HOLES && route->call->holes[i] != NULL; i++)
        parameter_put(list, route->call->holes[i], "path", true,
                      text_schema("a reference, percent-encoded"));
    for (const struct api_field *f = route->call->query; f != NULL && f->name != NULL; f++)
        parameter_put(list, f->name, "query", false, type_of(f));
    if (strcmp(route->method, "GET") != 0 && !route->call->asks)
        parameter_put(list, "Idempotency-Key", "header", true,
                      text_schema("the same key again does nothing, and is answered the same"));
}

static json_t *content_put(json_t *object, json_t *schema)
{
    json_t *content = put_object(object, "content");
    json_t *json = put_object(content, "application/json");

    json_object_set_new(json, "schema", schema);
    return json;
}

static void reply_put(json_t *replies, const char *status, const char *words, json_t *schema)
{
    json_t *reply = put_object(replies, status);

    put(reply, "description", words);
    content_put(reply, schema);
}

static json_t *error_schema(void)
{
    json_t *schema = json_object();

    put(schema, "$ref", "#/components/schemas/Error");
    return schema;
}

static void replies_put(json_t *operation, const struct route *route)
{
    static const struct {
        const char *status, *words;
    } errors[] = { { "400", "It is no request that is taken here" },
                   { "401", "No token, or one that is not good any more" },
                   { "403", "The token may not do this" },
                   { "404", "There is no such thing, or the user may not see it" },
                   { "409", "It changed, or the key was used for something else" },
                   { "413", "It is too large" },
                   { "415", "It is of another kind" },
                   { "422", "What was sent cannot be, or is not allowed: nothing was done" },
                   { "500", "Something went wrong on our side" },
                   { "503", "Busy: nothing was done, try again" } };
    json_t *replies = put_object(operation, "responses");
    bool writes = strcmp(route->method, "GET") != 0 && !route->call->asks;

    reply_put(replies, "200", writes ? "It was so already" : "What was asked for",
              schema_of(route->call->reply));
    if (writes)
        reply_put(replies, "201", "Done", schema_of(route->call->reply));
    for (size_t i = 0; i < COUNT(errors) && route->may != MAY_ANYBODY; i++)
        reply_put(replies, errors[i].status, errors[i].words, error_schema());
}

/* "/api/v1/accounts/{account}": holes by their names. */
static const char *path_named(struct text *out, const struct route *route)
{
    size_t hole = 0;

    text_clear(out);
    for (const char *at = route->path; *at != '\0'; at++) {
        text_add_char(out, *at);
        if (*at == '{')
            text_add(out, route->call->holes[hole++]);
    }
    return text_of(out);
}

static void operation_put(json_t *paths, const char *named, const struct route *route)
{
    json_t *path = json_object_get(paths, named);
    char method[8] = "";

    for (size_t i = 0; route->method[i] != '\0' && i < sizeof method - 1; i++)
        method[i] = (char)(route->method[i] + ('a' - 'A'));
    if (path == NULL)
        path = put_object(paths, named);
    json_t *operation = put_object(path, method);
    put(operation, "operationId", route->call->name);
    put(operation, "summary", route->call->words);
    if (route->may >= 0)
        put(operation, "x-permission", permission_name((enum permission)route->may));
    if (route->may == MAY_ANYBODY)
        put_list(operation, "security");
    parameters_put(operation, route);
    if (route->call->body != NULL) {
        json_t *body = put_object(operation, "requestBody");
        put_true(body, "required", true);
        json_t *json = content_put(body, schema_of(route->call->body));
        if (route->takes == TAKES_FILE) /* the file is its field "content" */
            json_object_set(json_object_get(body, "content"), "multipart/form-data", json);
    }
    replies_put(operation, route);
}

/* Every code that there is, and the status that it comes with. */
static void codes_put(json_t *schemas)
{
    json_t *one = json_object_get(json_object_get(json_object_get(schemas, "Error"), "properties"),
                                  "error");
    json_t *code = json_object_get(json_object_get(one, "properties"), "code");
    json_t *codes = put_list(code, "enum"), *meanings = put_object(code, "x-codes");

    for (int i = API_NO_ERROR + 1; i < API_ERRORS; i++) {
        const struct api_error_words *words = api_error_words((enum api_error)i);
        json_t *meaning = put_object(meanings, words->code);
        json_array_append_new(codes, json_string(words->code));
        put_int(meaning, "status", words->status);
        put(meaning, "means", words->means);
    }
}

static void components_put(json_t *root)
{
    static const struct api_field error[] = {
        { "code", API_TEXT, API_MUST, "never changes its meaning", NULL },
        { "message", API_TEXT, API_MUST, "one sentence, fit for people", NULL },
        { "hint", API_TEXT, API_MAY, "what to do", NULL },
        { "rule", API_TEXT, API_MAY, "that said no", NULL },
        { "citation", API_TEXT, API_MAY, "of that rule", NULL },
        { "link", API_TEXT, API_MAY, "the page about that rule", NULL },
        { "decision", API_ANY, API_MAY, "of the gate, where it said no", NULL },
        { 0 },
    };
    static const struct api_field errors[] = { { "error", API_OBJECT, API_MUST, "", error },
                                               { 0 } };
    json_t *components = put_object(root, "components");
    json_t *schemas = put_object(components, "schemas");
    json_t *schemes = put_object(components, "securitySchemes"), *bearer;

    json_object_set_new(schemas, "Error", schema_of(errors));
    codes_put(schemas);
    bearer = put_object(schemes, "token");
    put(bearer, "type", "http");
    put(bearer, "scheme", "bearer");
    put_list(list_add(put_list(root, "security")), "token");
}

json_t *api_description(void)
{
    json_t *root = json_object(), *info, *paths;

    put(root, "openapi", "3.1.0");
    info = put_object(root, "info");
    put(info, "title", "Recoup");
    put(info, "version", "1");
    put(info, "description",
        "Accounts, money, agreements and decisions. Money is a text with a currency beside it; "
        "what writes needs an Idempotency-Key.");
    paths = put_object(root, "paths");
    struct text named = { 0 };
    const struct route *r;
    for (size_t i = 0; (r = route_at(i)) != NULL; i++) {
        if (r->call != NULL)
            operation_put(paths, path_named(&named, r), r);
    }
    text_free(&named);
    components_put(root);
    return root;
}

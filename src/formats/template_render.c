#include "formats/template.h"

#include "formats/template_tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The things at hand, innermost first. */
struct frame {
    const json_t *value;
    const struct frame *up;
};

struct rendering {
    const struct template *made;
    const char *file; /* of the source being rendered, for faults */
    const char *indentation;
    int partial_depth;
    size_t steps, began;
    struct text *out;
    struct fault *why;
};

static bool render_nodes(struct rendering *r, const struct template_nodes *nodes,
                         const struct frame *frame);

/* The value of a name, or NULL. The first part is looked for outwards, the others inside it. */
static const json_t *find_value(const struct frame *frame, const struct template_name *name)
{
    const json_t *found = NULL;

    if (name->count == 0)
        return frame->value;
    for (; found == NULL && frame != NULL; frame = frame->up)
        found = json_object_get(frame->value, name->parts[0]);
    for (size_t i = 1; found != NULL && i < name->count; i++)
        found = json_object_get(found, name->parts[i]);
    return found;
}

static bool is_nothing(const json_t *value)
{
    return value == NULL || json_is_null(value) || json_is_false(value) ||
           (json_is_string(value) && json_string_length(value) == 0) ||
           (json_is_array(value) && json_array_size(value) == 0);
}

/* The shortest decimal that reads back as the same number: 1.21, not 1.2099999999999999645. */
static void print_real(double number, char *out, size_t room)
{
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(out, room, "%.*g", digits, number);
        if (strtod(out, NULL) == number)
            return;
    }
}

/* A value as text; NULL when it is absent or has no text (null, a list, an object). */
static const char *text_of_value(const json_t *value, char *room, size_t size)
{
    if (value == NULL)
        return NULL;
    switch (json_typeof(value)) {
    case JSON_STRING:
        return json_string_value(value);
    case JSON_INTEGER:
        snprintf(room, size, "%lld", (long long)json_integer_value(value));
        return room;
    case JSON_REAL:
        print_real(json_real_value(value), room, size);
        return room;
    case JSON_TRUE:
        return "true";
    case JSON_FALSE:
        return "false";
    case JSON_NULL:
    case JSON_ARRAY:
    case JSON_OBJECT:
        return NULL;
    }
    return NULL;
}

static const char *html_entity(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

static void add_html(struct text *out, const char *value)
{
    for (;;) {
        size_t plain = strcspn(value, "&<>\"'");
        text_add_n(out, value, plain);
        value += plain;
        if (*value == '\0')
            return;
        text_add(out, html_entity(*value++));
    }
}

/* A value can neither begin a table nor end a paragraph. */
static void add_letter(struct text *out, const char *value)
{
    for (; *value != '\0'; value++) {
        if ((unsigned char)*value < ' ') {
            text_add_char(out, ' ');
            continue;
        }
        if (strchr("\\|#*-=>[]", *value) != NULL)
            text_add_char(out, '\\');
        text_add_char(out, *value);
    }
}

static void render_letter_value(struct rendering *r, const char *value)
{
    bool isolate = r->made->options.isolate;

    text_add(r->out, isolate ? "\u2068" : "");
    add_letter(r->out, value);
    text_add(r->out, isolate ? "\u2069" : "");
}

static bool render_value(struct rendering *r, const struct template_node *node,
                         const struct frame *frame)
{
    char room[64];
    const char *value = text_of_value(find_value(frame, &node->name), room, sizeof room);

    if (r->made->options.strict && text_is_empty(value))
        return fail(r->why, BAD_VALUE, "%s:%d: \"%s\" is missing, and must not be left blank.",
                    r->file, node->line, node->name.whole);
    if (value == NULL)
        return true;
    if (node->kind == NODE_RAW || r->made->options.escape == TEMPLATE_PLAIN)
        text_add(r->out, value);
    else if (r->made->options.escape == TEMPLATE_HTML)
        add_html(r->out, value);
    else
        render_letter_value(r, value);
    return true;
}

static bool render_section(struct rendering *r, const struct template_node *node,
                           const struct frame *frame)
{
    const json_t *value = find_value(frame, &node->name);

    if (is_nothing(value))
        return true;
    if (!json_is_array(value)) {
        struct frame inner = { value, frame };
        return render_nodes(r, &node->body, &inner);
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        struct frame inner = { json_array_get(value, i), frame };
        if (!render_nodes(r, &node->body, &inner))
            return false;
    }
    return true;
}

/* Indents each line of a partial, save empty ones. */
static void render_text(struct rendering *r, const struct template_node *node)
{
    const char *at = node->text, *end = at + node->length;
    bool line_begins = node->starts_line;

    if (*r->indentation == '\0') {
        text_add_n(r->out, node->text, node->length);
        return;
    }
    if (node->length == 0 && line_begins)
        text_add(r->out, r->indentation);
    while (at < end) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        const char *next = line_end == NULL ? end : line_end + 1;
        if (line_begins && *at != '\n' && *at != '\r')
            text_add(r->out, r->indentation);
        text_add_n(r->out, at, (size_t)(next - at));
        at = next;
        line_begins = true;
    }
}

static bool render_partial(struct rendering *r, const struct template_node *node,
                           const struct frame *frame)
{
    struct rendering inner = *r;
    struct text indentation = { 0 };

    if (r->partial_depth >= TEMPLATE_PARTIAL_DEPTH)
        return fail(r->why, BAD_VALUE, "%s:%d: partials are nested too deep.", r->file,
                    node->line);
    text_add(&indentation, r->indentation);
    text_add(&indentation, node->text);
    inner.indentation = text_of(&indentation);
    inner.file = node->partial->file;
    inner.partial_depth++;
    bool fine = render_nodes(&inner, &node->partial->nodes, frame);
    r->steps = inner.steps;
    text_free(&indentation);
    return fine;
}

static bool render_node(struct rendering *r, const struct template_node *node,
                        const struct frame *frame)
{
    if (++r->steps > TEMPLATE_STEPS_MOST || r->out->length - r->began > TEMPLATE_OUTPUT_MOST)
        return fail(r->why, BAD_VALUE, "%s:%d: the text grows too long.", r->file, node->line);
    switch (node->kind) {
    case NODE_TEXT:
        render_text(r, node);
        return true;
    case NODE_VALUE:
    case NODE_RAW:
        return render_value(r, node, frame);
    case NODE_SECTION:
        return render_section(r, node, frame);
    case NODE_INVERTED:
        return !is_nothing(find_value(frame, &node->name)) ||
               render_nodes(r, &node->body, frame);
    case NODE_PARTIAL:
        return render_partial(r, node, frame);
    }
    bug("a kind of node is missing above", HERE);
}

static bool render_nodes(struct rendering *r, const struct template_nodes *nodes,
                         const struct frame *frame)
{
    for (size_t i = 0; i < nodes->count; i++) {
        if (!render_node(r, &nodes->nodes[i], frame))
            return false;
    }
    return true;
}

bool template_render(const struct template *t, const json_t *context, struct text *out,
                     struct fault *why)
{
    struct frame frame = { context, NULL };
    struct rendering r = { .made = t,
                           .file = t->main->file,
                           .indentation = "",
                           .began = out->length,
                           .out = out,
                           .why = why };

    return render_nodes(&r, &t->main->nodes, &frame);
}

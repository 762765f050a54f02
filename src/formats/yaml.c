#include "formats/yaml.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <yaml.h>

enum { DEEPEST = 64, LARGEST = 4 * 1024 * 1024 };

struct builder {
    struct arena *a;
    struct fault *why;
    const char *file, *bytes;
    size_t length;
    size_t letters, at; /* so many letters are in so many bytes: where it looked last */
    yaml_parser_t parser;
};

static bool place_fail(struct place at, struct fault *why, const char *text)
{
    return fail(why, BAD_PACK, "%s:%d:%d: %s", at.file, at.line, at.column, text);
}

static struct place place_of(const struct builder *b, yaml_mark_t mark)
{
    return (struct place){ b->file, (int)mark.line + 1, (int)mark.column + 1 };
}

/* libyaml counts letters; what is cut and pasted is bytes. */
static size_t byte_of(struct builder *b, yaml_mark_t mark)
{
    if (mark.index < b->letters)
        b->letters = b->at = 0;
    while (b->letters < mark.index && b->at < b->length) {
        b->at++;
        while (b->at < b->length && ((unsigned char)b->bytes[b->at] & 0xc0) == 0x80)
            b->at++;
        b->letters++;
    }
    return b->at;
}

static struct span span_of(struct builder *b, yaml_mark_t from, yaml_mark_t to)
{
    size_t first = byte_of(b, from);

    return (struct span){ first, byte_of(b, to) };
}

static bool next_event(struct builder *b, yaml_event_t *event)
{
    if (yaml_parser_parse(&b->parser, event))
        return true;
    const char *problem = b->parser.problem != NULL ? b->parser.problem : "not YAML";
    place_fail(place_of(b, b->parser.problem_mark), b->why, problem);
    return false;
}

static struct yaml *build(struct builder *b, const yaml_event_t *event, int depth);

static struct yaml *build_scalar(struct builder *b, const yaml_event_t *event)
{
    struct yaml *node = arena_make(b->a, struct yaml);
    size_t length = event->data.scalar.length;
    const char *bytes = (const char *)event->data.scalar.value;

    node->kind = YAML_TEXT;
    node->place = place_of(b, event->start_mark);
    node->span = span_of(b, event->start_mark, event->end_mark);
    node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    if (memchr(bytes, '\0', length) != NULL) {
        place_fail(node->place, b->why, "a NUL byte is not text");
        return NULL;
    }
    node->text = arena_copy_n(b->a, bytes, length);
    return node;
}

/* Items of a list, or keys and values of a mapping in turn, until the closing event. */
static struct yaml *build_children(struct builder *b, const yaml_event_t *opening, int depth)
{
    struct yaml *node = arena_make(b->a, struct yaml);
    bool is_map = opening->type == YAML_MAPPING_START_EVENT;
    const struct yaml **items = NULL;
    const char **keys = NULL;
    struct place *places = NULL;
    struct span *spans = NULL;
    size_t item_room = 0, key_room = 0, place_room = 0, span_room = 0;
    size_t key_count = 0, place_count = 0, span_count = 0;

    node->kind = is_map ? YAML_MAP : YAML_LIST;
    node->place = place_of(b, opening->start_mark);
    node->span = span_of(b, opening->start_mark, opening->end_mark);
    for (;;) {
        yaml_event_t event;
        if (!next_event(b, &event))
            return NULL;
        if (event.type == YAML_SEQUENCE_END_EVENT || event.type == YAML_MAPPING_END_EVENT) {
            if (event.end_mark.index > event.start_mark.index) /* it has a bracket */
                node->span.to = byte_of(b, event.end_mark);
            yaml_event_delete(&event);
            break;
        }
        struct yaml *child = build(b, &event, depth + 1);
        yaml_event_delete(&event);
        if (child == NULL)
            return NULL;
        node->span.to = child->span.to;
        if (is_map && key_count == node->count) {
            if (child->kind != YAML_TEXT) {
                place_fail(child->place, b->why, "a key must be plain text");
                return NULL;
            }
            for (size_t i = 0; i < key_count; i++) {
                if (strcmp(keys[i], child->text) == 0) {
                    yaml_fail(child, b->why, "\"%s\" stands here twice", child->text);
                    return NULL;
                }
            }
            *arena_push(b->a, keys, key_count, key_room) = child->text;
            *arena_push(b->a, places, place_count, place_room) = child->place;
            *arena_push(b->a, spans, span_count, span_room) = child->span;
        } else {
            *arena_push(b->a, items, node->count, item_room) = child;
        }
    }
    node->items = items;
    node->keys = keys;
    node->key_places = places;
    node->key_spans = spans;
    return node;
}

static struct yaml *build(struct builder *b, const yaml_event_t *event, int depth)
{
    struct place at = place_of(b, event->start_mark);

    if (depth > DEEPEST) {
        place_fail(at, b->why, "nested too deeply");
        return NULL;
    }
    if (event->type == YAML_ALIAS_EVENT ||
        (event->type == YAML_SCALAR_EVENT &&
         (event->data.scalar.anchor != NULL || event->data.scalar.tag != NULL)) ||
        (event->type == YAML_SEQUENCE_START_EVENT &&
         (event->data.sequence_start.anchor != NULL ||
          event->data.sequence_start.tag != NULL)) ||
        (event->type == YAML_MAPPING_START_EVENT &&
         (event->data.mapping_start.anchor != NULL || event->data.mapping_start.tag != NULL))) {
        place_fail(at, b->why, "anchors, aliases and tags are not used here; write it out");
        return NULL;
    }
    if (event->type == YAML_SCALAR_EVENT)
        return build_scalar(b, event);
    if (event->type == YAML_SEQUENCE_START_EVENT || event->type == YAML_MAPPING_START_EVENT)
        return build_children(b, event, depth);
    place_fail(at, b->why, "nothing is written here");
    return NULL;
}

static struct yaml *build_document(struct builder *b)
{
    struct yaml *root = NULL;
    int documents = 0;

    for (;;) {
        yaml_event_t event;
        if (!next_event(b, &event))
            return NULL;
        yaml_event_type_t type = event.type;
        bool opens = type == YAML_SCALAR_EVENT || type == YAML_SEQUENCE_START_EVENT ||
                     type == YAML_MAPPING_START_EVENT || type == YAML_ALIAS_EVENT;
        struct place at = place_of(b, event.start_mark);
        bool built = true;
        if (type == YAML_DOCUMENT_START_EVENT && ++documents > 1) {
            place_fail(at, b->why, "one document to a file");
            built = false;
        } else if (opens) {
            root = build(b, &event, 0);
            built = root != NULL;
        }
        yaml_event_delete(&event);
        if (!built)
            return NULL;
        if (type == YAML_STREAM_END_EVENT)
            break;
    }
    if (root == NULL)
        place_fail((struct place){ b->file, 1, 1 }, b->why, "the file is empty");
    return root;
}

const struct yaml *yaml_parse(struct arena *a, const char *file, const char *bytes,
                              size_t length, struct fault *why)
{
    struct builder b = {
        .a = a, .why = why, .file = arena_copy(a, file), .bytes = bytes, .length = length
    };
    size_t bad;

    if (length > LARGEST) {
        place_fail((struct place){ file, 1, 1 }, why, "larger than 4 MiB");
        return NULL;
    }
    if (!text_is_utf8(bytes, length, &bad)) {
        fail(why, BAD_PACK, "%s: byte %zu is not UTF-8", file, bad);
        return NULL;
    }
    must(yaml_parser_initialize(&b.parser));
    yaml_parser_set_encoding(&b.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&b.parser, (const unsigned char *)bytes, length);
    struct yaml *root = build_document(&b);
    yaml_parser_delete(&b.parser);
    return root;
}

const struct yaml *yaml_find(const struct yaml *map, const char *key)
{
    if (map == NULL || map->kind != YAML_MAP)
        return NULL;
    for (size_t i = 0; i < map->count; i++) {
        if (strcmp(map->keys[i], key) == 0)
            return map->items[i];
    }
    return NULL;
}

bool yaml_fail(const struct yaml *at, struct fault *why, const char *format, ...)
{
    char text[400];
    va_list args;

    if (why->code != FAULT_NONE)
        return false;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return place_fail(at->place, why, text);
}

struct yaml_reader yaml_read(const struct yaml *map, struct fault *why)
{
    struct yaml_reader r = { map, why, true };

    if (map->kind != YAML_MAP)
        r.ok = yaml_fail(map, why, "a mapping (name: value) is wanted here");
    return r;
}

static const struct yaml *wanted(struct yaml_reader *r, const char *key)
{
    const struct yaml *found = yaml_find(r->map, key);

    if (found == NULL && r->ok)
        r->ok = yaml_fail(r->map, r->why, "\"%s\" is missing here", key);
    return found;
}

static const struct yaml *of_kind(struct yaml_reader *r, const struct yaml *node,
                                  enum yaml_kind kind, const char *key)
{
    static const char *const words[] = { "a text", "a list", "a mapping (name: value)" };

    if (node == NULL || node->kind == kind)
        return node;
    if (r->ok)
        r->ok = yaml_fail(node, r->why, "\"%s\" must be %s", key, words[kind]);
    return NULL;
}

const char *yaml_text(struct yaml_reader *r, const char *key)
{
    const struct yaml *node = of_kind(r, wanted(r, key), YAML_TEXT, key);

    if (node != NULL && node->text[0] == '\0' && r->ok)
        r->ok = yaml_fail(node, r->why, "\"%s\" is empty", key);
    return node == NULL ? "" : node->text;
}

const char *yaml_text_or(struct yaml_reader *r, const char *key, const char *otherwise)
{
    const struct yaml *node = of_kind(r, yaml_find(r->map, key), YAML_TEXT, key);

    return node == NULL ? otherwise : node->text;
}

static int64_t int_of(struct yaml_reader *r, const struct yaml *node, const char *key,
                      int64_t least, int64_t most)
{
    int64_t value = least;

    node = of_kind(r, node, YAML_TEXT, key);
    if (node == NULL)
        return least;
    if ((!text_to_int(node->text, &value) || value < least || value > most) && r->ok)
        r->ok = yaml_fail(node, r->why, "\"%s\" must be a whole number from %lld to %lld", key,
                          (long long)least, (long long)most);
    return value;
}

int64_t yaml_int(struct yaml_reader *r, const char *key, int64_t least, int64_t most)
{
    return int_of(r, wanted(r, key), key, least, most);
}

int64_t yaml_int_or(struct yaml_reader *r, const char *key, int64_t least, int64_t most,
                    int64_t otherwise)
{
    const struct yaml *node = yaml_find(r->map, key);

    return node == NULL ? otherwise : int_of(r, node, key, least, most);
}

bool yaml_bool_or(struct yaml_reader *r, const char *key, bool otherwise)
{
    const struct yaml *node = of_kind(r, yaml_find(r->map, key), YAML_TEXT, key);

    if (node == NULL)
        return otherwise;
    bool yes = strcmp(node->text, "true") == 0;
    if (!yes && strcmp(node->text, "false") != 0 && r->ok)
        r->ok = yaml_fail(node, r->why, "\"%s\" must be true or false", key);
    return yes;
}

struct day yaml_day_or(struct yaml_reader *r, const char *key, struct day otherwise)
{
    const struct yaml *node = of_kind(r, yaml_find(r->map, key), YAML_TEXT, key);
    struct day day = otherwise;

    if (node != NULL && !day_parse(node->text, &day) && r->ok)
        r->ok = yaml_fail(node, r->why, "\"%s\" must be a date like 2026-11-20", key);
    return day;
}

const struct yaml *yaml_list(struct yaml_reader *r, const char *key)
{
    return of_kind(r, wanted(r, key), YAML_LIST, key);
}

const struct yaml *yaml_list_or(struct yaml_reader *r, const char *key)
{
    return of_kind(r, yaml_find(r->map, key), YAML_LIST, key);
}

const struct yaml *yaml_map(struct yaml_reader *r, const char *key)
{
    return of_kind(r, wanted(r, key), YAML_MAP, key);
}

const struct yaml *yaml_map_or(struct yaml_reader *r, const char *key)
{
    return of_kind(r, yaml_find(r->map, key), YAML_MAP, key);
}

struct yaml_texts yaml_texts(struct yaml_reader *r, struct arena *a, const char *key)
{
    const struct yaml *node = yaml_find(r->map, key);

    if (node == NULL)
        return (struct yaml_texts){ 0 };
    if (node->kind == YAML_TEXT) {
        const char **one = arena_array(a, const char *, 1);
        one[0] = node->text;
        return (struct yaml_texts){ 1, one };
    }
    if (of_kind(r, node, YAML_LIST, key) == NULL)
        return (struct yaml_texts){ 0 };
    const char **texts = arena_array(a, const char *, node->count + 1);
    for (size_t i = 0; i < node->count; i++) {
        if (node->items[i]->kind != YAML_TEXT && r->ok)
            r->ok = yaml_fail(node->items[i], r->why, "\"%s\" must list texts", key);
        texts[i] = node->items[i]->text == NULL ? "" : node->items[i]->text;
    }
    return (struct yaml_texts){ node->count, texts };
}

static bool is_one_of(const char *key, va_list names)
{
    const char *name;

    while ((name = va_arg(names, const char *)) != NULL) {
        if (strcmp(key, name) == 0)
            return true;
    }
    return false;
}

static const char *nearest_of(const char *key, va_list names)
{
    const char *name, *nearest = NULL;
    size_t best = 4;

    while ((name = va_arg(names, const char *)) != NULL) {
        size_t distance = text_distance(key, name);
        if (distance < best) {
            best = distance;
            nearest = name;
        }
    }
    return nearest;
}

bool yaml_only(struct yaml_reader *r, ...)
{
    va_list names;

    if (r->map->kind != YAML_MAP)
        return r->ok;
    for (size_t i = 0; i < r->map->count && r->ok; i++) {
        const char *key = r->map->keys[i];
        va_start(names, r);
        bool known = is_one_of(key, names);
        va_end(names);
        if (known)
            continue;
        va_start(names, r);
        const char *nearest = nearest_of(key, names);
        va_end(names);
        struct yaml at = { .place = r->map->key_places[i] };
        r->ok = nearest == NULL
                    ? yaml_fail(&at, r->why, "\"%s\" is not known here", key)
                    : yaml_fail(&at, r->why, "\"%s\" is not known here; did you mean \"%s\"?",
                                key, nearest);
    }
    return r->ok;
}

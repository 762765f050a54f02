#include "formats/strategy_edit_parts.h"

#include "base/text.h"

#include <string.h>

const char *channel_next(struct arena *a, const char **rest)
{
    *rest += strspn(*rest, ", \t\r\n");
    if (**rest == '\0')
        return NULL;
    size_t length = strcspn(*rest, ",");
    const char *name = text_trim(a, arena_copy_n(a, *rest, length));
    *rest += length;
    return name;
}

const size_t *places_list(struct arena *a, size_t count, size_t removed, size_t added)
{
    size_t *places = arena_array(a, size_t, count + 2), made = 0;

    for (size_t i = 0; i < count; i++) {
        if (made == added)
            places[made++] = SIZE_MAX;
        if (i != removed)
            places[made++] = i;
    }
    if (made == added)
        places[made] = SIZE_MAX;
    return places;
}

const size_t *places_moved(struct arena *a, size_t count, size_t from, size_t to)
{
    size_t *places = arena_array(a, size_t, count + 1), next = 0;

    for (size_t i = 0; i < count; i++) {
        if (i == to) {
            places[i] = from;
            continue;
        }
        next += next == from;
        places[i] = next++;
    }
    return places;
}

/* ---- The same, but for what was to change ------------------------------------------------ */

static bool trees_equal(struct arena *a, const struct yaml *x, const struct yaml *y,
                        const struct tree_exception *except);

static bool is_excepted(const struct tree_exception *except, const char *key)
{
    return strcmp(key, except->key) == 0 || text_equal(key, except->other);
}

static bool value_is(struct arena *a, const struct yaml *node, const char *key,
                     const char *value)
{
    const char *name;
    size_t count = 0;

    if (value == NULL || node == NULL)
        return value == NULL && node == NULL;
    if (strcmp(key, "channels") != 0)
        return node->kind == YAML_TEXT && strcmp(node->text, value) == 0;
    if (node->kind != YAML_LIST)
        return false;
    while ((name = channel_next(a, &value)) != NULL) {
        if (count == node->count || node->items[count]->kind != YAML_TEXT ||
            strcmp(node->items[count]->text, name) != 0)
            return false;
        count++;
    }
    return count == node->count;
}

static bool changed_map_is_right(struct arena *a, const struct yaml *x, const struct yaml *y,
                                 const struct tree_exception *except)
{
    size_t at = 0;

    for (size_t i = 0; i < x->count; i++) {
        if (is_excepted(except, x->keys[i]))
            continue;
        while (at < y->count && is_excepted(except, y->keys[at]))
            at++;
        if (at == y->count || strcmp(x->keys[i], y->keys[at]) != 0 ||
            !trees_equal(a, x->items[i], y->items[at], NULL))
            return false;
        at++;
    }
    while (at < y->count && is_excepted(except, y->keys[at]))
        at++;
    return at == y->count && (except->other == NULL || yaml_find(y, except->other) == NULL) &&
           value_is(a, yaml_find(y, except->key), except->key, except->value);
}

static bool changed_list_is_right(struct arena *a, const struct yaml *x, const struct yaml *y,
                                  const struct tree_exception *except)
{
    if (y->count != except->count)
        return false;
    for (size_t i = 0; i < y->count; i++) {
        if (i == except->added
                ? y->items[i]->kind != YAML_MAP
                : !trees_equal(a, x->items[except->places[i]], y->items[i], NULL))
            return false;
    }
    return true;
}

static bool trees_equal(struct arena *a, const struct yaml *x, const struct yaml *y,
                        const struct tree_exception *except)
{
    if (x->kind != y->kind)
        return false;
    if (x->kind == YAML_TEXT)
        return strcmp(x->text, y->text) == 0;
    if (except != NULL && x == except->map)
        return changed_map_is_right(a, x, y, except);
    if (except != NULL && x == except->list)
        return changed_list_is_right(a, x, y, except);
    if (x->count != y->count)
        return false;
    for (size_t i = 0; i < x->count; i++) {
        if ((x->kind == YAML_MAP && strcmp(x->keys[i], y->keys[i]) != 0) ||
            !trees_equal(a, x->items[i], y->items[i], except))
            return false;
    }
    return true;
}

/* ---- Remarks ----------------------------------------------------------------------------- */

struct remarks {
    const char *text;
    size_t at; /* everything before it was looked at */
    struct text all;
};

/* Of what stands between two values: from a # to the end of its line. */
static void remarks_until(struct remarks *r, size_t to)
{
    while (r->at < to) {
        size_t length = strcspn(r->text + r->at, "\n");
        if (r->text[r->at] == '#') {
            text_add_n(&r->all, r->text + r->at, length);
            text_add_char(&r->all, '\n');
            r->at += length;
        } else {
            r->at++;
        }
    }
}

static void remarks_take(struct remarks *r, const struct yaml *node)
{
    if (node->kind == YAML_TEXT) {
        remarks_until(r, node->span.from);
        if (node->span.to > r->at)
            r->at = node->span.to;
        return;
    }
    for (size_t i = 0; i < node->count; i++) {
        if (node->kind == YAML_MAP) {
            remarks_until(r, node->key_spans[i].from);
            r->at = node->key_spans[i].to;
        }
        remarks_take(r, node->items[i]);
    }
}

static const char *remarks_of(struct arena *a, const struct yaml *root, const char *text)
{
    struct remarks r = { .text = text };

    remarks_take(&r, root);
    remarks_until(&r, strlen(text));
    const char *all = arena_copy(a, text_of(&r.all));
    text_free(&r.all);
    return all;
}

bool edit_is_only(struct arena *a, const struct yaml *before, const char *text,
                  const char *becomes, const struct tree_exception *except)
{
    struct fault none = { 0 };
    const struct yaml *after = yaml_parse(a, "text", becomes, strlen(becomes), &none);

    if (after == NULL || !trees_equal(a, before, after, except))
        return false;
    if (except->loses_remarks)
        return true;
    const char *had = remarks_of(a, before, text), *has = remarks_of(a, after, becomes);
    return except->moves_remarks ? strlen(had) == strlen(has) : strcmp(had, has) == 0;
}

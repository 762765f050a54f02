/* The fields of a map, and the forms in which a file writes them. */
#include "base/text.h"
#include "formats/map_loader.h"
#include "formats/map_text.h"

#include <string.h>

enum { TABLE_MOST = 10000 };

static const struct {
    const char *section, *name;
} fields[MAP_FIELD_COUNT] = {
#define X(code, section, name) [code] = { section, name },
    MAP_FIELDS(X)
#undef X
};

bool map_word_among(const char *word, const char *const words[], size_t count, int *out)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(words[i], word) == 0) {
            *out = (int)i;
            return true;
        }
    }
    return false;
}

int map_word_of(struct yaml_reader *r, const char *key, const char *otherwise,
                const char *const words[], size_t count)
{
    const char *word = yaml_text_or(r, key, otherwise);
    int found = 0;

    if (r->ok && !map_word_among(word, words, count, &found)) {
        const struct yaml *node = yaml_find(r->map, key);
        r->ok = yaml_fail(node != NULL ? node : r->map, r->why,
                          "\"%s\" is not a value of \"%s\"", word, key);
    }
    return found;
}

char map_one_character(struct yaml_reader *r, const char *key, char otherwise)
{
    const char *text = yaml_text_or(r, key, NULL);

    if (text == NULL || text[0] == '\0')
        return text == NULL ? otherwise : '\0';
    if (r->ok && (text[1] != '\0' || (text[0] >= '0' && text[0] <= '9')))
        r->ok =
            yaml_fail(yaml_find(r->map, key), r->why, "\"%s\" is one character, no digit", key);
    return text[0];
}

bool map_read_amounts(struct loader *l, const struct yaml *node, struct amount_form *form)
{
    static const char *const negatives[] = { "reject", "credit_note" };
    struct yaml_reader r = yaml_read(node, l->why);

    yaml_only(&r, "decimal", "grouping", "signs", "negative", "round", NULL);
    form->decimal = map_one_character(&r, "decimal", form->decimal);
    form->grouping = map_one_character(&r, "grouping", form->grouping);
    if (r.ok && (form->decimal == '\0' || form->decimal == form->grouping))
        r.ok = yaml_fail(node, l->why, "decimal and grouping must be two different signs");
    if (yaml_find(node, "signs") != NULL) {
        struct yaml_texts signs = yaml_texts(&r, l->a, "signs");
        form->sign_count = signs.count;
        form->signs = signs.texts;
    }
    if (yaml_find(node, "negative") != NULL)
        form->credit_notes = map_word_of(&r, "negative", "reject", negatives, 2) == 1;
    form->round = yaml_bool_or(&r, "round", form->round);
    return r.ok;
}

bool map_read_dates(struct loader *l, const struct yaml *node, const char **out)
{
    if (node->kind != YAML_TEXT || !date_form_is_sound(node->text))
        return yaml_fail(node, l->why,
                         "dates are written like m/d/yyyy, dd-mm-yyyy, yyyy-mm-dd "
                         "or mmm d yyyy; the year always has four digits");
    *out = node->text;
    return true;
}

bool map_read_table(struct loader *l, const char *name, const struct yaml *node,
                    struct map_table *out)
{
    const char **from, **to;

    if (node->kind != YAML_MAP || node->count > TABLE_MOST)
        return yaml_fail(node, l->why, "a table is a mapping (from: to) of at most %d pairs",
                         TABLE_MOST);
    from = arena_array(l->a, const char *, node->count + 1);
    to = arena_array(l->a, const char *, node->count + 1);
    for (size_t i = 0; i < node->count; i++) {
        if (node->items[i]->kind != YAML_TEXT)
            return yaml_fail(node->items[i], l->why, "a table holds texts");
        from[i] = node->keys[i];
        to[i] = node->items[i]->text;
    }
    *out = (struct map_table){ name, node->count, from, to };
    return true;
}

/* ---- Fields ------------------------------------------------------------------------------ */

static bool read_columns(struct loader *l, struct yaml_reader *r, struct map_field *out)
{
    struct yaml_texts names = yaml_texts(r, l->a, "column");
    struct map_part *part = arena_make(l->a, struct map_part);

    if (r->ok && names.count == 0)
        r->ok = yaml_fail(r->map, l->why, "\"column\" or \"text\" is missing here");
    part->columns = names.texts;
    part->column_count = names.count;
    part->optional = yaml_bool_or(r, "optional", false);
    part->index = -1;
    out->parts = part;
    out->part_count = 1;
    return r->ok;
}

static bool read_field_map(struct loader *l, const struct yaml *node, struct map_field *out)
{
    struct yaml_reader r = yaml_read(node, l->why);

    yaml_only(&r, "column", "text", "optional", "values", "otherwise", "default", "dates",
              "amounts", NULL);
    const struct yaml *text = yaml_find(node, "text"), *values = yaml_map_or(&r, "values"),
                      *dates = yaml_find(node, "dates"), *amounts = yaml_map_or(&r, "amounts");
    out->when_empty = yaml_text_or(&r, "default", NULL);
    out->otherwise = yaml_text_or(&r, "otherwise", NULL);
    if (!r.ok || (text != NULL && text->kind != YAML_TEXT))
        return r.ok && yaml_fail(text, l->why, "\"text\" must be a text");
    if (text != NULL ? !map_text_parse(l->a, l->map, text, out, l->why)
                     : !read_columns(l, &r, out))
        return false;
    if (values != NULL) {
        struct map_table *table = arena_make(l->a, struct map_table);
        if (!map_read_table(l, "values", values, table))
            return false;
        out->values = table;
    }
    return (dates == NULL || map_read_dates(l, dates, &out->dates)) &&
           (amounts == NULL || map_read_amounts(l, amounts, &out->amounts));
}

static bool read_field(struct loader *l, const struct yaml *node, struct map_field *out)
{
    *out = (struct map_field){ .place = node->place, .dates = l->dates, .amounts = l->amounts };
    if (node->kind == YAML_TEXT && node->text[0] == '\0')
        return yaml_fail(node, l->why, "nothing is written here");
    if (node->kind == YAML_TEXT)
        return map_text_parse(l->a, l->map, node, out, l->why);
    return read_field_map(l, node, out);
}

static bool unknown_field(struct loader *l, const char *section, const struct yaml *node,
                          size_t place)
{
    struct yaml at = { .place = node->key_places[place] };
    const char *nearest = NULL, *key = node->keys[place];
    size_t best = 5;

    for (size_t i = 0; i < MAP_FIELD_COUNT; i++) {
        size_t distance = text_distance(key, fields[i].name);
        if (strcmp(fields[i].section, section) == 0 && distance < best) {
            best = distance;
            nearest = fields[i].name;
        }
    }
    return yaml_fail(&at, l->why, "\"%s\" is no field of a %s%s%s%s", key, section,
                     nearest == NULL ? "" : "; did you mean \"", nearest == NULL ? "" : nearest,
                     nearest == NULL ? "" : "\"?");
}

bool map_read_section(struct loader *l, const struct yaml *root, const char *section)
{
    const struct yaml *node = yaml_find(root, section);

    if (node == NULL)
        return true;
    if (node->kind != YAML_MAP)
        return yaml_fail(node, l->why, "\"%s\" must be a mapping (name: value)", section);
    for (size_t i = 0; i < node->count; i++) {
        size_t k = 0;
        while (k < MAP_FIELD_COUNT && (strcmp(fields[k].section, section) != 0 ||
                                       strcmp(fields[k].name, node->keys[i]) != 0))
            k++;
        if (k == MAP_FIELD_COUNT)
            return unknown_field(l, section, node, i);
        if (!read_field(l, node->items[i], &l->map->fields[k]))
            return false;
    }
    return true;
}

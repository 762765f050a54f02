#include "formats/map.h"

#include "base/files.h"
#include "base/text.h"
#include "formats/map_text.h"

#include <stdlib.h>
#include <string.h>

enum { MAP_FILE_MOST = 4 * 1024 * 1024, TABLE_MOST = 10000 };

static const struct {
    const char *section, *name;
} fields[MAP_FIELD_COUNT] = {
#define X(code, section, name) [code] = { section, name },
    MAP_FIELDS(X)
#undef X
};

static const char *const field_names[MAP_FIELD_COUNT] = {
#define X(code, section, name) [code] = section "." name,
    MAP_FIELDS(X)
#undef X
};

static const char *const kinds[] = { "invoices", "payments", "accounts", "contacts" };

const char *map_field_name(enum map_name name)
{
    return field_names[name];
}

const char *map_kind_name(enum map_kind kind)
{
    return kinds[kind];
}

static bool word_among(const char *word, const char *const words[], size_t count, int *out)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(words[i], word) == 0) {
            *out = (int)i;
            return true;
        }
    }
    return false;
}

bool map_kind_parse(const char *name, enum map_kind *out)
{
    int found;

    if (!word_among(name, kinds, COUNT(kinds), &found))
        return false;
    *out = (enum map_kind)found;
    return true;
}

bool map_has(const struct map *m, enum map_name name)
{
    return m->fields[name].part_count > 0;
}

const char *map_column(const struct map *m, enum map_name name)
{
    const struct map_field *field = &m->fields[name];

    for (size_t i = 0; i < field->part_count; i++) {
        if (field->parts[i].index >= 0)
            return m->header[field->parts[i].index];
    }
    return field_names[name];
}

/* ---- Reading ----------------------------------------------------------------------------- */

struct loader {
    struct arena *a;
    struct fault *why;
    struct map *map;
    size_t list_room, table_room, filter_room;
    const char *dates;          /* of the whole map */
    struct amount_form amounts; /* of the whole map */
};

/* One of a few words; faults stick to the reader. */
static int word_of(struct yaml_reader *r, const char *key, const char *otherwise,
                   const char *const words[], size_t count)
{
    const char *word = yaml_text_or(r, key, otherwise);
    int found = 0;

    if (r->ok && !word_among(word, words, count, &found)) {
        const struct yaml *node = yaml_find(r->map, key);
        r->ok = yaml_fail(node != NULL ? node : r->map, r->why,
                          "\"%s\" is not a value of \"%s\"", word, key);
    }
    return found;
}

static char one_character(struct yaml_reader *r, const char *key, char otherwise)
{
    const char *text = yaml_text_or(r, key, NULL);

    if (text == NULL || text[0] == '\0')
        return text == NULL ? otherwise : '\0';
    if (r->ok && (text[1] != '\0' || (text[0] >= '0' && text[0] <= '9')))
        r->ok = yaml_fail(yaml_find(r->map, key), r->why, "\"%s\" is one character, no digit",
                          key);
    return text[0];
}

static bool read_file_part(struct loader *l, const struct yaml *node)
{
    static const char *const names[] = { "auto", "comma", "semicolon", "tab", "pipe" };
    static const char delimiters[] = { '\0', ',', ';', '\t', '|' };
    struct csv_dialect *d = &l->map->dialect;
    struct yaml_reader r = yaml_read(node, l->why);

    yaml_only(&r, "delimiter", "quote", "encoding", "header_row", "header_starts_with",
              "short_rows", NULL);
    d->delimiter = delimiters[word_of(&r, "delimiter", "auto", names, COUNT(names))];
    d->quote = one_character(&r, "quote", '"');
    const char *encoding = yaml_text_or(&r, "encoding", "auto");
    if (r.ok && !encoding_parse(encoding, &d->encoding))
        r.ok = yaml_fail(yaml_find(node, "encoding"), l->why,
                         "\"%s\" is no encoding; there are auto, utf-8, utf-16le, utf-16be, "
                         "windows-1252", encoding);
    d->header_row = yaml_int_or(&r, "header_row", 1, 10000, 0);
    d->header_starts_with = yaml_text_or(&r, "header_starts_with", NULL);
    l->map->short_rows = yaml_bool_or(&r, "short_rows", false);
    return r.ok;
}

static bool read_amounts(struct loader *l, const struct yaml *node, struct amount_form *form)
{
    static const char *const negatives[] = { "reject", "credit_note" };
    struct yaml_reader r = yaml_read(node, l->why);

    yaml_only(&r, "decimal", "grouping", "signs", "negative", "round", NULL);
    form->decimal = one_character(&r, "decimal", form->decimal);
    form->grouping = one_character(&r, "grouping", form->grouping);
    if (r.ok && (form->decimal == '\0' || form->decimal == form->grouping))
        r.ok = yaml_fail(node, l->why, "decimal and grouping must be two different signs");
    if (yaml_find(node, "signs") != NULL) {
        struct yaml_texts signs = yaml_texts(&r, l->a, "signs");
        form->sign_count = signs.count;
        form->signs = signs.texts;
    }
    if (yaml_find(node, "negative") != NULL)
        form->credit_notes = word_of(&r, "negative", "reject", negatives, 2) == 1;
    form->round = yaml_bool_or(&r, "round", form->round);
    return r.ok;
}

static bool read_dates(struct loader *l, const struct yaml *node, const char **out)
{
    if (node->kind != YAML_TEXT || !date_form_is_sound(node->text))
        return yaml_fail(node, l->why, "dates are written like m/d/yyyy, dd-mm-yyyy, yyyy-mm-dd "
                         "or mmm d yyyy; the year always has four digits");
    *out = node->text;
    return true;
}

static bool read_table(struct loader *l, const char *name, const struct yaml *node,
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

static bool read_tables(struct loader *l, const struct yaml *node)
{
    struct map *m = l->map;

    if (node == NULL)
        return true;
    for (size_t i = 0; i < node->count; i++) {
        struct map_table *table = arena_push(l->a, m->tables, m->table_count, l->table_room);
        if (!read_table(l, node->keys[i], node->items[i], table))
            return false;
    }
    return true;
}

static bool read_lists(struct loader *l, const struct yaml *node)
{
    struct map *m = l->map;

    if (node == NULL)
        return true;
    struct yaml_reader r = yaml_read(node, l->why);
    for (size_t i = 0; r.ok && i < node->count; i++) {
        struct map_list *list = arena_push(l->a, m->lists, m->list_count, l->list_room);
        struct yaml_texts items = yaml_texts(&r, l->a, node->keys[i]);
        *list = (struct map_list){ node->keys[i], items.count, items.texts };
        if (r.ok && items.count == 0)
            r.ok = yaml_fail(node->items[i], l->why, "the list is empty");
    }
    return r.ok;
}

static bool read_more_tables(struct loader *l, const struct yaml *root, struct yaml_reader *of)
{
    struct yaml_texts names = yaml_texts(of, l->a, "tables_from");

    for (size_t i = 0; of->ok && i < names.count; i++) {
        char *path = arena_print(l->a, "maps/tables/%s.yaml", names.texts[i]);
        struct file file;
        if (!files_load(l->a, path, &file, l->why)) {
            *l->why = (struct fault){ 0 };
            return yaml_fail(yaml_find(root, "tables_from"), l->why, "there is no file \"%s\"",
                             path);
        }
        const struct yaml *more = yaml_parse(l->a, path, (const char *)file.bytes, file.length,
                                             l->why);
        if (more == NULL)
            return false;
        struct yaml_reader r = yaml_read(more, l->why);
        yaml_only(&r, "tables", "lists", NULL);
        const struct yaml *tables = yaml_map_or(&r, "tables"), *lists = yaml_map_or(&r, "lists");
        if (!r.ok || !read_tables(l, tables) || !read_lists(l, lists))
            return false;
    }
    return of->ok;
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
        if (!read_table(l, "values", values, table))
            return false;
        out->values = table;
    }
    return (dates == NULL || read_dates(l, dates, &out->dates)) &&
           (amounts == NULL || read_amounts(l, amounts, &out->amounts));
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

static bool read_section(struct loader *l, const struct yaml *root, const char *section)
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

/* ---- Rows and what is missing ------------------------------------------------------------ */

static bool read_filters(struct loader *l, const struct yaml *node, bool keep)
{
    struct map *m = l->map;

    if (node == NULL)
        return true;
    struct yaml_reader r = yaml_read(node, l->why);
    for (size_t i = 0; r.ok && i < node->count; i++) {
        struct map_filter *f = arena_push(l->a, m->filters, m->filter_count, l->filter_room);
        const char **column = arena_array(l->a, const char *, 1);
        struct yaml_texts values = yaml_texts(&r, l->a, node->keys[i]);
        column[0] = node->keys[i];
        *f = (struct map_filter){ .column = { .columns = column, .column_count = 1, .index = -1 },
                                  .place = node->key_places[i], .keep = keep,
                                  .count = values.count, .values = values.texts };
    }
    return r.ok;
}

static bool read_rows(struct loader *l, const struct yaml *node)
{
    static const char *const lines[] = { "refuse", "add", "repeat" };
    static const char *const orders[] = { "reject", "take" };

    if (node == NULL)
        return true;
    struct yaml_reader r = yaml_read(node, l->why);
    yaml_only(&r, "lines", "due_before_invoice", "only", "skip", NULL);
    l->map->lines = (enum lines)word_of(&r, "lines", "refuse", lines, COUNT(lines));
    l->map->due_before_invoice = word_of(&r, "due_before_invoice", "reject", orders, 2) == 1;
    const struct yaml *only = yaml_map_or(&r, "only"), *skip = yaml_map_or(&r, "skip");
    return r.ok && read_filters(l, only, true) && read_filters(l, skip, false);
}

static bool read_missing(struct loader *l, const struct yaml *node)
{
    if (node == NULL)
        return true;
    struct yaml_reader r = yaml_read(node, l->why);
    yaml_only(&r, "then", "at_most", NULL);
    const char *then = yaml_text(&r, "then"), *most = yaml_text_or(&r, "at_most", "50%");
    char *end;
    long percent = strtol(most, &end, 10);
    if (r.ok && strcmp(then, "settled") != 0)
        r.ok = yaml_fail(yaml_find(node, "then"), l->why, "\"then\" can only be settled");
    if (r.ok && (strcmp(end, "%") != 0 || percent < 1 || percent > 100))
        r.ok = yaml_fail(yaml_find(node, "at_most"), l->why,
                         "\"at_most\" is a percentage, like 50%%");
    l->map->missing_settled = true;
    l->map->missing_most = (int)percent;
    return r.ok;
}

static bool needs(const struct loader *l, const struct yaml *root, enum map_name name)
{
    return map_has(l->map, name) ||
           yaml_fail(root, l->why, "a map of %s needs %s", kinds[l->map->kind],
                     field_names[name]);
}

static bool check_needs(struct loader *l, const struct yaml *root)
{
    const struct map *m = l->map;

    if (m->kind == MAP_PAYMENTS) {
        if (!map_has(m, MAP_PAYMENT_DEBT) && !needs(l, root, MAP_REFERENCE))
            return false;
        return needs(l, root, MAP_PAYMENT) && needs(l, root, MAP_PAYMENT_DAY) &&
               needs(l, root, MAP_PAYMENT_AMOUNT) && needs(l, root, MAP_PAYMENT_CURRENCY);
    }
    /* Which law protects the debtor hangs on these two: they are said, never assumed. */
    if (!needs(l, root, MAP_REFERENCE) || !needs(l, root, MAP_BUSINESS) ||
        !needs(l, root, MAP_ROLE))
        return false;
    if (m->kind == MAP_CONTACTS)
        return needs(l, root, MAP_NAME);
    if (m->kind == MAP_ACCOUNTS && !needs(l, root, MAP_KIND))
        return false;
    if (!map_has(m, MAP_QUANTITY) && !needs(l, root, MAP_AMOUNT))
        return false;
    if (map_has(m, MAP_QUANTITY) && !needs(l, root, MAP_UNIT))
        return false;
    if (!map_has(m, MAP_DUE_IN_DAYS) && !needs(l, root, MAP_DUE_DAY))
        return false;
    return needs(l, root, MAP_DEBT) && needs(l, root, MAP_INVOICE_DAY) &&
           needs(l, root, MAP_CURRENCY);
}

static bool read_calling_code(struct loader *l, struct yaml_reader *r)
{
    const char *code = yaml_text_or(r, "calling_code", NULL);

    if (r->ok && code != NULL && (strspn(code, "0123456789") != strlen(code) || *code == '0' ||
                                  strlen(code) > 3 || *code == '\0'))
        r->ok = yaml_fail(yaml_find(r->map, "calling_code"), l->why,
                          "\"calling_code\" is one to three digits, like 1 or 49");
    l->map->calling_code = code;
    return r->ok;
}

static bool read_root(struct loader *l, const struct yaml *root)
{
    struct yaml_reader r = yaml_read(root, l->why);
    const struct yaml *file, *amounts, *dates = yaml_find(root, "dates");

    yaml_only(&r, "map", "title", "kind", "file", "dates", "amounts", "calling_code", "lists",
              "tables", "tables_from", "rows", "debtor", "debt", "payment", "missing", NULL);
    l->map->name = yaml_text(&r, "map");
    l->map->title = yaml_text_or(&r, "title", "");
    l->map->kind = (enum map_kind)word_of(&r, "kind", "", kinds, COUNT(kinds));
    file = yaml_map_or(&r, "file");
    amounts = yaml_map_or(&r, "amounts");
    const struct yaml *lists = yaml_map_or(&r, "lists"), *tables = yaml_map_or(&r, "tables"),
                      *rows = yaml_map_or(&r, "rows"), *missing = yaml_map_or(&r, "missing");
    return r.ok && read_calling_code(l, &r) && (file == NULL || read_file_part(l, file)) &&
           (dates == NULL || read_dates(l, dates, &l->dates)) &&
           (amounts == NULL || read_amounts(l, amounts, &l->amounts)) &&
           read_lists(l, lists) && read_tables(l, tables) && read_more_tables(l, root, &r) &&
           read_rows(l, rows) && read_missing(l, missing) && read_section(l, root, "debtor") &&
           read_section(l, root, "debt") && read_section(l, root, "payment") &&
           check_needs(l, root);
}

bool map_parse(struct arena *a, const char *file, const char *bytes, size_t length,
               struct map **out, struct fault *why)
{
    struct map *m = arena_make(a, struct map);
    struct loader l = { .a = a, .why = why, .map = m, .dates = "yyyy-mm-dd",
                        .amounts = { .decimal = '.' } };

    *why = (struct fault){ 0 };
    const struct yaml *root = yaml_parse(a, file, bytes, length, why);
    if (root == NULL || !read_root(&l, root))
        return false;
    *out = m;
    return true;
}

static bool unknown_map(struct arena *a, const char *name, struct fault *why)
{
    const char **paths;
    size_t count;
    struct text known = { 0 };

    files_list(a, "maps/", ".yaml", &paths, &count, why);
    for (size_t i = 0; i < count; i++) {
        const char *base = paths[i] + strlen("maps/");
        if (strchr(base, '/') == NULL)
            text_add_print(&known, "%s%.*s", known.length == 0 ? "" : ", ",
                           (int)(strlen(base) - strlen(".yaml")), base);
    }
    fail(why, NOT_FOUND, "There is no map \"%s\".", name);
    fault_hint(why, "there are: %s; or give the path of a file", text_of(&known));
    text_free(&known);
    return false;
}

bool map_load(struct arena *a, const char *name, struct map **out, struct fault *why)
{
    struct file file;
    char *bytes;
    size_t length;

    if (strchr(name, '/') != NULL || text_ends(name, ".yaml") || text_ends(name, ".yml"))
        return text_read_file(name, MAP_FILE_MOST, a, &bytes, &length, why) &&
               map_parse(a, name, bytes, length, out, why);
    char *path = arena_print(a, "maps/%s.yaml", name);
    if (!files_load(a, path, &file, why))
        return why->code == NOT_FOUND ? unknown_map(a, name, why) : false;
    return map_parse(a, path, (const char *)file.bytes, file.length, out, why);
}

#include "base/files.h"
#include "base/text.h"
#include "formats/map_loader.h"

#include <stdlib.h>
#include <string.h>

enum { MAP_FILE_MOST = 4 * 1024 * 1024 };

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

bool map_kind_parse(const char *name, enum map_kind *out)
{
    int found;

    if (!map_word_among(name, kinds, COUNT(kinds), &found))
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

static bool read_file_part(struct loader *l, const struct yaml *node)
{
    static const char *const names[] = { "auto", "comma", "semicolon", "tab", "pipe" };
    static const char delimiters[] = { '\0', ',', ';', '\t', '|' };
    struct csv_dialect *d = &l->map->dialect;
    struct yaml_reader r = yaml_read(node, l->why);

    yaml_only(&r, "delimiter", "quote", "encoding", "header_row", "header_starts_with",
              "short_rows", NULL);
    d->delimiter = delimiters[map_word_of(&r, "delimiter", "auto", names, COUNT(names))];
    d->quote = map_one_character(&r, "quote", '"');
    const char *encoding = yaml_text_or(&r, "encoding", "auto");
    if (r.ok && !encoding_parse(encoding, &d->encoding))
        r.ok = yaml_fail(yaml_find(node, "encoding"), l->why,
                         "\"%s\" is no encoding; there are auto, utf-8, utf-16le, utf-16be, "
                         "windows-1252",
                         encoding);
    d->header_row = yaml_int_or(&r, "header_row", 1, 10000, 0);
    d->header_starts_with = yaml_text_or(&r, "header_starts_with", NULL);
    l->map->short_rows = yaml_bool_or(&r, "short_rows", false);
    return r.ok;
}

static bool read_tables(struct loader *l, const struct yaml *node)
{
    struct map *m = l->map;

    if (node == NULL)
        return true;
    for (size_t i = 0; i < node->count; i++) {
        struct map_table *table = arena_push(l->a, m->tables, m->table_count, l->table_room);
        if (!map_read_table(l, node->keys[i], node->items[i], table))
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
        const struct yaml *more =
            yaml_parse(l->a, path, (const char *)file.bytes, file.length, l->why);
        if (more == NULL)
            return false;
        struct yaml_reader r = yaml_read(more, l->why);
        yaml_only(&r, "tables", "lists", NULL);
        const struct yaml *tables = yaml_map_or(&r, "tables"),
                          *lists = yaml_map_or(&r, "lists");
        if (!r.ok || !read_tables(l, tables) || !read_lists(l, lists))
            return false;
    }
    return of->ok;
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
        *f = (struct map_filter){
            .column = { .columns = column, .column_count = 1, .index = -1 },
            .place = node->key_places[i],
            .keep = keep,
            .count = values.count,
            .values = values.texts
        };
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
    l->map->lines = (enum lines)map_word_of(&r, "lines", "refuse", lines, COUNT(lines));
    l->map->due_before_invoice =
        map_word_of(&r, "due_before_invoice", "reject", orders, 2) == 1;
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
    return map_has(l->map, name) || yaml_fail(root, l->why, "a map of %s needs %s",
                                              kinds[l->map->kind], field_names[name]);
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
    if (!map_has(m, MAP_DUE_IN_DAYS) && !map_has(m, MAP_TERMS_NAME) &&
        !needs(l, root, MAP_DUE_DAY))
        return false;
    return needs(l, root, MAP_DEBT) && needs(l, root, MAP_INVOICE_DAY) &&
           needs(l, root, MAP_CURRENCY);
}

static bool read_calling_code(struct loader *l, struct yaml_reader *r)
{
    const char *code = yaml_text_or(r, "calling_code", NULL);

    if (r->ok && code != NULL &&
        (strspn(code, "0123456789") != strlen(code) || *code == '0' || strlen(code) > 3 ||
         *code == '\0'))
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
    l->map->kind = (enum map_kind)map_word_of(&r, "kind", "", kinds, COUNT(kinds));
    file = yaml_map_or(&r, "file");
    amounts = yaml_map_or(&r, "amounts");
    const struct yaml *lists = yaml_map_or(&r, "lists"), *tables = yaml_map_or(&r, "tables"),
                      *rows = yaml_map_or(&r, "rows"), *missing = yaml_map_or(&r, "missing");
    return r.ok && read_calling_code(l, &r) && (file == NULL || read_file_part(l, file)) &&
           (dates == NULL || map_read_dates(l, dates, &l->dates)) &&
           (amounts == NULL || map_read_amounts(l, amounts, &l->amounts)) &&
           read_lists(l, lists) && read_tables(l, tables) && read_more_tables(l, root, &r) &&
           read_rows(l, rows) && read_missing(l, missing) &&
           map_read_section(l, root, "debtor") && map_read_section(l, root, "debt") &&
           map_read_section(l, root, "payment") && check_needs(l, root);
}

bool map_parse(struct arena *a, const char *file, const char *bytes, size_t length,
               struct map **out, struct fault *why)
{
    struct map *m = arena_make(a, struct map);
    struct loader l = {
        .a = a, .why = why, .map = m, .dates = "yyyy-mm-dd", .amounts = { .decimal = '.' }
    };

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

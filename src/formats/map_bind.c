/* A map meets a file: its columns are found in the header, and rows left out. */
#include "formats/map.h"

#include "base/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* "Phone#2" is the second column called Phone. */
static int find_column(const struct csv_row *header, const char *name)
{
    const char *mark = strrchr(name, '#');
    size_t length = strlen(name);
    long wanted = 1;

    for (size_t i = 0; i < header->count; i++) {
        if (strcmp(header->fields[i], name) == 0)
            return (int)i;
    }
    if (mark != NULL && mark[1] != '\0' && strspn(mark + 1, "0123456789") == strlen(mark + 1)) {
        wanted = strtol(mark + 1, NULL, 10);
        length = (size_t)(mark - name);
    }
    for (size_t i = 0; i < header->count && mark != NULL; i++) {
        const char *field = header->fields[i];
        if (strlen(field) == length && memcmp(field, name, length) == 0 && --wanted == 0)
            return (int)i;
    }
    return -1;
}

enum { NAME_SHOWN = 200 };

/* Capitals are the commonest difference, so they do not count. */
static size_t distance(const char *a, const char *b)
{
    char x[NAME_SHOWN], y[NAME_SHOWN];
    size_t n = strlen(a), k = strlen(b);

    if (n >= sizeof x || k >= sizeof y)
        return SIZE_MAX;
    for (size_t i = 0; i <= n; i++)
        x[i] = (char)tolower((unsigned char)a[i]);
    for (size_t i = 0; i <= k; i++)
        y[i] = (char)tolower((unsigned char)b[i]);
    return text_distance(x, y);
}

static const char *nearest(const struct csv_row *header, const char *name)
{
    const char *found = NULL;
    size_t best = strlen(name) / 2 + 2;

    for (size_t i = 0; i < header->count; i++) {
        size_t away = distance(name, header->fields[i]);
        if (away < best && header->fields[i][0] != '\0') {
            best = away;
            found = header->fields[i];
        }
    }
    return found;
}

static bool no_column(const struct csv_row *header, const char *name, struct place at,
                      struct fault *why)
{
    const char *near = nearest(header, name);
    struct text all = { 0 };

    if (near != NULL)
        fail(why, BAD_PACK, "%s:%d:%d: the file has no column \"%s\"; did you mean \"%s\"?",
             at.file, at.line, at.column, name, near);
    else
        fail(why, BAD_PACK, "%s:%d:%d: the file has no column \"%s\".", at.file, at.line,
             at.column, name);
    for (size_t i = 0; i < header->count; i++)
        text_add_print(&all, "%s%s", i == 0 ? "" : ", ", header->fields[i]);
    fault_hint(why, "line %lld of the file has: %s", (long long)header->line, text_of(&all));
    text_free(&all);
    return false;
}

static bool bind_part(const struct csv_row *header, struct map_part *part, struct place at,
                      struct fault *why)
{
    for (size_t i = 0; i < part->column_count && part->index < 0; i++)
        part->index = find_column(header, part->columns[i]);
    return part->column_count == 0 || part->index >= 0 || part->optional ||
           no_column(header, part->columns[0], at, why);
}

bool map_bind(struct map *m, const struct csv_row *header, struct fault *why)
{
    m->header = header->fields;
    m->header_count = header->count;
    for (int name = 0; name < MAP_FIELD_COUNT; name++) {
        struct map_field *field = &m->fields[name];
        for (size_t i = 0; i < field->part_count; i++) {
            if (!bind_part(header, &field->parts[i], field->place, why))
                return false;
        }
    }
    for (size_t i = 0; i < m->filter_count; i++) {
        if (!bind_part(header, &m->filters[i].column, m->filters[i].place, why))
            return false;
    }
    return true;
}

static bool holds(const struct map_filter *filter, const struct csv_row *row)
{
    size_t index = (size_t)filter->column.index;
    const char *value = index < row->count ? row->fields[index] : "";

    for (size_t i = 0; i < filter->count; i++) {
        if (strcmp(filter->values[i], value) == 0)
            return true;
    }
    return false;
}

const struct map_filter *map_left_out(const struct map *m, const struct csv_row *row)
{
    for (size_t i = 0; i < m->filter_count; i++) {
        if (holds(&m->filters[i], row) != m->filters[i].keep)
            return &m->filters[i];
    }
    return NULL;
}

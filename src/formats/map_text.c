/* The texts of a map: parsed once, bound to the columns of a file, filled for each row. */
#include "formats/map_text.h"

#include "base/text.h"
#include "domain/casefile.h"

#include <ctype.h>
#include <string.h>

/* ---- Parsing ----------------------------------------------------------------------------- */

struct parser {
    struct arena *a;
    const struct map *map;
    const struct yaml *at; /* for faults */
    struct fault *why;
};

static const struct map_list *list_named(const struct map *m, const char *name)
{
    for (size_t i = 0; i < m->list_count; i++) {
        if (strcmp(m->lists[i].name, name) == 0)
            return &m->lists[i];
    }
    return NULL;
}

static const struct map_table *table_named(const struct map *m, const char *name)
{
    for (size_t i = 0; i < m->table_count; i++) {
        if (strcmp(m->tables[i].name, name) == 0)
            return &m->tables[i];
    }
    return NULL;
}

/* The next word of a step; NULL at its end. Cuts the text in place. */
static char *next_word(char **text)
{
    while (**text == ' ')
        (*text)++;
    char *word = *text;
    while (**text != ' ' && **text != '\0')
        (*text)++;
    if (**text == ' ')
        *(*text)++ = '\0';
    return *word == '\0' ? NULL : word;
}

static bool step_number(struct parser *p, const char *step, const char *word, int64_t *out)
{
    if (word != NULL && text_to_int(word, out) && *out >= 0 && *out <= 1000000000)
        return true;
    return yaml_fail(p->at, p->why, "\"%s\" needs whole numbers after it", step);
}

static bool read_step(struct parser *p, char *text, struct map_step *step)
{
    static const char *const words[] = { "lower",  "upper", "slug", "digits",
                                         "number", "pick",  "table" };
    const char *name = next_word(&text), *first = next_word(&text), *second = next_word(&text);
    size_t i = 0;

    while (name != NULL && i < COUNT(words) && strcmp(words[i], name) != 0)
        i++;
    if (name == NULL || i == COUNT(words))
        return yaml_fail(p->at, p->why,
                         "\"%s\" is no step; there are lower, upper, slug, digits "
                         "N, number FROM TO, pick LIST, table TABLE",
                         name == NULL ? "" : name);
    step->kind = (enum step_kind)i;
    if (step->kind == STEP_DIGITS)
        return step_number(p, name, first, &step->from);
    if (step->kind == STEP_NUMBER) {
        if (!step_number(p, name, first, &step->from) ||
            !step_number(p, name, second, &step->to))
            return false;
        return step->from <= step->to ||
               yaml_fail(p->at, p->why, "\"number\" goes from the smaller to the larger");
    }
    if (step->kind == STEP_PICK && first != NULL)
        step->list = list_named(p->map, first);
    if (step->kind == STEP_TABLE && first != NULL)
        step->table = table_named(p->map, first);
    if ((step->kind == STEP_PICK && step->list == NULL) ||
        (step->kind == STEP_TABLE && step->table == NULL))
        return yaml_fail(p->at, p->why, "there is no %s \"%s\" in this map",
                         step->kind == STEP_PICK ? "list" : "table",
                         first == NULL ? "" : first);
    return true;
}

/* Cuts the name of the column off: up to a bar, or in quotes. */
static char *column_name(struct parser *p, char **inside)
{
    while (**inside == ' ')
        (*inside)++;
    bool quoted = **inside == '"';
    char *start = *inside + quoted, *end = strchr(start, quoted ? '"' : '|');

    if (end == NULL)
        end = start + strlen(start);
    *inside = quoted && *end == '"' ? end + 1 + strcspn(end + 1, "|") : end;
    char *name = arena_copy_n(p->a, start, (size_t)(end - start));
    return quoted ? name : text_trim(p->a, name);
}

static void set_column(struct parser *p, char *name, struct map_part *part)
{
    const char **columns = arena_array(p->a, const char *, 1);
    size_t length = strlen(name);

    part->optional = length > 1 && name[length - 1] == '?';
    if (part->optional)
        name[length - 1] = '\0';
    columns[0] = name;
    part->columns = columns;
    part->column_count = 1;
    part->index = -1;
}

static bool read_place(struct parser *p, char *inside, struct map_part *part)
{
    char *name = column_name(p, &inside);
    size_t room = 0;

    if (*name == '\0')
        return yaml_fail(p->at, p->why, "{} names no column");
    set_column(p, name, part);
    while (*inside == '|') {
        char *start = ++inside;
        inside += strcspn(inside, "|");
        char *text = arena_copy_n(p->a, start, (size_t)(inside - start));
        struct map_step *step = arena_push(p->a, part->steps, part->step_count, room);
        *step = (struct map_step){ 0 };
        if (!read_step(p, text, step))
            return false;
    }
    return true;
}

bool map_text_parse(struct arena *a, const struct map *m, const struct yaml *node,
                    struct map_field *out, struct fault *why)
{
    struct parser p = { a, m, node, why };
    const char *at = node->text;
    size_t room = 0;

    while (*at != '\0') {
        struct map_part *part = arena_push(a, out->parts, out->part_count, room);
        *part = (struct map_part){ .index = -1 };
        if (*at != '{') {
            size_t length = strcspn(at, "{");
            part->words = arena_copy_n(a, at, length);
            at += length;
            continue;
        }
        const char *end = strchr(at, '}');
        if (end == NULL)
            return yaml_fail(node, why, "a { is opened here and never closed");
        if (!read_place(&p, arena_copy_n(a, at + 1, (size_t)(end - at - 1)), part))
            return false;
        at = end + 1;
    }
    return true;
}

/* ---- Filling ----------------------------------------------------------------------------- */

/* The field without blanks around it; copied only when there are any. */
static const char *trimmed(struct arena *a, const char *text)
{
    size_t length = strlen(text);
    bool blank_edge = length > 0 && (isspace((unsigned char)text[0]) ||
                                     isspace((unsigned char)text[length - 1]));

    return blank_edge ? text_trim(a, text) : text;
}

static const char *slug(struct arena *a, const char *text)
{
    char *out = arena_alloc(a, strlen(text) + 1);
    size_t n = 0;

    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (isalnum(c) || c >= 0x80)
            out[n++] = (char)tolower(c);
        else if (n > 0 && out[n - 1] != '-')
            out[n++] = '-';
    }
    while (n > 0 && out[n - 1] == '-')
        n--;
    out[n] = '\0';
    return out;
}

static const char *in_case(struct arena *a, const char *text, int (*change)(int))
{
    char *out = arena_copy(a, text);

    for (char *c = out; *c != '\0'; c++)
        *c = (char)change((unsigned char)*c);
    return out;
}

/* Zeros on the left, which spreadsheets like to lose; text that is no number stays as it is. */
static const char *digits(struct arena *a, const char *text, size_t wanted)
{
    size_t length = strlen(text);

    if (length >= wanted || strspn(text, "0123456789") != length)
        return text;
    char *out = arena_alloc(a, wanted + 1);
    memset(out, '0', wanted - length);
    memcpy(out + wanted - length, text, length + 1);
    return out;
}

/* Always the same choice for the same text, and another one from another list. */
static uint64_t choice(struct arena *a, const char *salt, const char *text)
{
    return (uint64_t)casefile_key_of(arena_print(a, "%s:%s", salt, text)).id;
}

const char *map_table_find(const struct map_table *table, const char *text)
{
    for (size_t i = 0; i < table->count; i++) {
        if (strcmp(table->from[i], text) == 0)
            return table->to[i];
    }
    return NULL;
}

/* NULL when a table does not know the text. */
static const char *apply(const struct map_step *step, struct arena *a, const char *text)
{
    switch (step->kind) {
    case STEP_LOWER:
        return in_case(a, text, tolower);
    case STEP_UPPER:
        return in_case(a, text, toupper);
    case STEP_SLUG:
        return slug(a, text);
    case STEP_DIGITS:
        return digits(a, text, (size_t)step->from);
    case STEP_NUMBER:
        return arena_print(
            a, "%lld",
            (long long)(step->from + (int64_t)(choice(a, "number", text) %
                                               (uint64_t)(step->to - step->from + 1))));
    case STEP_PICK:
        return step->list->items[choice(a, step->list->name, text) % step->list->count];
    case STEP_TABLE:
        return map_table_find(step->table, text);
    }
    bug("a step is missing above", HERE);
}

static bool unforeseen(const struct map *m, enum map_name name, const char *value,
                       struct arena *a, struct problem *p)
{
    return problem_set(p, a, PROBLEM_VALUE, map_column(m, name), value,
                       "mend the value, or add it to the map",
                       "\"%s\" is not a value that the map knows here", value);
}

static const char *place_text(const struct map_part *part, const struct csv_row *row,
                              struct arena *a, bool *anything)
{
    bool there = part->index >= 0 && (size_t)part->index < row->count;
    const char *text = there ? trimmed(a, row->fields[part->index]) : "";

    if (*text == '\0')
        return "";
    *anything = true;
    for (size_t i = 0; text != NULL && i < part->step_count; i++)
        text = apply(&part->steps[i], a, text);
    return text;
}

/* Lines without blanks around them, and without empty ones: addresses have gaps. */
static const char *tidy(struct arena *a, const char *text)
{
    if (strchr(text, '\n') == NULL)
        return trimmed(a, text);
    char *out = arena_alloc(a, strlen(text) + 1);
    size_t n = 0;
    for (const char *c = text; *c != '\0';) {
        size_t length = strcspn(c, "\n");
        const char *line = text_trim(a, arena_copy_n(a, c, length));
        if (*line != '\0') {
            if (n > 0)
                out[n++] = '\n';
            memcpy(out + n, line, strlen(line));
            n += strlen(line);
        }
        c += length + (c[length] == '\n');
    }
    return out;
}

/* The text with all its places filled; NULL when a table did not know a value. */
static const char *fill(const struct map_field *field, const struct csv_row *row,
                        struct arena *a, const char **unknown)
{
    bool anything = false, places = false;
    struct text out = { 0 };

    if (field->part_count == 1 && field->parts[0].words != NULL)
        return field->parts[0].words;
    if (field->part_count == 1) {
        *unknown =
            row->fields[field->parts[0].index >= 0 && (size_t)field->parts[0].index < row->count
                            ? field->parts[0].index
                            : 0];
        return place_text(&field->parts[0], row, a, &anything);
    }
    for (size_t i = 0; i < field->part_count; i++) {
        const struct map_part *part = &field->parts[i];
        const char *text =
            part->words != NULL ? part->words : place_text(part, row, a, &anything);
        places = places || part->words == NULL;
        if (text == NULL) {
            *unknown = row->fields[part->index];
            text_free(&out);
            return NULL;
        }
        text_add(&out, text);
    }
    const char *filled = anything || !places ? arena_copy(a, text_of(&out)) : "";
    text_free(&out);
    return tidy(a, filled);
}

bool map_text(const struct map *m, enum map_name name, const struct csv_row *row,
              struct arena *a, const char **out, struct problem *p)
{
    const struct map_field *field = &m->fields[name];
    const char *unknown = "", *text;

    *out = "";
    if (field->part_count == 0)
        return true;
    text = row->count == 0 ? "" : fill(field, row, a, &unknown);
    if (text != NULL && *text == '\0' && field->when_empty != NULL)
        text = field->when_empty;
    if (text != NULL && *text != '\0' && field->values != NULL) {
        unknown = text;
        text = map_table_find(field->values, text);
    }
    if (text == NULL && field->otherwise == NULL)
        return unforeseen(m, name, unknown, a, p);
    *out = text == NULL ? field->otherwise : text;
    return true;
}

bool map_day(const struct map *m, enum map_name name, const struct csv_row *row,
             struct arena *a, struct day *out, struct problem *p)
{
    const char *form = m->fields[name].dates, *text;

    *out = DAY_NONE;
    if (!map_text(m, name, row, a, &text, p))
        return false;
    if (*text == '\0')
        return true;
    enum problem_kind wrong = date_read(form, text, out);
    if (wrong == PROBLEM_NONE)
        return true;
    if (wrong == PROBLEM_YEAR)
        return problem_set(p, a, wrong, map_column(m, name), text, "write the year in full",
                           "the year has two digits: which century?");
    return problem_set(p, a, wrong, map_column(m, name), text, "write a date that exists",
                       "no such date, read as %s", form);
}

bool map_amount(const struct map *m, enum map_name name, const struct csv_row *row,
                enum currency currency, struct arena *a, int64_t *minor, bool *known,
                struct problem *p)
{
    const char *text;

    *minor = 0;
    *known = false;
    if (!map_text(m, name, row, a, &text, p))
        return false;
    if (*text == '\0')
        return true;
    *known = true;
    if (amount_read(&m->fields[name].amounts, text, currency, a, minor, p))
        return true;
    p->column = map_column(m, name);
    return false;
}

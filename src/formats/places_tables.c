#include "formats/places_tables.h"

#include "base/files.h"
#include "base/text.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- Lines ----------------------------------------------------------------------------------
 */

enum { COLUMNS = 3, LETTERS = 26 };

/* A file of lines with three columns, cut in place. */
struct lines {
    const char *path;
    char *at;
    int number;
    char *columns[COLUMNS];
    struct fault *why;
};

static bool lines_open(struct arena *a, const char *path, struct lines *out, struct fault *why)
{
    struct file file;

    *out = (struct lines){ .path = path, .why = why };
    if (!files_load(a, path, &file, why))
        return false;
    out->at = arena_copy_n(a, (const char *)file.bytes, file.length);
    return true;
}

static bool lines_fail(struct lines *l, const char *what)
{
    return fail(l->why, BAD_PACK, "%s:%d: %s", l->path, l->number, what);
}

/* The next line that is no remark; false at the end. */
static bool lines_next(struct lines *l)
{
    while (*l->at != '\0') {
        char *line = l->at, *end = line + strcspn(line, "\n");
        l->at = end + (*end == '\n');
        *end = '\0';
        l->number++;
        if (*line == '#' || *line == '\0')
            continue;
        for (int i = 0; i < COLUMNS; i++) {
            l->columns[i] = line;
            line += strcspn(line, "\t");
            if (*line == '\t')
                *line++ = '\0';
        }
        return true;
    }
    return false;
}

/* ---- Tables ---------------------------------------------------------------------------------
 */

static bool table_read(struct arena *a, const char *path, struct place_table *out,
                       struct fault *why)
{
    struct lines l;
    struct place_row *rows = NULL;
    size_t count = 0, room = 0;

    if (!lines_open(a, path, &l, why))
        return false;
    while (lines_next(&l)) {
        if (count > 0 && strcmp(rows[count - 1].key, l.columns[0]) >= 0)
            return lines_fail(&l, "the lines are not in the order of their first column");
        *arena_push(a, rows, count, room) =
            (struct place_row){ l.columns[0], l.columns[1], l.columns[2] };
    }
    *out = (struct place_table){ count, rows };
    return true;
}

/* "=E<tab>America/New_York" names a letter. */
static bool letter_read(struct lines *l, const char *letters[LETTERS])
{
    char letter = l->columns[0][1];

    if (letter < 'A' || letter > 'Z')
        return lines_fail(l, "a zone is named by a capital letter");
    letters[letter - 'A'] = l->columns[1];
    return true;
}

/* Few sets of letters stand for all runs: each is spelled out once. */
struct spelling {
    const char *letters[LETTERS];
    struct {
        const char *word, *zones;
    } * words;
    size_t count, room;
};

/* NULL when a letter names no zone. */
static const char *word_spell(struct spelling *s, struct arena *a, const char *word)
{
    const char *zones = "";

    for (size_t i = 0; i < s->count; i++) {
        if (strcmp(s->words[i].word, word) == 0)
            return s->words[i].zones;
    }
    for (const char *at = word; *at != '\0'; at++) {
        if (*at < 'A' || *at > 'Z' || s->letters[*at - 'A'] == NULL)
            return NULL;
        zones = list_join(a, zones, s->letters[*at - 'A']);
    }
    arena_push(a, s->words, s->count, s->room);
    s->words[s->count - 1].word = word;
    s->words[s->count - 1].zones = zones;
    return zones;
}

static bool run_read(struct lines *l, struct arena *a, struct spelling *s, struct zip_run *out)
{
    char *dash;
    long first = strtol(l->columns[0], &dash, 10);
    long last = *dash == '-' ? strtol(dash + 1, NULL, 10) : first;

    *out = (struct zip_run){ (int32_t)first, (int32_t)last, word_spell(s, a, l->columns[1]),
                             l->columns[2] };
    if (out->zones == NULL)
        return lines_fail(l, "a letter that names no zone");
    if (first < 0 || first > last || last > 99999)
        return lines_fail(l, "this is no run of ZIP codes");
    return true;
}

static bool zips_read(struct arena *a, const char *path, struct places *out, struct fault *why)
{
    struct spelling spelling = { 0 };
    struct zip_run *runs = NULL, run;
    size_t count = 0, room = 0;
    struct lines l;

    if (!lines_open(a, path, &l, why))
        return false;
    while (lines_next(&l)) {
        if (l.columns[0][0] == '=') {
            if (!letter_read(&l, spelling.letters))
                return false;
            continue;
        }
        if (!run_read(&l, a, &spelling, &run))
            return false;
        if (count > 0 && runs[count - 1].last >= run.first)
            return lines_fail(&l, "the codes are not in their order");
        *arena_push(a, runs, count, room) = run;
    }
    out->zips = runs;
    out->zip_count = count;
    return true;
}

static int by_name(const void *a, const void *b)
{
    return strcasecmp(((const struct place_name *)a)->name,
                      ((const struct place_name *)b)->name);
}

static void names_sort(struct arena *a, struct places *p)
{
    struct place_name *names = NULL;
    size_t count = 0, room = 0;

    for (size_t i = 0; i < p->countries.count; i++) {
        const struct place_row *row = &p->countries.rows[i];
        for (const char *at = row->places; *at != '\0';) {
            size_t length = strcspn(at, "|");
            *arena_push(a, names, count, room) =
                (struct place_name){ arena_copy_n(a, at, length), row };
            at += length + (at[length] == '|');
        }
    }
    if (count > 0)
        qsort(names, count, sizeof *names, by_name);
    p->names = names;
    p->name_count = count;
}

static bool tables_read(struct arena *a, struct places *out, struct fault *why)
{
    if (!table_read(a, "rules/places/countries.txt", &out->countries, why) ||
        !table_read(a, "rules/places/postcodes.txt", &out->postcodes, why) ||
        !table_read(a, "rules/places/numbers.txt", &out->numbers, why) ||
        !zips_read(a, "rules/places/zips.txt", out, why))
        return false;
    names_sort(a, out);
    return true;
}

bool places_load(const struct places **out, struct fault *why)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static struct arena arena;
    static struct places kept;
    static bool read;

    pthread_mutex_lock(&lock);
    if (!read)
        read = tables_read(&arena, &kept, why);
    bool done = read;
    pthread_mutex_unlock(&lock);
    *out = &kept;
    return done;
}

/* ---- Searching ------------------------------------------------------------------------------
 */

const struct place_row *places_row(const struct place_table *table, const char *key)
{
    size_t low = 0, high = table->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(table->rows[middle].key, key);
        if (order == 0)
            return &table->rows[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

bool places_zip(const struct places *p, const char *code, const char **zones,
                const char **places)
{
    char five[6];
    size_t low = 0, high = p->zip_count;

    snprintf(five, sizeof five, "%s", code);
    long zip = strtol(five, NULL, 10);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (p->zips[middle].last < zip)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == p->zip_count || p->zips[low].first > zip)
        return false;
    *zones = p->zips[low].zones;
    *places = p->zips[low].places;
    return true;
}

/* The first place of this name; the others follow it. */
static size_t name_find(const struct places *p, const char *name)
{
    size_t low = 0, high = p->name_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcasecmp(p->names[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_named(const struct places *p, size_t at, const char *name)
{
    return at < p->name_count && strcasecmp(p->names[at].name, name) == 0;
}

const struct place_row *places_named(const struct places *p, const char *name)
{
    static const char *const islands[] = { "US-AS", "US-GU", "US-MP", "US-PR", "US-VI" };
    size_t at = name_find(p, name);
    const struct place_row *row;

    if (!is_named(p, at, name) || is_named(p, at + 1, name))
        return NULL;
    row = p->names[at].row;
    if (strlen(row->key) == 2 || strncmp(row->key, "GB-", 3) == 0)
        return row;
    for (size_t i = 0; i < COUNT(islands); i++) {
        if (strcmp(row->key, islands[i]) == 0)
            return row;
    }
    return NULL;
}

const struct place_row *places_part_named(const struct places *p, const char *country,
                                          const char *name)
{
    for (size_t at = name_find(p, name); is_named(p, at, name); at++) {
        const struct place_row *row = p->names[at].row;
        if (strlen(row->key) > 2 && strncmp(row->key, country, 2) == 0)
            return row;
    }
    return NULL;
}

/* Private to the files that read maps. */
#ifndef FORMATS_MAP_LOADER_H
#define FORMATS_MAP_LOADER_H

#include "formats/map.h"

struct loader {
    struct arena *a;
    struct fault *why;
    struct map *map;
    size_t list_room, table_room, filter_room;
    const char *dates;          /* of the whole map */
    struct amount_form amounts; /* of the whole map */
};

bool map_word_among(const char *word, const char *const words[], size_t count, int *out);
/* One of a few words, and one character; faults stick to the reader. */
int map_word_of(struct yaml_reader *r, const char *key, const char *otherwise,
                const char *const words[], size_t count);
char map_one_character(struct yaml_reader *r, const char *key, char otherwise);

/* These return false with *why set. */
bool map_read_amounts(struct loader *l, const struct yaml *node, struct amount_form *form);
bool map_read_dates(struct loader *l, const struct yaml *node, const char **out);
bool map_read_table(struct loader *l, const char *name, const struct yaml *node,
                    struct map_table *out);
/* "debtor", "debt" or "payment"; a map may have no such section. */
bool map_read_section(struct loader *l, const struct yaml *root, const char *section);

#endif

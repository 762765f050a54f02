/* Private to the files of maps: the texts with places. */
#ifndef FORMATS_MAP_TEXT_H
#define FORMATS_MAP_TEXT_H

#include "formats/map.h"

/* Parses the text of `node` into the parts of *out. Lists and tables of the map are there. */
bool map_text_parse(struct arena *a, const struct map *m, const struct yaml *node,
                    struct map_field *out, struct fault *why);

/* NULL when the table does not have it. */
const char *map_table_find(const struct map_table *table, const char *text);

#endif

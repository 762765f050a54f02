/* The tables of formats/places.h, read and sorted. Private to src/formats/places*.c. */
#ifndef FORMATS_PLACES_TABLES_H
#define FORMATS_PLACES_TABLES_H

#include "formats/places.h"

/* A line of a table. In `countries` the third column is their names. */
struct place_row {
    const char *key, *zones, *places;
};

struct place_table {
    size_t count;
    const struct place_row *rows; /* ascending by key, in bytes */
};

/* A run of ZIP codes. */
struct zip_run {
    int32_t first, last;
    const char *zones, *places;
};

/* A name of a country or of one of its parts. */
struct place_name {
    const char *name;
    const struct place_row *row;
};

struct places {
    struct place_table countries, postcodes, numbers;
    size_t zip_count, name_count;
    const struct zip_run *zips;     /* ascending */
    const struct place_name *names; /* ascending, small and capital letters alike */
};

const struct place_row *places_row(const struct place_table *table, const char *key);
bool places_zip(const struct places *p, const char *code, const char **zones,
                const char **places);

/* A country, a nation of Great Britain or an island of the United States by its name; NULL when
 * a part of another country bears it as well: Georgia. */
const struct place_row *places_named(const struct places *p, const char *name);
/* A part of this country. */
const struct place_row *places_part_named(const struct places *p, const char *country,
                                          const char *name);

#endif

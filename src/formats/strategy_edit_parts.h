/* Strategy edit parts: whether an edit changed what it should and nothing else. Private to
 * src/formats/strategy_edit*.c. */
#ifndef FORMATS_STRATEGY_EDIT_PARTS_H
#define FORMATS_STRATEGY_EDIT_PARTS_H

#include "formats/yaml.h"

/* What may differ, and how: one key of a map, or which items a list has. */
struct tree_exception {
    const struct yaml *map;
    const char *key, *other; /* `other` is gone in any case; NULL: there is none */
    const char *value;       /* what it must be; NULL: the key is gone */

    const struct yaml *list;
    const size_t *places; /* of each item afterwards: where it was */
    size_t count, added;  /* afterwards; the place of a new one, or SIZE_MAX */

    bool loses_remarks, moves_remarks;
};

bool edit_is_only(struct arena *a, const struct yaml *before, const char *text,
                  const char *becomes, const struct tree_exception *except);

/* 0, 1, 2 …: without `removed`, and with a gap at `added` (SIZE_MAX: none). */
const size_t *places_list(struct arena *a, size_t count, size_t removed, size_t added);
const size_t *places_moved(struct arena *a, size_t count, size_t from, size_t to);

/* The next name of "email, letter", and behind it; NULL after the last. */
const char *channel_next(struct arena *a, const char **rest);

#endif

#include "formats/record.h"

#include <jansson.h>

const char *record_text(struct arena *a, const char *record, const char *object,
                        const char *key)
{
    json_t *root = json_loads(record, JSON_REJECT_DUPLICATES, NULL);
    const char *found = json_string_value(json_object_get(json_object_get(root, object), key));
    const char *kept = found != NULL ? arena_copy(a, found) : NULL;

    json_decref(root);
    return kept;
}

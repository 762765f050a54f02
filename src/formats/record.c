#include "formats/record.h"

#include <jansson.h>

const char *record_text(struct arena *a, const char *record, const char *object,
                        const char *key)
{
    json_t *root = json_loads(record, JSON_REJECT_DUPLICATES, NULL);
    const json_t *inside = object == NULL ? root : json_object_get(root, object);
    const char *found = json_string_value(json_object_get(inside, key));
    const char *kept = found != NULL ? arena_copy(a, found) : NULL;

    json_decref(root);
    return kept;
}

int64_t record_number(const char *record, const char *key)
{
    json_t *root = json_loads(record, JSON_REJECT_DUPLICATES, NULL);
    int64_t number = json_integer_value(json_object_get(root, key));

    json_decref(root);
    return number;
}

const char *record_words(struct arena *a, const char *record)
{
    json_t *root = json_loads(record, JSON_REJECT_DUPLICATES, NULL), *value;
    const char *words = "", *key;

    json_object_foreach(root, key, value)
    {
        const char *between = *words == '\0' ? "" : ", ";
        if (json_is_string(value))
            words = arena_print(a, "%s%s%s %s", words, between, key, json_string_value(value));
        else if (json_is_integer(value))
            words = arena_print(a, "%s%s%s %lld", words, between, key,
                                (long long)json_integer_value(value));
    }
    json_decref(root);
    return words;
}

bool record_items(struct arena *a, const char *record, struct record_item **out, size_t *count,
                  struct fault *why)
{
    json_t *whole = json_loads(record, 0, NULL);
    const json_t *items = json_object_get(whole, "items"), *item;
    size_t i;

    *count = json_array_size(items);
    *out = arena_array(a, struct record_item, *count);
    json_array_foreach(items, i, item) {
        (*out)[i].debt = (int32_t)json_integer_value(json_object_get(item, "debt"));
        (*out)[i].instalment = (int32_t)json_integer_value(json_object_get(item, "instalment"));
    }
    json_decref(whole);
    return *count > 0 || fail(why, DB_ROW, "A decision of the journal tells of nothing.");
}

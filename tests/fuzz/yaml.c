/* Any bytes as YAML: a tree whose every node has a place, or a refusal that names one. */
#include "formats/yaml.h"

#include "base/text.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t length);

static void ask(const struct yaml *map, const char *key, struct arena *a)
{
    struct fault why = { 0 };
    struct yaml_reader r = yaml_read(map, &why);

    yaml_text(&r, key);
    yaml_int(&r, key, -5, 5);
    yaml_bool_or(&r, key, true);
    yaml_day_or(&r, key, DAY_NONE);
    yaml_texts(&r, a, key);
    yaml_list_or(&r, key);
    yaml_map_or(&r, key);
    yaml_only(&r, "a", "name", "template", NULL);
    must(r.ok == (why.code == FAULT_NONE));
}

static void walk(const struct yaml *node, int depth, struct arena *a)
{
    size_t bad;

    must(depth <= 65);
    must(node->place.line >= 1 && node->place.column >= 1);
    if (node->kind == YAML_TEXT) {
        must(text_is_utf8(node->text, strlen(node->text), &bad));
        return;
    }
    for (size_t i = 0; i < node->count; i++) {
        if (node->kind == YAML_MAP) {
            must(yaml_find(node, node->keys[i]) == node->items[i]); /* no key stands twice */
            ask(node, node->keys[i], a);
        }
        walk(node->items[i], depth + 1, a);
    }
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t length)
{
    struct arena a = { 0 };
    struct fault why = { 0 };
    const struct yaml *root = yaml_parse(&a, "fuzz", (const char *)bytes, length, &why);

    if (root != NULL) {
        must(why.code == FAULT_NONE);
        walk(root, 0, &a);
        ask(root, "name", &a);
    } else {
        must(why.code == BAD_PACK && strncmp(why.text, "fuzz:", 5) == 0);
    }
    arena_free(&a);
    return 0;
}

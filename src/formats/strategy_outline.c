#include "formats/strategy_outline.h"

#include "base/text.h"

#include <string.h>

const char *outline_line(struct arena *a, const char *text)
{
    char *out = arena_copy(a, text), *to = out;

    for (; *text != '\0'; text++) {
        bool blank = strchr(" \t\r\n", *text) != NULL;
        if (!blank)
            *to++ = *text;
        else if (to > out && to[-1] != ' ')
            *to++ = ' ';
    }
    while (to > out && to[-1] == ' ')
        to--;
    *to = '\0';
    return out;
}

static const char *text_at(struct arena *a, const struct yaml *map, const char *key)
{
    const struct yaml *node = yaml_find(map, key);

    return node == NULL || node->kind != YAML_TEXT ? "" : outline_line(a, node->text);
}

static const char *list_at(struct arena *a, const struct yaml *map, const char *key)
{
    const struct yaml *list = yaml_find(map, key);
    const char *out = "";

    if (list == NULL || list->kind != YAML_LIST)
        return text_at(a, map, key);
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i]->kind == YAML_TEXT)
            out = arena_print(a, "%s%s%s", out, i > 0 ? ", " : "",
                              outline_line(a, list->items[i]->text));
    }
    return out;
}

static const struct yaml *items_of(const struct yaml *map, const char *key)
{
    const struct yaml *list = yaml_find(map, key);

    return list != NULL && list->kind == YAML_LIST ? list : NULL;
}

static void step_take(struct arena *a, const struct yaml *map, struct outline_step *out)
{
    bool before = yaml_find(map, "before_due") != NULL;

    *out = (struct outline_step){ .id = text_at(a, map, "id"),
                                  .when = text_at(a, map, "when"),
                                  .template = text_at(a, map, "template"),
                                  .channels = list_at(a, map, "channels"),
                                  .days = text_at(a, map, before ? "before_due" : "after_due"),
                                  .before = before };
}

static void ladder_take(struct arena *a, const struct yaml *map, struct outline_ladder *out)
{
    const struct yaml *steps = items_of(map, "steps"), *end = yaml_find(map, "end");

    *out = (struct outline_ladder){ .name = text_at(a, map, "name"),
                                    .entry = text_at(a, map, "entry"),
                                    .stale_after = text_at(a, map, "stale_after"),
                                    .gap = text_at(a, map, "gap"),
                                    .end_after = text_at(a, end, "after"),
                                    .end_then = text_at(a, end, "then") };
    if (steps == NULL)
        return;
    out->count = steps->count;
    out->steps = arena_array(a, struct outline_step, steps->count + 1);
    for (size_t i = 0; i < steps->count; i++)
        step_take(a, steps->items[i], &out->steps[i]);
}

static void ladders_take(struct arena *a, const struct yaml *root, struct strategy_outline *out)
{
    const struct yaml *list = items_of(root, "ladders");

    if (list == NULL)
        return;
    out->ladder_count = list->count;
    out->ladders = arena_array(a, struct outline_ladder, list->count + 1);
    for (size_t i = 0; i < list->count; i++)
        ladder_take(a, list->items[i], &out->ladders[i]);
}

static void segments_take(struct arena *a, const struct yaml *root,
                          struct strategy_outline *out)
{
    const struct yaml *list = items_of(root, "segments");

    if (list == NULL)
        return;
    out->segment_count = list->count;
    out->segments = arena_array(a, struct outline_segment, list->count + 1);
    for (size_t i = 0; i < list->count; i++) {
        const struct yaml *map = list->items[i];
        out->segments[i] =
            (struct outline_segment){ text_at(a, map, "name"), text_at(a, map, "when"),
                                      text_at(a, map, "ladder") };
    }
}

bool strategy_outline(struct arena *a, const char *file, const char *text,
                      struct strategy_outline *out, struct fault *why)
{
    const struct yaml *root = yaml_parse(a, file, text, strlen(text), why);

    *out = (struct strategy_outline){ 0 };
    if (root == NULL)
        return false;
    out->title = text_at(a, root, "title");
    out->applies = text_at(a, root, "for");
    out->order = text_at(a, root, "order");
    ladders_take(a, root, out);
    segments_take(a, root, out);
    return true;
}

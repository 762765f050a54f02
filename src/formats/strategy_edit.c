#include "formats/strategy_edit.h"

#include "base/text.h"
#include "formats/strategy_edit_parts.h"
#include "formats/yaml_scalar.h"

#include <string.h>

enum { LINE_MOST = 96 };

struct editing {
    struct arena *a;
    const struct strategy_edit *edit;
    const char *text; /* ends with a line's end */
    const struct yaml *root;
    struct fault *why;
};

static bool by_hand(struct editing *e)
{
    return fail(
        e->why, BAD_VALUE,
        "This stands in the text in a way that the form cannot change. Change it in the "
        "text.");
}

/* ---- Places ------------------------------------------------------------------------------ */

static size_t line_begin(const char *text, size_t at)
{
    while (at > 0 && text[at - 1] != '\n')
        at--;
    return at;
}

/* Behind the end of the line; a block that took it along ends there already. */
static size_t line_end(const char *text, size_t at)
{
    if (at > 0 && text[at - 1] == '\n')
        return at;
    at += strcspn(text + at, "\n");
    return at + (text[at] == '\n');
}

static bool rest_is_blank(const char *text, size_t at)
{
    return text[at + strspn(text + at, " \t\r")] == '\n';
}

static const char *pasted(struct editing *e, size_t from, size_t to, const char *instead)
{
    return arena_print(e->a, "%.*s%s%s", (int)from, e->text, instead, e->text + to);
}

static const char *blanks(struct arena *a, int count)
{
    return arena_print(a, "%*s", count, "");
}

static bool pair_find(const struct yaml *map, const char *key, size_t *at)
{
    for (*at = 0; *at < map->count; ++*at) {
        if (strcmp(map->keys[*at], key) == 0)
            return true;
    }
    return false;
}

/* ---- One key ----------------------------------------------------------------------------- */

static const char *value_written(struct editing *e)
{
    const char *out = "", *rest = e->edit->value;

    if (strcmp(e->edit->key, "channels") != 0)
        return yaml_scalar(e->a, e->edit->value);
    for (const char *name; (name = channel_next(e->a, &rest)) != NULL;)
        out =
            arena_print(e->a, "%s%s%s", out, *out == '\0' ? "" : ", ", yaml_scalar(e->a, name));
    return arena_print(e->a, "[%s]", out);
}

static const char *replaced(struct editing *e, const struct yaml *map, size_t at,
                            const char *key)
{
    const struct yaml *value = map->items[at];
    struct span of_key = map->key_spans[at];
    const char *written = value_written(e);

    /* a list of lines becomes one of brackets, beside its key */
    bool beside = value->kind == YAML_LIST && e->text[value->span.from] == '-';
    bool empty = value->span.from == value->span.to;
    if (beside || empty || strcmp(map->keys[at], key) != 0)
        return pasted(e, of_key.from, empty ? of_key.to + 1 : value->span.to,
                      arena_print(e->a, "%s: %s", key, written));
    bool ends_line = value->span.to > 0 && e->text[value->span.to - 1] == '\n';
    return pasted(e, value->span.from, value->span.to,
                  arena_print(e->a, "%s%s", written, ends_line ? "\n" : ""));
}

static const char *taken_away(struct editing *e, const struct yaml *map, size_t at)
{
    struct span key = map->key_spans[at], value = map->items[at]->span;

    if (e->text[map->span.from] == '{') {
        if (at > 0)
            return pasted(e, map->items[at - 1]->span.to, value.to, "");
        return pasted(e, key.from, map->count > 1 ? map->key_spans[1].from : value.to, "");
    }
    size_t from = line_begin(e->text, key.from);
    if (strspn(e->text + from, " ") < key.from - from) /* a dash stands before it */
        return map->count > 1 ? pasted(e, key.from, map->key_spans[at + 1].from, "") : NULL;
    if (value.to == 0 || e->text[value.to - 1] == '\n' || rest_is_blank(e->text, value.to))
        return pasted(e, from, line_end(e->text, value.to), "");
    return pasted(e, key.from, value.to + strspn(e->text + value.to, " "), "");
}

/* In which order the keys of a part are written. */
static const char *const orders[][9] = {
    [OF_STRATEGY] = { "strategy", "title", "order", "for" },
    [OF_SEGMENT] = { "name", "when", "ladder" },
    [OF_LADDER] = { "name", "entry", "stale_after", "gap", "steps", "end" },
    [OF_STEP] = { "id", "before_due", "after_due", "when", "channels", "template" },
};

/* The pair behind which the key belongs; false: before all others. */
static bool place_for(struct editing *e, const struct yaml *map, const char *key, size_t *at)
{
    const char *const *order = orders[e->edit->part];
    bool found = false;
    size_t pair;

    for (size_t i = 0; order[i] != NULL && strcmp(order[i], key) != 0; i++) {
        if (pair_find(map, order[i], &pair)) {
            *at = pair;
            found = true;
        }
    }
    return found;
}

static const char *inserted(struct editing *e, const struct yaml *map, const char *key)
{
    const char *pair = arena_print(e->a, "%s: %s", key, value_written(e));
    bool between = e->text[map->span.from] == '{';
    size_t at, first, end;

    if (map->count == 0)
        return NULL;
    first = map->key_spans[0].from;
    int column = map->key_places[0].column - 1;
    if (!place_for(e, map, key, &at))
        return pasted(e, first, first,
                      between ? arena_print(e->a, "%s, ", pair)
                              : arena_print(e->a, "%s\n%s", pair, blanks(e->a, column)));
    end = map->items[at]->span.to;
    if (!between) {
        end = line_end(e->text, end);
        return pasted(e, end, end, arena_print(e->a, "%s%s\n", blanks(e->a, column), pair));
    }
    bool fits = line_end(e->text, end) - line_begin(e->text, end) + strlen(pair) <= LINE_MOST;
    return pasted(e, end, end,
                  fits ? arena_print(e->a, ", %s", pair)
                       : arena_print(e->a, ",\n%s%s", blanks(e->a, column), pair));
}

static const char *other_day(const char *key)
{
    return strcmp(key, "before_due") == 0  ? "after_due"
           : strcmp(key, "after_due") == 0 ? "before_due"
                                           : NULL;
}

static bool may_be_missing(const char *key)
{
    static const char *const names[] = {
        "when", "for", "order", "entry", "stale_after", "gap"
    };

    for (size_t i = 0; i < COUNT(names); i++) {
        if (strcmp(names[i], key) == 0)
            return true;
    }
    return false;
}

static bool set(struct editing *e, const struct yaml *map, const char **out)
{
    const char *dot = strchr(e->edit->key, '.'), *key = e->edit->key;
    size_t at;

    if (dot != NULL) {
        map = yaml_find(map, arena_copy_n(e->a, key, (size_t)(dot - key)));
        key = dot + 1;
    }
    if (map == NULL || map->kind != YAML_MAP)
        return by_hand(e);
    struct tree_exception except = { .map = map, .key = key, .other = other_day(key) };
    bool gone = *e->edit->value == '\0' && may_be_missing(key);
    bool there =
        pair_find(map, key, &at) || (except.other != NULL && pair_find(map, except.other, &at));
    if (gone && !there) {
        *out = e->text;
        return true;
    }
    *out = gone    ? taken_away(e, map, at)
           : there ? replaced(e, map, at, key)
                   : inserted(e, map, key);
    except.value = gone ? NULL : e->edit->value;
    return (*out != NULL && edit_is_only(e->a, e->root, e->text, *out, &except)) || by_hand(e);
}

/* ---- Steps as a whole -------------------------------------------------------------------- */

/* The lines of an item, and the remarks right above them. */
static bool lines_of(const char *text, const struct yaml *item, struct span *out)
{
    size_t from = line_begin(text, item->span.from), indent = strspn(text + from, " ");

    if (text[from + indent] != '-' ||
        strspn(text + from + indent + 1, " ") != item->span.from - from - indent - 1)
        return false;
    while (from > 0) {
        size_t above = line_begin(text, from - 1);
        if (strspn(text + above, " ") != indent || text[above + indent] != '#')
            break;
        from = above;
    }
    *out = (struct span){ from, line_end(text, item->span.to) };
    return true;
}

static const char *step_in_brackets(struct arena *a, const char *margin,
                                    const char *const *pairs, size_t count)
{
    const char *out = arena_print(a, "%s- {%s", margin, pairs[0]);
    size_t length = strlen(out);

    for (size_t i = 1; i < count; i++) {
        bool breaks = length + strlen(pairs[i]) + 4 > LINE_MOST;
        const char *more = breaks ? arena_print(a, ",\n%s   %s", margin, pairs[i])
                                  : arena_print(a, ", %s", pairs[i]);
        length = breaks ? strlen(margin) + 3 + strlen(pairs[i]) : length + strlen(more);
        out = arena_print(a, "%s%s", out, more);
    }
    return arena_print(a, "%s}\n", out);
}

/* Written as its neighbour is. */
static const char *step_written(struct editing *e, const struct yaml *neighbour)
{
    const struct outline_step *s = &e->edit->step;
    struct strategy_edit channels = { .key = "channels", .value = s->channels };
    struct editing of_channels = { .a = e->a, .edit = &channels };
    const char *margin =
        blanks(e->a, (int)strspn(e->text + line_begin(e->text, neighbour->span.from), " "));
    const char *pairs[5], *out;
    size_t count = 0;

    pairs[count++] = arena_print(e->a, "id: %s", yaml_scalar(e->a, s->id));
    pairs[count++] = arena_print(e->a, "%s: %s", s->before ? "before_due" : "after_due",
                                 yaml_scalar(e->a, s->days));
    if (*s->when != '\0')
        pairs[count++] = arena_print(e->a, "when: %s", yaml_scalar(e->a, s->when));
    pairs[count++] = arena_print(e->a, "channels: %s", value_written(&of_channels));
    pairs[count++] = arena_print(e->a, "template: %s", yaml_scalar(e->a, s->template));
    if (e->text[neighbour->span.from] == '{')
        return step_in_brackets(e->a, margin, pairs, count);
    out = arena_print(e->a, "%s- %s\n", margin, pairs[0]);
    for (size_t i = 1; i < count; i++)
        out = arena_print(e->a, "%s%s  %s\n", out, margin, pairs[i]);
    return out;
}

static bool add(struct editing *e, const struct yaml *steps, const char **out)
{
    const struct yaml *neighbour = steps->items[e->edit->item];
    struct tree_exception except = { .list = steps,
                                     .added = e->edit->item + 1,
                                     .count = steps->count + 1 };
    struct span lines;

    if (!lines_of(e->text, neighbour, &lines))
        return by_hand(e);
    *out = pasted(e, lines.to, lines.to, step_written(e, neighbour));
    except.places = places_list(e->a, steps->count, SIZE_MAX, except.added);
    return edit_is_only(e->a, e->root, e->text, *out, &except) || by_hand(e);
}

static bool take_out(struct editing *e, const struct yaml *steps, const char **out)
{
    struct tree_exception except = {
        .list = steps, .added = SIZE_MAX, .count = steps->count - 1, .loses_remarks = true
    };
    struct span lines;

    if (steps->count == 1)
        return fail(e->why, BAD_VALUE,
                    "A ladder needs at least one step: change this one, or add another first.");
    if (!lines_of(e->text, steps->items[e->edit->item], &lines))
        return by_hand(e);
    *out = pasted(e, lines.from, lines.to, "");
    except.places = places_list(e->a, steps->count, e->edit->item, SIZE_MAX);
    return edit_is_only(e->a, e->root, e->text, *out, &except) || by_hand(e);
}

static bool move(struct editing *e, const struct yaml *steps, const char **out)
{
    size_t from = e->edit->item, to = e->edit->to;
    struct tree_exception except = {
        .list = steps, .added = SIZE_MAX, .count = steps->count, .moves_remarks = true
    };
    struct span it, there;

    if (to >= steps->count || to == from)
        return fail(e->why, BAD_VALUE, "There is no step to change places with.");
    if (!lines_of(e->text, steps->items[from], &it) ||
        !lines_of(e->text, steps->items[to], &there))
        return by_hand(e);
    const char *lines = arena_copy_n(e->a, e->text + it.from, it.to - it.from);
    *out =
        to < from
            ? arena_print(e->a, "%.*s%s%.*s%s", (int)there.from, e->text, lines,
                          (int)(it.from - there.from), e->text + there.from, e->text + it.to)
            : arena_print(e->a, "%.*s%.*s%s%s", (int)it.from, e->text, (int)(there.to - it.to),
                          e->text + it.to, lines, e->text + there.to);
    except.places = places_moved(e->a, steps->count, from, to);
    return edit_is_only(e->a, e->root, e->text, *out, &except) || by_hand(e);
}

/* ---- Which part -------------------------------------------------------------------------- */

static const struct yaml *item_of(const struct yaml *map, const char *key, size_t at)
{
    const struct yaml *list = map == NULL ? NULL : yaml_find(map, key);

    return list == NULL || list->kind != YAML_LIST || at >= list->count ? NULL
                                                                        : list->items[at];
}

static const struct yaml *part_of(const struct editing *e)
{
    const struct strategy_edit *edit = e->edit;

    switch (edit->verb == EDIT_SET ? edit->part : OF_STEP) {
    case OF_STRATEGY:
        return e->root;
    case OF_SEGMENT:
        return item_of(e->root, "segments", edit->item);
    case OF_LADDER:
        return item_of(e->root, "ladders", edit->ladder);
    case OF_STEP:
        return item_of(item_of(e->root, "ladders", edit->ladder), "steps", edit->item);
    }
    return NULL;
}

bool strategy_edit(struct arena *a, const char *text, const struct strategy_edit *edit,
                   const char **out, struct fault *why)
{
    size_t length = strlen(text);
    bool ends = length > 0 && text[length - 1] == '\n';
    struct editing e = {
        .a = a, .edit = edit, .why = why, .text = ends ? text : arena_print(a, "%s\n", text)
    };

    *out = text;
    e.root = yaml_parse(a, "text", e.text, strlen(e.text), why);
    if (e.root == NULL)
        return false;
    const struct yaml *part = part_of(&e);
    if (part == NULL || part->kind != YAML_MAP)
        return fail(why, BAD_VALUE, "There is no such part in the text any more.");
    const struct yaml *steps = yaml_find(item_of(e.root, "ladders", edit->ladder), "steps");
    bool done = edit->verb == EDIT_SET      ? set(&e, part, out)
                : edit->verb == EDIT_ADD    ? add(&e, steps, out)
                : edit->verb == EDIT_REMOVE ? take_out(&e, steps, out)
                                            : move(&e, steps, out);
    if (!done)
        *out = text;
    return done;
}

#include "formats/insights.h"

#include "base/files.h"
#include "base/text.h"

#include <string.h>

static bool better_read(const struct yaml *at, const char *text, enum insight_better *out,
                        struct fault *why)
{
    static const char *const names[] = { "up", "down", "neither" };

    for (size_t i = 0; i < COUNT(names); i++) {
        if (strcmp(names[i], text) == 0) {
            *out = (enum insight_better)i;
            return true;
        }
    }
    return yaml_fail(at, why, "better is up, down or neither, not \"%s\"", text);
}

/* "31.0", "31", "2.5": whole tenths. */
static bool tenths_read(const struct yaml *at, const char *text, bool *has, int64_t *out,
                        struct fault *why)
{
    char whole[24];
    const char *dot = strchr(text, '.');
    size_t length = dot != NULL ? (size_t)(dot - text) : strlen(text);
    bool fine = length > 0 && length < sizeof whole &&
                (dot == NULL || (dot[1] >= '0' && dot[1] <= '9' && dot[2] == '\0'));

    *has = text[0] != '\0';
    if (!*has)
        return true;
    if (fine) {
        memcpy(whole, text, length);
        whole[length] = '\0';
        fine = text_to_int(whole, out) && *out >= 0 && *out < 1000000;
    }
    if (!fine)
        return yaml_fail(at, why, "\"%s\" is not a number with one decimal at most", text);
    *out = *out * 10 + (dot != NULL ? dot[1] - '0' : 0);
    return true;
}

static bool words_read(const struct yaml *at, struct insight_words *w, struct fault *why)
{
    struct yaml_reader r = yaml_read(at, why);

    *w = (struct insight_words){ .title = yaml_text(&r, "title"),
                                 .question = yaml_text(&r, "question"),
                                 .definition = yaml_text(&r, "definition"),
                                 .formula = yaml_text(&r, "formula"),
                                 .trap = yaml_text(&r, "trap"),
                                 .unit_note = yaml_text_or(&r, "unit_note", "") };
    const char *better = yaml_text(&r, "better"), *target = yaml_text_or(&r, "target", "");
    const char *limit = yaml_text_or(&r, "limit", "");
    return r.ok &&
           yaml_only(&r, "name", "title", "question", "definition", "formula", "trap", "better",
                     "target", "limit", "unit_note", NULL) &&
           better_read(at, better, &w->better, why) &&
           tenths_read(at, target, &w->has_target, &w->target_tenths, why) &&
           tenths_read(at, limit, &w->has_limit, &w->limit_tenths, why);
}

static bool entry_read(const struct yaml *at, struct insight_book *book, struct fault *why)
{
    struct yaml_reader r = yaml_read(at, why);
    const char *name = yaml_text(&r, "name");
    enum insight insight;

    if (!r.ok)
        return false;
    if (!insight_parse(name, &insight))
        return yaml_fail(at, why, "there is no insight \"%s\"", name);
    if (book->of[insight].title != NULL)
        return yaml_fail(at, why, "\"%s\" stands here twice", name);
    return words_read(at, &book->of[insight], why);
}

struct insight_book *insights_parse(struct arena *a, const char *file, const char *bytes,
                                    size_t length, struct fault *why)
{
    const struct yaml *root = yaml_parse(a, file, bytes, length, why);
    struct insight_book *book = arena_make(a, struct insight_book);

    if (root == NULL)
        return NULL;
    struct yaml_reader r = yaml_read(root, why);
    yaml_text(&r, "insights");
    yaml_text(&r, "title");
    const struct yaml *list = yaml_list(&r, "list");
    if (!r.ok || !yaml_only(&r, "insights", "title", "list", NULL))
        return NULL;
    for (size_t i = 0; i < list->count; i++) {
        if (!entry_read(list->items[i], book, why))
            return NULL;
    }
    for (int i = 0; i < INSIGHT_COUNT; i++) {
        if (book->of[i].title == NULL) {
            yaml_fail(list, why, "\"%s\" is missing", insight_name((enum insight)i));
            return NULL;
        }
    }
    return book;
}

struct insight_book *insights_load(struct arena *a, struct fault *why)
{
    static const char path[] = "insights/house.yaml";
    struct file file;

    if (!files_load(a, path, &file, why))
        return NULL;
    return insights_parse(a, path, (const char *)file.bytes, file.length, why);
}

#include "formats/rates.h"

#include "base/files.h"
#include "base/text.h"

#include <string.h>

enum { PPM_A_PERCENT = 10000, PERCENT_DECIMALS = 4, PERCENT_MOST = 1000 };

bool percent_parse(const char *text, int32_t *ppm)
{
    bool negative = *text == '-';
    int32_t value = 0;
    int decimals = -1, digits = 0;

    for (text += negative; *text != '\0'; text++) {
        if (*text == '.' && decimals < 0 && digits > 0) {
            decimals = 0;
            continue;
        }
        if (*text < '0' || *text > '9' || decimals == PERCENT_DECIMALS)
            return false;
        value = value * 10 + (*text - '0');
        decimals += decimals >= 0;
        digits++;
        if (value > PERCENT_MOST * PPM_A_PERCENT)
            return false;
    }
    if (digits == 0 || decimals == 0)
        return false;
    for (int i = decimals < 0 ? 0 : decimals; i < PERCENT_DECIMALS; i++) {
        if (value > PERCENT_MOST * PPM_A_PERCENT / 10)
            return false;
        value *= 10;
    }
    *ppm = negative ? -value : value;
    return true;
}

static bool percent_of(const struct yaml *node, int32_t least, int32_t most, int32_t *ppm,
                       struct fault *why)
{
    if (node->kind != YAML_TEXT || !percent_parse(node->text, ppm))
        return yaml_fail(node, why, "a percentage like 8 or 12.75 is wanted here");
    if (*ppm < least || *ppm > most)
        return yaml_fail(node, why, "this percentage must lie between %g and %g",
                         (double)least / PPM_A_PERCENT, (double)most / PPM_A_PERCENT);
    return true;
}

int32_t yaml_percent(struct yaml_reader *r, const char *key, int32_t least, int32_t most)
{
    const char *text = yaml_text(r, key);
    int32_t ppm = 0;

    if (r->ok && *text != '\0')
        r->ok = percent_of(yaml_find(r->map, key), least, most, &ppm, r->why);
    return ppm;
}

struct rates rates_plus(struct arena *a, struct rates rates, int32_t margin_ppm)
{
    struct rate_step *steps = arena_array(a, struct rate_step, rates.count + 1);

    for (size_t i = 0; i < rates.count; i++) {
        int32_t ppm = rates.steps[i].ppm + margin_ppm;
        steps[i] = (struct rate_step){ rates.steps[i].from, ppm > 0 ? ppm : 0 };
    }
    return (struct rates){ rates.count, steps };
}

/* The days and rates of a series. */
static bool steps_read(struct arena *a, const struct yaml *map, struct rate_series *out,
                       struct fault *why)
{
    enum { MOST = PERCENT_MOST * PPM_A_PERCENT };
    struct rate_step *steps = arena_array(a, struct rate_step, map->count + 1);

    for (size_t i = 0; i < map->count; i++) {
        struct yaml at = { .place = map->key_places[i] };
        if (!day_parse(map->keys[i], &steps[i].from))
            return yaml_fail(&at, why, "\"%s\" is no date like 2026-11-20", map->keys[i]);
        if (i > 0 && steps[i].from.number <= steps[i - 1].from.number)
            return yaml_fail(&at, why, "days must follow each other; %s does not",
                             map->keys[i]);
        if (!percent_of(map->items[i], -MOST, MOST, &steps[i].ppm, why))
            return false;
    }
    if (map->count == 0)
        return yaml_fail(map, why, "a series needs at least one rate");
    if (out->known_to.number < steps[map->count - 1].from.number)
        return yaml_fail(map, why, "known_to lies before the last rate");
    out->rates = (struct rates){ map->count, steps };
    return true;
}

bool rate_series_read(struct arena *a, const char *file, const char *bytes, size_t length,
                      struct rate_series *out, struct fault *why)
{
    const struct yaml *root = yaml_parse(a, file, bytes, length, why);

    if (root == NULL)
        return false;
    struct yaml_reader r = yaml_read(root, why);
    yaml_only(&r, "series", "title", "source", "known_to", "rates", NULL);
    out->name = yaml_text(&r, "series");
    out->title = yaml_text(&r, "title");
    out->source = yaml_text(&r, "source");
    out->file = arena_copy(a, file);
    yaml_text(&r, "known_to");
    out->known_to = yaml_day_or(&r, "known_to", DAY_NONE);
    const struct yaml *steps = yaml_map(&r, "rates");
    return r.ok && steps_read(a, steps, out, why);
}

static bool series_load(struct arena *a, struct rate_book *book, struct fault *why)
{
    const char **paths;
    size_t count;

    if (!files_list(a, "rates/series/", ".yaml", &paths, &count, why))
        return false;
    struct rate_series *all = arena_array(a, struct rate_series, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct file file;
        if (!files_load(a, paths[i], &file, why) ||
            !rate_series_read(a, paths[i], (const char *)file.bytes, file.length, &all[i], why))
            return false;
        for (size_t k = 0; k < i; k++) {
            if (strcmp(all[k].name, all[i].name) == 0)
                return fail(why, BAD_PACK, "%s and %s are both called \"%s\"; rename one.",
                            all[k].file, all[i].file, all[i].name);
        }
    }
    book->series_count = count;
    book->series = all;
    return true;
}

bool rate_book_load(struct arena *a, struct rate_book *out, struct fault *why)
{
    static const char statutory[] = "rates/statutory.yaml", orders[] = "rates/allocation.yaml";
    struct file file;

    *why = (struct fault){ 0 };
    *out = (struct rate_book){ 0 };
    return series_load(a, out, why) && files_load(a, statutory, &file, why) &&
           statutory_read(a, statutory, (const char *)file.bytes, file.length, out, why) &&
           files_load(a, orders, &file, why) &&
           orders_read(a, orders, (const char *)file.bytes, file.length, out, why);
}

const struct rate_series *rate_series_find(const struct rate_book *book, const char *name)
{
    for (size_t i = 0; i < book->series_count; i++) {
        if (strcmp(book->series[i].name, name) == 0)
            return &book->series[i];
    }
    return NULL;
}

const struct statutory_rate *statutory_rate_find(const struct rate_book *book,
                                                 const char *country, bool consumer)
{
    for (size_t i = 0; i < book->statutory_count; i++) {
        if (book->statutory[i].consumer == consumer &&
            strcmp(book->statutory[i].country, country) == 0)
            return &book->statutory[i];
    }
    return NULL;
}

const struct allocation_order *allocation_of_place(const struct rate_book *book,
                                                   const char *place)
{
    for (size_t i = 0; i < book->order_count; i++) {
        if (strcmp(book->orders[i].place, place) == 0)
            return &book->orders[i].allocation;
    }
    return NULL;
}

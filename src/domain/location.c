#include "domain/location.h"

#include <string.h>

enum { ITEM_MOST = 80 };

/* ---- Texts with commas --------------------------------------------------------------------
 */

/* The next item of a list, or false at its end. */
static bool item_next(const char **at, char item[ITEM_MOST])
{
    while (**at != '\0') {
        size_t length = strcspn(*at, ",");
        const char *start = *at;
        *at += length + (start[length] == ',');
        if (length == 0 || length >= ITEM_MOST)
            continue;
        memcpy(item, start, length);
        item[length] = '\0';
        return true;
    }
    return false;
}

bool place_lies_in(const char *place, const char *wider)
{
    size_t length = strlen(wider);

    return strncmp(place, wider, length) == 0 &&
           (place[length] == '\0' || place[length] == '-');
}

bool places_touch(const char *list, const char *wider)
{
    char item[ITEM_MOST];

    while (item_next(&list, item)) {
        if (place_lies_in(item, wider))
            return true;
    }
    return false;
}

typedef bool item_same(const char *a, const char *b);

static bool same_text(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

/* Clocks of the past do not matter to a contact that is yet to be made. */
static bool same_clocks(const char *a, const char *b)
{
    const struct zone *one, *other;
    struct instant since;

    if (strcmp(a, b) == 0)
        return true;
    one = zone_find(a);
    other = zone_find(b);
    since = (struct instant){ (int64_t)day_of_date((struct date){ 2024, 1, 1 }).number *
                              SECONDS_A_DAY * 1000000 };
    return one != NULL && other != NULL && zones_agree(one, other, since);
}

static bool list_has(const char *list, const char *wanted, item_same *same)
{
    char item[ITEM_MOST];

    while (item_next(&list, item)) {
        if (same(item, wanted))
            return true;
    }
    return false;
}

static const char *join(struct arena *a, const char *list, const char *more, item_same *same)
{
    char item[ITEM_MOST];

    while (item_next(&more, item)) {
        if (!list_has(list, item, same))
            list = arena_print(a, "%s%s%s", list, *list == '\0' ? "" : ",", item);
    }
    return list;
}

const char *list_join(struct arena *a, const char *list, const char *more)
{
    return join(a, list, more, same_text);
}

const char *zones_join(struct arena *a, const char *list, const char *more)
{
    return join(a, list, more, same_clocks);
}

/* ---- Stored -------------------------------------------------------------------------------
 */

static const char *const kind_names[CLUE_KIND_COUNT] = {
#define X(code, name) [code] = name,
    CLUE_KINDS(X)
#undef X
};

/* The text up to the bar or the end of the line; *at moves behind it. */
static const char *part_next(struct arena *a, const char **at)
{
    size_t length = strcspn(*at, "|\n");
    const char *part = arena_copy_n(a, *at, length);

    *at += length + ((*at)[length] == '|');
    return part;
}

void clues_parse(struct arena *a, const char *text, struct clues *out)
{
    *out = (struct clues){ 0 };
    while (*text != '\0') {
        const char *kind = part_next(a, &text), *words = part_next(a, &text);
        const char *zones = part_next(a, &text), *places = part_next(a, &text);
        for (int i = 0; i < CLUE_KIND_COUNT; i++) {
            if (strcmp(kind, kind_names[i]) == 0)
                out->of[i] = (struct clue){ words, zones, places };
        }
        text += strcspn(text, "\n");
        text += *text == '\n';
    }
}

const char *clues_print(struct arena *a, const struct clues *clues)
{
    const char *text = "";

    for (int i = 0; i < CLUE_KIND_COUNT; i++) {
        const struct clue *c = &clues->of[i];
        if (c->words != NULL)
            text = arena_print(a, "%s%s|%s|%s|%s\n", text, kind_names[i], c->words, c->zones,
                               c->places);
    }
    return text;
}

/* ---- What follows ---------------------------------------------------------------------------
 */

static bool is_there(const struct clues *clues, enum clue_kind kind)
{
    return clues->of[kind].words != NULL;
}

/* Every place of the outer clue has one of the inner clue inside. */
static bool lies_inside(const struct clue *inner, const struct clue *outer)
{
    const char *at;
    char place[ITEM_MOST];

    if (inner->words == NULL || outer->words == NULL || outer->places[0] == '\0')
        return false;
    for (at = outer->places; item_next(&at, place);) {
        if (!places_touch(inner->places, place))
            return false;
    }
    return true;
}

/* A clue that a better one has made good for nothing. */
static bool is_overtaken(const struct clues *clues, enum clue_kind kind)
{
    const struct clue *of = clues->of;

    if (is_there(clues, CLUE_SAID) && kind != CLUE_SAID && kind != CLUE_VISIT)
        return true;
    switch (kind) {
    case CLUE_SAID:
    case CLUE_VISIT:
    case CLUE_STATED:
    case CLUE_ADDRESS:
        return false;
    case CLUE_PLACE: /* the address tells the town */
        return lies_inside(&of[CLUE_ADDRESS], &of[CLUE_PLACE]);
    case CLUE_NUMBER:
        return is_there(clues, CLUE_STATED);
    case CLUE_COUNTRY: /* that they are in their country was known */
        return is_there(clues, CLUE_STATED) ||
               lies_inside(&of[CLUE_ADDRESS], &of[CLUE_COUNTRY]) ||
               lies_inside(&of[CLUE_PLACE], &of[CLUE_COUNTRY]) ||
               lies_inside(&of[CLUE_NUMBER], &of[CLUE_COUNTRY]);
    }
    return true;
}

static bool gives_zones(const struct clues *clues, enum clue_kind kind)
{
    bool stated = is_there(clues, CLUE_STATED) && !is_there(clues, CLUE_SAID);

    return is_there(clues, kind) && !is_overtaken(clues, kind) &&
           !(stated && (kind == CLUE_ADDRESS || kind == CLUE_PLACE));
}

/* Whoever said the zone alone is still at one of the places known before. */
static bool gives_places(const struct clues *clues, enum clue_kind kind)
{
    struct clues without = *clues;

    if (clues->of[CLUE_SAID].words != NULL && clues->of[CLUE_SAID].places[0] == '\0')
        without.of[CLUE_SAID].words = NULL;
    return is_there(&without, kind) && !is_overtaken(&without, kind);
}

const char *clues_zones(struct arena *a, const struct clues *clues)
{
    const char *zones = "";

    for (int i = 0; i < CLUE_KIND_COUNT; i++) {
        if (gives_zones(clues, (enum clue_kind)i))
            zones = zones_join(a, zones, clues->of[i].zones);
    }
    return zones;
}

/* A country says no more once one of its parts is named. */
static const char *countries_drop(struct arena *a, const char *list)
{
    const char *kept = "", *at = list;
    char place[ITEM_MOST], dashed[ITEM_MOST + 1];

    while (item_next(&at, place)) {
        bool part = false;
        memcpy(dashed, place, strlen(place));
        memcpy(dashed + strlen(place), "-", 2);
        if (strlen(place) == 2)
            part = strncmp(list, dashed, 3) == 0 ||
                   strstr(list, arena_print(a, ",%s", dashed)) != NULL;
        if (!part)
            kept = list_join(a, kept, place);
    }
    return kept;
}

const char *clues_places(struct arena *a, const struct clues *clues)
{
    const char *places = "";

    for (int i = 0; i < CLUE_KIND_COUNT; i++) {
        if (gives_places(clues, (enum clue_kind)i))
            places = list_join(a, places, clues->of[i].places);
    }
    return countries_drop(a, places);
}

/* The sources that name this zone, in words. */
static const char *sources_of(struct arena *a, const struct clues *clues, const char *zone)
{
    const char *words = "";

    for (int i = 0; i < CLUE_KIND_COUNT; i++) {
        const struct clue *c = &clues->of[i];
        if (gives_zones(clues, (enum clue_kind)i) && list_has(c->zones, zone, same_clocks))
            words = arena_print(a, "%s%s%s", words, *words == '\0' ? "" : ", ", c->words);
    }
    return words;
}

const char *clues_words(struct arena *a, const struct clues *clues)
{
    const char *zones = clues_zones(a, clues), *text = "";
    char zone[ITEM_MOST];

    while (item_next(&zones, zone))
        text = arena_print(a, "%s%s%s (%s)", text, *text == '\0' ? "" : ", ", zone,
                           sources_of(a, clues, zone));
    return text;
}

const char *location_words(struct arena *a, const char *clues, const char *zones)
{
    struct clues parsed;

    if (clues == NULL || clues[0] == '\0')
        return zones;
    clues_parse(a, clues, &parsed);
    return clues_words(a, &parsed);
}

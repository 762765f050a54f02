/*
 * Any bytes as an address, a postcode with its country, a number, and stored clues: no crash;
 * what is found has words and zones that are known; clues are read back as they were written.
 */
#include "formats/places.h"

#include "base/text.h"

#include <stdint.h>
#include <string.h>

static void check_clue(struct arena *a, enum clue_kind kind, const struct clue *clue)
{
    struct clues clues = { 0 }, again;

    must(clue->words != NULL && clue->zones[0] != '\0' && clue->places[0] != '\0');
    clues.of[kind] = *clue;
    const char *text = clues_print(a, &clues);
    clues_parse(a, text, &again);
    must(strcmp(clues_print(a, &again), text) == 0);
    must(clues_zones(a, &clues)[0] != '\0');
    for (const char *at = clue->zones; *at != '\0';) {
        size_t length = strcspn(at, ",");
        must(zone_find(arena_copy_n(a, at, length)) != NULL);
        at += length + (at[length] == ',');
    }
}

static void look_up(const struct places *p, struct arena *a, const char *text)
{
    static const char *const homes[] = { NULL, "US", "CA", "GB", "AU", "DE", "PT" };
    struct clue clue;
    enum clue_kind kind;

    for (size_t i = 0; i < COUNT(homes); i++) {
        struct home home = { .address = text, .places = homes[i] };
        if (places_of_address(p, a, &home, &clue))
            check_clue(a, CLUE_ADDRESS, &clue);
        home = (struct home){ .postcode = text, .country = homes[i] };
        if (places_of_address(p, a, &home, &clue))
            check_clue(a, CLUE_ADDRESS, &clue);
    }
    if (places_of_number(p, a, text, &kind, &clue))
        check_clue(a, kind, &clue);
    places_country(p, text);
    places_known(p, text);
    places_zones(p, a, text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    const struct places *p;
    struct arena a = { 0 };
    struct fault why;
    struct clues clues;

    bool loaded = places_load(&p, &why);
    must(loaded);
    const char *text = arena_copy_n(&a, (const char *)bytes, length);
    look_up(p, &a, text);
    clues_parse(&a, text, &clues);
    const char *printed = clues_print(&a, &clues);
    clues_parse(&a, printed, &clues);
    must(strcmp(clues_print(&a, &clues), printed) == 0);
    clues_words(&a, &clues);
    clues_places(&a, &clues);
    arena_free(&a);
    return 0;
}

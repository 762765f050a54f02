/* Book: where the debtor may be, by what they said, a file, an address, a number. */
#include "flow/book_parts.h"

#include "formats/places.h"

#include <string.h>

static bool is_said(const char *text)
{
    return text != NULL && text[0] != '\0';
}

/* Words become part of a line of clues. */
static const char *words_clean(char *words)
{
    for (char *at = words; *at != '\0'; at++) {
        if (*at == '|' || *at == '\n')
            *at = ' ';
    }
    return words;
}

static void place_infer(struct book *b, const struct places *p, const struct debtor_input *in,
                        struct clues *clues)
{
    struct clue *place = &clues->of[CLUE_PLACE];
    const char *list = in->places;

    if (!is_said(list) && is_said(in->country)) {
        list = places_country(p, in->country);
        if (list != NULL && place->words != NULL && places_touch(place->places, list))
            return; /* it is known already in which part of the country */
    }
    if (is_said(list))
        places_of_list(p, &b->arena, list, place);
}

static void address_infer(struct book *b, const struct places *p, const struct debtor_input *in,
                          struct clues *clues)
{
    struct home home = { .address = in->address,
                         .postcode = in->postcode,
                         .country = in->country,
                         .places = clues->of[CLUE_PLACE].places };

    if (!is_said(in->address) && !is_said(in->postcode))
        return;
    if (!places_of_address(p, &b->arena, &home, &clues->of[CLUE_ADDRESS]))
        clues->of[CLUE_ADDRESS] = (struct clue){ 0 };
}

static void number_infer(struct book *b, const struct places *p, const struct debtor_input *in,
                         struct clues *clues)
{
    enum clue_kind kind;
    struct clue clue;

    if (!is_said(in->phone))
        return;
    clues->of[CLUE_NUMBER] = clues->of[CLUE_COUNTRY] = (struct clue){ 0 };
    if (places_of_number(p, &b->arena, in->phone, &kind, &clue))
        clues->of[kind] = clue;
}

static void location_settle(struct book *b, const struct clues *clues, struct location *out)
{
    *out = (struct location){ clues_places(&b->arena, clues), clues_zones(&b->arena, clues),
                              clues_print(&b->arena, clues) };
}

bool location_infer(struct book *b, const struct debtor_input *in, const char *before,
                    struct location *out, struct fault *why)
{
    const struct places *p;
    struct clues clues;

    clues_parse(&b->arena, before, &clues);
    if (is_said(in->zones))
        clues.of[CLUE_STATED] = (struct clue){
            words_clean(arena_print(&b->arena, "stated by %s", book_or(in->source, "a file"))),
            in->zones, ""
        };
    if (is_said(in->places) || is_said(in->country) || is_said(in->address) ||
        is_said(in->postcode) || is_said(in->phone)) {
        if (!places_load(&p, why))
            return false;
        place_infer(b, p, in, &clues);
        address_infer(b, p, in, &clues);
        number_infer(b, p, in, &clues);
    }
    location_settle(b, &clues, out);
    return true;
}

static const char *joined(struct book *b, const char *before, const char *after)
{
    if (!is_said(before) || text_equal(before, after))
        return after;
    return is_said(after) ? arena_print(&b->arena, "%s,%s", before, after) : before;
}

bool location_number_add(struct book *b, struct casefile_key key, const char *number, bool only,
                         struct fault *why)
{
    const struct places *p;
    struct party_row row;
    struct clues clues;
    enum clue_kind kind;
    struct clue clue;
    bool changed = false;

    if (!places_load(&p, why) || !party_read(b, key, &row, why))
        return false;
    clues_parse(&b->arena, row.location.clues, &clues);
    if (only)
        clues.of[CLUE_NUMBER] = clues.of[CLUE_COUNTRY] = (struct clue){ 0 };
    if (!places_of_number(p, &b->arena, number, &kind, &clue))
        return true;
    struct clue *at = &clues.of[kind];
    *at = at->words == NULL || text_equal(at->words, clue.words)
              ? clue
              : (struct clue){ arena_print(&b->arena, "%s, %s", at->words, clue.words),
                               joined(b, at->zones, clue.zones),
                               joined(b, at->places, clue.places) };
    location_settle(b, &clues, &row.location);
    return party_write(b, key, &row, &changed, why);
}

/* ---- What they said -------------------------------------------------------------------------
 */

/* NULL leaves a clue as it is. */
static bool said_change(struct book *b, struct casefile_key key, const struct clue *said,
                        const struct clue *visit, struct fault *why)
{
    struct party_row row;
    struct clues clues;
    bool changed;

    if (!party_read(b, key, &row, why))
        return false;
    clues_parse(&b->arena, row.location.clues, &clues);
    if (said != NULL)
        clues.of[CLUE_SAID] = *said;
    if (visit != NULL)
        clues.of[CLUE_VISIT] = *visit;
    location_settle(b, &clues, &row.location);
    return party_write(b, key, &row, &changed, why);
}

bool location_confirm(struct book *b, struct casefile_key key, const struct gate_fact *fact,
                      struct fault *why)
{
    const char *zone = gate_field_find(fact->detail, "zone");
    const char *place = gate_field_find(fact->detail, "place");
    const struct places *p;
    char day[DAY_TEXT];

    if ((fact->party != 0 && fact->party != PARTY_DEBTOR) || (zone == NULL && place == NULL))
        return true;
    if (zone == NULL) {
        if (!places_load(&p, why))
            return false;
        zone = places_zones(p, &b->arena, place);
    }
    struct clue said = { arena_print(&b->arena, "they said so on %s",
                                     day_print(wall_at(fact->at, b->zone).day, day)),
                         zone, book_or(place, "") };
    bool for_good = fact->until.us == INSTANT_NEVER.us;
    return said_change(b, key, for_good ? &said : NULL, for_good ? NULL : &said, why);
}

bool location_forget(struct book *b, struct casefile_key key, struct fault *why)
{
    const struct clue none = { 0 };

    return said_change(b, key, &none, &none, why);
}

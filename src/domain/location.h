/*
 * Location: where a person may be, and what says so.
 *
 * A clue is what one source says: zones and places, with the words by which a page names the
 * source ("address 60601", "area code 213"). What the person said replaces all inference; zones
 * that a file states replace what address and number suggest; otherwise the clues of address
 * and number are plausible side by side, and a contact must suit them all (12 CFR
 * 1006.6(b)(1)(i) with its commentary). No clue: no zone, and the gate closes.
 *
 * Lists are texts with commas between, as the book stores them; "" is none. Zones whose clocks
 * agree since 2024 count as one, under the name of the first clue that names it.
 */
#ifndef DOMAIN_LOCATION_H
#define DOMAIN_LOCATION_H

#include "base/arena.h"
#include "domain/calendar.h"

/* Names are stored: add at the end, never rename. */
#define CLUE_KINDS(X)                                                                          \
    X(CLUE_SAID, "said")       /* by the person, until further notice */                       \
    X(CLUE_VISIT, "visit")     /* by the person, for some time: one more place */              \
    X(CLUE_STATED, "stated")   /* zones in a file */                                           \
    X(CLUE_ADDRESS, "address") /* of a postal address or a postcode */                         \
    X(CLUE_PLACE, "place")     /* of the places or the country in a file */                    \
    X(CLUE_NUMBER, "number")   /* of the area code of a telephone number */                    \
    X(CLUE_COUNTRY, "country") /* of a number that tells no more than its country        */

enum clue_kind {
#define X(code, name) code,
    CLUE_KINDS(X)
#undef X
};
enum { CLUE_KIND_COUNT = CLUE_COUNTRY + 1 };

struct clue {
    const char *words; /* NULL: there is no such clue */
    const char *zones, *places;
};

/* At most one clue of each kind. */
struct clues {
    struct clue of[CLUE_KIND_COUNT];
};

/* One clue to a line, "kind|words|zones|places". What is not understood is left out. */
void clues_parse(struct arena *a, const char *text, struct clues *out);
const char *clues_print(struct arena *a, const struct clues *clues);

/* What follows from them; with commas between. */
const char *clues_zones(struct arena *a, const struct clues *clues);
const char *clues_places(struct arena *a, const struct clues *clues);

/* "America/Chicago (address 60601), America/Los_Angeles (area code 213)"; "" for none. */
const char *clues_words(struct arena *a, const struct clues *clues);

/* The same from stored texts; the zones alone where nothing says what they follow from. */
const char *location_words(struct arena *a, const char *clues, const char *zones);

/* US-NY-NYC lies in US-NY and in US. */
bool place_lies_in(const char *place, const char *wider);

/* A text with commas: true when some item of `list` lies in the place. */
bool places_touch(const char *list, const char *wider);

/* Adds the items of `more` that `list` lacks. */
const char *list_join(struct arena *a, const char *list, const char *more);
/* The same for zones: one whose clocks agree with those of another is not added. */
const char *zones_join(struct arena *a, const char *list, const char *more);

#endif

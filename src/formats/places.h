/*
 * Places: which zones and places a postal address, a postcode or a telephone number stand for,
 * looked up in the tables below rules/places (tools/make_places.py made them).
 *
 * Tables are read when they are first asked for, once, and kept for the life of the program;
 * any number of threads may ask. Look-ups search halves and fill texts in the caller's arena.
 * Nothing is guessed: a postcode counts only in a known country, or where its shape and its
 * state leave no doubt; a number that belongs to no place says nothing.
 *
 * Fault: BAD_PACK with file and line, when a table of one's own cannot be read.
 */
#ifndef FORMATS_PLACES_H
#define FORMATS_PLACES_H

#include "domain/location.h"

struct places;
bool places_load(const struct places **out, struct fault *why);

/* What is known of a home; any of it may be NULL. */
struct home {
    const char *address;  /* lines, the name first                                   */
    const char *postcode; /* alone, where a file has it in a column of its own       */
    const char *country;  /* ISO 3166 or a name                                      */
    const char *places;   /* ISO 3166-2 with commas: where the file says they are    */
};

/* Each fills a clue, or returns false when nothing is known. */
bool places_of_address(const struct places *p, struct arena *a, const struct home *home,
                       struct clue *out);
bool places_of_list(const struct places *p, struct arena *a, const char *list,
                    struct clue *out);
/* E.164. *kind is CLUE_NUMBER, or CLUE_COUNTRY for a number that tells only its country. */
bool places_of_number(const struct places *p, struct arena *a, const char *number,
                      enum clue_kind *kind, struct clue *out);

/* ISO 3166 of a country by its code or name; NULL when it is not known. */
const char *places_country(const struct places *p, const char *text);

/* A code of ISO 3166 whose zones are known. Of countries whose parts are listed (United States,
 * Canada, Australia) no other part is. */
bool places_known(const struct places *p, const char *place);

/* Every zone inside these places. */
const char *places_zones(const struct places *p, struct arena *a, const char *list);

#endif

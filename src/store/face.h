/*
 * Face: what the cycle reads of one case file, packed into a column of its row.
 *
 * Derived: an event empties it (casefile_wake), the next cycle reads the tables, decides and
 * writes it anew; until the next event, a cycle reads one row per case file instead of ten.
 * `recoup prove` packs every case file again from its tables and compares.
 *
 * A face packed on one day serves that day and all later ones; it drops instalments that were
 * settled by then. Bytes: a version, the day, then counted lists; numbers as zigzag varints
 * (7 bits to a byte, least first), texts with their length and a NUL.
 */
#ifndef STORE_FACE_H
#define STORE_FACE_H

#include "base/text.h"
#include "domain/casefile.h"

/*
 * Packs the lists of the case file, which was loaded as of `day`. Clears `out` first. A contact
 * that was sent is packed like one that is planned: both are attempts, and sending is no event.
 */
void face_pack(const struct casefile *c, struct day day, struct text *out);

/*
 * Unpacks into the lists of *c, whose row is filled already; bytes are copied to the arena.
 * False when it cannot serve `today` (packed later, or by another version): read the tables.
 * open_minor and next_change_day are left for instalment_as_of.
 */
bool face_unpack(const void *bytes, size_t length, struct day today, struct arena *a,
                 struct casefile *c);

/* The day as of which these bytes were packed; false when they are of another version. */
bool face_day(const void *bytes, size_t length, struct day *out);

/*
 * Places and zones of a party, from their texts. The lists live as long as the program; few
 * texts stand for all debtors. A zone that nobody knows leaves the zones empty.
 */
struct whereabouts {
    size_t place_count, zone_count;
    const char *const *places;
    const struct zone *const *zones;
    const char *places_text, *zones_text;
};
const struct whereabouts *whereabouts_of(const char *places, const char *zones);
void party_place(struct party *p, const struct whereabouts *w);

#endif

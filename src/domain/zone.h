/*
 * Zone: the offsets of one time zone as a sorted table of segments. Private to domain/zone.c
 * and to formats/tzif.c, which fills the table from a TZif file (RFC 8536).
 *
 * The table reaches at least 400 years past its last written change. The Gregorian calendar
 * repeats every 400 years, weekdays included, and so do the rules of a POSIX TZ footer: later
 * moments are looked up an era earlier.
 */
#ifndef DOMAIN_ZONE_H
#define DOMAIN_ZONE_H

#include "base/arena.h"
#include "domain/calendar.h"

enum { ZONE_NAME_MOST = 64 };

/* From `starts` (seconds since 1970, UTC) until the next segment starts. */
struct segment {
    int64_t starts;
    int32_t offset; /* seconds east of UTC */
};

struct zone {
    char name[ZONE_NAME_MOST];
    size_t count; /* at least 1; the first starts at INT64_MIN */
    struct segment *segments;
    int64_t repeats_from; /* moments from here on are looked up an era earlier */
};

/*
 * Continues the table by the rules of a POSIX TZ text such as "EST5EDT,M3.2.0,M11.1.0", with
 * the extensions of RFC 8536 section 3.3.1. `zone->segments` must have room for
 * ZONE_FOOTER_SEGMENTS more. False when the text is not understood.
 */
enum { ZONE_FOOTER_YEARS = 402, ZONE_FOOTER_SEGMENTS = 2 * ZONE_FOOTER_YEARS + 2 };
bool zone_continue(struct zone *zone, const char *footer);

#endif

/*
 * TZif: the time zone files of the system (RFC 8536), version 2 and later.
 *
 * zone_find (domain/calendar.h) lives here: it reads TZDIR/NAME, or /usr/share/zoneinfo/NAME,
 * once, and keeps it for the life of the program. Any number of threads may ask.
 * Files with leap seconds ("right/…") are refused: our seconds are those of UTC's wall clock.
 */
#ifndef FORMATS_TZIF_H
#define FORMATS_TZIF_H

#include "domain/zone.h"

/* The version of the system's zones, like "2025b"; "unknown" when it does not say. */
const char *zones_version(void);

/* Fills *zone from the bytes of a file; segments are put in the arena. False: not readable. */
bool tzif_parse(struct arena *a, const unsigned char *bytes, size_t length, struct zone *zone);

#endif

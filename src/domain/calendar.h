/*
 * Calendar: three kinds of time that must never be mixed.
 *
 *   struct instant  a point on the world's clock. Stored, compared, logged. UTC microseconds.
 *   struct day      a date on somebody's wall: due dates, limitation dates, holidays.
 *   struct wall     what a clock shows in one zone: what contact-hour laws speak of.
 *
 * A date is never stored as an instant: midnight in Auckland is yesterday in Denver.
 * Dates are proleptic Gregorian; parsing takes years 1600 to 9999.
 *
 * Zones come from the system's tzdata (RFC 8536), read once and kept; a zone pointer is good
 * for the life of the program and may be compared.
 */
#ifndef DOMAIN_CALENDAR_H
#define DOMAIN_CALENDAR_H

#include "base/fault.h"

#include <stdint.h>

struct instant {
    int64_t us; /* microseconds since 1970-01-01T00:00Z */
};

struct day {
    int32_t number; /* days since 1970-01-01 */
};

struct wall {
    struct day day;
    int32_t second; /* of that day, 0 to 86399 */
};

struct date {
    int year, month, day; /* month and day from 1 */
};

#define INSTANT_NEVER ((struct instant){ INT64_MAX })
#define DAY_NEVER ((struct day){ 99999999 }) /* later than every real day */
#define DAY_NONE ((struct day){ INT32_MIN }) /* not known */
enum { SECONDS_A_DAY = 86400 };

struct day day_of_date(struct date date);
struct date date_of_day(struct day day);
bool date_is_valid(struct date date);
int weekday_of(struct day day); /* 0 = Monday … 6 = Sunday */
struct day day_plus(struct day day, int days);

/* "2026-11-20", exactly. */
bool day_parse(const char *text, struct day *out);
enum { DAY_TEXT = 16, INSTANT_TEXT = 40 };
char *day_print(struct day day, char out[DAY_TEXT]);

/*
 * RFC 3339 with an offset or Z; seconds may be missing, fractions are kept to the microsecond.
 * A text without a zone is refused: an instant without a zone is no instant.
 */
bool instant_parse(const char *text, struct instant *out);
/* Always UTC, "2026-11-20T08:00:00Z"; microseconds only when there are any. */
char *instant_print(struct instant at, char out[INSTANT_TEXT]);

struct zone;

/* The IANA zone of this name, or NULL when the system does not have it. */
const struct zone *zone_find(const char *name);
const char *zone_name(const struct zone *zone);
int32_t zone_offset_at(const struct zone *zone, struct instant at); /* seconds east of UTC */
/* From `since` on, as far as anybody has decided, both show the same time. */
bool zones_agree(const struct zone *a, const struct zone *b, struct instant since);

struct wall wall_at(struct instant at, const struct zone *zone);

/*
 * The instant at which clocks in `zone` show this wall time. Shown twice (clocks went back):
 * the first. Never shown (clocks went forward): the moment at which the gap is jumped.
 */
struct instant instant_of_wall(struct wall wall, const struct zone *zone);

/* The first instant of `day` in `zone`, and in the last of these zones to reach it. */
struct instant day_begins(struct day day, const struct zone *zone);
struct instant day_reached_everywhere(struct day day, size_t zone_count,
                                      const struct zone *const zones[]);

/* Like instant_print, with the offset of the zone: "2026-11-20T08:00:00-06:00". */
char *instant_print_in(struct instant at, const struct zone *zone, char out[INSTANT_TEXT]);

#endif

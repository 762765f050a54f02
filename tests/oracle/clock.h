/*
 * Clock: what a wall clock shows in a zone, reckoned apart from domain/calendar.
 *
 * The offsets come from the C library, which is asked once, hour by hour, for the years in
 * question. Seconds are those since 1970 in UTC; a day is a number of days since 1970-01-01.
 */
#ifndef ORACLE_CLOCK_H
#define ORACLE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TURNS_MOST = 16 };

struct clock {
    const char *name;
    size_t count;
    struct turn {
        int64_t starts; /* from this second on */
        int64_t offset; /* seconds east of UTC */
    } turns[TURNS_MOST];
};

/* The clock of an IANA zone, from 2025 to 2028. It stays where it is. */
const struct clock *clock_of(const char *name);

int64_t clock_day(const struct clock *clock, int64_t us);
int64_t clock_second(const struct clock *clock, int64_t us); /* of that day */
/* The first microsecond that bears the date. */
int64_t clock_day_begins(const struct clock *clock, int64_t day);
/* Every microsecond at which this clock shows `second` of `day`; at most three. */
size_t clock_moments(const struct clock *clock, int64_t day, int64_t second, int64_t out[3]);

int64_t day_from_date(int year, int month, int day);
int weekday_from_day(int64_t day); /* 0 = Monday */

#endif

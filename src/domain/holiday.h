/*
 * Holiday: a day of the year on which a rule shuts, written as a rule of the calendar so that
 * nobody has to type next year's dates.
 *
 *   12-25                 every 25 December
 *   2026-06-12            that one day
 *   easter -2             Good Friday (western Easter); easter +1 is Easter Monday
 *   first monday 09       also second, third, fourth, last
 *   monday before 05-25   the last Monday before 25 May
 *   07-02 if monday       2 July, only when it is a Monday
 */
#ifndef DOMAIN_HOLIDAY_H
#define DOMAIN_HOLIDAY_H

#include "domain/calendar.h"

enum holiday_kind {
    HOLIDAY_DATE,
    HOLIDAY_ONCE,
    HOLIDAY_EASTER,
    HOLIDAY_NTH,
    HOLIDAY_BEFORE,
    HOLIDAY_DATE_IF
};

struct holiday {
    enum holiday_kind kind;
    int month, day; /* DATE, BEFORE, DATE_IF; NTH: month                */
    int weekday;    /* NTH, BEFORE, DATE_IF; 0 = Monday                 */
    int nth;        /* NTH: 1 to 4, or 5 for the last; EASTER: distance */
    struct day once;
};

bool holiday_parse(const char *text, struct holiday *out);
bool holiday_falls_on(const struct holiday *holiday, struct day day);
struct day easter_of(int year); /* western; Meeus, Jones and Butcher */

/* "Mon", "monday", "Monday", … → 0 to 6 */
bool weekday_parse(const char *text, int *out);
const char *weekday_name(int weekday); /* "monday" */

/* "first" to "fourth" → 1 to 4, "last" → 5 */
bool nth_parse(const char *word, int *out);
const char *nth_name(int nth);

#endif

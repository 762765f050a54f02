/*
 * Schedule: the days on which payments of a plan fall.
 *
 * As it is typed and stored:
 *
 *   weekly, 2weeks, 4weeks      every 7, 14, 28 days from the first day on
 *   weekly on friday            … on that weekday (2weeks and 4weeks, too)
 *   month, quarter              on the date of the first day
 *   month on 31                 on that date; the last day of a shorter month, and the 31st
 *                               again in the next long one
 *   month on second friday      also first, third, fourth, last
 *   1st and 15th                twice a month; at least a week apart, at both ends
 *   2026-12-04,2027-01-04       these days, ascending
 *   … or before, … or after     a day that is closed moves to the business day before or after
 *
 * Date n is a function of n alone: a moved date does not move the next one.
 */
#ifndef DOMAIN_SCHEDULE_H
#define DOMAIN_SCHEDULE_H

#include "domain/calendar.h"

enum schedule_kind {
    SCHEDULE_DAYS,    /* every `step` days                    */
    SCHEDULE_MONTHS,  /* by date, every `step` months         */
    SCHEDULE_WEEKDAY, /* by weekday, every `step` months      */
    SCHEDULE_TWICE,   /* two dates of each month              */
    SCHEDULE_LIST
};

enum day_shift { SHIFT_NONE, SHIFT_BEFORE, SHIFT_AFTER };

enum {
    SCHEDULE_DATES_MOST = 60,
    SCHEDULE_TEXT = 720,
    DATE_OF_FIRST = 0,
    WEEKDAY_OF_FIRST = -1
};

struct schedule {
    enum schedule_kind kind;
    enum day_shift shift;
    int step;          /* DAYS: 7, 14, 28; MONTHS, WEEKDAY: 1 or 3                    */
    int month_days[2]; /* MONTHS: the first, or DATE_OF_FIRST; TWICE: both, ascending */
    int nth, weekday;  /* WEEKDAY; DAYS: weekday or WEEKDAY_OF_FIRST; 0 = Monday      */
    size_t date_count; /* LIST */
    struct day dates[SCHEDULE_DATES_MOST];
};

/* Days on which nothing is paid. A NULL question: none. */
struct closed_days {
    bool (*is_closed)(const void *context, struct day day);
    const void *context;
};
bool weekend_is(const void *none, struct day day);
bool federal_off_is(const void *none, struct day day); /* domain/validation.h */

bool schedule_parse(const char *text, struct schedule *out, struct fault *why);
/* parse of what is printed gives the same schedule. */
char *schedule_print(const struct schedule *schedule, char out[SCHEDULE_TEXT]);

/* A closed day moved, by two weeks at most; the day itself when all of those are closed. */
struct day day_moved(struct day day, enum day_shift shift, struct closed_days closed);

/*
 * The n-th date, from 0: the first one that lies on or after `first_day`, and so on. DAY_NEVER
 * behind the end of a list.
 */
struct day schedule_date(const struct schedule *schedule, struct day first_day, int n,
                         struct closed_days closed);

/* Payments in a year: 52, 26, 13, 24, 12, 4; 0 for a list. */
int schedule_times_a_year(const struct schedule *schedule);
/* Behind an amount; 52: "a week", 26: "every two weeks", 12: "a month", 24: "twice a month", …;
 * 0: "each time" */
const char *times_words(int times_a_year);
/* By itself: "every week", "every two weeks", "every month", … */
const char *times_alone(int times_a_year);

/* The same date so many months later; the last day of a shorter month. */
struct day day_plus_months(struct day day, int months);

#endif

#include "domain/validation.h"

#include "domain/holiday.h"

enum { MONDAY = 0, FRIDAY = 4, SATURDAY = 5 };
enum { DAYS_IN_THE_MAIL = 5, DAYS_TO_DISPUTE = 30, JUNETEENTH_SINCE = 2021 };

/* Each with the year it was first kept; 0 where that is before any debt. */
static const struct legal_holiday {
    struct holiday holiday;
    int since;
} legal_holidays[] = {
    { { .kind = HOLIDAY_DATE, .month = 1, .day = 1 }, 0 },
    { { .kind = HOLIDAY_NTH, .month = 1, .nth = 3 }, 1986 }, /* Martin Luther King, Jr. */
    { { .kind = HOLIDAY_NTH, .month = 2, .nth = 3 }, 0 },    /* Washington              */
    { { .kind = HOLIDAY_NTH, .month = 5, .nth = 5 }, 0 },    /* Memorial Day            */
    { { .kind = HOLIDAY_DATE, .month = 6, .day = 19 }, JUNETEENTH_SINCE },
    { { .kind = HOLIDAY_DATE, .month = 7, .day = 4 }, 0 },
    { { .kind = HOLIDAY_NTH, .month = 9, .nth = 1 }, 0 },  /* Labor Day    */
    { { .kind = HOLIDAY_NTH, .month = 10, .nth = 2 }, 0 }, /* Columbus Day */
    { { .kind = HOLIDAY_DATE, .month = 11, .day = 11 }, 0 },
    { { .kind = HOLIDAY_NTH, .month = 11, .nth = 4, .weekday = 3 }, 0 }, /* Thanksgiving */
    { { .kind = HOLIDAY_DATE, .month = 12, .day = 25 }, 0 },
};

bool federal_holiday_is(struct day day)
{
    int year = date_of_day(day).year;

    for (size_t i = 0; i < COUNT(legal_holidays); i++) {
        if (year >= legal_holidays[i].since &&
            holiday_falls_on(&legal_holidays[i].holiday, day))
            return true;
    }
    return false;
}

bool federal_day_is_off(struct day day)
{
    int weekday = weekday_of(day);

    return weekday >= SATURDAY || federal_holiday_is(day) ||
           (weekday == FRIDAY && federal_holiday_is(day_plus(day, 1))) ||
           (weekday == MONDAY && federal_holiday_is(day_plus(day, -1)));
}

struct day validation_received(struct day sent)
{
    struct day day = sent;

    for (int counted = 0; counted < DAYS_IN_THE_MAIL;) {
        day = day_plus(day, 1);
        counted += !federal_day_is_off(day);
    }
    return day;
}

struct day validation_end(struct day sent)
{
    return day_plus(validation_received(sent), DAYS_TO_DISPUTE);
}

#include "clock.h"

#include "base/fault.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { HOUR = 3600, A_DAY = 86400, CLOCKS_MOST = 32 };

static int64_t library_offset(int64_t second)
{
    time_t t = (time_t)second;
    struct tm tm;

    must(localtime_r(&t, &tm) != NULL);
    return tm.tm_gmtoff;
}

static void turns_fill(struct clock *clock)
{
    int64_t at = day_from_date(2025, 1, 1) * A_DAY, end = day_from_date(2028, 12, 31) * A_DAY;

    clock->turns[clock->count++] = (struct turn){ INT64_MIN, library_offset(at) };
    for (; at < end; at += HOUR) {
        int64_t before = library_offset(at), low = at, high = at + HOUR;
        if (library_offset(high) == before)
            continue;
        while (high - low > 1) {
            int64_t middle = low + (high - low) / 2;
            if (library_offset(middle) == before)
                low = middle;
            else
                high = middle;
        }
        must(clock->count < TURNS_MOST);
        clock->turns[clock->count++] = (struct turn){ high, library_offset(high) };
    }
}

const struct clock *clock_of(const char *name)
{
    static struct clock clocks[CLOCKS_MOST];
    static size_t count;

    for (size_t i = 0; i < count; i++) {
        if (strcmp(clocks[i].name, name) == 0)
            return &clocks[i];
    }
    must(count < CLOCKS_MOST);
    clocks[count].name = name;
    must(setenv("TZ", name, 1) == 0);
    tzset();
    turns_fill(&clocks[count]);
    must(setenv("TZ", "UTC", 1) == 0);
    tzset();
    return &clocks[count++];
}

static int64_t floor_of(int64_t value, int64_t unit)
{
    return value / unit - (value % unit < 0);
}

static int64_t local_seconds(const struct clock *clock, int64_t us)
{
    int64_t second = floor_of(us, 1000000), offset = 0;

    for (size_t i = 0; i < clock->count && clock->turns[i].starts <= second; i++)
        offset = clock->turns[i].offset;
    return second + offset;
}

int64_t clock_day(const struct clock *clock, int64_t us)
{
    return floor_of(local_seconds(clock, us), A_DAY);
}

int64_t clock_second(const struct clock *clock, int64_t us)
{
    int64_t local = local_seconds(clock, us);

    return local - floor_of(local, A_DAY) * A_DAY;
}

/* Tries every offset that the clock ever had, and every moment at which it is turned. */
int64_t clock_day_begins(const struct clock *clock, int64_t day)
{
    int64_t first = INT64_MAX;

    for (size_t i = 0; i < clock->count; i++) {
        int64_t tries[] = { (day * A_DAY - clock->turns[i].offset) * 1000000,
                            i == 0 ? INT64_MAX : clock->turns[i].starts * 1000000 };
        for (size_t k = 0; k < 2; k++) {
            if (tries[k] < first && clock_day(clock, tries[k]) == day &&
                clock_day(clock, tries[k] - 1) < day)
                first = tries[k];
        }
    }
    must(first != INT64_MAX);
    return first;
}

size_t clock_moments(const struct clock *clock, int64_t day, int64_t second, int64_t out[3])
{
    size_t count = 0;

    for (size_t i = 0; i < clock->count; i++) {
        int64_t us = (day * A_DAY + second - clock->turns[i].offset) * 1000000;
        bool known = clock_day(clock, us) != day || clock_second(clock, us) != second;
        for (size_t k = 0; k < count; k++)
            known = known || out[k] == us;
        if (!known && count < 3)
            out[count++] = us;
    }
    return count;
}

int64_t day_from_date(int year, int month, int day)
{
    static const int before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334 };
    int64_t days = year < 2026 ? 0 : 20454; /* to 2026-01-01 */

    for (int y = year < 2026 ? 1970 : 2026; y < year; y++)
        days += y % 4 == 0 && (y % 100 != 0 || y % 400 == 0) ? 366 : 365;
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days + before[month - 1] + (leap && month > 2) + day - 1;
}

int weekday_from_day(int64_t day)
{
    return (int)(((day + 3) % 7 + 7) % 7); /* 1970-01-01 was a Thursday */
}

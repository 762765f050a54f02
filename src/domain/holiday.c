#include "domain/holiday.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char *const weekday_names[] = { "monday", "tuesday",  "wednesday", "thursday",
                                             "friday", "saturday", "sunday" };

static const char *const nth_names[] = { "first", "second", "third", "fourth", "last" };

const char *weekday_name(int weekday)
{
    must(weekday >= 0 && weekday < 7);
    return weekday_names[weekday];
}

bool weekday_parse(const char *text, int *out)
{
    for (int i = 0; i < 7; i++) {
        bool shortened = strlen(text) == 3 && strncasecmp(text, weekday_names[i], 3) == 0;
        if (shortened || strcasecmp(text, weekday_names[i]) == 0) {
            *out = i;
            return true;
        }
    }
    return false;
}

struct day easter_of(int year)
{
    int golden = year % 19, century = year / 100, rest = year % 100;
    int correction = (8 * century + 13) / 25;
    int epact = (19 * golden + century - century / 4 - correction + 15) % 30;
    int lead = (32 + 2 * (century % 4) + 2 * (rest / 4) - epact - rest % 4) % 7;
    int late = (golden + 11 * epact + 22 * lead) / 451;
    int number = epact + lead - 7 * late + 114;

    return day_of_date((struct date){ year, number / 31, number % 31 + 1 });
}

static bool month_day_is_valid(int month, int day)
{
    return date_is_valid((struct date){ 2024, month, day });
}

const char *nth_name(int nth)
{
    must(nth >= 1 && nth <= 5);
    return nth_names[nth - 1];
}

bool nth_parse(const char *word, int *out)
{
    for (int i = 0; i < 5; i++) {
        if (strcmp(word, nth_names[i]) == 0) {
            *out = i + 1;
            return true;
        }
    }
    return false;
}

bool holiday_parse(const char *text, struct holiday *out)
{
    char first[16], second[16];
    int end = 0;

    *out = (struct holiday){ .kind = HOLIDAY_ONCE };
    if (day_parse(text, &out->once))
        return true;
    out->kind = HOLIDAY_DATE;
    if (sscanf(text, "%2d-%2d%n", &out->month, &out->day, &end) == 2 && end == 5) {
        if (text[5] == '\0')
            return month_day_is_valid(out->month, out->day);
        out->kind = HOLIDAY_DATE_IF;
        return sscanf(text + 5, " if %15s%n", first, &end) == 1 && text[5 + end] == '\0' &&
               weekday_parse(first, &out->weekday) && month_day_is_valid(out->month, out->day);
    }
    out->kind = HOLIDAY_EASTER;
    if (sscanf(text, "easter %4d%n", &out->nth, &end) == 1 && text[end] == '\0')
        return out->nth > -100 && out->nth < 100;
    out->kind = HOLIDAY_BEFORE;
    if (sscanf(text, "%15s before %2d-%2d%n", first, &out->month, &out->day, &end) == 3)
        return text[end] == '\0' && weekday_parse(first, &out->weekday) &&
               month_day_is_valid(out->month, out->day);
    out->kind = HOLIDAY_NTH;
    return sscanf(text, "%15s %15s %2d%n", first, second, &out->month, &end) == 3 &&
           text[end] == '\0' && nth_parse(first, &out->nth) &&
           weekday_parse(second, &out->weekday) && out->month >= 1 && out->month <= 12;
}

bool holiday_falls_on(const struct holiday *holiday, struct day day)
{
    if (holiday->kind == HOLIDAY_ONCE)
        return holiday->once.number == day.number;
    struct date date = date_of_day(day);
    int weekday = weekday_of(day);
    switch (holiday->kind) {
    case HOLIDAY_DATE:
        return date.month == holiday->month && date.day == holiday->day;
    case HOLIDAY_DATE_IF:
        return date.month == holiday->month && date.day == holiday->day &&
               weekday == holiday->weekday;
    case HOLIDAY_EASTER:
        return date.month <= 7 && day.number == easter_of(date.year).number + holiday->nth;
    case HOLIDAY_NTH:
        if (date.month != holiday->month || weekday != holiday->weekday)
            return false;
        if (holiday->nth == 5)
            return date_of_day(day_plus(day, 7)).month != date.month;
        return (date.day - 1) / 7 + 1 == holiday->nth;
    case HOLIDAY_BEFORE: {
        struct date limit = { date.year, holiday->month, holiday->day };
        int ahead = day_of_date(limit).number - day.number;
        return weekday == holiday->weekday && ahead >= 1 && ahead <= 7;
    }
    case HOLIDAY_ONCE:
        break;
    }
    return false;
}

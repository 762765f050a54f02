#include "domain/calendar.h"

#include <stdio.h>
#include <string.h>

/* Days and dates by the civil-calendar arithmetic of a 400-year era that starts in March. */
struct day day_of_date(struct date date)
{
    int year = date.month <= 2 ? date.year - 1 : date.year;
    int era = (year >= 0 ? year : year - 399) / 400;
    int year_of_era = year - era * 400;
    int month = date.month > 2 ? date.month - 3 : date.month + 9;
    int day_of_year = (153 * month + 2) / 5 + date.day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return (struct day){ era * 146097 + day_of_era - 719468 };
}

struct date date_of_day(struct day day)
{
    int number = day.number + 719468;
    int era = (number >= 0 ? number : number - 146096) / 146097;
    int day_of_era = number - era * 146097;
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int month = (5 * day_of_year + 2) / 153;
    struct date date = { .year = year_of_era + era * 400,
                         .month = month < 10 ? month + 3 : month - 9,
                         .day = day_of_year - (153 * month + 2) / 5 + 1 };

    if (date.month <= 2)
        date.year++;
    return date;
}

bool date_is_valid(struct date date)
{
    if (date.year < 1600 || date.year > 9999 || date.month < 1 || date.month > 12 ||
        date.day < 1)
        return false;
    struct date back = date_of_day(day_of_date(date));
    return back.month == date.month && back.day == date.day;
}

int weekday_of(struct day day)
{
    int weekday = (day.number + 3) % 7; /* 1970-01-01 was a Thursday */

    return weekday < 0 ? weekday + 7 : weekday;
}

struct day day_plus(struct day day, int days)
{
    return (struct day){ day.number + days };
}

/* Reads exactly `count` digits; advances *at. */
static bool digits(const char **at, int count, int *out)
{
    int value = 0;

    for (int i = 0; i < count; i++) {
        char c = (*at)[i];
        if (c < '0' || c > '9')
            return false;
        value = value * 10 + (c - '0');
    }
    *at += count;
    *out = value;
    return true;
}

static bool character(const char **at, char wanted)
{
    if (**at != wanted)
        return false;
    (*at)++;
    return true;
}

static bool parse_date(const char **at, struct date *out)
{
    return digits(at, 4, &out->year) && character(at, '-') && digits(at, 2, &out->month) &&
           character(at, '-') && digits(at, 2, &out->day) && date_is_valid(*out);
}

bool day_parse(const char *text, struct day *out)
{
    struct date date;

    if (text == NULL || !parse_date(&text, &date) || *text != '\0')
        return false;
    *out = day_of_date(date);
    return true;
}

/* So many digits; the place behind them. Days are printed too often for printf. */
static char *digits_put(char *out, unsigned number, int digits)
{
    for (int i = digits - 1; i >= 0; i--) {
        out[i] = (char)('0' + number % 10U);
        number /= 10U;
    }
    return out + digits;
}

char *day_print(struct day day, char out[DAY_TEXT])
{
    if (day.number == DAY_NONE.number || day.number >= DAY_NEVER.number) {
        strcpy(out, day.number >= DAY_NEVER.number ? "never" : "unknown");
        return out;
    }
    struct date date = date_of_day(day);
    char *at = digits_put(out, (unsigned)date.year % 10000U, 4);
    *at++ = '-';
    at = digits_put(at, (unsigned)date.month % 100U, 2);
    *at++ = '-';
    *digits_put(at, (unsigned)date.day % 100U, 2) = '\0';
    return out;
}

/* "Z", "+hh:mm" or "-hh:mm" */
static bool parse_offset(const char **at, int *seconds)
{
    int hours, minutes;

    if (character(at, 'Z') || character(at, 'z')) {
        *seconds = 0;
        return true;
    }
    int sign = **at == '-' ? -1 : 1;
    if (!character(at, '+') && !character(at, '-'))
        return false;
    if (!digits(at, 2, &hours) || !character(at, ':') || !digits(at, 2, &minutes) ||
        hours > 23 || minutes > 59)
        return false;
    *seconds = sign * (hours * 3600 + minutes * 60);
    return true;
}

bool instant_parse(const char *text, struct instant *out)
{
    struct date date;
    int hour, minute, second = 0, offset, us = 0;

    if (text == NULL || !parse_date(&text, &date))
        return false;
    if (!character(&text, 'T') && !character(&text, 't') && !character(&text, ' '))
        return false;
    if (!digits(&text, 2, &hour) || !character(&text, ':') || !digits(&text, 2, &minute))
        return false;
    if (character(&text, ':')) {
        if (!digits(&text, 2, &second))
            return false;
        if (character(&text, '.')) {
            int scale = 100000, digit;
            if (!digits(&text, 1, &digit))
                return false;
            us = digit * scale;
            while (digits(&text, 1, &digit))
                us += digit * (scale /= 10);
        }
    }
    if (hour > 23 || minute > 59 || second > 59 || !parse_offset(&text, &offset) ||
        *text != '\0')
        return false;
    int64_t seconds = (int64_t)day_of_date(date).number * SECONDS_A_DAY + hour * 3600 +
                      minute * 60 + second - offset;
    out->us = seconds * 1000000 + us;
    return true;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static char *print_with_offset(struct instant at, int32_t offset, const char *suffix,
                               char out[INSTANT_TEXT])
{
    if (at.us == INT64_MAX) {
        strcpy(out, "never");
        return out;
    }
    int64_t seconds = floor_div(at.us, 1000000) + offset;
    int us = (int)(at.us - floor_div(at.us, 1000000) * 1000000);
    struct day day = { (int32_t)floor_div(seconds, SECONDS_A_DAY) };
    int second = (int)(seconds - (int64_t)day.number * SECONDS_A_DAY);
    char date[DAY_TEXT];
    int n = snprintf(out, INSTANT_TEXT, "%sT%02d:%02d:%02d", day_print(day, date), second / 3600,
                     second / 60 % 60, second % 60);

    if (us != 0)
        n += snprintf(out + n, INSTANT_TEXT - (size_t)n, ".%06d", us);
    snprintf(out + n, INSTANT_TEXT - (size_t)n, "%s", suffix);
    return out;
}

char *instant_print(struct instant at, char out[INSTANT_TEXT])
{
    return print_with_offset(at, 0, "Z", out);
}

char *instant_print_in(struct instant at, const struct zone *zone, char out[INSTANT_TEXT])
{
    char suffix[16];

    if (at.us == INT64_MAX)
        return instant_print(at, out);
    int32_t offset = zone_offset_at(zone, at);
    int32_t size = offset < 0 ? -offset : offset;
    snprintf(suffix, sizeof suffix, "%c%02d:%02d", offset < 0 ? '-' : '+', (size / 3600) % 100,
             size / 60 % 60);
    return print_with_offset(at, offset, suffix, out);
}

struct wall wall_at(struct instant at, const struct zone *zone)
{
    int64_t seconds = floor_div(at.us, 1000000) + zone_offset_at(zone, at);
    int64_t day = floor_div(seconds, SECONDS_A_DAY);

    return (struct wall){ { (int32_t)day }, (int32_t)(seconds - day * SECONDS_A_DAY) };
}

struct instant day_begins(struct day day, const struct zone *zone)
{
    return instant_of_wall((struct wall){ day, 0 }, zone);
}

struct instant day_reached_everywhere(struct day day, size_t zone_count,
                                      const struct zone *const zones[])
{
    struct instant last = { INT64_MIN };

    must(zone_count > 0);
    for (size_t i = 0; i < zone_count; i++) {
        struct instant begins = day_begins(day, zones[i]);
        if (begins.us > last.us)
            last = begins;
    }
    return last;
}

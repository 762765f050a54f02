#include "domain/zone.h"

#include <string.h>

static const int64_t ERA_SECONDS = (int64_t)146097 * SECONDS_A_DAY; /* 400 years */

const char *zone_name(const struct zone *zone)
{
    return zone->name;
}

static bool lies_in(const struct zone *zone, size_t place, int64_t second)
{
    return place < zone->count && zone->segments[place].starts <= second &&
           (place + 1 == zone->count || second < zone->segments[place + 1].starts);
}

/* The last segment that starts at or before `second`. Whoever asks, asks of one half-year many
 * times: the last answer is looked at first. */
static size_t segment_at(const struct zone *zone, int64_t second)
{
    static _Thread_local size_t last;
    size_t low = 0, length = zone->count;

    if (lies_in(zone, last, second))
        return last;
    while (length > 1) {
        size_t half = length / 2;
        low += zone->segments[low + half].starts <= second ? half : 0;
        length -= half;
    }
    last = low;
    return low;
}

static int64_t floor_seconds(struct instant at)
{
    return at.us / 1000000 - (at.us % 1000000 < 0);
}

/* How many seconds of whole eras to step back so that `second` lies inside the table. */
static int64_t eras_past(const struct zone *zone, int64_t second)
{
    if (second < zone->repeats_from)
        return 0;
    return ((second - zone->repeats_from) / ERA_SECONDS + 1) * ERA_SECONDS;
}

int32_t zone_offset_at(const struct zone *zone, struct instant at)
{
    int64_t second = floor_seconds(at);

    second -= eras_past(zone, second);
    return zone->segments[segment_at(zone, second)].offset;
}

/* Forty years of changes: what is decided, and the yearly rule that follows it. */
bool zones_agree(const struct zone *a, const struct zone *b, struct instant since)
{
    int64_t second = floor_seconds(since), end = second + (int64_t)40 * 366 * SECONDS_A_DAY;
    size_t i = segment_at(a, second), k = segment_at(b, second);

    for (;;) {
        if (a->segments[i].offset != b->segments[k].offset)
            return false;
        int64_t next_a = i + 1 < a->count ? a->segments[i + 1].starts : INT64_MAX;
        int64_t next_b = k + 1 < b->count ? b->segments[k + 1].starts : INT64_MAX;
        if (next_a >= end && next_b >= end)
            return true;
        if (next_a != next_b)
            return false;
        i++;
        k++;
    }
}

/* Looks at every segment that the wall time could lie in: offsets never exceed 26 hours. */
struct instant instant_of_wall(struct wall wall, const struct zone *zone)
{
    int64_t local = (int64_t)wall.day.number * SECONDS_A_DAY + wall.second;
    int64_t back = eras_past(zone, local + 2 * SECONDS_A_DAY);
    size_t first = segment_at(zone, local - back - 26 * 3600);
    int64_t jumped = INT64_MAX;

    for (size_t i = first; i < zone->count; i++) {
        const struct segment *segment = &zone->segments[i];
        int64_t second = local - back - segment->offset;
        bool ends = i + 1 < zone->count;
        if (second < segment->starts) {
            jumped = segment->starts; /* no clock showed it: it fell into this gap */
            break;
        }
        if (!ends || second < zone->segments[i + 1].starts)
            return (struct instant){ (second + back) * 1000000 };
    }
    must(jumped != INT64_MAX);
    return (struct instant){ (jumped + back) * 1000000 };
}

/* The rest of the file reads the footer. */

struct turn {  /* one of the two yearly changes */
    char kind; /* 'M' month.week.day, 'J' day 1-365 without leap day, 'N' day 0-365 */
    int month, week, day;
    int64_t second; /* of that day, wall time; may be negative or beyond a day */
};

static bool read_number(const char **at, int most, int *out)
{
    int value = 0, digits = 0;

    for (; **at >= '0' && **at <= '9' && digits < 4; digits++)
        value = value * 10 + *(*at)++ - '0';
    *out = value;
    return digits > 0 && value <= most;
}

/* [+-]hh[:mm[:ss]], hours up to 167 */
static bool read_time(const char **at, int64_t *out)
{
    int sign = 1, part[3] = { 0, 0, 0 };

    if (**at == '-' || **at == '+')
        sign = *(*at)++ == '-' ? -1 : 1;
    if (!read_number(at, 167, &part[0]))
        return false;
    for (int i = 1; i < 3 && **at == ':'; i++) {
        (*at)++;
        if (!read_number(at, 59, &part[i]))
            return false;
    }
    *out = sign * (int64_t)(part[0] * 3600 + part[1] * 60 + part[2]);
    return true;
}

static bool read_name(const char **at)
{
    const char *start = *at;

    if (**at == '<') {
        while (**at != '\0' && **at != '>')
            (*at)++;
        return *(*at) == '>' && ++(*at) - start > 2;
    }
    while ((**at >= 'A' && **at <= 'Z') || (**at >= 'a' && **at <= 'z'))
        (*at)++;
    return *at - start >= 3;
}

static bool read_turn(const char **at, struct turn *out)
{
    bool read;

    *out = (struct turn){ .kind = 'N', .second = 7200 };
    if (*(*at)++ != ',')
        return false;
    if (**at == 'M') {
        (*at)++;
        out->kind = 'M';
        read = read_number(at, 12, &out->month) && *(*at)++ == '.' &&
               read_number(at, 5, &out->week) && *(*at)++ == '.' &&
               read_number(at, 6, &out->day) && out->month >= 1 && out->week >= 1;
    } else {
        if (**at == 'J') {
            (*at)++;
            out->kind = 'J';
        }
        read = read_number(at, 365, &out->day) && (out->kind == 'N' || out->day >= 1);
    }
    if (!read || **at != '/')
        return read;
    (*at)++;
    return read_time(at, &out->second);
}

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* The date of the change in this year. */
static struct day turn_day(const struct turn *turn, int year)
{
    struct day first = day_of_date((struct date){ year, 1, 1 });

    if (turn->kind == 'N')
        return day_plus(first, turn->day);
    if (turn->kind == 'J')
        return day_plus(first, turn->day - 1 + (is_leap(year) && turn->day >= 60));
    struct day begins = day_of_date((struct date){ year, turn->month, 1 });
    int sunday_based = (weekday_of(begins) + 1) % 7;
    int ahead = (turn->day - sunday_based + 7) % 7 + (turn->week - 1) * 7;
    struct day day = day_plus(begins, ahead);
    while (date_of_day(day).month != turn->month) /* week 5 means the last one */
        day = day_plus(day, -7);
    return day;
}

static void segment_add(struct zone *zone, int64_t starts, int64_t offset)
{
    struct segment *last = &zone->segments[zone->count - 1];

    if (starts <= last->starts)
        return; /* the file itself knows better */
    if (last->offset != offset)
        zone->segments[zone->count++] = (struct segment){ starts, (int32_t)offset };
}

static int64_t turn_second(const struct turn *turn, int year, int64_t offset_before)
{
    return (int64_t)turn_day(turn, year).number * SECONDS_A_DAY + turn->second - offset_before;
}

static void continue_years(struct zone *zone, int64_t standard, int64_t summer,
                           const struct turn *begins, const struct turn *ends)
{
    int64_t last = zone->segments[zone->count - 1].starts;
    int year = 1969;

    if (last > 0)
        year = date_of_day((struct day){ (int32_t)(last / SECONDS_A_DAY) }).year;
    for (int i = 0; i < ZONE_FOOTER_YEARS; i++, year++) {
        int64_t to_summer = turn_second(begins, year, standard);
        int64_t to_standard = turn_second(ends, year, summer);
        if (to_summer < to_standard) {
            segment_add(zone, to_summer, summer);
            segment_add(zone, to_standard, standard);
        } else {
            segment_add(zone, to_standard, standard);
            segment_add(zone, to_summer, summer);
        }
    }
    zone->repeats_from =
        (int64_t)day_of_date((struct date){ year - 1, 1, 1 }).number * SECONDS_A_DAY;
}

bool zone_continue(struct zone *zone, const char *footer)
{
    int64_t standard, summer;
    struct turn begins, ends;

    zone->repeats_from = INT64_MAX;
    if (!read_name(&footer) || !read_time(&footer, &standard))
        return false;
    standard = -standard; /* POSIX counts west of Greenwich */
    if (*footer == '\0')
        return true; /* the offset of the last change stays for ever */
    summer = standard + 3600;
    if (!read_name(&footer))
        return false;
    if (*footer != ',') {
        if (!read_time(&footer, &summer))
            return false;
        summer = -summer;
    }
    if (!read_turn(&footer, &begins) || !read_turn(&footer, &ends) || *footer != '\0')
        return false;
    continue_years(zone, standard, summer, &begins, &ends);
    return true;
}

#include "domain/interest.h"

#include <string.h>

__extension__ typedef __int128 wide;

enum { YEAR_PARTS = 1603080 }; /* the least that 360, 365 and 366 all divide */

static const char *const names[] = {
#define X(code, name) [code] = name,
    DAY_COUNTS(X)
#undef X
};

const char *day_count_name(enum day_count count)
{
    return names[count];
}

bool day_count_parse(const char *name, enum day_count *out)
{
    for (size_t i = 0; i < COUNT(names); i++) {
        if (strcmp(names[i], name) == 0) {
            *out = (enum day_count)i;
            return true;
        }
    }
    return false;
}

/* How many steps have begun by this day. */
static size_t steps_begun(struct rates rates, struct day day)
{
    size_t low = 0, high = rates.count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (rates.steps[middle].from.number <= day.number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

int32_t rate_on(struct rates rates, struct day day)
{
    size_t begun = steps_begun(rates, day);

    return begun == 0 ? 0 : rates.steps[begun - 1].ppm;
}

/*
 * 30/360 knows the 31st only when the count began before the 30th; 30E/360 never does. Neither
 * looks at the end of February: that is another convention (30/360 US, 30E/360 ISDA).
 */
static int64_t days_of_30(struct day start, struct day to, bool european)
{
    struct date a = date_of_day(start), b = date_of_day(to);

    if (a.day == 31)
        a.day = 30;
    if (b.day == 31 && (european || a.day == 30))
        b.day = 30;
    return 360 * (b.year - a.year) + 30 * (b.month - a.month) + (b.day - a.day);
}

static int64_t parts_of_actual_years(struct day from, struct day to)
{
    int64_t parts = 0;

    while (from.number < to.number) {
        int year = date_of_day(from).year;
        struct day begin = day_of_date((struct date){ year, 1, 1 }),
                   next = day_of_date((struct date){ year + 1, 1, 1 });
        int32_t end = next.number < to.number ? next.number : to.number;
        parts += (int64_t)(end - from.number) * (YEAR_PARTS / (next.number - begin.number));
        from.number = end;
    }
    return parts;
}

/* The share of a year from one day to another, in YEAR_PARTS. */
static int64_t year_parts(enum day_count count, struct day start, struct day from,
                          struct day to)
{
    bool european = count == DAY_COUNT_30E_360;

    switch (count) {
    case DAY_COUNT_ACT_365F:
        return (int64_t)(to.number - from.number) * (YEAR_PARTS / 365);
    case DAY_COUNT_ACT_360:
        return (int64_t)(to.number - from.number) * (YEAR_PARTS / 360);
    case DAY_COUNT_30_360:
    case DAY_COUNT_30E_360:
        return (days_of_30(start, to, european) - days_of_30(start, from, european)) *
               (YEAR_PARTS / 360);
    case DAY_COUNT_ACT_ACT:
        return parts_of_actual_years(from, to);
    case DAY_COUNT_COUNT:
        break;
    }
    bug("a day count", HERE);
}

/* Rate times share of a year, piece by piece where the rate changes. */
static wide weight_of(enum day_count count, struct rates rates, struct day start,
                      struct day from, struct day to)
{
    wide weight = 0;

    for (size_t next = steps_begun(rates, from); from.number < to.number; next++) {
        struct day end = to;
        if (next < rates.count && rates.steps[next].from.number < to.number)
            end = rates.steps[next].from;
        if (next > 0)
            weight += (wide)rates.steps[next - 1].ppm * year_parts(count, start, from, end);
        from = end;
    }
    return weight;
}

static wide floor_div(wide a, wide b)
{
    return a / b - (a % b < 0);
}

bool interest_add(struct interest_run *run, enum day_count count, struct rates rates,
                  struct day start, struct day from, struct day to, int64_t base)
{
    wide exact = (wide)run->minor * INTEREST_PARTS + run->rest, more;

    must(start.number <= from.number);
    if (__builtin_mul_overflow(weight_of(count, rates, start, from, to), (wide)base, &more) ||
        __builtin_add_overflow(exact, more, &exact))
        return false;
    wide minor = floor_div(exact + INTEREST_PARTS / 2, INTEREST_PARTS);
    if (minor > INT64_MAX || minor < INT64_MIN)
        return false;
    run->minor = (int64_t)minor;
    run->rest = (int64_t)(exact - minor * INTEREST_PARTS);
    return true;
}

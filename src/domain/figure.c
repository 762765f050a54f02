#include "domain/figure.h"

const int window_days[WINDOWS] = { 7, 30, 90, 365 };

static const struct {
    const char *name;
    bool daily;
} figures[] = {
#define X(code, name, daily) { name, daily },
    FIGURES(X)
#undef X
};

const char *figure_name(enum figure figure)
{
    must((size_t)figure < COUNT(figures));
    return figures[figure].name;
}

bool figure_is_daily(enum figure figure)
{
    must((size_t)figure < COUNT(figures));
    return figures[figure].daily;
}

bool figure_has_word(enum figure figure)
{
    return figure == FIGURE_DISPUTE || figure == FIGURE_STANDING || figure == FIGURE_STEP ||
           (figure >= FIGURE_AGENT_CALL && figure <= FIGURE_PLAN);
}

int32_t month_of_day(struct day day)
{
    struct date date = date_of_day(day);

    return date.year * 12 + date.month - 1;
}

struct day month_first(int32_t month)
{
    return day_of_date((struct date){ month / 12, month % 12 + 1, 1 });
}

struct day month_last(int32_t month)
{
    return day_plus(month_first(month + 1), -1);
}

struct day monday_of(struct day day)
{
    return day_plus(day, -weekday_of(day));
}

/* Business days from some fixed Monday up to the end of this day. */
static int64_t business_day_number(struct day day)
{
    int64_t week = monday_of(day).number / 7; /* the same Monday for all days of a week */
    int weekday = weekday_of(day);

    return week * 5 + (weekday < 5 ? weekday + 1 : 5);
}

int32_t business_days(struct day from, struct day to)
{
    if (to.number <= from.number)
        return 0;
    return (int32_t)(business_day_number(to) - business_day_number(from));
}

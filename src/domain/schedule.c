#include "domain/schedule.h"

#include "domain/holiday.h"
#include "domain/validation.h"

#include <stdio.h>
#include <string.h>

enum { SATURDAY = 5, MOVED_MOST = 14, WEEK = 7, SHORTEST_MONTH = 28, LONGEST_MONTH = 31 };

bool weekend_is(const void *none, struct day day)
{
    (void)none;
    return weekday_of(day) >= SATURDAY;
}

bool federal_off_is(const void *none, struct day day)
{
    (void)none;
    return federal_day_is_off(day);
}

/* ---- Months ------------------------------------------------------------------------------ */

static int month_of(struct day day) /* months since the year 0 */
{
    struct date date = date_of_day(day);

    return date.year * 12 + date.month - 1;
}

static struct day month_first(int month)
{
    return day_of_date((struct date){ month / 12, month % 12 + 1, 1 });
}

static struct day month_date(int month, int wanted)
{
    struct day first = month_first(month);
    int length = month_first(month + 1).number - first.number;

    return day_plus(first, (wanted < length ? wanted : length) - 1);
}

static struct day month_weekday(int month, int nth, int weekday)
{
    struct day first = month_first(month + (nth == 5));
    int ahead = (weekday - weekday_of(first) + WEEK) % WEEK;

    return day_plus(first, ahead + (nth == 5 ? -WEEK : (nth - 1) * WEEK));
}

struct day day_plus_months(struct day day, int months)
{
    return month_date(month_of(day) + months, date_of_day(day).day);
}

/* ---- Dates ------------------------------------------------------------------------------- */

/* The date of this schedule in one month. */
static struct day in_month(const struct schedule *s, struct day first_day, int month)
{
    if (s->kind == SCHEDULE_WEEKDAY)
        return month_weekday(month, s->nth, s->weekday);
    bool own = s->month_days[0] == DATE_OF_FIRST;
    return month_date(month, own ? date_of_day(first_day).day : s->month_days[0]);
}

static struct day twice(const struct schedule *s, struct day first_day, int n)
{
    int half = month_of(first_day) * 2;

    while (month_date(half / 2, s->month_days[half % 2]).number < first_day.number)
        half++;
    half += n;
    return month_date(half / 2, s->month_days[half % 2]);
}

static struct day listed(const struct schedule *s, struct day first_day, int n)
{
    size_t at = 0;

    while (at < s->date_count && s->dates[at].number < first_day.number)
        at++;
    return (size_t)n < s->date_count - at ? s->dates[at + (size_t)n] : DAY_NEVER;
}

/* The n-th date before any is moved. */
static struct day planned(const struct schedule *s, struct day first_day, int n)
{
    int month = month_of(first_day);

    switch (s->kind) {
    case SCHEDULE_DAYS:
        if (s->weekday != WEEKDAY_OF_FIRST)
            first_day = day_plus(first_day, (s->weekday - weekday_of(first_day) + WEEK) % WEEK);
        return day_plus(first_day, s->step * n);
    case SCHEDULE_MONTHS:
    case SCHEDULE_WEEKDAY:
        month += in_month(s, first_day, month).number < first_day.number;
        return in_month(s, first_day, month + s->step * n);
    case SCHEDULE_TWICE:
        return twice(s, first_day, n);
    case SCHEDULE_LIST:
        break;
    }
    return listed(s, first_day, n);
}

struct day day_moved(struct day day, enum day_shift shift, struct closed_days closed)
{
    if (shift == SHIFT_NONE || closed.is_closed == NULL || day.number == DAY_NEVER.number)
        return day;
    struct day moved = day;
    for (int i = 0; i <= MOVED_MOST; i++) {
        if (!closed.is_closed(closed.context, moved))
            return moved;
        moved = day_plus(moved, shift == SHIFT_BEFORE ? -1 : 1);
    }
    return day;
}

struct day schedule_date(const struct schedule *s, struct day first_day, int n,
                         struct closed_days closed)
{
    int skipped = 0;

    must(n >= 0);
    if (s->shift == SHIFT_BEFORE) { /* a first date must not move into what is past */
        while (day_moved(planned(s, first_day, skipped), s->shift, closed).number <
               first_day.number)
            skipped++;
    }
    return day_moved(planned(s, first_day, n + skipped), s->shift, closed);
}

int schedule_times_a_year(const struct schedule *s)
{
    switch (s->kind) {
    case SCHEDULE_DAYS:
        return 52 * WEEK / s->step;
    case SCHEDULE_MONTHS:
    case SCHEDULE_WEEKDAY:
        return 12 / s->step;
    case SCHEDULE_TWICE:
        return 24;
    case SCHEDULE_LIST:
        break;
    }
    return 0;
}

static const struct times {
    int a_year;
    const char *words, *alone;
} all_times[] = {
    { 52, "a week", "every week" },
    { 26, "every two weeks", "every two weeks" },
    { 24, "twice a month", "twice a month" },
    { 13, "every four weeks", "every four weeks" },
    { 12, "a month", "every month" },
    { 4, "a quarter", "every quarter" },
    { 0, "each time", "each time" },
};

static const struct times *times_of(int a_year)
{
    size_t i = 0;

    while (i + 1 < COUNT(all_times) && all_times[i].a_year != a_year)
        i++;
    return &all_times[i];
}

const char *times_words(int times_a_year)
{
    return times_of(times_a_year)->words;
}

const char *times_alone(int times_a_year)
{
    return times_of(times_a_year)->alone;
}

/* ---- Text -------------------------------------------------------------------------------- */

static const struct rhythm_name {
    const char *name, *other;
    enum schedule_kind kind;
    int step;
} rhythms[] = { { "weekly", "week", SCHEDULE_DAYS, 7 },
                { "2weeks", "fortnight", SCHEDULE_DAYS, 14 },
                { "4weeks", "4weekly", SCHEDULE_DAYS, 28 },
                { "month", "monthly", SCHEDULE_MONTHS, 1 },
                { "quarter", "quarterly", SCHEDULE_MONTHS, 3 } };

/* "15", "15th", "last"; *end is what follows. */
static bool month_day_parse(const char *text, int *out, const char **end)
{
    static const char *const endings[] = { "st", "nd", "rd", "th" };
    int number = 0;

    *end = text;
    if (strncmp(text, "last", 4) == 0) {
        *out = LONGEST_MONTH;
        *end = text + 4;
        return true;
    }
    while (**end >= '0' && **end <= '9' && *end < text + 2)
        number = number * 10 + *(*end)++ - '0';
    for (size_t i = 0; i < COUNT(endings); i++) {
        if (strncmp(*end, endings[i], 2) == 0) {
            *end += 2;
            break;
        }
    }
    *out = number;
    return number >= 1 && number <= LONGEST_MONTH;
}

static bool twice_parse(const char *text, struct schedule *s, bool *apart)
{
    const char *end;
    int days[2];

    if (!month_day_parse(text, &days[0], &end) || strncmp(end, " and ", 5) != 0 ||
        !month_day_parse(end + 5, &days[1], &end) || *end != '\0')
        return false;
    int last = days[1] < SHORTEST_MONTH ? days[1] : SHORTEST_MONTH;
    *apart = last - days[0] >= WEEK && days[0] + SHORTEST_MONTH - last >= WEEK;
    s->kind = SCHEDULE_TWICE;
    memcpy(s->month_days, days, sizeof days);
    return true;
}

/* The part behind "on". */
static bool place_parse(const char *text, struct schedule *s)
{
    char nth[8], weekday[12];
    const char *rest;
    int end = 0;

    if (s->kind == SCHEDULE_DAYS)
        return weekday_parse(text, &s->weekday);
    if (month_day_parse(text, &s->month_days[0], &rest) && *rest == '\0')
        return true;
    s->kind = SCHEDULE_WEEKDAY;
    s->month_days[0] = DATE_OF_FIRST;
    return sscanf(text, "%7s %11s%n", nth, weekday, &end) == 2 && text[end] == '\0' &&
           nth_parse(nth, &s->nth) && weekday_parse(weekday, &s->weekday);
}

static bool rhythm_parse(const char *text, struct schedule *s)
{
    size_t length = strcspn(text, " ");

    for (size_t i = 0; i < COUNT(rhythms); i++) {
        const struct rhythm_name *r = &rhythms[i];
        bool same = (strlen(r->name) == length && strncmp(r->name, text, length) == 0) ||
                    (strlen(r->other) == length && strncmp(r->other, text, length) == 0);
        if (!same)
            continue;
        s->kind = r->kind;
        s->step = r->step;
        s->weekday = s->kind == SCHEDULE_DAYS ? WEEKDAY_OF_FIRST : 0;
        if (text[length] == '\0')
            return true;
        return strncmp(text + length, " on ", 4) == 0 && place_parse(text + length + 4, s);
    }
    return false;
}

static bool list_parse(const char *text, struct schedule *s, struct fault *why)
{
    char word[DAY_TEXT];

    s->kind = SCHEDULE_LIST;
    for (const char *at = text;; at++) {
        size_t length = strcspn(at, ",");
        if (s->date_count == SCHEDULE_DATES_MOST)
            return fail(why, BAD_VALUE, "a schedule lists at most %d dates",
                        SCHEDULE_DATES_MOST);
        struct day *day = &s->dates[s->date_count++];
        snprintf(word, sizeof word, "%.*s", (int)(length < 15 ? length : 15), at);
        if (!day_parse(word, day))
            return fail(why, BAD_VALUE,
                        "\"%s\" is not a date of a schedule; write "
                        "2026-12-04,2027-01-04",
                        word);
        if (s->date_count > 1 && day[-1].number >= day->number)
            return fail(why, BAD_VALUE,
                        "the dates of a schedule ascend, but %s does not come "
                        "after the one before it",
                        word);
        at += length;
        if (*at == '\0')
            return true;
    }
}

static void shift_parse(char *text, struct schedule *s)
{
    static const struct {
        const char *text;
        enum day_shift shift;
    } shifts[] = { { " or before", SHIFT_BEFORE }, { " or after", SHIFT_AFTER } };
    size_t length = strlen(text);

    for (size_t i = 0; i < COUNT(shifts); i++) {
        size_t tail = strlen(shifts[i].text);
        if (length > tail && strcmp(text + length - tail, shifts[i].text) == 0) {
            s->shift = shifts[i].shift;
            text[length - tail] = '\0';
            return;
        }
    }
}

bool schedule_parse(const char *text, struct schedule *out, struct fault *why)
{
    struct schedule s = { 0 };
    char rest[SCHEDULE_TEXT];
    bool apart = true;

    if ((size_t)snprintf(rest, sizeof rest, "%s", text) >= sizeof rest)
        return fail(why, BAD_VALUE, "a schedule of %zu characters is too long", strlen(text));
    shift_parse(rest, &s);
    if (strlen(rest) >= 10 && rest[4] == '-') {
        if (!list_parse(rest, &s, why))
            return false;
    } else if (twice_parse(rest, &s, &apart)) {
        if (!apart)
            return fail(why, BAD_VALUE, "the two dates of \"%s\" lie less than a week apart",
                        text);
    } else if (!rhythm_parse(rest, &s)) {
        fail(why, BAD_VALUE, "\"%s\" is not a schedule", text);
        return fault_hint(why, "weekly, 2weeks, 4weeks, month, quarter, \"month on 31\", "
                               "\"month on second friday\", \"1st and 15th\", or dates");
    }
    *out = s;
    return true;
}

static const char *ordinal(int number)
{
    if (number / 10 == 1 || number % 10 > 3 || number % 10 == 0)
        return "th";
    return number % 10 == 1 ? "st" : number % 10 == 2 ? "nd" : "rd";
}

static const char *rhythm_name_of(const struct schedule *s)
{
    enum schedule_kind kind = s->kind == SCHEDULE_DAYS ? s->kind : SCHEDULE_MONTHS;

    for (size_t i = 0; i < COUNT(rhythms); i++) {
        if (rhythms[i].kind == kind && rhythms[i].step == s->step)
            return rhythms[i].name;
    }
    bug("a schedule of a known step", HERE);
}

static size_t list_print(const struct schedule *s, char out[SCHEDULE_TEXT])
{
    char day[DAY_TEXT];
    size_t n = 0;

    for (size_t i = 0; i < s->date_count; i++)
        n += (size_t)snprintf(out + n, SCHEDULE_TEXT - n, "%s%s", i > 0 ? "," : "",
                              day_print(s->dates[i], day));
    return n;
}

static size_t rhythm_print(const struct schedule *s, char out[SCHEDULE_TEXT])
{
    const char *name = s->kind == SCHEDULE_TWICE ? "" : rhythm_name_of(s);
    const int *days = s->month_days;
    int n = 0;

    if (s->kind == SCHEDULE_TWICE)
        n = snprintf(out, SCHEDULE_TEXT, "%d%s and %d%s", days[0], ordinal(days[0]), days[1],
                     ordinal(days[1]));
    else if (s->kind == SCHEDULE_WEEKDAY)
        n = snprintf(out, SCHEDULE_TEXT, "%s on %s %s", name, nth_name(s->nth),
                     weekday_name(s->weekday));
    else if (s->kind == SCHEDULE_DAYS && s->weekday != WEEKDAY_OF_FIRST)
        n = snprintf(out, SCHEDULE_TEXT, "%s on %s", name, weekday_name(s->weekday));
    else if (s->kind == SCHEDULE_MONTHS && days[0] != DATE_OF_FIRST)
        n = snprintf(out, SCHEDULE_TEXT, "%s on %d", name, days[0]);
    else
        n = snprintf(out, SCHEDULE_TEXT, "%s", name);
    return (size_t)n;
}

char *schedule_print(const struct schedule *s, char out[SCHEDULE_TEXT])
{
    size_t n = s->kind == SCHEDULE_LIST ? list_print(s, out) : rhythm_print(s, out);

    if (s->shift != SHIFT_NONE)
        snprintf(out + n, SCHEDULE_TEXT - n, " or %s",
                 s->shift == SHIFT_BEFORE ? "before" : "after");
    return out;
}

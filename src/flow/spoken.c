#include "flow/spoken.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

static const char *const months[] = { "January",   "February", "March",    "April",
                                      "May",       "June",     "July",     "August",
                                      "September", "October",  "November", "December" };

/* Months of this many letters. */
static const char *day_with(struct arena *a, const char *language, const char *country,
                            struct day day, int letters)
{
    struct date date = date_of_day(day);
    const char *month = months[date.month - 1];
    char plain[DAY_TEXT];

    if (text_starts(language, "en"))
        return text_equal(country, "US") || text_equal(country, "CA")
                   ? arena_print(a, "%.*s %d, %d", letters, month, date.day, date.year)
                   : arena_print(a, "%d %.*s %d", date.day, letters, month, date.year);
    if (text_starts(language, "de"))
        return arena_print(a, "%02d.%02d.%d", date.day, date.month, date.year);
    return arena_copy(a, day_print(day, plain));
}

const char *spoken_day(struct arena *a, const char *language, const char *country,
                       struct day day)
{
    return day_with(a, language, country, day, 9);
}

const char *spoken_short_day(struct arena *a, const char *language, const char *country,
                             struct day day)
{
    return day_with(a, language, country, day, 3);
}

/* "1.234,56 EUR": the German way with both marks, from the plain form. */
static const char *german_money(struct arena *a, struct money m)
{
    char plain[MONEY_TEXT], *out = arena_alloc(a, 2 * MONEY_TEXT), *at = out;
    const char *digits = money_print(m, plain);

    if (*digits == '-')
        *at++ = *digits++;
    size_t whole = strcspn(digits, ".");
    for (size_t i = 0; i < whole; i++) {
        if (i > 0 && (whole - i) % 3 == 0)
            *at++ = '.';
        *at++ = digits[i];
    }
    if (digits[whole] == '.')
        at += sprintf(at, ",%s", digits + whole + 1);
    sprintf(at, " %s", m.currency == CURRENCY_EUR ? "€" : currency_code(m.currency));
    return out;
}

const char *spoken_money(struct arena *a, const char *language, struct money money)
{
    char shown[MONEY_TEXT];

    return text_starts(language, "de") ? german_money(a, money)
                                       : arena_copy(a, money_show(money, shown));
}

const char *spoken_percent(struct arena *a, const char *language, int32_t ppm)
{
    bool german = text_starts(language, "de");
    char *digits = arena_print(a, "%d%c%04d", (int)(ppm / 10000), german ? ',' : '.',
                               (int)(ppm % 10000));
    size_t end = strlen(digits);

    while (digits[end - 1] == '0')
        end--;
    if (digits[end - 1] == '.' || digits[end - 1] == ',')
        end--;
    return arena_print(a, "%.*s%s", (int)end, digits, german ? " %" : "%");
}

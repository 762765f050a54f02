#include "domain/condition_tree.h"

#include "base/text.h"

#include <string.h>

__extension__ typedef __int128 wide; /* nanoseconds times a power of ten */

static const struct unit {
    const char *name;
    int64_t ns;
} units[] = {
    /* "ms" before "m", or "5ms" would be five minutes and a rest */
    { "h", 3600000000000 }, { "ms", 1000000 }, { "m", 60000000000 }, { "s", 1000000000 },
    { "us", 1000 },         { "µs", 1000 },    { "ns", 1 },
};

static const struct unit *unit_read(const char **at)
{
    for (size_t i = 0; i < COUNT(units); i++) {
        if (text_starts(*at, units[i].name)) {
            *at += strlen(units[i].name);
            return &units[i];
        }
    }
    return NULL;
}

/* Digits onto *number; says how many there were. More than 18 are too many for any unit. */
static size_t digits_read(const char **at, int64_t *number)
{
    size_t count = 0;

    while (**at >= '0' && **at <= '9' && count < 18) {
        *number = *number * 10 + (**at - '0');
        (*at)++;
        count++;
    }
    return count;
}

/* One number with its unit, "1.5h", onto *ns; false when it is none or cuts a nanosecond. */
static bool part_read(const char **at, wide *ns)
{
    int64_t whole = 0, fraction = 0, scale = 1;
    size_t digits = digits_read(at, &whole), decimals = 0;

    if (**at == '.') {
        (*at)++;
        decimals = digits_read(at, &fraction);
    }
    const struct unit *unit = unit_read(at);
    if (unit == NULL || digits + decimals == 0)
        return false;
    for (size_t i = 0; i < decimals; i++)
        scale *= 10;
    wide parts = (wide)fraction * unit->ns;
    *ns += (wide)whole * unit->ns + parts / scale;
    return parts % scale == 0;
}

bool duration_parse(const char *text, int64_t *us)
{
    bool minus = text[0] == '-';
    wide ns = 0;

    if (minus || text[0] == '+')
        text++;
    if (text[0] == '\0')
        return false;
    if (strcmp(text, "0") != 0) {
        while (text[0] != '\0') {
            if (!part_read(&text, &ns))
                return false;
        }
    }
    if (ns % 1000 != 0 || ns > INT64_MAX)
        return false;
    *us = (int64_t)(minus ? -ns : ns) / 1000;
    return true;
}

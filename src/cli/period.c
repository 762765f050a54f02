#include "cli/period.h"

#include "base/text.h"
#include "domain/zone.h"

#include <stdio.h>
#include <string.h>

static struct day month_after(struct day first)
{
    struct date date = date_of_day(first);

    date.year += date.month / 12;
    date.month = date.month % 12 + 1;
    return day_of_date(date);
}

/* "2026-10" is its first day as a beginning, and its last as an end. */
static bool edge_of_period(const char *text, bool is_end, struct day *out)
{
    char whole[16];

    if (day_parse(text, out))
        return true;
    if (strlen(text) != 7)
        return false;
    snprintf(whole, sizeof whole, "%s-01", text);
    if (!day_parse(whole, out))
        return false;
    if (is_end)
        *out = day_plus(month_after(*out), -1);
    return true;
}

bool period_typed(struct arena *a, const char *text, struct day today, struct day *from,
                  struct day *to)
{
    const char *dots = strstr(text, "..");
    size_t length = strlen(text);
    int64_t days;

    if (dots != NULL)
        return edge_of_period(arena_copy_n(a, text, (size_t)(dots - text)), false, from) &&
               edge_of_period(dots + 2, true, to);
    if (length > 1 && length < 6 && text[length - 1] == 'd' &&
        text_to_int(arena_copy_n(a, text, length - 1), &days) && days > 0) {
        *from = day_plus(today, 1 - (int)days);
        *to = today;
        return true;
    }
    return edge_of_period(text, false, from) && edge_of_period(text, true, to);
}

bool period_moments(const struct call *call, const char *text, const struct zone *zone,
                    struct instant *from, struct instant *to, struct fault *why)
{
    struct day today, first, last;

    if (!call_today(call, &today, why))
        return false;
    if (!period_typed(call->arena, text, today, &first, &last))
        return fail(why, BAD_USAGE,
                    "\"%s\" is no period. It looks like 30d, 2026-10 or "
                    "2026-01..2026-06.",
                    text);
    *from = day_begins(first, zone);
    *to = day_begins(day_plus(last, 1), zone);
    return true;
}

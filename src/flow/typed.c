#include "flow/typed.h"

#include "base/text.h"

#include <string.h>
#include <strings.h>

static bool weekday_typed(const char *text, struct day today, struct day *out)
{
    static const char *const weekdays[] = { "mon", "tue", "wed", "thu", "fri", "sat", "sun" };

    if (text_starts(text, "next "))
        text += 5;
    for (int i = 0; i < 7; i++) {
        if (strncasecmp(text, weekdays[i], 3) != 0 || strlen(text) != 3)
            continue;
        int ahead = (i - weekday_of(today) + 7) % 7;
        *out = day_plus(today, ahead == 0 ? 7 : ahead);
        return true;
    }
    return false;
}

/* "+7d", "-3d", "+2w". */
static bool distance_typed(const char *text, struct day today, struct day *out)
{
    char digits[8];
    int64_t number;
    size_t length = strlen(text);

    if ((text[0] != '+' && text[0] != '-') || length < 3 || length > sizeof digits)
        return false;
    memcpy(digits, text + 1, length - 2);
    digits[length - 2] = '\0';
    if (!text_to_int(digits, &number) || number < 0)
        return false;
    if (text[length - 1] == 'w')
        number *= 7;
    else if (text[length - 1] != 'd')
        return false;
    *out = day_plus(today, (int)(text[0] == '-' ? -number : number));
    return true;
}

bool typed_day(const char *text, struct day today, struct day *out)
{
    static const struct {
        const char *name;
        int ahead;
    } names[] = { { "today", 0 }, { "tomorrow", 1 }, { "yesterday", -1 } };

    for (size_t i = 0; i < COUNT(names); i++) {
        if (text_equal(text, names[i].name)) {
            *out = day_plus(today, names[i].ahead);
            return true;
        }
    }
    return day_parse(text, out) || distance_typed(text, today, out) ||
           weekday_typed(text, today, out);
}

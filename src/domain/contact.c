#include "domain/contact.h"

#include <string.h>

#define X(code, name) name,
static const char *const channel_names[] = { CHANNELS(X) };
static const char *const outcome_names[] = { OUTCOMES(X) };
#undef X

static bool name_find(const char *const names[], int count, const char *name, int *out)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(names[i], name) == 0) {
            *out = i;
            return true;
        }
    }
    return false;
}

const char *channel_name(enum channel channel)
{
    return channel_names[channel];
}

bool channel_parse(const char *name, enum channel *out)
{
    int place;

    if (!name_find(channel_names, CHANNEL_COUNT, name, &place))
        return false;
    *out = (enum channel)place;
    return true;
}

const char *outcome_name(enum outcome outcome)
{
    return outcome_names[outcome];
}

bool outcome_parse(const char *name, enum outcome *out)
{
    int place;

    if (!name_find(outcome_names, OUTCOME_COUNT, name, &place))
        return false;
    *out = (enum outcome)place;
    return true;
}

bool debt_set_has(struct debt_set set, int32_t number)
{
    size_t low = 0, high = set.count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (set.numbers[middle] == number)
            return true;
        if (set.numbers[middle] < number)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

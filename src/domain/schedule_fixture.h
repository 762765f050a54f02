/* What the tests of schedules, splits and plans share: a seeded dice, days and schedules. */
#ifndef DOMAIN_SCHEDULE_FIXTURE_H
#define DOMAIN_SCHEDULE_FIXTURE_H

#include "domain/schedule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static uint64_t seed; /* set before the first throw */

static inline int64_t dice(int64_t least, int64_t most)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return least + (int64_t)(seed % (uint64_t)(most - least + 1));
}

static inline int small_dice(int least, int most)
{
    return (int)dice(least, most);
}

static inline struct day day_of(const char *text)
{
    struct day day;

    assert_true(day_parse(text, &day));
    return day;
}

static inline struct schedule schedule_of(const char *text)
{
    struct schedule s;
    struct fault why = { 0 };

    if (!schedule_parse(text, &s, &why))
        fail_msg("%s", why.text);
    return s;
}

#endif

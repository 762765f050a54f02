#include "domain/strategy.h"

#include <string.h>

static const struct fact_name names[] = {
#define X(code, name, type, moves, meaning) { name, type, meaning, moves },
    STRATEGY_FACTS(X)
#undef X
};

const struct fact_table strategy_facts = { COUNT(names), names };

size_t ladder_find(const struct ladder *ladder, const char *step_id)
{
    size_t i = 0;

    while (i < ladder->step_count && strcmp(ladder->steps[i].id, step_id) != 0)
        i++;
    return i;
}

enum { TURNS_MOST = 64, DAYS_FAR = 10000000 }; /* no two dates lie further apart */

/* Too many turns: look every day, which is always right. */
static void turns_add(struct turns *turns, int days[TURNS_MOST],
                      const struct condition *condition, enum strategy_fact fact)
{
    int64_t found[TURNS_MOST];
    size_t count = condition != NULL ? condition_turns(condition, fact, TURNS_MOST, found) : 0;

    if (count > TURNS_MOST) {
        turns->daily = true;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (found[i] <= -DAYS_FAR || found[i] >= DAYS_FAR)
            continue;
        if (turns->count == TURNS_MOST) {
            turns->daily = true;
            return;
        }
        days[turns->count++] = (int)found[i];
    }
}

/* Grace and pauses lie between it and the due day, differently for every debt. */
static bool counts_delinquency(const struct condition *condition)
{
    return condition != NULL && condition_reads(condition, ITEM_DAYS_DELINQUENT);
}

void strategy_find_turns(struct strategy *s, struct arena *a)
{
    int *days = arena_array(a, int, TURNS_MOST);

    s->applies_turns = (struct turns){ .days = days };
    turns_add(&s->applies_turns, days, s->applies, FILE_OLDEST_DAYS);
    days = arena_array(a, int, TURNS_MOST);
    s->segment_turns = (struct turns){ .days = days };
    for (size_t i = 0; i < s->segment_count; i++)
        turns_add(&s->segment_turns, days, s->segments[i].when, FILE_OLDEST_DAYS);
    for (size_t i = 0; i < s->ladder_count; i++) {
        struct ladder *ladder = &s->ladders[i];
        days = arena_array(a, int, TURNS_MOST);
        ladder->turns = (struct turns){ .days = days };
        for (size_t k = 0; k < ladder->step_count; k++) {
            turns_add(&ladder->turns, days, ladder->steps[k].when, ITEM_DAYS_PAST_DUE);
            turns_add(&ladder->turns, days, ladder->steps[k].when, FILE_OLDEST_DAYS);
            ladder->turns.daily |= counts_delinquency(ladder->steps[k].when);
        }
    }
}

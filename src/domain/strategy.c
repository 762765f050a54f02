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

/*
 * Told: what is left to say of a message that a ladder decided. Its decision names instalments;
 * those that are open, and may still be asked for, are told when it goes.
 */
#ifndef FLOW_TOLD_H
#define FLOW_TOLD_H

#include "domain/casefile.h"
#include "formats/record.h"

struct left {
    size_t item_count, debt_count;
    const struct instalment **items;
    struct gate_debt *debts; /* theirs, each once */
};

struct left told_left(const struct casefile *c, const struct record_item *told, size_t count,
                      struct instant now, struct arena *a);

#endif

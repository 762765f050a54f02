/* Chance: numbers that look random and are the same for the same seed (SplitMix64). */
#ifndef ORACLE_CHANCE_H
#define ORACLE_CHANCE_H

#include <stdbool.h>
#include <stdint.h>

struct chance {
    uint64_t state;
};

static inline uint64_t chance_next(struct chance *c)
{
    uint64_t z = c->state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* 0 to below - 1 */
static inline int chance_below(struct chance *c, int below)
{
    return (int)(chance_next(c) % (uint64_t)below);
}

static inline bool chance_is(struct chance *c, int percent)
{
    return chance_below(c, 100) < percent;
}

#endif

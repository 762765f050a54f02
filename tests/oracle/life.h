/*
 * Life: what happens to an invented person in a year, at random but repeatable.
 *
 * life_begin makes the person as the year begins. life_agenda lists the moments at which
 * something happens, in order; life_step lets it happen. At the moments marked as questions
 * the caller asks, and says by life_make whether the contact was made.
 */
#ifndef ORACLE_LIFE_H
#define ORACLE_LIFE_H

#include "chance.h"
#include "world.h"

enum happening { ASKS, SPEAKS, DIALS, TELLS, WITHDRAWS, CORRECTS, MOVES, ANSWERS };

enum { HAPPENINGS_MOST = 400, BURSTS = 5 };

struct life {
    struct chance chance;
    struct person *person;
    int step;
    int bursts[BURSTS];            /* days of the year at which busy weeks begin */
    int burst_debt, burst_channel; /* what the current one is mostly about */
    int heavy; /* percent of contacts that are made though they should not be */
    size_t count, next;
    struct agenda {
        int64_t at;
        enum happening what;
    } agenda[HAPPENINGS_MOST];
};

void life_begin(struct life *life, struct person *person, uint64_t seed, uint64_t number,
                int questions);

/* Lives up to the next question; false when the year is over. */
bool life_next(struct life *life, struct asked *question);

/* The question was answered: now and then the contact is made, mostly when it was allowed. */
void life_make(struct life *life, const struct asked *question, bool allowed);

/* Where the year begins and ends, in microseconds. */
int64_t year_begins(void);
int64_t year_ends(void);

#endif

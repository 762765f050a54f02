/*
 * Demo: a book of invented debtors, to look at and to measure with.
 *
 * Nobody in it exists: names come from lists of our own, mailboxes from the names that RFC 2606
 * reserves, phone numbers from the ranges that each country sets aside for films.
 *
 * The same seed, number of case files, months, kind and moment give the same book, byte for
 * byte, on every machine: the dice are whole numbers, and every case file has dice of its own,
 * so that neither their order nor the size of a batch makes a difference.
 *
 * Every event is written through flow/book.h on the day on which it would have happened. Memory
 * is bounded by one case file plus 24 bytes for each.
 */
#ifndef FLOW_DEMO_H
#define FLOW_DEMO_H

#include "flow/book.h"

enum demo_kind { DEMO_MIXED, DEMO_BUSINESS, DEMO_CONSUMER };

struct demo_request {
    int64_t casefiles; /* 0: 5,000            */
    uint64_t seed;     /* 0: 42               */
    int months;        /* of history; 0: 24   */
    enum demo_kind kind;
    /* Called after each transaction; NULL: nobody wants to know. */
    void (*progress)(void *self, int64_t done, int64_t all);
    void *self;
};

bool demo_kind_parse(const char *name,
                     enum demo_kind *out); /* "mixed", "business", "consumer" */

/* A new book at `url` with the settings of the invented organisation; CONFLICT when there is
 * one. */
bool demo_create(const char *url, struct fault *why);

/* Fills an open book, between transactions. The history ends at b->now. */
bool demo_fill(struct book *b, struct demo_request r, struct fault *why);

/* Those who work at the invented firm, one for each role; inside a session of the book. */
extern const char demo_password[];
bool demo_users(struct book *b, struct fault *why);

#endif

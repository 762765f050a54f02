/* Reading: the questions that the oracle's rules have in common. Private to oracle*.c. */
#ifndef ORACLE_READING_H
#define ORACLE_READING_H

#include "oracle.h"

#define ON(channel) (1u << (channel))
#define OF(outcome) (1u << (outcome))
enum { PHONE = ON(CHANNEL_CALL) | ON(CHANNEL_VOICEMAIL) };

bool same(const char *a, const char *b);         /* NULL equals only NULL */
bool same_address(const char *a, const char *b); /* case plays no part   */
bool is_attorney(const struct asked *q);
unsigned medium_of(enum channel channel); /* a call and a voicemail are one medium */

/* Recorded by now, and in force at `at`. */
bool holds(const struct asked *q, const struct known *fact, int64_t at);
/* About the person asked for, and about some (all) of the debts asked for. */
bool of_person(const struct asked *q, const struct known *fact);
bool of_some_debt(const struct asked *q, const struct known *fact);
/* A fact of this type about the person and one of the debts; NULL when there is none. */
const struct known *fact_now(const struct asked *q, enum fact_type type);

/* The same debt in the eyes of 12 CFR 1006.14(b)(4). */
bool one_debt(const struct person *p, int a, int b);
bool about(const struct asked *q, const struct entry *entry, int debt, bool loans_are_one);

/* What the person last said to us on these channels (from this address, when one is named)
 * and nobody has answered by one of them; NULL when there is nothing. */
enum { EVERY_CHANNEL = 0x7fffffff };
const struct entry *waiting(const struct asked *q, unsigned channels, int64_t since,
                            const char *address);

/* When the day of `at` plus so many days has begun on every wall. */
int64_t begun_everywhere(const struct asked *q, int64_t at, int days);

/* Consent that was given to whoever asks now. */
bool is_direct(const struct asked *q, const struct known *consent);
bool is_for_hours(const struct known *consent);
bool is_appointed(const struct known *consent, int64_t at);
/* Direct consent to one more call about the debt, made at `at`: 12 CFR 1006.14(b)(3)(i). */
bool consented_call(const struct asked *q, int debt, int64_t at);

struct opening {
    unsigned weekdays; /* bit 0 = Monday */
    int open, close;   /* seconds of the day; close is shut */
};
struct hours {
    unsigned channels;
    struct opening openings[3];
    bool (*closed)(int64_t day); /* or NULL */
    bool stated, consented, replies;
};
struct opinion hours_opinion(const struct asked *q, const struct hours *hours);
/* False when no consent speaks of this hour. */
bool consented_hours_opinion(const struct asked *q, struct opinion *out);

enum unit { ATTEMPTS, CONTACTS, CONVERSATIONS };
enum { A_PERSON = 1, A_DEBT = 2, A_CREDITOR = 4, A_NUMBER = 8 };
enum kinds { ANY_NUMBER, WORK, NOT_WORK, SURELY_WORK, CELL };
struct cap {
    unsigned channels;
    struct {
        enum unit unit;
        unsigned per;
        int days, most;
    } limits[2];
    unsigned left_out;        /* outcomes */
    const char *purposes[10]; /* that do not count, and pass */
    enum kinds kinds;
    bool consent, loans_are_one, from_first_talk;
};
struct opinion cap_opinion(const struct asked *q, const struct cap *cap);

#endif

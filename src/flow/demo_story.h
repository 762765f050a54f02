/*
 * Story: what happened to one invented debtor, as a list of events. Private to flow/demo*.c.
 *
 * Pure but for the arena: the dice and the day decide everything.
 */
#ifndef FLOW_DEMO_STORY_H
#define FLOW_DEMO_STORY_H

#include "base/arena.h"
#include "flow/demo.h"

/* Whole-number dice: SplitMix64. Same on every machine. */
struct dice {
    uint64_t state;
};

static inline uint64_t dice_roll(struct dice *d)
{
    uint64_t x = d->state += 0x9e3779b97f4a7c15u;

    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

/* 0 to below - 1. */
static inline int dice_below(struct dice *d, int below)
{
    return (int)((dice_roll(d) >> 32) * (uint64_t)below >> 32);
}

static inline int dice_between(struct dice *d, int least, int most)
{
    return least + dice_below(d, most - least + 1);
}

/* True so many times in a thousand. */
static inline bool dice_chance(struct dice *d, int per_mille)
{
    return dice_below(d, 1000) < per_mille;
}

#define dice_pick(d, list) ((list)[dice_below((d), (int)COUNT(list))])

enum trade { TRADE_BUSINESS, TRADE_CONSUMER, TRADE_PLACED };

/* Who it is. Text lives in the arena or for ever. */
struct persona {
    enum trade trade;
    struct debtor_input debtor;
    enum currency currency;
    const struct zone *zone;    /* of the home town */
    const char *country;        /* ISO 3166-1 */
    const char *kind;           /* of the debts: "invoice", "utility", …  */
    const char *client_address; /* of whom placed debts are owed to; else NULL */
};

void persona_make(struct persona *p, struct dice *d, struct arena *a, int64_t index,
                  enum demo_kind kind);

enum event_kind {
    EVENT_DEBT,
    EVENT_PAYMENT,
    EVENT_CONTACT,
    EVENT_FACT,
    EVENT_PROMISE,
    EVENT_PROMISE_END,
    EVENT_PLAN,
    EVENT_PLAN_PAID,
    EVENT_OFFER,
    EVENT_RETURN,
    EVENT_REFUND,
    EVENT_WRITE_OFF,
};

/* What is offered to them: how much of what is open, and what came of it. */
enum demo_offer { DEMO_OFFER_OPEN, DEMO_OFFER_WAITS, DEMO_OFFER_ACCEPTED, DEMO_OFFER_EXPIRED };

struct event {
    enum event_kind kind;
    int order; /* of events at the same moment */
    struct instant at;
    int debt; /* place in the story's debts; -1: all */
    union {
        struct {
            struct debt_input input;
            const char *bound; /* the name of the terms that hold for it; NULL: none */
        };
        struct payment_input payment;
        struct {
            struct contact contact;
            const char *note;
        };
        struct {
            struct gate_fact fact;
            int64_t contested; /* of a dispute: so much of the debt; 0: all of it */
        };
        struct {
            int parts, part;         /* of a plan: how many, and which one is paid (from 0) */
            enum demo_offer offer;
            const char *reference;   /* of a payment */
            int64_t sum;             /* given back or given up */
        };
        struct {
            int64_t minor;
            struct day due;
            int promise; /* place among the story's promises */
            const char *state;
        };
    };
};

enum { STORY_EVENTS = 200, STORY_DEBTS = 24 };

struct story {
    struct persona who;
    struct dice *dice;
    struct arena *arena;
    struct instant now;
    struct day today;
    const struct zone *zone; /* of the organisation */
    int months;
    int event_count, debt_count, promise_count;
    struct event events[STORY_EVENTS];
};

/* Tells the whole story of `who`; events come in the order of time. */
void story_tell(struct story *s);

/* The money side and the talking side of it. */
struct owing {
    int debt;
    struct day due;
    int64_t open; /* today */
};
void story_debts(struct story *s, struct owing owing[STORY_DEBTS]);
void story_talks(struct story *s, const struct owing owing[STORY_DEBTS]);
/* Terms, plans, offers, money that went back: told last, so that nothing else is rolled anew. */
void story_deals(struct story *s, const struct owing owing[STORY_DEBTS]);
/* What the people at the desk did: told last of all. */
void story_desk(struct story *s);
/* Which of them works for this debtor: an email address. */
const char *story_collector(const struct story *s);
/* Gives them some of the work that waits. */
bool demo_assign(struct book *b, struct fault *why);
/* No room for so many more events. */
bool story_is_full(const struct story *s, int more);

struct event *story_event(struct story *s, enum event_kind kind, struct day day);

#endif

/*
 * Track: what happened to one case file, as far as figures count it.
 *
 * Loaded from its tables, packed beside it, and turned into contributions
 * (domain/contribute.h). What a track does not hold no figure depends on; two equal tracks
 * contribute the same.
 *
 * Days are those of the house, hours those of the person. All arrays belong to an arena.
 */
#ifndef DOMAIN_TRACK_H
#define DOMAIN_TRACK_H

#include "domain/casefile.h"
#include "domain/terms.h"

/* The principal of an instalment changed: placed, corrected, credited, paid. */
struct track_change {
    struct day day;
    int64_t minor; /* more or less open */
    bool by_money;
};

struct track_item {
    int32_t number;
    struct day due_day;
    int64_t owed_minor; /* as is known now: what reports say was invoiced */
    size_t change_count;
    struct track_change *changes; /* ascending by day, of a day not by money first */
};

struct track_debt {
    int32_t number;
    enum currency currency;
    struct day invoice_day;
    /* When it came to us: of debts of our own the invoice day; of others' the day on which it
     * was put on file, if that is later. */
    struct day placed_day;
    size_t item_count;
    struct track_item *items;
};

struct track_money {
    struct day day;
    enum currency currency;
    int32_t component; /* of charges */
    int64_t minor;
};

struct track_promise {
    enum currency currency;
    int64_t minor;
    struct day made_day, due_day, state_day;
    enum promise_state state;
    bool of_plan;
    const char *author; /* who took it; NULL: the program, or a file */
};

/* Of the same minute, what came in is first. */
struct track_contact {
    struct day day;
    int64_t minute;    /* since 1970, UTC */
    int32_t week_hour; /* there: 0 = Monday midnight to 1 am; -1: in which zone they are is not
                        * known */
    enum channel channel;
    enum direction direction;
    enum outcome outcome; /* never NONE nor PLANNED */
    bool asks_for_money;  /* a message of the house, not an answer to anybody */
    const char *step;     /* of a ladder, for messages that went through the outbox; or NULL */
    const char *author;   /* who called, wrote, or wrote it down; or NULL */
};

struct track_dispute {
    struct day received_day, state_day;
    bool open, withdrawn; /* neither: answered */
    const char *reason;
    const char *author; /* who answered; or NULL */
};

struct track_span {
    struct day from, until; /* until: the first day on which it is over */
};

struct track_hardship {
    struct day asked_day, decided_day; /* DAY_NEVER: not yet          */
    struct day ended_day;              /* it waits for nothing any more */
    const char *author;                /* who decided; or NULL          */
};

/* A plan that came to stand, or a request for one that somebody declined. */
struct track_plan {
    struct day day;
    bool declined;
};

struct track_stop {
    struct day day;
    bool all; /* not one means alone */
};

struct track {
    const char *client, *desk;
    const char *strategy, *segment; /* of the last decision; "": of none */
    const char *standing;           /* with its rule: "blocked rule/x" */
    const char *language, *place; /* "en", "US-NY", of the person; "": not known, or several */
    size_t debt_count, cash_count, charge_count, promise_count, contact_count, dispute_count,
        disputed_count, hardship_count, stop_count, complaint_count, plan_count;
    struct track_debt *debts;         /* ascending by number                 */
    struct track_money *cash;         /* ascending by currency and day, each once */
    struct track_money *charges;      /* the same, with the component        */
    struct track_promise *promises;   /* in the order of their numbers       */
    struct track_contact *contacts;   /* ascending by minute                 */
    struct track_dispute *disputes;   /* in the order of their numbers       */
    struct track_span *disputed;      /* in force; may overlap               */
    struct track_hardship *hardships; /* in the order of their numbers       */
    struct track_stop *stops;
    struct day *complaints; /* on which they reached us */
    struct track_plan *plans;
};

#endif

/*
 * Task of: which work for people follows from what is known of a case file.
 *
 * A pure function: rows in, tasks out. The events of the book use it to keep table task
 * (flow/task.h), recoup prove to make all tasks again and compare.
 *
 *     reply      they wrote or left a message, and nobody spoke with them or wrote to them since
 *     callback   they want to be called back, and nobody called or spoke with them since
 *     complaint  one is open, or a hold of that kind stands that was not placed for one
 *     payment    money failed, went back, or was charged back; nothing came and nobody spoke since
 *     missed     a promise, or an instalment of a plan, was broken; the same
 *     promise    one that stands by itself is due: from the day before on
 *     dispute    one is open
 *     hardship   an arrangement was asked for, and nobody decided
 *     offer      one of theirs is open, or one waits for who may grant it
 *     address    the last thing known of an address is that it does not serve
 *     call       the strategy planned a call, and nobody made it yet
 *     review     a hold is to be looked at again: from that day on
 *
 * All but reply, callback, complaint and dispute need something to be owed. What a person did or
 * dropped stays so until there is news of it. What became known TASK_OLD_DAYS after it happened
 * (a file of old notes) makes no task.
 *
 * The day by which something is due is that of the house: answers take one working day, Monday to
 * Friday, until TASK_CLOSE in its zone; hardship and offers two; complaints and addresses five.
 */
#ifndef DOMAIN_TASK_OF_H
#define DOMAIN_TASK_OF_H

#include "domain/casefile.h"
#include "domain/task.h"

enum { TASK_OLD_DAYS = 30, TASK_CLOSE = 17 * 3600 };

struct task_contact {
    int32_t number;
    struct instant at, callback_at; /* callback_at.us 0: not asked for */
    bool incoming;
    enum channel channel;
    enum outcome outcome;
    const char *address, *note; /* may be NULL */
};

struct task_payment {
    int32_t number;
    struct day received_day, state_day;
    bool stands; /* settled or pending */
    const char *state, *method, *reason;
    struct money money;
};

struct task_promise {
    int32_t number, plan, item;
    enum promise_state state;
    struct day made_day, due_day, state_day;
    struct money money;
};

struct task_plan {
    int32_t number;
    enum plan_state state;
    struct day state_day;
};

struct task_offer {
    int32_t number;
    bool theirs;
    enum offer_state state;
    struct instant made_at;
    struct day expires_day;
    struct money money, balance;
};

struct task_dispute { /* open ones */
    int32_t number;
    struct day received_day, answer_day;
    struct money money;
    const char *reason, *note;
};

struct task_complaint {
    int32_t number, hold; /* hold: the one that was placed for it; 0: none */
    struct day received_day, answer_day;
    bool open;
    const char *words;
};

struct task_hold {
    int32_t number;
    const char *kind, *reason; /* reason may be NULL */
    struct instant at, until;
    struct day review; /* DAY_NONE: none */
    bool decided;      /* of a hardship: what was decided stands in it */
};

struct task_point { /* of the debtor */
    int32_t number;
    enum channel channel;
    const char *address;
    bool bad;
};

struct task_message { /* of the outbox: calls, answers, and what came back */
    int32_t number;
    enum channel channel;
    const char *state, *purpose, *address, *step; /* purpose may be NULL */
    struct instant decided_at, not_before, expires_at, state_at;
};

enum task_state { TASK_OPEN, TASK_SETTLED, TASK_DONE, TASK_DROPPED };
const char *task_state_name(enum task_state state);
bool task_state_parse(const char *name, enum task_state *out);

struct task_row { /* as kept */
    int32_t number;
    enum task_kind kind;
    const char *origin, *reason;
    enum task_state state;
    struct instant made_at, since, due, hidden_until, state_at;
    struct money open;
    const char *creditor, *desk;
    int64_t assigned, closed_by; /* numbers of users; 0: nobody, the program */
};

struct task_facts {
    struct instant now;
    const struct zone *zone; /* of the house */
    struct money open;       /* of the account, where most is; CURRENCY_NONE: nothing is owed */
    size_t contact_count, payment_count, promise_count, plan_count, offer_count, dispute_count,
        complaint_count, hold_count, point_count, message_count, task_count;
    struct task_contact *contacts; /* sorted here by `at` */
    struct task_payment *payments;
    struct task_promise *promises;
    struct task_plan *plans;
    struct task_offer *offers;
    struct task_dispute *disputes;
    struct task_complaint *complaints;
    struct task_hold *holds;
    struct task_point *points;
    struct task_message *messages;
    struct task_row *tasks; /* ascending by number */
};

/* What a task is about: the words are for who prints it (flow/task_words.c). */
struct task_wanted {
    enum task_kind kind;
    const char *what; /* "contact", "promise", …: with the number, its origin */
    int32_t number;
    struct instant at; /* when it came about */
    struct instant due, hidden_until;
    bool may_lapse; /* what it is of is over: it follows no more, but nobody may have looked yet */
    /* For the line that says what there is to do; which of them are there depends on the kind. */
    const char *said, *state, *step;
    struct money money, whole;
    struct day day;
    int count; /* of messages that wait */
    enum channel channel;
    bool theirs, plan;
};

/* In no particular order; at most one for an origin. */
void tasks_of(struct task_facts *facts, struct arena *a, struct task_wanted **out,
              size_t *count);

/* TASK_CLOSE on the n-th working day after that of `at`, on the walls of the house. */
struct instant task_due(struct instant at, int working_days, const struct zone *zone);

#endif

/*
 * World: invented people and what is recorded of them during a year.
 *
 * The record is a journal: nothing is ever changed in it. A correction closes an entry
 * (`gone`) and adds another (`learned`); both are steps, numbers that only grow. A question
 * asked at a step is judged by what was recorded at that step, by both sides: the oracle walks
 * this journal, the gate is handed arrays of what stands (ask.c).
 *
 * One person is in memory at a time.
 */
#ifndef ORACLE_WORLD_H
#define ORACLE_WORLD_H

#include "clock.h"
#include "domain/gate.h"

enum { DEBTS_MOST = 5, ZONES_MOST = 3, PLACES_MOST = 2, ENTRIES_MOST = 1200, FACTS_MOST = 300 };
enum { DEBTOR = 1, CO_DEBTOR = 2, ATTORNEY = 3, SECOND_ATTORNEY = 4 };
enum { STEP_NEVER = 1 << 30 };
#define NEVER INT64_MAX

struct entry { /* a contact */
    int learned, gone;
    int64_t at; /* microseconds */
    enum channel channel;
    enum direction direction;
    enum outcome outcome;
    int32_t party;
    unsigned debts; /* bit 0 = debt 1 */
    const char *address, *purpose, *number_kind;
};

struct known { /* a dated fact */
    int learned, gone;
    enum fact_type type;
    int32_t party, debt, other;
    int64_t at, until;
    const char *scope, *value;
    bool channel_known;
    enum channel channel;
    struct bad_hours hours;
    const char *given_to; /* consent */
    const char *form;     /* cease: letter, oral */
    const char *place;    /* inconvenient_place */
    const char *basis;    /* sms_basis, email_basis */
    int64_t call_back;    /* consent to a call at this moment; 0 = none */
    /* Days; 0 = none. */
    int64_t checked_day; /* sms_basis: of the database check                         */
    int64_t provided_day, printed_day; /* validation: when it was given, the end it prints */
    int64_t answered_day;  /* dispute, original_creditor_request: of verification, of answer */
    int64_t dismissed_day; /* bankruptcy: the case is over                             */
    const char *chapter;   /* bankruptcy */
};

struct owed {
    const char *kind, *creditor, *servicer_account;
};

struct person {
    uint64_t number;
    enum actor_role role;
    bool pseudonym; /* a creditor that uses another name */
    bool business;
    bool joint; /* there is a co-debtor */
    size_t place_count, zone_count, debt_count;
    const char *places[PLACES_MOST];
    const struct clock *clocks[ZONES_MOST];
    struct owed debts[DEBTS_MOST];
    size_t entry_count, fact_count;
    struct entry entries[ENTRIES_MOST];
    struct known facts[FACTS_MOST];
};

struct asked { /* a proposed contact */
    const struct person *person;
    int step;
    int64_t at;
    enum channel channel;
    int32_t party;
    const char *relation, *address, *purpose, *number_kind;
    unsigned debts;
    const char *voice; /* live, prerecorded */
    bool requests_payment, only_confirms_opt_out, opt_out_notice, collector_statement;
};

static inline bool stands(int learned, int gone, int step)
{
    return learned <= step && step < gone;
}

#endif

/* Prove measures parts: raw rows, and what they ought to come to. Private to prove_measures*.c.
 */
#ifndef FLOW_PROVE_MEASURES_PARTS_H
#define FLOW_PROVE_MEASURES_PARTS_H

#include "store/kept_figures.h"

struct raw_item {
    int64_t id;
    int32_t debt, number, due, currency, invoice;
    int64_t owed;
};

struct raw_line {
    int64_t id;
    int32_t day, debt, item, currency;
    int64_t posted_at, minor;
    char account; /* p rincipal, i nterest, f ees, k osts, c ash */
    bool money;   /* its entry moved money */
};

struct raw_promise {
    int64_t id, minor;
    int32_t currency, made, due, judged, state; /* state: as enum promise_state */
    bool plan;
    const char *author; /* "" for none */
};

struct raw_contact {
    int64_t id, minute;
    int32_t day, hour; /* hour: of the week where they are, -1 unknown */
    int channel, outcome;
    bool in, said; /* said: by somebody, or because it was asked for */
    const char *step, *author; /* "" for none */
};

struct raw_dispute {
    int64_t id;
    int32_t received, ended;
    const char *state, *reason, *author; /* author: who answered; "" for none */
    int32_t number;
};

struct raw_fact {
    int64_t id;
    const char *type, *scope, *detail, *author;
    int32_t debt, from, until, number;
};

struct raw_plan {
    int64_t id;
    int32_t day;
    bool declined;
};

struct raw_complaint {
    int64_t id;
    int32_t received;
};

struct raw_file {
    int64_t id;
    const char *client, *desk, *strategy, *segment, *role, *standing, *rule;
    const char *language, *places;
    const struct zone *zone; /* where they are; NULL: not known, or one of several */
    struct raw_item *items;
    struct raw_line *lines; /* ascending by day */
    struct raw_promise *promises;
    struct raw_contact *contacts; /* ascending by minute; of a minute what came in first */
    struct raw_dispute *disputes;
    struct raw_fact *facts;
    struct raw_complaint *complaints;
    struct raw_plan *plans;
    size_t item_count, line_count, promise_count, contact_count, dispute_count, fact_count;
    size_t complaint_count, plan_count;
};

/* The case files of a bucket. */
bool raw_read(struct store *s, struct arena *a, int64_t bucket, const struct zone *house,
              struct raw_file **out, size_t *count, struct fault *why);

/* Where expectations go. */
struct expecting {
    struct figure_sums *sums;
    struct figure_names *names;
    const struct zone *house;
    const struct raw_file *file;
    struct arena *arena; /* for this case file */
};

void expect_month(const struct expecting *e, enum figure figure, int32_t currency,
                  int32_t month, int32_t first, int32_t second, int64_t counted, int64_t minor);
/* By day, and by the month of the day. */
void expect_day(const struct expecting *e, enum figure figure, int32_t currency, int32_t day,
                int32_t first, int32_t second, int64_t counted, int64_t minor);
int32_t expect_word(const struct expecting *e, const char *word);

/* One debt, day by day. */
struct raw_debt {
    int32_t number, currency, invoice, placed;
    const struct raw_item *items;
    size_t item_count;
    int64_t *open; /* of each item, on the day at hand */
    bool is_open, was_open, once_paid;
    int32_t settled; /* the day; INT32_MAX: it is open; INT32_MIN: never was */
    bool settled_by_money;
    /* at the end of the month before */
    int64_t month_open, unpaid;
    int month_range;
    bool unpaid_open;
};

/* Walks every day of the case file: what stands. Returns its debts, with their last day. */
struct raw_debt *expect_standing(const struct expecting *e, size_t *count);
/* What happened, thing by thing. */
void expect_happened(const struct expecting *e, const struct raw_debt *debts, size_t count);

bool raw_reaches(const struct raw_contact *k);

#endif

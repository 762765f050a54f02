/* Balance parts: what the files of the balance share. Private to src/flow/balance*.c. */
#ifndef FLOW_BALANCE_PARTS_H
#define FLOW_BALANCE_PARTS_H

#include "flow/balance.h"

/* A movement as it was written down; ended: by the moment asked for it was known not to hold. */
struct told_movement {
    struct movement is;
    const char *origin, *ground, *reason;
    struct instant ended_at;
    bool ended;
};

struct told_payment {
    int32_t number;
    const char *reference, *method, *state, *reason;
    struct day state_day;
    enum currency currency;
    int64_t minor;
};

/* How far the interest of one instalment was told of. */
struct told_interest {
    int32_t debt, instalment;
    int64_t before; /* ran before the first day, and was not posted then */
    struct day from;
};

struct reading {
    struct store *store;
    struct arena *a;
    const struct balance_request *r;
    struct balance *out;
    struct instant known;
    struct movement *moves; /* that held */
    size_t move_count;
    struct told_movement *told; /* ascending by number */
    size_t told_count;
    struct told_payment *payments; /* ascending by number */
    size_t payment_count;
    struct told_interest *interest;
    size_t interest_count;
    struct ledger_books opening, closing;
    struct fault *why;
};

struct balance_currency *reading_currency(struct reading *r, enum currency currency);
bool reading_wants(const struct reading *r, int32_t debt);

/* Every line from the first day on, by day (balance_lines.c). */
bool reading_lines(struct reading *r);

#endif

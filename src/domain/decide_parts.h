/* Decide parts: what the files of the decision share. Private to src/domain/decide*.c. */
#ifndef DOMAIN_DECIDE_PARTS_H
#define DOMAIN_DECIDE_PARTS_H

#include "domain/decide.h"

/* A contact allowed within this time is queued for its moment; later ones are asked again. */
#define QUEUE_AHEAD_US (24LL * 3600 * 1000000)

struct totals {
    enum currency currency;
    int64_t open_minor, past_due_minor;
    int32_t open_items, past_due_items;
    struct day oldest_due;
};

struct work {
    const struct policy *policy;
    const struct casefile *c;
    struct instant now;
    struct day today;
    struct arena *a;
    struct decision *d;
    struct totals totals;
    struct value values[STRATEGY_FACT_COUNT];
};

/* decide_values.c */
struct totals totals_of(const struct casefile *c, struct day today);
void file_values(const struct casefile *c, const struct totals *t, struct day today,
                 struct value v[STRATEGY_FACT_COUNT]);
void item_values(const struct casefile *c, const struct instalment *item, struct day today,
                 struct value v[STRATEGY_FACT_COUNT]);

/* decide.c */
const struct strategy *strategy_for(const struct strategies *strategies,
                                    const struct value values[]);
size_t steps_done(const struct ladder *ladder, const struct instalment *item);
int ladder_end_day(const struct ladder *ladder, const struct instalment *item);
bool fact_in_force(const struct gate_fact *fact, struct instant now);
void stand(struct work *w, enum standing standing, const char *reason);

/* decide_wake.c */
struct instant rule_change_after(const struct work *w, struct instant at);
void find_wake(struct work *w);

/* decide_gate.c */
void pass_gate(struct work *w);

#endif

/* Ledger history: a random case file of one seed, with terms of all kinds. */
#ifndef DOMAIN_LEDGER_HISTORY_FIXTURE_H
#define DOMAIN_LEDGER_HISTORY_FIXTURE_H

#include "domain/ledger.h"

#include <string.h>

enum { MOST = 10000, TERMS_MOST = 4, DEBTS_MOST = 6, PARTS_MOST = 5 };

static const enum currency currencies[] = { CURRENCY_EUR, CURRENCY_JPY, CURRENCY_KWD };

/* A file of one debtor, made of one seed. */
struct history {
    uint64_t seed;
    size_t count;
    struct movement moves[MOST + 200];
    struct terms terms[TERMS_MOST];
    struct rate_step steps[TERMS_MOST][4];
    struct late_fee fees[TERMS_MOST][2];
    struct fee_tier tiers[TERMS_MOST][2][3];
    int32_t first, last; /* days */
    struct {
        enum currency currency;
        int parts;
        int32_t placed;
    } debts[DEBTS_MOST + 1];
    int debt_count;
    int64_t size; /* of amounts */
    /* More money can never mean more owed: charges are claimed, no discount, and a charge is
     * not for the first that is open, which could be another one then. */
    bool plain;
};

static struct history h;
static struct arena arena;
static uint64_t random_state;

static inline uint32_t any(uint32_t below)
{
    random_state = random_state * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)(random_state >> 33) % below;
}

static inline int between(int low, int high)
{
    return low + (int)any((uint32_t)(high - low + 1));
}

static inline bool once_in(uint32_t times)
{
    return any(times) == 0;
}

/* ---- Making a history ---- */

static inline void make_order(struct allocation_order *out)
{
    for (int i = 0; i < COMPONENT_COUNT; i++) {
        int at = between(0, i);
        out->order[i] = out->order[at];
        out->order[at] = (enum component)i;
    }
    out->by_component = once_in(2);
}

static inline void make_interest(struct interest_terms *out, struct rate_step *steps)
{
    int32_t at = h.first - between(0, 400);

    *out = (struct interest_terms){ .runs = !once_in(4),
                                    .day_count = (enum day_count)any(DAY_COUNT_COUNT),
                                    .start = (enum interest_start)any(2),
                                    .compounding = (enum compounding)any(4),
                                    .rates = { 1 + any(4), steps },
                                    .known_to = DAY_NEVER,
                                    .fixed_at_start = once_in(5) };
    for (size_t i = 0; i < out->rates.count; i++) {
        steps[i] = (struct rate_step){ { at }, (int32_t)any(400000) };
        at += between(1, 300);
    }
}

static inline void make_fee(struct late_fee *out, struct fee_tier *tiers, const char *name)
{
    *out = (struct late_fee){ .name = name,
                              .after_days = between(0, 20),
                              .tier_count = 1 + any(3),
                              .tiers = tiers,
                              .every_days = once_in(2) ? 0 : between(1, 40),
                              .most_times = once_in(2) ? 0 : between(1, 5),
                              .step = once_in(8) ? "final" : NULL };
    for (int i = 0; i < 3; i++)
        tiers[i] = (struct fee_tier){ i * h.size / 3, 10 * i + between(0, 9) };
    if (once_in(2)) {
        out->share = between(1, 100000);
        out->least_minor = between(0, 20);
        out->most_minor = once_in(2) ? 0 : between(20, 400);
    }
}

static inline void make_terms(size_t i)
{
    static const char *const digests[] = { "one", "two", "three", "four" };
    struct terms *t = &h.terms[i];

    *t = (struct terms){ .name = digests[i],
                         .grace_days = once_in(2) ? 0 : between(1, 45),
                         .fee_count = any(3),
                         .fees = h.fees[i],
                         .fees_most_minor = once_in(3) ? between(1, 300) : 0 };
    make_interest(&t->interest, h.steps[i]);
    make_fee(&h.fees[i][0], h.tiers[i][0], "late_fee");
    make_fee(&h.fees[i][1], h.tiers[i][1], "reminder");
    make_order(&t->allocation);
    if (!h.plain && once_in(3))
        t->discount = (struct early_discount){ .share = between(1, 60000),
                                               .within_days = between(0, 40) };
    t->charges = !h.plain && once_in(3) ? CHARGES_WAIVE : CHARGES_CLAIM;
}

static inline struct movement *add(enum movement_kind kind, int32_t day)
{
    struct movement *m = &h.moves[h.count];

    must(h.count < COUNT(h.moves));
    *m = (struct movement){ .number = (int32_t)++h.count,
                            .kind = kind,
                            .day = { day },
                            .due = DAY_NONE,
                            .component = COMPONENT_COUNT };
    /* In no order. */
    m->reference = arena_print(&arena, "%u-%zu", any(1000), h.count);
    return m;
}

static inline void bind(int debt, int32_t day)
{
    struct movement *m = add(MOVEMENT_TERMS, day);
    const struct terms *t = &h.terms[any(TERMS_MOST)];

    m->debt = debt;
    m->terms = t;
    m->reference = t->name;
}

static inline void make_debt(int debt)
{
    enum currency currency = currencies[once_in(3) ? any(COUNT(currencies)) : 0];
    int32_t day = h.first + between(0, (h.last - h.first) / 3);

    h.debts[debt].currency = currency;
    h.debts[debt].parts = between(1, PARTS_MOST);
    h.debts[debt].placed = day;
    if (!once_in(6))
        bind(debt, day - between(0, 1));
    for (int i = 1; i <= h.debts[debt].parts; i++) {
        struct movement *m = add(MOVEMENT_PLACED, day + (once_in(4) ? between(0, 30) : 0));
        m->debt = debt;
        m->instalment = i;
        m->currency = currency;
        m->due.number = day + between(-60, 120);
        m->minor = 1 + (int64_t)any((uint32_t)h.size);
        m->reference = "";
    }
}

static inline int32_t some_day(void)
{
    return h.first + (int32_t)any((uint32_t)(h.last - h.first + 1));
}

static inline void aim(struct movement *m)
{
    int debt = between(1, h.debt_count);

    m->currency = h.debts[debt].currency;
    m->debt = once_in(2) ? 0 : debt;
    if (m->debt != 0 && once_in(3))
        m->instalment = between(1, h.debts[debt].parts);
    if (once_in(5))
        m->component = (enum component)any(COMPONENT_COUNT);
}

static inline int64_t some_minor(void)
{
    int64_t most = once_in(8) ? h.size * 3 : h.size / 3;

    return 1 + (int64_t)any((uint32_t)(most > 1 ? most : 1));
}

static inline void make_adjust(void)
{
    int debt = between(1, h.debt_count);
    struct movement *m = add(MOVEMENT_ADJUST, some_day());

    m->debt = debt;
    m->instalment = between(1, h.debts[debt].parts);
    m->currency = h.debts[debt].currency;
    m->minor = once_in(2) ? some_minor() : -some_minor();
}

static inline void make_freeze(void)
{
    struct movement *m = add(MOVEMENT_FREEZE, some_day());

    m->debt = once_in(2) ? 0 : between(1, h.debt_count);
    m->due.number = m->day.number + between(0, 60);
}

static inline void make_charge(void)
{
    struct movement *m = add(MOVEMENT_CHARGE, some_day());
    int debt = between(1, h.debt_count);

    m->debt = debt;
    m->instalment = once_in(2) && !h.plain ? 0 : between(1, h.debts[debt].parts);
    m->currency = h.debts[debt].currency;
    m->component = (enum component)between(COMPONENT_INTEREST, COMPONENT_COSTS);
    m->minor = 1 + (int64_t)any(200);
}

static inline void make_other(void)
{
    static const enum movement_kind kinds[] = { MOVEMENT_CREDIT,    MOVEMENT_WAIVE,
                                                MOVEMENT_APPLY,     MOVEMENT_APPLY,
                                                MOVEMENT_REFUND,    MOVEMENT_SETTLE,
                                                MOVEMENT_WRITE_OFF, MOVEMENT_CHARGE_OFF };
    enum movement_kind kind = kinds[any(COUNT(kinds))];
    struct movement *m = add(kind, some_day());

    aim(m);
    m->minor = kind == MOVEMENT_SETTLE || kind == MOVEMENT_WRITE_OFF ? 1 + some_minor() / 4
                                                                     : some_minor();
}

static inline void make_move(void)
{
    uint32_t dice = any(100);
    bool full = h.count > 500; /* few of those that make every day dearer */

    if (dice < 4 && !full) {
        make_freeze();
    } else if (dice < 8 && (!full || once_in(20))) {
        int debt = between(1, h.debt_count);
        bind(debt, h.debts[debt].placed + between(0, h.last - h.debts[debt].placed));
    } else if (dice < 18) {
        make_adjust();
    } else if (dice < 30) {
        make_charge();
    } else if (dice < 45) {
        make_other();
    } else {
        struct movement *m = add(MOVEMENT_PAYMENT, some_day());
        aim(m);
        m->minor = some_minor();
    }
}

/* Two terms of one debt and day would not tell which holds. */
static inline void drop_doubles(void)
{
    size_t kept = 0;

    for (size_t i = 0; i < h.count; i++) {
        bool twice = false;
        for (size_t k = 0; k < kept && h.moves[i].kind == MOVEMENT_TERMS; k++)
            twice = twice ||
                    (h.moves[k].kind == MOVEMENT_TERMS && h.moves[k].debt == h.moves[i].debt &&
                     h.moves[k].day.number == h.moves[i].day.number);
        if (!twice)
            h.moves[kept++] = h.moves[i];
    }
    h.count = kept;
}

static inline void make_history(uint64_t seed, size_t count)
{
    static const int64_t sizes[] = { 30, 1000, 100000, 5000000 };

    memset(&h, 0, sizeof h);
    arena_reset(&arena);
    h.seed = random_state = seed;
    for (int i = 0; i < 4; i++)
        any(2);
    h.first = between(18000, 20000);
    h.last = h.first + (count > 1000 ? 1500 : between(30, 500));
    h.size = sizes[any(COUNT(sizes))];
    h.plain = once_in(3);
    for (size_t i = 0; i < TERMS_MOST; i++)
        make_terms(i);
    h.debt_count = between(1, DEBTS_MOST);
    for (int debt = 1; debt <= h.debt_count; debt++)
        make_debt(debt);
    while (h.count < count)
        make_move();
    drop_doubles();
}

#endif

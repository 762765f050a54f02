/*
 * ledger: the pure ledger. Postings a second; what a movement costs with 100, 1,000 and 10,000
 * of them in one debt (one instalment; as many instalments, settled one after the other) when
 * they come one at a time; a balance as of a day of a debt with 10,000 entries; a month end of
 * 100,000 debts, against the bare computation of their interest.
 */
#include "domain/ledger.h"

#include "timing.h"

enum { MOST = 10000, DEBTS = 100000, ENTRIES = 10000, BALANCES = 20 };

static const struct due_part at_once = { { .kind = DUE_NET }, SHARE_WHOLE };
static const struct rate_step steps[] = { { { 0 }, 90000 }, { { 20100 }, 95000 } };
static const struct terms terms = {
    .name = "bench",
    .title = "Of a measurement",
    .due_count = 1,
    .due = &at_once,
    .interest = { .runs = true,
                  .day_count = DAY_COUNT_ACT_ACT,
                  .rates = { 2, steps },
                  .known_to = { 99999999 } },
    .allocation = { .order = { COMPONENT_COSTS, COMPONENT_FEES, COMPONENT_INTEREST,
                               COMPONENT_PRINCIPAL } },
};

struct trial {
    struct arena arena;
    struct movement moves[2 * MOST + 1];
    struct ledger_books *books; /* of DEBTS case files */
    size_t entries;
    int64_t sum;
};

static void stop_at(bool fine, const struct fault *why)
{
    if (fine)
        return;
    fprintf(stderr, "ledger: %s\n", why->text);
    exit(1);
}

static struct movement move(enum movement_kind kind, int32_t day, int32_t instalment,
                            int64_t minor)
{
    return (struct movement){ .kind = kind,
                              .day = { day },
                              .due = { day },
                              .debt = 1,
                              .instalment = instalment,
                              .component = COMPONENT_COUNT,
                              .currency = CURRENCY_EUR,
                              .minor = minor,
                              .reference = "",
                              .terms = &terms };
}

/* Takes the rest of the movements one after the other. */
static void one_by_one(struct trial *t, size_t placed, size_t count)
{
    struct ledger_books books;
    struct fault why = { 0 };

    arena_reset(&t->arena);
    ledger_empty(&books, &t->arena);
    stop_at(ledger_run(&books, t->moves, placed, (struct day){ 10000 }, &why), &why);
    for (size_t i = placed; i < placed + count; i++)
        stop_at(ledger_run(&books, &t->moves[i], 1, t->moves[i].day, &why), &why);
    t->entries = books.entry_count;
}

/* One instalment, and so many payments. */
static void payments(struct trial *t, int32_t count)
{
    t->moves[0] = move(MOVEMENT_TERMS, 10000, 0, 0);
    t->moves[1] = move(MOVEMENT_PLACED, 10000, 1, INT64_C(100000000));
    for (int32_t i = 0; i < count; i++)
        t->moves[i + 2] = move(MOVEMENT_PAYMENT, 10001 + i, 0, 100);
    one_by_one(t, 2, (size_t)count);
}

/* As many instalments, each placed and paid before the next one. */
static void instalments(struct trial *t, int32_t count)
{
    t->moves[0] = move(MOVEMENT_TERMS, 10000, 0, 0);
    for (int32_t i = 0; i < count / 2; i++) {
        t->moves[2 * i + 1] = move(MOVEMENT_PLACED, 10001 + 2 * i, i + 1, 100);
        t->moves[2 * i + 2] = move(MOVEMENT_PAYMENT, 10002 + 2 * i, 0, 100);
    }
    one_by_one(t, 1, (size_t)count);
}

/* Each is as many movements in all, so that the three can be set side by side. */
static void payments_of(struct trial *t, int32_t count)
{
    for (int32_t i = 0; i < MOST / count; i++)
        payments(t, count);
}

static void instalments_of(struct trial *t, int32_t count)
{
    for (int32_t i = 0; i < MOST / count; i++)
        instalments(t, count);
}

static void payments_100(void *t)
{
    payments_of(t, 100);
}

static void payments_1000(void *t)
{
    payments_of(t, 1000);
}

static void payments_10000(void *t)
{
    payments_of(t, 10000);
}

static void instalments_100(void *t)
{
    instalments_of(t, 100);
}

static void instalments_1000(void *t)
{
    instalments_of(t, 1000);
}

static void instalments_10000(void *t)
{
    instalments_of(t, 10000);
}

/* ---- As of a day ---- */

static size_t movements_of_entries(struct trial *t)
{
    size_t count = 2;

    t->moves[0] = move(MOVEMENT_TERMS, 10000, 0, 0);
    t->moves[1] = move(MOVEMENT_PLACED, 10000, 1, INT64_C(100000000));
    for (; count < ENTRIES / 2 + 2; count++) /* one of interest for each */
        t->moves[count] = move(MOVEMENT_PAYMENT, 10000 + (int32_t)count, 0, 100);
    return count;
}

static void as_of(void *context)
{
    struct trial *t = context;
    struct fault why = { 0 };
    size_t count = movements_of_entries(t);

    for (int i = 0; i < BALANCES; i++) {
        struct ledger_books books;
        struct ledger_balance balance;
        struct day day = { 10000 + ENTRIES / 2 + i };
        arena_reset(&t->arena);
        ledger_empty(&books, &t->arena);
        stop_at(ledger_as_of(&books, t->moves, count, day, &why), &why);
        stop_at(ledger_slice_balance(&books.state, &books.state.slices[0], day, &balance, &why),
                &why);
        t->sum += balance_total(&balance);
        t->entries = books.entry_count;
    }
}

/* ---- A month end ---- */

static void open_debts(struct trial *t, struct arena *kept)
{
    struct fault why = { 0 };

    t->books = arena_array(kept, struct ledger_books, DEBTS);
    for (int32_t i = 0; i < DEBTS; i++) {
        struct movement moves[] = { move(MOVEMENT_TERMS, 20010, 0, 0),
                                    move(MOVEMENT_PLACED, 20010 + i % 20, 1, 100000 + i) };
        ledger_empty(&t->books[i], kept);
        stop_at(ledger_run(&t->books[i], moves, 2, (struct day){ 20040 }, &why), &why);
        t->books[i].entry_count = 0;
    }
}

/* On a copy of each, so that it can be done again. */
static void month_end(void *context)
{
    struct trial *t = context;
    struct fault why = { 0 };

    arena_reset(&t->arena);
    for (size_t i = 0; i < DEBTS; i++) {
        struct ledger_slice slice = t->books[i].state.slices[0];
        struct ledger_books books = t->books[i];
        books.arena = &t->arena;
        books.state.slices = &slice;
        books.entries = NULL;
        books.entry_room = 0;
        stop_at(ledger_run(&books, NULL, 0, (struct day){ 20075 }, &why), &why);
        t->sum += (int64_t)books.entry_count;
    }
}

static void bare_interest(void *context)
{
    struct trial *t = context;

    for (size_t i = 0; i < DEBTS; i++) {
        const struct ledger_slice *s = &t->books[i].state.slices[0];
        struct interest_run run = s->run;
        if (!interest_add(&run, DAY_COUNT_ACT_ACT, terms.interest.rates, s->run_start,
                          s->run_to, (struct day){ 20075 }, s->owed[COMPONENT_PRINCIPAL]))
            exit(1);
        t->sum += run.minor;
    }
}

int main(void)
{
    void (*const runs[])(void *) = { payments_100,    payments_1000,    payments_10000,
                                     instalments_100, instalments_1000, instalments_10000,
                                     as_of,           month_end };
    void (*const bare[])(void *) = { month_end, bare_interest };
    static struct trial t;
    struct arena kept = { 0 };
    double medians[COUNT(runs)], month[COUNT(bare)];

    open_debts(&t, &kept);
    payments_10000(&t);
    size_t payment_entries = t.entries;
    measure(COUNT(runs), runs, &t, medians);
    size_t entries = t.entries;
    measure(COUNT(bare), bare, &t, month);
    printf("{\"entries_a_second\":%.0f,", (double)payment_entries / medians[2]);
    for (int i = 0; i < 6; i++)
        printf("\"%s_%d_ns\":%.0f,", i < 3 ? "payment" : "instalment",
               i % 3 == 0   ? 100
               : i % 3 == 1 ? 1000
                            : 10000,
               medians[i] / MOST * 1e9);
    printf("\"as_of_entries\":%zu,\"as_of_ms\":%.2f,\"month_end_debts\":%d,"
           "\"month_end_ns\":%.0f,\"bare_interest_ns\":%.0f}\n",
           entries, medians[6] / BALANCES * 1e3, (int)DEBTS, month[0] / DEBTS * 1e9,
           month[1] / DEBTS * 1e9);
    arena_free(&t.arena);
    arena_free(&kept);
    return t.sum == 0;
}

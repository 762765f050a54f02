/* Ledger fixture: a case file of one test. Amounts are cents unless a test says otherwise. */
#ifndef DOMAIN_LEDGER_FIXTURE_H
#define DOMAIN_LEDGER_FIXTURE_H

#include "domain/ledger.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct arena arena;
static struct movement moves[64];
static size_t move_count;
static struct ledger_books books;
static struct fault why;

static inline struct day day_of(const char *text)
{
    struct day day = DAY_NONE;

    assert_true(day_parse(text, &day));
    return day;
}

static inline int fresh(void **state)
{
    (void)state;
    arena_free(&arena);
    move_count = 0;
    why = (struct fault){ 0 };
    return 0;
}

/* ---- Movements ---- */

static inline struct movement *put(enum movement_kind kind, const char *day, int32_t debt,
                                   int32_t instalment, int64_t minor, const char *reference)
{
    assert_true(move_count < COUNT(moves));
    moves[move_count] = (struct movement){ .number = (int32_t)move_count + 1,
                                           .kind = kind,
                                           .day = day_of(day),
                                           .due = DAY_NONE,
                                           .debt = debt,
                                           .instalment = instalment,
                                           .component = COMPONENT_COUNT,
                                           .currency = CURRENCY_EUR,
                                           .minor = minor,
                                           .reference = reference };
    return &moves[move_count++];
}

static inline void place(const char *day, int32_t debt, int32_t instalment, const char *due,
                         int64_t minor)
{
    put(MOVEMENT_PLACED, day, debt, instalment, minor, "")->due = day_of(due);
}

static inline void bind(const char *day, int32_t debt, const struct terms *terms)
{
    put(MOVEMENT_TERMS, day, debt, 0, 0, terms->name)->terms = terms;
}

static inline void freeze(const char *day, int32_t debt, const char *until)
{
    put(MOVEMENT_FREEZE, day, debt, 0, 0, "f")->due = day_of(until);
}

static inline void pay(const char *day, int32_t debt, int64_t minor)
{
    put(MOVEMENT_PAYMENT, day, debt, 0, minor, arena_print(&arena, "p%zu", move_count));
}

static inline void charge(const char *day, int32_t debt, enum component component,
                          int64_t minor)
{
    put(MOVEMENT_CHARGE, day, debt, 0, minor, arena_print(&arena, "c%zu", move_count))
        ->component = component;
}

static inline void take_out(size_t at)
{
    memmove(&moves[at], &moves[at + 1], sizeof moves[0] * (move_count - at - 1));
    move_count--;
}

/* ---- What follows ---- */

static inline void run(const char *today)
{
    ledger_empty(&books, &arena);
    if (!ledger_run(&books, moves, move_count, day_of(today), &why))
        fail_msg("%s", why.text);
}

static inline void as_of(const char *day)
{
    ledger_empty(&books, &arena);
    if (!ledger_as_of(&books, moves, move_count, day_of(day), &why))
        fail_msg("%s", why.text);
}

static inline bool refused(const char *today)
{
    ledger_empty(&books, &arena);
    return !ledger_run(&books, moves, move_count, day_of(today), &why) &&
           why.code == BAD_VALUE && why.text[0] != '\0';
}

static inline int64_t open_on(const char *day, int32_t debt, int32_t instalment,
                              enum component component)
{
    struct ledger_slice *slice = ledger_slice_find(&books.state, debt, instalment);
    struct ledger_balance balance;

    assert_non_null(slice);
    assert_true(ledger_slice_balance(&books.state, slice, day_of(day), &balance, &why));
    return balance.open[component];
}

/* As of the end of a day, from nothing. */
static inline int64_t interest_on(const char *day)
{
    as_of(day);
    return open_on(day, 1, 1, COMPONENT_INTEREST);
}

static inline int64_t posted(int32_t debt, int32_t instalment, enum component component)
{
    const struct ledger_slice *slice = ledger_slice_find(&books.state, debt, instalment);

    assert_non_null(slice);
    return slice->owed[component] - slice->paid[component];
}

static inline void owes(int32_t debt, int32_t instalment, int64_t principal, int64_t interest,
                        int64_t fees, int64_t costs)
{
    const int64_t wanted[] = { principal, interest, fees, costs };

    for (int i = 0; i < COMPONENT_COUNT; i++) {
        int64_t found = posted(debt, instalment, (enum component)i);
        if (found != wanted[i])
            fail_msg("%s of %d.%d is %lld, not %lld", component_name((enum component)i),
                     (int)debt, (int)instalment, (long long)found, (long long)wanted[i]);
    }
}

static inline int64_t waiting(void)
{
    return ledger_waiting(&books.state, CURRENCY_EUR);
}

static inline const struct ledger_entry *entry_of(const char *cause)
{
    const struct ledger_entry *found = NULL;

    for (size_t i = 0; i < books.entry_count; i++) {
        if (strcmp(books.entries[i].cause, cause) != 0)
            continue;
        assert_null(found);
        found = &books.entries[i];
    }
    return found;
}

/* The sum of the lines of an account, in all entries. */
static inline int64_t account(const char *name)
{
    int64_t sum = 0;

    for (size_t i = 0; i < books.entry_count; i++) {
        for (size_t k = 0; k < books.entries[i].line_count; k++) {
            const struct ledger_line *line = &books.entries[i].lines[k];
            sum += strcmp(line->account, name) == 0 ? line->minor : 0;
        }
    }
    return sum;
}

/* ---- Terms ---- */

#define BY_COMPONENT                                                                           \
    {                                                                                          \
        .order = { COMPONENT_PRINCIPAL, COMPONENT_INTEREST, COMPONENT_FEES, COMPONENT_COSTS }, \
        .by_component = true                                                                   \
    }
/* BGB § 367: costs, interest, principal. */
#define COSTS_FIRST                                                                            \
    {                                                                                          \
        .order = { COMPONENT_COSTS, COMPONENT_FEES, COMPONENT_INTEREST, COMPONENT_PRINCIPAL }  \
    }

static const struct due_part at_once = { { .kind = DUE_NET }, SHARE_WHOLE };

/* Of 3,650.00 a year this is 1.00 a day. */
static const struct rate_step ten_percent[] = { { { -100000 }, 100000 } };

/* Interest that runs at 10 % from the day after the due day, for a test to change. */
static inline struct terms agreed(void)
{
    return (struct terms){ .name = "t",
                           .title = "Of a test",
                           .due_count = 1,
                           .due = &at_once,
                           .interest = { .runs = true,
                                         .day_count = DAY_COUNT_ACT_365F,
                                         .rates = { 1, ten_percent },
                                         .known_to = DAY_NEVER },
                           .allocation = BY_COMPONENT };
}

#endif

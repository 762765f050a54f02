#include "flow/owed.h"

#include "base/sort.h"
#include "flow/movements.h"

enum { AHEAD_DAYS = 30 };

struct adding {
    const struct ledger_state *state;
    struct day day;
    struct owed_sums *out;
    struct fault *why;
};

static struct owed_sum *sum_of(struct adding *a, enum currency currency)
{
    struct owed_sums *out = a->out;

    for (size_t i = 0; i < out->count; i++) {
        if (out->sums[i].currency == currency)
            return &out->sums[i];
    }
    must(out->count < LEDGER_CURRENCIES);
    struct owed_sum *sum = &out->sums[out->count++];
    *sum = (struct owed_sum){ .currency = currency, .since = DAY_NEVER };
    return sum;
}

static bool plus(int64_t *sum, int64_t more, struct fault *why)
{
    return !__builtin_add_overflow(*sum, more, sum) ||
           fail(why, BAD_VALUE, "The amounts of this case file are too large to be added.");
}

static bool slice_add(struct adding *a, const struct ledger_slice *slice)
{
    struct owed_sum *sum = sum_of(a, slice->currency);
    struct ledger_balance now, then;

    if (!ledger_slice_balance(a->state, slice, a->day, &now, a->why) ||
        !ledger_slice_balance(a->state, slice, day_plus(a->day, AHEAD_DAYS), &then, a->why) ||
        !plus(&sum->adds_in_30_days,
              then.open[COMPONENT_INTEREST] - now.open[COMPONENT_INTEREST], a->why))
        return false;
    if (slice->placed_day.number < sum->since.number)
        sum->since = slice->placed_day;
    for (int c = 0; c < COMPONENT_COUNT; c++) {
        if (!plus(&sum->open[c], now.open[c], a->why) ||
            !plus(&sum->charged[c], now.open[c] + slice->paid[c], a->why) ||
            !plus(&sum->paid, slice->paid[c], a->why) || !plus(&sum->total, now.open[c], a->why))
            return false;
    }
    return true;
}

static int most_first(const void *left, const void *right)
{
    const struct owed_sum *a = left, *b = right;

    return (b->total > a->total) - (b->total < a->total);
}

bool owed_read(struct store *s, struct arena *a, struct casefile_key key, struct day day,
               struct owed_sums *out, struct fault *why)
{
    struct ledger_books books;
    struct adding adding = { &books.state, day, out, why };

    *out = (struct owed_sums){ 0 };
    if (!books_on(s, a, key, day, &books, why))
        return false;
    for (size_t i = 0; i < books.state.slice_count; i++) {
        if (!slice_add(&adding, &books.state.slices[i]))
            return false;
    }
    for (size_t i = 0; i < books.state.wait_count; i++) {
        struct owed_sum *sum = sum_of(&adding, books.state.waits[i].currency);
        sum->waiting = books.state.waits[i].minor;
        if (!plus(&sum->total, -sum->waiting, why))
            return false;
    }
    sort_array(out->sums, out->count, sizeof *out->sums, most_first);
    return true;
}

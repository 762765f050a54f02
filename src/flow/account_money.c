/* One account: what is open and what waits, with interest up to the day. */
#include "flow/account.h"

#include "flow/movements.h"

static bool slice_add(const struct ledger_state *state, const struct ledger_slice *slice,
                      struct day day, struct ledger_balance *sum, struct fault *why)
{
    struct ledger_balance one;

    if (!ledger_slice_balance(state, slice, day, &one, why))
        return false;
    for (int i = 0; i < COMPONENT_COUNT; i++)
        sum->open[i] += one.open[i];
    return true;
}

bool account_balance(struct book *b, const struct account *account, int32_t debt,
                     enum currency currency, struct day day, struct account_balance *out,
                     struct fault *why)
{
    struct ledger_books books;

    *out = (struct account_balance){ 0 };
    if (!book_settle(b, why) ||
        !books_as_of(b->store, &b->arena, account->key, day, INSTANT_NEVER, &books, why))
        return false;
    for (size_t i = 0; i < books.state.slice_count; i++) {
        const struct ledger_slice *slice = &books.state.slices[i];
        if (slice->currency == currency && (debt == 0 || slice->debt == debt) &&
            !slice_add(&books.state, slice, day, &out->open, why))
            return false;
    }
    out->waiting = ledger_waiting(&books.state, currency);
    return true;
}

bool account_open(struct book *b, const struct account *account, enum currency currency,
                  int64_t *minor, struct fault *why)
{
    struct account_balance balance;

    *minor = 0;
    if (!account_balance(b, account, 0, currency, book_today(b), &balance, why))
        return false;
    *minor = balance_total(&balance.open);
    return true;
}

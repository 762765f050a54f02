#include "domain/split.h"

#include <inttypes.h>
#include <stdio.h>

static bool rest_of(struct money total, int64_t down, int64_t *rest)
{
    if (total.minor < 1 || down < 0 || down >= total.minor)
        return false;
    *rest = total.minor - down;
    return true;
}

static bool settle(struct split *out, struct money total, int64_t down, int64_t count,
                   int64_t each)
{
    int64_t rest = total.minor - down;

    *out = (struct split){ total.currency, down, count, each, rest - each * (count - 1) };
    if (count == 1)
        out->each = out->last;
    return true;
}

bool split_evenly(struct money total, int64_t down, int64_t count, struct split *out)
{
    int64_t rest;

    if (!rest_of(total, down, &rest) || count < 1 || count > rest)
        return false;
    int64_t low = rest / count, high = low + (rest % count > 0);
    /* rest − high × (count − 1) = high − (high × count − rest), which can't overflow. */
    int64_t last = high - (rest % count > 0 ? count - rest % count : 0);
    return settle(out, total, down, count, last >= high - last ? high : low);
}

static bool spread(struct money total, int64_t down, int64_t count, int64_t least,
                   struct split *out)
{
    int64_t rest = total.minor - down;
    int64_t high = rest / count + (rest % count > 0), last = rest - high * (count - 1);

    if (last >= least)
        return settle(out, total, down, count, high);
    int64_t each = (rest - least) / (count - 1);
    if (each >= least) /* just enough is taken from the others */
        return settle(out, total, down, count, each);
    return settle(out, total, down, count - 1, rest / (count - 1)); /* one payment fewer */
}

bool split_by_amount(struct money total, int64_t down, int64_t amount, int64_t least,
                     enum small_last small, struct split *out)
{
    int64_t rest;

    if (!rest_of(total, down, &rest) || amount < 1)
        return false;
    int64_t count = rest / amount + (rest % amount > 0);
    int64_t last = rest % amount;
    if (last == 0 || last >= least || count == 1 || small == SMALL_LAST_KEEP)
        return settle(out, total, down, count, amount);
    if (small == SMALL_LAST_MERGE)
        return settle(out, total, down, count - 1, amount);
    return spread(total, down, count, least, out);
}

int64_t split_part(const struct split *split, int64_t n)
{
    must(n >= 0 && n < split->count);
    return n == split->count - 1 ? split->last : split->each;
}

int64_t split_total(const struct split *split)
{
    return split->down + split->each * (split->count - 1) + split->last;
}

char *split_show(const struct split *split, char out[SPLIT_TEXT])
{
    char each[MONEY_TEXT], last[MONEY_TEXT], down[MONEY_TEXT];
    int64_t count = split->count;
    int n = 0;

    money_show(money_of(split->each, split->currency), each);
    money_show(money_of(split->last, split->currency), last);
    if (split->down > 0)
        n = snprintf(out, SPLIT_TEXT, "%s first, then ",
                     money_show(money_of(split->down, split->currency), down));
    char *at = out + n;
    size_t room = SPLIT_TEXT - (size_t)n;
    if (count == 1)
        snprintf(at, room, "1 payment: %s", last);
    else if (split->each == split->last)
        snprintf(at, room, "%" PRId64 " payments: %" PRId64 " × %s", count, count, each);
    else if (count == 2)
        snprintf(at, room, "2 payments: %s, then %s", each, last);
    else
        snprintf(at, room, "%" PRId64 " payments: %" PRId64 " × %s, then %s", count, count - 1,
                 each, last);
    return out;
}

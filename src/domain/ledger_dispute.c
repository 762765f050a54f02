/* Ledger: what is contested, as shares of the instalments. */
#include "domain/ledger_parts.h"

int64_t slice_total(const struct ledger_slice *slice)
{
    return slice_open(slice, COMPONENT_PRINCIPAL) + slice_charges(slice);
}

int64_t contested_total(const struct contested *c)
{
    int64_t total = c->any;

    for (int i = 0; i < COMPONENT_COUNT; i++)
        total += c->of[i];
    return total;
}

static bool is_whole_debt(const struct ledger_dispute *d)
{
    return d->instalment == 0 && d->component == COMPONENT_COUNT && d->minor == 0;
}

static bool counts(const struct ledger_dispute *d, struct day day, bool parts)
{
    return d->from.number <= day.number && day.number < d->until.number &&
           !(parts && is_whole_debt(d));
}

static bool is_about(const struct ledger_dispute *d, const struct ledger_slice *slice)
{
    return (d->debt == 0 || d->debt == slice->debt) &&
           (d->instalment == 0 || d->instalment == slice->instalment);
}

/* What nobody contested before, of the instalment or of the one component. */
static int64_t room_in(const struct ledger_dispute *d, const struct ledger_slice *slice,
                       const struct contested *c)
{
    int64_t rest = slice_total(slice) - contested_total(c);

    if (d->component < COMPONENT_COUNT) {
        int64_t open = slice_open(slice, d->component) - c->of[d->component];
        rest = open < rest ? open : rest;
    }
    return rest > 0 ? rest : 0;
}

static void spread(const struct ledger_state *state, const struct ledger_dispute *d,
                   struct contested out[])
{
    int64_t left = d->minor == 0 ? INT64_MAX : d->minor;

    for (size_t i = 0; i < state->slice_count && left > 0; i++) {
        if (!is_about(d, &state->slices[i]))
            continue;
        int64_t room = room_in(d, &state->slices[i], &out[i]);
        int64_t share = room < left ? room : left;
        *(d->component < COMPONENT_COUNT ? &out[i].of[d->component] : &out[i].any) += share;
        left -= share;
    }
}

struct contested *ledger_contested(const struct ledger_state *state, struct arena *a,
                                   struct day day, bool parts)
{
    struct contested *out = NULL;

    for (size_t i = 0; i < state->dispute_count; i++) {
        if (!counts(&state->disputes[i], day, parts))
            continue;
        if (out == NULL)
            out = arena_array(a, struct contested, state->slice_count);
        spread(state, &state->disputes[i], out);
    }
    return out;
}

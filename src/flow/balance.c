#include "flow/balance_parts.h"

#include "base/text.h"
#include "flow/movements.h"
#include "store/casefiles.h"

#define X(code, name) name,
static const char *const line_names[] = { LINES(X) };
#undef X

const char *line_name(enum line_kind kind)
{
    return line_names[kind];
}

int64_t balance_sum_total(const struct balance_sum *sum)
{
    int64_t total = sum->waiting;

    for (int i = 0; i < COMPONENT_COUNT; i++)
        total += sum->open[i];
    return total;
}

const struct balance_debt *balance_debt_of(const struct balance *b, int32_t debt)
{
    for (size_t i = 0; i < b->debt_count; i++) {
        if (b->debts[i].debt == debt)
            return &b->debts[i];
    }
    return NULL;
}

struct balance_currency *reading_currency(struct reading *r, enum currency currency)
{
    struct balance *out = r->out;

    for (size_t i = 0; i < out->currency_count; i++) {
        if (out->currencies[i].currency == currency)
            return &out->currencies[i];
    }
    struct balance_currency *c =
        arena_push(r->a, out->currencies, out->currency_count, out->currency_room);
    *c = (struct balance_currency){ .currency = currency };
    return c;
}

bool reading_wants(const struct reading *r, int32_t debt)
{
    return r->r->debt == 0 || r->r->debt == debt;
}

/* ---- Rows ------------------------------------------------------------------------------- */

static bool read_told(struct reading *r)
{
    struct query q = query_begin(r->store, Q_BALANCE_MOVEMENTS);
    size_t room = 0;

    bind_key(&q, r->r->key);
    bind_int(&q, r->known.us);
    while (query_next(&q)) {
        struct told_movement *m = arena_push(r->a, r->told, r->told_count, room);
        if (!movement_read(&q, r->a, &m->is, r->why))
            return false;
        m->origin = row_copy(&q, 10, r->a);
        m->ground = row_copy(&q, 11, r->a);
        m->reason = row_copy(&q, 12, r->a);
        m->ended_at = (struct instant){ row_int(&q, 14) };
        m->ended = m->ended_at.us <= r->known.us;
    }
    return query_end(&q, r->why);
}

static bool read_payments(struct reading *r)
{
    struct query q = query_begin(r->store, Q_BALANCE_PAYMENTS);
    size_t room = 0;

    bind_key(&q, r->r->key);
    while (query_next(&q)) {
        struct told_payment *p = arena_push(r->a, r->payments, r->payment_count, room);
        *p = (struct told_payment){ .number = (int32_t)row_int(&q, 0),
                                    .reference = row_copy(&q, 1, r->a),
                                    .currency = (enum currency)row_int(&q, 3),
                                    .minor = row_int(&q, 4),
                                    .method = row_copy(&q, 5, r->a),
                                    .state = row_copy(&q, 7, r->a),
                                    .state_day = { (int32_t)row_int(&q, 8) },
                                    .reason = row_copy(&q, 9, r->a) };
    }
    return query_end(&q, r->why);
}

static bool read_debts(struct reading *r)
{
    struct query q = query_begin(r->store, Q_BALANCE_DEBTS);
    struct balance *out = r->out;

    bind_key(&q, r->r->key);
    while (query_next(&q)) {
        int32_t number = (int32_t)row_int(&q, 0);
        if (!reading_wants(r, number))
            continue;
        struct balance_debt *d = arena_push(r->a, out->debts, out->debt_count, out->debt_room);
        *d = (struct balance_debt){ .debt = number,
                                    .reference = row_copy(&q, 1, r->a),
                                    .description = row_copy(&q, 2, r->a),
                                    .currency = (enum currency)row_int(&q, 3),
                                    .invoice_day = { (int32_t)row_int(&q, 4) } };
    }
    return query_end(&q, r->why);
}

/* ---- Both ends -------------------------------------------------------------------------- */

static bool sum_add(struct balance_sum *sum, const struct balance_sum *more, struct fault *why)
{
    bool over = __builtin_add_overflow(sum->waiting, more->waiting, &sum->waiting);

    for (int i = 0; i < COMPONENT_COUNT; i++)
        over |= __builtin_add_overflow(sum->open[i], more->open[i], &sum->open[i]);
    return !over || fail(why, BAD_VALUE, "The amounts of this case file are too large to be added.");
}

static struct balance_debt *debt_of(struct reading *r, int32_t debt)
{
    struct balance *out = r->out;

    for (size_t i = 0; i < out->debt_count; i++) {
        if (out->debts[i].debt == debt)
            return &out->debts[i];
    }
    return NULL;
}

/* What is open of an instalment with interest to the end of the day. */
static bool slice_sum(struct reading *r, const struct ledger_state *state,
                      const struct ledger_slice *slice, struct day day, struct balance_sum *out)
{
    struct ledger_balance balance;

    *out = (struct balance_sum){ 0 };
    if (!ledger_slice_balance(state, slice, day, &balance, r->why))
        return false;
    for (int i = 0; i < COMPONENT_COUNT; i++)
        out->open[i] = balance.open[i];
    return true;
}

static bool add_end(struct reading *r, const struct ledger_state *state, struct day day,
                    bool closing)
{
    for (size_t i = 0; i < state->slice_count; i++) {
        const struct ledger_slice *slice = &state->slices[i];
        struct balance_debt *debt = debt_of(r, slice->debt);
        struct balance_sum sum;
        if (debt == NULL)
            continue;
        struct balance_currency *c = reading_currency(r, slice->currency);
        debt->shown = true;
        if (!slice_sum(r, state, slice, day, &sum) ||
            !sum_add(closing ? &c->closing : &c->opening, &sum, r->why) ||
            !sum_add(closing ? &debt->closing : &debt->opening, &sum, r->why))
            return false;
    }
    for (size_t i = 0; r->r->debt == 0 && i < state->wait_count; i++) {
        struct balance_currency *c = reading_currency(r, state->waits[i].currency);
        (closing ? &c->closing : &c->opening)->waiting = -state->waits[i].minor;
    }
    return true;
}

static int64_t posted_open(const struct ledger_slice *slice, enum component component)
{
    return slice->owed[component] - slice->paid[component];
}

static bool add_parts(struct reading *r)
{
    struct balance *out = r->out;
    const struct ledger_state *state = &r->closing.state;

    for (size_t i = 0; i < state->slice_count; i++) {
        const struct ledger_slice *slice = &state->slices[i];
        if (!reading_wants(r, slice->debt))
            continue;
        struct balance_part *p = arena_push(r->a, out->parts, out->part_count, out->part_room);
        *p = (struct balance_part){ .debt = slice->debt,
                                    .instalment = slice->instalment,
                                    .currency = slice->currency,
                                    .due = slice->due_day,
                                    .placed = slice->owed[COMPONENT_PRINCIPAL] };
        if (!slice_sum(r, state, slice, out->day, &p->open))
            return false;
        p->running = p->open.open[COMPONENT_INTEREST] - posted_open(slice, COMPONENT_INTEREST);
    }
    return true;
}

/* Of the interest of an instalment: what the books that reach further have posted by the day
 * before the first one. That of its very end is posted when it is over. */
static int64_t posted_before(const struct reading *r, const char *name)
{
    int64_t minor = 0;

    for (size_t i = 0; i < r->closing.entry_count; i++) {
        const struct ledger_entry *e = &r->closing.entries[i];
        if (e->movement == 0 && e->day.number < r->out->since.number &&
            text_starts(e->cause, name))
            minor += e->lines[0].minor;
    }
    return minor;
}

/* Interest of before the first day that is posted on a later one. */
static bool start_interest(struct reading *r)
{
    const struct ledger_state *state = &r->closing.state;

    r->interest = arena_array(r->a, struct told_interest, state->slice_count);
    r->interest_count = state->slice_count;
    for (size_t i = 0; i < state->slice_count; i++) {
        const struct ledger_slice *slice = &state->slices[i], *before;
        struct balance_sum sum;
        r->interest[i] = (struct told_interest){ slice->debt, slice->instalment, 0, DAY_NONE };
        before = ledger_slice_find(&r->opening.state, slice->debt, slice->instalment);
        if (before == NULL)
            continue;
        if (!slice_sum(r, &r->opening.state, before, day_plus(r->out->since, -1), &sum))
            return false;
        const char *name =
            arena_print(r->a, "interest %d.%d ", (int)slice->debt, (int)slice->instalment);
        r->interest[i].before = sum.open[COMPONENT_INTEREST] -
                                posted_open(before, COMPONENT_INTEREST) + before->run_posted -
                                posted_before(r, name);
    }
    return true;
}

static bool read_ends(struct reading *r)
{
    struct balance *out = r->out;

    ledger_empty(&r->opening, r->a);
    ledger_empty(&r->closing, r->a);
    if (!movements_known(r->store, r->a, r->r->key, r->known, &r->moves, &r->move_count, r->why))
        return false;
    if (out->since.number != DAY_NONE.number) {
        struct day before = day_plus(out->since, -1);
        if (!ledger_as_of(&r->opening, r->moves, r->move_count, before, r->why) ||
            !add_end(r, &r->opening.state, before, false))
            return false;
    }
    return ledger_as_of(&r->closing, r->moves, r->move_count, out->day, r->why) &&
           add_end(r, &r->closing.state, out->day, true) && add_parts(r) && start_interest(r);
}

/* ---- Do they meet? ---------------------------------------------------------------------- */

static bool same_sum(const struct balance_sum *a, const struct balance_sum *b)
{
    for (int i = 0; i < COMPONENT_COUNT; i++) {
        if (a->open[i] != b->open[i])
            return false;
    }
    return a->waiting == b->waiting;
}

static bool fail_sums(struct reading *r, const char *what, enum currency currency,
                      const struct balance_sum *found, const struct balance_sum *closing)
{
    char there[MONEY_TEXT], here[MONEY_TEXT];

    return fail(r->why, DB_ROW,
                "The balance of %s in %s does not add up: opening balance and lines come to %s, "
                "the closing balance is %s.",
                what, currency_code(currency),
                money_print(money_of(balance_sum_total(found), currency), there),
                money_print(money_of(balance_sum_total(closing), currency), here));
}

static bool currency_meets(struct reading *r, struct balance_currency *c)
{
    struct balance_sum sum = c->opening;

    for (size_t i = 0; i < c->line_count; i++) {
        if (!sum_add(&sum, &c->lines[i].change, r->why))
            return false;
        c->lines[i].after = balance_sum_total(&sum);
    }
    return same_sum(&sum, &c->closing) ||
           fail_sums(r, "this account", c->currency, &sum, &c->closing);
}

static bool debt_meets(struct reading *r, const struct balance_debt *d)
{
    const struct balance_currency *c = reading_currency(r, d->currency);
    struct balance_sum sum = d->opening;

    for (size_t i = 0; i < c->line_count; i++) {
        if (c->lines[i].debt == d->debt && !sum_add(&sum, &c->lines[i].change, r->why))
            return false;
    }
    return same_sum(&sum, &d->closing) ||
           fail_sums(r, d->reference, d->currency, &sum, &d->closing);
}

static bool all_meets(struct reading *r)
{
    for (size_t i = 0; i < r->out->currency_count; i++) {
        if (!currency_meets(r, &r->out->currencies[i]))
            return false;
    }
    for (size_t i = 0; i < r->out->debt_count; i++) {
        if (r->out->debts[i].shown && !debt_meets(r, &r->out->debts[i]))
            return false;
    }
    return true;
}

bool balance_read(struct store *s, struct arena *a, const struct balance_request *request,
                  struct balance *out, struct fault *why)
{
    struct reading r = { .store = s, .a = a, .r = request, .out = out, .known = request->known,
                         .why = why };

    *out = (struct balance){ .since = request->since, .day = request->day };
    if (r.known.us == INSTANT_NEVER.us)
        r.known.us--;
    return read_debts(&r) && read_told(&r) && read_payments(&r) && read_ends(&r) &&
           reading_lines(&r) && all_meets(&r);
}

bool balance_of_books(const struct ledger_state *state, struct arena *a, struct day day,
                      struct balance *out, struct fault *why)
{
    struct reading r = { .a = a, .out = out, .why = why };

    *out = (struct balance){ .since = DAY_NONE, .day = day };
    for (size_t i = 0; i < state->slice_count; i++) {
        const struct ledger_slice *slice = &state->slices[i];
        struct balance_sum sum;
        if (!slice_sum(&r, state, slice, day, &sum) ||
            !sum_add(&reading_currency(&r, slice->currency)->closing, &sum, why))
            return false;
    }
    for (size_t i = 0; i < state->wait_count; i++)
        reading_currency(&r, state->waits[i].currency)->closing.waiting =
            -state->waits[i].minor;
    return true;
}

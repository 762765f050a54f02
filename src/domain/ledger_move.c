/* Ledger: what one movement does. */
#include "domain/ledger_parts.h"

#include <stdio.h>

__extension__ typedef __int128 wide;

/* The instalments that a movement is about, those due first before the others. */
struct scope {
    size_t count;
    struct ledger_slice **slices;
};

static bool is_about(const struct movement *m, const struct ledger_slice *slice)
{
    return slice->currency == m->currency && (m->debt == 0 || m->debt == slice->debt) &&
           (m->instalment == 0 || m->instalment == slice->instalment);
}

/*
 * Those with something open; the settled ones have no interest to be posted, and what time did
 * to them changes nothing. Interest of each is posted first: it is part of what is owed.
 */
static bool scope_of(struct ledger_books *books, const struct movement *m, struct scope *out,
                     struct fault *why)
{
    size_t room = 0;

    *out = (struct scope){ 0 };
    for (size_t i = 0; i < books->live_count; i++) {
        struct ledger_slice *slice = &books->state.slices[books->live[i]];
        if (!is_about(m, slice) || !slice_is_live(slice))
            continue;
        if (!slice_touch(books, slice, m->day, why))
            return false;
        *arena_push(books->arena, out->slices, out->count, room) = slice;
    }
    return true;
}

static const char *cause_of(struct ledger_books *books, const struct movement *m,
                            const char *what)
{
    char day[DAY_TEXT], where[32] = "";

    if (m->instalment != 0)
        snprintf(where, sizeof where, " %d.%d", (int)m->debt, (int)m->instalment);
    else if (m->debt != 0)
        snprintf(where, sizeof where, " %d", (int)m->debt);
    return arena_print(
        books->arena, "%s%s%s%s%s %s%s%s%s", movement_name(m->kind), what[0] == '\0' ? "" : " ",
        what, m->component < COMPONENT_COUNT ? " " : "",
        m->component < COMPONENT_COUNT ? component_name(m->component) : "",
        day_print(m->day, day), where, m->reference[0] == '\0' ? "" : " ", m->reference);
}

static struct entry_work entry_of(struct ledger_books *books, const struct movement *m,
                                  const char *what, struct fault *why)
{
    return entry_open(books, cause_of(books, m, what), m->number, m->day, m->currency, why);
}

/* ---- Taking off what is owed, part by part ---- */

/* How a part is taken off: by money, or without. */
struct taking {
    struct entry_work *entry;
    const struct movement *movement;
    bool by_money;
    const struct contested *spares; /* what is left alone of each instalment; NULL: nothing */
    int64_t left, taken;
};

static void principal_changed(struct ledger_slice *slice, struct day day, bool by_money)
{
    slice->changed = true;
    if (!by_money)
        slice->first_change = slice->placed_day;
    else if (slice->first_change.number > day.number)
        slice->first_change = day;
    slice->last_change = day;
}

/* What bears interest itself is taken last. */
static void interest_taken(struct ledger_slice *slice)
{
    int64_t open = slice_open(slice, COMPONENT_INTEREST);

    if (slice->compounded > open)
        slice->compounded = open;
}

/* What may be taken of a part. */
static int64_t open_to(const struct taking *t, const struct ledger_slice *slice,
                       enum component component)
{
    int64_t open = slice_open(slice, component);

    if (t->spares == NULL)
        return open;
    const struct contested *c = &t->spares[slice - t->entry->books->state.slices];
    int64_t rest = slice_total(slice) - contested_total(c);
    open -= c->of[component];
    return open < rest ? open : rest;
}

static bool take(struct taking *t, struct ledger_slice *slice, enum component component)
{
    const struct movement *m = t->movement;
    int64_t open = open_to(t, slice, component);
    int64_t part = open < t->left ? open : t->left;

    if (part <= 0 || (m->component < COMPONENT_COUNT && m->component != component))
        return true;
    t->left -= part;
    t->taken += part;
    slice->changed = true;
    if (t->by_money)
        slice->paid[component] += part, slice->last_paid = m->day;
    else
        slice->owed[component] -= part;
    if (component == COMPONENT_PRINCIPAL)
        principal_changed(slice, m->day, t->by_money);
    if (component == COMPONENT_INTEREST)
        interest_taken(slice);
    return entry_put(t->entry, component_name(component), slice->debt, slice->instalment,
                     -part);
}

/* In the order of allocation that each debt has by contract or law. */
static bool take_all(struct taking *t, const struct scope *scope)
{
    for (int rank = 0; rank < COMPONENT_COUNT; rank++) {
        for (size_t i = 0; i < scope->count && t->left > 0; i++) {
            struct ledger_slice *slice = scope->slices[i];
            const struct allocation_order *order = &slice->terms->allocation;
            if (order->by_component) {
                if (!take(t, slice, order->order[rank]))
                    return false;
                continue;
            }
            for (int k = 0; rank == 0 && k < COMPONENT_COUNT; k++) {
                if (!take(t, slice, order->order[k]))
                    return false;
            }
        }
    }
    return true;
}

static bool owes_several(const struct scope *scope)
{
    for (size_t i = 1; i < scope->count; i++) {
        if (scope->slices[i]->debt != scope->slices[0]->debt)
            return true;
    }
    return false;
}

/* First what nobody contests. */
static bool take_money(struct taking *t, const struct scope *scope)
{
    struct ledger_books *books = t->entry->books;
    bool waits = t->movement->debt == 0 &&
                 (t->movement->kind == MOVEMENT_APPLY || owes_several(scope));

    t->spares = ledger_contested(&books->state, books->arena, t->movement->day, false);
    if (!take_all(t, scope))
        return false;
    if (t->spares == NULL || waits)
        return true;
    t->spares = NULL;
    return take_all(t, scope);
}

/* ---- Money that waits ---- */

static bool wait_add(struct ledger_books *books, enum currency currency, int64_t minor,
                     struct fault *why)
{
    struct ledger_state *state = &books->state;

    if (minor == 0)
        return true;
    for (size_t i = 0; i < state->wait_count; i++) {
        if (state->waits[i].currency == currency)
            return sum_add(&state->waits[i].minor, minor, why);
    }
    if (state->wait_count == LEDGER_CURRENCIES)
        return fail(why, BAD_VALUE, "One case file can hold %d currencies, not more.",
                    LEDGER_CURRENCIES);
    state->waits[state->wait_count++] = (struct ledger_wait){ currency, minor };
    return true;
}

/* Interest and fees that are let go when the principal is paid; the rest that an early payment
 * may keep. Both without money. */
/* Named by the instalment and by the money that it follows from. */
static struct entry_work entry_after(struct ledger_books *books, const char *what,
                                     const struct ledger_slice *slice,
                                     const struct movement *m, struct fault *why)
{
    const char *cause = arena_print(books->arena, "%s %s",
                                    slice_cause(books, what, slice, m->day), m->reference);

    return entry_open(books, cause, 0, m->day, slice->currency, why);
}

static bool waive_charges(struct ledger_books *books, struct ledger_slice *slice,
                          const struct movement *m, struct fault *why)
{
    struct entry_work e = entry_after(books, "waived", slice, m, why);

    for (int i = COMPONENT_INTEREST; i <= COMPONENT_FEES; i++) {
        enum component component = (enum component)i;
        int64_t open = slice_open(slice, component);
        slice->owed[component] -= open;
        entry_put(&e, component_name(component), slice->debt, slice->instalment, -open);
        entry_put(&e, "waived", slice->debt, slice->instalment, open);
    }
    interest_taken(slice);
    return entry_close(&e);
}

static bool early_discount(struct ledger_books *books, struct ledger_slice *slice,
                           const struct movement *m, struct fault *why)
{
    const struct early_discount *discount = &slice->terms->discount;
    int64_t open = slice_open(slice, COMPONENT_PRINCIPAL);
    int64_t most =
        (int64_t)(((wide)slice->owed[COMPONENT_PRINCIPAL] * discount->share + SHARE_WHOLE / 2) /
                  SHARE_WHOLE);

    if (discount->share == 0 || open <= 0 || open > most ||
        m->day.number > slice->placed_day.number + discount->within_days)
        return true;
    struct entry_work e = entry_after(books, "discount", slice, m, why);
    slice->owed[COMPONENT_PRINCIPAL] -= open;
    principal_changed(slice, m->day, false);
    return entry_put(&e, "principal", slice->debt, slice->instalment, -open) &&
           entry_put(&e, "discount", slice->debt, slice->instalment, open) && entry_close(&e);
}

/* What follows from money that came for these. */
static bool after_money(struct ledger_books *books, const struct scope *scope,
                        const struct movement *m, struct fault *why)
{
    for (size_t i = 0; i < scope->count; i++) {
        struct ledger_slice *slice = scope->slices[i];
        if (slice->last_change.number != m->day.number)
            continue;
        if (!early_discount(books, slice, m, why))
            return false;
        if (slice->terms->charges == CHARGES_WAIVE &&
            slice_open(slice, COMPONENT_PRINCIPAL) <= 0 && !waive_charges(books, slice, m, why))
            return false;
    }
    return true;
}

static bool pay(struct ledger_books *books, const struct movement *m, struct fault *why)
{
    struct entry_work e = entry_of(books, m, "", why);
    struct taking t = { &e, m, true, NULL, m->minor, 0 };
    struct scope scope;
    int64_t waiting = ledger_waiting(&books->state, m->currency);

    if (m->kind == MOVEMENT_APPLY && t.left > waiting)
        t.left = waiting > 0 ? waiting : 0;
    if (!scope_of(books, m, &scope, why) || !take_money(&t, &scope))
        return false;
    if (m->kind == MOVEMENT_APPLY) {
        if (!entry_put(&e, "unapplied", 0, 0, t.taken) ||
            !wait_add(books, m->currency, -t.taken, why))
            return false;
    } else if (!entry_put(&e, "unapplied", 0, 0, -t.left) ||
               !entry_put(&e, "cash", 0, 0, m->minor) ||
               !wait_add(books, m->currency, t.left, why)) {
        return false;
    }
    return entry_close(&e) && after_money(books, &scope, m, why);
}

static bool refund(struct ledger_books *books, const struct movement *m, struct fault *why)
{
    struct entry_work e = entry_of(books, m, "", why);

    return wait_add(books, m->currency, -m->minor, why) &&
           entry_put(&e, "unapplied", 0, 0, m->minor) &&
           entry_put(&e, "cash", 0, 0, -m->minor) && entry_close(&e);
}

/* ---- Without money ---- */

/* More was paid than is owed now, or credited than was ever owed: the difference waits. */
static bool move_over(struct ledger_books *books, const struct movement *m,
                      struct ledger_slice *slice, struct fault *why)
{
    int64_t over = -slice_open(slice, COMPONENT_PRINCIPAL);

    if (over <= 0)
        return true;
    struct movement of = *m;
    of.instalment = slice->instalment;
    struct entry_work e = entry_of(books, &of, "over", why);
    int64_t paid = slice->paid[COMPONENT_PRINCIPAL];
    slice->paid[COMPONENT_PRINCIPAL] -= over < paid ? over : paid;
    slice->owed[COMPONENT_PRINCIPAL] += over < paid ? 0 : over - paid;
    return entry_put(&e, "principal", slice->debt, slice->instalment, over) &&
           entry_put(&e, "unapplied", 0, 0, -over) && wait_add(books, m->currency, over, why) &&
           entry_close(&e);
}

static bool adjust(struct ledger_books *books, const struct movement *m, struct fault *why)
{
    struct ledger_slice *slice = ledger_slice_find(&books->state, m->debt, m->instalment);
    struct entry_work e = entry_of(books, m, "", why);

    if (slice == NULL || slice->currency != m->currency)
        return fail(why, BAD_VALUE, "Debt %d has no instalment %d to be corrected.",
                    (int)m->debt, (int)m->instalment);
    if (!slice_touch(books, slice, m->day, why) ||
        !owed_add(slice, COMPONENT_PRINCIPAL, m->minor, why))
        return false;
    principal_changed(slice, m->day, false);
    bool done = entry_put(&e, "principal", slice->debt, slice->instalment, m->minor) &&
                entry_put(&e, "adjustment", slice->debt, slice->instalment, -m->minor) &&
                entry_close(&e) && move_over(books, m, slice, why);
    live_add(books, slice);
    return done;
}

/* The one due last, settled or not; NULL when there is none. */
static struct ledger_slice *last_due(struct ledger_books *books, const struct movement *m)
{
    struct ledger_slice *last = NULL;

    for (size_t i = 0; i < books->state.slice_count; i++) {
        struct ledger_slice *slice = &books->state.slices[i];
        if (is_about(m, slice) && (last == NULL || slice_compare_due(last, slice) < 0))
            last = slice;
    }
    return last;
}

/* The instalment that a charge goes to: the one due first whose principal is open, or the one
 * due last. */
static struct ledger_slice *bearer_of(struct ledger_books *books, const struct movement *m,
                                      const struct scope *scope)
{
    for (size_t i = 0; i < scope->count; i++) {
        if (slice_open(scope->slices[i], COMPONENT_PRINCIPAL) > 0)
            return scope->slices[i];
    }
    return last_due(books, m);
}

static bool charge(struct ledger_books *books, const struct movement *m, struct fault *why)
{
    struct scope scope;

    if (m->component <= COMPONENT_PRINCIPAL || m->component >= COMPONENT_COUNT)
        return fail(why, BAD_VALUE, "A charge is interest, fees or costs.");
    if (!scope_of(books, m, &scope, why))
        return false;
    struct ledger_slice *slice = bearer_of(books, m, &scope);
    if (slice == NULL)
        return fail(why, BAD_VALUE, "Debt %d has no instalment that could bear a charge.",
                    (int)m->debt);
    struct entry_work e = entry_of(books, m, "", why);
    slice->changed = true;
    bool done =
        slice_touch(books, slice, m->day, why) &&
        owed_add(slice, m->component, m->minor, why) &&
        entry_put(&e, component_name(m->component), slice->debt, slice->instalment, m->minor) &&
        entry_put(&e, "charged", slice->debt, slice->instalment, -m->minor) && entry_close(&e);
    live_add(books, slice);
    return done;
}

static const char *other_side(enum movement_kind kind)
{
    if (kind == MOVEMENT_CREDIT)
        return "adjustment";
    if (kind == MOVEMENT_SETTLE)
        return "forgiven";
    return kind == MOVEMENT_WRITE_OFF ? "written_off" : "waived";
}

/* At most what is open; of a credit note the rest waits. */
static bool reduce(struct ledger_books *books, const struct movement *m, struct fault *why)
{
    struct entry_work e = entry_of(books, m, "", why);
    struct taking t = { &e, m, false, NULL, m->minor, 0 };
    struct scope scope;

    if (!scope_of(books, m, &scope, why) || !take_all(&t, &scope))
        return false;
    if (!entry_put(&e, other_side(m->kind), m->debt, m->instalment, t.taken) ||
        !entry_close(&e))
        return false;
    if (m->kind != MOVEMENT_CREDIT || t.left == 0)
        return true;
    struct entry_work rest = entry_of(books, m, "rest", why);
    return entry_put(&rest, "adjustment", m->debt, m->instalment, t.left) &&
           entry_put(&rest, "unapplied", 0, 0, -t.left) &&
           wait_add(books, m->currency, t.left, why) && entry_close(&rest);
}

static bool charge_off(struct ledger_books *books, const struct movement *m, struct fault *why)
{
    struct entry_work e = entry_of(books, m, "", why);

    return entry_put(&e, "placed", m->debt, m->instalment, m->minor) &&
           entry_put(&e, "charged_off", m->debt, m->instalment, -m->minor) && entry_close(&e);
}

/* ---- What is owed, and on what terms ---- */

static const struct terms *terms_of(const struct ledger_state *state, int32_t debt)
{
    for (size_t i = 0; i < state->terms_count; i++) {
        if (state->terms[i].debt == debt)
            return state->terms[i].terms;
    }
    return &terms_none;
}

void ledger_bind(struct ledger_state *state)
{
    for (size_t i = 0; i < state->slice_count; i++)
        state->slices[i].terms = terms_of(state, state->slices[i].debt);
}

static struct ledger_slice *slice_insert(struct ledger_books *books, const struct movement *m)
{
    struct ledger_state *state = &books->state;
    size_t at;

    arena_push(books->arena, state->slices, state->slice_count, state->slice_room);
    for (at = state->slice_count - 1; at > 0; at--) {
        const struct ledger_slice *before = &state->slices[at - 1];
        if (before->debt < m->debt ||
            (before->debt == m->debt && before->instalment < m->instalment))
            break;
        state->slices[at] = *before;
    }
    live_moved(books, at);
    state->slices[at] = (struct ledger_slice){ .debt = m->debt,
                                               .instalment = m->instalment,
                                               .currency = m->currency,
                                               .placed_day = m->day,
                                               .due_day = m->due,
                                               .first_change = DAY_NEVER,
                                               .last_change = DAY_NEVER,
                                               .last_paid = DAY_NEVER,
                                               .run_start = DAY_NONE,
                                               .run_to = DAY_NONE,
                                               .compound_to = DAY_NONE,
                                               .fees_to = m->day,
                                               .terms = terms_of(state, m->debt),
                                               .terms_from = m->day,
                                               .changed = true };
    return &state->slices[at];
}

static bool place(struct ledger_books *books, const struct movement *m, struct fault *why)
{
    struct entry_work e = entry_of(books, m, "", why);

    if (ledger_slice_find(&books->state, m->debt, m->instalment) != NULL)
        return fail(why, BAD_VALUE, "Instalment %d of debt %d was placed twice.",
                    (int)m->instalment, (int)m->debt);
    struct ledger_slice *slice = slice_insert(books, m);
    if (!owed_add(slice, COMPONENT_PRINCIPAL, m->minor, why))
        return false;
    live_add(books, slice);
    return entry_put(&e, "principal", m->debt, m->instalment, m->minor) &&
           entry_put(&e, "placed", m->debt, m->instalment, -m->minor) && entry_close(&e);
}

static bool bind_terms(struct ledger_books *books, const struct movement *m, struct fault *why)
{
    struct ledger_state *state = &books->state;
    size_t at = 0;

    for (size_t i = ledger_slice_at(state, m->debt, INT32_MIN);
         i < state->slice_count && state->slices[i].debt == m->debt; i++) {
        if (!slice_bind(books, &state->slices[i], m->terms, m->day, why))
            return false;
        if (slice_is_live(&state->slices[i]))
            live_add(books, &state->slices[i]);
    }
    while (at < state->terms_count && state->terms[at].debt != m->debt)
        at++;
    if (at == state->terms_count)
        arena_push(books->arena, state->terms, state->terms_count, state->terms_room);
    state->terms[at] = (struct ledger_terms){ m->debt, m->reference, m->terms };
    return true;
}

static bool freeze(struct ledger_books *books, const struct movement *m)
{
    struct ledger_state *state = &books->state;

    *arena_push(books->arena, state->freezes, state->freeze_count, state->freeze_room) =
        (struct ledger_freeze){ m->debt, m->day, m->due };
    return true;
}

static bool contest(struct ledger_books *books, const struct movement *m)
{
    struct ledger_state *state = &books->state;

    *arena_push(books->arena, state->disputes, state->dispute_count, state->dispute_room) =
        (struct ledger_dispute){ m->debt,  m->instalment, m->component,
                                 m->minor, m->day,        m->due };
    return true;
}

static bool apply(struct ledger_books *books, const struct movement *m, struct fault *why)
{
    if (m->minor < 0 && m->kind != MOVEMENT_ADJUST)
        return fail(why, BAD_VALUE, "The amount of a movement is less than nothing.");
    switch (m->kind) {
    case MOVEMENT_TERMS:
        return bind_terms(books, m, why);
    case MOVEMENT_FREEZE:
        return freeze(books, m);
    case MOVEMENT_DISPUTE:
        return contest(books, m);
    case MOVEMENT_PLACED:
        return place(books, m, why);
    case MOVEMENT_ADJUST:
        return adjust(books, m, why);
    case MOVEMENT_CHARGE:
        return charge(books, m, why);
    case MOVEMENT_PAYMENT:
    case MOVEMENT_APPLY:
        return pay(books, m, why);
    case MOVEMENT_REFUND:
        return refund(books, m, why);
    case MOVEMENT_CHARGE_OFF:
        return charge_off(books, m, why);
    case MOVEMENT_CREDIT:
    case MOVEMENT_WAIVE:
    case MOVEMENT_SETTLE:
    case MOVEMENT_WRITE_OFF:
        return reduce(books, m, why);
    case MOVEMENT_COUNT:
        break;
    }
    return fail(why, BAD_VALUE, "There is no such movement.");
}

/* Money waits only while nothing is open that nobody contests: nobody is asked for what they
 * have paid already. */
static bool use_waiting(struct ledger_books *books, const struct movement *m, struct fault *why)
{
    int64_t waiting = ledger_waiting(&books->state, m->currency);
    bool may = m->kind == MOVEMENT_PLACED || m->kind == MOVEMENT_ADJUST ||
               m->kind == MOVEMENT_CHARGE || m->kind == MOVEMENT_CREDIT ||
               m->kind == MOVEMENT_PAYMENT;

    if (!may || waiting <= 0)
        return true;
    const struct movement uses = {
        .kind = MOVEMENT_APPLY,
        .day = m->day,
        .due = DAY_NONE,
        .component = COMPONENT_COUNT,
        .currency = m->currency,
        .minor = waiting,
        .reference = arena_print(books->arena, "after %s %d.%d %s", movement_name(m->kind),
                                 (int)m->debt, (int)m->instalment, m->reference),
    };
    return pay(books, &uses, why);
}

bool movement_apply(struct ledger_books *books, const struct movement *m, struct fault *why)
{
    if (!apply(books, m, why) || !use_waiting(books, m, why))
        return false;
    if (m->kind == MOVEMENT_ADJUST || m->kind > MOVEMENT_CHARGE)
        live_sweep(books);
    return true;
}

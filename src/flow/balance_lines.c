/* Balance: from the entries of the books to the lines that people read. */
#include "flow/balance_parts.h"

#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Facts of a line -------------------------------------------------------------------- */

static const struct told_movement *told_of(const struct reading *r, int32_t number)
{
    size_t low = 0, high = r->told_count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        if (r->told[middle].is.number == number)
            return &r->told[middle];
        if (r->told[middle].is.number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* Of a movement that comes from "payment 12". */
static const struct told_payment *payment_of(const struct reading *r,
                                             const struct told_movement *m)
{
    int64_t number;

    if (m == NULL || m->origin == NULL || !text_starts(m->origin, "payment ") ||
        !text_to_int(m->origin + strlen("payment "), &number))
        return NULL;
    size_t low = 0, high = r->payment_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (r->payments[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low < r->payment_count && r->payments[low].number == number ? &r->payments[low] : NULL;
}

/* The terms of a debt on a day. Movements are sorted by now. */
static const struct terms *terms_on(const struct reading *r, int32_t debt, struct day day)
{
    const struct terms *terms = &terms_none;

    for (size_t i = 0; i < r->move_count; i++) {
        const struct movement *m = &r->moves[i];
        if (m->kind == MOVEMENT_TERMS && m->debt == debt && m->day.number <= day.number)
            terms = m->terms;
    }
    return terms;
}

static void ground_put(struct balance_line *l, const struct ground *ground)
{
    l->clause = ground->clause;
    l->law = ground->law;
}

static const char *first_word(struct arena *a, const char *cause)
{
    return arena_copy_n(a, cause, strcspn(cause, " "));
}

/* ---- What follows from terms ------------------------------------------------------------ */

static struct told_interest *interest_of(struct reading *r, int32_t debt, int32_t instalment)
{
    for (size_t i = 0; i < r->interest_count; i++) {
        if (r->interest[i].debt == debt && r->interest[i].instalment == instalment)
            return &r->interest[i];
    }
    return NULL;
}

static struct day later(struct day a, struct day b)
{
    return a.number > b.number ? a : b;
}

/* The first day of interest that was not told of yet: after the due day and the placing, or
 * after the placing alone. */
static struct day interest_from(struct reading *r, const struct told_interest *t,
                                const struct terms *terms)
{
    const struct ledger_slice *slice =
        ledger_slice_find(&r->closing.state, t->debt, t->instalment);
    struct day start;

    if (t->from.number != DAY_NONE.number || slice == NULL)
        return t->from;
    start = terms->interest.start == INTEREST_FROM_INVOICE
                ? slice->placed_day
                : later(slice->due_day, slice->placed_day);
    return later(day_plus(start, 1), r->out->since);
}

static int32_t rate_of(struct reading *r, const struct told_interest *t,
                       const struct terms *terms, struct day day)
{
    const struct ledger_slice *slice =
        ledger_slice_find(&r->closing.state, t->debt, t->instalment);

    if (terms->interest.fixed_at_start && slice != NULL &&
        slice->run_start.number != DAY_NONE.number)
        day = slice->run_start;
    return rate_on(terms->interest.rates, day);
}

/* Interest to the end of the day. */
static void interest_put(struct reading *r, struct balance_line *l, struct told_interest *t)
{
    const struct terms *terms = terms_on(r, l->debt, l->day);

    l->from = interest_from(r, t, terms);
    l->rate_ppm = rate_of(r, t, terms, l->from);
    l->last_ppm = rate_of(r, t, terms, l->day);
    ground_put(l, &terms->interest.ground);
    t->from = day_plus(l->day, 1);
}

static void fee_put(struct reading *r, struct balance_line *l, const char *name)
{
    const struct terms *terms = terms_on(r, l->debt, l->day);

    l->kind = LINE_LATE_FEE;
    l->component = name;
    for (size_t i = 0; i < terms->fee_count; i++) {
        if (text_equal(terms->fees[i].name, name))
            ground_put(l, &terms->fees[i].ground);
    }
}

static void by_terms_put(struct reading *r, struct balance_line *l)
{
    const char *what = first_word(r->a, l->cause);

    if (text_equal(what, "interest")) {
        struct told_interest *t = interest_of(r, l->debt, l->instalment);
        l->kind = LINE_INTEREST;
        must(t != NULL);
        interest_put(r, l, t);
    } else if (text_equal(what, "apply")) { /* what waited was used by itself */
        l->kind = LINE_APPLY;
        l->reference = "";
    } else if (text_equal(what, "waived")) {
        l->kind = LINE_LET_GO;
    } else if (text_equal(what, "discount")) {
        l->kind = LINE_DISCOUNT;
        ground_put(l, &terms_on(r, l->debt, l->day)->discount.ground);
    } else {
        fee_put(r, l, what);
    }
}

/* ---- What was written down -------------------------------------------------------------- */

static enum line_kind kind_of(const struct movement *m, const char *cause)
{
    static const enum line_kind kinds[MOVEMENT_COUNT] = {
        [MOVEMENT_PLACED] = LINE_PLACED,       [MOVEMENT_ADJUST] = LINE_ADJUST,
        [MOVEMENT_CHARGE] = LINE_CHARGE,       [MOVEMENT_CREDIT] = LINE_CREDIT,
        [MOVEMENT_WAIVE] = LINE_WAIVE,         [MOVEMENT_PAYMENT] = LINE_PAYMENT,
        [MOVEMENT_APPLY] = LINE_APPLY,         [MOVEMENT_REFUND] = LINE_REFUND,
        [MOVEMENT_SETTLE] = LINE_SETTLE,       [MOVEMENT_WRITE_OFF] = LINE_WRITE_OFF,
        [MOVEMENT_CHARGE_OFF] = LINE_CHARGE_OFF,
    };

    return text_starts(cause, "adjust over") ? LINE_OVER : kinds[m->kind];
}

static void movement_put(struct reading *r, struct balance_line *l, const struct told_movement *m)
{
    const struct told_payment *payment = payment_of(r, m);

    l->kind = kind_of(&m->is, l->cause);
    l->reference = payment != NULL ? payment->reference : m->is.reference;
    l->method = payment != NULL ? payment->method : NULL;
    l->payment = payment != NULL ? payment->number : 0;
    l->reason = m->reason;
    l->clause = m->ground;
    l->due = m->is.due;
    if (m->is.component < COMPONENT_COUNT)
        l->component = component_name(m->is.component);
}

/* ---- Lines ------------------------------------------------------------------------------ */

static struct balance_line *line_add(struct reading *r, enum currency currency, struct day day,
                                     int32_t debt, const char *cause)
{
    struct balance_currency *c = reading_currency(r, currency);
    struct balance_line *l = arena_push(r->a, c->lines, c->line_count, c->room);

    *l = (struct balance_line){ .day = day,
                                .debt = debt,
                                .from = DAY_NONE,
                                .due = DAY_NONE,
                                .back_day = DAY_NONE,
                                .cause = cause,
                                .order = c->line_count };
    return l;
}

static void line_tell(struct reading *r, struct balance_line *l, const struct ledger_entry *e)
{
    const struct told_movement *m = e->movement != 0 ? told_of(r, e->movement) : NULL;

    if (m != NULL)
        movement_put(r, l, m);
    else
        by_terms_put(r, l);
}

static bool part_of(const char *account, enum component *part, bool *waits)
{
    *waits = text_equal(account, "unapplied");
    return *waits || component_parse(account, part);
}

/* One line for each debt that the entry touches, and one for the money that waits. */
static void entry_lines(struct reading *r, const struct ledger_entry *e)
{
    size_t first = reading_currency(r, e->currency)->line_count;

    for (size_t i = 0; i < e->line_count; i++) {
        const struct ledger_line *from = &e->lines[i];
        struct balance_currency *c = reading_currency(r, e->currency);
        struct balance_line *l = NULL;
        enum component part = COMPONENT_COUNT;
        bool waits;
        if (!part_of(from->account, &part, &waits) || (waits ? r->r->debt != 0
                                                             : !reading_wants(r, from->debt)))
            continue;
        for (size_t k = first; k < c->line_count && l == NULL; k++)
            l = c->lines[k].debt == from->debt ? &c->lines[k] : NULL;
        if (l == NULL) {
            l = line_add(r, e->currency, e->day, from->debt, e->cause);
            l->instalment = from->instalment;
            line_tell(r, l, e);
        } else if (l->instalment != from->instalment) {
            l->instalment = 0;
        }
        if (waits)
            l->change.waiting += from->minor;
        else
            l->change.open[part] += from->minor;
    }
}

/* Of interest that is posted now, what ran before the first day was in the opening balance. */
static void take_before(struct reading *r, struct balance_line *l)
{
    struct told_interest *t = interest_of(r, l->debt, l->instalment);

    l->change.open[COMPONENT_INTEREST] -= t->before;
    t->before = 0;
}

/* A loss in the creditor's books: nothing changes for who owes. */
static void charge_off_line(struct reading *r, const struct ledger_entry *e)
{
    const struct told_movement *m = told_of(r, e->movement);

    if (m == NULL || m->is.kind != MOVEMENT_CHARGE_OFF || !reading_wants(r, m->is.debt))
        return;
    struct balance_line *l = line_add(r, e->currency, e->day, m->is.debt, e->cause);
    l->instalment = m->is.instalment;
    movement_put(r, l, m);
}

static void add_entries(struct reading *r)
{
    struct day since = r->out->since;

    for (size_t i = 0; i < r->closing.entry_count; i++) {
        const struct ledger_entry *e = &r->closing.entries[i];
        if (e->day.number < since.number)
            continue;
        size_t before = reading_currency(r, e->currency)->line_count;
        entry_lines(r, e);
        struct balance_currency *c = reading_currency(r, e->currency);
        if (c->line_count == before)
            charge_off_line(r, e);
        else if (c->lines[before].kind == LINE_INTEREST)
            take_before(r, &c->lines[before]);
    }
}

static void add_running(struct reading *r)
{
    for (size_t i = 0; i < r->out->part_count; i++) {
        const struct balance_part *p = &r->out->parts[i];
        struct told_interest *t = interest_of(r, p->debt, p->instalment);
        int64_t minor = p->running - t->before;
        if (minor == 0)
            continue;
        struct balance_line *l = line_add(r, p->currency, r->out->day, p->debt, "");
        l->kind = LINE_RUNNING;
        l->instalment = p->instalment;
        l->change.open[COMPONENT_INTEREST] = minor;
        interest_put(r, l, t);
    }
}

/* ---- Money that went back --------------------------------------------------------------- */

static bool went_back(const struct reading *r, const struct told_movement *m)
{
    const struct told_payment *p = payment_of(r, m);

    return m->ended && m->is.kind == MOVEMENT_PAYMENT && p != NULL &&
           !text_equal(p->state, "settled") && !text_equal(p->state, "pending") &&
           m->is.day.number >= r->out->since.number && m->is.day.number <= r->out->day.number &&
           reading_wants(r, m->is.debt);
}

static void back_line(struct reading *r, const struct told_movement *m, int64_t minor)
{
    const struct told_payment *p = payment_of(r, m);
    struct balance_line *l = line_add(r, m->is.currency, m->is.day, m->is.debt, "");

    l->kind = minor < 0 ? LINE_PAYMENT : LINE_BACK;
    l->instalment = m->is.instalment;
    l->reference = p->reference;
    l->method = p->method;
    l->payment = p->number;
    if (m->is.debt == 0)
        l->change.waiting = minor;
    else
        l->change.open[COMPONENT_PRINCIPAL] = minor;
    l->back_state = p->state;
    if (minor < 0)
        return;
    l->reason = p->reason;
    l->back_day = p->state_day;
}

static void add_back(struct reading *r)
{
    for (size_t i = 0; i < r->told_count; i++) {
        if (!went_back(r, &r->told[i]))
            continue;
        back_line(r, &r->told[i], -r->told[i].is.minor);
        back_line(r, &r->told[i], r->told[i].is.minor);
    }
}

static int by_day(const void *left, const void *right)
{
    const struct balance_line *a = left, *b = right;

    if (a->day.number != b->day.number)
        return a->day.number < b->day.number ? -1 : 1;
    return (a->order > b->order) - (a->order < b->order);
}

bool reading_lines(struct reading *r)
{
    add_entries(r);
    add_back(r);
    add_running(r);
    for (size_t i = 0; i < r->out->currency_count; i++) {
        struct balance_currency *c = &r->out->currencies[i];
        if (c->line_count > 1)
            qsort(c->lines, c->line_count, sizeof *c->lines, by_day);
    }
    return true;
}

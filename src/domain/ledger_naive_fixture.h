/*
 * Ledger, naively: the books of a case file worked out day by day, for a test to compare with.
 *
 * One loop over every day: terms and freezes, interest of the day on what was open when it
 * began, late fees, the other movements in order, compounding. Nothing is put off, nothing is
 * looked ahead, and no code is shared with ledger*.c, interest.c or terms.c. Interest is a
 * whole number of parts, of which 1,000,000 times 1,603,080 make a minor unit (a millionth of a
 * year of 360, 365 or 366 days is a whole number of them).
 */
#ifndef DOMAIN_LEDGER_NAIVE_FIXTURE_H
#define DOMAIN_LEDGER_NAIVE_FIXTURE_H

#include "domain/ledger.h"

#include <stdlib.h>
#include <string.h>

__extension__ typedef __int128 naive_wide;

enum { NAIVE_SLICES = 64, NAIVE_YEAR = 72 * 73 * 61 * 5, NAIVE_FREEZES = 600 };
#define NAIVE_PARTS ((naive_wide)1000000 * NAIVE_YEAR)

struct naive_slice {
    int32_t debt, instalment, placed, due;
    enum currency currency;
    int64_t owed[COMPONENT_COUNT], paid[COMPONENT_COUNT];
    const struct terms *terms;
    int32_t terms_from;
    bool begun;
    int32_t begin;    /* the first day that costs */
    int32_t next;     /* the first day that has not been charged */
    naive_wide parts; /* of interest, in all */
    int64_t charged;  /* of that, rounded */
    int64_t bears;    /* compounded interest */
    int64_t late_fees;
    int32_t changed_on;
};

struct naive {
    size_t count, freeze_count;
    struct naive_slice slices[NAIVE_SLICES]; /* those due first before the others */
    struct {
        int32_t debt, from, until;
    } freezes[NAIVE_FREEZES];
    struct {
        int32_t debt;
        const struct terms *terms;
    } bound[NAIVE_SLICES];
    size_t bound_count;
    int64_t waits[1000]; /* by the number of the currency */
};

/* ---- Calendar ---- */

static inline struct date naive_date(int32_t day)
{
    return date_of_day((struct day){ day });
}

static inline bool naive_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static inline int naive_month_length(int year, int month)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

    return days[month - 1] + (month == 2 && naive_leap(year));
}

/* ISDA 2006, 4.16 (f) and (g) */
static inline int naive_days_30(int32_t from, int32_t to, bool european)
{
    struct date a = naive_date(from), b = naive_date(to);
    int first = a.day == 31 ? 30 : a.day;
    int second = b.day == 31 && (european || first == 30) ? 30 : b.day;

    return (b.year - a.year) * 360 + (b.month - a.month) * 30 + second - first;
}

/* What one day is of a year. */
static inline int naive_day_share(enum day_count count, int32_t begin, int32_t day)
{
    bool european = count == DAY_COUNT_30E_360;

    if (count == DAY_COUNT_ACT_365F)
        return NAIVE_YEAR / 365;
    if (count == DAY_COUNT_ACT_360)
        return NAIVE_YEAR / 360;
    if (count == DAY_COUNT_ACT_ACT)
        return NAIVE_YEAR / (naive_leap(naive_date(day).year) ? 366 : 365);
    return (naive_days_30(begin, day + 1, european) - naive_days_30(begin, day, european)) *
           (NAIVE_YEAR / 360);
}

/* ---- Interest ---- */

static inline int64_t naive_open(const struct naive_slice *s, int component)
{
    return s->owed[component] - s->paid[component];
}

static inline int64_t naive_base(const struct naive_slice *s)
{
    return naive_open(s, COMPONENT_PRINCIPAL) + s->bears;
}

static inline bool naive_frozen(const struct naive *n, int32_t debt, int32_t day)
{
    for (size_t i = 0; i < n->freeze_count; i++) {
        if ((n->freezes[i].debt == 0 || n->freezes[i].debt == debt) &&
            n->freezes[i].from <= day && day < n->freezes[i].until)
            return true;
    }
    return false;
}

static inline int32_t naive_late(const struct naive_slice *s)
{
    return s->due > s->placed ? s->due : s->placed;
}

static inline int64_t naive_rate(const struct naive_slice *s, int32_t day)
{
    const struct interest_terms *t = &s->terms->interest;
    int64_t ppm = 0;

    for (size_t i = 0; i < t->rates.count; i++) {
        if (t->rates.steps[i].from.number <= (t->fixed_at_start ? s->begin : day))
            ppm = t->rates.steps[i].ppm;
    }
    return ppm;
}

static inline int32_t naive_begin(const struct naive_slice *s)
{
    return s->terms->interest.start == INTEREST_FROM_DUE ? naive_late(s) + 1 : s->placed;
}

/* The days before `to` are charged on `today`. */
static inline void naive_interest(const struct naive *n, struct naive_slice *s, int32_t to,
                                  int32_t today)
{
    const struct interest_terms *t = &s->terms->interest;
    int32_t first = t->start == INTEREST_FROM_DUE ? naive_late(s) + s->terms->grace_days + 1
                                                  : s->placed + 1;

    if (!t->runs || (!s->begun && today < first))
        return;
    if (!s->begun) {
        s->begun = true;
        s->begin = naive_begin(s);
        s->next = s->begin > s->terms_from ? s->begin : s->terms_from;
    }
    for (; s->next < to; s->next++) {
        if (!naive_frozen(n, s->debt, s->next))
            s->parts += (naive_wide)naive_base(s) * naive_rate(s, s->next) *
                        naive_day_share(t->day_count, s->begin, s->next);
    }
    int64_t whole = (int64_t)((s->parts + NAIVE_PARTS / 2) / NAIVE_PARTS);
    s->owed[COMPONENT_INTEREST] += whole - s->charged;
    s->charged = whole;
}

static inline bool naive_compounds(const struct naive_slice *s, int32_t today)
{
    static const int months[] = { 0, 1, 3, 12 };
    const struct interest_terms *t = &s->terms->interest;
    int step = months[t->compounding], offset = t->start == INTEREST_FROM_DUE;

    if (!t->runs || step == 0 || naive_base(s) <= 0)
        return false;
    struct date from = naive_date(s->begun ? s->begin : naive_begin(s));
    struct date at = naive_date(today + offset);
    int last = naive_month_length(at.year, at.month);
    int passed = (at.year - from.year) * 12 + at.month - from.month;
    return passed > 0 && passed % step == 0 && at.day == (from.day < last ? from.day : last);
}

/* ---- Late fees ---- */

static inline int64_t naive_fee(const struct late_fee *fee, int64_t open)
{
    int64_t minor = 0;

    if (fee->share == 0) {
        for (size_t i = 0; i < fee->tier_count; i++)
            minor = open >= fee->tiers[i].from_minor ? fee->tiers[i].minor : minor;
        return minor;
    }
    minor = (open * fee->share * 2 + SHARE_WHOLE) / (2 * SHARE_WHOLE);
    minor = minor < fee->least_minor ? fee->least_minor : minor;
    return fee->most_minor > 0 && minor > fee->most_minor ? fee->most_minor : minor;
}

static inline void naive_fees(const struct naive *n, struct naive_slice *s, int32_t today)
{
    for (size_t i = 0; i < s->terms->fee_count; i++) {
        const struct late_fee *fee = &s->terms->fees[i];
        int32_t since = today - (naive_late(s) + s->terms->grace_days + 1 + fee->after_days);
        int64_t open = naive_open(s, COMPONENT_PRINCIPAL), most = s->terms->fees_most_minor;
        if (fee->step != NULL || since < 0 || open <= 0 || naive_frozen(n, s->debt, today))
            continue;
        if (fee->every_days == 0 ? since != 0 : since % fee->every_days != 0)
            continue;
        if (fee->most_times != 0 && fee->every_days != 0 &&
            since / fee->every_days >= fee->most_times)
            continue;
        int64_t minor = naive_fee(fee, open);
        if (most != 0 && s->late_fees + minor > most)
            minor = most - s->late_fees;
        if (minor <= 0)
            continue;
        s->late_fees += minor;
        s->owed[COMPONENT_FEES] += minor;
    }
}

/* ---- Movements ---- */

static inline bool naive_about(const struct naive_slice *s, const struct movement *m)
{
    return s->currency == m->currency && (m->debt == 0 || s->debt == m->debt) &&
           (m->instalment == 0 || s->instalment == m->instalment);
}

static inline int64_t naive_take(struct naive_slice *s, const struct movement *m, int component,
                                 int64_t left, bool money)
{
    int64_t open = naive_open(s, component), part = open < left ? open : left;

    if (part <= 0 || !naive_about(s, m) ||
        (m->component != COMPONENT_COUNT && (int)m->component != component))
        return 0;
    *(money ? &s->paid[component] : &s->owed[component]) += money ? part : -part;
    if (component == COMPONENT_PRINCIPAL)
        s->changed_on = m->day.number;
    if (component == COMPONENT_INTEREST && s->bears > open - part)
        s->bears = open - part;
    return part;
}

/* What is left over. */
static inline int64_t naive_take_all(struct naive *n, const struct movement *m, int64_t left,
                                     bool money)
{
    for (int rank = 0; rank < COMPONENT_COUNT; rank++) {
        for (size_t i = 0; i < n->count; i++) {
            const struct allocation_order *o = &n->slices[i].terms->allocation;
            if (o->by_component)
                left -= naive_take(&n->slices[i], m, (int)o->order[rank], left, money);
            for (int k = 0; !o->by_component && rank == 0 && k < COMPONENT_COUNT; k++)
                left -= naive_take(&n->slices[i], m, (int)o->order[k], left, money);
        }
    }
    return left;
}

static inline void naive_after_money(struct naive_slice *s, int32_t today)
{
    const struct early_discount *d = &s->terms->discount;
    int64_t open = naive_open(s, COMPONENT_PRINCIPAL);

    if (s->changed_on != today)
        return;
    if (d->share > 0 && today <= s->placed + d->within_days &&
        open <= (s->owed[COMPONENT_PRINCIPAL] * d->share * 2 + SHARE_WHOLE) / (2 * SHARE_WHOLE))
        s->owed[COMPONENT_PRINCIPAL] -= open;
    if (s->terms->charges == CHARGES_WAIVE && naive_open(s, COMPONENT_PRINCIPAL) == 0) {
        s->owed[COMPONENT_INTEREST] = s->paid[COMPONENT_INTEREST];
        s->owed[COMPONENT_FEES] = s->paid[COMPONENT_FEES];
        s->bears = 0;
    }
}

static inline void naive_pay(struct naive *n, const struct movement *m)
{
    int64_t *wait = &n->waits[m->currency], left = m->minor;
    bool open[NAIVE_SLICES];

    for (size_t i = 0; i < n->count; i++) {
        open[i] = false;
        for (int k = 0; k < COMPONENT_COUNT; k++)
            open[i] =
                open[i] || (naive_about(&n->slices[i], m) && naive_open(&n->slices[i], k) > 0);
    }
    if (m->kind == MOVEMENT_APPLY) {
        if (left > *wait)
            left = *wait > 0 ? *wait : 0;
        *wait -= left;
    }
    *wait += naive_take_all(n, m, left, true);
    for (size_t i = 0; i < n->count; i++) {
        if (open[i])
            naive_after_money(&n->slices[i], m->day.number);
    }
}

static inline struct naive_slice *naive_find(struct naive *n, int32_t debt, int32_t instalment)
{
    for (size_t i = 0; i < n->count; i++) {
        if (n->slices[i].debt == debt && n->slices[i].instalment == instalment)
            return &n->slices[i];
    }
    return NULL;
}

static inline const struct terms *naive_terms(const struct naive *n, int32_t debt)
{
    const struct terms *terms = &terms_none;

    for (size_t i = 0; i < n->bound_count; i++)
        terms = n->bound[i].debt == debt ? n->bound[i].terms : terms;
    return terms;
}

static inline void naive_place(struct naive *n, const struct movement *m)
{
    struct naive_slice s = { .debt = m->debt,
                             .instalment = m->instalment,
                             .placed = m->day.number,
                             .due = m->due.number,
                             .currency = m->currency,
                             .owed = { m->minor },
                             .terms = naive_terms(n, m->debt),
                             .terms_from = m->day.number,
                             .changed_on = INT32_MIN };
    size_t at = n->count++;

    must(n->count <= NAIVE_SLICES);
    for (; at > 0; at--) {
        const struct naive_slice *o = &n->slices[at - 1];
        if (o->due < s.due ||
            (o->due == s.due &&
             (o->debt < s.debt || (o->debt == s.debt && o->instalment < s.instalment))))
            break;
        n->slices[at] = *o;
    }
    n->slices[at] = s;
}

static inline void naive_bind(struct naive *n, const struct movement *m)
{
    size_t at = 0;

    for (size_t i = 0; i < n->count; i++) {
        struct naive_slice *s = &n->slices[i];
        int32_t today = m->day.number;
        if (s->debt != m->debt)
            continue;
        /* From the invoice on the day before is charged only today; else it is charged. */
        if (s->terms->interest.start == INTEREST_FROM_INVOICE)
            naive_interest(n, s, today, today);
        s->next = s->next < today ? today : s->next;
        s->terms = m->terms;
        s->terms_from = today;
    }
    while (at < n->bound_count && n->bound[at].debt != m->debt)
        at++;
    n->bound_count += at == n->bound_count;
    must(n->bound_count <= NAIVE_SLICES);
    n->bound[at].debt = m->debt;
    n->bound[at].terms = m->terms;
}

static inline void naive_freeze(struct naive *n, const struct movement *m)
{
    must(n->freeze_count < NAIVE_FREEZES);
    n->freezes[n->freeze_count].debt = m->debt;
    n->freezes[n->freeze_count].from = m->day.number;
    n->freezes[n->freeze_count++].until = m->due.number;
}

static inline void naive_adjust(struct naive *n, const struct movement *m)
{
    struct naive_slice *s = naive_find(n, m->debt, m->instalment);
    int64_t open = naive_open(s, COMPONENT_PRINCIPAL) + m->minor;
    int64_t owed = s->owed[COMPONENT_PRINCIPAL] + m->minor;

    s->changed_on = m->day.number;
    s->owed[COMPONENT_PRINCIPAL] = owed > 0 ? owed : 0;
    s->paid[COMPONENT_PRINCIPAL] = s->owed[COMPONENT_PRINCIPAL] - (open > 0 ? open : 0);
    n->waits[m->currency] += open < 0 ? -open : 0;
}

static inline void naive_charge(struct naive *n, const struct movement *m)
{
    struct naive_slice *s = NULL;

    for (size_t i = n->count; i > 0; i--) {
        struct naive_slice *o = &n->slices[i - 1];
        if (naive_about(o, m) && (s == NULL || naive_open(o, COMPONENT_PRINCIPAL) > 0))
            s = o;
    }
    s->owed[m->component] += m->minor;
}

static inline void naive_move(struct naive *n, const struct movement *m)
{
    if (m->kind == MOVEMENT_PLACED)
        naive_place(n, m);
    else if (m->kind == MOVEMENT_ADJUST)
        naive_adjust(n, m);
    else if (m->kind == MOVEMENT_CHARGE)
        naive_charge(n, m);
    else if (m->kind == MOVEMENT_PAYMENT || m->kind == MOVEMENT_APPLY)
        naive_pay(n, m);
    else if (m->kind == MOVEMENT_REFUND)
        n->waits[m->currency] -= m->minor;
    else if (m->kind == MOVEMENT_CREDIT)
        n->waits[m->currency] += naive_take_all(n, m, m->minor, false);
    else if (m->kind != MOVEMENT_CHARGE_OFF)
        naive_take_all(n, m, m->minor, false);
    if ((m->kind == MOVEMENT_PLACED || m->kind == MOVEMENT_ADJUST || m->kind == MOVEMENT_CHARGE ||
         m->kind == MOVEMENT_CREDIT || m->kind == MOVEMENT_PAYMENT) &&
        n->waits[m->currency] > 0)
        naive_pay(n, &(struct movement){ .kind = MOVEMENT_APPLY,
                                         .day = m->day,
                                         .component = COMPONENT_COUNT,
                                         .currency = m->currency,
                                         .minor = n->waits[m->currency],
                                         .reference = "" });
}

/* The movements of this day, in order. */
static inline void naive_day(struct naive *n, int32_t today, const struct movement *moves,
                             size_t count)
{
    size_t at = 0;

    for (; at < count && moves[at].kind == MOVEMENT_TERMS; at++)
        naive_bind(n, &moves[at]);
    for (; at < count && moves[at].kind == MOVEMENT_FREEZE; at++)
        naive_freeze(n, &moves[at]);
    for (size_t i = 0; i < n->count; i++) {
        struct naive_slice *s = &n->slices[i];
        naive_interest(n, s, s->terms->interest.start == INTEREST_FROM_DUE ? today + 1 : today,
                       today);
        naive_fees(n, s, today);
    }
    for (; at < count; at++)
        naive_move(n, &moves[at]);
    for (size_t i = 0; i < n->count; i++) {
        if (naive_compounds(&n->slices[i], today))
            n->slices[i].bears = naive_open(&n->slices[i], COMPONENT_INTEREST);
    }
}

#endif

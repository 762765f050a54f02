#include "domain/agreement.h"

#include <string.h>

/* A promise as money is counted for it. */
struct claim {
    struct promise *promise;
    struct account *plan; /* NULL: by itself */
    int64_t covered;
    int64_t before, upto; /* of a plan: the sum of the items before this one, and with it */
    int64_t in_time;      /* covered; of a plan: of the whole plan, by the end of its time */
    struct day full_day;  /* from which it is covered; DAY_NEVER */
    bool frozen;          /* of a plan that was cancelled: takes its money, keeps its state */
    bool last;
};

/* A plan as money is counted for it. */
struct account {
    struct payment_plan *plan;
    int64_t paid, late, sum; /* late: money that nobody claimed, after it defaulted */
    struct day paid_day, late_day, default_day;
    size_t claim_count;
    struct claim **claims; /* by due day */
};

struct counting {
    struct agreement *a;
    size_t claim_count;
    struct claim *claims; /* by due day */
    struct account *accounts;
};

bool plan_stands(const struct payment_plan *plan)
{
    return plan->state == PLAN_ACTIVE || plan->state == PLAN_PAUSED;
}

bool debts_cover(struct debt_set debts, int32_t debt)
{
    for (size_t i = 0; i < debts.count; i++) {
        if (debts.numbers[i] == debt)
            return true;
    }
    return debts.count == 0;
}

/* ---- Order ---- */

/* In place, and what is equal keeps its order; lists are short, and mostly sorted. */
static void sort_by(void *items, size_t count, size_t size, void *spare,
                    bool (*after)(const void *, const void *))
{
    char *at = items;

    for (size_t i = 1; i < count; i++) {
        size_t k = i;
        memcpy(spare, at + i * size, size);
        while (k > 0 && after(at + (k - 1) * size, spare)) {
            memcpy(at + k * size, at + (k - 1) * size, size);
            k--;
        }
        memcpy(at + k * size, spare, size);
    }
}

static bool claim_after(const void *left, const void *right)
{
    const struct promise *a = ((const struct claim *)left)->promise;
    const struct promise *b = ((const struct claim *)right)->promise;

    if (a->due_day.number != b->due_day.number)
        return a->due_day.number > b->due_day.number;
    return a->number > b->number;
}

static bool money_after(const void *left, const void *right)
{
    const struct agreed_money *a = left, *b = right;

    if (a->day.number != b->day.number)
        return a->day.number > b->day.number;
    if ((a->debt == 0) != (b->debt == 0))
        return a->debt == 0;
    return a->debt != b->debt ? a->debt > b->debt : a->number > b->number;
}

static struct day plus(struct day day, int days)
{
    return (struct day){ day.number + days };
}

/* ---- Who claims what ---- */

static struct account *account_of(struct counting *c, int32_t plan)
{
    for (size_t i = 0; i < c->a->plan_count; i++) {
        if (c->accounts[i].plan->number == plan)
            return &c->accounts[i];
    }
    return NULL;
}

static void gather(struct counting *c, struct arena *arena)
{
    struct agreement *a = c->a;
    struct claim spare;

    c->claims = arena_array(arena, struct claim, a->promise_count + 1);
    c->accounts = arena_array(arena, struct account, a->plan_count + 1);
    for (size_t i = 0; i < a->plan_count; i++)
        c->accounts[i] = (struct account){ .plan = &a->plans[i],
                                           .paid_day = DAY_NEVER,
                                           .late_day = DAY_NEVER,
                                           .default_day = DAY_NEVER,
                                           .claims = arena_array(arena, struct claim *,
                                                                 a->promise_count + 1) };
    for (size_t i = 0; i < a->promise_count; i++) {
        struct promise *p = &a->promises[i];
        struct account *plan = p->plan == 0 ? NULL : account_of(c, p->plan);
        bool out = p->state == PROMISE_WITHDRAWN && (plan == NULL || p->item == 0);
        if (out || (p->plan != 0 && p->item == 0))
            continue;
        c->claims[c->claim_count++] =
            (struct claim){ .promise = p,
                            .plan = plan,
                            .full_day = DAY_NEVER,
                            .frozen = p->plan != 0 && plan == NULL };
    }
    sort_by(c->claims, c->claim_count, sizeof spare, &spare, claim_after);
    for (size_t i = 0; i < c->claim_count; i++) {
        struct account *plan = c->claims[i].plan;
        if (plan == NULL)
            continue;
        c->claims[i].before = plan->sum;
        c->claims[i].upto = plan->sum += c->claims[i].promise->minor;
        plan->claims[plan->claim_count++] = &c->claims[i];
    }
    for (size_t i = 0; i < a->plan_count; i++) {
        if (c->accounts[i].claim_count > 0)
            c->accounts[i].claims[c->accounts[i].claim_count - 1]->last = true;
    }
}

/* ---- Counting ---- */

static struct day time_of(const struct counting *c, const struct claim *claim)
{
    return plus(claim->promise->due_day, c->a->grace_days);
}

/* What must be there by the end of its time. */
static int64_t enough_of(const struct counting *c, const struct claim *claim)
{
    int64_t whole = claim->plan != NULL ? claim->upto : claim->promise->minor;

    if (claim->plan != NULL && claim->last)
        return whole;
    return whole - (whole / 10000 * c->a->tolerance_bp +
                    whole % 10000 * c->a->tolerance_bp / 10000);
}

/* Which plans have defaulted by the beginning of this day, with the money of the days before. */
static void find_defaults(struct counting *c, struct day day)
{
    for (size_t i = 0; i < c->a->plan_count; i++) {
        struct account *plan = &c->accounts[i];
        for (size_t k = 0; k < plan->claim_count && plan->default_day.number > day.number; k++) {
            struct day last = plus(time_of(c, plan->claims[k]), plan->plan->cure_days);
            if (last.number < day.number && plan->paid < enough_of(c, plan->claims[k]))
                plan->default_day = plus(last, 1);
        }
    }
}

static bool may_take(const struct counting *c, const struct claim *claim,
                     const struct agreed_money *m)
{
    const struct promise *p = claim->promise;
    const struct payment_plan *plan = claim->plan != NULL ? claim->plan->plan : NULL;
    int32_t made = p->plan != 0 ? p->plan : p->number;

    if (p->currency != m->currency || claim->covered >= p->minor ||
        m->day.number < p->made_day.number ||
        (m->day.number == p->made_day.number && m->number < made))
        return false;
    if (plan == NULL)
        return m->day.number <= time_of(c, claim).number;
    return m->day.number < claim->plan->default_day.number &&
           (m->debt == 0 || debts_cover(plan->debts, m->debt));
}

/* Takes of *left what it claims. */
static void take(const struct counting *c, struct claim *claim, struct day day, int64_t *left)
{
    struct account *plan = claim->plan;
    int64_t part = claim->promise->minor - claim->covered;

    part = part < *left ? part : *left;
    *left -= part;
    claim->covered += part;
    if (claim->covered == claim->promise->minor)
        claim->full_day = day;
    if (plan == NULL) {
        claim->in_time = claim->covered;
        return;
    }
    plan->paid += part;
    if (plan->paid == plan->sum)
        plan->paid_day = day;
    for (size_t i = 0; i < plan->claim_count; i++) {
        if (day.number <= time_of(c, plan->claims[i]).number)
            plan->claims[i]->in_time = plan->paid;
    }
}

/* What is left over serves a settlement that was not made void by its default. */
static void take_late(struct counting *c, const struct agreed_money *m, int64_t left)
{
    for (size_t i = 0; i < c->a->plan_count && left > 0; i++) {
        struct account *plan = &c->accounts[i];
        if (plan->default_day.number > m->day.number || plan->plan->currency != m->currency ||
            (m->debt != 0 && !debts_cover(plan->plan->debts, m->debt)))
            continue;
        int64_t part = plan->sum - plan->paid - plan->late;
        part = part < left ? part : left;
        plan->late += part;
        left -= part;
        if (part > 0 && plan->paid + plan->late == plan->sum)
            plan->late_day = m->day;
    }
}

static void count(struct counting *c)
{
    struct agreement *a = c->a;
    struct agreed_money spare;

    sort_by(a->money, a->money_count, sizeof spare, &spare, money_after);
    for (size_t i = 0; i < a->money_count; i++) {
        const struct agreed_money *m = &a->money[i];
        int64_t left = m->minor;
        find_defaults(c, m->day);
        for (size_t k = 0; k < c->claim_count && left > 0; k++) {
            if (may_take(c, &c->claims[k], m))
                take(c, &c->claims[k], m->day, &left);
        }
        take_late(c, m, left);
    }
    find_defaults(c, plus(a->ended, 1));
}

/* ---- What follows ---- */

static struct day cleared(const struct counting *c, enum currency currency,
                          struct debt_set debts)
{
    if (c->a->cleared == NULL)
        return DAY_NEVER;
    return c->a->cleared(c->a->context, currency, debts);
}

static void conclude(struct promise *p, enum promise_state state, struct day day)
{
    if (p->state == state && state == PROMISE_OPEN)
        return;
    p->state = state;
    p->state_day = day;
}

/* `over`: from this day on nothing is waited for any more. */
static void settle_claim(const struct counting *c, const struct claim *claim, struct day over)
{
    struct promise *p = claim->promise;
    struct day time = time_of(c, claim), after = plus(time, 1);
    int64_t whole = claim->plan != NULL ? claim->upto : p->minor;

    if (claim->in_time >= whole)
        conclude(p, PROMISE_KEPT, claim->full_day);
    else if (over.number <= time.number && over.number <= c->a->ended.number + 1)
        conclude(p, PROMISE_WITHDRAWN, over);
    else if (time.number > c->a->ended.number)
        conclude(p, PROMISE_OPEN, p->made_day);
    else if (claim->in_time >= enough_of(c, claim))
        conclude(p, PROMISE_KEPT, after);
    else
        conclude(p, claim->in_time > claim->before ? PROMISE_PARTLY_KEPT : PROMISE_BROKEN,
                 after);
}

/* A promise of more than was owed in the end is kept by what came. */
static void settle_alone(const struct counting *c, const struct claim *claim)
{
    struct promise *p = claim->promise;
    struct day over = cleared(c, p->currency, (struct debt_set){ 0, NULL });

    if (over.number <= time_of(c, claim).number && claim->in_time > 0 &&
        claim->in_time < p->minor)
        conclude(p, PROMISE_KEPT, over);
    else
        settle_claim(c, claim, over);
}

static void plan_becomes(struct payment_plan *plan, enum plan_state state, struct day day)
{
    bool same = plan->state == state;

    if (same && (state == PLAN_ACTIVE || state == PLAN_PAUSED))
        return;
    plan->state = state;
    plan->state_day = day;
}

static void settle_plan(const struct counting *c, struct account *account)
{
    struct payment_plan *plan = account->plan;
    struct day today = plus(c->a->ended, 1), over = account->default_day;
    struct day clear = account->paid == account->sum ? DAY_NEVER
                                                     : cleared(c, plan->currency, plan->debts);

    if (clear.number < over.number)
        over = clear;
    if (account->paid == account->sum)
        plan_becomes(plan, PLAN_COMPLETED, account->paid_day);
    else if (clear.number == over.number && clear.number < DAY_NEVER.number)
        plan_becomes(plan, PLAN_COMPLETED, clear);
    else if (over.number < DAY_NEVER.number)
        plan_becomes(plan, PLAN_DEFAULTED, over);
    else if (plan->state != PLAN_PAUSED || plan->resumes_day.number <= today.number)
        plan_becomes(plan, PLAN_ACTIVE, plan->state == PLAN_PAUSED ? plan->resumes_day : today);
    for (size_t i = 0; i < account->claim_count; i++)
        settle_claim(c, account->claims[i], over);
}

void agreement_settle(struct agreement *a, struct arena *arena)
{
    struct counting c = { .a = a };

    gather(&c, arena);
    count(&c);
    for (size_t i = 0; i < c.claim_count; i++) {
        if (c.claims[i].plan == NULL && !c.claims[i].frozen)
            settle_alone(&c, &c.claims[i]);
    }
    for (size_t i = 0; i < a->plan_count; i++) {
        settle_plan(&c, &c.accounts[i]);
        if (a->paid != NULL)
            a->paid[i] = (struct plan_money){ c.accounts[i].paid + c.accounts[i].late,
                                              c.accounts[i].late > 0 ? c.accounts[i].late_day
                                                                     : c.accounts[i].paid_day };
    }
}

/* ---- When to look again ---- */

static void soonest(struct day day, struct day ended, struct day *best)
{
    if (day.number > ended.number + 1 && day.number < best->number)
        *best = day;
}

static const struct payment_plan *plan_of(const struct casefile *c, int32_t number)
{
    for (size_t i = 0; i < c->plan_count; i++) {
        if (c->plans[i].number == number)
            return &c->plans[i];
    }
    return NULL;
}

struct day agreement_next(const struct casefile *c, struct day ended, int grace_days)
{
    struct day best = DAY_NEVER;

    for (size_t i = 0; i < c->promise_count; i++) {
        const struct promise *p = &c->promises[i];
        const struct payment_plan *plan = plan_of(c, p->plan);
        struct day after = plus(p->due_day, grace_days + 1);
        if (p->state == PROMISE_OPEN)
            soonest(after, ended, &best);
        if (plan == NULL || !plan_stands(plan) || p->item == 0 || p->state == PROMISE_WITHDRAWN)
            continue;
        soonest(plus(after, plan->cure_days), ended, &best);
        if (plan->autopay != NULL && p->state == PROMISE_OPEN) {
            soonest(plus(p->due_day, -plan->notice_days), ended, &best);
            soonest(p->due_day, ended, &best);
        }
    }
    for (size_t i = 0; i < c->plan_count; i++) {
        if (c->plans[i].state == PLAN_PAUSED)
            soonest(c->plans[i].resumes_day, ended, &best);
    }
    for (size_t i = 0; i < c->offer_count; i++) {
        if (c->offers[i].state == OFFER_OPEN || c->offers[i].state == OFFER_WAITING_APPROVAL)
            soonest(plus(c->offers[i].expires_day, 1), ended, &best);
    }
    return best;
}

#include "flow/offer.h"

#include "flow/book_parts.h"
#include "flow/file_check.h"
#include "flow/granting.h"
#include "flow/movements.h"
#include "domain/agreement.h"

#include <string.h>

enum { CURE_DAYS = 10, TAXED_MINOR = 60000, PAYMENTS_MOST = 240 };

static const char *const residuals[] = { "forgiven", "fees_waived", "still_owed" };

const char *residual_name(enum residual residual)
{
    return residuals[residual];
}

/* ---- Reading ---- */

static void offer_read(struct query *q, struct arena *a, const struct zone *zone,
                       struct held_offer *out)
{
    *out = (struct held_offer){ .number = (int32_t)row_int(q, 0),
                                .answers = (int32_t)row_int(q, 1),
                                .by_debtor = text_equal(row_text(q, 2), "debtor"),
                                .state_day = { (int32_t)row_int(q, 4) },
                                .currency = (enum currency)row_int(q, 5),
                                .balance_minor = row_int(q, 6),
                                .minor = row_int(q, 7),
                                .down_minor = row_int(q, 8),
                                .instalments = (int)row_int(q, 9),
                                .schedule = row_copy(q, 10, a),
                                .first_day = { (int32_t)row_int(q, 11) },
                                .expires_day = { (int32_t)row_int(q, 12) },
                                .debts = debt_set_parse(a, row_text(q, 13)),
                                .void_on_default = row_int(q, 15) != 0,
                                .plan = (int32_t)row_int(q, 16),
                                .author = row_copy(q, 17, a),
                                .role = row_copy(q, 18, a),
                                .approver = row_copy(q, 19, a),
                                .reason = row_copy(q, 20, a) };
    offer_state_parse(row_text(q, 3), &out->state);
    for (size_t i = 0; i < COUNT(residuals); i++) {
        if (text_equal(row_text(q, 14), residuals[i]))
            out->residual = (enum residual)i;
    }
    out->made_day = wall_at((struct instant){ row_int(q, 21) }, zone).day;
}

bool offer_get(struct store *s, struct arena *a, struct casefile_key key, int32_t number,
               const struct zone *zone, struct held_offer *out, struct fault *why)
{
    struct query q = query_begin(s, Q_OFFER_GET);

    *out = (struct held_offer){ 0 };
    bind_key(&q, key);
    bind_int(&q, number);
    if (query_next(&q))
        offer_read(&q, a, zone, out);
    if (!query_end(&q, why))
        return false;
    return out->number != 0 ||
           fail(why, NOT_FOUND, "There is no offer %d of this account.", (int)number);
}

bool offer_open(struct book *b, struct casefile_key key, enum currency currency,
                struct debt_set debts, struct money *open, int64_t *fees, struct fault *why)
{
    struct granting g;

    if (!granting_load(b, key, currency, debts, &g, why))
        return false;
    *open = g.open;
    *fees = g.parts.open[COMPONENT_FEES];
    return true;
}

bool offer_amount(struct book *b, struct casefile_key key, struct offer_input *in,
                  int64_t percent, struct fault *why)
{
    struct money open;
    int64_t fees;

    if (!offer_open(b, key, in->currency, in->debts, &open, &fees, why))
        return false;
    if (in->residual == RESIDUAL_FEES_WAIVED) {
        in->minor = open.minor - fees;
        return true;
    }
    if (percent < 1 || percent > 99)
        return fail(why, BAD_VALUE, "An offer needs an amount, or how much of what is open is let "
                                    "off: 1 to 99 percent.");
    in->minor = open.minor - open.minor / 100 * percent - open.minor % 100 * percent / 100;
    return true;
}

bool offer_standing(struct store *s, struct casefile_key key, int32_t *number,
                    struct fault *why)
{
    struct query q = query_begin(s, Q_OFFER_STANDING);

    bind_key(&q, key);
    *number = query_next(&q) ? (int32_t)row_int(&q, 0) : 0;
    if (!query_end(&q, why))
        return false;
    return *number != 0 || fail(why, NOT_FOUND, "No offer of this account is open.");
}

int64_t offer_forgiven(const struct held_offer *o)
{
    return o->residual == RESIDUAL_FORGIVEN ? o->balance_minor - o->minor : 0;
}

bool offer_is_taxed(const struct held_offer *o)
{
    return o->currency == CURRENCY_USD && offer_forgiven(o) >= TAXED_MINOR;
}

/* ---- How it is paid ---- */

static bool split_of(const struct held_offer *o, struct split *split, struct fault *why)
{
    return split_evenly(money_of(o->minor, o->currency), o->down_minor, o->instalments, split) ||
           fail(why, BAD_VALUE, "So much cannot be paid in %d payments.", o->instalments);
}

bool offer_items(const struct held_offer *o, struct arena *a, struct plan_item **items,
                 size_t *count, struct fault *why)
{
    struct closed_days open = { NULL, NULL };
    struct schedule schedule;
    struct split split;
    int down = o->down_minor > 0;

    *count = 0;
    if (!split_of(o, &split, why))
        return false;
    *items = arena_array(a, struct plan_item, (size_t)o->instalments + 1);
    if (o->schedule == NULL && o->instalments + down > 1)
        return fail(why, BAD_VALUE, "Several payments need a schedule.");
    if (o->schedule != NULL && !schedule_parse(o->schedule, &schedule, why))
        return false;
    if (down)
        (*items)[(*count)++] = (struct plan_item){ o->first_day, o->down_minor };
    for (int i = 0; i < o->instalments; i++) {
        struct day day = o->schedule == NULL
                             ? o->first_day
                             : schedule_date(&schedule, o->first_day, i + down, open);
        if (day.number >= DAY_NEVER.number)
            return fail(why, BAD_VALUE, "The schedule has fewer days than payments.");
        (*items)[(*count)++] = (struct plan_item){ day, split_part(&split, i) };
    }
    return true;
}

/* ---- What may be granted ---- */

static bool proposal_of(struct arena *a, const struct held_offer *o, const struct granting *g,
                        struct proposal *p, struct fault *why)
{
    struct plan_item *items;
    size_t count;

    if (!offer_items(o, a, &items, &count, why))
        return false;
    struct day *days = arena_array(a, struct day, count);
    int64_t *minors = arena_array(a, int64_t, count);
    for (size_t i = 0; i < count; i++) {
        days[i] = items[i].day;
        minors[i] = items[i].minor;
    }
    *p = (struct proposal){ .open = g->open };
    if (count > 1)
        granting_proposal(g, count, days, minors, o->down_minor > 0, p);
    p->settlement_days = days[count - 1].number - g->today.number;
    p->offer_days = o->expires_day.number - g->today.number;
    if (o->residual == RESIDUAL_FORGIVEN && g->open.minor > o->minor)
        p->discount_minor = g->open.minor - o->minor;
    if (o->residual == RESIDUAL_FEES_WAIVED)
        p->waive_fees = g->parts.open[COMPONENT_FEES];
    return true;
}

bool offer_ask(struct book *b, struct casefile_key key, const struct held_offer *o,
               const char *role, struct offer_ruling *ruling, struct fault *why)
{
    struct authority_answer answer;
    struct granting g;
    struct proposal p;
    size_t place;

    if (!granting_load(b, key, o->currency, o->debts, &g, why) ||
        !granting_role(&g, role, &place, why) || !proposal_of(&b->arena, o, &g, &p, why) ||
        !granting_check(&g, place, &p, &answer, why))
        return false;
    if (answer.ruling == AUTHORITY_APPROVAL) {
        ruling->state = OFFER_WAITING_APPROVAL;
        ruling->words = answer.why;
    }
    ruling->source = answer.source;
    return true;
}

bool offer_why(struct store *s, struct arena *a, struct instant now, const struct zone *zone,
               struct casefile_key key, const struct held_offer *o,
               struct authority_answer *out, struct fault *why)
{
    struct granting g;
    struct proposal p;
    size_t place;

    if (!granting_read(s, a, (struct moment){ now, zone }, key, o->currency, o->debts, &g, why) ||
        !granting_role(&g, o->role != NULL ? o->role : "", &place, why) ||
        !proposal_of(a, o, &g, &p, why))
        return false;
    *out = authority_check(g.rules, place, g.facts, &p, a);
    return true;
}

/* ---- Writing ---- */

static bool offer_record(struct book *b, struct casefile_key key, const struct held_offer *o,
                         const char *change, const char *author, const char *reason,
                         struct fault *why)
{
    struct json_writer w = book_record_begin(b);
    char text[MONEY_TEXT];

    json_int_at(&w, "offer", o->number);
    json_text_at(&w, "change", change);
    json_text_at(&w, "state", offer_state_name(o->state));
    json_text_at(&w, "amount", money_print(money_of(o->minor, o->currency), text));
    json_text_at(&w, "currency", currency_code(o->currency));
    if (o->plan != 0)
        json_int_at(&w, "plan", o->plan);
    if (author != NULL)
        json_text_at(&w, "author", author);
    if (reason != NULL)
        json_text_at(&w, "reason", reason);
    return book_record_end(b, &w, key, "offer", why);
}

static bool offer_write(struct book *b, struct casefile_key key, const struct held_offer *o,
                        const char *change, const struct offer_act *act, struct fault *why)
{
    struct open_file f;

    if (!book_file_load(b, key, &f, why))
        return false;
    struct query q = query_begin(b->store, Q_OFFER_CHANGE);
    bind_text(&q, offer_state_name(o->state));
    bind_int(&q, o->state_day.number);
    bind_int(&q, o->plan);
    bind_text(&q, o->author);
    bind_text(&q, o->role);
    bind_text(&q, o->approver);
    bind_key(&q, key);
    bind_int(&q, o->number);
    return query_run(&q, why) &&
           offer_record(b, key, o, change, act->author, act->reason, why) &&
           book_file_wake(b, &f);
}

static bool offer_insert(struct book *b, struct open_file *f, const struct held_offer *o,
                         struct fault *why)
{
    struct query q = query_begin(b->store, Q_OFFER_ADD);

    bind_key(&q, f->key);
    bind_int(&q, o->number);
    bind_int(&q, o->answers);
    bind_text(&q, o->by_debtor ? "debtor" : "collector");
    bind_text(&q, offer_state_name(o->state));
    bind_int(&q, o->state_day.number);
    bind_int(&q, o->currency);
    bind_int(&q, o->balance_minor);
    bind_int(&q, o->minor);
    bind_int(&q, o->down_minor);
    bind_int(&q, o->instalments);
    bind_text(&q, o->schedule);
    bind_int(&q, o->first_day.number);
    bind_int(&q, o->expires_day.number);
    bind_text(&q, o->debts.count > 0 ? debt_set_print(&b->arena, o->debts) : NULL);
    bind_text(&q, residual_name(o->residual));
    bind_int(&q, o->void_on_default);
    bind_text(&q, o->author);
    bind_text(&q, o->role);
    bind_text(&q, o->reason);
    bind_int(&q, b->now.us);
    return query_run(&q, why) && book_file_wake(b, f);
}

/* ---- A new offer ---- */

static struct held_offer offer_of(const struct book *b, const struct offer_input *in)
{
    return (struct held_offer){ .answers = in->answers,
                                .by_debtor = in->by_debtor,
                                .state = OFFER_OPEN,
                                .state_day = book_today(b),
                                .currency = in->currency,
                                .minor = in->minor,
                                .down_minor = in->down_minor,
                                .instalments = in->instalments > 0 ? in->instalments : 1,
                                .schedule = in->schedule,
                                .first_day = in->first_day,
                                .expires_day = in->expires_day,
                                .debts = in->debts,
                                .residual = in->residual,
                                .void_on_default = in->void_on_default,
                                .author = in->author,
                                .role = in->role,
                                .reason = in->reason };
}

static bool makes_sense(const struct book *b, const struct held_offer *o, struct fault *why)
{
    struct day today = book_today(b);

    if (o->minor <= 0 || o->minor > o->balance_minor)
        return fail(why, BAD_VALUE, "An offer is of more than nothing, and no more than what is "
                                    "open.");
    if (o->residual == RESIDUAL_FORGIVEN && o->minor == o->balance_minor)
        return fail(why, BAD_VALUE, "An offer of all that is open leaves nothing to forgive.");
    if (o->expires_day.number < today.number || o->first_day.number < today.number)
        return fail(why, BAD_VALUE, "An offer stands until today at least, and is paid later.");
    if (o->instalments > PAYMENTS_MOST || o->down_minor < 0 || o->down_minor >= o->minor)
        return fail(why, BAD_VALUE, "A first payment leaves something to pay, in at most %d more.",
                    PAYMENTS_MOST);
    return true;
}

/* The offer that this one answers. */
static bool counter(struct book *b, struct casefile_key key, const struct held_offer *o,
                    struct fault *why)
{
    const struct offer_act act = { .author = o->author };
    struct held_offer old;

    if (o->answers == 0)
        return true;
    if (!offer_get(b->store, &b->arena, key, o->answers, b->zone, &old, why))
        return false;
    if (old.state != OFFER_OPEN && old.state != OFFER_WAITING_APPROVAL)
        return fail(why, CONFLICT, "Offer %d is %s already.", (int)old.number,
                    offer_state_name(old.state));
    if (old.by_debtor == o->by_debtor)
        return fail(why, BAD_VALUE, "An offer is countered by the other side.");
    old.state = OFFER_COUNTERED;
    old.state_day = book_today(b);
    return offer_write(b, key, &old, "countered", &act, why);
}

static bool same_offer(struct book *b, struct casefile_key key, int32_t number,
                       const struct offer_input *in, bool *same, struct offer_ruling *ruling,
                       struct fault *why)
{
    struct held_offer old;

    if (!offer_get(b->store, &b->arena, key, number, b->zone, &old, why))
        return false;
    *same = old.minor == in->minor && old.currency == in->currency &&
            old.by_debtor == in->by_debtor && old.residual == in->residual &&
            old.first_day.number == in->first_day.number;
    ruling->state = old.state;
    ruling->plan = old.plan;
    return true;
}

bool book_offer_add(struct book *b, struct casefile_key key, const char *once,
                    const struct offer_input *in, int32_t *number, enum change *change,
                    struct offer_ruling *ruling, struct fault *why)
{
    struct held_offer o = offer_of(b, in);
    struct granting g;
    struct open_file f;
    bool same = false;

    *change = CHANGE_NONE;
    *ruling = (struct offer_ruling){ .state = OFFER_OPEN };
    if (!book_key_find(b, key, once, number, why))
        return false;
    if (*number != 0)
        return same_offer(b, key, *number, in, &same, ruling, why) &&
               (same || book_key_taken(once, why));
    if (!file_check_stands(b, key, why) ||
        !granting_load(b, key, in->currency, in->debts, &g, why))
        return false;
    o.balance_minor = g.open.minor;
    struct plan_item *items;
    size_t count;
    if (!makes_sense(b, &o, why) || !offer_items(&o, &b->arena, &items, &count, why) ||
        !counter(b, key, &o, why) || (!o.by_debtor && !offer_ask(b, key, &o, in->role, ruling, why)) ||
        !book_file_load(b, key, &f, why))
        return false;
    o.state = ruling->state;
    *number = o.number = ++f.last_no;
    *change = CHANGE_ADDED;
    return offer_insert(b, &f, &o, why) &&
           offer_record(b, key, &o, "made", o.author, o.reason, why) &&
           book_key_put(b, key, once, *number, why);
}

/* ---- Yes and no ---- */

static bool make_plan(struct book *b, struct casefile_key key, struct held_offer *o,
                      const struct offer_act *act, struct fault *why)
{
    struct plan_input in = { .currency = o->currency,
                             .debts = o->debts,
                             .schedule = o->schedule,
                             .interest_frozen = true,
                             .cure_days = o->instalments > 1 ? CURE_DAYS : 0,
                             .agreed_by = act->channel,
                             .evidence = act->evidence,
                             .author = act->author,
                             .reason = act->reason,
                             .offer = o->number };
    struct plan_item *items;
    char day[DAY_TEXT];
    enum change change;

    if (!offer_items(o, &b->arena, &items, &in.item_count, why))
        return false;
    in.items = items;
    if (in.schedule == NULL)
        in.schedule = arena_copy(&b->arena, day_print(o->first_day, day));
    return book_plan_add(b, key, NULL, &in, &o->plan, &change, why);
}

static bool accepted(struct book *b, struct casefile_key key, struct held_offer *o,
                     const struct offer_act *act, struct offer_ruling *ruling,
                     struct fault *why)
{
    o->state = ruling->state = OFFER_ACCEPTED;
    o->state_day = book_today(b);
    if (o->first_day.number < book_today(b).number)
        return fail(why, CONFLICT, "Its first payment was due before today: make a new offer.");
    if (!make_plan(b, key, o, act, why))
        return false;
    ruling->plan = o->plan;
    return offer_write(b, key, o, "accepted", act, why);
}

/* Open, and its last day is not over. */
static bool may_answer(struct book *b, const struct held_offer *o, struct fault *why)
{
    if (o->state != OFFER_OPEN)
        return fail(why, CONFLICT, "Offer %d is %s.", (int)o->number,
                    offer_state_name(o->state));
    return o->expires_day.number >= book_today(b).number ||
           fail(why, CONFLICT, "Offer %d has expired.", (int)o->number);
}

bool book_offer_accept(struct book *b, struct casefile_key key, int32_t number,
                       const struct offer_act *act, struct offer_ruling *ruling,
                       struct fault *why)
{
    struct held_offer o;

    *ruling = (struct offer_ruling){ .state = OFFER_ACCEPTED };
    if (!offer_get(b->store, &b->arena, key, number, b->zone, &o, why))
        return false;
    if (o.state == OFFER_ACCEPTED) {
        ruling->plan = o.plan;
        return true;
    }
    if (!may_answer(b, &o, why) || (o.by_debtor && !offer_ask(b, key, &o, act->role, ruling, why)))
        return false;
    if (ruling->state != OFFER_WAITING_APPROVAL)
        return accepted(b, key, &o, act, ruling, why);
    o.state = OFFER_WAITING_APPROVAL;
    o.state_day = book_today(b);
    o.author = act->author; /* who said yes, and may not approve it */
    o.role = act->role;
    return offer_write(b, key, &o, "waiting_approval", act, why);
}

static bool approve_within(struct book *b, struct casefile_key key, const struct held_offer *o,
                           const struct offer_act *act, struct fault *why)
{
    struct granting g;
    struct proposal p;
    size_t role;

    return file_check_stands(b, key, why) &&
           granting_load(b, key, o->currency, o->debts, &g, why) &&
           granting_role(&g, act->role, &role, why) && proposal_of(&b->arena, o, &g, &p, why) &&
           authority_may_approve(g.rules, o->author != NULL ? o->author : "", act->author, role,
                                 g.facts, &p, &b->arena, why);
}

bool book_offer_approve(struct book *b, struct casefile_key key, int32_t number,
                        const struct offer_act *act, struct offer_ruling *ruling,
                        struct fault *why)
{
    struct held_offer o;

    *ruling = (struct offer_ruling){ .state = OFFER_OPEN };
    if (!offer_get(b->store, &b->arena, key, number, b->zone, &o, why))
        return false;
    ruling->plan = o.plan;
    if (o.approver != NULL && text_equal(o.approver, act->author)) {
        ruling->state = o.state;
        return true;
    }
    if (o.state != OFFER_WAITING_APPROVAL)
        return fail(why, CONFLICT, "Offer %d does not wait for approval: it is %s.",
                    (int)number, offer_state_name(o.state));
    if (o.expires_day.number < book_today(b).number)
        return fail(why, CONFLICT, "Offer %d has expired.", (int)number);
    if (!approve_within(b, key, &o, act, why))
        return false;
    o.approver = act->author;
    o.state_day = book_today(b);
    if (o.by_debtor)
        return accepted(b, key, &o, act, ruling, why);
    o.state = OFFER_OPEN;
    return offer_write(b, key, &o, "approved", act, why);
}

bool book_offer_end(struct book *b, struct casefile_key key, int32_t number,
                    enum offer_state state, const struct offer_act *act, struct fault *why)
{
    struct held_offer o;

    if (!offer_get(b->store, &b->arena, key, number, b->zone, &o, why))
        return false;
    if (o.state == state)
        return true;
    if (o.state != OFFER_OPEN && o.state != OFFER_WAITING_APPROVAL)
        return fail(why, CONFLICT, "Offer %d is %s already.", (int)number,
                    offer_state_name(o.state));
    o.state = state;
    o.state_day = book_today(b);
    return offer_write(b, key, &o, offer_state_name(state), act, why);
}

/* ---- What follows for the money ---- */

/* What is open of one debt by the books of that day: all of it, or its fees. */
static bool rest_of(const struct ledger_books *books, int32_t debt, struct day day,
                    enum residual residual, int64_t *minor, struct fault *why)
{
    *minor = 0;
    for (size_t i = 0; i < books->state.slice_count; i++) {
        const struct ledger_slice *slice = &books->state.slices[i];
        struct ledger_balance balance;
        if (slice->debt != debt)
            continue;
        if (!ledger_slice_balance(&books->state, slice, day, &balance, why))
            return false;
        *minor += residual == RESIDUAL_FORGIVEN ? balance_total(&balance)
                                                : balance.open[COMPONENT_FEES];
    }
    return true;
}

static bool forgive_debt(struct book *b, struct casefile_key key, const struct held_offer *o,
                         int32_t debt, int64_t minor, struct day day, struct fault *why)
{
    bool fees = o->residual == RESIDUAL_FEES_WAIVED;
    const char *origin = arena_print(&b->arena, "offer %d", (int)o->number);
    struct move_input m = { .is = { .kind = fees ? MOVEMENT_WAIVE : MOVEMENT_SETTLE,
                                    .day = day,
                                    .due = DAY_NONE,
                                    .debt = debt,
                                    .component = fees ? COMPONENT_FEES : COMPONENT_COUNT,
                                    .currency = o->currency,
                                    .minor = minor,
                                    .reference = origin },
                            .origin = origin,
                            .reason = o->reason,
                            .author = o->approver != NULL ? o->approver : o->author };

    return book_move_add(b, key, &m, why);
}

bool book_offer_forgive(struct book *b, struct casefile_key key, int32_t number, struct day day,
                        struct fault *why)
{
    struct ledger_books books;
    struct held_offer o;
    int32_t done = 0;

    if (!offer_get(b->store, &b->arena, key, number, b->zone, &o, why))
        return false;
    if (o.residual == RESIDUAL_STILL_OWED)
        return true;
    if (!book_offer_unforgive(b, key, number, why) ||
        !books_as_of(b->store, &b->arena, key, day, INSTANT_NEVER, &books, why))
        return false;
    for (size_t i = 0; i < books.state.slice_count; i++) {
        const struct ledger_slice *slice = &books.state.slices[i];
        int64_t rest;
        if (slice->debt == done || slice->currency != o.currency ||
            !debts_cover(o.debts, slice->debt))
            continue;
        done = slice->debt;
        if (!rest_of(&books, done, day, o.residual, &rest, why) ||
            (rest > 0 && !forgive_debt(b, key, &o, done, rest, day, why)))
            return false;
    }
    return true;
}

bool book_offer_unforgive(struct book *b, struct casefile_key key, int32_t number,
                          struct fault *why)
{
    struct open_file f;

    return book_file_load(b, key, &f, why) &&
           book_moves_end(b, &f, arena_print(&b->arena, "offer %d", (int)number), why);
}

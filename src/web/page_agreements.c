/* Money that came, what was agreed, is offered, or is contested. */
#include "base/text.h"
#include "domain/agreement.h"
#include "web/page_parts.h"

static void state_put(struct page *p, json_t *row, struct state_words state)
{
    put(row, "state", words_plain(p->arena, state.title));
    put_true(row, "is_ok", text_equal(state.tone, "ok"));
    put_true(row, "is_info", text_equal(state.tone, "info"));
    put_true(row, "is_warn", text_equal(state.tone, "warn"));
}

/* An instalment that is due and open says that it is late, before its time is over. */
static struct state_words item_state(const struct page *p, const struct held_item *item)
{
    if (item->state == PROMISE_OPEN && item->due_day.number < p->view->today.number)
        return (struct state_words){ "late", "warn" };
    return words_agreement(promise_state_name(item->state));
}

static void items_put(struct page *p, json_t *row, const struct held_plan *plan)
{
    json_t *list = put_list(row, "items");
    int kept = 0;

    for (size_t i = 0; i < plan->item_count; i++) {
        const struct held_item *item = &plan->items[i];
        json_t *line = list_add(list);
        put(line, "amount", words_money(p->arena, item->minor, plan->is.currency));
        put(line, "due", words_day(p->arena, item->due_day));
        state_put(p, line, item_state(p, item));
        kept += item->state == PROMISE_KEPT;
    }
    put(row, "progress", arena_print(p->arena, "%d of %d paid", kept, (int)plan->item_count));
}

static void plans_put(struct page *p, const struct casefile_view *m)
{
    json_t *list = put_list(p->context, "plans");

    for (size_t i = 0; i < m->plan_count; i++) {
        const struct held_plan *plan = &m->plans[i];
        json_t *row = list_add(list);
        put_int(row, "number", plan->is.number);
        put(row, "total", words_money(p->arena, plan->is.total_minor, plan->is.currency));
        put(row, "made", words_day(p->arena, plan->is.made_day));
        put(row, "interest",
            !plan->is.interest_frozen ? "interest runs on"
            : plan_stands(&plan->is)  ? "no interest while it stands"
                                      : "no interest while it stood");
        if (plan->is.offer != 0)
            put(row, "offer", arena_print(p->arena, "pays offer %d", (int)plan->is.offer));
        state_put(p, row, words_agreement(plan_state_name(plan->is.state)));
        items_put(p, row, plan);
    }
    put_true(p->context, "any_plans", m->plan_count > 0);
}

static const char *residual_words(struct page *p, const struct held_offer *o)
{
    switch (o->residual) {
    case RESIDUAL_FORGIVEN:
        return arena_print(p->arena, "%s forgiven",
                           words_money(p->arena, offer_forgiven(o), o->currency));
    case RESIDUAL_FEES_WAIVED:
        return "fees are let go";
    case RESIDUAL_STILL_OWED:
        return "the rest stays owed";
    }
    return "";
}

static void offers_put(struct page *p, const struct casefile_view *m)
{
    json_t *list = put_list(p->context, "offers");

    for (size_t i = 0; i < m->offer_count; i++) {
        const struct held_offer *o = &m->offers[i];
        json_t *row = list_add(list);
        put_int(row, "number", o->number);
        put(row, "amount", words_money(p->arena, o->minor, o->currency));
        put(row, "whole", words_money(p->arena, o->balance_minor, o->currency));
        put(row, "residual", residual_words(p, o));
        put(row, "side", o->by_debtor ? "by them" : "by us");
        put(row, "made", words_day(p->arena, o->made_day));
        put(row, "expires", words_day(p->arena, o->expires_day));
        put(row, "approver", o->approver);
        if (o->instalments > 1)
            put(row, "payments", arena_print(p->arena, "in %d payments", o->instalments));
        state_put(p, row, words_agreement(offer_state_name(o->state)));
    }
    put_true(p->context, "any_offers", m->offer_count > 0);
}

static const char *debt_reference(const struct casefile_view *f, int32_t debt)
{
    for (size_t i = 0; i < f->debt_count; i++) {
        if (f->debts[i].debt == debt)
            return f->debts[i].reference;
    }
    return "all debts";
}

static void disputes_put(struct page *p, const struct casefile_view *f)
{
    json_t *list = put_list(p->context, "disputes");

    for (size_t i = f->dispute_count; i-- > 0;) {
        const struct dispute *d = &f->disputes[i];
        json_t *row = list_add(list);
        put_int(row, "number", d->number);
        put(row, "what", dispute_is_part(d) ? dispute_words(p->arena, d) : "The whole");
        put(row, "debt", debt_reference(f, d->debt));
        put(row, "reason", words_plain(p->arena, d->reason));
        put(row, "received", words_day(p->arena, d->received));
        if (d->state == DISPUTE_OPEN)
            put(row, "answer_by", words_day(p->arena, d->answer_by));
        state_put(p, row, words_agreement(dispute_state_name(d->state)));
    }
    put_true(p->context, "any_disputes", f->dispute_count > 0);
}

/* ---- Promises and payments ------------------------------------------------------------------
 */

static void promises_put(struct page *p, const struct casefile_money *m)
{
    json_t *list = put_list(p->context, "promises");

    for (size_t i = 0; i < m->promise_count; i++) {
        const struct promise_row *r = &m->promises[i];
        json_t *row = list_add(list);
        put(row, "amount", words_money(p->arena, r->minor, r->currency));
        put(row, "due", words_day_near(p->arena, r->due_day, p->view->today));
        put(row, "made", words_day(p->arena, r->made_day));
        state_put(p, row, words_agreement(r->state));
    }
    put_true(p->context, "any_promises", m->promise_count > 0);
}

static void payments_put(struct page *p, const struct casefile_money *m)
{
    json_t *list = put_list(p->context, "payments");

    for (size_t i = 0; i < m->payment_count; i++) {
        const struct payment_row_view *r = &m->payments[i];
        json_t *row = list_add(list);
        put(row, "day", words_day(p->arena, r->received_day));
        put(row, "reference", r->reference);
        put(row, "one", arena_print(p->arena, "%s/payment/%d",
                                    json_string_value(json_object_get(p->context, "link")),
                                    (int)r->number));
        put(row, "method", words_plain(p->arena, r->method));
        put(row, "amount", words_money(p->arena, r->minor, r->currency));
        put(row, "reason", r->reason);
        put(row, "refunded",
            r->refunded_minor > 0 ? words_money(p->arena, r->refunded_minor, r->currency) : "");
        state_put(p, row, words_payment(r->state));
    }
    put_true(p->context, "any_payments", m->payment_count > 0);
    put_true(p->context, "more_payments", m->more_payments);
}

bool money_put(struct page *p, const struct casefile_view *f, struct fault *why)
{
    struct casefile_money m;

    if (!view_casefile_money(p->view, f, &m, why))
        return false;
    payments_put(p, &m);
    promises_put(p, &m);
    plans_put(p, f);
    offers_put(p, f);
    disputes_put(p, f);
    return true;
}

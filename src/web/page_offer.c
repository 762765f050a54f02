/*
 * An offer is made, or answered by another one: its terms, what they mean, and then the offer.
 * What it means is found out by making it, in a session that is undone.
 */
#include "web/offering.h"

#include "base/text.h"
#include "flow/offer.h"

enum { OFFER_DAYS = 14, FIRST_DAYS = 14 };

static const struct choice sides[] = { { "us", "We offer", NULL },
                                       { "them", "They offer", NULL } };

static const struct choice rests[] = {
    { "forgiven", "The rest is forgiven when all of it is paid", NULL },
    { "fees_waived", "The fees that are open then are waived", NULL },
    { "still_owed", "What is left is still owed", NULL },
};

static const struct choice rhythms[] = { { "month", "every month", NULL },
                                         { "2weeks", "every two weeks", NULL },
                                         { "weekly", "every week", NULL } };

static const char *const term_fields[] = { "by",    "amount", "percent", "rest",    "payments",
                                           "every", "down",   "pay_by",  "until",   "debt",
                                           "stands", "reason", "answers" };

/* ---- What was typed ---- */

static enum residual residual_of(const char *typed)
{
    return text_equal(typed, "fees_waived")  ? RESIDUAL_FEES_WAIVED
           : text_equal(typed, "still_owed") ? RESIDUAL_STILL_OWED
                                             : RESIDUAL_FORGIVEN;
}

static bool amounts_read(struct page *p, struct work *w, struct offer_input *in,
                         struct fault *why)
{
    struct money amount, down;
    int64_t percent, payments;

    if (!work_money(p, "amount", "what is paid in all", in->currency, &amount, why) ||
        !work_money(p, "down", "what is paid first", in->currency, &down, why) ||
        !work_count(p, "percent", "what is let off, in percent,", 1, 99, 0, &percent, why) ||
        !work_count(p, "payments", "the payments", 1, 120, 1, &payments, why))
        return false;
    if (amount.minor > 0 && percent > 0)
        return fail(why, BAD_VALUE, "Enter the amount, or how many percent are let off, not both.");
    in->minor = amount.minor;
    in->down_minor = down.minor;
    in->instalments = (int)payments;
    in->schedule = payments > 1 || down.minor > 0 ? work_typed(p, "every", NULL) : NULL;
    if (in->schedule == NULL && (payments > 1 || down.minor > 0))
        in->schedule = "month";
    return in->minor > 0 || offer_amount(w->book, w->account.key, in, percent, why);
}

/* Who answers an offer is the other side of it. */
static bool side_read(struct page *p, struct work *w, struct offer_input *in, struct fault *why)
{
    struct held_offer old;
    int64_t answers;

    in->by_debtor = work_is(p, "by", "them");
    if (!work_count(p, "answers", "the offer that is answered", 1, INT32_MAX, 0, &answers, why))
        return false;
    if (answers == 0)
        return true;
    in->answers = (int32_t)answers;
    if (!offer_get(w->book->store, &w->book->arena, w->account.key, in->answers, w->book->zone,
                   &old, why))
        return false;
    in->by_debtor = !old.by_debtor;
    return true;
}

static bool offer_read(struct page *p, struct work *w, struct offer_input *in,
                       struct fault *why)
{
    const char *reference = work_typed(p, "debt", NULL);
    int32_t *debt = arena_make(&w->book->arena, int32_t);

    *in = (struct offer_input){ .residual = residual_of(work_typed(p, "rest", NULL)),
                                .void_on_default = work_typed(p, "stands", NULL) == NULL,
                                .author = work_author(p),
                                .reason = work_typed(p, "reason", NULL) };
    if (!work_role(p, &in->role, why) ||
        !account_debt(w->book, &w->account, reference, debt, why) ||
        !account_currency(w->book, &w->account, *debt, &in->currency, why))
        return false;
    if (in->currency == CURRENCY_NONE)
        return fail(why, BAD_VALUE,
                    "They owe in several currencies: choose which debt it is for.");
    in->debts = (struct debt_set){ *debt != 0, debt };
    return side_read(p, w, in, why) && amounts_read(p, w, in, why) &&
           work_day(p, "pay_by", "the day of the payment", day_plus(w->today, FIRST_DAYS),
                    &in->first_day, why) &&
           work_day(p, "until", "the last day of the offer", day_plus(w->today, OFFER_DAYS),
                    &in->expires_day, why);
}

/* ---- What it means ---- */

void offer_put(struct page *p, json_t *object, const struct held_offer *o)
{
    struct arena *x = p->arena;
    struct plan_item *items;
    struct fault none = { 0 };
    size_t count;

    put_int(object, "number", o->number);
    put(object, "amount", words_money(x, o->minor, o->currency));
    put(object, "balance", words_money(x, o->balance_minor, o->currency));
    if (offer_forgiven(o) > 0)
        put(object, "forgiven", words_money(x, offer_forgiven(o), o->currency));
    put_true(object, "waives_fees", o->residual == RESIDUAL_FEES_WAIVED);
    put_true(object, "still_owed", o->residual == RESIDUAL_STILL_OWED);
    put_true(object, "void", o->void_on_default);
    put_true(object, "taxed", offer_is_taxed(o));
    put_true(object, "theirs", o->by_debtor);
    put(object, "first", words_day_near(x, o->first_day, p->view->today));
    put(object, "expires", words_day_near(x, o->expires_day, p->view->today));
    put(object, "made", words_day(x, o->made_day));
    put(object, "author", o->author);
    put(object, "approver", o->approver);
    put(object, "reason", o->reason);
    if (o->answers != 0)
        put_int(object, "answers", o->answers);
    struct state_words state = words_agreement(offer_state_name(o->state));
    put(object, "state", words_plain(x, state.title));
    put(object, "tone", state.tone);
    json_t *rows = put_list(object, "rows");
    if (!offer_items(o, x, &items, &count, &none))
        return;
    for (size_t i = 0; i < count; i++) {
        json_t *row = list_add(rows);
        put_int(row, "item", (json_int_t)i + 1);
        put(row, "day", words_day_near(x, items[i].day, p->view->today));
        put(row, "paid", words_money(x, items[i].minor, o->currency));
    }
    put_int(object, "payments", (json_int_t)count);
    put_true(object, "several", count > 1);
}

void ruling_put(struct page *p, json_t *object, const struct offer_ruling *ruling)
{
    put(object, "needs", ruling->words);
    put(object, "source", ruling->source);
    (void)p;
}

/* Made, looked at, and not kept. */
static bool offer_try(struct page *p, struct fault *why)
{
    struct offer_ruling ruling = { 0 };
    struct offer_input in;
    struct held_offer o;
    enum change change;
    struct work w;
    int32_t number;

    if (!work_again(p, &w, why) || !offer_read(p, &w, &in, why) ||
        !book_offer_add(w.book, w.account.key, NULL, &in, &number, &change, &ruling, why) ||
        !offer_get(w.book->store, p->arena, w.account.key, number, w.book->zone, &o, why))
        return false;
    json_t *offer = put_object(p->context, "offer");
    offer_put(p, offer, &o);
    put_true(offer, "waits", o.state == OFFER_WAITING_APPROVAL);
    ruling_put(p, offer, &ruling);
    p->begun = false;
    book_undo(w.book);
    return true;
}

static void fields_put(struct page *p, const struct casefile_view *f)
{
    static const char *const texts[] = { "amount", "percent", "payments", "down", "reason",
                                         "answers" };

    for (size_t i = 0; i < COUNT(texts); i++)
        work_value(p, texts[i], NULL);
    work_choices(p, "by", sides, COUNT(sides), "us");
    work_choices(p, "rest", rests, COUNT(rests), "forgiven");
    work_choices(p, "every", rhythms, COUNT(rhythms), "month");
    work_day_value(p, "pay_by", day_plus(p->view->today, FIRST_DAYS));
    work_day_value(p, "until", day_plus(p->view->today, OFFER_DAYS));
    work_box(p, "stands", false);
    work_debts(p, f, "");
    work_today(p);
    json_t *terms = put_list(p->context, "terms");
    for (size_t i = 0; i < COUNT(term_fields); i++) {
        const char *value = work_typed(p, term_fields[i], NULL);
        if (value == NULL)
            continue;
        json_t *row = list_add(terms);
        put(row, "name", term_fields[i]);
        put(row, "value", value);
    }
}

bool page_offer(struct page *p, struct fault *why)
{
    const char *answers = work_typed(p, "answers", NULL);
    struct casefile_view f;
    struct fault inner = { 0 };
    int64_t number = 0;

    if (!work_page(p, answers == NULL ? "An offer" : "Answer with another offer", &f, why))
        return false;
    fields_put(p, &f);
    if (answers != NULL && text_to_int(answers, &number)) {
        const struct held_offer *old = offer_of(&f, number);
        if (old != NULL)
            offer_put(p, put_object(p->context, "answered"), old);
    }
    if (work_typed(p, "amount", NULL) == NULL && work_typed(p, "percent", NULL) == NULL &&
        residual_of(work_typed(p, "rest", NULL)) != RESIDUAL_FEES_WAIVED)
        return true;
    if (offer_try(p, &inner))
        return true;
    if (p->begun) {
        p->begun = false;
        book_undo(&p->hand->book);
    }
    if (p->ask->form_count > 0)
        return true;
    json_t *fault = put_object(p->context, "fault");
    put(fault, "text", inner.text);
    put(fault, "hint", "");
    p->stays = 422;
    return true;
}

bool offer_make(struct page *p, struct fault *why)
{
    struct offer_ruling ruling = { 0 };
    struct offer_input in;
    enum change change;
    struct work w;
    int32_t number;

    if (!work_begin(p, &w, why) || !offer_read(p, &w, &in, why) ||
        !book_offer_add(w.book, w.account.key, w.once, &in, &number, &change, &ruling, why))
        return false;
    bool waits = ruling.state == OFFER_WAITING_APPROVAL;
    return work_end_at(&w,
                       waits          ? "On file. It waits for approval."
                       : in.by_debtor ? "Their offer is on file. They wait for an answer."
                                      : "The offer is on file.",
                       work_path(&w, "offer", number, "withdraw"),
                       arena_print(p->arena, "%s/offer/%d", w.here, (int)number), why);
}

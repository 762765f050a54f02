/* What is charged or let go without money: with the clause that allows it, or the reason. */
#include "web/work_pages.h"

#include "base/text.h"
#include "flow/charge_ask.h"

#include <string.h>

enum { ROWS_SHOWN = 30 };

static const struct choice kinds[] = {
    { "charge", "Charge", "A fee, costs or interest, by the clause or law that allows it" },
    { "waive", "Waive", "Let interest, fees or costs go" },
    { "credit", "Credit note", "Goods came back, a price was wrong" },
    { "write_off", "Write off", "Give up what is open: they owe it no more" },
    { "apply", "Use what waits", "Money that waits is put to a debt" },
    { "charge_off", "Book as a loss", "The creditor's books: they still owe it" },
};

static const struct choice components[] = { { "fees", "Fees", NULL },
                                            { "interest", "Interest", NULL },
                                            { "costs", "Costs", NULL } };

/* ---- The page ---- */

static const char *kind_words(struct page *p, enum movement_kind kind)
{
    for (size_t i = 0; i < COUNT(kinds); i++) {
        if (text_equal(kinds[i].value, movement_name(kind)))
            return kinds[i].title;
    }
    return words_plain(p->arena, movement_name(kind));
}

static const char *known(const char *text)
{
    return text_is_empty(text) ? NULL : text;
}

/* One's own, and everybody's for who agrees to those of others. */
static bool may_undo(const struct page *p, const struct charge_row *r)
{
    bool ours = text_is_empty(r->origin) || text_starts(r->origin, "step ") ||
                text_starts(r->origin, "return of ");

    return r->stands && ours && r->kind != MOVEMENT_REFUND && r->kind != MOVEMENT_SETTLE &&
           page_may(p, MAY_PAY) &&
           (text_equal(r->author, work_author(p)) || page_may(p, MAY_APPROVE));
}

static bool rows_put(struct page *p, const struct casefile_view *f, struct fault *why)
{
    json_t *list = put_list(p->context, "charge_rows");
    struct charge_row *rows;
    size_t count;

    if (!charge_history(p->view->store, p->arena, f->casefile->key, &rows, &count, why))
        return false;
    for (size_t i = 0; i < count && i < ROWS_SHOWN; i++) {
        const struct charge_row *r = &rows[i];
        json_t *row = list_add(list);
        put_int(row, "number", r->number);
        put(row, "day", words_day(p->arena, r->day));
        put(row, "what", kind_words(p, r->kind));
        put(row, "part", known(r->component));
        put(row, "debt", known(r->debt));
        put(row, "amount", words_money(p->arena, r->minor, r->currency));
        put(row, "ground", known(r->ground));
        put(row, "reason", known(r->reason));
        put(row, "by", known(r->author));
        put_true(row, "gone", !r->stands);
        put_true(row, "may_undo", may_undo(p, r));
    }
    put_true(p->context, "any_charge_rows", json_array_size(list) > 0);
    return true;
}

bool page_charge(struct page *p, struct fault *why)
{
    static const char *const texts[] = { "amount", "clause", "law", "reason" };
    struct casefile_view f;

    if (!work_page(p, "Charge, or let go", &f, why))
        return false;
    for (size_t i = 0; i < COUNT(texts); i++)
        work_value(p, texts[i], NULL);
    work_day_value(p, "day", p->view->today);
    work_choices(p, "kind", kinds, COUNT(kinds), NULL);
    work_choices(p, "component", components, COUNT(components), "fees");
    work_debts(p, &f, "");
    work_today(p);
    return rows_put(p, &f, why);
}

/* ---- What was typed ---- */

static bool component_read(const struct page *p, struct charge_input *in, struct fault *why)
{
    const char *typed = page_form_or(p, "component", "");

    in->component = COMPONENT_COUNT;
    if (in->kind != MOVEMENT_CHARGE && in->kind != MOVEMENT_WAIVE)
        return true;
    return (component_parse(typed, &in->component) && in->component != COMPONENT_PRINCIPAL) ||
           fail(why, BAD_VALUE, "Choose what it is: fees, interest or costs.");
}

static bool ground_read(const struct page *p, struct charge_input *in, struct fault *why)
{
    bool wants_reason = in->kind == MOVEMENT_WAIVE || in->kind == MOVEMENT_CREDIT ||
                        in->kind == MOVEMENT_WRITE_OFF;

    in->reason = page_form(p, "reason");
    if (wants_reason && in->reason == NULL)
        return fail(why, BAD_VALUE, "Say why in a few words: it stands in the statement.");
    if (in->kind != MOVEMENT_CHARGE)
        return true;
    in->clause = page_form(p, "clause");
    in->law = page_form(p, "law");
    return in->clause != NULL || in->law != NULL ||
           fail(why, BAD_VALUE,
                "Enter the clause of the contract, or the law, that allows it. Without one nothing "
                "is charged.");
}

/* Of several debts, which; of the only one, that. */
static bool debt_read(struct work *w, struct charge_input *in, struct fault *why)
{
    bool needs = in->kind == MOVEMENT_CHARGE || in->kind == MOVEMENT_WAIVE ||
                 in->kind == MOVEMENT_APPLY || in->kind == MOVEMENT_CHARGE_OFF;

    if (!work_debt(w, "debt", &in->debt, &in->currency, why))
        return false;
    return in->debt != 0 || !needs || fail(why, BAD_VALUE, "Choose which debt it is.");
}

static bool charge_typed(struct work *w, struct charge_input *in, struct fault *why)
{
    struct page *p = w->p;
    const char *kind = page_form(p, "kind");
    struct money money;
    bool known_kind = false;

    *in = (struct charge_input){ .author = work_author(p),
                                 .once = w->once,
                                 .whole = true }; /* their authority says how much is small */
    for (size_t i = 0; kind != NULL && i < COUNT(kinds); i++)
        known_kind = known_kind || text_equal(kinds[i].value, kind);
    if (!known_kind || !movement_parse(kind, &in->kind))
        return fail(why, BAD_VALUE, "Choose what is done.");
    if (!component_read(p, in, why) || !debt_read(w, in, why) ||
        !work_money(p, "amount", "the amount", in->currency, &money, why) ||
        !work_day(p, "day", "the day it counts for", w->today, &in->day, why) ||
        !ground_read(p, in, why))
        return false;
    in->minor = money.minor;
    if (money.minor != 0)
        in->currency = money.currency;
    if (in->minor == 0 && (in->kind == MOVEMENT_CHARGE || in->kind == MOVEMENT_CREDIT))
        return fail(why, BAD_VALUE, "Enter the amount, like 45.00.");
    if (in->currency == CURRENCY_NONE)
        return fail(why, BAD_VALUE, "They owe in several currencies: choose which debt it is.");
    return in->day.number <= w->today.number ||
           fail(why, BAD_VALUE, "%s is not here yet.", words_day(p->arena, in->day));
}

/* ---- Done, or asked for ---- */

static const char *done_words(struct page *p, const struct charge_input *in)
{
    const char *money = words_money(p->arena, in->minor, in->currency);

    if (in->kind == MOVEMENT_CHARGE)
        return arena_print(p->arena, "Charged: %s.", money);
    if (in->kind == MOVEMENT_WAIVE)
        return arena_print(p->arena, "Let go: %s. They owe that much less.", money);
    if (in->kind == MOVEMENT_CREDIT)
        return arena_print(p->arena, "Credited: %s.", money);
    if (in->kind == MOVEMENT_WRITE_OFF)
        return arena_print(p->arena, "Written off: %s. They owe it no more.", money);
    if (in->kind == MOVEMENT_APPLY)
        return arena_print(p->arena, "Used: %s of what waited.", money);
    return arena_print(p->arena, "Booked as a loss: %s. They still owe it.", money);
}

bool charge_add(struct page *p, struct fault *why)
{
    const struct asker asker = { p->session->user.number, p->role->authority };
    struct asking asking;
    struct charge_input in;
    enum change change;
    struct work w;
    int32_t number;

    if (!work_begin(p, &w, why))
        return false;
    const char *here = arena_print(p->arena, "%s/charge", w.here);
    if (!charge_typed(&w, &in, why) ||
        !work_found(
            charge_put_as(w.book, &w.account, &in, &asker, &number, &change, &asking, why),
            why))
        return false;
    if (asking.approval != 0)
        return work_end_at(&w,
                           arena_print(p->arena, "It waits for approval. %s",
                                       work_sentence(p, asking.words)),
                           arena_print(p->arena, "/approvals/%lld/withdraw",
                                       (long long)asking.approval),
                           here, why);
    return work_end_at(&w, done_words(p, &in), work_path(&w, "charge", number, "undo"), here, why);
}

bool charge_back(struct page *p, struct fault *why)
{
    struct charge_row *rows;
    struct movement was;
    enum change change;
    struct work w;
    int32_t number;
    size_t count;

    if (!work_number(p, 1, &number, why) || !work_again(p, &w, why) ||
        !charge_history(w.book->store, p->arena, w.account.key, &rows, &count, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (rows[i].number == number && rows[i].stands && !may_undo(p, &rows[i]))
            return fail(why, NOT_ALLOWED,
                        "Somebody else did that. They take it back, or whoever may approve.");
    }
    return work_found(charge_undo(w.book, &w.account, number, &was, &change, why), why) &&
           work_end_at(&w,
                       change == CHANGE_NONE ? "That was taken back already."
                                             : "Taken back: it never counted.",
                       NULL, arena_print(p->arena, "%s/charge", w.here), why);
}

/* Money that came in some other way, written down by hand. */
#include "web/work_pages.h"

#include "base/text.h"
#include "flow/note.h"
#include "flow/pay.h"

static const struct choice methods[] = { { "transfer", "Bank transfer", NULL },
                                         { "check", "Check", NULL },
                                         { "cash", "Cash", NULL },
                                         { "card", "Card", NULL },
                                         { "money_order", "Money order", NULL },
                                         { "direct_debit", "Direct debit", NULL },
                                         { "other", "Another way", NULL } };

/* ---- The page ---- */

/* Each open debt once, with what was typed for it. */
static void parts_put(struct page *p, const struct casefile_view *f)
{
    json_t *list = put_list(p->context, "parts");
    const char *last = "";
    size_t at = 0;

    for (size_t i = 0; i < f->debt_count; i++) {
        const struct debt_row *d = &f->debts[i];
        if (d->open_minor <= 0 || text_equal(last, d->reference))
            continue;
        last = d->reference;
        json_t *row = list_add(list);
        put(row, "reference", d->reference);
        put(row, "open", words_money(p->arena, d->open_minor, d->currency));
        put(row, "value", work_part(p, at++));
    }
    put_true(p->context, "any_parts", json_array_size(list) > 1);
}

bool page_payment(struct page *p, struct fault *why)
{
    static const char *const texts[] = { "amount", "bank_no", "note" };
    struct casefile_view f;

    if (!work_page(p, "Record a payment", &f, why))
        return false;
    for (size_t i = 0; i < COUNT(texts); i++)
        work_value(p, texts[i], NULL);
    work_day_value(p, "day", p->view->today);
    work_choices(p, "method", methods, COUNT(methods), "transfer");
    work_debts(p, &f, "");
    work_box(p, "pending", false);
    parts_put(p, &f);
    work_today(p);
    return true;
}

/* ---- What was typed ---- */

/* The field behind the n-th "part_debt". */
const char *work_part(const struct page *p, size_t n)
{
    size_t seen = 0;

    for (size_t i = 0; i < p->ask->form_count; i++) {
        if (text_equal(p->ask->form[i].name, "part") && seen++ == n)
            return text_is_empty(p->ask->form[i].value) ? NULL : p->ask->form[i].value;
    }
    return NULL;
}

struct typed_payment {
    struct payment_input in;
    size_t part_count, part_room;
    struct payment_part *parts;
};

static bool part_read(struct work *w, struct typed_payment *t, const char *reference,
                      const char *typed, int64_t *left, struct fault *why)
{
    struct payment_part part = { 0 };
    enum currency currency;
    struct money money;

    if (!work_found(account_debt(w->book, &w->account, reference, &part.debt, why), why) ||
        !account_currency(w->book, &w->account, part.debt, &currency, why) ||
        !work_amount(w->p, typed, arena_print(w->p->arena, "how much pays %s", reference),
                     currency, &money, why))
        return false;
    part.minor = money.minor;
    if (currency != t->in.currency)
        return fail(why, BAD_VALUE, "The payment is in %s, and %s is owed in %s.",
                    currency_code(t->in.currency), reference, currency_code(currency));
    if (part.minor > *left)
        return fail(why, BAD_VALUE, "The parts add up to more than the payment.");
    *left -= part.minor;
    *arena_push(w->p->arena, t->parts, t->part_count, t->part_room) = part;
    return true;
}

static bool parts_read(struct work *w, struct typed_payment *t, struct fault *why)
{
    const struct ask *ask = w->p->ask;
    int64_t left = t->in.minor;
    size_t n = 0;

    for (size_t i = 0; i < ask->form_count; i++) {
        if (!text_equal(ask->form[i].name, "part_debt"))
            continue;
        const char *typed = work_part(w->p, n++);
        if (typed != NULL && !part_read(w, t, ask->form[i].value, typed, &left, why))
            return false;
    }
    if (t->part_count > 0 && t->in.debt != 0)
        return fail(why, BAD_VALUE, "Choose one debt, or say how much is for each; not both.");
    return t->part_count == 0 || !t->in.pending ||
           fail(why, BAD_VALUE, "What it pays is said when it is here, not while it is on its way.");
}

static bool payment_typed(struct work *w, struct typed_payment *t, struct fault *why)
{
    struct page *p = w->p;
    struct money money;

    *t = (struct typed_payment){ .in = { .reference = page_form(p, "bank_no"),
                                         .method = page_form_or(p, "method", "transfer"),
                                         .pending = page_form(p, "pending") != NULL } };
    if (!work_debt(w, "debt", &t->in.debt, &t->in.currency, why) ||
        !work_money(p, "amount", "what came in", t->in.currency, &money, why) ||
        !work_day(p, "day", "the day it counts for", w->today, &t->in.day, why))
        return false;
    if (money.minor == 0)
        return fail(why, BAD_VALUE, "Enter what came in, like 45.00.");
    t->in.minor = money.minor;
    t->in.currency = money.currency;
    if (t->in.day.number > w->today.number && !t->in.pending)
        return fail(why, BAD_VALUE, "%s is not here yet: enter when it came, or say that it is on "
                                    "its way.",
                    words_day(p->arena, t->in.day));
    return parts_read(w, t, why) &&
           (t->in.reference != NULL ||
            pay_reference(w->book, &w->account, t->in.day, &t->in.reference, why));
}

/* ---- Recorded ---- */

static bool note_put(struct work *w, const struct payment_input *in, struct fault *why)
{
    const char *typed = page_form(w->p, "note");
    enum change change;
    int32_t number;

    if (typed == NULL)
        return true;
    const struct note_input note = { .text = arena_print(w->p->arena, "Payment %s: %s",
                                                         in->reference, typed),
                                     .author = work_author(w->p) };
    return book_note_add(w->book, w->account.key, &note, &number, &change, why);
}

static bool money_path(struct work *w, struct fault *why, const char *said, const char *undo)
{
    return work_end_at(w, said, undo, arena_print(w->p->arena, "%s?tab=money", w->here), why);
}

static bool told(struct work *w, const struct payment_input *in, int32_t number,
                 struct fault *why)
{
    struct arena *x = w->p->arena;
    int64_t waiting, open;

    if (!account_open(w->book, &w->account, in->currency, &open, why) ||
        !book_waiting(w->book, w->account.key, in->currency, w->today, &waiting, why))
        return false;
    const char *said =
        in->pending
            ? "On its way: reminders wait for it."
            : arena_print(x, "Recorded: %s. %s is open now.%s",
                          words_money(x, in->minor, in->currency),
                          words_money(x, open, in->currency),
                          waiting > 0 ? arena_print(x, " %s is more than is owed, and waits.",
                                                    words_money(x, waiting, in->currency))
                                      : "");
    return money_path(w, why, said, work_path(w, "payment", number, "undo"));
}

bool payment_add(struct page *p, struct fault *why)
{
    struct account_payment kept;
    struct typed_payment t;
    enum change change;
    struct work w;

    if (!work_begin(p, &w, why))
        return false;
    if (w.before != 0)
        return money_path(&w, why, "That was recorded already.", NULL);
    if (!payment_typed(&w, &t, why) ||
        !pay_may_record(w.book, &w.account, &t.in, why) ||
        !book_payment_split(w.book, w.account.key, &t.in, t.parts, t.part_count, &change, why) ||
        !account_payment(w.book, &w.account, t.in.reference, &kept, why) ||
        !note_put(&w, &t.in, why) ||
        !book_key_put(w.book, w.account.key, w.once, kept.number, why))
        return false;
    if (change == CHANGE_NONE)
        return money_path(&w, why, "A payment with this reference is on file already, with this "
                                   "amount and day.",
                          NULL);
    return told(&w, &t.in, kept.number, why);
}

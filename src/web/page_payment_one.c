/* One payment: what became of it; it goes back, is given back, or belongs to somebody else. */
#include "web/work_pages.h"

#include "base/text.h"
#include "flow/pay.h"
#include "flow/refund_ask.h"

static const struct choice ends[] = {
    { "returned", "It came back", NULL },
    { "failed", "It did not go through", NULL },
    { "charged_back", "Charged back", NULL },
    { "duplicate", "It is recorded twice", NULL },
};
static const enum payment_end end_codes[] = { PAYMENT_RETURNED, PAYMENT_FAILED,
                                              PAYMENT_CHARGED_BACK, PAYMENT_DUPLICATE };

/* ---- The page ---- */

static const struct payment_row_view *payment_of(const struct casefile_money *m, int32_t number)
{
    for (size_t i = 0; i < m->payment_count; i++) {
        if (m->payments[i].number == number)
            return &m->payments[i];
    }
    return NULL;
}

static void payment_put(struct page *p, const struct payment_row_view *r)
{
    struct arena *x = p->arena;
    bool settled = text_equal(r->state, "settled"), pending = text_equal(r->state, "pending");
    struct state_words state = words_payment(r->state);

    put(p->context, "payment_reference", r->reference);
    put(p->context, "amount", words_money(x, r->minor, r->currency));
    put(p->context, "day", words_day_near(x, r->received_day, p->view->today));
    put(p->context, "method", words_plain(x, r->method));
    put(p->context, "state", words_plain(x, state.title));
    put(p->context, "tone", state.tone);
    put(p->context, "why_state", r->reason[0] != '\0' ? r->reason : NULL);
    if (r->refunded_minor > 0)
        put(p->context, "refunded", words_money(x, r->refunded_minor, r->currency));
    bool may = page_may(p, MAY_PAY);
    put_true(p->context, "may_reverse", may && (settled || pending));
    put_true(p->context, "may_move", may && settled && r->refunded_minor == 0);
    put_true(p->context, "may_refund", may && settled);
    put_true(p->context, "over", !settled && !pending);
}

/* What of it needs somebody else, before it is typed. */
static bool alone_put(struct page *p, struct book *b, const struct casefile_view *f,
                      enum currency currency, struct fault *why)
{
    int64_t most;

    if (p->role->authority == NULL)
        return true;
    if (!refund_alone(b, f->casefile->key, currency, p->role->authority, &most, why))
        return false;
    if (most == 0)
        put(p->context, "alone", "It waits for another person to agree.");
    else if (most != AUTHORITY_ANY)
        put(p->context, "alone",
            arena_print(p->arena, "More than %s waits for another person to agree.",
                        words_money(p->arena, most, currency)));
    return true;
}

/* What waits, which is what can be given back. */
static bool waiting_put(struct page *p, const struct casefile_view *f,
                        const struct payment_row_view *r, struct fault *why)
{
    struct book b;
    int64_t waiting;

    work_reader(p, &b);
    bool read = book_waiting(&b, f->casefile->key, r->currency, p->view->today, &waiting, why) &&
                alone_put(p, &b, f, r->currency, why);
    work_reader_done(&b);
    if (!read)
        return false;
    put(p->context, "waiting", words_money(p->arena, waiting > 0 ? waiting : 0, r->currency));
    put_true(p->context, "any_waiting", waiting > 0);
    return true;
}

bool page_payment_one(struct page *p, struct fault *why)
{
    static const char *const texts[] = { "note", "fee", "clause", "law", "back", "why", "to",
                                         "move_note" };
    struct casefile_money money;
    struct casefile_view f;
    int32_t number;

    if (!work_number(p, 1, &number, why) || !work_page(p, "Payment", &f, why) ||
        !view_casefile_money(p->view, &f, &money, why))
        return false;
    const struct payment_row_view *r = payment_of(&money, number);
    if (r == NULL)
        return fail(why, NOT_FOUND, "This account shows no payment %d.", (int)number);
    put(p->context, "title", arena_print(p->arena, "Payment %s", r->reference));
    put(p->context, "payment_path", arena_print(p->arena, "/accounts/%s/payment/%d",
                                                url_encode(p->arena, p->hole), (int)number));
    payment_put(p, r);
    for (size_t i = 0; i < COUNT(texts); i++)
        work_value(p, texts[i], NULL);
    work_day_value(p, "back_day", p->view->today);
    work_choices(p, "reason", ends, COUNT(ends), NULL);
    work_today(p);
    return waiting_put(p, &f, r, why);
}

/* ---- Which one ---- */

struct paid {
    struct work w;
    int32_t number;
    const char *reference, *path;
    struct account_payment is;
};

static bool paid_find(struct paid *x, struct fault *why)
{
    return pay_of_number(x->w.book, &x->w.account, x->number, &x->reference, why) &&
           account_payment(x->w.book, &x->w.account, x->reference, &x->is, why);
}

static bool paid_begin(struct page *p, struct paid *x, struct fault *why)
{
    if (!work_number(p, 1, &x->number, why) || !work_begin(p, &x->w, why) || !paid_find(x, why))
        return false;
    x->path = arena_print(p->arena, "%s/payment/%d", x->w.here, (int)x->number);
    return true;
}

static bool paid_end(struct paid *x, const char *said, struct fault *why)
{
    return book_key_put(x->w.book, x->w.account.key, x->w.once, x->number, why) &&
           work_end_at(&x->w, said, NULL, x->path, why);
}

/* ---- It did not stay ---- */

static bool fee_read(struct paid *x, enum payment_end end, struct return_fee *fee,
                     struct fault *why)
{
    struct page *p = x->w.p;

    *fee = (struct return_fee){ .reference = x->reference,
                                .number = x->number,
                                .clause = page_form(p, "clause"),
                                .law = page_form(p, "law"),
                                .author = work_author(p) };
    if (!work_money(p, "fee", "the fee", x->is.money.currency, &fee->fee, why))
        return false;
    if (fee->fee.minor == 0)
        return true;
    if (end == PAYMENT_DUPLICATE)
        return fail(why, BAD_VALUE, "A payment that was recorded twice costs them nothing.");
    return fee->clause != NULL || fee->law != NULL ||
           fail(why, BAD_VALUE, "Enter the clause or the law that allows the fee.");
}

bool payment_reverse(struct page *p, struct fault *why)
{
    static const char *const names[] = { "returned", "failed", "charged-back", "duplicate" };
    const char *reason = page_form(p, "reason");
    struct return_fee fee;
    enum change change;
    struct paid x;
    size_t which = 0;

    if (!paid_begin(p, &x, why))
        return false;
    if (x.w.before != 0)
        return work_end_at(&x.w, "That was done already.", NULL, x.path, why);
    while (which < COUNT(ends) && !text_equal(ends[which].value, reason))
        which++;
    if (which == COUNT(ends))
        return fail(why, BAD_VALUE, "Choose what happened to it.");
    if (!fee_read(&x, end_codes[which], &fee, why) ||
        !book_payment_back(x.w.book, x.w.account.key, x.reference, end_codes[which],
                           page_form(p, "note"), &change, why))
        return false;
    fee.what = names[which];
    if (change != CHANGE_NONE && fee.fee.minor > 0 &&
        !pay_return_fee(x.w.book, &x.w.account, &fee, why))
        return false;
    return paid_end(&x, change == CHANGE_NONE ? "It was taken back already."
                                              : "Taken back. What it paid is open again.",
                    why);
}

/* The button behind recording it. */
bool payment_undo(struct page *p, struct fault *why)
{
    enum change change;
    struct paid x;

    if (!work_number(p, 1, &x.number, why) || !work_again(p, &x.w, why) || !paid_find(&x, why) ||
        !book_payment_back(x.w.book, x.w.account.key, x.reference, PAYMENT_DUPLICATE,
                           "recorded by mistake", &change, why))
        return false;
    return work_end_at(&x.w, "Taken back. What it paid is open again.", NULL,
                       arena_print(p->arena, "%s?tab=money", x.w.here), why);
}

/* ---- Given back ---- */

static bool refund_typed(const struct paid *x, struct refund_input *in, struct money *money,
                         struct fault *why)
{
    struct page *p = x->w.p;

    *in = (struct refund_input){ .reference = x->reference,
                                 .reason = page_form(p, "why"),
                                 .author = work_author(p) };
    if (!work_money(p, "back", "what was given back", x->is.money.currency, money, why) ||
        !work_day(p, "back_day", "the day it left", x->w.today, &in->day, why))
        return false;
    in->minor = money->minor;
    if (money->minor == 0)
        return fail(why, BAD_VALUE, "Enter what was given back, like 45.00.");
    if (money->currency != x->is.money.currency)
        return fail(why, BAD_VALUE, "The payment is in %s, not in %s.",
                    currency_code(x->is.money.currency), currency_code(money->currency));
    if (in->reason == NULL)
        return fail(why, BAD_VALUE, "Say in a few words why it is given back.");
    return in->day.number <= x->w.today.number ||
           fail(why, BAD_VALUE, "%s is not here yet. Enter the day it left.",
                words_day(p->arena, in->day));
}

bool payment_refund(struct page *p, struct fault *why)
{
    const struct asker asker = { p->session->user.number, p->role->authority };
    struct refund_input in;
    struct asking asking;
    enum change change;
    struct money money;
    struct paid x;
    int32_t number;

    if (!paid_begin(p, &x, why))
        return false;
    if (x.w.before != 0)
        return work_end_at(&x.w, "That was noted already.", NULL, x.path, why);
    if (!refund_typed(&x, &in, &money, why) ||
        !refund_put_as(x.w.book, &x.w.account, &in, x.w.once, &asker, &number, &change, &asking,
                       why))
        return false;
    if (asking.approval != 0)
        return work_end_at(&x.w,
                           arena_print(p->arena, "It waits for approval. %s",
                                       work_sentence(p, asking.words)),
                           arena_print(p->arena, "/approvals/%lld/withdraw",
                                       (long long)asking.approval),
                           x.path, why);
    return work_end_at(&x.w,
                       arena_print(p->arena, "Noted: %s was given back. No money is sent by this.",
                                   words_money(p->arena, money.minor, money.currency)),
                       NULL, x.path, why);
}

/* ---- Somebody else's ---- */

bool payment_move(struct page *p, struct fault *why)
{
    const char *to = page_form(p, "to"), *note = page_form(p, "move_note");
    struct casefile_key seen;
    struct account other;
    enum change change;
    struct paid x;

    if (!paid_begin(p, &x, why))
        return false;
    if (x.w.before != 0)
        return work_end_at(&x.w, "It was moved already.", NULL, x.path, why);
    if (to == NULL)
        return fail(why, BAD_VALUE, "Enter the account that it belongs to.");
    if (!work_found(view_find(p->view, text_trim(p->arena, to), &seen, why), why) ||
        !account_find(x.w.book, text_trim(p->arena, to), &other, why))
        return false;
    if (other.key.id == x.w.account.key.id)
        return fail(why, BAD_VALUE, "That is the account which has it.");
    const char *reason =
        arena_print(p->arena, "to %s%s%s", other.reference, note == NULL ? "" : ": ",
                    note == NULL ? "" : note);
    const char *said = arena_print(p->arena, "Moved to %s.", other.reference);
    return book_payment_move(x.w.book, x.w.account.key, x.reference, other.key, reason, &change,
                             why) &&
           paid_end(&x, said, why);
}

/* pay list, reverse, refund, apply: what became of money that came in. */
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/writing.h"
#include "flow/pay.h"
#include "flow/refund_ask.h"

/* ---- pay list --------------------------------------------------------------------------- */

static bool run_pay_list(struct call *call, struct fault *why)
{
    struct sheet sheet = { 0 };
    struct day today;

    struct store *s = store_open(call->settings.db.value, STORE_READ, why);
    if (s == NULL)
        return false;
    bool done = call_today(call, &today, why) &&
                payment_list(s, call->targets[0], today, &sheet, why);
    store_close(s);
    if (done)
        call_print_sheet(call, &sheet);
    sheet_free(&sheet);
    return done;
}

const struct command command_pay_list = {
    .name = "pay list",
    .section = "Acting on accounts",
    .summary = "List the payments of an account, their state, and what each of them paid.",
    .examples = { "recoup pay list FH-20418", "recoup pay list FH-20418 --csv" },
    .target = "ACCOUNT",
    .targets_least = 1,
    .targets_most = 1,
    .traits = ANSWERS_JSON | ANSWERS_ROWS,
    .run = run_pay_list,
};

/* ---- pay reverse ------------------------------------------------------------------------ */

enum { BACK_REF, BACK_REASON, BACK_TO, BACK_NOTE, BACK_FEE, BACK_CLAUSE, BACK_LAW, BACK_BY };

static const struct option reverse_options[] = {
    [BACK_REF] = { OPTION_TEXT, "ref", "TEXT", "its reference: recoup pay list", "Which payment",
                   true, 0, NULL },
    [BACK_REASON] = { OPTION_TEXT, "reason", "NAME",
                      "returned, failed, charged-back, duplicate or wrong-account",
                      "What happened to it", true, 0, NULL },
    [BACK_TO] = { OPTION_TEXT, "to", "ACCOUNT",
                  "whose it is; with wrong-account: it is moved there", NULL, false, 0, NULL },
    [BACK_NOTE] = { OPTION_TEXT, "note", "TEXT", "in a few words", NULL, false, 0, NULL },
    [BACK_FEE] = { OPTION_MONEY, "fee", "MONEY", "what a returned payment costs who owes",
                   "A fee for it", false, 0, NULL },
    [BACK_CLAUSE] = { OPTION_TEXT, "clause", "TEXT", "the clause that allows the fee", NULL,
                      false, 0, NULL },
    [BACK_LAW] = { OPTION_TEXT, "law", "CITATION", "the law that allows the fee", NULL, false, 0,
                   NULL },
    [BACK_BY] = { OPTION_TEXT, "by", "NAME", "who does this", "Who", false, 0, NULL },
    { .kind = OPTION_END },
};

static const char *const back_reasons[] = { "failed", "returned", "charged-back", "duplicate",
                                            "wrong-account" };
enum { WRONG_ACCOUNT = PAYMENT_DUPLICATE + 1 };

struct reversal {
    const char *reference;
    size_t reason; /* of back_reasons */
    struct account to;
    struct account_payment payment;
    struct money fee; /* 0: none */
};

static bool read_reason(const struct call *call, struct reversal *r, struct fault *why)
{
    const char *typed = call_text(call, BACK_REASON), *near;

    for (r->reason = 0; r->reason < COUNT(back_reasons); r->reason++) {
        if (text_equal(back_reasons[r->reason], typed))
            break;
    }
    if (r->reason < COUNT(back_reasons)) {
        bool to = call->given[BACK_TO].is;
        if (to == (r->reason == WRONG_ACCOUNT))
            return true;
        return fail(why, BAD_USAGE, to ? "--to goes with --reason wrong-account only."
                                       : "--reason wrong-account needs --to ACCOUNT.");
    }
    near = nearest_name(typed, COUNT(back_reasons), back_reasons);
    fail(why, BAD_USAGE, "\"%s\" is no reason why a payment goes back.", typed);
    if (near != NULL)
        return fault_hint(why, "Did you mean:  --reason %s", near);
    return fault_hint(why, "returned, failed, charged-back, duplicate or wrong-account");
}

static bool read_fee(struct writing *w, struct reversal *r, struct fault *why)
{
    const struct call *call = w->call;

    if (!call->given[BACK_FEE].is)
        return true;
    if (r->reason == WRONG_ACCOUNT || r->reason == PAYMENT_DUPLICATE)
        return fail(why, BAD_USAGE, "A %s payment costs who owes nothing.",
                    back_reasons[r->reason]);
    if (!call_money(call, BACK_FEE, r->payment.money.currency, &r->fee, why))
        return false;
    if (r->fee.currency == r->payment.money.currency)
        return true;
    return fail(why, BAD_USAGE, "The payment is in %s, not in %s.",
                currency_code(r->payment.money.currency), currency_code(r->fee.currency));
}

static bool read_reversal(struct writing *w, struct reversal *r, struct fault *why)
{
    const struct call *call = w->call;

    *r = (struct reversal){ .reference = call_text(call, BACK_REF) };
    if (!read_reason(call, r, why) ||
        !account_payment(&w->book, &w->account, r->reference, &r->payment, why))
        return false;
    if (!r->payment.found) {
        fail(why, NOT_FOUND, "Account %s has no payment \"%s\".", w->account.reference,
             r->reference);
        return fault_hint(why, "recoup pay list %s", w->account.reference);
    }
    if (r->reason == WRONG_ACCOUNT) {
        if (!account_find(&w->book, call_text(call, BACK_TO), &r->to, why))
            return false;
        if (r->to.key.id == w->account.key.id)
            return fail(why, BAD_USAGE, "--to is the account that has the payment.");
    }
    return read_fee(w, r, why);
}

static bool charge_fee(struct writing *w, const struct reversal *r, struct fault *why)
{
    const struct return_fee fee = { .reference = r->reference,
                                    .number = r->payment.number,
                                    .what = back_reasons[r->reason],
                                    .fee = r->fee,
                                    .clause = call_text(w->call, BACK_CLAUSE),
                                    .law = call_text(w->call, BACK_LAW),
                                    .author = call_text(w->call, BACK_BY) };

    return pay_return_fee(&w->book, &w->account, &fee, why);
}

static void print_reversal(struct writing *w, const struct reversal *r, enum change change,
                           int64_t open)
{
    struct arena *a = w->call->arena;
    struct receipt receipt;

    receipt_begin(&receipt, w->call, "pay reverse");
    receipt_account(&receipt, w);
    if (change == CHANGE_NONE) {
        receipt_already(&receipt, w, arena_print(a, "payment %s", r->reference));
    } else {
        receipt_line(&receipt, "%s %s of %s (%s): %s%s%s.",
                     writing_verb(w, "Taken back:", "Would take back:"),
                     show_money(a, r->payment.money), w->account.reference, w->account.name,
                     back_reasons[r->reason], r->to.reference == NULL ? "" : ", now of ",
                     r->to.reference == NULL ? "" : r->to.reference);
        if (r->fee.minor > 0)
            receipt_line(&receipt, "  Fee   %s", show_money(a, r->fee));
        receipt_line(&receipt, "  Open  %s",
                     show_money(a, money_of(open, r->payment.money.currency)));
    }
    receipt_field(&receipt, "payment", r->reference);
    receipt_money(&receipt, "amount", r->payment.money);
    receipt_field(&receipt, "reason", back_reasons[r->reason]);
    if (r->to.reference != NULL)
        receipt_field(&receipt, "to", r->to.reference);
    if (r->fee.minor > 0)
        receipt_money(&receipt, "fee", r->fee);
    receipt_money(&receipt, "open", money_of(open, r->payment.money.currency));
    if (r->reason == WRONG_ACCOUNT)
        receipt_undo(&receipt, arena_print(a, "recoup pay reverse %s --ref %s --reason "
                                              "wrong-account --to %s",
                                           r->to.reference, r->reference, w->account.reference));
    receipt_end(&receipt);
}

static bool reverse(struct writing *w, struct fault *why)
{
    enum change change = CHANGE_NONE;
    struct reversal r;
    int64_t open;

    if (!read_reversal(w, &r, why))
        return false;
    const char *note = call_text(w->call, BACK_NOTE);
    bool done =
        r.reason == WRONG_ACCOUNT
            ? book_payment_move(&w->book, w->account.key, r.reference, r.to.key,
                                arena_print(w->call->arena, "to %s%s%s", r.to.reference,
                                            note == NULL ? "" : ": ", note == NULL ? "" : note),
                                &change, why)
            : book_payment_back(&w->book, w->account.key, r.reference,
                                (enum payment_end)r.reason, note, &change, why);
    if (!done || (change != CHANGE_NONE && r.fee.minor > 0 && !charge_fee(w, &r, why)) ||
        !account_open(&w->book, &w->account, r.payment.money.currency, &open, why))
        return false;
    print_reversal(w, &r, change, open);
    return true;
}

static bool run_pay_reverse(struct call *call, struct fault *why)
{
    struct writing w;

    return writing_begin(&w, call, why) && writing_end(&w, reverse(&w, why), why);
}

const struct command command_pay_reverse = {
    .name = "pay reverse",
    .section = "Acting on accounts",
    .summary = "Take back a payment that did not stay, or belongs to somebody else.",
    .examples = { "recoup pay reverse FH-20418 --ref 1042 --reason returned --fee 15 --clause "
                  "\"A returned check costs $15.\"",
                  "recoup pay reverse FH-20418 --ref 1042 --reason wrong-account --to FH-20419" },
    .target = "ACCOUNT",
    .targets_least = 1,
    .targets_most = 1,
    .options = reverse_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "What it paid is open again, as if it had never come, with interest.\n"
             "Safe to say again. A fee needs the clause or the law that allows it.",
    .run = run_pay_reverse,
};

/* ---- pay refund ------------------------------------------------------------------------- */

enum { REFUND_REF, REFUND_AMOUNT, REFUND_ON, REFUND_REASON, REFUND_BY, REFUND_ROLE };

static const struct option refund_options[] = {
    [REFUND_REF] = { OPTION_TEXT, "ref", "TEXT", "of this payment: recoup pay list",
                     "What goes back", true, 0, NULL },
    [REFUND_AMOUNT] = { OPTION_MONEY, "amount", "MONEY", "how much", NULL, true, 0, NULL },
    [REFUND_ON] = { OPTION_DAY, "on", "DAY", "the day it left (today)", NULL, false, 0, NULL },
    [REFUND_REASON] = { OPTION_TEXT, "reason", "TEXT", "why, in a few words", NULL, true, 0,
                        NULL },
    [REFUND_BY] = { OPTION_TEXT, "by", "NAME", "who does this; an address: that user", "Who",
                    false, 0, NULL },
    [REFUND_ROLE] = { OPTION_TEXT, "role", "ROLE",
                      "with whose authority (the user's, or collector)", NULL, false, 0, NULL },
    { .kind = OPTION_END },
};

static bool read_refund(struct writing *w, struct refund_input *in, struct money *money,
                        struct fault *why)
{
    const struct call *call = w->call;
    struct account_payment payment;

    *in = (struct refund_input){ .reference = call_text(call, REFUND_REF),
                                 .reason = call_text(call, REFUND_REASON) };
    if (!account_payment(&w->book, &w->account, in->reference, &payment, why))
        return false;
    if (!payment.found)
        return fail(why, NOT_FOUND, "Account %s has no payment \"%s\".", w->account.reference,
                    in->reference);
    if (!call_money(call, REFUND_AMOUNT, payment.money.currency, money, why) ||
        !call_day(call, REFUND_ON, w->today, &in->day, why))
        return false;
    in->minor = money->minor;
    if (money->currency != payment.money.currency)
        return fail(why, BAD_USAGE, "The payment is in %s, not in %s.",
                    currency_code(payment.money.currency), currency_code(money->currency));
    return in->day.number <= w->today.number ||
           fail(why, BAD_USAGE, "--on %s is not here yet.", show_day(call->arena, in->day));
}

static bool print_refund(struct writing *w, const struct refund_input *in, struct money money,
                         enum change change, const struct asking *asking, struct fault *why)
{
    struct receipt r;
    int64_t waiting;

    if (!book_waiting(&w->book, w->account.key, money.currency, w->today, &waiting, why))
        return false;
    receipt_begin(&r, w->call, "pay refund");
    receipt_account(&r, w);
    if (asking->approval != 0)
        receipt_waits(&r, w,
                      arena_print(w->call->arena, "%s of payment %s to %s (%s)",
                                  show_money(w->call->arena, money), in->reference,
                                  w->account.name, w->account.reference),
                      "Nothing is given back yet.", asking);
    else if (change == CHANGE_NONE)
        receipt_already(&r, w, arena_print(w->call->arena, "refund of %s", in->reference));
    else
        receipt_line(&r, "%s %s of payment %s to %s (%s). Waiting now: %s.",
                     writing_verb(w, "Refunded", "Would refund"),
                     show_money(w->call->arena, money), in->reference, w->account.name,
                     w->account.reference,
                     show_money(w->call->arena, money_of(waiting, money.currency)));
    receipt_field(&r, "payment", in->reference);
    receipt_money(&r, "amount", money);
    receipt_money(&r, "waiting", money_of(waiting, money.currency));
    receipt_end(&r);
    return true;
}

static bool refund(struct writing *w, struct fault *why)
{
    struct refund_input in;
    struct asking asking;
    struct doer doer;
    enum change change;
    struct money money;
    const char *once;
    int32_t number;

    if (!read_refund(w, &in, &money, why) || !writing_key(w, &once, why) ||
        !writing_doer(w, call_text(w->call, REFUND_BY), call_text(w->call, REFUND_ROLE), &doer,
                      why))
        return false;
    in.author = doer.author;
    return refund_put_as(&w->book, &w->account, &in, once, &doer.asker, &number, &change,
                         &asking, why) &&
           print_refund(w, &in, money, change, &asking, why);
}

static bool run_pay_refund(struct call *call, struct fault *why)
{
    struct writing w;

    return writing_begin(&w, call, why) && writing_end(&w, refund(&w, why), why);
}

const struct command command_pay_refund = {
    .name = "pay refund",
    .section = "Acting on accounts",
    .summary = "Note that money that waits was given back to who paid it.",
    .examples = { "recoup pay refund FH-20418 --ref 1042 --amount 15 --reason overpaid",
                  "recoup pay refund FH-20418 --ref 1042 --amount \"USD 15\" --reason overpaid "
                  "--key refund-77" },
    .target = "ACCOUNT",
    .targets_least = 1,
    .targets_most = 1,
    .options = refund_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "At most what waits, and what is left of that payment. No money is sent by this.\n"
             "What is above the role's authority waits for approval (authority/house.yaml):\n"
             "recoup approval list. Safe to say again with the same --key.",
    .run = run_pay_refund,
};

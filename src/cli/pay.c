/* pay: money that came in. */
#include "base/text.h"
#include "cli/commands.h"
#include "cli/writing.h"

enum { PAY_AMOUNT, PAY_ON, PAY_METHOD, PAY_REF, PAY_DEBT, PAY_PENDING };

static const struct option pay_options[] = {
    [PAY_AMOUNT] = { OPTION_MONEY, "amount", "MONEY", "how much", "What came", true, 0, NULL },
    [PAY_ON] = { OPTION_DAY, "on", "DAY", "the day it counts for (today)", NULL, false, 0,
                 NULL },
    [PAY_METHOD] = { OPTION_TEXT, "method", "NAME", "check, cash, transfer, card, … (transfer)",
                     NULL, false, 0, NULL },
    [PAY_REF] = { OPTION_TEXT, "ref", "TEXT",
                  "its number at the bank; the same number twice is one payment", NULL, false,
                  0, NULL },
    [PAY_DEBT] = { OPTION_TEXT, "debt", "REF", "for this debt alone (the oldest due first)",
                   "What it pays", false, 0, NULL },
    [PAY_PENDING] = { OPTION_FLAG, "pending", NULL,
                      "on its way: reminders pause, nothing is paid", NULL, false, 0, NULL },
    { .kind = OPTION_END },
};

/* --ref, --key, or one made from the day that no other payment has. */
static bool payment_reference(struct writing *w, struct payment_input *in, struct fault *why)
{
    struct account_payment other;
    const struct call *call = w->call;
    char day[DAY_TEXT];

    in->reference = call_text(call, PAY_REF);
    if (in->reference == NULL)
        in->reference = call->global[GLOBAL_KEY].text;
    if (text_is_empty(in->reference) && in->reference != NULL)
        return fail(why, BAD_USAGE, "The reference of a payment cannot be empty.");
    for (int n = 1; in->reference == NULL; n++) {
        const char *made = arena_print(call->arena, "manual-%s-%d", day_print(in->day, day), n);
        if (!account_payment(&w->book, &w->account, made, &other, why))
            return false;
        if (!other.found)
            in->reference = made;
    }
    return true;
}

static bool read_payment(struct writing *w, struct payment_input *in, struct fault *why)
{
    const struct call *call = w->call;
    struct money money;

    if (!account_debt(&w->book, &w->account, call_text(call, PAY_DEBT), &in->debt, why) ||
        !account_currency(&w->book, &w->account, in->debt, &in->currency, why) ||
        !call_money(call, PAY_AMOUNT, in->currency, &money, why) ||
        !call_day(call, PAY_ON, w->today, &in->day, why))
        return false;
    in->currency = money.currency;
    in->minor = money.minor;
    in->method = call->given[PAY_METHOD].is ? call_text(call, PAY_METHOD) : "transfer";
    in->pending = call->given[PAY_PENDING].is;
    if (in->day.number > w->today.number && !in->pending) {
        fail(why, BAD_USAGE, "A payment cannot have come on %s, which is not here yet.",
             show_day(call->arena, in->day));
        return fault_hint(why, "add --pending for one that is on its way");
    }
    return payment_reference(w, in, why);
}

/* The same reference again is the same payment; only one that was pending may change. */
static bool may_be_recorded(struct writing *w, const struct payment_input *in,
                            struct fault *why)
{
    struct account_payment old;

    if (!account_payment(&w->book, &w->account, in->reference, &old, why))
        return false;
    if (!old.found || old.pending ||
        (old.day.number == in->day.number && old.money.minor == in->minor &&
         old.money.currency == in->currency && !in->pending))
        return true;
    fail(why, CONFLICT, "Payment \"%s\" of %s is on file already, as %s on %s.", in->reference,
         w->account.reference, show_money(w->call->arena, old.money),
         show_day(w->call->arena, old.day));
    return fault_hint(why, "give another --ref, or the same amount and day");
}

static void print_payment(struct writing *w, const struct payment_input *in, enum change change,
                          int64_t before, int64_t after)
{
    struct arena *a = w->call->arena;
    struct money money = money_of(in->minor, in->currency);
    struct receipt r;

    receipt_begin(&r, w->call, "pay record");
    receipt_account(&r, w);
    if (change == CHANGE_NONE) {
        receipt_already(&r, w, arena_print(a, "payment %s", in->reference));
    } else {
        receipt_line(&r, "%s %s for %s (%s), %s %s, %s.",
                     writing_verb(w, "Recorded", "Would record"), show_money(a, money),
                     w->account.reference, w->account.name, in->method, in->reference,
                     show_day(a, in->day));
        if (in->pending)
            receipt_line(&r,
                         "  On its way: reminders wait for it. When it is here, say it again "
                         "without --pending.");
        else
            receipt_line(&r, "  Open  %s -> %s", show_money(a, money_of(before, in->currency)),
                         show_money(a, money_of(after, in->currency)));
    }
    receipt_field(&r, "payment", in->reference);
    receipt_money(&r, "amount", money);
    receipt_day(&r, "on", in->day);
    receipt_field(&r, "state", in->pending ? "pending" : "settled");
    receipt_money(&r, "open", money_of(after, in->currency));
    receipt_end(&r);
}

static bool record_payment(struct writing *w, struct fault *why)
{
    struct payment_input in = { 0 };
    int64_t before = 0, after = 0;
    enum change change = CHANGE_NONE;

    if (!read_payment(w, &in, why) || !may_be_recorded(w, &in, why) ||
        !account_open(&w->book, &w->account, in.currency, &before, why) ||
        !book_payment_put(&w->book, w->account.key, &in, &change, why) ||
        !account_open(&w->book, &w->account, in.currency, &after, why))
        return false;
    print_payment(w, &in, change, before, after);
    return true;
}

static bool run_pay_record(struct call *call, struct fault *why)
{
    struct writing w;

    return writing_begin(&w, call, why) && writing_end(&w, record_payment(&w, why), why);
}

const struct command command_pay_record = {
    .name = "pay record",
    .section = "Acting on accounts",
    .summary = "Record money that came in, and what it pays.",
    .examples = { "recoup pay record FH-20418 --amount 185 --on today --method check --ref "
                  "1042",
                  "recoup pay record FH-20418 --amount \"USD 99.50\" --debt INV-1001" },
    .target = "ACCOUNT",
    .targets_least = 1,
    .targets_most = 1,
    .options = pay_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "Safe to say again with the same --ref or --key.",
    .run = run_pay_record,
};

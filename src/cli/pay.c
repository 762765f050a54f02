/* pay record: money that came in, and what it pays. */
#include "base/text.h"
#include "cli/commands.h"
#include "cli/writing.h"
#include "flow/pay.h"

#include <string.h>

enum { PAY_AMOUNT, PAY_ON, PAY_METHOD, PAY_REF, PAY_DEBT, PAY_SPLIT, PAY_PENDING };

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
    [PAY_SPLIT] = { OPTION_TEXT, "split", "PARTS",
                    "so much for these debts, as the debtor chose: \"INV-1=50,INV-2=30\"", NULL,
                    false, 0, NULL },
    [PAY_PENDING] = { OPTION_FLAG, "pending", NULL,
                      "on its way: reminders pause, nothing is paid", NULL, false, 0, NULL },
    { .kind = OPTION_END },
};

/* --ref, --key, or one made from the day that no other payment has. */
static bool payment_reference(struct writing *w, struct payment_input *in, struct fault *why)
{
    const struct call *call = w->call;

    in->reference = call_text(call, PAY_REF);
    if (in->reference == NULL)
        in->reference = call->global[GLOBAL_KEY].text;
    if (text_is_empty(in->reference) && in->reference != NULL)
        return fail(why, BAD_USAGE, "The reference of a payment cannot be empty.");
    return in->reference != NULL ||
           pay_reference(&w->book, &w->account, in->day, &in->reference, why);
}

/* What was typed: a payment, and its parts. */
struct typed_payment {
    struct payment_input in;
    size_t part_count, part_room;
    struct payment_part *parts;
};

/* One "INV-1=50": the last "=" ends the reference. */
static bool read_part(struct writing *w, const char *text, struct typed_payment *t,
                      struct payment_part *out, struct fault *why)
{
    char *reference = arena_copy(w->call->arena, text + strspn(text, " "));
    char *amount = strrchr(reference, '=');
    struct money money;

    if (amount == NULL) {
        fail(why, BAD_USAGE, "--split: \"%s\" is no debt with its amount.", text);
        return fault_hint(why, "--split \"INV-1=50,INV-2=30\"");
    }
    *amount++ = '\0';
    if (!account_debt(&w->book, &w->account, reference, &out->debt, why) ||
        !money_of_debt(w, out->debt, reference, "split", amount, &money, why))
        return false;
    out->minor = money.minor;
    if (money.currency == t->in.currency)
        return true;
    return fail(why, BAD_USAGE, "The payment is in %s, and debt %s in %s.",
                currency_code(t->in.currency), reference, currency_code(money.currency));
}

/* A debt that is named twice gets both. */
static void add_part(struct writing *w, struct typed_payment *t, struct payment_part part)
{
    for (size_t i = 0; i < t->part_count; i++) {
        if (t->parts[i].debt != part.debt)
            continue;
        t->parts[i].minor += part.minor;
        return;
    }
    *arena_push(w->call->arena, t->parts, t->part_count, t->part_room) = part;
}

static bool read_split(struct writing *w, struct typed_payment *t, struct fault *why)
{
    char *text = arena_copy(w->call->arena, call_text(w->call, PAY_SPLIT)), *rest = NULL;
    int64_t left = t->in.minor;
    struct payment_part part;

    if (t->in.pending)
        return fail(why, BAD_USAGE, "--split is said when the payment is here, not while it is "
                                    "on its way.");
    for (char *at = strtok_r(text, ",", &rest); at != NULL; at = strtok_r(NULL, ",", &rest)) {
        if (!read_part(w, at, t, &part, why))
            return false;
        if (part.minor > left)
            return fail(why, BAD_USAGE, "The parts of --split add up to more than %s.",
                        show_money(w->call->arena, money_of(t->in.minor, t->in.currency)));
        left -= part.minor;
        add_part(w, t, part);
    }
    return true;
}

static bool read_payment(struct writing *w, struct payment_input *in, struct fault *why)
{
    const struct call *call = w->call;
    struct money money;

    if (!account_debt(&w->book, &w->account, call_text(call, PAY_DEBT), &in->debt, why) ||
        !money_of_debt(w, in->debt, call_text(call, PAY_DEBT), "amount",
                       call_text(call, PAY_AMOUNT), &money, why) ||
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

static bool may_be_recorded(struct writing *w, const struct payment_input *in,
                            struct fault *why)
{
    if (pay_may_record(&w->book, &w->account, in, why))
        return true;
    if (why->code != CONFLICT)
        return false;
    return fault_hint(why, strstr(why->text, "on file already") == NULL
                               ? "give another --ref"
                               : "give another --ref, or the same amount and day");
}

static bool print_payment(struct writing *w, const struct payment_input *in, enum change change,
                          int64_t before, int64_t after, struct fault *why)
{
    struct arena *a = w->call->arena;
    struct money money = money_of(in->minor, in->currency);
    int64_t waiting;
    struct receipt r;

    if (!book_waiting(&w->book, w->account.key, in->currency, w->today, &waiting, why))
        return false;
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
        if (waiting > 0 && !in->pending)
            receipt_line(&r, "  Waits %s: more than is owed, or for what comes.",
                         show_money(a, money_of(waiting, in->currency)));
        receipt_undo(&r, arena_print(a, "recoup pay reverse %s --ref %s --reason failed",
                                     w->account.reference, in->reference));
    }
    receipt_field(&r, "payment", in->reference);
    receipt_money(&r, "amount", money);
    receipt_day(&r, "on", in->day);
    receipt_field(&r, "state", in->pending ? "pending" : "settled");
    receipt_money(&r, "open", money_of(after, in->currency));
    receipt_money(&r, "waiting", money_of(waiting, in->currency));
    receipt_end(&r);
    return true;
}

static bool record_payment(struct writing *w, struct fault *why)
{
    struct typed_payment t = { 0 };
    int64_t before = 0, after = 0;
    enum change change = CHANGE_NONE;

    if (!read_payment(w, &t.in, why) ||
        (w->call->given[PAY_SPLIT].is && !read_split(w, &t, why)) ||
        !may_be_recorded(w, &t.in, why) ||
        !account_open(&w->book, &w->account, t.in.currency, &before, why) ||
        !book_payment_split(&w->book, w->account.key, &t.in, t.parts, t.part_count, &change,
                            why) ||
        !account_open(&w->book, &w->account, t.in.currency, &after, why))
        return false;
    return print_payment(w, &t.in, change, before, after, why);
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
                  "recoup pay record FH-20418 --amount 80 --split \"INV-1=50,INV-2=30\"" },
    .target = "ACCOUNT",
    .targets_least = 1,
    .targets_most = 1,
    .options = pay_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "What the debtor chose (--split, --debt) goes first; the rest goes by the order of\n"
             "allocation of the terms, or the law; what is left over waits.\n"
             "Safe to say again with the same --ref or --key. Undo: recoup pay reverse",
    .run = run_pay_record,
};

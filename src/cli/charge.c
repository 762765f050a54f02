/* charge, and pay apply: what is added to a debt or taken off it without new money. */
#include "base/text.h"
#include "cli/commands.h"
#include "cli/writing.h"
#include "flow/charge_ask.h"

/* Every such command has these; which of them it shows differs. */
enum {
    CHARGE_DEBT,
    CHARGE_AMOUNT,
    CHARGE_ON,
    CHARGE_REASON,
    CHARGE_BY,
    CHARGE_COMPONENT, /* add, waive */
    CHARGE_CLAUSE,    /* add */
    CHARGE_LAW,
    CHARGE_WHOLE = CHARGE_COMPONENT, /* write-off */
    CHARGE_ROLE = CHARGE_CLAUSE,     /* waive, write-off */
};

#define DEBT_OPTION(needed, help) { OPTION_TEXT, "debt", "REF", help, "Which debt", needed, 0, NULL }
#define AMOUNT_OPTION(needed, help) \
    { OPTION_MONEY, "amount", "MONEY", help, "How much", needed, 0, NULL }
#define ON_OPTION { OPTION_DAY, "on", "DAY", "the day it counts for (today)", NULL, false, 0, NULL }
#define REASON_OPTION(needed) \
    { OPTION_TEXT, "reason", "TEXT", "why, in a few words", "Why", needed, 0, NULL }
#define BY_OPTION \
    { OPTION_TEXT, "by", "NAME", "who does this; an address: that user", NULL, false, 0, NULL }
#define ROLE_OPTION \
    { OPTION_TEXT, "role", "ROLE", "with whose authority (the user's, or collector)", \
      "Whose limits", false, 0, NULL }

/* What the receipts of a kind say. */
static const struct {
    const char *done, *would, *tail;
} words[MOVEMENT_COUNT] = {
    [MOVEMENT_CHARGE] = { "Charged", "Would charge", "" },
    [MOVEMENT_CREDIT] = { "Credited", "Would credit", "" },
    [MOVEMENT_WAIVE] = { "Waived", "Would waive", "" },
    [MOVEMENT_WRITE_OFF] = { "Written off:", "Would write off:", "" },
    [MOVEMENT_CHARGE_OFF] = { "Charged off:", "Would charge off:", "; it is still owed" },
    [MOVEMENT_APPLY] = { "Applied", "Would apply", " of the money that waited" },
};

struct charging {
    struct charge_input in;
    const char *debt_reference;
    enum change change;
    int32_t number;
    struct asking asking;
    struct account_balance after;
};

static bool read_component(const struct call *call, enum component *out, struct fault *why)
{
    const char *typed = call_text(call, CHARGE_COMPONENT);

    if (component_parse(typed, out) && *out != COMPONENT_PRINCIPAL)
        return true;
    return fail(why, BAD_USAGE, "--component is interest, fees or costs, not \"%s\".", typed);
}

static bool read_amount(struct writing *w, struct charging *c, struct fault *why)
{
    struct money money;

    if (w->call->given[CHARGE_AMOUNT].is) {
        if (!money_of_debt(w, c->in.debt, c->debt_reference, "amount",
                           call_text(w->call, CHARGE_AMOUNT), &money, why))
            return false;
        c->in.minor = money.minor;
        c->in.currency = money.currency;
        return true;
    }
    if (!account_currency(&w->book, &w->account, c->in.debt, &c->in.currency, why))
        return false;
    return c->in.currency != CURRENCY_NONE ||
           fail(why, BAD_USAGE, "The account has debts in several currencies: add --debt REF.");
}

static bool read_charging(struct writing *w, enum movement_kind kind, struct charging *c,
                          struct fault *why)
{
    const struct call *call = w->call;

    *c = (struct charging){ .in = { .kind = kind,
                                    .component = COMPONENT_COUNT,
                                    .reason = call_text(call, CHARGE_REASON) },
                            .debt_reference = call_text(call, CHARGE_DEBT) };
    if (!account_debt(&w->book, &w->account, c->debt_reference, &c->in.debt, why) ||
        !read_amount(w, c, why) || !call_day(call, CHARGE_ON, w->today, &c->in.day, why) ||
        !writing_key(w, &c->in.once, why))
        return false;
    if (c->in.day.number > w->today.number)
        return fail(why, BAD_USAGE, "--on %s is not here yet.", show_day(call->arena, c->in.day));
    if (kind == MOVEMENT_WRITE_OFF)
        c->in.whole = call->given[CHARGE_WHOLE].is;
    if (kind == MOVEMENT_CHARGE) {
        c->in.clause = call_text(call, CHARGE_CLAUSE);
        c->in.law = call_text(call, CHARGE_LAW);
    }
    return (kind != MOVEMENT_CHARGE && kind != MOVEMENT_WAIVE) ||
           read_component(call, &c->in.component, why);
}

/* "$15.00 in fees on INV-1 of FH-1 (Maya Thompson)" */
static const char *what_of(struct writing *w, const struct charging *c)
{
    struct arena *a = w->call->arena;
    const char *text = show_money(a, money_of(c->in.minor, c->in.currency));

    if (c->in.component < COMPONENT_COUNT)
        text = arena_print(a, "%s in %s", text, component_name(c->in.component));
    if (c->debt_reference != NULL)
        text = arena_print(a, "%s on %s", text, c->debt_reference);
    return arena_print(a, "%s, %s (%s)", text, w->account.reference, w->account.name);
}

static void print_charging(struct writing *w, const struct charging *c)
{
    struct arena *a = w->call->arena;
    struct money open = money_of(balance_total(&c->after.open), c->in.currency);
    struct money waiting = money_of(c->after.waiting, c->in.currency);
    struct receipt r;

    receipt_begin(&r, w->call, w->call->command->name);
    receipt_account(&r, w);
    if (c->asking.approval != 0) {
        receipt_waits(&r, w, what_of(w, c), "Nothing is taken off yet.", &c->asking);
    } else if (c->change == CHANGE_NONE) {
        receipt_already(&r, w, what_of(w, c));
    } else {
        receipt_line(&r, "%s %s%s.", writing_verb(w, words[c->in.kind].done,
                                                  words[c->in.kind].would),
                     what_of(w, c), words[c->in.kind].tail);
        receipt_line(&r, "  Open  %s", show_money(a, open));
        if (waiting.minor != 0)
            receipt_line(&r, "  Waits %s", show_money(a, waiting));
    }
    if (c->number != 0)
        receipt_count(&r, "number", c->number);
    receipt_money(&r, "amount", money_of(c->in.minor, c->in.currency));
    receipt_field(&r, "debt", c->debt_reference);
    receipt_day(&r, "on", c->in.day);
    receipt_money(&r, "open", open);
    receipt_money(&r, "waiting", waiting);
    if (c->number != 0)
        receipt_undo(&r, arena_print(a, "recoup charge undo %s --number %d",
                                     w->account.reference, (int)c->number));
    receipt_end(&r);
}

static bool put_charging(struct writing *w, enum movement_kind kind, struct fault *why)
{
    const char *role = charge_lets_go(kind) ? call_text(w->call, CHARGE_ROLE) : NULL;
    struct charging c;
    struct doer doer;

    if (!read_charging(w, kind, &c, why) ||
        !writing_doer(w, call_text(w->call, CHARGE_BY), role, &doer, why))
        return false;
    c.in.author = doer.author;
    if (!charge_put_as(&w->book, &w->account, &c.in, &doer.asker, &c.number, &c.change,
                       &c.asking, why) ||
        !account_balance(&w->book, &w->account, 0, c.in.currency, w->today, &c.after, why))
        return false;
    print_charging(w, &c);
    return true;
}

static bool run_charging(struct call *call, enum movement_kind kind, struct fault *why)
{
    struct writing w;

    return writing_begin(&w, call, why) && writing_end(&w, put_charging(&w, kind, why), why);
}

/* ---- charge add ------------------------------------------------------------------------- */

static const struct option add_options[] = {
    [CHARGE_DEBT] = DEBT_OPTION(true, "on this debt"),
    [CHARGE_AMOUNT] = AMOUNT_OPTION(true, "how much"),
    [CHARGE_ON] = ON_OPTION,
    [CHARGE_REASON] = REASON_OPTION(false),
    [CHARGE_BY] = BY_OPTION,
    [CHARGE_COMPONENT] = { OPTION_TEXT, "component", "NAME", "fees, costs or interest",
                           "What it is", true, 0, NULL },
    [CHARGE_CLAUSE] = { OPTION_TEXT, "clause", "TEXT",
                        "the clause of the contract that allows it, in its words",
                        "What allows it (one is needed)", false, 0, NULL },
    [CHARGE_LAW] = { OPTION_TEXT, "law", "CITATION", "the law that allows it", NULL, false, 0,
                     NULL },
    { .kind = OPTION_END },
};

static bool run_charge_add(struct call *call, struct fault *why)
{
    return run_charging(call, MOVEMENT_CHARGE, why);
}

const struct command command_charge_add = {
    .name = "charge add",
    .section = "Acting on accounts",
    .summary = "Charge a fee, costs or interest, by the clause or the law that allows it.",
    .examples = { "recoup charge add FH-20418 --debt INV-1 --amount 40 --component costs --law "
                  "\"BGB § 288(5)\"",
                  "recoup charge add FH-20418 --debt INV-1 --amount 15 --component fees --clause "
                  "\"A returned check costs $15.\"" },
    .target = "ACCOUNT",
    .targets_least = 1,
    .targets_most = 1,
    .options = add_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "Without a clause or a law nothing is charged. Interest and late fees of terms run\n"
             "by themselves: recoup help terms bind. Undo: recoup charge undo",
    .run = run_charge_add,
};

/* ---- charge waive ----------------------------------------------------------------------- */

static const struct option waive_options[] = {
    [CHARGE_DEBT] = DEBT_OPTION(true, "on this debt"),
    [CHARGE_AMOUNT] = AMOUNT_OPTION(false, "how much (all that is open of it)"),
    [CHARGE_ON] = ON_OPTION,
    [CHARGE_REASON] = REASON_OPTION(true),
    [CHARGE_BY] = BY_OPTION,
    [CHARGE_COMPONENT] = { OPTION_TEXT, "component", "NAME", "interest, fees or costs",
                           "What is let go", true, 0, NULL },
    [CHARGE_ROLE] = ROLE_OPTION,
    { .kind = OPTION_END },
};

static bool run_charge_waive(struct call *call, struct fault *why)
{
    return run_charging(call, MOVEMENT_WAIVE, why);
}

const struct command command_charge_waive = {
    .name = "charge waive",
    .section = "Acting on accounts",
    .summary = "Let interest, fees or costs go.",
    .examples = { "recoup charge waive FH-20418 --debt INV-1 --component fees --reason "
                  "goodwill --by luis@fairhaven.example",
                  "recoup charge waive FH-20418 --debt INV-1 --component interest --amount 3.20 "
                  "--reason \"our mistake\"" },
    .target = "ACCOUNT",
    .targets_least = 1,
    .targets_most = 1,
    .options = waive_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "What is above the role's authority waits for approval (authority/house.yaml):\n"
             "recoup approval list. Undo: recoup charge undo",
    .run = run_charge_waive,
};

/* ---- charge credit ---------------------------------------------------------------------- */

static const struct option credit_options[] = {
    [CHARGE_DEBT] = DEBT_OPTION(false, "on this debt (the oldest due first)"),
    [CHARGE_AMOUNT] = AMOUNT_OPTION(true, "of the credit note"),
    [CHARGE_ON] = ON_OPTION,
    [CHARGE_REASON] = REASON_OPTION(true),
    [CHARGE_BY] = BY_OPTION,
    { .kind = OPTION_END },
};

static bool run_charge_credit(struct call *call, struct fault *why)
{
    return run_charging(call, MOVEMENT_CREDIT, why);
}

const struct command command_charge_credit = {
    .name = "charge credit",
    .section = "Acting on accounts",
    .summary = "Enter a credit note.",
    .examples = { "recoup charge credit FH-20418 --amount 25 --reason \"returned goods\"",
                  "recoup charge credit FH-20418 --debt INV-1 --amount \"EUR 25\" --reason "
                  "\"credit note C-77\"" },
    .target = "ACCOUNT",
    .targets_least = 1,
    .targets_most = 1,
    .options = credit_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "What is left over waits, and can be refunded or applied. Undo: recoup charge undo",
    .run = run_charge_credit,
};

/* ---- charge write-off, charge-off ------------------------------------------------------- */

static const struct option write_off_options[] = {
    [CHARGE_DEBT] = DEBT_OPTION(false, "this debt (all of them)"),
    [CHARGE_AMOUNT] = AMOUNT_OPTION(false, "so much (all that is open)"),
    [CHARGE_ON] = ON_OPTION,
    [CHARGE_REASON] = REASON_OPTION(false),
    [CHARGE_BY] = BY_OPTION,
    [CHARGE_WHOLE] = { OPTION_FLAG, "whole", NULL, "however much it is", "How much", false, 0,
                       NULL },
    [CHARGE_ROLE] = ROLE_OPTION,
    { .kind = OPTION_END },
};

static bool run_write_off(struct call *call, struct fault *why)
{
    return run_charging(call, MOVEMENT_WRITE_OFF, why);
}

const struct command command_charge_write_off = {
    .name = "charge write-off",
    .section = "Acting on accounts",
    .summary = "Give up what is open: a small balance, or with --whole all of it.",
    .examples = { "recoup charge write-off FH-20418 --reason \"small balance\"",
                  "recoup charge write-off FH-20418 --debt INV-1 --whole --reason insolvent "
                  "--by rosa@fairhaven.example" },
    .target = "ACCOUNT",
    .targets_least = 1,
    .targets_most = 1,
    .options = write_off_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "What is small: recoup setting put write_off_below \"USD 5\". What is above the\n"
             "role's authority waits for approval (authority/house.yaml): recoup approval list.\n"
             "Afterwards the debtor owes it no more. Undo: recoup charge undo",
    .run = run_write_off,
};

static const struct option charge_off_options[] = {
    [CHARGE_DEBT] = DEBT_OPTION(true, "this debt"),
    [CHARGE_AMOUNT] = AMOUNT_OPTION(false, "so much (all that is open of the principal)"),
    [CHARGE_ON] = ON_OPTION,
    [CHARGE_REASON] = REASON_OPTION(false),
    [CHARGE_BY] = BY_OPTION,
    { .kind = OPTION_END },
};

static bool run_charge_off(struct call *call, struct fault *why)
{
    return run_charging(call, MOVEMENT_CHARGE_OFF, why);
}

const struct command command_charge_off = {
    .name = "charge off",
    .section = "Acting on accounts",
    .summary = "Book a debt as the creditor's loss; the debtor still owes it.",
    .examples = { "recoup charge off FH-20418 --debt INV-1 --reason \"180 days late\"",
                  "recoup charge off FH-20418 --debt INV-1 --amount 500" },
    .target = "ACCOUNT",
    .targets_least = 1,
    .targets_most = 1,
    .options = charge_off_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "Undo: recoup charge undo",
    .run = run_charge_off,
};

/* ---- pay apply -------------------------------------------------------------------------- */

static const struct option apply_options[] = {
    [CHARGE_DEBT] = DEBT_OPTION(true, "to this debt"),
    [CHARGE_AMOUNT] = AMOUNT_OPTION(false, "how much (all that waits, or is open there)"),
    [CHARGE_ON] = ON_OPTION,
    [CHARGE_REASON] = REASON_OPTION(false),
    [CHARGE_BY] = BY_OPTION,
    { .kind = OPTION_END },
};

static bool run_pay_apply(struct call *call, struct fault *why)
{
    return run_charging(call, MOVEMENT_APPLY, why);
}

const struct command command_pay_apply = {
    .name = "pay apply",
    .section = "Acting on accounts",
    .summary = "Put money that waits to a debt.",
    .examples = { "recoup pay apply FH-20418 --debt INV-2",
                  "recoup pay apply FH-20418 --debt INV-2 --amount 30" },
    .target = "ACCOUNT",
    .targets_least = 1,
    .targets_most = 1,
    .options = apply_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "Undo: recoup charge undo",
    .run = run_pay_apply,
};

/* ---- charge list, charge undo ----------------------------------------------------------- */

static bool run_charge_list(struct call *call, struct fault *why)
{
    struct sheet sheet = { 0 };

    struct store *s = store_open(call->settings.db.value, STORE_READ, why);
    if (s == NULL)
        return false;
    bool done = charge_list(s, call->targets[0], &sheet, why);
    store_close(s);
    if (done)
        call_print_sheet(call, &sheet);
    sheet_free(&sheet);
    return done;
}

const struct command command_charge_list = {
    .name = "charge list",
    .section = "Acting on accounts",
    .summary = "List what was charged or taken off without a payment, and by what ground.",
    .examples = { "recoup charge list FH-20418", "recoup charge list FH-20418 --json" },
    .target = "ACCOUNT",
    .targets_least = 1,
    .targets_most = 1,
    .traits = ANSWERS_JSON | ANSWERS_ROWS,
    .run = run_charge_list,
};

enum { UNDO_NUMBER };

static const struct option undo_options[] = {
    [UNDO_NUMBER] = { OPTION_INT, "number", "N", "its number: recoup charge list",
                      "What is taken back", true, 0, NULL },
    { .kind = OPTION_END },
};

static bool undo(struct writing *w, struct fault *why)
{
    struct arena *a = w->call->arena;
    int64_t number = call_int(w->call, UNDO_NUMBER, 0);
    struct movement was;
    enum change change;
    struct receipt r;

    if (number > INT32_MAX)
        number = 0; /* there is none */
    if (!charge_undo(&w->book, &w->account, (int32_t)number, &was, &change, why))
        return false;
    struct money money = money_of(was.minor, was.currency);
    receipt_begin(&r, w->call, "charge undo");
    receipt_account(&r, w);
    if (change == CHANGE_NONE)
        receipt_already(&r, w, arena_print(a, "number %d is taken back", (int)number));
    else
        receipt_line(&r, "%s number %d: %s, %s.", writing_verb(w, "Taken back:", "Would take back:"),
                     (int)number, movement_name(was.kind), show_money(a, money));
    receipt_count(&r, "number", number);
    receipt_field(&r, "kind", movement_name(was.kind));
    receipt_money(&r, "amount", money);
    receipt_end(&r);
    return true;
}

static bool run_charge_undo(struct call *call, struct fault *why)
{
    struct writing w;

    return writing_begin(&w, call, why) && writing_end(&w, undo(&w, why), why);
}

const struct command command_charge_undo = {
    .name = "charge undo",
    .section = "Acting on accounts",
    .summary = "Take back a charge, credit note, waiver or write-off: it never counted.",
    .examples = { "recoup charge undo FH-20418 --number 41",
                  "recoup charge undo FH-20418 --number 41 --dry-run" },
    .target = "ACCOUNT",
    .targets_least = 1,
    .targets_most = 1,
    .options = undo_options,
    .traits = ANSWERS_JSON | ACTS | DRY_RUNS,
    .notes = "The journal keeps both.",
    .run = run_charge_undo,
};

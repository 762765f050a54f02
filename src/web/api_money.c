/* API: money of one account: what came in and went back, charges and credits, statements. */
#include "web/api.h"

#include "base/text.h"
#include "flow/charge_ask.h"
#include "flow/refund_ask.h"
#include "flow/statement.h"
#include "web/page.h"

/* ---- Shapes -------------------------------------------------------------------------------- */

static const struct api_field back_body[] = {
    { "end", API_TEXT, API_MUST, "failed, returned, charged_back, duplicate", NULL },
    API_REASON,
    API_END,
};
static const struct api_field refund_body[] = {
    { "amount", API_AMOUNT, API_MUST, "of what waits", NULL },
    { "currency", API_CODE, API_MAY, "of the amount", NULL },
    { "day", API_DAY, API_MAY, "when (today)", NULL },
    API_REASON,
    API_END,
};
static const struct api_field move_body[] = {
    { "to", API_TEXT, API_MUST, "the account that it belongs to", NULL },
    API_REASON,
    API_END,
};
static const struct api_field charge_rows[] = {
    { "number", API_INT, API_MUST, "its number in the account", NULL },
    { "on", API_DAY, API_MUST, "for which day it counts", NULL },
    { "kind", API_TEXT, API_MUST, "charge, credit, waive, write_off, …", NULL },
    { "debt", API_TEXT, API_OR_NULL, "of which; null: all", NULL },
    { "component", API_TEXT, API_OR_NULL, "principal, interest, fees, costs", NULL },
    { "currency", API_CODE, API_OR_NULL, "of the amount", NULL },
    { "amount", API_AMOUNT, API_OR_NULL, "how much", NULL },
    { "ground", API_TEXT, API_OR_NULL, "the clause or the law", NULL },
    { "reason", API_TEXT, API_OR_NULL, "why", NULL },
    { "origin", API_TEXT, API_OR_NULL, "what it follows from", NULL },
    { "author", API_TEXT, API_OR_NULL, "who", NULL },
    { "state", API_TEXT, API_OR_NULL, "whether it counts", NULL },
    API_END,
};
static const struct api_field charge_body[] = {
    { "kind", API_TEXT, API_MUST, "charge, credit, waive, write_off", NULL },
    { "debt", API_TEXT, API_MUST, "of which", NULL },
    { "amount", API_AMOUNT, API_MAY, "charge and credit need it; else all that is open", NULL },
    { "component", API_TEXT, API_MAY, "of charge and waive: interest, fees, costs", NULL },
    { "day", API_DAY, API_MAY, "for which it counts (today)", NULL },
    { "clause", API_TEXT, API_MAY, "of the contract, that allows a charge", NULL },
    { "law", API_TEXT, API_MAY, "that allows a charge", NULL },
    API_REASON,
    API_END,
};
static const struct api_field statement_rows_fields[] = {
    { "statement", API_INT, API_MUST, "its number in the account", NULL },
    { "kind", API_TEXT, API_MUST, "statement or receipt", NULL },
    { "object", API_TEXT, API_OR_NULL, "the debt or payment", NULL },
    { "from", API_DAY, API_OR_NULL, "the first day", NULL },
    { "to", API_DAY, API_OR_NULL, "the last day", NULL },
    { "at", API_MOMENT, API_MUST, "when it was made", NULL },
    { "state", API_TEXT, API_OR_NULL, "whether it says what the books say", NULL },
    { "replaces", API_INT, API_OR_NULL, "another one", NULL },
    { "digest", API_TEXT, API_OR_NULL, "of its content", NULL },
    API_END,
};
static const struct api_field statement_body[] = {
    { "to", API_DAY, API_MUST, "the last day: it is over", NULL },
    { "from", API_DAY, API_MAY, "the first day (the first thing that happened)", NULL },
    { "payment", API_TEXT, API_MAY, "instead: a receipt of this payment", NULL },
    API_END,
};
static const struct api_field one_statement_reply[] = {
    { "account", API_TEXT, API_MUST, "whose", NULL },
    { "number", API_INT, API_MUST, "of the statement", NULL },
    { "change", API_TEXT, API_MUST, "added, or none: it was given out already", NULL },
    { "digest", API_TEXT, API_MUST, "of its content", NULL },
    { "content", API_ANY, API_MUST, "as recoup statement --json says it", NULL },
    API_END,
};

/* ---- Payments ------------------------------------------------------------------------------ */

static bool end_read(const char *text, enum payment_end *out, struct fault *why)
{
    static const char *const names[] = { [PAYMENT_FAILED] = "failed",
                                         [PAYMENT_RETURNED] = "returned",
                                         [PAYMENT_CHARGED_BACK] = "charged_back",
                                         [PAYMENT_DUPLICATE] = "duplicate" };

    for (size_t i = 0; i < COUNT(names); i++) {
        *out = (enum payment_end)i;
        if (text_equal(names[i], text))
            return true;
    }
    return fail(why, BAD_VALUE,
                "The field \"end\" has to be failed, returned, charged_back or duplicate.");
}

static bool post_back(struct api *call, struct fault *why)
{
    enum payment_end end;
    enum change change;

    if (!end_read(api_text(call, "end"), &end, why) ||
        !book_payment_back(call->book, call->account.key, call->holes[1], end,
                           api_text(call, "reason"), &change, why))
        return false;
    api_give_done(call, change);
    return true;
}

static bool post_refund(struct api *call, struct fault *why)
{
    const struct asker asker = { call->user.number, call->role->authority };
    struct refund_input in = { .reference = call->holes[1],
                               .reason = api_text(call, "reason"),
                               .author = call->user.name };
    struct account_payment payment;
    struct asking asking;
    enum change change;
    struct money money;
    int32_t number;

    if (!api_money(call, &money, why) ||
        !api_day(call, "day", call->view->today, &in.day, why))
        return false;
    in.minor = money.minor;
    if (!account_payment(call->book, &call->account, in.reference, &payment, why))
        return false;
    if (payment.found && payment.money.currency != money.currency)
        return fail(why, BAD_VALUE, "The payment is in %s, not in %s.",
                    currency_code(payment.money.currency), currency_code(money.currency));
    if (!refund_put_as(call->book, &call->account, &in, NULL, &asker, &number, &change, &asking,
                       why))
        return false;
    api_give_asked(call, change, number, &asking);
    return true;
}

static bool post_move(struct api *call, struct fault *why)
{
    struct casefile_key to;
    enum change change;

    if (!view_find(call->view, api_text(call, "to"), &to, why)) {
        if (why->code != NOT_FOUND)
            return false;
        return fail(why, BAD_VALUE, "There is no account \"%.60s\".", api_text(call, "to"));
    }
    if (!book_payment_move(call->book, call->account.key, call->holes[1], to,
                           api_text(call, "reason"), &change, why))
        return false;
    api_give_done(call, change);
    return true;
}

/* ---- Charges ------------------------------------------------------------------------------- */

static bool get_charges(struct api *call, struct fault *why)
{
    struct casefile_key key;
    struct sheet sheet = { 0 };

    return api_key(call, &key, why) &&
           api_give_if(call, charge_list(call->view->store, call->holes[0], &sheet, why), &sheet);
}

static bool kind_read(const char *text, enum movement_kind *out, struct fault *why)
{
    static const struct {
        const char *name;
        enum movement_kind kind;
    } all[] = { { "charge", MOVEMENT_CHARGE },
                { "credit", MOVEMENT_CREDIT },
                { "waive", MOVEMENT_WAIVE },
                { "write_off", MOVEMENT_WRITE_OFF } };

    for (size_t i = 0; i < COUNT(all); i++) {
        *out = all[i].kind;
        if (text_equal(all[i].name, text))
            return true;
    }
    return fail(why, BAD_VALUE, "The field \"kind\" has to be charge, credit, waive or "
                                "write_off.");
}

static bool charge_read(struct api *call, struct charge_input *in, struct fault *why)
{
    const char *component = api_text(call, "component");

    *in = (struct charge_input){ .component = COMPONENT_COUNT,
                                 .clause = api_text(call, "clause"),
                                 .law = api_text(call, "law"),
                                 .reason = api_text(call, "reason"),
                                 .author = call->user.name,
                                 .whole = true }; /* their authority says how much is small */
    if (!kind_read(api_text(call, "kind"), &in->kind, why) ||
        !account_debt(call->book, &call->account, api_text(call, "debt"), &in->debt, why) ||
        !account_currency(call->book, &call->account, in->debt, &in->currency, why) ||
        !api_day(call, "day", call->view->today, &in->day, why) ||
        !api_amount(call, "amount", in->currency, &in->minor, why))
        return false;
    if (component != NULL && !component_parse(component, &in->component))
        return fail(why, BAD_VALUE, "There is no component \"%.60s\".", component);
    bool parted = in->kind == MOVEMENT_CHARGE || in->kind == MOVEMENT_WAIVE;
    if (parted && in->component == COMPONENT_COUNT)
        return fail(why, BAD_VALUE, "The field \"component\" is missing: interest, fees, costs.");
    return in->minor > 0 || (in->kind != MOVEMENT_CHARGE && in->kind != MOVEMENT_CREDIT) ||
           fail(why, BAD_VALUE, "The field \"amount\" is missing.");
}

static bool post_charge(struct api *call, struct fault *why)
{
    const struct asker asker = { call->user.number, call->role->authority };
    struct charge_input in;
    struct asking asking;
    enum change change;
    int32_t number;

    if (!charge_read(call, &in, why) ||
        !charge_put_as(call->book, &call->account, &in, &asker, &number, &change, &asking, why))
        return false;
    api_give_asked(call, change, number, &asking);
    return true;
}

static bool post_undo(struct api *call, struct fault *why)
{
    struct movement was;
    enum change change;
    int32_t number;

    if (!api_number(call, 1, &number, why) ||
        !charge_undo(call->book, &call->account, number, &was, &change, why))
        return false;
    api_give_made(call, change, number);
    return true;
}

/* ---- Statements ---------------------------------------------------------------------------- */

static bool get_statements(struct api *call, struct fault *why)
{
    struct casefile_key key;
    struct sheet sheet = { 0 };

    return api_key(call, &key, why) &&
           api_give_if(call,
                       statement_rows(call->view->store, call->holes[0], call->view->now,
                                      call->view->zone, &sheet, why),
                       &sheet);
}

static bool post_statement(struct api *call, struct fault *why)
{
    struct statement_request r = { .reference = call->holes[0],
                                   .payment = api_text(call, "payment"),
                                   .now = call->view->now,
                                   .zone = call->view->zone };
    struct statement made = { 0 };
    enum change change;

    if (!api_day(call, "from", DAY_NONE, &r.from, why) ||
        !api_day(call, "to", DAY_NONE, &r.to, why) ||
        !statement_make(call->book, &r, NULL, &made, &change, why))
        return false;
    json_t *out = json_object();
    put(out, "account", made.account);
    put_int(out, "number", made.number);
    put(out, "change", change == CHANGE_NONE ? "none" : "added");
    put(out, "digest", made.digest);
    json_object_set(out, "content", made.content);
    statement_done(&made);
    api_give(call, change == CHANGE_NONE ? 200 : 201, out);
    return true;
}

static const struct api_field charges_reply[] = {
    { "charges", API_ROWS, API_MUST, "by day", charge_rows },
    API_END,
};
static const struct api_field statements_reply[] = {
    { "statements", API_ROWS, API_MUST, "given out", statement_rows_fields },
    API_END,
};

#define OF_PAYMENT OF_ACCOUNT "/payments/{}"

const struct route routes_api_money[] = {
    API_TAKES(OF_PAYMENT "/back", MAY_PAY, "takePaymentBack",
              "Money that did not stay: the books are those without it", back_body, api_done_reply,
              post_back, "account", "payment"),
    API_TAKES(OF_PAYMENT "/refund", MAY_PAY, "refundPayment",
              "Gives back of what waits; beyond one's authority it waits", refund_body,
              api_asked_reply, post_refund, "account", "payment"),
    API_TAKES(OF_PAYMENT "/move", MAY_PAY, "movePayment", "It belongs to another account",
              move_body, api_done_reply, post_move, "account", "payment"),
    API_GIVES(OF_ACCOUNT "/charges", MAY_SEE, "listCharges",
              "Charges, credits, waivers and write-offs", NULL, charges_reply, get_charges,
              "account"),
    API_TAKES(OF_ACCOUNT "/charges", MAY_PAY, "addCharge",
              "Adds to a debt, or takes off it; beyond one's authority it waits", charge_body,
              api_asked_reply,
              post_charge, "account"),
    API_TAKES(OF_ACCOUNT "/charges/{}/undo", MAY_PAY, "undoCharge", "It never counted",
              api_nothing, api_made_reply, post_undo, "account", "movement"),
    API_GIVES(OF_ACCOUNT "/statements", MAY_SEE, "listStatements", "Statements and receipts", NULL,
              statements_reply, get_statements, "account"),
    API_TAKES(OF_ACCOUNT "/statements", MAY_WORK, "giveStatement",
              "Makes and keeps a statement, or a receipt", statement_body, one_statement_reply,
              post_statement, "account"),
    { 0 },
};

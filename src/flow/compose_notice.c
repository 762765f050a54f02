/* Compose: the validation notice of a US debt collector, a document for each debt. */
#include "flow/compose_parts.h"

#include "base/text.h"
#include "domain/ask.h"
#include "domain/itemization.h"
#include "flow/book.h"

#include <string.h>

/* What is known of a debt on its itemization date. */
struct origin {
    const struct debt *debt;
    struct gate_fields detail; /* itemization_date, …: docs/maps.md */
    struct day date;
    const char *creditor, *account;
    struct itemization sums;
};

static const char *told(const struct origin *o, const char *name)
{
    return gate_field_find(o->detail, name);
}

static bool is_own_book(const char *creditor)
{
    return text_is_empty(creditor) || text_equal(creditor, "us");
}

/* ---- amounts ----------------------------------------------------------------------------- */

static bool itemized_load(struct composing *c, int32_t debt, struct itemized **out,
                           size_t *count)
{
    struct query q = query_begin(c->store, Q_DEBT_MOVEMENTS);
    size_t room = 0;

    *out = NULL;
    *count = 0;
    bind_int(&q, c->r->casefile->key.bucket);
    bind_int(&q, c->r->casefile->key.id);
    bind_int(&q, debt);
    bind_int(&q, c->r->today.number);
    while (query_next(&q)) {
        const char *account = row_text(&q, 1);
        *arena_push(c->a, *out, *count, room) = (struct itemized){
            .day = { (int32_t)row_int(&q, 0) },
            .kind = text_equal(account, "principal")  ? MOVED_PRINCIPAL
                    : text_equal(account, "interest") ? MOVED_INTEREST
                                                      : MOVED_FEES,
            .paid = row_int(&q, 3) != 0,
            .minor = row_int(&q, 2),
        };
    }
    return query_end(&q, c->why);
}

static const char *money_of_debt(const struct composing *c, const struct origin *o,
                                 int64_t minor)
{
    return compose_money(c, money_of(minor, o->debt->currency));
}

/* Interest that ran by the day of the letter and is not posted yet. */
static bool itemized_running(struct composing *c, int32_t debt, struct itemized **all,
                             size_t *count)
{
    int64_t running = 0;

    for (size_t i = 0; i < c->books.state.slice_count; i++) {
        const struct ledger_slice *slice = &c->books.state.slices[i];
        struct ledger_balance is, posted;
        if (slice->debt != debt)
            continue;
        if (!ledger_slice_balance(&c->books.state, slice, c->r->today, &is, c->why) ||
            !compose_posted(c, debt, slice->instalment, &posted))
            return false;
        running += is.open[COMPONENT_INTEREST] - posted.open[COMPONENT_INTEREST];
    }
    if (running == 0)
        return true;
    struct itemized *more = arena_array(c->a, struct itemized, *count + 1);
    if (*count > 0)
        memcpy(more, *all, *count * sizeof *more);
    more[(*count)++] = (struct itemized){ c->r->today, MOVED_INTEREST, false, running };
    *all = more;
    return true;
}

/* What the other letters would ask for: notice and letter agree. */
static bool is_ledger(struct composing *c, const struct origin *o)
{
    int64_t total = 0;

    for (size_t i = 0; i < c->books.state.slice_count; i++) {
        const struct ledger_slice *slice = &c->books.state.slices[i];
        struct ledger_balance is;
        if (slice->debt != o->debt->number)
            continue;
        if (!ledger_slice_balance(&c->books.state, slice, c->r->today, &is, c->why))
            return false;
        total += balance_total(&is);
    }
    return total == o->sums.now ||
           fail(c->why, BAD_VALUE,
                "The validation notice of debt %s would say %s, and the ledger says %s.",
                o->debt->reference, money_of_debt(c, o, o->sums.now),
                money_of_debt(c, o, total));
}

/* An amount that came with the debt; *out is left alone when there is none. */
static bool told_amount(struct composing *c, const struct origin *o, const char *name,
                        int64_t *out)
{
    const char *text = told(o, name);
    struct money money;

    if (text == NULL)
        return true;
    if (!money_parse(text, '.', '\0', o->debt->currency, &money, c->why))
        return false;
    *out = money.minor;
    return true;
}

/*
 * The ledger begins with the placement. What the creditor says of the time before, the amount
 * on the date and what came and went until then, takes the place of what it does not know.
 */
static bool sums_of(struct composing *c, struct origin *o)
{
    struct itemized *all;
    size_t count;
    int64_t interest = 0, fees = 0, payments = 0, credits = 0;

    if (!itemized_load(c, o->debt->number, &all, &count) ||
        !itemized_running(c, o->debt->number, &all, &count))
        return false;
    o->sums = itemization_of(o->date, count, all);
    if (!told_amount(c, o, "itemization_amount", &o->sums.then) ||
        !told_amount(c, o, "itemization_interest", &interest) ||
        !told_amount(c, o, "itemization_fees", &fees) ||
        !told_amount(c, o, "itemization_payments", &payments) ||
        !told_amount(c, o, "itemization_credits", &credits))
        return false;
    o->sums.interest += interest;
    o->sums.fees += fees;
    o->sums.payments += payments;
    o->sums.credits += credits;
    return true;
}

static bool fail_sums(struct composing *c, const struct origin *o)
{
    const struct itemization *i = &o->sums;
    char date[DAY_TEXT];

    return fail(
        c->why, BAD_VALUE,
        "The validation notice of debt %s does not add up: %s on %s, plus %s interest and "
        "%s fees, less %s payments and %s credits, is not %s.",
        o->debt->reference, money_of_debt(c, o, i->then), day_print(o->date, date),
        money_of_debt(c, o, i->interest), money_of_debt(c, o, i->fees),
        money_of_debt(c, o, i->payments), money_of_debt(c, o, i->credits),
        money_of_debt(c, o, i->now));
}

/* ---- facts ------------------------------------------------------------------------------- */

static bool fail_unknown(struct composing *c, const struct origin *o, const char *what)
{
    char date[DAY_TEXT];

    fail(c->why, BAD_VALUE,
         "The validation notice of debt %s needs %s on %s, which is not known.",
         o->debt->reference, what, day_print(o->date, date));
    return fault_hint(c->why, "import the debt again with its itemization: docs/maps.md");
}

/* Nobody named a date: that of the transaction, on which the ledger begins. */
static bool origin_find(struct composing *c, const struct debt *debt, struct origin *o)
{
    const struct casefile *file = c->r->casefile;
    const char *date, *creditor, *account;

    *o = (struct origin){ .debt = debt,
                          .detail = ask_debt(file, debt->number, c->r->now, c->a).detail,
                          .date = debt->invoice_day };
    date = told(o, "itemization_date");
    if (date != NULL && !day_parse(date, &o->date))
        return fail(c->why, BAD_VALUE,
                    "Debt %s has the itemization date \"%s\", which is none.", debt->reference,
                    date);
    creditor = told(o, "itemization_creditor");
    account = told(o, "account_number");
    o->creditor = creditor != NULL              ? creditor
                  : is_own_book(file->creditor) ? NULL
                                                : file->creditor;
    o->account = account != NULL ? account : debt->reference;
    if (o->date.number > c->r->today.number)
        return fail(c->why, BAD_VALUE, "Debt %s has an itemization date in the future.",
                    debt->reference);
    if (o->creditor == NULL)
        return fail_unknown(c, o, "the creditor");
    if (text_is_empty(o->account))
        return fail_unknown(c, o, "the account number");
    return sums_of(c, o) && is_ledger(c, o) &&
           (itemization_adds_up(&o->sums) || fail_sums(c, o));
}

/* ---- words ------------------------------------------------------------------------------- */

/* "$": what stands before the amount that the debtor fills in. */
static const char *currency_mark(const struct composing *c, enum currency currency)
{
    const char *zero = compose_money(c, money_of(0, currency));
    size_t length = strcspn(zero, "0123456789");

    return length > 0 ? text_trim(c->a, arena_copy_n(c->a, zero, length))
                      : currency_code(currency);
}

static bool put_notice(struct composing *c, const struct origin *o, json_t *context)
{
    json_t *notice = json_object();
    const struct itemization *i = &o->sums;
    const char *description;

    json_object_set_new(context, "notice", notice);
    if (!compose_description(c, o->debt->number, &description))
        return false;
    context_put(notice, "description", description);
    context_put(notice, "creditor_then", o->creditor);
    context_put(notice, "creditor_now",
                c->r->casefile->role == ACTOR_DEBT_BUYER ? c->sender->name
                                                         : c->r->casefile->creditor);
    context_put(notice, "account_number", o->account);
    context_put(notice, "itemization_date", compose_day(c, o->date));
    context_put(notice, "amount_then", money_of_debt(c, o, i->then));
    context_put(notice, "interest", money_of_debt(c, o, i->interest));
    context_put(notice, "fees", money_of_debt(c, o, i->fees));
    context_put(notice, "paid", money_of_debt(c, o, i->payments + i->credits));
    context_put(notice, "amount_now", money_of_debt(c, o, i->now));
    context_put(context, "currency_mark", currency_mark(c, o->debt->currency));
    return true;
}

/* Only who can send the notice in Spanish offers it: 12 CFR 1006.34(e). */
static bool put_spanish(struct composing *c)
{
    const char *offered;

    if (!book_setting(c->store, c->a, "spanish_notice", &offered, c->why))
        return false;
    json_object_set_new(c->context, "spanish", json_boolean(text_equal(offered, "yes")));
    return true;
}

static bool has_address(const json_t *context, const char *who)
{
    return json_array_size(json_object_get(json_object_get(context, who), "address")) > 0;
}

/* Both are printed on the part to be sent back, also in an email. */
static bool addresses_are_known(struct composing *c)
{
    if (!has_address(c->context, "collector")) {
        fail(c->why, BAD_VALUE, "A validation notice needs your mailing address.");
        return fault_hint(c->why, "recoup setting put address \"LINE|LINE\"");
    }
    return has_address(c->context, "debtor") ||
           fail(c->why, BAD_VALUE, "A validation notice needs the mailing address of %s.",
                c->r->party->name);
}

static bool render_notice(struct composing *c, const struct letter_text *text,
                          const struct debt *debt, struct letter_document *out)
{
    struct origin origin;
    json_t *context = json_copy(c->context);

    must(context != NULL);
    bool fine = origin_find(c, debt, &origin) && put_notice(c, &origin, context) &&
                letter_text_render(c->a, text, context, c->r->channel, out, c->why);
    json_decref(context);
    return fine;
}

bool compose_notices(struct composing *c, const struct letter_text *text,
                     struct letter_document **documents, size_t *count)
{
    int32_t last = 0;

    *documents = arena_array(c->a, struct letter_document, c->r->item_count);
    *count = 0;
    if (!addresses_are_known(c) || !put_spanish(c))
        return false;
    for (size_t i = 0; i < c->r->item_count; i++) { /* items come in the order of debts */
        int32_t number = c->r->items[i]->debt;
        if (number == last)
            continue;
        last = number;
        if (!render_notice(c, text, casefile_debt(c->r->casefile, number),
                           &(*documents)[(*count)++]))
            return false;
    }
    return true;
}

/* Compose: what a message says of money is what the ledger says. */
#include "flow/compose_parts.h"

#include "base/text.h"
#include "store/casefiles.h"

#include <stdio.h>

static bool fail_check(struct composing *c, const struct debt *debt, const char *what,
                       int64_t said, int64_t ledger)
{
    char here[MONEY_TEXT], there[MONEY_TEXT];

    fail(c->why, BAD_VALUE, "%s of %s would be told as %s %s, and the ledger says %s.", what,
         debt->reference, money_print(money_of(said, debt->currency), here),
         currency_code(debt->currency), money_print(money_of(ledger, debt->currency), there));
    return fault_hint(c->why, "recoup prove");
}

bool compose_posted(struct composing *c, int32_t debt, int32_t instalment,
                    struct ledger_balance *out)
{
    struct query q = query_begin(c->store, Q_POSTED_PARTS);
    enum component part;

    *out = (struct ledger_balance){ 0 };
    bind_key(&q, c->r->casefile->key);
    bind_int(&q, debt);
    bind_int(&q, instalment);
    bind_int(&q, c->r->today.number);
    while (query_next(&q)) {
        if (component_parse(row_text(&q, 0), &part))
            out->open[part] = row_int(&q, 1);
    }
    return query_end(&q, c->why);
}

bool compose_check_item(struct composing *c, const struct instalment *item,
                        const struct debt *debt, const struct ledger_balance *balance)
{
    static const char *const names[COMPONENT_COUNT] = { "The principal", "The interest",
                                                        "The fees", "The costs" };
    const struct ledger_slice *slice =
        ledger_slice_find(&c->books.state, item->debt, item->number);
    struct ledger_balance posted;

    if (slice == NULL || slice->currency != debt->currency)
        return fail(c->why, BAD_VALUE, "The ledger has no amount of %s in %s.", debt->reference,
                    currency_code(debt->currency));
    if (slice->owed[COMPONENT_PRINCIPAL] != item->amount_minor)
        return fail_check(c, debt, "The amount", item->amount_minor,
                          slice->owed[COMPONENT_PRINCIPAL]);
    if (!compose_posted(c, item->debt, item->number, &posted))
        return false;
    for (int i = 0; i < COMPONENT_COUNT; i++) {
        bool runs = i == COMPONENT_INTEREST; /* what ran since it was posted last is owed, too */
        if (runs ? balance->open[i] < posted.open[i] : balance->open[i] != posted.open[i])
            return fail_check(c, debt, names[i], balance->open[i], posted.open[i]);
    }
    return true;
}

/* What the ledger says of all that is told in one currency, less what is in dispute. */
static bool ledger_total(struct composing *c, enum currency currency, int64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < c->r->item_count; i++) {
        const struct instalment *item = c->r->items[i];
        struct ledger_balance balance;
        if (casefile_debt(c->r->casefile, item->debt)->currency != currency)
            continue;
        if (!compose_balance(c, item, &balance))
            return false;
        *out += balance_total(&balance) - item->disputed_minor;
    }
    return true;
}

bool compose_check_totals(struct composing *c)
{
    for (size_t i = 0; i < c->total_count; i++) {
        enum currency currency = c->totals[i].currency;
        char said[MONEY_TEXT], is[MONEY_TEXT];
        int64_t total;
        if (!ledger_total(c, currency, &total))
            return false;
        if (total != c->totals[i].open_minor)
            return fail(c->why, BAD_VALUE,
                        "The message would ask for %s %s, and its lines come to %s in the "
                        "ledger.",
                        money_print(money_of(c->totals[i].open_minor, currency), said),
                        currency_code(currency), money_print(money_of(total, currency), is));
    }
    return true;
}

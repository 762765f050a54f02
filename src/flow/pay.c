#include "flow/pay.h"

#include "base/text.h"
#include "flow/charge.h"
#include "flow/spoken.h"
#include "store/casefiles.h"

bool pay_reference(struct book *b, const struct account *account, struct day day,
                   const char **out, struct fault *why)
{
    struct account_payment other;
    char text[DAY_TEXT];

    *out = NULL;
    for (int n = 1; *out == NULL; n++) {
        const char *made = arena_print(&b->arena, "manual-%s-%d", day_print(day, text), n);
        if (!account_payment(b, account, made, &other, why))
            return false;
        if (!other.found)
            *out = made;
    }
    return true;
}

bool pay_of_number(struct book *b, const struct account *account, int32_t number,
                   const char **reference, struct fault *why)
{
    struct query q = query_begin(b->store, Q_PAYMENT_REFERENCE);

    *reference = NULL;
    bind_key(&q, account->key);
    bind_int(&q, number);
    if (query_next(&q))
        *reference = row_copy(&q, 0, &b->arena);
    return query_end(&q, why) &&
           (*reference != NULL || fail(why, NOT_FOUND, "Account %s has no payment %d.",
                                       account->reference, (int)number));
}

static const char *shown(struct book *b, struct money money)
{
    char text[MONEY_TEXT];

    return arena_copy(&b->arena, money_show(money, text));
}

bool pay_may_record(struct book *b, const struct account *account,
                    const struct payment_input *in, struct fault *why)
{
    static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
    struct account_payment old;

    if (!account_payment(b, account, in->reference, &old, why))
        return false;
    bool failed = old.found && text_equal(old.state, "failed");
    if (old.found && !old.pending && !text_equal(old.state, "settled") && !in->pending && !failed)
        return fail(why, CONFLICT, "Payment \"%s\" of %s is on file as %s.", in->reference,
                    account->reference, old.state);
    if (!old.found || old.pending || failed ||
        (old.day.number == in->day.number && old.money.minor == in->minor &&
         old.money.currency == in->currency && !in->pending))
        return true;
    return fail(why, CONFLICT, "Payment \"%s\" of %s is on file already, as %s on %s, %s.",
                in->reference, account->reference, shown(b, old.money),
                days[weekday_of(old.day)], spoken_short_day(&b->arena, "en", "US", old.day));
}

bool pay_return_fee(struct book *b, const struct account *account, const struct return_fee *in,
                    struct fault *why)
{
    struct charge_input charge = {
        .kind = MOVEMENT_CHARGE,
        .component = COMPONENT_FEES,
        .currency = in->fee.currency,
        .minor = in->fee.minor,
        .day = book_today(b),
        .clause = in->clause,
        .law = in->law,
        .reason = arena_print(&b->arena, "payment %s %s", in->reference, in->what),
        .author = in->author,
        .origin = arena_print(&b->arena, "return of payment %d", (int)in->number),
    };
    enum change change;
    int32_t number;

    return charge_put(b, account, &charge, &number, &change, why);
}

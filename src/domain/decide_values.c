/* Decide: what is known of a case file, as values for conditions. */
#include "domain/decide_parts.h"

#include <string.h>

static const struct instalment *oldest_open(const struct casefile *c)
{
    const struct instalment *oldest = NULL;

    for (size_t i = 0; i < c->instalment_count; i++) {
        const struct instalment *item = &c->instalments[i];
        if (item->open_minor > 0 &&
            (oldest == NULL || item->due_day.number < oldest->due_day.number))
            oldest = item;
    }
    return oldest;
}

struct totals totals_of(const struct casefile *c, struct day today)
{
    struct totals t = { .oldest_due = DAY_NEVER };
    const struct instalment *oldest = oldest_open(c);

    if (oldest == NULL)
        return t;
    t.oldest_due = oldest->due_day;
    t.currency = casefile_debt(c, oldest->debt)->currency;
    for (size_t i = 0; i < c->instalment_count; i++) {
        const struct instalment *item = &c->instalments[i];
        if (item->open_minor <= 0)
            continue;
        bool past_due = item->due_day.number < today.number;
        bool same = casefile_debt(c, item->debt)->currency == t.currency;
        t.open_items++;
        t.past_due_items += past_due;
        t.open_minor += same ? item->open_minor : 0;
        t.past_due_minor += same && past_due ? item->open_minor : 0;
    }
    return t;
}

static struct value of_number(int64_t number)
{
    return (struct value){ .known = true, .number = number };
}

static struct value of_truth(bool truth)
{
    return (struct value){ .known = true, .truth = truth };
}

static struct value of_text(const char *text)
{
    return (struct value){ .known = text != NULL, .text = text };
}

static const char *country_of(const char *place)
{
    static const char *const known[] = { "US", "CA", "GB", "DE", "FR", "AU", "IE",
                                         "NL", "AT", "CH", "ES", "IT", "SE" };

    for (size_t i = 0; place != NULL && i < COUNT(known); i++) {
        if (strncmp(place, known[i], 2) == 0 && (place[2] == '-' || place[2] == '\0'))
            return known[i];
    }
    return NULL;
}

static int32_t broken_promises(const struct casefile *c)
{
    int32_t count = 0;

    for (size_t i = 0; i < c->promise_count; i++)
        count += c->promises[i].state == PROMISE_BROKEN ||
                 c->promises[i].state == PROMISE_PARTLY_KEPT;
    return count;
}

static int32_t defaulted_plans(const struct casefile *c)
{
    int32_t count = 0;

    for (size_t i = 0; i < c->plan_count; i++)
        count += c->plans[i].state == PLAN_DEFAULTED;
    return count;
}

void file_values(const struct casefile *c, const struct totals *t, struct day today,
                 struct value v[STRATEGY_FACT_COUNT])
{
    const struct party *debtor = casefile_party(c, PARTY_DEBTOR);
    const char *place = debtor != NULL && debtor->place_count == 1 ? debtor->places[0] : NULL;
    bool any = t->open_items > 0;

    v[ITEM_DAYS_PAST_DUE] = v[ITEM_DAYS_DELINQUENT] = v[ITEM_OPEN_MINOR] = v[ITEM_KIND] =
        (struct value){ 0 };
    v[FILE_OLDEST_DAYS] =
        any ? of_number(today.number - t->oldest_due.number) : (struct value){ 0 };
    v[FILE_OPEN_MINOR] = of_number(t->open_minor);
    v[FILE_PAST_DUE_MINOR] = of_number(t->past_due_minor);
    v[FILE_OPEN_ITEMS] = of_number(t->open_items);
    v[FILE_PAST_DUE_ITEMS] = of_number(t->past_due_items);
    v[FILE_CURRENCY] = of_text(any ? currency_code(t->currency) : NULL);
    v[FILE_BUSINESS] = of_truth(c->business);
    v[FILE_ROLE] = of_text(actor_role_name(c->role));
    v[FILE_CREDITOR] = of_text(c->creditor);
    v[FILE_COUNTRY] = of_text(country_of(place));
    v[FILE_REGION] = of_text(place != NULL && strchr(place, '-') != NULL ? place : NULL);
    v[FILE_LANGUAGE] = of_text(debtor != NULL ? debtor->language : NULL);
    v[FILE_HAS_EMAIL] = of_truth(casefile_point(c, PARTY_DEBTOR, CHANNEL_EMAIL, true) != NULL);
    v[FILE_HAS_LETTER] =
        of_truth(casefile_point(c, PARTY_DEBTOR, CHANNEL_LETTER, true) != NULL);
    v[FILE_HAS_PHONE] = of_truth(casefile_point(c, PARTY_DEBTOR, CHANNEL_CALL, true) != NULL);
    v[FILE_BROKEN_PROMISES] = of_number(broken_promises(c));
    v[FILE_DEFAULTED_PLANS] = of_number(defaulted_plans(c));
}

void item_values(const struct casefile *c, const struct instalment *item, struct day today,
                 struct value v[STRATEGY_FACT_COUNT])
{
    v[ITEM_DAYS_PAST_DUE] = of_number(today.number - item->due_day.number);
    v[ITEM_DAYS_DELINQUENT] = of_number(instalment_days_delinquent(c, item, today));
    v[ITEM_OPEN_MINOR] = of_number(item->open_minor);
    v[ITEM_KIND] = of_text(casefile_debt(c, item->debt)->kind);
}

void strategy_values(const struct casefile *c, const struct instalment *item, struct day today,
                     struct value values[STRATEGY_FACT_COUNT])
{
    struct totals t = totals_of(c, today);

    file_values(c, &t, today, values);
    if (item != NULL)
        item_values(c, item, today, values);
}

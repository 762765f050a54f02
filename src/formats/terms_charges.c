/* What terms say of interest, late fees and discounts: all that needs a ground. */
#include "formats/terms_reader.h"

#include "base/text.h"

#include <string.h>

enum { RATE_MOST = 10000000, TIMES_MOST = 1000 }; /* a thousand percent a year */

static bool has(const struct yaml_reader *r, const char *key)
{
    return yaml_find(r->map, key) != NULL;
}

/* The rate of the law, with its day count and ground; what the terms say beside it wins. */
static void statutory_interest(struct terms_reader *t, struct yaml_reader *r,
                               struct interest_terms *out)
{
    const char *country = yaml_text(r, "statutory"),
               *debtor = yaml_text_or(r, "debtor", "business");
    bool consumer = strcmp(debtor, "consumer") == 0;

    if (!consumer && strcmp(debtor, "business") != 0)
        terms_refuse(r, "debtor", "debtor: business or consumer");
    const struct statutory_rate *rate = statutory_rate_find(t->rates, country, consumer);
    if (rate == NULL)
        terms_refuse(
            r, "statutory",
            "no statutory rate of \"%s\" for a %s is known; rates/statutory.yaml has them",
            country, consumer ? "consumer" : "business");
    else
        *out = rate->interest;
    const char *clause = yaml_text_or(r, "clause", NULL), *law = yaml_text_or(r, "law", NULL);
    if (!text_is_empty(clause))
        out->ground.clause = clause;
    if (!text_is_empty(law))
        out->ground.law = law;
}

static void agreed_rate(struct terms_reader *t, struct yaml_reader *r,
                        struct interest_terms *out)
{
    struct rate_step *step = arena_make(t->a, struct rate_step);

    *step = (struct rate_step){ day_of_date((struct date){ 1600, 1, 1 }),
                                yaml_percent(r, "rate", 1, RATE_MOST) };
    out->rates = (struct rates){ 1, step };
    out->known_to = DAY_NEVER;
    terms_ground(r, "interest", &out->ground);
}

static void agreed_margin(struct terms_reader *t, struct yaml_reader *r,
                          struct interest_terms *out)
{
    const char *name = yaml_text(r, "series");
    const struct rate_series *series = rate_series_find(t->rates, name);
    int32_t margin = yaml_percent(r, "margin", -RATE_MOST, RATE_MOST);

    terms_ground(r, "interest", &out->ground);
    if (series == NULL) {
        terms_refuse(r, "series", "there is no series \"%s\"; the folder rates/series has them",
                     name);
        return;
    }
    out->rates = rates_plus(t->a, series->rates, margin);
    out->known_to = series->known_to;
}

static void start_read(struct yaml_reader *r, struct interest_terms *out)
{
    const char *from = yaml_text_or(r, "from", "due");

    out->start = strcmp(from, "invoice") == 0 ? INTEREST_FROM_INVOICE : INTEREST_FROM_DUE;
    if (out->start == INTEREST_FROM_DUE && strcmp(from, "due") != 0)
        terms_refuse(r, "from", "from: due or invoice");
}

void terms_interest(struct terms_reader *t, const struct yaml *node)
{
    struct yaml_reader r = yaml_read(node, t->why);
    struct interest_terms *out = &t->terms->interest;

    yaml_only(&r, "rate", "statutory", "debtor", "series", "margin", "day_count", "from",
              "compounding", "fixed_at_start", "clause", "law", NULL);
    if (has(&r, "rate") + has(&r, "statutory") + has(&r, "series") != 1)
        terms_refuse(&r, "",
                     "interest is one of: rate (percent a year), statutory (a country), or "
                     "series with a margin");
    if (has(&r, "debtor") && !has(&r, "statutory"))
        terms_refuse(&r, "debtor", "\"debtor\" goes with statutory");
    if (has(&r, "margin") && !has(&r, "series"))
        terms_refuse(&r, "margin", "\"margin\" goes with series");
    if (!r.ok)
        return;
    if (has(&r, "statutory"))
        statutory_interest(t, &r, out);
    else if (has(&r, "series"))
        agreed_margin(t, &r, out);
    else
        agreed_rate(t, &r, out);
    out->runs = true;
    start_read(&r, out);
    interest_words_read(&r, out);
    out->fixed_at_start = yaml_bool_or(&r, "fixed_at_start", out->fixed_at_start);
}

static void tiers_read(struct terms_reader *t, const struct yaml *list, struct late_fee *out)
{
    struct fee_tier *tiers = arena_array(t->a, struct fee_tier, list->count + 1);

    for (size_t i = 0; i < list->count && t->why->code == FAULT_NONE; i++) {
        struct yaml_reader r = yaml_read(list->items[i], t->why);
        yaml_only(&r, "from", "amount", NULL);
        yaml_text(&r, "from");
        yaml_text(&r, "amount");
        tiers[i].from_minor = terms_amount(t, &r, "from");
        tiers[i].minor = terms_amount(t, &r, "amount");
        if (i > 0 && tiers[i].from_minor <= tiers[i - 1].from_minor)
            terms_refuse(&r, "from", "a tier must begin above the one before it");
    }
    if (list->count == 0)
        yaml_fail(list, t->why, "a fee by tiers needs at least one");
    out->tiers = tiers;
    out->tier_count = list->count;
}

static void flat_read(struct terms_reader *t, struct yaml_reader *r, struct late_fee *out)
{
    struct fee_tier *tier = arena_make(t->a, struct fee_tier);

    tier->minor = terms_amount(t, r, "amount");
    if (tier->minor == 0)
        terms_refuse(r, "amount", "a fee must be more than nothing");
    out->tiers = tier;
    out->tier_count = 1;
}

static void size_read(struct terms_reader *t, struct yaml_reader *r, struct late_fee *out)
{
    if (has(r, "amount") + has(r, "percent") + has(r, "tiers") != 1)
        terms_refuse(r, "", "a fee is one of: amount, percent, or tiers");
    if (!has(r, "percent") && (has(r, "least") || has(r, "most")))
        terms_refuse(r, has(r, "least") ? "least" : "most", "least and most go with percent");
    if (!r->ok)
        return;
    if (has(r, "percent"))
        out->share = yaml_percent(r, "percent", 1, SHARE_WHOLE);
    else if (has(r, "amount"))
        flat_read(t, r, out);
    else if (yaml_list(r, "tiers") != NULL)
        tiers_read(t, yaml_list(r, "tiers"), out);
    out->least_minor = terms_amount(t, r, "least");
    out->most_minor = terms_amount(t, r, "most");
    if (out->most_minor > 0 && out->most_minor < out->least_minor)
        terms_refuse(r, "most", "\"most\" is less than \"least\"");
}

static void times_read(struct yaml_reader *r, struct late_fee *out)
{
    out->step = yaml_text_or(r, "step", NULL);
    out->after_days = (int)yaml_int_or(r, "after_days", 0, TERMS_DAYS_MOST, 0);
    out->every_days = (int)yaml_int_or(r, "every_days", 1, TERMS_DAYS_MOST, 0);
    out->most_times = (int)yaml_int_or(r, "most_times", 1, TIMES_MOST, 0);
    if (has(r, "most_times") && !has(r, "every_days"))
        terms_refuse(r, "most_times", "\"most_times\" goes with every_days");
    if (has(r, "step") && (has(r, "after_days") || has(r, "every_days")))
        terms_refuse(r, "step", "a fee comes with a step of a ladder, or by days, not both");
}

static void fee_read(struct terms_reader *t, const struct yaml *node, struct late_fee *out)
{
    struct yaml_reader r = yaml_read(node, t->why);

    yaml_only(&r, "name", "amount", "percent", "tiers", "least", "most", "after_days",
              "every_days", "most_times", "step", "clause", "law", NULL);
    out->name = yaml_text_or(&r, "name", "late_fee");
    terms_ground(&r, "this fee", &out->ground);
    size_read(t, &r, out);
    times_read(&r, out);
    for (size_t i = 0; i < t->terms->fee_count; i++) {
        if (strcmp(t->terms->fees[i].name, out->name) == 0)
            terms_refuse(&r, "name", "two fees are called \"%s\"", out->name);
    }
}

void terms_fees(struct terms_reader *t, const struct yaml *list)
{
    struct late_fee *fees = arena_array(t->a, struct late_fee, list->count + 1);

    t->terms->fees = fees;
    for (size_t i = 0; i < list->count && t->why->code == FAULT_NONE; i++) {
        fee_read(t, list->items[i], &fees[i]);
        t->terms->fee_count++;
    }
}

void terms_discount(struct terms_reader *t, const struct yaml *node)
{
    struct yaml_reader r = yaml_read(node, t->why);
    struct early_discount *out = &t->terms->discount;

    yaml_only(&r, "percent", "within_days", "clause", "law", NULL);
    out->share = yaml_percent(&r, "percent", 1, SHARE_WHOLE);
    out->within_days = (int)yaml_int(&r, "within_days", 0, TERMS_DAYS_MOST);
    terms_ground(&r, "a discount", &out->ground);
}

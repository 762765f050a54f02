#include "flow/report_parts.h"

#include <stdlib.h>

/* A case file with something open. */
struct seen {
    int64_t casefile_id;
    bool past_due;
};

struct kpi {
    struct receivables receivables;
    size_t money_count;
    struct figures_money money[CURRENCIES_MOST];
    int64_t open, past_due, contacted, disputed; /* case files; the last two among the first */
    int64_t calls, conversations;

    struct arena arena; /* of one bucket */
    struct seen *seen;
    size_t seen_count, seen_room;
};

static void take_item(void *into, const struct dated_item *item)
{
    struct kpi *k = into;
    bool past_due = days_past_due(item->due_day, k->receivables.today) > 0;

    receivables_add(&k->receivables, item);
    if (item->open_minor <= 0)
        return;
    struct seen *last = k->seen_count > 0 ? &k->seen[k->seen_count - 1] : NULL;
    if (last == NULL || last->casefile_id != item->casefile_id) {
        last = arena_push(&k->arena, k->seen, k->seen_count, k->seen_room);
        *last = (struct seen){ .casefile_id = item->casefile_id };
        k->open++;
    }
    k->past_due += past_due && !last->past_due;
    last->past_due = last->past_due || past_due;
}

static int compare_seen(const void *a, const void *b)
{
    const struct seen *left = a, *right = b;

    return (left->casefile_id > right->casefile_id) - (left->casefile_id < right->casefile_id);
}

static const struct seen *seen_find(const struct kpi *k, int64_t casefile_id)
{
    struct seen key = { .casefile_id = casefile_id };

    if (k->seen_count == 0)
        return NULL;
    return bsearch(&key, k->seen, k->seen_count, sizeof key, compare_seen);
}

static void take_contacted(void *into, int64_t casefile_id)
{
    struct kpi *k = into;
    const struct seen *seen = seen_find(k, casefile_id);

    k->contacted += seen != NULL && seen->past_due;
}

static void take_disputed(void *into, int64_t casefile_id)
{
    struct kpi *k = into;

    k->disputed += seen_find(k, casefile_id) != NULL;
}

static struct figures_money *money_of_currency(struct kpi *k, enum currency currency)
{
    for (size_t i = 0; i < k->money_count; i++) {
        if (k->money[i].currency == currency)
            return &k->money[i];
    }
    must(k->money_count < CURRENCIES_MOST);
    k->money[k->money_count] = (struct figures_money){ .currency = currency };
    return &k->money[k->money_count++];
}

static void add(int64_t *sum, int64_t more)
{
    bool fits = !__builtin_add_overflow(*sum, more, sum);

    must(fits);
}

static void take_money(void *into, const struct figures_money *more)
{
    struct kpi *k = into;
    struct figures_money *m = money_of_currency(k, more->currency);

    ageing_of(&k->receivables, more->currency);
    add(&m->collected_minor, more->collected_minor);
    add(&m->collected_ever_minor, more->collected_ever_minor);
    add(&m->promises, more->promises);
    add(&m->promised_minor, more->promised_minor);
    add(&m->kept, more->kept);
    add(&m->kept_minor, more->kept_minor);
}

static bool bucket_read(struct store *s, int64_t bucket, const struct figures_period *p,
                        struct kpi *k, struct fault *why)
{
    int64_t calls, conversations;

    arena_reset(&k->arena);
    k->seen = NULL;
    k->seen_count = k->seen_room = 0;
    if (!figures_items(s, bucket, p->today, take_item, k, why) ||
        !figures_money(s, bucket, p, take_money, k, why) ||
        !figures_calls(s, bucket, p, &calls, &conversations, why) ||
        !figures_casefiles(s, bucket, FIGURES_CONTACTED, p, take_contacted, k, why) ||
        !figures_casefiles(s, bucket, FIGURES_DISPUTED, p, take_disputed, k, why))
        return false;
    k->calls += calls;
    k->conversations += conversations;
    return true;
}

static const struct table_column columns[] = {
    { "measure", NULL, CELL_TEXT },           { NULL, "MEASURE", CELL_TEXT },
    { "currency", "CURRENCY", CELL_TEXT },    { "unit", NULL, CELL_TEXT },
    { "value", NULL, CELL_DECIMAL },          { NULL, "VALUE", CELL_DECIMAL },
    { "numerator", "COUNTED", CELL_DECIMAL }, { "denominator", "OUT OF", CELL_DECIMAL },
};

static void measure_begin(struct table *t, enum measure measure, enum currency currency,
                          const char *unit)
{
    table_text(t, measure_name(measure));
    table_text(t, measure_title(measure));
    table_text(t, currency == CURRENCY_NONE ? NULL : currency_code(currency));
    table_text(t, unit);
}

static void measure_amount(struct table *t, enum measure measure, enum currency currency,
                           int64_t minor)
{
    measure_begin(t, measure, currency, "money");
    for (int i = 0; i < 3; i++)
        table_money(t, money_of(minor, currency));
    table_none(t);
}

/* A part of a sum, or of a count when there is no currency. */
static void part_add(struct table *t, enum currency currency, measure_sum part)
{
    if (part > INT64_MAX || part < INT64_MIN)
        table_none(t);
    else if (currency == CURRENCY_NONE)
        table_count(t, (int64_t)part);
    else
        table_money(t, money_of((int64_t)part, currency));
}

static void value_add(struct table *t, const char *value, const char *sign)
{
    table_text(t, value);
    table_text(t, value == NULL ? NULL : arena_print(t->arena, "%s%s", value, sign));
}

static void measure_rate(struct table *t, enum measure measure, enum currency currency,
                         int64_t numerator, int64_t denominator)
{
    char text[RATIO_TEXT];

    measure_begin(t, measure, currency, "percent");
    value_add(t, ratio_print(numerator, denominator, 100, text), "%");
    part_add(t, currency, numerator);
    part_add(t, currency, denominator);
}

static void measure_days(struct table *t, enum measure measure, const struct ageing *a,
                         int64_t open_minor, struct day today)
{
    struct countback c = countback_of(open_minor, a->billed_minor, today);
    char text[RATIO_TEXT];

    measure_begin(t, measure, a->currency, "days");
    value_add(t, ratio_print(c.tenths_of_days, c.known ? 10 : 0, 1, text), " days");
    part_add(t, a->currency, open_minor);
    part_add(t, a->currency, c.billed_minor);
}

static void measure_delinquent(struct table *t, const struct ageing *a)
{
    char text[RATIO_TEXT];

    measure_begin(t, MEASURE_DELINQUENT, a->currency, "days");
    value_add(t, ratio_print(a->past_due_days, a->past_due_minor, 1, text), " days");
    part_add(t, a->currency, a->past_due_days);
    part_add(t, a->currency, a->past_due_minor);
}

static void currency_fill(struct kpi *k, const struct ageing *a, struct table *t)
{
    const struct figures_money *m = money_of_currency(k, a->currency);
    struct day today = k->receivables.today;

    measure_amount(t, MEASURE_OPEN, a->currency, a->open_minor);
    measure_amount(t, MEASURE_PAST_DUE, a->currency, a->past_due_minor);
    measure_amount(t, MEASURE_COLLECTED, a->currency, m->collected_minor);
    measure_rate(t, MEASURE_RECOVERY_RATE, a->currency, m->collected_ever_minor,
                 a->charged_minor);
    measure_days(t, MEASURE_DSO, a, a->open_minor, today);
    measure_days(t, MEASURE_BEST_DSO, a, a->open_minor - a->past_due_minor, today);
    measure_delinquent(t, a);
    measure_rate(t, MEASURE_KEPT_VALUE, a->currency, m->kept_minor, m->promised_minor);
}

static void sheet_fill(struct kpi *k, const struct figures_period *p, struct sheet *sheet)
{
    char from[DAY_TEXT], to[DAY_TEXT];
    int64_t kept = 0, promises = 0;

    sheet->heading = arena_print(&sheet->arena, "From %s to %s", day_print(p->from, from),
                                 day_print(p->to, to));
    period_fields(sheet, p);
    struct table *t = sheet_table(sheet, "measures", "", COUNT(columns), columns);
    for (size_t i = 0; i < k->receivables.count; i++)
        currency_fill(k, &k->receivables.by_currency[i], t);
    for (size_t i = 0; i < k->money_count; i++) {
        kept += k->money[i].kept;
        promises += k->money[i].promises;
    }
    measure_rate(t, MEASURE_KEPT_COUNT, CURRENCY_NONE, kept, promises);
    measure_rate(t, MEASURE_RIGHT_PARTY, CURRENCY_NONE, k->conversations, k->calls);
    measure_rate(t, MEASURE_CONTACT, CURRENCY_NONE, k->contacted, k->past_due);
    measure_rate(t, MEASURE_DISPUTE, CURRENCY_NONE, k->disputed, k->open);
}

bool kpi_fill(struct store *s, const struct report_frame *f, struct sheet *sheet,
              struct fault *why)
{
    struct kpi *k = arena_make(&sheet->arena, struct kpi);
    bool fine = true;

    k->receivables.today = f->period.today;
    for (int64_t bucket = 0; fine && bucket < BUCKETS; bucket++)
        fine = !f->buckets.used[bucket] || bucket_read(s, bucket, &f->period, k, why);
    if (fine)
        sheet_fill(k, &f->period, sheet);
    arena_free(&k->arena);
    return fine;
}

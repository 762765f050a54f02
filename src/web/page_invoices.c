/* Invoices and their instalments: what is open, how late it is, what of it is disputed, and the
 * plan that pays it. */
#include "base/text.h"
#include "domain/agreement.h"
#include "domain/measures.h"
#include "web/page_parts.h"

/* ---- Instalments --------------------------------------------------------------------------
 */

static void late_put(struct page *p, json_t *row, const struct debt_row *d)
{
    struct arena *x = p->arena;
    int days = days_past_due(d->due_day, p->view->today);
    int ahead = d->due_day.number - p->view->today.number;
    int late = d->paid_day.number - d->due_day.number;

    if (d->open_minor > 0) {
        put_true(row, "is_long", days > 60);
        put(row, "late",
            days > 0     ? words_past_due(x, days)
            : ahead == 0 ? "due today"
                         : arena_print(x, "due in %d day%s", ahead, ahead == 1 ? "" : "s"));
        return;
    }
    put_true(row, "is_paid", true);
    put(row, "late",
        d->paid_day.number == DAY_NEVER.number ? "settled"
        : late > 0                             ? arena_print(x, "paid, %d days late", late)
                                               : "paid on time");
}

/* What of it is in dispute, while the rest goes on. */
static int64_t disputed_of(const struct casefile *c, const struct debt_row *d)
{
    for (size_t i = 0; i < c->instalment_count; i++) {
        if (c->instalments[i].debt == d->debt && c->instalments[i].number == d->instalment)
            return c->instalments[i].disputed_minor;
    }
    return 0;
}

static bool is_of(const struct dispute *dispute, const struct debt_row *d)
{
    return dispute->state == DISPUTE_OPEN &&
           (dispute->debt == 0 || dispute->debt == d->debt) &&
           (dispute->instalment == 0 || dispute->instalment == d->instalment);
}

/* Of several each says its own part; of one, what of the line is in dispute now. */
static void disputes_put(struct page *p, json_t *row, const struct casefile_view *f,
                         const struct debt_row *d)
{
    json_t *list = put_list(row, "disputes");
    int64_t disputed = disputed_of(f->casefile, d);
    size_t count = 0;

    for (size_t i = 0; i < f->dispute_count; i++)
        count += is_of(&f->disputes[i], d);
    for (size_t i = 0; i < f->dispute_count; i++) {
        const struct dispute *dispute = &f->disputes[i];
        if (!is_of(dispute, d))
            continue;
        json_t *one = list_add(list);
        put(one, "what",
            count == 1 && disputed > 0 ? words_money(p->arena, disputed, d->currency)
            : dispute_is_part(dispute) ? dispute_words(p->arena, dispute)
                                       : "The whole");
        put(one, "link", arena_print(p->arena, "%s/dispute/%d",
                                     account_link(p, f->casefile->reference),
                                     (int)dispute->number));
    }
}

/* What a plan that stands waits for; NULL: nothing. */
static const struct promise *plan_next(const struct casefile *c, const struct payment_plan *plan)
{
    const struct promise *next = NULL;

    for (size_t i = 0; plan_stands(plan) && i < c->promise_count; i++) {
        const struct promise *item = &c->promises[i];
        if (item->plan == plan->number && item->item > 0 && item->state == PROMISE_OPEN &&
            (next == NULL || item->due_day.number < next->due_day.number))
            next = item;
    }
    return next;
}

/* The plan that names this debt, or all of them, and its next day. */
static void planned_put(struct page *p, json_t *row, const struct casefile *c,
                        const struct debt_row *d)
{
    json_t *list = put_list(row, "planned");

    for (size_t i = 0; i < c->plan_count; i++) {
        const struct payment_plan *plan = &c->plans[i];
        const struct promise *next = plan_next(c, plan);
        if (next == NULL || plan->currency != d->currency || !debts_cover(plan->debts, d->debt))
            continue;
        json_t *one = list_add(list);
        put(one, "due", words_day(p->arena, next->due_day));
        put(one, "link", arena_print(p->arena, "%s/plan/%d", account_link(p, c->reference),
                                     (int)plan->number));
    }
}

static void instalment_put(struct page *p, json_t *row, const struct casefile_view *f,
                           const struct debt_row *d)
{
    struct arena *x = p->arena;

    put(row, "reference", d->reference);
    put(row, "instalment", d->instalment > 1 ? arena_print(x, "part %d", d->instalment) : "");
    put(row, "description",
        d->description[0] != '\0' ? d->description : words_plain(x, d->kind));
    put(row, "terms", d->terms);
    put(row, "due", words_day(x, d->due_day));
    put(row, "invoiced", words_day(x, d->invoice_day));
    put(row, "amount", words_money(x, d->amount_minor, d->currency));
    put(row, "last_step", d->last_step[0] != '\0' ? words_plain(x, d->last_step) : "");
    put(row, "open", words_money(x, d->open_minor > 0 ? d->open_minor : 0, d->currency));
    put_true(row, "is_part", d->open_minor > 0 && d->open_minor < d->amount_minor);
    late_put(p, row, d);
    if (d->open_minor <= 0)
        return;
    disputes_put(p, row, f, d);
    planned_put(p, row, f->casefile, d);
}

/* The day on which the last one of those shown was settled. */
static struct day last_settled(const struct casefile_view *f)
{
    struct day last = DAY_NONE;

    for (size_t i = 0; i < f->debt_count; i++) {
        struct day day = f->debts[i].paid_day;
        if (f->debts[i].open_minor <= 0 && day.number != DAY_NEVER.number &&
            day.number > last.number)
            last = day;
    }
    return last;
}

/* Open ones first, the oldest at the top; then what was paid, the newest first. */
static void instalments_put(struct page *p, const struct casefile_view *f)
{
    json_t *open = put_list(p->context, "open_debts"),
           *paid = put_list(p->context, "paid_debts");
    struct day last = last_settled(f);

    for (size_t i = 0; i < f->debt_count; i++)
        instalment_put(p, list_add(f->debts[i].open_minor > 0 ? open : paid), f, &f->debts[i]);
    put_true(p->context, "any_open", json_array_size(open) > 0);
    if (last.number != DAY_NONE.number)
        put(p->context, "last_settled", words_day(p->arena, last));
    put_true(p->context, "any_paid", json_array_size(paid) > 0);
    put_int(p->context, "paid_count", (json_int_t)json_array_size(paid));
    put_true(p->context, "more_debts", f->debt_count == DEBTS_SHOWN);
}

/* ---- How old it is -------------------------------------------------------------------------- */

enum { AGES_WIDE = 1000 }; /* units of its picture */

struct ages {
    enum currency currency;
    size_t count; /* instalments */
    int64_t minor, range_minor[AGE_RANGES];
};

static struct ages ages_of(struct page *p, const struct casefile *c, enum currency currency)
{
    struct ages ages = { .currency = currency };

    for (size_t i = 0; i < c->instalment_count; i++) {
        const struct instalment *item = &c->instalments[i];
        if (item->open_minor <= 0 || casefile_debt(c, item->debt)->currency != currency)
            continue;
        ages.count++;
        ages.minor += item->open_minor;
        ages.range_minor[age_range_of(days_past_due(item->due_day, p->view->today))] +=
            item->open_minor;
    }
    return ages;
}

static const char *age_title(struct arena *a, size_t range)
{
    return range == 0 ? age_ranges[range].title
                      : arena_print(a, "%s days late", age_ranges[range].title);
}

static void age_put(struct page *p, json_t *bar, const struct ages *ages)
{
    const char *words = "What is open, by how late it is.";
    json_t *parts = put_list(bar, "parts");
    int64_t before = 0;

    for (size_t range = 0; range < AGE_RANGES; range++) {
        int64_t minor = ages->range_minor[range];
        if (minor == 0)
            continue;
        json_t *part = list_add(parts);
        const char *amount = words_money(p->arena, minor, ages->currency);
        const char *title = age_title(p->arena, range);
        int64_t from = rounded_ratio((measure_sum)before * AGES_WIDE, ages->minor);
        before += minor;
        int64_t to = rounded_ratio((measure_sum)before * AGES_WIDE, ages->minor);
        put_int(part, "range", (json_int_t)range);
        put_int(part, "x", from);
        put_int(part, "width", to - from);
        put(part, "title", title);
        put(part, "amount", amount);
        words = arena_print(p->arena, "%s %s: %s.", words, title, amount);
    }
    put(bar, "words", words);
    put_int(bar, "wide", AGES_WIDE);
}

/* A bar for each currency in which more than one instalment is open. */
static void ages_put(struct page *p, const struct casefile_view *f)
{
    json_t *list = put_list(p->context, "ages");

    for (size_t i = 0; i < f->owed.count; i++) {
        struct ages ages = ages_of(p, f->casefile, f->owed.sums[i].currency);
        if (ages.count > 1)
            age_put(p, list_add(list), &ages);
    }
}

void invoices_put(struct page *p, const struct casefile_view *f)
{
    instalments_put(p, f);
    ages_put(p, f);
}

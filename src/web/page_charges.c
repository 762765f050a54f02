/* What is owed, debt by debt: instalments, what came with it, what was charged and what allows
 * it. */
#include "base/text.h"
#include "domain/ask.h"
#include "domain/measures.h"
#include "flow/line_words.h"
#include "web/page_parts.h"

enum { CHARGES_SHOWN = 40 };

/* ---- Instalments --------------------------------------------------------------------------
 */

static void late_put(struct page *p, json_t *row, const struct debt_row *d)
{
    struct arena *x = p->arena;
    int days = days_past_due(d->due_day, p->view->today);
    int late = d->paid_day.number - d->due_day.number;

    if (d->open_minor > 0) {
        put_true(row, "is_long", days > 60);
        put(row, "late",
            days > 0
                ? words_past_due(x, days)
                : arena_print(x, "due in %d days", d->due_day.number - p->view->today.number));
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

static void instalment_put(struct page *p, json_t *row, const struct casefile *c,
                           const struct debt_row *d)
{
    struct arena *x = p->arena;
    int64_t disputed = d->open_minor > 0 ? disputed_of(c, d) : 0;

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
    put(row, "disputed", disputed > 0 ? words_money(x, disputed, d->currency) : "");
    put_true(row, "is_part", d->open_minor > 0 && d->open_minor < d->amount_minor);
    late_put(p, row, d);
}

/* Open ones first, the oldest at the top; then what was paid, the newest first. */
static void instalments_put(struct page *p, const struct casefile_view *f)
{
    json_t *open = put_list(p->context, "open_debts"),
           *paid = put_list(p->context, "paid_debts");

    for (size_t i = f->debt_count; i-- > 0;) {
        if (f->debts[i].open_minor > 0)
            instalment_put(p, list_add(open), f->casefile, &f->debts[i]);
    }
    for (size_t i = 0; i < f->debt_count; i++) {
        if (f->debts[i].open_minor <= 0)
            instalment_put(p, list_add(paid), f->casefile, &f->debts[i]);
    }
    put_true(p->context, "any_open", json_array_size(open) > 0);
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

/* ---- What came with a debt ------------------------------------------------------------------
 */

static const char *detail_words(struct page *p, const struct debt *d, const char *name,
                                const char *value)
{
    struct money money;
    struct fault no = { 0 };
    struct day day;

    if (day_parse(value, &day))
        return words_day(p->arena, day);
    if (text_starts(name, "itemization_") && !text_ends(name, "_creditor") &&
        money_parse(value, '.', '\0', d->currency, &money, &no))
        return words_money(p->arena, money.minor, money.currency);
    return value;
}

/* As the client told it: who it was owed to first, and the sum on the date of the itemization.
 */
static void details_put(struct page *p, const struct casefile_view *f)
{
    static const char *const shown[][2] = {
        { "itemization_creditor", "Creditor on that date" },
        { "itemization_date", "Itemization date" },
        { "itemization_amount", "Owed on that date" },
        { "itemization_interest", "Interest until placed" },
        { "itemization_fees", "Fees until placed" },
        { "itemization_payments", "Paid until placed" },
        { "itemization_credits", "Credited until placed" },
        { "account_number", "Account number" },
        { "contract_date", "Contract of" },
        { "creditor_address", "Creditor’s address" },
        { "interest_rate", "Interest, % a year" },
        { "interest_from", "Interest since" },
        { "fee_ground", "What fees are for" },
    };
    json_t *list = put_list(p->context, "origins_told");

    for (size_t i = 0; i < f->casefile->debt_count; i++) {
        const struct debt *d = &f->casefile->debts[i];
        struct gate_fields fields =
            ask_debt(f->casefile, d->number, p->view->now, p->arena).detail;
        json_t *rows = NULL;
        for (size_t k = 0; k < COUNT(shown); k++) {
            const char *value = gate_field_find(fields, shown[k][0]);
            if (value == NULL)
                continue;
            if (rows == NULL) {
                json_t *group = list_add(list);
                put(group, "debt", d->reference);
                rows = put_list(group, "rows");
            }
            json_t *row = list_add(rows);
            put(row, "label", shown[k][1]);
            put(row, "value", detail_words(p, d, shown[k][0], value));
        }
    }
    put_true(p->context, "any_origins_told", json_array_size(list) > 0);
}

/* ---- Where the balance comes from
 * ------------------------------------------------------------- */

static void sum_line(struct page *p, json_t *lines, const char *label, int64_t minor,
                     enum currency currency)
{
    json_t *line = list_add(lines);

    put(line, "label", label);
    put(line, "amount", words_money(p->arena, minor, currency));
}

static const struct owed_sum *owed_of(const struct casefile_view *f, enum currency currency)
{
    for (size_t i = 0; i < f->owed.count; i++) {
        if (f->owed.sums[i].currency == currency)
            return &f->owed.sums[i];
    }
    return NULL;
}

/* What is owed today is what is posted, but for interest and fees that fell since. */
static bool adds_up(const struct origin_sums *o, const struct owed_sum *s)
{
    int64_t posted = o->posted_rest + o->posted_interest + o->posted_fees;

    return s->open[COMPONENT_PRINCIPAL] + s->open[COMPONENT_COSTS] - s->waiting ==
               o->posted_rest &&
           s->open[COMPONENT_INTEREST] >= o->posted_interest &&
           s->open[COMPONENT_FEES] >= o->posted_fees &&
           posted == -o->placed - o->adjusted - o->charged - o->forgone - o->paid;
}

static void origin_put(struct page *p, json_t *object, const struct origin_sums *o,
                       const struct owed_sum *s)
{
    int64_t fell = s->open[COMPONENT_INTEREST] - o->posted_interest + s->open[COMPONENT_FEES] -
                   o->posted_fees;
    json_t *lines = put_list(object, "lines");

    sum_line(p, lines, "Invoiced or placed", -o->placed, o->currency);
    if (o->adjusted != 0)
        sum_line(p, lines, "Corrected since", -o->adjusted, o->currency);
    sum_line(p, lines, "Interest, fees and costs", fell - o->charged, o->currency);
    if (o->forgone != 0)
        sum_line(p, lines, "Let go: discount, waived, written off", -o->forgone, o->currency);
    sum_line(p, lines, "Paid", -o->paid, o->currency);
    put(object, "total", words_money(p->arena, s->total, s->currency));
    put(object, "currency", currency_code(o->currency));
    put_true(object, "adds_up", adds_up(o, s));
}

static bool origins_put(struct page *p, const struct casefile_view *f, struct fault *why)
{
    json_t *list = put_list(p->context, "origin_sums");
    struct origin_sums *origins;
    size_t count;

    if (!view_casefile_origins(p->view, f, &origins, &count, why))
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct owed_sum *s = owed_of(f, origins[i].currency);
        if (s != NULL)
            origin_put(p, list_add(list), &origins[i], s);
    }
    put_true(p->context, "any_origin_sums", json_array_size(list) > 0);
    return true;
}

/* ---- What was charged
 * ------------------------------------------------------------------------- */

static bool is_charge(const struct balance_line *l)
{
    return l->kind == LINE_CHARGE || l->kind == LINE_INTEREST || l->kind == LINE_RUNNING ||
           l->kind == LINE_LATE_FEE;
}

static bool charge_put(struct page *p, json_t *row, const struct balance *b,
                       const struct balance_line *l, enum currency currency,
                       const struct line_words *words, struct fault *why)
{
    const char *what, *ground = line_ground(p->arena, l);

    if (!line_words_say(words, p->arena, b, l, &what, why))
        return false;
    put(row, "what", what);
    put(row, "day", words_day(p->arena, l->day));
    put(row, "amount", words_money(p->arena, balance_sum_total(&l->change), currency));
    put(row, "ground", ground);
    put_true(row, "no_ground", ground == NULL);
    return true;
}

/* Each with the clause or law that allows it, newest first; of a very long history the
 * statement has them. */
static bool charges_put(struct page *p, const struct casefile_view *f, struct fault *why)
{
    json_t *list = put_list(p->context, "charges");
    const struct line_words *words;
    struct balance b;
    bool whole;

    if (!view_casefile_lines(p->view, f, &b, &whole, why))
        return false;
    put_true(p->context, "lines_too_many", !whole);
    if (!whole)
        return true;
    words = line_words_load(p->arena, "en", "US", why);
    if (words == NULL)
        return false;
    for (size_t i = 0; i < b.currency_count; i++) {
        const struct balance_currency *c = &b.currencies[i];
        for (size_t k = c->line_count; k-- > 0 && json_array_size(list) < CHARGES_SHOWN;) {
            if (is_charge(&c->lines[k]) &&
                !charge_put(p, list_add(list), &b, &c->lines[k], c->currency, words, why))
                return false;
        }
    }
    put_true(p->context, "any_charges", json_array_size(list) > 0);
    return true;
}

bool debts_put(struct page *p, const struct casefile_view *f, struct fault *why)
{
    instalments_put(p, f);
    ages_put(p, f);
    details_put(p, f);
    return origins_put(p, f, why) && charges_put(p, f, why);
}

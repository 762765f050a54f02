/* What is owed, debt by debt: what came with it, what was charged and what allows it. */
#include "base/text.h"
#include "domain/ask.h"
#include "flow/line_words.h"
#include "web/page_parts.h"

enum { CHARGES_SHOWN = 40 };

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
    invoices_put(p, f);
    details_put(p, f);
    return origins_put(p, f, why) && charges_put(p, f, why);
}

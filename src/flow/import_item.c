/* From a row of the file to what the book is told: typed, checked, in one place. */
#include "base/text.h"
#include "flow/import_reader.h"

#include <string.h>

enum { DAYS_MOST = 3650, LINES_MOST = 10000 };

/* ---- Debts ------------------------------------------------------------------------------- */

static bool read_currency(struct reader *r, enum map_name name, enum currency *out)
{
    struct import_run *run = r->run;
    const char *text;

    if (!read_needed(r, name, 40, &text))
        return false;
    if (strcmp(text, run->last_currency_code) != 0) {
        *out = currency_parse(text);
        if (*out == CURRENCY_NONE)
            return problem_set(r->problem, r->a, PROBLEM_CURRENCY, map_column(run->map, name),
                               text, "write the ISO 4217 code, like USD",
                               "\"%s\" is no currency", text);
        memcpy(run->last_currency_code, text, strlen(text) + 1);
        run->last_currency = *out;
    }
    *out = run->last_currency;
    return true;
}

static bool needed_day(struct reader *r, enum map_name name, struct day *out)
{
    return map_day(r->run->map, name, r->row, r->a, out, r->problem) &&
           (out->number != DAY_NONE.number || read_missing(r, name));
}

/* Reads the files once. A fault of theirs is one of the row: the map names them. */
static const struct terms_file *terms_named(struct reader *r, const char *name)
{
    struct import_run *run = r->run;
    struct fault bad = { 0 };

    if (!run->terms_loaded && !terms_files_all(&run->keep, &run->terms, &bad)) {
        problem_set(r->problem, r->a, PROBLEM_UNKNOWN, map_column(run->map, MAP_TERMS_NAME),
                    name, "recoup terms list", "%s", bad.text);
        return NULL;
    }
    run->terms_loaded = true;
    const struct terms_file *file = terms_find(&run->terms, name);
    if (file == NULL)
        problem_set(r->problem, r->a, PROBLEM_UNKNOWN, map_column(run->map, MAP_TERMS_NAME),
                    name, "write its file into the folder terms, or mend the name: recoup terms "
                          "list",
                    "there are no terms \"%s\"", name);
    return file;
}

static bool read_terms(struct reader *r, struct item *item)
{
    const char *name;

    if (!read_perhaps(r, MAP_TERMS_NAME, REFERENCE_MOST, false, &name))
        return false;
    if (name == NULL)
        return true;
    item->terms = terms_named(r, name);
    if (item->terms == NULL)
        return false;
    enum currency currency = item->terms->terms->currency;
    return currency == CURRENCY_NONE || currency == item->currency ||
           problem_set(r->problem, r->a, PROBLEM_CURRENCY,
                       map_column(r->run->map, MAP_TERMS_NAME), name,
                       "take terms in the currency of the debt",
                       "the terms \"%s\" are in %s, and the debt is in %s", name,
                       currency_code(currency), currency_code(item->currency));
}

static bool due_by_terms(struct item *item)
{
    item->due_by_terms = true;
    item->instalment.due_day =
        due_day_of(&item->terms->terms->due[0].rule, item->debt.invoice_day);
    return true;
}

static bool read_due(struct reader *r, struct item *item)
{
    const struct map *m = r->run->map;
    const char *text;
    int64_t days = 0;

    if (map_has(m, MAP_DUE_DAY)) {
        if (!map_day(m, MAP_DUE_DAY, r->row, r->a, &item->instalment.due_day, r->problem))
            return false;
        if (item->instalment.due_day.number != DAY_NONE.number)
            return true;
        if (!map_has(m, MAP_DUE_IN_DAYS))
            return item->terms != NULL ? due_by_terms(item) : read_missing(r, MAP_DUE_DAY);
    }
    if (!map_text(m, MAP_DUE_IN_DAYS, r->row, r->a, &text, r->problem))
        return false;
    if (*text == '\0' && item->terms != NULL)
        return due_by_terms(item);
    if (*text == '\0')
        return read_missing(r, map_has(m, MAP_DUE_IN_DAYS) ? MAP_DUE_IN_DAYS : MAP_TERMS_NAME);
    if (!text_to_int(text, &days) || days < 0 || days > DAYS_MOST)
        return problem_set(r->problem, r->a, PROBLEM_VALUE, map_column(m, MAP_DUE_IN_DAYS),
                           text, "write a whole number of days", "\"%s\" is no number of days",
                           text);
    item->instalment.due_day = day_plus(item->debt.invoice_day, (int)days);
    return true;
}

static bool check_order(struct reader *r, const struct item *item)
{
    const struct map *m = r->run->map;
    char due[DAY_TEXT], from[DAY_TEXT];

    day_print(item->instalment.due_day, due);
    if (m->due_before_invoice ||
        item->instalment.due_day.number >= item->debt.invoice_day.number)
        return true;
    return problem_set(r->problem, r->a, PROBLEM_ORDER,
                       map_column(m, map_has(m, MAP_DUE_DAY) ? MAP_DUE_DAY : MAP_DUE_IN_DAYS),
                       arena_copy(r->a, due), "mend one date, or the date form in the map",
                       "due before the invoice of %s", day_print(item->debt.invoice_day, from));
}

static bool negative(struct reader *r, enum map_name name, int64_t minor,
                     enum currency currency)
{
    char amount[MONEY_TEXT];

    return problem_set(r->problem, r->a, PROBLEM_NEGATIVE, map_column(r->run->map, name),
                       arena_copy(r->a, money_print(money_of(minor, currency), amount)),
                       "leave it out, or say `negative: credit_note` in the map",
                       "an amount below zero is no debt");
}

static bool read_amount(struct reader *r, struct item *item)
{
    const struct map *m = r->run->map;
    int64_t *minor = &item->instalment.minor;
    bool known = true, product = map_has(m, MAP_QUANTITY);
    enum map_name name = product ? MAP_UNIT : MAP_AMOUNT;

    if (product ? !map_product(m, r->row, item->currency, r->a, minor, r->problem)
                : !map_amount(m, MAP_AMOUNT, r->row, item->currency, r->a, minor, &known,
                              r->problem))
        return false;
    if (!known)
        return read_missing(r, name);
    if (*minor < 0 && !m->fields[name].amounts.credit_notes && m->lines != LINES_ADD)
        return negative(r, name, *minor, item->currency);
    return true;
}

/* What is open after this row, from a column of the balance or of what was paid. */
static bool read_balance(struct reader *r, struct item *item)
{
    const struct map *m = r->run->map;
    int64_t paid;
    bool known;

    if (!map_amount(m, MAP_BALANCE, r->row, item->currency, r->a, &item->balance,
                    &item->balance_known, r->problem))
        return false;
    if (!item->balance_known) {
        if (!map_amount(m, MAP_PAID, r->row, item->currency, r->a, &paid, &known, r->problem))
            return false;
        item->balance_known = known;
        if (known && __builtin_sub_overflow(item->instalment.minor, paid, &item->balance))
            item->balance_known = false;
    }
    if (item->balance_known && item->balance < 0)
        item->balance = 0; /* overpaid: the book has no more than settled */
    return map_day(m, MAP_PAID_DAY, r->row, r->a, &item->paid_day, r->problem);
}

static bool read_debt_words(struct reader *r, struct item *item)
{
    struct debt_input *d = &item->debt;

    d->reference = item->reference;
    return read_perhaps(r, MAP_KIND, 60, false, &d->kind) &&
           read_perhaps(r, MAP_DESCRIPTION, TEXT_MOST, false, &d->description) &&
           read_perhaps(r, MAP_TERMS, TEXT_MOST, true, &d->terms);
}

static bool read_disputed(struct reader *r, struct item *item)
{
    if (!map_has(r->run->map, MAP_DISPUTED))
        return true;
    item->disputed_known = true;
    return read_yes_or_no(r, MAP_DISPUTED, false, &item->disputed);
}

/* As letters and the rules read them: names of the map are names of the detail. */
static const struct {
    enum map_name name;
    const char *field;
    enum { DETAIL_TEXT, DETAIL_DAY, DETAIL_AMOUNT } type;
} details[] = {
    { MAP_ACCOUNT_NUMBER, "account_number", DETAIL_TEXT },
    { MAP_CONTRACT_DATE, "contract_date", DETAIL_DAY },
    { MAP_CREDITOR_ADDRESS, "creditor_address", DETAIL_TEXT },
    { MAP_INTEREST_RATE, "interest_rate", DETAIL_TEXT },
    { MAP_INTEREST_FROM, "interest_from", DETAIL_DAY },
    { MAP_FEE_GROUND, "fee_ground", DETAIL_TEXT },
    { MAP_ITEMIZATION_DATE, "itemization_date", DETAIL_DAY },
    { MAP_ITEMIZATION_CREDITOR, "itemization_creditor", DETAIL_TEXT },
    { MAP_ITEMIZATION_AMOUNT, "itemization_amount", DETAIL_AMOUNT },
    { MAP_ITEMIZATION_INTEREST, "itemization_interest", DETAIL_AMOUNT },
    { MAP_ITEMIZATION_FEES, "itemization_fees", DETAIL_AMOUNT },
    { MAP_ITEMIZATION_PAYMENTS, "itemization_payments", DETAIL_AMOUNT },
    { MAP_ITEMIZATION_CREDITS, "itemization_credits", DETAIL_AMOUNT },
};

static bool read_detail_day(struct reader *r, enum map_name name, const char **out)
{
    struct day day;

    if (!map_day(r->run->map, name, r->row, r->a, &day, r->problem))
        return false;
    *out = day.number != DAY_NONE.number ? day_print(day, arena_alloc(r->a, DAY_TEXT)) : NULL;
    return true;
}

static bool read_detail_amount(struct reader *r, enum map_name name, enum currency currency,
                               const char **out)
{
    int64_t minor;
    bool known;

    if (!map_amount(r->run->map, name, r->row, currency, r->a, &minor, &known, r->problem))
        return false;
    if (known && minor < 0)
        return negative(r, name, minor, currency);
    *out = known ? money_print(money_of(minor, currency), arena_alloc(r->a, MONEY_TEXT)) : NULL;
    return true;
}

static bool read_details(struct reader *r, struct item *item)
{
    struct gate_field *fields = arena_array(r->a, struct gate_field, COUNT(details));

    item->detail.fields = fields;
    for (size_t i = 0; i < COUNT(details); i++) {
        enum map_name name = details[i].name;
        const char *value = NULL;
        if (!map_has(r->run->map, name))
            continue;
        if (details[i].type == DETAIL_TEXT ? !read_perhaps(r, name, 200, false, &value)
            : details[i].type == DETAIL_DAY
                ? !read_detail_day(r, name, &value)
                : !read_detail_amount(r, name, item->currency, &value))
            return false;
        if (value != NULL)
            fields[item->detail.count++] = (struct gate_field){ details[i].field, value };
    }
    return true;
}

static bool read_debt(struct reader *r, struct item *item)
{
    const struct map *m = r->run->map;

    if (!read_needed(r, MAP_DEBT, REFERENCE_MOST, &item->reference))
        return false;
    item->hash = seen_hash(0, item->reference);
    if (!read_debt_words(r, item) || !read_currency(r, MAP_CURRENCY, &item->currency) ||
        !needed_day(r, MAP_INVOICE_DAY, &item->debt.invoice_day) || !read_terms(r, item) ||
        !read_due(r, item) ||
        !check_order(r, item) || !read_amount(r, item) || !read_balance(r, item) ||
        !map_day(m, MAP_SETTLED_DAY, r->row, r->a, &item->settled_day, r->problem) ||
        !read_disputed(r, item) || !read_details(r, item))
        return false;
    if (item->debt.kind == NULL)
        item->debt.kind = "invoice";
    item->debt.currency = item->currency;
    return true;
}

/* ---- Payments ---------------------------------------------------------------------------- */

static const char *amount_text(struct reader *r, const struct payment_input *p)
{
    char amount[MONEY_TEXT];

    return arena_copy(r->a, money_print(money_of(p->minor, p->currency), amount));
}

static bool read_payment(struct reader *r, struct item *item)
{
    const struct map *m = r->run->map;
    struct payment_input *p = &item->payment;
    bool known;

    if (!read_needed(r, MAP_PAYMENT, REFERENCE_MOST, &item->reference))
        return false;
    item->hash = seen_hash(0, item->reference);
    p->reference = item->reference;
    if (!read_perhaps(r, MAP_PAYMENT_DEBT, REFERENCE_MOST, false, &item->debt.reference) ||
        !needed_day(r, MAP_PAYMENT_DAY, &p->day) ||
        !read_currency(r, MAP_PAYMENT_CURRENCY, &item->currency) ||
        !map_amount(m, MAP_PAYMENT_AMOUNT, r->row, item->currency, r->a, &p->minor, &known,
                    r->problem) ||
        !read_perhaps(r, MAP_METHOD, 60, false, &p->method) ||
        !read_yes_or_no(r, MAP_PENDING, false, &p->pending))
        return false;
    p->currency = item->currency;
    if (!known)
        return read_missing(r, MAP_PAYMENT_AMOUNT);
    if (p->minor <= 0)
        return problem_set(r->problem, r->a, PROBLEM_NEGATIVE,
                           map_column(m, MAP_PAYMENT_AMOUNT), amount_text(r, p),
                           "take a refund back by hand, on the payment it belongs to",
                           "a payment must be more than zero");
    return true;
}

/* ---- Rows -------------------------------------------------------------------------------- */

static bool check_columns(struct reader *r)
{
    const struct map *m = r->run->map;
    size_t count = r->row->count;

    if (count == m->header_count || (count < m->header_count && m->short_rows))
        return true;
    for (size_t i = m->header_count; i < count; i++) {
        if (r->row->fields[i][0] != '\0')
            return problem_set(r->problem, r->a, PROBLEM_COLUMNS, NULL, NULL,
                               "put the text that holds the delimiter in quotes",
                               "%zu fields, but the header has %zu", count, m->header_count);
    }
    return count > m->header_count ||
           problem_set(r->problem, r->a, PROBLEM_COLUMNS, NULL, NULL,
                       "export the file again: the row is cut short",
                       "%zu fields, but the header has %zu", count, m->header_count);
}

bool item_read(struct import_run *run, const struct csv_row *row, struct arena *a,
               struct item *item, struct problem *problem)
{
    struct reader r = { run, row, a, problem };
    enum map_kind kind = run->map->kind;

    *problem = (struct problem){ 0 };
    *item = (struct item){ .settled_day = DAY_NONE, .paid_day = DAY_NONE };
    item->content = row_content(run->all_columns, row);
    if (!check_columns(&r))
        return false;
    if ((kind == MAP_INVOICES || kind == MAP_ACCOUNTS) && !read_debt(&r, item))
        return false;
    if (kind == MAP_PAYMENTS && !read_payment(&r, item))
        return false;
    if (kind == MAP_PAYMENTS && !map_has(run->map, MAP_REFERENCE))
        return true;
    if (!read_debtor(&r, item))
        return false;
    if (kind == MAP_CONTACTS) {
        item->reference = item->debtor.reference;
        item->hash = item->debtor_hash;
    }
    return true;
}

bool item_join(struct import_run *run, struct item *item, const struct item *next,
               struct arena *a, struct problem *problem)
{
    bool same = text_equal(item->debtor.reference, next->debtor.reference) &&
                item->currency == next->currency &&
                item->debt.invoice_day.number == next->debt.invoice_day.number &&
                item->instalment.due_day.number == next->instalment.due_day.number &&
                item->terms == next->terms && item->due_by_terms == next->due_by_terms;

    if (same && run->map->lines == LINES_REPEAT)
        same = item->instalment.minor == next->instalment.minor &&
               item->balance_known == next->balance_known && item->balance == next->balance;
    if (!same)
        return problem_set(problem, a, PROBLEM_GROUP, map_column(run->map, MAP_DEBT),
                           next->reference, "give each invoice its own number",
                           "another line of invoice %s, with another debtor, date, currency or "
                           "total than line %lld",
                           next->reference, (long long)item->rows[0].line);
    if (item->row_count >= LINES_MOST ||
        (run->map->lines == LINES_ADD &&
         __builtin_add_overflow(item->instalment.minor, next->instalment.minor,
                                &item->instalment.minor)))
        return problem_set(problem, a, PROBLEM_LENGTH, map_column(run->map, MAP_DEBT),
                           next->reference, "split the invoice", "the invoice is too large");
    item->content = item->content * 31 + next->content;
    return true;
}

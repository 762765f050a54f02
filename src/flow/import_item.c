/* From a row of the file to what the book is told: typed, checked, in one place. */
#include "base/text.h"
#include "flow/import_run.h"

#include <ctype.h>
#include <string.h>

enum { REFERENCE_MOST = 200, NAME_MOST = 500, TEXT_MOST = 4000, DAYS_MOST = 3650,
       LINES_MOST = 10000 };

struct reader {
    struct import_run *run;
    const struct csv_row *row;
    struct arena *a;
    struct problem *problem;
};

/* ---- Texts ------------------------------------------------------------------------------- */

static bool missing(struct reader *r, enum map_name name)
{
    return problem_set(r->problem, r->a, PROBLEM_MISSING, map_column(r->run->map, name), "",
                       "fill it in", "%s is missing", map_field_name(name));
}

/* Control characters have no place in a name or number; line ends only in addresses. */
static bool is_printable(const char *text, bool lines)
{
    for (; *text != '\0'; text++) {
        if (((unsigned char)*text < 0x20 || *text == 0x7f) && !(lines && *text == '\n'))
            return false;
    }
    return true;
}

static bool text_of_length(struct reader *r, enum map_name name, size_t most, bool lines,
                           const char **out)
{
    const struct map *m = r->run->map;

    if (!map_text(m, name, r->row, r->a, out, r->problem))
        return false;
    if (strlen(*out) > most)
        return problem_set(r->problem, r->a, PROBLEM_LENGTH, map_column(m, name),
                           arena_copy_n(r->a, *out, 60), "shorten it",
                           "longer than %zu bytes", most);
    if (!is_printable(*out, lines)) {
        char *clean = arena_copy(r->a, *out);
        for (char *c = clean; *c != '\0'; c++) {
            if ((unsigned char)*c < 0x20 || *c == 0x7f)
                *c = lines && *c == '\n' ? '\n' : ' ';
        }
        *out = text_trim(r->a, clean);
    }
    return true;
}

static bool needed(struct reader *r, enum map_name name, size_t most, const char **out)
{
    return text_of_length(r, name, most, false, out) &&
           (**out != '\0' || missing(r, name));
}

/* NULL when the row says nothing. */
static bool perhaps(struct reader *r, enum map_name name, size_t most, bool lines,
                    const char **out)
{
    if (!text_of_length(r, name, most, lines, out))
        return false;
    if (**out == '\0')
        *out = NULL;
    return true;
}

/* A note: the row is taken, this field of it is not. */
static void drop(struct reader *r, enum problem_kind kind, enum map_name name, const char **value,
                 const char *mend, const char *text)
{
    struct problem note;

    problem_set(&note, r->a, kind, map_column(r->run->map, name), *value, mend, "%s", text);
    report_note(r->run, r->row->line, &note);
    *value = NULL;
}

static bool yes_or_no(struct reader *r, enum map_name name, bool otherwise, bool *out)
{
    static const char *const yes[] = { "true", "yes", "y", "1" };
    static const char *const no[] = { "false", "no", "n", "0" };
    const char *text;

    *out = otherwise;
    if (!map_text(r->run->map, name, r->row, r->a, &text, r->problem))
        return false;
    if (*text == '\0')
        return true;
    for (size_t i = 0; i < COUNT(yes); i++) {
        if (strcasecmp(text, yes[i]) == 0 || strcasecmp(text, no[i]) == 0) {
            *out = strcasecmp(text, yes[i]) == 0;
            return true;
        }
    }
    return problem_set(r->problem, r->a, PROBLEM_VALUE, map_column(r->run->map, name), text,
                       "write yes or no", "\"%s\" is neither yes nor no", text);
}

/* ---- Debtors ----------------------------------------------------------------------------- */

static bool looks_like_email(const char *text)
{
    const char *at = strchr(text, '@');

    return at != NULL && at != text && at[1] != '\0' && strchr(at + 1, '@') == NULL &&
           strpbrk(text, " \t,;<>\"") == NULL && strchr(at + 1, '.') != NULL &&
           at[1] != '.' && !text_ends(text, ".");
}

/* E.164 without guessing: digits after a +, or a national number where the map knows the code. */
static const char *phone_of(struct reader *r, const char *text)
{
    const char *code = r->run->map->calling_code;
    char *out = arena_alloc(r->a, strlen(text) + 8);
    size_t n = 0;
    bool plus = text[0] == '+';

    out[n++] = '+';
    for (const char *c = text + plus; *c != '\0'; c++) {
        if (*c >= '0' && *c <= '9')
            out[n++] = *c;
        else if (strchr(" ()-./", *c) == NULL)
            return NULL; /* an extension cannot be reached by a text message */
    }
    if (!plus && code != NULL && strcmp(code, "1") == 0 && n == 12 && out[1] == '1')
        plus = true; /* 1-555-555-0100, written with its code */
    if (!plus && code == NULL)
        return NULL;
    if (!plus) {
        size_t zero = out[1] == '0', size = strlen(code);
        memmove(out + 1 + size, out + 1 + zero, n - 1 - zero);
        memcpy(out + 1, code, size);
        n += size - zero;
        if (strcmp(code, "1") == 0 && n != 12)
            return NULL;
    }
    out[n] = '\0';
    return n >= 9 && n <= 16 && out[1] != '0' ? out : NULL;
}

static bool places_are_known(const char *places)
{
    for (const char *c = places; *c != '\0';) {
        size_t n = strcspn(c, ",");
        bool country = n >= 2 && isupper((unsigned char)c[0]) && isupper((unsigned char)c[1]);
        bool part = n > 3 && n <= 6 && c[2] == '-';
        for (size_t i = 3; i < n; i++)
            part = part && isalnum((unsigned char)c[i]) && !islower((unsigned char)c[i]);
        if (!country || (n != 2 && !part))
            return false;
        c += n + (c[n] == ',');
    }
    return true;
}

static bool zones_are_known(struct arena *a, const char *zones)
{
    for (const char *c = zones; *c != '\0';) {
        size_t n = strcspn(c, ",");
        if (zone_find(arena_copy_n(a, c, n)) == NULL)
            return false;
        c += n + (c[n] == ',');
    }
    return true;
}

/* What cannot be used is left away and noted: not knowing closes the gate, never opens it. */
static void check_reachable(struct reader *r, struct debtor_input *d)
{
    if (d->email != NULL && !looks_like_email(d->email))
        drop(r, PROBLEM_EMAIL, MAP_EMAIL, &d->email, "mend it; the row was taken without it",
             "not an email address");
    if (d->phone != NULL) {
        const char *phone = phone_of(r, d->phone);
        if (phone == NULL)
            drop(r, PROBLEM_PHONE, MAP_PHONE, &d->phone,
                 "write it like +1 212 555 0100; the row was taken without it",
                 "not a telephone number in full");
        else
            d->phone = phone;
    }
    if (d->places != NULL && !places_are_known(d->places))
        drop(r, PROBLEM_PLACE, MAP_PLACES, &d->places, "write ISO 3166-2, like US-NY",
             "not a place");
    if (d->zones != NULL && !zones_are_known(r->a, d->zones))
        drop(r, PROBLEM_PLACE, MAP_ZONES, &d->zones, "write an IANA name, like Europe/Berlin",
             "not a time zone");
}

static bool read_role(struct reader *r, enum actor_role *out)
{
    const char *text;

    *out = ACTOR_FIRST_PARTY_CREDITOR;
    if (!map_text(r->run->map, MAP_ROLE, r->row, r->a, &text, r->problem))
        return false;
    return *text == '\0' || actor_role_parse(text, out) ||
           problem_set(r->problem, r->a, PROBLEM_VALUE, map_column(r->run->map, MAP_ROLE), text,
                       "write first_party_creditor, third_party_collector or debt_buyer",
                       "\"%s\" is no role", text);
}

static uint64_t content_of(const int *columns, const struct csv_row *row)
{
    uint64_t hash = 0;

    for (; *columns >= 0; columns++)
        hash = seen_hash(hash, (size_t)*columns < row->count ? row->fields[*columns] : "");
    return hash == 0 ? 1 : hash;
}

static bool describe(struct reader *r, struct item *item)
{
    struct debtor_input *d = &item->debtor;
    bool fine = perhaps(r, MAP_NAME, NAME_MOST, false, &d->name) &&
                perhaps(r, MAP_CREDITOR, NAME_MOST, false, &d->creditor) &&
                perhaps(r, MAP_LANGUAGE, 40, false, &d->language) &&
                perhaps(r, MAP_PLACES, 200, false, &d->places) &&
                perhaps(r, MAP_ZONES, 200, false, &d->zones) &&
                perhaps(r, MAP_EMAIL, 320, false, &d->email) &&
                perhaps(r, MAP_PHONE, 60, false, &d->phone) &&
                perhaps(r, MAP_ADDRESS, TEXT_MOST, true, &d->address) &&
                read_role(r, &d->role) && yes_or_no(r, MAP_BUSINESS, true, &d->business);

    if (!fine)
        return false;
    if (d->name == NULL)
        d->name = d->reference;
    if (r->run->request->creditor != NULL)
        d->creditor = r->run->request->creditor;
    d->source = r->run->map->name;
    check_reachable(r, d);
    return true;
}

/* Only a debtor that is new to this run is described; import.c looks at the others. */
static bool read_debtor(struct reader *r, struct item *item)
{
    struct import_run *run = r->run;

    if (!needed(r, MAP_REFERENCE, REFERENCE_MOST, &item->debtor.reference))
        return false;
    item->key = casefile_key_of(item->debtor.reference);
    item->debtor_hash = seen_hash(0, item->debtor.reference);
    item->debtor_content = content_of(run->debtor_columns, r->row);
    if (run->map->kind == MAP_PAYMENTS)
        return true;
    item->debtor_known = run->map->kind != MAP_CONTACTS &&
                         seen_find(&run->debtors, item->debtor_hash) != NULL;
    return item->debtor_known || describe(r, item);
}

/* ---- Debts ------------------------------------------------------------------------------- */

static bool read_currency(struct reader *r, enum map_name name, enum currency *out)
{
    struct import_run *run = r->run;
    const char *text;

    if (!needed(r, name, 40, &text))
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
           (out->number != DAY_NONE.number || missing(r, name));
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
            return missing(r, MAP_DUE_DAY);
    }
    if (!map_text(m, MAP_DUE_IN_DAYS, r->row, r->a, &text, r->problem))
        return false;
    if (*text == '\0')
        return missing(r, MAP_DUE_IN_DAYS);
    if (!text_to_int(text, &days) || days < 0 || days > DAYS_MOST)
        return problem_set(r->problem, r->a, PROBLEM_VALUE, map_column(m, MAP_DUE_IN_DAYS), text,
                           "write a whole number of days", "\"%s\" is no number of days", text);
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
                       arena_copy(r->a, due),
                       "mend one date, or the date form in the map",
                       "due before the invoice of %s", day_print(item->debt.invoice_day, from));
}

static bool negative(struct reader *r, enum map_name name, int64_t minor, enum currency currency)
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
        return missing(r, name);
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
    return perhaps(r, MAP_KIND, 60, false, &d->kind) &&
           perhaps(r, MAP_DESCRIPTION, TEXT_MOST, false, &d->description) &&
           perhaps(r, MAP_TERMS, TEXT_MOST, true, &d->terms);
}

static bool read_disputed(struct reader *r, struct item *item)
{
    if (!map_has(r->run->map, MAP_DISPUTED))
        return true;
    item->disputed_known = true;
    return yes_or_no(r, MAP_DISPUTED, false, &item->disputed);
}

static bool read_debt(struct reader *r, struct item *item)
{
    const struct map *m = r->run->map;

    if (!needed(r, MAP_DEBT, REFERENCE_MOST, &item->reference))
        return false;
    item->hash = seen_hash(0, item->reference);
    if (!read_debt_words(r, item) || !read_currency(r, MAP_CURRENCY, &item->currency) ||
        !needed_day(r, MAP_INVOICE_DAY, &item->debt.invoice_day) || !read_due(r, item) ||
        !check_order(r, item) || !read_amount(r, item) || !read_balance(r, item) ||
        !map_day(m, MAP_SETTLED_DAY, r->row, r->a, &item->settled_day, r->problem) ||
        !read_disputed(r, item))
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

    if (!needed(r, MAP_PAYMENT, REFERENCE_MOST, &item->reference))
        return false;
    item->hash = seen_hash(0, item->reference);
    p->reference = item->reference;
    if (!perhaps(r, MAP_PAYMENT_DEBT, REFERENCE_MOST, false, &item->debt.reference) ||
        !needed_day(r, MAP_PAYMENT_DAY, &p->day) ||
        !read_currency(r, MAP_PAYMENT_CURRENCY, &item->currency) ||
        !map_amount(m, MAP_PAYMENT_AMOUNT, r->row, item->currency, r->a, &p->minor, &known,
                    r->problem) ||
        !perhaps(r, MAP_METHOD, 60, false, &p->method) ||
        !yes_or_no(r, MAP_PENDING, false, &p->pending))
        return false;
    p->currency = item->currency;
    if (!known)
        return missing(r, MAP_PAYMENT_AMOUNT);
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
    item->content = content_of(run->all_columns, row);
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
                item->instalment.due_day.number == next->instalment.due_day.number;

    if (same && run->map->lines == LINES_REPEAT)
        same = item->instalment.minor == next->instalment.minor &&
               item->balance_known == next->balance_known && item->balance == next->balance;
    if (!same)
        return problem_set(problem, a, PROBLEM_GROUP, map_column(run->map, MAP_DEBT),
                           next->reference, "give each invoice its own number",
                           "another line of invoice %s, with another debtor, date, currency or "
                           "total than line %lld", next->reference,
                           (long long)item->rows[0].line);
    if (item->row_count >= LINES_MOST ||
        (run->map->lines == LINES_ADD &&
         __builtin_add_overflow(item->instalment.minor, next->instalment.minor,
                                &item->instalment.minor)))
        return problem_set(problem, a, PROBLEM_LENGTH, map_column(run->map, MAP_DEBT),
                           next->reference, "split the invoice", "the invoice is too large");
    item->content = item->content * 31 + next->content;
    return true;
}

#include "formats/map_guess.h"

#include <string.h>

const char *const map_date_forms[] = { "yyyy-mm-dd*", "m/d/yyyy", "d/m/yyyy",   "dd.mm.yyyy",
                                       "d-m-yyyy",    "yyyymmdd", "mmm d yyyy", NULL };

/* Names that columns have in the files of the world, the likeliest first; letters and digits.
 */
static const struct {
    enum map_name field;
    const char *names;
} known[] = {
    { MAP_REFERENCE, " customernumber customerno customerid custnumber debtorid debtornumber "
                     "accountnumber accountno accountid account clientid customer " },
    { MAP_NAME, " name customername namecustomer debtorname fullname company companyname "
                "organization organisation contactname customer client clientname " },
    { MAP_BUSINESS, " isafirm isabusiness " },
    { MAP_ROLE, " ourrole " },
    { MAP_EMAIL, " email emailaddress mail emailrecipient " },
    { MAP_PHONE, " phone phonenumber telephone tel mobile mobilenumber " },
    { MAP_ADDRESS, " address street address1 addressline1 streetaddress " },
    { MAP_POSTCODE, " postcode zip zipcode postalcode plz " },
    { MAP_COUNTRY, " country countrycode land " },
    { MAP_LANGUAGE, " language lang locale " },
    { MAP_CREDITOR, " creditor originalcreditor creditorname " },
    { MAP_DEBT, " invoicenumber invoiceno invoiceid invoice documentnumber docid debtid number "
                "billnumber " },
    { MAP_DESCRIPTION, " description memo subject " },
    { MAP_CURRENCY, " currency currencycode cur invoicecurrency " },
    { MAP_INVOICE_DAY, " invoicedate documentdate issuedate datecreated date billdate "
                       "chargeoffdate " },
    { MAP_DUE_DAY, " duedate due dueon paymentdue dueindate expecteddate " },
    { MAP_AMOUNT, " amount invoiceamount totalamount total invoicetotal originalamount " },
    { MAP_BALANCE, " balance open openamount balancedue balancedueamount outstanding amountdue "
                   "currentbalance " },
    { MAP_PAID, " paid amountpaid paidamount " },
    { MAP_PAID_DAY, " datepaid paidon paiddate " },
    { MAP_SETTLED_DAY, " settleddate settled " },
    { MAP_PAYMENT,
      " paymentid paymentnumber paymentno transactionid paymentreference reference "
      "number " },
    { MAP_PAYMENT_DEBT, " invoicenumber invoiceno invoice invoiceid debtid documentnumber "
                        "accountnumber account " },
    { MAP_PAYMENT_DAY, " paymentdate datepaid valuedate bookingdate date paidon " },
    { MAP_PAYMENT_CURRENCY, " currency currencycode cur " },
    { MAP_PAYMENT_AMOUNT, " amount paymentamount amountpaid amountreceived total " },
    { MAP_METHOD, " method paymentmethod paymentmode type " },
};

static const enum map_name needed_of_debts[] = { MAP_REFERENCE,   MAP_NAME,  MAP_BUSINESS,
                                                 MAP_ROLE,        MAP_DEBT,  MAP_CURRENCY,
                                                 MAP_INVOICE_DAY, MAP_AMOUNT };
static const enum map_name needed_of_payments[] = { MAP_PAYMENT, MAP_PAYMENT_DEBT,
                                                    MAP_PAYMENT_DAY, MAP_PAYMENT_CURRENCY,
                                                    MAP_PAYMENT_AMOUNT };
static const enum map_name needed_of_contacts[] = { MAP_REFERENCE, MAP_NAME, MAP_BUSINESS,
                                                    MAP_ROLE };

static bool is_among(enum map_name name, const enum map_name *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (list[i] == name)
            return true;
    }
    return false;
}

bool map_field_fits(enum map_kind kind, enum map_name name, bool *needed)
{
    bool of_debtor = name <= MAP_COUNTRY, of_payment = name >= MAP_PAYMENT;

    switch (kind) {
    case MAP_PAYMENTS:
        *needed = is_among(name, needed_of_payments, COUNT(needed_of_payments));
        return of_payment;
    case MAP_CONTACTS:
        *needed = is_among(name, needed_of_contacts, COUNT(needed_of_contacts));
        return of_debtor;
    case MAP_INVOICES:
    case MAP_ACCOUNTS:
        *needed = is_among(name, needed_of_debts, COUNT(needed_of_debts));
        return !of_payment;
    }
    return false;
}

/* ---- Columns --------------------------------------------------------------------------- */

/* " invoicenumber ": letters and digits between blanks, as the names above are kept. */
static const char *bare(struct arena *a, const char *name)
{
    const char *folded = text_fold(a, name);
    char *out = arena_alloc(a, strlen(folded) + 3), *at = out;

    *at++ = ' ';
    for (; *folded != '\0'; folded++) {
        if ((*folded >= 'a' && *folded <= 'z') || (*folded >= '0' && *folded <= '9') ||
            (unsigned char)*folded >= 0x80)
            *at++ = *folded;
    }
    *at++ = ' ';
    *at = '\0';
    return out;
}

/* The column whose name stands first among those that the field is known by; -1: none. */
static int column_of(struct arena *a, const char *names, const struct csv_row *header)
{
    const char *best = NULL;
    int column = -1;

    for (size_t i = 0; i < header->count; i++) {
        const char *name = bare(a, header->fields[i]);
        const char *found = strlen(name) > 2 ? strstr(names, name) : NULL;
        if (found != NULL && (best == NULL || found < best)) {
            best = found;
            column = (int)i;
        }
    }
    return column;
}

/* ---- Dates and amounts ----------------------------------------------------------------- */

static bool form_reads(const char *form, int column, size_t count, const struct csv_row rows[])
{
    bool any = false;

    for (size_t i = 0; i < count; i++) {
        struct day day;
        const char *text = column < (int)rows[i].count ? rows[i].fields[column] : "";
        if (*text == '\0')
            continue;
        if (date_read(form, text, &day) != PROBLEM_NONE)
            return false;
        any = true;
    }
    return any;
}

static void dates_guess(struct map_draft *d, int column, size_t count,
                        const struct csv_row rows[])
{
    if (column < 0)
        return;
    for (size_t i = 0; map_date_forms[i] != NULL; i++) {
        if (!form_reads(map_date_forms[i], column, count, rows))
            continue;
        d->dates_unsure = d->dates != NULL;
        if (d->dates == NULL)
            d->dates = map_date_forms[i];
    }
}

/* "1.250,00" has a comma for decimals: the last mark, with two digits behind it, tells. */
static void amounts_guess(struct map_draft *d, int column, size_t count,
                          const struct csv_row rows[])
{
    d->decimal = '.';
    for (size_t i = 0; i < count && column >= 0; i++) {
        const char *text = column < (int)rows[i].count ? rows[i].fields[column] : "";
        const char *comma = strrchr(text, ','), *dot = strrchr(text, '.');
        if (comma != NULL && (dot == NULL || comma > dot) && strlen(comma) == 3) {
            d->decimal = ',';
            d->grouping = dot != NULL ? '.' : d->grouping;
        } else if (dot != NULL && comma != NULL) {
            d->grouping = ',';
        }
    }
}

void map_guess(struct arena *a, enum map_kind kind, const struct csv_row *header,
               size_t row_count, const struct csv_row rows[], struct map_draft *out)
{
    bool payments = kind == MAP_PAYMENTS, needed;
    int day = -1, amount = -1;

    *out = (struct map_draft){ .kind = kind };
    for (size_t i = 0; i < COUNT(known); i++) {
        enum map_name field = known[i].field;
        int column =
            map_field_fits(kind, field, &needed) ? column_of(a, known[i].names, header) : -1;
        if (column < 0)
            continue;
        out->fields[field].column = arena_copy(a, header->fields[column]);
        if (field == (payments ? MAP_PAYMENT_DAY : MAP_INVOICE_DAY))
            day = column;
        if (field == (payments ? MAP_PAYMENT_AMOUNT : MAP_AMOUNT))
            amount = column;
    }
    if (kind == MAP_INVOICES || kind == MAP_ACCOUNTS) {
        if (amount < 0 &&
            out->fields[MAP_BALANCE].column != NULL) { /* what is open is all there is */
            out->fields[MAP_AMOUNT] = out->fields[MAP_BALANCE];
            out->fields[MAP_BALANCE].column = NULL;
            amount = column_of(a, bare(a, out->fields[MAP_AMOUNT].column), header);
        }
    }
    dates_guess(out, day, row_count, rows);
    amounts_guess(out, amount, row_count, rows);
}

/* ---- The map ---------------------------------------------------------------------------- */

/* In double quotes, as YAML has them. */
static void quoted(struct text *out, const char *text)
{
    text_add_char(out, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            text_add_char(out, '\\');
        if (*text == '\n')
            text_add(out, "\\n");
        else if ((unsigned char)*text >= ' ')
            text_add_char(out, *text);
    }
    text_add_char(out, '"');
}

/* A column as a place of a text; one whose name has marks of its own stands in quotes. */
static const char *place_of(struct arena *a, const char *column)
{
    return strpbrk(column, "|{}#?\"") != NULL ? arena_print(a, "{\"%s\"}", column)
                                              : arena_print(a, "{%s}", column);
}

/* A text that is the same everywhere: a brace in it would be read as a place. */
static const char *constant_of(struct arena *a, const char *text)
{
    char *out = arena_copy(a, text);

    for (char *c = out; *c != '\0'; c++) {
        if (*c == '{' || *c == '}')
            *c = ' ';
    }
    return out;
}

static void section_print(const struct map_draft *d, struct arena *a, enum map_name first,
                          enum map_name last, const char *name, struct text *out)
{
    bool any = false;

    for (int i = (int)first; i <= (int)last; i++) {
        const struct map_choice *c = &d->fields[i];
        bool needed;
        if ((c->column == NULL && c->always == NULL) ||
            !map_field_fits(d->kind, (enum map_name)i, &needed))
            continue;
        if (!any)
            text_add_print(out, "\n%s:\n", name);
        any = true;
        text_add_print(out, "  %s: ", strchr(map_field_name((enum map_name)i), '.') + 1);
        quoted(out, c->column != NULL ? place_of(a, c->column) : constant_of(a, c->always));
        text_add_char(out, '\n');
    }
}

void map_draft_print(const struct map_draft *d, const char *name, struct text *out)
{
    struct arena a = { 0 };

    text_add_print(out, "map: %s\ntitle: ", name);
    quoted(out, name);
    text_add_print(out, "\nkind: %s\n", map_kind_name(d->kind));
    if (d->dates != NULL)
        text_add_print(out, "dates: \"%s\"\n", d->dates);
    text_add_print(out, "amounts: {decimal: \"%c\"", d->decimal == '\0' ? '.' : d->decimal);
    if (d->grouping != '\0')
        text_add_print(out, ", grouping: \"%c\"", d->grouping);
    text_add(out, ", signs: [\"$\", \"€\", \"£\"]}\n");
    if (d->calling_code != NULL)
        text_add_print(out, "calling_code: %s\n", d->calling_code);
    section_print(d, &a, MAP_REFERENCE, MAP_COUNTRY, "debtor", out);
    section_print(d, &a, MAP_DEBT, MAP_ITEMIZATION_CREDITS, "debt", out);
    section_print(d, &a, MAP_PAYMENT, MAP_PENDING, "payment", out);
    arena_free(&a);
}

/*
 * Map: how the columns of a file become debtors, debts and payments. YAML, written by an
 * administrator; docs/maps.md is the guide.
 *
 * map_load reads one (folder maps, or a path), map_bind finds its columns in the header of a
 * file; both refuse with "file:line:column: …". After that, map_text, map_day and map_amount
 * answer for one row, and never fail but for a problem of that row.
 *
 * A map holds texts with places, "{customerID | lower}@firm.example"; a text without places is
 * a constant. When every column that a text names is empty, the text is empty.
 */
#ifndef FORMATS_MAP_H
#define FORMATS_MAP_H

#include "domain/money.h"
#include "formats/csv.h"
#include "formats/yaml.h"

enum map_kind { MAP_INVOICES, MAP_PAYMENTS, MAP_ACCOUNTS, MAP_CONTACTS };
const char *map_kind_name(enum map_kind kind);
bool map_kind_parse(const char *name, enum map_kind *out);

/* Every field that a map may fill: section, name. */
#define MAP_FIELDS(X)                                                                          \
    X(MAP_REFERENCE, "debtor", "reference")                                                    \
    X(MAP_CREDITOR, "debtor", "creditor")                                                      \
    X(MAP_ROLE, "debtor", "role")                                                              \
    X(MAP_BUSINESS, "debtor", "business")                                                      \
    X(MAP_NAME, "debtor", "name")                                                              \
    X(MAP_LANGUAGE, "debtor", "language")                                                      \
    X(MAP_PLACES, "debtor", "places")                                                          \
    X(MAP_ZONES, "debtor", "zones")                                                            \
    X(MAP_EMAIL, "debtor", "email")                                                            \
    X(MAP_PHONE, "debtor", "phone")                                                            \
    X(MAP_ADDRESS, "debtor", "address")                                                        \
    X(MAP_POSTCODE, "debtor", "postcode")                                                      \
    X(MAP_COUNTRY, "debtor", "country")                                                        \
    X(MAP_DEBT, "debt", "reference")                                                           \
    X(MAP_KIND, "debt", "kind")                                                                \
    X(MAP_DESCRIPTION, "debt", "description")                                                  \
    X(MAP_TERMS, "debt", "terms")                                                              \
    X(MAP_TERMS_NAME, "debt", "terms_name")                                                    \
    X(MAP_CURRENCY, "debt", "currency")                                                        \
    X(MAP_INVOICE_DAY, "debt", "invoice_day")                                                  \
    X(MAP_DUE_DAY, "debt", "due_day")                                                          \
    X(MAP_DUE_IN_DAYS, "debt", "due_in_days")                                                  \
    X(MAP_AMOUNT, "debt", "amount")                                                            \
    X(MAP_QUANTITY, "debt", "quantity")                                                        \
    X(MAP_UNIT, "debt", "unit")                                                                \
    X(MAP_BALANCE, "debt", "balance")                                                          \
    X(MAP_PAID, "debt", "paid")                                                                \
    X(MAP_PAID_DAY, "debt", "paid_day")                                                        \
    X(MAP_SETTLED_DAY, "debt", "settled_day")                                                  \
    X(MAP_DISPUTED, "debt", "disputed")                                                        \
    X(MAP_ACCOUNT_NUMBER, "debt", "account_number")                                            \
    X(MAP_CONTRACT_DATE, "debt", "contract_date")                                              \
    X(MAP_CREDITOR_ADDRESS, "debt", "creditor_address")                                        \
    X(MAP_INTEREST_RATE, "debt", "interest_rate")                                              \
    X(MAP_INTEREST_FROM, "debt", "interest_from")                                              \
    X(MAP_FEE_GROUND, "debt", "fee_ground")                                                    \
    X(MAP_ITEMIZATION_DATE, "debt", "itemization_date")                                        \
    X(MAP_ITEMIZATION_CREDITOR, "debt", "itemization_creditor")                                \
    X(MAP_ITEMIZATION_AMOUNT, "debt", "itemization_amount")                                    \
    X(MAP_ITEMIZATION_INTEREST, "debt", "itemization_interest")                                \
    X(MAP_ITEMIZATION_FEES, "debt", "itemization_fees")                                        \
    X(MAP_ITEMIZATION_PAYMENTS, "debt", "itemization_payments")                                \
    X(MAP_ITEMIZATION_CREDITS, "debt", "itemization_credits")                                  \
    X(MAP_PAYMENT, "payment", "reference")                                                     \
    X(MAP_PAYMENT_DEBT, "payment", "debt")                                                     \
    X(MAP_PAYMENT_DAY, "payment", "day")                                                       \
    X(MAP_PAYMENT_CURRENCY, "payment", "currency")                                             \
    X(MAP_PAYMENT_AMOUNT, "payment", "amount")                                                 \
    X(MAP_METHOD, "payment", "method")                                                         \
    X(MAP_PENDING, "payment", "pending")

enum map_name {
#define X(code, section, name) code,
    MAP_FIELDS(X)
#undef X
        MAP_FIELD_COUNT
};
const char *map_field_name(enum map_name name); /* "debt.amount" */

/* What may be wrong with a row. Names are API: they stand in the JSON report. */
#define PROBLEMS(X)                                                                            \
    X(PROBLEM_NONE, "none", "nothing wrong")                                                   \
    X(PROBLEM_MISSING, "missing", "a value is missing")                                        \
    X(PROBLEM_COLUMNS, "columns", "another number of columns than the header")                 \
    X(PROBLEM_DATE, "date", "no such date, or a date in another form")                         \
    X(PROBLEM_YEAR, "year", "a year with two digits")                                          \
    X(PROBLEM_LETTER, "letter", "a letter in a number")                                        \
    X(PROBLEM_AMOUNT, "amount", "not an amount")                                               \
    X(PROBLEM_DECIMALS, "decimals", "more decimals than the currency has")                     \
    X(PROBLEM_NEGATIVE, "negative", "an amount below zero")                                    \
    X(PROBLEM_CURRENCY, "currency", "an unknown currency")                                     \
    X(PROBLEM_VALUE, "value", "a value that is not foreseen")                                  \
    X(PROBLEM_LENGTH, "length", "too long")                                                    \
    X(PROBLEM_ORDER, "order", "dates in an impossible order")                                  \
    X(PROBLEM_DUPLICATE, "duplicate", "a second row of the same key, with other content")      \
    X(PROBLEM_GROUP, "group", "lines of one invoice that do not belong together")              \
    X(PROBLEM_CONFLICT, "conflict", "contradicts what is on file")                             \
    X(PROBLEM_UNKNOWN, "unknown", "names something that is not on file")                       \
    X(PROBLEM_EMAIL, "email", "not an email address")                                          \
    X(PROBLEM_PHONE, "phone", "not a telephone number in full")                                \
    X(PROBLEM_PLACE, "place", "not a place or zone that is known")                             \
    X(PROBLEM_SPELLING, "spelling", "a debtor described in another way than further up")       \
    X(PROBLEM_BALANCE, "balance", "more open in the file than on file")

enum problem_kind {
#define X(code, name, words) code,
    PROBLEMS(X)
#undef X
        PROBLEM_COUNT
};
const char *problem_name(enum problem_kind kind);
const char *problem_words(enum problem_kind kind);

/* Something wrong with one row. Texts belong to the arena of the row. */
struct problem {
    enum problem_kind kind;
    const char *column, *value; /* of the file; NULL when it is not about one */
    const char *text, *mend;    /* what is wrong; what to do about it */
};
/* Fills *p and returns false. */
bool problem_set(struct problem *p, struct arena *a, enum problem_kind kind, const char *column,
                 const char *value, const char *mend, const char *format, ...) PRINTF(7, 8);

/* ---- The parts of a map ------------------------------------------------------------------ */

struct amount_form {
    char decimal, grouping; /* grouping '\0': none */
    size_t sign_count;
    const char *const *signs; /* "$", "USD": may stand around the number */
    bool credit_notes;        /* a negative amount is a credit note, not a mistake */
    bool round;               /* to the nearest minor unit, half away from zero */
};

struct map_list {
    const char *name;
    size_t count;
    const char *const *items;
};

struct map_table {
    const char *name;
    size_t count;
    const char *const *from;
    const char *const *to;
};

enum step_kind {
    STEP_LOWER,
    STEP_UPPER,
    STEP_SLUG,
    STEP_DIGITS,
    STEP_NUMBER,
    STEP_PICK,
    STEP_TABLE
};

struct map_step {
    enum step_kind kind;
    int64_t from, to; /* STEP_DIGITS: from; STEP_NUMBER: both */
    const struct map_list *list;
    const struct map_table *table;
};

/* A piece of a text: words, or a place that a column fills. */
struct map_part {
    const char *words; /* NULL for a place */
    size_t column_count;
    const char *const *columns; /* the first of these that the file has */
    bool optional;              /* the file may have none of them */
    int index;                  /* column in the file; -1: none */
    size_t step_count;
    struct map_step *steps;
};

struct map_field {
    struct place place;
    size_t part_count;
    struct map_part *parts; /* none: the field is not in the map */
    const struct map_table *values;
    const char *otherwise, *when_empty; /* or NULL */
    const char *dates;                  /* see date_read */
    struct amount_form amounts;
};

enum lines { LINES_REFUSE, LINES_ADD, LINES_REPEAT };

/* A test of whole rows: takes or leaves those whose column holds one of these. */
struct map_filter {
    struct map_part column;
    struct place place;
    bool keep;
    size_t count;
    const char *const *values;
};

struct map {
    const char *name, *title;
    enum map_kind kind;
    struct csv_dialect dialect;
    bool short_rows;          /* rows may end before the header does */
    enum lines lines;         /* several rows, one invoice */
    bool due_before_invoice;  /* is taken */
    bool missing_settled;     /* debts that the file does not name were paid */
    int missing_most;         /* … at most this percentage of what is open */
    const char *calling_code; /* for telephone numbers without one; NULL */
    size_t filter_count;
    struct map_filter *filters;
    size_t list_count, table_count;
    struct map_list *lists;
    struct map_table *tables;
    struct map_field fields[MAP_FIELD_COUNT];
    size_t header_count;
    const char *const *header;
};

/* `name` is that of a map in the folder maps, or the path of a file. */
bool map_load(struct arena *a, const char *name, struct map **out, struct fault *why);
bool map_parse(struct arena *a, const char *file, const char *bytes, size_t length,
               struct map **out, struct fault *why);
/* Finds the columns. The header must live as long as the map. */
bool map_bind(struct map *m, const struct csv_row *header, struct fault *why);

/* ---- Rows -------------------------------------------------------------------------------- */

bool map_has(const struct map *m, enum map_name name);
/* The columns of the field, for reports: "InvoiceAmount", or the field's own name. */
const char *map_column(const struct map *m, enum map_name name);
/* NULL, or the filter that leaves this row out. */
const struct map_filter *map_left_out(const struct map *m, const struct csv_row *row);

/* *out is "" when the row says nothing. */
bool map_text(const struct map *m, enum map_name name, const struct csv_row *row,
              struct arena *a, const char **out, struct problem *p);
/* DAY_NONE when the row says nothing. */
bool map_day(const struct map *m, enum map_name name, const struct csv_row *row,
             struct arena *a, struct day *out, struct problem *p);
/* *known is false when the row says nothing. */
bool map_amount(const struct map *m, enum map_name name, const struct csv_row *row,
                enum currency currency, struct arena *a, int64_t *minor, bool *known,
                struct problem *p);
/* Quantity times unit, exactly; fractions of a minor unit as the map says. */
bool map_product(const struct map *m, const struct csv_row *row, enum currency currency,
                 struct arena *a, int64_t *minor, struct problem *p);

/* ---- Values, by themselves --------------------------------------------------------------- */

/*
 * A form is "m/d/yyyy", "dd-mm-yyyy", "yyyymmdd", "mmm d yyyy": d and m take one or two digits
 * (two where no separator follows), mmm an English month name, yyyy four digits, * whatever
 * follows. Sound: it names day and month, and a year of four digits.
 */
bool date_form_is_sound(const char *form);
enum problem_kind date_read(const char *form, const char *text, struct day *out);
bool amount_read(const struct amount_form *form, const char *text, enum currency currency,
                 struct arena *a, int64_t *minor, struct problem *p);
/* A decimal number: *digits × 10^-*decimals. */
bool decimal_read(const struct amount_form *form, const char *text, struct arena *a,
                  int64_t *digits, int *decimals, struct problem *p);

#endif

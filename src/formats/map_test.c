/* Maps: what they may say, what they are refused for, and how they read dates and amounts. */
#include "formats/map.h"

#include "base/files.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* ---- Dates ------------------------------------------------------------------------------- */

static void dates(void **state)
{
    static const struct {
        const char *form, *text, *wanted; /* "" when it is none, "year" for two digits */
    } cases[] = {
        { "m/d/yyyy", "4/6/2013", "2013-04-06" },
        { "m/d/yyyy", "04/06/2013", "2013-04-06" },
        { "m/d/yyyy", "13/6/2013", "" },
        { "m/d/yyyy", "2/30/2026", "" },
        { "m/d/yyyy", "2/29/2024", "2024-02-29" },
        { "m/d/yyyy", "2/29/2023", "" },
        { "m/d/yyyy", "4/6/13", "year" },
        { "m/d/yyyy", "4/6/20130", "" },
        { "m/d/yyyy", "4/6/2013 ", "" },
        { "m/d/yyyy", "4-6-2013", "" },
        { "m/d/yyyy", "", "" },
        { "m/d/yyyy", "0/1/2013", "" },
        { "m/d/yyyy", "1/1/0013", "" },
        { "d/m/yyyy", "13/6/2013", "2013-06-13" },
        { "dd-mm-yyyy", "31-12-2020", "2020-12-31" },
        { "dd-mm-yyyy", "1-2-2020", "2020-02-01" },
        { "yyyy-mm-dd", "2021-01-28", "2021-01-28" },
        { "yyyy-mm-dd", "21-01-28", "year" },
        { "yyyy-mm-dd*", "2021-01-28T11:04:09+00:00", "2021-01-28" },
        { "yyyymmdd", "20210128", "2021-01-28" },
        { "yyyymmdd", "2021128", "" },
        { "mmm d yyyy", "Jan 28 2021", "2021-01-28" },
        { "mmm d yyyy", "january  28 2021", "2021-01-28" },
        { "mmm d, yyyy", "Sept. 3, 2021", "2021-09-03" },
        { "mmm d yyyy", "Foo 28 2021", "" },
        { "mmm d yyyy", "Ja 28 2021", "" },
        { "d.m.yyyy", "28.1.2021", "2021-01-28" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct day day;
        char printed[DAY_TEXT] = "";
        enum problem_kind wrong = date_read(cases[i].form, cases[i].text, &day);
        if (wrong == PROBLEM_NONE)
            day_print(day, printed);
        const char *got = wrong == PROBLEM_YEAR ? "year" : printed;
        if (strcmp(got, cases[i].wanted) != 0)
            fail_msg("%s as %s: %s", cases[i].text, cases[i].form, got);
    }
}

static void date_forms(void **state)
{
    (void)state;
    assert_true(date_form_is_sound("m/d/yyyy"));
    assert_true(date_form_is_sound("mmm d yyyy"));
    assert_false(date_form_is_sound("m/d/yy"));
    assert_false(date_form_is_sound("m/d"));
    assert_false(date_form_is_sound("m/m/yyyy"));
    assert_false(date_form_is_sound("mmmm d yyyy"));
    assert_false(date_form_is_sound(""));
}

/* Every day of two centuries, printed in a form, is read back. */
static void every_day(void **state)
{
    struct day first = day_of_date((struct date){ 1900, 1, 1 });
    struct day last = day_of_date((struct date){ 2199, 12, 31 });

    (void)state;
    for (struct day day = first; day.number <= last.number; day.number++) {
        char text[32];
        struct date d = date_of_day(day);
        struct day back;
        snprintf(text, sizeof text, "%d/%d/%04d", d.month, d.day, d.year);
        assert_int_equal(date_read("m/d/yyyy", text, &back), PROBLEM_NONE);
        assert_int_equal(back.number, day.number);
    }
}

/* ---- Amounts ----------------------------------------------------------------------------- */

static const char *const dollar[] = { "$", "USD", "US$" };
static const struct amount_form english = { '.', ',', 3, dollar, false, false };
static const struct amount_form german = { ',', '.', 0, NULL, false, false };
static const struct amount_form french = { ',', ' ', 0, NULL, false, false };
static const struct amount_form swiss = { '.', '\'', 0, NULL, false, false };
static const struct amount_form bare = { '.', '\0', 0, NULL, false, false };
static const struct amount_form rounding = { '.', '\0', 0, NULL, false, true };

static void amounts(void **state)
{
    static const struct {
        const struct amount_form *form;
        const char *text;
        enum problem_kind wrong;
        int64_t minor;
    } cases[] = {
        { &english, "55.94", PROBLEM_NONE, 5594 },
        { &english, "99.9", PROBLEM_NONE, 9990 },
        { &english, "99", PROBLEM_NONE, 9900 },
        { &english, "99.", PROBLEM_NONE, 9900 },
        { &english, ".50", PROBLEM_NONE, 50 },
        { &english, "1,234,567.89", PROBLEM_NONE, 123456789 },
        { &english, "12,34,567.89", PROBLEM_NONE, 123456789 },
        { &english, "$1,020.00", PROBLEM_NONE, 102000 },
        { &english, " $ 1,020.00 ", PROBLEM_NONE, 102000 },
        { &english, "1,020.00 USD", PROBLEM_NONE, 102000 },
        { &english, "$-142.85", PROBLEM_NONE, -14285 },
        { &english, "-$142.85", PROBLEM_NONE, -14285 },
        { &english, "142.85-", PROBLEM_NONE, -14285 },
        { &english, "($400.00)", PROBLEM_NONE, -40000 },
        { &english,
          "\xe2\x88\x92"
          "5.00",
          PROBLEM_NONE, -500 },
        { &english, "1.100", PROBLEM_NONE, 110 },
        { &english, "0.00", PROBLEM_NONE, 0 },
        { &english, "--5", PROBLEM_AMOUNT, 0 },
        { &english, "(-5)", PROBLEM_AMOUNT, 0 },
        { &english, "12,50", PROBLEM_AMOUNT, 0 },
        { &english, "1,2345", PROBLEM_AMOUNT, 0 },
        { &english, ",123", PROBLEM_AMOUNT, 0 },
        { &english, "1,284.5O", PROBLEM_LETTER, 0 },
        { &english, "l2", PROBLEM_LETTER, 0 },
        { &english, "EUR 5", PROBLEM_LETTER, 0 },
        { &english, "1.2.3", PROBLEM_AMOUNT, 0 },
        { &english, "5.001", PROBLEM_DECIMALS, 0 },
        { &english, "", PROBLEM_AMOUNT, 0 },
        { &english, "$", PROBLEM_AMOUNT, 0 },
        { &english, "9.779999999999999", PROBLEM_DECIMALS, 0 },
        { &english, "92233720368547758.07", PROBLEM_NONE, INT64_MAX },
        { &english, "92233720368547758.08", PROBLEM_AMOUNT, 0 },
        { &english, "99999999999999999999", PROBLEM_AMOUNT, 0 },
        { &german, "1.234,50", PROBLEM_NONE, 123450 },
        { &german, "1.234.567", PROBLEM_NONE, 123456700 },
        { &german, "12.50", PROBLEM_AMOUNT, 0 },
        { &french, "1 234,50", PROBLEM_NONE, 123450 },
        { &french,
          "1\xc2\xa0"
          "234,50",
          PROBLEM_NONE, 123450 },
        { &french,
          "1\xe2\x80\xaf"
          "234,50",
          PROBLEM_NONE, 123450 },
        { &swiss, "1'234.50", PROBLEM_NONE, 123450 },
        { &swiss,
          "1\xe2\x80\x99"
          "234.50",
          PROBLEM_NONE, 123450 },
        { &bare, "1,234.50", PROBLEM_AMOUNT, 0 },
        { &bare, "0x10", PROBLEM_LETTER, 0 },
        { &bare, "1e3", PROBLEM_LETTER, 0 },
        { &rounding, "9.779999999999999", PROBLEM_NONE, 978 },
        { &rounding, "64982.589", PROBLEM_NONE, 6498259 },
        { &rounding, "0.005", PROBLEM_NONE, 1 },
        { &rounding, "0.0049", PROBLEM_NONE, 0 },
        { &rounding, "-0.005", PROBLEM_NONE, -1 },
        { &rounding, "-0.0049", PROBLEM_NONE, 0 },
    };
    struct arena a = { 0 };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct problem p = { 0 };
        int64_t minor = 0;
        bool fine = amount_read(cases[i].form, cases[i].text, CURRENCY_USD, &a, &minor, &p);
        if (p.kind != cases[i].wrong || (fine && minor != cases[i].minor))
            fail_msg("\"%s\": %s, %lld", cases[i].text, problem_name(p.kind), (long long)minor);
    }
    arena_free(&a);
}

/* ---- Maps -------------------------------------------------------------------------------- */

#define GOOD_DEBTOR                                                                            \
    "debtor: {reference: \"{Id}\", business: 'true', role: first_party_creditor}\n"
#define GOOD_DEBT                                                                              \
    "debt: {reference: \"{No}\", currency: USD, invoice_day: \"{Day}\", due_in_days: '30', "   \
    "amount: \"{Sum}\"}\n"
#define GOOD "map: t\nkind: invoices\n" GOOD_DEBTOR GOOD_DEBT

static void refused(void **state)
{
    static const struct {
        const char *yaml, *wanted;
    } cases[] = {
        { "", "the file is empty" },
        { "kind: invoices\n", "t.yaml:1:1: \"map\" is missing" },
        { "map: t\nkind: invoice\n", "t.yaml:2:7: \"invoice\" is not a value of \"kind\"" },
        { "map: t\nkind: invoices\n", "needs debtor.reference" },
        { "map: t\nkind: invoices\n" GOOD_DEBTOR, "needs debt.amount" },
        { "map: t\nkind: payments\n" GOOD_DEBTOR, "needs payment.reference" },
        { "map: t\nkind: contacts\n" GOOD_DEBTOR, "needs debtor.name" },
        { "map: t\nkind: contacts\ndebtor: {reference: x, name: y}\n",
          "needs debtor.business" },
        { GOOD "colour: red\n", "t.yaml:5:1: \"colour\" is not known here" },
        { GOOD "dates: m/d/yy\n", "t.yaml:5:8: dates are written like" },
        { GOOD "amounts: {decimal: ',', grouping: ','}\n", "two different signs" },
        { GOOD "amounts: {decimal: 'xx'}\n", "is one character" },
        { GOOD "file: {delimiter: colon}\n", "t.yaml:5:19: \"colon\" is not a value" },
        { GOOD "file: {encoding: ebcdic}\n", "is no encoding" },
        { GOOD "rows: {lines: sum}\n", "\"sum\" is not a value of \"lines\"" },
        { GOOD "missing: {then: lost}\n", "\"then\" can only be settled" },
        { GOOD "missing: {then: settled, at_most: half}\n", "is a percentage" },
        { GOOD "calling_code: '+1'\n", "one to three digits" },
        { GOOD "tables_from: nowhere\n", "there is no file \"maps/tables/nowhere.yaml\"" },
        { GOOD "lists: {empty: []}\n", "the list is empty" },
        { "map: t\nkind: invoices\ndebtor: {referense: x}\n",
          "t.yaml:3:10: \"referense\" is no field of a debtor; did you mean \"reference\"?" },
        { "map: t\nkind: contacts\ndebtor: {reference: \"{Id\", name: x}\n", "never closed" },
        { "map: t\nkind: contacts\ndebtor: {reference: \"{}\", name: x}\n", "names no column" },
        { "map: t\nkind: contacts\ndebtor: {reference: \"{Id | shout}\", name: x}\n",
          "\"shout\" is no step" },
        { "map: t\nkind: contacts\ndebtor: {reference: \"{Id | pick x}\", name: x}\n",
          "there is no list \"x\"" },
        { "map: t\nkind: contacts\ndebtor: {reference: \"{Id | table x}\", name: x}\n",
          "there is no table \"x\"" },
        { "map: t\nkind: contacts\ndebtor: {reference: \"{Id | digits}\", name: x}\n",
          "needs whole numbers" },
        { "map: t\nkind: contacts\ndebtor: {reference: \"{Id | number 9 1}\", name: x}\n",
          "from the smaller to the larger" },
        { "map: t\nkind: contacts\ndebtor: {reference: {text: x, colum: y}, name: x}\n",
          "did you mean \"column\"?" },
        { "map: t\nkind: contacts\ndebtor: {reference: {default: y}, name: x}\n",
          "\"column\" or \"text\" is missing" },
        { "map: t\nkind: contacts\ndebtor: [x]\n", "must be a mapping" },
        { "map: t\nkind: contacts\ndebtor: {reference: [x], name: y}\n", "a mapping" },
    };
    struct arena a = { 0 };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct fault why = { 0 };
        struct map *m;
        assert_false(map_parse(&a, "t.yaml", cases[i].yaml, strlen(cases[i].yaml), &m, &why));
        if (strstr(why.text, cases[i].wanted) == NULL || why.code != BAD_PACK)
            fail_msg("case %zu: \"%s\"", i, why.text);
    }
    arena_free(&a);
}

static struct map *bound(struct arena *a, const char *yaml, size_t count,
                         const char *const *header)
{
    struct fault why = { 0 };
    struct map *m = NULL;
    static struct csv_row row;

    row = (struct csv_row){ 1, count, header, false };
    if (!map_parse(a, "t.yaml", yaml, strlen(yaml), &m, &why) || !map_bind(m, &row, &why))
        fail_msg("%s", why.text);
    return m;
}

/* One field, filled from the columns A, B and Phone, Phone. */
static void texts(void **state)
{
    static const struct {
        const char *name, *wanted; /* NULL: a problem */
    } cases[] = {
        { "\"constant\"", "constant" },
        { "\"{A}\"", "Ann Lee" },
        { "\"{B}\"", "x-1" },
        { "\"{A} and {B}\"", "Ann Lee and x-1" },
        { "\"{A | lower}\"", "ann lee" },
        { "\"{B | upper}\"", "X-1" },
        { "\"{A | slug}@firm.example\"", "ann-lee@firm.example" },
        { "\"{A | slug | upper}\"", "ANN-LEE" },
        { "\"{N | digits 6}\"", "000042" },
        { "\"{B | digits 6}\"", "x-1" },
        { "\"{Empty}\"", "" },
        { "\"{Empty}@firm.example\"", "" },
        { "\"{Empty} {A}\"", "Ann Lee" },
        { "\"{A}\\n{Empty}\\n  {B}\"", "Ann Lee\nx-1" },
        { "\"{Nowhere?}\"", "" },
        { "{column: [Nowhere, B]}", "x-1" },
        { "{column: Nowhere, optional: true, default: there}", "there" },
        { "{column: Empty, default: there}", "there" },
        { "{column: B, values: {x-1: one}}", "one" },
        { "{column: B, values: {x-2: two}}", NULL },
        { "{column: B, values: {x-2: two}, otherwise: else}", "else" },
        { "\"{B | table t}\"", "table one" },
        { "\"{A | table t}\"", NULL },
        { "{text: \"{A | table t}\", otherwise: \"\"}", "" },
        { "\"{Phone}\"", "first" },
        { "\"{Phone#2}\"", "second" },
        { "\"{\\\"odd | name\\\" | upper}\"", "ODD" },
    };
    static const char *const header[] = {
        "A", "B", "N", "Empty", "Phone", "Phone", "odd | name"
    };
    static const char *const values[] = {
        " Ann Lee ", "x-1", "42", "", "first", "second", "odd"
    };
    const struct csv_row row = { 2, 7, values, false };
    struct arena a = { 0 };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct problem p = { 0 };
        const char *got;
        char *yaml = arena_print(&a,
                                 "map: t\nkind: contacts\ntables: {t: {x-1: table one}}\n"
                                 "debtor:\n  business: 'true'\n  role: debt_buyer\n"
                                 "  reference: \"{A}\"\n  name: %s\n",
                                 cases[i].name);
        struct map *m = bound(&a, yaml, 7, header);
        bool fine = map_text(m, MAP_NAME, &row, &a, &got, &p);
        if (fine != (cases[i].wanted != NULL) || (fine && strcmp(got, cases[i].wanted) != 0))
            fail_msg("%s: %s", cases[i].name, fine ? got : p.text);
    }
    arena_free(&a);
}

/* What is invented for a debtor stays the same for ever: these are vectors. */
static void inventions(void **state)
{
    static const char *const header[] = { "A" }, *const values[] = { "0379-NEVHP" };
    const struct csv_row row = { 2, 1, values, false };
    struct arena a = { 0 };
    struct problem p = { 0 };
    const char *got;

    (void)state;
    struct map *m = bound(&a,
                          "map: t\nkind: contacts\nlists: {s: [a, b, c, d, e, f, g, h]}\n"
                          "debtor: {reference: \"{A | number 1 999}\", business: 'true', "
                          "role: debt_buyer, "
                          "name: \"{A | pick s}\"}\n",
                          1, header);
    assert_true(map_text(m, MAP_REFERENCE, &row, &a, &got, &p));
    assert_string_equal(got, "249");
    assert_true(map_text(m, MAP_NAME, &row, &a, &got, &p));
    assert_string_equal(got, "d");
    arena_free(&a);
}

static void missing_column(void **state)
{
    static const char *const header[] = { "Id", "invoiceNumber", "Day", "Sum" };
    const struct csv_row row = { 4, 4, header, false };
    const char *yaml = "map: t\nkind: invoices\n" GOOD_DEBTOR
                       "debt:\n  reference: \"{InvoiceNo}\"\n  currency: USD\n"
                       "  invoice_day: \"{Day}\"\n  due_in_days: '30'\n  amount: \"{Sum}\"\n";
    struct arena a = { 0 };
    struct fault why = { 0 };
    struct map *m;

    (void)state;
    assert_true(map_parse(&a, "t.yaml", yaml, strlen(yaml), &m, &why));
    assert_false(map_bind(m, &row, &why));
    assert_string_equal(why.text, "t.yaml:5:14: the file has no column \"InvoiceNo\"; did you "
                                  "mean \"invoiceNumber\"?");
    assert_string_equal(why.hint, "line 4 of the file has: Id, invoiceNumber, Day, Sum");
    arena_free(&a);
}

static void shipped(void **state)
{
    struct arena a = { 0 };
    struct fault why = { 0 };
    const char **paths;
    size_t count, seen = 0;
    struct map *m;

    (void)state;
    assert_true(files_list(&a, "maps/", ".yaml", &paths, &count, &why));
    for (size_t i = 0; i < count; i++) {
        const char *base = paths[i] + strlen("maps/");
        if (strchr(base, '/') != NULL)
            continue;
        char *name = arena_copy_n(&a, base, strlen(base) - strlen(".yaml"));
        if (!map_load(&a, name, &m, &why))
            fail_msg("%s", why.text);
        assert_string_equal(m->name, name);
        assert_true(m->title[0] != '\0');
        seen++;
    }
    assert_true(seen >= 14);
    assert_false(map_load(&a, "no-such-map", &m, &why));
    assert_int_equal(why.code, NOT_FOUND);
    assert_non_null(strstr(why.hint, "ibm-ar"));
    arena_free(&a);
}

static void zones_of_tables(void **state)
{
    struct arena a = { 0 };
    struct fault why = { 0 };
    struct map *m;

    (void)state;
    assert_true(map_load(&a, "invoiceninja-clients", &m, &why));
    for (size_t t = 0; t < m->table_count; t++) {
        if (strcmp(m->tables[t].name, "us_zone") != 0)
            continue;
        assert_int_equal(m->tables[t].count, 102);
        for (size_t i = 0; i < m->tables[t].count; i++) {
            const char *zones = m->tables[t].to[i];
            size_t comma = strcspn(zones, ",");
            assert_non_null(zone_find(arena_copy_n(&a, zones, comma)));
            if (zones[comma] == ',')
                assert_non_null(zone_find(zones + comma + 1));
        }
    }
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates),      cmocka_unit_test(date_forms),
        cmocka_unit_test(every_day),  cmocka_unit_test(amounts),
        cmocka_unit_test(refused),    cmocka_unit_test(texts),
        cmocka_unit_test(inventions), cmocka_unit_test(missing_column),
        cmocka_unit_test(shipped),    cmocka_unit_test(zones_of_tables),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

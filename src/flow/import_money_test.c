/* What a file says of money and people: balances, settlements, lines, payments, contacts. */
#include "flow/import_fixture.h"

#include "store/casefiles.h"

/* ---- Money that the file tells of -------------------------------------------------------- */

static const char money_map[] =
    "map: money\nkind: invoices\n"
    "amounts: {negative: credit_note}\n"
    "debtor: {reference: '{who}', " TERMS "}\n"
    "debt:\n"
    "  reference: '{no}'\n  currency: USD\n  invoice_day: '{day}'\n  due_in_days: '30'\n"
    "  amount: '{sum}'\n  balance: '{open}'\n  settled_day: '{settled}'\n"
    "  disputed: '{disputed}'\n";
#define MONEY "no,who,day,sum,open,settled,disputed\n"

static void money(struct import_book *t)
{
    import_text(t, money_map,
                MONEY "1,A,2026-01-01,100.00,,2026-02-05,\n"
                      "2,A,2026-01-01,100.00,60.00,,\n"
                      "3,B,2026-01-01,100.00,100.00,,yes\n"
                      "4,A,2026-01-02,-25.00,,,\n");
    expect_counts(&report, 4, 4, 0, 0, 0);
    assert_int_equal(report.payments, 3);
    assert_int_equal(open_of(t, "1"), 0);
    assert_int_equal(open_of(t, "2"), 3500); /* the balance, less the credit note */
    assert_int_equal(open_of(t, "3"), 10000);
    import_text(t, money_map,
                MONEY "1,A,2026-01-01,100.00,,2026-02-05,\n"
                      "2,A,2026-01-01,100.00,60.00,,\n"
                      "3,B,2026-01-01,100.00,100.00,,yes\n"
                      "4,A,2026-01-02,-25.00,,,\n");
    expect_counts(&report, 4, 0, 0, 4, 0);
    assert_int_equal(report.noted_by[PROBLEM_BALANCE], 1);
    /* more was paid, a dispute has ended, another began */
    import_text(t, money_map,
                MONEY "2,A,2026-01-01,100.00,10.00,,no\n"
                      "3,B,2026-01-01,100.00,100.00,,no\n");
    expect_counts(&report, 2, 0, 2, 0, 0);
    assert_int_equal(open_of(t, "2"), 1000);
}

static void balances_and_settlements_are_payments(void **state)
{
    (void)state;
    with_each_database(money);
}

static void missing(struct import_book *t)
{
    char map[2000];

    import_text(t, plain_map,
                HEADER ROW("1", "A", "10.00") ROW("2", "A", "20.00") ROW("3", "B", "30.00")
                    ROW("4", "B", "40.00"));
    snprintf(map, sizeof map, "%smissing: {then: settled, at_most: 50%%}\n", plain_map);
    /* a rejected row still names its debt; one that names none stops the guessing */
    import_text(t, map, HEADER ROW("1", "A", "10.00") ROW("2", "A", "x") ROW("", "A", "1"));
    assert_int_equal(report.settled_missing, 0);
    assert_non_null(report.remark);
    import_text(t, map,
                HEADER ROW("1", "A", "10.00") ROW("2", "A", "x") ROW("3", "B", "30.00"));
    assert_int_equal(report.settled_missing, 1);
    assert_int_equal(open_of(t, "4"), 0);
    assert_int_equal(open_of(t, "2"), 2000);
    /* too much is gone: nothing is kept */
    struct fault why;
    import_report_free(&report);
    write_text(t->file, HEADER ROW("3", "B", "31.00"));
    assert_false(import_path(t, t->file, t->map, false, &report, &why));
    assert_non_null(strstr(why.text, "2 of 3 open debts are absent"));
    assert_int_equal(open_of(t, "3"), 3000);
}

static void what_is_missing_was_paid(void **state)
{
    (void)state;
    with_each_database(missing);
}

/* ---- Several rows, one invoice ----------------------------------------------------------- */

static const char lines_map[] =
    "map: lines\nkind: invoices\nrows: {lines: add}\n"
    "debtor: {reference: '{who}', " TERMS "}\n"
    "debt: {reference: '{no}', currency: USD, invoice_day: '{day}', due_in_days: '30',\n"
    "  quantity: '{many}', unit: '{each}'}\n";
#define LINES "no,who,day,many,each\n"

static void invoice_lines(struct import_book *t)
{
    import_text(t, lines_map,
                LINES "1,A,2026-01-01,3,1.50\n1,A,2026-01-01,2,0.25\n"
                      "1,A,2026-01-01,0.5,0.10\n2,B,2026-01-01,1,7\n");
    expect_counts(&report, 4, 2, 0, 0, 0);
    assert_int_equal(report.merged, 2);
    assert_int_equal(open_of(t, "1"), 505);
    /* one bad line spoils its invoice, wherever it stands */
    import_text(t, lines_map,
                LINES "3,A,2026-01-01,1,1.00\n3,A,2026-01-01,1,x\n"
                      "3,A,2026-01-01,1,1.00\n4,A,2026-01-01,1,0.001\n"
                      "5,A,2026-01-01,1,5\n");
    expect_counts(&report, 5, 1, 0, 0, 4);
    assert_false(is_on_file(t, "3"));
    /* the same number for another debtor is another invoice, or a mistake */
    import_text(t, lines_map,
                LINES "6,A,2026-01-01,1,1.00\n6,B,2026-01-01,1,1.00\n"
                      "6,A,2026-01-01,1,1.00\n");
    expect_counts(&report, 3, 1, 0, 0, 1);
    assert_int_equal(open_of(t, "6"), 200);
}

static void lines_add_up(void **state)
{
    (void)state;
    with_each_database(invoice_lines);
}

/* More lines than a batch holds, in one invoice after another. */
static void many_lines(struct import_book *t)
{
    struct text text = { 0 };

    text_add(&text, LINES);
    for (int i = 0; i < 70000; i++)
        text_add_print(&text, "%d,C%d,2026-01-01,1,0.01\n", i / 700, i / 700 % 7);
    import_text(t, lines_map, text.bytes);
    expect_counts(&report, 70000, 100, 0, 0, 0);
    assert_int_equal(open_of(t, "99"), 700);
    import_text(t, lines_map, text.bytes);
    expect_counts(&report, 70000, 0, 0, 100, 0);
    text_free(&text);
}

static void long_invoices_outlive_a_batch(void **state)
{
    (void)state;
    with_each_database(many_lines);
}

/* ---- Other kinds ------------------------------------------------------------------------- */

static void payments(struct import_book *t)
{
    static const char map[] =
        "map: pay\nkind: payments\namounts: {grouping: ','}\n"
        "debtor: {reference: '{who}'}\n"
        "payment: {reference: '{id}', debt: '{no}', day: '{day}', currency: '{cur}', "
        "amount: '{sum}'}\n";

    import_text(t, plain_map, HEADER ROW("1", "A", "10.00") ROW("2", "B", "20.00"));
    import_text(t, map,
                "id,who,no,day,cur,sum\n"
                "p1,A,1,2026-02-01,USD,4.00\np2,B,,2026-02-01,USD,5.00\n"
                "p3,A,9,2026-02-01,USD,5.00\np4,A,2,2026-02-01,USD,5.00\n"
                "p5,A,1,2026-02-01,EUR,5.00\np6,Z,,2026-02-01,USD,5.00\n"
                "p7,A,1,2026-02-01,USD,-5.00\np8,A,1,2026-02-01,USD,0\n");
    expect_counts(&report, 8, 2, 0, 0, 6);
    assert_int_equal(report.rejected_by[PROBLEM_UNKNOWN], 2);
    assert_int_equal(report.rejected_by[PROBLEM_CONFLICT], 2);
    assert_int_equal(report.rejected_by[PROBLEM_NEGATIVE], 2);
    assert_int_equal(open_of(t, "1"), 600);
    assert_int_equal(open_of(t, "2"), 1500);
    import_text(t, map,
                "id,who,no,day,cur,sum\n"
                "p1,A,1,2026-02-01,USD,7.00\np2,B,,2026-02-01,USD,5.00\n");
    expect_counts(&report, 2, 0, 1, 1, 0);
    assert_int_equal(open_of(t, "1"), 300);
}

static void payments_find_their_debts(void **state)
{
    (void)state;
    with_each_database(payments);
}

static void contacts(struct import_book *t)
{
    static const char map[] =
        "map: who\nkind: contacts\ncalling_code: 49\n"
        "debtor: {reference: '{id}', name: '{name}', phone: '{phone}', email: '{mail}',\n"
        "  places: '{place}', zones: '{zone}', business: '{firm}',\n"
        "  role: first_party_creditor}\n";
    struct casefile *c;
    struct arena a = { 0 };
    struct fault why = { 0 };

    import_text(t, map,
                "id,name,phone,mail,place,zone,firm\n"
                "A,Ann,030 555 0100,ann@x.example,DE-BE,Europe/Berlin,no\n"
                "B,Ben,+1 (212) 555-0100,ben at x,Berlin,Mars/Olympus,yes\n"
                "B,Ben,+1 (212) 555-0100,ben at x,Berlin,Mars/Olympus,yes\n"
                "B,Bob,,,,,yes\nC,Cy,555-01,,,,maybe\n");
    expect_counts(&report, 5, 2, 0, 1, 2);
    assert_int_equal(report.noted_by[PROBLEM_EMAIL], 2); /* a note for each row that has it */
    assert_int_equal(report.noted_by[PROBLEM_PLACE], 4);
    assert_fine(store_read_begin(t->book.store, &why), why);
    assert_fine(
        casefile_load(t->book.store, &a, casefile_key_of("A"), (struct day){ 20000 }, &c, &why),
        why);
    assert_int_equal(c->point_count, 2);
    assert_string_equal(c->points[1].address, "+49305550100");
    assert_int_equal(c->parties[0].zone_count, 1);
    assert_false(c->business);
    store_read_end(t->book.store);
    arena_free(&a);
}

static void contacts_are_checked(void **state)
{
    (void)state;
    with_each_database(contacts);
}

static void variants(struct import_book *t)
{
    import_text(
        t, plain_map,
        HEADER ROW("1", "A",
                   "10.00") "2,A,Ann Lee Ltd,ann@x.example,2026-01-02,2026-02-01,5.00,USD\n");
    expect_counts(&report, 2, 2, 0, 0, 0);
    assert_int_equal(report.noted_by[PROBLEM_SPELLING], 1);
    assert_int_equal(report.debtors_updated, 0);
}

static void the_first_spelling_stays(void **state)
{
    (void)state;
    with_each_database(variants);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(balances_and_settlements_are_payments),
        cmocka_unit_test(what_is_missing_was_paid),
        cmocka_unit_test(lines_add_up),
        cmocka_unit_test(long_invoices_outlive_a_batch),
        cmocka_unit_test(payments_find_their_debts),
        cmocka_unit_test(contacts_are_checked),
        cmocka_unit_test(the_first_spelling_stays),
    };

    return cmocka_run_group_tests(tests, NULL, free_report);
}

/* Files of other people, outside of this repository: ../shared, or the folder RECOUP_SHARED. */
#include "flow/import_fixture.h"

#include "store/casefiles.h"

static const char *shared_path(struct arena *a, const char *below)
{
    const char *folder = getenv("RECOUP_SHARED");
    const char *path =
        arena_print(a, "%s/data/%s", folder == NULL ? "../shared" : folder, below);

    if (access(path, R_OK) == 0)
        return path;
    print_message("SKIPPED: there is no %s (set RECOUP_SHARED)\n", path);
    return NULL;
}

static void take(struct import_book *t, const char *path, const char *map)
{
    struct fault why;

    import_report_free(&report);
    assert_fine(import_path(t, path, map, false, &report, &why), why);
    for (size_t i = 0; i < report.problem_count; i++) {
        const struct import_problem *p = &report.problems[i];
        assert_true(p->line > 1 && p->text[0] != '\0' && p->mend[0] != '\0');
    }
    print_message("%s: %lld rows, %lld added, %lld rejected, %lld noted spellings\n", map,
                  (long long)report.rows, (long long)report.added, (long long)report.rejected,
                  (long long)report.noted_by[PROBLEM_SPELLING]);
}

static void again(struct import_book *t, const char *path, const char *map)
{
    int64_t rejected = report.rejected;

    take(t, path, map);
    assert_int_equal(report.added + report.updated, 0);
    assert_int_equal(report.rejected, rejected);
}

/* ---- What the file says, read here by hand ----------------------------------------------- */

struct bill {
    struct day invoiced, settled;
    int64_t cents;
};

static struct day american(const char *text)
{
    struct date d = { 0 };

    assert_int_equal(sscanf(text, "%d/%d/%d", &d.month, &d.day, &d.year), 3);
    return day_of_date(d);
}

static int64_t cents_of(const char *text)
{
    long long whole = 0;
    char decimals[8] = "00";

    assert_true(sscanf(text, "%lld.%7[0-9]", &whole, decimals) >= 1);
    return whole * 100 + (decimals[0] - '0') * 10 +
           (decimals[1] == '\0' ? 0 : decimals[1] - '0');
}

static struct bill *read_bills(const char *path, size_t *count)
{
    FILE *in = fopen(path, "r");
    struct bill *bills = NULL;
    char line[512], *fields[16];

    *count = 0;
    assert_non_null(in);
    assert_non_null(fgets(line, sizeof line, in));
    while (fgets(line, sizeof line, in) != NULL) {
        size_t n = 0;
        for (char *rest = line, *field; (field = strsep(&rest, ",")) != NULL && n < 16;)
            fields[n++] = field;
        bills = realloc(bills, (*count + 1) * sizeof *bills);
        bills[(*count)++] =
            (struct bill){ american(fields[4]), american(fields[8]), cents_of(fields[6]) };
    }
    fclose(in);
    return bills;
}

static int64_t open_in_file(const struct bill *bills, size_t count, struct day day)
{
    int64_t open = 0;

    for (size_t i = 0; i < count; i++) {
        if (bills[i].invoiced.number <= day.number && bills[i].settled.number > day.number)
            open += bills[i].cents;
    }
    return open;
}

static int64_t open_in_book(struct import_book *t, struct day day)
{
    struct fault why = { 0 };
    int64_t open = 0;

    assert_fine(store_read_begin(t->book.store, &why), why);
    for (int64_t bucket = 0; bucket < BUCKETS; bucket++) {
        struct arena a = { 0 };
        struct casefiles found;
        assert_fine(
            casefiles_load_due(t->book.store, &a, bucket, INSTANT_NEVER, day, &found, &why),
            why);
        for (size_t i = 0; i < found.count; i++) {
            for (size_t k = 0; k < found.all[i].instalment_count; k++)
                open += found.all[i].instalments[k].open_minor;
        }
        arena_free(&a);
    }
    store_read_end(t->book.store);
    return open;
}

/* All rows are taken, and on any day the same is open in the file and in the book. */
static void compare_ibm(const char *below, const char *map)
{
    struct arena a = { 0 };
    const char *path = shared_path(&a, below);
    struct import_book t;
    size_t count;

    if (path == NULL) {
        arena_free(&a);
        skip();
    }
    struct bill *bills = read_bills(path, &count);
    assert_true(import_book_begin(&t, 0, "2014-06-01T12:00:00Z"));
    take(&t, path, map);
    assert_int_equal(report.rows, count);
    assert_int_equal(report.added, count);
    assert_int_equal(report.payments, count);
    again(&t, path, map);
    struct day first = day_of_date((struct date){ 2012, 1, 1 });
    for (int i = 0; i < 30; i++) {
        struct day day = day_plus(first, 27 * i);
        assert_int_equal(open_in_book(&t, day), open_in_file(bills, count, day));
    }
    import_book_end(&t);
    free(bills);
    arena_free(&a);
}

static void ibm(void **state)
{
    (void)state;
    compare_ibm("01_ar_behaviour/ibm_accounts_receivable/accounts_receivable.csv", "ibm-ar");
}

static void ibm_dirty(void **state)
{
    (void)state;
    compare_ibm("01_ar_behaviour/ibm_accounts_receivable_dirty/"
                "accounts_receivable_with_missing.csv",
                "ibm-ar-dirty");
}

/* The clean file after its dirty twin: the same invoices, so hardly anything is new. */
static void ibm_twins(void **state)
{
    struct arena a = { 0 };
    const char *clean = shared_path(&a, "01_ar_behaviour/ibm_accounts_receivable/"
                                        "accounts_receivable.csv");
    const char *dirty = shared_path(&a, "01_ar_behaviour/ibm_accounts_receivable_dirty/"
                                        "accounts_receivable_with_missing.csv");
    struct import_book t;

    (void)state;
    if (clean == NULL || dirty == NULL) {
        arena_free(&a);
        skip();
    }
    assert_true(import_book_begin(&t, 0, "2014-06-01T12:00:00Z"));
    take(&t, dirty, "ibm-ar-dirty");
    take(&t, clean, "ibm-ar");
    assert_int_equal(report.added, 0);
    assert_int_equal(report.payments, 0);
    import_book_end(&t);
    arena_free(&a);
}

static void highradius(void **state)
{
    struct arena a = { 0 };
    const char *path = shared_path(&a, "01_ar_behaviour/highradius_open_items/open_items.csv");
    struct import_book t;

    (void)state;
    if (path == NULL) {
        arena_free(&a);
        skip();
    }
    assert_true(import_book_begin(&t, 0, "2020-06-01T12:00:00Z"));
    take(&t, path, "highradius");
    assert_int_equal(report.added, report.rows);
    assert_int_equal(report.debtors_updated, 0);
    assert_int_equal(open_in_book(&t, (struct day){ 30000 }), report.totals[0].minor);
    again(&t, path, "highradius");
    import_book_end(&t);
    arena_free(&a);
}

static void exports(void **state)
{
    static const struct {
        const char *below, *map;
        bool fresh; /* in a book of its own: these systems number their invoices alike */
    } files[] = {
        { "invoiceninja/clients.csv", "invoiceninja-clients", false },
        { "invoiceninja/recurring_invoice.csv", "invoiceninja-invoices", false },
        { "invoiceninja/payments.csv", "invoiceninja-payments", false },
        { "invoiceninja/invoicely_invoices.csv", "invoiceninja-invoicely", true },
        { "invoiceninja/zoho_invoices.csv", "zoho-invoices", true },
        { "invoiceninja/wave_invoices.csv", "wave-invoices", true },
        { "invoiceninja/wave_invoices.csv", "wave-payments", false },
        { "invoiceninja/i2g_invoices.csv", "i2g-invoices", true },
        { "invoiceninja/freshbooks_clients.csv", "freshbooks-clients", false },
        { "xero_template/NewSalesInvoiceTemplate.csv", "xero-invoices", true },
    };
    struct arena a = { 0 };
    struct import_book t;
    bool any = false;

    (void)state;
    assert_true(import_book_begin(&t, 0, "2021-06-01T12:00:00Z"));
    for (size_t i = 0; i < COUNT(files); i++) {
        const char *path = shared_path(
            &a, arena_print(&a, "04_email_contacts/customer_invoice_csv/%s", files[i].below));
        if (path == NULL)
            continue;
        any = true;
        if (files[i].fresh) {
            import_book_end(&t);
            assert_true(import_book_begin(&t, 0, "2021-06-01T12:00:00Z"));
        }
        take(&t, path, files[i].map);
        again(&t, path, files[i].map);
    }
    import_book_end(&t);
    arena_free(&a);
    if (!any)
        skip();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ibm),        cmocka_unit_test(ibm_dirty), cmocka_unit_test(ibm_twins),
        cmocka_unit_test(highradius), cmocka_unit_test(exports),
    };

    return cmocka_run_group_tests(tests, NULL, free_report);
}

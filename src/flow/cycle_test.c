/*
 * The batch makes no difference to what a cycle writes, nor does looking at every case file;
 * and a cycle that is repeated writes nothing. Twenty days of an invented book, on SQLite, and
 * fewer on PostgreSQL. (cycle_property_test.c throws random events at it.)
 */
#include "flow/cycle.h"

#include "flow/book_fixture.h"
#include "flow/demo.h"
#include "flow/prove.h"

static const int batches[] = { 64, 1, 7, 1024 };

/* ---- Every row that a cycle writes, in one digest -----------------------------------------
 */

/* The types of the columns: i whole number, t text, b bytes. */
static const struct {
    enum query_name name;
    const char *columns;
} tables[] = {
    { Q_LOAD_CASEFILE_ALL, "itttiiitttittb" },
    { Q_LOAD_STEPS_ALL, "iiitii" },
    { Q_LOAD_MESSAGES_ALL, "iittitti" },
    { Q_LOAD_PROMISES_ALL, "iiiiii" },
    { Q_PROVE_HEAD, "ib" },
};

static void add_column(struct digest_maker *m, struct query *q, int column, char type)
{
    size_t length = 0;

    if (type == 'i') {
        digest_add_int(m, row_int(q, column));
    } else if (type == 't') {
        const char *text = row_text(q, column);
        digest_add(m, text != NULL ? text : "\001", text != NULL ? strlen(text) + 1 : 1);
    } else {
        const void *bytes = row_blob(q, column, &length);
        digest_add_int(m, (int64_t)length);
        if (length > 0)
            digest_add(m, bytes, length);
    }
}

static struct digest rows_of(const char *url)
{
    struct fault why = { 0 };
    struct store *s = store_open(url, STORE_READ, &why);
    struct digest_maker m;

    assert_fine(s != NULL, why);
    assert_fine(store_read_begin(s, &why), why);
    digest_begin(&m);
    for (size_t table = 0; table < COUNT(tables); table++) {
        for (int64_t bucket = 0; bucket < BUCKETS; bucket++) {
            struct query q = query_begin(s, tables[table].name);
            bind_int(&q, bucket);
            while (query_next(&q)) {
                for (int i = 0; tables[table].columns[i] != '\0'; i++)
                    add_column(&m, &q, i, tables[table].columns[i]);
            }
            assert_fine(query_end(&q, &why), why);
        }
    }
    store_read_end(s);
    store_close(s);
    return digest_end(&m);
}

/* ---- Nights -------------------------------------------------------------------------------
 */

static struct instant morning(int day)
{
    return (struct instant){ fixture_at("2026-11-17T09:40:00-06:00").us +
                             (int64_t)day * 24 * 3600 * 1000000 };
}

static void fill(const struct fixture *f, int64_t casefiles)
{
    struct fault why = { 0 };
    struct store *s = store_open(f->url, STORE_WRITE, &why);
    struct book b;

    assert_fine(s != NULL, why);
    assert_fine(book_set(s, "zone", "America/Chicago", &why), why);
    assert_fine(book_set(s, "country", "US", &why), why);
    store_close(s);
    assert_fine(book_open(&b, f->url, morning(0), &why), why);
    assert_fine(
        demo_fill(&b, (struct demo_request){ .casefiles = casefiles, .seed = 11 }, &why), why);
    book_close(&b);
}

static struct cycle_result night(const struct fixture *f, int day, int batch, bool full)
{
    struct cycle_request request = {
        .url = f->url, .now = morning(day), .full = full, .buckets_at_once = batch
    };
    struct cycle_result result;
    struct fault why = { 0 };

    assert_fine(cycle_run(&request, &result, &why), why);
    return result;
}

static void prove(const struct fixture *f)
{
    struct fault why = { 0 };
    struct store *s = store_open(f->url, STORE_READ, &why);
    FILE *out = fopen("/dev/null", "w");
    size_t findings;

    assert_true(s != NULL && out != NULL);
    assert_fine(prove_book(s, out, false, &findings, &why), why);
    assert_int_equal(findings, 0);
    fclose(out);
    store_close(s);
}

/* A book after so many nights with this batch; `full` nights look at every case file. */
static struct digest after_nights(size_t kind, int64_t casefiles, int days, int batch,
                                  bool full)
{
    struct fixture f;
    int64_t queued = 0;

    assert_true(fixture_begin(&f, kind, "cycle"));
    fill(&f, casefiles);
    for (int day = 0; day < days; day++)
        queued += night(&f, day, batch, full).allowed;
    assert_true(queued > casefiles / 4);
    struct digest rows = rows_of(f.url);
    if (full)
        prove(&f);
    fixture_end(&f);
    return rows;
}

static void batch_makes_no_difference(size_t kind, int64_t casefiles, int days)
{
    struct digest full = after_nights(kind, casefiles, days, 0, true);

    for (size_t i = 0; i < COUNT(batches); i++) {
        struct digest rows = after_nights(kind, casefiles, days, batches[i], false);
        if (memcmp(&rows, &full, sizeof rows) != 0)
            fail_msg("%d buckets at once make a difference", batches[i]);
    }
}

static void test_batch_makes_no_difference(void **state)
{
    (void)state;
    batch_makes_no_difference(0, 240, 20);
}

static void test_batch_makes_no_difference_on_postgres(void **state)
{
    struct fixture f;

    (void)state;
    if (!fixture_begin(&f, 1, "cycle"))
        skip();
    fixture_end(&f);
    batch_makes_no_difference(1, 60, 2);
}

static void test_repeated_cycles_write_nothing(void **state)
{
    struct fixture f;

    (void)state;
    assert_true(fixture_begin(&f, 0, "cycle_again"));
    fill(&f, 240);
    for (int day = 0; day < 20; day++) {
        night(&f, day, 0, false);
        struct digest once = rows_of(f.url);
        assert_int_equal(night(&f, day, 0, false).allowed, 0);
        assert_int_equal(night(&f, day, 7, true).allowed, 0);
        struct digest again = rows_of(f.url);
        if (memcmp(&once, &again, sizeof once) != 0)
            fail_msg("day %d: a repeated cycle wrote something", day);
    }
    prove(&f);
    fixture_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_batch_makes_no_difference),
        cmocka_unit_test(test_batch_makes_no_difference_on_postgres),
        cmocka_unit_test(test_repeated_cycles_write_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

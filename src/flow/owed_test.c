/* What is owed, from the packed books, is what the balance says from every movement. */
#include "flow/owed.h"

#include "flow/balance.h"
#include "flow/book_fixture.h"
#include "flow/demo.h"

static struct fixture fixture;
static const char now_text[] = "2026-11-20T16:00:00Z";

static void same(struct store *s, struct arena *a, struct casefile_key key, struct day day)
{
    struct balance_request request = { .key = key, .since = DAY_NONE, .day = day,
                                       .known = INSTANT_NEVER };
    struct balance balance;
    struct owed_sums owed;
    struct fault why = { 0 };

    arena_reset(a);
    assert_fine(balance_read(s, a, &request, &balance, &why), why);
    assert_fine(owed_read(s, a, key, day, &owed, &why), why);
    for (size_t i = 0; i < owed.count; i++) {
        const struct owed_sum *sum = &owed.sums[i];
        int64_t charged = 0;
        bool found = false;
        for (size_t k = 0; k < balance.currency_count; k++) {
            const struct balance_sum *closing = &balance.currencies[k].closing;
            if (balance.currencies[k].currency != sum->currency)
                continue;
            found = true;
            assert_int_equal(balance_sum_total(closing), sum->total);
            assert_int_equal(-closing->waiting, sum->waiting);
            for (int c = 0; c < COMPONENT_COUNT; c++)
                assert_int_equal(closing->open[c], sum->open[c]);
        }
        for (int c = 0; c < COMPONENT_COUNT; c++)
            charged += sum->charged[c];
        assert_int_equal(charged - sum->paid - sum->waiting, sum->total);
        assert_true(found || sum->total == 0);
    }
}

static void says_what_the_balance_says(void **state)
{
    static const int ahead[] = { -200, -1, 0, 1, 17, 45, 400 };
    struct fault why = { 0 };
    struct arena a = { 0 };
    struct book b;

    (void)state;
    assert_true(fixture_begin(&fixture, 0, "owed"));
    unlink(fixture.url);
    assert_fine(demo_create(fixture.url, &why), why);
    assert_fine(book_open(&b, fixture.url, fixture_at(now_text), &why), why);
    assert_fine(demo_fill(&b, (struct demo_request){ .casefiles = 150 }, &why), why);
    struct day today = wall_at(b.now, b.zone).day;
    size_t seen = 0;
    struct query q = query_begin(b.store, Q_FILE_AFTER);
    bind_int(&q, 0);
    bind_int(&q, 0);
    while (query_next(&q)) {
        struct casefile_key key = { row_int(&q, 0), row_int(&q, 1) };
        for (size_t i = 0; i < COUNT(ahead); i++)
            same(b.store, &a, key, day_plus(today, ahead[i]));
        seen++;
    }
    assert_fine(query_end(&q, &why), why);
    assert_int_equal(seen, 150);
    arena_free(&a);
    book_close(&b);
    fixture_end(&fixture);
}

static void a_payment_dated_ahead_does_not_count_yet(void **state)
{
    struct instalment_input whole = { fixture_day("2026-10-01"), 10000 };
    struct fault why = { 0 };
    struct book b;
    struct owed_sums owed;
    struct arena a = { 0 };

    (void)state;
    assert_true(fixture_begin(&fixture, 0, "owed"));
    assert_fine(book_open(&b, fixture.url, fixture_at(now_text), &why), why);
    assert_fine(book_begin(&b, &why), why);
    struct casefile_key key = fixture_debtor(&b, "A-1");
    int32_t debt =
        fixture_debt(&b, key, "INV-1", CURRENCY_USD, fixture_day("2026-09-01"), 1, &whole);
    fixture_payment(&b, key, "P-1", debt, CURRENCY_USD, fixture_day("2026-11-25"), 4000, false);
    assert_fine(book_commit(&b, &why), why);
    assert_fine(owed_read(b.store, &a, key, fixture_day("2026-11-20"), &owed, &why), why);
    assert_int_equal(owed.sums[0].total, 10000);
    assert_int_equal(owed.sums[0].since.number, fixture_day("2026-09-01").number);
    assert_fine(owed_read(b.store, &a, key, fixture_day("2026-11-25"), &owed, &why), why);
    assert_int_equal(owed.sums[0].total, 6000);
    assert_int_equal(owed.sums[0].paid, 4000);
    arena_free(&a);
    book_close(&b);
    fixture_end(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_the_balance_says),
        cmocka_unit_test(a_payment_dated_ahead_does_not_count_yet),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

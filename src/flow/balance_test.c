#include "flow/balance.h"

#include "flow/book_fixture.h"
#include "flow/line_words.h"
#include "flow/movements.h"
#include "flow/terms_kept.h"

struct scene {
    struct fixture fixture;
    struct book book;
    struct casefile_key key;
    int32_t debt;
};

static void at(struct book *b, const char *moment)
{
    struct fault why = { 0 };

    b->now = fixture_at(moment);
    assert_fine(book_begin(b, &why), why);
}

static void done(struct book *b)
{
    struct fault why = { 0 };

    assert_fine(book_commit(b, &why), why);
}

static void move(struct scene *s, struct movement is, const char *ground, const char *reason)
{
    struct move_input in = { .is = is, .ground = ground, .reason = reason };
    struct fault why = { 0 };

    in.is.due = DAY_NONE;
    if (in.is.reference == NULL)
        in.is.reference = "";
    assert_fine(book_move_add(&s->book, s->key, &in, &why), why);
}

static void bind(struct scene *s, const char *name, struct day day)
{
    const struct terms *terms;
    const char *digest;
    struct fault why = { 0 };

    assert_fine(terms_keep(s->book.store, &s->book.arena, name, &digest, &terms, &why), why);
    move(s,
         (struct movement){ .kind = MOVEMENT_TERMS, .day = day, .debt = s->debt,
                            .component = COMPONENT_COUNT, .currency = CURRENCY_USD,
                            .reference = digest },
         digest, NULL);
}

/* One invoice of 1,000.00 due on October 1, 1.5 % a month. */
static bool scene_begin(struct scene *s, size_t kind)
{
    struct fault why = { 0 };

    *s = (struct scene){ .book.now = fixture_at("2026-09-01T12:00:00Z") };
    if (!fixture_begin(&s->fixture, kind, "balance"))
        return false;
    assert_fine(book_open(&s->book, s->fixture.url, s->book.now, &why), why);
    at(&s->book, "2026-09-01T12:00:00Z");
    s->key = fixture_debtor(&s->book, "A-1");
    s->debt = fixture_debt(&s->book, s->key, "INV-1", CURRENCY_USD, fixture_day("2026-09-01"), 1,
                           (struct instalment_input[]){ { fixture_day("2026-10-01"), 100000 } });
    bind(s, "net-30-us", fixture_day("2026-09-01"));
    done(&s->book);
    return true;
}

static void scene_end(struct scene *s)
{
    book_close(&s->book);
    fixture_end(&s->fixture);
}

/* The packed books say what all lines come to. */
static void same_without_lines(struct scene *s, struct arena *a, const struct balance *b)
{
    struct fault why = { 0 };
    struct ledger_books books;
    struct balance now;

    assert_fine(books_on(s->book.store, a, s->key, b->day, &books, &why), why);
    assert_fine(balance_of_books(&books.state, a, b->day, &now, &why), why);
    assert_int_equal(now.currency_count, b->currency_count);
    for (size_t i = 0; i < now.currency_count; i++) {
        assert_int_equal(now.currencies[i].currency, b->currencies[i].currency);
        assert_memory_equal(&now.currencies[i].closing, &b->currencies[i].closing,
                            sizeof(struct balance_sum));
    }
}

static struct balance read_of(struct scene *s, struct arena *a, int32_t debt, const char *since,
                              const char *day, const char *known)
{
    struct balance_request r = { .key = s->key,
                                 .debt = debt,
                                 .since = since == NULL ? DAY_NONE : fixture_day(since),
                                 .day = fixture_day(day),
                                 .known = known == NULL ? INSTANT_NEVER : fixture_at(known) };
    struct fault why = { 0 };
    struct balance b;

    assert_fine(balance_read(s->book.store, a, &r, &b, &why), why);
    if (debt == 0 && known == NULL)
        same_without_lines(s, a, &b);
    return b;
}

static int64_t total_of(const struct balance *b)
{
    assert_int_equal(b->currency_count, 1);
    return balance_sum_total(&b->currencies[0].closing);
}

static const struct balance_line *line_of(const struct balance *b, size_t place)
{
    assert_true(place < b->currencies[0].line_count);
    return &b->currencies[0].lines[place];
}

static const char *words_of(struct arena *a, const struct balance *b,
                            const struct balance_line *l)
{
    struct fault why = { 0 };
    struct line_words *words = line_words_load(a, "en", "US", &why);
    const char *said;

    assert_non_null(words);
    assert_fine(line_words_say(words, a, b, l, &said, &why), why);
    return said;
}

/* Ten days of a month at 30/360: a third of 15.00; the rest of the month is the rest of it. */
static void test_interest_is_told_up_to_the_day(void **state)
{
    struct scene s;
    struct arena a = { 0 };

    (void)state;
    for (size_t i = 0; i < FIXTURES; i++) {
        if (!scene_begin(&s, i))
            continue;
        struct balance b = read_of(&s, &a, 0, NULL, "2026-10-11", NULL);
        assert_int_equal(total_of(&b), 100500);
        assert_int_equal(b.currencies[0].line_count, 2);
        assert_string_equal(words_of(&a, &b, line_of(&b, 0)), "INV-1, due Oct 1, 2026");
        assert_string_equal(words_of(&a, &b, line_of(&b, 1)),
                            "INV-1: interest from Oct 2, 2026 to Oct 11, 2026, 18% a "
                            "year, goes on");
        assert_non_null(strstr(line_ground(&a, line_of(&b, 1)), "1.5% per month"));

        /* The same month in two statements: the second has only what the first had not. */
        b = read_of(&s, &a, 0, "2026-10-12", "2026-11-05", NULL);
        assert_int_equal(balance_sum_total(&b.currencies[0].opening), 100500);
        assert_int_equal(b.currencies[0].line_count, 2);
        assert_int_equal(line_of(&b, 0)->kind, LINE_INTEREST);
        assert_int_equal(line_of(&b, 0)->from.number, fixture_day("2026-10-12").number);
        assert_int_equal(line_of(&b, 0)->day.number, fixture_day("2026-10-31").number);
        assert_int_equal(line_of(&b, 1)->kind, LINE_RUNNING);
        assert_int_equal(line_of(&b, 1)->from.number, fixture_day("2026-11-01").number);
        struct balance whole = read_of(&s, &a, 0, NULL, "2026-11-05", NULL);
        assert_int_equal(total_of(&b), total_of(&whole));
        scene_end(&s);
    }
    arena_free(&a);
}

/* Paid on October 20, and paid too much; known as it was known then, and now. */
static void test_payment_that_waits_and_one_that_went_back(void **state)
{
    struct scene s;
    struct arena a = { 0 };
    struct fault why = { 0 };
    enum change change;

    (void)state;
    for (size_t i = 0; i < FIXTURES; i++) {
        if (!scene_begin(&s, i))
            continue;
        at(&s.book, "2026-10-20T12:00:00Z");
        fixture_payment(&s.book, s.key, "1042", 0, CURRENCY_USD, fixture_day("2026-10-20"),
                        120000, false);
        done(&s.book);
        at(&s.book, "2026-10-28T12:00:00Z");
        assert_fine(book_payment_back(&s.book, s.key, "1042", PAYMENT_RETURNED, "no funds",
                                      &change, &why),
                    why);
        done(&s.book);

        struct balance then = read_of(&s, &a, 0, NULL, "2026-10-31", "2026-10-21T00:00:00Z");
        const struct balance_currency *c = &then.currencies[0];
        assert_int_equal(balance_sum_total(&c->closing), -(120000 - 100000 - 950));
        assert_int_equal(c->closing.waiting, -(120000 - 100000 - 950));
        assert_int_equal(line_of(&then, 2)->change.open[COMPONENT_PRINCIPAL], -100000);
        assert_int_equal(line_of(&then, 2)->change.open[COMPONENT_INTEREST], -950);
        assert_string_equal(words_of(&a, &then, line_of(&then, 3)),
                            "Payment 1042, transfer, waits to be used");

        struct balance now = read_of(&s, &a, 0, NULL, "2026-10-31", NULL);
        assert_int_equal(total_of(&now), 101500 - 50);
        assert_int_equal(now.currencies[0].line_count, 4);
        assert_int_equal(line_of(&now, 1)->kind, LINE_PAYMENT);
        assert_int_equal(line_of(&now, 2)->kind, LINE_BACK);
        assert_string_equal(words_of(&a, &now, line_of(&now, 2)),
                            "Payment 1042, returned by the bank on Oct 28, 2026: taken back "
                            "(no funds)");
        assert_int_equal(line_of(&now, 1)->change.waiting + line_of(&now, 2)->change.waiting, 0);
        scene_end(&s);
    }
    arena_free(&a);
}

/* Charges by hand, a credit, a waiver, a loss of the creditor: each with its ground or reason. */
static void test_lines_have_their_reason(void **state)
{
    struct scene s;
    struct arena a = { 0 };
    struct movement is = { .day = { 0 }, .currency = CURRENCY_USD, .component = COMPONENT_COUNT };

    (void)state;
    for (size_t i = 0; i < FIXTURES; i++) {
        if (!scene_begin(&s, i))
            continue;
        at(&s.book, "2026-09-20T12:00:00Z");
        is.day = fixture_day("2026-09-20");
        is.debt = s.debt;
        is.kind = MOVEMENT_CHARGE;
        is.component = COMPONENT_COSTS;
        is.minor = 1500;
        move(&s, is, "Terms, section 9", "filing");
        is.component = COMPONENT_COUNT;
        is.kind = MOVEMENT_CREDIT;
        is.reference = "CN-7";
        is.minor = 20000;
        move(&s, is, NULL, "goods sent back");
        is.kind = MOVEMENT_CHARGE_OFF;
        is.reference = "";
        move(&s, is, NULL, NULL);
        done(&s.book);
        struct balance b = read_of(&s, &a, s.debt, "2026-09-20", "2026-09-20", NULL);
        assert_int_equal(total_of(&b), 81500);
        assert_int_equal(balance_sum_total(&b.currencies[0].opening), 100000);
        assert_string_equal(words_of(&a, &b, line_of(&b, 0)), "INV-1: costs, filing");
        assert_string_equal(line_ground(&a, line_of(&b, 0)), "Terms, section 9");
        assert_string_equal(words_of(&a, &b, line_of(&b, 1)),
                            "INV-1: credit note CN-7, goods sent back");
        assert_string_equal(words_of(&a, &b, line_of(&b, 2)),
                            "INV-1: booked as a loss by the creditor, still owed");
        assert_int_equal(balance_sum_total(&line_of(&b, 2)->change), 0);
        scene_end(&s);
    }
    arena_free(&a);
}

/* What never was before a day is no opening balance; what comes later is not seen. */
static void test_as_of_any_day(void **state)
{
    struct scene s;
    struct arena a = { 0 };

    (void)state;
    for (size_t i = 0; i < FIXTURES; i++) {
        if (!scene_begin(&s, i))
            continue;
        struct balance b = read_of(&s, &a, 0, NULL, "2026-08-31", NULL);
        assert_int_equal(b.currency_count, 0);
        b = read_of(&s, &a, 0, NULL, "2026-10-31", "2026-08-31T00:00:00Z");
        assert_int_equal(b.currency_count, 0);
        /* Every day: lines since the day before lead from one balance to the next. */
        int64_t before = 0;
        for (struct day day = fixture_day("2026-09-01"); day.number < fixture_day("2027-01-05").number;
             day = day_plus(day, 1)) {
            char text[DAY_TEXT];
            day_print(day, text);
            b = read_of(&s, &a, 0, text, text, NULL);
            assert_int_equal(balance_sum_total(&b.currencies[0].opening), before);
            before = total_of(&b);
            arena_reset(&a);
        }
        scene_end(&s);
    }
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_interest_is_told_up_to_the_day),
        cmocka_unit_test(test_payment_that_waits_and_one_that_went_back),
        cmocka_unit_test(test_lines_have_their_reason),
        cmocka_unit_test(test_as_of_any_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

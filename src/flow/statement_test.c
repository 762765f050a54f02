#include "flow/statement.h"

#include "flow/book_fixture.h"
#include "flow/prove.h"
#include "flow/terms_kept.h"

struct scene {
    struct fixture fixture;
    struct book book;
    struct casefile_key key;
    int32_t debt;
    struct arena arena;
};

static void at(struct scene *s, const char *moment)
{
    struct fault why = { 0 };

    s->book.now = fixture_at(moment);
    assert_fine(book_begin(&s->book, &why), why);
}

static void done(struct scene *s)
{
    struct fault why = { 0 };

    assert_fine(book_commit(&s->book, &why), why);
}

/* An invoice with interest, 250.00 paid on October 16. */
static bool scene_begin(struct scene *s, size_t kind)
{
    const struct terms *terms;
    struct move_input in = { .is = { .kind = MOVEMENT_TERMS,
                                     .day = fixture_day("2026-09-01"),
                                     .due = DAY_NONE,
                                     .component = COMPONENT_COUNT,
                                     .currency = CURRENCY_USD } };
    struct fault why = { 0 };

    *s = (struct scene){ .book.now = fixture_at("2026-09-01T12:00:00Z") };
    if (!fixture_begin(&s->fixture, kind, "statement"))
        return false;
    assert_fine(book_open(&s->book, s->fixture.url, s->book.now, &why), why);
    at(s, "2026-09-01T12:00:00Z");
    s->key = fixture_debtor(&s->book, "A-1");
    s->debt = fixture_debt(&s->book, s->key, "INV-1", CURRENCY_USD, fixture_day("2026-09-01"), 1,
                           (struct instalment_input[]){ { fixture_day("2026-10-01"), 100000 } });
    assert_fine(terms_keep(s->book.store, &s->book.arena, "net-30-us", &in.is.reference, &terms,
                           &why),
                why);
    in.is.debt = s->debt;
    in.ground = in.is.reference;
    assert_fine(book_move_add(&s->book, s->key, &in, &why), why);
    done(s);
    at(s, "2026-10-16T12:00:00Z");
    fixture_payment(&s->book, s->key, "1042", 0, CURRENCY_USD, fixture_day("2026-10-16"), 25000,
                    false);
    done(s);
    return true;
}

/* With interest posted, payments dated back and taken back: the book is sound. */
static void assert_sound(struct scene *s)
{
    struct fault why = { 0 };
    size_t findings, length;
    char *said;
    FILE *out = open_memstream(&said, &length);

    assert_non_null(out);
    assert_fine(prove_book(s->book.store, out, true, &findings, &why), why);
    fclose(out);
    if (findings != 0)
        fail_msg("%s", said);
    free(said);
}

static void scene_end(struct scene *s)
{
    assert_sound(s);
    book_close(&s->book);
    fixture_end(&s->fixture);
    arena_free(&s->arena);
}

static struct statement_request october(const struct scene *s)
{
    return (struct statement_request){ .reference = "A-1",
                                       .from = fixture_day("2026-10-01"),
                                       .to = fixture_day("2026-10-31"),
                                       .now = s->book.now,
                                       .zone = s->book.zone };
}

/* The number it has, and the one it replaces. */
static int32_t make(struct scene *s, struct statement_request request, const char *once,
                    enum change expected, int32_t *replaces)
{
    struct fault why = { 0 };
    struct statement made;
    enum change change;

    request.now = s->book.now;
    assert_fine(statement_make(&s->book, &request, once, &made, &change, &why), why);
    assert_int_equal(change, expected);
    if (replaces != NULL)
        *replaces = made.replaces;
    int32_t number = made.number;
    statement_done(&made);
    return number;
}

static const char *cell(const struct sheet *sheet, size_t table, size_t row, const char *key)
{
    const struct table *t = &sheet->tables[table];

    for (size_t i = 0; i < t->column_count; i++) {
        const struct table_cell *c = &t->cells[row * t->column_count + i];
        char *text = calloc(1, MONEY_TEXT);
        if (strcmp(t->columns[i].key, key) != 0) {
            free(text);
            continue;
        }
        if (c->holds == CELL_IS_MONEY) {
            money_print(c->money, text);
            const char *kept = arena_copy((struct arena *)&sheet->arena, text);
            free(text);
            return kept;
        }
        free(text);
        return c->text;
    }
    fail_msg("there is no column \"%s\"", key);
    return NULL;
}

static void assert_state(struct scene *s, size_t row, const char *state)
{
    struct sheet sheet = { 0 };
    struct fault why = { 0 };

    assert_fine(statement_list(s->book.store, "A-1", s->book.now, s->book.zone, &sheet, &why),
                why);
    assert_string_equal(cell(&sheet, 0, row, "state"), state);
    sheet_free(&sheet);
}

/* The same period twice is one statement; a payment dated back makes it untrue, and making it
 * again supersedes it. Both say to which other they belong, and the old one is as it was. */
static void test_superseded(void **state)
{
    (void)state;
    for (size_t i = 0; i < FIXTURES; i++) {
        struct fault why = { 0 };
        struct statement kept;
        struct scene s;
        int32_t replaces;
        if (!scene_begin(&s, i))
            continue;
        at(&s, "2026-11-02T12:00:00Z");
        int32_t first = make(&s, october(&s), "k1", CHANGE_ADDED, &replaces);
        assert_int_equal(replaces, 0);
        done(&s);
        at(&s, "2026-11-03T12:00:00Z");
        assert_int_equal(make(&s, october(&s), "k1", CHANGE_NONE, NULL), first);
        assert_int_equal(make(&s, october(&s), NULL, CHANGE_NONE, NULL), first);
        done(&s);
        assert_state(&s, 0, "stands");

        at(&s, "2026-11-05T12:00:00Z");
        fixture_payment(&s.book, s.key, "1043", 0, CURRENCY_USD, fixture_day("2026-10-20"), 10000,
                        false);
        done(&s);
        assert_state(&s, 0, "not true any more");
        at(&s, "2026-11-06T12:00:00Z");
        int32_t second = make(&s, october(&s), NULL, CHANGE_ADDED, &replaces);
        assert_int_equal(replaces, first);
        done(&s);
        assert_state(&s, 0, arena_print(&s.arena, "superseded by %d", (int)second));
        assert_state(&s, 1, "stands");

        assert_fine(statement_load(s.book.store, &s.arena, "A-1", first, &kept, &why), why);
        assert_int_equal(kept.replaced, second);
        assert_string_equal(
            json_string_value(json_object_get(
                json_array_get(
                    json_object_get(json_object_get(kept.content, "core"), "balances"), 0),
                "closing")),
            "762.80");
        statement_done(&kept);
        scene_end(&s);
    }
}

/* Opening balance and lines come to the closing balance, which opens the next month; interest
 * that was told of as running is not told of again when it is posted. */
static void test_months_join(void **state)
{
    static const char *const months[][2] = { { "2026-09-01", "2026-09-30" },
                                             { "2026-10-01", "2026-10-19" },
                                             { "2026-10-20", "2026-10-31" },
                                             { "2026-11-01", "2026-11-30" } };

    (void)state;
    for (size_t i = 0; i < FIXTURES; i++) {
        struct scene s;
        int64_t before = 0;
        if (!scene_begin(&s, i))
            continue;
        at(&s, "2026-12-01T12:00:00Z");
        struct fault late = { 0 };
        assert_fine(book_settle_to_now(&s.book, s.key, &late), late);
        for (size_t m = 0; m < COUNT(months); m++) {
            struct statement_request request = october(&s);
            struct fault why = { 0 };
            struct statement drawn;
            struct sheet sheet = { 0 };
            struct money money;
            request.from = fixture_day(months[m][0]);
            request.to = fixture_day(months[m][1]);
            assert_fine(statement_draw(s.book.store, &s.arena, &request, &drawn, &why), why);
            assert_fine(statement_sheet(&drawn, &sheet, &why), why);
            const struct table *lines = &sheet.tables[2];
            size_t rows = lines->cell_count / lines->column_count;
            int64_t sum = before;
            for (size_t row = 1; row + 1 < rows; row++) {
                assert_fine(money_parse(cell(&sheet, 2, row, "amount"), '.', '\0', CURRENCY_USD,
                                        &money, &why),
                            why);
                sum += money.minor;
            }
            assert_fine(money_parse(cell(&sheet, 2, 0, "balance"), '.', '\0', CURRENCY_USD,
                                    &money, &why),
                        why);
            assert_int_equal(money.minor, before);
            assert_fine(money_parse(cell(&sheet, 2, rows - 1, "balance"), '.', '\0', CURRENCY_USD,
                                    &money, &why),
                        why);
            assert_int_equal(money.minor, sum);
            before = sum;
            sheet_free(&sheet);
            statement_done(&drawn);
        }
        done(&s);
        scene_end(&s);
    }
}

static struct statement receipt_of(struct scene *s, const char *payment)
{
    struct statement_request request = { .reference = "A-1",
                                         .payment = payment,
                                         .now = s->book.now,
                                         .zone = s->book.zone };
    struct fault why = { 0 };
    struct statement drawn;

    assert_fine(statement_draw(s->book.store, &s->arena, &request, &drawn, &why), why);
    return drawn;
}

static const char *core_of(const struct statement *drawn, const char *key)
{
    return json_string_value(json_object_get(json_object_get(drawn->content, "core"), key));
}

/* What it paid; on its way, it paid nothing; gone, its receipt is superseded. */
static void test_receipts(void **state)
{
    (void)state;
    for (size_t i = 0; i < FIXTURES; i++) {
        struct fault why = { 0 };
        struct statement drawn;
        struct scene s;
        enum change change;
        int32_t replaces;
        if (!scene_begin(&s, i))
            continue;
        at(&s, "2026-10-17T12:00:00Z");
        struct statement_request request = october(&s);
        request.payment = "1042";
        int32_t first = make(&s, request, NULL, CHANGE_ADDED, NULL);
        fixture_payment(&s.book, s.key, "1044", 0, CURRENCY_USD, fixture_day("2026-10-17"), 500,
                        true);
        done(&s);
        drawn = receipt_of(&s, "1042");
        assert_string_equal(core_of(&drawn, "balance"), "757.50");
        statement_done(&drawn);
        drawn = receipt_of(&s, "1044");
        assert_string_equal(core_of(&drawn, "state"), "pending");
        assert_int_equal(
            json_array_size(json_object_get(json_object_get(drawn.content, "core"), "lines")), 0);
        statement_done(&drawn);

        at(&s, "2026-10-25T12:00:00Z");
        assert_fine(book_payment_back(&s.book, s.key, "1042", PAYMENT_RETURNED, "no funds",
                                      &change, &why),
                    why);
        done(&s);
        assert_state(&s, 0, "not true any more");
        at(&s, "2026-10-26T12:00:00Z");
        make(&s, request, NULL, CHANGE_ADDED, &replaces);
        assert_int_equal(replaces, first);
        done(&s);
        scene_end(&s);
    }
}

/* A day that is not over has no statement; a key stands for one thing; a page is a page. */
static void test_refusals_and_page(void **state)
{
    (void)state;
    for (size_t i = 0; i < FIXTURES; i++) {
        struct fault why = { 0 };
        struct statement made;
        struct scene s;
        enum change change;
        unsigned char *bytes;
        size_t length, pages;
        if (!scene_begin(&s, i))
            continue;
        at(&s, "2026-10-20T12:00:00Z");
        struct statement_request request = october(&s);
        assert_false(statement_make(&s.book, &request, NULL, &made, &change, &why));
        assert_non_null(strstr(why.text, "2026-10-31, which is not here yet"));
        request.to = fixture_day("2026-10-19");
        make(&s, request, "k", CHANGE_ADDED, NULL);
        request.to = fixture_day("2026-10-18");
        assert_false(statement_make(&s.book, &request, "k", &made, &change, &why));
        assert_int_equal(why.code, CONFLICT);
        why = (struct fault){ 0 };
        assert_fine(statement_draw(s.book.store, &s.arena, &request, &made, &why), why);
        assert_fine(statement_pdf(&s.arena, &made, &bytes, &length, &pages, &why), why);
        assert_memory_equal(bytes, "%PDF", 4);
        assert_int_equal(pages, 1);
        statement_done(&made);
        done(&s);
        scene_end(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_superseded),
        cmocka_unit_test(test_months_join),
        cmocka_unit_test(test_receipts),
        cmocka_unit_test(test_refusals_and_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

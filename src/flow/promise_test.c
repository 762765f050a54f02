/* Promises that are said twice, and the lists of what stands, on both databases. */
#include "flow/account.h"
#include "flow/book_fixture.h"

static const char *const moment = "2026-11-16T12:00:00Z";

static void begin(struct book *b, const struct fixture *f)
{
    struct fault why = { 0 };

    assert_fine(book_open(b, f->url, fixture_at(moment), &why), why);
    assert_fine(book_begin(b, &why), why);
}

static void keep(struct book *b)
{
    struct fault why = { 0 };

    assert_fine(book_commit(b, &why), why);
    book_close(b);
}

static enum change say(struct book *b, struct casefile_key key, int64_t minor)
{
    const struct promise_input in = { .minor = minor,
                                      .currency = CURRENCY_USD,
                                      .due = fixture_day("2026-11-20") };
    enum change change;
    int32_t number;
    struct fault why = { 0 };

    if (!book_promise_once(b, key, "k", &in, &number, &change, &why)) {
        assert_int_equal(why.code, CONFLICT);
        return CHANGE_UPDATED; /* stands for: refused */
    }
    return change;
}

static const char *listed(const struct fixture *f, const char *state, char *bytes, size_t room)
{
    struct fault why = { 0 };
    struct sheet sheet = { 0 };
    bool more;
    struct store *s = store_open(f->url, STORE_READ, &why);
    FILE *out = fmemopen(bytes, room, "w");

    assert_fine(s != NULL, why);
    const struct promise_filter filter = { .state = state, .limit = 1 };
    assert_fine(promise_list(s, &filter, &sheet, &more, &why), why);
    sheet_print(&sheet, FORMAT_PLAIN, false, out);
    fprintf(out, more ? "more\n" : "");
    fclose(out);
    sheet_free(&sheet);
    store_close(s);
    return strchr(bytes, '\n') + 1;
}

static void a_promise_is_noted_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < FIXTURES; i++) {
        struct fixture f;
        struct book b;
        struct fault why = { 0 };
        char bytes[1000];
        if (!fixture_begin(&f, i, "promise"))
            continue;
        begin(&b, &f);
        struct casefile_key key = fixture_debtor(&b, "A"), other = fixture_debtor(&b, "B");
        assert_int_equal(say(&b, key, 500), CHANGE_ADDED);
        assert_int_equal(say(&b, key, 500), CHANGE_NONE);
        keep(&b);
        begin(&b, &f);
        assert_int_equal(say(&b, key, 500), CHANGE_NONE);
        assert_int_equal(say(&b, key, 501), CHANGE_UPDATED);
        assert_int_equal(say(&b, other, 500), CHANGE_UPDATED);
        keep(&b);
        assert_string_equal(listed(&f, NULL, bytes, sizeof bytes),
                            "A\tA\t4\t2026-11-16\t2026-11-20\tUSD\t5.00\topen\n");
        begin(&b, &f);
        const struct promise_input in = { .minor = 700,
                                          .currency = CURRENCY_USD,
                                          .due = fixture_day("2026-11-19") };
        int32_t number;
        assert_fine(book_promise_add(&b, other, &in, &number, &why), why);
        keep(&b);
        assert_string_equal(listed(&f, "open", bytes, sizeof bytes),
                            "B\tB\t4\t2026-11-16\t2026-11-19\tUSD\t7.00\topen\nmore\n");
        assert_string_equal(listed(&f, "kept", bytes, sizeof bytes), "");
        fixture_end(&f);
    }
}

static void add_fact(struct book *b, struct casefile_key key, enum fact_type type,
                     const char *until)
{
    struct gate_fact fact = { .type = type,
                              .at = b->now,
                              .until = until != NULL ? fixture_at(until) : INSTANT_NEVER,
                              .scope = "hardship",
                              .value = "lost work" };
    struct fault why = { 0 };

    assert_fine(book_fact_add(b, key, &fact, "test", NULL, &why), why);
}

static void check_holds(const struct fixture *f, const char *now, struct instant ends_by,
                        const char *wanted)
{
    struct hold_filter filter = { fixture_at(now), zone_find("UTC"), NULL, ends_by, 0 };
    struct fault why = { 0 };
    struct sheet sheet = { 0 };
    bool more;
    char bytes[1000] = "";
    FILE *out = fmemopen(bytes, sizeof bytes, "w");
    struct store *s = store_open(f->url, STORE_READ, &why);

    assert_fine(s != NULL, why);
    assert_fine(hold_list(s, &filter, &sheet, &more, &why), why);
    assert_false(more);
    sheet_print(&sheet, FORMAT_PLAIN, false, out);
    fclose(out);
    assert_string_equal(strchr(bytes, '\n') + 1, wanted);
    sheet_free(&sheet);
    store_close(s);
}

static void what_stands_is_listed(void **state)
{
    (void)state;
    for (size_t i = 0; i < FIXTURES; i++) {
        struct fixture f;
        struct book b;
        if (!fixture_begin(&f, i, "stops"))
            continue;
        begin(&b, &f);
        struct casefile_key key = fixture_debtor(&b, "A"), other = fixture_debtor(&b, "B");
        add_fact(&b, key, FACT_HOLD, NULL);
        add_fact(&b, other, FACT_HOLD, "2026-11-18T00:00:00Z");
        keep(&b);
        const char *first = "B\tB\t\thardship\tlost work\t2026-11-16T12:00:00+00:00\t"
                            "2026-11-18T00:00:00+00:00\t\n";
        const char *both = "B\tB\t\thardship\tlost work\t2026-11-16T12:00:00+00:00\t"
                           "2026-11-18T00:00:00+00:00\t\n"
                           "A\tA\t\thardship\tlost work\t2026-11-16T12:00:00+00:00\t\t\n";
        check_holds(&f, moment, INSTANT_NEVER, both);
        check_holds(&f, moment, fixture_at("2026-11-18T00:00:00Z"), first);
        check_holds(&f, "2026-11-18T00:00:00Z", INSTANT_NEVER, strchr(both, '\n') + 1);
        check_holds(&f, "2026-11-16T11:59:59Z", INSTANT_NEVER, "");
        fixture_end(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_promise_is_noted_once),
        cmocka_unit_test(what_stands_is_listed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Who is told what when two people have one case file open; and the notes they take. */
#include "flow/file_version.h"

#include "flow/book_fixture.h"
#include "flow/note.h"
#include "flow/user.h"
#include "formats/roles.h"

static struct fixture fixture;

static struct book open_book(const char *at)
{
    struct book b;
    struct fault why = { 0 };

    assert_fine(book_open(&b, fixture.url, fixture_at(at), &why), why);
    return b;
}

static void staff_add(struct book *b)
{
    static const struct role role = { .name = "collector" };
    struct roles roles = { .count = 1, .list = (struct role *)&role };
    struct user_input
        omar = { "omar@firm.example", "Omar Diallo", "collector", NULL, NULL, NULL },
        priya = { "priya@firm.example", "Priya Nair", "collector", NULL, NULL, NULL };
    int64_t number;
    struct fault why = { 0 };

    assert_fine(user_add(b, &roles, &omar, &number, &why), why);
    assert_fine(user_add(b, &roles, &priya, &number, &why), why);
}

static struct casefile_key start(struct book *b)
{
    struct fault why = { 0 };

    assert_fine(book_begin(b, &why), why);
    staff_add(b);
    struct casefile_key key = fixture_debtor(b, "A-1");
    fixture_debtor(b, "A-2");
    assert_fine(book_commit(b, &why), why);
    return key;
}

static int32_t note(struct book *b, const char *by, struct casefile_key key, const char *text)
{
    struct note_input in = { text, by, NULL };
    int32_t number;
    enum change change;
    struct fault why = { 0 };

    b->by = by;
    assert_fine(book_begin(b, &why), why);
    assert_fine(book_note_add(b, key, &in, &number, &change, &why), why);
    assert_int_equal(change, CHANGE_ADDED);
    assert_fine(book_commit(b, &why), why);
    return number;
}

static int64_t version(struct book *b, struct casefile_key key)
{
    int64_t seen;
    struct fault why = { 0 };

    assert_fine(casefile_version(b->store, key, &seen, &why), why);
    return seen;
}

/* What the check says, "" when it lets pass. */
static const char *check(struct book *b, const char *by, struct casefile_key key, int64_t seen)
{
    static struct fault why;

    why = (struct fault){ 0 };
    b->by = by;
    struct fault begun = { 0 };
    assert_fine(book_begin(b, &begun), begun);
    bool passes = version_check(b, key, seen, &why);
    book_undo(b);
    assert_true(passes || why.code == CONFLICT);
    return passes ? "" : why.text;
}

static void others_changes_are_told(void **state)
{
    (void)state;
    for (size_t kind = 0; kind < FIXTURES; kind++) {
        if (!fixture_begin(&fixture, kind, "file_version"))
            continue;
        struct book b = open_book("2026-11-20T16:00:00Z");
        struct casefile_key key = start(&b);
        int64_t seen = version(&b, key);
        assert_string_equal(check(&b, "priya@firm.example", key, seen), "");
        note(&b, "priya@firm.example", key, "mine");
        assert_string_equal(check(&b, "priya@firm.example", key, seen), "");
        assert_string_equal(check(&b, "omar@firm.example", key, seen),
                            "Priya Nair took a note at 4:00 pm, after you opened this page.");
        b.now = fixture_at("2026-11-20T16:41:00Z");
        note(&b, "omar@firm.example", key, "his");
        assert_string_equal(check(&b, "priya@firm.example", key, seen),
                            "Omar Diallo took a note at 4:41 pm, after you opened this page.");
        assert_string_equal(check(&b, "priya@firm.example", key, version(&b, key)), "");
        book_close(&b);
        fixture_end(&fixture);
    }
}

/* What nobody in particular does is told too; what changes nothing is not. */
static void money_that_comes_in_is_told(void **state)
{
    (void)state;
    for (size_t kind = 0; kind < FIXTURES; kind++) {
        if (!fixture_begin(&fixture, kind, "file_version"))
            continue;
        struct book b = open_book("2026-11-20T16:00:00Z");
        struct casefile_key key = start(&b);
        struct instalment_input whole = { fixture_day("2026-10-01"), 10000 };
        struct fault why = { 0 };
        b.by = NULL;
        assert_fine(book_begin(&b, &why), why);
        int32_t debt =
            fixture_debt(&b, key, "INV-1", CURRENCY_USD, fixture_day("2026-09-01"), 1, &whole);
        assert_fine(book_commit(&b, &why), why);
        int64_t seen = version(&b, key);
        assert_fine(book_begin(&b, &why), why);
        fixture_payment(&b, key, "P-1", debt, CURRENCY_USD, fixture_day("2026-11-20"), 6000,
                        false);
        assert_fine(book_commit(&b, &why), why);
        const char *told = check(&b, "priya@firm.example", key, seen);
        assert_non_null(strstr(told, "A payment of $60.00 came in at 4:00 pm"));
        seen = version(&b, key);
        assert_fine(book_begin(&b, &why), why);
        assert_fine(journal_add(b.heads, key, b.now, "refusal", "{}", NULL, &why), why);
        assert_fine(book_commit(&b, &why), why);
        assert_string_equal(check(&b, "priya@firm.example", key, seen), "");
        book_close(&b);
        fixture_end(&fixture);
    }
}

static void changes_are_bounded(void **state)
{
    struct version_change *changes;
    size_t count;
    int64_t newest;
    struct fault why = { 0 };

    (void)state;
    assert_true(fixture_begin(&fixture, 0, "file_version"));
    struct book b = open_book("2026-11-20T16:00:00Z");
    struct casefile_key key = start(&b);
    for (int i = 0; i < VERSION_CHANGES_MOST + 5; i++)
        note(&b, "omar@firm.example", key, "again");
    assert_fine(version_changes(b.store, &b.arena, key, 0, "priya@firm.example", &changes,
                                &count, &newest, &why),
                why);
    assert_int_equal(count, VERSION_CHANGES_MOST);
    assert_int_equal(newest, version(&b, key));
    book_close(&b);
    fixture_end(&fixture);
}

static void notes_are_kept_once_and_taken_back(void **state)
{
    (void)state;
    for (size_t kind = 0; kind < FIXTURES; kind++) {
        if (!fixture_begin(&fixture, kind, "file_version"))
            continue;
        struct book b = open_book("2026-11-20T16:00:00Z");
        struct casefile_key key = start(&b);
        struct note_input in = { "  Prefers mornings.  ", "Priya Nair", "page-7" };
        int32_t first, second;
        enum change change;
        struct fault why = { 0 };
        assert_fine(book_begin(&b, &why), why);
        assert_fine(book_note_add(&b, key, &in, &first, &change, &why), why);
        assert_int_equal(change, CHANGE_ADDED);
        assert_fine(book_note_add(&b, key, &in, &second, &change, &why), why);
        assert_int_equal(change, CHANGE_NONE);
        assert_int_equal(first, second);
        assert_fine(book_note_withdraw(&b, key, first, &change, &why), why);
        assert_int_equal(change, CHANGE_UPDATED);
        assert_fine(book_note_withdraw(&b, key, first, &change, &why), why);
        assert_int_equal(change, CHANGE_NONE);
        assert_fine(book_commit(&b, &why), why);
        book_close(&b);
        fixture_end(&fixture);
    }
}

static void notes_need_words(void **state)
{
    static char long_text[NOTE_MOST + 2];
    const char *const bad[] = { NULL, "", " \n ", long_text };

    (void)state;
    memset(long_text, 'a', NOTE_MOST + 1);
    assert_true(fixture_begin(&fixture, 0, "file_version"));
    struct book b = open_book("2026-11-20T16:00:00Z");
    struct casefile_key key = start(&b);
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct note_input in = { bad[i], NULL, NULL };
        int32_t number;
        enum change change;
        struct fault why = { 0 };
        assert_fine(book_begin(&b, &why), why);
        assert_false(book_note_add(&b, key, &in, &number, &change, &why));
        assert_int_equal(why.code, BAD_VALUE);
        book_undo(&b);
    }
    enum change change;
    struct fault why = { 0 };
    assert_fine(book_begin(&b, &why), why);
    assert_false(book_note_withdraw(&b, key, 99, &change, &why));
    assert_int_equal(why.code, NOT_FOUND);
    book_undo(&b);
    book_close(&b);
    fixture_end(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(others_changes_are_told),
        cmocka_unit_test(money_that_comes_in_is_told),
        cmocka_unit_test(changes_are_bounded),
        cmocka_unit_test(notes_are_kept_once_and_taken_back),
        cmocka_unit_test(notes_need_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

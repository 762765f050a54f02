/* What messages say of money is what the ledger says. */
#include "flow/compose.h"

#include "flow/book_fixture.h"
#include "flow/terms_kept.h"
#include "formats/mime_read.h"
#include "store/casefiles.h"

struct scene {
    struct fixture fixture;
    struct book book;
    struct casefile_key key;
    int32_t debt;
    enum currency currency;
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

static void settle(struct scene *s)
{
    struct fault why = { 0 };

    assert_fine(book_settle_to_now(&s->book, s->key, &why), why);
}

static void settings(struct scene *s)
{
    static const char *const all[][2] = {
        { "org", "Fairhaven Recovery" },
        { "address", "P.O. Box 117\nColumbus, OH 43000" },
        { "country", "US" },
        { "email", "help@fairhaven.example" },
        { "base_url", "https://fairhaven.example" },
        { "secret", "0123456789abcdef" },
        { "supervisory_authority", "Amt (erfunden), Weg 3, 10000 Berlin, post@amt.example" },
    };
    struct fault why = { 0 };

    for (size_t i = 0; i < COUNT(all); i++)
        assert_fine(book_set(s->book.store, all[i][0], all[i][1], &why), why);
}

static void bind(struct scene *s, const char *name, struct day day)
{
    const struct terms *terms;
    struct move_input in = { .is = { .kind = MOVEMENT_TERMS,
                                     .day = day,
                                     .due = DAY_NONE,
                                     .debt = s->debt,
                                     .component = COMPONENT_COUNT,
                                     .currency = s->currency } };
    struct fault why = { 0 };

    assert_fine(terms_keep(s->book.store, &s->book.arena, name, &in.is.reference, &terms, &why),
                why);
    in.ground = in.is.reference;
    assert_fine(book_move_add(&s->book, s->key, &in, &why), why);
}

/* An invoice of 1,000.00 of September 1, due on October 1; 400.00 paid on October 11. */
static bool scene_begin(struct scene *s, size_t kind, enum actor_role role, const char *language,
                        enum currency currency, const char *terms)
{
    struct debtor_input in = { .reference = "A-1",
                               .creditor = role == ACTOR_FIRST_PARTY_CREDITOR ? "us" : "Bluebird",
                               .role = role,
                               .business = role == ACTOR_FIRST_PARTY_CREDITOR,
                               .name = "Maya Thompson",
                               .language = language,
                               .address = "48 Alder Street\nMadison, WI 53700",
                               .source = "test" };
    struct fault why = { 0 };
    enum change change;

    *s = (struct scene){ .currency = currency, .book.now = fixture_at("2026-09-01T12:00:00Z") };
    if (!fixture_begin(&s->fixture, kind, "compose_money"))
        return false;
    assert_fine(book_open(&s->book, s->fixture.url, s->book.now, &why), why);
    at(s, "2026-09-01T12:00:00Z");
    settings(s);
    assert_fine(book_debtor_put(&s->book, &in, &s->key, &change, &why), why);
    s->debt = fixture_debt(&s->book, s->key, "INV-1", currency, fixture_day("2026-09-01"), 1,
                           (struct instalment_input[]){ { fixture_day("2026-10-01"), 100000 } });
    bind(s, terms, fixture_day("2026-09-01"));
    done(s);
    at(s, "2026-10-11T12:00:00Z");
    fixture_payment(&s->book, s->key, "P-1", 0, currency, fixture_day("2026-10-11"), 40000, false);
    done(s);
    return true;
}

static void scene_end(struct scene *s)
{
    book_close(&s->book);
    fixture_end(&s->fixture);
    arena_free(&s->arena);
}

/* The text of the email, or NULL with *why. As it would leave at the moment of the book. */
static const char *email_of(struct scene *s, const char *template, struct fault *why)
{
    struct day today = wall_at(s->book.now, s->book.zone).day;
    struct composer *composer;
    struct casefile *c;
    struct composed made;
    struct mime_parts parts = { 0 };

    assert_fine(casefile_load(s->book.store, &s->arena, s->key, today, &c, why), *why);
    const struct instalment **items =
        arena_array(&s->arena, const struct instalment *, c->instalment_count);
    for (size_t i = 0; i < c->instalment_count; i++)
        items[i] = &c->instalments[i];
    struct compose_request r = { .casefile = c,
                                 .party = casefile_party(c, PARTY_DEBTOR),
                                 .channel = CHANNEL_EMAIL,
                                 .address = "maya@example.com",
                                 .template = template,
                                 .outbox = 1,
                                 .item_count = c->instalment_count,
                                 .items = items,
                                 .now = s->book.now,
                                 .today = today };
    composer = composer_open(s->book.store, why);
    assert_non_null(composer);
    bool fine = compose(composer, &s->arena, &r, &made, why);
    composer_close(composer);
    if (!fine)
        return NULL;
    mime_read(&s->arena, made.bytes, made.length, &parts);
    assert_non_null(parts.text);
    return parts.text;
}

static const char *must_email(struct scene *s, const char *template)
{
    struct fault why = { 0 };
    const char *text = email_of(s, template, &why);

    if (text == NULL)
        fail_msg("%s: %s", template, why.text);
    return text;
}

/* The values stand in this order, with nothing like an amount between them. */
static void assert_columns(const char *template, const char *text, const char *const values[],
                           size_t count)
{
    const char *from = strstr(text, "INV-1");

    assert_non_null(from);
    for (size_t i = 0; i < count; i++) {
        const char *found = strstr(from, values[i]);
        if (found == NULL)
            fail_msg("%s: \"%s\" is not where it belongs in:\n%s", template, values[i], text);
        for (const char *p = from; i > 0 && p < found; p++) {
            if (*p == '.' || *p == ',')
                fail_msg("%s: there is an amount before \"%s\" in:\n%s", template, values[i],
                         text);
        }
        from = found + strlen(values[i]);
    }
}

/* 1,000.00 billed; 5.00 interest until October 11 went first out of 400.00, the rest paid 395.00;
 * then 605.00 for nineteen days, as 30/360 counts them, at 18 %: 5.75; open 610.75. Also where the amounts are euros. */
static void test_every_creditors_letter_has_amounts_in_their_columns(void **state)
{
    static const struct {
        const char *language, *terms;
        enum currency currency;
        const char *names[8], *amounts[3], *total;
    } cases[] = {
        { "en", "net-30-us", CURRENCY_USD,
          { "friendly-reminder", "due-today", "past-due", "final-notice", "gentle-reminder",
            "payment-missed", "options", "formal-notice" },
          { "$1,000.00", "$395.00", "$610.75" }, "$610.75" },
        { "en", "net-30-plain", CURRENCY_EUR,
          { "friendly-reminder", "past-due", "gentle-reminder" },
          { "€1,000.00", "€400.00", "€600.00" }, "€600.00" },
        { "de", "net-30-plain", CURRENCY_EUR,
          { "friendly-reminder", "past-due" },
          { "1.000,00 €", "400,00 €", "600,00 €" }, "600,00 €" },
    };

    (void)state;
    for (size_t k = 0; k < COUNT(cases); k++) {
        struct scene s;
        assert_true(scene_begin(&s, 0, ACTOR_FIRST_PARTY_CREDITOR, cases[k].language,
                                cases[k].currency, cases[k].terms));
        at(&s, "2026-10-31T12:00:00Z");
        for (size_t i = 0; i < COUNT(cases[k].names) && cases[k].names[i] != NULL; i++) {
            const char *text = must_email(&s, cases[k].names[i]);
            assert_columns(cases[k].names[i], text, cases[k].amounts, 3);
            const char *sum = strstr(strstr(text, "INV-1"), cases[k].amounts[2]);
            if (strstr(sum + 1, cases[k].total) == NULL)
                fail_msg("%s: no total in:\n%s", cases[k].names[i], text);
            if (strchr(text, '$') != NULL && cases[k].currency != CURRENCY_USD)
                fail_msg("%s: dollars in a letter about euros", cases[k].names[i]);
        }
        done(&s);
        scene_end(&s);
    }
}

/* X38: on the day on which a fee falls it is told only once it is on the account. */
static void test_fee_that_is_printed_is_posted(void **state)
{
    struct fault why = { 0 };

    (void)state;
    for (size_t i = 0; i < FIXTURES; i++) {
        struct scene s;
        if (!scene_begin(&s, i, ACTOR_FIRST_PARTY_CREDITOR, "en", CURRENCY_EUR, "trade-eu"))
            continue;
        at(&s, "2026-10-12T12:00:00Z");
        const char *text = must_email(&s, "past-due");
        assert_non_null(strstr(text, "€1,000.00"));
        done(&s);
        /* A second invoice, late from November 1 on; nobody let time run since. */
        at(&s, "2026-10-12T13:00:00Z");
        s.debt = fixture_debt(&s.book, s.key, "INV-2", CURRENCY_EUR, fixture_day("2026-10-12"), 1,
                              (struct instalment_input[]){ { fixture_day("2026-10-31"), 5000 } });
        bind(&s, "trade-eu", fixture_day("2026-10-12"));
        done(&s);
        at(&s, "2026-11-01T12:00:00Z");
        assert_null(email_of(&s, "past-due", &why));
        assert_non_null(strstr(why.text, "The fees of INV-2 would be told as 40.00 EUR, and the "
                                         "ledger says 0.00."));
        settle(&s);
        must_email(&s, "past-due");
        done(&s);
        scene_end(&s);
    }
}

/* X33: what is stored beside the ledger and does not say the same is not told. */
static void test_amount_that_the_ledger_does_not_have_is_not_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < FIXTURES; i++) {
        struct fault why = { 0 };
        struct scene s;
        if (!scene_begin(&s, i, ACTOR_FIRST_PARTY_CREDITOR, "en", CURRENCY_USD, "net-30-us"))
            continue;
        fixture_execute(&s.fixture, "UPDATE instalment SET amount_minor = 123400");
        at(&s, "2026-10-12T12:00:00Z");
        assert_null(email_of(&s, "past-due", &why));
        assert_non_null(strstr(why.text, "1234.00 USD, and the ledger says 1000.00"));
        done(&s);
        fixture_execute(&s.fixture, "UPDATE instalment SET amount_minor = 100000");
        fixture_execute(&s.fixture, "UPDATE posting SET minor = minor + 7 WHERE account = "
                                    "'principal' AND minor > 0");
        at(&s, "2026-10-12T12:00:00Z");
        assert_null(email_of(&s, "past-due", &why));
        assert_non_null(strstr(why.text, "The principal of INV-1"));
        done(&s);
        scene_end(&s);
    }
}

/* Twenty days of October are not posted; the notice has them, and agrees with the letter. */
static void test_notice_itemizes_interest_that_runs(void **state)
{
    (void)state;
    for (size_t i = 0; i < FIXTURES; i++) {
        struct scene s;
        if (!scene_begin(&s, i, ACTOR_THIRD_PARTY_COLLECTOR, "en", CURRENCY_USD, "net-30-us"))
            continue;
        at(&s, "2026-10-21T12:00:00Z");
        const char *notice = must_email(&s, "validation-notice");
        if (strstr(notice, "$1,000.00") == NULL || strstr(notice, "$8.03") == NULL ||
            strstr(notice, "$400.00") == NULL || strstr(notice, "$608.03") == NULL)
            fail_msg("interest to the day is missing in:\n%s", notice);
        const char *letter = must_email(&s, "follow-up");
        if (strstr(letter, "$608.03") == NULL)
            fail_msg("the letter does not agree with the notice:\n%s", letter);
        done(&s);
        scene_end(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_creditors_letter_has_amounts_in_their_columns),
        cmocka_unit_test(test_fee_that_is_printed_is_posted),
        cmocka_unit_test(test_amount_that_the_ledger_does_not_have_is_not_told),
        cmocka_unit_test(test_notice_itemizes_interest_that_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

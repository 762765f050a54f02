#include "formats/letter_text.h"

#include "formats/letter_print.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* Every letter that is shipped, and the kept sample it is tried with. */
static const struct shipped {
    const char *name, *language, *sample;
    const char *amounts[3]; /* original, paid, open of the first item */
} shipped[] = {
    { "friendly-reminder", "en", "business", { "$1,250.00", "$500.00", "$750.00" } },
    { "due-today", "en", "business", { "$1,250.00", "$500.00", "$750.00" } },
    { "past-due", "en", "business", { "$1,250.00", "$500.00", "$750.00" } },
    { "final-notice", "en", "business", { "$1,250.00", "$500.00", "$750.00" } },
    { "letter-of-demand", "en", "business", { "$1,250.00", "$500.00", "$750.00" } },
    { "gentle-reminder", "en", "person", { "$1,330.90", "$46.34", "$1,284.56" } },
    { "payment-missed", "en", "person", { "$1,330.90", "$46.34", "$1,284.56" } },
    { "options", "en", "person", { "$1,330.90", "$46.34", "$1,284.56" } },
    { "formal-notice", "en", "person", { "$1,330.90", "$46.34", "$1,284.56" } },
    { "introduction", "en", "third-party", { NULL } },
    { "introduction-germany", "en", "third-party-german", { NULL } },
    { "introduction-germany", "de", "third-party-german", { NULL } },
    { "validation-notice", "en", "third-party", { NULL } },
    { "follow-up", "en", "third-party", { "$1,312.40", "$46.34", "$1,284.56" } },
    { "options-third-party", "en", "third-party", { "$1,312.40", "$46.34", "$1,284.56" } },
    { "payment-agreement", "en", "person", { NULL } },
    { "payment-agreement-third-party", "en", "third-party", { NULL } },
    { "payment-agreement", "de", "german", { NULL } },
    { "debit-notice", "en", "person", { NULL } },
    { "debit-notice-third-party", "en", "third-party", { NULL } },
    { "debit-notice", "de", "german", { NULL } },
    { "reply", "en", "person", { NULL } },
    { "reply", "de", "german", { NULL } },
    { "reply-third-party", "en", "third-party", { NULL } },
    { "friendly-reminder", "de", "german", { "1.250,00 €", "500,00 €", "750,00 €" } },
    { "past-due", "de", "german", { "1.250,00 €", "500,00 €", "750,00 €" } },
    { "statement", "en", "statement", { NULL } },
    { "statement", "de", "statement-german", { NULL } },
    { "statement-third-party", "en", "statement-third-party", { NULL } },
    { "receipt", "en", "statement", { NULL } },
    { "receipt", "de", "statement-german", { NULL } },
    { "receipt-third-party", "en", "statement-third-party", { NULL } },
    { "past-due", "ar", "arabic", { "AED 1,250.00", "AED 500.00", "AED 750.00" } },
};

static json_t *sample_load(struct arena *a, const char *name)
{
    struct fault why;
    struct file file;

    assert_true(files_load(a, arena_print(a, "letters/samples/%s.json", name), &file, &why));
    json_t *sample = json_loads((const char *)file.bytes, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(sample);
    return sample;
}

static struct letter_document rendered(struct arena *a, const struct shipped *s,
                                       enum channel channel)
{
    struct letter_document document;
    struct letter_text *text;
    struct fault why = { 0 };
    json_t *sample = sample_load(a, s->sample);

    if (!letter_text_load(a, s->name, s->language, &text, &why) ||
        !letter_text_render(a, text, sample, channel, &document, &why))
        fail_msg("%s/%s: %s", s->language, s->name, why.text);
    assert_string_equal(document.language, s->language);
    json_decref(sample);
    return document;
}

static bool is_made_for(struct arena *a, const struct shipped *s, enum channel channel)
{
    struct letter_text *text;
    struct fault why = { 0 };

    if (!letter_text_load(a, s->name, s->language, &text, &why))
        fail_msg("%s/%s: %s", s->language, s->name, why.text);
    return letter_text_is_for(text, channel);
}

static const struct letter_block *block_of(const struct letter_document *d,
                                           enum letter_block_kind kind)
{
    for (size_t i = 0; i < d->block_count; i++) {
        if (d->blocks[i].kind == kind)
            return &d->blocks[i];
    }
    return NULL;
}

/* Without the marks that set values apart in right-to-left letters. */
static const char *cell_text(struct arena *a, const struct letter_cell *cell)
{
    char *text = arena_copy(a, cell->run_count == 0 ? "" : cell->runs[0].text);

    if (text_starts(text, "\u2068") && text_ends(text, "\u2069"))
        return arena_copy_n(a, text + 3, strlen(text) - 6);
    return text;
}

/* Each amount in its own column: what was billed, what was paid, what is open (X44). */
static void test_partial_payment(void **state)
{
    struct arena a = { 0 };

    (void)state;
    for (size_t i = 0; i < COUNT(shipped); i++) {
        struct letter_document d = rendered(&a, &shipped[i], CHANNEL_LETTER);
        const struct letter_block *table = block_of(&d, LETTER_TABLE);
        assert_true(table != NULL || text_starts(shipped[i].name, "debit-notice") ||
                    text_starts(shipped[i].name, "reply"));
        if (shipped[i].amounts[0] == NULL)
            continue;
        assert_non_null(table);
        size_t columns = table->rows[0].cell_count;
        for (size_t j = 0; j < 3; j++) {
            assert_true(table->right[columns - 3 + j]);
            assert_string_equal(cell_text(&a, &table->rows[1].cells[columns - 3 + j]),
                                shipped[i].amounts[j]);
        }
        if (strcmp(d.language, "en") == 0) {
            assert_string_equal(cell_text(&a, &table->rows[0].cells[columns - 3]), "Amount");
            assert_string_equal(cell_text(&a, &table->rows[0].cells[columns - 2]), "Paid");
        }
        const struct letter_block *total = block_of(&d, LETTER_TOTAL);
        assert_non_null(total);
        assert_int_equal(total->row_count, 1);
    }
    arena_free(&a);
}

static void test_introduction_itemizes(void **state)
{
    static const char *const expected[] = { "Amount", "$1,312.40", "$0.00",
                                            "$18.50", "$46.34",    "$1,284.56" };
    struct arena a = { 0 };
    struct shipped introduction = { "introduction", "en", "third-party", { NULL } };
    struct letter_document d = rendered(&a, &introduction, CHANNEL_LETTER);
    const struct letter_block *table = block_of(&d, LETTER_TABLE);

    (void)state;
    assert_int_equal(table->row_count, COUNT(expected));
    for (size_t i = 0; i < COUNT(expected); i++)
        assert_string_equal(cell_text(&a, &table->rows[i].cells[1]), expected[i]);
    arena_free(&a);
}

/* Of each debt: its ground and contract, and how interest and costs come about, or none. */
static void test_german_first_letter(void **state)
{
    static const char *const says[] = {
        ("Es geht um einen Vertrag mit Muster Papier GmbH, Hafenstraße 12, 20000 Hamburg. Von "
         "dort haben wir den Auftrag, Ihnen zu schreiben."),
        "RE-1001, Abonnement Schreibpapier, Vertrag vom 14.01.2025",
        "Zinsen: 6,27 % im Jahr auf 1.250,00 € seit dem 02.10.2026 8,12 €",
        "Zinsen: keine Zinsen 0,00 €",
        "Kosten: zwei Mahnschreiben 15,00 €",
        "Kosten: keine Kosten 0,00 €",
        "Unsere Aufsichtsbehörde, bei der Sie sich auch beschweren können: Amt für",
        "Sie können widersprechen,",
    };
    struct arena a = { 0 };
    struct shipped letter = { "introduction-germany", "de", "third-party-german", { NULL } };
    struct letter_document d = rendered(&a, &letter, CHANNEL_LETTER);
    struct text plain = { 0 }, flat = { 0 };

    (void)state;
    letter_print_text(&d, &plain);
    for (const char *at = text_of(&plain); *at != '\0'; at++) { /* lines are broken anywhere */
        bool blank = isspace((unsigned char)*at) != 0;
        if (!blank || !text_ends(text_of(&flat), " "))
            text_add_char(&flat, blank ? ' ' : *at);
    }
    for (size_t i = 0; i < COUNT(says); i++) {
        if (strstr(text_of(&flat), says[i]) == NULL)
            fail_msg("it does not say \"%s\": %s", says[i], text_of(&flat));
    }
    text_free(&plain);
    text_free(&flat);
    arena_free(&a);
}

/* Words that shame, threaten or hurry; none of ours has them (ux, section 10). */
static void check_tone(const char *name, const char *text)
{
    static const char *const banned[] = {
        "!",          "delinquent", "in default", "failure",      "failed to",    "immediately",
        "must pay",   "urgent",     "act now",    "legal action", "final notice", "breach",
        "the debtor", "ruin"
    };
    size_t capitals = 0;

    for (size_t i = 0; i < COUNT(banned); i++) {
        if (strcasestr(text, banned[i]) != NULL)
            fail_msg("%s says \"%s\"", name, banned[i]);
    }
    for (; *text != '\0'; text++) { /* five capitals in a row are shouting */
        capitals = isupper((unsigned char)*text) ? capitals + 1 : 0;
        assert_true(capitals < 5);
    }
}

static void test_email_parts(void **state)
{
    struct arena a = { 0 };
    struct fault why = { 0 };
    struct letter_html *html = letter_html_load(&a, &why);

    (void)state;
    assert_non_null(html);
    for (size_t i = 0; i < COUNT(shipped); i++) {
        struct text plain = { 0 }, page = { 0 };
        if (!is_made_for(&a, &shipped[i], CHANNEL_EMAIL))
            continue;
        struct letter_document d = rendered(&a, &shipped[i], CHANNEL_EMAIL);
        letter_print_text(&d, &plain);
        assert_true(letter_print_html(html, &d, &page, &why));
        check_tone(shipped[i].name, text_of(&plain));
        for (size_t j = 0; j < 3 && shipped[i].amounts[j] != NULL; j++) {
            assert_non_null(strstr(text_of(&plain), shipped[i].amounts[j]));
            assert_non_null(strstr(text_of(&page), shipped[i].amounts[j]));
        }
        assert_non_null(strstr(text_of(&plain), "/stop"));
        assert_non_null(strstr(text_of(&page), "/stop"));
        assert_null(strstr(text_of(&page), "{{"));
        assert_null(strstr(text_of(&plain), "**"));
        /* a step may be taken days after its day, for a weekend or a rule */
        assert_null(strstr(text_of(&plain), "due today"));
        assert_null(strstr(d.subject, "today"));
        assert_non_null(strstr(text_of(&page), d.right_to_left ? "dir=\"rtl\"" : "<html lang"));
        text_free(&plain);
        text_free(&page);
    }
    arena_free(&a);
}

/* The subject of an email is seen by whoever looks over a shoulder. */
static void test_third_party_emails(void **state)
{
    static const char *const says[][2] = {
        { "introduction",
          "This is an attempt to collect a debt, and any information obtained" },
        { "validation-notice",
          "Fairhaven Recovery is a debt collector. We are trying to collect a debt that you owe "
          "to Bluebird Wireless." },
        { "follow-up", "This message is from a debt collector, Fairhaven Recovery." },
        { "options-third-party", "This message is from a debt collector, Fairhaven Recovery." },
    };
    struct arena a = { 0 };

    (void)state;
    for (size_t i = 0; i < COUNT(says); i++) {
        struct shipped s = { says[i][0], "en", "third-party", { NULL } };
        struct letter_document d = rendered(&a, &s, CHANNEL_EMAIL);
        const struct letter_block *statement = block_of(&d, LETTER_STATEMENT);
        assert_non_null(statement);
        assert_non_null(strstr(cell_text(&a, &statement->rows[0].cells[0]), says[i][1]));
        assert_null(strcasestr(d.subject, "debt"));
        assert_null(strstr(d.subject, "$"));
        assert_string_equal(d.sender.lines[0], "Fairhaven Recovery");
    }
    arena_free(&a);
}

/* Takes one value away, sets another, and says what must come of it. */
static void expect_fault(const char *name, const char *sample, const char *remove,
                         const char *key, json_t *value, enum channel channel,
                         enum fault_code code, const char *says)
{
    struct arena a = { 0 };
    struct letter_document d;
    struct letter_text *text;
    struct fault why = { 0 };
    json_t *context = sample_load(&a, sample);

    json_object_del(context, remove);
    json_object_set_new(context, key, value);
    assert_true(letter_text_load(&a, name, "en", &text, &why));
    if (letter_text_render(&a, text, context, channel, &d, &why) || why.code != code ||
        strstr(why.text, says) == NULL)
        fail_msg("%s without %s: %s \"%s\"", name, remove, fault_name_of(why.code), why.text);
    json_decref(context);
    arena_free(&a);
}

static void test_refusals(void **state)
{
    (void)state;
    expect_fault("past-due", "business", "pay_by", "x", json_null(), CHANNEL_EMAIL, BAD_VALUE,
                 "letters/en/past-due.md:16: \"pay_by\" is missing");
    expect_fault("past-due", "business", "x", "reference", json_string(""), CHANNEL_LETTER,
                 BAD_VALUE, "\"reference\" is missing");
    expect_fault("past-due", "business", "creditor", "x", json_null(), CHANNEL_LETTER,
                 BAD_VALUE, "\"creditor\" is missing");
    expect_fault("past-due", "third-party", "x", "y", json_null(), CHANNEL_LETTER, NOT_ALLOWED,
                 "a collector may not send it");
    expect_fault("introduction", "person", "x", "y", json_null(), CHANNEL_LETTER, BAD_VALUE,
                 "\"collector\" is missing");
    expect_fault("introduction", "third-party", "dispute_by", "y", json_null(), CHANNEL_LETTER,
                 BAD_VALUE, "\"dispute_by\" is missing");
    expect_fault("follow-up", "third-party", "opt_out_url", "y", json_null(), CHANNEL_EMAIL,
                 BAD_VALUE, "\"opt_out_url\" is missing");
    expect_fault("validation-notice", "third-party", "notice", "y", json_null(), CHANNEL_LETTER,
                 BAD_VALUE, "\"notice.creditor_now\" is missing");
    expect_fault("letter-of-demand", "business", "x", "y", json_null(), CHANNEL_EMAIL,
                 NOT_ALLOWED, "not made for email");
    expect_fault("past-due", "business", "x", "pay_url", json_string("javascript:alert(1)"),
                 CHANNEL_EMAIL, BAD_VALUE, "no web address");
}

/* A value is a value: bars, hashes, backslashes and line ends of a name stay in its cell. */
static void test_values_are_no_marks(void **state)
{
    static const char hostile[] = "## A|B \\| **C** <b>&\n\n| x | [y](https://example.com)";
    struct arena a = { 0 };
    struct letter_document d;
    struct letter_text *text;
    struct text page = { 0 };
    struct fault why = { 0 };
    json_t *context = sample_load(&a, "business");
    json_t *item = json_array_get(json_object_get(context, "items"), 0);

    (void)state;
    json_object_set_new(item, "reference", json_string(hostile));
    json_object_del(item, "description");
    assert_true(letter_text_load(&a, "past-due", "en", &text, &why));
    assert_true(letter_text_render(&a, text, context, CHANNEL_EMAIL, &d, &why));
    const struct letter_block *table = block_of(&d, LETTER_TABLE);
    assert_int_equal(table->rows[1].cell_count, 6);
    assert_string_equal(cell_text(&a, &table->rows[1].cells[0]),
                        "## A|B \\| **C** <b>&  | x | [y](https://example.com)");
    assert_true(letter_print_html(letter_html_load(&a, &why), &d, &page, &why));
    assert_null(strstr(text_of(&page), "<b>&"));
    assert_non_null(strstr(text_of(&page), "&lt;b&gt;&amp;"));
    text_free(&page);
    json_decref(context);
    arena_free(&a);
}

static void test_languages(void **state)
{
    static const char *const wanted[][2] = {
        { "de-AT", "de" }, { "de", "de" }, { "ar", "ar" }, { "fr", "en" }, { "", "en" }
    };
    struct arena a = { 0 };
    struct letter_text *text;
    struct fault why;

    (void)state;
    for (size_t i = 0; i < COUNT(wanted); i++) {
        assert_true(letter_text_load(&a, "past-due", wanted[i][0], &text, &why));
        assert_string_equal(letter_text_language(text), wanted[i][1]);
    }
    assert_true(letter_text_load(&a, "options", "de", &text, &why));
    assert_string_equal(letter_text_language(text), "en");
    assert_string_equal(letter_text_purpose(text), "collection");
    assert_false(letter_text_load(&a, "no-such-letter", "en", &text, &why));
    assert_int_equal(why.code, NOT_FOUND);
    assert_false(letter_text_load(&a, "../../etc/passwd", "en", &text, &why));
    arena_free(&a);
}

/* Regions, things to tick, and those that belong to the one before them. */
static void test_forms(void **state)
{
    static const enum letter_region order[] = { LETTER_WHOLE, LETTER_LEFT, LETTER_RIGHT,
                                                LETTER_REPLY_LEFT, LETTER_REPLY_RIGHT };
    static const bool inset[] = { false, true, true, true, false, false, false };
    struct arena a = { 0 };
    struct shipped notice = { "validation-notice", "en", "third-party", { NULL } };
    struct letter_document d = rendered(&a, &notice, CHANNEL_LETTER);
    const struct letter_block *choice = block_of(&d, LETTER_CHOICE);
    size_t next = 0;

    (void)state;
    for (size_t i = 0; i < d.block_count; i++)
        next += next < COUNT(order) && d.blocks[i].region == order[next];
    assert_int_equal(next, COUNT(order));
    assert_non_null(choice);
    assert_int_equal(choice->row_count, COUNT(inset));
    for (size_t i = 0; i < COUNT(inset); i++)
        assert_int_equal(choice->inset[i], inset[i]);
    assert_string_equal(cell_text(&a, &choice->rows[1].cells[0]), "This is not my debt.");
    assert_int_equal(choice->region, LETTER_REPLY_RIGHT);
    arena_free(&a);
}

/* Two currencies are two totals, never a sum. */
static void test_two_currencies(void **state)
{
    struct arena a = { 0 };
    struct letter_document d;
    struct letter_text *text;
    struct fault why = { 0 };
    json_t *context = sample_load(&a, "business");
    json_t *second = json_pack("{s:s, s:s}", "currency", "EUR", "open", "€20.00");

    (void)state;
    json_array_append_new(json_object_get(context, "totals"), second);
    assert_true(letter_text_load(&a, "past-due", "en", &text, &why));
    assert_true(letter_text_render(&a, text, context, CHANNEL_LETTER, &d, &why));
    assert_int_equal(block_of(&d, LETTER_TOTAL)->row_count, 2);
    assert_non_null(strstr(d.subject, "$1,234.56 + €20.00"));
    json_decref(context);
    arena_free(&a);
}

/* A row of a table, cell by cell. */
static void assert_row(struct arena *a, const struct letter_block *table, size_t row,
                       const char *const cells[])
{
    assert_true(row < table->row_count);
    for (size_t i = 0; i < table->rows[row].cell_count; i++)
        assert_string_equal(cell_text(a, &table->rows[row].cells[i]), cells[i]);
}

/* Amounts stand in their own columns: what changed is not what is owed then. */
static void test_statements(void **state)
{
    static const struct shipped statement = { "statement", "en", "statement", { NULL } },
                                receipt = { "receipt", "en", "statement", { NULL } };
    struct arena a = { 0 };

    (void)state;
    struct letter_document d = rendered(&a, &statement, CHANNEL_LETTER);
    const struct letter_block *table = block_of(&d, LETTER_TABLE);
    assert_row(&a, table, 0, (const char *[]){ "Date", "What (USD)", "Amount", "Balance" });
    assert_row(&a, table, 1,
               (const char *[]){ "Sep 30, 2026", "Balance at the end of this day", "",
                                 "$1,250.00" });
    assert_row(&a, table, 3,
               (const char *[]){ "Oct 16, 2026", "Payment 1042, check, for INV-1001", "-$500.00",
                                 "$1,234.56" });
    assert_int_equal(table->row_count, 5);
    assert_string_equal(cell_text(&a, &block_of(&d, LETTER_TOTAL)->rows[0].cells[1]),
                        "$1,243.61");
    d = rendered(&a, &receipt, CHANNEL_LETTER);
    assert_row(&a, block_of(&d, LETTER_TABLE), 1,
               (const char *[]){ "INV-1001", "$491.25", "$8.75", "$0.00", "$500.00" });
    arena_free(&a);
}

/* Files that break the format, each refused with its place. Last, for it moves the files. */
static void test_bad_files(void **state)
{
    static const char *const bad[][2] = {
        { "no front matter", "letters/en/bad.md:1" },
        { "---\ntitle: x\n---\n", "\"purpose\" is missing" },
        { "---\ntitle: x\npurpose: y\nfrom: us\nchannels: email\ntone: plain\nsubject: s\n"
          "---\nx",
          "\"from\" must be" },
        { "---\ntitle: x\npurpose: y\nfrom: creditor\nto: us\nchannels: email\ntone: plain\n"
          "subject: s\n---\nx",
          "\"to\" must be person, business or anybody" },
        { "---\ntitle: x\npurpose: y\nfrom: creditor\nchannels: email\ntone: plain\n"
          "subject: s\n---\n::: middle\n\nx",
          "there is no region \"middle\"" },
        { "---\ntitle: x\npurpose: y\nfrom: creditor\nchannels: sms\ntone: plain\n"
          "subject: s\n---\nx",
          "is not email or letter" },
        { "---\ntitle: x\npurpose: y\nfrom: creditor\nchannels: email\ntone: plain\n"
          "subjct: s\n---\nx",
          "did you mean \"subject\"" },
        { "---\ntitle: x\npurpose: y\nfrom: creditor\nchannels: email\ntone: plain\n"
          "subject: s\nrequired: none-such\n---\nx",
          "wording/none-such.md" },
        { "---\ntitle: x\npurpose: y\nfrom: creditor\nchannels: email\ntone: plain\n"
          "subject: s\n---\nx\n{{#a}}",
          "letters/en/bad.md:10: the section \"a\"" },
        { "---\ntitle: x\npurpose: y\nfrom: collector\nchannels: email\ntone: plain\n"
          "subject: s\nrequired: debt-collector-first\n---\nno such words",
          "required wording \"debt-collector-first\" is not in the letter" },
        { "---\ntitle: x\npurpose: y\nfrom: creditor\nchannels: email\ntone: plain\n"
          "subject: s\n---\n| a | b |\n| c | d |",
          "a table begins with its headings" },
        { "---\ntitle: x\npurpose: y\nfrom: creditor\nchannels: email\ntone: plain\n"
          "subject: s\n---\n| a | b |\n|---|---|\n| c |",
          "the table has 2 columns, its row 1 has 1" },
        { "---\ntitle: x\npurpose: y\nfrom: creditor\nchannels: email\ntone: plain\n"
          "subject: s\n---\n= total",
          "a total is written" },
    };
    static char folder[] = "/tmp/recoup-test-XXXXXX";
    struct arena a = { 0 };

    (void)state;
    assert_non_null(mkdtemp(folder));
    const char *path = arena_print(&a, "%s/letters/en/bad.md", folder);
    assert_int_equal(system(arena_print(&a, "mkdir -p %s/letters/en", folder)), 0);
    files_override(folder);
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct letter_document d;
        struct letter_text *text;
        struct fault why = { 0 };
        FILE *file = fopen(path, "w");
        fputs(bad[i][0], file);
        fclose(file);
        bool by_collector = strstr(bad[i][0], "from: collector") != NULL;
        json_t *context = sample_load(&a, by_collector ? "third-party" : "person");
        bool fine = letter_text_load(&a, "bad", "en", &text, &why) &&
                    letter_text_render(&a, text, context, CHANNEL_EMAIL, &d, &why);
        if (fine || strstr(why.text, bad[i][1]) == NULL)
            fail_msg("%s: \"%s\"", bad[i][1], fine ? "no fault" : why.text);
        json_decref(context);
    }
    files_override(NULL);
    assert_int_equal(system(arena_print(&a, "rm -r %s", folder)), 0);
    arena_free(&a);
}

/* Every file of letters/ has its row above. */
static void test_all_are_tried(void **state)
{
    struct arena a = { 0 };
    struct fault why;
    const char **paths;
    size_t count, letters = 0;

    (void)state;
    assert_true(files_list(&a, "letters/", ".md", &paths, &count, &why));
    for (size_t i = 0; i < count; i++)
        letters += strstr(paths[i], "/parts/") == NULL &&
                   strstr(paths[i], "/wording/") == NULL && strstr(paths[i], "README") == NULL;
    assert_int_equal(letters, COUNT(shipped));
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_are_tried),
        cmocka_unit_test(test_partial_payment),
        cmocka_unit_test(test_introduction_itemizes),
        cmocka_unit_test(test_german_first_letter),
        cmocka_unit_test(test_email_parts),
        cmocka_unit_test(test_third_party_emails),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_values_are_no_marks),
        cmocka_unit_test(test_languages),
        cmocka_unit_test(test_two_currencies),
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_statements),
        cmocka_unit_test(test_bad_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

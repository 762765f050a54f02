#include "formats/letter_pdf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* What poppler, another program, reads in the pages; and what it says of their fonts. */

static const struct instant made = { INT64_C(1795161600000000) }; /* 2026-11-20T08:00:00Z */

struct pdf {
    unsigned char *bytes;
    size_t length, pages;
};

static json_t *sample_load(struct arena *a, const char *name)
{
    struct fault why;
    struct file file;

    assert_true(files_load(a, arena_print(a, "letters/samples/%s.json", name), &file, &why));
    return json_loads((const char *)file.bytes, 0, NULL);
}

static bool make(struct arena *a, const char *name, const char *language, const json_t *context,
                 struct pdf *pdf, struct fault *why)
{
    struct letter_document document;
    struct letter_text *text;

    return letter_text_load(a, name, language, &text, why) &&
           letter_text_render(a, text, context, CHANNEL_LETTER, &document, why) &&
           letter_pdf_make(a, &document, made, &pdf->bytes, &pdf->length, &pdf->pages, why);
}

static struct pdf pdf_of(struct arena *a, const char *name, const char *language,
                         const json_t *context)
{
    struct fault why = { 0 };
    struct pdf pdf;

    if (!make(a, name, language, context, &pdf, &why))
        fail_msg("%s: %s", name, why.text);
    return pdf;
}

/* What `program` prints about these pages; %s in it is the file. */
static char *output_of(struct arena *a, const char *program, const struct pdf *pdf)
{
    char path[] = "/tmp/recoup-test-XXXXXX";
    int file = mkstemp(path);
    struct text out = { 0 };
    char piece[4096];

    assert_int_equal(write(file, pdf->bytes, pdf->length), (ssize_t)pdf->length);
    close(file);
    char *command = arena_print(a, "%s", program);
    FILE *pipe = popen(
        arena_print(a, "%s %s%s", command, path, text_starts(program, "pdftotext") ? " -" : ""),
        "r");
    for (size_t got; (got = fread(piece, 1, sizeof piece, pipe)) > 0;)
        text_add_n(&out, piece, got);
    assert_int_equal(pclose(pipe), 0);
    unlink(path);
    char *kept = arena_copy(a, text_of(&out));
    text_free(&out);
    return kept;
}

static size_t times_in(const char *text, const char *wanted)
{
    size_t times = 0;

    for (; (text = strstr(text, wanted)) != NULL; text += strlen(wanted))
        times++;
    return times;
}

static void test_amounts_in_their_columns(void **state)
{
    struct arena a = { 0 };
    json_t *context = sample_load(&a, "business");
    struct pdf pdf = pdf_of(&a, "past-due", "en", context);
    const char *text = output_of(&a, "pdftotext -layout", &pdf);

    (void)state;
    const char *head = strstr(text, "Invoice date"), *row = strstr(text, "INV-1001");
    assert_non_null(head);
    assert_non_null(row);
    const char *original = strstr(row, "$1,250.00"), *paid = strstr(row, "$500.00");
    const char *open = strstr(row, "$750.00"), *end = strchr(row, '\n');
    assert_true(row < original && original < paid && paid < open && open < end);
    assert_non_null(strstr(text, "Total still open (USD)"));
    assert_non_null(strstr(text, "Page 1 of 1"));
    assert_non_null(strstr(text, "Madison, WI 53700"));
    assert_int_equal(pdf.pages, 1);
    json_decref(context);
    arena_free(&a);
}

static void test_paper_and_fonts(void **state)
{
    struct arena a = { 0 };
    json_t *us = sample_load(&a, "business"), *german = sample_load(&a, "german");
    struct pdf letter = pdf_of(&a, "past-due", "en", us);
    struct pdf a4 = pdf_of(&a, "past-due", "de", german);

    (void)state;
    assert_non_null(strstr(output_of(&a, "pdfinfo", &letter), "(letter)"));
    assert_non_null(strstr(output_of(&a, "pdfinfo", &a4), "(A4)"));
    const char *fonts = output_of(&a, "pdffonts", &a4);
    assert_null(strstr(fonts, "Type 3"));
    assert_null(strstr(fonts, " no "));
    assert_true(times_in(fonts, "TrueType") >= 2);
    const char *text = output_of(&a, "pdftotext -layout", &a4);
    assert_non_null(strstr(text, "Łucja Müller"));
    assert_non_null(strstr(text, "1.234,56 €"));
    json_decref(us);
    json_decref(german);
    arena_free(&a);
}

static void test_same_bytes(void **state)
{
    struct arena a = { 0 };
    json_t *context = sample_load(&a, "arabic");
    struct pdf first = pdf_of(&a, "past-due", "ar", context);
    struct pdf second = pdf_of(&a, "past-due", "ar", context);

    (void)state;
    assert_int_equal(first.length, second.length);
    assert_memory_equal(first.bytes, second.bytes, first.length);
    json_decref(context);
    arena_free(&a);
}

/* 200 items: the heading on every page, no item lost, none twice, the total once. */
static void test_many_items(void **state)
{
    struct arena a = { 0 };
    json_t *context = sample_load(&a, "business");
    json_t *items = json_object_get(context, "items");

    (void)state;
    for (int i = 2; i < 200; i++) {
        json_t *item = json_copy(json_array_get(items, (size_t)i % 2));
        json_object_set_new(item, "reference", json_sprintf("NR-%04d", i));
        json_array_append_new(items, item);
    }
    struct pdf pdf = pdf_of(&a, "past-due", "en", context);
    const char *text = output_of(&a, "pdftotext -layout", &pdf);
    for (int i = 2; i < 200; i++)
        assert_int_equal(times_in(text, arena_print(&a, "NR-%04d", i)), 1);
    assert_true(pdf.pages > 4 && pdf.pages < 12);
    assert_true(times_in(text, "Still open") >= pdf.pages - 1);
    assert_int_equal(times_in(text, "Total still open"), 1);
    assert_non_null(strstr(text, arena_print(&a, "Page 2 of %zu", pdf.pages)));
    json_decref(context);
    arena_free(&a);
}

/* Long names are set smaller or broken, never cut; what cannot fit is refused. */
static void test_addresses(void **state)
{
    static const char *const names[] = {
        ("The Honourable Society of Bakers, Millers, Brewers and Confectioners of Lower Saxony "
         "and the Adjoining Territories, Registered"),
        "DonaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftmbH",
        "דוד כהן, רחוב הורדים 48",
        "Ελένη Παπαδοπούλου",
        "Дарья Соколова",
    };
    struct arena a = { 0 };
    struct fault why = { 0 };
    struct pdf pdf;
    json_t *context = sample_load(&a, "german");
    json_t *debtor = json_object_get(context, "debtor");

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        json_object_set_new(debtor, "name", json_string(names[i]));
        pdf = pdf_of(&a, "past-due", "de", context);
        assert_null(strstr(output_of(&a, "pdffonts", &pdf), "Type 3"));
    }
    json_t *address = json_object_get(debtor, "address");
    for (int i = 0; i < 12; i++)
        json_array_append_new(address, json_string("one more line of the address"));
    assert_false(make(&a, "past-due", "de", context, &pdf, &why));
    assert_int_equal(why.code, BAD_VALUE);
    assert_non_null(strstr(why.text, "window"));
    json_decref(context);
    arena_free(&a);
}

/* In the order of the model form; what is on the front stays on one page. */
static void test_validation_notice(void **state)
{
    static const char *const order[] = {
        "Fairhaven Recovery is a debt collector.",
        "Our information shows:",
        "account number BW-4471",
        "As of March 14, 2026, you owed:",
        "$1,312.40",
        "Between March 14, 2026 and today:",
        "interest:",
        "+ $0.00",
        "fees:",
        "+ $18.50",
        "paid or were credited",
        "$46.34",
        "Total amount of the debt now",
        "$1,284.56",
        "How can you dispute the debt?",
        "by December 31, 2026, to dispute all",
        "If you write to us by December 31, 2026,",
        "What else can you do?",
        "original",
        "www.cfpb.gov/debt-collection",
        "payment options",
        "en español.",
        "Mail this form to:",
        "Columbus, OH 43000-0117",
        "Maya Thompson",
        "How do you want to respond?",
        "Check all that apply:",
        "I want to dispute the debt because I think:",
        "This is not my debt.",
        "The amount is wrong.",
        "Other (please describe on reverse or attach additional",
        "I want you to send me the name and address of the original creditor.",
        "I enclosed this amount: $",
        "Quiero este formulario en español.",
    };
    struct arena a = { 0 };
    json_t *context = sample_load(&a, "third-party");
    struct pdf pdf = pdf_of(&a, "validation-notice", "en", context);
    const char *at = output_of(&a, "pdftotext -raw", &pdf);

    (void)state;
    assert_int_equal(pdf.pages, 1);
    assert_null(strstr(at, "reverse side"));
    for (size_t i = 0; i < COUNT(order); i++) {
        const char *found = strstr(at, order[i]);
        if (found == NULL)
            fail_msg("\"%s\" does not come after \"%s\"", order[i], i > 0 ? order[i - 1] : "");
        at = found + strlen(order[i]);
    }
    json_object_set_new(context, "has_disclosures", json_true());
    json_object_set_new(context, "disclosures", json_pack("[s]", "The state wants this said."));
    json_object_set_new(context, "old_debt_disclosures", json_pack("[s]", "It is too old."));
    pdf = pdf_of(&a, "validation-notice", "en", context);
    assert_int_equal(pdf.pages, 2);
    const char *front = output_of(&a, "pdftotext -l 1", &pdf);
    assert_non_null(strstr(front, "See reverse side for important information."));
    assert_non_null(strstr(front, "It is too old."));
    assert_null(strstr(front, "The state wants"));
    assert_non_null(strstr(output_of(&a, "pdftotext -f 2", &pdf), "The state wants this said."));
    json_decref(context);
    arena_free(&a);
}

/* Two forms are two sheets; a front that is too long is refused, not spilled. */
static void test_forms_and_their_sheets(void **state)
{
    struct arena a = { 0 };
    struct fault why = { 0 };
    struct letter_document two[2];
    struct letter_text *text;
    struct pdf pdf;
    json_t *context = sample_load(&a, "third-party");
    struct text endless = { 0 };

    (void)state;
    assert_true(letter_text_load(&a, "validation-notice", "en", &text, &why));
    assert_true(letter_text_render(&a, text, context, CHANNEL_LETTER, &two[0], &why));
    two[1] = two[0];
    assert_true(letter_pdf_make_all(&a, 2, two, made, &pdf.bytes, &pdf.length, &pdf.pages, &why));
    assert_int_equal(pdf.pages, 3);
    const char *all = output_of(&a, "pdftotext", &pdf);
    assert_int_equal(times_in(all, "Our information shows:"), 2);
    assert_int_equal(times_in(all, "Page 1 of 1"), 2);
    for (int i = 0; i < 400; i++)
        text_add(&endless, "and so on ");
    json_object_set_new(json_object_get(context, "notice"), "description",
                        json_string(text_of(&endless)));
    assert_false(make(&a, "validation-notice", "en", context, &pdf, &why));
    assert_non_null(strstr(why.text, "does not fit on one page"));
    text_free(&endless);
    json_decref(context);
    arena_free(&a);
}

static void test_paper_of(void **state)
{
    (void)state;
    assert_int_equal(letter_paper_of("US"), PAPER_US_LETTER);
    assert_int_equal(letter_paper_of("DE"), PAPER_A4);
    assert_int_equal(letter_paper_of(""), PAPER_A4);
    assert_int_equal(letter_paper_of(NULL), PAPER_A4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_amounts_in_their_columns),
        cmocka_unit_test(test_paper_and_fonts),
        cmocka_unit_test(test_same_bytes),
        cmocka_unit_test(test_many_items),
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_validation_notice),
        cmocka_unit_test(test_forms_and_their_sheets),
        cmocka_unit_test(test_paper_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

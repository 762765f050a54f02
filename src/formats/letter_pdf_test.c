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
        cmocka_unit_test(test_paper_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

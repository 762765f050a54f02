/* Files as people save them: every dialect gives the same rows, every broken one a sentence. */
#include "formats/csv.h"

#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

static char path[64];

static int make_path(void **state)
{
    (void)state;
    snprintf(path, sizeof path, "/tmp/recoup-csv-test-%d.csv", (int)getpid());
    return 0;
}

static int remove_path(void **state)
{
    (void)state;
    unlink(path);
    return 0;
}

static void write_bytes(const char *bytes, size_t length)
{
    FILE *out = fopen(path, "wb");

    assert_non_null(out);
    assert_int_equal(fwrite(bytes, 1, length, out), length);
    assert_int_equal(fclose(out), 0);
}

/* Header and rows as one text: fields with |, rows with the number of their line. */
static void read_into(const struct csv_dialect *dialect, struct text *out)
{
    struct fault why = { 0 };
    struct csv *c = csv_open(path, dialect, &why);
    const struct csv_row *row;

    if (c == NULL) {
        text_add_print(out, "fault: %s", why.text);
        return;
    }
    row = csv_header(c);
    while (row != NULL) {
        text_add_print(out, "%lld:", (long long)row->line);
        for (size_t i = 0; i < row->count; i++)
            text_add_print(out, "%s%s", i == 0 ? "" : "|", row->fields[i]);
        text_add(out, row->blank ? "(blank);" : ";");
        if (!csv_next(c, &row, &why)) {
            text_add_print(out, "fault: %s", why.text);
            break;
        }
    }
    csv_close(c);
}

static void expect(const char *bytes, size_t length, const struct csv_dialect *dialect,
                   const char *wanted)
{
    struct text got = { 0 };

    write_bytes(bytes, length);
    read_into(dialect, &got);
    if (text_starts(wanted, "fault: ") || strstr(wanted, "…") != NULL) {
        const char *part =
            strstr(wanted, "…") == NULL ? wanted + 7 : strstr(wanted, "…") + strlen("…");
        if (strstr(text_of(&got), part) == NULL)
            fail_msg("wanted \"%s\" in \"%s\"", part, text_of(&got));
    } else {
        assert_string_equal(text_of(&got), wanted);
    }
    text_free(&got);
}

static const struct csv_dialect any = { 0 };

#define EXPECT(bytes, dialect, wanted) expect(bytes, sizeof(bytes) - 1, dialect, wanted)

static void dialects(void **state)
{
    static const struct {
        const char *bytes, *wanted;
    } cases[] = {
        { "a,b\n1,2\n", "1:a|b;2:1|2;" },
        { "a,b\n1,2", "1:a|b;2:1|2;" },
        { "a,b\r\n1,2\r\n3,4\r\n", "1:a|b;2:1|2;3:3|4;" },
        { "a,b\r1,2\r", "1:a|b;2:1|2;" },
        { "a;b;c\n1,5;2;3\n1,6;2;3\n", "1:a|b|c;2:1,5|2|3;3:1,6|2|3;" },
        { "a\tb\n1,0\t2\n", "1:a|b;2:1,0|2;" },
        { "a|b\n1|2\n", "1:a|b;2:1|2;" },
        { "only\none\n", "1:only;2:one;" },
        { "\xef\xbb\xbf"
          "a,b\n1,2\n",
          "1:a|b;2:1|2;" },
        { "a,b\n\n1,2\n,\n", "1:a|b;2:(blank);3:1|2;4:|(blank);" },
        { "a,b\r\n\r\n1,2\r\n", "1:a|b;2:(blank);3:1|2;" },
        { "\n\na,b\n1,2\n", "3:a|b;4:1|2;" },
        { "a,b\n\"x\ny\",2\n3,4\n", "1:a|b;2:x\ny|2;4:3|4;" },
        { "a,b\n\"x\r\ny\",2\r\n3,4\n", "1:a|b;2:x\ny|2;4:3|4;" },
        { "a,b\n\"x \"\"y\"\"\",2\n", "1:a|b;2:x \"y\"|2;" },
        { "a,b\n 1 , 2 \n", "1:a|b;2:1|2;" },
        { "a,b\nx\"y,2\n", "1:a|b;2:x\"y|2;" },
        { "a,b\n\"1;2;3\",\"4;5\"\n", "1:a|b;2:1;2;3|4;5;" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        expect(cases[i].bytes, strlen(cases[i].bytes), &any, cases[i].wanted);
}

static void headers(void **state)
{
    const char *junk = "\"Title, with a comma\",,\n,,\nCLIENTS,,\nName,Mail,Phone\nAnn,a@x,1\n";
    const struct csv_dialect by_word = { .header_starts_with = "Name" },
                             by_line = { .header_row = 4 },
                             no_such = { .header_starts_with = "Nme" };

    (void)state;
    expect(junk, strlen(junk), &by_word, "4:Name|Mail|Phone;5:Ann|a@x|1;");
    expect(junk, strlen(junk), &by_line, "4:Name|Mail|Phone;5:Ann|a@x|1;");
    expect(junk, strlen(junk), &no_such, "fault: no header row that starts with \"Nme\"");
    EXPECT("\n\n\n", &any, "fault: has no header row");
}

static void encodings(void **state)
{
    const struct csv_dialect latin = { .encoding = ENCODING_WINDOWS_1252 },
                             utf8 = { .encoding = ENCODING_UTF8 };

    (void)state;
    EXPECT("a,b\nM\xc3\xbcller,\xe2\x82\xac\n", &any, "1:a|b;2:Müller|€;");
    EXPECT("a,b\nM\xfcller,\x80\n", &any, "1:a|b;2:Müller|€;");
    EXPECT("a,b\nM\xfcller,\x80\n", &latin, "1:a|b;2:Müller|€;");
    EXPECT("a,b\nM\xfcller,\x80\n", &utf8, "fault: line 2: not UTF-8");
    EXPECT("\xff\xfe"
           "a\0,\0b\0\n\0\xfc\0,\0\xac\x20\n\0",
           &any, "1:a|b;2:ü|€;");
    EXPECT("\xfe\xff\0a\0,\0b\0\n\xd8\x3d\xdc\x31\0,\0x\0\n", &any, "1:a|b;2:🐱|x;");
    EXPECT("\xff\xfe"
           "a\0\n\0\x00\xdc\n\0",
           &any, "fault: line 2: not UTF-16");
    EXPECT("\xff\xfe"
           "a\0\n",
           &any, "fault: the last character of the file is cut");
    EXPECT("a\0,\0b\0\n\0", &any, "fault: UTF-16 without a mark");
    EXPECT("a,b\n\xc3\xbc,1\nx\xfcy,2\n", &any, "fault: line 3: not UTF-8, although");
    EXPECT("a,b\n\x81,2\n", &any, "fault: line 2: a byte that Windows-1252 does not have");
}

static void broken(void **state)
{
    struct fault why = { 0 };

    (void)state;
    EXPECT("", &any, "fault: is empty");
    EXPECT("a,b\n1,2\n3,\"x\n", &any, "1:…line 3: a quote is opened in the row");
    assert_null(csv_open("/tmp/no-such-file-here.csv", &any, &why));
    assert_int_equal(why.code, NOT_FOUND);
    assert_null(csv_open("/tmp", &any, &why));
    assert_int_equal(why.code, BAD_FILE);
}

static long peak_kib(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

static void write_huge(const char *start, char filler, size_t length)
{
    static char block[1024 * 1024];
    FILE *out = fopen(path, "wb");

    assert_non_null(out);
    fputs(start, out);
    memset(block, filler, sizeof block);
    for (size_t done = 0; done < length; done += sizeof block)
        assert_int_equal(fwrite(block, 1, sizeof block, out), sizeof block);
    assert_int_equal(fclose(out), 0);
}

static void huge_lines(void **state)
{
    static const struct {
        const char *start, *wanted;
        char filler;
    } cases[] = {
        { "a,b\n1,", "line 2: a field of the row that begins here is longer than 1 MiB", 'x' },
        { "a,b\n1,\"", "line 2: a field of the row that begins here is longer than 1 MiB",
          '\n' },
        { "a,b\n", "line 2: the row that begins here is longer than 8 MiB or has over 4096",
          ',' },
        { "", "line 1: a field of the row that begins here is longer", 'x' },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct text got = { 0 };
        write_huge(cases[i].start, cases[i].filler, 64 * 1024 * 1024);
        long before = peak_kib();
        read_into(&any, &got);
        if (strstr(text_of(&got), cases[i].wanted) == NULL)
            fail_msg("wanted \"%s\" in \"%s\"", cases[i].wanted, text_of(&got));
        assert_true(peak_kib() - before < 32 * 1024);
        text_free(&got);
    }
}

/* What is written is read back as it was. */
static void written(void **state)
{
    const char *const rows[][3] = { { "a", "b", "c" },
                                    { "1,5", "x \"y\"", "two\nlines" },
                                    { " blank ", ";", "" } };
    FILE *out = fopen(path, "wb");
    struct text got = { 0 };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        csv_write_row(out, ';', 3, rows[i]);
    fclose(out);
    const struct csv_dialect semicolon = { .delimiter = ';' };
    read_into(&semicolon, &got);
    assert_string_equal(text_of(&got), "1:a|b|c;2:1,5|x \"y\"|two\nlines;4: blank |;|;");
    text_free(&got);
}

/* Blocks end anywhere: in a character, between CR and LF, inside quotes. */
static void block_edges(void **state)
{
    for (size_t shift = 0; shift < 12; shift++) {
        struct text bytes = { 0 }, got = { 0 };
        text_add(&bytes, "a,b\r\n");
        while (bytes.length < ENCODING_BLOCK - 6 - shift)
            text_add(&bytes, "x");
        text_add(&bytes, ",1\r\n\"\xe2\x82\xac\r\n\",2\r\n\r\nlast,3\r\n");
        write_bytes(bytes.bytes, bytes.length);
        read_into(&any, &got);
        if (strstr(text_of(&got), "3:€\n|2;5:(blank);6:last|3;") == NULL)
            fail_msg("shift %zu: %s", shift, text_of(&got) + got.length - 60);
        text_free(&bytes);
        text_free(&got);
    }
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dialects),   cmocka_unit_test(headers), cmocka_unit_test(encodings),
        cmocka_unit_test(broken),     cmocka_unit_test(written), cmocka_unit_test(block_edges),
        cmocka_unit_test(huge_lines),
    };

    return cmocka_run_group_tests(tests, make_path, remove_path);
}

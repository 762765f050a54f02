/* Every bad file is answered row by row, every good one only once. */
#include "flow/import_fixture.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

/* The file is refused as a whole, with these words, and nothing is kept. */
static void refuse_text(struct import_book *t, const char *map, const char *text,
                        enum fault_code code, const char *words)
{
    struct fault why;

    import_report_free(&report);
    write_text(t->map, map);
    write_text(t->file, text);
    assert_false(import_path(t, t->file, t->map, false, &report, &why));
    if (why.code != code || strstr(why.text, words) == NULL)
        fail_msg("wanted \"%s\", got %s: \"%s\"", words, fault_name_of(why.code), why.text);
    assert_false(is_on_file(t, "1"));
}

/* ---- One bad row each -------------------------------------------------------------------- */

static void bad_rows(struct import_book *t)
{
    static const struct {
        const char *row, *column, *words;
        enum problem_kind kind;
    } cases[] = {
        { "2,C,Ann,,2026-02-30,2026-03-01,1.00,USD", "day", "no such date", PROBLEM_DATE },
        { "2,C,Ann,,2026-02-03,2026-13-01,1.00,USD", "due", "no such date", PROBLEM_DATE },
        { "2,C,Ann,,26-02-03,2026-03-01,1.00,USD", "day", "two digits", PROBLEM_YEAR },
        { "2,C,Ann,,2026-02-03,2026-02-01,1.00,USD", "due", "due before", PROBLEM_ORDER },
        { "2,C,Ann,,2026-01-01,2026-02-01,1.005,USD", "sum", "2 decimals", PROBLEM_DECIMALS },
        { "2,C,Ann,,2026-01-01,2026-02-01,1.5,JPY", "sum", "0 decimals", PROBLEM_DECIMALS },
        { "2,C,Ann,,2026-01-01,2026-02-01,\"1,284.5O\",USD", "sum", "letter O in a number",
          PROBLEM_LETTER },
        { "2,C,Ann,,2026-01-01,2026-02-01,\"12,50\",USD", "sum", "does not group",
          PROBLEM_AMOUNT },
        { "2,C,Ann,,2026-01-01,2026-02-01,-5.00,USD", "sum", "below zero", PROBLEM_NEGATIVE },
        { "2,C,Ann,,2026-01-01,2026-02-01,5.00,XYZ", "cur", "no currency", PROBLEM_CURRENCY },
        { "2,C,Ann,,2026-01-01,2026-02-01,5.00,usd", "cur", "no currency", PROBLEM_CURRENCY },
        { "2,C,Ann,,2026-01-01,2026-02-01,,USD", "sum", "missing", PROBLEM_MISSING },
        { ",C,Ann,,2026-01-01,2026-02-01,5.00,USD", "no", "missing", PROBLEM_MISSING },
        { "2,,Ann,,2026-01-01,2026-02-01,5.00,USD", "who", "missing", PROBLEM_MISSING },
        { "2,C,Ann,,2026-01-01,2026-02-01,5.00", NULL, "7 fields", PROBLEM_COLUMNS },
        { "2,C,Ann,,2026-01-01,2026-02-01,1,284.00,USD", NULL, "9 fields", PROBLEM_COLUMNS },
        { "1,D,Ann,,2026-01-01,2026-02-01,5.00,USD", "no", "lines 2 and 3 have this key",
          PROBLEM_DUPLICATE },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[600];
        snprintf(text, sizeof text, HEADER ROW("1", "C", "10.00") "%s\n", cases[i].row);
        import_text(t, plain_map, text);
        expect_counts(&report, 2, i == 0, 0, i > 0, 1);
        const struct import_problem *p = &report.problems[0];
        if (p->line != 3 || p->kind != cases[i].kind ||
            !text_equal(p->column, cases[i].column) || strstr(p->text, cases[i].words) == NULL)
            fail_msg("%s: line %lld, %s, %s", cases[i].row, (long long)p->line,
                     p->column == NULL ? "-" : p->column, p->text);
        assert_int_equal(import_exit_code(&report), 9);
        assert_false(is_on_file(t, "2"));
    }
}

static void bad_rows_are_named(void **state)
{
    (void)state;
    with_each_database(bad_rows);
}

/* ---- Whole files ------------------------------------------------------------------------- */

static void bad_files(struct import_book *t)
{
    char latin[] = HEADER "1,C,M\xfcller \xc3\xbc,,2026-01-02,2026-02-01,1.00,USD\n";
    char wrong_map[2000];

    refuse_text(t, plain_map, "", BAD_FILE, "is empty");
    refuse_text(t, plain_map, "\n\n", BAD_FILE, "has no header row");
    refuse_text(t, plain_map, latin, BAD_FILE, "line 2: not UTF-8");
    refuse_text(t, plain_map, "no,who,name,mail,day,due,sum\n" ROW("1", "C", "1"), BAD_PACK,
                ":7:13: the file has no column \"cur\"");
    refuse_text(t, plain_map, HEADER ROW("1", "C", "1") "2,C,\"Ann\n", BAD_FILE,
                "line 3: a quote is opened");
    snprintf(wrong_map, sizeof wrong_map, "%s  colour: red\n", plain_map);
    refuse_text(t, wrong_map, HEADER, BAD_PACK, ":11:3: \"colour\" is no field");
    import_text(t, plain_map, HEADER);
    expect_counts(&report, 0, 0, 0, 0, 0);
}

static void bad_files_are_refused(void **state)
{
    (void)state;
    with_each_database(bad_files);
}

static void same_twice(struct import_book *t)
{
    const char *file = HEADER ROW("1", "A", "10.00") ROW("2", "B", "20.00")
        ROW("3", "A", "5.50") "\n" ROW("2", "B", "20.00");

    import_text(t, plain_map, file);
    expect_counts(&report, 5, 3, 0, 1, 0);
    assert_int_equal(report.blank, 1);
    assert_int_equal(report.debtors_added, 2);
    assert_int_equal(report.total_count, 1);
    assert_int_equal(report.totals[0].minor, 3550);
    import_text(t, plain_map, file);
    expect_counts(&report, 5, 0, 0, 4, 0);
    assert_int_equal(report.debtors_added + report.debtors_updated + report.payments, 0);
    assert_int_equal(open_of(t, "3"), 550);
}

static void the_same_file_changes_nothing(void **state)
{
    (void)state;
    with_each_database(same_twice);
}

static void later_version(struct import_book *t)
{
    import_text(t, plain_map, HEADER ROW("1", "A", "10.00") ROW("2", "B", "20.00"));
    import_text(t, plain_map,
                HEADER ROW("1", "A", "12.00") ROW("2", "B", "20.00") ROW("3", "C", "1.00"));
    expect_counts(&report, 3, 1, 1, 1, 0);
    assert_int_equal(open_of(t, "1"), 1200);
    /* the mailbox of a debtor changes, its debt does not */
    import_text(t, plain_map, HEADER "2,B,Ann,new@x.example,2026-01-02,2026-02-01,20.00,USD\n");
    expect_counts(&report, 1, 0, 1, 0, 0);
    assert_int_equal(report.debtors_updated, 1);
    /* another debtor, another currency: contradictions that leave nothing behind */
    import_text(t, plain_map,
                HEADER ROW("2", "Z", "20.00") "3,C,Ann,,2026-01-02,2026-02-01,1.00,EUR\n");
    expect_counts(&report, 2, 0, 0, 0, 2);
    assert_int_equal(report.rejected_by[PROBLEM_CONFLICT], 2);
    assert_int_equal(report.debtors_added, 0);
}

static void a_later_version_updates(void **state)
{
    (void)state;
    with_each_database(later_version);
}

static void check_only(struct import_book *t)
{
    struct fault why;

    import_report_free(&report);
    write_text(t->map, plain_map);
    write_text(t->file, HEADER ROW("1", "A", "10.00") ROW("2", "B", "x"));
    unlink(t->rejects);
    assert_fine(import_path(t, t->file, t->map, true, &report, &why), why);
    expect_counts(&report, 2, 1, 0, 0, 1);
    assert_int_equal(import_exit_code(&report), 8);
    assert_false(is_on_file(t, "1"));
    assert_int_not_equal(access(t->rejects, F_OK), 0);
}

static void a_check_changes_nothing(void **state)
{
    (void)state;
    with_each_database(check_only);
}

/* ---- Rejects ----------------------------------------------------------------------------- */

static char *file_text(const char *path, struct arena *a)
{
    struct fault why = { 0 };
    char *bytes;
    size_t length;

    assert_fine(text_read_file(path, 1 << 20, a, &bytes, &length, &why), why);
    return bytes;
}

static void mended(struct import_book *t)
{
    struct arena a = { 0 };
    struct fault why;

    import_text(
        t, plain_map,
        HEADER ROW("1", "A",
                   "10.00") "2,B,\"Ann, \"\"B\"\"\",,2026-01-02,2026-02-31,20.00,USD\n");
    assert_string_equal(report.rejects, t->rejects);
    assert_string_equal(
        file_text(t->rejects, &a),
        "no,who,name,mail,day,due,sum,cur,recoup_line,recoup_column,"
        "recoup_problem\n2,B,\"Ann, \"\"B\"\"\",,2026-01-02,2026-02-31,20.00,USD,"
        "3,due,\"no such date, read as yyyy-mm-dd; write a date that exists\"\n");
    /* mended in the reject file, and taken from there */
    char *text = file_text(t->rejects, &a);
    memcpy(strstr(text, "02-31"), "02-28", 5);
    write_text(t->file, text);
    import_report_free(&report);
    assert_fine(import_path(t, t->file, t->map, false, &report, &why), why);
    expect_counts(&report, 1, 1, 0, 0, 0);
    arena_free(&a);
}

static void rejects_are_mended_and_taken(void **state)
{
    (void)state;
    with_each_database(mended);
}

static void limits(struct import_book *t)
{
    struct import_request request = {
        .book = &t->book, .path = t->file, .map = t->map, .rejects = "/nonexistent/rejects.csv"
    };
    struct fault why = { 0 };

    write_text(t->map, plain_map);
    write_text(t->file, HEADER ROW("1", "A", "10.00") ROW("2", "B", "x") ROW("3", "B", "x"));
    import_report_free(&report);
    request.max_rejects = -1;
    assert_false(import_file(&request, &report, &why)); /* the folder is not there */
    assert_int_equal(why.code, SYSTEM);
    request.rejects = t->file;
    import_report_free(&report);
    assert_false(import_file(&request, &report, &why));
    assert_int_equal(why.code, BAD_USAGE);
    request.rejects = t->rejects;
    request.max_rejects = 1;
    import_report_free(&report);
    assert_false(import_file(&request, &report, &why));
    assert_int_equal(why.code, TOO_MANY_REJECTS);
    assert_int_equal(report.rejected, 2);
    assert_true(report.refused);
    assert_int_equal(access(t->rejects, F_OK), 0);
    unlink(t->rejects);
    request.check = true;
    import_report_free(&report);
    assert_false(import_file(&request, &report, &why));
    assert_int_not_equal(access(t->rejects, F_OK), 0); /* a check writes nothing */
    request.check = false;
    request.max_rejects = 66;
    request.max_is_percent = true;
    import_report_free(&report);
    assert_false(import_file(&request, &report, &why));
    assert_false(is_on_file(t, "1"));
    assert_string_equal(report.rejects, t->rejects);
    request.max_rejects = 67;
    import_report_free(&report);
    assert_fine(import_file(&request, &report, &why), why);
    assert_true(is_on_file(t, "1"));
}

static void limits_undo_everything(void **state)
{
    (void)state;
    with_each_database(limits);
}

static volatile sig_atomic_t stop;

static void stop_now(void *self, const struct import_progress *progress)
{
    (void)self;
    (void)progress;
    stop = 1;
}

static void interrupted(struct import_book *t)
{
    struct import_request request = { .book = &t->book,
                                      .path = t->file,
                                      .map = t->map,
                                      .max_rejects = -1,
                                      .stop = &stop,
                                      .progress = stop_now };
    struct text text = { 0 };
    struct fault why = { 0 };

    text_add(&text, HEADER);
    for (int i = 1; i < 40000; i++)
        text_add_print(&text, "%d,C%d,Ann,,2026-01-02,2026-02-01,1.00,USD\n", i, i % 1000);
    write_text(t->file, text.bytes);
    write_text(t->map, plain_map);
    import_report_free(&report);
    stop = 0;
    assert_false(import_file(&request, &report, &why));
    assert_int_equal(why.code, INTERRUPTED);
    assert_false(is_on_file(t, "1"));
    text_free(&text);
}

static void a_stop_keeps_nothing(void **state)
{
    (void)state;
    with_each_database(interrupted);
}

/* ---- Killed, or out of disk -------------------------------------------------------------- */

static void die_now(void *self, const struct import_progress *progress)
{
    (void)self;
    if (progress->rows > 20000)
        kill(getpid(), SIGKILL);
}

/* In a process of its own, with a book of its own: how it ended. */
static int import_in_child(struct import_book *t, bool die)
{
    pid_t child = fork();
    int status;

    if (child == 0) {
        struct rlimit small = { 4 * 1024 * 1024, 4 * 1024 * 1024 };
        struct fault why = { 0 };
        struct book book;
        struct import_request request = {
            .book = &book, .path = t->file, .map = t->map, .max_rejects = -1
        };
        request.progress = die ? die_now : NULL;
        signal(SIGXFSZ, SIG_IGN);
        if (!book_open(&book, t->fixture.url, fixture_at("2026-03-01T12:00:00Z"), &why) ||
            (!die && setrlimit(RLIMIT_FSIZE, &small) != 0))
            _exit(3);
        _exit(import_file(&request, &report, &why) ? 0 : 7);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static void broken_off(struct import_book *t)
{
    struct text text = { 0 };

    text_add(&text, HEADER);
    for (int i = 1; i < 30000; i++)
        text_add_print(&text, "%d,C%d,Ann,,2026-01-02,2026-02-01,1.00,USD\n", i, i % 1000);
    write_text(t->file, text.bytes);
    write_text(t->map, plain_map);
    text_free(&text);
    assert_int_equal(import_in_child(t, true), -SIGKILL);
    assert_false(is_on_file(t, "1"));
    if (t->fixture.schema[0] != '\0')
        return; /* the disk of a server is not ours to fill */
    assert_int_equal(import_in_child(t, false), 7);
    assert_false(is_on_file(t, "1"));
}

static void what_is_broken_off_keeps_nothing(void **state)
{
    (void)state;
    with_each_database(broken_off);
}

/* ---- Dialects ---------------------------------------------------------------------------- */

static void dialects(struct import_book *t)
{
    static const char german[] =
        "map: german\nkind: invoices\ndates: d.m.yyyy\n"
        "amounts: {decimal: ',', grouping: '.', signs: [€]}\n"
        "debtor: {reference: '{Kunde}', " TERMS "}\n"
        "debt: {reference: '{Nr}', currency: EUR, invoice_day: '{Datum}', due_in_days: '14', "
        "amount: '{Betrag}'}\n";
    static const char text[] = "Nr;Kunde;Datum;Betrag\n1;Müller;3.2.2026;1.234,50 €\n";
    FILE *out;
    struct fault why;

    import_text(t, german, text);
    expect_counts(&report, 1, 1, 0, 0, 0);
    assert_int_equal(open_of(t, "1"), 123450);
    /* the same in UTF-16: the same file, so nothing changes */
    out = fopen(t->file, "wb");
    fputs("\xff\xfe", out);
    for (const char *c = text; *c != '\0'; c++) {
        unsigned unit = (unsigned char)*c;
        if (unit >= 0xe0)
            unit = 0x20ac, c += 2; /* the euro sign */
        else if (unit >= 0xc0)
            unit = (unit & 0x1f) << 6 | ((unsigned char)*++c & 0x3f);
        fputc((int)(unit & 0xff), out);
        fputc((int)(unit >> 8), out);
    }
    fclose(out);
    import_report_free(&report);
    assert_fine(import_path(t, t->file, t->map, false, &report, &why), why);
    expect_counts(&report, 1, 0, 0, 1, 0);
}

static void dialects_mean_the_same(void **state)
{
    (void)state;
    with_each_database(dialects);
}

/* A line of 64 MiB in the middle: one sentence, and nothing kept. */
static void huge_line(struct import_book *t)
{
    static char block[1024 * 1024];
    FILE *out;
    struct fault why;

    write_text(t->map, plain_map);
    write_text(t->file, HEADER ROW("1", "A", "10.00") "2,B,");
    out = fopen(t->file, "ab");
    memset(block, 'x', sizeof block);
    for (int i = 0; i < 64; i++)
        assert_int_equal(fwrite(block, 1, sizeof block, out), sizeof block);
    fclose(out);
    import_report_free(&report);
    assert_false(import_path(t, t->file, t->map, false, &report, &why));
    assert_non_null(strstr(why.text, "line 3: a field of the row that begins here"));
    assert_false(is_on_file(t, "1"));
}

static void a_huge_line_is_refused(void **state)
{
    (void)state;
    with_each_database(huge_line);
}

static void reports(struct import_book *t)
{
    char *bytes = NULL;
    size_t length;
    FILE *out = open_memstream(&bytes, &length);
    int last = 0;
    struct import_progress progress = { 500, 50, 100, 5.0, false };

    import_text(t, plain_map, HEADER ROW("1", "A", "1,000.00") ROW("2", "B", "1O"));
    import_text(t, plain_map, HEADER ROW("1", "A", "\"1,000.00\"") ROW("2", "B", "1O"));
    import_report_print(out, &report, false);
    import_report_print(out, &report, true);
    import_progress_print(out, &progress, false, &last);
    import_progress_print(out, &progress, false, &last);
    fclose(out);
    assert_non_null(strstr(bytes, "  added                         1\n"));
    assert_non_null(strstr(bytes, "USD                           1  $1,000.00"));
    assert_non_null(strstr(bytes, "letter O in a number; write digits only"));
    assert_non_null(strstr(bytes, "\"totals\":[{\"currency\":\"USD\",\"count\":1,"
                                  "\"amount\":\"1000.00\",\"minor\":100000}]"));
    assert_non_null(strstr(bytes, "\"rejected_by_kind\":{\"letter\":1}"));
    assert_non_null(strstr(bytes, "50%  500 rows  100/s\n"));
    assert_null(strstr(strstr(bytes, "50%") + 1, "50%"));
    free(bytes);
}

static void reports_say_it(void **state)
{
    (void)state;
    with_each_database(reports);
}

/* The example of docs/maps.md does what is written beside it. */
static char *block_of(char *guide, const char *language, struct arena *a)
{
    char *start = strstr(guide, arena_print(a, "```%s\n", language));

    assert_non_null(start);
    start = strchr(start, '\n') + 1;
    return arena_copy_n(a, start, (size_t)(strstr(start, "```") - start));
}

static void guide(struct import_book *t)
{
    struct arena a = { 0 };
    char *text, *said = NULL;
    size_t length;
    struct fault why = { 0 };

    assert_fine(text_read_file("docs/maps.md", 1 << 20, &a, &text, &length, &why), why);
    import_text(t, block_of(text, "yaml", &a), block_of(text, "csv", &a));
    FILE *out = open_memstream(&said, &length);
    import_report_print(out, &report, false);
    fclose(out);
    if (strstr(said, block_of(text, "text", &a)) == NULL)
        fail_msg("docs/maps.md promises something else than this:\n%s", said);
    assert_int_equal(open_of(t, "1002"), 3000);
    free(said);
    arena_free(&a);
}

static void the_guide_is_true(void **state)
{
    (void)state;
    with_each_database(guide);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_rows_are_named),
        cmocka_unit_test(bad_files_are_refused),
        cmocka_unit_test(the_same_file_changes_nothing),
        cmocka_unit_test(a_later_version_updates),
        cmocka_unit_test(a_check_changes_nothing),
        cmocka_unit_test(rejects_are_mended_and_taken),
        cmocka_unit_test(limits_undo_everything),
        cmocka_unit_test(a_stop_keeps_nothing),
        cmocka_unit_test(what_is_broken_off_keeps_nothing),
        cmocka_unit_test(dialects_mean_the_same),
        cmocka_unit_test(a_huge_line_is_refused),
        cmocka_unit_test(reports_say_it),
        cmocka_unit_test(the_guide_is_true),
    };

    return cmocka_run_group_tests(tests, NULL, free_report);
}

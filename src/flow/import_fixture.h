/* For the tests of imports: files made on the spot, and books that must prove sound after. */
#ifndef FLOW_IMPORT_FIXTURE_H
#define FLOW_IMPORT_FIXTURE_H

#include "flow/book_fixture.h"
#include "flow/import.h"
#include "flow/prove.h"

#include "base/text.h"

struct import_book {
    struct fixture fixture;
    struct book book;
    char file[128], map[128], rejects[128];
};

static inline bool import_book_begin(struct import_book *t, size_t kind, const char *now)
{
    struct fault why = { 0 };

    if (!fixture_begin(&t->fixture, kind, "import_test"))
        return false;
    assert_fine(book_open(&t->book, t->fixture.url, fixture_at(now), &why), why);
    snprintf(t->file, sizeof t->file, "/tmp/recoup-import-%d.csv", (int)getpid());
    snprintf(t->map, sizeof t->map, "/tmp/recoup-import-%d.yaml", (int)getpid());
    snprintf(t->rejects, sizeof t->rejects, "%s.rejects.csv", t->file);
    unlink(t->rejects);
    return true;
}

static inline void import_book_end(struct import_book *t)
{
    struct fault why = { 0 };
    size_t findings = 0;
    FILE *out = tmpfile();

    assert_fine(prove_book(t->book.store, out, false, &findings, &why), why);
    if (findings > 0) {
        char line[512];
        rewind(out);
        while (fgets(line, sizeof line, out) != NULL)
            print_message("%s", line);
        fail_msg("the book does not prove: %zu findings", findings);
    }
    fclose(out);
    book_close(&t->book);
    fixture_end(&t->fixture);
    unlink(t->file);
    unlink(t->map);
    unlink(t->rejects);
}

static inline void write_text(const char *path, const char *text)
{
    FILE *out = fopen(path, "wb");

    assert_non_null(out);
    assert_true(fputs(text, out) >= 0);
    assert_int_equal(fclose(out), 0);
}

/* Imports `path` with `map`; the report must add up. */
static inline bool import_path(struct import_book *t, const char *path, const char *map,
                               bool check, struct import_report *r, struct fault *why)
{
    struct import_request request = { .book = &t->book,
                                      .path = path,
                                      .map = map,
                                      .rejects = t->rejects,
                                      .max_rejects = -1,
                                      .check = check };

    *why = (struct fault){ 0 };
    if (!import_file(&request, r, why))
        return false;
    assert_int_equal(r->rows, r->added + r->updated + r->unchanged + r->rejected + r->merged +
                                  r->left_out + r->blank);
    return true;
}

/* Rows, added, updated, unchanged, rejected. */
static inline void expect_counts(const struct import_report *r, int64_t rows, int64_t added,
                                 int64_t updated, int64_t unchanged, int64_t rejected)
{
    if (r->rows != rows || r->added != added || r->updated != updated ||
        r->unchanged != unchanged || r->rejected != rejected)
        fail_msg("rows %lld added %lld updated %lld unchanged %lld rejected %lld: %s",
                 (long long)r->rows, (long long)r->added, (long long)r->updated,
                 (long long)r->unchanged, (long long)r->rejected,
                 r->problem_count > 0 ? r->problems[0].text : "no problem");
}

static inline int64_t open_of(struct import_book *t, const char *reference)
{
    struct debt_found found;
    struct fault why = { 0 };
    int64_t minor;

    assert_fine(book_begin(&t->book, &why), why);
    assert_fine(book_debt_find(&t->book, reference, &found, &why), why);
    assert_true(found.number != 0);
    assert_fine(book_debt_open(&t->book, found.key, found.number, &minor, &why), why);
    book_undo(&t->book);
    return minor;
}

static inline bool is_on_file(struct import_book *t, const char *reference)
{
    struct debt_found found;
    struct fault why = { 0 };

    assert_fine(book_begin(&t->book, &why), why);
    assert_fine(book_debt_find(&t->book, reference, &found, &why), why);
    book_undo(&t->book);
    return found.number != 0;
}

/* ---- Small files, for the tests of one row each ---- */

#define TERMS "business: 'true', role: first_party_creditor"

/* Columns: no, who, name, mail, day, due, sum, cur; `more` are further lines of the map. */
static const char *const plain_map =
    "map: plain\nkind: invoices\n"
    "amounts: {decimal: '.', grouping: ',', signs: [$]}\n"
    "debtor: {reference: '{who}', name: '{name}', email: '{mail}', " TERMS "}\n"
    "debt:\n"
    "  reference: '{no}'\n"
    "  currency: '{cur}'\n"
    "  invoice_day: '{day}'\n"
    "  due_day: '{due}'\n"
    "  amount: '{sum}'\n";

#define HEADER            "no,who,name,mail,day,due,sum,cur\n"
#define ROW(no, who, sum) no "," who ",Ann,ann@x.example,2026-01-02,2026-02-01," sum ",USD\n"

static struct import_report report;

static inline void with_each_database(void (*test)(struct import_book *t))
{
    for (size_t kind = 0; kind < FIXTURES; kind++) {
        struct import_book t;
        if (!import_book_begin(&t, kind, "2026-03-01T12:00:00Z"))
            continue;
        test(&t);
        import_book_end(&t);
    }
}

static inline void import_text(struct import_book *t, const char *map, const char *text)
{
    struct fault why;

    import_report_free(&report);
    write_text(t->map, map);
    write_text(t->file, text);
    assert_fine(import_path(t, t->file, t->map, false, &report, &why), why);
}

static inline int free_report(void **state)
{
    (void)state;
    import_report_free(&report);
    return 0;
}

#endif

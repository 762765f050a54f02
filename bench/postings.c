/*
 * postings URL [DEBTS]: what a posting costs, and whether it costs more as the history grows; the
 * books of a debt with ten thousand entries as of a day; a month's end with and without interest.
 * URL names a book that is made here: a file, or PostgreSQL's empty database. JSON at the end.
 */
#include "flow/cycle.h"
#include "flow/movements.h"
#include "flow/terms_bind.h"
#include "store/casefiles.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { FILES = 1000, SPREAD = 5000, DEEP = 10000, BATCH = 100 };

static struct fault why;

/* Of the wall: PostgreSQL works in other processes. */
static double seconds_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void check(bool done)
{
    if (done)
        return;
    fprintf(stderr, "postings: %s\n", why.text);
    exit(1);
}

static struct day day_on(const char *text)
{
    struct day day;

    check(day_parse(text, &day));
    return day;
}

static struct instant at(const char *text)
{
    struct instant out;

    check(instant_parse(text, &out));
    return out;
}

static struct casefile_key debtor(struct book *b, const char *prefix, int number)
{
    char name[40];
    struct casefile_key key;
    enum change change;

    snprintf(name, sizeof name, "%s-%d", prefix, number);
    const struct debtor_input in = { .reference = name, .name = name, .source = "bench",
                                     .business = true, .zones = "Europe/Berlin" };
    check(book_debtor_put(b, &in, &key, &change, &why));
    return key;
}

static int32_t debt(struct book *b, struct casefile_key key, const char *prefix, int number,
                    int64_t minor)
{
    const struct instalment_input part = { day_on("2026-01-31"), minor };
    char name[40];
    int32_t out;
    enum change change;

    snprintf(name, sizeof name, "%s-%d-1", prefix, number);
    const struct debt_input in = { .reference = name, .kind = "invoice",
                                   .currency = CURRENCY_EUR,
                                   .invoice_day = day_on("2026-01-01"), .instalment_count = 1,
                                   .instalments = &part };
    check(book_debt_put(b, key, &in, &out, &change, &why));
    return out;
}

static void pay(struct book *b, struct casefile_key key, int number)
{
    char name[40];
    enum change change;

    snprintf(name, sizeof name, "P%06d", number);
    const struct payment_input in = { .reference = name,
                                      .day = day_plus(day_on("2026-02-01"), number / 1000),
                                      .currency = CURRENCY_EUR, .minor = 100,
                                      .method = "transfer" };
    check(book_payment_put(b, key, &in, &change, &why));
    book_step(b);
}

static void next(struct book *b)
{
    check(book_commit(b, &why) && book_begin(b, &why));
}

/* Payments a second, each case file in turn. */
static void spread(struct book *b, const struct casefile_key keys[], int batch, int first)
{
    double began = seconds_now();

    for (int i = 0; i < SPREAD; i++) {
        pay(b, keys[i % FILES], first + i);
        if (i % batch == batch - 1)
            next(b);
    }
    next(b);
    printf("\"spread, %d a transaction\": %.0f,\n", batch,
           SPREAD / (seconds_now() - began));
    fflush(stdout);
}

/* Into one debt: microseconds for a payment in the hundredth after so many. */
static void deep(struct book *b, struct casefile_key key, int batch, const char *name)
{
    static const int marks[] = { 10, 100, 1000, 9900 };
    double began = seconds_now(), since = 0;
    size_t mark = 0;

    printf("\"%s\": {", name);
    fflush(stdout);
    for (int i = 0; i < DEEP; i++) {
        if (mark < COUNT(marks) && i == marks[mark])
            since = seconds_now();
        pay(b, key, i);
        if (i % batch == batch - 1)
            next(b);
        if (mark < COUNT(marks) && i == marks[mark] + BATCH - 1)
            printf("\"after %d, us\": %.1f, ", marks[mark++],
                   (seconds_now() - since) / BATCH * 1e6);
    }
    next(b);
    printf("\"a second\": %.0f},\n", DEEP / (seconds_now() - began));
}

static void as_of(struct book *b, struct casefile_key key)
{
    struct ledger_books books;
    double began = seconds_now();

    check(books_as_of(b->store, &b->arena, key, day_on("2026-02-08"), INSTANT_NEVER, &books,
                      &why));
    printf("\"books as of a day, %zu entries, ms\": %.2f,\n", books.entry_count,
           (seconds_now() - began) * 1e3);
    fflush(stdout);
    book_step(b);
}

/* A payment dated back makes the books of ten thousand entries again. */
static void dated_back(struct book *b, struct casefile_key key)
{
    const struct payment_input in = { .reference = "late", .day = day_on("2026-02-02"),
                                      .currency = CURRENCY_EUR, .minor = 100 };
    enum change change;
    double began = seconds_now();

    check(book_payment_put(b, key, &in, &change, &why));
    next(b);
    printf("\"one dated back, ms\": %.2f,\n", (seconds_now() - began) * 1e3);
}

static void many_debts(struct book *b, int count, const char *terms)
{
    struct terms_files files;
    struct arena a = { 0 };
    enum change change;

    check(terms_files_all(&a, &files, &why));
    for (int i = 0; i < count; i++) {
        struct casefile_key key = debtor(b, "M", i);
        const struct bind_input in = { .debt = debt(b, key, "M", i, 100000 + i),
                                       .currency = CURRENCY_EUR, .from = DAY_NONE };
        if (terms != NULL)
            check(book_terms_bind(b, key, terms_find(&files, terms), &in, &change, &why));
        book_step(b);
        if (i % 5000 == 4999)
            next(b);
    }
    next(b);
    arena_free(&a);
}

static double night(const char *url, const char *when, int64_t *accrued)
{
    struct cycle_request request = { .url = url, .now = at(when), .full = true };
    struct cycle_result result;
    double began = seconds_now();

    check(cycle_run(&request, &result, &why));
    *accrued = result.accrued;
    return seconds_now() - began;
}

int main(int argc, char **argv)
{
    int debts = argc > 2 ? atoi(argv[2]) : 0;
    const char *terms = argc > 3 ? argv[3] : NULL;
    struct casefile_key keys[FILES];
    struct book b;
    int64_t accrued;

    if (argc < 2) {
        fputs("usage: postings URL [DEBTS [TERMS]]\n", stderr);
        return 2;
    }
    check(store_create(argv[1], &why) && book_open(&b, argv[1], at("2026-03-20T12:00:00Z"), &why));
    check(book_begin(&b, &why));
    printf("{");
    if (debts > 0) {
        many_debts(&b, debts, terms);
        book_close(&b);
        double before = night(argv[1], "2026-03-21T12:00:00Z", &accrued);
        double month = night(argv[1], "2026-04-01T12:00:00Z", &accrued);
        printf("\"terms\": \"%s\", \"first night, s\": %.2f, \"month's end, s\": %.2f, "
               "\"accrued\": %lld}\n",
               terms == NULL ? "none" : terms, before, month, (long long)accrued);
        return 0;
    }
    for (int i = 0; i < FILES; i++) {
        keys[i] = debtor(&b, "S", i);
        debt(&b, keys[i], "S", i, 10000000);
    }
    struct casefile_key one = debtor(&b, "D", 1), other = debtor(&b, "E", 1);
    debt(&b, one, "D", 1, 1000000000);
    debt(&b, other, "E", 1, 1000000000);
    next(&b);
    spread(&b, keys, 1, 0);
    spread(&b, keys, BATCH, SPREAD);
    deep(&b, one, 1, "one debt, 1 a transaction");
    deep(&b, other, BATCH, "one debt, 100 a transaction");
    as_of(&b, one);
    dated_back(&b, one);
    book_close(&b);
    printf("\"end\": true}\n");
    return 0;
}

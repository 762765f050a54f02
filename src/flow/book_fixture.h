/*
 * Book fixture: fresh books for tests, on SQLite, and on PostgreSQL when RECOUP_TEST_PG holds
 * the URL of an empty database. There every test program has a schema of its own, so that they
 * can run at once.
 */
#ifndef FLOW_BOOK_FIXTURE_H
#define FLOW_BOOK_FIXTURE_H

#include "flow/book.h"
#include "store/driver.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
    char url[512];
    char schema[64]; /* of PostgreSQL; empty on SQLite */
};

enum { FIXTURES = 2 };

#define assert_fine(call, why)                                                                 \
    do {                                                                                       \
        if (!(call))                                                                           \
            fail_msg("%s: %s", #call, (why).text);                                             \
    } while (0)

/* Raw SQL, for what no statement of the program would do: foreign keys stand aside. */
static inline void fixture_execute(const struct fixture *f, const char *sql)
{
    struct fault why = { 0 };
    struct store *s = store_open(f->url, STORE_WRITE, &why);

    assert_fine(s != NULL, why);
    assert_fine(s->driver->execute(s,
                                   f->schema[0] != '\0'
                                       ? "SET session_replication_role = replica"
                                       : "PRAGMA foreign_keys = OFF",
                                   &why),
                why);
    assert_fine(s->driver->execute(s, sql, &why), why);
    store_close(s);
}

/* Outside a book: the schema is what must be made first. */
static inline void fixture_admin(const char *url, const char *before, const char *name,
                                 const char *after)
{
    struct store *s = calloc(1, sizeof *s);
    struct fault why = { 0 };
    char sql[128];

    s->driver = &driver_postgres;
    snprintf(sql, sizeof sql, "%s %s %s", before, name, after);
    assert_fine(s->driver->open(s, url, false, STORE_WRITE, &why), why);
    assert_fine(s->driver->execute(s, sql, &why), why);
    s->driver->close(s);
    free(s);
}

static inline bool fixture_begin(struct fixture *f, size_t kind, const char *name)
{
    const char *server = getenv("RECOUP_TEST_PG"), *folder = getenv("TMPDIR");

    if (folder == NULL)
        folder = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"; /* no disk to wait for */

    *f = (struct fixture){ 0 };
    if (kind == 0) {
        snprintf(f->url, sizeof f->url, "%s/recoup-%s-%d.db", folder, name, (int)getpid());
        unlink(f->url);
    } else if (server == NULL || server[0] == '\0') {
        return false;
    } else {
        snprintf(f->schema, sizeof f->schema, "%s_%d", name, (int)getpid());
        snprintf(f->url, sizeof f->url, "%s%coptions=-csearch_path%%3D%s", server,
                 strchr(server, '?') != NULL ? '&' : '?', f->schema);
        fixture_admin(server, "DROP SCHEMA IF EXISTS", f->schema, "CASCADE");
        fixture_admin(server, "CREATE SCHEMA", f->schema, "");
    }
    struct fault why = { 0 };
    assert_fine(store_create(f->url, &why), why);
    return true;
}

static inline void fixture_end(struct fixture *f)
{
    char path[600];

    if (f->schema[0] != '\0') {
        fixture_admin(getenv("RECOUP_TEST_PG"), "DROP SCHEMA", f->schema, "CASCADE");
        return;
    }
    unlink(f->url);
    snprintf(path, sizeof path, "%s-wal", f->url);
    unlink(path);
    snprintf(path, sizeof path, "%s-shm", f->url);
    unlink(path);
}

/* ---- Events, each a transaction ---- */

static inline struct day fixture_day(const char *text)
{
    struct day day;

    assert_true(day_parse(text, &day));
    return day;
}

static inline struct instant fixture_at(const char *text)
{
    struct instant at;

    assert_true(instant_parse(text, &at));
    return at;
}

static inline struct casefile_key fixture_debtor(struct book *b, const char *reference)
{
    struct debtor_input in = { .reference = reference, .name = reference, .source = "test" };
    struct casefile_key key;
    enum change change;
    struct fault why = { 0 };

    assert_fine(book_debtor_put(b, &in, &key, &change, &why), why);
    return key;
}

static inline int32_t fixture_debt(struct book *b, struct casefile_key key,
                                   const char *reference, enum currency currency,
                                   struct day invoice_day, size_t count,
                                   const struct instalment_input instalments[])
{
    struct debt_input in = { .reference = reference,
                             .kind = "invoice",
                             .currency = currency,
                             .invoice_day = invoice_day,
                             .instalment_count = count,
                             .instalments = instalments };
    enum change change;
    int32_t debt;
    struct fault why = { 0 };

    assert_fine(book_debt_put(b, key, &in, &debt, &change, &why), why);
    return debt;
}

static inline void fixture_payment(struct book *b, struct casefile_key key,
                                   const char *reference, int32_t debt, enum currency currency,
                                   struct day day, int64_t minor, bool pending)
{
    struct payment_input in = { reference, debt, day, currency, minor, "transfer", pending };
    enum change change;
    struct fault why = { 0 };

    assert_fine(book_payment_put(b, key, &in, &change, &why), why);
}

#endif

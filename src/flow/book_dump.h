/*
 * Book dump: every row of a book as text, the same for the same content on both databases.
 *
 * Left out is what names one process, one moment of this machine, or chance: leases, and the
 * secret that signs links.
 */
#ifndef FLOW_BOOK_DUMP_H
#define FLOW_BOOK_DUMP_H

#include "flow/book_fixture.h"

#include <libpq-fe.h>
#include <sqlite3.h>

/* "table: columns", each in the order of its key; ~ stands before what is bytes. */
static const struct {
    const char *table, *columns;
} dump_tables[] = {
    { "casefile",
      "bucket, casefile_id, reference, creditor, role, business, created_at, wake_at,"
      " last_no, books_day, ~books, standing, standing_reason, standing_rule, standing_step,"
      " standing_until, strategy, segment, ~face" },
    { "party", "bucket, casefile_id, party_no, role, name, language, places, zones, clues" },
    { "contact_point",
      "bucket, casefile_id, point_no, party_no, channel, address, state, source" },
    { "debt",
      "bucket, casefile_id, debt_no, reference, kind, description, currency, invoice_day,"
      " terms" },
    { "instalment", "bucket, casefile_id, debt_no, instalment_no, due_day, amount_minor,"
                    " paid_minor, first_change_day, last_change_day, last_paid_day,"
                    " charges_minor, disputed_minor, grace_days" },
    { "movement", "bucket, casefile_id, movement_no, kind, value_day, due_day, debt_no,"
                  " instalment_no, component, currency, minor, reference, origin, ground,"
                  " reason, author, at, ended_at" },
    { "posting", "bucket, casefile_id, entry_no, line_no, value_day, posted_at, cause, takes_back, account, debt_no,"
                 " instalment_no, currency, minor" },
    { "payment", "bucket, casefile_id, payment_no, reference, received_day, currency, minor,"
                 " refunded_minor, method, debt_no, state, state_day, reason" },
    { "promise", "bucket, casefile_id, promise_no, plan_no, item_no, currency, minor, made_day,"
                 " due_day, channel, note, state, state_day, author" },
    { "dispute", "bucket, casefile_id, dispute_no, fact_no, debt_no, instalment_no, component,"
                 " line, currency, minor, reason, channel, note, received_day, answer_day,"
                 " state, state_day, answer, proof_day,"
                 " corrected_minor, author" },
    { "evidence", "bucket, casefile_id, evidence_no, origin, name, digest, ~bytes, author, at" },
    { "fact",
      "bucket, casefile_id, fact_no, type, party_no, debt_no, at, until_at, scope, value,"
      " channel, weekdays, from_second, to_second, source" },
    { "contact", "bucket, casefile_id, contact_no, at, channel, direction, outcome, party_no,"
                 " debts, address, purpose, note, callback_at, author" },
    { "task", "bucket, casefile_id, task_no, kind, origin, rank, reason, currency, minor,"
              " creditor, desk, made_at, since_at, due_at, hidden_until, assigned_no, state,"
              " state_at, closed_by" },
    { "note", "bucket, casefile_id, note_no, text, author, at, ended_at" },
    { "journal", "bucket, seq, casefile_id, at, kind, record, ~hash, question" },
    { "step", "bucket, casefile_id, debt_no, instalment_no, ladder, step, day, decision_seq" },
    { "outbox", "bucket, casefile_id, outbox_no, decision_seq, channel, party_no, address,"
                " template, step, debts, currency, open_minor, decided_at, not_before,"
                " expires_at, state, state_at, state_reason, attempts" },
    { "rule_text", "digest, text" },
    { "reference", "bucket, kind, reference, casefile_id, object_no" },
    { "bucket_head", "bucket, seq, ~hash" },
};

/* One column, as text in both databases; bytes as hex. */
static inline size_t dump_column(char *to, size_t room, const char *name, size_t length,
                                 bool postgres)
{
    bool bytes = name[0] == '~';
    int named = (int)length - bytes;

    if (!bytes)
        return (size_t)snprintf(to, room, "%.*s", named, name);
    if (postgres)
        return (size_t)snprintf(to, room, "upper(encode(%.*s, 'hex'))", named, name + 1);
    return (size_t)snprintf(to, room, "hex(%.*s)", named, name + 1);
}

static inline void dump_query(char *sql, size_t room, size_t table, bool postgres)
{
    const char *at = dump_tables[table].columns;
    size_t used = (size_t)snprintf(sql, room, "SELECT ");
    size_t count = 0;

    while (*at != '\0') {
        size_t length = strcspn(at, ",");
        used += dump_column(sql + used, room - used, at, length, postgres);
        at += length;
        at += strspn(at, ", ");
        used += (size_t)snprintf(sql + used, room - used, "%s", *at != '\0' ? ", " : "");
        count++;
    }
    used += (size_t)snprintf(sql + used, room - used, " FROM %s ORDER BY 1",
                             dump_tables[table].table);
    for (size_t i = 2; i <= count && i <= 6; i++)
        used += (size_t)snprintf(sql + used, room - used, ", %zu", i);
    must(used < room);
}

static inline void dump_value(struct text *out, const char *value)
{
    text_add(out, "|");
    text_add(out, value != NULL ? value : "~");
}

static inline void dump_sqlite(const char *url, struct text *out)
{
    sqlite3 *db;
    sqlite3_stmt *statement;
    char sql[1000];

    assert_int_equal(sqlite3_open_v2(url, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    for (size_t table = 0; table < COUNT(dump_tables); table++) {
        dump_query(sql, sizeof sql, table, false);
        if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
            fail_msg("%s: %s", sql, sqlite3_errmsg(db));
        while (sqlite3_step(statement) == SQLITE_ROW) {
            text_add(out, dump_tables[table].table);
            for (int i = 0; i < sqlite3_column_count(statement); i++)
                dump_value(out, (const char *)sqlite3_column_text(statement, i));
            text_add(out, "\n");
        }
        sqlite3_finalize(statement);
    }
    sqlite3_close(db);
}

static inline void dump_postgres(const char *url, struct text *out)
{
    PGconn *pg = PQconnectdb(url);
    char sql[1000];

    for (size_t table = 0; table < COUNT(dump_tables); table++) {
        dump_query(sql, sizeof sql, table, true);
        PGresult *rows = PQexec(pg, sql);
        if (PQresultStatus(rows) != PGRES_TUPLES_OK)
            fail_msg("%s: %s", sql, PQerrorMessage(pg));
        for (int row = 0; row < PQntuples(rows); row++) {
            text_add(out, dump_tables[table].table);
            for (int i = 0; i < PQnfields(rows); i++)
                dump_value(out, PQgetisnull(rows, row, i) ? NULL : PQgetvalue(rows, row, i));
            text_add(out, "\n");
        }
        PQclear(rows);
    }
    PQfinish(pg);
}

/* Free with text_free. */
static inline struct text book_dump(const struct fixture *f)
{
    struct text out = { 0 };

    if (f->schema[0] != '\0')
        dump_postgres(f->url, &out);
    else
        dump_sqlite(f->url, &out);
    return out;
}

/* Fails with the first line that differs. */
static inline void assert_same_dump(const char *what, struct text *one, struct text *other)
{
    const char *a = text_of(one), *b = text_of(other);

    if (one->length == other->length && memcmp(a, b, one->length) == 0)
        return;
    for (;;) {
        size_t m = strcspn(a, "\n"), n = strcspn(b, "\n");
        if (m != n || memcmp(a, b, m) != 0)
            fail_msg("%s:\n  %.*s\n  %.*s", what, (int)(m < 700 ? m : 700), a,
                     (int)(n < 700 ? n : 700), b);
        a += m + (a[m] == '\n');
        b += n + (b[n] == '\n');
    }
}

#endif

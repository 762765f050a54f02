/*
 * floor BEFORE AFTER first|ordinary: what the database alone costs of one cycle.
 *
 * AFTER is BEFORE once a cycle has run over it. The rows that the cycle wrote are read first,
 * outside the timing, and kept in memory. Then, timed: open BEFORE with the pragmas that recoup
 * sets; bucket by bucket, so that pages are used while they are at hand, read every row and
 * column of the tables that the cycle reads (an ordinary night the table casefile, the first
 * night all of them) and write those rows to the same tables in the order of their keys; commit
 * once, durably, and close. Nothing is decided, checked or hashed.
 *
 * It includes nothing of recoup, so that no mistake of recoup can hide in it.
 */
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *const pragmas[] = {
    "PRAGMA journal_mode = WAL",  "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",   "PRAGMA cache_size = -65536",
    "PRAGMA temp_store = MEMORY", "PRAGMA wal_autocheckpoint = 4000",
};

static const char *const scans[] = {
    "SELECT casefile_id, reference, creditor, role, business, wake_at, last_no, standing,"
    " standing_reason, standing_rule, standing_until, segment, standing_step, face FROM "
    "casefile WHERE bucket = ?1",
    "SELECT casefile_id, party_no, role, name, language, places, zones FROM party WHERE bucket "
    "= ?1",
    "SELECT casefile_id, point_no, party_no, channel, address, state FROM contact_point WHERE "
    "bucket = ?1",
    "SELECT casefile_id, debt_no, instalment_no, due_day, amount_minor, paid_minor,"
    " first_change_day, last_change_day FROM instalment WHERE bucket = ?1",
    "SELECT casefile_id, debt_no, reference, kind, currency, invoice_day FROM debt WHERE "
    "bucket = ?1",
    "SELECT casefile_id, debt_no, instalment_no, step, day, decision_seq FROM step WHERE "
    "bucket = ?1",
    "SELECT casefile_id, type, party_no, debt_no, at, until_at, scope, value, channel, "
    "weekdays,"
    " from_second, to_second, fact_no, detail, other_no FROM fact WHERE bucket = ?1",
    "SELECT casefile_id, at, channel, direction, outcome, party_no, debts, address, purpose"
    " FROM contact WHERE bucket = ?1",
    "SELECT casefile_id, not_before, channel, state, party_no, debts, address, outbox_no, purpose"
    " FROM outbox WHERE bucket = ?1",
    "SELECT casefile_id, promise_no, currency, minor, made_day, due_day FROM promise"
    " WHERE bucket = ?1 AND state = 'open'",
    "SELECT casefile_id, payment_no, received_day, currency, minor FROM payment"
    " WHERE bucket = ?1 AND state = 'pending'",
};

/* What was written: found in AFTER (schema x), and the statement that writes it again. */
static const struct {
    const char *table, *find, *write;
} writings[] = {
    { "journal",
      "SELECT j.bucket, j.seq, j.casefile_id, j.at, j.kind, j.outcome, j.channel, j.rule,"
      " j.actor, j.record, j.hash, j.question"
      " FROM x.journal AS j JOIN bucket_head AS h ON h.bucket = j.bucket AND j.seq > h.seq"
      " ORDER BY j.bucket, j.casefile_id, j.seq",
      "INSERT INTO journal (bucket, seq, casefile_id, at, kind, outcome, channel, rule, actor,"
      " record, hash, question) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)" },
    { "step",
      "SELECT s.bucket, s.casefile_id, s.debt_no, s.instalment_no, s.ladder, s.step, s.day,"
      " s.decision_seq FROM x.step AS s JOIN bucket_head AS h ON h.bucket = s.bucket"
      " AND s.decision_seq > h.seq ORDER BY 1, 2, 3, 4, 5, 6",
      "INSERT INTO step VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)" },
    { "outbox",
      "SELECT o.* FROM x.outbox AS o JOIN bucket_head AS h ON h.bucket = o.bucket"
      " AND o.decision_seq > h.seq ORDER BY 1, 2, 3",
      "INSERT INTO outbox VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,"
      " ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)" },
    { "casefile",
      "SELECT n.bucket, n.casefile_id, n.wake_at, n.last_no, n.standing, n.standing_reason,"
      " n.standing_rule, n.standing_step, n.standing_until, n.segment, n.face"
      " FROM x.casefile AS n JOIN casefile AS o USING (bucket, casefile_id)"
      " WHERE o.face IS NOT n.face OR o.wake_at <> n.wake_at OR o.last_no <> n.last_no"
      " OR o.standing <> n.standing OR o.standing_rule IS NOT n.standing_rule"
      " OR o.standing_reason IS NOT n.standing_reason OR o.standing_step IS NOT n.standing_step"
      " OR o.standing_until <> n.standing_until OR o.segment IS NOT n.segment ORDER BY 1, 2",
      "UPDATE casefile SET wake_at = ?3, last_no = ?4, standing = ?5, standing_reason = ?6,"
      " standing_rule = ?7, standing_step = ?8, standing_until = ?9, segment = ?10, face = ?11"
      " WHERE bucket = ?1 AND casefile_id = ?2" },
    { "promise",
      "SELECT n.bucket, n.casefile_id, n.promise_no, n.state, n.state_day FROM x.promise AS n"
      " JOIN promise AS o USING (bucket, casefile_id, promise_no) WHERE o.state <> n.state "
      "ORDER BY 1",
      "UPDATE promise SET state = ?4, state_day = ?5"
      " WHERE bucket = ?1 AND casefile_id = ?2 AND promise_no = ?3" },
    { "bucket_head",
      "SELECT n.bucket, n.seq, n.hash FROM x.bucket_head AS n JOIN bucket_head AS o"
      " USING (bucket) WHERE o.seq <> n.seq ORDER BY 1",
      "UPDATE bucket_head SET seq = ?2, hash = ?3 WHERE bucket = ?1" },
};

enum {
    BUCKETS = 1024,
    SCANS = sizeof scans / sizeof *scans,
    WRITINGS = sizeof writings / sizeof *writings
};

struct rows {
    size_t count, room, at; /* at: the first that is not written yet */
    int width;
    sqlite3_value **values; /* count × width */
};

static sqlite3 *db;

static void check(bool fine)
{
    if (fine)
        return;
    fprintf(stderr, "floor: %s\n", db != NULL ? sqlite3_errmsg(db) : "out of memory");
    exit(1);
}

static void execute(const char *sql)
{
    check(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK);
}

static sqlite3_stmt *prepare(const char *sql)
{
    sqlite3_stmt *statement = NULL;

    check(sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK);
    return statement;
}

static void open_book(const char *path)
{
    check(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) ==
          SQLITE_OK);
    for (size_t i = 0; i < sizeof pragmas / sizeof *pragmas; i++)
        execute(pragmas[i]);
}

static struct rows find(const char *sql)
{
    sqlite3_stmt *statement = prepare(sql);
    struct rows rows = { .width = sqlite3_column_count(statement) };

    while (sqlite3_step(statement) == SQLITE_ROW) {
        if (rows.count == rows.room) {
            rows.room = rows.room == 0 ? 1024 : rows.room * 2;
            rows.values =
                realloc(rows.values, rows.room * (size_t)rows.width * sizeof *rows.values);
            check(rows.values != NULL);
        }
        for (int i = 0; i < rows.width; i++)
            rows.values[rows.count * (size_t)rows.width + (size_t)i] =
                sqlite3_value_dup(sqlite3_column_value(statement, i));
        rows.count++;
    }
    sqlite3_finalize(statement);
    return rows;
}

/* Reads every column of the bucket as what it is. */
static int64_t scan(sqlite3_stmt *statement, int64_t bucket)
{
    int width = sqlite3_column_count(statement);
    int64_t sum = 0;

    sqlite3_bind_int64(statement, 1, bucket);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        for (int i = 0; i < width; i++) {
            if (sqlite3_column_type(statement, i) == SQLITE_INTEGER) {
                sum += sqlite3_column_int64(statement, i);
            } else {
                const unsigned char *bytes = sqlite3_column_blob(statement, i);
                sum += bytes != NULL ? bytes[0] + sqlite3_column_bytes(statement, i) : 1;
            }
        }
    }
    sqlite3_reset(statement);
    return sum;
}

/* Writes the rows of the bucket; they are in its order. */
static void write_rows(sqlite3_stmt *statement, struct rows *rows, int64_t bucket)
{
    for (; rows->at < rows->count; rows->at++) {
        sqlite3_value **row = rows->values + rows->at * (size_t)rows->width;
        if (sqlite3_value_int64(row[0]) != bucket)
            return;
        for (int i = 0; i < rows->width; i++)
            sqlite3_bind_value(statement, i + 1, row[i]);
        check(sqlite3_step(statement) == SQLITE_DONE);
        sqlite3_reset(statement);
    }
}

static double seconds_of(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    struct rows rows[WRITINGS];
    sqlite3_stmt *reading[SCANS], *writing[WRITINGS];
    int64_t sum = 0;

    if (argc != 4) {
        fputs("usage: floor BEFORE AFTER first|ordinary\n", stderr);
        return 2;
    }
    int tables = strcmp(argv[3], "first") == 0 ? SCANS : 1;
    open_book(argv[1]);
    sqlite3_stmt *attach = prepare("ATTACH ?1 AS x");
    sqlite3_bind_text(attach, 1, argv[2], -1, SQLITE_STATIC);
    check(sqlite3_step(attach) == SQLITE_DONE);
    sqlite3_finalize(attach);
    for (int i = 0; i < WRITINGS; i++)
        rows[i] = find(writings[i].find);
    sqlite3_close(db);

    double began = seconds_of(CLOCK_MONOTONIC), worked = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
    open_book(argv[1]);
    for (int i = 0; i < tables; i++)
        reading[i] = prepare(scans[i]);
    for (int i = 0; i < WRITINGS; i++)
        writing[i] = prepare(writings[i].write);
    execute("BEGIN IMMEDIATE");
    for (int64_t bucket = 0; bucket < BUCKETS; bucket++) {
        for (int i = 0; i < tables; i++)
            sum += scan(reading[i], bucket);
        for (int i = 0; i < WRITINGS; i++)
            write_rows(writing[i], &rows[i], bucket);
    }
    execute("COMMIT");
    for (int i = 0; i < tables; i++)
        sqlite3_finalize(reading[i]);
    for (int i = 0; i < WRITINGS; i++)
        sqlite3_finalize(writing[i]);
    check(sqlite3_close(db) == SQLITE_OK);
    printf("{\"seconds\":%.6f,\"cpu\":%.6f,\"sum\":%lld", seconds_of(CLOCK_MONOTONIC) - began,
           seconds_of(CLOCK_PROCESS_CPUTIME_ID) - worked, (long long)sum);
    for (int i = 0; i < WRITINGS; i++) {
        check(rows[i].at == rows[i].count);
        printf(",\"%s\":%zu", writings[i].table, rows[i].count);
    }
    puts("}");
    return 0;
}

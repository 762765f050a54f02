/* The only file that includes SQLite. */
#include "base/text.h"
#include "store/driver.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { STEPS_BETWEEN = 50000 }; /* of its machine, between two looks at the clock: 1 ms */

/* Measured in docs/decisions/: Debian's defaults are slow and not durable in the way we mean.
 * FULL: what was committed survives a power cut, so that nothing is ever sent twice. */
static const char *const settings[] = {
    "PRAGMA journal_mode = WAL",   "PRAGMA synchronous = FULL",  "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -65536",  "PRAGMA temp_store = MEMORY", "PRAGMA secure_delete = OFF",
    "PRAGMA wal_autocheckpoint = 4000", "PRAGMA trusted_schema = OFF",
};

static bool is_ended(const struct store *s)
{
    return s->patience.end != NULL && __atomic_load_n(s->patience.end, __ATOMIC_RELAXED);
}

/* Not 0: the statement under way ends. What is undone goes on to its end. */
static int end_work(void *self)
{
    const struct store *s = self;
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    int64_t now_ms = (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
    return s->in_transaction &&
           ((s->patience.work_ms > 0 && now_ms > s->until_ms) || is_ended(s));
}

/*
 * Asks every millisecond. The library's own timeout asks ten times a second: whoever works in
 * many short transactions, as the cycle does, would then hold the others off for very long.
 */
static int wait_again(void *self, int times)
{
    const struct timespec pause = { .tv_nsec = 1000000 };
    const struct store *s = self;

    if (times >= s->patience.wait_ms || is_ended(s))
        return 0;
    nanosleep(&pause, NULL);
    return 1;
}

static bool fail_sqlite(sqlite3 *db, struct fault *why, const char *doing)
{
    int code = sqlite3_extended_errcode(db);
    const char *said = sqlite3_errmsg(db), *file = sqlite3_db_filename(db, "main");

    if (file == NULL)
        file = "";
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        fail(why, DB_BUSY, "The book \"%s\" is busy: another program is writing to it.", file);
        return fault_hint(why, "run the same command again in a moment");
    case SQLITE_INTERRUPT:
        fail(why, DB_BUSY, "That took longer than it may, and was ended; nothing was changed.");
        return fault_hint(why, "ask for less at once, or again in a moment");
    case SQLITE_FULL:
        fail(why, SYSTEM, "The disk that holds \"%s\" is full; nothing of this step was kept.",
             file);
        return fault_hint(why, "make room, then run the same command again");
    case SQLITE_READONLY:
    case SQLITE_PERM:
        fail(why, SYSTEM, "The book \"%s\" cannot be written: the file, folder or disk is "
             "read-only.", file);
        return fault_hint(why, "check the permissions of the file and its folder");
    case SQLITE_CANTOPEN:
        return fail(why, SYSTEM, "The book \"%s\" cannot be opened: the folder is missing or "
                    "may not be used.", file);
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        fail(why, DB_ROW, "\"%s\" is not a sound database file (%s).", file, said);
        return fault_hint(why, "restore it from a backup");
    default:
        return fail(why, DB_FAILED, "The database refused (%s): %s.", doing, said);
    }
}

static bool sqlite_execute(struct store *s, const char *sql, struct fault *why)
{
    if (sqlite3_exec(s->connection, sql, NULL, NULL, NULL) == SQLITE_OK)
        return true;
    return fail_sqlite(s->connection, why, sql);
}

/* Parsed once: every page begins and ends a transaction. */
static bool sqlite_turn(struct store *s, enum turn turn, struct fault *why)
{
    static const char *const texts[] = { [TURN_READ] = "BEGIN",
                                         [TURN_WRITE] = "BEGIN IMMEDIATE",
                                         [TURN_COMMIT] = "COMMIT",
                                         [TURN_UNDO] = "ROLLBACK" };
    sqlite3_stmt *statement = s->turns[turn];

    if (statement == NULL &&
        sqlite3_prepare_v3(s->connection, texts[turn], -1, SQLITE_PREPARE_PERSISTENT, &statement,
                           NULL) != SQLITE_OK)
        return fail_sqlite(s->connection, why, texts[turn]);
    s->turns[turn] = statement;
    sqlite3_step(statement);
    return sqlite3_reset(statement) == SQLITE_OK || fail_sqlite(s->connection, why, texts[turn]);
}

/* The number that one statement of text answers with. */
static bool sqlite_number(struct store *s, const char *sql, int64_t *out, struct fault *why)
{
    sqlite3_stmt *statement = NULL;
    bool fine = sqlite3_prepare_v2(s->connection, sql, -1, &statement, NULL) == SQLITE_OK &&
                sqlite3_step(statement) == SQLITE_ROW;

    if (fine)
        *out = sqlite3_column_int64(statement, 0);
    else
        fail_sqlite(s->connection, why, "look");
    sqlite3_finalize(statement);
    return fine;
}

static bool sqlite_patience(struct store *s, struct fault *why)
{
    bool bounded = s->patience.work_ms > 0 || s->patience.end != NULL;

    (void)why;
    sqlite3_progress_handler(s->connection, bounded ? STEPS_BETWEEN : 0, end_work, s);
    return true;
}

static bool sqlite_has_book(struct store *s)
{
    const char *sql = "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name = 'meta'";
    struct fault why;
    int64_t found;

    return sqlite_number(s, sql, &found, &why) && found > 0;
}

/* A database of somebody else is left as it is: not even its journal mode is ours to set. */
static bool sqlite_is_ours(struct store *s, const char *url, bool create, struct fault *why)
{
    int64_t things;

    if (!sqlite_number(s, "SELECT COUNT(*) FROM sqlite_schema", &things, why))
        return false;
    if (sqlite_has_book(s) || (create && things == 0))
        return true;
    if (create) {
        fail(why, CONFLICT, "\"%s\" is a database of something else.", url);
        return fault_hint(why, "name a file that does not exist yet");
    }
    fail(why, NOT_FOUND, "There is no book in \"%s\".", url);
    return fault_hint(why, "recoup init --name NAME");
}

/* Counting its memory would have every thread wait for one lock at every allocation. */
static void begin_library(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static bool sqlite_open(struct store *s, const char *url, bool create, enum store_mode mode,
                        struct fault *why)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    sqlite3 *db = NULL;
    int flags = create ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READWRITE;

    if (!create && access(url, F_OK) != 0) {
        fail(why, NOT_FOUND, "There is no book at \"%s\".", url);
        return fault_hint(why, "recoup init --name NAME, or name another with --db");
    }
    pthread_once(&once, begin_library);
    (void)mode; /* a reader in WAL mode needs to write the shared-memory file as well */
    int opened = sqlite3_open_v2(url, &db, flags | SQLITE_OPEN_NOMUTEX, NULL);
    s->connection = db;
    if (opened != SQLITE_OK)
        return fail_sqlite(db, why, "open");
    sqlite3_busy_handler(db, wait_again, s);
    if (!sqlite_is_ours(s, url, create, why))
        return false;
    for (size_t i = 0; i < COUNT(settings); i++) {
        if (!sqlite_execute(s, settings[i], why))
            return false;
    }
    return true;
}

static void sqlite_close(struct store *s)
{
    for (int i = 0; i < QUERY_COUNT; i++)
        sqlite3_finalize(s->statements[i]);
    for (int i = 0; i < TURN_COUNT; i++)
        sqlite3_finalize(s->turns[i]);
    sqlite3_finalize(s->watch);
    sqlite3_close(s->connection);
}

static void *sqlite_prepare(struct store *s, enum query_name name)
{
    sqlite3_stmt *statement = NULL;
    int made = sqlite3_prepare_v3(s->connection, query_texts[name].sqlite, -1,
                                  SQLITE_PREPARE_PERSISTENT, &statement, NULL);

    if (made != SQLITE_OK)
        fail_sqlite(s->connection, &s->why, query_texts[name].name);
    return statement;
}

static void bound(struct query *q, int code)
{
    if (code == SQLITE_OK)
        return;
    q->failed = true;
    fail_sqlite(q->store->connection, &q->store->why, query_texts[q->name].name);
}

static void sqlite_bind_int(struct query *q, int place, int64_t value)
{
    bound(q, sqlite3_bind_int64(q->statement, place + 1, value));
}

/* Static: the caller's text lives until the query has ended. */
static void sqlite_bind_text(struct query *q, int place, const char *value)
{
    bound(q, sqlite3_bind_text(q->statement, place + 1, value, -1, SQLITE_STATIC));
}

static void sqlite_bind_blob(struct query *q, int place, const void *bytes, size_t length)
{
    bound(q, sqlite3_bind_blob64(q->statement, place + 1, bytes, length, SQLITE_STATIC));
}

static bool sqlite_next(struct query *q)
{
    int code = sqlite3_step(q->statement);

    if (code == SQLITE_ROW)
        return true;
    if (code != SQLITE_DONE) {
        q->failed = true;
        fail_sqlite(q->store->connection, &q->store->why, query_texts[q->name].name);
    }
    return false;
}

static int64_t sqlite_row_int(struct query *q, int column)
{
    return sqlite3_column_int64(q->statement, column);
}

static const char *sqlite_row_text(struct query *q, int column)
{
    return (const char *)sqlite3_column_text(q->statement, column);
}

static const void *sqlite_row_blob(struct query *q, int column, size_t *length)
{
    const void *bytes = sqlite3_column_blob(q->statement, column);

    *length = (size_t)sqlite3_column_bytes(q->statement, column);
    return bytes;
}

static void sqlite_reset(struct query *q)
{
    sqlite3_reset(q->statement);
}

static void sqlite_run(struct query *q)
{
    while (sqlite_next(q))
        continue;
}

static bool sqlite_settle(struct store *s)
{
    (void)s;
    return true;
}

/* The writer's lock is taken here: later in the transaction there is nothing to wait for. */
static bool sqlite_begin_now(struct store *s, struct fault *why)
{
    sqlite3_busy_handler(s->connection, NULL, NULL);
    bool begun = sqlite_turn(s, TURN_WRITE, why);
    sqlite3_busy_handler(s->connection, wait_again, s);
    return begun;
}

static bool sqlite_version(struct store *s, int64_t *out)
{
    sqlite3_stmt *watch = s->watch;

    if (watch == NULL &&
        sqlite3_prepare_v3(s->connection, "PRAGMA data_version", -1, SQLITE_PREPARE_PERSISTENT,
                           &watch, NULL) != SQLITE_OK)
        return false;
    s->watch = watch;
    bool known = sqlite3_step(watch) == SQLITE_ROW;
    if (known)
        *out = sqlite3_column_int64(watch, 0);
    return sqlite3_reset(watch) == SQLITE_OK && known;
}

const struct driver driver_sqlite = {
    .open = sqlite_open,
    .close = sqlite_close,
    .execute = sqlite_execute,
    .prepare = sqlite_prepare,
    .bind_int = sqlite_bind_int,
    .bind_text = sqlite_bind_text,
    .bind_blob = sqlite_bind_blob,
    .next = sqlite_next,
    .row_int = sqlite_row_int,
    .row_text = sqlite_row_text,
    .row_blob = sqlite_row_blob,
    .reset = sqlite_reset,
    .run = sqlite_run,
    .settle = sqlite_settle,
    .has_book = sqlite_has_book,
    .patience = sqlite_patience,
    .begin_now = sqlite_begin_now,
    .turn = sqlite_turn,
    .version = sqlite_version,
};

/*
 * The only file that includes libpq.
 *
 * Values travel as text, blobs in hex. Statements that return nothing are sent in pipeline
 * mode and asked about later (settle), so that a batch of writes costs one round trip.
 */
#include "base/text.h"
#include "store/driver.h"

#include <inttypes.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PARAMETERS_MOST = 32, UNDER_WAY_MOST = 512 };

struct statement {
    const char *values[PARAMETERS_MOST];
    char numbers[PARAMETERS_MOST][24];
    char *hex[PARAMETERS_MOST]; /* owned; freed on reset */
    unsigned char *blob;        /* last blob read; owned */
    PGresult *result;
    int row;
};

struct connection {
    PGconn *pg;
    bool pipelining;
    int under_way; /* statements whose answer was not asked for */
};

static struct connection *connection_of(const struct store *s)
{
    return s->connection;
}

static bool fail_postgres(const struct store *s, const PGresult *result, struct fault *why,
                          const char *doing)
{
    const char *said = result != NULL ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    const char *state = result != NULL ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;

    if (said == NULL)
        said = PQerrorMessage(connection_of(s)->pg);
    if (state != NULL && (text_equal(state, "55P03") || text_equal(state, "40P01") ||
                          text_equal(state, "40001") || text_equal(state, "57014"))) {
        fail(why, DB_BUSY, "The book is busy: %s.", said);
        return fault_hint(why, "run the same command again in a moment");
    }
    if (state != NULL && text_starts(state, "53"))
        return fail(why, SYSTEM, "The database server has no room: %s.", said);
    if (state != NULL && text_equal(state, "25006"))
        return fail(why, SYSTEM, "The book cannot be written: %s.", said);
    return fail(why, DB_FAILED, "The database refused (%s): %.*s.", doing,
                (int)strcspn(said, "\n"), said);
}

/* Asks for the answers of all statements sent; false when one of them failed. */
static bool postgres_settle(struct store *s)
{
    struct connection *c = connection_of(s);
    bool fine = true;

    if (!c->pipelining)
        return true;
    if (PQpipelineSync(c->pg) != 1)
        return fail_postgres(s, NULL, &s->why, "sync");
    int silent = 0;
    for (;;) {
        PGresult *result = PQgetResult(c->pg);
        if (result == NULL) {
            if (++silent > 1 && PQstatus(c->pg) != CONNECTION_OK)
                return fail_postgres(s, NULL, &s->why, "pipeline");
            continue;
        }
        silent = 0;
        ExecStatusType status = PQresultStatus(result);
        if (status == PGRES_FATAL_ERROR && fine)
            fine = fail_postgres(s, result, &s->why, "write");
        PQclear(result);
        if (status == PGRES_PIPELINE_SYNC)
            break;
    }
    PQexitPipelineMode(c->pg);
    c->pipelining = false;
    c->under_way = 0;
    return fine;
}

static bool postgres_execute(struct store *s, const char *sql, struct fault *why)
{
    struct connection *c = connection_of(s);

    if (!postgres_settle(s)) {
        if (why != NULL)
            *why = s->why;
        return false;
    }
    PGresult *result = PQexec(c->pg, sql);
    ExecStatusType status = PQresultStatus(result);
    bool fine = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    /* COMMIT of a transaction that failed answers ROLLBACK: that is not a commit. */
    if (fine && text_equal(sql, "COMMIT") && text_equal(PQcmdStatus(result), "ROLLBACK"))
        fine = fail(why, DB_FAILED, "The database undid the transaction.");
    else if (!fine)
        fail_postgres(s, result, why, sql);
    PQclear(result);
    return fine;
}

static bool check_collation(struct store *s, struct fault *why)
{
    PGresult *result = PQexec(connection_of(s)->pg,
                              "SELECT datcollate, pg_encoding_to_char(encoding) FROM pg_database "
                              "WHERE datname = current_database()");
    bool fine = PQntuples(result) == 1 && text_equal(PQgetvalue(result, 0, 1), "UTF8") &&
                (text_equal(PQgetvalue(result, 0, 0), "C") ||
                 text_starts(PQgetvalue(result, 0, 0), "C."));

    PQclear(result);
    if (fine)
        return true;
    fail(why, BAD_VALUE, "The PostgreSQL database must be UTF-8 with collation C, so that text "
                         "sorts the same everywhere.");
    return fault_hint(why, "createdb --template template0 --encoding UTF8 --locale C NAME");
}

static void quiet(void *arg, const PGresult *result)
{
    (void)arg;
    (void)result;
}

static bool postgres_patience(struct store *s, struct fault *why)
{
    char wait[64], work[64];

    snprintf(wait, sizeof wait, "SET lock_timeout = %d", s->patience.wait_ms);
    snprintf(work, sizeof work, "SET statement_timeout = %d", s->patience.work_ms);
    return postgres_execute(s, wait, why) && postgres_execute(s, work, why);
}

static bool postgres_open(struct store *s, const char *url, bool create, enum store_mode mode,
                          struct fault *why)
{
    struct connection *c = calloc(1, sizeof *c);
    const char *const keys[] = { "dbname", "connect_timeout", "tcp_user_timeout",
                                 "application_name", NULL };
    const char *const values[] = { url, "5", "10000", "recoup", NULL };

    (void)create;
    (void)mode;
    must(c != NULL);
    s->connection = c;
    c->pg = PQconnectdbParams(keys, values, 1);
    if (PQstatus(c->pg) != CONNECTION_OK) {
        const char *said = PQerrorMessage(c->pg);
        fail(why, DB_BUSY, "Cannot connect to PostgreSQL: %.*s.", (int)strcspn(said, "\n"), said);
        return fault_hint(why, "check the address after postgres:// and that the server runs");
    }
    PQsetNoticeReceiver(c->pg, quiet, NULL);
    return check_collation(s, why) &&
           postgres_patience(s, why) &&
           postgres_execute(s, "SET idle_in_transaction_session_timeout = '60s'", why);
}

static void statement_free(struct statement *st)
{
    if (st == NULL)
        return;
    for (int i = 0; i < PARAMETERS_MOST; i++)
        free(st->hex[i]);
    PQfreemem(st->blob);
    PQclear(st->result);
    free(st);
}

static void postgres_close(struct store *s)
{
    struct connection *c = connection_of(s);

    for (int i = 0; i < QUERY_COUNT; i++)
        statement_free(s->statements[i]);
    PQfinish(c->pg);
    free(c);
}

static bool postgres_has_book(struct store *s)
{
    PGresult *result = PQexec(connection_of(s)->pg, "SELECT to_regclass('meta') IS NOT NULL");
    bool found = PQntuples(result) == 1 && text_equal(PQgetvalue(result, 0, 0), "t");

    PQclear(result);
    return found;
}

static void *postgres_prepare(struct store *s, enum query_name name)
{
    if (!postgres_settle(s))
        return NULL;
    PGresult *result = PQprepare(connection_of(s)->pg, query_texts[name].name,
                                 query_texts[name].postgres, 0, NULL);
    bool fine = PQresultStatus(result) == PGRES_COMMAND_OK;

    if (!fine)
        fail_postgres(s, result, &s->why, query_texts[name].name);
    PQclear(result);
    if (!fine)
        return NULL;
    struct statement *st = calloc(1, sizeof *st);
    must(st != NULL);
    return st;
}

static void postgres_bind_int(struct query *q, int place, int64_t value)
{
    struct statement *st = q->statement;

    must(place < PARAMETERS_MOST);
    snprintf(st->numbers[place], sizeof st->numbers[place], "%" PRId64, value);
    st->values[place] = st->numbers[place];
}

static void postgres_bind_text(struct query *q, int place, const char *value)
{
    struct statement *st = q->statement;

    must(place < PARAMETERS_MOST);
    st->values[place] = value;
}

static void postgres_bind_blob(struct query *q, int place, const void *bytes, size_t length)
{
    static const char digits[] = "0123456789abcdef";
    struct statement *st = q->statement;
    const unsigned char *from = bytes;

    must(place < PARAMETERS_MOST);
    char *hex = malloc(length * 2 + 3);
    must(hex != NULL);
    hex[0] = '\\';
    hex[1] = 'x';
    for (size_t i = 0; i < length; i++) {
        hex[2 + 2 * i] = digits[from[i] >> 4];
        hex[3 + 2 * i] = digits[from[i] & 15];
    }
    hex[2 + 2 * length] = '\0';
    free(st->hex[place]);
    st->hex[place] = hex;
    st->values[place] = hex;
}

static bool postgres_next(struct query *q)
{
    struct store *s = q->store;
    struct statement *st = q->statement;

    if (st->result == NULL) {
        if (!postgres_settle(s)) {
            q->failed = true;
            return false;
        }
        st->result = PQexecPrepared(connection_of(s)->pg, query_texts[q->name].name, q->bound,
                                    st->values, NULL, NULL, 0);
        st->row = -1;
        ExecStatusType status = PQresultStatus(st->result);
        if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
            q->failed = true;
            fail_postgres(s, st->result, &s->why, query_texts[q->name].name);
            return false;
        }
    }
    return ++st->row < PQntuples(st->result);
}

static const char *postgres_row_text(struct query *q, int column)
{
    struct statement *st = q->statement;

    if (PQgetisnull(st->result, st->row, column))
        return NULL;
    return PQgetvalue(st->result, st->row, column);
}

static int64_t postgres_row_int(struct query *q, int column)
{
    const char *text = postgres_row_text(q, column);

    return text == NULL ? 0 : strtoll(text, NULL, 10);
}

static const void *postgres_row_blob(struct query *q, int column, size_t *length)
{
    struct statement *st = q->statement;
    const char *text = postgres_row_text(q, column);

    *length = 0;
    if (text == NULL)
        return NULL;
    PQfreemem(st->blob);
    st->blob = PQunescapeBytea((const unsigned char *)text, length);
    return st->blob;
}

static void postgres_reset(struct query *q)
{
    struct statement *st = q->statement;

    PQclear(st->result);
    st->result = NULL;
    for (int i = 0; i < PARAMETERS_MOST; i++) {
        free(st->hex[i]);
        st->hex[i] = NULL;
    }
}

static void postgres_run(struct query *q)
{
    struct store *s = q->store;
    struct connection *c = connection_of(s);
    struct statement *st = q->statement;

    if (!s->in_transaction) {
        while (postgres_next(q))
            continue;
        return;
    }
    if (!c->pipelining && PQenterPipelineMode(c->pg) != 1) {
        q->failed = true;
        fail_postgres(s, NULL, &s->why, "pipeline");
        return;
    }
    c->pipelining = true;
    if (PQsendQueryPrepared(c->pg, query_texts[q->name].name, q->bound, st->values, NULL, NULL,
                            0) != 1) {
        q->failed = true;
        fail_postgres(s, NULL, &s->why, query_texts[q->name].name);
        return;
    }
    if (++c->under_way >= UNDER_WAY_MOST && !postgres_settle(s))
        q->failed = true;
}

static bool postgres_turn(struct store *s, enum turn turn, struct fault *why)
{
    static const char *const texts[] = {
        [TURN_READ] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        [TURN_WRITE] = "BEGIN",
        [TURN_COMMIT] = "COMMIT",
        [TURN_UNDO] = "ROLLBACK",
    };

    return postgres_execute(s, texts[turn], why);
}

static bool postgres_begin_now(struct store *s, struct fault *why)
{
    return postgres_execute(s, "BEGIN; SET LOCAL lock_timeout = '1ms'", why);
}

const struct driver driver_postgres = {
    .open = postgres_open,
    .close = postgres_close,
    .execute = postgres_execute,
    .prepare = postgres_prepare,
    .bind_int = postgres_bind_int,
    .bind_text = postgres_bind_text,
    .bind_blob = postgres_bind_blob,
    .next = postgres_next,
    .row_int = postgres_row_int,
    .row_text = postgres_row_text,
    .row_blob = postgres_row_blob,
    .reset = postgres_reset,
    .run = postgres_run,
    .settle = postgres_settle,
    .has_book = postgres_has_book,
    .patience = postgres_patience,
    .begin_now = postgres_begin_now,
    .turn = postgres_turn,
};

/*
 * Store: the only folder with a database behind it.
 *
 * One interface, two databases: SQLite (a file path, the default) and PostgreSQL
 * (postgres://…). Statements live in sql/query by name; parameters are bound in the
 * order in which they first appear there, columns are read by place.
 *
 * A write transaction begins with store_begin. On SQLite it is the only writer; on PostgreSQL
 * each bucket that it touches is locked by its head row first (store/journal.h), so that there
 * is one writer to a bucket on both. Readers are never blocked.
 *
 * Faults inside a query stick until query_end, so the lines between say only what they mean.
 * Errors inside a transaction end it: store_undo is the only thing left to do.
 * One store is used by one thread.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/arena.h"

#include "queries.h"

enum { BUCKETS = 1024 }; /* fixed for ever; recorded in meta and checked on opening */

struct store;

/* STORE_READ_META: a book of an older schema, too; only its table meta may be asked. */
enum store_mode { STORE_READ, STORE_WRITE, STORE_READ_META };

/* A new, empty book. CONFLICT when there is one already. */
bool store_create(const char *url, struct fault *why);

/* Faults: NOT_FOUND (no book there), DB_VERSION (made by a newer program, or by an older one), DB_FAILED. */
struct store *store_open(const char *url, enum store_mode mode, struct fault *why);
void store_close(struct store *s);
bool store_is_postgres(const struct store *s);

/*
 * How long this store waits and works; unless said, 30 seconds and without end. Of what takes
 * longer, or goes on when *end is true (SQLite only), nothing happened: DB_BUSY.
 */
struct patience {
    int wait_ms;     /* for another writer */
    int work_ms;     /* a transaction (SQLite), a statement (PostgreSQL); 0: without end */
    const bool *end; /* NULL: never */
};
bool store_patience(struct store *s, struct patience patience, struct fault *why);

/* DB_BUSY when another writer holds the book for longer than this store waits. */
bool store_begin(struct store *s, struct fault *why);
/* The same without waiting: DB_BUSY at once. For small notes that may be left out. */
bool store_begin_now(struct store *s, struct fault *why);
bool store_commit(struct store *s, struct fault *why);
bool store_undo(struct store *s); /* returns false, so that a failing function can end in it */

/* One snapshot for several reads. Ends with store_read_end; inside another it is that one. */
bool store_read_begin(struct store *s, struct fault *why);
void store_read_end(struct store *s);

/*
 * A number that is another one as soon as anybody else, in any program, has committed something; it
 * means nothing to another store. A few microseconds, and no statement of a snapshot may be open.
 * False: this database has none (PostgreSQL), or does not answer.
 */
bool store_version(struct store *s, int64_t *out);

struct query {
    struct store *store;
    enum query_name name;
    int bound;      /* parameters bound so far        */
    bool stepped;   /* rows were asked for            */
    bool failed;    /* *why of the store holds why    */
    void *statement;
};

/* A statement by its name must be ended before it is begun again. */
struct query query_begin(struct store *s, enum query_name name);
void bind_int(struct query *q, int64_t value);
void bind_text(struct query *q, const char *value); /* NULL binds NULL */
void bind_blob(struct query *q, const void *bytes, size_t length);

bool query_next(struct query *q);
int64_t row_int(struct query *q, int column);
/* Good until the next query_next or query_end. NULL when the column is. */
const char *row_text(struct query *q, int column);
const void *row_blob(struct query *q, int column, size_t *length);
/* A copy in the arena. */
const char *row_copy(struct query *q, int column, struct arena *a);

bool query_end(struct query *q, struct fault *why);

/* For statements that return nothing: runs and ends. */
bool query_run(struct query *q, struct fault *why);

/* Prepares every statement there is; names the first that this database refuses. */
bool store_prepare_all(struct store *s, struct fault *why);

#endif

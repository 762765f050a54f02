/*
 * Driver: what a database must be able to do for the store. Private to src/store.
 */
#ifndef STORE_DRIVER_H
#define STORE_DRIVER_H

#include "store/store.h"

enum turn { TURN_READ, TURN_WRITE, TURN_COMMIT, TURN_UNDO, TURN_COUNT };

struct driver {
    bool (*open)(struct store *s, const char *url, bool create, enum store_mode mode,
                 struct fault *why);
    void (*close)(struct store *s);
    /* Runs one statement of text that returns nothing. */
    bool (*execute)(struct store *s, const char *sql, struct fault *why);
    void *(*prepare)(struct store *s, enum query_name name); /* NULL: s->why is set */
    void (*bind_int)(struct query *q, int place, int64_t value);
    void (*bind_text)(struct query *q, int place, const char *value);
    void (*bind_blob)(struct query *q, int place, const void *bytes, size_t length);
    bool (*next)(struct query *q); /* false at the end, or with q->failed */
    int64_t (*row_int)(struct query *q, int column);
    const char *(*row_text)(struct query *q, int column);
    const void *(*row_blob)(struct query *q, int column, size_t *length);
    void (*reset)(struct query *q);
    /* Like next for a statement without rows, but the answer may be asked for later. */
    void (*run)(struct query *q);
    bool (*settle)(struct store *s); /* every statement run so far has worked */
    bool (*has_book)(struct store *s); /* the table meta exists */
    bool (*patience)(struct store *s, struct fault *why); /* s->patience holds from now on */
    /* Begins a transaction in which nothing is waited for: DB_BUSY instead. */
    bool (*begin_now)(struct store *s, struct fault *why);
    /* The same as execute, of the few statements around every transaction. */
    bool (*turn)(struct store *s, enum turn turn, struct fault *why);
    bool (*version)(struct store *s, int64_t *out); /* NULL: nothing cheap tells it */
};

struct store {
    const struct driver *driver;
    void *connection;
    void *statements[QUERY_COUNT]; /* prepared, or NULL so far */
    bool busy[QUERY_COUNT];
    void *turns[TURN_COUNT]; /* the same, where the driver prepares them */
    void *watch;             /* likewise: what asks for the version */
    bool in_transaction;
    int snapshots; /* store_read_begin that were not ended */
    struct patience patience;
    int64_t until_ms; /* the transaction may work; on the clock of CLOCK_MONOTONIC */
    struct fault why; /* the fault that sticks to the query under way */
};

extern const struct driver driver_sqlite;
extern const struct driver driver_postgres;

#endif

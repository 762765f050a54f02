#include "store/store.h"

#include "base/digest.h"
#include "base/text.h"
#include "base/torture.h"
#include "store/driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { STORE_WAIT_MS = 30000 };

static const struct driver *driver_of(const char *url)
{
    bool postgres = text_starts(url, "postgres://") || text_starts(url, "postgresql://");

    return postgres ? &driver_postgres : &driver_sqlite;
}

static struct store *connect(const char *url, bool create, enum store_mode mode,
                             struct fault *why)
{
    struct store *s = calloc(1, sizeof *s);

    must(s != NULL);
    s->driver = driver_of(url);
    s->patience.wait_ms = STORE_WAIT_MS;
    if (s->driver->open(s, url, create, mode, why))
        return s;
    s->driver->close(s);
    free(s);
    return NULL;
}

void store_close(struct store *s)
{
    if (s == NULL)
        return;
    if (s->in_transaction)
        store_undo(s);
    s->driver->close(s);
    free(s);
}

bool store_is_postgres(const struct store *s)
{
    return s->driver == &driver_postgres;
}

static bool meta_number(struct store *s, const char *key, int64_t *out, struct fault *why)
{
    struct query q = query_begin(s, Q_META_GET);

    *out = 0;
    bind_text(&q, key);
    if (query_next(&q) && !text_to_int(row_text(&q, 0), out)) {
        query_end(&q, NULL);
        return fail(why, DB_ROW, "The setting \"%s\" of the book is not a number.", key);
    }
    return query_end(&q, why);
}

static bool check_version(struct store *s, const char *url, bool older_too, struct fault *why)
{
    int64_t version, buckets;

    if (!s->driver->has_book(s)) {
        fail(why, NOT_FOUND, "There is no book in \"%s\".", url);
        return fault_hint(why, "recoup init --name NAME");
    }
    if (!meta_number(s, "schema_version", &version, why) ||
        !meta_number(s, "buckets", &buckets, why))
        return false;
    if (version > SCHEMA_VERSION) {
        fail(why, DB_VERSION,
             "The book in \"%s\" was made by a newer recoup (schema %lld; this program knows %d).",
             url, (long long)version, SCHEMA_VERSION);
        return fault_hint(why, "install the newer program; this one would damage the book");
    }
    if (version < 1 || buckets != BUCKETS)
        return fail(why, DB_ROW, "\"%s\" is not a book that recoup made.", url);
    if (version < SCHEMA_VERSION && !older_too) {
        fail(why, DB_VERSION,
             "The book in \"%s\" was made by an older recoup (schema %lld; this program needs %d).",
             url, (long long)version, SCHEMA_VERSION);
        return fault_hint(why, "make a new book and import into it; the old one stays as it is");
    }
    return true;
}

struct store *store_open(const char *url, enum store_mode mode, struct fault *why)
{
    bool meta = mode == STORE_READ_META;
    struct store *s = connect(url, false, meta ? STORE_READ : mode, why);

    if (s != NULL && !check_version(s, url, meta, why)) {
        store_close(s);
        return NULL;
    }
    return s;
}

static bool meta_text(struct store *s, const char *key, const char *value, struct fault *why)
{
    struct query q = query_begin(s, Q_META_SET);

    bind_text(&q, key);
    bind_text(&q, value);
    return query_run(&q, why);
}

static bool meta_put(struct store *s, const char *key, int64_t value, struct fault *why)
{
    char text[24];

    snprintf(text, sizeof text, "%lld", (long long)value);
    return meta_text(s, key, text, why);
}

static bool fill_new_book(struct store *s, struct fault *why)
{
    static const unsigned char nothing[32];

    for (size_t i = 0; i < schema_step_count; i++) {
        const char *sql = s->driver == &driver_postgres ? schema_steps[i].postgres
                                                        : schema_steps[i].sqlite;
        if (!s->driver->execute(s, sql, why))
            return false;
    }
    for (int64_t bucket = 0; bucket < BUCKETS; bucket++) {
        struct query q = query_begin(s, Q_BUCKET_HEAD_ADD);
        bind_int(&q, bucket);
        bind_blob(&q, nothing, sizeof nothing);
        if (!query_run(&q, why))
            return false;
    }
    char secret[DIGEST_HEX];
    return meta_put(s, "schema_version", SCHEMA_VERSION, why) &&
           meta_put(s, "buckets", BUCKETS, why) &&
           meta_text(s, "secret", secret_make(secret), why); /* signs links (flow/opt_out.h) */
}

bool store_create(const char *url, struct fault *why)
{
    struct store *s = connect(url, true, STORE_WRITE, why);

    if (s == NULL)
        return false;
    bool done = false;
    if (s->driver->has_book(s)) {
        fail(why, CONFLICT, "There is a book in \"%s\" already.", url);
        fault_hint(why, "use it, or name another with --db");
    } else if (store_begin(s, why)) {
        done = fill_new_book(s, why) ? store_commit(s, why) : store_undo(s);
    }
    store_close(s);
    return done;
}

bool store_patience(struct store *s, struct patience patience, struct fault *why)
{
    must(!s->in_transaction);
    s->patience = patience;
    return s->driver->patience(s, why);
}

static void clock_start(struct store *s)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    s->until_ms = (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000 + s->patience.wait_ms +
                  s->patience.work_ms;
}

bool store_begin(struct store *s, struct fault *why)
{
    must(!s->in_transaction);
    clock_start(s);
    if (!s->driver->turn(s, TURN_WRITE, why))
        return false;
    s->in_transaction = true;
    return true;
}

bool store_begin_now(struct store *s, struct fault *why)
{
    must(!s->in_transaction);
    clock_start(s);
    s->in_transaction = s->driver->begin_now(s, why);
    return s->in_transaction;
}

bool store_commit(struct store *s, struct fault *why)
{
    must(s->in_transaction);
    torture_point("before commit");
    if (!s->driver->settle(s)) {
        *why = s->why;
        return store_undo(s);
    }
    if (!s->driver->turn(s, TURN_COMMIT, why))
        return store_undo(s);
    s->in_transaction = false;
    torture_point("after commit");
    return true;
}

bool store_undo(struct store *s)
{
    must(s->in_transaction);
    s->driver->settle(s);
    s->driver->turn(s, TURN_UNDO, NULL);
    s->in_transaction = false;
    return false;
}

bool store_read_begin(struct store *s, struct fault *why)
{
    must(!s->in_transaction || s->snapshots > 0);
    if (s->snapshots == 0) {
        clock_start(s);
        s->in_transaction = s->driver->turn(s, TURN_READ, why);
    }
    s->snapshots += s->in_transaction;
    return s->in_transaction;
}

void store_read_end(struct store *s)
{
    must(s->snapshots > 0);
    if (--s->snapshots == 0)
        store_undo(s);
}

bool store_version(struct store *s, int64_t *out)
{
    must(!s->in_transaction);
    return s->driver->version != NULL && s->driver->version(s, out);
}

struct query query_begin(struct store *s, enum query_name name)
{
    struct query q = { .store = s, .name = name };

    if (s->busy[name])
        bug(query_texts[name].name, "a statement was begun twice");
    s->busy[name] = true;
    q.statement = s->statements[name];
    if (q.statement == NULL)
        q.statement = s->statements[name] = s->driver->prepare(s, name);
    q.failed = q.statement == NULL;
    return q;
}

void bind_int(struct query *q, int64_t value)
{
    if (!q->failed)
        q->store->driver->bind_int(q, q->bound++, value);
}

void bind_text(struct query *q, const char *value)
{
    if (!q->failed)
        q->store->driver->bind_text(q, q->bound++, value);
}

void bind_blob(struct query *q, const void *bytes, size_t length)
{
    if (!q->failed)
        q->store->driver->bind_blob(q, q->bound++, bytes, length);
}

static void all_bound(const struct query *q)
{
    if (q->bound != query_texts[q->name].parameter_count)
        bug(query_texts[q->name].name, "a statement was given the wrong number of parameters");
}

bool query_next(struct query *q)
{
    if (q->failed)
        return false;
    all_bound(q);
    q->stepped = true;
    return q->store->driver->next(q);
}

int64_t row_int(struct query *q, int column)
{
    return q->store->driver->row_int(q, column);
}

const char *row_text(struct query *q, int column)
{
    return q->store->driver->row_text(q, column);
}

const void *row_blob(struct query *q, int column, size_t *length)
{
    return q->store->driver->row_blob(q, column, length);
}

const char *row_copy(struct query *q, int column, struct arena *a)
{
    return arena_copy(a, row_text(q, column));
}

bool query_end(struct query *q, struct fault *why)
{
    if (q->statement != NULL)
        q->store->driver->reset(q);
    q->store->busy[q->name] = false;
    if (q->failed && why != NULL)
        *why = q->store->why;
    return !q->failed;
}

bool query_run(struct query *q, struct fault *why)
{
    if (!q->failed) {
        all_bound(q);
        torture_point("before a write");
        q->store->driver->run(q);
    }
    return query_end(q, why);
}

bool store_prepare_all(struct store *s, struct fault *why)
{
    for (int name = 0; name < QUERY_COUNT; name++) {
        struct query q = query_begin(s, (enum query_name)name);
        if (!query_end(&q, why))
            return false;
    }
    return true;
}
